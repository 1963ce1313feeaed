#if Scanner
    /// Files that `buckler-scan init` writes.
    enum Templates {
        static let configuration = """
            # What buckler-scan does in this project. Unknown keys are refused.
            exclude: []            # globs of paths to leave out
            disable: []            # ids of rules to leave out; `buckler-scan rules list` names them
            severity: {}           # rule-id: error | warning | note
            fail_on: error         # error | warning | note | never
            # baseline: .buckler-scan-baseline.json   # made by: buckler-scan . --write-baseline .buckler-scan-baseline.json
            vendored: false        # also scan Pods, Carthage and vendored folders
            tests: true            # also read test code; most rules leave it alone

            """

        static let ci: [String: (file: String, text: String)] = [
            "github": (".github/workflows/buckler-scan.yml", github),
            "gitlab": (".gitlab/buckler-scan.yml", gitlab),
            "pre-commit": (".pre-commit-config.yaml", preCommit),
        ]

        private static let github = """
            name: buckler-scan
            on: [push, pull_request]
            permissions: { contents: read, security-events: write }
            jobs:
              scan:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                    with: { fetch-depth: 0 }
                  - run: buckler-scan . --ci --report sarif=buckler-scan.sarif ${{ github.base_ref && format('--changed-since origin/{0}', github.base_ref) || '' }}
                  - uses: github/codeql-action/upload-sarif@v3
                    if: always()
                    with: { sarif_file: buckler-scan.sarif }

            """

        private static let gitlab = """
            buckler-scan:
              stage: test
              script:
                - buckler-scan . --ci --report gitlab=gl-sast-report.json --report junit=buckler-scan.xml
              artifacts:
                when: always
                reports: { sast: gl-sast-report.json, junit: buckler-scan.xml }

            """

        private static let preCommit = """
            repos:
              - repo: local
                hooks:
                  - id: buckler-scan
                    name: buckler-scan
                    entry: buckler-scan . --changed-since HEAD --quiet
                    language: system
                    pass_filenames: false

            """
    }
#endif
