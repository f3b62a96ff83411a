#ifndef CBFLOAT16_H
#define CBFLOAT16_H

// The instructions of AVX-512 BF16, which Swift has no names for. They exist where the importing target is compiled
// for them.

typedef float bfloat16_sums __attribute__((ext_vector_type(16)));
typedef unsigned int bfloat16_words __attribute__((ext_vector_type(8)));
typedef unsigned int bfloat16_pairs __attribute__((ext_vector_type(16)));

#if defined(__AVX512BF16__)
#include <immintrin.h>

#define BFLOAT16_INLINE static inline __attribute__((always_inline))

// For each of 16 lanes the sum plus two products; a lane of `a` and `b` holds two bfloat16.
BFLOAT16_INLINE bfloat16_sums bfloat16_dot(bfloat16_sums sums, bfloat16_sums a, bfloat16_sums b) {
    return (bfloat16_sums)_mm512_dpbf16_ps((__m512)sums, (__m512bh)(__m512i)a, (__m512bh)(__m512i)b);
}

// 16 floats rounded to the nearest bfloat16, ties to even; two neighbours in a word, the first in its low half.
BFLOAT16_INLINE bfloat16_words bfloat16_round(bfloat16_sums values) {
    return (bfloat16_words)(__m256i)_mm512_cvtneps_pbh((__m512)values);
}

// 16 floats of as many bfloat16, two neighbours in a word.
BFLOAT16_INLINE bfloat16_sums bfloat16_widen(bfloat16_words words) {
    return (bfloat16_sums)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)words), 16);
}

// Two vectors rounded: lane i has the first one's value in its low half, the second one's in its high half.
BFLOAT16_INLINE bfloat16_pairs bfloat16_round_pairs(bfloat16_sums low, bfloat16_sums high) {
    const __m512i order = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1,
        16, 0);
    const __m512i both = _mm512_inserti64x4(
        _mm512_castsi256_si512((__m256i)_mm512_cvtneps_pbh((__m512)low)),
        (__m256i)_mm512_cvtneps_pbh((__m512)high), 1);
    return (bfloat16_pairs)_mm512_permutexvar_epi16(order, both);
}

#undef BFLOAT16_INLINE
#elif !defined(__x86_64__)
// Other architectures have no such instructions, and nothing calls these there.
static inline bfloat16_sums bfloat16_dot(bfloat16_sums sums, bfloat16_sums a, bfloat16_sums b) { __builtin_trap(); }
static inline bfloat16_words bfloat16_round(bfloat16_sums values) { __builtin_trap(); }
static inline bfloat16_sums bfloat16_widen(bfloat16_words words) { __builtin_trap(); }
static inline bfloat16_pairs bfloat16_round_pairs(bfloat16_sums low, bfloat16_sums high) { __builtin_trap(); }
#endif

#endif
