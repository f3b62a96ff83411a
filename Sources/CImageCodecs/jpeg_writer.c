#include "jpeg_error.h"

#include <stdlib.h>
#include <string.h>

struct codec_jpeg_writer {
    codec_report report;
    codec_jpeg_error error;
    struct jpeg_compress_struct encoder;
    struct jpeg_destination_mgr destination;
    codec_output output;
    codec_shape shape;
};

// MARK: Destination

enum { output_step = 65536 };

static void offer_room(j_compress_ptr encoder) {
    codec_jpeg_writer *writer = encoder->client_data;
    if (!codec_output_reserve(&writer->output, output_step))
        codec_jpeg_fail((j_common_ptr)encoder, codec_no_memory, "no memory for the encoded picture");
    encoder->dest->next_output_byte = writer->output.bytes + writer->output.count;
    encoder->dest->free_in_buffer = writer->output.capacity - writer->output.count;
}

/// libjpeg has filled the whole buffer when it calls this, whatever `free_in_buffer` says.
static boolean empty_output_buffer(j_compress_ptr encoder) {
    codec_jpeg_writer *writer = encoder->client_data;
    writer->output.count = writer->output.capacity;
    offer_room(encoder);
    return TRUE;
}

static void term_destination(j_compress_ptr encoder) {
    codec_jpeg_writer *writer = encoder->client_data;
    writer->output.count = writer->output.capacity - encoder->dest->free_in_buffer;
}

// MARK: Life

codec_jpeg_writer *codec_jpeg_writer_create(codec_shape shape) {
    codec_jpeg_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    writer->shape = shape;
    writer->encoder.err = codec_jpeg_error_prepare(&writer->error, &writer->report);
    if (setjmp(writer->error.jump)) {
        codec_jpeg_writer_free(writer);
        return NULL;
    }
    jpeg_create_compress(&writer->encoder);
    writer->encoder.client_data = writer;
    writer->destination = (struct jpeg_destination_mgr){
        .init_destination = offer_room,
        .empty_output_buffer = empty_output_buffer,
        .term_destination = term_destination,
    };
    writer->encoder.dest = &writer->destination;
    return writer;
}

void codec_jpeg_writer_free(codec_jpeg_writer *writer) {
    if (!writer) return;
    jpeg_destroy_compress(&writer->encoder);
    free(writer->output.bytes);
    free(writer);
}

const codec_report *codec_jpeg_writer_report(const codec_jpeg_writer *writer) { return &writer->report; }

// MARK: Writing

codec_status codec_jpeg_writer_start(
    codec_jpeg_writer *writer, int quality, bool halve_chroma, uint8_t density_unit, uint16_t x_density,
    uint16_t y_density) {
    j_compress_ptr encoder = &writer->encoder;
    if (setjmp(writer->error.jump)) return writer->report.status;
    encoder->image_width = writer->shape.width;
    encoder->image_height = writer->shape.height;
    encoder->input_components = writer->shape.channels;
    encoder->in_color_space = writer->shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(encoder);
    jpeg_set_quality(encoder, quality, TRUE);
    encoder->dct_method = JDCT_ISLOW;
    if (writer->shape.channels == 3) {
        encoder->comp_info[0].h_samp_factor = halve_chroma ? 2 : 1;
        encoder->comp_info[0].v_samp_factor = halve_chroma ? 2 : 1;
    }
    encoder->density_unit = density_unit;
    encoder->X_density = x_density;
    encoder->Y_density = y_density;
    jpeg_start_compress(encoder, TRUE);
    return codec_ok;
}

codec_status codec_jpeg_writer_segment(codec_jpeg_writer *writer, int number, codec_bytes data) {
    if (setjmp(writer->error.jump)) return writer->report.status;
    jpeg_write_marker(&writer->encoder, JPEG_APP0 + number, data.bytes, (unsigned)data.count);
    return codec_ok;
}

codec_status codec_jpeg_writer_profile(codec_jpeg_writer *writer, codec_bytes profile) {
    if (setjmp(writer->error.jump)) return writer->report.status;
    jpeg_write_icc_profile(&writer->encoder, profile.bytes, (unsigned)profile.count);
    return codec_ok;
}

codec_status codec_jpeg_writer_samples(codec_jpeg_writer *writer, const uint8_t *samples, codec_bytes *output) {
    j_compress_ptr encoder = &writer->encoder;
    if (setjmp(writer->error.jump)) return writer->report.status;
    size_t row_byte_count = (size_t)writer->shape.width * (size_t)writer->shape.channels;
    while (encoder->next_scanline < encoder->image_height) {
        JSAMPROW row = (JSAMPROW)samples + encoder->next_scanline * row_byte_count;
        jpeg_write_scanlines(encoder, &row, 1);
    }
    jpeg_finish_compress(encoder);
    *output = (codec_bytes){writer->output.bytes, writer->output.count};
    return codec_ok;
}
