"""The pieces of PNG and JPEG files that make_fixtures.py puts together."""
import io
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scan_lines(samples, depth):
    """Rows of (height, width, channels), each with a filter byte: none and sub in turn."""
    data = bytearray()
    channels = samples.shape[2]
    for index, row in enumerate(samples):
        flat = row.reshape(-1)
        if depth == 16:
            line = flat.astype(">u2").tobytes()
        elif depth == 8:
            line = flat.astype(np.uint8).tobytes()
        else:
            bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            line = np.packbits(bits.reshape(-1)).tobytes()
        if index % 2 and depth >= 8:
            step = channels * depth // 8
            raw = np.frombuffer(line, np.uint8).astype(int)
            shifted = np.concatenate([np.zeros(step, int), raw[:-step]]) if len(raw) > step else np.zeros(len(raw), int)
            data += b"\1" + ((raw - shifted) % 256).astype(np.uint8).tobytes()
        else:
            data += b"\0" + line
    return bytes(data)


def png(samples, colour, depth, interlaced=False, before=(), after=(), pieces=1):
    height, width = samples.shape[:2]
    if interlaced:
        raw = b"".join(scan_lines(samples[top::down, left::right], depth)
                       for left, top, right, down in ADAM7 if width > left and height > top)
    else:
        raw = scan_lines(samples, depth)
    packed = zlib.compress(raw, 9)
    size = -(-len(packed) // pieces)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(before)
            + b"".join(chunk(b"IDAT", packed[i:i + size]) for i in range(0, len(packed), size))
            + b"".join(after) + chunk(b"IEND", b""))


def icc_profile(size=1300, space=b"RGB "):
    """A profile's header with nothing useful behind it: kept verbatim, never used."""
    body = bytearray(size)
    struct.pack_into(">I4sI4s4s4s", body, 0, size, b"none", 0x02400000, b"mntr", space, b"XYZ ")
    body[36:40] = b"acsp"
    body[132:] = np.random.default_rng(3).integers(0, 256, size - 132).astype(np.uint8).tobytes()
    return bytes(body)


def exif_block(orientation, order, width, height, kind=3):
    """Orientation in the first directory, pixel dimensions in the second, and a thumbnail's directory."""
    end = "<" if order == "II" else ">"
    short = lambda value: struct.pack(end + "HH", value, 0)
    long = lambda value: struct.pack(end + "I", value)
    entry = lambda tag, form, value: struct.pack(end + "HHI", tag, form, 1) + value
    second, third = 8 + 2 + 2 * 12 + 4, 8 + 2 + 2 * 12 + 4 + 2 + 2 * 12 + 4
    value = short(orientation) if kind == 3 else long(orientation)
    return (order.encode() + struct.pack(end + "HI", 42, 8)
            + struct.pack(end + "H", 2) + entry(0x0112, kind, value) + entry(0x8769, 4, long(second)) + long(third)
            + struct.pack(end + "H", 2) + entry(0xA002, 4, long(width)) + entry(0xA003, 4, long(height)) + long(0)
            + struct.pack(end + "H", 1) + entry(0x0112, 3, short(orientation)) + long(0))


# A caption (dataset 2:120) and a keyword (2:25) of IPTC.
IPTC = b"\x1c\x02\x78\x00\x0aRainy day." + b"\x1c\x02\x19\x00\x04rain"


def photoshop_resource(number, data, name=b""):
    padded = bytes([len(name)]) + name
    return (b"8BIM" + struct.pack(">H", number) + padded + bytes(len(padded) % 2) + struct.pack(">I", len(data)) + data
            + bytes(len(data) % 2))


def xmp_packet(orientation):
    """The orientation as an attribute and as an element."""
    return (f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" \
tiff:Orientation="{orientation}"><tiff:Orientation>{orientation}</tiff:Orientation></rdf:Description></rdf:RDF>\
</x:xmpmeta><?xpacket end="w"?>""").encode()


def run(*command, data):
    result = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert result.returncode in (0, 2), result.stderr  # 2: with warnings
    return result.stdout


def pnm(pixels):
    return b"P%d %d %d 255\n" % (5 if pixels.shape[2] == 1 else 6, pixels.shape[1], pixels.shape[0]) + pixels.tobytes()


def djpeg(data):
    return np.asarray(Image.open(io.BytesIO(run("djpeg", "-pnm", data=data))))


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segments(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]
