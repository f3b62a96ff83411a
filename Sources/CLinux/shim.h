#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// Linux calls that Swift's Glibc module does not export.
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

long syscall(long number, ...);

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST where the target exists.
static inline int linux_rename_exclusively(int from, const char *source, int to, const char *target) {
    return (int)syscall(SYS_renameat2, from, source, to, target, 1u);
}

/// fstatfs(2): the magic number of the filesystem.
static inline int linux_filesystem_type(int descriptor, long *type) {
    struct statfs status;
    int result = fstatfs(descriptor, &status);
    if (result == 0) *type = (long)status.f_type;
    return result;
}

/// statx(2): the number of the mount through which a folder was opened; 0 where the kernel does not tell (before 5.8).
static inline int linux_mount_number(int descriptor, unsigned long long *number) {
    struct statx status;
    const unsigned int mount_number = 0x1000;
    int result = statx(descriptor, "", AT_EMPTY_PATH, mount_number, &status);
    if (result == 0) *number = status.stx_mask & mount_number ? status.stx_mnt_id : 0;
    return result;
}

/// adjtimex(2), only asked: 1 where the clock is synchronised, 0 where it is not, -1 where the kernel does not say.
static inline int linux_clock_is_synchronized(void) {
    // struct timex: <sys/timex.h> brings an fd_set with it that is not that of Swift's Dispatch module.
    struct {
        unsigned int modes;
        long offset, frequency, largest_error, estimated_error;
        int status;
        long rest[32];
    } state = {0};
    const int unsynchronised = 0x40;
    if (syscall(SYS_adjtimex, &state) == -1) return -1;
    return (state.status & unsynchronised) == 0;
}

/// mallopt(3): all threads allocate from one heap. Returns 0 where that is refused.
static inline int linux_share_one_heap(void) { return mallopt(M_ARENA_MAX, 1); }
