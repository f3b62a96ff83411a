#!/bin/bash
# --once as cron sees it: exit statuses, one summary line, a progress bar on a terminal and none elsewhere, the
# lock, interruption, a full disk.
#
#   Tests/EndToEnd/once.sh [BUILD-FOLDER]           (default: .build/release)
#
# The part with the full disk needs root (it mounts a small tmpfs in a namespace of its own) and is skipped, with
# a line that says so, without.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored

# --- Inside a mount namespace: a full outbox
if [[ ${2-} == --full-disk ]]; then
  work=$3
  mkdir -p "$work/full/in" "$work/full/out"
  mount -t tmpfs -o size=64k tmpfs "$work/full/out" || exit 77
  pictures "$work/full/in" 6 160x120
  run() { "$service" --inbox "$work/full/in" --outbox "$work/full/out" --once --settle-seconds 0.1; }
  output=$(timeout 60 bash -c "$(declare -f run); service='$service' work='$work'; run" 2>&1)
  check "a full outbox ends --once with 75" equal $? 75
  check "and says why" contains "$output" "No space left"
  check "nothing was given up" equal "$(find "$work/full/in.spool/failed" -type f | wc -l)" 0
  check "claims are returned" equal "$(find "$work/full/in.spool/claimed" -type f | wc -l)" 0
  mount -o remount,size=16m "$work/full/out"
  output=$(run 2>&1)
  check "with room again, the next run finishes" equal $? 0
  check "and writes the bundle" test -s "$work/full/out/pred.npz"
  check "all six" equal "$(count_pictures "$work/full/out")" 6
  finish
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-once.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
fresh() { rm -rf -- "$work/in" "$work/out" "$work/in.spool" && mkdir "$work/in" "$work/out"; }
# run [ARGUMENTS]: sets output, errors and code
run() {
  output=$("$service" --inbox "$work/in" --outbox "$work/out" --once --settle-seconds 0.1 "$@" 2>"$work/errors")
  code=$?
  errors=$(cat "$work/errors")
}

# --- Wrong usage and configuration
fresh
run --workers none
check "a wrong value of a flag: 64" equal $code 64
check "and is named" contains "$errors" "--workers: expected"
run --no-such-flag
check "an unknown flag: 64" equal $code 64
"$service" --once >/dev/null 2>"$work/errors"
check "no inbox: 64" equal $? 64
check "and is named" contains "$(cat "$work/errors")" "--inbox"
"$service" --once --status --inbox a --outbox b >/dev/null 2>&1
check "two tasks at once: 64" equal $? 64
printf 'inbox = "%s"\noutbox = "%s"\nwrokers = 1\n' "$work/in" "$work/out" >"$work/bad.toml"
"$service" --config "$work/bad.toml" --once >/dev/null 2>"$work/errors"
check "an unknown key: 78" equal $? 78
check "with a suggestion" contains "$(cat "$work/errors")" "did you mean 'workers'?"
"$service" --config "$work/absent.toml" --once >/dev/null 2>&1
check "no such file: 78" equal $? 78
"$service" --inbox "$work/absent" --outbox "$work/out" --once >/dev/null 2>"$work/errors"
check "no such inbox: 78" equal $? 78
check "and is named" contains "$(cat "$work/errors")" "$work/absent"
"$service" --inbox "$work/in" --outbox "$work/made" --once --settle-seconds 0.1 >/dev/null 2>&1
check "an outbox that is missing is made: 0" equal $? 0
check "but not below a folder that is missing: 78" eval \
  '"$service" --inbox "$work/in" --outbox "$work/absent/out" --once >/dev/null 2>&1; equal $? 78'
run --model "$work/absent.safetensors"
check "no such model: 78" equal $code 78
PROMPTIR_REGISTER_BITS=256 run --precision bfloat16
check "a precision without its instructions: 78" equal $code 78
check "and they are named" contains "$errors" "AVX512_BF16"
output=$("$service" --config "$root/etc/promptir-restored.toml" --workers 3 --check-config)
check "--check-config: 0" equal $? 0
check "shows what is in force and whence" contains "$output" 'workers = 3  # flag'
check "--version" eval '"$service" --version | grep -Eq "^[0-9]+\.[0-9]+"'
help=$("$service" --help)
for key in $(sed -n 's/^\([a-z-]*\) = .*/\1/p' "$root/etc/promptir-restored.toml"); do
  contains "$help" "--$key" >/dev/null || check "--help names --$key" false
done

