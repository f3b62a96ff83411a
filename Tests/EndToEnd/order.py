#!/usr/bin/env python3
"""Checks the order of durable writes in a trace of strace -f -y: order.py TRACE FOLDER.

FOLDER holds in, out and in.spool. What a power loss leaves is decided by what was flushed before what (docs/SPOOL.md):
 - a file that gets its final name by a rename was flushed after its last write, and before the rename;
 - the rename is made durable by a flush of the new name's folder (and the old one's, where it is another) before
   anything is done that relies on it: the picture is read after its claim, the original leaves `claimed` after its
   output, the reason stands beside a failed picture before the picture comes;
 - an output's bytes are never written under its final name.
Prints how many renames and flushes were checked; exits with 1 and the first line that breaks a rule.
"""
import os
import re
import sys

CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(.*)$")
DESCRIPTOR = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")


def events(path):
    """(name, arguments, begun, ended) of every call that succeeded; the numbers are lines."""
    pending, found = {}, []
    for number, line in enumerate(open(path, errors="replace"), 1):
        match = CALL.match(line.rstrip("\n"))
        if not match:
            continue
        thread, name, rest = match.groups()
        if rest.endswith("<unfinished ...>"):
            pending[thread] = (number, rest[:-len("<unfinished ...>")])
            continue
        begun = number
        if rest.startswith(" resumed>"):
            begun, start = pending.pop(thread, (number, ""))
            rest = start + rest[len(" resumed>"):]
        text, _, result = rest.rpartition(" = ")
        if result and not result.startswith("-1") and not result.startswith("?"):
            found.append((name, text, begun, number, result))
    return found


def names(text):
    """The two paths of a rename."""
    parts = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"', text)
    return [os.path.join(folder, name) if folder else name for folder, name in parts]


def main():
    trace, top = sys.argv[1], os.path.realpath(sys.argv[2])
    calls = events(trace)
    writes, flushes, renames, reads, created = {}, {}, [], {}, {}
    for name, text, begun, ended, result in calls:
        folder = DESCRIPTOR.search(text)
        path = folder.group(1) if folder else ""
        if name in ("write", "pwrite64", "writev", "ftruncate"):
            writes.setdefault(path, []).append((begun, ended))
        elif name in ("fsync", "fdatasync"):
            flushes.setdefault(path, []).append((begun, ended))
        elif name in ("read", "pread64"):
            reads.setdefault(path, []).append((begun, ended))
        elif name.startswith("rename"):
            renames.append((*names(text), begun, ended))
        elif name == "openat" and "O_CREAT" in text:
            opened = re.search(r"<([^>]*)>$", result)
            created[opened.group(1) if opened else path] = begun

    def fail(text, line):
        sys.exit(f"line {line} of the trace: {text}")

    def flushed(path, after, before):
        return any(after < begun and ended < before for begun, ended in flushes.get(path, []))

    def next_use(name, after):
        """When what a rename put somewhere is relied upon."""
        uses = [begun for old, _, begun, _ in renames if begun > after and os.path.basename(old) == name]
        uses += [begun for path, spans in reads.items() for begun, _ in spans
                 if begun > after and os.path.basename(path) == name and "/claimed/" in path]
        return min(uses, default=1 << 60)

    checked, outputs = 0, 0
    for old, new, begun, ended in renames:
        if not new.startswith(top):
            continue
        place = os.path.relpath(new, top)
        if place == "in.spool/status.json":
            continue  # not durable on purpose
        data = [span for span in writes.get(old, []) if span[1] < begun]
        if old in created:
            last = max((ended for _, ended in data), default=created[old])
            if not flushed(old, last, begun):
                fail(f"{place} got its name before it was flushed", begun)
        if any(span for span in writes.get(new, []) if place.startswith("out/")):
            fail(f"{place} was written under its final name", begun)
        use = next_use(os.path.basename(new), ended)
        if not flushed(os.path.dirname(new), ended, use):
            fail(f"the folder of {place} was not flushed before line {use}", begun)
        if os.path.dirname(old) != os.path.dirname(new) and old not in created \
                and not flushed(os.path.dirname(old), ended, use):
            fail(f"the folder that {place} left was not flushed before line {use}", begun)
        if place.startswith("in.spool/archive/"):
            # Its output, under whatever extension, is durable by now.
            stem = os.path.splitext(os.path.basename(new))[0]
            published = [span for _, other, *span in renames
                         if other.startswith(top + "/out/") and os.path.basename(other).startswith(stem) and span[1] < begun]
            if not published:
                fail(f"{place} was archived before its output appeared", begun)
            outputs += 1
        if place.startswith("in.spool/failed/") and not place.endswith(".json") \
                and not any(other == new + ".json" and span[1] < begun for _, other, *span in renames):
            fail(f"{place} was given up before its reason stood beside it", begun)
        checked += 1
    if outputs < 3:
        sys.exit(f"only {outputs} originals were archived in this trace")
    print(f"{checked} renames in order, {sum(map(len, flushes.values()))} flushes, {outputs} outputs")


main()
