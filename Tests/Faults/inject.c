// Runs a command and disturbs one of its system calls: the N-th that concerns files below a folder, counted over
// all threads in the order in which the kernel sees them. strace's inject=…:when=N counts in each thread for
// itself, so that a kill at N always strikes the thread that gets there first, and never the others' first calls.
//
//   inject REPORT FOLDER N FAULT COMMAND [ARGUMENT...]
//
// N from 1; 0 disturbs nothing. FAULT is kill, or the error to return instead of making the call: EIO, ENOSPC, EXDEV
// (renames and links alone are counted then), EINTR, EACCES. An empty FOLDER counts the calls on all files, the
// loader's too. REPORT gets a line: the calls counted, and of the disturbed one its name, where it was, and the path.
// SIGTERM and SIGHUP are passed on. Exits as the command does, with 128 + the signal where one ended it.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

// Where a call names its file: a descriptor, a path, or a folder's descriptor and a path below it.
enum { at_none = -1 };
typedef struct {
    const char *name;
    long number;
    int descriptor;  // argument that is a descriptor, or at_none
    int path;        // argument that is a path, or at_none
    bool links;      // EXDEV is possible
} call;

static const call calls[] = {
    {"openat", SYS_openat, 0, 1, false},
    {"newfstatat", SYS_newfstatat, 0, 1, false},
    {"statx", SYS_statx, 0, 1, false},
    {"faccessat", SYS_faccessat, 0, 1, false},
    {"faccessat2", SYS_faccessat2, 0, 1, false},
    {"readlinkat", SYS_readlinkat, 0, 1, false},
    {"mkdirat", SYS_mkdirat, 0, 1, false},
    {"unlinkat", SYS_unlinkat, 0, 1, false},
    {"renameat", SYS_renameat, 0, 1, true},
    {"renameat2", SYS_renameat2, 0, 1, true},
    {"linkat", SYS_linkat, 0, 1, true},
    {"fchmodat", SYS_fchmodat, 0, 1, false},
    {"utimensat", SYS_utimensat, 0, 1, false},
    {"statfs", SYS_statfs, at_none, 0, false},
    {"inotify_add_watch", SYS_inotify_add_watch, at_none, 1, false},
    {"truncate", SYS_truncate, at_none, 0, false},
#ifdef __x86_64__
    {"open", SYS_open, at_none, 0, false},
    {"stat", SYS_stat, at_none, 0, false},
    {"lstat", SYS_lstat, at_none, 0, false},
    {"access", SYS_access, at_none, 0, false},
    {"mkdir", SYS_mkdir, at_none, 0, false},
    {"rmdir", SYS_rmdir, at_none, 0, false},
    {"unlink", SYS_unlink, at_none, 0, false},
    {"rename", SYS_rename, at_none, 0, true},
    {"link", SYS_link, at_none, 0, true},
    {"chmod", SYS_chmod, at_none, 0, false},
    {"readlink", SYS_readlink, at_none, 0, false},
    {"getdents", SYS_getdents, 0, at_none, false},
#endif
    {"read", SYS_read, 0, at_none, false},
    {"pread64", SYS_pread64, 0, at_none, false},
    {"readv", SYS_readv, 0, at_none, false},
    {"write", SYS_write, 0, at_none, false},
    {"pwrite64", SYS_pwrite64, 0, at_none, false},
    {"writev", SYS_writev, 0, at_none, false},
    {"fsync", SYS_fsync, 0, at_none, false},
    {"fdatasync", SYS_fdatasync, 0, at_none, false},
    {"ftruncate", SYS_ftruncate, 0, at_none, false},
    {"fallocate", SYS_fallocate, 0, at_none, false},
    {"fchmod", SYS_fchmod, 0, at_none, false},
    {"fstat", SYS_fstat, 0, at_none, false},
    {"fstatfs", SYS_fstatfs, 0, at_none, false},
    {"getdents64", SYS_getdents64, 0, at_none, false},
    {"lseek", SYS_lseek, 0, at_none, false},
    {"flock", SYS_flock, 0, at_none, false},
    {"fcntl", SYS_fcntl, 0, at_none, false},
    {"mmap", SYS_mmap, 4, at_none, false},
    {"close", SYS_close, 0, at_none, false},
    {"copy_file_range", SYS_copy_file_range, 0, at_none, false},
    {"sendfile", SYS_sendfile, 0, at_none, false},
};

static const struct {
    const char *name;
    int number;
} faults[] = {{"kill", 0},        {"EIO", EIO},     {"ENOSPC", ENOSPC},
              {"EXDEV", EXDEV},   {"EINTR", EINTR}, {"EACCES", EACCES}};

static _Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("inject: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (%s)\n", strerror(errno));
    exit(125);
}

