#ifndef CPROCESSOR_H
#define CPROCESSOR_H

// Tests for the instruction sets that the kernels are compiled for. The builtins also ask the system whether
// it saves the registers (XGETBV). On other architectures, the processor has everything that the build
// assumes.

#if defined(__x86_64__)
static inline int processor_has_avx2(void) { return __builtin_cpu_supports("avx2") != 0; }
static inline int processor_has_fma(void) { return __builtin_cpu_supports("fma") != 0; }
static inline int processor_has_bmi2(void) { return __builtin_cpu_supports("bmi2") != 0; }
static inline int processor_has_f16c(void) { return __builtin_cpu_supports("f16c") != 0; }
static inline int processor_has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512cd");
}
static inline int processor_has_avx512_bf16(void) { return __builtin_cpu_supports("avx512bf16") != 0; }
static inline int processor_has_avx512_vnni(void) { return __builtin_cpu_supports("avx512vnni") != 0; }
#else
static inline int processor_has_avx2(void) { return 1; }
static inline int processor_has_fma(void) { return 1; }
static inline int processor_has_bmi2(void) { return 1; }
static inline int processor_has_f16c(void) { return 1; }
static inline int processor_has_avx512(void) { return 0; }
static inline int processor_has_avx512_bf16(void) { return 0; }
static inline int processor_has_avx512_vnni(void) { return 0; }
#endif

#endif
