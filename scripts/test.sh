#!/usr/bin/env bash
# Builds and runs every test. A filter that matches nothing must not pass, so the count is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
traits=(--traits Server,LinuxTransport,AppleStubs,Scanner)

scripts/lint.sh
echo "buckler: building the tests (a first build takes some minutes)"
swift build --build-tests "${traits[@]}"
scripts/consumer-test.sh

# One part of the Swift tests. Thousands of lines pass by, so what failed is said once more at the end.
part() {
    local log
    log="$(mktemp)"
    if ! swift test --skip-build --disable-xctest "${traits[@]}" "$@" 2>&1 | tee "$log"; then
        echo "buckler: failed:"
        grep -A 3 -E "recorded an issue|Fatal error|[Ee]xited with|Test .* failed after" "$log" || tail -n 40 "$log"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# The servers, databases and connections of all tests that run at once need more than the common soft limit of 1,024
# descriptors on a machine with many cores.
ulimit -Sn 65536 2>/dev/null || ulimit -Sn "$(ulimit -Hn)" 2>/dev/null || true

if [ $# -gt 0 ]; then
    part "$@"
else
    # Tests that start whole programs run by themselves: beside a thousand others the programs would wait for the processor, and
    # what they promise to do in time would be judged by how busy the machine is.
    spawning=(EndToEndTests PlatformTests StorageTests DevelopmentCertificateTests ScanCommandTests)
    part "${spawning[@]/#/--skip=}"
    part "${spawning[@]/#/--filter=}"
fi
scripts/interop.sh
