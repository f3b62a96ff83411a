#!/bin/bash
# `promptir doctor` on a machine that is ready and on broken ones: what it says, what to do, its exit status.
#
#   Tests/EndToEnd/doctor.sh [BUILD-FOLDER]         (default: .build/release)
#
# Most parts need root, to be another user and to mount, and one needs run-in-systemd ($RUN_IN_SYSTEMD, or
# ../shared/tools/run-in-systemd); they are skipped, with a line that says so, without.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
tool=$build/promptir

# --- In a mount namespace: an outbox on a read-only mount, and a spool on another mount than the inbox
if [[ ${2-} == --mounts ]]; then
  work=$3
  mount --bind "$work/out" "$work/out" && mount -o remount,bind,ro "$work/out" || exit 77
  mount -t tmpfs tmpfs "$work/spool" && chown nobody "$work/spool" || exit 77
  "$tool" doctor --config "$work/service.toml" --user nobody
  exit
fi

# line LEVEL TOPIC: the report has a line that begins so
line() { grep -Eq "^$1 +$2( |\$)" <<<"$report" || { echo "no line '$1 $2' in:"; echo "$report"; return 1; }; }
# advises TEXT: so does an advice
advises() { grep -Eq -- "-> .*$1" <<<"$report" || { echo "no advice '$1' in:"; echo "$report"; return 1; }; }

