#!/bin/bash
# Training that is interrupted at any moment goes on to the same weights, bit for bit; trouble stops it with a clear
# message and its status, and takes nothing away.
#
#   Tests/EndToEnd/train.sh [BUILD-FOLDER]          (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-train.XXXXXX") || exit 1
disk=$work/disk
trap 'umount "$disk" 2>/dev/null; rm -rf -- "$work"' EXIT
promptir=$build/promptir

# train FOLDER FLAG...: a run of 30 updates that saves its state many times a second
recipe=(--synthesize mixed --data "$work/clean" --config "$here/micro.toml" --patch 32 --batch 2 --epochs 5
  --validation 0.25 --ema 0.9 --loss l1-ssim --seed 7 --threads 2 --save-every 0.001)
train() { local folder=$1; shift; timeout 120 "$promptir" train "${recipe[@]}" --output "$work/$folder" "$@"; }
# For runs that are sent signals: no other process between.
begin() { exec "$promptir" train "${recipe[@]}" --output "$work/$1"; }
go_on() { exec "$promptir" train --resume --output "$work/$1" --threads 2 --save-every 0.001; }
resume() { timeout 120 "$promptir" train --resume --output "$work/$1" --threads 2 --save-every 0.001; }
same_weights() { cmp "$work/$1/last.safetensors" "$work/$2/last.safetensors"; }

# refused STATUS PART COMMAND...: ends with the status and says so in one line that holds the part
refused() {
  local expected=$1 part=$2 output status; shift 2
  output=$("$@" 2>&1 >/dev/null)
  status=$?
  equal "$status" "$expected" && contains "$(tail -n 1 <<<"$output")" "$part"
}

pictures "$work/clean" 16 64x48
check "an undisturbed run" train calm
check "writes weights, state and figures" test -s "$work/calm/last.safetensors" -a -s "$work/calm/best.safetensors" \
  -a -s "$work/calm/state.safetensors" -a -s "$work/calm/metrics.csv"
check "the same seed gives the same weights" train again
check "bit for bit" same_weights calm again
check "so does one thread" train one-thread --threads 1
check "bit for bit" same_weights calm one-thread
check "another seed" train other --seed 8
check "gives other weights" test -n "$(cmp "$work/calm/last.safetensors" "$work/other/last.safetensors" 2>&1)"
check "the weights restore pictures" "$promptir" restore "$work/clean" -o "$work/restored" \
  --model "$work/calm/best.safetensors"

