#!/bin/bash
# Two processes train as one with the doubled batch does; one that fails ends both. Needs Open MPI's mpirun.
#
#   Tests/EndToEnd/mpi.sh [BUILD-FOLDER]            (default: .build/release)
source "$(dirname -- "$0")/common.sh"

command -v mpirun >/dev/null || { echo "no mpirun here (Debian: openmpi-bin)"; exit 77; }
build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-mpi.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
promptir=$build/promptir
both=(mpirun -n 2 --oversubscribe)
[ "$(id -u)" -ne 0 ] || both+=(--allow-run-as-root)

recipe=(train --synthesize mixed --data "$work/clean" --config "$here/micro.toml" --patch 32 --epochs 3
  --validation 0.25 --seed 7 --threads 1)
pictures "$work/clean" 16 64x48
for loss in mse l1 l1-ssim; do
  check "$loss: two processes, two pictures each" timeout 120 "${both[@]}" "$promptir" "${recipe[@]}" --loss $loss \
    --batch 2 --output "$work/two-$loss"
  check "$loss: one process, four pictures" "$promptir" "${recipe[@]}" --loss $loss --batch 4 \
    --output "$work/one-$loss"
  check "$loss: the same weights within 1e-6" python3 "$here/compare_weights.py" "$work/two-$loss/last.safetensors" \
    "$work/one-$loss/last.safetensors" 1e-6
done
# Training does not depend on how bfloat16 is computed here.
grep -qw avx512_bf16 /proc/cpuinfo || export PROMPTIR_BFLOAT16=emulated
check "mixed precision too" timeout 120 "${both[@]}" "$promptir" "${recipe[@]}" --precision mixed --output "$work/mixed"
check "again" timeout 120 "${both[@]}" "$promptir" "${recipe[@]}" --batch 2 --output "$work/again"
check "gives the same bits" cmp "$work/two-mse/last.safetensors" "$work/again/last.safetensors"
check "a run of two is not resumed by one" test -n "$("$promptir" train --resume --output "$work/again" 2>&1 |
  grep 'processes 1, not 2')"

# A picture that only one of them will read, and cannot.
cp -r "$work/clean" "$work/damaged"
for picture in "$work"/damaged/*.png; do truncate -s 1500 "$picture"; break; done
output=$(timeout 120 "${both[@]}" "$promptir" train --synthesize mixed --data "$work/damaged" \
  --config "$here/micro.toml" --patch 32 --epochs 50 --threads 1 --output "$work/failed" 2>&1)
status=$?
check "a failed process ends both with its status" equal $status 65
check "and says what it met" contains "$output" "cannot read"
finish
