#!/bin/bash
# No file in the inbox exhausts the service's memory (G23): sparse files of a gigabyte, pictures of 100 million pixels in a
# few kilobytes, profiles that inflate, and the largest pictures that fit, several at a time, under systemd's MemoryMax.
# Where the system itself is short of memory, pictures wait and none is given up.
#
#   Tests/EndToEnd/exhaustion.sh [BUILD-FOLDER]     (default: .build/release)
#
# The part with MemoryMax needs root and run-in-systemd ($RUN_IN_SYSTEMD, or ../shared/tools/run-in-systemd), and is
# skipped with a line that says so.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored

# hostile FOLDER: what a member can make in a moment
hostile() {
  mkdir -p "$1"
  truncate -s 1000M "$1/sparse-a.png" "$1/sparse-b.png" "$1/sparse-c.jpg"
  python3 "$here/exhaustion.py" "$1"
  # A picture's head, and a gigabyte of nothing behind it.
  cp "$1/profile-0.png" "$1/padded.png" && truncate -s 1000M "$1/padded.png"
}

# code FOLDER NAME: of a failed picture's reason
code() { sed -n 's/.*"code": *"\([^"]*\)".*/\1/p' "$1/failed/$2.json"; }

# --- Inside systemd: MemoryMax
if [[ ${2-} == --inside ]]; then
  install -Dm755 -t /usr/local/bin "$service"
  install -Dm644 -t /usr/local/share/promptir-restored \
    "$build"/promptir-restored_Restoration.resources/compact.safetensors
  state=/var/lib/promptir-exhaustion
  mkdir -p $state/in $state/out
  systemd-run --quiet --unit exhaustion --property MemoryMax=400M --property MemorySwapMax=0 \
    --property MemoryAccounting=yes --property Restart=on-failure --property StandardError=file:/tmp/errors \
    /usr/local/bin/promptir-restored --inbox $state/in --outbox $state/out --settle-seconds 0.1 --workers 4 --threads 4 \
    --log-format text
  wait_for 20 grep -q '"pid"' $state/in.spool/status.json
  pid=$(systemctl show --value --property MainPID exhaustion)
  hostile $state/new
  bad=$(count_pictures $state/new)
  # As large as fits, and small ones.
  pictures $state/new/large 4 1600x1000
  pictures $state/new/small 20 64x48
  mv $state/new/*.png $state/new/*.jpg $state/in/
  mv $state/new/large $state/new/small $state/in/
  over() { (($(find $state/in.spool/failed -name '*.json' | wc -l) + $(count_pictures $state/out) == bad + 24)); }
  check "MemoryMax=400M: every file is restored or given up" wait_for 400 over
  sleep 2
  check "MemoryMax=400M: the bundle is written" wait_for 60 test -s $state/out/pred.npz
  echo "     $(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/"$pid"/status | awk '{ print int($1 / 1024) }') MB resident at the peak"
  check "MemoryMax=400M: the first process is still there" equal \
    "$(systemctl show --value --property MainPID exhaustion)/$(systemctl show --value --property NRestarts exhaustion)" "$pid/0"
  check "MemoryMax=400M: large and small pictures are restored" equal \
    "$(count_pictures $state/out/large)/$(count_pictures $state/out/small)" 4/20
  for name in sparse-a.png sparse-b.png sparse-c.jpg; do
    check "$name: it is no picture" equal "$(code $state/in.spool $name)" decode
  done
  for name in $(cd $state/in.spool/failed && ls huge-*.png) padded.png; do
    check "$name: it is too large" equal "$(code $state/in.spool "$name")" too-large
  done
  check "the reason names both figures and the setting" grep -Eq 'takes [0-9]+ MB .*budget of 2[0-9]+ MB .*memory-limit' \
    $state/in.spool/failed/huge-0.png.json
  check "pictures with profiles that inflate are restored" equal "$(find $state/out -name 'profile-*.png' | wc -l)" 8
  ((failures == 0)) || { cat /tmp/errors; find $state/in.spool/failed -name '*.json' -exec cat {} +; }
  finish
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-exhaustion.XXXXXX") || exit 1
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work"' EXIT
mkdir "$work/in" "$work/out"
flags=(--inbox "$work/in" --outbox "$work/out" --settle-seconds 0.2 --no-bundle --log-format text)
status() { "$service" "${flags[@]}" --status; }
size() { sed -n "s/^$1:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$pid/status"; }

# --- Want of memory: addresses are taken away from the running process, and given back
"$service" "${flags[@]}" 2>"$work/log" &
pid=$!
wait_for 20 eval 'status | grep -q ^running'
prlimit --pid $pid --as=$((($(size VmSize) + 8192) * 1024)):unlimited
pictures "$work/good" 3 256x256
mv "$work/good"/*.png "$work/in/"
check "short of memory: the pause says so" wait_for 30 eval 'status | grep -q "^paused: .*memory is short"'
sleep 3
check "short of memory: nothing is given up, nothing is restored" equal \
  "$(find "$work/in.spool/failed" -type f | wc -l)/$(count_pictures "$work/out")" 0/0
check "short of memory: the process lives" kill -0 $pid
prlimit --pid $pid --as=unlimited:unlimited
check "memory again: all pictures are restored by themselves" wait_for 120 eval "((\$(count_pictures $work/out) == 3))"
check "memory again: no attempt was counted" eval '! grep -Eq "attempt=[2-9]|picture-retried" "$work/log"'
kill -TERM $pid && wait $pid
check "short of memory: a clean end" equal $? 0
pid=
((failures == 0)) || tail -n 30 "$work/log"

# --- The tool: a sparse file of a gigabyte is refused unread
hostile "$work/hostile"
python3 - "$build/promptir" "$work" >"$work/run" <<'PY'
import resource, subprocess, sys
tool, work = sys.argv[1:]
run = subprocess.run([tool, "restore", f"{work}/hostile", "-o", f"{work}/restored", "--memory-limit", "200M"],
                     capture_output=True, text=True, timeout=600)
print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
read -r code peak <"$work/run"
echo "     promptir restore: $((peak / 1024)) MB resident at the peak"
check "promptir restore: the bad ones fail, in less than 300 MB" eval "((code == 65 && peak < 300 * 1024))"
check "promptir restore: the others are restored" equal "$(count_pictures "$work/restored")" 8
rm -rf "$work/hostile"

# --- The service under systemd's MemoryMax
part_with_memory_max exhaustion.sh
finish
