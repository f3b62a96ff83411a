#!/bin/bash
# A filesystem that behaves as NFS does (G37): stale handles, files set aside as .nfs…, no O_TMPFILE, a server that is
# gone and comes back, and one that replaces nothing.
#
#   Tests/EndToEnd/network.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs root and /dev/fuse; exits 77 where they are missing. Inbox, outbox and spool lie on Tests/Filesystems/network.py;
# another client delivers and takes away behind the mount.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored
if ((EUID != 0)) || [[ ! -c /dev/fuse ]]; then
  echo "skipped: needs root and /dev/fuse"
  exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-network.XXXXXX") || exit 1
pid='' server=''
clean() {
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
  umount -l "$work/mount" 2>/dev/null
  [[ -z $server ]] || kill -KILL "$server" 2>/dev/null
  rm -rf -- "$work"
}
trap clean EXIT
pictures "$work/pictures" 24 24x16
mkdir "$work/mount" "$work/calm" "$work/calm-out"
cp "$work/pictures"/*.png "$work/calm/"
"$service" --inbox "$work/calm" --outbox "$work/calm-out" --once --settle-seconds 0.05 --no-bundle >/dev/null 2>&1
right=$(picture_sums "$work/calm-out")

serve() {
  python3 "$root/Tests/Filesystems/network.py" "$work/mount" "$work/server" "$@" &
  server=$!
  wait_for 10 mountpoint -q "$work/mount"
}
# begin ARGUMENTS-OF-THE-SERVER...: an empty inbox on a new server, and a daemon
begin() {
  rm -rf -- "$work/server"
  mkdir -p "$work/server/in/sub" "$work/server/out"
  serve "$@"
  "$service" --inbox "$work/mount/in" --outbox "$work/mount/out" --settle-seconds 0.2 --rescan-seconds 1 \
    --originals archive --log-format text 2>"$work/log" &
  pid=$!
  wait_for 20 test -e "$work/server/in.spool/status.json"
}
deliver() { # as another client does
  cp "$1" "$work/server/in/.part" && mv "$work/server/in/.part" "$work/server/in/$(basename "$1")"
}
restored() { (($(count_pictures "$work/server/out") >= $1)); }
end() {
  check "$1: every picture is restored" wait_for 120 restored 24
  check "$1: the daemon lives" kill -0 $pid
  kill -TERM $pid
  wait $pid
  check "$1: and ends cleanly" equal $? 0
  pid=''
  check "$1: each output is right" equal "$(picture_sums "$work/server/out")" "$right"
  check "$1: each original is archived once" equal "$(picture_sums "$work/server/in.spool/archive" | cut -d' ' -f1 | sort)" \
    "$(picture_sums "$work/pictures" | cut -d' ' -f1 | sort)"
  check "$1: nothing was given up" equal "$(count_pictures "$work/server/in.spool/failed")" 0
  umount "$work/mount"
  wait $server
  server=''
  check "$1: nothing is left aside" equal "$(find "$work/server" -name '.nfs*')" ""
}

# --- Stale handles by chance, and pictures that the other client takes away or replaces while they are looked at
begin --stale 0.06
for picture in "$work"/pictures/*.png; do
  deliver "$picture"
  cp "$picture" "$work/server/in/sub/short-lived.png" && sleep 0.02 && rm -f "$work/server/in/sub/short-lived.png"
done
rm -f "$work/server/in/sub"/*
check "stale handles: the picture that was taken away left no trace" eval "! ls $work/server/out/sub 2>/dev/null | grep ."
end "stale handles"
rm -rf -- "$work/server/out/sub"

# --- A server that dies, and is mounted again
begin
for picture in "$work"/pictures/picture-00*.png; do deliver "$picture"; done
wait_for 20 restored 3
kill -KILL $server
wait $server 2>/dev/null
for picture in "$work"/pictures/picture-01*.png; do deliver "$picture"; done
sleep 2
check "a dead server: the daemon waits" kill -0 $pid
umount -l "$work/mount"
serve
for picture in "$work"/pictures/picture-02*.png; do deliver "$picture"; done
end "a dead server"

# --- A filesystem on which no file can be replaced
begin --no-replace
for picture in "$work"/pictures/*.png; do deliver "$picture"; done
check "nothing is replaced: every picture is restored" wait_for 120 restored 24
check "nothing is replaced: one line says that the status cannot be written" equal \
  "$(grep -c 'status.json cannot be written' "$work/log")" 1
kill -TERM $pid
wait $pid
check "nothing is replaced: it ends cleanly" equal $? 0
pid=''
check "nothing is replaced: each output is right" equal "$(picture_sums "$work/server/out")" "$right"
finish
