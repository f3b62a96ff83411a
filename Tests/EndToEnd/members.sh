#!/bin/bash
# Other users' pictures (G30, G32, G39, G41): what a user who may write into the inbox does, by ill will or carelessly, harms no
# other. The daemon runs as a user without privileges, so the kernel does not tell it who has whose file open.
#
#   Tests/EndToEnd/members.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs root to be several users; exits with 77 without.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
if ((EUID != 0)) || ! setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
  echo "skipped: needs root"
  exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-members.XXXXXX") || exit 1
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work"' EXIT
mkdir "$work/bin" && cp -r "$build/promptir-restored" "$build"/*.resources "$work/bin/" && chmod -R a+rX "$work"
service=$work/bin/promptir-restored

folder= flags=()
# place NAME [FLAGS]: a fresh inbox that all may write to
place() {
  folder=$work/$1
  mkdir -p "$folder/in" "$folder/out"
  chown -R 65534:65534 "$folder" && chmod 0777 "$folder/in"
  flags=(--inbox "$folder/in" --outbox "$folder/out" --rescan-seconds 1 --no-bundle "${@:2}")
}
start() {
  setpriv --reuid=65534 --regid=65534 --clear-groups "$service" "${flags[@]}" --log-level info --log-format text 2>>"$folder/log" &
  pid=$!
  wait_for 20 grep -q ready "$folder/log"
}
end() { kill -TERM $pid && wait $pid; code=$?; pid=; }
done_are() { (($(count_pictures "$folder/out") == $1)); }

# --- G30: a writer of another user preallocates the whole file and pauses for longer than the settle time
pictures "$work/pictures" 1 160x120
cat >"$work/writer.py" <<'PY'
import os, sys, time
source, target = sys.argv[1:]
picture = open(source, "rb").read()
os.setgroups([]), os.setgid(65533), os.setuid(65533)
file = os.open(target, os.O_CREAT | os.O_WRONLY, 0o644)
os.posix_fallocate(file, 0, len(picture))
for start, end in ((0, len(picture) // 2), (len(picture) // 2, len(picture))):
    time.sleep(4)
    os.pwrite(file, picture[start:end], start)
time.sleep(1)
os.close(file)
PY
place seen
start
python3 "$work/writer.py" "$work/pictures/picture-000.png" "$folder/in/slow.png"
check "preallocated: restored once it is closed" wait_for 20 done_are 1
end
check "preallocated: it was taken once" eval '! grep -Eq "attempt=2|moved to failed|incomplete|changed after" "$folder/log"'

# --- The same, begun before the daemon: given up at first, and tried again
place unseen
python3 "$work/writer.py" "$work/pictures/picture-000.png" "$folder/in/slow.png" &
writer=$!
wait_for 5 test -s "$folder/in/slow.png"
start
check "not seen: given up at first" wait_for 10 grep -q "moved to failed" "$folder/log"
wait $writer
check "not seen: restored in the end" wait_for 30 done_are 1
check "not seen: why is said" grep -q "changed after it failed" "$folder/log"
end
check "not seen: nothing is left in failed/" equal "$(find "$folder/in.spool/failed" -type f | wc -l)" 0

# --- G32: a member with many pictures dated 1970, another with two of today
place turns --workers 1
pictures "$work/many" 40 48x40
for picture in "$work/many"/*; do
  install -o 65533 -m 0644 "$picture" "$folder/in/old-${picture##*/}"
  touch -d @1 "$folder/in/old-${picture##*/}"
done
for index in 0 1; do install -o 65532 -m 0644 "$work/many/picture-00$index.png" "$folder/in/new-$index.png"; done
start
check "turns: all are restored" wait_for 60 done_are 42
end
last=$(grep ' restored file=' "$folder/log" | grep -n 'file=new-' | tail -n 1 | cut -d : -f 1)
check "turns: the other member's pictures are among the first (the last was number $last)" test "$last" -le 6

# --- G39: folders that only their owner may change, and what may not be read at all
place shut
install -d -o 65533 -g 65533 -m 0755 "$folder/in/bob" && install -d -o 65533 -g 65533 -m 0700 "$folder/in/private"
install -o 65533 -m 0644 "$work/pictures/picture-000.png" "$folder/in/bob/one.png"
install -o 65533 -m 0600 "$work/pictures/picture-000.png" "$folder/in/bob/secret.png"
start
check "not writable: the picture is restored" wait_for 20 test -e "$folder/out/bob/one.png"
check "not writable: the original stays, its copy is archived" \
  test -e "$folder/in/bob/one.png" -a -e "$folder/in.spool/archive/bob/one.png"
status() { "$service" "${flags[@]}" --status "$@"; }
check "not writable: it is counted" wait_for 10 eval 'status | grep -q "^1 copied, the originals stay"'
check "not readable: counted, with the reason" wait_for 10 eval \
  'status | grep -q "^1 held (cannot open .*/in/bob/secret.png: Permission denied"'
check "a shut folder: counted, with the reason" wait_for 10 eval \
  'status | grep -q "^1 unreadable (private: Permission denied; chmod -R g+rX"'
check "the same in JSON" eval 'status --json | grep -q "\"held\": 1, \"held_reason\": \"cannot open"'
end
start
sleep 4
end
check "not writable: restored once over two runs" equal "$(grep -c ' restored file=' "$folder/log")" 1

# --- G41: two members with pictures of the same name, in the same folder and in folders of their own
pictures "$work/two" 2 60x40
place names
deliver() {
  local owner number
  for owner in 65533 65532; do
    number=$((65533 - owner))
    for name in IMG_0001 $owner/IMG_0001; do
      install -D -o $owner -m 0644 "$work/two/picture-00$number.png" "$folder/in/.$owner"
      mkdir -p "$folder/in/$owner" && chmod 0777 "$folder/in/$owner"
      mv "$folder/in/.$owner" "$folder/in/$name.png"
      [[ $name != IMG_0001 ]] || wait_for 10 test ! -e "$folder/in/$name.png"
    done
  done
}
start
deliver
check "names: each result is there" wait_for 10 done_are 4
check "names: the second has its owner's number" test -e "$folder/out/IMG_0001~65532.png"
check "names: they are of the two pictures" cmp "$folder/out/IMG_0001.png" "$folder/out/65533/IMG_0001.png"
check "names: and the other" cmp "$folder/out/IMG_0001~65532.png" "$folder/out/65532/IMG_0001.png"
before=$(picture_sums "$folder/out")
deliver
check "names: delivered again" wait_for 10 eval '(($(grep -c " restored file=" "$folder/log") == 8))'
end
check "names: the results are the same" equal "$(picture_sums "$folder/out")" "$before"

((failures == 0)) || tail -n 40 "$work"/*/log
finish
