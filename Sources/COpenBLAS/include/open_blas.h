#ifndef OPEN_BLAS_H
#define OPEN_BLAS_H

// The one call of OpenBLAS that the benchmark of products needs. The library (libopenblas.so.0) is loaded at run time:
// it is larger than both programs, and restoring never uses it.

/// Loads the library, which will use one thread. Returns null, or the reason why it cannot be loaded, which stays valid.
/// One thread at a time may call it.
const char *open_blas_load(void);

/// out = a · b, with a of rows × depth, b of depth × columns and out of rows × columns, row by row and without gaps.
/// open_blas_load() must have succeeded. The arrays may not overlap.
void open_blas_product(int rows, int columns, int depth, const float *a, const float *b, float *out);

#endif
