"""What `buckler-scan` writes for other programs, read by programs that are not ours: SARIF, JUnit, GitLab, JSON and HTML.

BUCKLER_SCAN names the program, `.build/debug/buckler-scan` when it is not set; BUCKLER_SARIF_SCHEMA names a copy of the
OASIS schema of SARIF 2.1.0, which no Python package carries. The samples beside our rules are scanned, so that every rule has its say.
"""

import html.parser
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCANNER = pathlib.Path(os.environ.get("BUCKLER_SCAN", ROOT / ".build/debug/buckler-scan"))
SCHEMA = os.environ.get("BUCKLER_SARIF_SCHEMA", "")

pytestmark = pytest.mark.skipif(not SCANNER.exists(), reason=f"{SCANNER} is not built (trait Scanner)")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """All formats of one scan; odd names and texts are among the files."""
    folder = tmp_path_factory.mktemp("scan")
    project = folder / "project"
    subprocess.run(["cp", "-R", str(ROOT / "Rules"), str(project)], check=True)
    odd = project / "ünusual & <odd> name%20#?.swift"
    odd.write_text('import CryptoKit\nlet a = Insecure.MD5.hash(data: "<&\\u{7}]]>".data) // 💥 "quoted" \'s\n', encoding="utf-8")
    (project / "accepted.swift").write_text(
        "import CryptoKit\n// buckler-scan:ignore weak-hash until 2999-01-31 -- a checksum of public <files>\nlet b = Insecure.MD5.hash(data: d)\n")
    (project / "broken.swift").write_bytes(b"\x00\xff\xfe" * 40)
    names = {kind: folder / f"report.{kind}" for kind in ("sarif", "html", "junit", "gitlab", "markdown", "json")}
    command = [str(SCANNER), str(project), "--rules", str(ROOT / "Rules"), "--fail-on", "never", "--quiet"]
    for kind, path in names.items():
        command += ["--report", f"{kind}={path}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {kind: path.read_text(encoding="utf-8") for kind, path in names.items()} | {"folder": names["sarif"]}


@pytest.fixture(scope="module")
def findings(reports):
    found = json.loads(reports["json"])["findings"]
    assert len(found) > 100
    assert sum("suppression" in one for one in found) == 1
    return found


def test_sarif_schema(reports):
    if not SCHEMA:
        pytest.skip("BUCKLER_SARIF_SCHEMA does not name a copy of sarif-schema-2.1.0.json (docs.oasis-open.org)")
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(pathlib.Path(SCHEMA).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    errors = list(kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(json.loads(reports["sarif"])))
    assert not errors, [f"{list(one.absolute_path)}: {one.message}" for one in errors[:5]]


def test_sarif_results(reports, findings):
    run = json.loads(reports["sarif"])["runs"][0]
    assert len(run["results"]) == len(findings)
    rules = run["tool"]["driver"]["rules"]
    prints = set()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[!$&'()*+,;=@A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
        region = place["region"]
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
        prints.add((result["ruleId"], result["partialFingerprints"]["bucklerScan/v1"]))
    assert len(prints) == len(findings), "two places share a fingerprint"


def test_sarif_read_by_sarif_tools(reports, findings):
    """Microsoft's sarif-tools sees the same severities at the same lines."""
    loader = pytest.importorskip("sarif.loader")
    records = loader.load_sarif_file(str(reports["folder"])).get_records()
    theirs = sorted((one["Severity"], int(one["Line"])) for one in records)
    assert theirs == sorted((one["severity"], one["start"]["line"]) for one in findings)


def test_junit(reports, findings):
    root = ElementTree.fromstring(reports["junit"])
    active = [one for one in findings if "suppression" not in one]
    cases = list(root.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    assert len(cases) == int(root.get("tests"))
    assert len(failed) == int(root.get("failures")) == len(active)
    assert sum(case.find("skipped") is not None for case in cases) == len(cases) - len(failed)
    assert {case.get("file") for case in failed} == {one["path"] for one in active}


def test_gitlab(reports, findings):
    report = json.loads(reports["gitlab"])
    found = report["vulnerabilities"]
    assert len(found) == sum("suppression" not in one for one in findings)
    assert len({one["id"] for one in found}) == len(found), "ids are not unique"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", report["scan"]["start_time"])
    for one in found:
        assert one["severity"] in {"Info", "Unknown", "Low", "Medium", "High", "Critical"}
        assert one["identifiers"] and one["location"]["file"] and one["location"]["start_line"] >= 1


class Page(html.parser.HTMLParser):
    """Elements that are opened, and their nesting."""

    EMPTY = {"meta", "br", "input", "link", "img", "hr"}

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.problems = [], [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


def test_html(reports, findings):
    page = Page()
    page.feed(reports["html"])
    page.close()
    assert not page.problems and not page.open
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "base"}, "the page is not self-contained"
        assert "src" not in attributes and not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert attributes["href"].startswith(("#", "https://"))
    assert "default-src 'none'" in reports["html"]
    assert not re.search(r"@import|url\(", reports["html"].split("</style>")[0])
    places = sum(tag == "div" and attributes.get("class") == "place" for tag, attributes in page.elements)
    assert places == sum("suppression" not in one for one in findings)
    anchors = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert all(a["href"][1:] in anchors for tag, a in page.elements if tag == "a" and a["href"].startswith("#"))


def test_markdown(reports):
    lines = reports["markdown"].split("\n")
    rows = [line for line in lines if line.startswith("| ")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5, row
