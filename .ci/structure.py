#!/usr/bin/env python3
"""Checks that the structure is what docs/ARCHITECTURE.md says, and that it stays small.

  .ci/structure.py        (from anywhere; needs swift in PATH for the manifest)

- The table in docs/ARCHITECTURE.md lists every target that is not a test; "may use" names its dependencies in
  Package.swift, neither more nor fewer, and only targets above it.
- A target imports only its dependencies, and imports each of them.
- A file has at most 300 lines, a Swift function at most 70.
- Something in Sources uses every declaration. What only tests need stands in a file `X+Inspection.swift`, and the
  reference kernels serve tests alone.

Prints what breaks a rule and exits with 1 then.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 70
problems = []


def problem(where, what):
    problems.append(f"{where}: {what}")


def targets():
    """The manifest's targets: name → (type, folder, dependencies on targets, dependencies on products)."""
    manifest = json.loads(subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    names = {target["name"] for target in manifest["targets"]}
    found = {}
    for target in manifest["targets"]:
        inside, outside = set(), set()
        for dependency in target["dependencies"]:
            name = next(iter(dependency.values()))[0]
            (inside if name in names else outside).add(name)
        folder = target.get("path") or ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]
        found[target["name"]] = (target["type"], ROOT / folder, inside, outside)
    return found


def check_table(found):
    text = (ROOT / "docs/ARCHITECTURE.md").read_text()
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            for name in re.findall(r"`([^`]+)`", cells[0]):
                rows[name] = cells[2]
    above = set()
    for name, use in rows.items():
        if name not in found:
            problem("docs/ARCHITECTURE.md", f"the table has {name}, which is no target of Package.swift")
            continue
        stated = {word for word in re.findall(r"[\w-]+", use) if word in found}
        inside = found[name][2]
        for other in sorted(stated - inside):
            problem("docs/ARCHITECTURE.md", f"{name} may use {other}, but Package.swift does not list it")
        for other in sorted(inside - stated):
            problem("docs/ARCHITECTURE.md", f"{name} depends on {other} in Package.swift, but the table does not say so")
        for other in sorted(stated - above - {name}):
            problem("docs/ARCHITECTURE.md", f"{name} stands above {other}, which it uses")
        above.add(name)
    for name, (kind, *_rest) in found.items():
        if kind != "test" and name not in rows:
            problem("docs/ARCHITECTURE.md", f"the table lacks the target {name}")


def check_imports(found):
    modules = {name.replace("-", "_"): name for name in found}
    for name, (kind, folder, inside, _outside) in found.items():
        used = set()
        for path in sorted(folder.rglob("*.swift")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r"\s*(?:@\w+\s+)*(?:package\s+|internal\s+|private\s+)?import\s+(?:\w+\s+)?(\w+)", line)
                if match and (other := modules.get(match[1])):
                    used.add(other)
                    if other not in inside and other != name:
                        problem(f"{path.relative_to(ROOT)}:{number}", f"imports {other}, which {name} does not depend on")
        if any(folder.rglob("*.swift")):
            # What a C target offers may be reached through its symbols alone.
            for other in sorted(inside - used):
                if not other.startswith("C"):
                    problem("Package.swift", f"{name} depends on {other} and never imports it")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


# Text that is no code: comments and strings, kept as long as they are so that lines stay.
NO_CODE = re.compile(r'#"""(?s:.*?)"""#|"""(?s:.*?)"""|#"[^\n]*?"#|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?s:.*?)\*/')


def code_of(text):
    """The text with comments and strings blanked out; what a string interpolates stays."""
    def blank(match):
        found = match[0]
        kept = " ".join(re.findall(r"\\#?\(([^\n]*)\)", found)) if found[0] in '"#' else ""
        return kept + "\n" * found.count("\n")
    return NO_CODE.sub(blank, text)


def check_lengths():
    for path in tracked("*.swift", "*.c", "*.h", "*.py", "*.sh"):
        lines = path.read_text(errors="replace").count("\n")
        if lines > LONGEST_FILE:
            problem(path.relative_to(ROOT), f"{lines} lines, more than {LONGEST_FILE}: one idea for each file")
    for path in tracked("*.swift"):
        code = code_of(path.read_text())
        for match in re.finditer(r"(?m)^[^\n]*?\b(func\s+[^\s(<]+|init[?!]?\s*[(<])[^{};]*?\{", code):
            depth, position = 1, match.end()
            while depth and position < len(code):
                depth += {"{": 1, "}": -1}.get(code[position], 0)
                position += 1
            first = code.count("\n", 0, match.start()) + 1
            lines = code.count("\n", match.start(), position) + 1
            if lines > LONGEST_FUNCTION:
                problem(f"{path.relative_to(ROOT)}:{first}",
                        f"a function of {lines} lines, more than {LONGEST_FUNCTION}: {match[1].strip(' (<')}")


# Names that the language, a protocol of a library or the system calls.
CALLED_FROM_OUTSIDE = {
    "main", "run", "validate", "description", "debugDescription", "errorDescription", "hash", "configuration",
    "body", "makeIterator", "next", "deinit", "encode", "init", "codingPath", "allKeys", "metadata", "metadataProvider",
    "log", "logLevel", "handler", "callAsFunction",
}
DECLARATION = re.compile(
    r"(?m)^\s*(?:@\w+(?:\([^\n]*?\))?\s+)*(?P<words>(?:(?:package|internal|private|fileprivate|static|final|mutating|"
    r"nonmutating|nonisolated|consuming|borrowing|indirect|lazy|weak|override|package\(set\)|internal\(set\)|"
    r"private\(set\)|convenience)\s+)*)(?P<kind>func|var|let|struct|enum|class|protocol|typealias|actor)\s+`?(?P<name>\w+)")


def check_use():
    counts, declared = collections.Counter(), {}
    for path in tracked("Sources/*.swift"):
        code = code_of(path.read_text())
        counts.update(re.findall(r"\w+", code))
        if path.stem.endswith("+Inspection") or "ReferenceKernels" in path.parts:
            continue
        for match in DECLARATION.finditer(code):
            if "@main" in match[0] or "override" in match["words"] or match["name"] in CALLED_FROM_OUTSIDE or match["name"] == "_":
                continue
            line = code.count("\n", 0, match.start("name")) + 1
            declared.setdefault(match["name"], (path, line, match["kind"]))
    for name, (path, line, kind) in sorted(declared.items(), key=lambda item: (str(item[1][0]), item[1][1])):
        if counts[name] == 1:
            problem(f"{path.relative_to(ROOT)}:{line}", f"nothing in Sources uses {kind} {name}")


def main():
    found = targets()
    check_table(found)
    check_imports(found)
    check_lengths()
    check_use()
    for line in problems:
        print(line)
    if not problems:
        print(f"the structure holds: {len(found)} targets")
    sys.exit(1 if problems else 0)


main()
