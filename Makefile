# The two commands: `make run` and `make test`. They install what they need and say so.

SERVER_TRAITS := --traits Server,LinuxTransport
TEST_TRAITS   := --traits Server,LinuxTransport,AppleStubs,Scanner

.PHONY: run demo test bench bench-scan fuzz format lint docs prerequisites

prerequisites:
	@scripts/prerequisites.sh

# The example API and Buckler before it, until Ctrl-C. Ports: BUCKLER_RUN_PORT and its neighbours in scripts/run.sh.
run: prerequisites
	@scripts/run.sh

# The whole story, played by two devices; `make run` goes on in another terminal.
demo:
	@test -x .build-run/release/buckler || { echo "buckler: start \`make run\` in another terminal first" >&2; exit 69; }
	@.build-run/release/buckler demo

test: prerequisites
	@scripts/test.sh

bench: prerequisites
	@scripts/bench.sh

# The analyser beside its rivals, over public repositories in BUCKLER_CORPORA (../corpora).
bench-scan:
	@scripts/bench-scan.sh $(BENCH)

# The analyser's parsers with made-up files: SECONDS of CPU each (600), SEED (1), SUBJECTS (all).
fuzz:
	swift build -c release --scratch-path .build-run --traits Scanner --product BucklerFuzz
	.build-run/release/BucklerFuzz $(SUBJECTS) --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

format:
	swift format --in-place --recursive --configuration .swift-format Sources Tests Examples Benchmarks Fuzz Package.swift

lint:
	@scripts/lint.sh

# Writes the generated pages (Docs/Problems.md, Docs/Defaults.md, Docs/Rules.md) anew.
docs:
	BUCKLER_WRITE_DOCS=1 swift test $(TEST_TRAITS) --disable-xctest --filter 'GeneratedDocument|RuleCatalogue'