# --- Under a private systemd: the shipped unit, and a folder that its confinement hides
if [[ ${2-} == --inside ]]; then
  export SYSTEMD_PAGER=
  install -Dm755 -t /usr/local/bin "$build/promptir-restored" "$build/promptir" &&
    install -Dm644 -t /usr/local/share/promptir-restored "$build"/*.resources/compact.safetensors &&
    install -Dm644 -t /etc "$root/etc/promptir-restored.toml" &&
    install -Dm644 "$root/systemd/promptir-restored.sysusers" /usr/lib/sysusers.d/promptir-restored.conf &&
    install -Dm644 "$root/systemd/promptir-restored.tmpfiles" /usr/lib/tmpfiles.d/promptir-restored.conf &&
    install -Dm644 -t /etc/systemd/system "$root"/systemd/*.service "$root"/systemd/*.timer &&
    systemd-sysusers promptir-restored.conf && systemd-tmpfiles --create promptir-restored.conf &&
    systemctl daemon-reload && systemctl enable --now promptir-restored || exit 1
  report=$(promptir doctor 2>&1)
  check "the installed service: 0" equal $? 0
  check "its unit is active and enabled" contains "$report" "promptir-restored.service is active and enabled"
  check "its folders are tried as its user" contains "$report" "outbox, writable by promptir-restored"
  check "its confinement is compared" line ok confinement
  systemctl stop promptir-restored
  report=$(promptir doctor 2>&1)
  check "a stopped service is a warning" equal $? 0
  check "with what to do" advises "systemctl enable --now"
  install -d -o promptir-restored /home/pictures/out
  sed -i 's|^outbox = .*|outbox = "/home/pictures/out"|' /etc/promptir-restored.toml
  report=$(promptir doctor 2>&1)
  check "an outbox that the unit hides: 78" equal $? 78
  check "it is named" line failed confinement
  check "with the drop-in" advises "ProtectHome=no and ReadWritePaths=/home/pictures"
  finish
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-doctor.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
chmod 755 "$work" && mkdir "$work/in" "$work/out" "$work/spool"
printf 'inbox = "%s"\noutbox = "%s"\nspool = "%s"\n' "$work/in" "$work/out" "$work/spool" >"$work/service.toml"
user=$(id -un)
((EUID != 0)) || { user=nobody; chown nobody "$work/in" "$work/out" "$work/spool"; }

# doctor [ARGUMENTS]: sets report and code
doctor() {
  report=$("$tool" doctor --config "$work/service.toml" --user "$user" "$@" 2>&1)
  code=$?
}
# --- Ready
doctor
check "a machine that is ready: 0" equal $code 0
for topic in configuration processor memory weights self-test inbox outbox spool claiming events disk; do
  check "$topic is looked at" line "(ok|warning)" "$topic"
done
check "nothing failed" eval '! grep -q ^failed <<<"$report"'
check "the last line sums up" contains "$(tail -n 1 <<<"$report")" "this machine is ready"
check "the digest is that of sha256sum" contains "$report" \
  "sha256:$(sha256sum "$build"/promptir-restored_Restoration.resources/compact.safetensors | cut -d' ' -f1)"
check "the self-test has a time" grep -Eq "256×256 in [0-9]+\.[0-9]+ s with" <<<"$report"
check "nothing is left in the folders" equal "$(find "$work/in" "$work/out" "$work/spool" -type f | wc -l)" 0
check "no line is coloured" eval '! grep -q $'"'\\033'"' <<<"$report"'
doctor --json
check "--json is JSON with the same verdict" eval \
  'python3 -c "import json, sys; r = json.load(sys.stdin); sys.exit(not (r[\"ready\"] and len(r[\"findings\"]) > 9))" <<<"$report"'

# --- A precision without its instructions
echo 'precision = "bfloat16"' >>"$work/service.toml"
report=$(PROMPTIR_REGISTER_BITS=256 "$tool" doctor --config "$work/service.toml" --user "$user")
check "a precision without its instructions: 78" equal $? 78
check "they are named" contains "$report" "lacks AVX512_BF16"
check "the rest is looked at" line ok self-test
check "with what to do" advises 'precision = "float32"'
sed -i '/^precision/d' "$work/service.toml"

# --- Weights that are missing, and some that are none
echo "model = \"$work/absent.safetensors\"" >>"$work/service.toml"
doctor
check "missing weights: 78" equal $code 78
check "they are named" line failed weights
check "with what to do" advises "set model"
head -c 1000 /dev/urandom >"$work/absent.safetensors"
doctor
check "a file that holds none: 78" equal $code 78
check "it is named" line failed weights
sed -i '/^model/d' "$work/service.toml"

# --- Folders that are missing, and a configuration that is wrong
mv "$work/in" "$work/away"
doctor
check "no inbox: 78" equal $code 78
check "it is named" line failed inbox
mv "$work/away" "$work/in"
echo 'wrokers = 1' >>"$work/service.toml"
doctor
check "a wrong configuration: 78" equal $code 78
check "the key is named" contains "$report" "did you mean 'workers'?"
check "the machine is looked at nevertheless" line "(ok|warning)" self-test
sed -i '/^wrokers/d' "$work/service.toml"

if ((EUID != 0)); then
  echo "skip users and mounts: needs root"
  finish
fi

# --- As the service's user
chown root "$work/in" && chmod 755 "$work/in"
doctor
check "an inbox that the user cannot write into: 78" equal $code 78
check "it is named" line failed inbox
check "with what to do" advises "setfacl -m u:nobody:rwx $work/in"
chmod 700 "$work/in"
doctor
check "one that he cannot open" contains "$report" "nobody cannot open $work/in"
chown nobody "$work/in"
mkdir "$work/bin" && cp -r "$tool" "$build"/*.resources "$work/bin/" && chmod -R a+rX "$work/bin"
report=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$work/bin/promptir" doctor --config "$work/service.toml" --user daemon 2>&1)
check "who cannot be the service's user gets a warning" equal $? 0
check "that the folders are not checked" line warning user
check "and no judgement of them" eval '! grep -Eq "^[a-z]+ +inbox" <<<"$report"'
doctor --user no-such-user
check "no such user: 78" equal $code 78
check "it is named" line failed user

# --- Mounts
if unshare -m true 2>/dev/null; then
  report=$(unshare -m bash "$0" "$build" --mounts "$work")
  check "an outbox on a read-only mount: 78" equal $? 78
  check "it is named" line failed outbox
  check "with what to do" advises "remount,rw"
  check "a spool on another mount is named" line failed claiming
  check "with what to do" advises "set spool to a folder on the inbox's mount"
else
  echo "skip mounts: needs namespaces"
fi

# --- The unit
systemd_tool=${RUN_IN_SYSTEMD:-$root/../shared/tools/run-in-systemd}
if [[ -x $systemd_tool ]]; then
  binds=()
  for folder in "$root" "$build"; do
    [[ $(stat -c %m -- "$folder") == / ]] || binds+=(--bind-ro "$folder")
  done
  "$systemd_tool" ${binds[@]+"${binds[@]}"} -- bash "$root/Tests/EndToEnd/doctor.sh" "$build" --inside
  code=$?
  if ((code == 77)); then
    echo "skip the unit: run-in-systemd cannot work on this machine"
  else
    check "the part under systemd" equal $code 0
  fi
else
  echo "skip the unit: no run-in-systemd at $systemd_tool (set RUN_IN_SYSTEMD)"
fi
finish
