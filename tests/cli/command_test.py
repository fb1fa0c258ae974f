"""The command line as a user meets it: answers, exit codes, and one clear error for each bad input.

usage: command_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios
from fractions import Fraction
from pathlib import Path

from program import LAKE, MODELS, PROGRAM, SOURCE, answer, expect, finish, refused, run, written


def leak(delta):
    """Two states; the first pays 1 and leaks with probability delta into the second."""
    row = [[0, 0, 0, str(1 - delta)], [0, 0, 1, str(delta)]] if delta else [[0, 0, 0, "1"]]
    return {"states": 2, "actions": 1, "initial": [[0, "1"]], "transitions": row + [[1, 0, 1, "1"]], "rewards": [[0, 0, "1"]]}


def check_list():
    claims = answer("list")["claims"]
    keys = {"id", "source", "statement", "hypotheses", "relation", "expected"}
    expect(all(keys <= set(claim) for claim in claims), "list: a key is missing")
    expect(len({claim["id"] for claim in claims}) == len(claims) > 50, "list: ids")
    printed = {claim["source"] for claim in claims}
    for number in range(1, 16):
        expect(f"eq. (15.{number})" in printed, f"list: no claim for eq. (15.{number})")
    known = {claim["id"] for claim in claims}
    named = set(re.findall(r"`([a-z]+\.[a-z_0-9]+)`", (SOURCE / "docs/lecture.md").read_text(encoding="utf-8")))
    expect(len(named) > 30 and named <= known, f"docs/lecture.md names what is no claim: {named - known}")
    expect(all(claim["kind"] for claim in claims), "list: a claim without a kind")


def check_long_instances():
    """An instance of hundreds of rows is cut, and shown whole where that is asked for."""
    asked = ("replay", "--claim", "sim.sharp", "--model", MODELS / "taxi.json", "--horizon", 3, "--instance", 1)
    status, short, _ = run(*asked)
    _, full, _ = run(*asked, "--full")
    expect(status == 0 and max(map(len, short.splitlines())) < 400, f"replay: a line of {max(map(len, short.splitlines()))} characters")
    expect(len(short.splitlines()) < 150 < 1000 < len(full.splitlines()), f"replay: {len(short.splitlines())} lines, {len(full.splitlines())} with --full")
    expect("--full shows all" in short and "in all)" in short and "--full shows all" not in full, "replay: what is left out is said")


def check_check():
    document = answer("check", "sim.lemma", "sim.eq_15_4", "--instances", 5000, "--seed", 3)
    lemma, printed = document["claims"]
    expect(document["seed"] == 3, "check: seed")
    expect((lemma["verdict"], lemma["max_ratio"], lemma["instances"]) == ("holds", "1/2", 5000), f"check: {lemma}")
    expect((printed["verdict"], printed["expected"]) == ("violated", "violated"), "check: (15.4)")
    with tempfile.TemporaryDirectory() as folder:
        claim = answer("check", "sim.eq_15_4", "--instances", 5000, "--out", folder)["claims"][0]
        expect(claim["certificate"] == str(Path(folder, "sim.eq_15_4.json")), "check: certificate path")
        certificate = claim["certificate"]
        expect(json.loads(Path(certificate).read_text())["kind"] == "refutation", "check: certificate")
        expect(answer("verify", certificate)["certificates"][0]["accepted"] is True, "verify: accepted")
        expect(answer("replay", certificate)["claim"] == "sim.eq_15_4", "replay")
        smaller = answer("shrink", certificate, "--out", Path(folder, "small.json"))
        expect(smaller["instance"]["sizes"]["S"] == 2, "shrink")
        expect(smaller == json.loads(Path(folder, "small.json").read_text()), "shrink --out")
    on_lake = answer("check", "sim.sharp", "--model", LAKE, "--horizon", 6, "--instances", 100)
    expect(on_lake["claims"][0]["verdict"] == "holds", "check --model")
    for name in ("taxi", "cliffwalking"):
        done = answer("check", "sim.lemma", "--model", MODELS / f"{name}.json", "--horizon", 3, "--instances", 3)
        expect(done["claims"][0]["verdict"] == "holds", f"check --model {name}")
    expect(answer("replay", "--claim", "sim.lemma", "--instance", 5)["origin"] == {"seed": 1, "instance": 5}, "replay --claim")


def check_hypotheses():
    """--ablate finds what section 15.2 needs and what it does not; --mutants shows the strength of a run."""
    document = answer("check", "sim.sharp", "sim.eq_15_2", "--ablate", "--instances", 3000)
    cells = {(entry["id"], cell["hypothesis"]): cell["needed"] for entry in document["ablation"] for cell in entry["without"]}
    expect(cells["sim.sharp", "pi the same at every step"] is False, "ablate: the lemma holds for policies that change")
    expect(cells["sim.sharp", "rewards r shared by M and M'"] and cells["sim.sharp", "r in [0, 1]"], "ablate: rewards")
    expect(cells["sim.eq_15_2", "pi the same at every step"] is True, "ablate: (15.2) needs a stationary policy")
    expect(cells["sim.eq_15_2", "T the same at every step"] is None, "ablate: not applicable where T has no step")
    strength = answer("check", "sim.lemma", "--mutants", "--instances", 2000)["strength"][0]
    expect(strength["refutes_constants_below"] == "1/2", "mutants: the lemma's constant is twice too large")
    expect(all(mutant["refuted_by"] is not None for mutant in strength["mutants"]), "mutants: all refuted")
    refused("check", "--ablate", "--mutants", words="--ablate")
    refused("check", "--ablate", "--horizon", 3, words="--horizon")


def check_values():
    expect(answer("evaluate", "--model", LAKE, "--horizon", 10)["value"] == "815/19683", "evaluate: H = 10")
    expect(answer("evaluate", "--model", LAKE, "--horizon", 20)["value"] == "231444265/1162261467", "evaluate: H = 20")
    with tempfile.TemporaryDirectory() as folder:
        half = Fraction(1, 2)
        model, other = written(folder, "m.json", leak(0)), written(folder, "n.json", leak(half))
        policy = written(folder, "p.json", {"policy": [[0, 0, "1"], [1, 0, "1"]]})
        document = answer("compare", "--model", model, "--perturbed", other, "--horizon", 3, "--policy", policy)
        wanted = {"value": "3", "perturbed_value": "7/4", "l1": "1", "tv": "1/2", "bound": "3", "sharp_bound": "5/4",
                  "ratio": "5/12", "holds": True}
        expect({key: document[key] for key in wanted} == wanted, f"compare: {document}")
        same = answer("compare", "--model", model, "--perturbed", model, "--horizon", 3)
        expect(same["ratio"] is None and same["holds"], "compare: 0/0")
        saved = Path(folder, "saved.json")
        first = answer("evaluate", "--model", LAKE, "--horizon", 4, "--save-policy", saved)["value"]
        again = answer("evaluate", "--model", LAKE, "--horizon", 4, "--policy", saved)["value"]
        expect(first == again, "evaluate: a saved policy")
        uniform = answer("evaluate", "--model", LAKE, "--horizon", 4, "--policy", "uniform")["value"]
        expect(Fraction(uniform) <= Fraction(first), "evaluate: uniform against optimal")


def solved(rows, right):
    """A x = b by elimination over Fractions."""
    rows = [row + [value] for row, value in zip(rows, right, strict=True)]
    for pivot in range(len(rows)):
        at = next(i for i in range(pivot, len(rows)) if rows[i][pivot])
        rows[pivot], rows[at] = rows[at], rows[pivot]
        rows[pivot] = [x / rows[pivot][pivot] for x in rows[pivot]]
        for i, row in enumerate(rows):
            if i != pivot and row[pivot]:
                rows[i] = [x - row[pivot] * y for x, y in zip(row, rows[pivot], strict=True)]
    return [row[-1] for row in rows]


def discounted_lake(discount):
    """The lake's optimal values by policy iteration over Fractions, which shares nothing with the program."""
    lake = json.loads(Path(LAKE).read_text())
    n, m = lake["states"], lake["actions"]
    kernel, reward = {}, {(s, a): Fraction(0) for s in range(n) for a in range(m)}
    for s, a, t, p in lake["transitions"]:
        kernel.setdefault((s, a), []).append((t, Fraction(p)))
    for s, a, r in lake["rewards"]:
        reward[s, a] = Fraction(r)
    policy = [0] * n
    while True:
        rows = [[Fraction(s == t) for t in range(n)] for s in range(n)]
        for s in range(n):
            for t, p in kernel[s, policy[s]]:
                rows[s][t] -= discount * p
        values = solved(rows, [reward[s, policy[s]] for s in range(n)])
        worth = [[reward[s, a] + discount * sum(p * values[t] for t, p in kernel[s, a]) for a in range(m)] for s in range(n)]
        better = [max(range(m), key=lambda a, s=s: (worth[s][a], -a)) if max(worth[s]) > values[s] else policy[s] for s in range(n)]
        if better == policy:
            start = sum(Fraction(p) * values[s] for s, p in lake["initial"])
            return start, values
        policy = better


