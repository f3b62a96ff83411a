"""Deeds with what is in a file, and with when it is written."""
import mmap
import os
import time

import hostile_pictures as pictures
from hostile_member import deed


@deed
def damaged_pictures(member):
    for _ in range(25):
        member.put(pictures.damaged(member.numbers, member.numbers.choice([member.good(), member.jpeg()])))


@deed
def contradictory_pngs(member):
    for _ in range(25):
        member.put(pictures.contradictory_png(member.numbers), member.fresh(b".png"))


@deed
def contradictory_jpegs(member):
    for _ in range(12):
        member.put(pictures.contradictory_jpeg(member.numbers, member.jpeg()), member.fresh(b".jpg"))


@deed
def no_pictures(member):
    for _ in range(20):
        member.put(pictures.no_picture(member.numbers))


@deed
def huge_sizes(member):
    """Among them 10,000 by 10,000 pixels that are all there, in 12 kB."""
    for _ in range(10):
        member.put(pictures.huge_claim(member.numbers), member.fresh(b".png"))
    member.put(pictures.plain_png(10_000, 10_000, 1, 0), member.fresh(b".png"))


@deed
def inflating_profiles(member):
    for _ in range(3):
        member.put(pictures.inflating_profile(member.numbers), member.fresh(b".png"))


@deed
def many_chunks(member):
    for _ in range(2):
        member.put(pictures.many_chunks(member.numbers), member.fresh(b".png"))


@deed
def large_pictures(member):
    """As large as the memory allows or a little more, in a few kilobytes: they take the workers' time. From one process
    alone: two of them keep both workers busy."""
    if member.number != 0:
        return
    width, height = member.numbers.choice([
        (1000, 700), (1200, 1000), (4000, 200), (30_000, 20), (9, 65_000), (6000, 4000)])
    member.put(pictures.plain_png(width, height, 8, member.numbers.choice([0, 2, 6])), member.fresh(b".png"))


@deed
def many_good_pictures(member):
    """A hundred at once, dated 1970, so that they are the oldest of all."""
    folder, inside = member.outside(), None
    os.mkdir(folder)
    os.chmod(folder, 0o2770)
    for index in range(100):
        inside = member.write(folder + b"/%d.png" % index, member.good())
        os.utime(inside, (0, 0))
    os.rename(folder, member.fresh(b"-old"))


@deed
def sparse_files(member):
    for size in (1 << 30, 9 << 30, 1 << 40):
        path = member.write(member.outside(), member.numbers.choice([b"", member.good(), b"\xff\xd8\xff\xe0"]))
        os.truncate(path, size)
        os.rename(path, member.fresh(member.numbers.choice([b".png", b".jpg"])))
    # Below the largest file that is read, with a picture's head and with none.
    for head in (member.good(), b""):
        path = member.write(member.outside(), head)
        os.truncate(path, member.numbers.choice([50 << 20, 200 << 20, 500 << 20]))
        os.rename(path, member.fresh(b".png"))


@deed
def growing_file(member):
    """Grows, and begins anew at 4 MB."""
    file = os.open(member.fresh(), os.O_WRONLY | os.O_CREAT, 0o660)
    os.write(file, member.good())

    def grow():
        if os.fstat(file).st_size > 4 << 20:
            os.ftruncate(file, 0)
        os.write(file, member.numbers.randbytes(1 << 14))

    member.meanwhile(15, grow, 0.05, lambda: os.close(file))


@deed
def rewritten_in_place(member):
    """Through a descriptor that stays open wherever the file goes: in the spool it changes, too."""
    data = [member.good(), member.good()]
    file = os.open(member.put(data[0]), os.O_RDWR)

    def rewrite():
        data.reverse()
        os.ftruncate(file, len(data[0]) // 2)
        os.pwrite(file, data[0], 0)

    member.meanwhile(10, rewrite, member.numbers.choice([0.005, 0.1, 0.4]), lambda: os.close(file))


@deed
def rewritten_by_name(member):
    data, path = member.good(), member.fresh()
    member.meanwhile(10, lambda: member.write(path, data), member.numbers.choice([0.005, 0.1, 0.4]))


@deed
def truncated_while_read(member):
    """Large enough to be cut off while it is read."""
    path = member.put(pictures.small_png(member.numbers, end=bytes(3_000_000)), member.fresh(b".png"))
    file = os.open(path, os.O_RDWR)
    size = os.fstat(file).st_size

    def cut():
        os.ftruncate(file, 100)
        os.ftruncate(file, size)

    member.meanwhile(5, cut, 0.001, lambda: os.close(file))


@deed
def preallocated(member):
    """The whole size from the first moment, half of the content, and sometimes never the rest."""
    data = member.good()
    file = os.open(member.fresh(), os.O_WRONLY | os.O_CREAT, 0o660)
    os.posix_fallocate(file, 0, len(data))
    os.pwrite(file, data[:len(data) // 2], 0)
    begin, is_complete = time.monotonic(), member.numbers.random() < 0.5

    def complete():
        if is_complete and time.monotonic() > begin + 4:
            os.pwrite(file, data, 0)

    member.meanwhile(12, complete, 1, lambda: os.close(file))


@deed
def mapped_writer(member):
    """Writes through a mapping, which no event tells of."""
    data = member.good()
    path = member.put(data)
    with open(path, "r+b") as file:
        view = mmap.mmap(file.fileno(), len(data))

    def scribble():
        view[len(data) // 2] = (view[len(data) // 2] + 1) % 256

    member.meanwhile(10, scribble, 0.01, view.close)


@deed
def held_open(member):
    """Good pictures that stay open for writing, and are written to once in a while or never."""
    files = [os.open(member.put(member.good()), os.O_RDWR) for _ in range(20)]

    def touch():
        os.pwrite(member.numbers.choice(files), b"\x89", 0)

    member.meanwhile(20, touch if member.numbers.random() < 0.5 else lambda: None, 0.5,
                     lambda: [os.close(file) for file in files])


@deed
def withdrawn(member):
    """Taken away at the moment at which it is likely to be claimed, and put back."""
    def withdraw():
        path = member.put(member.good())
        time.sleep(member.numbers.uniform(0.15, 0.4))
        aside = member.outside()
        os.rename(path, aside)
        if member.numbers.random() < 0.5:
            os.rename(aside, path)

    member.meanwhile(6, withdraw, 0)


@deed
def storm_of_events(member):
    """More events than the kernel keeps."""
    path = member.inbox + b"/h%d-storm.png" % member.number
    for _ in range(12_000):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o660))
        os.unlink(path)


@deed
def appended_in_tiny_writes(member):
    file = os.open(member.fresh(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o660)
    member.meanwhile(4, lambda: os.write(file, b"\x89"), 0.0005, lambda: os.close(file))
