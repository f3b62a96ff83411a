#!/bin/bash
# Guards the main kernels by the instructions that they execute, which noise on the machine does not disturb: one
# forward pass of the shipped network on 64×64 pixels under callgrind, which offers 256-bit registers.
#
#   Tests/EndToEnd/instructions.sh [BUILD_FOLDER]        default: .build/release
#
# A change that makes a kernel cheaper lowers its line below; one that makes it dearer by more than 2 % says why.
# Counts belong to a compiler: with another one than that below there is nothing to compare with.

set -u
cd "$(dirname "$0")/../.."
build=$(realpath "${1:-.build/release}")
compiler="6.3.1"

# millions of instructions, a part of the mangled name, the kernel
expected="\
129.15 PanelProductO the product
11.72 Depthwise3x3O7rowPair depthwise 3×3, two rows
7.68 FloatBuildO4gate the gate
5.64 FloatBuildO9normalize layer norm"

command -v valgrind >/dev/null || {
    echo "skipped: valgrind is not installed"
    exit 77
}
swift --version 2>&1 | grep -q "Swift version $compiler " || {
    echo "skipped: the counts are of Swift $compiler"
    exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# valgrind does not read this compiler's debugging information; the symbols suffice.
strip -g -o "$work/promptir" "$build/promptir" || exit 1
ln -s "$build"/*.resources "$work/"
python3 - "$work/in.npy" <<'EOF' || exit 1
import struct, sys
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 64, 64), }"
header += " " * (117 - len(header)) + "\n"
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack("<12288f", *(index % 251 / 251 for index in range(12288))))
EOF
if ! valgrind --quiet --tool=callgrind --callgrind-out-file="$work/counts" "$work/promptir" forward --threads 1 \
    --input "$work/in.npy" --output "$work/out.npy" 2>"$work/log"; then
    cat "$work/log"
    exit 1
fi
callgrind_annotate --threshold=100 "$work/counts" >"$work/table"

failures=0
while read -r millions symbol name; do
    count=$(grep -F "$symbol" "$work/table" | awk '{ gsub(",", "", $1); sum += $1 } END { print sum }')
    if ! awk -v count="${count:-0}" -v most="$millions" -v name="$name" 'BEGIN {
        count /= 1e6
        bad = count == 0 || count > 1.02 * most
        printf "%s%s: %.2f million instructions, recorded %.2f\n", bad ? "FAILED: " : "", name, count, most
        exit bad }'; then
        failures=$((failures + 1))
    fi
done <<<"$expected"
echo "instructions: $failures failed"
exit $((failures > 0))
