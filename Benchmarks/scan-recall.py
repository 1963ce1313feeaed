#!/usr/bin/env python3
"""Holds buckler-scan against hand-made line labels of demo projects.

    Benchmarks/scan-recall.py LABELS CORPUS --scan BINARY [--rules FOLDER] [--platform ios]

LABELS is a table with tabs: platform, demo, file, lines, kind, weakness, what. The lines are `5`, `8-13,16` or `-`
for the whole file; a row is met by a finding on any of its lines. The kinds are

    must   a finding about this weakness belongs here
    not    no finding about this weakness may stand here
    info   may be found or not

CORPUS is the folder of the demos: a demo is the folder whose name ends in its number. Demos without labels are held
against the weakness that their own description names, when they have source or configuration.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

READABLE = {".swift", ".m", ".mm", ".h", ".plist", ".entitlements", ".resolved", ".xcprivacy", ".kt", ".java", ".xml", ".kts"}


def numbers(text):
    """The lines of a label; None is the whole file."""
    if text.strip() in ("", "-"):
        return None
    lines = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        lines.update(range(int(first), int(last or first) + 1))
    return lines


def read_labels(path, platform):
    rows = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("#") or len(fields) < 7 or fields[0] != platform:
            continue
        _, demo, file, lines, kind, weakness, what = fields[:7]
        rows.append({"demo": demo, "file": file, "text": lines, "lines": numbers(lines), "kind": kind,
                     "weakness": set(re.findall(r"MASWE-\d+", weakness)), "what": what})
    return rows


def front_matter(path, key):
    found = re.search(rf"^{key}:\s*(.+)$", path.read_text(encoding="utf-8", errors="replace"), re.M)
    return re.findall(r"MAS[A-Z]+(?:-TEST)?-\d+", found.group(1)) if found else []


def demos(corpus, platform):
    """Folder by number, of those that have something to read."""
    result = {}
    for folder in sorted(Path(corpus).rglob("MASTG-DEMO-*")):
        if not folder.is_dir() or platform not in folder.parts:
            continue
        # What a decompiler made of a demo is not its source.
        files = [f for f in folder.iterdir() if f.suffix in READABLE and "_reversed" not in f.name and "decompiled" not in f.name]
        if files:
            result[folder.name.rsplit("-", 1)[1]] = folder
    return result


def weaknesses(folder, corpus):
    """The weaknesses that a demo's description names, itself or through its test."""
    page = folder / f"{folder.name}.md"
    if not page.exists():
        return set(), set()
    tests = set(front_matter(page, "test"))
    found = set(front_matter(page, "weakness"))
    for test in tests:
        for description in Path(corpus).rglob(f"{test}.md"):
            found.update(front_matter(description, "weakness"))
    return found, tests


def scan(binary, folder, rules):
    command = [binary, "scan", str(folder), "--json", "--fail-on", "never"]
    if rules:
        command += ["--rules", rules]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"the scan failed: {run.stderr.strip()}")
    findings = json.loads(run.stdout)["findings"]
    return [f for f in findings if not f.get("suppression")]


def touches(finding, row):
    return finding["name"] == row["file"] and (
        row["lines"] is None or bool(row["lines"] & set(range(finding["first"], finding["last"] + 1))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels")
    parser.add_argument("corpus")
    parser.add_argument("--scan", required=True, help="the program buckler-scan")
    parser.add_argument("--rules", help="a folder of rules instead of the built-in ones")
    parser.add_argument("--platform", default="ios")
    parser.add_argument("--any-weakness", action="store_true", help="a finding counts whatever weakness its rule names")
    arguments = parser.parse_args()

    folders = demos(arguments.corpus, arguments.platform)
    by_demo = {}
    for found in scan(arguments.scan, arguments.corpus, arguments.rules):
        number = re.search(r"MASTG-DEMO-(\d+)/([^/]+)$", found["path"])
        if number and f"/{arguments.platform}/" in f"/{found['path']}":
            by_demo.setdefault(number.group(1), []).append({
                "name": number.group(2), "rule": found["rule"], "first": found["start"]["line"],
                "last": found["end"]["line"], "weakness": set(found["maswe_beta"]), "tests": set(found["mastg"])})

    def about(found, weakness):
        return arguments.any_weakness or not weakness or bool(found["weakness"] & weakness)

    rows = read_labels(arguments.labels, arguments.platform)
    must = [r for r in rows if r["kind"] == "must"]
    must_not = [r for r in rows if r["kind"] == "not"]
    met, violated = [], []
    for row in must:
        if any(touches(f, row) and about(f, row["weakness"]) for f in by_demo.get(row["demo"], [])):
            met.append(row)
    for row in must_not:
        hits = [f for f in by_demo.get(row["demo"], []) if touches(f, row) and about(f, row["weakness"])]
        if hits:
            violated.append((row, hits))

    found_demos, missed_demos = [], []
    for number, folder in sorted(folders.items()):
        labelled = [r for r in must if r["demo"] == number]
        findings = by_demo.get(number, [])
        if labelled:
            good = any(r in met for r in labelled)
        else:
            wanted, tests = weaknesses(folder, arguments.corpus)
            good = any(f["weakness"] & wanted or f["tests"] & tests for f in findings)
        (found_demos if good else missed_demos).append(number)

    print(f"demos met: {len(found_demos)} of {len(folders)}")
    share = 100 * len(met) / len(must) if must else 0
    print(f"must lines: {len(met)} of {len(must)} ({share:.0f} %)")
    print(f"must-not lines hit: {len(violated)} of {len(must_not)}")
    if missed_demos:
        print("demos missed: " + " ".join(missed_demos))
    for row in must:
        if row not in met:
            others = sorted({f["rule"] for f in by_demo.get(row["demo"], []) if touches(f, row)})
            print(f"missed: {row['demo']} {row['file']}:{row['text']} {' '.join(sorted(row['weakness']))} {row['what']}"
                  + (f" (found there: {', '.join(others)})" if others else ""))
    for row, hits in violated:
        print(f"wrong: {row['demo']} {row['file']}:{row['text']} {row['what']}: {', '.join(sorted({h['rule'] for h in hits}))}")


if __name__ == "__main__":
    main()
