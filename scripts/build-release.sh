#!/usr/bin/env bash
# Builds in release mode what `make run` and `make demo` need, and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

build() { swift build -c release --scratch-path .build-run --traits Server,LinuxTransport --product "$1"; }

if [ ! -x .build-run/release/buckler ]; then
    echo "buckler: a first build takes 10 to 20 minutes on two cores; later ones take seconds"
fi
build notes-api
build buckler