static const call *find_call(uint64_t number) {
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        if ((uint64_t)calls[index].number == number) return &calls[index];
    }
    return NULL;
}

// A path in the command's memory.
static void read_text(pid_t pid, uint64_t address, char text[PATH_MAX]) {
    struct iovec local = {text, PATH_MAX - 1};
    ssize_t count = -1;
    // A string near the end of its mapping: shorter pieces.
    for (; local.iov_len > 0 && count <= 0; local.iov_len /= 2) {
        struct iovec remote = {(void *)(uintptr_t)address, local.iov_len};
        count = process_vm_readv(pid, &local, 1, &remote, 1, 0);
    }
    text[count > 0 ? count : 0] = 0;
}

static void read_descriptor(pid_t pid, int descriptor, char text[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, descriptor == -100 ? "/proc/%d/cwd" : "/proc/%d/fd/%d", pid, descriptor);
    ssize_t count = readlink(link, text, PATH_MAX - 1);
    text[count > 0 ? count : 0] = 0;
}

// The path that a call is about, as far as it can be told.
static void find_path(pid_t pid, const call *call, const uint64_t arguments[6], char path[2 * PATH_MAX]) {
    char name[PATH_MAX] = "";
    path[0] = 0;
    if (call->path != at_none) read_text(pid, arguments[call->path], name);
    if (name[0] != '/' && call->descriptor != at_none) {
        read_descriptor(pid, (int)arguments[call->descriptor], path);
        if (name[0]) strcat(path, "/");
    }
    strcat(path, name);
    // Through a descriptor of its own, as inotify_add_watch is called.
    int descriptor;
    if (sscanf(path, "/proc/self/fd/%d", &descriptor) == 1) read_descriptor(pid, descriptor, path);
}

static volatile pid_t child;

static void pass_on(int signal) {
    if (child > 0) kill(child, signal);
}

int main(int argc, char **argv) {
    if (argc < 6) {
        fputs("usage: inject REPORT FOLDER N FAULT COMMAND [ARGUMENT...]\n", stderr);
        return 125;
    }
    const char *folder = argv[2];
    size_t folder_length = strlen(folder);
    long target = atol(argv[3]), count = 0;
    int fault = -1;
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) {
        if (!strcmp(argv[4], faults[index].name)) fault = faults[index].number;
    }
    if (fault < 0) fail("unknown fault %s", argv[4]);
    char disturbed[2 * PATH_MAX + 64] = "none";

    child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        raise(SIGSTOP);
        execvp(argv[5], argv + 5);
        fail("%s", argv[5]);
    }
    int status;
    if (waitpid(child, &status, WUNTRACED) < 0) fail("waitpid");
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
        | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, child, 0, options) < 0) fail("ptrace");
    kill(child, SIGCONT);
    signal(SIGTERM, pass_on);
    signal(SIGHUP, pass_on);

    // A thread whose call was suppressed gets its error when it comes out of it.
    pid_t suppressed = 0;
    int result = 125;
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) break;
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (pid == child) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int stop = WSTOPSIG(status);
        if (stop == (SIGTRAP | 0x80)) {
            struct __ptrace_syscall_info info;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0) {
                const call *call = info.op == PTRACE_SYSCALL_INFO_ENTRY ? find_call(info.entry.nr) : NULL;
                if (call && (fault != EXDEV || call->links)) {
                    char path[2 * PATH_MAX];
                    find_path(pid, call, info.entry.args, path);
                    bool counts = folder_length ? !strncmp(path, folder, folder_length) : path[0] == '/';
                    if (counts && ++count == target) {
                        snprintf(disturbed, sizeof disturbed, "%s %s", call->name, path);
                        if (fault == 0) {
                            kill(child, SIGKILL);
                        } else {
                            // Call −1 does nothing.
                            struct user_regs_struct registers;
                            ptrace(PTRACE_GETREGS, pid, 0, &registers);
                            registers.orig_rax = (unsigned long long)-1;
                            ptrace(PTRACE_SETREGS, pid, 0, &registers);
                            suppressed = pid;
                        }
                    }
                } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && pid == suppressed) {
                    struct user_regs_struct registers;
                    ptrace(PTRACE_GETREGS, pid, 0, &registers);
                    registers.rax = (unsigned long long)-fault;
                    ptrace(PTRACE_SETREGS, pid, 0, &registers);
                    suppressed = 0;
                }
            }
            stop = 0;
        } else if (status >> 16 != 0) {
            // A stop of ptrace's own: a new thread, exec, or a group's stop.
            stop = 0;
        }
        ptrace(PTRACE_SYSCALL, pid, 0, stop);
    }
    FILE *report = fopen(argv[1], "w");
    if (!report) fail("%s", argv[1]);
    fprintf(report, "%ld %s\n", count, disturbed);
    fclose(report);
    return result;
}
