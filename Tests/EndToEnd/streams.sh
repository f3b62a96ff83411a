#!/bin/bash
# One picture into a file or through pipes, files of other formats, and mistyped subcommands of promptir.
#
#   Tests/EndToEnd/streams.sh [BUILD-FOLDER]        (default: .build/release)
source "$(dirname -- "$0")/common.sh"

build=$(realpath -e -- "${1:-$root/.build/release}") || exit 64
tool=$build/promptir
work=$(mktemp -d "${TMPDIR:-/tmp}/promptir-streams.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
pictures "$work/pictures" 2 40x24
one=$work/pictures/picture-000.png other=$work/pictures/picture-001.png

# refused CODE TEXT COMMAND...: it ends with that code and says that text
refused() {
  local code=$1 text=$2 output; shift 2
  output=$("$@" 2>&1 </dev/null)
  equal $? "$code" && contains "$output" "$text"
}

# --- Into a file
check "a picture goes into a file" "$tool" restore "$one" -o "$work/new/one.jpg"
check "in the format of its name" equal "$(head -c 3 "$work/new/one.jpg" | od -An -tx1 | tr -d ' ')" ffd8ff
check "two do not fit into one file" refused 64 "takes one picture" "$tool" restore "$one" "$other" -o "$work/both.png"
check "nor does a folder" refused 64 "takes one picture" "$tool" restore "$work/pictures" -o "$work/both.png"
check "--format must agree with the name" refused 64 "disagree" "$tool" restore "$one" -o "$work/x.png" --format jpeg
check "the original is not replaced" refused 64 "would replace" "$tool" restore "$one" -o "$one"
cp "$other" "$work/there.png" && touch -d 2001-01-01 "$work/there.png"
check "nor is another picture" refused 64 "--overwrite" "$tool" restore "$one" -o "$work/there.png"
check "unless it is asked for" "$tool" restore "$one" -o "$work/there.png" --overwrite

# --- Through pipes
"$tool" restore "$one" -o "$work/plain.png" >/dev/null
"$tool" restore - -o - <"$one" 2>"$work/errors" | cat >"$work/piped.png"
check "through pipes: it ends with 0" equal "${PIPESTATUS[0]}" 0
check "with the bytes of a file" cmp "$work/piped.png" "$work/plain.png"
check "and nothing on standard error" equal "$(cat "$work/errors")" ""
check "from standard input into a file" eval '"$tool" restore - -o "$work/in.png" <"$one"'
check "which are the same bytes" cmp "$work/in.png" "$work/plain.png"
check "a broken one" refused 65 "promptir: -: decode" "$tool" restore - -o "$work/broken.png"
check "it has no name for a folder" refused 64 "has no name" "$tool" restore - -o "$work/new"
check "too much is refused" contains "$("$tool" restore - -o - --max-file-size 100 <"$one" 2>&1)" "cannot read standard input"
check "not onto a terminal" contains "$(script -qec "'$tool' restore '$one' -o -" /dev/null)" "is a terminal"

# --- Progress within one picture
pictures "$work/large" 1 1200x900
if command -v script >/dev/null; then
  output=$(TERM=xterm script -qec "'$tool' restore '$work/large' -o '$work/progress'" /dev/null </dev/null)
  check "a share of one picture on a terminal" grep -Eq '0/1, [1-9][0-9]* %' <<<"$output"
fi

# --- Other formats
mkdir "$work/foreign"
printf 'RIFF\044\000\000\000WEBPVP8 ' | tee "$work/foreign/a.webp" >"$work/foreign/b.png"
cp "$one" "$work/foreign/"
output=$("$tool" restore "$work/foreign" -o "$work/new" 2>&1)
check "a file of another format is counted, with a command" contains "$output" "1 other file left alone: 1 WebP; convert"
check "one under a wrong name is called what it is" contains "$output" "b.png: decode: neither PNG nor JPEG but WebP"
check "and reported once" equal "$(grep -c "b.png" <<<"$output")" 1
rm "$work/foreign"/*.png
check "nothing else: it says what is there" refused 66 "1 WebP" "$tool" restore "$work/foreign" -o "$work/new"

# --- Subcommands
check "a mistyped one" refused 64 "no subcommand restor; did you mean restore?" "$tool" restor a.png -o out
check "help for one that does not exist" refused 64 "no subcommand nosuch" "$tool" help nosuch
check "help for one that does" contains "$("$tool" help restore)" "USAGE: promptir restore"

# --- Shards
"$tool" bundle "$work/pictures" -o "$work/pred-shard-0-of-2.npz" >/dev/null
check "a missing shard is reported" refused 65 "shard-1-of-2" "$tool" bundle merge "$work/pred-shard-0-of-2.npz" -o "$work/all.npz"
check "but the others are merged" test -s "$work/all.npz"

# --- The README's line for cron, which mails whatever is printed
mkdir "$work/in" "$work/out" && cp "$one" "$work/in/"
line=$(sed -n 's/^\*\/10 \* \* \* \*  //p' "$root/README.md")
check "README has the line" contains "$line" "--once"
line=${line//\/usr\/bin/$build} line=${line//\/srv/$work}
check "cron's line is silent" equal "$(env -i PATH=/usr/bin:/bin HOME="$work" SHELL=/bin/sh sh -c "$line" 2>&1)" ""
check "and restores" test -s "$work/out/picture-000.png"
finish
