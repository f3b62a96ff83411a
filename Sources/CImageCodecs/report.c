#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *codec_report_message(const codec_report *report) { return report->message; }

size_t codec_report_warning_count(const codec_report *report) {
    return report->warning_count < codec_warning_capacity ? report->warning_count : codec_warning_capacity;
}

const char *codec_report_warning(const codec_report *report, size_t index) { return report->warnings[index]; }

void codec_report_fail(codec_report *report, codec_status status, const char *message) {
    if (report->status != codec_ok) return;
    report->status = status;
    snprintf(report->message, codec_message_size, "%s", message);
}

void codec_report_warn(codec_report *report, const char *message) {
    // A damaged file can repeat a warning a million times.
    for (size_t i = 0; i < codec_report_warning_count(report); i++)
        if (strncmp(report->warnings[i], message, codec_message_size - 1) == 0) return;
    if (report->warning_count < codec_warning_capacity)
        snprintf(report->warnings[report->warning_count], codec_message_size, "%s", message);
    report->warning_count++;
}

void *codec_report_allocate(codec_report *report, size_t count) {
    void *memory = malloc(count);
    if (!memory) codec_report_fail(report, codec_no_memory, "no memory for the codec");
    return memory;
}

void codec_bytes_free(codec_bytes bytes) { free((void *)bytes.bytes); }

bool codec_output_reserve(codec_output *output, size_t count) {
    if (output->capacity - output->count >= count) return true;
    if (count > SIZE_MAX / 2 - output->count) return false;
    size_t capacity = output->capacity < 65536 ? 65536 : output->capacity;
    while (capacity - output->count < count) capacity += capacity / 2;
    uint8_t *bytes = realloc(output->bytes, capacity);
    if (!bytes) return false;
    output->bytes = bytes;
    output->capacity = capacity;
    return true;
}

bool codec_output_append(codec_output *output, const uint8_t *bytes, size_t count) {
    if (!codec_output_reserve(output, count)) return false;
    memcpy(output->bytes + output->count, bytes, count);
    output->count += count;
    return true;
}
