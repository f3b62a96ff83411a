#!/usr/bin/env python3
"""Writes the first inputs of every fuzz target: seeds.py FOLDER makes FOLDER/TARGET/*.

Pictures are those of Tests/ImagesTests/Fixtures without their signatures, which the targets put in front. The other
files are written here with the standard library alone; the pickles are what torch.save writes.
"""
import collections
import io
import json
import pathlib
import pickle
import struct
import sys
import types
import zipfile

FLOATS = struct.pack("<6f", 1, -2, 3.5, 0.25, 1e-3, 7)
HALVES = struct.pack("<4e", 1, 2, 3, 4)


def save(folder: pathlib.Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def pictures(top: pathlib.Path) -> None:
    fixtures = pathlib.Path(__file__).parent.parent / "ImagesTests" / "Fixtures"
    for target, pattern, signature in (("png", "*.png", 8), ("jpeg", "*.jpg", 3)):
        for path in sorted(fixtures.glob(pattern)):
            if path.stat().st_size <= 4000:
                save(top / target, path.name, path.read_bytes()[signature:])


def safetensors(top: pathlib.Path) -> None:
    def file(header: dict, data: bytes) -> bytes:
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + data

    def tensor(kind: str, shape: list, start: int, end: int) -> dict:
        return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}

    save(top / "safetensors", "two", file({
        "__metadata__": {"format": "pt", "caf\u00e9": "\u6f22\\n"},
        "net.a": tensor("F32", [3, 2], 0, 24), "net.b": tensor("F16", [4], 24, 32)}, FLOATS + HALVES))
    save(top / "safetensors", "kinds", file({
        "a": tensor("BF16", [2, 2], 0, 8), "b": tensor("F64", [1], 8, 16), "c": tensor("I64", [1], 16, 24),
        "d": tensor("U8", [8], 24, 32), "e": tensor("BOOL", [0, 5], 32, 32), "f": tensor("F32", [], 32, 36)},
        FLOATS + HALVES + b"\0\0\0\0"))


def globals_of_torch() -> None:
    """Stand-ins under the names that torch's pickles refer to."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    sys.modules.update({"torch": torch, "torch._utils": utils})
    for name in ("FloatStorage", "HalfStorage", "DoubleStorage", "BFloat16Storage", "LongStorage"):
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    for name in ("_rebuild_tensor_v2", "_rebuild_parameter"):
        def function(*arguments): raise NotImplementedError
        function.__name__ = function.__qualname__ = name
        function.__module__ = "torch._utils"
        setattr(utils, name, function)


class Storage:
    def __init__(self, kind: str, key: str, data: bytes, width: int):
        self.kind, self.key, self.data, self.count = kind, key, data, len(data) // width


class Tensor:
    def __init__(self, storage: Storage, shape: tuple, strides: tuple, offset: int = 0):
        self.arguments = (storage, offset, shape, strides, False, collections.OrderedDict())

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


def dump(value, legacy: bool) -> bytes:
    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if not isinstance(item, Storage):
                return None
            kind = getattr(sys.modules["torch"], item.kind)
            return ("storage", kind, item.key, "cpu", item.count) + ((None,) if legacy else ())
    file = io.BytesIO()
    Pickler(file, 2).dump(value)
    return file.getvalue()


def torch_files(top: pathlib.Path) -> None:
    globals_of_torch()
    storages = [Storage("FloatStorage", "0", FLOATS, 4), Storage("HalfStorage", "1", HALVES, 2)]
    state = collections.OrderedDict([
        ("module.a", Tensor(storages[0], (3, 2), (1, 3))), ("module.b", Tensor(storages[1], (4,), (1,))),
        ("module.c", Tensor(storages[0], (2,), (2,), 1))])
    values = {"bare": state, "training": {"epoch": 3, "loss": 0.5, "big": 1 << 70, "state_dict": state,
                                          "names": ["x", ("y", None, True)], "ema": {}}}
    for name, value in values.items():
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", method) as archive:
                for entry, data in [("data.pkl", dump(value, False)), ("byteorder", b"little"),
                                    *((f"data/{s.key}", s.data) for s in storages), ("version", b"3\n")]:
                    archive.writestr(zipfile.ZipInfo(f"archive/{entry}"), data, method)
            save(top / "torch", f"{name}-{method}", file.getvalue())
        legacy = b"".join(pickle.dumps(part, 2) for part in (
            0x1950A86A20F9469CFC6C, 1001,
            {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}))
        legacy += dump(value, True) + pickle.dumps([s.key for s in storages], 2)
        legacy += b"".join(struct.pack("<q", s.count) + s.data for s in storages)
        save(top / "torch", f"{name}-legacy", legacy)


def numpy(top: pathlib.Path) -> None:
    def array(kind: str, shape: tuple, data: bytes, order: bool = False, version: int = 1) -> bytes:
        text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape!r}, }}".encode()
        text += b" " * (-(len(text) + 11) % 64) + b"\n"
        return b"\x93NUMPY" + bytes((version, 0)) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data

    arrays = {"floats": array("<f4", (3, 2), FLOATS), "turned": array("<f4", (2, 3), FLOATS, True, 2),
              "doubles": array(">f8", (3,), FLOATS), "bytes": array("|u1", (2, 2, 2), HALVES),
              "half": array("<f2", (4,), HALVES), "none": array("<i8", (0, 7), b""), "one": array("<f4", (), FLOATS[:4])}
    for name, data in arrays.items():
        save(top / "numpy", name, data)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name in ("floats", "bytes"):
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), arrays[name], method)
        save(top / "numpy", f"archive-{method}", file.getvalue())


def main() -> None:
    top = pathlib.Path(sys.argv[1])
    for write in (pictures, safetensors, torch_files, numpy):
        write(top)


main()
