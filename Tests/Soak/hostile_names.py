"""Deeds with names, folders and kinds of files."""
import ctypes
import os
import socket
import time

import hostile_pictures as pictures
from hostile_member import LIBC, deed

AT_CWD, EXCHANGE = -100, 2


def exchange(one, other):
    return LIBC.renameat2(AT_CWD, one, AT_CWD, other, ctypes.c_uint(EXCHANGE)) == 0


@deed
def empty_files(member):
    folder = member.folder()
    for index in range(1500):
        os.close(os.open(folder + b"/%d.png" % index, os.O_WRONLY | os.O_CREAT, 0o660))


@deed
def other_files(member):
    folder = member.inbox if member.numbers.random() < 0.3 else member.folder()
    for index in range(1000):
        end = member.numbers.choice([b"txt", b"mp4", b"png.gz", b"x"])
        path = folder + b"/h%d-other-%d.%s" % (member.number, index, end)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o660))
        if folder == member.inbox:
            member.rubbish.append((time.monotonic() + member.LIFE, path))


@deed
def odd_names(member):
    """In a folder of its own, and one in four at the top."""
    folder = member.folder()
    names = [
        b"\xff\xfe\x80.png", b"new\nline.png", b"\nPRIORITY=0\nMESSAGE=forged\nFORGED=1\n.png",
        b"\r\x1b[2J\x1b[31mred.png", b"-rf.png", b"--help.png", b"..png", b"...png", b".. .png", b"x" * 251 + b".png",
        b"\xff" * 250 + b".JPEG", b" .png", b"'\".png", b"$(touch owned).png", b"%s%n%p.png", b"back\\slash.png",
        b"\\x0a.png", "é.png".encode(), "\u202egnp.exe.png".encode(), "\u2028line.png".encode(),
        b"\x01\x02\x7f.png", b"con.png",
        b"a.png.json", b"a.png.png", b"A.PNG", b"a.png", b"a.jpg", b"a~0123456789abcdef.png", b"\xed\xa0\x80.png",
        b"\xc0\xaf.png",
        b"{}.png", b"<script>.png", b"tab\t.png", b"again-2026-01-01.png", b"<6>level.png", b"\xe2\x80\xae\xff.png"]
    for name in member.numbers.sample(names, 20):
        member.put(member.good() if member.numbers.random() < 0.7 else b"no picture", folder + b"/" + name)
        if member.numbers.random() < 0.25 and len(name) < 200:
            member.put(b"no picture", member.fresh(b"-" + name))


@deed
def names_of_the_service(member):
    """Names that its own files have, files and folders of them."""
    for name in (b".promptir-0123456789abcdef-1", b".promptir-x.png", b"pred.npz", b"submission.zip", b"status.json",
                 b"lock", b"suspect", b"bundle-due", b".arriving", b".spool", b"spool", b"a.png.json", b"Thumbs.db",
                 b"x.png.part"):
        path = member.inbox + b"/" + name
        try:
            member.write(path, member.good()) if member.numbers.random() < 0.6 else os.mkdir(path, 0o770)
            member.rubbish.append((time.monotonic() + 5, path))
        except OSError:
            pass  # Another hostile process has just that.
    top = member.folder()
    for folder in (b"claimed/1", b"waiting/0", b"failed", b"archive/again-2026-01-01", b"records", b"tmp",
                   b"shard-0-of-2"):
        os.makedirs(top + b"/" + folder, 0o2770)
        member.put(member.good(), top + b"/" + folder + b"/x.png")


@deed
def one_name_again_and_again(member):
    path = member.fresh(b".png")
    for _ in range(60):
        member.put(member.good() if member.numbers.random() < 0.7 else b"no picture", path)
        time.sleep(member.numbers.choice([0, 0, 0.01, 0.1]))


@deed
def deep_tree(member):
    """Paths far longer than the kernel takes in one call, with pictures at many depths."""
    name, depth = member.numbers.choice([(b"d" * 200, 60), (b"d", 400), (b"\xff" * 250, 49), (b"d.png", 120)])
    home = os.open(b".", os.O_RDONLY)
    place = os.open(member.folder(), os.O_RDONLY)
    for level in range(depth):
        os.mkdir(name, 0o2770, dir_fd=place)
        inner = os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
        if level % 7 == 3 or level in (47, 48, 49, depth - 1):
            file = os.open(b"x.png", os.O_WRONLY | os.O_CREAT, 0o660, dir_fd=place)
            os.write(file, member.good())
            os.close(file)
    os.close(place)
    os.close(home)


@deed
def wide_tree(member):
    """Thousands of folders with long names, some with a picture."""
    top = member.folder()
    for index in range(member.numbers.choice([500, 1000, 3000])):
        folder = top + b"/%05d" % index + b"w" * member.numbers.choice([0, 240])
        os.mkdir(folder, 0o2770)
        if index % 50 == 0:
            member.write(folder + b"/x.png", member.good())


@deed
def folders_named_like_pictures(member):
    path = member.folder(end=b".png")
    member.put(member.good(), path + b"/inner.png")
    os.mkdir(path + b"/inner.jpg", 0o2770)
    member.put(member.good(), path + b"/inner.jpg/x.png")
    # The same name as a file, when the folder is in the outbox already, and the other way round.
    time.sleep(0.5)
    os.rename(path, member.fresh(b"-aside"))
    member.put(member.good(), path)
    file = member.put(member.good(), member.fresh(b".png"))
    time.sleep(0.5)
    try:
        os.mkdir(file, 0o2770)
        member.put(member.good(), file + b"/below.png")
    except OSError:
        pass  # It is still there as a file.


