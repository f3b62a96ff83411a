#!/bin/bash
# Names are bytes: every path that is given to a command, and every picture, has a name that is not UTF-8.
#
#   Tests/EndToEnd/names.sh [BUILD-FOLDER]          (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
promptir=$build/promptir service=$build/promptir-restored
base=$(mktemp -d "${TMPDIR:-/tmp}/promptir-names.XXXXXX") || exit 1
trap 'rm -rf -- "$base"' EXIT
# é in Latin-1, and the private character that stands for a byte where only text can go.
e=$'\xe9' private=$'\xf3\xb0\x83\xa9'
work=$base/$e$private
mkdir "$work" || exit 77

# Pictures whose names and folder are no text; and two that differ in the bytes alone.
pictures "$work/in$e" 3 48x40
mv "$work/in$e/picture-000.png" "$work/in$e/a$e.png"
mv "$work/in$e/picture-001.png" "$work/in$e/a$private.png"
mkdir "$work/in$e/sub$e" && mv "$work/in$e/picture-002.png" "$work/in$e/sub$e/b.png"
model=$work/model$e.safetensors
cp "$build/promptir-restored_Restoration.resources/compact.safetensors" "$model"
config=$work/network$e.toml
cp "$here/micro.toml" "$config"
python3 - "$work/x$e.npy" <<'PY'
import struct, sys
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 8, 8), }"
header += " " * (-(len(header) + 11) % 64) + "\n"
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack("<192f", *(i / 192 for i in range(192))))
PY

# names FOLDER: the relative names of the files in it, sorted by bytes
names() { (cd "$1" && find . -type f ! -name '.*' | LC_ALL=C sort); }
same_names() { equal "$(names "$1")" "$(names "$2")"; }

check "restore" "$promptir" restore "$work/in$e" -o "$work/out$e" --model "$model"
check "keeps the names" same_names "$work/out$e" "$work/in$e"
check "finds what is done" contains "$("$promptir" restore "$work/in$e" -o "$work/out$e" --model "$model")" "3 already done"
check "restore, one file" "$promptir" restore "$work/in$e/a$e.png" -o "$work/one$e"
check "keeps its name" test -s "$work/one$e/a$e.png"
check "forward" "$promptir" forward --model="$model" --input "$work/x$e.npy" --output "$work/y$e.npy"
check "writes the array" test -s "$work/y$e.npy"
check "inspect" "$promptir" inspect "$model"
check "inspect, as JSON" "$promptir" inspect "$model" --json
check "convert" "$promptir" convert "$model" "$work/half$e.safetensors" --type f16
check "convert to a mean" "$promptir" convert "$model" "$work/mean$e.safetensors" --average "$work/half$e.safetensors"
check "evaluate" "$promptir" evaluate --restored "$work/out$e" --clean "$work/in$e"
check "bundle" "$promptir" bundle "$work/out$e" -o "$work/pred$e.npz" --submission "$work/submission$e.zip"
check "bundle, another" "$promptir" bundle "$work/one$e" -o "$work/one$e.npz"
check "refuses to merge what overlaps" contains \
  "$("$promptir" bundle merge "$work/pred$e.npz" "$work/one$e.npz" -o "$work/all$e.npz" 2>&1)" "both hold"
check "merge" "$promptir" bundle merge "$work/pred$e.npz" -o "$work/all$e.npz" --submission "$work/all$e.zip"
check "gives the same bundle" cmp "$work/pred$e.npz" "$work/all$e.npz"
check "and the same submission" cmp "$work/submission$e.zip" "$work/all$e.zip"
check "bench" "$promptir" bench --model "$model" --size 16x16 --repetitions 1
check "synthesize" "$promptir" synthesize mixed --clean "$work/in$e" -o "$work/pairs$e" --count 4
recipe=(--config "$config" --patch 32 --batch 2 --threads 2)
pictures "$work/others$e" 2 40x48
check "synthesize others" "$promptir" synthesize rain --clean "$work/others$e" -o "$work/validation$e"
check "train" "$promptir" train --data "$work/pairs$e" --validation "$work/validation$e" "${recipe[@]}" --epochs 1 \
  --output "$work/run$e"
check "inspect what was trained" "$promptir" inspect "$work/run$e/best.safetensors"
check "train on synthesized pairs" "$promptir" train --synthesize rain --data "$work/in$e" "${recipe[@]}" --epochs 1 \
  --output "$work/weather$e"
check "train on parallel folders" "$promptir" train --degraded "$work/out$e" --clean "$work/in$e" "${recipe[@]}" \
  --epochs 1 --output "$work/parallel$e"
check "resume finds the folders again" "$promptir" train --resume --output "$work/run$e"
check "train from weights" "$promptir" train --data "$work/pairs$e" --initial "$work/run$e/last.safetensors" \
  --patch 32 --batch 2 --threads 2 --epochs 1 --output "$work/tuned$e"
check "compare-losses" "$promptir" compare-losses --data "$work/pairs$e" "${recipe[@]}" --epochs 1 --output "$work/losses$e"
check "writes the table" test -s "$work/losses$e/comparison.csv"

# The service: folders by flags, and the configuration by a file of such a name.
mkdir "$work/inbox$e" "$work/outbox$e" "$work/bundle$e" && cp -r "$work/in$e/." "$work/inbox$e"
folders=(--inbox "$work/inbox$e" --outbox "$work/outbox$e")
check "--check-config" "$service" --check-config "${folders[@]}" --model "$model"
check "--once" "$service" --once "${folders[@]}" --model "$model" --spool "$work/spool$e" --settle-seconds 0.1 \
  --bundle-folder "$work/bundle$e" --metrics-file "$work/metrics$e.prom"
check "restores every picture" same_names "$work/outbox$e" "$work/in$e"
check "to the same bytes as restore" diff -r --exclude='.*' "$work/outbox$e" "$work/out$e"
check "writes the bundle" cmp "$work/bundle$e/pred.npz" "$work/pred$e.npz"
check "writes the metrics" test -s "$work/metrics$e.prom"
check "archives the originals" same_names "$work/spool$e/archive" "$work/in$e"
check "--status" contains "$("$service" --status "${folders[@]}" --spool "$work/spool$e")" "3 archived"
cp -r "$work/in$e/." "$work/inbox$e"
check "--once, the spool beside the inbox" "$service" --once "${folders[@]}" --settle-seconds 0.1
check "is INBOX.spool" same_names "$work/inbox$e.spool/archive" "$work/in$e"
mkdir "$base/plain-inbox" "$base/plain-outbox" && cp "$work/in$e/a$e.png" "$base/plain-inbox"
printf 'inbox = "%s"\noutbox = "%s"\n' "$base/plain-inbox" "$base/plain-outbox" >"$work/service$e.toml"
check "--config" "$service" --once --config "$work/service$e.toml" --settle-seconds 0.1
check "restores" test -s "$base/plain-outbox/a$e.png"
check "an absent configuration is named" contains \
  "$("$service" --once --config "$work/absent$e.toml" 2>&1)" 'absent\xe9.toml'

# Nothing was written beside, under a name that only looks like the one that was given.
rm -r "$base"/plain-*
check "nothing lies elsewhere" equal "$(find "$base" -mindepth 1 -maxdepth 1 | wc -l)" 1
finish
