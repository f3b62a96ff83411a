#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

codec_status codec_png_inflate_profile(codec_bytes chunk, size_t limit, codec_bytes *profile) {
    if (chunk.count == 0) return codec_damaged;
    // The chunk has a name of 1 to 79 bytes, NUL, the compression method 0, and zlib data.
    const uint8_t *end = memchr(chunk.bytes, 0, chunk.count < 80 ? chunk.count : 80);
    size_t header = end ? (size_t)(end - chunk.bytes) + 2 : 0;
    if (header == 0 || header >= chunk.count || chunk.bytes[header - 1] != 0) return codec_damaged;

    z_stream stream = {.next_in = (Bytef *)chunk.bytes + header, .avail_in = (uInt)(chunk.count - header)};
    if (inflateInit(&stream) != Z_OK) return codec_no_memory;
    codec_output output = {0};
    codec_status status = codec_ok;
    int result = Z_OK;
    while (status == codec_ok && result != Z_STREAM_END) {
        if (output.count > limit || !codec_output_reserve(&output, 4096)) {
            status = output.count > limit ? codec_too_large : codec_no_memory;
            break;
        }
        uInt room = (uInt)(output.capacity - output.count);
        stream.next_out = output.bytes + output.count;
        stream.avail_out = room;
        result = inflate(&stream, Z_NO_FLUSH);
        output.count += room - stream.avail_out;
        if (result != Z_OK && result != Z_STREAM_END)
            status = result == Z_MEM_ERROR ? codec_no_memory : codec_damaged;
    }
    inflateEnd(&stream);
    if (status == codec_ok && output.count > limit) status = codec_too_large;
    if (status == codec_ok && output.count == 0) status = codec_damaged;
    if (status != codec_ok) {
        free(output.bytes);
        return status;
    }
    *profile = (codec_bytes){output.bytes, output.count};
    return codec_ok;
}

codec_status codec_png_writer_profile(codec_png_writer *writer, codec_bytes profile) {
    static const uint8_t header[] = "ICC profile\0";  // the name, its NUL and method 0
    uLongf count = compressBound(profile.count);
    uint8_t *bytes = malloc(sizeof header + count);
    if (!bytes) return codec_no_memory;
    memcpy(bytes, header, sizeof header);
    codec_status status = codec_no_memory;
    if (compress2(bytes + sizeof header, &count, profile.bytes, profile.count, Z_BEST_COMPRESSION) == Z_OK)
        status = codec_png_writer_chunk(writer, "iCCP", (codec_bytes){bytes, sizeof header + count});
    free(bytes);
    return status;
}