def check_criteria():
    for discount in ("9/10", "0.99"):
        start, values = discounted_lake(Fraction(discount))
        document = answer("evaluate", "--model", LAKE, "--discount", discount, "--values")
        expect(Fraction(document["value"]) == start and document["horizon"] is None, f"evaluate --discount {discount}")
        expect([Fraction(entry["value"]) for entry in document["values"]] == values, f"evaluate --values, discount {discount}")
    expect(str(answer("evaluate", "--model", LAKE, "--discount", "9/10")["value_approx"]).startswith("0.068890"), "the published 0.0689")
    both = answer("evaluate", "--model", LAKE, "--discount", 1, "--horizon", 20)
    expect(both["value"] == "231444265/1162261467", "a discount of 1 under a horizon")
    least = answer("evaluate", "--model", LAKE, "--discount", "9/10", "--minimise")
    expect(least["value"] == "0", "whoever wants to fall in, falls in")
    above = answer("evaluate", "--model", LAKE, "--first-above", "0.78")
    before = answer("evaluate", "--model", LAKE, "--horizon", above["horizon"] - 1)
    expect(Fraction(before["value"]) <= Fraction(39, 50) < Fraction(above["value"]) and above["horizon"] == 125, f"--first-above: {above}")
    expect(answer("evaluate", "--model", LAKE, "--first-above", "815/19683")["horizon"] == 11, "--first-above: a tie is not above")
    expect(answer("evaluate", "--model", LAKE, "--first-above", "0.9")["horizon"] is None, "--first-above: never")
    refused("evaluate", "--model", LAKE, "--first-above", "0.9", "--horizon", 3, words="--first-above")
    refused("evaluate", "--model", LAKE, "--first-above", "x", words="--first-above")
    refused("evaluate", "--model", LAKE, "--horizon", "010", words=["--horizon", "decimal"])
    refused("evaluate", "--model", LAKE, "--horizon", "0x3", words=["--horizon", "decimal"])
    refused("latent", "--codes", "02", words="decimal")
    refused("try", "H*eps", "--instances", "0100", words="decimal")
    with tempfile.TemporaryDirectory() as folder:
        slow = {"states": 2, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 0, "999/1000"], [0, 0, 1, "1/1000"], [1, 0, 1, "1"]], "rewards": [[0, 0, "1/1000"]]}
        status, out, _ = run("evaluate", "--model", written(folder, "slow.json", slow), "--first-above", 1)
        expect(status == 3 and "too near" in out, f"--first-above: what it cannot tell it does not claim: {status} {out}")
    text = run("evaluate", "--model", LAKE, "--horizon", 4, "--values")[1]
    expect("r0c0 S" in text and "left" in text, f"evaluate --values as text: {text}")
    worst = answer("worst-case", "--model", LAKE, "--eps", "1/10", "--discount", "9/10")
    expect(Fraction(worst["lowest"]) < Fraction(worst["nominal"]) < Fraction(worst["highest"]) and worst["horizon"] is None, "worst-case --discount")
    expect(Fraction(worst["worst_gap"]) <= Fraction(worst["sharp_bound"]) < Fraction(worst["bound"]), "worst-case --discount: within the bounds")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        answer("worst-case", "--model", LAKE, "--eps", "1/10", "--discount", "9/10", "--out", out)
        expect(run("verify", out / "certificate.json")[0] == 0, "worst-case --discount: a certificate")
        checker = subprocess.run(["python3", SOURCE / "scripts" / "verify_certificate.py", out / "certificate.json"], capture_output=True, text=True, check=False)
        expect(checker.returncode == 0 and "discounted.sharp" in checker.stdout, f"the second checker: {checker.stdout}{checker.stderr}")
        again = answer("compare", "--model", LAKE, "--perturbed", out / "lowest.json", "--discount", "9/10", "--policy", out / "policy.json")
        expect(again["perturbed_value"] == worst["lowest"] and again["l1"] == "1/10" and again["holds"], "compare --discount")
        rows = answer("compare", "--model", LAKE, "--perturbed", out / "lowest.json", "--discount", "9/10", "--rows")
        expect(sum(Fraction(row["share"]) for row in rows["rows"]) == Fraction(rows["perturbed_value"]) - Fraction(rows["value"]), "compare --rows: the shares sum to the gap")
        expect(all(Fraction(row["l1"]) == Fraction(1, 10) for row in rows["rows"]) and len(rows["rows"]) == 44, "compare --rows: the rows that differ")
        ring = {"states": 3001, "actions": 1, "initial": [[0, "1"]], "transitions": [[s, 0, (s + 1) % 3001, "1"] for s in range(3001)], "rewards": []}
        refused("evaluate", "--model", written(folder, "ring.json", ring), "--discount", "1/2", words=["3001 unknowns", "horizon"])
        ring["transitions"][-1] = [3000, 0, 3000, "1"]
        line = {**ring, "rewards": [[3000, 0, "1"]], "initial": [[2990, "1"]]}
        expect(answer("evaluate", "--model", written(folder, "line.json", line), "--discount", "1/2")["value"] == "1/512", "3001 states of which none depends on all")
        once = written(folder, "once.json", {**leak(0), "transitions": [[1, 0, 0, 0, "1"], [1, 1, 0, 1, "1"], [2, 0, 0, 0, "1"], [2, 1, 0, 1, "1"]]})
        refused("evaluate", "--model", once, "--discount", "1/2", words="stationary")
        both = answer("worst-case", "--model", LAKE, "--eps", "1/10", "--discount", "9/10", "--horizon", 6, "--out", out)
        low = answer("compare", "--model", LAKE, "--perturbed", out / "lowest.json", "--discount", "9/10", "--horizon", 6, "--policy", out / "policy.json", "--rows")
        expect(low["perturbed_value"] == both["lowest"] and both["certificate"] is None, "worst-case: a horizon and a discount")
        expect(sum(Fraction(row["share"]) for row in low["rows"]) == Fraction(low["perturbed_value"]) - Fraction(low["value"]), "compare --rows: a horizon and a discount")
        expect(Fraction(low["gap"]) <= Fraction(low["sharp_bound"]) < Fraction(low["bound"]), "compare: bounds of a horizon with a discount")
    refused("evaluate", "--model", LAKE, words=["--horizon", "--discount"])
    for bad, words in (("1", "below 1"), ("-1/2", "at least 0"), ("3/2", "below 1"), ("x", "x"), ("1/0", "1/0"), ("0,9", "0,9"), ("nan", "nan")):
        refused("evaluate", "--model", LAKE, f"--discount={bad}", words=["--discount", words])
    refused("evaluate", "--model", LAKE, "--discount", "3/2", "--horizon", 4, words="at most 1")
    refused("worst-case", "--model", LAKE, "--eps", "1/10", "--discount", "1/2", "--stationary", words="--stationary")


