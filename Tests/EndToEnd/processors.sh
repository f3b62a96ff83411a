#!/bin/bash
# Every processor writes the same bytes: the same pictures are restored with 512-bit and with 256-bit registers, and
# with the kernels that OpenBLAS, if anything used it, would choose on other processors (OPENBLAS_CORETYPE).
#
#   Tests/EndToEnd/processors.sh [BUILD-FOLDER]     (default: .build/release)
#
# Takes docs/examples/degraded, and six pictures of ../shared/data/eval/rain100l (or of $PROMPTIR_SHARED) where they
# are there. What this processor cannot run is skipped, with a line that says so.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-processors.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT

mkdir "$work/pictures" && cp -- "$root"/docs/examples/degraded/* "$work/pictures/"
rain=${PROMPTIR_SHARED:-$root/../shared}/data/eval/rain100l/degraded
if [[ -d $rain ]]; then
  find "$rain" -type f -name '*.png' | sort | head -6 | xargs -d '\n' cp -t "$work/pictures" --
else
  echo "skipped: the pictures of eval/rain100l are not here"
fi
python3 - "$work/image.npy" <<'EOF' || exit 1
import struct, sys
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 120, 152), }"
header += " " * (117 - len(header)) + "\n"
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack("<54720f", *(index * 37 % 251 / 251 for index in range(54720))))
EOF

# sums NAME [VARIABLE=VALUE]...: what a run in $precision under these variables writes, every file with its sum.
precision=float32
sums() {
  local folder=$work/$1
  shift
  mkdir -p "$folder/out" && cp -r -- "$work/pictures" "$folder/in" &&
    env "$@" "$build/promptir-restored" --inbox "$folder/in" --outbox "$folder/out" --once \
      --precision $precision --settle-seconds 0.1 >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
  # Pictures hide what is below half a level: the network's floats do not.
  env "$@" "$build/promptir" forward --precision $precision --input "$work/image.npy" --output "$folder/out/forward.npy" >/dev/null || return 1
  (cd "$folder/out" && find . -type f ! -name '.*' -exec sha256sum {} + | sort -k2)
}

expected=$(sums first)
check "the first run restores all pictures" equal \
  "$(grep -cE '\.(png|jpg)$' <<<"$expected")" "$(find "$work/pictures" -type f | wc -l)"
for core in Haswell SkylakeX Zen; do
  check "OPENBLAS_CORETYPE=$core: the same bytes" equal "$(sums "$core" OPENBLAS_CORETYPE=$core)" "$expected"
done
if grep -qw avx512dq /proc/cpuinfo; then
  check "256-bit registers: the same bytes as with 512" equal \
    "$(sums narrow PROMPTIR_REGISTER_BITS=256)" "$expected"
  check "256-bit registers and OPENBLAS_CORETYPE=Haswell: the same bytes" equal \
    "$(sums older PROMPTIR_REGISTER_BITS=256 OPENBLAS_CORETYPE=Haswell)" "$expected"
else
  echo "skipped: this processor has no 512-bit registers to compare 256-bit ones with"
fi
precision=bfloat16
rounded=$(sums emulated PROMPTIR_BFLOAT16=emulated)
check "bfloat16 restores all pictures" equal "$(grep -cE '\.(png|jpg)$' <<<"$rounded")" \
  "$(grep -cE '\.(png|jpg)$' <<<"$expected")"
check "to other bytes than float32" eval '[[ $rounded != "$expected" ]]'
check "bfloat16, 256-bit registers: the same bytes" equal \
  "$(sums emulated-narrow PROMPTIR_BFLOAT16=emulated PROMPTIR_REGISTER_BITS=256)" "$rounded"
if grep -qw avx512_bf16 /proc/cpuinfo; then
  native=$(sums native)
  check "bfloat16 by its instructions: the same bytes again" equal "$(sums again OPENBLAS_CORETYPE=Haswell)" "$native"
  # The instruction's roundings are the emulation's by its manual; nothing depends on it.
  [[ $native == "$rounded" ]] && same="the same" || same=other
  echo "the emulation of bfloat16 gives $same bytes"
else
  echo "skipped: this processor has no AVX512_BF16"
fi
if grep -qw amx_bf16 /proc/cpuinfo; then
  precision=bfloat16-amx
  unit=$(sums unit)
  check "bfloat16-amx restores all pictures" equal "$(grep -cE '\.(png|jpg)$' <<<"$unit")" \
    "$(grep -cE '\.(png|jpg)$' <<<"$expected")"
  check "to other bytes than bfloat16" eval '[[ $unit != "$rounded" ]]'
  check "the same again" equal "$(sums unit-again OPENBLAS_CORETYPE=Haswell)" "$unit"
else
  echo "skipped: this processor has no matrix unit"
fi
precision=int8
rounded=$(sums int8)
check "int8 restores all pictures" equal "$(grep -cE '\.(png|jpg)$' <<<"$rounded")" \
  "$(grep -cE '\.(png|jpg)$' <<<"$expected")"
check "to other bytes than float32" eval '[[ $rounded != "$expected" ]]'
check "int8, 256-bit registers: the same bytes" equal \
  "$(sums int8-narrow PROMPTIR_REGISTER_BITS=256)" "$rounded"
check "int8, without the matrix unit: the same bytes" equal \
  "$(sums int8-vectors PROMPTIR_MATRIX_UNIT=off)" "$rounded"
check "int8, four operands in a word as for AVX512_VNNI: the same bytes" equal \
  "$(sums int8-emulated PROMPTIR_INT8=emulated)" "$rounded"
finish
