#!/bin/bash
# kill -9 in the middle of a batch of 20, ten times at different moments: after a restart all 20 outputs are
# there, decodable, and byte-identical to an undisturbed run's; so are pred.npz and submission.zip. All the time a reader
# decodes what is visible in the outbox (G4).
#
#   Tests/EndToEnd/kill.sh [BUILD-FOLDER]           (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-kill.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
service=$build/promptir-restored
batch=20

# arguments FOLDER
arguments() { echo --inbox "$1/in" --outbox "$1/out" --settle-seconds 0.1 --rescan-seconds 1 --log-level warning; }
fresh() { mkdir -p "$1/in" "$1/out" && cp "$work"/originals/*.png "$1/in/"; }

# drained FOLDER: nothing in the inbox, nothing claimed, the bundle newer than every output
drained() {
  (($(count_pictures "$1/in") == 0)) && (($(count_pictures "$1/in.spool/claimed") == 0)) &&
    (($(count_pictures "$1/in.spool/waiting") == 0)) && (($(count_pictures "$1/out") == batch))
}

pictures "$work/originals" $batch 160x120
fresh "$work/calm"
# shellcheck disable=SC2046
check "an undisturbed run" "$service" $(arguments "$work/calm") --once
check "restores all $batch" equal "$(count_pictures "$work/calm/out")" $batch
expected=$(picture_sums "$work/calm/out")

# read_outboxes: decodes every visible output of every round, over and over; ends with 1 at the first that is not whole
read_outboxes() {
  local passes=0
  while [[ ! -e $work/over ]]; do
    python3 "$here/decode.py" "$work"/round-*/out >>"$work/decoded" || return 1
    passes=$((passes + 1))
  done
  echo "     the reader decoded $(awk '{ sum += $1 } END { print sum }' "$work/decoded") outputs in $passes passes"
}
read_outboxes &
reader=$!

for round in {0..9}; do
  folder=$work/round-$round
  fresh "$folder"
  # shellcheck disable=SC2046
  "$service" $(arguments "$folder") 2>"$folder/log" &
  pid=$!
  # Every round further into the batch, and a few milliseconds beside the moment an output appears.
  until (($(count_pictures "$folder/out") >= round * 2)); do
    kill -0 $pid 2>/dev/null || break
    sleep 0.005
  done
  sleep "0.0$((RANDOM % 50 + 10))"
  kill -KILL $pid
  wait $pid 2>/dev/null
  finished=$(count_pictures "$folder/out")
  check "round $round: killed after $finished of $batch" test "$finished" -lt $batch
  # What stands in the outbox is whole at any moment.
  check "round $round: nothing half under a final name" equal \
    "$(comm -23 <(picture_sums "$folder/out" | sort) <(sort <<<"$expected"))" ""
  # shellcheck disable=SC2046
  "$service" $(arguments "$folder") 2>>"$folder/log" &
  pid=$!
  check "round $round: the restarted daemon finishes" wait_for 120 drained "$folder"
  check "round $round: and writes the bundle" wait_for 20 cmp "$folder/out/pred.npz" "$work/calm/out/pred.npz"
  kill -TERM $pid
  wait $pid
  check "round $round: it ends cleanly" equal $? 0
  check "round $round: all outputs are byte-identical" equal "$(picture_sums "$folder/out")" "$expected"
  check "round $round: so is submission.zip" cmp "$folder/out/submission.zip" "$work/calm/out/submission.zip"
  check "round $round: nothing was given up" equal "$(find "$folder/in.spool/failed" -type f | wc -l)" 0
  check "round $round: every original is archived once" equal \
    "$(find "$folder/in.spool/archive" -type f | wc -l)" $batch
  check "round $round: no temporary file is left" equal \
    "$(find "$folder/out" "$folder/in.spool/tmp" -type f -name '.*' | wc -l)" 0
  rm -rf -- "$folder"
done
touch "$work/over"
wait $reader
check "the reader never saw half an output" equal $? 0
finish
