/// The parts that the four codecs share: the report and a growing output.
#ifndef CODEC_REPORT_H
#define CODEC_REPORT_H

#include "codecs.h"

/// Keeps only the first failure, because later ones are its consequences.
void codec_report_fail(codec_report *report, codec_status status, const char *message);
void codec_report_warn(codec_report *report, const char *message);

/// malloc(3), and a failure in the report where there is no memory.
void *codec_report_allocate(codec_report *report, size_t count);

/// The bytes written so far.
typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} codec_output;

/// Returns false if there is no memory; the output is then unchanged.
bool codec_output_reserve(codec_output *output, size_t count);
bool codec_output_append(codec_output *output, const uint8_t *bytes, size_t count);

#endif
