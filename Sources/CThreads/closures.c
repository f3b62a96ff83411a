// A Swift closure consists of two words, the code and its captured context. C code can receive both with
// Swift's calling convention (https://clang.llvm.org/docs/AttributeReference.html#swiftcall). Swift itself
// cannot pass a non-escaping closure to another thread without a heap allocation for every call.

#include "threads.h"

#if !__has_attribute(swiftcall)
#error "a compiler that knows Swift's calling convention is needed: clang, as it comes with Swift"
#endif

typedef __attribute__((swiftcall)) void closure(intptr_t, intptr_t, __attribute__((swift_context)) const void *);

/// Passes the closure's words to `body`. It is declared in WorkerTeam.swift, because a header cannot declare
/// a closure.
__attribute__((swiftcall)) void promptir_take_apart(const void *function, const void *context, void *argument,
                                                    void (*body)(const void *, const void *, void *));

void promptir_take_apart(const void *function, const void *context, void *argument,
                         void (*body)(const void *, const void *, void *)) {
    body(function, context, argument);
}

void promptir_call(const void *function, const void *context, intptr_t first, intptr_t second) {
    ((closure *)function)(first, second, context);
}
