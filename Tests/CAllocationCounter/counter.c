#include "allocation_counter.h"

#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

// glibc's own names for what is replaced here (malloc/malloc.c).
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_uint_fast64_t count;
static atomic_int traces;

static void note(void) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    if (!atomic_load_explicit(&traces, memory_order_relaxed)) return;
    // backtrace() may allocate the first time: allocation_trace has called it before.
    void *frames[16];
    backtrace_symbols_fd(frames, backtrace(frames, 16), STDERR_FILENO);
    (void)!write(STDERR_FILENO, "\n", 1);
}

uint64_t allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

void allocation_trace(int is_on) {
    void *frame[1];
    backtrace(frame, 1);
    atomic_store(&traces, is_on);
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    note();
    void *made = __libc_memalign(alignment, size);
    if (!made) return ENOMEM;
    *out = made;
    return 0;
}
