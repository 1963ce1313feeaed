#!/usr/bin/env bash
# Installs the system libraries that the build links against; says which and why, asks for sudo only when needed.
set -euo pipefail

need_package() { # package, reason
    if dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q "install ok installed"; then return; fi
    echo "buckler: missing $1 ($2)"
    missing+=("$1")
}

install_debian() {
    missing=()
    need_package libargon2-dev "Argon2id password hashing"
    need_package libcurl4-openssl-dev "mail over SMTP"
    need_package libqrencode-dev "QR codes for authenticator apps"
    need_package libsqlite3-dev "the embedded database"
    need_package curl "readiness checks and the examples of the README"
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    local elevate=()
    if [ "$(id -u)" -ne 0 ]; then elevate=(sudo); echo "buckler: installing needs sudo"; fi
    "${elevate[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${elevate[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    echo "buckler: installed ${missing[*]}"
}

install_homebrew() { # written for macOS, never run there by us
    local formula
    for formula in argon2 qrencode curl; do
        brew list --formula "$formula" >/dev/null 2>&1 || { echo "buckler: installing $formula"; brew install "$formula"; }
    done
}

command -v swift >/dev/null 2>&1 || {
    echo "buckler: Swift 6.2 or newer is needed; see https://www.swift.org/install" >&2
    exit 69
}
if command -v dpkg-query >/dev/null 2>&1; then install_debian
elif command -v brew >/dev/null 2>&1; then install_homebrew
else echo "buckler: install libargon2, libcurl, libqrencode and sqlite3 with their headers by hand" >&2; fi
