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

        /// The templates by the names that `--ci` takes.
        static let names = ["github", "gitlab", "pre-commit"]
        private static let sourceMeaning = "the https address of the repository that buckler-scan is built from"
        private static let revisionMeaning = "a tag or a commit of it"

        /// The variables that CI must know because the template does not.
        static func missing(_ tool: ToolSource) -> String {
            let variables = [
                tool.address == nil ? "BUCKLER_SOURCE, \(sourceMeaning)" : nil,
                tool.revision == nil ? "BUCKLER_REVISION, \(revisionMeaning)" : nil,
            ]
            return variables.compactMap { $0 }.joined(separator: "; ")
        }

        /// The file of a template and its text; nil when there is no such template.
        static func ci(_ name: String, _ tool: ToolSource) -> (file: String, text: String)? {
            switch name {
            case "github": (file: ".github/workflows/buckler-scan.yml", text: github(tool))
            case "gitlab": (file: ".gitlab/buckler-scan.yml", text: gitlab(tool))
            case "pre-commit": (file: ".pre-commit-config.yaml", text: preCommit)
            default: nil
            }
        }

        /// The official image of the compiler, with git and bash.
        private static let image = "swift:6.2-bookworm"

        private static func github(_ tool: ToolSource) -> String {
            """
            # There is no published binary: buckler-scan is built from source once for each revision and cached.
            name: buckler-scan
            on: [push, pull_request]
            permissions: { contents: read, security-events: write }
            env:
              BUCKLER_SOURCE: \(tool.address ?? "${{ vars.BUCKLER_SOURCE }}")   # \(sourceMeaning)
              BUCKLER_REVISION: \(tool.revision ?? "${{ vars.BUCKLER_REVISION }}")   # \(revisionMeaning)
            jobs:
              scan:
                runs-on: ubuntu-latest
                container: \(image)
                steps:
                  - uses: actions/checkout@v4
                    with: { fetch-depth: 0 }
                  - id: tool
                    uses: actions/cache@v4
                    with:
                      path: /opt/buckler-scan
                      key: buckler-scan-${{ runner.arch }}-\(image.replacing(":", with: "-"))-${{ env.BUCKLER_REVISION }}
                  - name: Build buckler-scan
                    if: steps.tool.outputs.cache-hit != 'true'
                    run: |
            \(lines(build(into: "/opt/buckler-scan"), indent: 10))
                  - name: Scan
                    env: { BASE: "${{ github.base_ref }}" }
                    run: |
                      git config --global --add safe.directory "$GITHUB_WORKSPACE"
                      /opt/buckler-scan/buckler-scan . --ci --report sarif=buckler-scan.sarif ${BASE:+--changed-since "origin/$BASE"}
                  - uses: github/codeql-action/upload-sarif@v3
                    if: always() && hashFiles('buckler-scan.sarif') != ''
                    with: { sarif_file: buckler-scan.sarif }

            """
        }

        private static func gitlab(_ tool: ToolSource) -> String {
            """
            # There is no published binary: buckler-scan is built from source once for each revision and cached.
            buckler-scan:
              stage: test
              image: \(image)
              rules:
                - if: $CI_PIPELINE_SOURCE == "merge_request_event"
                - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
              variables:
                GIT_DEPTH: "0"
            \(variable("BUCKLER_SOURCE", tool.address, sourceMeaning))
            \(variable("BUCKLER_REVISION", tool.revision, revisionMeaning))
              cache:
                key: buckler-scan-\(image.replacing(":", with: "-"))-$BUCKLER_REVISION
                paths: [.buckler-scan-tool/]
              script:
                - |
                  if [ ! -x .buckler-scan-tool/buckler-scan ]; then
            \(lines(build(into: "$CI_PROJECT_DIR/.buckler-scan-tool"), indent: 8))
                  fi
                - |
                  git config --global --add safe.directory "$CI_PROJECT_DIR"
                  base="$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
                  if [ -n "$base" ]; then git fetch -q origin "+refs/heads/$base:refs/remotes/origin/$base"; fi
                  .buckler-scan-tool/buckler-scan . --ci --report gitlab=gl-sast-report.json --report junit=buckler-scan.xml ${base:+--changed-since "origin/$base"}
              artifacts:
                when: always
                reports: { sast: gl-sast-report.json, junit: buckler-scan.xml }

            """
        }

        /// A variable of the template, or the hint that the project must have it.
        private static func variable(_ name: String, _ value: String?, _ meaning: String) -> String {
            value.map { "    \(name): \($0)   # \(meaning)" }
                ?? "    # \(name) is a variable of the project: \(meaning)"
        }

        /// The lines of a shell that put the program into a folder.
        private static func build(into folder: String) -> [String] {
            [
                "git init -q /tmp/buckler",
                "git -C /tmp/buckler fetch -q --depth 1 \"${BUCKLER_SOURCE:?is \(sourceMeaning)}\" \"${BUCKLER_REVISION:?is \(revisionMeaning)}\"",
                "git -C /tmp/buckler checkout -q FETCH_HEAD",
                "swift build --package-path /tmp/buckler -c release --traits Scanner --product buckler-scan",
                "install -D /tmp/buckler/.build/release/buckler-scan \"\(folder)/buckler-scan\"",
            ]
        }

        private static func lines(_ lines: [String], indent: Int) -> String {
            lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
        }

        private static let preCommit = """
            # buckler-scan must be on the PATH of whoever commits.
            repos:
              - repo: local
                hooks:
                  - id: buckler-scan
                    name: buckler-scan
                    entry: buckler-scan . --changed-since HEAD
                    language: system
                    pass_filenames: false

            """
    }
#endif
