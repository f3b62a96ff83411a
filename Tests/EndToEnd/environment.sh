#!/bin/bash
# What surrounds the service fails and heals: a full outbox, a read-only one, permission taken away (G9), an inbox that
# vanishes, is covered, unmounted (G11), an inbox on FUSE, where inotify is silent (G12). The real daemon must say what
# is wrong, burn no attempt, and go on by itself.
#
#   Tests/EndToEnd/environment.sh [BUILD-FOLDER]    (default: .build/release)
#
# Needs root for the mounts, which it makes in a namespace of its own; exits with 77 without. The part with FUSE needs
# bindfs, and is skipped with a line that says so.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
if [[ ${2-} != --inside ]]; then
  if ((EUID != 0)) || ! unshare -m true 2>/dev/null; then
    echo "skipped: needs root and mounts"
    exit 77
  fi
  exec unshare -m bash "$0" "$build" --inside
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-environment.XXXXXX") || exit 1
pid=
clean() {
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
  findmnt -rno TARGET | grep "^$work/" | tac | while read -r mount; do umount -l "$mount"; done
  rm -rf -- "$work"
}
trap clean EXIT
# The user that takes nothing for granted must be able to run it.
mkdir "$work/bin" && cp -r "$build/promptir-restored" "$build"/*.resources "$work/bin/" && chmod -R a+rX "$work"
service=$work/bin/promptir-restored
pictures "$work/pictures" 6 160x120

folder= flags=()
# place NAME [FLAGS]: a fresh inbox and outbox
place() {
  folder=$work/$1
  mkdir -p "$folder/in" "$folder/out"
  flags=(--inbox "$folder/in" --outbox "$folder/out" --settle-seconds 0.2 --rescan-seconds 1 --no-bundle "${@:2}")
}
# start [PREFIX...]
start() {
  "$@" "$service" "${flags[@]}" --log-level info --log-format text 2>>"$folder/log" &
  pid=$!
  wait_for 20 eval 'status | grep -q ^running'
}
end() { kill -TERM $pid && wait $pid; code=$?; pid=; }
status() { "$service" "${flags[@]}" --status; }
put() { cp "$work/pictures"/picture-00[$1].png "$folder/in/"; }
done_are() { (($(count_pictures "$folder/out") == $1)); }
# settled NAME COUNT: everything was finished, on the first attempt each
settled() {
  check "$1: everything is finished by itself" wait_for 90 done_are "$2"
  check "$1: the pause is over" wait_for 10 eval '! status | grep -q ^paused'
  end
  check "$1: a clean end" equal "$code" 0
  check "$1: no attempt was burnt" eval '! grep -Eq "attempt=[2-9]|picture-retried" "$folder/log"'
  check "$1: nothing was given up, nothing is left" equal \
    "$(find "${spool:-$folder/in.spool}"/{failed,claimed,waiting} -type f | wc -l)/$(find "$folder/in" -name .spool -prune -o -name '*.png' -print | wc -l)" 0/0
}
paused() { check "$1: the pause is said with its reason" wait_for 30 eval "status | grep -q '^paused: .*$2'"; }

# --- G9: a full outbox of 64 kB
place full
mount -t tmpfs -o size=64k tmpfs "$folder/out"
put 0-5
start
paused "full outbox" "No space left"
check "full outbox: intake rests" wait_for 10 eval '(($(find "$folder/in.spool/claimed" -type f | wc -l) == 0))'
check "full outbox: whatever is visible is whole" python3 "$here/decode.py" "$folder/out"
mount -o remount,size=16m "$folder/out"
settled "full outbox" 6

# --- G9: remounted read-only
place readonly
mount -t tmpfs -o size=16m tmpfs "$folder/out"
start
put 0-2
wait_for 30 done_are 3
mount -o remount,ro "$folder/out"
put 3-5
paused "read-only outbox" "Read-only"
mount -o remount,rw "$folder/out"
settled "read-only outbox" 6

# --- G9: permission taken away, as a user for whom that matters
place locked
chown -R 65534:65534 "$folder"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
start "${nobody[@]}"
chmod 555 "$folder/out"
put 0-2
chown 65534 "$folder"/in/*
paused "locked outbox" "denied"
chmod 755 "$folder/out"
check "locked outbox: it goes on" wait_for 90 done_are 3
# The inbox too: nothing can be listed, and it is said.
chmod 000 "$folder/in"
check "locked inbox: it is said" wait_for 20 grep -q "inbox is gone.*denied" "$folder/log"
chmod 755 "$folder/in"
put 3-5
settled "locked folders" 6

# --- G11: removed and made again, renamed and made again
place removed
start
put 0
wait_for 30 done_are 1
rmdir "$folder/in"
check "removed inbox: it is said" wait_for 20 grep -q "inbox is gone" "$folder/log"
mkdir "$folder/in"
put 1
check "removed inbox: the new one is watched" wait_for 30 done_are 2
mv "$folder/in" "$folder/elsewhere" && mkdir "$folder/in"
put 2
check "renamed inbox: the new one is watched" wait_for 30 done_are 3
cp "$work/pictures/picture-003.png" "$folder/elsewhere/"
sleep 1.5
check "renamed inbox: the old one is left alone" test -e "$folder/elsewhere/picture-003.png"
rmdir "$folder/in" && rm "$folder/elsewhere/picture-003.png" && mv "$folder/elsewhere" "$folder/in"
put 3
check "renamed back: watched again" wait_for 30 done_are 4

# --- G11: a mount over it, and away again
mount -t tmpfs tmpfs "$folder/in"
cp "$work/pictures/picture-004.png" "$folder/in/"
check "covered inbox: it is said" wait_for 20 grep -q "another filesystem" "$folder/log"
check "covered inbox: what cannot be claimed stays" test -e "$folder/in/picture-004.png"
umount "$folder/in"
put 4-5
settled "vanished inboxes" 6

# --- G11: unmounted and mounted again, with all that lies in it
place mounted
truncate -s 32M "$folder/disk" && mkfs.ext4 -q "$folder/disk"
if mount -o loop "$folder/disk" "$folder/in" 2>/dev/null; then
  flags+=(--spool "$folder/in/.spool")
  spool=$folder/in/.spool
  start
  put 0-2
  check "inbox on a disk of its own: its pictures are restored" wait_for 30 done_are 3
  umount -l "$folder/in"
  check "unmounted inbox: it is said" wait_for 20 grep -q "inbox is gone" "$folder/log"
  mount -o loop "$folder/disk" "$folder/in"
  put 3-5
  settled "mounted again" 6
else
  echo "skip the inbox on a disk of its own: no loop device"
fi
unset spool

# --- A spool on another mount of the same filesystem, as ReadWritePaths= makes them: refused, not found out by claims
place bound
mkdir "$folder/in.spool"
mount --bind "$folder/in.spool" "$folder/in.spool"
output=$("$service" "${flags[@]}" --once 2>&1)
check "a spool on another mount is refused: 78" equal $? 78
check "and why is said" contains "$output" "another mount"

# --- A folder of the inbox that is the inbox again: the part on another mount is left alone, and said once
place looped
mkdir "$folder/in/again"
mount --bind "$folder/in" "$folder/in/again"
start
put 0-2
check "a loop of mounts: each picture is restored once" wait_for 30 done_are 3
cp "$work/pictures/picture-003.png" "$folder/in/again/"
check "a loop of mounts: what comes through it is an entry of the inbox" wait_for 30 done_are 4
sleep 2
check "a loop of mounts: nothing is found twice" equal "$(count_pictures "$folder/out")/$(ls "$folder/out")" \
  "4/$(cd "$work/pictures" && ls picture-00[0-3].png)"
check "a loop of mounts: one line says that it is left alone" equal "$(grep -c 'another filesystem' "$folder/log")" 1
umount "$folder/in/again"
put 4-5
settled "a loop of mounts" 6

# --- A full /tmp concerns nobody: nothing is staged there
place temporary
put 0-5
# The daemon's own /tmp is full, and this script's folder is mounted into it.
start env work="$work" unshare -m bash -c 'mount --bind "$work" /mnt && mount -t tmpfs -o size=64k tmpfs /tmp &&
  mkdir -p "$work" && mount --move /mnt "$work" && head -c 1M /dev/zero >/tmp/full 2>/dev/null; exec "$@"' _
check "a full /tmp: it is full" eval "! nsenter --mount=/proc/$pid/ns/mnt dd if=/dev/zero of=/tmp/more bs=4k count=1 2>&1"
settled "a full /tmp" 6

# --- G12: FUSE, on which writes from elsewhere are silent
if command -v bindfs >/dev/null && [[ -e /dev/fuse ]]; then
  place fuse
  mkdir "$folder/elsewhere"
  flags+=(--spool "$folder/in/.spool" --rescan-seconds 60)
  spool=$folder/in/.spool
  if bindfs "$folder/elsewhere" "$folder/in"; then
    start
    check "FUSE: it polls, and says so" wait_for 10 grep -q "polling.*fuse" "$folder/log"
    # Written behind the mount: no event comes.
    cp "$work/pictures"/*.png "$folder/elsewhere/"
    settled "FUSE" 6
    umount -l "$folder/in"
  else
    echo "skip FUSE: bindfs cannot mount here"
  fi
else
  echo "skip FUSE: there is no bindfs (apt-get install bindfs) or no /dev/fuse"
fi
((failures == 0)) || tail -n 40 "$work"/*/log
finish
