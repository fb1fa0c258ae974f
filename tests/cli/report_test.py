"""The report: its files, the same bytes for any number of threads, what it replaces and what it leaves alone.

usage: report_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import base64
import hashlib
import html.parser
import json
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from fractions import Fraction
from pathlib import Path

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
FILES = {"index.html", "report.json", "report.md", "report.tex", "junit.xml", "certificates"}


def report(folder, *options, code=None):
    """Write a report; its exit code may be 1, since so few instances need not reach every verdict."""
    instances = [] if "--instances" in options else ["--instances", "1000"]
    command = [PROGRAM, "report", "--out", folder, *instances, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in ((0, 1) if code is None else (code,)), done.stderr
    return done


def content(folder):
    """Every file of a folder, by its name."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


class Page(html.parser.HTMLParser):
    """What a page holds: its data, its policy, and what it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.open, self.policy, self.fetched, self.scripts, self.styles = [], "", [], [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in ("meta", "link"):
            self.open.append(tag)
        if tag == "script":
            self.scripts.append([given.get("type"), ""])
        if tag == "style":
            self.styles.append("")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.fetched += [given[name] for name in ("src", "srcset", "data") if name in given] + ([given["href"]] if tag == "link" else [])

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1][1] += data
        if self.open and self.open[-1] == "style":
            self.styles[-1] += data

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def data(self):
        return json.loads(next(text for kind, text in self.scripts if kind == "application/json"))

    def allowed(self, text):
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'" in self.policy


def without_certificates(part):
    """What the page has of the report: no certificates, no fractions of hundreds of digits."""
    if isinstance(part, list):
        return [without_certificates(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {key: None if isinstance(value, str) and len(value) > 300 and f"{key}_approx" in part else without_certificates(value)
            for key, value in part.items() if key != "witness" and not (key == "instance" and isinstance(value, dict))}


def check_page(file, document):
    """One file with the report's data, which fetches nothing and runs what it came with alone."""
    page = Page(file.read_text(encoding="utf-8"))
    assert page.data() == without_certificates(document)
    assert not page.fetched and "default-src 'none'" in page.policy and "unsafe" not in page.policy, (page.fetched, page.policy)
    scripts = [text for kind, text in page.scripts if kind is None]
    assert scripts and page.styles and all(map(page.allowed, scripts + page.styles)) and not page.allowed(scripts[0] + " ")


def check_sharper(claims):
    """Where a true lemma names a sharper one, that says how much can be reached at all; curves keep within."""
    loose = [claim for claim in claims if claim["expected"] == "holds" and claim["corrected"]]
    assert {"sim.lemma", "double.simulation", "discounted.simulation", "xu.bc_kl"} <= {claim["id"] for claim in loose}
    for claim in loose:
        tightness = claim["tightness"]
        assert tightness["ceiling_by"] == claim["corrected"], claim["id"]
        assert Fraction(tightness["ratio"]) <= Fraction(tightness["ceiling"]) <= 1, (claim["id"], tightness)
        for curve in claim["curves"]:
            assert all(point["sharp"] is None or point["sharp"] <= 1 for point in curve["points"]), (claim["id"], curve)
    lemma = next(claim for claim in claims if claim["id"] == "sim.lemma")
    assert lemma["tightness"]["ceiling"] == "1/2" and lemma["verdict_in_words"] == "true, twice too large; sharp: sim.sharp", lemma["verdict_in_words"]
    assert [curve["by"] for curve in lemma["curves"]] == ["H", "distance"] and lemma["curves"][1]["of"] == "T, T'", lemma["curves"]
    for claim in claims:
        for curve in claim["curves"]:
            assert len(curve["points"]) > 1 and sum(point["instances"] for point in curve["points"]) <= claim["instances"], claim["id"]
            for point in curve["points"]:
                assert point["low"] <= point["median"] <= point["high"] <= point["largest"], (claim["id"], point)
                assert claim["verdict"] == "violated" or point["largest"] <= claim["tightness"]["ratio_approx"] + 1e-4, (claim["id"], point)


def check_files(folder):
    assert FILES <= {file.name for file in folder.iterdir()}
    document = json.loads((folder / "report.json").read_text())
    lake = {entry["horizon"]: entry["value"] for entry in document["models"][0]["optima"]}
    assert lake[10] == "815/19683" and lake[20] == "231444265/1162261467", lake
    cases = xml.parse(folder / "junit.xml").getroot()
    assert len(cases.findall("testcase")) == len(document["claims"])
    good = [c for c in document["claims"] if c["as_expected"] and all(m["refuted_by"] is not None for m in c["mutants"])]
    assert int(cases.get("failures")) == len(document["claims"]) - len(good)
    survey = {(row["fit"], row["fill"]): row for row in document["learning"]["survey"]}
    optimism = survey["aggregate", "optimistic"]
    assert optimism["stops"] == optimism["optimal"] == optimism["problems"] > 0, optimism
    hybrid = survey["hybrid", "adversarial"]
    assert hybrid["expert"] == hybrid["problems"], hybrid
    turn = {row["name"]: row for row in document["recurrent"][0]["objectives"]}
    assert (turn["Dreamer"]["planned_value"], turn["Dreamer, free bits"]["planned_value"]) == ("2", "4/3"), turn
    assert all(row["meets_bound"] for row in document["learning"]["certainty_equivalence"])
    check_sharper(document["claims"])
    check_page(folder / "index.html", document)
    for claim in document["claims"]:
        if claim["certificate"]:
            assert json.loads((folder / claim["certificate"]).read_text()) == claim["witness"]