def aima():
    """The 4x3 world of Russell and Norvig: columns and rows from 1, a wall at (2, 2), 0.04 to pay for each step."""
    cells = [(x, y) for y in (1, 2, 3) for x in (1, 2, 3, 4) if (x, y) != (2, 2)]
    ends = {(4, 3): "1", (4, 2): "-1"}
    moves = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    transitions, rewards = [], []
    for s, cell in enumerate(cells):
        for a, move in enumerate(moves):
            rewards.append([s, a, ends.get(cell, "-1/25")])
            chances = {}
            for turn, chance in ((0, "4/5"), (1, "1/10"), (3, "1/10")):
                step = moves[(a + turn) % 4]
                there = (cell[0] + step[0], cell[1] + step[1])
                t = len(cells) if cell in ends else cells.index(there if there in cells else cell)
                chances[t] = chances.get(t, Fraction(0)) + Fraction(chance)
            transitions += [[s, a, t, str(chance)] for t, chance in chances.items()]
    end = len(cells)
    transitions += [[end, a, end, "1"] for a in range(4)]
    return {"states": end + 1, "actions": 4, "initial": [[0, "1"]], "transitions": transitions, "rewards": rewards}, cells


def check_endless():
    model, cells = aima()
    with tempfile.TemporaryDirectory() as folder:
        world = written(folder, "aima.json", model)
        total = answer("evaluate", "--model", world, "--total", "--values")
        published = {(1, 1): 0.705, (2, 1): 0.655, (3, 1): 0.611, (4, 1): 0.388, (1, 2): 0.762, (3, 2): 0.660, (1, 3): 0.812, (2, 3): 0.868, (3, 3): 0.918}
        for cell, value in published.items():
            expect(abs(float(Fraction(total["values"][cells.index(cell)]["value"])) - value) < 5e-4, f"the published utility of {cell}")
        expect(total["criterion"] == "total" and total["horizon"] is None and total["discount"] is None, "evaluate --total: what was asked")
        refused("evaluate", "--model", world, "--total", "--policy", "uniform", "--discount", "1/2", words=["--discount", "no horizon and no discount"])
        loop = written(folder, "loop.json", {"states": 2, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 1, "1"], [1, 0, 0, "1/2"], [1, 0, 1, "1/2"]], "rewards": [[0, 0, "3"]], "state_names": ["cold", "warm"]})
        refused("evaluate", "--model", loop, "--total", words=["infinite", "state 0 (cold)", "--average"])
        refused("evaluate", "--model", loop, "--total", "--policy", "uniform", words=["not proper", "earns 1 a step", "cold"])
        refused("evaluate", "--model", loop, "--total", "--average", words="one of them")
        refused("worst-case", "--model", loop, "--eps", "1/2", "--total", words="infinite")
        # A quarter of mass: cold is left at once, warm with 1/4; or left with 3/4 each.
        wrong = answer("worst-case", "--model", loop, "--eps", "1/2", "--average", "--out", Path(folder, "wrong"))
        expect((wrong["nominal"], wrong["lowest"], wrong["highest"], wrong["bound"], wrong["certificate"]) == ("1", "3/5", "3/2", None, None), f"worst-case --average: {wrong}")
        expect(answer("evaluate", "--model", Path(folder, "wrong", "lowest.json"), "--average")["value"] == "3/5", "worst-case --average: the model that attains it")
        expect(wrong["robust_closed"] and wrong["robust_value"] == wrong["robust_bound"] == "3/5", "worst-case --average: the robust plan")
        refused("worst-case", "--model", world, "--eps", "1/10", "--total", words=["nature", "for ever", "--support keep"])
        kept = answer("worst-case", "--model", world, "--eps", "1/10", "--total", "--support", "keep")
        expect(Fraction(kept["lowest"]) <= Fraction(kept["robust_value"]) < Fraction(kept["nominal"]) < Fraction(kept["highest"]), f"worst-case --total: {kept}")
        refused("worst-case", "--model", loop, "--eps", "1/2", "--average", "--stationary", words="--stationary")
        average = answer("evaluate", "--model", loop, "--average", "--values")
        expect(average["value"] == "1" and [entry["value"] for entry in average["values"]] == ["1", "1"], "evaluate --average: the gain")
        expect([entry["bias"] for entry in average["values"]] == ["4/3", "-2/3"], "evaluate --average: the bias")
        gap = answer("compare", "--model", loop, "--perturbed", loop, "--average")
        expect(gap["value"] == "1" and gap["bound"] is None and gap["holds"], "compare --average")
        refused("compare", "--model", loop, "--perturbed", loop, "--total", "--rows", words="infinite")
        slower = written(folder, "slower.json", {**json.loads(Path(loop).read_text()), "transitions": [[0, 0, 1, "1"], [1, 0, 0, "1/4"], [1, 0, 1, "3/4"]]})
        told = answer("compare", "--model", loop, "--perturbed", slower, "--average", "--rows")
        expect(told["perturbed_value"] == "3/5" and [(row["state"], row["share"]) for row in told["rows"]] == [(1, "-2/5")], f"compare --average --rows: {told}")
        apart = written(folder, "apart.json", {"states": 2, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 0, "1"], [1, 0, 1, "1"]], "rewards": [[0, 0, "3"]]})
        refused("compare", "--model", apart, "--perturbed", loop, "--average", "--rows", words="several averages")
    expect(answer("evaluate", "--model", LAKE, "--total")["value"] == "14/17", "FrozenLake without a limit of steps")
    expect(answer("evaluate", "--model", SOURCE / "examples/models/taxi.json", "--total")["value"] == "793/100", "Taxi without a limit of steps")
    best = answer("evaluate", "--model", LAKE, "--horizon", 20, "--policy", "best-stationary")
    expect(best["closed"] and best["value"] == best["bound"] == "687710978/3486784401", f"evaluate --policy best-stationary: {best}")
    expect(answer("evaluate", "--model", LAKE, "--discount", "9/10", "--policy", "best-stationary")["value"] == answer("evaluate", "--model", LAKE, "--discount", "9/10")["value"], "without a horizon an optimal policy is stationary")
    refused("compare", "--model", LAKE, "--perturbed", LAKE, "--horizon", 3, "--policy", "best-stationary", words="evaluate")


