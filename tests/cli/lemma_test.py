"""Lemmas that are texts, as a user meets them: files, one line, certificates by both checkers, CI formats, bad input.

usage: lemma_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from program import PROGRAM, SOURCE, answer, expect, finish, refused, run, written

TEXTS = sorted((SOURCE / "properties").rglob("*.lemma"))
PAPER = SOURCE / "examples" / "paper" / "paper.tex"
# What the field's lemmas are at few instances; the whole budget is for people.
FEW = ("--instances", "1500")

SIMULATION = """lemma mine
  given   M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1]
  given   pi : S -> Delta(A)
  where   eps = max_{s,a} ||T(s,a) - T'(s,a)||_1
  claim   |J(pi,M) - J(pi,M')| <= %s eps
"""
# Required members and enumerations of SARIF 2.1.0 (OASIS), of the parts that are written.
SARIF = {
    "type": "object", "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["tool", "results"],
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name"], "properties": {"rules": {"type": "array", "uniqueItems": True, "items": {
                        "type": "object", "required": ["id"]}}}}}},
                "results": {"type": "array", "items": {
                    "type": "object", "required": ["message", "ruleId", "locations"],
                    "properties": {
                        "level": {"enum": ["none", "note", "warning", "error"]},
                        "message": {"type": "object", "required": ["text"]},
                        "locations": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["physicalLocation"], "properties": {
                            "physicalLocation": {"type": "object", "required": ["artifactLocation", "region"], "properties": {
                                "region": {"type": "object", "required": ["startLine"], "properties": {
                                    "startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}}}}}}}},
                    }}},
            }}},
    }}


def validator(schema):
    """A function that lists what a schema objects to; nothing without the package jsonschema."""
    try:
        from jsonschema import Draft7Validator
    except ImportError:
        return lambda document: []
    return lambda document: [error.message for error in Draft7Validator(schema).iter_errors(document)]


LEMMA_CERTIFICATE = validator(json.loads((SOURCE / "docs/schemas/lemma_certificate.schema.json").read_text(encoding="utf-8")))


def second_checker(files):
    """{file name: accepted?} by the script that shares no code with the program."""
    script = SOURCE / "scripts" / "verify_certificate.py"
    done = subprocess.run([sys.executable, str(script), "--json", *map(str, files)], capture_output=True, text=True, check=False)
    if not done.stdout:
        expect(False, f"the second checker says nothing: {done.stderr[-500:]}")
        return {}
    return {Path(entry["file"]).name: entry["accepted"] for entry in json.loads(done.stdout)["certificates"]}


def first_checker(files):
    done = json.loads(run("verify", "--json", *files)[1])
    return {Path(entry["file"]).name: entry["accepted"] for entry in done["certificates"]}


def check_texts(folder):
    """Every text of the ledger is read, explained, and certified for both checkers (verdicts: the property suite)."""
    expect(len(TEXTS) >= 13, f"{len(TEXTS)} files of lemmas")
    code, out, err = run("check", *TEXTS, "--instances", "300", "--json", "--out", folder)
    claims = json.loads(out)["claims"]
    expect(len(claims) >= 190 and all(claim["verdict"] != "undecided" for claim in claims), "texts: undecided")
    expect(code in (0, 1), f"texts: exit code {code}: {err[-300:]}")
    for file in TEXTS:
        expect(run("explain", file)[0] == 0, f"explain {file.name}")
    files = sorted(Path(folder).glob("*.json"))
    expect(len(files) >= 150, f"{len(files)} certificates")
    for checker, verdicts in (("verify", first_checker(files)), ("verify_certificate.py", second_checker(files))):
        expect(len(verdicts) == len(files) and all(verdicts.values()), f"{checker} rejects {[f for f, good in verdicts.items() if not good]}")
    for file in files:
        found = LEMMA_CERTIFICATE(json.loads(file.read_text(encoding="utf-8")))
        expect(not found, f"schema: {file.name}: {found[:2]}")
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def other_number(text):
    return "7" if text != "7" else "8"


def falsified(certificate):
    """(what, document): changes that make a certificate say something else than its text and instance do."""
    def changed(**members):
        return {**copy.deepcopy(certificate), **members}

    yield "left side", changed(lhs=other_number(certificate["lhs"]))
    yield "right side", changed(rhs=other_number(certificate["rhs"]))
    yield "kind", changed(kind="tightness" if certificate["kind"] == "refutation" else "refutation")
    yield "source", changed(source="somewhere else")
    yield "name", changed(claim="another.lemma")
    yield "point", changed(at={**certificate["at"], "claim": 9})
    yield "value", changed(at={**certificate["at"], "values": {**certificate["at"]["values"], "zeta": 1}})
    flipped = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "==": "!=", "!=": "=="}[certificate["relation"]]
    yield "relation", changed(relation=flipped)
    missing = copy.deepcopy(certificate)
    missing["instance"]["values"].pop(next(iter(missing["instance"]["values"])))
    yield "a given left out", missing
    extra = copy.deepcopy(certificate)
    extra["instance"]["values"]["zeta"] = "1"
    yield "a given too many", extra


def check_falsified(certificates, folder):
    """Both checkers reject what is not so, and what the text does not say."""
    documents = {}
    for name in sorted(certificates)[::3]:
        for number, (what, document) in enumerate(falsified(certificates[name])):
            documents[f"{name}.{number}.json"] = (f"{name}: {what}", document)
    simulation = certificates["pi.howard_b"]
    other = copy.deepcopy(simulation)
    other["lemma"] = other["lemma"].replace("gamma", "gamma^2", 1) if "<= gamma" not in other["lemma"] else other["lemma"].replace("<= gamma", "<= 1/2 gamma")
    documents["text.json"] = ("a text that says something else", other)
    unmet = copy.deepcopy(certificates["ail.moments_b"])
    unmet["instance"]["values"]["pi"] = copy.deepcopy(unmet["instance"]["values"]["pi"])
    files = [written(folder, file, document) for file, (_, document) in documents.items()]
    for checker, verdicts in (("verify", first_checker(files)), ("verify_certificate.py", second_checker(files))):
        for file, (what, _) in documents.items():
            expect(verdicts.get(file) is False, f"{checker} accepts a falsified {what}")


def check_assumptions(folder):
    """A certificate whose instance fails an assumption, or a plan, is rejected by both."""
    lemma = ("lemma t\n  given   M = (S, A, r, T, gamma, rho), r in [0, 1]\n  given   pi optimal in M\n  given   x in [0, 1]\n"
             "  assume  x < 1/2\n  claim   J(pi,M) <= x\n")
    instance = {"sizes": {"S": 1, "A": 2}, "values": {
        "gamma": "0", "rho": [[0, "1"]], "r": [[0, 1, "1"]], "T": [[0, 0, 0, "1"], [0, 1, 0, "1"]], "pi": [[0, 1, "1"]], "x": "1/4"}}
    good = {"format": "lemmacheck-certificate", "version": 2, "claim": "t", "source": "", "relation": "<=", "kind": "refutation",
            "at": {"claim": 1, "relation": 1, "values": {}}, "lhs": "1", "rhs": "1/4", "lemma": lemma, "instance": instance}
    unmet, not_optimal, out_of_range, no_row = (copy.deepcopy(good) for _ in range(4))
    unmet["instance"]["values"]["x"] = unmet["rhs"] = "3/4"
    not_optimal["instance"]["values"]["pi"] = [[0, 0, "1"]]
    not_optimal["lhs"], not_optimal["kind"] = "0", "tightness"
    out_of_range["instance"]["values"]["r"] = [[0, 1, "2"]]
    out_of_range["lhs"] = "2"
    no_row["instance"]["values"]["T"] = [[0, 0, 0, "1"], [0, 1, 0, "1/2"]]
    documents = {"good.json": good, "unmet.json": unmet, "not_optimal.json": not_optimal, "out_of_range.json": out_of_range, "no_row.json": no_row}
    files = [written(folder, name, document) for name, document in documents.items()]
    wanted = {name: name == "good.json" for name in documents}
    expect(second_checker(files) == wanted, f"second checker: {second_checker(files)}")
    for name, file in zip(documents, files):
        expect((run("verify", file)[0] == 0) == wanted[name], f"verify {name}")


NOTATION = r"""\newcommand{\E}{\mathbb{E}}
%! lemma own:notation
%! write \mathbb{P} as T ; 
%! given M = (S, A, r, T, \gamma, \rho), r \in [0, 1], G : S \to \mathbb{R}
%! given \hat\pi greedy for G in M
%! where
\[ B(U)(s) = \max_a \Bigl( r(s,a) + \gamma \E_{s' \sim \mathbb{P}(s,a)}[U(s')] \Bigr). \]
%! where
\[ W_0(s) = G(s), \quad W_k(s) = B(W_{k-1})(s). \]
%! assume \gamma \le \frac12
%! claim
\[ \| W_2 - V^* \|_\infty \le \frac{\gamma^2}{2} \| G - V^* \|_\infty . \]
"""


def check_notation(folder):
    """What a certificate says of a paper's lemma is plain notation: no macro, no rewriting is left in it."""
    paper = written(folder, "notation.tex", NOTATION.replace(" ; \n", "\n"))
    certificates = Path(folder, "notation")
    status, out, err = run("check", paper, PAPER, *FEW, "--out", certificates)
    expect(status == 1 and "own:notation" in out, f"a paper's notation: {status} {out[:300]} {err[:300]}")
    files = sorted(certificates.glob("*.json"))
    expect("own~notation.json" in [file.name for file in files], "a colon is no part of a file's name")
    for checker, verdicts in (("verify", first_checker(files)), ("verify_certificate.py", second_checker(files))):
        expect(len(verdicts) == len(files) and all(verdicts.values()), f"{checker} rejects {[f for f, good in verdicts.items() if not good]}")
    for file in files:
        text = json.loads(file.read_text(encoding="utf-8"))["lemma"]
        expect("\\" not in text and "write" not in text, f"LaTeX in {file.name}: {text}")


