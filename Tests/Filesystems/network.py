#!/usr/bin/env python3
"""A filesystem that behaves as NFS does where that differs from a local one.

    network.py MOUNTPOINT FOLDER [--stale SHARE] [--no-replace] [--seed N]

It shows FOLDER, and what other clients do there directly is seen without an event. A handle means an inode: once another
client has removed or replaced the file, each use of the handle fails with ESTALE, also the use of an open descriptor.
With --stale it does so at random as well. A file that is removed or replaced here while it is open here becomes
`.nfs…` in its folder and goes when it is closed. There is no O_TMPFILE, no exchange and no renaming without replacing,
and there are no extended attributes. With --no-replace, nothing can be renamed over a file that exists.
"""
import argparse
import collections
import errno
import os
import pathlib
import random
import stat
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fuse  # noqa: E402

ROOT = 1
MODE, USER, GROUP, SIZE, ACCESSED, MODIFIED, ACCESSED_NOW, MODIFIED_NOW = 1, 2, 4, 8, 16, 32, 128, 256


class Network(fuse.Server):
    def __init__(self, options):
        self.root, self.options = os.fsencode(options.folder), options
        self.numbers = random.Random(options.seed)
        self.paths = {ROOT: self.root}
        self.open_files = {}
        self.open_counts = collections.Counter()
        self.silly = {}
        os.umask(0)
        super().__init__(options.mountpoint, "network")

    # --- Handles

    def known(self, path):
        status = os.lstat(path)
        number = ROOT if path == self.root else status.st_ino
        self.paths[number] = path
        return number, status

    def path(self, node):
        """The node's path, if the same inode is still there."""
        path = self.paths.get(node)
        if path is None:
            raise OSError(errno.ESTALE, "unknown handle")
        try:
            if node == ROOT or os.lstat(path).st_ino == node:
                return path
        except OSError:
            pass
        raise OSError(errno.ESTALE, "stale handle")

    def perhaps_stale(self, node):
        if node in self.open_counts and self.numbers.random() < self.options.stale:
            raise OSError(errno.ESTALE, "stale handle, by chance")

    def inside(self, request, skip=0, which=0):
        return os.path.join(self.path(request.node), request.names(skip)[which])

    def moved(self, old, new):
        for number, path in self.paths.items():
            if path == old or path.startswith(old + b"/"):
                self.paths[number] = new + path[len(old):]

    def set_aside(self, path):
        """Keeps an open file that is about to lose its name. True if it was open."""
        try:
            number = os.lstat(path).st_ino
        except OSError:
            return False
        if not self.open_counts[number] or stat.S_ISDIR(os.lstat(path).st_mode):
            return False
        hidden = os.path.join(os.path.dirname(path), b".nfs%016x" % number)
        os.rename(path, hidden)
        self.paths[number] = self.silly[number] = hidden
        return True

    # --- Names

    def entry(self, path, request=None):
        if request is not None:
            os.chown(path, request.user, request.group, follow_symlinks=False)
        return fuse.entry(*self.known(path))

    def lookup(self, request):
        return self.entry(self.inside(request))

    def getattr(self, request):
        path = self.path(request.node)
        self.perhaps_stale(request.node)
        return struct.pack("=QII", 0, 0, 0) + fuse.attributes(*self.known(path))

    def setattr(self, request):
        valid, _, _, size, _, atime, mtime, _, atime_ns, mtime_ns, _, mode, _, user, group = request.fields("IIQQQQQQIIIIIII")
        path = self.path(request.node)
        if valid & SIZE:
            os.truncate(path, size)
        if valid & (USER | GROUP):
            os.chown(path, user if valid & USER else -1, group if valid & GROUP else -1, follow_symlinks=False)
        if valid & MODE:
            os.chmod(path, stat.S_IMODE(mode))
        if valid & (ACCESSED | MODIFIED):
            now, before = None, os.lstat(path)
            times = [before.st_atime_ns, before.st_mtime_ns]
            if valid & ACCESSED and not valid & ACCESSED_NOW:
                times[0] = atime * 1_000_000_000 + atime_ns
            if valid & MODIFIED and not valid & MODIFIED_NOW:
                times[1] = mtime * 1_000_000_000 + mtime_ns
            os.utime(path, now if valid & MODIFIED_NOW else None, **({} if valid & MODIFIED_NOW else {"ns": tuple(times)}))
        return struct.pack("=QII", 0, 0, 0) + fuse.attributes(*self.known(path))

    def readlink(self, request):
        return os.readlink(self.path(request.node))

    def symlink(self, request):
        path = self.inside(request)
        os.symlink(request.names(0)[1], path)
        return self.entry(path, request)

    def mknod(self, request):
        mode, device, mask = request.fields("III")
        path = self.inside(request, 16)
        os.mknod(path, mode & ~mask, device)
        return self.entry(path, request)

    def mkdir(self, request):
        mode, mask = request.fields("II")
        path = self.inside(request, 8)
        os.mkdir(path, mode & ~mask)
        os.chown(path, request.user, request.group)
        os.chmod(path, mode & ~mask)
        return self.entry(path)

    def unlink(self, request):
        path = self.inside(request)
        if not self.set_aside(path):
            os.unlink(path)

    def rmdir(self, request):
        os.rmdir(self.inside(request))

    def rename(self, request, skip=8):
        target = self.path(request.fields("Q")[0])
        old, new = self.inside(request, skip), os.path.join(target, request.names(skip)[1])
        if os.path.lexists(new):
            if self.options.no_replace:
                raise OSError(errno.EEXIST, "nothing is replaced here")
            self.set_aside(new)
        os.rename(old, new)
        self.moved(old, new)

    def rename2(self, request):
        if request.fields("QI")[1] != 0:
            raise OSError(errno.EINVAL, "renaming with flags")
        self.rename(request, 16)

    def link(self, request):
        old, path = self.path(request.fields("Q")[0]), self.inside(request, 8)
        os.link(old, path, follow_symlinks=False)
        status = os.lstat(path)
        return fuse.entry(status.st_ino, status)

    # --- Open files

    def keep(self, node, file):
        self.open_files[file] = node
        self.open_counts[node] += 1
        return struct.pack("=QII", file, 1, 0)  # without the page cache

    def open(self, request):
        path = self.path(request.node)
        self.perhaps_stale(request.node)
        return self.keep(request.node, os.open(path, request.fields("I")[0] & ~os.O_NOFOLLOW & ~os.O_EXCL | os.O_CLOEXEC))

    def create(self, request):
        flags, mode, mask = request.fields("III")
        path = self.inside(request, 16)
        file = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, mode & ~mask)
        number, _ = self.known(path)
        return self.entry(path, request) + self.keep(number, file)

    def read(self, request):
        file, offset, size = request.fields("QQI")
        self.path(request.node)
        self.perhaps_stale(request.node)
        return os.pread(file, size, offset)

    def write(self, request):
        file, offset, size = request.fields("QQI")
        self.path(request.node)
        return struct.pack("=II", os.pwrite(file, request.body[40:40 + size], offset), 0)

    def fsync(self, request):
        self.path(request.node)
        os.fsync(request.fields("Q")[0])

    def flush(self, request):
        pass

    def release(self, request):
        file = request.fields("Q")[0]
        node = self.open_files.pop(file)
        os.close(file)
        self.open_counts[node] -= 1
        if not self.open_counts[node]:
            del self.open_counts[node]
            if node in self.silly:
                os.unlink(self.silly.pop(node))

    # --- Folders

    def opendir(self, request):
        path = self.path(request.node)
        file = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self.open_files[file] = [b".", b"..", *os.listdir(path)] if isinstance(path, bytes) else []
        return struct.pack("=QII", file, 0, 0)

    def readdir(self, request):
        file, offset, size = request.fields("QQI")
        path, body = self.path(request.node), b""
        for index, name in enumerate(self.open_files[file][offset:], offset + 1):
            try:
                status = os.lstat(os.path.join(path, name))
            except OSError:
                continue
            item = struct.pack("=QQII", status.st_ino, index, len(name), stat.S_IFMT(status.st_mode) >> 12) + name
            item += bytes(-len(item) % 8)
            if len(body) + len(item) > size:
                break
            body += item
        return body

    def fsyncdir(self, request):
        self.path(request.node)

    def releasedir(self, request):
        file = request.fields("Q")[0]
        del self.open_files[file]
        os.close(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mountpoint")
    parser.add_argument("folder")
    parser.add_argument("--stale", type=float, default=0)
    parser.add_argument("--no-replace", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    Network(parser.parse_args()).serve()


if __name__ == "__main__":
    main()
