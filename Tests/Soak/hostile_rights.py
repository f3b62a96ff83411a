"""Deeds with modes, owners, times, locks, signals, and with what is not the member's to touch."""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import time

from hostile_member import LIBC, deed

F_SETLEASE = 1024
TRACE_ATTACH = 16


@deed
def odd_modes(member):
    for mode in (0, 0o200, 0o400, 0o600, 0o640, 0o4755, 0o6777, 0o1666, 0o111):
        member.put(member.good(), mode=0o660)
        path = member.outside()
        member.write(path, member.good())
        os.chmod(path, mode)
        os.rename(path, member.fresh(b".png"))


@deed
def odd_folders(member):
    """Folders that cannot be entered, read or written to, or from which only owners may take, with a picture each."""
    for mode in (0, 0o2300, 0o2500, 0o2700, 0o2750, 0o2770, 0o3770, 0o2730, 0o2710, 0o7777, 0o755):
        folder = member.outside()
        os.mkdir(folder, 0o2770)
        member.write(folder + b"/x.png", member.good())
        path = member.fresh(b"-mode-%o" % mode)
        os.rename(folder, path)
        os.chmod(path, mode)


@deed
def many_locked_folders(member):
    """Two hundred folders with a picture that nobody else may take out of them."""
    top = member.folder()
    for index in range(200):
        folder = top + b"/%d" % index
        os.mkdir(folder)
        member.write(folder + b"/x.png", member.good())
        os.chmod(folder, member.numbers.choice([0o2750, 0o3770, 0o2700]))


@deed
def flapping_modes(member):
    folder = member.folder()
    for index in range(30):
        member.put(member.good(), folder + b"/%d.png" % index)
    file = member.put(member.good())

    def flap():
        for mode in (0o000, 0o2770, 0o2550, 0o3770, 0o2770):
            os.chmod(folder, mode)
            time.sleep(member.numbers.choice([0, 0.001, 0.1]))
        os.chmod(file, member.numbers.choice([0, 0o660]))

    member.meanwhile(8, flap, 0)


@deed
def foreign_groups(member):
    """Files and folders of a group that the service is not in."""
    for mode in (0o640, 0o600, 0o660):
        path = member.write(member.outside(), member.good(), mode)
        os.chown(path, -1, os.getgid())
        os.rename(path, member.fresh(b".png"))
    folder = member.folder()
    member.put(member.good(), folder + b"/x.png")
    os.chown(folder, -1, os.getgid())
    os.chmod(folder, 0o770)


@deed
def odd_times(member):
    for seconds in (0, -1, 1, -(1 << 31), 1 << 31, 1 << 32, -(1 << 40), 1 << 40, (1 << 62) // 10**9,
                    -(1 << 62) // 10**9, 253_402_300_800, time.time() + 3600, time.time() + 10 * 365 * 86_400,
                    time.time() - 86_400):
        path = member.write(member.outside(), member.good())
        try:
            os.utime(path, ns=(int(seconds) * 10**9, int(seconds) * 10**9 + member.numbers.choice([0, 999_999_999])))
        except (OSError, OverflowError):
            pass  # More than the filesystem holds.
        os.rename(path, member.fresh(b".png"))
    path = member.put(member.good())
    member.meanwhile(5, lambda: os.utime(path, (0, member.numbers.randrange(1 << 33))), 0.02)


def acl(*entries):
    """POSIX ACL as the kernel's extended attribute: version 2, then tag, permissions and number of each entry."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


@deed
def access_lists(member):
    """Lists that shut out the service's user from files and folders, and that folders hand on."""
    nobody = 0xFFFFFFFF
    closed = acl((1, 6, nobody), (2, 0, member.context["service"]), (4, 6, nobody), (16, 6, nobody), (32, 0, nobody))
    shut = acl((1, 7, nobody), (2, 0, member.context["service"]), (4, 7, nobody), (16, 7, nobody), (32, 0, nobody))
    path = member.put(member.good())
    for target in (path, member.put(member.good())):
        try:
            os.setxattr(target, "system.posix_acl_access", closed)
        except FileNotFoundError:
            pass  # Taken already.
    for kind in ("system.posix_acl_access", "system.posix_acl_default"):
        folder = member.folder()
        member.put(member.good(), folder + b"/before.png")
        os.setxattr(folder, kind, shut)
        member.write(folder + b"/after.png", member.good())


@deed
def attributes(member):
    path = member.write(member.outside(), member.good())
    for index in range(20):
        try:
            os.setxattr(path, f"user.{index}", bytes(180))
        except OSError:
            break  # The filesystem has no room for more, or has none at all.
    os.rename(path, member.fresh(b".png"))


