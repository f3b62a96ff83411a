#!/usr/bin/env python3
"""A disk that records what is written to it: recorder.py MOUNTPOINT IMAGE LOG.

MOUNTPOINT/disk is the file IMAGE. A loop device on it sends each write and each flush of its filesystem as one request.
Each is appended to LOG before it is answered, so that the log's length at any moment says what has reached the disk.
"""
import os
import pathlib
import stat
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fuse  # noqa: E402

FLUSH = 0xffff_ffff_ffff_ffff
HEADER = struct.Struct("=QI")  # the write's offset, or FLUSH; the number of bytes that follow
ROOT, DISK = 1, 2


class Recorder(fuse.Server):
    def __init__(self, mountpoint, image, log):
        self.image = os.open(image, os.O_RDWR | os.O_CLOEXEC)
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
        super().__init__(mountpoint, "recorder")

    def attributes(self, node):
        return fuse.attributes(node, os.fstat(self.image), None if node == DISK else stat.S_IFDIR | 0o700)

    def lookup(self, request):
        if request.names(0) != [b"disk"]:
            raise FileNotFoundError(2, "no such file")
        return fuse.entry(DISK, os.fstat(self.image))

    def getattr(self, request):
        return struct.pack("=QII", 0, 0, 0) + self.attributes(request.node)

    setattr = getattr

    def open(self, request):
        return struct.pack("=QII", 0, 0, 0)

    opendir = open

    def read(self, request):
        _, offset, size = request.fields("QQI")
        return os.pread(self.image, size, offset)

    def write(self, request):
        _, offset, size = request.fields("QQI")
        data = request.body[40:40 + size]
        os.pwrite(self.image, data, offset)
        os.write(self.log, HEADER.pack(offset, size) + data)
        return struct.pack("=II", size, 0)

    def fsync(self, request):
        os.write(self.log, HEADER.pack(FLUSH, 0))

    def flush(self, request):
        pass

    release = releasedir = flush


def read_log(path):
    """The requests: (position of its end in the log, offset or FLUSH, data)."""
    data, position = pathlib.Path(path).read_bytes(), 0
    while position < len(data):
        offset, size = HEADER.unpack_from(data, position)
        position += HEADER.size + size
        yield position, offset, data[position - size:position]


if __name__ == "__main__":
    Recorder(*sys.argv[1:]).serve()
