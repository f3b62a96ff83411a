#include "report.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct codec_png_reader {
    codec_report report;
    codec_bytes input;
    size_t position;
    png_structp png;
    png_infop info;
    codec_shape shape;
    int pass_count;
    bool has_samples;
};

/// These chunks are kept verbatim. libpng's own readers would refuse profiles that other programs accept, or
/// compare gamma with chromaticities.
static const png_byte kept_chunks[] = "iCCP\0eXIf\0iTXt\0pHYs\0gAMA\0cHRM\0sRGB\0cICP\0mDCV\0cLLI";
/// These chunks are not needed, so they are skipped without being inflated or stored.
static const png_byte skipped_chunks[] =
    "tEXt\0zTXt\0sPLT\0hIST\0bKGD\0sBIT\0tIME\0sCAL\0pCAL\0oFFs\0sTER";
/// The most kept chunks. The limit is far above the number of kinds, so that repetitions end.
enum { kept_chunk_capacity = 32 };
/// The largest ancillary chunk that is kept, in bytes.
static const png_alloc_size_t kept_chunk_byte_limit = 16u << 20;

static void fail(png_structp png, png_const_charp message) {
    codec_png_reader *reader = png_get_error_ptr(png);
    codec_report_fail(&reader->report, codec_damaged, message);
    png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp message) {
    codec_png_reader *reader = png_get_error_ptr(png);
    codec_report_warn(&reader->report, message);
}

static png_voidp allocate(png_structp png, png_alloc_size_t count) {
    codec_png_reader *reader = png_get_mem_ptr(png);
    return codec_report_allocate(&reader->report, count);
}

static void release(png_structp png, png_voidp memory) {
    (void)png;
    free(memory);
}

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    codec_png_reader *reader = png_get_io_ptr(png);
    if (count > reader->input.count - reader->position) {
        codec_report_fail(&reader->report, codec_truncated, "the file ends before its last chunk (IEND)");
        png_error(png, "end of file");
    }
    memcpy(destination, reader->input.bytes + reader->position, count);
    reader->position += count;
}

codec_png_reader *codec_png_reader_create(codec_bytes input) {
    codec_png_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->input = input;
    reader->png = png_create_read_struct_2(
        PNG_LIBPNG_VER_STRING, reader, fail, warn, reader, allocate, release);
    if (reader->png) reader->info = png_create_info_struct(reader->png);
    if (!reader->info) {
        codec_png_reader_free(reader);
        return NULL;
    }
    return reader;
}

void codec_png_reader_free(codec_png_reader *reader) {
    if (!reader) return;
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

const codec_report *codec_png_reader_report(const codec_png_reader *reader) { return &reader->report; }

static void configure(codec_png_reader *reader) {
    png_structp png = reader->png;
    png_set_read_fn(png, reader, read_bytes);
    // The caller has checked the size in the header, so libpng's own limit of a million is lifted.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_cache_max(png, kept_chunk_capacity);
    png_set_chunk_malloc_max(png, kept_chunk_byte_limit);
    // A zlib header may state a smaller window than its data uses. zlib itself and other programs read such
    // files.
    png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, kept_chunks, (int)(sizeof kept_chunks / 5));
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped_chunks, (int)(sizeof skipped_chunks / 5));
}

codec_status codec_png_reader_start(codec_png_reader *reader, codec_shape *shape) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return reader->report.status;
    configure(reader);
    png_read_info(png, reader->info);

    png_byte colour = png_get_color_type(png, reader->info);
    if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (colour == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
    if (png_get_valid(png, reader->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (png_get_bit_depth(png, reader->info) == 16) png_set_swap(png);
#endif
    reader->pass_count = png_set_interlace_handling(png);
    png_read_update_info(png, reader->info);

    reader->shape = (codec_shape){
        .width = png_get_image_width(png, reader->info),
        .height = png_get_image_height(png, reader->info),
        .channels = png_get_channels(png, reader->info),
        .bit_depth = png_get_bit_depth(png, reader->info),
    };
    size_t row = (size_t)reader->shape.width * (size_t)(reader->shape.channels * reader->shape.bit_depth / 8);
    if (png_get_rowbytes(png, reader->info) != row) png_error(png, "rows of an unexpected length");
    *shape = reader->shape;
    return codec_ok;
}

codec_status codec_png_reader_samples(codec_png_reader *reader, void *samples) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return reader->report.status;
    size_t row_byte_count = png_get_rowbytes(png, reader->info);
    for (int pass = 0; pass < reader->pass_count; pass++)
        for (uint32_t y = 0; y < reader->shape.height; y++)
            png_read_row(png, (png_bytep)samples + y * row_byte_count, NULL);
    png_read_end(png, reader->info);
    reader->has_samples = true;
    // libpng goes on without a chunk for which there was no memory; here that is a failure.
    return reader->report.status;
}

size_t codec_png_reader_chunk_count(const codec_png_reader *reader) {
    if (!reader->has_samples) return 0;
    png_unknown_chunkp chunks = NULL;
    int count = png_get_unknown_chunks(reader->png, reader->info, &chunks);
    return count > 0 ? (size_t)count : 0;
}

codec_png_chunk codec_png_reader_chunk(const codec_png_reader *reader, size_t index) {
    png_unknown_chunkp chunks = NULL;
    png_get_unknown_chunks(reader->png, reader->info, &chunks);
    codec_png_chunk chunk = {.data = {chunks[index].data, chunks[index].size}};
    memcpy(chunk.type, chunks[index].name, sizeof chunk.type);
    return chunk;
}
