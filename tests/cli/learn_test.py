"""lemmacheck learn: the figures' traces, the keys of the contract, drawings, and bad input.

usage: learn_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import json
import shutil
import tempfile
import xml.etree.ElementTree as xml
from fractions import Fraction
from pathlib import Path

from program import LAKE, answer, expect, finish, refused, run, written

FITS = ("latest", "aggregate", "hybrid", "expert", "hybrid-latest")
FILLS = ("pessimistic", "optimistic", "keep", "start", "figure", "adversarial")


def values(document, key="true_value"):
    return [Fraction(entry[key]) for entry in document["rounds"]]


def moves(document):
    return ["".join(entry["moves"]) for entry in document["rounds"]]


def check_figures():
    latest = answer("learn", "--fit", "latest", "--fill", "figure")
    expect(moves(latest) == ["RL", "RR"], f"figure 15.2: {moves(latest)}")
    expect(latest["cycle"] == {"start": 1, "length": 2} and latest["converged_at"] is None, "figure 15.2: cycle")
    expect(values(latest) == [0, 0] and values(latest, "model_value") == [1, 1], "figure 15.2: values")
    expect((latest["expert_value"], latest["optimal_value"], latest["unknown_pairs"]) == ("1", "1", 4), "figure 15.1")

    aggregate = answer("learn", "--fit", "aggregate", "--fill", "figure")
    expect(moves(aggregate) == ["RL", "RL"] and values(aggregate) == [0, 0], "figure 15.3")
    expect(aggregate["converged_at"] == 2 and aggregate["cycle"] is None, "figure 15.3: stands still")
    last = aggregate["rounds"][-1]
    expect((last["model_value"], last["learner_error"], last["expert_error"]) == ("0", "0", "2/3"),
           "figure 15.3: right where it went, wrong where the expert goes")

    hybrid = answer("learn", "--fit", "hybrid", "--fill", "figure")
    expect(moves(hybrid)[-1] == "LL" and values(hybrid)[-1] == 1, "hybrid: reaches the expert")
    expect(all(entry["expert_error"] == "0" for entry in hybrid["rounds"]), "hybrid: exact on the expert's data")
    to_the_left = answer("learn", "--fit", "aggregate", "--fill", "figure", "--ties", "lowest")
    expect(values(to_the_left)[-1] == 1, "figure 15.3 hangs on a tie")


def check_all_rules():
    for fit in FITS:
        for fill in FILLS:
            for ties in ("lowest", "highest", "stay", "for", "against"):
                document = answer("learn", "--fit", fit, "--fill", fill, "--ties", ties)
                ended = (document["cycle"] is None) != (document["converged_at"] is None)
                expect(ended, f"learn {fit} {fill} {ties}: neither stops nor repeats")
                numbers = [entry["round"] for entry in document["rounds"]]
                expect(numbers == list(range(1, len(numbers) + 1)), f"learn {fit} {fill}: {numbers}")
    document = answer("learn", "--fit", "hybrid", "--fill", "pessimistic", "--ties", "against")
    expect(all(value >= 1 for value in values(document)), "hybrid, pessimistic: never below the expert")


def check_models():
    lake = answer("learn", "--model", LAKE, "--horizon", 8, "--fit", "aggregate", "--fill", "optimistic",
                  "--policy", "optimal")
    expect(values(lake)[-1] == Fraction(lake["optimal_value"]) == Fraction(124, 6561), "optimism reaches the optimum")
    expect(all(entry["moves"] is None for entry in lake["rounds"]), "a stochastic world has no moves")
    expect(all(a >= b for a, b in zip(values(lake, "model_value"), values(lake))), "optimism")
    for entry in lake["rounds"]:
        rows = {}
        for step, state, _, chance in entry["policy"]:
            rows[step, state] = rows.get((step, state), 0) + Fraction(chance)
        expect(set(rows.values()) == {1} and len(rows) == 8 * 16, "a policy's rows")
    with tempfile.TemporaryDirectory() as folder:
        point = {"states": 1, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 0, "1"]], "rewards": []}
        one = written(folder, "one.json", point)
        for horizon in (1, 4):
            document = answer("learn", "--model", one, "--horizon", horizon)
            expect(document["converged_at"] == 1 and values(document) == [0], "one state, one action")
        suggested = written(folder, "suggested.json", {**point, "horizon": 7})
        expect(answer("learn", "--model", suggested)["horizon"] == 7, "the file's horizon")
        refused("learn", "--model", one, words="--horizon")
        steps = written(folder, "steps.json", {**point, "transitions": [[1, 0, 0, 0, "1"], [2, 0, 0, 0, "1"]]})
        refused("learn", "--model", steps, "--horizon", 3, words="time-varying")
        two = written(folder, "two.json", {**point, "states": 2, "transitions": [[0, 0, 0, "1"], [1, 0, 1, "1"]]})
        refused("learn", "--model", one, "--horizon", 3, "--start-model", two, words="shape")


def check_samples():
    ask = ("learn", "--model", LAKE, "--horizon", 6, "--samples", 5, "--rounds", 6, "--fill", "optimistic")
    first, again, other = answer(*ask), answer(*ask), answer(*ask, "--seed", 2)
    expect(first == again, "samples: the same seed, another trace")
    expect({**first, "seed": 2} != other, "samples: another seed, the same trace")
    expect(len(first["rounds"]) == 6 and first["cycle"] is None, "samples: all rounds, no cycle claimed")
    tree = answer("learn", "--fit", "hybrid", "--samples", 1, "--rounds", 5)
    expect(values(tree)[-1] == 1, "samples: one trajectory shows all that a deterministic world has")


def check_drawings():
    with tempfile.TemporaryDirectory() as folder:
        dot, svg = Path(folder, "tree.dot"), Path(folder, "tree.svg")
        answer("learn", "--fit", "latest", "--dot", dot)
        text = dot.read_text(encoding="utf-8")
        expect(text.startswith("digraph") and text.count("subgraph") == 3, "dot: the world and two rounds")
        expect(text.count("#1a7f37") > 0 and text.count("#cf222e") > 0, "dot: green and red")
        if shutil.which("dot"):
            answer("learn", "--fit", "latest", "--svg", svg)
            expect(xml.parse(svg).getroot().tag.endswith("svg"), "svg")
        refused("learn", "--model", LAKE, "--horizon", 4, "--svg", svg, words=["tree", "deterministic"])
        refused("learn", "--dot", Path(folder, "none", "x.dot"), words="cannot be written")
        expect({path.name for path in Path(folder).iterdir()} <= {"tree.dot", "tree.svg"}, "left-overs")


def check_discount():
    """Rewards that count for ever: the same worlds, judged by a discount."""
    for ties in ("lowest", "highest", "stay", "for", "against"):
        trace = answer("learn", "--model", LAKE, "--discount", "9/10", "--fit", "aggregate", "--fill", "optimistic", "--ties", ties)
        expect(trace["horizon"] is None and trace["discount"] == "9/10", "learn --discount: what was asked")
        expect(trace["rounds"][-1]["true_value"] == trace["optimal_value"] == "4348890/63127201", f"learn --discount: optimism ends at the optimum, ties {ties}")
        expect(all(len(entry) == 3 for entry in trace["rounds"][-1]["policy"]), "learn --discount: policies are stationary")
    tree = answer("learn", "--discount", "9/10", "--fit", "latest", "--ties", "stay")
    expect(tree["cycle"] == {"start": 1, "length": 2} and tree["expert_value"] == "81/10", f"learn --discount: the tree of figure 15.1 oscillates: {tree['cycle']}")
    best, worst = (answer("learn", "--discount", "9/10", "--fit", "latest", "--ties", ties)["rounds"][0]["true_value"] for ties in ("for", "against"))
    expect(Fraction(best) >= Fraction(worst), "learn --discount: ties for and against the learner")
    both = answer("learn", "--model", LAKE, "--discount", "9/10", "--horizon", 12, "--fit", "aggregate", "--fill", "optimistic", "--ties", "against")
    truth = answer("evaluate", "--model", LAKE, "--discount", "9/10", "--horizon", 12)["value"]
    expect((both["horizon"], both["discount"]) == (12, "9/10") and both["rounds"][-1]["true_value"] == both["optimal_value"] == truth, f"learn by both: {both['optimal_value']} {truth}")
    same = [answer("learn", "--model", LAKE, "--horizon", 6, "--fill", "pessimistic", "--ties", "for", *more)["rounds"] for more in ((), ("--discount", 1))]
    expect([r["true_value"] for r in same[0]] == [r["true_value"] for r in same[1]] and [r["policy"] for r in same[0]] == [r["policy"] for r in same[1]], "learn: a discount of 1 changes nothing")
    refused("learn", "--discount", "1", words="--discount")
    refused("learn", "--discount", "9/10", "--samples", 5, words="--horizon")
    refused("learn", "--discount", "9/10", "--dot", "x.dot", words="--horizon")
    refused("learn", "--rounds", "010", words="decimal")


def check_endless():
    """Judged by the total until rest is found, and by the average of a step."""
    lake = answer("learn", "--model", LAKE, "--total", "--fill", "optimistic")
    expect(lake["criterion"] == "total" and lake["horizon"] is None and lake["discount"] is None, "learn --total: what was asked")
    expect(lake["optimal_value"] == lake["rounds"][-1]["true_value"] == "14/17", f"learn --total: FrozenLake, {lake['optimal_value']}")
    with tempfile.TemporaryDirectory() as folder:
        # Action 0 stays where it is, action 1 leads on; each costs 1; the end is at rest.
        wall = written(folder, "wall.json", json.dumps({
            "states": 3, "actions": 2, "initial": [[0, "1"]],
            "rewards": [[s, a, "-1"] for s in (0, 1) for a in (0, 1)],
            "transitions": [[s, a, min(s + a, 2), "1"] for s in (0, 1, 2) for a in (0, 1)]}))
        stays = written(folder, "stays.json", json.dumps({"policy": [[0, 1, "1"], [1, 0, "1"], [2, 0, "1"]]}))
        trace = answer("learn", "--model", wall, "--total", "--fill", "optimistic", "--ties", "lowest", "--policy", stays)
        expect(trace["start_value"] is None, "learn --total: the first policy stays at the wall for ever, which is not finite")
        expect(trace["rounds"][-1]["true_value"] == "-2", f"learn --total: what was learned leads to the end: {trace['rounds']}")
        expect(trace["rounds"][0]["true_value"] is None, "learn --total: a plan that hopes of an unseen pair and stays for ever")
        prize = written(folder, "prize.json", json.dumps({**json.loads(wall.read_text()), "rewards": [[1, 1, "1"]]}))
        refused("learn", "--model", prize, "--total", "--fill", "optimistic", "--policy", stays, words=["round 1", "infinite"])
        average = answer("learn", "--model", wall, "--average", "--fill", "optimistic", "--policy", stays)
        expect(average["start_value"] == "-1" and average["rounds"][-1]["true_value"] == "0" == average["optimal_value"], f"learn --average: {average['rounds']}")
    refused("learn", "--model", LAKE, "--total", "--ties", "for", words=["--ties", "stay"])
    refused("learn", "--model", LAKE, "--total", "--fill", "adversarial", words="adversarial")
    refused("learn", "--total", "--horizon", 3, words="no horizon")
    refused("learn", "--total", words="infinite")  # a leaf of the figure's tree pays 1 for ever


def check_usage():
    refused("learn", "--fit", "newest", words="latest,aggregate,hybrid")
    refused("learn", "--fill", "hopeful", words="optimistic")
    refused("learn", "--ties", "coin", words="stay")
    refused("learn", "--rounds", 0, words="--rounds")
    refused("learn", "--known-states", "9", words=["state 9", "counted from 0"])
    for typed in ("x", "", "1,", ",1", "0x1", "-1", "1 2", "99999999999"):
        refused("learn", f"--known-states={typed}", words="--known-states")
    refused("learn", "--policy", "nobody.json", words="nobody.json")
    refused("learn", "--expert", "nobody.json", words="nobody.json")
    status, out, _ = run("learn", "--fit", "latest")
    expect(status == 0 and "oscillates" in out and "R L" in out, "learn as text")
    expect(json.loads(run("learn", "--json")[1])["fit"] == "aggregate", "learn: the default fit")


def main():
    for check in (check_figures, check_all_rules, check_models, check_samples, check_drawings, check_discount, check_endless, check_usage):
        check()
    finish("learn")


if __name__ == "__main__":
    main()