@deed
def locks(member):
    """Advisory locks of both kinds on its own pictures, which the service need not mind."""
    files = []
    for _ in range(15):
        path = member.write(member.outside(), member.good())
        file = os.open(path, os.O_RDWR)
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.lockf(file, fcntl.LOCK_EX)
        os.rename(path, member.fresh(b".png"))
        files.append(file)
    for folder in (member.inbox, member.outbox):
        files.append(os.open(folder, os.O_RDONLY))
        try:
            fcntl.flock(files[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass  # Another hostile process has it.
    member.meanwhile(15, lambda: None, 0.5, lambda: [os.close(file) for file in files])


@deed
def leases(member):
    """Whoever opens a file with a lease waits for its holder, 45 seconds long."""
    files = []
    for kind in [fcntl.F_WRLCK] * 10 + [fcntl.F_RDLCK] * 5:
        path = member.write(member.outside(), member.good())
        file = os.open(path, os.O_RDWR if kind == fcntl.F_WRLCK else os.O_RDONLY)
        fcntl.fcntl(file, F_SETLEASE, kind)
        os.rename(path, member.fresh(b".png"))
        files.append(file)
    member.meanwhile(20, lambda: None, 0.5, lambda: [os.close(file) for file in files])


@deed
def trespassing(member):
    """In the outbox and in the spool, and with what is the service's."""
    create = os.O_WRONLY | os.O_CREAT
    inner = [member.spool + b"/failed", member.spool + b"/claimed"]
    for place in [member.outbox, member.spool, os.path.dirname(member.spool), *inner]:
        member.refuse(f"write into {place!r}", lambda place=place: os.open(place + b"/hostile.png", create))
        member.refuse(f"make a folder in {place!r}", lambda place=place: os.mkdir(place + b"/hostile"))
    for name in (b"lock", b"status.json", b"suspect", b"bundle-due"):
        member.refuse(f"open {name!r} in the spool", lambda name=name: os.open(member.spool + b"/" + name, os.O_RDONLY))
    member.refuse("list the spool", lambda: os.listdir(member.spool))
    member.refuse("read the secret", lambda: os.open(member.secret, os.O_RDONLY))
    member.refuse("change the inbox's mode", lambda: os.chmod(member.inbox, 0o777))
    member.refuse("rename the inbox", lambda: os.rename(member.inbox, member.inbox + b"-away"))
    member.refuse("take a file of the system", lambda: os.rename(b"/etc/passwd", member.inbox + b"/p.png"))
    ends = (b".png", b".npz", b".zip")
    outputs = [entry.path for entry in os.scandir(member.outbox) if entry.name.endswith(ends)][:20]
    for output in outputs:
        member.refuse(f"remove the output {output!r}", lambda output=output: os.unlink(output))
        member.refuse(f"write to the output {output!r}", lambda output=output: os.open(output, os.O_WRONLY))


@deed
def readers_of_outputs(member):
    """Outputs are the group's to read: they are held open, locked and mapped while the service replaces them."""
    files = []
    for entry in os.scandir(member.outbox):
        if len(files) == 50:
            break
        try:
            files.append(os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK))
            fcntl.flock(files[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass
    member.meanwhile(10, lambda: None, 0.5, lambda: [os.close(file) for file in files])


@deed
def signals(member):
    process = member.context["process"]
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP, signal.SIGHUP, signal.SIGSEGV):
        member.refuse(f"send it signal {number}", lambda number=number: os.kill(process, number))
    member.refuse("read its memory", lambda: os.open(f"/proc/{process}/mem", os.O_RDWR))
    member.refuse("change its priority", lambda: os.setpriority(os.PRIO_PROCESS, process, 19))
    member.refuse("bind it to one processor", lambda: os.sched_setaffinity(process, {0}))
    member.refuse("make it the first to be killed", lambda: os.open(f"/proc/{process}/oom_score_adj", os.O_WRONLY))
    LIBC.ptrace.restype = ctypes.c_long
    if LIBC.ptrace(TRACE_ATTACH, process, None, None) == 0:
        member.say("BROKEN a member could trace it")


@deed
def forged_notifications(member):
    """To systemd in the service's name, and to the journal."""
    process = member.context["process"]
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    for text in ("WATCHDOG=trigger", "STOPPING=1", f"MAINPID={os.getpid()}", "STATUS=forged", "WATCHDOG_USEC=1",
                 "READY=1", f"MAINPID={process}\nERRNO=5"):
        try:
            sender.sendto(text.encode(), "/run/systemd/notify")
        except OSError:
            pass
    line = "MESSAGE=forged\nPRIORITY=0\nSYSLOG_IDENTIFIER=promptir-restored\nUNIT=promptir-restored.service\n"
    sender.sendto(line.encode(), "/run/systemd/journal/socket")
