#!/bin/bash
# The page that promptir report writes, opened in a real browser: sliders, keys, filter, order, light and dark, a phone,
# a screen reader's view, hostile names, and nothing loaded from anywhere.
#
#   Tests/EndToEnd/report.sh [BUILD-FOLDER]        (default: .build/release)
#
# Needs chromium-headless-shell or chromium; exits 77 where there is none.
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-report.XXXXXX") || exit 1
pid=''
clean() {
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
  rm -rf -- "$work"
}
trap clean EXIT
if ! python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); import browser; sys.exit(not browser.program())' "$here"; then
  echo "skipped: no browser (apt-get install chromium-headless-shell)"
  exit 77
fi

# Pictures as they are, two that are none, and names that try to break out of the page.
mkdir -p "$work/in" "$work/names"
cp "$root"/docs/examples/degraded/* "$work/in/"
pictures "$work/in/many" 12 48x32
head -c 20000 "$work/in/rain.png" >"$work/in/cut short.png"
echo "no picture" >"$work/in/notes.png"
pictures "$work/names" 1 24x16
hostile=(
  '<img src=x onerror=window.hacked=1>.png'
  '"><script>window.hacked=1<!--.png'
  "' onmouseover='window.hacked=1.png"
  '&lt;b&gt; &amp; ${window.hacked=1} `.png'
  $'two\nlines.png' $'not utf-8 \xff\xfe.png' $'reversed \xe2\x80\xae gnp.png'
)
for name in "${hostile[@]}"; do cp "$work/names/picture-000.png" "$work/in/$name"; done
mkdir -p "$work/in/x<" "$work/in/x</script><script>window.hacked=1<"
cp "$work/names/picture-000.png" "$work/in/x</script><script>window.hacked=1</script>.png"

"$build/promptir" restore "$work/in" -o "$work/out" >"$work/restore.log" 2>&1
check "the good pictures are restored and the others are not" equal $? 65
ln -s /etc/passwd "$work/out/link.png"
mkfifo "$work/out/pipe.png"
check "the page is written" "$build/promptir" report "$work/out" --degraded "$work/in" --clean "$root/docs/examples/clean" \
  -o "$work/report.html"
check "a picture is not replaced by a page" equal \
  "$("$build/promptir" report "$work/out" -o "$work/out/rain.png" >/dev/null 2>&1; echo $?)" 64
check "an empty folder is named" equal \
  "$(mkdir "$work/empty"; "$build/promptir" report "$work/empty" -o "$work/empty.html" >/dev/null 2>&1; echo $?)" 66
cp "$work/report.html" "$work/first.html"
"$build/promptir" report "$work/out" --degraded "$work/in" --clean "$root/docs/examples/clean" -o "$work/report.html" >/dev/null
pixels() { grep -o 'data:image/jpeg;base64,[^"]*' "$1" | sha256sum; }
check "a second page has the same pictures" equal "$(pixels "$work/report.html")" "$(pixels "$work/first.html")"
python3 "$here/report_page.py" "$work/report.html" "$work"
check "the page in a browser" equal $? 0

# The service keeps such a page, and nobody takes it for a picture.
service=("$build/promptir-restored" --inbox "$work/inbox" --outbox "$work/outbox" --settle-seconds 0.1
  --rescan-seconds 1 --report --log-format text)
mkdir "$work/inbox" "$work/outbox"
page=$work/outbox/report.html
on_page() { grep -q "<h3><bdi>$1</bdi></h3>" "$page"; }
cp "$root/docs/examples/degraded/rain.png" "$work/in/notes.png" "$work/inbox/"
"${service[@]}" --once >"$work/once.log" 2>&1
check "--once gives up one picture" equal $? 65
check "its page has the restored picture" on_page rain.png
check "with its original" grep -q 'type="range"' "$page"
check "with what it took" grep -q ' · took ' "$page"
check "and the failed one with its reason" grep -q 'The file is not a picture that can be read.' "$page"
check "the bundle holds the picture alone" equal "$(unzip -Z1 "$work/outbox/pred.npz" 2>/dev/null ||
  python3 -m zipfile -l "$work/outbox/pred.npz" | awk 'NR > 1 { print $1 }')" rain.png.npy
check "restore leaves the page alone" contains "$("$build/promptir" restore "$work/outbox" -o "$work/again" 2>&1)" "1 restored"

"${service[@]}" 2>"$work/service.log" &
pid=$!
wait_for 30 grep -q "ready" "$work/service.log"
cp "$root/docs/examples/degraded/snow.png" "$work/inbox/.part" && mv "$work/inbox/.part" "$work/inbox/later.png"
check "the daemon's page has a later picture" wait_for 60 on_page later.png
check "and still says what the first one took" equal "$(grep -c ' · took ' "$page")" 2
mkdir "$work/inbox/report.html"
cp "$root/docs/examples/degraded/snow.png" "$work/inbox/report.html/inner.png"
check "a folder of the page's name harms nothing" wait_for 30 test -e "$work/inbox.spool/failed/report.html/inner.png.json"
kill -TERM $pid
wait $pid
check "the daemon ends cleanly" equal $? 0
pid=''
check "nothing is left half written" equal "$(find "$work/outbox" -name '.*' -type f | wc -l)" 0
finish
