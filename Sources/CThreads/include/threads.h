#ifndef PROMPTIR_THREADS_H
#define PROMPTIR_THREADS_H

#include <stddef.h>
#include <stdint.h>

/// Calls a Swift closure `(Int, Int) -> Void` that `promptir_take_apart` has taken apart and that is still
/// valid.
void promptir_call(const void *function, const void *context, intptr_t first, intptr_t second);

#define PROMPTIR_THREAD_MEMORIES 4

/// Memory of the calling thread, aligned to 64 bytes, until its next call for the same place with a larger size. Its
/// contents are anybody's. NULL if there is none.
void *promptir_thread_memory(int place, size_t size);

/// Tells the processor that this thread waits for another thread's write.
static inline void promptir_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
