/// The program's exit statuses, by sysexits(3) where it has one.
package enum ExitCode: Int32, Sendable {
    /// Everything is done, or there was nothing to do: cron jobs run under `set -e`.
    case done = 0
    /// EX_USAGE: the command line is wrong.
    case usage = 64
    /// EX_DATAERR: `--once` is through, but some pictures were given up.
    case someFailed = 65
    /// EX_SOFTWARE: the service ended by a fault of its own.
    case fault = 70
    /// EX_TEMPFAIL: another process holds the spool, files still arrive, or the disk is at fault; try again.
    case tryAgain = 75
    /// EX_CONFIG: the configuration, the model or a folder it names is wrong.
    case configuration = 78
}
