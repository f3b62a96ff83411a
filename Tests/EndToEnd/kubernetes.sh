#!/bin/bash
# docs/cluster/kubernetes-indexed-job.yaml: valid by Kubernetes' own schema; and what its pods do, run with their commands,
# user, environment and read-only root, but without Kubernetes: the merged bundle has the bytes of one run.
#
#   Tests/EndToEnd/kubernetes.sh [BUILD-FOLDER]     (default: .build/release)
#
# Needs root and Python's PyYAML; exits with 77 without. The schema comes from the package kubernetes-validate.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
manifest=$root/docs/cluster/kubernetes-indexed-job.yaml
read_manifest() { python3 "$here/kubernetes_manifest.py" "$manifest" "$@"; }

# --- In a mount namespace: one pod with JOB_COMPLETION_INDEX=$4, its root read-only, the volume writable
if [[ ${2-} == --pod ]]; then
  work=$3 index=$4
  eval "$(read_manifest settings)"
  mount -t tmpfs tmpfs "$work/namespace" && mkdir "$work/namespace"/{upper,work,root} || exit 125
  pod=$work/namespace/root
  mount -t overlay overlay "$pod" -o "lowerdir=/,upperdir=$work/namespace/upper,workdir=$work/namespace/work" || exit 125
  mkdir -p "$pod$mount_path" && mount --bind "$work/volume" "$pod$mount_path" || exit 125
  mount --rbind /proc "$pod/proc" && mount --rbind /dev "$pod/dev" || exit 125
  # Where the programs lie, as in an image.
  mkdir -p "$pod/image" && cp -r "$work/bin/." "$pod/image/" && mount -o remount,bind,ro "$pod" || exit 125
  command=("${restore_command[@]}" --settle-seconds 0.1)
  case $index in
    merge) command=("${merge_command[@]}") ;;
    touch) command=(touch /file) ;;
  esac
  exec chroot "$pod" setpriv --reuid="${user[0]}" --regid="${user[0]}" --groups="${group[0]}" --no-new-privs \
    --bounding-set=-all env -i JOB_COMPLETION_INDEX="$index" PATH=/image:/usr/bin:/bin "${command[@]}"
fi

values=$(read_manifest settings)
code=$?
if ((EUID != 0 || code == 77)) || ! unshare -m true 2>/dev/null; then
  echo "skipped: needs root and Python's PyYAML"
  exit 77
fi
check "the manifest has what the test needs" equal $code 0
((code == 0)) || finish
eval "$values"
problems=$(read_manifest validate 2>&1)
code=$?
if ((code == 77)); then
  echo "skip the schema: needs Python's kubernetes-validate"
else
  check "every object is valid by the schema" eval 'echo "$problems"; equal $code 0'
fi
check "75 is tried again" equal "$(read_manifest action 75)" Count
check "65 is not" equal "$(read_manifest action 65)" FailIndex

work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-kubernetes.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
mkdir "$work/bin" "$work/namespace" "$work/volume"
cp -r "$build/promptir-restored" "$build/promptir" "$build"/*.resources "$work/bin/" && chmod -R a+rX "$work"
pictures "$work/all" 100 48x40
mkdir "$work/alone" && cp -r "$work/all" "$work/alone/in"
"$build/promptir-restored" --inbox "$work/alone/in" --outbox "$work/alone/out" --once --settle-seconds 0.1 >/dev/null

# fill: the volume as a claim gives it, with the pictures in in/
fill() {
  rm -rf -- "$work/volume" && mkdir "$work/volume" && cp -r "$work/all" "$work/volume/in"
  # What fsGroup does
  chown -R ":${group[0]}" "$work/volume" && chmod -R g+rwX "$work/volume" && chmod g+s "$work/volume"
}
pod() { unshare -m bash "$0" "$build" --pod "$work" "$1"; }
# job INDEX: the pod, and again as long as the policy says so
job() {
  local code
  while true; do
    pod "$1" >>"$work/log-$1" 2>&1
    code=$?
    echo "exit $code" >>"$work/log-$1"
    ((code != 0)) && [[ $(read_manifest action $code) == Count ]] || return $code
    (($(grep -c "^exit" "$work/log-$1") < 20)) || return $code
  done
}
run_all() {
  local pids=() index code=0
  rm -f "$work"/log-*
  for ((index = 0; index < completions; index++)); do
    job $index &
    pids+=($!)
  done
  for index in "${pids[@]}"; do wait "$index" || code=$?; done
  return $code
}

fill
check "all indexes complete" run_all
check "each has restored some" equal "$(grep -l "^[1-9][0-9]* restored, 0 failed, 0 left" "$work"/log-* | wc -l)" "${completions[0]}"
check "the merging completes" pod merge
check "the merged bundle is that of one run" cmp "$work/alone/out/pred.npz" "$work/volume/out/pred.npz"
check "the files belong to the pods' user" equal "$(stat -c %u "$work/volume/out/pred.npz")" "${user[0]}"
check "the root was read-only" contains "$(pod touch 2>&1)" "Read-only file system"

# --- A pod that is terminated
fill
run_all &
all=$!
at_work() { [[ $(find "$work/volume/in.spool/shard-2-of-${completions[0]}/archive" -type f | wc -l) -ge 1 ]]; }
wait_for 30 at_work
kill -TERM "$(cat "$work/volume/in.spool/shard-2-of-${completions[0]}/lock")"
wait $all
check "a terminated pod runs again, and all complete" equal $? 0
check "it had ended with 75" grep -q "^exit 75" "$work/log-2"
check "the merging completes" pod merge
check "the merged bundle is that of one run" cmp "$work/alone/out/pred.npz" "$work/volume/out/pred.npz"

# --- A broken picture fails its index once
fill
echo 'no picture' >"$work/volume/in/broken.png"
check "a broken picture fails its index" eval '! run_all'
check "with 65, and it is not tried again" equal "$(cat "$work"/log-* | grep -c "^exit 65")" 1
check "the others complete" equal "$(cat "$work"/log-* | grep -c "^exit 0")" $((completions - 1))
finish
