import Files
import Restoration
import Terminals

/// Prints a message on standard error.
func complain(_ message: String) {
    StandardError.write("promptir: \(oneLine(message))\n")
}

/// Returns the text as one line without control characters. Names of tensors and metadata come from untrusted files
/// and must neither forge a line nor control the terminal.
func oneLine(_ text: String) -> String {
    ByteText.oneLine(text)
}
