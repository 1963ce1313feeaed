"""Draws the findings whose verdicts stand in Docs/CodeSecurity.md: 30 of warning or above over the clean apps, by a fixed seed.

    python3 Benchmarks/scan/draw.py --scanner .build-run/release/buckler-scan --corpora ../corpora

Fewer than 30 are all printed. Each is shown with its lines, so that it can be judged against the file.
"""

import argparse
import json
import random

import corpora
import tools

SEED = 2026


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scanner", required=True)
    parser.add_argument("--corpora", required=True)
    parser.add_argument("--rules", help="a folder of rules instead of the built-in ones")
    parser.add_argument("--count", type=int, default=30)
    options = parser.parse_args()
    scanner = tools.Buckler(options.scanner, options.rules)
    found = []
    for corpus in corpora.all_of(options.corpora):
        if corpus.kind != "clean" or corpus.state == "missing":
            continue
        result = json.loads(scanner.run(corpus.root).output)
        found += [
            (corpus.folder, one["path"], one["start"]["line"], one["rule"], one)
            for one in result["findings"]
            if one["severity"] in ("error", "warning") and "suppression" not in one
        ]
    found.sort(key=lambda one: one[:4])
    drawn = found if len(found) <= options.count else sorted(random.Random(SEED).sample(found, options.count), key=lambda one: one[:4])
    print(f"{len(drawn)} of {len(found)} findings of warning or above, seed {SEED}")
    for number, (folder, path, line, rule, finding) in enumerate(drawn, 1):
        print(f"\n{number}. {folder} {path}:{line} {finding['severity']} {rule}\n   {finding['message']}")
        for code in finding["code"]:
            print(f"   | {code[:200]}")


if __name__ == "__main__":
    main()
