"""Models of other tools at the command line: what is read, what is written, what is refused, what rounding can cost.

usage: formats_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import json
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

from program import LAKE, SOURCE, answer, expect, finish, refused, run, written

MAZE = """@type: MDP
@parameters

@reward_models
gold
@nr_states
4
@model
state 0 [0] init
	action in [0]
		1 : {0}
		2 : {0}
		3 : {0}
state 1 [1]
	action stay [0]
		1 : 1
state 2
	action left
		1 : 0.5
		3 : 1/2
	action right
		3 : 1
state 3
	action stay
		3 : 1
"""


TIGER = """values: reward
states: left right
actions: listen open-left open-right
observations: left right
start: uniform
T: listen identity
T: open-left uniform
T: open-right uniform
O: listen
0.85 0.15
0.15 0.85
O: open-left uniform
O: open-right uniform
R: listen : * : * : * -1
R: open-left : left : * : * -100
R: open-left : right : * : * 10
R: open-right : left : * : * 10
R: open-right : right : * : * -100
"""
INTERVALS = """@type: MDP
@value_type: double-interval
@parameters

@reward_models
prize
@nr_states
3
@model
state 0 init
\taction 0
\t\t1 : [0.4, 0.9]
\t\t2 : [0.5, 0.8]
state 1 [1] target
\taction 0
\t\t2 : [1, 1]
state 2
\taction 0
\t\t2 : [1, 1]
"""


def check_other_formats():
    with tempfile.TemporaryDirectory() as folder:
        check_prism(folder)
        check_tiger(folder)
        check_intervals(folder)
        check_arrays(folder)


def check_prism(folder):
    """PRISM's files, there and back."""
    tra, back = Path(folder, "lake.tra"), Path(folder, "back.json")
    document = answer("convert", LAKE, tra)
    expect([Path(file).suffix for file in document["files"]] == [".lab", ".tra", ".trew"], f"convert to PRISM: {document}")
    expect(answer("evaluate", "--model", tra, "--horizon", 20)["value"] == "231444265/1162261467", "evaluate --model lake.tra")
    answer("convert", tra, back)
    strip = lambda path: {key: sorted(value) if isinstance(value, list) else value for key, value in json.loads(path.read_text()).items() if "name" not in key}
    expect(strip(back) == strip(Path(LAKE)), "PRISM: there and back")
    Path(folder, "lake.srew").write_text("16 0\n")
    refused("convert", LAKE, tra, words=["lake.srew", "read as part of it"])


def check_tiger(folder):
    """Cassandra's tiger, and what is seen of it."""
    tiger, converted = Path(folder, "tiger.pomdp"), Path(folder, "tiger.json")
    tiger.write_text(TIGER)
    refused("evaluate", "--model", tiger, "--horizon", 3, words=["partially observed", "convert"])
    document = answer("convert", tiger, converted)
    expect(document["states"] == 6 and len(document["files"]) == 2, f"convert tiger.pomdp: {document}")
    expect(answer("evaluate", "--model", converted, "--horizon", 3)["value"] == "30", "the tiger that is seen")
    options = ("--horizon", 2, "--memory", "none")
    whole, parts = answer("latent", "--model", tiger, *options), answer("latent", "--model", converted, "--observations", Path(folder, "tiger_observations.json"), *options)
    expect(whole["objectives"] == parts["objectives"], "latent: a POMDP file, or the two that it is converted to")
    refused("convert", tiger, Path(folder, "tiger.drn"), words="written as .json")
    Path(folder, "half_observations.json").mkdir()
    refused("convert", tiger, Path(folder, "half.json"), words="half_observations.json")
    expect(not Path(folder, "half.json").exists(), "convert: all files, or none")


def check_intervals(folder):
    drn = Path(folder, "tiny.drn")
    drn.write_text(INTERVALS)
    refused("evaluate", "--model", drn, "--horizon", 2, words=["intervals", "worst-case"])
    refused("worst-case", "--model", drn, "--horizon", 2, "--eps", "1/10", words=["intervals", "--eps"])
    refused("worst-case", "--model", LAKE, "--horizon", 2, words="--eps")
    two = Path(folder, "two.drn")
    two.write_text(INTERVALS.replace("prize\n", "prize cost\n").replace("[1] target", "[1, 5] target"))
    short = Path(folder, "short.drn")
    short.write_text("@type: MDP\n@nr_states\n2\n@model\nstate 0 init\n\taction a\n\t\t0 : 1\n\taction b\n\t\t1 : 1\nstate 1\n\taction a\n\t\t1 : 1\n")
    for command in (("compare", "--perturbed", short), ("worst-case", "--eps", "1/2")):
        said = answer(command[0], "--model", short, "--horizon", 2, *command[1:])["changes"]
        expect(any("last one is repeated" in change for change in said), f"{command[0]}: what is not as the file has it: {said}")
    refused("worst-case", "--model", two, "--horizon", 2, words=["2 reward models", "--reward"])
    expect(answer("worst-case", "--model", two, "--horizon", 2, "--reward", "cost")["lowest"] == "2", "worst-case --reward")
    for criterion in (("--horizon", 2), ("--horizon", 7, "--discount", 1)):
        extremes = answer("worst-case", "--model", drn, *criterion)
        expect((extremes["lowest"], extremes["highest"], extremes["nominal"]) == ("2/5", "1/2", None), f"Storm's example: {extremes}")
    expect(answer("worst-case", "--model", drn, "--discount", "1/2", "--policy", "uniform")["highest"] == "1/4", "intervals under a discount")