# Killed at many moments, in the first run and in the resumed ones, wherever it happens to be.
for round in {0..5}; do
  folder=kill-$round
  begin "$folder" >/dev/null 2>"$work/log" & pid=$!
  kills=0
  until [ -e "$work/$folder/state.safetensors" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.005; done
  while ((kills < 4)); do
    sleep "0.$(printf '%03d' $((RANDOM % 250 + 10 * round)))"
    kill -KILL $pid 2>/dev/null || break
    wait $pid 2>/dev/null
    kills=$((kills + 1))
    go_on "$folder" 2>>"$work/log" >/dev/null & pid=$!
  done
  wait $pid
  check "round $round: ends well after $kills kills" equal $? 0
  check "round $round: with the same weights" same_weights calm "$folder"
  check "round $round: nothing half written is left" equal "$(find "$work/$folder" -name '.*.tmp')" ""
  check "round $round: and the same figures" equal "$(cut -d, -f1-6 "$work/$folder/metrics.csv")" \
    "$(cut -d, -f1-6 "$work/calm/metrics.csv")"
done

# SIGTERM and Ctrl-C save and end; a state that is saved is whole.
# A shell's background jobs ignore Ctrl-C; this one must not.
listening() { exec python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$@"; }
for signal in TERM INT; do
  [[ $signal == TERM ]] && code=143 || code=130
  listening "$promptir" train "${recipe[@]}" --epochs 100000 --minutes 2 --output "$work/$signal" \
    2>"$work/log" >"$work/out" & pid=$!
  wait_for 30 test -e "$work/$signal/state.safetensors"
  sleep 0.3
  kill -s $signal $pid
  wait $pid
  check "SIG$signal: ends with $code" equal $? $code
  check "SIG$signal: says how to go on" contains "$(cat "$work/out")" "--resume"
  check "SIG$signal: the state keeps --minutes" grep -aq 'secondLimit[^0-9]*120[^0-9]' "$work/$signal/state.safetensors"
  check "SIG$signal: leaves usable weights" "$promptir" inspect "$work/$signal/last.safetensors"
done
begin term >/dev/null 2>&1 & pid=$!
wait_for 30 test -e "$work/term/state.safetensors"
check "a second process in its folder is refused" refused 75 "another process" "$promptir" train --resume \
  --output "$work/term"
kill -TERM $pid
wait $pid
check "a run that was stopped goes on" resume term
check "to the same weights" same_weights calm term

# The three losses under one pipeline.
compare=("$promptir" compare-losses --synthesize mixed --data "$work/clean" --config "$here/micro.toml" --patch 32
  --epochs 1 --threads 2 --output "$work/losses")
output=$("${compare[@]}" 2>"$work/log")
check "losses are compared" equal $? 0
check "in a table of three" equal "$(wc -l <<<"$output")" 4
for file in comparison.{csv,md,svg,png} comparison-samples.png {mse,l1,l1-ssim}/best.safetensors; do
  check "with $file" test -s "$work/losses/$file"
done
check "and not twice in one folder" refused 73 "--resume" "${compare[@]}"
check "what is finished is not done again" equal "$("${compare[@]}" --resume 2>/dev/null)" "$output"

# Trouble.
check "a used folder is refused" refused 73 "--resume" train calm
check "other settings are refused" refused 64 "batch 4, not 2" "$promptir" train --resume --output "$work/calm" --batch 4
check "no run to resume" refused 66 "holds no run" "$promptir" train --resume --output "$work/nothing"
check "and no folder for it" test ! -e "$work/nothing"
check "no data" refused 64 "--data" "$promptir" train --output "$work/nothing"
mkdir -p "$work/pairs/degraded" "$work/pairs/clean"
cp "$work"/clean/*.png "$work/pairs/clean/"
cp "$work"/clean/*.png "$work/pairs/degraded/"
first=$(basename "$(ls "$work"/pairs/clean/*.png | head -n 1)")
pairs=(--data "$work/pairs" --config "$here/micro.toml" --patch 32 --epochs 1)
check "pairs" "$promptir" train "${pairs[@]}" --output "$work/from-pairs"
rm "$work/pairs/clean/$first"
check "a missing pair is named" refused 66 "$first" "$promptir" train "${pairs[@]}" --output "$work/nothing"
pictures "$work/small" 1 40x40
cp "$work"/small/*.png "$work/pairs/clean/$first"
check "another size is named" refused 65 "40×40" "$promptir" train "${pairs[@]}" --output "$work/nothing"
check "no folder is made for what cannot begin" test ! -e "$work/nothing"
check "too small for SSIM" refused 65 "11×11" "$promptir" train --synthesize rain --data "$work/clean" \
  --config "$here/micro.toml" --patch 8 --loss l1-ssim --output "$work/tiny"
check "numbers that grow beyond all bounds" refused 65 "--lr" "$promptir" train --synthesize rain \
  --data "$work/clean" --config "$here/micro.toml" --patch 32 --epochs 200 --lr 1 --weight-decay 0 \
  --schedule constant --output "$work/wild"
check "leave the weights before" "$promptir" inspect "$work/wild/last.safetensors"

# A full disk.
mkdir "$disk"
if mount -t tmpfs -o size=24m none "$disk" 2>/dev/null; then
  "$promptir" train "${recipe[@]}" --epochs 100000 --output "$disk/run" 2>"$work/log" & pid=$!
  wait_for 30 test -e "$disk/run/last.safetensors"
  dd if=/dev/zero of="$disk/filler" bs=64K >/dev/null 2>&1
  wait $pid
  check "a full disk ends the run with 74" equal $? 74
  check "says so" contains "$(tail -n 1 "$work/log")" "full"
  check "and leaves no temporary file" equal "$(find "$disk/run" -name '.*.tmp' | wc -l)" 0
  rm "$disk/filler"
  "$promptir" train --resume --output "$disk/run" --threads 2 >/dev/null 2>&1 & pid=$!
  wait_for 30 test -s "$disk/run/events.out.tfevents."*
  sleep 1
  kill -TERM $pid
  wait $pid
  check "with room again it goes on" equal $? 143
else
  echo "skip a full disk: no tmpfs can be mounted here"
fi
finish
