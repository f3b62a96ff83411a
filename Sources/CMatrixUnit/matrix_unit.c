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

// Tiles 0 and 1 hold sums, 4 and 5 rows, the others weights.
WITH_MATRIX_UNIT void matrix_unit_begin(long rows, long words) {
    if (shape.rows == rows && shape.words == words) return;
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } shapes = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        shapes.row_bytes[tile] = (uint16_t)(tile == 4 || tile == 5 ? 4 * words : 64);
        shapes.rows[tile] = (uint8_t)(tile == 0 || tile == 1 || tile == 4 || tile == 5 ? rows : words);
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
//
// A tile becomes zero right after its last use: a zero tile needs no register of the unit, of which few seem to be left where
// the core's other thread is busy too. There, a block of 32 rows two steps deep takes 0.58 times as long as with four tiles of
// sums that nothing sets to zero, and one six steps deep 0.49 times; on a quiet core 0.8 times.
#define BEGIN(tile, place)                                                \
    if (block->first[0]) {                                                \
        _tile_loadd(tile, block->first[place], block->first_stride);      \
    } else {                                                              \
        _tile_zero(tile);                                                 \
    }

#define STEP(instruction, rows, weights0, weights1)                       \
    _tile_loadd(rows, row, row_stride);                                   \
    _tile_loadd(weights0, column0, column_stride);                        \
    instruction(0, rows, weights0);                                       \
    _tile_zero(weights0);                                                 \
    if (two_columns) {                                                    \
        _tile_loadd(weights1, column1, column_stride);                    \
        instruction(1, rows, weights1);                                   \
        _tile_zero(weights1);                                             \
    }                                                                     \
    _tile_zero(rows);                                                     \
    row += row_step;                                                      \
    column0 += column_step;                                               \
    column1 += column_step;

#define END(tile, place)                                                  \
    _tile_stored(tile, block->sums[place], block->sum_stride);            \
    _tile_zero(tile);

#define MULTIPLY(instruction)                                             \
    const long row_stride = block->row_stride;                            \
    const long column_stride = block->column_stride;                      \
    const long row_step = 4 * block->words;                               \
    const long column_step = column_stride * block->words;                \
    const int two_columns = block->column_halves == 2;                    \
    for (long half = 0; half < block->row_halves; half++) {               \
        const char *row = block->rows[half];                              \
        const char *column0 = block->columns[0], *column1 = block->columns[1]; \
        BEGIN(0, 2 * half)                                                \
        if (two_columns) {                                                \
            BEGIN(1, 2 * half + 1)                                        \
        }                                                                 \
        for (long segment = 0; segment < block->segments; segment++) {    \
            long step = 0;                                                \
            for (; step + 1 < block->steps; step += 2) {                  \
                STEP(instruction, 4, 6, 7)                                \
                STEP(instruction, 5, 2, 3)                                \
            }                                                             \
            if (step < block->steps) {                                    \
                STEP(instruction, 4, 6, 7)                                \
            }                                                             \
            row += block->segment_jump;                                   \
        }                                                                 \
        END(0, 2 * half)                                                  \
        if (two_columns) {                                                \
            END(1, 2 * half + 1)                                          \
        }                                                                 \
    }

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
