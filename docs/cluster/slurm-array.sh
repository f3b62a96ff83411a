#!/bin/bash
# Restores the pictures of a folder in a Slurm job array and merges the bundles. Adapt the two folders, which every node
# must see under the same paths, and run this file on the login node:
#
#   bash slurm-array.sh                      four tasks
#   bash slurm-array.sh --array=0-63         with options of sbatch, here for 64 tasks
#
# It submits itself twice: as the array, in which each task restores its share, and as a job that merges the bundles when
# all tasks are done. It prints both numbers.
#SBATCH --job-name=promptir
#SBATCH --array=0-3
#SBATCH --cpus-per-task=2
# Two photographs of 12 megapixels at the same time
#SBATCH --mem=10G
#SBATCH --time=12:00:00
# The log is in the folder from which you submit. A task that starts again continues its log.
#SBATCH --output=promptir-%A_%a.log
#SBATCH --open-mode=append
# After a preemption or the loss of a node, Slurm queues the task again. Two minutes before the time limit it sends SIGTERM
# to this script alone (B:): the program needs up to 60 s (drain-seconds) for the pictures being processed.
#SBATCH --requeue
#SBATCH --signal=B:TERM@120

inbox=${PROMPTIR_INBOX:-/shared/pictures/in}
outbox=${PROMPTIR_OUTBOX:-/shared/pictures/out}

set -u -o pipefail

# The second job: merge if every task has written its bundle after the last picture that it took.
if [[ ${1-} == merge ]]; then
  promptir-restored --inbox "$inbox" --outbox "$outbox" --status
  if due=$(compgen -G "$inbox.spool/shard-*-of-*/bundle-due"); then
    printf 'not merged, because these tasks have work left: submit the array again\n%s\n' "$due" >&2
    exit 75
  fi
  exec promptir bundle merge "$outbox"/pred-shard-*.npz -o "$outbox/pred.npz"
fi

# On the login node: submit both. The second runs after failed tasks, too (`afterany`), because a task fails with 65 if
# a single picture was given up.
if [[ -z ${SLURM_ARRAY_TASK_ID-} ]]; then
  array=$(sbatch --parsable "$@" "$0") || exit
  merge=$(sbatch --parsable --array=0 --dependency="afterany:${array%%;*}" --job-name=promptir-merge \
    --output=promptir-merge-%A.log --cpus-per-task=1 --time=04:00:00 "$0" merge) || exit
  echo "array ${array%%;*}, merging in job ${merge%%;*}"
  exit
fi

# A task of the array; `auto` finds its share by SLURM_ARRAY_TASK_ID. bash handles a signal only between commands or in
# `wait`, so the program runs in the background and gets the signal from here.
program='' is_stopping=''
trap 'is_stopping=yes; [[ -z $program ]] || kill -TERM "$program"' TERM
promptir-restored --inbox "$inbox" --outbox "$outbox" --once --shard auto &
program=$!
wait "$program"
code=$?
# The signal also ends `wait`; the program is still finishing.
while [[ -n $is_stopping ]]; do
  is_stopping=''
  wait "$program"
  code=$?
done

# 75: pictures are left, because the task was terminated, files were still arriving or a disk was full. The task starts
# again, at most twenty times. 65 (some pictures were given up) and 78 (wrong configuration) would only repeat.
if ((code == 75 && ${SLURM_RESTART_COUNT:-0} < 20)); then
  echo "task $SLURM_ARRAY_TASK_ID has work left and is queued again"
  trap - TERM
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60  # Slurm ends the script meanwhile.
fi
exit "$code"
