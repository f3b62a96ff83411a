#!/bin/bash
# docs/cluster/slurm-array.sh under a real Slurm of one node: the merged bundle has the bytes of one run, also when a task
# was terminated and queued again; and the tasks of srun share the pictures.
#
#   Tests/EndToEnd/slurm.sh [BUILD-FOLDER]          (default: .build/release)
#
# Needs root and the packages slurmctld, slurmd, slurm-client and munge; exits with 77 where they are missing.
source "$(dirname -- "$0")/common.sh"
source "$here/slurm_cluster.bash"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
for program in munged slurmctld slurmd sbatch; do
  if ((EUID != 0)) || ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
    echo "skip Slurm: needs root and the packages slurmctld, slurmd, slurm-client and munge"
    exit 77
  fi
done
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-slurm.XXXXXX") || exit 1
trap 'stop_cluster; rm -rf -- "$work"' EXIT
export PATH=$build:$PATH:/usr/sbin
cd "$work" || exit 1

# Not within `check`, whose subshell would keep the process numbers.
start_cluster
code=$?
check "a Slurm of one node starts" equal $code 0
((code == 0)) || finish

# What one run over all pictures writes
pictures "$work/all" 100 48x40
mkdir "$work/alone"
cp -r "$work/all" "$work/alone/in"
promptir-restored --inbox "$work/alone/in" --outbox "$work/alone/out" --once --settle-seconds 0.1 >"$work/alone.log"
check "one run restores all" contains "$(cat "$work/alone.log")" "100 restored, 0 failed, 0 left"

# fresh NAME: the same pictures in folders of their own, which the script finds in its environment
fresh() {
  mkdir "$work/$1" "$work/$1/out" && cp -r "$work/all" "$work/$1/in"
  export PROMPTIR_INBOX=$work/$1/in PROMPTIR_OUTBOX=$work/$1/out
}
# logs JOB: what the tasks of an array have said
logs() { cat "$work/promptir-$1"_*.log; }
# restored JOB: the sum of all tasks' counts
restored() { logs "$1" | sed -n 's/^\([0-9]*\) restored, .*/\1/p' | awk '{ sum += $1 } END { print sum }'; }
submit() {
  output=$(bash "$root/docs/cluster/slurm-array.sh" --cpus-per-task=1 --mem=0 "$@")
  [[ $output =~ ^array\ ([0-9]+),\ merging\ in\ job\ ([0-9]+)$ ]] || { echo "$output"; return 1; }
  array=${BASH_REMATCH[1]} merge=${BASH_REMATCH[2]}
}

# --- An array of four tasks, then the merging
fresh array
submit || finish
check "the array ends, and the merging after it" jobs_gone 60
check "four tasks ran" equal "$(ls "$work/promptir-${array}"_*.log | wc -l)" 4
check "together they restored all" equal "$(restored "$array")" 100
check "each has restored some" equal "$(logs "$array" | grep -c "^[1-9][0-9]* restored, 0 failed, 0 left")" 4
check "the merged bundle is that of one run" cmp "$work/alone/out/pred.npz" "$work/array/out/pred.npz"
check "the log of the merging has the total" contains "$(cat "$work/promptir-merge-$merge.log")" \
  "total of 4 shards: 0 running, 0 in the inbox, 0 claimed, 0 waiting for another attempt, 100 archived, 0 failed"
check "nothing is left behind" equal "$(find "$work/array/in" -type f | wc -l)" 0

# --- A task that is terminated is queued again
fresh requeued
# Larger pictures for the second task, so that it is still at work.
pictures "$work/large" 40 320x240
rm "$work/requeued/in"/* && cp -p "$work/large"/* "$work/requeued/in/"
mkdir "$work/long" && cp -r "$work/large" "$work/long/in"
promptir-restored --inbox "$work/long/in" --outbox "$work/long/out" --once --settle-seconds 0.1 >/dev/null
submit
at_work() { [[ $(find "$work/requeued/in.spool/shard-1-of-4/archive" -type f | wc -l) -ge 1 ]]; }
wait_for 60 at_work
check "a task gets SIGTERM" scancel --batch --signal=TERM "${array}_1"
check "it says so and is queued again" wait_for 60 grep -q "task 1 has work left and is queued again" "$work/promptir-${array}_1.log"
check "the array ends nevertheless" jobs_gone 120
check "its log has two runs" equal "$(grep -c " restored, " "$work/promptir-${array}_1.log")" 2
check "the first was interrupted" grep -q "interrupted" "$work/promptir-${array}_1.log"
check "nothing was restored twice" equal "$(restored "$array")" 40
check "the merged bundle is that of one run" cmp "$work/long/out/pred.npz" "$work/requeued/out/pred.npz"

# --- What a killed task has left undone is not merged over
fresh killed
rm "$work/killed/in"/* && cp "$work/large"/* "$work/killed/in/"
submit
at_work() { [[ $(find "$work/killed/in.spool/shard-1-of-4/archive" -type f | wc -l) -ge 1 ]]; }
wait_for 60 at_work
kill -KILL "$(cat "$work/killed/in.spool/shard-1-of-4/lock")"
check "the array ends nevertheless" jobs_gone 120
check "the merging says what is missing" contains "$(cat "$work/promptir-merge-$merge.log")" "shard-1-of-4/bundle-due"
check "and writes nothing" test ! -e "$work/killed/out/pred.npz"
submit
check "the same command finishes the work" jobs_gone 120
check "the merged bundle is that of one run" cmp "$work/long/out/pred.npz" "$work/killed/out/pred.npz"

# --- The tasks of a job step
fresh step
srun --ntasks=4 --label promptir-restored --inbox "$work/step/in" --outbox "$work/step/out" --once --shard auto \
  --settle-seconds 0.1 >"$work/step.log" 2>&1
check "srun --ntasks=4 restores all" equal $? 0
check "in four shares" equal "$(grep -c "[1-9][0-9]* restored, 0 failed, 0 left" "$work/step.log")" 4
promptir bundle merge "$work/step/out"/pred-shard-*-of-4.npz -o "$work/step/out/pred.npz" >/dev/null
check "the merged bundle is that of one run" cmp "$work/alone/out/pred.npz" "$work/step/out/pred.npz"
check "a batch script without srun is not taken for one task of four" eval \
  'output=$(sbatch --wait --ntasks=4 --output="$work/batch.log" --wrap "promptir-restored --inbox $work/step/in --outbox $work/step/out --once --shard auto"); \
   contains "$(cat "$work/batch.log")" "run it in an array or with srun"'
finish
