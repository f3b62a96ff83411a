#!/bin/bash
# Poison is bounded (G8): hundreds of damaged pictures and bombs through the real program, and a picture that ends the
# process each time it is tried. Each is given up with its reason after its attempts, the neighbours are restored, memory
# stays small.
#
#   Tests/EndToEnd/poison.sh [BUILD-FOLDER] [COUNT]  (default: .build/release, 500)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
count=${2:-500}
service=$build/promptir-restored
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-poison.XXXXXX") || exit 1
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null; rm -rf -- "$work"' EXIT

mkdir "$work/out"
python3 "$here/poison.py" "$root/Tests/ImagesTests/Fixtures" "$work/in" "$count"
pictures "$work/good" 20 40x30
cp "$work/good"/* "$work/in/"
cp -r "$work/in" "$work/originals"
begin=$SECONDS
python3 - "$service" "$work" >"$work/run" <<'PY'
import resource, subprocess, sys
service, work = sys.argv[1:]
run = subprocess.run([service, "--inbox", f"{work}/in", "--outbox", f"{work}/out", "--once", "--settle-seconds", "0.1",
                      "--no-bundle", "--log-level", "critical"], capture_output=True, text=True, timeout=600)
print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, run.stdout.strip(), run.stderr.strip())
PY
read -r code peak summary <"$work/run"
echo "     $summary; $((SECONDS - begin)) s, peak memory $((peak / 1024)) MB"
check "poison: the run ends with 65" equal "$code" 65
check "poison: in less than 400 MB" test "$peak" -lt $((400 * 1024))
restored=$(find "$work/out" -type f ! -name '.*' | wc -l)
given_up=$(find "$work/in.spool/failed" -type f -name '*.json' | wc -l)
check "poison: every picture is restored or given up" equal $((restored + given_up)) $((count + 20))
check "poison: the inbox is empty" equal "$(find "$work/in" -type f | wc -l)" 0
check "poison: the neighbours are restored" equal "$(find "$work/out" -name 'picture-*.png' | wc -l)" 20
check "poison: a wrong extension alone is no fault" equal "$(find "$work/out" -name 'wrong-extension.*' | wc -l)" 2
check "poison: the bombs are not among the restored" equal "$(find "$work/out" -name 'bomb-*' | wc -l)" 0
rm "$work/out/wrong-extension.png" # a JPEG
check "poison: what is visible is whole" python3 "$here/decode.py" "$work/out"
check "poison: the reasons are for machines" python3 - "$work" <<'PY'
import collections, json, pathlib, sys
work = pathlib.Path(sys.argv[1])
codes = collections.Counter()
for path in (work / "in.spool/failed").rglob("*.json"):
    reason = json.loads(path.read_text())
    original = path.with_name(path.name.removesuffix(".json"))
    codes[reason["code"]] += 1
    assert reason["schema"] == "promptir-failure/1" and reason["message"] and reason["attempts"] >= 0, reason
    assert original.read_bytes() == (work / "originals" / reason["file"]).read_bytes(), original
    if original.name.startswith("bomb"):
        assert "exceeds the limit" in reason["message"], reason
    if original.name.startswith("cut") and "bad-" not in original.name:
        assert reason["code"] == "truncated", reason
assert set(codes) <= {"decode", "truncated", "too-large"}, codes
assert codes["too-large"] >= 4, codes
print(codes)
PY

# --- A picture that ends the process: killed whenever it is at work
mkdir -p "$work/crash/in" "$work/crash/out"
cp "$work/good"/* "$work/crash/in/"
pictures "$work/killer" 1 900x700
cp "$work/killer/picture-000.png" "$work/crash/in/killer.png"
attempts=0 alone=0
for round in 1 2 3 4 5 6; do
  "$service" --inbox "$work/crash/in" --outbox "$work/crash/out" --settle-seconds 0.1 --no-bundle --log-level critical &
  pid=$!
  # Its own claim, not the one that the last process left: that is taken up before the first status.
  wait_for 20 grep -q "\"pid\": *$pid" "$work/crash/in.spool/status.json"
  until compgen -G "$work/crash/in.spool/claimed/*/killer.png" >/dev/null || [[ -e $work/crash/in.spool/failed/killer.png ]]; do
    kill -0 $pid || break
    sleep 0.01
  done
  [[ ! -e $work/crash/in.spool/failed/killer.png ]] || break
  attempts=$((attempts + 1))
  kill -KILL $pid
  wait $pid 2>/dev/null
  # Alone in work, it is the culprit; a crash with others in work counts against none.
  (($(find "$work/crash/in.spool/claimed" -type f | wc -l) == 1)) && alone=$((alone + 1))
done
check "crash: given up after three attempts of its own ($attempts crashes)" equal "$alone" 3
check "crash: after one more crash at most" test "$attempts" -le 4
check "crash: three attempts are in the reason" grep -q '"attempts": *3' "$work/crash/in.spool/failed/killer.png.json"
check "crash: as crashed" grep -q '"code": *"crashed"' "$work/crash/in.spool/failed/killer.png.json"
check "crash: the neighbours are restored" wait_for 60 eval "((\$(count_pictures $work/crash/out) == 20))"
kill -TERM $pid
wait $pid
check "crash: a clean end" equal $? 0
pid=
finish
