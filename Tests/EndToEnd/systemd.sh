#!/bin/bash
# The service under a real systemd: readiness, work, status, reload, journal, watchdog, restart, stop, hardening.
#
#   Tests/EndToEnd/systemd.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs root and the tool run-in-systemd, which boots a private systemd over a throw-away copy of this system:
# $RUN_IN_SYSTEMD, or ../shared/tools/run-in-systemd. Exits 77 where it is absent or cannot work.
# With PROMPTIR_PICTURES=FOLDER its PNGs go through the daemon too, and the bundle is compared with them by numpy.
source "$(dirname -- "$0")/common.sh"

[[ ${1-} == --inside ]] || enter_systemd "${1:-$root/.build/release}"

build=$2
unit=promptir-restored.service
state=/var/lib/promptir-restored
export SYSTEMD_COLORS=0 SYSTEMD_PAGER=

property() { systemctl show --value --property "$1" "$unit"; }
journal() { journalctl --quiet --no-pager --unit "$unit" "$@"; }
put() { install -o nobody -g promptir-restored -m 0640 "$1" "$state/inbox/.arriving" &&
  mv "$state/inbox/.arriving" "$state/inbox/$2"; }

# --- Installation, as a package would
install_service "$build" && sed -i 's/^bundle = .*/bundle = true/' /etc/promptir-restored.toml || exit 1
check "sysusers.d makes the user" systemd-sysusers promptir-restored.conf
check "tmpfiles.d makes the folders" systemd-tmpfiles --create promptir-restored.conf
check "the inbox is setgid and the group's" equal "$(stat -c '%A %U %G' $state/inbox)" \
  "drwxrws--- promptir-restored promptir-restored"
check "systemd-analyze verify is silent" equal \
  "$(systemd-analyze verify /etc/systemd/system/promptir-restored* 2>&1)" ""
systemctl daemon-reload
check "the outbox is the group's to read, the spool the service's alone" equal \
  "$(stat -c '%a %U %G' $state/outbox $state/spool | tr '\n' ' ')" \
  "2750 promptir-restored promptir-restored 2700 promptir-restored promptir-restored "

# --- Start
begin=$(date +%s%N)
check "start returns" systemctl start $unit
echo "     started in $((($(date +%s%N) - begin) / 1000000)) ms"
check "it is active once start has returned" equal "$(property ActiveState)/$(property SubState)" active/running
check "READY came after the first scan" contains "$(journal -o cat)" "ready"
check "the state directory is there for all to enter" equal "$(stat -c '%a %U' $state)" "755 promptir-restored"
check "what it makes is not for others" eval 'grep -q "^Umask:.0027" "/proc/$(property MainPID)/status"'
check "it runs as its own user" equal "$(stat -c %U "/proc/$(property MainPID)")" promptir-restored

# --- Work
pictures /tmp/pictures 5 48x40
for index in 0 1 2; do put /tmp/pictures/picture-00$index.png "picture $index.png"; done
check "three pictures are restored" wait_for 60 eval '(($(count_pictures $state/outbox) == 3))'
check "the group may read them" equal "$(stat -c '%a %U %G' "$state/outbox/picture 0.png")" \
  "640 promptir-restored promptir-restored"
check "the inbox is empty" equal "$(count_pictures $state/inbox)" 0
check "originals are archived" wait_for 5 eval '(($(count_pictures $state/spool) == 3))'
check "the bundle is written once the queue has drained" wait_for 10 test -s $state/outbox/pred.npz
check "status tells the counts" wait_for 10 eval 'systemctl status '$unit' | grep -q "Status: .*3 done"'
echo "     $(property StatusText)"

printf 'no picture at all' >/tmp/broken.png
put /tmp/broken.png $'broken\nPRIORITY=0.png'
check "a broken picture is given up" wait_for 60 eval "journal -p warning -o cat | grep -q broken"
check "its reason lies beside it" wait_for 5 eval "find $state/spool -name '*.json' | grep -q ."
check "and is told in the status" wait_for 10 eval 'systemctl status '$unit' | grep -q "Status: .*1 failed"'

