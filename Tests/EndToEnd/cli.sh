#!/bin/bash
# Uses the tool as a person would, and checks what it prints, writes and returns.
#
#   Tests/EndToEnd/cli.sh [BUILD_FOLDER]        default: .build/release
#
# PYTHON names a python3 with numpy and Pillow; without one, the parts that need it are skipped, and said so.

set -u
cd "$(dirname "$0")/../.."
build=$(realpath "${1:-.build/release}")
tool=$build/promptir
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
checks=0
failures=0

check() { # description, then a command that must succeed
    local what=$1
    shift
    checks=$((checks + 1))
    if ! "$@" >"$work/.check" 2>&1; then
        failures=$((failures + 1))
        echo "FAILED: $what"
        sed 's/^/    /' "$work/.check"
    fi
}

returns() { # expected code, a pattern that standard error or output must hold, then the command
    local expected=$1 pattern=$2 code
    shift 2
    "$@" >"$work/.stdout" 2>"$work/.stderr" </dev/null
    code=$?
    if [ $code -ne "$expected" ]; then
        echo "expected exit code $expected, found $code"
        cat "$work/.stdout" "$work/.stderr"
        return 1
    fi
    grep -qE -- "$pattern" <(cat "$work/.stdout" "$work/.stderr" && echo) && return 0
    echo "expected /$pattern/ in:"
    cat "$work/.stdout" "$work/.stderr"
    return 1
}

has_python() { "$python" -c 'import numpy, PIL' 2>/dev/null; }

# Pictures by python3's own library: PNGs of noise, width and height given.
png() { # path width height
    python3 - "$@" <<'PY'
import struct, sys, zlib
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rows = b"".join(b"\0" + bytes((x * 7 + y * 13 + c * 50) % 256 for x in range(width) for c in range(3)) for y in range(height))
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PY
}

mkdir -p "$work/in/night/deep" "$work/empty"
png "$work/in/a.png" 40 24
png "$work/in/b.png" 9 9
png "$work/in/night/a.png" 17 33
png "$work/in/night/deep/c.png" 1 1

echo "== usage"
check "version" returns 0 '^[0-9]+\.[0-9]+' "$tool" --version
check "help" returns 0 'SUBCOMMANDS' "$tool" --help
check "no output folder" returns 64 '--output' "$tool" restore "$work/in"
check "unknown flag" returns 64 'wibble' "$tool" restore "$work/in" -o "$work/x" --wibble
check "bad tile" returns 64 '--tile' "$tool" restore "$work/in" -o "$work/x" --tile 12
check "overlap beyond half a tile" returns 64 'at most half' "$tool" restore "$work/in" -o "$work/x" --tile 64 --tile-overlap 40
check "scales without the full size" returns 64 '1 followed by any of 2, 4 and 8' "$tool" restore "$work/in" -o "$work/x" --scales 2,4
for scales in 0 3 16 1,1 1,3 ''; do
    check "bad scales '$scales'" returns 64 '--scales.*expected auto' "$tool" restore "$work/in" -o "$work/x" --scales "$scales"
done
check "unknown precision" returns 64 'float32' "$tool" restore "$work/in" -o "$work/x" --precision int4
check "precision without its instructions" returns 78 'lacks AVX512_BF16' \
  env PROMPTIR_REGISTER_BITS=256 "$tool" restore "$work/in" -o "$work/x" --precision bfloat16
check "mixed precision is for training" returns 64 'expected float32, bfloat16, bfloat16-amx or int8' "$tool" bench --precision mixed
check "mixed precision on a processor without its instructions" returns 78 'AVX512_BF16' \
  env PROMPTIR_REGISTER_BITS=256 "$tool" train --synthesize rain --data "$work/in" --output "$work/mixed" --precision mixed
check "and nothing was made" test ! -e "$work/mixed"
check "bad quality" returns 64 'expected 1 to 100' "$tool" restore "$work/in" -o "$work/x" --jpeg-quality 0
check "bad limit" returns 64 'max-pixels 0: expected' "$tool" restore "$work/in" -o "$work/x" --max-pixels 0
check "bad format" returns 64 'gif' "$tool" restore "$work/in" -o "$work/x" --format gif
check "bad threads" returns 64 'expected 1 to' "$tool" restore "$work/in" -o "$work/x" --threads 0
check "nothing was written" test ! -e "$work/x"

