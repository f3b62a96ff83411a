#!/bin/bash
# What the daemon tells its service manager: the transcript of reloads (G16), pings that stop when it hangs and go on
# when it is slow (G17), stops at random moments (G15). See notify.py.
#
#   Tests/EndToEnd/notify.sh [BUILD-FOLDER]         (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
# Mounts made here end with this process.
if [[ ${2-} != --inside ]] && ((EUID == 0)) && unshare -m true 2>/dev/null; then
  exec unshare -m bash "$0" "$build" --inside
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-notify.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
python3 "$here/notify.py" "$build/promptir-restored" "$work"