def check_arrays(folder):
    try:
        import numpy
    except ImportError:
        print("no numpy: arrays are not tried")
        return
    p = numpy.array([[[1 / 3, 2 / 3], [0, 1]], [[0.1, 0.9], [0.7, 0.3]]])
    r = numpy.array([[0, 0.1], [1, 0]])
    npz = Path(folder, "arrays.npz")
    numpy.savez_compressed(npz, P=p, R=r)
    refused("evaluate", "--model", npz, "--horizon", 2, words=["state 0, choice 0", "--numbers nearest:D"])
    near = answer("evaluate", "--model", npz, "--horizon", 2, "--numbers", "nearest:1000")
    expect(near["value"] == "101/100", f"arrays, the nearest fractions: {near}")
    expect(answer("evaluate", "--model", npz, "--horizon", 1, "--numbers", "decimal", "--renormalise")["value"] == "1/10", "arrays, 0.1 is a tenth")
    numpy.save(Path(folder, "P.npy"), p.astype(numpy.float32))
    numpy.save(Path(folder, "R.npy"), numpy.array([[[0, 3], [0, 0]], [[0, 0], [0, 0]]]))
    by_transition = answer("evaluate", "--model", Path(folder, "P.npy"), "--horizon", 1, "--numbers", "nearest:100")
    expect(by_transition["value"] == "2", f"R[a, s, s']: {by_transition}")
    numpy.savez(npz, P=p[:, :1], R=r)
    refused("evaluate", "--model", npz, "--horizon", 2, words=["P has the shape [2, 1, 2]", "[A, S, S]"])
    numpy.savez(npz, P=p, Q=r)
    refused("evaluate", "--model", npz, "--horizon", 2, words="Q is not known")
    numpy.savez(npz, P=p, R=numpy.array([[0, numpy.nan], [1, 0]]))
    refused("evaluate", "--model", npz, "--horizon", 2, words=["R[0][1]", "NaN"])
    numpy.savez(npz, P=numpy.full((1, 2, 2), 5000, dtype="f2"))
    refused("evaluate", "--model", npz, "--horizon", 2, words="sum to 10000")
    numpy.savez(Path(folder, "half.NPZ"), P=numpy.array([[[0.1, 0.9], [0, 1]]], dtype="f2"), R=numpy.array([[0.1], [1]], dtype="f2"))
    halves = answer("evaluate", "--model", Path(folder, "half.NPZ.npz"), "--horizon", 2, "--numbers", "decimal")
    expect(halves["value"] == "101/100", f"float16, a tenth is a tenth: {halves}")
    Path(folder, "half.NPZ.npz").rename(Path(folder, "half.NPZ"))
    expect(answer("evaluate", "--model", Path(folder, "half.NPZ"), "--horizon", 2, "--numbers", "decimal")["value"] == "101/100", "an ending in capitals")
    npz.write_bytes(npz.read_bytes()[:200])
    refused("evaluate", "--model", npz, "--horizon", 2, words="numpy.savez")


