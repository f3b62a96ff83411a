// Measures the memory bandwidth of N cores at once: `bandwidth THREADS SECONDS` prints GB/s of a copy whose source
// and target lie in no cache, counting what is read and what is written once each, as `promptir bench` counts.
//
// The clock is each thread's own processor time, as in peak.c; the rates of all threads are added.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { byte_count = 128 << 20, maximum_thread_count = 256 };

typedef struct {
    pthread_t thread;
    pthread_barrier_t *start;
    double seconds, rate;
} worker;

static double now_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *work(void *argument) {
    worker *w = argument;
    char *source = malloc(byte_count), *target = malloc(byte_count);
    if (!source || !target) {
        perror("bandwidth: malloc");
        exit(1);
    }
    memset(source, 1, byte_count);
    memset(target, 2, byte_count);
    pthread_barrier_wait(w->start);
    double bytes = 0, start = now_seconds(), elapsed;
    do {
        memcpy(target, source, byte_count);
        __asm__ volatile("" : : "r"(target) : "memory");
        bytes += 2.0 * byte_count;
        elapsed = now_seconds() - start;
    } while (elapsed < w->seconds);
    w->rate = bytes / elapsed * 1e-9;
    free(source);
    free(target);
    return NULL;
}

int main(int argc, char **argv) {
    static worker workers[maximum_thread_count];
    int thread_count = argc == 3 ? atoi(argv[1]) : 0;
    double seconds = argc == 3 ? atof(argv[2]) : 0, total = 0;
    if (thread_count < 1 || thread_count > maximum_thread_count || seconds <= 0) {
        fprintf(stderr, "usage: bandwidth THREADS SECONDS\n");
        return 64;
    }
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)thread_count);
    for (int i = 0; i < thread_count; i++) {
        workers[i].start = &start;
        workers[i].seconds = seconds;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            perror("bandwidth: pthread_create");
            return 1;
        }
    }
    for (int i = 0; i < thread_count; i++) {
        pthread_join(workers[i].thread, NULL);
        total += workers[i].rate;
    }
    printf("%.1f\n", total);
    return 0;
}
