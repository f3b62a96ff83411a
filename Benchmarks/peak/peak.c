// Measures the fused multiply-add peak of N cores at once: `peak THREADS SECONDS` prints GFLOP/s.
//
// Each thread keeps twelve independent accumulators in registers, enough to hide the latency of two units
// (4 or 5 cycles each), and touches no memory. Vectors of 32 and, where the processor has them, of 64 bytes are
// tried; the better one counts. The clock is each thread's own processor time, so that neighbours on a shared
// machine lower the result only by what they take from caches and clock frequency.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { accumulator_count = 12, inner_count = 4096, maximum_thread_count = 256 };

static double now_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define DEFINE_LOOP(name, byte_count)                                                              \
    typedef float name##_vector __attribute__((vector_size(byte_count)));                         \
    static double name(double seconds, float *sink) {                                             \
        name##_vector a[accumulator_count], x, y;                                                 \
        for (unsigned lane = 0; lane < byte_count / 4; lane++) x[lane] = 0.5f, y[lane] = 0.25f;    \
        for (int i = 0; i < accumulator_count; i++) a[i] = x + (float)i;                          \
        /* The compiler must not know the factors, or it folds the loop. */                       \
        __asm__ volatile("" : "+x"(x), "+x"(y));                                                  \
        double flop = 0, start = now_seconds(), elapsed;                                          \
        do {                                                                                      \
            for (int n = 0; n < inner_count; n++)                                                 \
                for (int i = 0; i < accumulator_count; i++) a[i] = a[i] * x + y;                  \
            flop += 2.0 * inner_count * accumulator_count * (byte_count / 4);                     \
            elapsed = now_seconds() - start;                                                      \
        } while (elapsed < seconds);                                                              \
        for (int i = 0; i < accumulator_count; i++) *sink += a[i][0];                             \
        return flop / elapsed * 1e-9;                                                             \
    }

DEFINE_LOOP(loop32, 32)
#ifdef __AVX512F__
DEFINE_LOOP(loop64, 64)
#endif

typedef double (*loop)(double, float *);
typedef struct {
    pthread_t thread;
    loop body;
    double seconds, rate;
    float sink;
} worker;

static void *work(void *argument) {
    worker *w = argument;
    w->rate = w->body(w->seconds, &w->sink);
    return NULL;
}

static double measure(loop body, int thread_count, double seconds) {
    static worker workers[maximum_thread_count];
    double total = 0;
    for (int i = 0; i < thread_count; i++) {
        workers[i].body = body;
        workers[i].seconds = seconds;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            perror("peak: pthread_create");
            exit(1);
        }
    }
    for (int i = 0; i < thread_count; i++) {
        pthread_join(workers[i].thread, NULL);
        total += workers[i].rate;
    }
    return total;
}

int main(int argc, char **argv) {
    int thread_count = argc == 3 ? atoi(argv[1]) : 0;
    double seconds = argc == 3 ? atof(argv[2]) : 0;
    if (thread_count < 1 || thread_count > maximum_thread_count || seconds <= 0) {
        fprintf(stderr, "usage: peak THREADS SECONDS\n");
        return 64;
    }
    double best = measure(loop32, thread_count, seconds);
#ifdef __AVX512F__
    double wide = measure(loop64, thread_count, seconds);
    if (wide > best) best = wide;
#endif
    printf("%.1f\n", best);
    return 0;
}
