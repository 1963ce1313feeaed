#!/usr/bin/env bash
# Builds and runs every test. A filter that matches nothing must not pass, so the count is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
traits=(--traits Server,LinuxTransport,AppleStubs)

echo "buckler: building the tests (a first build takes some minutes)"
swift build --build-tests "${traits[@]}"
scripts/consumer-test.sh
swift test --skip-build --disable-xctest "${traits[@]}" "$@"
scripts/interop.sh
