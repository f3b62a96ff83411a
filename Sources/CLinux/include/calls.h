#ifndef PROMPTIR_CALLS_H
#define PROMPTIR_CALLS_H

// Linux and glibc calls that Swift's Glibc module does not export.
//
// No system header stands here: these calls need _GNU_SOURCE, with which some of glibc's types have other members
// (fd_set), and a Swift file that imports this module beside Dispatch would see two types of one name and not compile.
#include <stddef.h>

/// Calls renameat2(2) with RENAME_NOREPLACE, which fails with EEXIST if the target exists.
int linux_rename_exclusively(int from, const char *source, int to, const char *target);

/// Gets the magic number of the filesystem with fstatfs(2).
int linux_filesystem_type(int descriptor, long *type);

/// Gets the number of the mount through which a folder was opened, with statx(2); 0 if the kernel does not
/// provide it (before 5.8).
int linux_mount_number(int descriptor, unsigned long long *number);

/// Calls fsetxattr(2).
int linux_set_attribute(int descriptor, const char *name, const void *value, size_t count);

/// Calls fgetxattr(2).
long linux_attribute(int descriptor, const char *name, void *value, size_t count);

/// adjtimex(2), only asked: 1 where the clock is synchronised, 0 where it is not, -1 where the kernel does not say.
int linux_clock_is_synchronized(void);

/// Makes all threads allocate from one heap, with mallopt(3). Allocations of 128 kB or more lie outside of it and return
/// to the system when they are freed. In the heap, names that stay would settle in the gaps that a picture's buffers
/// leave, and the heap would grow with every picture. Returns 0 if that is refused.
int linux_share_one_heap(void);

#endif
