#define _GNU_SOURCE
#include "calls.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

int linux_rename_exclusively(int from, const char *source, int to, const char *target) {
    return renameat2(from, source, to, target, RENAME_NOREPLACE);
}

int linux_filesystem_type(int descriptor, long *type) {
    struct statfs status;
    int result = fstatfs(descriptor, &status);
    if (result == 0) *type = (long)status.f_type;
    return result;
}

int linux_mount_number(int descriptor, unsigned long long *number) {
    struct statx status;
    int result = statx(descriptor, "", AT_EMPTY_PATH, STATX_MNT_ID, &status);
    if (result == 0) *number = status.stx_mask & STATX_MNT_ID ? status.stx_mnt_id : 0;
    return result;
}

int linux_set_attribute(int descriptor, const char *name, const void *value, size_t count) {
    return fsetxattr(descriptor, name, value, count, 0);
}

long linux_attribute(int descriptor, const char *name, void *value, size_t count) {
    return fgetxattr(descriptor, name, value, count);
}

int linux_clock_is_synchronized(void) {
    struct timex state = {0};
    if (adjtimex(&state) == -1) return -1;
    return (state.status & STA_UNSYNC) == 0;
}

int linux_share_one_heap(void) {
    return mallopt(M_ARENA_MAX, 1) && mallopt(M_MMAP_THRESHOLD, 128 << 10) && mallopt(M_TRIM_THRESHOLD, 4 << 20);
}
