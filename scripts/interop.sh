#!/usr/bin/env bash
# Foreign judges: Python clients, upstreams and a mail receiver against the real server. Skipped, with the reason, where
# their packages cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x .venv/bin/pip ] && ! python3 -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    echo "buckler: interop skipped: python3 cannot make a virtual environment (on Debian: python3-venv)"
    exit 0
fi
if ! .venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Interop/requirements.txt 2>.venv/pip.log; then
    echo "buckler: interop skipped: the Python packages are out of reach ($(tail -1 .venv/pip.log | cut -c1-120))"
    exit 0
fi
echo "buckler: foreign judges"
.venv/bin/python -m pytest Tests/Interop --quiet --color=auto -p no:cacheprovider "$@"
