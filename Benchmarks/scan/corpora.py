"""The repositories of corpora.tsv that are there."""

import os
import subprocess
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Corpus:
    folder: str
    kind: str
    commit: str
    address: str
    root: str

    @property
    def state(self):
        """What is known about the commit that lies there."""
        if not os.path.isdir(self.root):
            return "missing"
        run = subprocess.run(["git", "-C", self.root, "rev-parse", "--show-toplevel", "HEAD"], capture_output=True, text=True)
        words = run.stdout.split("\n")
        if run.returncode != 0 or os.path.realpath(words[0]) != os.path.realpath(self.root):
            return "commit not checked (no git here)"
        return "ok" if words[1] == self.commit else f"another commit: {words[1][:8]}"

    def megabytes(self, suffixes=(".swift",)):
        """Source in millions of bytes, links not followed."""
        total = 0
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(suffixes) and not os.path.islink(path):
                    total += os.path.getsize(path)
        return total / 1e6


def all_of(base):
    result = []
    with open(os.path.join(HERE, "corpora.tsv")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                folder, kind, commit, address = line.rstrip("\n").split("\t")
                result.append(Corpus(folder, kind, commit, address, os.path.join(os.path.abspath(base), folder)))
    return result
