#ifndef CLANES_H
#define CLANES_H

// Vector operations on floats that Swift compiles to loops over the lanes.

typedef float lanes_vector __attribute__((ext_vector_type(16)));
typedef int lanes_integers __attribute__((ext_vector_type(16)));

// The baseline of x86-64 has no registers for these vectors; nothing calls these functions there.
#if defined(__AVX2__) || !defined(__x86_64__)

#define LANES_INLINE static inline __attribute__((always_inline))

LANES_INLINE lanes_vector lanes_square_roots(lanes_vector values) { return __builtin_elementwise_sqrt(values); }

// One of two vectors with lanes of both: of 32 lanes, those of `b` follow those of `a`.
#define LANES_LOW_HALVES 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define LANES_HIGH_HALVES 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LANES_EVEN_QUARTERS 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define LANES_ODD_QUARTERS 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31
// Within each quarter: pairs of `a` and `b`, then lanes of both.
#define LANES_LOW_PAIRS 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define LANES_HIGH_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LANES_EVEN 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30
#define LANES_ODD 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31

// Combines the lanes of each of 16 rows: its halves, then the halves of that, and so on. Lane i of the result is of row i,
// because the rows are taken in this order: 0, 4, 8, 12, 1, 5, ... Row by row it takes more instructions.
#define LANES_ROW(i) ((i) % 4 * 4 + (i) / 4)
#define LANES_REDUCE(rows, combine)                                                                   \
    lanes_vector eights[8], fours[4], twos[2];                                                        \
    for (int i = 0; i < 8; i++) {                                                                     \
        const lanes_vector a = (rows)[LANES_ROW(2 * i)], b = (rows)[LANES_ROW(2 * i + 1)];            \
        eights[i] = combine(__builtin_shufflevector(a, b, LANES_LOW_HALVES),                          \
                            __builtin_shufflevector(a, b, LANES_HIGH_HALVES));                        \
    }                                                                                                 \
    for (int i = 0; i < 4; i++) {                                                                     \
        const lanes_vector a = eights[2 * i], b = eights[2 * i + 1];                                  \
        fours[i] = combine(__builtin_shufflevector(a, b, LANES_EVEN_QUARTERS),                        \
                           __builtin_shufflevector(a, b, LANES_ODD_QUARTERS));                        \
    }                                                                                                 \
    for (int i = 0; i < 2; i++) {                                                                     \
        const lanes_vector a = fours[2 * i], b = fours[2 * i + 1];                                    \
        twos[i] = combine(__builtin_shufflevector(a, b, LANES_LOW_PAIRS),                             \
                          __builtin_shufflevector(a, b, LANES_HIGH_PAIRS));                           \
    }                                                                                                 \
    return combine(__builtin_shufflevector(twos[0], twos[1], LANES_EVEN),                             \
                   __builtin_shufflevector(twos[0], twos[1], LANES_ODD));

// The same of four rows: the other lanes of the result mean nothing.
#define LANES_REDUCE_FOUR(rows, combine)                                                              \
    lanes_vector eights[2];                                                                           \
    for (int i = 0; i < 2; i++) {                                                                     \
        const lanes_vector a = (rows)[2 * i], b = (rows)[2 * i + 1];                                  \
        eights[i] = combine(__builtin_shufflevector(a, b, LANES_LOW_HALVES),                          \
                            __builtin_shufflevector(a, b, LANES_HIGH_HALVES));                        \
    }                                                                                                 \
    const lanes_vector four = combine(__builtin_shufflevector(eights[0], eights[1], LANES_EVEN_QUARTERS), \
                                      __builtin_shufflevector(eights[0], eights[1], LANES_ODD_QUARTERS)); \
    const lanes_vector two = combine(__builtin_shufflevector(four, four, LANES_LOW_PAIRS),            \
                                     __builtin_shufflevector(four, four, LANES_HIGH_PAIRS));          \
    const lanes_vector one = combine(__builtin_shufflevector(two, two, LANES_EVEN),                   \
                                     __builtin_shufflevector(two, two, LANES_ODD));                   \
    return __builtin_shufflevector(one, one, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);

// The sum of each row's lanes.
#define LANES_SUM(a, b) ((a) + (b))
LANES_INLINE lanes_vector lanes_row_sums(const float *rows) { LANES_REDUCE((const lanes_vector *)rows, LANES_SUM) }
LANES_INLINE lanes_vector lanes_four_row_sums(const float *rows) {
    LANES_REDUCE_FOUR((const lanes_vector *)rows, LANES_SUM)
}

// The largest of each row's lanes, which are not negative. NaN is the largest.
#define LANES_LARGER(a, b) ((lanes_vector)__builtin_elementwise_max((lanes_integers)(a), (lanes_integers)(b)))
LANES_INLINE lanes_vector lanes_row_maxima(const float *rows) {
    LANES_REDUCE((const lanes_vector *)rows, LANES_LARGER)
}
LANES_INLINE lanes_vector lanes_four_row_maxima(const float *rows) {
    LANES_REDUCE_FOUR((const lanes_vector *)rows, LANES_LARGER)
}

#endif

#endif
