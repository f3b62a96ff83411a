#!/bin/sh
# Installs promptir-restored from the unpacked archive, or removes it again. Run it as root.
#
#   ./install.sh [--prefix FOLDER]      (default: /usr/local)
#   ./install.sh --uninstall [--prefix FOLDER]
#
# An edited /etc/promptir-restored.toml stays as it is; the new one is then put beside it. A running service is
# restarted. Removing deletes neither the configuration nor any picture.
set -eu
cd -- "$(dirname -- "$0")"
prefix=/usr/local uninstall=
configuration=/etc/promptir-restored.toml
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift 2 ;;
        --uninstall) uninstall=yes; shift ;;
        *) echo "unknown argument: $1 (usage: ./install.sh [--uninstall] [--prefix FOLDER])" >&2; exit 64 ;;
    esac
done
[ "$(id -u)" = 0 ] || { echo "run it as root: sudo ./install.sh" >&2; exit 77; }
booted() { [ -d /run/systemd/system ]; }
files() { find bin share lib -type f; }

if [ -n "$uninstall" ]; then
    if booted; then
        systemctl disable --now promptir-restored.service promptir-restored-once.timer 2>/dev/null || true
    fi
    files | while IFS= read -r file; do rm -f -- "$prefix/$file"; done
    rmdir -- "$prefix/share/promptir-restored" 2>/dev/null || true
    if booted; then systemctl daemon-reload; fi
    echo "removed from $prefix; $configuration and /var/lib/promptir-restored stay"
    exit 0
fi

missing=$(ldd bin/promptir-restored bin/promptir 2>&1 | sed -n "s/^\t*\(.*\) => not found/\1/p; s/.*\(version \`.*' not found\).*/\1/p" |
    sort -u)
if [ -n "$missing" ]; then
    echo "this system lacks:" >&2
    echo "$missing" | sed 's/^/    /' >&2
    echo "Debian: apt-get install libpng16-16 libjpeg62-turbo libsystemd0 zlib1g libstdc++6" >&2
    echo "Ubuntu: the same with libjpeg62; Fedora: dnf install libpng libjpeg-turbo systemd-libs" >&2
    echo "a missing version of GLIBC needs a newer system: Debian 12, Ubuntu 24.04, Fedora 37 or later" >&2
    exit 69
fi

files | while IFS= read -r file; do
    mkdir -p -- "$prefix/$(dirname -- "$file")"
    # The old file stays whole for a process that uses it.
    cp -- "$file" "$prefix/$file.new"
    if [ "${file%/*}" = bin ]; then chmod 755 "$prefix/$file.new"; else chmod 644 "$prefix/$file.new"; fi
    mv -f -- "$prefix/$file.new" "$prefix/$file"
done

if [ ! -e "$configuration" ]; then
    cp etc/promptir-restored.toml "$configuration"
    chmod 644 "$configuration"
elif ! cmp -s etc/promptir-restored.toml "$configuration"; then
    cp etc/promptir-restored.toml "$configuration.new"
    echo "$configuration was edited and stays; the new one is $configuration.new"
fi

if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers "$prefix/lib/sysusers.d/promptir-restored.conf"
    systemd-tmpfiles --create "$prefix/lib/tmpfiles.d/promptir-restored.conf"
fi
if booted; then
    systemctl daemon-reload
    systemctl try-restart promptir-restored.service
fi
echo "installed in $prefix; start the service with: systemctl enable --now promptir-restored"
