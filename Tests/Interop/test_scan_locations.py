"""How `buckler-scan` reads property lists, JSON and XML, held against plistlib, json and expat: values, bytes, lines, columns.

BUCKLER_SCAN names the program, BUCKLER_SCAN_CORPORA folders of projects (separated by `:`); without them the tests are skipped.
"""

import bisect
import json
import os
import plistlib
import subprocess
import xml.parsers.expat
from pathlib import Path

import pytest

SCANNER = os.environ.get("BUCKLER_SCAN", "")
CORPORA = [Path(name) for name in os.environ.get("BUCKLER_SCAN_CORPORA", "").split(":") if name]
PROPERTY_LISTS = {".plist", ".entitlements", ".xcprivacy"}
PLAIN = {"string", "integer", "float", "boolean", "other", "nilLiteral"}

pytestmark = pytest.mark.skipif(not SCANNER or not CORPORA, reason="BUCKLER_SCAN and BUCKLER_SCAN_CORPORA are not set")


def files(suffixes):
    for root in CORPORA:
        for path in sorted(root.rglob("*")):
            if path.suffix in suffixes and path.is_file() and path.stat().st_size < 2_000_000:
                yield path


def tree(path):
    run = subprocess.run([SCANNER, "tree", "--json", str(path)], capture_output=True, text=True, check=True)
    nodes = [json.loads(line) for line in run.stdout.split("\n") if line]
    for node in nodes:
        node["children"] = []
    for node in nodes[1:]:
        nodes[node["parent"]]["children"].append(node)
    return nodes


def is_utf8_text(data):
    return not data.startswith((b"bplist", b"\xff\xfe", b"\xfe\xff")) and b"\0" not in data[:8192]


def check_places(nodes, data):
    """Lines and columns (UTF-16 code units) follow from the bytes."""
    starts = [0] + [index + 1 for index, byte in enumerate(data) if byte == 0x0A]
    for node in nodes:
        line = bisect.bisect_right(starts, node["start"])
        assert node["line"] == line
        before = data[starts[line - 1] : node["start"]]
        if len(before) < 10_000:
            assert node["column"] == len(before.decode("utf-8", "replace").encode("utf-16-le")) // 2 + 1


def property_value(node):
    kind, name = node["kind"], node["name"] or ""
    if kind == "dictionary":
        return {pair["name"]: property_value(pair["children"][1]) for pair in node["children"]}
    if kind == "array":
        return [property_value(child) for child in node["children"]]
    if kind == "integer":
        return int(name, 16) if name.startswith("0x") else int(name)
    if kind == "float":
        return float(name)
    if kind == "boolean":
        return name == "true"
    return name


def plain(value):
    """plistlib's value without its types for data and dates."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else None


def same(ours, theirs):
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and list(ours) == list(theirs) and all(same(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    return theirs is None or type(ours) is type(theirs) and ours == theirs


def expat_elements(data):
    """Byte offset, name and attributes of every element."""
    found = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((parser.CurrentByteIndex, name, attributes))
    parser.Parse(data, True)
    return found


def test_property_lists():
    count = 0
    for path in files(PROPERTY_LISTS):
        data = path.read_bytes()
        if not is_utf8_text(data) or b"<plist" not in data:
            continue
        try:
            theirs = plistlib.loads(data)
            elements = expat_elements(data)
        except Exception:  # not a property list for Python either
            tree(path)
            continue
        nodes = tree(path)
        check_places(nodes, data)
        assert same(property_value(nodes[0]["children"][0]), plain(theirs)), path
        ours = sorted(node["start"] for node in nodes[1:] if node["kind"] != "pair")
        assert ours == [offset for offset, name, _ in elements if name != "plist"], path
        count += 1
    assert count > 20


def test_xml():
    count = 0
    for path in files({".storyboard", ".xib", ".xml", ".xcscheme"}):
        data = path.read_bytes()
        if not is_utf8_text(data):
            continue
        try:
            elements = expat_elements(data)
        except xml.parsers.expat.ExpatError:
            tree(path)
            continue
        nodes = tree(path)
        check_places(nodes, data)
        ours = [
            (node["start"], node["name"], {a["name"]: a["children"][0]["name"] for a in node["children"] if a["kind"] == "attribute"})
            for node in nodes
            if node["kind"] == "other"
        ]
        assert [(start, name) for start, name, _ in ours] == [(start, name) for start, name, _ in elements], path
        for (_, _, mine), (_, _, theirs) in zip(ours, elements):
            assert {k: " ".join(v.split()) for k, v in mine.items()} == {k: " ".join(v.split()) for k, v in theirs.items()}, path
        count += 1
    assert count > 20


def json_value(node):
    if node["kind"] == "nilLiteral":
        return None
    if node["kind"] == "dictionary":
        return {pair["name"]: json_value(pair["children"][1]) for pair in node["children"]}
    if node["kind"] == "array":
        return [json_value(child) for child in node["children"]]
    return property_value(node)


def test_json():
    count = 0
    for path in files({".json", ".xcstrings", ".resolved"}):
        data = path.read_bytes()
        try:
            theirs = json.loads(data.decode("utf-8-sig"))
        except ValueError:
            tree(path)
            continue
        if not isinstance(theirs, (dict, list)):
            continue
        nodes = tree(path)
        check_places(nodes, data)
        assert json_value(nodes[0]["children"][0]) == theirs, path
        for node in nodes:
            if node["kind"] in PLAIN:
                assert json.loads(data[node["start"] : node["end"]], strict=False) == json_value(node), path
        count += 1
        if count == 200:
            break
    assert count > 20
