#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc, aligned_alloc, posix_memalign and memalign by any thread of this process so far.
/// The program that links this replaces the C library's functions by ones that count and then call them.
uint64_t allocation_count(void);

/// From now on (1) the place of each allocation is printed on standard error, as far as the symbols tell; 0 ends it.
void allocation_trace(int is_on);

#endif
