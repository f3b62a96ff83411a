#pragma once
// Two Linux calls that Swift's Glibc module does not export.
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
