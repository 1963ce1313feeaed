#!/usr/bin/env bash
# The analyser's figures beside its rivals': time, memory, files lost, noise, shared findings, recall.
#
# BUCKLER_CORPORA: the folder that holds (or will hold) the public repositories; ../corpora by default.
# BUCKLER_SCAN:    a scanner that is built already; else the release build is made.
# Arguments go to the measuring program: --rounds N, --json FILE, --quick, --no-noise.
set -euo pipefail
cd "$(dirname "$0")/.."
corpora=${BUCKLER_CORPORA:-../corpora}
mkdir -p "$corpora"

fetch() { # folder commit address
    git init --quiet "$corpora/$1.part"
    git -C "$corpora/$1.part" fetch --quiet --depth 1 "$3" "$2" 2>/dev/null &&
        git -C "$corpora/$1.part" checkout --quiet FETCH_HEAD && mv "$corpora/$1.part" "$corpora/$1"
}
while IFS=$'\t' read -r folder kind commit address; do
    case "$folder" in '' | '#'*) continue ;; esac
    if [ -d "$corpora/$folder" ]; then continue; fi
    echo "buckler: fetching $address at ${commit:0:8}"
    if ! GIT_TERMINAL_PROMPT=0 fetch "$folder" "$commit" "$address"; then
        rm -rf "$corpora/$folder.part"
        echo "buckler: missing: $folder cannot be had ($address); the rest is measured without it"
    fi
done < Benchmarks/scan/corpora.tsv

scanner=${BUCKLER_SCAN:-}
if [ -z "$scanner" ]; then
    swift build -c release --traits Scanner --product buckler-scan --scratch-path .build-run
    scanner=.build-run/release/buckler-scan
fi

rivals=()
if [ ! -x .venv-scan/bin/pip ] && ! python3 -m venv .venv-scan >/dev/null 2>&1; then
    rm -rf .venv-scan
    echo "buckler: no rivals: python3 cannot make a virtual environment (on Debian: python3-venv)"
elif ! .venv-scan/bin/pip install --quiet --disable-pip-version-check --requirement Benchmarks/scan/requirements.txt 2>.venv-scan/pip.log; then
    echo "buckler: no rivals: the Python packages are out of reach ($(tail -1 .venv-scan/pip.log | cut -c1-120))"
else
    rivals=(--rivals .venv-scan/bin)
fi
exec python3 Benchmarks/scan/bench.py --scanner "$scanner" --corpora "$corpora" "${rivals[@]}" "$@"