echo "== restore"
check "missing input" returns 66 'no such file' "$tool" restore "$work/none" -o "$work/x"
check "empty folder" returns 66 'no pictures' "$tool" restore "$work/empty" -o "$work/x"
check "missing model" returns 66 'no such file' "$tool" restore "$work/in" -o "$work/x" --model "$work/none.pth"
check "a model that is none" returns 65 'a\.png' "$tool" restore "$work/in" -o "$work/x" --model "$work/in/a.png"
check "onto the originals" returns 64 'another output folder' "$tool" restore "$work/in" -o "$work/in"
check "a folder" returns 0 '^4 restored, 0 failed, of 4$' "$tool" restore "$work/in" -o "$work/out"
check "no progress bar without a terminal" test ! -s "$work/.stderr"
check "subfolders are kept" test -s "$work/out/night/deep/c.png"
check "originals stay" test -s "$work/in/night/deep/c.png"
check "done is skipped" returns 0 '^0 restored, 4 already done' "$tool" restore "$work/in" -o "$work/out"
touch -d '+1 hour' "$work/in/b.png"
check "a newer original is restored anew" returns 0 '^1 restored, 3 already done' "$tool" restore "$work/in" -o "$work/out"
touch -d '-1 hour' "$work/in/b.png"
cp -r "$work/out" "$work/first"
check "overwrite" returns 0 '^4 restored' "$tool" restore "$work/in" -o "$work/out" --overwrite --threads 1
check "the same bytes, whatever the threads" diff -r "$work/first" "$work/out"

printf 'no picture at all' >"$work/in/bad.png"
head -c 200 "$work/in/a.png" >"$work/in/cut.png"
: >"$work/in/zero.jpg"
check "bad files do not stop the others" returns 65 '^4 restored, 3 failed, of 7$' "$tool" restore "$work/in" -o "$work/out2"
check "failures are listed at the end" grep -q 'bad.png: decode: neither PNG nor JPEG' "$work/.stderr"
check "truncation is called so" grep -q 'cut.png: decode: .*truncated' "$work/.stderr"
check "nothing partial is left" test "$(find "$work/out2" -type f | wc -l)" = 4
rm "$work/in/bad.png" "$work/in/cut.png" "$work/in/zero.jpg"

check "beyond the limits" returns 65 'exceeds the limit of 100 pixels .max-pixels' "$tool" restore "$work/in" -o "$work/limited" --max-pixels 100
check "within them" returns 65 '^2 restored, 2 failed' "$tool" restore "$work/in" -o "$work/limited" --max-side 24 --overwrite
check "as JPEG" returns 0 '^4 restored' "$tool" restore "$work/in" -o "$work/jpeg" --format jpeg --jpeg-quality 80
check "extension follows the format" test -s "$work/jpeg/night/a.jpg"
check "tiles and self-ensemble" returns 0 '^1 restored' "$tool" restore "$work/in/a.png" -o "$work/tta" --tile 64 --tta
check "strength 0 gives the originals" returns 0 '^1 restored' "$tool" restore "$work/in/a.png" -o "$work/same" --strength 0
check "strength 0.5 is explained" returns 0 'strength 0.50, changed' "$tool" restore "$work/in/a.png" -o "$work/half" --strength 0.5 --explain
check "strength 2 is refused" returns 64 'expected 0 to 1' "$tool" restore "$work/in/a.png" -o "$work/more" --strength 2
check "automatic tiles under a small limit" returns 0 '^4 restored' "$tool" restore "$work/in" -o "$work/small" --memory-limit 88M
check "a limit below the program's own memory is refused with the number needed" \
    returns 64 'memory-limit: .*expected at least [0-9]+ MB, found 30 MB' "$tool" restore "$work/in" -o "$work/refused" --memory-limit 30M
"$tool" restore "$work/in" -o "$work/refused" --memory-limit 1M 2>"$work/needed"
needed=$(sed -n 's/.*expected at least \([0-9]*\) MB.*/\1/p' "$work/needed")
check "that number is accepted" returns 0 '^4 restored' "$tool" restore "$work/in" -o "$work/least" --memory-limit "${needed}M"
png "$work/never.png" 1500 1200
check "what never fits is refused with both figures" returns 65 'too large: it takes [0-9]+ MB of memory, more than the budget of [0-9]+ MB .memory-limit' \
    "$tool" restore "$work/never.png" -o "$work/refused" --memory-limit "${needed}M"
