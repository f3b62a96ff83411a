// A Swift closure is two words, the code and what it captured, and C code can be given both in Swift's calling
// convention (https://clang.llvm.org/docs/AttributeReference.html#swiftcall). Swift itself cannot hand a closure that
// does not escape to another thread without a heap allocation for every call.

#include "threads.h"

#if !__has_attribute(swiftcall)
#error "a compiler that knows Swift's calling convention is needed: clang, as it comes with Swift"
#endif

typedef __attribute__((swiftcall)) void closure(intptr_t, intptr_t, __attribute__((swift_context)) const void *);

/// Gives the closure's words to `body`. Declared in WorkerTeam.swift: a header cannot say "closure".
__attribute__((swiftcall)) void promptir_take_apart(const void *function, const void *context, void *argument,
                                                    void (*body)(const void *, const void *, void *));

void promptir_take_apart(const void *function, const void *context, void *argument,
                         void (*body)(const void *, const void *, void *)) {
    body(function, context, argument);
}

void promptir_call(const void *function, const void *context, intptr_t first, intptr_t second) {
    ((closure *)function)(first, second, context);
}
