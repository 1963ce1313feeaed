#!/usr/bin/env bash
# Nothing may differ from .swift-format (`make format` puts it right). Takes seconds, so it runs before the tests are built.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive --parallel --configuration .swift-format \
    Sources Tests Examples Benchmarks Fuzz Package.swift
