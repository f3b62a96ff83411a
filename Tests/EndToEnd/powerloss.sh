#!/bin/bash
# No picture is lost when the power fails (G36): a sample of the states that a disk may be in, replayed from a record of
# the blocks that were written while the daemon worked.
#
#   Tests/EndToEnd/powerloss.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs root, /dev/fuse and loop devices; exits 77 where they are missing. Tests/PowerLoss/replay replays all states.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
replay() { python3 "$root/Tests/PowerLoss/replay" --build "$build" "$@"; }

output=$(replay --states 40 2>&1)
code=$?
if ((code == 77)); then
  echo "$output"
  exit 77
fi
grep -E 'recorded$|states in' <<<"$output" | sed 's/^/     /'
check "ext4: nothing is lost in 40 states" equal $code 0
((code == 0)) || echo "$output"
check "ext4 without order between data and names: nothing is lost in 20 states" \
  replay --states 20 --mount data=writeback,noauto_da_alloc --originals delete
# The check itself must find what is wrong: the same daemon, with flushes that do nothing.
output=$(replay --states 20 --careless 2>&1)
check "a daemon without flushes is found out" contains "$output" "is not complete"
finish
