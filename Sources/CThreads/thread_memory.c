#define _GNU_SOURCE
#include "threads.h"

#include <pthread.h>
#include <sys/mman.h>

typedef struct {
    void *base;
    size_t size;
} memory;

// More than most calls ask for. Pages that nobody touches cost nothing.
enum { SMALLEST_SIZE = 1 << 19 };

static _Thread_local memory own[PROMPTIR_THREAD_MEMORIES];
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// Only a key has a function that is called when a thread ends.
static void give_back(void *memories) {
    for (int place = 0; place < PROMPTIR_THREAD_MEMORIES; place++) {
        memory *one = (memory *)memories + place;
        if (one->base != NULL) (void)munmap(one->base, one->size);
        *one = (memory){NULL, 0};
    }
}

static void make_key(void) { (void)pthread_key_create(&key, give_back); }

void *promptir_thread_memory(int place, size_t size) {
    memory *one = &own[place];
    // Even nothing has an address, so that NULL means a lack of memory.
    if (one->base != NULL && size <= one->size) return one->base;
    const size_t whole = size < SMALLEST_SIZE ? SMALLEST_SIZE : size;
    // Not from the heap, because threads meet their first task, or a larger one, whenever it comes.
    void *base = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return NULL;
    if (one->base != NULL) (void)munmap(one->base, one->size);
    *one = (memory){base, whole};
    pthread_once(&once, make_key);
    (void)pthread_setspecific(key, own);
    return base;
}
