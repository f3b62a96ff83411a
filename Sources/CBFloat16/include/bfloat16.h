#ifndef CBFLOAT16_H
#define CBFLOAT16_H

// What the instructions of AVX-512 BF16 do, which Swift has no names for: the instructions where the importing target is
// compiled for them, and vector code with the same results elsewhere.

typedef float bfloat16_sums __attribute__((ext_vector_type(16)));
typedef unsigned int bfloat16_words __attribute__((ext_vector_type(8)));
typedef unsigned int bfloat16_pairs __attribute__((ext_vector_type(16)));

// The baseline of x86-64 has no registers for these vectors; nothing calls these functions there.
#if defined(__AVX2__) || !defined(__x86_64__)

#define BFLOAT16_INLINE static inline __attribute__((always_inline))

// bfloat16_dot: for each of 16 lanes the sum plus two products; a lane of `a` and `b` holds two bfloat16.
// bfloat16_round: 16 floats rounded to the nearest bfloat16, ties to even; two neighbours in a word, the first in its low
// half.
// bfloat16_widen: 16 floats of as many bfloat16, two neighbours in a word.
// bfloat16_round_pairs: two vectors rounded; lane i has the first one's value in its low half, the second one's in its
// high half.
// bfloat16_store_columns: up to 16 rows of 16 words as columns; word j of row i becomes word i of the row at `target` + j ·
// `stride`. All 16 rows are read.

#if defined(__AVX512BF16__)
#include <immintrin.h>

BFLOAT16_INLINE bfloat16_sums bfloat16_dot(bfloat16_sums sums, bfloat16_sums a, bfloat16_sums b) {
    return (bfloat16_sums)_mm512_dpbf16_ps((__m512)sums, (__m512bh)(__m512i)a, (__m512bh)(__m512i)b);
}

BFLOAT16_INLINE bfloat16_words bfloat16_round(bfloat16_sums values) {
    return (bfloat16_words)(__m256i)_mm512_cvtneps_pbh((__m512)values);
}

BFLOAT16_INLINE bfloat16_sums bfloat16_widen(bfloat16_words words) {
    return (bfloat16_sums)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)words), 16);
}

BFLOAT16_INLINE bfloat16_pairs bfloat16_round_pairs(bfloat16_sums low, bfloat16_sums high) {
    const __m512i order = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1,
        16, 0);
    const __m512i both = _mm512_inserti64x4(
        _mm512_castsi256_si512((__m256i)_mm512_cvtneps_pbh((__m512)low)),
        (__m256i)_mm512_cvtneps_pbh((__m512)high), 1);
    return (bfloat16_pairs)_mm512_permutexvar_epi16(order, both);
}

