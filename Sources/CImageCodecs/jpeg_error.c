#include "jpeg_error.h"

#include <jerror.h>

static codec_status status_of_error(int code) {
    switch (code) {
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
        return codec_truncated;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_EMPTY_IMAGE:  // the height follows in a DNL marker
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return codec_unsupported;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return codec_too_large;
    case JERR_OUT_OF_MEMORY:
        return codec_no_memory;
    default:
        return codec_damaged;
    }
}

/// libjpeg reports damage as a warning and fills the gap with grey. If it has invented pixels, that is a
/// failure here. It is none if all data is there and libjpeg only remarks on an oddity: extraneous bytes
/// before a marker (cameras pad), an unknown Adobe or JFIF version, unusual scan parameters, or a bad ICC
/// marker.
static bool is_damage(int code) {
    switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        return true;
    default:
        return false;
    }
}

void codec_jpeg_fail(j_common_ptr common, codec_status status, const char *message) {
    codec_jpeg_error *error = (codec_jpeg_error *)common->err;
    char text[codec_message_size];
    j_decompress_ptr decoder = (j_decompress_ptr)common;
    // There is no output row while a progressive file is being read.
    if (common->is_decompressor && decoder->output_scanline > 0) {
        snprintf(
            text, sizeof text, "%s (at row %u of %u)", message, decoder->output_scanline, decoder->output_height);
        message = text;
    }
    codec_report_fail(error->report, status, message);
    longjmp(error->jump, 1);
}

static void error_exit(j_common_ptr common) {
    char message[JMSG_LENGTH_MAX];
    common->err->format_message(common, message);
    codec_jpeg_fail(common, status_of_error(common->err->msg_code), message);
}

static void emit_message(j_common_ptr common, int level) {
    if (level >= 0) return;  // a trace message
    char message[JMSG_LENGTH_MAX];
    common->err->format_message(common, message);
    if (common->err->msg_code == JWRN_JPEG_EOF) codec_jpeg_fail(common, codec_truncated, message);
    if (is_damage(common->err->msg_code)) codec_jpeg_fail(common, codec_damaged, message);
    codec_report_warn(((codec_jpeg_error *)common->err)->report, message);
}

static void output_message(j_common_ptr common) { (void)common; }

struct jpeg_error_mgr *codec_jpeg_error_prepare(codec_jpeg_error *error, codec_report *report) {
    jpeg_std_error(&error->manager);
    error->manager.error_exit = error_exit;
    error->manager.emit_message = emit_message;
    error->manager.output_message = output_message;
    error->report = report;
    return &error->manager;
}