def check_usage():
    refused("check", "sim.lema", words=["sim.lema", "did you mean 'sim.lemma'"])
    refused("check", "nosuch.lemma", words=["nosuch.lemma", "neither such a file nor such a claim"])
    refused("chekc", words="--help")
    refused(words="--help")
    for bad in ("-5", "0", "010", "x", "1.5", "99999999999999999999999"):
        refused("check", "sim.lemma", "--instances", bad, words="--instances")
    refused("check", "--seed", "-1", words="--seed")
    refused("check", "--threads", "-1", words="--threads")
    refused("evaluate", "--model", LAKE, "--horizon", "0", words="--horizon")
    refused("evaluate", "--model", LAKE, words="--horizon")
    refused("check", "sim.lemma_2", "--model", LAKE, words="sim.lemma_2")
    refused("replay", words="--claim")
    refused("verify", "/nonexistent.json", words="/nonexistent.json")
    refused("evaluate", "--model", SOURCE, "--horizon", "2", words="folder")
    refused("check", "sim.lemma", "--instances", 5, "--out", LAKE, words="is a file")
    refused("report", "--instances", 5, "--out", SOURCE, words="something else")
    refused("evaluate", "--model", "a" * 300, "--horizon", 2, words="cannot be opened")
    status, _, err = run("evaluate", "--model", LAKE, "--horizon", 2, "--save-policy", "/dev/null")
    expect(status == 0 and not Path("/dev/null").is_file(), f"--save-policy to a device: {err}")
    status, out, _ = run("check", "sim.induction_closes_corrected", "--horizon", 1, "--instances", 50)
    expect(status == 3 and "undecided" in out, "a run that compares nothing is undecided")
    status, out, _ = run("--help")
    expect(status == 0 and "check" in out, "--help")
    status, out, _ = run("--version")
    expect(status == 0 and out.startswith("lemmacheck "), "--version")
    status, out, err = run("check", "sim.lemma", "--instances", 50, "--quiet")
    expect((status, out, err) == (0, "", ""), "--quiet")


