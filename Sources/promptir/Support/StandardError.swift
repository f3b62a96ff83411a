import Files
import Restoration
import Terminals

/// Prints a line for people on standard error.
func complain(_ message: String) {
    StandardError.write("promptir: \(oneLine(message))\n")
}

/// The text as one line without control characters: names of tensors and metadata come from anybody's files, and must
/// neither forge a line nor give the terminal orders.
func oneLine(_ text: String) -> String {
    ByteText.oneLine(text)
}
