"""Installs the unit for the hostile soak as a package would, two members of the drop group, and what nobody is to see.
"""
import grp
import os
import pathlib
import pwd
import random
import shutil
import subprocess

from hostile_pictures import small_png
from hostile_watch import UNIT

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STATE = pathlib.Path("/var/lib/promptir-restored")
MEMBERS = pathlib.Path("/opt/members")
GROUP = "promptir-restored"


def shell(command, **more):
    subprocess.run(command, check=True, shell=isinstance(command, str), **more)


def install(build, folder, memory, drop_in):
    """The program, the unit, its user and folders, with the state in `folder`, on the disk."""
    STATE.mkdir(parents=True)
    (folder / "state").mkdir()
    shell(["mount", "--bind", folder / "state", STATE])
    shell(["install", "-Dm755", "-t", "/usr/local/bin", build / "promptir-restored"])
    shell(["install", "-Dm644", "-t", "/usr/local/share/promptir-restored",
           build / "promptir-restored_Restoration.resources/compact.safetensors"])
    configuration = (ROOT / "etc/promptir-restored.toml").read_text()
    assert "\nsettle-seconds = 1\n" in configuration
    pathlib.Path("/etc/promptir-restored.toml").write_text(
        configuration.replace("\nsettle-seconds = 1\n", "\nsettle-seconds = 0.2\n"))
    for kind in ("sysusers", "tmpfiles"):
        shutil.copy(ROOT / f"systemd/promptir-restored.{kind}", f"/usr/lib/{kind}.d/promptir-restored.conf")
    shutil.copy(ROOT / "systemd" / UNIT, "/etc/systemd/system")
    limits = pathlib.Path(f"/etc/systemd/system/{UNIT}.d/limits.conf")
    limits.parent.mkdir()
    limits.write_text(f"[Service]\nMemoryMax={memory}\nMemorySwapMax=0\n{drop_in}\n")
    shell("systemd-sysusers promptir-restored.conf 2>/dev/null && systemd-tmpfiles --create promptir-restored.conf")
    shell("systemctl daemon-reload")


def add_members():
    """Two users with groups of their own, and homes on the inbox's filesystem, so that they can rename and link."""
    MEMBERS.mkdir(mode=0o755)
    for path in pathlib.Path(__file__).parent.glob("*.py"):
        shutil.copy(path, MEMBERS)
    users = {}
    for name in ("good", "bad"):
        shell(["useradd", "--user-group", "--no-create-home", "--shell", "/bin/false", f"drop-{name}"])
        users[name] = pwd.getpwnam(f"drop-{name}")
        home = STATE / f"home-{name}"
        home.mkdir(mode=0o700)
        os.chown(home, users[name].pw_uid, grp.getgrnam(GROUP).gr_gid)
        home.chmod(0o2700)
    return users


def add_secret():
    """A picture that the service could read if it were led there."""
    secret = STATE / "secret" / "secret.png"
    secret.parent.mkdir(mode=0o755)
    secret.write_bytes(small_png(random.Random()))
    service = pwd.getpwnam("promptir-restored")
    os.chown(secret, service.pw_uid, service.pw_gid)
    secret.chmod(0o600)
    return secret


def add_samples(numbers):
    """JPEGs of all kinds to be damaged. - Returns: the folder, and the program that makes JPEGs if it is there."""
    folder = MEMBERS / "samples"
    folder.mkdir()
    cjpeg = shutil.which("cjpeg") if shutil.which("djpeg") else None
    for index, flags in enumerate(([], ["-progressive"], ["-grayscale"], ["-arithmetic"], ["-restart", "1"])):
        if cjpeg:
            pixels = b"P6\n40 30\n255\n" + numbers.randbytes(3600)
            run = subprocess.run([cjpeg, *flags], input=pixels, capture_output=True, check=False)
            (folder / f"{index}.jpg").write_bytes(run.stdout or b"\xff\xd8\xff\xe0")
    return folder, cjpeg


def spawn(user, *arguments):
    """Runs one of the members' programs as that user, with the group's rights and no others."""
    # The interpreter that runs this may lie in root's home.
    python = "/usr/bin/python3"
    return subprocess.Popen(
        [python, "-B", *map(str, arguments)], stdout=subprocess.PIPE, text=True, errors="replace", user=user.pw_uid,
        group=user.pw_gid, extra_groups=[grp.getgrnam(GROUP).gr_gid], cwd=MEMBERS, env={"PATH": "/usr/bin:/bin"})
