#include "matrix_unit.h"

float *matrix_unit_memory(void) {
    static _Thread_local _Alignas(64) float memory[2 * MATRIX_UNIT_BLOCK * MATRIX_UNIT_BLOCK + 16 * MATRIX_UNIT_ROW];
    return memory;
}

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WITH_MATRIX_UNIT __attribute__((target("amx-tile,amx-int8,amx-bf16")))

// From Linux's asm/prctl.h, which older systems' headers lack.
enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };

static int has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const unsigned bfloat16 = 1u << 22, tiles = 1u << 24, int8 = 1u << 25, all = bfloat16 | tiles | int8;
    return (d & all) == all;
}

int matrix_unit_is_usable(void) {
    // The kernel refuses if it does not save the tiles.
    return has_instructions() && syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

static _Thread_local struct {
    long rows, words;
} shape;

// Tiles 0 to 3 hold sums, 4 and 5 rows, 6 and 7 weights.
WITH_MATRIX_UNIT void matrix_unit_begin(long rows, long words) {
    if (shape.rows == rows && shape.words == words) return;
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } shapes = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        shapes.row_bytes[tile] = (uint16_t)(tile == 4 || tile == 5 ? 4 * words : 64);
        shapes.rows[tile] = (uint8_t)(tile < 6 ? rows : words);
    }
    _tile_loadconfig(&shapes);
    shape.rows = rows;
    shape.words = words;
}

WITH_MATRIX_UNIT void matrix_unit_end(void) {
    if (shape.rows == 0) return;
    _tile_release();
    shape.rows = 0;
}

// The names of tiles must be constants, hence macros.
#define BEGIN(tile)                                                     \
    {                                                                   \
        if (block->first[0]) {                                          \
            _tile_loadd(tile, block->first[tile], block->first_stride); \
        } else {                                                        \
            _tile_zero(tile);                                           \
        }                                                               \
    }

#define MULTIPLY(instruction)                                          \
    const char *row0 = block->rows[0], *row1 = block->rows[1];         \
    const char *column0 = block->columns[0], *column1 = block->columns[1]; \
    const long row_stride = block->row_stride;                         \
    const long column_stride = block->column_stride;                   \
    const long row_step = 4 * block->words;                            \
    const long column_step = column_stride * block->words;             \
    const int two_rows = block->row_halves == 2;                       \
    const int two_columns = block->column_halves == 2;                 \
    BEGIN(0)                                                           \
    if (two_columns) BEGIN(1)                                          \
    if (two_rows) BEGIN(2)                                             \
    if (two_rows && two_columns) BEGIN(3)                              \
    for (long segment = 0; segment < block->segments; segment++) {     \
        for (long step = 0; step < block->steps; step++) {             \
            _tile_loadd(6, column0, column_stride);                    \
            _tile_loadd(4, row0, row_stride);                          \
            instruction(0, 4, 6);                                      \
            if (two_columns) {                                         \
                _tile_loadd(7, column1, column_stride);                \
                instruction(1, 4, 7);                                  \
            }                                                          \
            if (two_rows) {                                            \
                _tile_loadd(5, row1, row_stride);                      \
                instruction(2, 5, 6);                                  \
                if (two_columns) instruction(3, 5, 7);                 \
            }                                                          \
            row0 += row_step;                                          \
            row1 += row_step;                                          \
            column0 += column_step;                                    \
            column1 += column_step;                                    \
        }                                                              \
        row0 += block->segment_jump;                                   \
        row1 += block->segment_jump;                                   \
    }                                                                  \
    _tile_stored(0, block->sums[0], block->sum_stride);                \
    if (two_columns) _tile_stored(1, block->sums[1], block->sum_stride); \
    if (two_rows) _tile_stored(2, block->sums[2], block->sum_stride);  \
    if (two_rows && two_columns) _tile_stored(3, block->sums[3], block->sum_stride);

WITH_MATRIX_UNIT void matrix_unit_multiply_int8(const matrix_unit_block *block) { MULTIPLY(_tile_dpbusd) }

WITH_MATRIX_UNIT void matrix_unit_multiply_bfloat16(const matrix_unit_block *block) { MULTIPLY(_tile_dpbf16ps) }

#define SPIN(steps, instruction)                   \
    _tile_zero(0);                                 \
    _tile_zero(1);                                 \
    _tile_zero(2);                                 \
    _tile_zero(3);                                 \
    _tile_zero(4);                                 \
    _tile_zero(5);                                 \
    _tile_zero(6);                                 \
    _tile_zero(7);                                 \
    for (long step = 0; step < (steps); step++) {  \
        instruction(0, 4, 6);                      \
        instruction(1, 4, 7);                      \
        instruction(2, 5, 6);                      \
        instruction(3, 5, 7);                      \
    }

WITH_MATRIX_UNIT void matrix_unit_spin_int8(long steps) { SPIN(steps, _tile_dpbusd) }

WITH_MATRIX_UNIT void matrix_unit_spin_bfloat16(long steps) { SPIN(steps, _tile_dpbf16ps) }

#else

int matrix_unit_is_usable(void) { return 0; }
void matrix_unit_begin(long rows, long words) { (void)rows, (void)words; }
void matrix_unit_end(void) {}
void matrix_unit_multiply_int8(const matrix_unit_block *block) { (void)block; }
void matrix_unit_multiply_bfloat16(const matrix_unit_block *block) { (void)block; }
void matrix_unit_spin_int8(long steps) { (void)steps; }
void matrix_unit_spin_bfloat16(long steps) { (void)steps; }

#endif