def broken_models():
    """(name, text or JSON, words of the message)"""
    good = leak(Fraction(1, 2))

    def but(**changes):
        return {**good, **changes}

    rows = good["transitions"]
    yield "empty", "", "empty"
    yield "trash", "\x00\x01\x02", "not valid JSON"
    yield "truncated", json.dumps(good)[:-5], "not valid JSON"
    yield "nested", "[" * 100000, "nested"
    yield "list", [1], "object is expected"
    yield "sum", but(transitions=[[0, 0, 0, "2/3"], [0, 0, 1, "1/2"], rows[2]]), ["sums to 7/6, expected 1", "s=0, a=0"]
    yield "negative", but(transitions=[[0, 0, 0, "3/2"], [0, 0, 1, "-1/2"], rows[2]]), "negative"
    yield "float", but(transitions=[[0, 0, 0, 0.5], [0, 0, 1, "1/2"], rows[2]]), ["/transitions/0/3", "1/10"]
    yield "range", but(transitions=[[0, 0, 2, "1"], rows[2]]), ["/transitions/0/2", "from 0 to 1"]
    yield "twice", but(transitions=rows + [[1, 0, 1, "0"]]), "second entry"
    yield "zero", but(transitions=[[0, 0, 0, "1/0"], rows[2]]), "denominator 0"
    yield "exponent", but(rewards=[[0, 0, "1e400"]]), "not a fraction"
    yield "digits", but(rewards=[[0, 0, "1" * 10**6]]), "digits"
    yield "bare", '{"states": 1e400}', "out of range"
    yield "unknown", but(gamma="1/2"), ["gamma", "known keys"]
    yield "no_states", {key: value for key, value in good.items() if key != "states"}, '"states" is missing'
    yield "many", but(states=10**9), "/states"
    yield "few", but(states=1000), "has 3 entries"
    yield "tuple", but(transitions=[[0, 0, "1"]] * 3), "next state"
    yield "double_key", '{"states": 2, "states": 2}', "stands twice"