check "a file beyond the limit is not read" returns 65 'exceeds the limit of 100 .max-file-size' "$tool" restore "$work/in" -o "$work/refused" --max-file-size 100

png "$work/wide.png" 200 130
check "auto says what a small picture leaves out" returns 0 '/wide.png: scales 1 \(of 1,2,4,8\), changed [0-9]+\.[0-9] levels on average, [0-9]+\.[0-9] % of the pixels; level 8: left out, as the picture would be too small; level 4: left out, as the picture would be too small; level 2: left out, as the picture would be too small$' \
    "$tool" restore "$work/wide.png" -o "$work/auto" --explain
png "$work/large.png" 520 512
check "auto looks at two scales of a larger one" returns 0 '/large.png: scales 1(,2)? \(of 1,2,4,8\), .*; level 8: left out, as the picture would be too small; level 4: structure [0-9]+\.[0-9]{2}, [0-9.]+ % of the pixels, not needed; level 2: structure .*, (kept|not needed)$' \
    "$tool" restore "$work/large.png" -o "$work/auto" --explain
check "scales that are asked for are kept" returns 0 '/wide.png: scales 1,2 \(of 1,2\), changed .* pixels, kept$' "$tool" restore "$work/wide.png" -o "$work/two" --scales 1,2 --explain
check "on standard output, the summary after it" bash -c "[ \$(wc -l <'$work/.stdout') = 2 ] && tail -1 '$work/.stdout' | grep -q '^1 restored'"
check "the full size alone" returns 0 '/wide.png: scales 1 \(of 1\), changed [^;]*$' "$tool" restore "$work/wide.png" -o "$work/one" --scales 1 --explain
check "is another picture" bash -c "! cmp -s '$work/one/wide.png' '$work/two/wide.png'"
check "with tiles and self-ensemble" returns 0 '^1 restored' "$tool" restore "$work/wide.png" -o "$work/tiled" --scales 1,2 --tile 64 --tta
check "without --explain nothing is explained" bash -c "[ \$(wc -l <'$work/.stdout') = 1 ]"

printf x >"$work/file"
check "output below a file" returns 73 'file' "$tool" restore "$work/in" -o "$work/file/out"
# Root may write anywhere: then somebody else tries.
other=()
[ "$(id -u)" = 0 ] && other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 755 "$work"
if "${other[@]}" "$tool" --version >/dev/null 2>&1; then
    mkdir -m 555 "$work/locked"
    check "unwritable output" returns 73 'permission' "${other[@]}" "$tool" restore "$work/in" -o "$work/locked/out"
    check "unwritable folder" returns 73 'permission' "${other[@]}" "$tool" restore "$work/in" -o "$work/locked"
else
    echo "SKIPPED: unwritable output (cannot run the tool as anybody but root)"
fi
mkdir "$work/full" && if mount -t tmpfs -o size=4k none "$work/full" 2>/dev/null; then
    check "a full disk stops the batch" returns 74 'full' "$tool" restore "docs/examples/degraded/rain.png" -o "$work/full"
    check "and is said of a bundle too" returns 74 'make room' "$tool" bundle "$work/out" -o "$work/full/pred.npz"
    umount "$work/full"
else
    echo "SKIPPED: full disk (cannot mount a tmpfs)"
fi

png "$work/large.png" 700 700
"$tool" restore "$work/large.png" -o "$work/interrupted" --tta >"$work/.stdout" 2>"$work/.stderr" &
pid=$!
sleep 0.7
kill -INT $pid # ignored: the shell starts background jobs so
sleep 0.1
kill -TERM $pid
wait $pid
code=$?
check "SIGTERM returns 143 (found $code)" test $code = 143
check "and is said" grep -q interrupted "$work/.stderr"
check "and leaves no partial file" test -z "$(find "$work/interrupted" -type f)"

