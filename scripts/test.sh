#!/usr/bin/env bash
# Builds and runs every test. A filter that matches nothing must not pass, so the count is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
traits=(--traits Server,LinuxTransport,AppleStubs,Scanner)

scripts/lint.sh
echo "buckler: building the tests (a first build takes some minutes)"
swift build --build-tests "${traits[@]}"
scripts/consumer-test.sh
if [ $# -gt 0 ]; then
    swift test --skip-build --disable-xctest "${traits[@]}" "$@"
else
    # Tests that start other programs run by themselves: Foundation's Process fails on Linux in a process that has a thousand
    # descriptors open, as hundreds of servers side by side have.
    spawning=(EndToEndTests PlatformTests StorageTests DevelopmentCertificateTests ScanCommandTests)
    swift test --skip-build --disable-xctest "${traits[@]}" "${spawning[@]/#/--skip=}"
    swift test --skip-build --disable-xctest "${traits[@]}" "${spawning[@]/#/--filter=}"
fi
scripts/interop.sh
