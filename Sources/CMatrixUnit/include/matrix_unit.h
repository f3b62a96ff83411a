#ifndef CMATRIXUNIT_H
#define CMATRIXUNIT_H

// The processor's matrix unit (Intel AMX), which multiplies blocks of 32 rows and 32 columns. Intel's manual, volume 1,
// chapter 18.

// The rows, and the columns, of a block: two tiles of 16 each way.
#define MATRIX_UNIT_BLOCK 32
// No power of two, which would put all rows into the same places of the cache.
#define MATRIX_UNIT_ROW 272

// A block of sums and what they are made of. It has one or two halves each way, whose tiles hold 16 × 16 sums: of two halves
// of rows and two of columns, tile 2 · r + c. Strides count bytes.
typedef struct {
    // The first row of each half of the block's rows, and the first weights of each half of its columns.
    const void *rows[2];
    const void *columns[2];
    long row_halves;
    long column_halves;
    // From row to row.
    long row_stride;
    // From a word's weights to the next one's.
    long column_stride;
    // Words of 32 bits along the depth that one instruction takes, at most 16, and how many times.
    long words;
    long steps;
    // The runs of `steps`, and from the end of a row's one to the start of its next.
    long segments;
    long segment_jump;
    // Each tile's values to which the products are added. Zeros if the first is null. May be where the sums go.
    const void *first[4];
    long first_stride;
    // Where the sums go.
    void *sums[4];
    long sum_stride;
} matrix_unit_block;

// Whether this process may use the matrix unit for integers of 8 bits and for bfloat16. The first call asks the kernel for
// it, for all threads.
int matrix_unit_is_usable(void);

// Memory of this thread: the sums of two blocks, then 16 rows of MATRIX_UNIT_ROW words.
float *matrix_unit_memory(void);

// Prepares this thread for blocks whose tiles have so many rows and whose instructions take so many words, both at most 16.
// It does nothing if it did the same last time.
void matrix_unit_begin(long rows, long words);
// Ends what matrix_unit_begin began, so that the system need not save the tiles.
void matrix_unit_end(void);

// Writes a block's sums.
// Of integers: a word of a row holds four unsigned ones of 8 bits, one of a column four signed ones. Sums have 32 bits.
void matrix_unit_multiply_int8(const matrix_unit_block *block);
// Of bfloat16: a word holds two. Each instruction adds the products of the words' low halves in turn, those of the high
// halves likewise, and the two sums to float32's.
void matrix_unit_multiply_bfloat16(const matrix_unit_block *block);

// Performs 4 · `steps` multiplications of full tiles that access no memory, after matrix_unit_begin(16, 16).
void matrix_unit_spin_int8(long steps);
void matrix_unit_spin_bfloat16(long steps);

#endif