echo "== bundle"
check "empty folder" returns 66 'no pictures' "$tool" bundle "$work/empty" -o "$work/pred.npz"
check "missing folder" returns 66 'no such' "$tool" bundle "$work/none" -o "$work/pred.npz"
check "no place for it" returns 73 'no/such' "$tool" bundle "$work/out" -o "$work/no/such/pred.npz"
check "into the folder itself" returns 0 '^4 pictures' "$tool" bundle "$work/out" -o "$work/out/pred.npz" --submission "$work/submission.zip"
cp -r "$work/out" "$work/moved"
check "again" returns 0 '^4 pictures' "$tool" bundle "$work/moved" -o "$work/again.npz"
check "the same bytes" cmp "$work/out/pred.npz" "$work/again.npz"
check "submission holds pred.npz" python3 -c "
import sys, zipfile
archive = zipfile.ZipFile('$work/submission.zip')
assert archive.testzip() is None and archive.namelist() == ['pred.npz'], archive.namelist()
assert archive.read('pred.npz') == open('$work/out/pred.npz', 'rb').read()"
mkdir "$work/broken" && printf x >"$work/broken/bad.png"
check "none that can be read" returns 65 'none of 1' "$tool" bundle "$work/broken" -o "$work/again.npz"
check "leaves what was there" cmp "$work/out/pred.npz" "$work/again.npz"
printf x >"$work/moved/bad.png"
check "a bad picture is named, the rest is in" returns 65 'bad.png: left out' "$tool" bundle "$work/moved" -o "$work/again.npz"
if has_python; then
    check "numpy reads it, pixels are the files'" "$python" -c "
import numpy, pathlib
from PIL import Image
bundle = numpy.load('$work/out/pred.npz')
folder = pathlib.Path('$work/out')
names = sorted(str(p.relative_to(folder)) for p in folder.rglob('*.png'))
assert bundle.files == names, (bundle.files, names)
for name in names:
    pixels = numpy.asarray(Image.open(folder / name).convert('RGB')).transpose(2, 0, 1)
    assert bundle[name].dtype == numpy.uint8 and numpy.array_equal(bundle[name], pixels), name"
else
    echo "SKIPPED: numpy reading the bundle (no $python with numpy and Pillow; set PYTHON)"
fi

echo "== inspect, convert, forward"
check "inspect" returns 0 'parameters +2733470' "$tool" inspect
check "inspect as JSON" bash -c "'$tool' inspect --json | python3 -c 'import json, sys; d = json.load(sys.stdin); assert d[\"parameters\"] == 2733470 and d[\"dim\"] == 16, d'"
check "inspect what is no model" returns 65 'a\.png' "$tool" inspect "$work/in/a.png"
check "inspect what is not there" returns 66 'none' "$tool" inspect "$work/none"
model=$(find -L "$build" -maxdepth 2 -name compact.safetensors | head -1)
python3 - "$model" "$work/forged.safetensors" <<'PY'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
end = 8 + struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:end])
header["__metadata__"] = {"a": "b\nforged line \x1b[2J"}
header = json.dumps(header).encode()
open(sys.argv[2], "wb").write(struct.pack("<Q", len(header)) + header + data[end:])
PY
check "metadata forge no line and give the terminal no orders" returns 0 'a = b.x0aforged line .x1b' "$tool" inspect "$work/forged.safetensors"
check "convert" returns 0 '' "$tool" convert "$model" "$work/f32.safetensors"
check "convert back" returns 0 '' "$tool" convert "$work/f32.safetensors" "$work/f16.safetensors" --type f16
check "half is half" test "$(stat -c %s "$work/f16.safetensors")" -lt "$(($(stat -c %s "$work/f32.safetensors") * 6 / 10))"
check "the metadata are kept" returns 0 'metadata +format = pt' "$tool" inspect "$work/f16.safetensors"
python3 -c "
import struct
data = bytearray(open('$work/f32.safetensors', 'rb').read())
start = 8 + struct.unpack('<Q', data[:8])[0]
data[start:start + 4] = struct.pack('<f', 1e6)
open('$work/large.safetensors', 'wb').write(data)"
check "values beyond a half's range are refused" returns 65 'at most 65504' "$tool" convert "$work/large.safetensors" "$work/x.safetensors" --type f16
check "and nothing is left" test -z "$(find "$work" -maxdepth 1 -name '*x.safetensors*')"
check "bf16 holds them" returns 0 '' "$tool" convert "$work/large.safetensors" "$work/x.safetensors" --type bf16
mkfifo "$work/fifo.safetensors"
check "a fifo or a device stays one" returns 73 'neither a file' "$tool" convert "$work/f32.safetensors" "$work/fifo.safetensors"
python3 - "$work/f32.safetensors" "$work/doubled.safetensors" <<'EOF'
import json, struct, sys
import numpy
data = open(sys.argv[1], 'rb').read()
start = 8 + struct.unpack('<Q', data[:8])[0]
open(sys.argv[2], 'wb').write(data[:start] + (numpy.frombuffer(data[start:], '<f4') * numpy.float32(3)).tobytes())
EOF
check "the mean of two checkpoints" returns 0 '' "$tool" convert "$work/f32.safetensors" "$work/mean.safetensors" --average "$work/doubled.safetensors"
check "is their mean" python3 - "$work/f32.safetensors" "$work/mean.safetensors" <<'EOF'
import struct, sys
import numpy
def values(path):
    data = open(path, 'rb').read()
    return numpy.frombuffer(data[8 + struct.unpack('<Q', data[:8])[0]:], '<f4')