def check_reference(folder):
    """The lemmas that the reference of the language shows are read and answered as it says."""
    text = (SOURCE / "docs" / "language.md").read_text(encoding="utf-8")
    first, latex = (re.search(start + r"\n(.*?)```", text, re.S).group(1) for start in ("## A first lemma\n\n```lemma greedy.lemma", "```latex sim.tex"))
    status, out, err = run("check", written(folder, "greedy.lemma", first))
    expect(status == 0 and "1, tight" in out and "right: greedy.loss" in out, f"the reference's first lemma: {status} {out[:300]} {err}")
    expect(run("check", written(folder, "slip.lemma", first.replace("  expect  false\n  instead greedy.loss\n", "")))[0] == 1, "a false lemma without `expect`")
    status, out, err = run("check", written(folder, "shown.tex", latex), *FEW)
    expect(status == 0 and "shown.tex:6" in out, f"the reference's LaTeX: {status} {out[:300]} {err}")


def check_exit_codes(folder):
    true_one = written(folder, "true.lemma", SIMULATION % "H(H-1)/2")
    false_one = written(folder, "false.lemma", SIMULATION % "H(H-1)/8")
    expected = written(folder, "expected.lemma", SIMULATION % "H(H-1)/8" + "  expect false\n")
    surprised = written(folder, "surprised.lemma", SIMULATION % "H(H-1)/2" + "  expect false\n")
    loose = written(folder, "loose.lemma", SIMULATION % "H^2" + "  expect holds tight\n")
    for file, code in ((true_one, 0), (false_one, 1), (expected, 0), (surprised, 1), (loose, 1)):
        status = run("check", file, *FEW)[0]
        expect(status == code, f"check {file.name}: exit {status}, expected {code}")
    expect(run("check", false_one, *FEW, "--report-only")[0] == 0, "--report-only")
    unmet = written(folder, "unmet.lemma", "lemma u\n  given x in [0, 1]\n  assume x > 2\n  claim x <= 0\n")
    status, out, _ = run("check", unmet, *FEW)
    expect(status != 0 and "none of 1500 draws" in out, f"an assumption that no draw meets: {status} {out}")
    expect("undecided" in out, "an assumption that no draw meets: undecided")
    mixed = answer("check", true_one, "sim.eq_15_3", *FEW)
    expect([claim["id"] for claim in mixed["claims"]] == ["mine", "sim.eq_15_3"], "a file and an id of the ledger")
    one = [run("check", false_one, *FEW, "--threads", str(n))[1] for n in (1, 3)]
    expect(one[0] == one[1], "any number of threads gives the same bytes")


