#include "jpeg_error.h"

#include <stdlib.h>
#include <string.h>

struct codec_jpeg_reader {
    codec_report report;
    codec_jpeg_error error;
    struct jpeg_decompress_struct decoder;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    int scan_limit;
    JOCTET *profile;
};

// MARK: Source

static void init_source(j_decompress_ptr decoder) { (void)decoder; }

/// libjpeg calls this only if data is missing, because it stops at the end-of-image marker of a complete
/// file.
static boolean fill_input_buffer(j_decompress_ptr decoder) {
    codec_jpeg_fail((j_common_ptr)decoder, codec_truncated, "the file ends before its end-of-image marker");
}

static void skip_input_data(j_decompress_ptr decoder, long count) {
    if (count <= 0) return;
    if ((size_t)count > decoder->src->bytes_in_buffer) fill_input_buffer(decoder);
    decoder->src->next_input_byte += count;
    decoder->src->bytes_in_buffer -= (size_t)count;
}

/// A wrong restart marker means damage, and no attempt is made to find the next one.
static boolean resync_to_restart(j_decompress_ptr decoder, int desired) {
    char message[80];
    snprintf(message, sizeof message, "found marker 0x%02x instead of RST%d", decoder->unread_marker, desired);
    codec_jpeg_fail((j_common_ptr)decoder, codec_damaged, message);
}

static void term_source(j_decompress_ptr decoder) { (void)decoder; }

/// A progressive scan may code a whole picture in a few bytes, so the limit on scans bounds the time.
static void check_scans(j_common_ptr common) {
    codec_jpeg_reader *reader = common->client_data;
    if (reader->decoder.input_scan_number <= reader->scan_limit) return;
    char message[80];
    snprintf(message, sizeof message, "more than %d scans", reader->scan_limit);
    codec_jpeg_fail(common, codec_too_large, message);
}

// MARK: Life

codec_jpeg_reader *codec_jpeg_reader_create(codec_bytes input) {
    codec_jpeg_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->decoder.err = codec_jpeg_error_prepare(&reader->error, &reader->report);
    if (setjmp(reader->error.jump)) {
        codec_jpeg_reader_free(reader);
        return NULL;
    }
    jpeg_create_decompress(&reader->decoder);
    reader->decoder.client_data = reader;
    reader->source = (struct jpeg_source_mgr){
        .next_input_byte = input.bytes,
        .bytes_in_buffer = input.count,
        .init_source = init_source,
        .fill_input_buffer = fill_input_buffer,
        .skip_input_data = skip_input_data,
        .resync_to_restart = resync_to_restart,
        .term_source = term_source,
    };
    reader->decoder.src = &reader->source;
    reader->progress.progress_monitor = check_scans;
    return reader;
}

void codec_jpeg_reader_free(codec_jpeg_reader *reader) {
    if (!reader) return;
    jpeg_destroy_decompress(&reader->decoder);
    free(reader->profile);
    free(reader);
}

const codec_report *codec_jpeg_reader_report(const codec_jpeg_reader *reader) { return &reader->report; }

// MARK: Header

codec_bytes codec_jpeg_reader_segment(const codec_jpeg_reader *reader, int number, codec_bytes prefix) {
    for (jpeg_saved_marker_ptr marker = reader->decoder.marker_list; marker; marker = marker->next)
        if (marker->marker == JPEG_APP0 + number && marker->data_length > prefix.count &&
            memcmp(marker->data, prefix.bytes, prefix.count) == 0)
            return (codec_bytes){marker->data + prefix.count, marker->data_length - prefix.count};
    return (codec_bytes){NULL, 0};
}

static void check_colours(j_decompress_ptr decoder) {
    switch (decoder->out_color_space) {
    case JCS_GRAYSCALE:
    case JCS_RGB:
    case JCS_CMYK:
        return;
    default: {
        char message[80];
        snprintf(message, sizeof message, "%d colour components of unknown meaning", decoder->num_components);
        codec_jpeg_fail((j_common_ptr)decoder, codec_unsupported, message);
    }
    }
}

codec_status codec_jpeg_reader_start(codec_jpeg_reader *reader, bool keep_metadata, codec_jpeg_info *info) {
    j_decompress_ptr decoder = &reader->decoder;
    if (setjmp(reader->error.jump)) return reader->report.status;
    if (keep_metadata) {
        jpeg_save_markers(decoder, JPEG_APP0 + 1, 0xFFFF);
        jpeg_save_markers(decoder, JPEG_APP0 + 2, 0xFFFF);
        jpeg_save_markers(decoder, JPEG_APP0 + 13, 0xFFFF);
    }
    jpeg_read_header(decoder, TRUE);
    check_colours(decoder);
    *info = (codec_jpeg_info){
        .shape =
            {
                .width = decoder->image_width,
                .height = decoder->image_height,
                .channels = decoder->out_color_space == JCS_GRAYSCALE ? 1 : 3,
                .bit_depth = 8,
            },
        .from_cmyk = decoder->out_color_space == JCS_CMYK,
        .has_density = decoder->saw_JFIF_marker,
        .density_unit = decoder->density_unit,
        .x_density = decoder->X_density,
        .y_density = decoder->Y_density,
    };
    if (keep_metadata) {
        unsigned profile_byte_count = 0;
        if (jpeg_read_icc_profile(decoder, &reader->profile, &profile_byte_count))
            info->profile = (codec_bytes){reader->profile, profile_byte_count};
    }
    return codec_ok;
}

// MARK: Samples

/// Returns the product of two fractions of 255, rounded.
static inline unsigned multiply_255(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

/// Adobe's CMYK is stored inverted. Files without its marker are treated as inverted, too, as in Pillow.
static void convert_from_inverted_cmyk(const JSAMPLE *cmyk, JSAMPLE *rgb, JDIMENSION width) {
    for (JDIMENSION x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        unsigned white = cmyk[3];
        for (int c = 0; c < 3; c++) rgb[c] = (JSAMPLE)(white - multiply_255(255u - cmyk[c], white));
    }
}

codec_status codec_jpeg_reader_samples(codec_jpeg_reader *reader, int scan_limit, uint8_t *samples) {
    j_decompress_ptr decoder = &reader->decoder;
    if (setjmp(reader->error.jump)) return reader->report.status;
    reader->scan_limit = scan_limit;
    decoder->progress = &reader->progress;
    // These are libjpeg's defaults and djpeg's settings. They are explicit because the pixels depend on them.
    decoder->dct_method = JDCT_ISLOW;
    decoder->do_fancy_upsampling = TRUE;
    decoder->do_block_smoothing = TRUE;
    jpeg_start_decompress(decoder);

    bool from_cmyk = decoder->out_color_space == JCS_CMYK;
    size_t channels = decoder->out_color_space == JCS_GRAYSCALE ? 1 : 3;
    JSAMPARRAY scratch = NULL;
    if (from_cmyk)
        scratch = decoder->mem->alloc_sarray((j_common_ptr)decoder, JPOOL_IMAGE, decoder->output_width * 4, 1);
    while (decoder->output_scanline < decoder->output_height) {
        JSAMPROW row = samples + (size_t)decoder->output_scanline * decoder->output_width * channels;
        jpeg_read_scanlines(decoder, from_cmyk ? scratch : &row, 1);
        if (from_cmyk) convert_from_inverted_cmyk(scratch[0], row, decoder->output_width);
    }
    jpeg_finish_decompress(decoder);
    return codec_ok;
}
