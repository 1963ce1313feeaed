"""Secrets, held against the cases that gitleaks publishes beside its rules: what it wants found, and what it wants left alone.

BUCKLER_GITLEAKS names a checkout of github.com/gitleaks/gitleaks; measured at b58d3f10 (2026-07-22). Only literal cases are
read; those that its generator makes at random are not, and would lack the checksums that we verify.
"""

import collections
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCANNER = pathlib.Path(os.environ.get("BUCKLER_SCAN", ROOT / ".build/debug/buckler-scan"))
CASES = pathlib.Path(os.environ.get("BUCKLER_GITLEAKS", "/nonexistent")) / "cmd/generate/config/rules"
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`')

pytestmark = pytest.mark.skipif(
    not SCANNER.exists() or not CASES.is_dir(), reason="buckler-scan is not built, or BUCKLER_GITLEAKS names no checkout of gitleaks")


def body(text, start):
    """The text up to the bracket that closes the one before `start`."""
    depth, at = 1, start
    while at < len(text):
        literal = LITERAL.match(text, at)
        if literal:
            at = literal.end()
        elif text.startswith("//", at):
            at = text.find("\n", at)
        else:
            depth += (text[at] in "{([") - (text[at] in "})]")
            if depth == 0:
                break
            at += 1
    return text[start:at]


def items(block):
    """The literals of a Go list; items that are expressions are left out."""
    item, at, depth = "", 0, 0
    block += ","
    while at < len(block):
        literal = LITERAL.match(block, at)
        if literal:
            item, at = item + literal.group(), literal.end()
        elif block.startswith("//", at):
            at = block.find("\n", at)
        else:
            depth += (block[at] in "{([") - (block[at] in "})]")
            if block[at] == "," and depth == 0:
                whole = LITERAL.fullmatch(item.strip())
                if whole:
                    text = whole.group()
                    yield text[1:-1] if text[0] == "`" else json.loads(text.replace("\\'", "'"))
                item = ""
            else:
                item += block[at]
            at += 1


def published():
    for path in sorted(CASES.glob("*.go")):
        for function in path.read_text(encoding="utf-8").split("\nfunc ")[1:]:
            rule = re.search(r'RuleID:\s*"([^"]+)"', function)
            for kind in ("tps", "fps") if rule else ():
                for start in re.finditer(rf"{kind}\s*(?::?=\s*\[\]string\{{|=\s*append\(\s*{kind}\s*,)", function):
                    for text in items(body(function, start.end())):
                        yield rule.group(1), kind, text


def test_cases_of_gitleaks(tmp_path):
    cases = list(published())
    assert len(cases) > 500
    for number, (_, _, text) in enumerate(cases):
        (tmp_path / f"{number:04}.txt").write_text(text + "\n", encoding="utf-8")
    command = [str(SCANNER), str(tmp_path), "--rules", str(ROOT / "Rules"), "--json", "--fail-on", "never"]
    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    found = collections.defaultdict(set)
    for one in report["findings"]:
        found[int(one["path"][:4])].add(one["severity"])
    wanted = [bool(found[number]) for number, (_, kind, _) in enumerate(cases) if kind == "tps"]
    unwanted = [bool(found[number] - {"note"}) for number, (_, kind, _) in enumerate(cases) if kind == "fps"]
    missed = collections.Counter(rule for number, (rule, kind, _) in enumerate(cases) if kind == "tps" and not found[number])
    print(f"\nfound {sum(wanted)} of {len(wanted)}; reported as warning or error {sum(unwanted)} of {len(unwanted)} that are none")
    print("missed: " + ", ".join(f"{rule} {count}" for rule, count in missed.most_common()))
    assert sum(unwanted) <= 0.01 * len(unwanted)
    assert sum(wanted) >= 0.8 * len(wanted)
