# Sourced by the end-to-end scripts: checks that count, waiting with a limit, pictures.
set -u -o pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
failures=0 checks=0

# check DESCRIPTION COMMAND...: runs the command, prints its output only if it fails.
check() {
  local description=$1 output; shift
  checks=$((checks + 1))
  if output=$("$@" 2>&1); then
    echo "ok   $description"
  else
    failures=$((failures + 1))
    echo "FAIL $description"
    sed 's/^/     | /' <<<"$output"
  fi
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { echo "still not after the time allowed: $*"; return 1; }
    sleep 0.1
  done
}

# equal FOUND EXPECTED
equal() { [[ $1 == "$2" ]] || { echo "expected: $2"; echo "found:    $1"; return 1; }; }

# contains TEXT PART
contains() { [[ $1 == *"$2"* ]] || { echo "expected a part: $2"; echo "found: $1"; return 1; }; }

# pictures FOLDER COUNT WIDTHxHEIGHT
pictures() { python3 "$here/pictures.py" "$@"; }

# count_pictures FOLDER: files that are pictures by name, not hidden, at any depth
count_pictures() { find "$1" -type f \( -name '*.png' -o -name '*.jpg' \) ! -name '.*' | wc -l; }

# picture_sums FOLDER: content and relative name of every picture
picture_sums() { (cd "$1" && find . -type f -name '*.png' ! -name '.*' -exec sha256sum {} + | sort -k2); }

# part_with_memory_max SCRIPT: a check that runs SCRIPT's part for --inside under run-in-systemd, where that is there
part_with_memory_max() {
  local tool=${RUN_IN_SYSTEMD:-$root/../shared/tools/run-in-systemd} binds=() folder code
  if ((EUID != 0)) || [[ ! -x $tool ]]; then
    echo "skip MemoryMax: needs root and run-in-systemd (set RUN_IN_SYSTEMD)"
    return
  fi
  for folder in "$root" "$build"; do
    [[ $(stat -c %m -- "$folder") == / ]] || binds+=(--bind-ro "$folder")
  done
  "$tool" --cgroup hybrid ${binds[@]+"${binds[@]}"} -- bash "$root/Tests/EndToEnd/$1" "$build" --inside
  code=$?
  if ((code == 77)); then
    echo "skip MemoryMax: run-in-systemd cannot work on this machine"
  else
    check "the part with MemoryMax" equal $code 0
  fi
}

# enter_systemd BUILD: runs the script again with --inside and the build folder under run-in-systemd, which boots a private
# systemd over a throw-away copy of this system: $RUN_IN_SYSTEMD, or ../shared/tools/run-in-systemd. Exits with 77 where
# it is absent or cannot work.
enter_systemd() {
  local build tool=${RUN_IN_SYSTEMD:-$root/../shared/tools/run-in-systemd} binds=() folder code
  build=$(realpath -e -- "$1") || exit 64
  if [[ ! -x $tool ]]; then
    echo "skipped: no run-in-systemd at $tool (set RUN_IN_SYSTEMD)"
    exit 77
  fi
  # Folders on filesystems of their own are invisible inside unless named.
  for folder in "$root" "$build"; do
    [[ $(stat -c %m -- "$folder") == / ]] || binds+=(--bind-ro "$folder")
  done
  "$tool" ${binds[@]+"${binds[@]}"} -- bash "$here/${0##*/}" --inside "$build"
  code=$?
  ((code != 77)) || echo "skipped: run-in-systemd cannot work on this machine"
  exit $code
}

# install_service BUILD: as a package would; with a short settle time
install_service() {
  install -Dm755 -t /usr/local/bin "$1/promptir-restored" &&
    install -Dm644 -t /usr/local/share/promptir-restored \
      "$1"/promptir-restored_Restoration.resources/compact.safetensors &&
    install -Dm644 "$root/etc/promptir-restored.toml" /etc/promptir-restored.toml &&
    sed -i 's/^settle-seconds = .*/settle-seconds = 0.2/' /etc/promptir-restored.toml &&
    install -Dm644 "$root/systemd/promptir-restored.sysusers" /usr/lib/sysusers.d/promptir-restored.conf &&
    install -Dm644 "$root/systemd/promptir-restored.tmpfiles" /usr/lib/tmpfiles.d/promptir-restored.conf &&
    install -Dm644 -t /etc/systemd/system "$root"/systemd/*.service "$root"/systemd/*.timer
}

finish() {
  echo "$((checks - failures)) of $checks checks passed"
  exit $((failures > 0))
}
