#ifndef PROMPTIR_THREADS_H
#define PROMPTIR_THREADS_H

#include <stdint.h>

/// Calls a Swift closure `(Int, Int) -> Void` that `promptir_take_apart` has taken apart and that is still
/// valid.
void promptir_call(const void *function, const void *context, intptr_t first, intptr_t second);

/// Tells the processor that this thread waits for another thread's write.
static inline void promptir_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
