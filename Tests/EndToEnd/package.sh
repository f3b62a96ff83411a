#!/bin/bash
# The Debian package and the archive, from packaging/: made, checked, and used on a bare Debian 12 under a real systemd,
# which has no Swift and none of this project's files: installed, used by an ordinary user, upgraded, removed, purged.
#
#   Tests/EndToEnd/package.sh
#
# Needs root, debhelper, lintian, mmdebstrap and the tool run-in-systemd: $RUN_IN_SYSTEMD, or ../shared/tools/run-in-systemd.
# Exits 77 where one is absent. Builds the programs once more, with the Swift runtime linked statically.
source "$(dirname -- "$0")/common.sh"

if [[ ${1-} == --inside ]]; then
  unit=promptir-restored.service state=/var/lib/promptir-restored
  configuration=/etc/promptir-restored.toml
  first=$(ls /srv/*[0-9]_amd64.deb | grep -v '+1_') second=$(ls /srv/*+1_amd64.deb) archive=$(ls /srv/*.tar.xz)
  export SYSTEMD_COLORS=0 SYSTEMD_PAGER= DEBIAN_FRONTEND=noninteractive
  property() { systemctl show --value --property "$1" $unit; }
  apt() { apt-get -q -y "$@"; }
  restored() { runuser -u alice -- sh -c "ls $state/outbox/*.png 2>/dev/null" | wc -l; }
  # drop FROM TO: alice copies these pictures into the inbox, as a person does
  drop() { runuser -u alice -- sh -c "for n in \$(seq -f %03g $1 $2); do cp /srv/pictures/picture-\$n.png $state/inbox/; done"; }

  # --- Installed
  check "apt installs the package" apt install "$first"
  check "the service is neither enabled nor started unasked" equal \
    "$(systemctl is-enabled $unit) $(systemctl is-active $unit)" "disabled inactive"
  check "the user and the folders are there" equal "$(stat -c '%A %U %G' $state/inbox)" \
    "drwxrws--- promptir-restored promptir-restored"
  check "promptir restores by hand" promptir restore /srv/pictures/picture-000.png -o /tmp/restored.png
  check "the programs have the weights of the package" eval \
    'promptir inspect /usr/share/promptir-restored/compact.safetensors >/dev/null'

  # --- Used
  useradd --create-home --groups promptir-restored alice
  check "systemctl enable --now starts it" systemctl enable --now $unit
  check "it is active and enabled" equal "$(systemctl is-enabled $unit) $(systemctl is-active $unit)" "enabled active"
  drop 0 1
  check "alice, an ordinary member of the group, finds her two pictures restored" wait_for 60 eval '(($(restored) == 2))'
  check "and can read them" runuser -u alice -- sh -c "cat $state/outbox/*.png >/dev/null"
  check "systemctl status counts them" wait_for 10 eval '[[ $(property StatusText) == *"2 done"* ]]'
  systemctl status --no-pager --lines 0 $unit | sed -n 's/^ *\(Status: .*\)/     \1/p'

  # --- Upgraded, with an edited configuration, while pictures wait
  sed -i 's/^jpeg-quality = .*/jpeg-quality = 87/' $configuration
  edited=$(sha256sum <$configuration) process=$(property MainPID)
  drop 2 23
  check "apt upgrades the package" apt install "$second"
  check "the edited configuration stays" equal "$(sha256sum <$configuration)" "$edited"
  check "the service runs again, in a new process" eval \
    '[[ $(systemctl is-active $unit) == active && $(property MainPID) != "$process" ]]'
  check "no waiting picture is lost" wait_for 120 eval '(($(restored) == 24))'
  check "and none failed" eval '! find $state/spool -path "*failed*" -name "*.json" | grep .'

  # --- Removed and purged
  check "apt removes the package" apt remove promptir-restored
  check "the service has ended, the program is gone" eval \
    '[[ $(systemctl is-active $unit) == inactive && ! -e /usr/bin/promptir-restored ]]'
  check "configuration and pictures stay" eval '[[ -e $configuration ]] && (($(ls $state/outbox/*.png | wc -l) == 24))'
  output=$(apt purge promptir-restored 2>&1)
  check "purge removes the configuration" test ! -e $configuration
  check "purge keeps every picture" equal "$(ls $state/outbox/*.png | wc -l)" 24
  check "and says where they are" contains "$output" "pictures remain in $state"
  check "no unit is left" eval '! systemctl list-unit-files --no-pager | grep promptir'
  check "installed again, it goes on with the same folders" apt install "$first"
  check "the pictures are there" equal "$(ls $state/outbox/*.png | wc -l)" 24
  rm -r $state
  apt purge promptir-restored >/dev/null 2>&1
  check "purge without pictures leaves no folder" test ! -e $state

  # --- The archive
  apt install libpng16-16 libjpeg62-turbo >/dev/null 2>&1
  mkdir /tmp/archive && tar -C /tmp/archive -xf "$archive"
  script=$(ls -d /tmp/archive/*/install.sh)
  check "the archive's install.sh installs" "$script"
  check "the service starts from it" systemctl enable --now $unit
  drop 0 0
  check "and restores" wait_for 60 eval '(($(restored) == 1))'
  echo '# edited' >>$configuration
  output=$("$script")
  check "a second install.sh keeps the edited configuration" eval '[[ $(tail -n 1 $configuration) == "# edited" ]]'
  check "and says where the new one is" contains "$output" "$configuration.new"
  check "it restarts the service" equal "$(systemctl is-active $unit)" active
  check "install.sh --uninstall" "$script" --uninstall
  check "nothing of it is left but configuration and pictures" equal \
    "$(find / -xdev -path /tmp -prune -o -path /srv -prune -o \( -iname '*promptir*' ! -path "$state*" ! -path "$configuration*" \) -print |
      grep -v '/var/cache\|/var/log\|/proc' | sort | tr '\n' ' ')" ""
  finish
fi

tool=${RUN_IN_SYSTEMD:-$root/../shared/tools/run-in-systemd}
((EUID == 0)) || { echo "skipped: needs root"; exit 77; }
[[ -x $tool ]] || { echo "skipped: no run-in-systemd at $tool (set RUN_IN_SYSTEMD)"; exit 77; }
for command in dh lintian mmdebstrap; do
  command -v $command >/dev/null ||
    { echo "skipped: no $command (apt-get install debhelper lintian mmdebstrap)"; exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf --one-file-system -- "$work"' EXIT

# --- The package
"$root/packaging/build-deb" --output "$work" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
"$root/packaging/build-deb" --output "$work" --suffix +1 >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
"$root/packaging/build-tarball" --output "$work" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
first=$(ls "$work"/*[0-9]_amd64.deb | grep -v '+1_') second=$(ls "$work"/*+1_amd64.deb)
archive=$(ls "$work"/*.tar.xz)
check "lintian finds no error and no warning" lintian --allow-root --fail-on error,warning "$first"
download=$(stat -c %s "$first") installed=$(dpkg-deb --field "$first" Installed-Size)
echo "     package $((download / 1000)) kB, installed $installed KiB, archive $(($(stat -c %s "$archive") / 1000)) kB"
check "the download is at most 20 MB" test "$download" -le 20000000
check "installed at most 50 MB" test "$((installed * 1024))" -le 50000000

tree=$work/tree
dpkg-deb --extract "$first" "$tree"
needed() { ldd "$tree/usr/bin/promptir" "$tree/usr/bin/promptir-restored"; }
check "no library of a Swift toolchain is needed" eval '! needed | grep -iE "swift|foundation|dispatch|not found"'
check "restoring does not load OpenBLAS" eval '! needed | grep -i blas'

# --- Manual pages and completions say what --help says
page() { gzip -dc "$tree/usr/share/man/man$2/$1.$2.gz" | sed 's/\\-/-/g; s/ , / /g'; }
flags() { grep -oE -- '^ +(-[a-zA-Z], )?--[a-z-]+(/--[a-z-]+)?' | grep -oE -- '--[a-z-]+' | sort -u; }
subcommands() { "$tree/usr/bin/promptir" --help | sed -n '/^SUBCOMMANDS/,/^$/s/^  \([a-z-]*\)  .*/\1/p'; }
has_every_flag() {
  local flag manual missing=0
  manual=$(page "$1${2:+-$2}" 1)
  for flag in $("$tree/usr/bin/$1" ${2:+"$2"} --help | sed -n '/^[A-Z]*:/,$p' | flags); do
    grep -q -- "Fl ${flag#-}\b" <<<"$manual" || { echo "$flag is missing"; missing=1; }
    grep -q -- "$flag\b" "$tree/usr/share/bash-completion/completions/$1" ||
      { echo "no completion of $flag"; missing=1; }
  done
  return $missing
}
check "promptir has subcommands" test "$(subcommands | wc -l)" -ge 10
for subcommand in $(subcommands); do
  [[ $subcommand == bundle || $subcommand == help ]] ||
    check "promptir-$subcommand(1) and the completions have every flag of --help" has_every_flag promptir "$subcommand"
done
check "promptir-restored(1) and the completions have every flag" has_every_flag promptir-restored
has_every_key() {
  local key manual
  manual=$(page promptir-restored.toml 5)
  for key in $(sed -n 's/^\([a-z-]*\) = .*/\1/p' "$root/etc/promptir-restored.toml"); do
    grep -q "^.It Ic $key No =" <<<"$manual" || { echo "$key is missing"; return 1; }
  done
}
check "promptir-restored.toml(5) has every key" has_every_key
for shell in zsh fish; do
  command -v $shell >/dev/null || continue
  for file in "$tree"/usr/share/zsh/vendor-completions/_* "$tree"/usr/share/fish/vendor_completions.d/*.fish; do
    [[ $file != */$shell/* ]] || check "$shell accepts $(basename "$file")" $shell -n "$file"
  done
done
check "bash accepts the completions" bash -n "$tree"/usr/share/bash-completion/completions/*

# --- A bare Debian
bare=$work/bare
mmdebstrap --variant=minbase --include=systemd,systemd-sysv,xz-utils --skip=cleanup/apt \
  --customize-hook="copy-in $first $second $archive /srv" \
  --customize-hook='chroot "$1" sh -c "apt-get install -q -y --download-only /srv/*[0-9]_amd64.deb"' \
  bookworm "$bare" </dev/null >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
check "the bare Debian has no Swift" eval '! find "$bare" -xdev -name "libswift*" | grep .'
check "nor libpng and libjpeg" eval '! find "$bare/usr/lib" -name "libpng*" -o -name "libjpeg*" | grep .'
pictures "$work/pictures" 24 96x64
cp -r "$work/pictures" "$bare/srv/pictures"
install -m 755 "$tool" "$bare/usr/local/sbin/run-in-systemd"
install -m 644 "$here/common.sh" "$here/package.sh" "$bare/srv/"
unshare --mount --propagation private bash -eu -c '
  mount --bind "$1" "$1"
  cd "$1"
  mount -t proc proc proc
  mount --rbind /sys sys
  mount --rbind /dev dev
  mkdir -p host
  pivot_root . host
  umount -l /host
  exec /usr/local/sbin/run-in-systemd -- bash /srv/package.sh --inside' bash "$bare" </dev/null
code=$?
((code != 77)) || { echo "skipped: run-in-systemd cannot work on this machine"; exit 77; }
check "everything on the bare Debian" equal $code 0
finish