# --- Journal
check "lines have priorities" eval 'journal -p info -o cat | grep -q . && journal -p warning -o cat | grep -q .'
check "no warning for good pictures" eval '! journal -p warning -o cat | grep "picture 0" >/dev/null'
check "MESSAGE_ID finds restored pictures" \
  equal "$(journal MESSAGE_ID=34a20b6e5b734bde8ef0cc1e78908d74 -o cat | wc -l)" 3
check "fields are upper case and typed" eval \
  'journal MESSAGE_ID=34a20b6e5b734bde8ef0cc1e78908d74 -o json | grep PROMPTIR_DURATION_USEC >/dev/null'
check "nothing but log lines is written" equal "$(journal PRIORITY=6 -o cat _TRANSPORT=stdout | head -3)" ""
check "nor by Dispatch to the system's log" equal "$(journal -o cat _TRANSPORT=syslog | head -3)" ""
check "no file name forged a line" equal "$(journal PRIORITY=0 -o cat | wc -l)" 0

# --- Reload
pid=$(property MainPID)
sed -i 's/^format = .*/format = "jpeg"/' /etc/promptir-restored.toml
check "reload with a good configuration" systemctl reload $unit
put /tmp/pictures/picture-003.png three.png
check "it is in force" wait_for 60 eval "find $state/outbox -name 'three*.jp*g' | grep -q ."
echo 'frmat = "png"' >>/etc/promptir-restored.toml
systemctl reload $unit
check "a bad one is refused and named" wait_for 10 eval "journal -p err -o cat | grep -q frmat"
check "the service stays ready" equal "$(property ActiveState)/$(property SubState)" active/running
put /tmp/pictures/picture-004.png four.png
check "with the old configuration" wait_for 60 eval "find $state/outbox -name 'four*.jp*g' | grep -q ."
check "in the same process" equal "$(property MainPID)" "$pid"
sed -i '/^frmat/d' /etc/promptir-restored.toml

# --- Hardening, with the process at work under it
exposure=$(systemd-analyze security --no-pager $unit | sed -n 's/.*exposure level for .*: \([0-9.]*\).*/\1/p')
echo "     exposure $exposure"
check "exposure is at most 0.5" awk "BEGIN { exit !(\"$exposure\" != \"\" && $exposure <= 0.5) }"
check "seccomp is in force" eval "grep -q '^Seccomp:.2' /proc/$pid/status"
check "no capability is left" eval "grep -q '^CapBnd:.0000000000000000' /proc/$pid/status"

# --- Real pictures
if [[ -n ${PROMPTIR_PICTURES:-} ]]; then
  sed -i 's/^format = .*/format = "same"/' /etc/promptir-restored.toml
  systemctl reload $unit
  wanted=$(find "$PROMPTIR_PICTURES" -maxdepth 1 -name '*.png' | wc -l)
  already=$(count_pictures $state/outbox)
  begin=$SECONDS
  for picture in "$PROMPTIR_PICTURES"/*.png; do put "$picture" "real-${picture##*/}"; done
  check "$wanted real pictures are restored" wait_for 900 eval \
    '(($(count_pictures $state/outbox) == wanted + already))'
  echo "     in $((SECONDS - begin)) s; $(property StatusText)"
  check "the bundle holds what the outbox does" wait_for 120 python3 "$here/compare_bundle.py" $state/outbox
fi

# --- A kill
kill -KILL "$pid"
check "restarted after SIGKILL" wait_for 20 eval \
  '[[ $(property MainPID) != '"$pid"' && $(property ActiveState) == active ]]'

# --- Two pictures at once that end the process whenever they are processed, and neighbours
pictures /tmp/poison 2 900x700
touch /tmp/poison/lives
while [[ -e /tmp/poison/lives ]]; do
  pid=$(property MainPID)
  # Its own claim, not the one that the last process left: that is taken up before the first status.
  if [[ $pid != 0 ]] && grep -q "\"pid\": *$pid\b" $state/spool/status.json &&
    compgen -G "$state/spool/claimed/*/poison-?.png" >/dev/null; then
    kill -KILL "$pid"
  fi
  sleep 0.02
