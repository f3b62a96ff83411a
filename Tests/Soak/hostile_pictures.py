"""Pictures that no camera makes, for the hostile soak: damaged, contradictory, endless, small ones that become huge.

Only the standard library. Everything comes from the random numbers that are passed in.
"""
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, data, checksum=None):
    value = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", value & 0xFFFFFFFF)


def header(width, height, depth=8, colour=2, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def random_rows(numbers, width, height, channels=3):
    return b"".join(b"\0" + numbers.randbytes(channels * width) for _ in range(height))


def png(width, height, rows, more=b"", depth=8, colour=2, interlace=0, end=b""):
    return (SIGNATURE + header(width, height, depth, colour, interlace) + more + chunk(b"IDAT", zlib.compress(rows, 1))
            + chunk(b"IEND", b"") + end)


def small_png(numbers, more=b"", end=b""):
    """A good one."""
    width, height = numbers.randint(8, 40), numbers.randint(8, 40)
    return png(width, height, random_rows(numbers, width, height), more, end=end)


def plain_png(width, height, depth=8, colour=2):
    """Of one colour, and small as a file whatever its size."""
    row = b"\0" + bytes((width * COLOURS[colour] * depth + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return SIGNATURE + header(width, height, depth, colour) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def damaged(numbers, data):
    """Cut off, with flipped bits, with a part doubled, missing or zeroed, or with something behind it."""
    data = bytearray(data)
    start, end = sorted((numbers.randrange(len(data)), numbers.randrange(len(data) + 1)))
    way = numbers.randrange(7)
    if way == 0:
        return bytes(data[:start])
    if way == 1:
        for _ in range(numbers.randint(1, 20)):
            data[numbers.randrange(len(data))] ^= 1 << numbers.randrange(8)
    elif way == 2:
        data[start:end] = data[start:end] * 2
    elif way == 3:
        del data[start:end]
    elif way == 4:
        data[start:end] = bytes(end - start)
    elif way == 5:
        data[start:end] = numbers.randbytes(end - start)
    else:
        data += data[:numbers.randrange(len(data))]
    return bytes(data)


def contradictory_png(numbers):
    """Every layout, with the wrong amount of rows, wrong filters, missing or doubled chunks, wrong checksums."""
    colour, depth = numbers.choice(list(COLOURS)), numbers.choice([1, 2, 4, 8, 16, 3, 0, 255])
    width, height = numbers.randint(0, 70), numbers.randint(0, 70)
    row = (width * COLOURS[colour] * min(depth, 16) + 7) // 8
    count = max(0, height + numbers.choice([0, 0, -1, 1, 500]))
    rows = b"".join(bytes([numbers.choice([0, 1, 2, 3, 4, 4, 4, 9])]) + numbers.randbytes(row) for _ in range(count))
    packed = zlib.compress(rows, numbers.choice([0, 1, 9]))
    parts = []
    if numbers.random() < 0.7:
        parts.append(chunk(b"PLTE", numbers.randbytes(numbers.choice([0, 3, 768, 771, 2]))))
    for kind in (b"tRNS", b"gAMA", b"cHRM", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"eXIf", b"iCCP", b"sPLT", b"tIME",
                 b"acTL", b"fdAT", b"cICP", b"zTXt", b"\0\0\0\0", b"IDAT", b"IHDR", b"IEND"):
        if numbers.random() < 0.25:
            parts.append(chunk(kind, numbers.randbytes(numbers.choice([0, 1, 4, 13, 32, 300])),
                               numbers.choice([None, None, 7])))
    numbers.shuffle(parts)
    pieces = [packed[start:start + 50] for start in range(0, len(packed), 50)] if numbers.random() < 0.3 else [packed]
    kind = numbers.choice([0, 0, 1, 2])
    data = SIGNATURE + header(width, height, depth, colour, kind) + b"".join(parts)
    data += b"".join(chunk(b"IDAT", piece) for piece in pieces)
    return data + (chunk(b"IEND", b"") if numbers.random() < 0.8 else b"")


def huge_claim(numbers):
    """A huge size in a few kilobytes, with next to no rows."""
    sides = [0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 1_000_000, 100_000, 65_535, 65_536, 60_000, 46_341, 10_000, 1, 0]
    width, height = numbers.choice(sides), numbers.choice(sides)
    colour, depth = numbers.choice([(0, 1), (2, 8), (2, 16), (6, 16), (3, 8)])
    data = zlib.compress(bytes(numbers.choice([1, 2_000, 2_000_000])), 9)
    return (SIGNATURE + header(width, height, depth, colour, numbers.choice([0, 1])) + chunk(b"PLTE", bytes(3))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def inflating_profile(numbers):
    """A small picture with 4 to 60 MB of one byte in its profile or in its texts."""
    size = numbers.choice([4 << 20, (4 << 20) - 64, 60 << 20])
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
    more = numbers.choice([chunk(b"iCCP", b"x\0\0" + data), 40 * chunk(b"zTXt", b"x\0\0" + data),
                           chunk(b"iTXt", b"x\0\1\0\0\0" + data), 40 * chunk(b"iCCP", b"x\0\0" + data)])
    return small_png(numbers, more)


def many_chunks(numbers):
    """Tens of thousands of chunks, or one of many megabytes."""
    kind = numbers.choice([b"eXIf", b"tEXt", b"abCd", b"gAMA", b"IDAT", b"sPLT", b"iCCP"])
    return small_png(numbers, numbers.choice([
        chunk(kind, b"") * 50_000, chunk(kind, bytes(4)) * 30_000, chunk(kind, b"a\0" + bytes(5_000_000)),
        chunk(b"abCd", bytes(60_000)) * 60]))


def segments(jpeg):
    """Where a JPEG's segments begin, up to the first scan's data."""
    position, found = 2, []
    while position + 4 <= len(jpeg) and jpeg[position] == 0xFF:
        found.append(position)
        if jpeg[position + 1] == 0xDA:
            break
        position += 2 + struct.unpack(">H", jpeg[position + 2:position + 4])[0]
    return found


def contradictory_jpeg(numbers, jpeg):
    """Other sizes, segments doubled, dropped or shuffled, endless scans, profiles in 255 parts, odd EXIF blocks."""
    places = segments(jpeg)
    frame = next((place for place in places if jpeg[place + 1] in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)), None)
    way = numbers.randrange(7)
    if way == 0 and frame:
        sides = [0, 1, 8, 100, 10_000, 60_000, 65_500, 65_535]
        return jpeg[:frame + 5] + struct.pack(">HH", numbers.choice(sides), numbers.choice(sides)) + jpeg[frame + 9:]
    if way == 1 and len(places) > 2:
        parts = [jpeg[start:end] for start, end in zip(places, places[1:])]
        numbers.shuffle(parts)
        return jpeg[:2] + b"".join(parts[numbers.randrange(2):]) + jpeg[places[-1]:]
    if way == 2:
        # Every scan costs a pass over all the picture's blocks.
        scan = jpeg.find(b"\xff\xda", places[-1])
        body = jpeg[scan:-2]
        large = jpeg[:frame + 5] + struct.pack(">HH", 2000, 2000) + jpeg[frame + 9:scan] if frame else jpeg[:scan]
        return large + body * 400 + b"\xff\xd9"
    if way == 3:
        part = b"ICC_PROFILE\0" + bytes([numbers.randint(0, 255), 255]) + bytes(65_000)
        return jpeg[:2] + (b"\xff\xe2" + struct.pack(">H", len(part) + 2) + part) * numbers.choice([1, 60]) + jpeg[2:]
    if way == 4:
        block = b"Exif\0\0" + numbers.choice([b"II*\0", b"MM\0*", b""])
        block += numbers.randbytes(numbers.choice([0, 4, 300]))
        segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        return jpeg[:2] + segment * numbers.choice([1, 500]) + jpeg[2:]
    if way == 5:
        # Padding and restart markers in the middle.
        place = numbers.randrange(2, len(jpeg))
        return jpeg[:place] + numbers.choice([b"\xff" * 200_000, b"\xff\xd0" * 50_000, b"\0" * 200_000]) + jpeg[place:]
    return damaged(numbers, jpeg)


def no_picture(numbers):
    return numbers.choice([
        b"", b"\x89", SIGNATURE, b"\xff\xd8", b"\xff\xd8\xff\xe0", b"this is no picture\n" * 99, b"GIF89a" + bytes(99),
        b"PK\x03\x04" + bytes(500), b"\x7fELF" + bytes(99), b"RIFF\0\0\0\0WEBPVP8 " + bytes(99), b"BM" + bytes(99),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"II*\0" + bytes(99), bytes(4096), numbers.randbytes(4096),
        b"#!/bin/sh\nkill -9 -1\n"])
