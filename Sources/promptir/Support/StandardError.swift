import Terminals

/// Prints a line for people on standard error.
func complain(_ message: String) {
    StandardError.write("promptir: \(message)\n")
}
