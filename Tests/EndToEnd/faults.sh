#!/bin/bash
# A sample of Tests/Faults/sweep (G5), which disturbs every system call of a small run, and the order of durable writes
# (G6) in a trace of the real program.
#
#   Tests/EndToEnd/faults.sh [BUILD-FOLDER]         (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
if [[ $(uname -m) != x86_64 ]]; then
  echo "skipped: the injector is for x86-64"
  exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-faults.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT

if command -v strace >/dev/null; then
  calls=openat,read,pread64,write,pwrite64,writev,ftruncate,fsync,fdatasync,rename,renameat,renameat2
  for originals in archive keep delete; do
    mkdir -p "$work/$originals/in/sub" "$work/$originals/out"
    pictures "$work/pictures" 4 24x16
    cp "$work/pictures"/*.png "$work/$originals/in/"
    mv "$work/$originals/in/picture-003.png" "$work/$originals/in/sub/deep.png"
    cp "$root/Tests/ImagesTests/Fixtures/baseline-2x2.jpg" "$work/$originals/in/other.jpg"
    printf 'no picture' >"$work/$originals/in/broken.png"
    strace -f -y -s 300 -o "$work/trace-$originals" -e "trace=$calls" "$build/promptir-restored" --inbox "$work/$originals/in" \
      --outbox "$work/$originals/out" --once --settle-seconds 0.1 --format png --originals $originals >/dev/null 2>&1
    check "order, originals $originals: the run restores all but the broken one" equal $? 65
    [[ $originals != archive ]] ||
      check "order: write, flush, rename, flush of the folder" python3 "$here/order.py" "$work/trace-archive" "$work/archive"
  done
  # The check itself must find what is wrong: the same trace without the flushes.
  grep -v 'fsync(' "$work/trace-archive" >"$work/careless"
  check "order: a trace without flushes is found out" eval '! python3 "$here/order.py" "$work/careless" "$work/archive"'
else
  echo "skip the order of writes: there is no strace"
fi

check "a sample of faults at --once" python3 "$root/Tests/Faults/sweep" --build "$build" --every 29
check "a sample of faults at the daemon" python3 "$root/Tests/Faults/sweep" --build "$build" --daemon --every 90 \
  --faults kill,EIO,ENOSPC
finish
