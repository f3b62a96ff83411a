#include "open_blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>

static __typeof__(cblas_sgemm) *sgemm;

const char *open_blas_load(void) {
    static char problem[512];
    if (sgemm) return NULL;
    void *library = dlopen("libopenblas.so.0", RTLD_NOW);
    __typeof__(openblas_set_num_threads) *set_thread_count = NULL;
    if (library) {
        set_thread_count = (__typeof__(set_thread_count))dlsym(library, "openblas_set_num_threads");
        sgemm = set_thread_count ? (__typeof__(sgemm))dlsym(library, "cblas_sgemm") : NULL;
    }
    if (!sgemm) {
        const char *reason = dlerror();
        snprintf(problem, sizeof problem, "%s", reason ? reason : "unknown");
        return problem;
    }
    set_thread_count(1);
    return NULL;
}

void open_blas_product(int rows, int columns, int depth, const float *a, const float *b, float *out) {
    sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, depth, 1, a, depth, b, columns, 0, out, columns);
}