def check_proof(folder):
    proof = SIMULATION % "H(H-1)/2" + ("  proof\n    |J(pi,M) - J(pi,M')|\n      <= H(H-1)/2 eps   by the lemma\n"
                                       "      <= H(H-1)/4 eps   by a slip\n      <= H^2 eps        by size\n")
    document = answer("check", written(folder, "proof.lemma", proof), *FEW, code=1)
    claim = document["claims"][0]
    expect(claim["verdict"] == "holds" and claim["first_false_step"] == 2, f"the first false step: {claim['first_false_step']}")
    steps = Path(folder, "steps")
    out = run("check", written(folder, "proof.lemma", proof), *FEW, "--out", steps)[1]
    expect("by a slip" in out, "the false step is named by its reason")
    expect("mine, step 2 of its proof: counterexample" in out, "the counterexample is the step's")
    files = sorted(steps.glob("*.json"))
    expect([file.name for file in files] == ["mine.json", "mine.step1.json", "mine.step2.json", "mine.step3.json"], f"certificates of steps: {files}")
    for checker, verdicts in (("verify", first_checker(files)), ("verify_certificate.py", second_checker(files))):
        expect(len(verdicts) == len(files) and all(verdicts.values()), f"{checker} rejects {[f for f, good in verdicts.items() if not good]}")
    for file in files:
        expect(not LEMMA_CERTIFICATE(json.loads(file.read_text(encoding="utf-8"))), f"schema: {file.name}")


