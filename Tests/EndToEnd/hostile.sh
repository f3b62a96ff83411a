#!/bin/bash
# No escape from the inbox (G10), names are bytes (G20): links, fifos, sockets, devices and names of all kinds before a
# start and while the daemon works, and names exchanged under its hands.
#
#   Tests/EndToEnd/hostile.sh [BUILD-FOLDER]        (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-hostile.XXXXXX") || exit 1
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work"' EXIT
pictures "$work/good" 1 24x16
pictures "$work/many" 2 31x19
mkdir "$work/outside"
secret=$work/outside/secret.png
cp "$work/many/picture-001.png" "$secret"
before=$(sha256sum "$secret")

# restored PICTURE: the digest of what comes out of it
restored() {
  local folder
  folder=$(mktemp -d "$work/calm.XXXXXX") && mkdir "$folder/in" "$folder/out" && cp "$1" "$folder/in/a.png"
  "$service" --inbox "$folder/in" --outbox "$folder/out" --once --settle-seconds 0.05 --no-bundle >/dev/null
  sha256sum <"$folder/out/a.png"
}
forbidden=$(restored "$secret")
wanted=$(restored "$work/good/picture-000.png")
count() { find "$1" -type f ! -name '.promptir*' -printf x 2>/dev/null | wc -c; }
digests() { find "$1" -type f ! -name '.promptir*' -exec sh -c 'sha256sum <"$1"' _ {} \; | sort | uniq -c | sed 's/^ *//'; }

# hostile NAME: the outcome is the same whether the inbox was filled before or while the daemon runs
outcome() {
  check "$1: every picture is restored" wait_for 60 eval "((\$(count $2/out) == $3))"
  check "$1: the daemon lives" kill -0 $pid
  kill -TERM $pid
  wait $pid
  code=$?
  pid=
  check "$1: and ends cleanly" equal "$code" 0
  check "$1: every output is that of the good picture" equal "$(digests "$2/out")" "$3 $wanted"
  check "$1: what is no picture stays where it is" equal \
    "$(find "$2/in" \( -type l -o -type p -o -type s -o -type c -o -type b \) | wc -l)" "$4"
  check "$1: nothing but originals is in the spool" equal "$(digests "$2/in.spool/archive")" \
    "$3 $(sha256sum <"$work/good/picture-000.png")"
  check "$1: nothing was given up" equal "$(count "$2/in.spool/failed")" 0
  check "$1: no line was forged" eval "! grep -avE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z (info|notice|warning|error)' $2/log"
  check "$1: no control byte is shown" eval "! LC_ALL=C grep -aq \$'[\\x01-\\x09\\x0b-\\x1f\\x7f]' $2/log"
  check "$1: the secret is untouched" equal "$(sha256sum "$secret")" "$before"
}
start() {
  "$service" --inbox "$1/in" --outbox "$1/out" --settle-seconds 0.1 --rescan-seconds 1 --no-bundle \
    --log-format text 2>"$1/log" &
  pid=$!
  wait_for 20 test -e "$1/in.spool/status.json"
}
specials=8
((EUID != 0)) || specials=11

mkdir -p "$work/before/in" "$work/before/out"
number=$(python3 "$here/hostile.py" fill "$work/before/in" "$secret" "$work/good/picture-000.png")
start "$work/before"
outcome "filled before" "$work/before" "$number" $specials
rm -f "$work/outside/other.png"

mkdir -p "$work/during/in" "$work/during/out"
start "$work/during"
number=$(python3 "$here/hostile.py" fill "$work/during/in" "$secret" "$work/good/picture-000.png")
outcome "filled while running" "$work/during" "$number" $specials

# --- Exchanged between the scan, the claim and the opening
mkdir -p "$work/swapped/in" "$work/swapped/out"
start "$work/swapped"
swaps=$(python3 "$here/hostile.py" swap "$work/swapped/in" "$secret" "$work/good/picture-000.png" 15)
echo "     $swaps exchanges"
check "swapped: thousands of exchanges" test "$swaps" -gt 1000
sleep 2
check "swapped: the daemon lives" kill -0 $pid
check "swapped: the secret never came out" eval "! digests $work/swapped/out | grep -q '${forbidden%% *}'"
check "swapped: whatever came out is the good picture's" eval \
  "! digests $work/swapped/out | grep -qv '${wanted%% *}'"
check "swapped: no link, fifo or folder was taken" equal \
  "$(find "$work/swapped/in.spool" \( -type l -o -type p -o -name '.folder' \) | wc -l)" 0
check "swapped: the secret is untouched" equal "$(sha256sum "$secret")" "$before"
kill -TERM $pid
wait $pid
check "swapped: a clean end" equal $? 0
pid=

# --- Two sources, one output's name
mkdir -p "$work/twins/in" "$work/twins/out"
cp "$root/Tests/ImagesTests/Fixtures/baseline-2x2.jpg" "$work/twins/in/a.jpg"
cp "$work/good/picture-000.png" "$work/twins/in/a.png"
cp "$work/many/picture-000.png" "$work/twins/in/A.png"
for round in 1 2; do
  "$service" --inbox "$work/twins/in" --outbox "$work/twins/out" --once --settle-seconds 0.05 --no-bundle --format png \
    --originals keep >/dev/null
  check "twins: three sources, three outputs, round $round" equal "$(count "$work/twins/out")" 3
  touch "$work/twins/in"/*
done
check "twins: all differ" equal "$(digests "$work/twins/out" | wc -l)" 3
((failures == 0)) || tail -n 30 "$work"/*/log
finish
