"""The part of the FUSE protocol that the tests' filesystems need, spoken with /dev/fuse directly.

A filesystem derives from `Server` and defines methods named after the requests in `REQUESTS`. A method gets the request
and returns the body of the answer, or raises OSError. A request without a method is answered with ENOSYS. One request is
answered after the other, in the order in which the kernel sends them. Mounting needs root.

Layouts: include/uapi/linux/fuse.h, version 7.31.
"""
import ctypes
import dataclasses
import errno
import os
import struct

REQUESTS = {
    1: "lookup", 2: "forget", 3: "getattr", 4: "setattr", 5: "readlink", 6: "symlink", 8: "mknod", 9: "mkdir",
    10: "unlink", 11: "rmdir", 12: "rename", 13: "link", 14: "open", 15: "read", 16: "write", 17: "statfs",
    18: "release", 20: "fsync", 25: "flush", 26: "init", 27: "opendir", 28: "readdir", 29: "releasedir",
    30: "fsyncdir", 34: "access", 35: "create", 36: "interrupt", 38: "destroy", 42: "batch_forget", 45: "rename2",
}
UNANSWERED = {"forget", "interrupt", "batch_forget"}
LARGEST_WRITE = 1 << 20
libc = ctypes.CDLL(None, use_errno=True)


@dataclasses.dataclass
class Request:
    node: int
    user: int
    group: int
    process: int
    body: bytes

    def fields(self, layout):
        return struct.unpack_from("=" + layout, self.body)

    def names(self, skip):
        """The names after `skip` bytes of numbers."""
        return self.body[skip:].split(b"\0")[:-1]


def attributes(number, status, mode=None):
    """fuse_attr of inode `number` with the values of `status`, an os.stat_result, and perhaps another mode."""
    times = [status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns]
    seconds, nanoseconds = zip(*(divmod(time, 1_000_000_000) for time in times))
    return struct.pack(
        "=6Q10I", number, status.st_size, status.st_blocks, *(second & 0xffff_ffff_ffff_ffff for second in seconds),
        *nanoseconds, mode or status.st_mode, status.st_nlink, status.st_uid, status.st_gid, 0, 4096, 0)


def entry(number, status):
    """fuse_entry_out: the kernel asks again each time, so that it notices what happens behind the mount."""
    return struct.pack("=QQQQII", number, 0, 0, 0, 0, 0) + attributes(number, status)


class Server:
    def __init__(self, mountpoint, name):
        self.device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions"
        if libc.mount(name.encode(), os.fsencode(mountpoint), b"fuse", 6, options.encode()) != 0:  # nosuid, nodev
            raise OSError(ctypes.get_errno(), "mount", mountpoint)

    def serve(self):
        """Answers until it is unmounted."""
        while True:
            try:
                data = os.read(self.device, LARGEST_WRITE + 4096)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.ENOENT):
                    continue
                if error.errno == errno.ENODEV:
                    return
                raise
            _, code, unique, node, user, group, process, _ = struct.unpack_from("=IIQQIIII", data)
            name = REQUESTS.get(code, "")
            number, body = self.answer(name, Request(node, user, group, process, data[40:]))
            if name not in UNANSWERED:
                try:
                    os.write(self.device, struct.pack("=IiQ", 16 + len(body), -number, unique) + body)
                except OSError as error:
                    if error.errno != errno.ENOENT:  # the caller was interrupted and waits no more
                        raise

    def answer(self, name, request):
        method = getattr(self, name, None)
        if method is None:
            return (0, b"") if name in UNANSWERED else (errno.ENOSYS, b"")
        try:
            return 0, method(request) or b""
        except OSError as error:
            return error.errno or errno.EIO, b""

    def init(self, request):
        big_writes, max_pages = 1 << 5, 1 << 22
        return struct.pack("=IIIIHHIIHHI28x", 7, 31, 1 << 17, big_writes | max_pages, 16, 12, LARGEST_WRITE, 1,
                           LARGEST_WRITE // 4096, 0, 0)

    def statfs(self, request):
        return struct.pack("=5QIIII24x", 1 << 20, 1 << 19, 1 << 19, 1 << 20, 1 << 19, 4096, 255, 4096, 0)
