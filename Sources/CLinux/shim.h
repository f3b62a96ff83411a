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
#include <sys/xattr.h>

long syscall(long number, ...);

/// Calls renameat2(2) with RENAME_NOREPLACE, which fails with EEXIST if the target exists.
static inline int linux_rename_exclusively(int from, const char *source, int to, const char *target) {
    return (int)syscall(SYS_renameat2, from, source, to, target, 1u);
}

/// Gets the magic number of the filesystem with fstatfs(2).
static inline int linux_filesystem_type(int descriptor, long *type) {
    struct statfs status;
    int result = fstatfs(descriptor, &status);
    if (result == 0) *type = (long)status.f_type;
    return result;
}

/// Gets the number of the mount through which a folder was opened, with statx(2); 0 if the kernel does not
/// provide it (before 5.8).
static inline int linux_mount_number(int descriptor, unsigned long long *number) {
    struct statx status;
    const unsigned int mount_number = 0x1000;
    int result = statx(descriptor, "", AT_EMPTY_PATH, mount_number, &status);
    if (result == 0) *number = status.stx_mask & mount_number ? status.stx_mnt_id : 0;
    return result;
}

/// Calls fsetxattr(2).
static inline int linux_set_attribute(int descriptor, const char *name, const void *value, size_t count) {
    return fsetxattr(descriptor, name, value, count, 0);
}

/// Calls fgetxattr(2).
static inline long linux_attribute(int descriptor, const char *name, void *value, size_t count) {
    return fgetxattr(descriptor, name, value, count);
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

/// Makes all threads allocate from one heap, with mallopt(3). Allocations of 128 kB or more lie outside of it and return
/// to the system when they are freed. In the heap, names that stay would settle in the gaps that a picture's buffers
/// leave, and the heap would grow with every picture. Returns 0 if that is refused.
static inline int linux_share_one_heap(void) {
    return mallopt(M_ARENA_MAX, 1) && mallopt(M_MMAP_THRESHOLD, 128 << 10) && mallopt(M_TRIM_THRESHOLD, 4 << 20);
}