def check_broken_models():
    with tempfile.TemporaryDirectory() as folder:
        for name, content, words in broken_models():
            file = written(folder, f"{name}.json", content)
            for command in (("evaluate", "--model", file, "--horizon", 2), ("check", "sim.lemma", "--model", file)):
                refused(*command, words=[words] if isinstance(words, str) else words)
            refused("evaluate", "--model", file, "--horizon", 2, words=str(file))
        trash = Path(folder, "utf8.json")
        trash.write_bytes(b'{"name": "\xff\xfe"}')
        refused("evaluate", "--model", trash, "--horizon", 2, words="not valid JSON")
        model, other = written(folder, "m.json", leak(0)), leak(Fraction(1, 2))
        three = written(folder, "three.json", {**other, "states": 3, "transitions": other["transitions"] + [[2, 0, 2, "1"]]})
        refused("compare", "--model", model, "--perturbed", three, "--horizon", 2, words="shape")
        rewards = written(folder, "rewards.json", {**other, "rewards": []})
        refused("compare", "--model", model, "--perturbed", rewards, "--horizon", 2, words="different rewards")
        policy = written(folder, "policy.json", {"policy": [[0, 0, "1"]]})
        refused("evaluate", "--model", model, "--horizon", 2, "--policy", policy, words=["s=1", "sums to 0"])


