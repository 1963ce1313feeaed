"""Runs a program and says what it cost: wall clock, CPU of it and its children, the largest resident set of any one process."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    wall: float  # seconds
    cpu: float  # seconds, user and system, children included
    rss: float  # MB (2^20) of the largest process; a tool of several processes holds more than this
    output: bytes
    code: int


def run(command, path=None, folder=None):
    """In `folder`: semgrep called from inside another repository starts a process for every file."""
    environment = dict(os.environ)
    environment.update({"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "PYTHONWARNINGS": "ignore"})
    if path:
        environment["PATH"] = os.path.abspath(path) + os.pathsep + environment["PATH"]
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, env=environment,
                                   cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        scale = 1024 if os.uname().sysname == "Linux" else 1_048_576
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, output.read(), process.returncode)


def median(runs):
    """The median of each figure by itself."""
    pick = lambda name: statistics.median(getattr(one, name) for one in runs)
    return Run(pick("wall"), pick("cpu"), pick("rss"), runs[-1].output, runs[-1].code)


def machine():
    try:
        with open("/proc/cpuinfo") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        model = os.uname().machine
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return {"processor": model, "cores": os.cpu_count(), "system": f"{os.uname().sysname} {os.uname().release}", "load": load}
