#!/usr/bin/env python3
"""Decodes every visible PNG below the folders given: decode.py FOLDER... Prints their number; exits with 1 and the
picture's name where one is not whole. Only the standard library.
"""
import os
import pathlib
import struct
import sys
import zlib
from collections.abc import Iterator


def check(data: bytes) -> None:
    """Raises where a PNG of 8 bits is not whole: every checksum, every row."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "signature"
    position, pixels, size, channels = 8, b"", (0, 0), 0
    while position < len(data):
        count, kind = struct.unpack(">I4s", data[position:position + 8])
        body = data[position + 8:position + 8 + count]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[position + 8 + count:position + 12 + count])[0], kind
        position += 12 + count
        if kind == b"IHDR":
            size, channels = struct.unpack(">II", body[:8]), {0: 1, 2: 3, 4: 2, 6: 4}[body[9]]
        elif kind == b"IDAT":
            pixels += body
    assert kind == b"IEND" and position == len(data), "end"
    assert len(zlib.decompress(pixels)) == size[1] * (channels * size[0] + 1), "rows"


def visible(folders: list[str]) -> Iterator[pathlib.Path]:
    """The visible PNGs below the folders; a folder that goes while it is walked (os.walk passes it over) has none."""
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (pathlib.Path(place, name) for name in names if name.endswith(".png") and name[0] != ".")


def main() -> None:
    count = 0
    for path in visible(sys.argv[1:]):
        try:
            check(path.read_bytes())
        except FileNotFoundError:
            continue
        except Exception as error:  # noqa: BLE001: whatever is wrong with it
            sys.exit(f"{path}: {error!r}")
        count += 1
    print(count)


if __name__ == "__main__":
    main()