first, mean = map(values, sys.argv[1:])
sys.exit(not numpy.array_equal(mean, first * numpy.float32(2)))
EOF
sed 's/"shape":\[3,32,3,3\]/"shape":[32,3,3,3]/' "$work/f32.safetensors" >"$work/other.safetensors"
check "no mean of two networks" returns 65 'output.weight of shape .3, 32, 3, 3., found .32, 3, 3, 3.' "$tool" convert "$model" "$work/x.safetensors" --average "$work/other.safetensors"
check "convert to a bad type" returns 64 'int8' "$tool" convert "$model" "$work/x.safetensors" --type int8
check "the converted model does the same" returns 0 '^4 restored' "$tool" restore "$work/in" -o "$work/converted" --model "$work/f16.safetensors"
check "to the byte" diff -r "$work/first" "$work/converted"
if has_python; then
    "$python" -c "import numpy; numpy.save('$work/x.npy', numpy.random.default_rng(1).random((2, 3, 20, 28), dtype=numpy.float32)); numpy.save('$work/bytes.npy', numpy.zeros((1, 3, 8, 8), numpy.uint8)); numpy.save('$work/flat.npy', numpy.zeros((8, 8), numpy.float32))"
    check "forward" returns 0 '' "$tool" forward --input "$work/x.npy" --output "$work/y.npy"
    check "forward's shape and type" "$python" -c "
import numpy
x, y = numpy.load('$work/x.npy'), numpy.load('$work/y.npy')
assert y.shape == x.shape and y.dtype == numpy.float32 and numpy.isfinite(y).all() and not numpy.array_equal(x, y)"
    check "forward of bytes" returns 65 'found uint8' "$tool" forward --input "$work/bytes.npy" --output "$work/y.npy"
    check "forward of another shape" returns 65 'expected float32' "$tool" forward --input "$work/flat.npy" --output "$work/y.npy"
else
    echo "SKIPPED: forward (no $python with numpy; set PYTHON)"
fi
check "forward without its input" returns 66 'none' "$tool" forward --input "$work/none.npy" --output "$work/y.npy"

check "convert says what it writes" returns 64 'ends in .safetensors' "$tool" convert "$model" "$work/out.pth"
if has_python; then
    check "forward keeps its input" returns 64 'this is the input' "$tool" forward --input "$work/x.npy" --output "$work/x.npy"
fi

echo "== evaluate"
check "a folder against itself" returns 0 'mean of 4' "$tool" evaluate --restored "$work/out" --clean "$work/out"
check "equal pictures have null for their PSNR" bash -c "'$tool' evaluate --restored '$work/out' --clean '$work/out' --json | python3 -c 'import json, sys; d = json.load(sys.stdin); assert d[\"mean\"][\"psnr\"] is None and d[\"pictures\"][0][\"luma_psnr\"] is None, d'"
# Clean pictures may come back as they were: null again.
check "against the originals, as JSON" bash -c "'$tool' evaluate --restored '$work/out' --clean '$work/in' --json | python3 -c 'import json, sys; d = json.load(sys.stdin); assert len(d[\"pictures\"]) == 4 and all(p[\"psnr\"] is None or p[\"psnr\"] > 5 for p in d[\"pictures\"]), d'"
check "without counterparts" returns 65 'no picture of this name' "$tool" evaluate --restored "$work/out" --clean "$work/empty"
mkdir "$work/fewer" && cp "$work/out"/*.png "$work/fewer/"
check "a restored picture that is missing is reported" returns 65 'no restored picture of this name' "$tool" evaluate --restored "$work/fewer" --clean "$work/out"
check "nothing to compare" returns 66 'no pictures' "$tool" evaluate --restored "$work/empty" --clean "$work/out"

echo "$checks checks, $failures failed"
[ $failures -eq 0 ]
