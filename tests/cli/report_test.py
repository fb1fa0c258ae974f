"""The report: its files, the same bytes for any number of threads, what it replaces and what it leaves alone.

usage: report_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import html.parser
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
FILES = {"index.html", "model.html", "report.json", "report.md", "report.tex", "junit.xml", "certificates"}


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


class Balance(html.parser.HTMLParser):
    """Fails where an element is not closed in its turn."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


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
    for page in ("index.html", "model.html", "learning.html", "bounds.html", "latent.html"):
        text = (folder / page).read_text()
        parser = Balance()
        parser.feed(text)
        assert not parser.open, (page, parser.open)
        assert "http://" not in text and "https://" not in text, f"{page} needs a network"
    page = (folder / "index.html").read_text()
    for claim in document["claims"]:
        assert f'id="{claim["id"]}"' in page and claim["command"] in page.replace("&amp;", "&"), claim["id"]
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
    cases = xml.parse(out / "junit.xml").getroot()
    assert [case.get("name") for case in cases.iter("testcase") if case.find("failure") is not None] == ["mine:wrong_step", "lem:induction"]
    assert {path.name for path in out.iterdir()} - {"katex"} == FILES - {"model.html"}, list(out.iterdir())
    page = (out / "index.html").read_text()
    for words in ("mine:wrong_step", "own.lemma", "paper.tex", "Proof, step by step"):
        assert words in page, words
    Balance().feed(page)
    named = [document["claims"][0]["steps"][0]["certificate"], *(claim["certificate"] for claim in document["claims"] if claim["certificate"])]
    done = subprocess.run([PROGRAM, "verify", *(out / name for name in named)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report(out, "--lemmas", Path(folder, "none.lemma"), code=2)
    assert json.loads((out / "report.json").read_text()) == document, "a failed run leaves the earlier report"


def main():
    with tempfile.TemporaryDirectory() as temporary:
        check_lemmas(temporary)
    with tempfile.TemporaryDirectory() as temporary:
        one, two = Path(temporary, "one"), Path(temporary, "two")
        report(one, "--threads", "1")
        check_files(one)
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
        check_files(one)  # a failed run leaves the earlier report
        assert {path.name for path in Path(temporary).iterdir()} == {"one", "two", "other"}, "left-overs"
        sample = Path(temporary, "sample")
        report(sample, "--instances", "5000")
        assert (sample / "report.md").read_text() == (SOURCE / "reports" / "sample.md").read_text(), (
            "reports/sample.md is out of date: lemmacheck report --instances 5000 --out DIR, and copy DIR/report.md")
    print("report: fine")


if __name__ == "__main__":
    main()