done &
killer=$!
systemctl stop $unit
for index in 0 1; do put /tmp/poison/picture-00$index.png poison-$index.png; done
for index in 0 1 2 3; do put /tmp/pictures/picture-00$index.png neighbour-$index.png; done
systemctl start $unit
begin=$SECONDS
for index in 0 1; do
  check "poison $index is given up as crashed" wait_for 120 grep -q '"code": *"crashed"' $state/spool/failed/poison-$index.png.json
done
rm /tmp/poison/lives
wait $killer
crashes=$(property NRestarts)
echo "     after $crashes crashes in $((SECONDS - begin)) s"
check "poison: more starts than five were needed, and no more than 1 + 2 · 3" test "$crashes" -ge 5 -a "$crashes" -le 7
check "poison: the neighbours are restored" wait_for 60 eval "((\$(find $state/outbox -name 'neighbour-*' | wc -l) == 4))"
check "poison: nothing else is given up" equal "$(find $state/spool/failed -name 'neighbour-*' | wc -l)" 0
check "poison: the service is active" equal "$(property ActiveState)/$(property SubState)" active/running

# --- G32: owners take turns, which the unit must let the service tell apart
systemctl stop $unit
pictures /tmp/many 30 48x40
for picture in /tmp/many/*; do
  install -o 65533 -g promptir-restored -m 0640 "$picture" "$state/inbox/old-${picture##*/}"
  touch -d @1 "$state/inbox/old-${picture##*/}"
done
for index in 0 1; do
  install -o 65532 -g promptir-restored -m 0640 /tmp/many/picture-00$index.png $state/inbox/new-$index.png
done
since=$(date +%s)
systemctl start $unit
restored_since() { journal --since "@$since" -o cat --output-fields=PROMPTIR_INPUT MESSAGE_ID=34a20b6e5b734bde8ef0cc1e78908d74; }
check "turns: all are restored" wait_for 60 eval '(($(restored_since | wc -l) >= 32))'
last=$(restored_since | grep -n "^new-" | tail -n 1 | cut -d : -f 1)
check "turns: the other member's pictures are among the first (the last was number ${last:-none})" \
  test "${last:-99}" -le 16

# --- A hang
mkdir -p /run/systemd/system/$unit.d
printf '[Service]\nWatchdogSec=2s\n' >/run/systemd/system/$unit.d/watchdog.conf
systemctl daemon-reload
systemctl restart $unit
pid=$(property MainPID)
sleep 5
check "a living process keeps its watchdog quiet" equal "$(property MainPID)" "$pid"
kill -STOP "$pid"
check "a hung one is replaced" wait_for 30 eval \
  '[[ $(property MainPID) != '"$pid"' && $(property ActiveState) == active ]]'
rm -r /run/systemd/system/$unit.d
systemctl daemon-reload

