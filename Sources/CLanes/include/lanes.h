#ifndef CLANES_H
#define CLANES_H

// Vector operations on floats that Swift compiles to loops over the lanes.

typedef float lanes_vector __attribute__((ext_vector_type(16)));
typedef int lanes_integers __attribute__((ext_vector_type(16)));

// Eight floats anywhere in memory.
typedef float lanes_eight __attribute__((ext_vector_type(8), aligned(4)));

// The baseline of x86-64 has no registers for these vectors; nothing calls these functions there.
#if defined(__AVX2__) || !defined(__x86_64__)

#define LANES_INLINE static inline __attribute__((always_inline))

// Returns `address`, of which the optimiser then knows nothing.
LANES_INLINE const float *lanes_unknown(const float *address) {
    __asm__("" : "+r"(address));
    return address;
}

// Returns the vector, which is computed after what comes before this call. The optimiser otherwise begins several steps of a
// sum at once, and needs more registers for their terms than there are.
LANES_INLINE lanes_vector lanes_in_order(lanes_vector vector) {
#ifdef __AVX512F__
    __asm__ volatile("" : "+v"(vector));
#endif
    return vector;
}

LANES_INLINE lanes_vector lanes_square_roots(lanes_vector values) { return __builtin_elementwise_sqrt(values); }

// Combine two parts of each of the vectors `a` and `b`: halves, and then, within each half that remains, quarters, pairs and
// single lanes. Of 32 lanes, those of `b` follow those of `a`.
#define LANES_HALVES(combine, a, b)                                                                      \
    combine(__builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),       \
            __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define LANES_QUARTERS(combine, a, b)                                                                    \
    combine(__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),     \
            __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
#define LANES_PAIRS(combine, a, b)                                                                       \
    combine(__builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),     \
            __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#define LANES_SINGLES(combine, a, b)                                                                     \
    combine(__builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30),    \
            __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31))

// Combines the lanes of each of 16 rows, halves first. Lane i of the result is of row i, because the rows are taken in this
// order: 0, 4, 8, 12, 1, 5, ... Row by row it takes more instructions.
#define LANES_ROW(rows, i) (rows)[(i) % 4 * 4 + (i) / 4]
#define LANES_REDUCE(rows, combine)                                                                      \
    lanes_vector eights[8], fours[4], twos[2];                                                           \
    for (int i = 0; i < 8; i++)                                                                          \
        eights[i] = LANES_HALVES(combine, LANES_ROW(rows, 2 * i), LANES_ROW(rows, 2 * i + 1));           \
    for (int i = 0; i < 4; i++) fours[i] = LANES_QUARTERS(combine, eights[2 * i], eights[2 * i + 1]);    \
    for (int i = 0; i < 2; i++) twos[i] = LANES_PAIRS(combine, fours[2 * i], fours[2 * i + 1]);          \
    return LANES_SINGLES(combine, twos[0], twos[1]);

// The same of four rows. The other lanes of the result mean nothing.
#define LANES_REDUCE_FOUR(rows, combine)                                                                 \
    const lanes_vector first = LANES_HALVES(combine, (rows)[0], (rows)[1]);                              \
    const lanes_vector second = LANES_HALVES(combine, (rows)[2], (rows)[3]);                             \
    const lanes_vector four = LANES_QUARTERS(combine, first, second);                                    \
    const lanes_vector two = LANES_PAIRS(combine, four, four);                                           \
    const lanes_vector one = LANES_SINGLES(combine, two, two);                                           \
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

// Exchanges the rows and the columns of a block of eight rows of eight floats, which follow each other.
LANES_INLINE void lanes_transpose_eight(float *block) {
    lanes_eight *rows = (lanes_eight *)block, a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    // Half h of b[4 g + j] has column 4 h + j of rows 4 g to 4 g + 3.
    for (int i = 0; i < 8; i += 4) {
        for (int j = 0; j < 2; j++) {
            b[i + 2 * j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * j + 1] = __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (int j = 0; j < 4; j++) {
        rows[j] = __builtin_shufflevector(b[j], b[4 + j], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[4 + j] = __builtin_shufflevector(b[j], b[4 + j], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

#endif

#endif
