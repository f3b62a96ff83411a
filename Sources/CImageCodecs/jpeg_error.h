/// Classifies libjpeg's errors and warnings and adds them to a report.
#ifndef CODEC_JPEG_ERROR_H
#define CODEC_JPEG_ERROR_H

#include "report.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

typedef struct {
    struct jpeg_error_mgr manager;  ///< must come first, because libjpeg knows only this
    jmp_buf jump;
    codec_report *report;
} codec_jpeg_error;

/// Fills in the manager. The caller must set `jump` before each call into libjpeg.
struct jpeg_error_mgr *codec_jpeg_error_prepare(codec_jpeg_error *error, codec_report *report);
/// Reports a failure and jumps.
_Noreturn void codec_jpeg_fail(j_common_ptr common, codec_status status, const char *message);

#endif
