"""Measures buckler-scan and, where they are installed, mobsfscan, foxguard and semgrep over the same files in the same run.

Rounds are interleaved: each round runs every tool once, so that a busy minute hits all of them; medians are printed.
Standard library only.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import corpora
import measure
import tools

HERE = os.path.dirname(os.path.abspath(__file__))
SPEED_CORPUS = "element-x-ios"
HARMLESS_NOTES = {"suppressionInvalid", "suppressionUnused", "configuration", "linkCycle", "filesLeftOut"}


class Report:
    """Prints tables as they come and keeps everything for --json."""

    def __init__(self):
        self.values = {}
        self.bounds = []

    def table(self, title, head, rows):
        print(f"\n{title}\n")
        cells = [[str(cell) for cell in row] for row in [head, *rows]]
        widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
        for number, row in enumerate(cells):
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
            if number == 0:
                print("| " + " | ".join("-" * width for width in widths) + " |")
        sys.stdout.flush()

    def bound(self, name, value, text, holds):
        self.bounds.append({"name": name, "value": value, "bound": text, "holds": bool(holds)})


def speed(report, all_tools, corpus, rounds):
    runs = {tool.name: [] for tool in all_tools}
    for number in range(rounds):
        for tool in all_tools:
            print(f"  round {number + 1} of {rounds}: {tool.name}", file=sys.stderr)
            runs[tool.name].append(tool.run(corpus.root))
    ours = measure.median(runs[all_tools[0].name])
    rows, values = [], {}
    for tool in all_tools:
        middle = measure.median(runs[tool.name])
        count = len(tool.findings(middle, corpus.root))
        walls = [one.wall for one in runs[tool.name]]
        values[tool.name] = {"wall": middle.wall, "cpu": middle.cpu, "rss": middle.rss, "walls": walls, "findings": count}
        rows.append([
            tool.name, f"{middle.wall:.2f} ({min(walls):.2f} to {max(walls):.2f})", f"{middle.cpu:.2f}", f"{middle.rss:.0f}",
            count, f"{middle.wall / ours.wall:.1f}x", f"{middle.cpu / ours.cpu:.1f}x"])
        if isinstance(tool, tools.Semgrep):
            values[tool.name]["partly_parsed"] = len(tool.partly_parsed(middle))
    report.table(
        f"Speed: {corpus.folder}, {corpus.megabytes():.2f} MB Swift, every rule, medians of {rounds}",
        ["tool", "wall s (range)", "CPU s", "peak MB", "findings", "wall / ours", "CPU / ours"], rows)
    report.values["speed"] = values
    report.bound("element-x-ios, wall", f"{ours.wall:.2f} s", "≤ 1.5 s", ours.wall <= 1.5)
    report.bound("element-x-ios, peak", f"{ours.rss:.0f} MB", "≤ 150 MB", ours.rss <= 150)
    for name, factor in [("mobsfscan", 20), ("foxguard", 1)]:
        if name in values:
            ratio = values[name]["wall"] / ours.wall
            report.bound(f"faster than {name}", f"{ratio:.1f}x", f"≥ {factor}x", ratio >= factor)
    for tool in all_tools:
        if isinstance(tool, tools.Semgrep):
            print(f"\nsemgrep's Swift grammar read {values[tool.name]['partly_parsed']} files of {corpus.folder} only in part.")


def start(report, all_tools, rounds):
    rows, values = [], {}
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "One.swift"), "w") as file:
            file.write("let one = 1\n")
        for tool in all_tools:
            count = max(rounds, 3) if tool is not all_tools[0] else 21
            middle = measure.median([tool.run(folder) for _ in range(count)])
            values[tool.name] = {"wall": middle.wall, "cpu": middle.cpu, "rss": middle.rss, "rounds": count}
            rows.append([tool.name, f"{middle.wall * 1000:.0f}", f"{middle.cpu * 1000:.0f}", f"{middle.rss:.0f}", count])
    report.table("Start: one file of one line", ["tool", "wall ms", "CPU ms", "peak MB", "rounds"], rows)
    report.values["start"] = values
    wall = values[all_tools[0].name]["wall"] * 1000
    report.bound("start", f"{wall:.0f} ms", "≤ 50 ms", wall <= 50)


def lost(report, ours, clean):
    """Every file read and built into a tree, by a rule that no word can skip; a note about a Swift file is a lost file."""
    reader = tools.Buckler(ours.program, os.path.join(HERE, "every-file"))
    rows, values, total, gone = [], {}, 0, 0
    for corpus in clean:
        run = reader.run(corpus.root, "--vendored")
        result = json.loads(run.output)
        count = len(tools.swift_files(corpus.root))
        notes = [one for one in result["notes"] if one["kind"] not in HARMLESS_NOTES]
        files = sorted({one["path"] for one in notes if one["path"].endswith(".swift")})
        total, gone = total + count, gone + len(files)
        values[corpus.folder] = {"swift": count, "lost": files, "read": result["files"], "parsed": result.get("parsed"), "wall": run.wall}
        rows.append([corpus.folder, count, result["files"], result.get("parsed", "?"), len(files), f"{run.wall:.2f}"])
    rows.append(["all", total, "", "", gone, ""])
    report.table(
        "Files lost: a tree of every file, vendored folders too; a lost file is a Swift file with a note (too large, not text, "
        "unreadable, parser gave up, budget spent)",
        ["app", "Swift files", "files read", "trees", "lost", "wall s"], rows)
    report.values["lost"] = values
    report.bound("files lost", f"{gone} of {total}", "0", gone == 0)


def noise(report, all_tools, chosen):
    rows, values = [], {}
    overall = {}
    for corpus in chosen:
        size = corpus.megabytes() if corpus.kind == "clean" else corpus.megabytes((".swift", ".m", ".mm", ".h"))
        lists = {}
        for tool in all_tools:
            print(f"  {corpus.folder}: {tool.name}", file=sys.stderr)
            lists[tool.name] = tool.findings(tool.run(corpus.root), corpus.root)
        ours = lists[all_tools[0].name]
        for tool in all_tools:
            found = lists[tool.name]
            counts = {level: sum(one.level == level for one in found) for level in ("error", "warning", "note")}
            severe = counts["error"] + counts["warning"]
            both = tools.shared(ours, found) if tool is not all_tools[0] else None
            values.setdefault(corpus.folder, {})[tool.name] = {**counts, "megabytes": size, "shared_with_ours": both}
            if corpus.kind == "clean":
                sums = overall.setdefault(tool.name, [0, 0, 0.0])
                sums[0], sums[1], sums[2] = sums[0] + severe, sums[1] + len(found), sums[2] + size
            rows.append([
                corpus.folder, tool.name, counts["error"], counts["warning"], counts["note"], f"{severe / size:.2f}",
                f"{len(found) / size:.2f}", "" if both is None else f"{both} of {len(found)}"])
    for name, (severe, every, size) in overall.items():
        rows.append([f"the {sum(one.kind == 'clean' for one in chosen)} clean apps", name, "", "", "", f"{severe / size:.2f}", f"{every / size:.2f}", ""])
    report.table(
        "Findings (MB: Swift of the clean apps, Swift and Objective-C of the vulnerable ones; shared: same file, at most two lines "
        "apart, same CWE or topic)",
        ["app", "tool", "error", "warning", "note", "warning+ / MB", "all / MB", "shared with ours"], rows)
    report.values["findings"] = values
    if overall:
        severe, _, size = overall[all_tools[0].name]
        report.bound("clean apps, warning or above", f"{severe / size:.2f} / MB", "≤ 1 / MB", severe / size <= 1)


def recall(report, ours, labelled):
    """Which demos and which labelled lines are met; the program prints every miss."""
    program = os.path.join(HERE, "..", "scan-recall.py")
    labels = os.path.join(HERE, "mastg-labels.tsv")
    run = subprocess.run(
        [sys.executable, program, labels, labelled.root, "--scan", ours.program, *ours.rules], stdout=subprocess.PIPE, text=True)
    print(f"\nRecall: the iOS demos of {labelled.folder}, lines labelled by reading\n\n{run.stdout}", end="", flush=True)
    numbers = {
        name: tuple(map(int, re.search(rf"^{name}: (\d+) of (\d+)", run.stdout, re.M).groups()))
        for name in ("demos met", "must lines", "must-not lines hit")
    }
    report.values["recall"] = {**numbers, "output": run.stdout.split("\n")}
    for name, bound, holds in [
        ("demos met", "≥ 17 of 20", numbers["demos met"][0] >= 17),
        ("must lines", "≥ 80 %", numbers["must lines"][0] >= 0.8 * numbers["must lines"][1]),
        ("must-not lines hit", "0", numbers["must-not lines hit"][0] == 0),
    ]:
        report.bound(f"MASTG iOS, {name}", "{} of {}".format(*numbers[name]), bound, holds)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scanner", required=True)
    parser.add_argument("--corpora", required=True)
    parser.add_argument("--rules", help="a folder of rules instead of the built-in ones")
    parser.add_argument("--rivals", help="the folder of the rivals' programs; without it ours is measured alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, no noise")
    parser.add_argument("--no-noise", action="store_true", help="leave out the findings of the other apps")
    parser.add_argument("--json", help="also write every figure to this file")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds

    report = Report()
    ours = tools.Buckler(options.scanner, options.rules)
    all_tools = [ours]
    if options.rivals:
        all_tools += [kind(options.rivals) for kind in (tools.Mobsfscan, tools.Foxguard, tools.Semgrep)]
    everything = corpora.all_of(options.corpora)
    report.values["machine"] = machine = measure.machine()
    report.values["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    report.values["versions"] = {tool.name: tool.version() for tool in all_tools}
    print(f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; load before: {machine['load']}")
    print("; ".join(f"{name} {version}" for name, version in report.values["versions"].items()))
    report.table(
        "Corpora", ["folder", "kind", "commit", "repository", "state"],
        [[one.folder, one.kind, one.commit[:8], one.address, one.state] for one in everything])
    there = [one for one in everything if one.state != "missing"]
    clean = [one for one in there if one.kind == "clean"]
    report.values["corpora"] = {one.folder: {"commit": one.commit, "state": one.state} for one in everything}

    target = next((one for one in clean if one.folder == SPEED_CORPUS), None)
    if target:
        speed(report, all_tools, target, rounds)
    start(report, all_tools, rounds)
    if clean:
        lost(report, ours, clean)
    if not options.quick and not options.no_noise:
        noise(report, all_tools, [one for one in there if one.kind != "labels"])
    for labelled in (one for one in there if one.kind == "labels"):
        recall(report, ours, labelled)
    report.table(
        "Bounds", ["figure", "measured", "bound", "holds"],
        [[one["name"], one["value"], one["bound"], "yes" if one["holds"] else "NO"] for one in report.bounds])
    print(f"\nload after: {measure.machine()['load']}")
    report.values["bounds"] = report.bounds
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report.values, file, indent=1, ensure_ascii=False)
            file.write("\n")


if __name__ == "__main__":
    main()