def check_gymnasium():
    """The script, with a stand-in for the package that has a table like Gymnasium's."""
    stand_in = """
class Env:
    initial_state_distrib = [1.0, 0.0]
    def __init__(self, pays=1.0): self.P = {0: {0: [(1/3, 0, 0.0, False), (1/3, 0, 0.0, False), (0.33333333333333337, 1, pays, True)]}, 1: {0: [(1.0, 0, 5.0, False)]}}
    unwrapped = property(lambda self: self)
def make(name, **options): return Env(**options)
"""
    with tempfile.TemporaryDirectory() as folder:
        module, out = Path(folder, "gymnasium.py"), Path(folder, "lake.json")
        script = ["python3", SOURCE / "scripts" / "gymnasium_model.py", "Lake", out, "pays=2.5"]
        run_script = lambda: subprocess.run(script, env={"PYTHONPATH": folder, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False)
        module.write_text(stand_in)
        made = run_script()
        expect(made.returncode == 1 and "0.33333333333333337 is no fraction" in made.stderr, f"gymnasium_model.py: a float that is none: {made}")
        module.write_text(stand_in.replace("0.33333333333333337", "1/3"))
        made = run_script()
        expect(made.returncode == 0, f"gymnasium_model.py: {made.stderr}")
        # An episode that is over earns nothing more: 5/2 in the end, whatever state 1 would pay.
        expect(answer("evaluate", "--model", out, "--total")["value"] == "5/2", "gymnasium_model.py: where an episode ends")


def check_convert():
    with tempfile.TemporaryDirectory() as folder:
        rounded, meant = written(folder, "maze.drn", MAZE.format("0.33333")), written(folder, "meant.drn", MAZE.format("1/3"))
        truth = answer("evaluate", "--model", meant, "--horizon", 10)
        refused("evaluate", "--model", rounded, "--horizon", 10, words=["maze.drn:10", "state 0, choice in", "99999/100000", "--renormalise", "--numbers"])
        mended = answer("evaluate", "--model", rounded, "--horizon", 10, "--renormalise")
        low, high = Fraction(mended["lowest"]), Fraction(mended["highest"])
        expect(low < high and low <= Fraction(truth["value"]) <= high and low <= Fraction(mended["value"]) <= high, f"--renormalise: a bracket: {mended}")
        # Half a unit of three digits and what the sum missed, L1, times what a step's values can differ by.
        expect(high - low <= 2 * (Fraction(3, 200000) + Fraction(1, 100000)) * 10, "the bracket is narrow")
        expect(len(mended["changes"]) == 2 and "99999/100000" in mended["changes"][0], f"changes: {mended['changes']}")
        nearest = answer("evaluate", "--model", rounded, "--horizon", 10, "--numbers", "nearest:100")
        refused("evaluate", "--model", rounded, "--horizon", 10, "--numbers", "nearest:2", words=["at most 2", "larger D"])
        expect("nearest fractions" in nearest["changes"][0], f"--numbers is said: {nearest}")
        expect(nearest["value"] == truth["value"] and "lowest" not in nearest, "--numbers nearest:D")
        out, back = Path(folder, "out.json"), Path(folder, "back.drn")
        document = answer("convert", meant, out)
        expect((document["states"], document["actions"], document["transitions"]) == (4, 2, 13), f"convert: {document}")
        answer("convert", out, back)
        for file in (out, back):
            for command in (("evaluate", "--horizon", 10), ("worst-case", "--eps", "1/10", "--horizon", 3)):
                same, other = answer(*command, "--model", file), answer(*command, "--model", meant)
                key = "value" if command[0] == "evaluate" else "lowest"
                expect(same[key] == other[key], f"{command[0]} --model {file.name}")
        refused("convert", meant, Path(folder, "out.yaml"), words=[".json", ".drn"])
        refused("evaluate", "--model", written(folder, "maze.txt", MAZE.format("1/3")), "--horizon", 2, words=["maze.txt", "read as JSON", ".drn"])
        expect(not Path(folder, "out.yaml").exists(), "nothing is written for a bad ending")
        before = out.read_bytes()
        refused("convert", rounded, out, words="99999/100000")
        expect(out.read_bytes() == before, "a refused file leaves the earlier one")
        refused("convert", out, out, words="name another one")
        refused("convert", Path(folder, "none.drn"), out, words="cannot be opened")
        refused("convert", folder, out, words="folder")
        refused("convert", out, back, "--renormalise", words="leave out")
        for numbers in ("nearest", "nearest:", "nearest:0", "nearest:x", "nearest:1.5", "float"):
            refused("evaluate", "--model", rounded, "--horizon", 2, "--numbers", numbers, words=["--numbers", "nearest:1000"])
        refused("evaluate", "--model", meant, "--horizon", 2, "--policy", "uniform", words="fewer choices")
        gain = answer("evaluate", "--model", rounded, "--average", "--renormalise")
        expect(Fraction(gain["lowest"]) < Fraction(answer("evaluate", "--model", meant, "--average")["value"]) < Fraction(gain["highest"]), f"--average --renormalise: {gain}")
        refused("evaluate", "--model", rounded, "--horizon", 2, "--reward", "silver", words=["silver", "gold"])


STEPS = """@type: MDP
@value_type: double-interval
@parameters

@reward_models
steps
@nr_states
2
@model
state 0 [{cost}] init
\taction 0
\t\t0 : [0.25, 0.75]
\t\t1 : [0.25, 0.75]
state 1
\taction 0
\t\t1 : [1, 1]
"""


def check_interval_totals():
    with tempfile.TemporaryDirectory() as folder:
        steps = written(folder, "steps.drn", STEPS.format(cost=1))
        found = answer("worst-case", "--model", steps, "--total")
        expect((found["lowest"], found["highest"], found["robust_closed"], found["highest_closed"]) == ("4/3", "4", True, True), f"steps to the end: {found}")
        expect(answer("worst-case", "--model", steps, "--average")["highest"] == "0", "nothing is earned at the end")


def main():
    for check in (check_convert, check_interval_totals, check_other_formats, check_gymnasium):
        check()
    finish("models of other tools")


if __name__ == "__main__":
    main()