@deed
def moving_folders(member):
    """Renamed, moved away, moved into one another while they are scanned and their pictures claimed."""
    first, second, away = member.folder(), member.folder(), member.outside()
    for index in range(40):
        member.put(member.good(), first + b"/%d.png" % index)
    places = [first, second + b"/inner", away, first]

    def move():
        for source, target in zip(places, places[1:]):
            os.rename(source, target)
            time.sleep(member.numbers.choice([0, 0, 0.02]))

    member.meanwhile(8, move, 0)


@deed
def folder_exchanged_with_a_link(member):
    """A folder's name belongs to a link to the outbox, to the spool or to the system every other moment."""
    folder, link = member.folder(), member.fresh(b".link")
    os.symlink(member.numbers.choice([member.outbox, member.spool, b"/etc", os.path.dirname(member.secret)]), link)
    for name in (b"shadow.png", os.path.basename(member.secret), b"x.png"):
        member.put(member.good(), folder + b"/" + name)
    member.meanwhile(4, lambda: exchange(folder, link), 0)


@deed
def picture_exchanged_with_others(member):
    link, pipe, folder = member.fresh(b".a"), member.fresh(b".b"), member.fresh(b".c")
    os.symlink(member.secret, link)
    os.mkfifo(pipe)
    os.mkdir(folder, 0o2770)
    until = time.monotonic() + 3
    while time.monotonic() < until and not member.is_over.is_set():
        path = member.put(member.good(), member.fresh(b".png"))
        stop = time.monotonic() + 0.35
        while time.monotonic() < stop:
            for other in (link, pipe, folder):
                exchange(path, other)
                exchange(path, other)


@deed
def picture_renamed_to_and_fro(member):
    path, other = member.put(member.good(), member.fresh(b".png")), member.fresh(b".png")

    def swap():
        os.rename(path, other)
        os.rename(other, path)

    member.meanwhile(4, swap, 0)


@deed
def special_files(member):
    folder = member.folder()
    for index in range(20):
        os.mkfifo(folder + b"/fifo-%d.png" % index)
        server = socket.socket(socket.AF_UNIX)
        server.bind(folder + b"/socket-%d.jpg" % index)
        server.close()
    # Somebody at the other end, so that an open would succeed and then wait.
    pipe = os.open(folder + b"/fifo-0.png", os.O_RDWR | os.O_NONBLOCK)
    member.meanwhile(10, lambda: os.write(pipe, b"\x89PNG"), 0.5, lambda: os.close(pipe))
    member.refuse("make a device in the inbox", lambda: os.mknod(folder + b"/null.png", 0o020666, os.makedev(1, 3)))


@deed
def symbolic_links(member):
    folder = member.folder()
    targets = [b"/etc/shadow", member.secret, b".", b"..", b"loop.png", b"/", b"/proc/self/mem", b"/dev/zero",
               member.outbox, member.spool, member.spool + b"/lock", b"x" * 4000, b"/nowhere", b"/proc/self/fd/0"]
    os.symlink(b"loop.png", folder + b"/loop.png")
    for index, target in enumerate(targets):
        os.symlink(target, folder + b"/%d.png" % index)
        os.symlink(target, folder + b"/folder-%d" % index)


@deed
def hard_links(member):
    """One file under many names, and other people's files, which the kernel refuses (fs.protected_hardlinks)."""
    path, folder = member.put(member.good()), member.folder()
    try:
        for index in range(100):
            os.link(path, folder + b"/%d.png" % index)
    except FileNotFoundError:
        pass  # Taken already.
    for other in (b"/etc/shadow", member.secret, member.spool + b"/lock"):
        member.refuse(f"link {other!r} into the inbox", lambda other=other: os.link(other, folder + b"/other.png"))


@deed
def unnamed_files(member):
    folder = member.folder()
    for index in range(20):
        file = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o660)
        os.write(file, member.good())
        LIBC.linkat(AT_CWD, b"/proc/self/fd/%d" % file, AT_CWD, folder + b"/%d.png" % index, 0x400)
        os.write(file, b"more")
        os.close(file)


@deed
def wrong_extensions(member):
    """Outputs that compete for names."""
    folder = member.folder()
    for name in (b"a.png", b"a.PNG", b"a.jpg", b"a.jpeg", b"a.jpg.png", b"b" * 246 + b".jpg", b"b" * 247 + b".png"):
        member.put(member.numbers.choice([member.good(), member.jpeg()]), folder + b"/" + name)


@deed
def pictures_in_short_lived_folders(member):
    for index in range(30):
        folder = member.folder()
        member.write(folder + b"/x.png", member.good())
        time.sleep(0.01)
        if index % 2:
            os.unlink(folder + b"/x.png")
            os.rmdir(folder)


@deed
def huge_folder_of_links(member):
    """Thousands of pictures by name: links to one damaged file, or to one good one, that are moved in at once."""
    source, folder = member.outside(), member.outside()
    member.write(source, member.numbers.choice([pictures.damaged(member.numbers, member.good()), member.good(), b""]))
    os.mkdir(folder, 0o2770)
    os.chmod(folder, 0o2770)
    for index in range(2000):
        os.link(source, folder + b"/%d" % index + b"n" * 200 + b".png")
    os.rename(folder, member.fresh(b"-links"))