BFLOAT16_INLINE void bfloat16_store_columns(const float *rows, long count, float *target, long stride) {
    const __mmask16 wanted = (__mmask16)((1u << count) - 1);
    __m512i a[16], b[16];
    for (int i = 0; i < 16; i++) a[i] = _mm512_loadu_si512(rows + 16 * i);
    // Pairs of rows, then fours: quarter q of b[4 g + j] has column 4 q + j of rows 4 g to 4 g + 3.
    for (int i = 0; i < 16; i += 2) {
        b[i] = _mm512_unpacklo_epi32(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_epi32(a[i], a[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        a[i] = _mm512_unpacklo_epi64(b[i], b[i + 2]);
        a[i + 1] = _mm512_unpackhi_epi64(b[i], b[i + 2]);
        a[i + 2] = _mm512_unpacklo_epi64(b[i + 1], b[i + 3]);
        a[i + 3] = _mm512_unpackhi_epi64(b[i + 1], b[i + 3]);
    }
    for (int j = 0; j < 4; j++) {
        const __m512i even0 = _mm512_shuffle_i32x4(a[j], a[4 + j], 0x88);
        const __m512i odd0 = _mm512_shuffle_i32x4(a[j], a[4 + j], 0xDD);
        const __m512i even1 = _mm512_shuffle_i32x4(a[8 + j], a[12 + j], 0x88);
        const __m512i odd1 = _mm512_shuffle_i32x4(a[8 + j], a[12 + j], 0xDD);
        _mm512_mask_storeu_epi32(target + j * stride, wanted, _mm512_shuffle_i32x4(even0, even1, 0x88));
        _mm512_mask_storeu_epi32(target + (4 + j) * stride, wanted, _mm512_shuffle_i32x4(odd0, odd1, 0x88));
        _mm512_mask_storeu_epi32(target + (8 + j) * stride, wanted, _mm512_shuffle_i32x4(even0, even1, 0xDD));
        _mm512_mask_storeu_epi32(target + (12 + j) * stride, wanted, _mm512_shuffle_i32x4(odd0, odd1, 0xDD));
    }
}

#else

// Half a vector, which a register of 256 bits holds.
typedef float bfloat16_half_sums __attribute__((ext_vector_type(8)));
typedef int bfloat16_half_signed __attribute__((ext_vector_type(8)));
typedef unsigned int bfloat16_half_pairs __attribute__((ext_vector_type(8)));
typedef unsigned int bfloat16_half_words __attribute__((ext_vector_type(4)));
typedef unsigned short bfloat16_half_values __attribute__((ext_vector_type(8)));

BFLOAT16_INLINE bfloat16_half_sums bfloat16_half_dot(
    bfloat16_half_sums sums, bfloat16_half_sums a, bfloat16_half_sums b) {
    const bfloat16_half_pairs x = (bfloat16_half_pairs)a, y = (bfloat16_half_pairs)b;
    // Intel's manual adds the product of the high halves first.
    const bfloat16_half_sums high = __builtin_elementwise_fma(
        (bfloat16_half_sums)(x & 0xFFFF0000), (bfloat16_half_sums)(y & 0xFFFF0000), sums);
    return __builtin_elementwise_fma((bfloat16_half_sums)(x << 16), (bfloat16_half_sums)(y << 16), high);
}

// The rounded values in the high halves of the lanes, whose low halves hold anything. Subnormal numbers become zero, and
// NaN stays one, as the instruction has it.
BFLOAT16_INLINE bfloat16_half_pairs bfloat16_half_bits(bfloat16_half_sums values) {
    const bfloat16_half_pairs bits = (bfloat16_half_pairs)values;
    const bfloat16_half_signed magnitude = (bfloat16_half_signed)(bits & 0x7FFFFFFF);
    const bfloat16_half_pairs is_nan = (bfloat16_half_pairs)(magnitude > 0x7F800000);
    const bfloat16_half_pairs is_normal = (bfloat16_half_pairs)(magnitude > 0x007FFFFF);
    const bfloat16_half_pairs rounded = bits + 0x7FFF + ((bits >> 16) & 1);
    return (((bits | 0x00400000) & is_nan) | (rounded & ~is_nan)) & (is_normal | 0x80000000);
}

BFLOAT16_INLINE bfloat16_half_words bfloat16_half_round(bfloat16_half_sums values) {
    return (bfloat16_half_words)__builtin_convertvector(bfloat16_half_bits(values) >> 16, bfloat16_half_values);
}

BFLOAT16_INLINE bfloat16_half_sums bfloat16_half_widen(bfloat16_half_words words) {
    return (bfloat16_half_sums)(__builtin_convertvector((bfloat16_half_values)words, bfloat16_half_pairs) << 16);
}

BFLOAT16_INLINE bfloat16_half_pairs bfloat16_half_round_pairs(bfloat16_half_sums low, bfloat16_half_sums high) {
    return (bfloat16_half_bits(low) >> 16) | (bfloat16_half_bits(high) & 0xFFFF0000);
}

BFLOAT16_INLINE bfloat16_sums bfloat16_dot(bfloat16_sums sums, bfloat16_sums a, bfloat16_sums b) {
    sums.lo = bfloat16_half_dot(sums.lo, a.lo, b.lo);
    sums.hi = bfloat16_half_dot(sums.hi, a.hi, b.hi);
    return sums;
}

BFLOAT16_INLINE bfloat16_words bfloat16_round(bfloat16_sums values) {
    bfloat16_words words;
    words.lo = bfloat16_half_round(values.lo);
    words.hi = bfloat16_half_round(values.hi);
    return words;
}

BFLOAT16_INLINE bfloat16_sums bfloat16_widen(bfloat16_words words) {
    bfloat16_sums values;
    values.lo = bfloat16_half_widen(words.lo);
    values.hi = bfloat16_half_widen(words.hi);
    return values;
}

BFLOAT16_INLINE bfloat16_pairs bfloat16_round_pairs(bfloat16_sums low, bfloat16_sums high) {
    bfloat16_pairs pairs;
    pairs.lo = bfloat16_half_round_pairs(low.lo, high.lo);
    pairs.hi = bfloat16_half_round_pairs(low.hi, high.hi);
    return pairs;
}

BFLOAT16_INLINE void bfloat16_store_columns(const float *rows, long count, float *target, long stride) {
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < 16; j++) target[j * stride + i] = rows[16 * i + j];
    }
}

#endif

#undef BFLOAT16_INLINE
#endif

#endif
