"""How each tool is called, and its findings in one form."""

import glob
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

import measure

LEVELS = {"critical": "error", "high": "error", "error": "error", "medium": "warning", "warning": "warning"}

# What a rule is about, by words in its id and text; for finding the same place under another CWE.
TOPICS = {
    "hash": r"\bmd[245]\b|\bsha-?1\b|weak.?hash",
    "cipher": r"\bdes\b|3des|\becb\b|\brc4\b|weak.?cipher|\biv\b|nonce",
    "key": r"hard.?coded|\bsecret|\bapi.?key|credential",
    "random": r"random|\brand\b",
    "log": r"\blog(ging|s)?\b|nslog",
    "keychain": r"keychain|ksec",
    "biometric": r"biometric|touch.?id|face.?id|local.?auth",
    "transport": r"\bats\b|cleartext|\btls\b|\bhttp\b|certificate|pinning|trust",
    "web": r"web.?view|\bhtml\b|javascript|xss",
    "storage": r"user.?defaults|file.?protection|plist.*sensitive|archiv",
    "sql": r"\bsql",
    "pasteboard": r"pasteboard|clipboard",
}


@dataclass(frozen=True)
class Found:
    path: str
    line: int
    level: str
    rule: str
    cwes: frozenset = field(default_factory=frozenset)
    topics: frozenset = field(default_factory=frozenset)


def found(root, path, line, level, rule, cwe, text=""):
    words = re.sub(r"[-_/.]", " ", f"{rule} {text}").lower()
    return Found(
        path=os.path.relpath(os.path.join(root, path) if not os.path.isabs(path) else path, root),
        line=int(line or 1),
        level=LEVELS.get(str(level).lower(), "note"),
        rule=rule,
        cwes=frozenset(re.findall(r"cwe-(\d+)", str(cwe).lower())),
        topics=frozenset(name for name, words_of in TOPICS.items() if re.search(words_of, words)),
    )


def swift_files(root):
    return sorted(
        os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names if name.endswith(".swift")
    )


class Buckler:
    name = "buckler-scan"

    def __init__(self, program, rules=None):
        self.program = os.path.abspath(program)
        self.rules = ["--rules", os.path.abspath(rules)] if rules else []

    def version(self):
        return measure.run([self.program, "--version"]).output.decode().strip()

    def run(self, root, *more):
        return measure.run([self.program, root, "--json", "--fail-on", "never", *self.rules, *more], folder=root)

    def findings(self, run, root):
        return [
            found(root, one["path"], one["start"]["line"], one["severity"], one["rule"], one.get("cwe"), one.get("title", ""))
            for one in json.loads(run.output)["findings"]
            if "suppression" not in one
        ]


class Rival:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)

    def start(self, root, *command):
        return measure.run([os.path.join(self.folder, command[0]), *command[1:], root], path=self.folder, folder=root)

    def version(self):
        package = self.name.split(",")[0]
        text = subprocess.run([os.path.join(self.folder, "pip"), "show", package], capture_output=True, text=True).stdout
        return re.search(r"^Version: (.*)$", text, re.M).group(1)


class Mobsfscan(Rival):
    name = "mobsfscan"

    def run(self, root):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            run = self.start(root, "mobsfscan", "--type", "ios", "--no-fail", "--json", "-o", file.name)
            run.output = file.read()
            return run

    def findings(self, run, root):
        return [
            found(root, place["file_path"], place["match_lines"][0], entry["metadata"]["severity"], rule,
                  entry["metadata"].get("cwe"), entry["metadata"].get("description", ""))
            for rule, entry in json.loads(run.output)["results"].items()
            for place in entry.get("files", [])
        ]


class Foxguard(Rival):
    name = "foxguard"

    def run(self, root):
        return self.start(root, "foxguard", "--format", "json")

    def findings(self, run, root):
        return [
            found(root, one["file"], one["line"], one["severity"], one["rule_id"], one.get("cwe"), one.get("description", ""))
            for one in json.loads(run.output)["findings"]
        ]


class Semgrep(Rival):
    """semgrep with the Swift rules that mobsfscan carries: the engine without mobsfscan around it."""

    name = "semgrep, mobsfscan's Swift rules"

    def rules(self):
        pattern = os.path.join(self.folder, "../lib/python*/site-packages/mobsfscan/rules/semgrep/swift")
        return sorted(glob.glob(pattern))[-1]

    def run(self, root):
        return self.start(
            root, "semgrep", "scan", "--metrics=off", "--disable-version-check", "--quiet", "--json", "--no-git-ignore",
            "--config", self.rules())

    def findings(self, run, root):
        return [
            found(root, one["path"], one["start"]["line"], one["extra"]["severity"], one["check_id"].split(".")[-1],
                  one["extra"]["metadata"].get("cwe"), one["extra"].get("message", ""))
            for one in json.loads(run.output)["results"]
        ]

    @staticmethod
    def partly_parsed(run):
        """Files that semgrep says it could parse only in part, or not at all."""
        return {one["path"] for one in json.loads(run.output).get("errors", []) if one.get("path")}


def shared(ours, theirs):
    """How many of the second list have a partner in the first: same file, at most two lines apart, same CWE or topic."""
    by_path = {}
    for one in ours:
        by_path.setdefault(one.path, []).append(one)
    return sum(
        any(
            abs(mine.line - one.line) <= 2 and (mine.cwes & one.cwes or mine.topics & one.topics)
            for mine in by_path.get(one.path, [])
        )
        for one in theirs
    )
