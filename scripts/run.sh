#!/usr/bin/env bash
# Builds the server and the example upstream, starts both, and stops both on Ctrl-C.
# Ports: BUCKLER_RUN_PORT (8443), BUCKLER_RUN_OPERATIONS_PORT (8444), BUCKLER_RUN_UPSTREAM_PORT (3000).
set -euo pipefail
cd "$(dirname "$0")/.."

port=${BUCKLER_RUN_PORT:-8443}
operations_port=${BUCKLER_RUN_OPERATIONS_PORT:-8444}
upstream_port=${BUCKLER_RUN_UPSTREAM_PORT:-3000}
unset BUCKLER_RUN_PORT BUCKLER_RUN_OPERATIONS_PORT BUCKLER_RUN_UPSTREAM_PORT

scripts/build-release.sh

bin=.build-run/release
children=()
stop() {
    trap - INT TERM EXIT
    echo
    echo "buckler: stopping"
    for child in "${children[@]}"; do kill -TERM "$child" 2>/dev/null || true; done
    wait
}
trap stop EXIT
trap 'exit 0' INT TERM

"$bin/notes-api" --port "$upstream_port" &
children+=($!)
"$bin/buckler" serve --listen "127.0.0.1:$port" --operations "127.0.0.1:$operations_port" \
    --upstream "http://127.0.0.1:$upstream_port" "$@" &
children+=($!)
# Whichever ends first ends both; its exit code is ours.
set +e
wait -n
code=$?
exit "$code"
