#!/bin/bash
# Memory is bounded (G13, G25): an inbox of a hundred thousand files, one of files with the longest paths that are taken,
# and huge pictures on two workers under systemd's MemoryMax, where there is memory for one at most.
#
#   Tests/EndToEnd/memory.sh [BUILD-FOLDER]         (default: .build/release)
#
# FILES=N sets the number of files (100000). The part with MemoryMax needs root and run-in-systemd ($RUN_IN_SYSTEMD, or
# ../shared/tools/run-in-systemd), and is skipped with a line that says so.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored

# --- Inside systemd: MemoryMax
if [[ ${2-} == --inside ]]; then
  install -Dm755 -t /usr/local/bin "$service"
  install -Dm644 -t /usr/local/share/promptir-restored \
    "$build"/promptir-restored_Restoration.resources/compact.safetensors
  state=/var/lib/promptir-memory
  mkdir -p $state/in $state/out
  pictures "$state/pictures" 2 2200x1600
  pictures "$state/pictures/small" 20 64x48
  mv $state/pictures/*.png $state/in/
  for picture in $state/pictures/small/*.png; do mv "$picture" "$state/in/small-${picture##*/}"; done
  systemd-run --quiet --wait --collect --unit memory-test --property MemoryMax=400M --property MemorySwapMax=0 \
    --property MemoryAccounting=yes --property StandardOutput=file:/tmp/summary --property StandardError=file:/tmp/errors \
    /usr/local/bin/promptir-restored --inbox $state/in --outbox $state/out --once --settle-seconds 0.1 --no-bundle
  code=$?
  sed 's/^/     /' /tmp/summary
  check "MemoryMax=400M: it is not killed and ends with 0" equal $code 0
  check "MemoryMax=400M: huge pictures and small ones are restored" equal "$(count_pictures $state/out)" 22
  ((failures == 0)) || cat /tmp/errors
  finish
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-memory.XXXXXX") || exit 1
top=$work
[[ ! -w /dev/shm ]] || top=$(mktemp -d /dev/shm/promptir-memory.XXXXXX)
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work" "$top"' EXIT
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"; }
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"; }

# --- A hundred thousand files: known, counted, and taken one after another
files=${FILES:-100000}
mkdir -p "$top/in" "$top/out"
pictures "$top/one" 1 1x1
start() {
  "$service" --inbox "$top/in" --outbox "$top/out" --settle-seconds 0.2 --rescan-seconds 5 --no-bundle --log-level error &
  pid=$!
  wait_for 60 grep -q "\"pid\": *$pid" "$top/in.spool/status.json"
}
start
sleep 1
empty=$(peak)
kill -TERM $pid && wait $pid
# One folder of links to a single file: what counts is the names.
python3 -c "
import os
for index in range($files):
    if index % 1000 == 0: os.mkdir(f'$top/in/{index // 1000:03d}')
    os.link('$top/one/picture-000.png', f'$top/in/{index // 1000:03d}/{index:06d}.png')"
begin=$SECONDS
start
check "$files files: the first is restored while the others wait" wait_for 60 eval \
  "[[ -n \$(find $top/out -name '*.png' -print -quit) ]]"
echo "     after $((SECONDS - begin)) s"
# Five looks through the whole inbox first: until then the heap still finds its size.
sleep 30
first=$(resident)
done_first=$(find "$top/out" -name '*.png' | wc -l)
sleep 20
second=$(resident)
done_second=$(find "$top/out" -name '*.png' | wc -l)
most=$(peak)
echo "     empty $((empty / 1024)) MB, with $files files $((first / 1024)) MB, $((done_second - done_first)) pictures later" \
  "$((second / 1024)) MB, peak $((most / 1024)) MB"
check "$files files: work goes on" test "$done_second" -gt "$done_first"
check "$files files: at most 16 MB of its own and 0.5 kB for a file" test $((most - empty)) -lt $((16384 + files / 2))
check "$files files: flat while it works" test $((second - first)) -lt 24576
kill -TERM $pid && wait $pid
check "$files files: a clean end" equal $? 0
pid=
check "$files files: none is lost" equal \
  $(($(find "$top/in" "$top/in.spool/waiting" -name '*.png' | wc -l) + $(find "$top/out" -name '*.png' | wc -l))) "$files"
rm -rf "$top/in" "$top/out" "$top/in.spool"

# --- Fifty thousand files with paths of 2,000 bytes: eight places of the index each
mkdir -p "$top/in" "$top/out"
python3 -c "
import os
folder = '$top/in' + ('/' + 250 * 'x') * 7
os.makedirs(folder)
for index in range(50000): os.link('$top/one/picture-000.png', f'{folder}/{index:06d}{232 * chr(121)}.png')"
begin=$SECONDS
start
check "long paths: the first is restored while the others wait" wait_for 60 eval "grep -q '\"done\": [1-9]' $top/in.spool/status.json"
echo "     after $((SECONDS - begin)) s"
sleep 15
most=$(peak)
echo "     empty $((empty / 1024)) MB, peak $((most / 1024)) MB, beyond the index:" \
  "$(grep -o '"beyond": [0-9]*' "$top/in.spool/status.json")"
check "long paths: what has no place stays in the inbox" grep -q '"beyond": [1-9]' "$top/in.spool/status.json"
check "long paths: at most 48 MB of its own" test $((most - empty)) -lt 49152
kill -TERM $pid && wait $pid
check "long paths: a clean end" equal $? 0
pid=
check "long paths: none is lost" equal \
  $(($(find "$top/in" "$top/in.spool/waiting" -name '*.png' | wc -l) + $(find "$top/out" -name '*.png' | wc -l))) 50000
rm -rf "$top/in" "$top/out" "$top/in.spool"

# --- Huge pictures where there is memory for one at a time at most
part_with_memory_max memory.sh
finish
