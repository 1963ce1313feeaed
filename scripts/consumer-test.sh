#!/usr/bin/env bash
# An adopter of `import Buckler` resolves swift-crypto with swift-asn1 and nothing of the server, and builds.
set -euo pipefail
cd "$(dirname "$0")/../Tests/Fixtures/Consumer"
scratch=../../../.build-consumer

swift package --scratch-path "$scratch" resolve >/dev/null 2>&1 || {
    echo "buckler: the consumer's dependencies cannot be resolved" >&2
    swift package --scratch-path "$scratch" resolve >&2
    exit 1
}
resolved=$(sed -n 's/.*"identity" : "\([^"]*\)".*/\1/p' Package.resolved | sort | tr '\n' ' ')
if [ "$resolved" != "swift-asn1 swift-crypto " ]; then
    echo "buckler: an adopter would resolve: $resolved" >&2
    exit 1
fi
swift build --scratch-path "$scratch" --quiet
answer=$("$(swift build --scratch-path "$scratch" --show-bin-path)/Consumer")
if [ "$answer" != "refused: client.invalid_request" ]; then
    echo "buckler: the consumer said: $answer" >&2
    exit 1
fi
echo "buckler: a plain adopter resolves $resolved"