# --- A truly hung worker: its write to the outbox never returns, as the server of that filesystem is stopped
[[ -e /dev/fuse ]] || mknod /dev/fuse c 10 229
if command -v bindfs >/dev/null && { : <>/dev/fuse; } 2>/dev/null; then
  systemctl stop $unit
  mkdir -p /run/systemd/system/$unit.d $state/below $state/hanging
  printf '[Service]\nWatchdogSec=2s\n' >/run/systemd/system/$unit.d/watchdog.conf
  cp /etc/promptir-restored.toml /tmp/before-hang.toml
  sed -i 's/^stall-seconds = .*/stall-seconds = 3/; s/^bundle = .*/bundle = false/; s/^tta = .*/tta = true/
    s/^format = .*/format = "same"/; s|^outbox = .*|outbox = "/var/lib/promptir-restored/hanging"|' /etc/promptir-restored.toml
  chown promptir-restored:promptir-restored $state/below && chmod 2750 $state/below
  bindfs -f $state/below $state/hanging &
  server=$!
  wait_for 10 mountpoint -q $state/hanging
  systemctl daemon-reload
  check "it starts with an outbox on FUSE" systemctl start $unit
  pid=$(property MainPID)
  # Slow is not hung: this one takes many times what a silent worker is given.
  pictures /tmp/large 2 700x500
  begin=$SECONDS
  put /tmp/large/picture-000.png slow.png
  check "a slow picture is restored" wait_for 400 test -e $state/hanging/slow.png
  echo "     in $((SECONDS - begin)) s, with a watchdog of 2 s and a budget of 3 s"
  check "by the process that began it: the watchdog spared it" equal "$(property MainPID)" "$pid"
  since=$(date '+%F %T')
  kill -STOP $server
  put /tmp/pictures/picture-000.png hung.png
  check "a hung worker is killed by the watchdog" wait_for 60 eval 'journal --since "$since" -o cat | grep -qi "watchdog timeout"'
  check "after it said what hung" eval 'journal -p crit -o cat | grep -q "the watchdog is not notified"'
  kill -CONT $server
  check "the next process restores its picture" wait_for 60 test -e $state/hanging/hung.png
  check "it is another process" test "$(property MainPID)" != "$pid"
  check "on the second attempt" eval 'journal --since "$since" -o cat | grep -q "restored file=hung.png attempt=2"'
  systemctl stop $unit
  umount -l $state/hanging
  kill $server
  cp /tmp/before-hang.toml /etc/promptir-restored.toml
  rm -r /run/systemd/system/$unit.d
  systemctl daemon-reload
  systemctl reset-failed $unit 2>/dev/null
  systemctl start $unit
else
  echo "skip the truly hung worker: there is no bindfs (apt-get install bindfs) or no /dev/fuse"
fi

# --- Stop during work
pictures /tmp/busy 8 500x400
for picture in /tmp/busy/*.png; do put "$picture" "busy-${picture##*/}"; done
wait_for 60 eval "find $state/spool/claimed -name 'busy-*' | grep -q ."
begin=$(date +%s%N)
check "stop during work returns" systemctl stop $unit
echo "     stopped in $((($(date +%s%N) - begin) / 1000000)) ms"
check "its end was clean" equal "$(property Result)/$(property ExecMainStatus)" success/0
check "claims are returned" equal "$(find $state/spool/claimed -type f | wc -l)" 0
check "no picture is lost" equal "$(find $state/inbox $state/spool/waiting $state/spool/archive -name 'busy-*.png' | wc -l)" 8
check "start again" systemctl start $unit
check "the rest is done" wait_for 120 eval "((\$(find $state/outbox -name 'busy-*' | wc -l) == 8))"

# --- Stop
begin=$(date +%s%N)
check "stop returns" systemctl stop $unit
echo "     stopped in $((($(date +%s%N) - begin) / 1000000)) ms"
check "its end was clean" equal "$(property Result)/$(property ExecMainStatus)" success/0

# --- A wrong configuration, and the run without a daemon
cp /etc/promptir-restored.toml /tmp/good.toml
echo 'workers = 0' >/etc/promptir-restored.toml
check "a start with a bad configuration fails" eval "! systemctl start $unit"
check "with 78, and is not tried again" equal "$(property ExecMainStatus)/$(property NRestarts)" 78/0
cp /tmp/good.toml /etc/promptir-restored.toml
systemctl reset-failed $unit
put /tmp/pictures/picture-000.png once.png
sleep 1
check "the -once service does what waits" systemctl start promptir-restored-once.service
check "and ends when it is done" eval "find $state/outbox -name 'once*' | grep -q ."
put /tmp/pictures/picture-001.png timed.png
sleep 1
check "its timer starts" systemctl start promptir-restored-once.timer
check "and has the picture restored" wait_for 60 eval "find $state/outbox -name 'timed*' | grep -q ."
check "the next run is planned" wait_for 10 eval \
  "systemctl list-timers --all --no-pager | grep -q promptir-restored-once.timer"
once=$(systemd-analyze security --no-pager promptir-restored-once.service | sed -n 's/.*exposure level for .*: \([0-9.]*\).*/\1/p')
check "the -once service's exposure is at most 0.5 (found $once)" awk "BEGIN { exit !(\"$once\" != \"\" && $once <= 0.5) }"

((failures == 0)) || { echo "--- journal"; journal -o short-precise; }
finish
