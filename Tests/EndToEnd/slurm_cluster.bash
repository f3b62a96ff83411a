# Sourced by slurm.sh: a Slurm of one node, with its own configuration, key, ports and folders below $work/slurm.
# It runs with no control group, no accounting and no task plugin, and sees four processors whatever the machine has.

slurm_pids=()

# start_cluster: starts munged, slurmctld and slurmd; returns 1 if the node does not get ready.
start_cluster() {
  local base=$work/slurm port=$((20000 + RANDOM % 20000)) host=node
  mkdir -p "$base"/{state,spool} && chmod 755 "$work" "$base" || return 1
  head -c 1024 /dev/urandom >"$base/munge.key" && chmod 600 "$base/munge.key"
  export SLURM_CONF=$base/slurm.conf
  cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
CredType=cred/munge
# A task that is queued again may start after so many seconds; otherwise it would be 121.
AuthInfo=socket=$base/munge.socket,cred_expire=5
StateSaveLocation=$base/state
SlurmdSpoolDir=$base/spool
SlurmctldPidFile=$base/slurmctld.pid
SlurmdPidFile=$base/slurmd.pid
SlurmctldLogFile=$base/slurmctld.log
SlurmdLogFile=$base/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
ReturnToService=2
KillWait=5
NodeName=$host NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=4 RealMemory=32000
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  printf '%s\n' CgroupPlugin=cgroup/v1 "CgroupMountpoint=$base/cgroup" >"$base/cgroup.conf"
  munged --foreground --force --key-file="$base/munge.key" --socket="$base/munge.socket" \
    --pid-file="$base/munged.pid" --log-file="$base/munged.log" --seed-file="$base/munged.seed" \
    >"$base/munged.out" 2>&1 &
  slurm_pids+=($!)
  wait_for 20 test -S "$base/munge.socket" || return 1
  slurmctld -D -i >"$base/slurmctld.out" 2>&1 &
  slurm_pids+=($!)
  slurmd -D -N "$host" >"$base/slurmd.out" 2>&1 &
  slurm_pids+=($!)
  wait_for 20 eval '[[ $(sinfo --noheader --format=%t) == idle ]]' && return
  tail -n 20 "$base"/*.out "$base"/*.log
  return 1
}

# stop_cluster: ends what start_cluster has started.
stop_cluster() {
  local pid
  ((${#slurm_pids[@]})) || return 0
  scancel --user="$(id -un)" 2>/dev/null
  wait_for 20 eval '[[ -z $(squeue --noheader) ]]' >/dev/null
  for ((index = ${#slurm_pids[@]} - 1; index >= 0; index--)); do
    kill -TERM "${slurm_pids[index]}" 2>/dev/null
    wait "${slurm_pids[index]}" 2>/dev/null
  done
  slurm_pids=()
}

# jobs_gone SECONDS: waits until the queue is empty.
jobs_gone() { wait_for "$1" eval '[[ -z $(squeue --noheader) ]]'; }
