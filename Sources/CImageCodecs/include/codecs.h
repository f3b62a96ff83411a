/// Wraps libpng and libjpeg in calls that return.
///
/// Both libraries report errors by longjmp, which must never cross a Swift frame. Every function here sets
/// its own jump target, returns a `codec_status`, and stores the library's messages in the handle's report.
/// No function prints, exits or calls back into Swift. After a call that did not return `codec_ok`, a handle
/// may only be asked for its report and freed.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    codec_ok = 0,
    codec_truncated,    ///< the input ends too early
    codec_damaged,      ///< the input contradicts its format
    codec_unsupported,  ///< valid, but of a kind that is not read
    codec_too_large,    ///< a bound is exceeded
    codec_no_memory,    ///< the system gives no memory; the input may be as good as any
} codec_status;

enum { codec_message_size = 240, codec_warning_capacity = 8 };

/// The library's messages. Warnings beyond the capacity are counted, but not kept.
typedef struct {
    codec_status status;
    char message[codec_message_size];
    size_t warning_count;
    char warnings[codec_warning_capacity][codec_message_size];
} codec_report;

const char *codec_report_message(const codec_report *report);
/// Returns the number of warnings kept, at most `codec_warning_capacity`.
size_t codec_report_warning_count(const codec_report *report);
const char *codec_report_warning(const codec_report *report, size_t index);

/// Bytes owned by others: the input, a handle, or the caller.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} codec_bytes;

/// Interleaved samples in memory: `height * width * channels`, rows without padding, 16-bit samples in native
/// byte order.
typedef struct {
    uint32_t width;
    uint32_t height;
    int channels;   ///< 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
    int bit_depth;  ///< 8 or 16
} codec_shape;

// MARK: PNG

typedef struct codec_png_reader codec_png_reader;

/// An ancillary chunk kept verbatim.
typedef struct {
    char type[5];
    codec_bytes data;
} codec_png_chunk;

/// Creates a reader, or returns NULL if memory is insufficient. `input` must outlive the reader.
codec_png_reader *codec_png_reader_create(codec_bytes input);
const codec_report *codec_png_reader_report(const codec_png_reader *reader);
/// Reads up to the pixels. `shape` describes the samples after expansion of palettes, tRNS and 1, 2 and 4
/// bits.
codec_status codec_png_reader_start(codec_png_reader *reader, codec_shape *shape);
/// Reads all rows and the chunks after them.
codec_status codec_png_reader_samples(codec_png_reader *reader, void *samples);
/// Returns the number of kept chunks (colour, density, EXIF and iTXt), whose order is the file's. It must be called
/// after the samples are read.
size_t codec_png_reader_chunk_count(const codec_png_reader *reader);
codec_png_chunk codec_png_reader_chunk(const codec_png_reader *reader, size_t index);
void codec_png_reader_free(codec_png_reader *reader);

typedef struct codec_png_writer codec_png_writer;

codec_png_writer *codec_png_writer_create(codec_shape shape);
const codec_report *codec_png_writer_report(const codec_png_writer *writer);
/// Writes the header. Chunks may follow, then the samples.
codec_status codec_png_writer_start(codec_png_writer *writer);
codec_status codec_png_writer_chunk(codec_png_writer *writer, const char type[5], codec_bytes data);
/// Deflates an ICC profile into an iCCP chunk.
codec_status codec_png_writer_profile(codec_png_writer *writer, codec_bytes profile);
/// Writes all rows and the end. The writer owns `output`.
codec_status codec_png_writer_samples(codec_png_writer *writer, const void *samples, codec_bytes *output);
void codec_png_writer_free(codec_png_writer *writer);

/// Inflates the payload of an iCCP chunk into `*profile`, which `codec_bytes_free` releases. A profile of
/// more than `limit` bytes gives `codec_too_large`.
codec_status codec_png_inflate_profile(codec_bytes chunk, size_t limit, codec_bytes *profile);
void codec_bytes_free(codec_bytes bytes);

// MARK: JPEG

typedef struct codec_jpeg_reader codec_jpeg_reader;

typedef struct {
    /// The layout, grey or RGB; CMYK and YCCK are converted.
    codec_shape shape;
    /// Whether the file holds CMYK or YCCK, so that its ICC profile does not describe the samples.
    bool from_cmyk;
    bool has_density;
    uint8_t density_unit;  ///< JFIF's unit: 0 aspect ratio, 1 per inch, 2 per centimetre
    uint16_t x_density;
    uint16_t y_density;
    /// The ICC profile assembled from its segments; count 0 if there is none. The reader owns it.
    codec_bytes profile;
} codec_jpeg_info;

/// Creates a reader, or returns NULL if memory is insufficient. `input` must outlive the reader.
codec_jpeg_reader *codec_jpeg_reader_create(codec_bytes input);
const codec_report *codec_jpeg_reader_report(const codec_jpeg_reader *reader);
/// Reads up to the pixels. The profile and the segments APP1 and APP13 are read only with `keep_metadata`.
codec_status codec_jpeg_reader_start(codec_jpeg_reader *reader, bool keep_metadata, codec_jpeg_info *info);
/// Returns what follows `prefix` in the first segment APP`number` that begins with it; count 0 if there is none or
/// nothing follows. The reader owns it. It must be called after codec_jpeg_reader_start.
codec_bytes codec_jpeg_reader_segment(const codec_jpeg_reader *reader, int number, codec_bytes prefix);
/// Reads all rows up to the end-of-image marker. More than `scan_limit` scans give `codec_too_large`.
codec_status codec_jpeg_reader_samples(codec_jpeg_reader *reader, int scan_limit, uint8_t *samples);
void codec_jpeg_reader_free(codec_jpeg_reader *reader);

typedef struct codec_jpeg_writer codec_jpeg_writer;

/// Creates a writer. `shape` must be grey or RGB with 8 bits.
codec_jpeg_writer *codec_jpeg_writer_create(codec_shape shape);
const codec_report *codec_jpeg_writer_report(const codec_jpeg_writer *writer);
/// Writes the headers. The density is as in `codec_jpeg_info`.
codec_status codec_jpeg_writer_start(
    codec_jpeg_writer *writer, int quality, bool halve_chroma, uint8_t density_unit, uint16_t x_density,
    uint16_t y_density);
/// Writes a segment APP`number` of at most 65533 bytes.
codec_status codec_jpeg_writer_segment(codec_jpeg_writer *writer, int number, codec_bytes data);
/// Writes an ICC profile in as many segments as it needs.
codec_status codec_jpeg_writer_profile(codec_jpeg_writer *writer, codec_bytes profile);
/// Writes all rows and the end. The writer owns `output`.
codec_status codec_jpeg_writer_samples(codec_jpeg_writer *writer, const uint8_t *samples, codec_bytes *output);
void codec_jpeg_writer_free(codec_jpeg_writer *writer);

#endif
