#!/bin/bash
# No complete file is lost, however and whenever it comes (G1), an overflow of events is recovered (G2), and nothing
# half written is taken for whole (G3): every way of delivery at every moment, on the real program.
#
#   Tests/EndToEnd/deliveries.sh [BUILD-FOLDER]     (default: .build/release)
#
# OVERFLOW=N sets the number of files made while the program is stopped (20000; the kernel's queue holds 16,384 events).
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
service=$build/promptir-restored
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-deliveries.XXXXXX") || exit 1
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work"' EXIT
deliver() { python3 "$here/deliver.py" "$@"; }

mapfile -t methods < <(deliver)
pictures "$work/sources" ${#methods[@]} 64x48

# arguments FOLDER: a scan is far away, so that events must do the work; what they cannot tell of is found at once
arguments() { echo --inbox "$1/in" --outbox "$1/out" --settle-seconds 0.4 --rescan-seconds 300 --log-level error; }
# start FOLDER [FLAGS]: sets pid
start() {
  # shellcheck disable=SC2046
  "$service" $(arguments "$1") "${@:2}" 2>>"$1/log" &
  pid=$!
}
end() { kill "-$1" $pid && wait $pid 2>/dev/null; code=$?; pid=; }
ready() { wait_for 20 eval "[[ -e $1/in.spool/status.json ]] && \"$service\" $(arguments "$1") --status | grep -q ^running"; }

# deliver_all FOLDER: every way at the same time; returns when all is there
deliver_all() {
  local index jobs=()
  for index in "${!methods[@]}"; do
    deliver "${methods[index]}" "$(printf '%s/sources/picture-%03d.png' "$work" "$index")" "$1/in" \
      "${methods[index]}.png" &
    jobs+=($!)
  done
  wait "${jobs[@]}"
}
outputs() { (cd "$1" && find . -type f -name '*.png' ! -name '.*' -exec sha256sum {} + | sort -k2); }

# verify MOMENT FOLDER
verify() {
  check "$1: all ${#methods[@]} are restored" wait_for 60 eval "((\$(count_pictures $2/out) == ${#methods[@]}))"
  check "$1: every original is archived once" wait_for 10 eval \
    "((\$(count_pictures $2/in.spool/archive) == ${#methods[@]} && \$(count_pictures $2/in) == 0))"
  [[ -z $pid ]] || end TERM
  check "$1: it ends cleanly" equal "$code" 0
  check "$1: the outputs are those of an undisturbed run" equal "$(outputs "$2/out")" "$expected"
  check "$1: originals are whole" equal "$(outputs "$2/in.spool/archive" | cut -c1-64 | sort)" \
    "$(outputs "$work/sources" | cut -c1-64 | sort)"
  check "$1: nothing was given up" equal "$(find "$2/in.spool/failed" -type f | wc -l)" 0
}

# --- What must come out
mkdir -p "$work/before/in" "$work/before/out"
deliver_all "$work/before"
# shellcheck disable=SC2046
check "before the start: --once" "$service" $(arguments "$work/before") --once
code=0
expected=$(outputs "$work/before/out")
verify "before the start" "$work/before"

# --- While it runs
mkdir -p "$work/during/in" "$work/during/out"
start "$work/during"
ready "$work/during"
deliver_all "$work/during"
verify "while it runs" "$work/during"

# --- While it is down, killed in the middle of something else
mkdir -p "$work/down/in" "$work/down/out"
start "$work/down"
ready "$work/down"
end KILL
deliver_all "$work/down"
start "$work/down"
verify "while it is down" "$work/down"

# --- While it starts, and is killed, and starts again
mkdir -p "$work/starting/in" "$work/starting/out"
deliver_all "$work/starting" &
delivery=$!
for pause in 0.05 0.15 0.4 0.8 1.2; do
  start "$work/starting"
  sleep $pause
  end KILL
done
start "$work/starting"
wait $delivery
verify "while it starts" "$work/starting"

# --- While the inbox is replaced: by a rename and a new folder, and the old one's contents come again
mkdir -p "$work/replaced/in" "$work/replaced/out"
start "$work/replaced"
ready "$work/replaced"
mv "$work/replaced/in" "$work/replaced/old" && mkdir "$work/replaced/in"
deliver_all "$work/replaced"
rmdir "$work/replaced/in" 2>/dev/null
mkdir -p "$work/replaced/in"
verify "while the inbox is replaced" "$work/replaced"

# --- Truncated and rewritten during the work: what is published is the last picture
mkdir -p "$work/rewritten/in" "$work/rewritten/out"
pictures "$work/large" 2 700x500
mkdir -p "$work/calm/in" "$work/calm/out"
cp "$work/large/picture-001.png" "$work/calm/in/a.png"
# shellcheck disable=SC2046
"$service" $(arguments "$work/calm") --once >/dev/null
start "$work/rewritten" --no-bundle
ready "$work/rewritten"
cp "$work/large/picture-000.png" "$work/rewritten/in/a.png"
claimed=$work/rewritten/in.spool/claimed/1/a.png
wait_for 20 test -e "$claimed"
sleep 0.05
check "rewritten during the work: it was at work" cp "$work/large/picture-001.png" "$claimed"
check "rewritten during the work: the last picture is restored" wait_for 60 \
  cmp "$work/calm/out/a.png" "$work/rewritten/out/a.png"
end TERM
check "rewritten during the work: nothing was given up" equal "$(find "$work/rewritten/in.spool/failed" -type f | wc -l)" 0

# --- More events than the kernel keeps
overflow=${OVERFLOW:-20000}
top=$work
[[ ! -w /dev/shm ]] || top=$(mktemp -d /dev/shm/promptir-overflow.XXXXXX)
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work" "$top"' EXIT
mkdir -p "$top/in" "$top/out"
pictures "$top/one" 1 1x1
start "$top" --no-bundle
ready "$top"
kill -STOP $pid
python3 -c "
import os, sys
for index in range($overflow): os.link('$top/one/picture-000.png', f'$top/in/{index:05d}.png')"
kill -CONT $pid
begin=$SECONDS
check "overflow: all $overflow are restored" wait_for 600 eval "((\$(find $top/out -name '*.png' | wc -l) == $overflow))"
echo "     in $((SECONDS - begin)) s"
check "overflow: it is counted" wait_for 5 eval \
  "(($overflow < 16384)) || \"$service\" $(arguments "$top") --status --json | grep -Eq '\"overflows\": ?[1-9]'"
end TERM
check "overflow: it ends cleanly" equal "$code" 0
check "overflow: all are archived" equal "$(find "$top/in.spool/archive" -type f | wc -l)" "$overflow"
finish