PROOF = """lemma mine:wrong_step
  given   M = (S, A, r, T, H, rho), r in [0, 1], pi : S -> Delta(A)
  claim   J(pi,M) <= H
  proof   J(pi,M) <= H/2 <= H
"""


def check_lemmas(folder):
    """A report on somebody's own lemmas: these alone, at the lines of their own files, with their proofs."""
    own, out = Path(folder, "own.lemma"), Path(folder, "lemmas")
    own.write_text(PROOF, encoding="utf-8")
    report(out, "--lemmas", own, SOURCE / "examples" / "paper" / "paper.tex", code=1)
    document = json.loads((out / "report.json").read_text())
    verdicts = {claim["id"]: claim["verdict"] for claim in document["claims"]}
    assert verdicts == {"mine:wrong_step": "holds", "lem:difference": "holds", "lem:simulation": "holds",
                        "lem:induction": "violated", "lem:planning": "holds"}, verdicts
    first = document["claims"][0]
    assert (first["line"], first["first_false_step"]) == (3, 1) and first["command"].startswith(f"lemmacheck check {own} mine"), first
    lines = (SOURCE / "examples" / "paper" / "paper.tex").read_text().splitlines()
    for claim in document["claims"][1:]:
        own = claim["own_lines"]
        assert [line["text"] for line in own] == lines[own[0]["line"] - 1:own[-1]["line"]] and own[0]["text"].startswith("\\begin{lemma}") and own[-1]["text"] == "\\end{lemma}", own
        assert [line["line"] for line in own if line["verdict"]] == [claim["line"]] or claim["verdict"] == "violated", own
    broken = {line["text"].strip()[:8]: line["verdict"] for line in document["claims"][3]["own_lines"] if line["verdict"]}
    assert broken == {"\\left| V": "violated"}, broken
    # Both steps of the proof stand in one line: the second holds, and does not hide the first, which is false.
    assert [(line["line"], line["verdict"]) for line in first["own_lines"] if line["verdict"]] == [(3, "holds"), (4, "violated")], first["own_lines"]
    cases = xml.parse(out / "junit.xml").getroot()
    assert [case.get("name") for case in cases.iter("testcase") if case.find("failure") is not None] == ["mine:wrong_step", "lem:induction"]
    assert {path.name for path in out.iterdir()} == FILES, list(out.iterdir())
    check_page(out / "index.html", document)
    assert first["worked_step"]["refutes"] and first["verdict_in_words"].startswith("true"), first
    named = [document["claims"][0]["steps"][0]["certificate"], *(claim["certificate"] for claim in document["claims"] if claim["certificate"])]
    done = subprocess.run([PROGRAM, "verify", *(out / name for name in named)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report(out, "--lemmas", Path(folder, "none.lemma"), code=2)
    assert json.loads((out / "report.json").read_text()) == document, "a failed run leaves the earlier report"


def check_comparison(folder, earlier):
    """What changed since an earlier report, and what is refused as one."""
    own, out = Path(folder, "changing.lemma"), Path(folder, "changing")
    own.write_text("lemma one\n  given x in {1, 2}\n  claim x <= 2\nlemma two\n  given x in {1, 2}\n  claim x <= 3\nlemma gone\n  claim 1 <= 2\n", encoding="utf-8")
    report(out, "--lemmas", own, code=0)
    before = shutil.copy(out / "report.json", Path(folder, "before.json"))
    own.write_text("lemma one\n  given x in {1, 2}\n  claim x <= 1\nlemma two\n  given x in {1, 2}\n  claim x <= 4\nlemma three\n  claim 1 <= 2\n", encoding="utf-8")
    report(out, "--lemmas", own, "--compare", before, code=1)
    found = json.loads((out / "report.json").read_text())["comparison"]
    assert (found["added"], found["removed"]) == (["three"], ["gone"]), found
    assert found["verdicts"] == [{"id": "one", "before": "holds", "now": "violated"}], found
    assert found["tightness"] == [{"id": "two", "before": "2/3", "now": "1/2"}], found
    assert {each["id"] for each in found["statements"]} == {"one", "two"}, found
    text = (out / "report.md").read_text()
    for words in ("**Verdict** of `one`: holds before, now violated", "New: `three`", "Gone: `gone`", "2/3 before, now 1/2"):
        assert words in text, words
    report(out, "--lemmas", own, "--compare", out / "report.json", code=1)
    assert "nothing changed" in (out / "report.md").read_text()
    for name, content in (("empty.json", "{}"), ("list.json", "[]"), ("other.json", '{"format": "lemmacheck-report", "version": 2, "claims": []}'),
                          ("torn.json", '{"format": "lemmacheck-report", "version": 1, "claims": [{"id": "one"}]}'), ("torn", "{")):
        Path(folder, name).write_text(content)
        said = report(out, "--lemmas", own, "--compare", Path(folder, name), code=2).stderr
        assert name in said, said
    assert len((earlier / "report.md").read_text()) < 65536, "a comment on a pull request has room for 65,536 characters"


def check_discounted_model(folder):
    """The model's page under a discount: optima, the adversary and the lemmas are those of discounts."""
    model = json.loads((folder / "report.json").read_text())["models"][0]
    assert model["horizon"] is None and model["discount"] == "9/10", model["discount"]
    assert {entry["discount"]: entry["value"] for entry in model["optima"]}["9/10"] == "4348890/63127201", model["optima"]
    assert [row["discount"] for row in model["by_discount"]] == ["1/2", "3/4", "9/10", "19/20", "99/100"]
    for row in model["by_radius"] + model["by_discount"]:
        assert 0 < row["gap_approx"] <= row["sharp_bound_approx"] < row["bound_approx"], row
    assert [claim["id"] for claim in model["claims"]] == ["discounted.simulation", "discounted.sharp"]


def check_endless_model(folder, criterion):
    """The model's page of endless runs: the adversary without bounds, which nobody knows here."""
    model = json.loads((folder / "report.json").read_text())["models"][0]
    assert model["criterion"] == criterion and model["horizon"] is model["discount"] is None
    assert [entry["value"] for entry in model["optima"]] == [{"total": "14/17", "average": "0"}[criterion]]
    assert model["claims"] == [] and "by_horizon" not in model and len(model["by_radius"]) == {"total": 6, "average": 8}[criterion]
    for row in model["by_radius"]:
        assert row["bound"] is row["sharp_bound"] is None and row["lowest_approx"] <= row["robust_approx"] <= row["nominal_approx"] <= row["highest_approx"], row
    assert any(copy["gap"] not in (None, "0") for copy in model["copies"])


def main():
    with tempfile.TemporaryDirectory() as temporary:
        check_lemmas(temporary)
    with tempfile.TemporaryDirectory() as temporary:
        one, two = Path(temporary, "one"), Path(temporary, "two")
        report(one, "--threads", "1")
        check_files(one)
        check_comparison(temporary, one)
        for name in ("changing.lemma", "before.json", "empty.json", "list.json", "other.json", "torn.json", "torn", "changing"):
            path = Path(temporary, name)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        report(two, "--threads", "2")
        assert content(one) == content(two), "the bytes depend on the number of threads"
        report(two, "--seed", "7")  # an earlier report is replaced
        assert json.loads((two / "report.json").read_text())["seed"] == 7
        other = Path(temporary, "other")
        other.mkdir()
        (other / "thesis.txt").write_text("mine")
        assert "something else" in report(other, code=2).stderr
        assert content(other) == {"thesis.txt": b"mine"}
        report(one, "--model", Path(temporary, "none.json"), code=2)
        report(one, "--horizon", "5", "--discount", "2", code=2)
        check_files(one)  # a failed run leaves the earlier report
        assert {path.name for path in Path(temporary).iterdir()} == {"one", "two", "other"}, "left-overs"
        discounted = Path(temporary, "discounted")
        report(discounted, "--instances", "20", "--discount", "9/10", code=None)
        check_discounted_model(discounted)
        both = Path(temporary, "both")
        report(both, "--instances", "5", "--discount", "9/10", "--horizon", "4", code=None)
        model = json.loads((both / "report.json").read_text())["models"][0]
        assert (model["horizon"], model["discount"], model["claims"]) == (4, "9/10", []), model["discount"]
        assert [row["horizon"] for row in model["by_horizon"]] == [1, 2, 3, 5, 8, 12, 16, 20] and {row["discount"] for row in model["by_horizon"]} == {"9/10"}
        assert all(row["gap_approx"] <= row["sharp_bound_approx"] for row in model["by_radius"] + model["by_horizon"])
        for criterion in ("total", "average"):
            endless = Path(temporary, criterion)
            report(endless, "--instances", "5", f"--{criterion}", code=None)
            check_endless_model(endless, criterion)
        sample = Path(temporary, "sample")
        report(sample, "--instances", "5000")
        assert (sample / "report.md").read_text() == (SOURCE / "reports" / "sample.md").read_text(), (
            "reports/sample.md is out of date: lemmacheck report --instances 5000 --out DIR, and copy DIR/report.md")
    print("report: fine")


if __name__ == "__main__":
    main()
