#!/usr/bin/env bash
# Our figures and their floors in one run, with ratios. Needs nginx as upstream and peer.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v nginx >/dev/null 2>&1 && [ ! -x /usr/sbin/nginx ]; then
    echo "buckler: installing nginx-light (the peer and the upstream of the measurement)"
    elevate=(); [ "$(id -u)" -eq 0 ] || elevate=(sudo)
    "${elevate[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${elevate[@]}" apt-get install -y -qq --no-install-recommends nginx-light >/dev/null
fi
for product in buckler BucklerBench; do
    swift build -c release --scratch-path .build-run --traits Server,LinuxTransport --product "$product"
done
exec .build-run/release/BucklerBench --server .build-run/release/buckler "$@"
