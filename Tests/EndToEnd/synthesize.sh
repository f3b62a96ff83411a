#!/bin/bash
# Makes pairs as a person would, and checks what is printed, written and returned.
#
#   Tests/EndToEnd/synthesize.sh [BUILD_FOLDER]        default: .build/release
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
tool=$(realpath "${1:-$root/.build/release}")/promptir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
photographs=$root/docs/examples/clean

# fails CODE PATTERN COMMAND...: the command exits with the code and says what the pattern matches.
fails() {
  local expected=$1 pattern=$2 code; shift 2
  "$@" >"$work/said" 2>&1 </dev/null; code=$?
  equal "$code" "$expected" && grep -qE -- "$pattern" "$work/said" || { cat "$work/said"; return 1; }
}

make() { "$tool" synthesize "$@" --clean "$photographs"; }

check "rain and snow" fails 0 '^snow +4 ' make mixed -o "$work/pairs" --count 4 --seed 3 --threads 1
check "in the challenge's layout" equal "$(cd "$work/pairs/train" && find . -type f | sort | tr '\n' ' ')" \
  "$(for side in clean/rain_clean clean/snow_clean degraded/rain degraded/snow; do printf './%s-%d.png\n' $side 1 $side 2 $side 3 $side 4; done | sort | tr '\n' ' ')"
check "the same on two threads" make mixed -o "$work/again" --count 4 --seed 3 --threads 2
check "to the byte" diff -r "$work/pairs" "$work/again"
check "another seed" make mixed -o "$work/other" --count 4 --seed 4
check "gives others" bash -c "! cmp -s '$work/pairs/train/degraded/rain-1.png' '$work/other/train/degraded/rain-1.png'"
check "one pair for each photograph" fails 0 '^rain +3 ' make rain -o "$work/each" --strength 0.2-0.7
check "the evaluation finds the pairs' sizes equal" "$tool" evaluate --restored "$work/pairs/train/clean" --clean "$work/pairs/train/clean"
check "nothing is overwritten unasked" fails 73 'expected a new or empty folder.*--force' make rain -o "$work/pairs"
check "unless asked" fails 0 '^rain +2 ' make rain -o "$work/pairs" --count 2 --force
check "earlier pairs are gone then" equal "$(find "$work/pairs" -type f | wc -l)" 4
check "not among the photographs" fails 64 'lies within' "$tool" synthesize rain --clean "$work/each/train" -o "$work/each/train/x"
check "no photographs" fails 66 'no pictures' "$tool" synthesize rain --clean "$root/systemd" -o "$work/x"
check "no folder" fails 66 'no such' "$tool" synthesize rain --clean "$work/none" -o "$work/x"
check "no such weather" fails 64 'hail' make hail -o "$work/x"
check "too strong" fails 64 'strength' make rain -o "$work/x" --strength 1.5
check "clean pictures of low contrast" make rain -o "$work/low" --count 2 --low-contrast 1 --weather-free 1
check "as clean as their partners" cmp "$work/low/train/degraded/rain-1.png" "$work/low/train/clean/rain_clean-1.png"
check "more than all of low contrast" fails 64 '--low-contrast 1.5: expected 0 to 1' make rain -o "$work/x" --low-contrast 1.5
check "none at all" fails 64 'expected 1 to' make rain -o "$work/x" --count 0
mkdir "$work/bad" && cp "$photographs"/*.png "$work/bad" && printf x >"$work/bad/z.png"
check "a bad photograph is named" fails 65 'z\.png.*replace the file' "$tool" synthesize rain --clean "$work/bad" -o "$work/y"
finish
