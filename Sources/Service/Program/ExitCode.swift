/// The program's exit statuses, taken from sysexits(3) where it has one.
package enum ExitCode: Int32, Sendable {
    /// Everything is done, or there was nothing to do. The latter is no error, because cron jobs run under
    /// `set -e`.
    case done = 0
    /// EX_USAGE: the command line is wrong.
    case usage = 64
    /// EX_DATAERR: `--once` has finished, but some pictures were quarantined.
    case someFailed = 65
    /// EX_SOFTWARE: the service ended because of an internal fault.
    case fault = 70
    /// EX_TEMPFAIL: another process holds the spool, files still arrive, the disk is at fault, or memory
    /// is short; try again.
    case tryAgain = 75
    /// EX_CONFIG: the configuration, the model or a configured folder is wrong.
    case configuration = 78
}
