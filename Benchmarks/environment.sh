# Sourced by the scripts beside it: makes the benchmark's own Python environment and compiles the meters, once.
# Sets: root (the repository), build (an ignored folder), python, swift_build (the release products).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
build=${PROMPTIR_BENCHMARKS_BUILD:-$root/.build-benchmarks}
python=$build/venv/bin/python
mkdir -p "$build"

if ! cmp -s "$here/requirements.txt" "$build/requirements.installed"; then
    echo "Installing the peers (PyTorch, ONNX Runtime, OpenVINO) into $build/venv ..." >&2
    python3 -m venv "$build/venv"
    "$python" -m pip install --quiet --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$build/requirements.installed"
fi

for meter in peak bandwidth; do
    if [ "$here/peak/$meter.c" -nt "$build/$meter" ]; then
        "${CC:-cc}" -O3 -march=native -pthread -o "$build/$meter" "$here/peak/$meter.c"
    fi
done

export PYTHONPATH=$here
swift_build=${PROMPTIR_BUILD:-$root/.build/release}