# --- Work
fresh
run
check "an empty inbox: 0" equal $code 0
check "says so in one line" equal "$(grep -c . <<<"$output")" 1
check "and writes no bundle" test ! -e "$work/out/pred.npz"
pictures "$work/in" 3 33x17
run
check "three pictures: 0" equal $code 0
check "one summary line" equal "$(grep -c . <<<"$output")" 1
check "with the count" contains "$output" "3 restored"
check "nothing else is said" equal "$errors" ""
check "no progress bar in a file" eval '! grep -q "\[#*\.*\]" "$work/errors" && ! grep -q $'"'\\r'"' "$work/errors"'
check "all are there" equal "$(count_pictures "$work/out")" 3
check "and the bundle" test -s "$work/out/pred.npz" -a -s "$work/out/submission.zip"
check "originals are archived" equal "$(count_pictures "$work/in.spool/archive")" 3
before=$(stat -c %Y.%i "$work/out/picture-000.png")
run
check "a second run has nothing to do: 0" equal $code 0
check "and leaves outputs alone" equal "$(stat -c %Y.%i "$work/out/picture-000.png")" "$before"
if command -v script >/dev/null; then
  # Enough work for the bar to be drawn, which happens five times a second.
  pictures "$work/in" 8 320x240
  output=$(script -qec "$service --inbox $work/in --outbox $work/out --once --settle-seconds 0.1" /dev/null </dev/null)
  check "a progress bar on a terminal" contains "$output" "/8"
fi

# --- A broken picture among good ones
fresh
pictures "$work/in" 2 33x17
printf 'this is no picture' >"$work/in/broken.png"
run
check "some given up: 65" equal $code 65
check "the summary tells" contains "$output" "1 failed"
check "the neighbours are restored" equal "$(count_pictures "$work/out")" 2
check "the reason lies beside it" eval 'find "$work/in.spool/failed" -name "*.json" | grep -q .'
check "--status tells" contains "$("$service" --inbox "$work/in" --outbox "$work/out" --status)" "failed"
check "--status --json is JSON" eval \
  '"$service" --inbox "$work/in" --outbox "$work/out" --status --json | python3 -m json.tool'

# --- Files still arriving
fresh
pictures "$work/in" 1 33x17
sleep 30 >>"$work/in/growing.png" &
writer=$!
run
check "a file still being written: 75" equal $code 75
check "the others are done" equal "$(count_pictures "$work/out")" 1
kill $writer
wait $writer 2>/dev/null

# --- The lock
fresh
"$service" --inbox "$work/in" --outbox "$work/out" --log-level error 2>/dev/null &
daemon=$!
check "a daemon starts" wait_for 20 test -e "$work/in.spool/lock"
sleep 0.5
run
check "the lock is held: 75" equal $code 75
check "and says by whom" contains "$errors" "$daemon"
kill -TERM $daemon
wait $daemon
check "the daemon ends with 0" equal $? 0

# --- Ctrl-C
fresh
pictures "$work/in" 40 400x300
"$service" --inbox "$work/in" --outbox "$work/out" --once --settle-seconds 0.1 >"$work/summary" 2>/dev/null &
pid=$!
wait_for 30 eval 'compgen -G "$work/in.spool/claimed/*/*" || compgen -G "$work/out/*.png"'
kill -INT $pid
wait $pid
check "interrupted with work left: 75" equal $? 75
check "it says how far it came" contains "$(cat "$work/summary")" "restored"
check "nothing stays claimed" equal "$(find "$work/in.spool/claimed" -type f | wc -l)" 0
check "no picture is lost" equal \
  $(($(count_pictures "$work/in") + $(count_pictures "$work/in.spool/waiting") + $(count_pictures "$work/out"))) 40

# --- A stop that does not wait: claims are returned, the exit is clean
fresh
pictures "$work/in" 10 400x300
for round in 1 2 3 4 5; do
  "$service" --inbox "$work/in" --outbox "$work/out" --settle-seconds 0.1 --drain-seconds 0 --log-level error \
    2>"$work/errors" &
  pid=$!
  wait_for 30 eval 'compgen -G "$work/in.spool/claimed/*/*"'
  kill -TERM $pid
  wait $pid
  check "stop $round during work: 0" equal "$?" 0
  check "stop $round: nothing stays claimed" equal "$(find "$work/in.spool/claimed" -type f | wc -l)" 0
  check "stop $round: nothing is complained of" equal "$(cat "$work/errors")" ""
done
run
check "the rest is done by the next run" equal $code 0
check "nothing was given up by the stops" equal "$(count_pictures "$work/out")" 10

# --- A full disk
if ((EUID == 0)) && unshare -m true 2>/dev/null; then
  unshare -m bash "$0" "$build" --full-disk "$work"
  code=$?
  check "the part with the full disk" equal $code 0
else
  echo "skip the full disk: needs root"
fi
finish