def check_formats(folder):
    """SARIF, JUnit and annotations speak of the lines of the user's own file."""
    sarif, junit = Path(folder, "out.sarif"), Path(folder, "out.xml")
    status, out, _ = run("check", PAPER, *FEW, "--sarif", sarif, "--junit", junit)
    lines = PAPER.read_text(encoding="utf-8").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "V_{h+1}^\\pi(s, M) -" in text)
    expect(status == 1 and f"paper.tex:{line}" in out, f"the paper: the false display is line {line}: {out[:200]}")
    document = json.loads(sarif.read_text(encoding="utf-8"))
    expect(not validator(SARIF)(document), f"SARIF: {validator(SARIF)(document)}")
    results = document["runs"][0]["results"]
    rules = {rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]}
    expect(len(results) == 1 and results[0]["ruleId"] in rules, "SARIF: one result, of a known rule")
    region = results[0]["locations"][0]["physicalLocation"]["region"]
    cases = ElementTree.parse(junit).getroot().findall("testcase")
    expect([case.get("name") for case in cases] == ["lem:difference", "lem:simulation", "lem:induction", "lem:planning"], "JUnit: the four lemmas")
    failed = [case for case in cases if case.find("failure") is not None]
    expect(len(failed) == 1 and failed[0].get("line") == str(region["startLine"]), "JUnit: the same line as SARIF")
    done = subprocess.run([PROGRAM, "check", str(PAPER), *FEW], capture_output=True, text=True, check=False, env={**os.environ, "GITHUB_ACTIONS": "true"})
    expect(f"line={region['startLine']}," in done.stderr and done.stderr.startswith("::error file="), f"annotation: {done.stderr[:200]}")
    done = subprocess.run([PROGRAM, "check", str(written(folder, "bad.lemma", "lemma t\n  claim epss <= 1\n"))], capture_output=True, text=True,
                          check=False, env={**os.environ, "GITHUB_ACTIONS": "true"})
    expect("line=2" in done.stderr and done.returncode == 2, f"annotation of a text that cannot be read: {done.stderr[:200]}")


def check_one_line(folder):
    document = answer("try", "|J(pi,M) - J(pi,M')| <= H(H-1)/8 eps", code=1)
    expect(document["verdict"] == "violated", "try a relation")
    status, out, _ = run("try", "V^pi(s) <= R/(1-gamma)", "--given", "R in [0, 5]", "--given", "r in [0, R]")
    expect(status == 2 or "holds" in out, f"try with givens: {out[:200]}")
    status, out, _ = run("try", "for all s: V^pi(s) <= R/(1-gamma)", "--given", "R in [0, 5]", "--given", "r in [0, R]")
    expect(status == 0 and "R: a number in [0, 5]" in out, f"try with givens prints them: {status} {out[:300]}")
    refused("try", "J(pi,M) <= epss", words=["epss", "eps"])


