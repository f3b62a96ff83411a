#ifndef CINT8_H
#define CINT8_H

// Vector operations on integers that Swift has no names for, or compiles to loops.

typedef float int8_lanes __attribute__((ext_vector_type(16)));
typedef float int8_half_lanes __attribute__((ext_vector_type(8)));
typedef int int8_integers __attribute__((ext_vector_type(16)));
typedef int int8_half_integers __attribute__((ext_vector_type(8)));
typedef unsigned int int8_bits __attribute__((ext_vector_type(16)));
typedef unsigned int int8_pairs __attribute__((ext_vector_type(8)));
typedef unsigned int int8_quads __attribute__((ext_vector_type(4)));
typedef unsigned short int8_sixteen_bits __attribute__((ext_vector_type(16)));
typedef unsigned char int8_eight_bits __attribute__((ext_vector_type(16)));

// The baseline of x86-64 has no registers for these vectors; nothing calls these functions there.
#if defined(__AVX2__) || !defined(__x86_64__)

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#define INT8_INLINE static inline __attribute__((always_inline))

// MARK: Products. Registers are typed as floats, like those of the other products.

// For each of eight lanes the integer in `sums` plus two products; a lane of `a` and `b` holds two 16-bit integers.
INT8_INLINE int8_half_lanes int8_add_pairs(int8_half_lanes sums, int8_half_lanes a, int8_half_lanes b) {
#if defined(__AVX2__)
    return (int8_half_lanes)_mm256_add_epi32((__m256i)sums, _mm256_madd_epi16((__m256i)a, (__m256i)b));
#else
    const int8_half_integers x = (int8_half_integers)a, y = (int8_half_integers)b;
    return (int8_half_lanes)((int8_half_integers)sums + (x >> 16) * (y >> 16) + ((x << 16) >> 16) * ((y << 16) >> 16));
#endif
}

// For each of 16 lanes the integer in `sums` plus four products; a lane of `a` holds four unsigned integers of 8 bits, one
// of `b` four signed ones.
INT8_INLINE int8_lanes int8_add_quads(int8_lanes sums, int8_lanes a, int8_lanes b) {
#if defined(__AVX512VNNI__)
    return (int8_lanes)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)a, (__m512i)b);
#else
    int8_integers result = (int8_integers)sums;
    for (int byte = 0; byte < 4; byte++) {
        const int8_integers x = (int8_integers)(((int8_bits)a >> (8 * byte)) & 255);
        const int8_integers y = (int8_integers)((int8_bits)b << (24 - 8 * byte)) >> 24;
        result += x * y;
    }
    return (int8_lanes)result;
#endif
}

// Integers as floats.
INT8_INLINE int8_half_lanes int8_half_to_floats(int8_half_lanes integers) {
    return __builtin_convertvector((int8_half_integers)integers, int8_half_lanes);
}

// Integers, each less the integer in `offset`, as floats.
INT8_INLINE int8_lanes int8_to_floats(int8_lanes integers, int8_lanes offset) {
    return __builtin_convertvector((int8_integers)integers - (int8_integers)offset, int8_lanes);
}

// MARK: Rounding

// For each lane the larger of `largest`, which is not negative, and the magnitude of `values`. NaN is the largest.
INT8_INLINE int8_lanes int8_larger_magnitude(int8_lanes largest, int8_lanes values) {
    return (int8_lanes)__builtin_elementwise_max(
        (int8_integers)largest, (int8_integers)((int8_bits)values & 0x7FFFFFFF));
}

// Values times a factor plus an even integer, rounded to the nearest integers, ties to even, in the low bits of lanes that
// hold other bits too. The results are between −2^15 and 2^15. At 1.5 · 2^23 a float's last bit is worth one, so the sum
// ends in the bits of the integer.
#define INT8_ROUND(values, factor, even) \
    ((int8_bits)__builtin_elementwise_fma((values), (factor), (int8_lanes)(12582912.0f + (even))))

INT8_INLINE int8_bits int8_round(int8_lanes values, int8_lanes factor) { return INT8_ROUND(values, factor, 0); }

// 16 values times a factor as 16-bit integers, two neighbours in a word, the first in its low half.
INT8_INLINE int8_pairs int8_round_pairs(int8_lanes values, int8_lanes factor) {
    return (int8_pairs)__builtin_convertvector(INT8_ROUND(values, factor, 0), int8_sixteen_bits);
}

// 16 values times a factor plus 128 as unsigned 8-bit integers, four neighbours in a word, the first in its lowest bits.
INT8_INLINE int8_quads int8_round_quads(int8_lanes values, int8_lanes factor) {
    return (int8_quads)__builtin_convertvector(INT8_ROUND(values, factor, 128), int8_eight_bits);
}

#undef INT8_ROUND
#undef INT8_INLINE
#endif

#endif
