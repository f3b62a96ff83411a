#!/bin/bash
# Owners, modes and mounts under the shipped unit and a real systemd (G39, G40): folders that a member makes, copies and
# moves into the inbox, and folders that the unit keeps from the service.
#
#   Tests/EndToEnd/permissions.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs root and run-in-systemd; exits with 77 where it is absent or cannot work.
source "$(dirname -- "$0")/common.sh"
[[ ${1-} == --inside ]] || enter_systemd "${1:-$root/.build/release}"

build=$2
unit=promptir-restored.service
state=/var/lib/promptir-restored
export SYSTEMD_COLORS=0 SYSTEMD_PAGER=
property() { systemctl show --value --property "$1" "$unit"; }

install_service "$build" && systemd-sysusers promptir-restored.conf || exit 1

# --- tmpfiles.d, where ACLs are unknown and where they are not
mkdir -p $state && mount -t ramfs ramfs $state || exit 77
check "a filesystem without ACLs is no error" equal "$(systemd-tmpfiles --create promptir-restored.conf 2>&1)$?" 0
umount $state
check "tmpfiles.d makes the folders" systemd-tmpfiles --create promptir-restored.conf
check "and the inbox has a default ACL" python3 -c \
  "import os; os.getxattr('$state/inbox', 'system.posix_acl_default')"
systemctl daemon-reload
check "start" systemctl start $unit

# --- A member with umask 022 makes, copies and moves folders into the inbox
pictures /tmp/pictures 5 48x40
useradd --create-home alice && usermod --append --groups promptir-restored alice
for way in made copied preserved synced moved; do cp -r /tmp/pictures "/home/alice/$way"; done
chown -R alice: /home/alice && chmod -R u=rwX,go=rX /home/alice
as_alice() { setpriv --reuid=alice --regid=alice --init-groups bash -c "umask 022; cd $state/inbox; $1"; }
as_alice 'mkdir made; cp ~alice/made/picture-000.png made; cp -r ~alice/copied .; cp -rp ~alice/preserved .
  mv ~alice/moved .; if command -v rsync >/dev/null; then rsync -r ~alice/synced .; else cp -r ~alice/synced .; fi'
check "a member's folders are restored, however they came" wait_for 60 eval \
  '(($(count_pictures $state/outbox) == 21))'
check "a folder that he made is writable for the group" equal "$(stat -c %A $state/inbox/made)" drwxrws---
check "its picture is taken, the others are left to him" equal "$(count_pictures $state/inbox)" 20
check "STATUS says so" wait_for 10 eval 'property StatusText | grep -q "; 20 copied, the originals stay"'
check "he may remove them" as_alice "rm -r copied preserved synced moved"
check "the shipped configuration writes no bundle" test ! -e $state/outbox/pred.npz
check "nothing went wrong" equal "$(journalctl -u $unit -p warning -o cat | grep -v 'cannot be read')" ""

# --- Folders that the unit keeps from the service
systemctl stop $unit
install -d -o promptir-restored -g promptir-restored -m 2750 /srv/out /home/out
cp /etc/promptir-restored.toml /tmp/good.toml
# refused KEY VALUE PART...: the start with this setting fails at once with 78, and STATUS has the parts
refused() {
  local key=$1 value=$2 begin=$SECONDS part
  sed "s|^$key = .*|$key = \"$value\"|" /tmp/good.toml >/etc/promptir-restored.toml
  systemctl reset-failed $unit 2>/dev/null
  systemctl start $unit && { echo "it started"; return 1; }
  ((SECONDS - begin < 10)) || { echo "only after $((SECONDS - begin)) s"; return 1; }
  equal "$(property ExecMainStatus)/$(property NRestarts)" 78/0 || return 1
  for part in "${@:3}"; do contains "$(property StatusText)" "$part" || return 1; done
}
check "an outbox in /srv is refused, with the drop-in" refused outbox /srv/out \
  "systemctl edit promptir-restored" "ReadWritePaths=/srv/out"
echo "     $(property StatusText)"
check "one below /home too" refused outbox /home/out "ProtectHome=no and ReadWritePaths=/home/out"
check "and one that is not there" refused outbox /srv/absent "ReadWritePaths=/srv/absent"
check "a metrics file in /srv too" refused metrics-file /srv/out/p.prom "metrics-file: " "ReadWritePaths=/srv/out"
sed 's|^outbox = .*|outbox = "/home/out"|' /tmp/good.toml >/etc/promptir-restored.toml
check "--check-config tells beforehand" contains "$(promptir-restored --check-config 2>&1 >/dev/null)" \
  "section [Service], ProtectHome=no and ReadWritePaths=/home/out"
mkdir -p /etc/systemd/system/$unit.d
printf '[Service]\nProtectHome=no\nReadWritePaths=/home/out\n' >/etc/systemd/system/$unit.d/folders.conf
systemctl daemon-reload
systemctl reset-failed $unit 2>/dev/null
check "with that drop-in it starts" systemctl start $unit
as_alice 'cp /tmp/pictures/picture-002.png home.png'
check "and restores" wait_for 60 test -e /home/out/home.png
systemctl stop $unit

((failures == 0)) || { echo '--- journal'; journalctl --no-pager -u $unit -o cat; }
finish
