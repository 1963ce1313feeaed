# The two commands: `make run` and `make test`. They install what they need and say so.

SERVER_TRAITS := --traits Server,LinuxTransport
TEST_TRAITS   := --traits Server,LinuxTransport,AppleStubs

.PHONY: run demo test bench format lint docs prerequisites

prerequisites:
	@scripts/prerequisites.sh

test: prerequisites
	@scripts/test.sh

format:
	swift format --in-place --recursive --configuration .swift-format Sources Tests Examples Benchmarks Package.swift

# Writes the generated pages (Docs/Problems.md, Docs/Defaults.md) anew.
docs:
	BUCKLER_WRITE_DOCS=1 swift test $(TEST_TRAITS) --disable-xctest --filter GeneratedDocument
