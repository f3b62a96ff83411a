#!/bin/bash
# What a member of the drop group, an ordinary user who may write into the inbox, can do with names, numbers and folders
# (G24 to G28): tens of thousands of other files, more pictures than the index holds, tens of thousands of folders, a
# lock held by another program; and a machine without /proc.
#
#   Tests/EndToEnd/intake.sh [BUILD-FOLDER]        (default: .build/release)
#
# FOLDERS=N sets the number of folders (20000). The part without /proc needs root and is skipped with a line that says
# so.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored

# --- Inside a mount namespace: no /proc
if [[ ${2-} == --no-proc ]]; then
  mkdir "$3/in" "$3/out"
  umount -l /proc
  for program in "$service --inbox $3/in --outbox $3/out --once" "$build/promptir inspect x"; do
    output=$($program 2>&1)
    check "without /proc: ${program%% *} exits with 78" equal $? 78
    check "without /proc: and says what is missing" contains "$output" "expected the filesystem /proc, found none"
  done
  finish
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-intake.XXXXXX") || exit 1
top=$work
[[ ! -w /dev/shm ]] || top=$(mktemp -d /dev/shm/promptir-intake.XXXXXX)
pid=
clean() {
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
  rm -rf -- "$work" "$top"
}
trap clean EXIT
pictures "$work/one" 4 24x16
place() { rm -rf -- "$top/in" "$top/out" "$top/in.spool" && mkdir -p "$top/in" "$top/out"; }
start() {
  "$service" --inbox "$top/in" --outbox "$top/out" --settle-seconds 0.1 --no-bundle --log-format text "$@" 2>"$work/log" &
  pid=$!
  wait_for 60 grep -q "\"pid\": *$pid" "$top/in.spool/status.json"
}
end() { kill -TERM $pid && wait $pid; code=$?; pid=; }
# ticks: processor time of the service so far, in hundredths of a second
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
restored() { [[ -e $top/out/$1 ]]; }
put() { cp "$work/one/picture-00$1.png" "$top/in/.x.part" && mv "$top/in/.x.part" "$top/in/$2"; }

# --- Other files by the thousand
place
python3 -c "
for index in range(32000): open(f'$top/in/{index}.txt', 'w').close()"
start --rescan-seconds 1
put 0 a.png
check "32,000 other files: a picture is restored" wait_for 30 restored a.png
sleep 5
check "32,000 other files: one line speaks of them, whatever the number of scans" equal \
  "$(grep -c 'left in the inbox' "$work/log")" 1
check "32,000 other files: it has their number" grep -q 'count=32000' "$work/log"
end
check "32,000 other files: a clean end" equal "$code" 0

# --- Folders by the thousand
folders=${FOLDERS:-20000}
place
python3 -c "
import os
for index in range($folders): os.makedirs(f'$top/in/{index % 100}/{index}')"
start --rescan-seconds 1
sleep 5
before=$(ticks) begin=$(date +%s%N)
sleep 20
used=$(ticks) elapsed=$((($(date +%s%N) - begin) / 10000000))
share=$(((used - before) * 100 / elapsed))
echo "     $folders folders, idle, to be read every second: $share % of a core"
check "$folders folders: an idle service takes a fifth of a core at most" test $share -le 20
begin=$(date +%s%N)
for index in 0 1 2 3; do
  put $index $index.png
  check "$folders folders: a picture is restored" wait_for 20 restored $index.png
done
echo "     four pictures, one after another: $((($(date +%s%N) - begin) / 1000000)) ms"
check "$folders folders: four pictures take no more than ten seconds" test $((($(date +%s%N) - begin) / 1000000)) -le 10000
end

# --- The lock in another program's hands
place
mkdir "$top/in.spool" && echo 4194303 >"$top/in.spool/lock"
flock "$top/in.spool/lock" sleep 20 &
holder=$!
wait_for 5 eval '! flock -n "$top/in.spool/lock" true'
output=$("$service" --inbox "$top/in" --outbox "$top/out" --once 2>&1)
check "a foreign lock: it exits with 75" equal $? 75
check "a foreign lock: and names who holds it" contains "$output" "is held by process $holder (flock)"
pkill -P $holder

# --- Attributes stay with the original
mkdir -p "$work/attributes/in" "$work/attributes/out"
cp "$work/one/picture-000.png" "$work/attributes/in/a.png"
if python3 -c "import os; os.setxattr('$work/attributes/in/a.png', 'user.note', b'mine')" 2>/dev/null; then
  "$service" --inbox "$work/attributes/in" --outbox "$work/attributes/out" --once --settle-seconds 0.1 --no-bundle >/dev/null
  check "attributes: the archived original has its own" equal \
    "$(python3 -c "import os; print(os.listxattr('$work/attributes/in.spool/archive/a.png'))")" "['user.note']"
  check "attributes: the output has none of them" eval \
    "! python3 -c \"import os; print(os.listxattr('$work/attributes/out/a.png'))\" | grep -q user.note"
else
  echo "skip attributes: this filesystem has none"
fi

# --- No /proc
if ((EUID == 0)) && unshare -m true 2>/dev/null; then
  mkdir "$work/proc"
  check "without /proc" unshare -m bash "$0" "$build" --no-proc "$work/proc"
else
  echo "skip without /proc: needs root"
fi
((failures == 0)) || tail -n 30 "$work/log"
finish
