# The two commands: `make run` and `make test`. They install what they need and say so.

SERVER_TRAITS := --traits Server,LinuxTransport
TEST_TRAITS   := --traits Server,LinuxTransport,AppleStubs

.PHONY: run demo test bench format lint prerequisites

prerequisites:
	@scripts/prerequisites.sh

test: prerequisites
	@scripts/test.sh

format:
	swift format --in-place --recursive --configuration .swift-format Sources Tests Examples Benchmarks Package.swift
