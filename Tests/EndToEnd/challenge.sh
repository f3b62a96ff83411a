#!/bin/bash
# The main job on real input: the restoration challenge's 100 pictures (50 of rain, 50 of snow) through --once
# with the weights that ship; numpy and Pillow, not our own code, read the results back.
#
#   Tests/EndToEnd/challenge.sh [BUILD-FOLDER]      (default: .build/release)
#
# Exits 77 where ../shared/data/hw4-test (or $PROMPTIR_SHARED/data/hw4-test) is absent. Needs python3 with numpy
# and Pillow.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
originals=${PROMPTIR_SHARED:-$root/../shared}/data/hw4-test
if [[ ! -d $originals ]]; then
  echo "skipped: no pictures at $originals (set PROMPTIR_SHARED)"
  exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-challenge.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
mkdir "$work/in" "$work/out"
cp -- "$originals"/*.png "$work/in/"
given=$(count_pictures "$work/in")

begin=$(date +%s%N)
output=$("$build/promptir-restored" --inbox "$work/in" --outbox "$work/out" --settle-seconds 0.1 --once \
  2>"$work/errors")
check "--once ends with 0" equal $? 0
printf '     %s\n' "$output"
echo "     $given pictures in $((($(date +%s%N) - begin) / 1000000)) ms, reading and writing included"
check "one summary line with the count" contains "$output" "$given restored"
check "every picture is restored" equal "$(count_pictures "$work/out")" "$given"
check "the inbox is empty" equal "$(count_pictures "$work/in")" 0
check "every original is archived, unchanged" equal \
  "$(picture_sums "$work/in.spool/archive" | sed 's|  .*/|  |' | sort)" \
  "$(picture_sums "$originals" | sed 's|  .*/|  |' | sort)"
check "pred.npz and submission.zip are right" \
  python3 "$here/challenge.py" "$originals" "$work/out"

# The batch tool, another process with another division of the work, must make the same pictures and bundle.
mkdir "$work/sample"
for index in 0 1 2 3 4; do cp -- "$originals/$index.png" "$work/sample/"; done
check "promptir restore" "$build/promptir" restore "$work/sample" -o "$work/again"
for picture in "$work/again"/*.png; do
  check "the same bytes from promptir restore: $(basename "$picture")" \
    cmp "$picture" "$work/out/$(basename "$picture")"
done
check "promptir bundle" "$build/promptir" bundle "$work/out" -o "$work/pred.npz" --submission "$work/submission.zip"
check "the same pred.npz from promptir bundle" cmp "$work/pred.npz" "$work/out/pred.npz"
check "the same submission.zip" cmp "$work/submission.zip" "$work/out/submission.zip"
finish