def on_terminal(*arguments, columns=60, **environment):
    """What the program writes to a terminal so wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    child = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=slave, stderr=subprocess.DEVNULL, env={**plain, "TERM": "xterm", **environment})
    os.close(slave)
    written = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(master)
    child.wait()
    return written.decode().replace("\r\n", "\n")


def check_terminal():
    """In its width and in colour on a terminal that wants it; as it is, elsewhere."""
    command = ("check", "sim.eq_15_4", "sim.sharp", "--instances", 2000)
    piped = run(*command)[1]
    coloured, plain = on_terminal(*command), on_terminal(*command, NO_COLOR="1")
    expect("\033[1;31mviolated\033[0m" in coloured and "\033[32mholds\033[0m" in coloured, f"verdicts in colour: {coloured!r}")
    expect(re.sub("\033\\[[0-9;]*m", "", coloured) == plain, "NO_COLOR leaves the same text")
    expect("\033" not in piped + on_terminal(*command, TERM="dumb"), "no colour elsewhere")
    expect(piped.split() == plain.split(), "nothing is lost when lines are broken")
    too_long = [line for line in plain.splitlines() if len(line) > 60 and " " in line.strip()]
    expect(not too_long and any(len(line) > 60 for line in piped.splitlines()), f"lines fit the terminal: {too_long}")
    expect(on_terminal(*command, "--quiet") == "", "--quiet")
    expect(on_terminal("completions", "bash") == run("completions", "bash")[1], "what other programs read is left as it is")


def main():
    for check in (check_terminal, check_list, check_check, check_long_instances, check_hypotheses, check_values, check_criteria, check_endless, check_usage, check_broken_models):
        check()
    finish("commands and bad input")


if __name__ == "__main__":
    main()