def check_replay_and_shrink(certificates, folder):
    name = "pi.howard_b"
    file = written(folder, "howard.json", certificates[name])
    status, out, _ = run("replay", file)
    expect(status == 0 and "lhs" in out and "V^{*}" in out, f"replay: {out[:300]}")
    expect(run("shrink", file)[0] == 0, "shrink")
    document = answer("replay", "--claim", "ail.moments_a", "--seed", "5", "--instance", "3")
    expect(document["version"] == 2 and document["origin"] == {"seed": 5, "instance": 3}, "replay an instance of a lemma")


def check_edits(folder):
    """Strength, ablation, repair, slack, sharpness and exhaustive runs follow from the text."""
    false_one = written(folder, "false.lemma", SIMULATION % "H(H-1)/8")
    repair = answer("check", "--repair", false_one, *FEW)
    expect(repair, "--repair answers")
    true_one = written(folder, "true.lemma", SIMULATION % "H(H-1)/2")
    status, out, _ = run("check", "--strength", true_one, *FEW)
    expect(status == 0 and "survives" in out and "refuted" in out and "1/2" in out, f"--strength: {out[:400]}")
    status, out, _ = run("check", "--ablate", true_one, *FEW)
    expect(status == 0 and "rewards r shared" in out, f"--ablate: {out[:400]}")
    status, out, _ = run("check", "--exhaustive", false_one)
    expect("violate" in out, f"--exhaustive: {out[:300]}")
    slack = written(folder, "slack.lemma", SIMULATION % "H(H-1)/2" + "  proof\n    |J(pi,M) - J(pi,M')| <= H(H-1)/4 eps <= H(H-1)/2 eps\n")
    status, out, _ = run("check", "--slack", slack, *FEW)
    expect(status == 0 and "mean" in out, f"--slack: {status} {out[:300]}")
    status, out, _ = run("check", "--sharpness", true_one, *FEW)
    expect(status == 0 and "1/2" in out, f"--sharpness: {out[:300]}")


def check_bad_input(folder):
    refused("check", Path(folder, "none.lemma"), words=["none.lemma", "cannot be opened"])
    refused("check", written(folder, "a.txt", "lemma t\n"), words=["a.txt"])
    refused("check", written(folder, "empty.lemma", ""), words="empty.lemma")
    refused("check", written(folder, "setting.lemma", "lemma t\n  given x in R\n"), words="setting")
    refused("check", written(folder, "unknown.lemma", SIMULATION.replace("eps\n", "epss\n") % "H"), words=["unknown.lemma:5:", "epss", "eps", "^"])
    refused("check", written(folder, "like.lemma", "lemma t\n  like nobody\n  claim 1 <= 1\n"), words=["like.lemma:2:", "nobody"])
    refused("check", Path(folder), words="folder")
    binary = Path(folder, "binary.lemma")
    binary.write_bytes(b"\xff\xfe\x00")
    refused("check", binary, words="UTF-8")
    out = Path(folder, "no", "such", "folder.sarif")
    status = run("check", written(folder, "true.lemma", SIMULATION % "H(H-1)/2"), *FEW, "--sarif", out)
    expect(status[0] == 2 and not out.exists(), "a SARIF file that cannot be written")
    not_a_kernel = SIMULATION.replace("  where", "  where   T''(s'|s,a) = 1/2 T(s'|s,a)\n  where   M'' = (S, A, r, T'', H, rho)\n  where", 1).replace("J(pi,M')|", "J(pi,M'')|")
    refused("check", written(folder, "kernel.lemma", not_a_kernel % "H"), words=["kernel.lemma:4:", "T''", "sums to 1/2"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        certificates = Path(folder, "certificates")
        found = check_texts(certificates)
        check_falsified(found, folder)
        check_assumptions(folder)
        check_notation(folder)
        check_reference(folder)
        check_exit_codes(folder)
        check_proof(folder)
        check_formats(folder)
        check_one_line(folder)
        check_replay_and_shrink(found, folder)
        check_edits(folder)
        check_bad_input(folder)
    finish("lemmas")


if __name__ == "__main__":
    main()
