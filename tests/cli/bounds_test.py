"""lemmacheck try and lemmacheck worst-case: answers against closed forms and brute force, and bad input.

usage: bounds_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import itertools
import json
import math
import struct
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

from program import LAKE, SOURCE, answer, expect, finish, refused, run, written

TENTH, HALF = Fraction(1, 10), Fraction(1, 2)


def sharp(delta, horizon):
    """B(delta, H)."""
    return sum(1 - (1 - delta) ** k for k in range(horizon))


def two_states():
    """One action; the first state pays 1 and stays, the second pays nothing and stays."""
    return {"states": 2, "actions": 1, "initial": [[0, "1"]],
            "transitions": [[0, 0, 0, "1"], [1, 0, 1, "1"]], "rewards": [[0, 0, "1"]]}


def check_true_bounds():
    printed = answer("try", "H*(H-1)/2*eps")
    expect(printed["verdict"] == "holds" and printed["max_ratio"] == "1/2", f"try: (15.1): {printed['max_ratio']}")
    expect((printed["certificate"], printed["witness"]) == (None, None), "try: no certificate")
    for cell in printed["table"]:
        h, delta = cell["horizon"], Fraction(cell["delta"])
        expect(Fraction(cell["supremum"]) == sharp(delta, h), f"try: supremum at {h}, {delta}")
        expect(Fraction(cell["bound"]) == h * (h - 1) * delta, f"try: bound at {h}, {delta}")
    for same in ("sum(k, 0, H-1, 1-(1-delta)^k)", "H-(1-(1-delta)^H)/delta", "(rmax-rmin)*sum(j,0,H-1,1-(1-eps/2)^j)"):
        document = answer("try", same)
        expect(document["verdict"] == "holds" and document["mean_tightness"] == "1", f"try: {same} is sharp")
    expect(answer("try", "H-(1-(1-delta)^H)/delta")["undefined_points"] > 0, "try: undefined at delta = 0")
    twice = answer("try", "min(H, 2*sum(k,0,H-1,1-(1-delta)^k))", "--for", "certainty-equivalence")
    expect(twice["verdict"] == "holds" and twice["mean_tightness"] == "1", "try: certainty equivalence")
    root = answer("try", "H*sqrt(H*eps)")
    expect((root["verdict"], root["max_ratio"]) == ("holds", None) and any("ratio_about" in c for c in root["table"]), "try: a root")
    expect(answer("try", "exp(H^100)")["verdict"] == "holds", "try: a bound beyond all memory")
    expect(answer("try", "(rmax-rmin)*H*(H-1)/2*eps")["verdict"] == "holds", "try: any rewards")


def check_false_bounds():
    for false, quantity in (("H*(H-1)/8*eps", "simulation"), ("(H-1)*eps", "simulation"), ("0.9*(H-1)*H*delta/2", "simulation"),
                            ("exp(-10)", "simulation"), ("H*(H-1)/2*eps", "certainty-equivalence"),
                            ("H*(H-1)/4*eps/S", "simulation"), ("(rmax-rmin)/2*H*(H-1)*delta/2", "simulation")):
        code = 0 if answer_code(false, quantity) == 0 else 1
        if false == "H*(H-1)/2*eps":  # twice B fits below: true, and of H = 2 tight
            expect(code == 0, f"try: {false} for {quantity}")
            continue
        expect(code == 1, f"try: {false} for {quantity} is false")
        with tempfile.TemporaryDirectory() as folder:
            document = answer("try", false, "--for", quantity, "--out", folder, code=1)
            expect(document["witness"]["expression"] == false, "try: the certificate has the expression")
            expect(run("verify", document["certificate"])[0] == 0, f"try: {false}: verify")
            rational = "exp" not in false
            expect(checked_again(document["certificate"]) == rational, f"try: {false}: the second checker")
            replayed = run("replay", document["certificate"], "--json")
            expect((replayed[0], json.loads(replayed[1])) == (0, document["witness"]), f"try: {false}: replay")
            expect(run("shrink", document["certificate"])[0] == 0, f"try: {false}: shrink")
            certificate = json.loads(Path(document["certificate"]).read_text(encoding="utf-8"))
            certificate["lhs"] = "7"
            falsified = written(folder, "false.json", certificate)
            expect(run("verify", falsified)[0] == 1, "try: a falsified side")
            expect(not checked_again(falsified), "try: a falsified side, the second checker")
            certificate["expression"] = ""
            expect(run("verify", written(folder, "empty.json", certificate))[0] == 1, "try: an empty expression")
            certificate["expression"] = "H*"
            expect(run("verify", written(folder, "broken.json", certificate))[0] in (1, 2), "try: a broken expression")
    for late in ("sum(k, 0, min(H, 12)-1, 1-(1-delta)^k)", "sum(k, 0, H-1, 1-(1-delta)^k) * min(1, max(0, 200-H))"):
        expect(answer("try", late, code=1)["decided_by"] == "extremal family", f"try: {late} fails for long horizons")
    smallest = answer("try", "H*(H-1)/8*eps", code=1)["witness"]["instance"]
    expect((smallest["model"]["states"], smallest["horizon"]) == (2, 2), "try: the smallest counterexample")


def checked_again(certificate):
    """Whether the script that shares no code accepts it."""
    script = SOURCE / "scripts" / "verify_certificate.py"
    return subprocess.run([sys.executable, script, certificate], capture_output=True, check=False).returncode == 0


def answer_code(expression, quantity):
    return run("try", expression, "--for", quantity, "--json")[0]


def check_more_quantities():
    hypothesis = ("--for", "induction-hypothesis")
    found = answer("try", "(H-h-1)*eps", *hypothesis, code=1)["witness"]
    expect(found["claim"] == "try.induction-hypothesis" and set(found["at"]) == {"step", "state"}, "try: (15.4) is false")
    sharp = answer("try", "sum(k, 0, H-h-1, 1-(1-delta)^k)", *hypothesis)
    expect((sharp["verdict"], sharp["mean_tightness"]) == ("holds", "1"), "try: the sharp form of (15.4)")
    right = "(expert-expert_model)+(learner_model-learner)+(expert_model-learner_model)"
    identity = answer("try", right, "--for", "double-simulation")
    expect((identity["verdict"], identity["mean_slack"]) == ("holds", "0"), "try: the decomposition")
    refused("try", right, words="no variable expert")
    refused("try", "h", words="no variable h")
    with tempfile.TemporaryDirectory() as folder:
        for text, quantity in (("(H-h-1)*eps", "induction-hypothesis"), ("expert-learner-1/8", "double-simulation")):
            file = answer("try", text, "--for", quantity, "--out", folder, code=1)["certificate"]
            expect(run("verify", file)[0] == 0 and checked_again(file), f"try: the certificate of {text}")


def check_asked_point():
    for h, delta in ((7, Fraction(1, 13)), (3, Fraction(5, 9)), (40, Fraction(2, 7))):
        asked = answer("try", "H*(H-1)/2*eps", "--horizon", h, "--delta", delta)["asked"]
        expect(Fraction(asked["supremum"]) == h - (1 - (1 - delta) ** h) / delta, f"try: the supremum at {h}, {delta}")
        expect(Fraction(asked["bound"]) == h * (h - 1) * delta, f"try: the bound at {h}, {delta}")
    refused("try", "H", "--horizon", 3, words="go together")
    refused("try", "H", "--horizon", 3, "--delta", "3/2", words="between 0 and 1")
    refused("try", "H", "--horizon", 3, "--delta", "x", words="--delta x")
    refused("try", "H", "--for", "double-simulation", "--horizon", 3, "--delta", 1, words="no supremum is known")


def check_drawing():
    with tempfile.TemporaryDirectory() as folder:
        dot = Path(folder, "two.dot")
        answer("try", "H*(H-1)/8*eps", "--dot", dot, code=1)
        text = dot.read_text(encoding="utf-8")
        expect(text.startswith("digraph") and "n0 -> n1" in text and "T' 1" in text and "right side 1/2" in text, f"try: the drawing {text}")
        true = Path(folder, "true.dot")
        answer("try", "H*(H-1)/2*eps", "--dot", true)
        expect(not true.exists(), "try: a true bound has no drawing")
    refused("try", "H", "H^2", "--dot", "x.dot", words="one bound")


def check_repair():
    document = answer("try", "--repair", "H*(H-1)/8*eps", code=1)
    expect(document["original"]["verdict"] == "violated", "repair: the original is false")
    expect(document["survivors"][0]["expression"] == "H*(H-1)/4*eps", f"repair: {document['survivors'][0]['expression']}")
    expect(all(s["verdict"] == "holds" and s["edit"] for s in document["survivors"]), "repair: survivors hold")
    sign = answer("check", "--repair", "double.decomposition")["repairs"][0]
    expect(sign["survivors"][0]["edit"] == "the sign before J(pi,M) - J(pi,M')", f"repair: the sign of the decomposition: {sign}")
    refused("check", "--repair", "learn.figure_15_1", words="no text of the lemma language")


def check_special_flags():
    slack = answer("check", "--slack", "sim.lemma", "--instances", 500)["slack"][0]
    shares = sum(Fraction(s["mean_share"]) for s in slack["steps"]) + Fraction(slack["mean_tightness"])
    expect(shares == 1 and len(slack["steps"]) == 7, f"slack: the shares make {shares}")
    expect(not any(s["false_somewhere"] for s in slack["steps"]), "slack: every step holds")
    broken = answer("check", "--slack", "sim.eq_15_2", "--instances", 500)["slack"][0]["steps"]
    expect([s["false_somewhere"] for s in broken] == [False] * 5 + [True], "slack: the last step of the printed proof is false")
    refused("check", "--slack", "sim.sharp", words="no proof")
    tiny = answer("check", "--exhaustive", "sim.lemma")["exhaustive"][0]
    expect(sum(r["instances"] for r in tiny["runs"]) > 10000 and tiny["witness"] is None, f"exhaustive: {tiny}")
    refused("check", "--exhaustive", "learn.figure_15_1", words="learn.figure_15_1")
    cells = {c["hypothesis"]: c for c in answer("check", "--ablate", "sysid.leader_realisable")["ablation"][0]["without"]}
    expect(cells["realisability"]["needed"], "ablate: realisability")
    cells = {c["hypothesis"]: c for c in answer("check", "--ablate", "sim.footnote_coverage")["ablation"][0]["without"]}
    expect(cells["assume for all s: d_w(s) > 0 => nu(s) > 0"]["needed"], "ablate: coverage")
    refused("check", "--slack", "--repair", words="--repair")
    found = answer("check", "--sharpness", "sim.lemma", "--instances", 500)["sharpness"][0]
    expect(found["best"] == "1/2", f"sharpness: {found['best']}")
    refused("check", "--slack", "--horizon", 3, words="--horizon")


def check_latent():
    rows = {row["name"]: row for row in answer("latent")["objectives"]}
    expect((rows["reconstruction"]["keeps"]["light"], rows["reconstruction"]["ties"]) == ("0", 8), "latent: the decoder")
    expect(rows["reconstruction"]["keeps"]["leaves"] == "log(2)", "latent: the decoder keeps the leaves")
    expect(set(rows["latent consistency"]["encoder"]) == {0}, "latent: collapse")
    with tempfile.TemporaryDirectory() as folder:
        file = written(folder, "two.json", two_states())
        found = answer("latent", "--model", file, "--horizon", 3, "--factor", "side=0,1")
        expect(found["objectives"][0]["loss"] == "0", "latent: a deterministic start")
        for factor, words in (("side", "no name"), ("=0,1", "no name"), ("side=0", "1 numbers for 2"), ("side=0,x", '"x"'),
                              ("side=0,2", '"2"'), ("side=0,1,", "no such number")):
            refused("latent", "--model", file, "--horizon", 3, "--factor", factor, words=words)
        refused("latent", "--model", file, words="--horizon")
        refused("latent", "--model", SOURCE / "examples/models/taxi.json", "--horizon", 3, words="8")
    refused("latent", "--factor", "side=0,1", words="built-in")
    refused("latent", "--codes", 0, words="--codes")


def check_observed_worlds():
    turn = answer("latent", "--world", "announced-turn")
    rows = {row["name"]: row for row in turn["objectives"]}
    expect(turn["full_value"] == "2" and len(turn["encoder_of"]) == 10, "latent: the announced turn")
    expect(rows["Dreamer"]["keeps"]["sign"] == "-2/3*log(2) + log(3)", f"latent: the sign: {rows['Dreamer']['keeps']}")
    expect(rows["Dreamer, free bits"]["planned_value"] == "4/3", "latent: free bits cost the sign")
    bounds = turn["stochastic"]
    expect(bounds["entropy_approx"] <= bounds["surprise_approx"] <= bounds["bound_approx"], "latent: bounds of the fit")
    expect(all(row["losses"][i] == row["loss"] for i, row in enumerate(turn["objectives"])), "latent: losses")
    even = answer("latent", "--world", "announced-turn", "--kl-weight", "1")["objectives"]
    expect(even[5]["name"] == "Dreamer, KL balanced" and even[5]["loss"] == even[4]["loss"], "latent: the weight of KL")
    tight = answer("latent", "--world", "announced-turn", "--free-bits", "0")
    rows = {row["name"]: row for row in tight["objectives"]}
    expect(rows["Dreamer, free bits"]["loss"] == rows["Dreamer"]["loss"], "latent: no free bits")
    model, seen = SOURCE / "examples/latent/tiger.json", SOURCE / "examples/latent/tiger_observations.json"
    tiger = answer("latent", "--model", model, "--observations", seen, "--memory", "code")
    expect(tiger["full_value"] == str(tiger_by_hand()), f"latent: the tiger: {tiger['full_value']}")
    with tempfile.TemporaryDirectory() as folder:
        one = written(folder, "one.json", {"observations": 1, "emissions": [[0, 0, "1"], [1, 0, "1"]]})
        blind = answer("latent", "--model", model, "--observations", one, "--memory", "none", "--codes", 1)
        expect(blind["full_value"] == "27/10", "latent: a blind listener")
        expect(blind["objectives"][0]["loss"] == "0", "latent: nothing to reconstruct")
        bad = written(folder, "bad.json", {"observations": 1, "emissions": [[0, 0, "1"]]})
        refused("latent", "--model", model, "--observations", bad, words=["bad.json", "state 1"])
    refused("latent", "--observations", seen, words="--model")
    refused("latent", "--memory", "code", words="--memory")
    refused("latent", "--free-bits", "1", words="--free-bits")
    refused("latent", "--kl-weight", "1", words="--kl-weight")
    refused("latent", "--world", "announced-turn", "--kl-weight", "x", words="--kl-weight")
    refused("latent", "--world", "announced-turn", "--free-bits", "-1", words="negative")
    refused("latent", "--world", "announced-turn", "--codes", 8, words="65536")
    refused("latent", "--world", "announced-turn", "--factor", "a=0", words="--factor")
    refused("latent", "--world", "driving", "--model", model, words="--model")
    refused("latent", "--model", model, "--observations", seen, "--policy", "optimal", words="stationary")


def tiger_by_hand():
    """The best of three steps, by the chance of a tiger left, which is all that matters of what was heard."""
    right, wrong = Fraction(17, 20), Fraction(3, 20)

    def best(left, steps):
        """From the chance `left` before hearing; a door that is opened hides the tiger anew."""
        if steps == 0:
            return Fraction(0)
        total = Fraction(0)
        for heard in (0, 1):
            masses = (left * (right if heard == 0 else wrong), (1 - left) * (wrong if heard == 0 else right))
            seen = sum(masses)
            now = masses[0] / seen
            listen = Fraction(9, 10) + best(now, steps - 1)
            open_left, open_right = 1 - now, now
            total += seen * max(listen, max(open_left, open_right) + best(HALF, steps - 1))
        return total

    return best(HALF, 3)


def check_readable_instances():
    """A recurrent counterexample is shown part by part."""
    _, out, _ = run("check", "latent.filtering_encoder", "--instances", 500)
    for words in ("The model, h = 0 at the start", "h  z  p(z|h)  f(h,z,0)  p(x|h,z)", "The encoder", "episode"):
        expect(words in out, f"check: a recurrent instance lacks {words!r}: {out}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "observed.json"
        file.write_text(json.dumps({
            "format": "lemmacheck-certificate", "version": 1, "claim": "latent.observed_likelihood", "source": "section 15.4",
            "relation": "==", "kind": "tightness", "at": {}, "lhs": "1", "rhs": "1",
            "instance": {"horizon": 1, "model": {"states": 1, "actions": 1, "initial": [[0, "1"]], "transitions": [[0, 0, 0, "1"]],
                                                 "rewards": [[0, 0, "0"]]}, "policy": [[0, 0, "1"]],
                         "numbers": {"emission": ["1"], "codes": ["0", "1", "0"], "observations": ["0"]}}}))
        _, out, _ = run("replay", file)
    for words in ("What is seen of a state", "x  at the start  after code 0  after code 1"):
        expect(words in out, f"check: an observed instance lacks {words!r}: {out}")


def npy(array_type, shape, data):
    """The bytes that numpy.save writes."""
    header = f"{{'descr': '{array_type}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def enumerated(tables, observations, actions):
    """Likelihood and ELBO over all sequences of codes."""
    numbers = lambda table: [numbers(row) for row in table] if isinstance(table, list) else Fraction(table)
    encoder, dynamics, decoder = (numbers(tables[name]) for name in ("encoder", "dynamics", "decoder"))
    likelihood, elbo = Fraction(0), 0.0
    for codes in itertools.product(range(len(dynamics[0])), repeat=len(observations)):
        h, joint, encoded = 0, Fraction(1), Fraction(1)
        for t, (z, x) in enumerate(zip(codes, observations)):
            joint *= dynamics[h][z] * decoder[h][z][x]
            encoded *= encoder[x][h][z]
            h = tables["sequence"][h][z][actions[t]] if t < len(actions) else h
        likelihood += joint
        if encoded:
            elbo += float(encoded) * (math.log(joint / encoded) if joint else -math.inf)
    return likelihood, elbo


def check_latent_files():
    example = SOURCE / "examples/latent/last_code.json"
    expect(answer("latent", "check", example)["accepted"] is True, "latent check: the example")
    tables = json.loads(example.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        episodes = [(x, a) for x in itertools.product((0, 1), repeat=3) for a in itertools.product((0, 1), repeat=2)]
        model = {name: tables[name] for name in ("sequence", "encoder", "dynamics", "decoder")}
        enumeration = [enumerated(tables, *episode) for episode in episodes]
        logs = {"observations": [x for x, _ in episodes], "actions": [a for _, a in episodes],
                "log_likelihood": [math.log(p) for p, _ in enumeration],
                "elbo": ["-infinity" if bound == -math.inf else bound for _, bound in enumeration]}
        found = answer("latent", "check", written(folder, "all.json", {**model, **logs}))
        expect(found["accepted"] and len(found["checks"]) == 6, f"latent check: likelihoods by enumeration: {found}")
        logs["log_likelihood"][5] += 0.001
        found = answer("latent", "check", written(folder, "off.json", {**model, **logs}), code=1)
        first = [check["first"] for check in found["checks"] if check["verdict"] == "violated"]
        expect(len(first) == 1 and first[0]["place"].endswith("/log_likelihood[5]"), f"latent check: a likelihood off: {first}")
        expect(answer("latent", "check", Path(folder, "off.json"), "--tolerance", "0.01")["accepted"], "latent check: a wide tolerance")

        run_folder = Path(folder, "run")
        run_folder.mkdir()
        rows = [0.5, 0.5, 0.25, 0.75]
        for name, data in (("posterior", rows), ("prior", [0.5] * 4)):
            Path(run_folder, name + ".npy").write_bytes(npy("<f4", "(1, 2, 2)", struct.pack("<4f", *rows if name == "posterior" else data)))
        divergence = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
        Path(run_folder, "kl.npy").write_bytes(npy(">f8", "(1, 2)", struct.pack(">2d", 0, divergence)))
        expect(answer("latent", "check", run_folder)["accepted"], "latent check: a folder of arrays")
        Path(run_folder, "kl.npy").write_bytes(npy("<f4", "(1, 2)", struct.pack("<2f", 0, divergence / math.log(2))))
        status, out, _ = run("latent", "check", run_folder)
        expect(status == 1 and "kl.npy[0][1]: found 0.188721" in out, f"latent check: bits for nats: {out}")
        Path(run_folder, "kl.npy").write_bytes(b"no array")
        refused("latent", "check", run_folder, words=["kl.npy", "no NPY file"])

        refused("latent", "check", written(folder, "x.json", {"klx": [1]}), words=["x.json", "/klx", "posterior"])
        refused("latent", "check", written(folder, "x.json", {"kl_loss": [1]}), words="free bits needs kl, free_bits")
        refused("latent", "check", written(folder, "x.json", "[1]"), words="named tables")
        refused("latent", "check", Path(folder, "absent"), words="cannot be opened")
        empty = Path(folder, "empty")
        empty.mkdir()
        refused("latent", "check", empty, words="no .npy file")
    refused("latent", "check", example, "--tolerance", "1", words="--tolerance")
    refused("latent", "check", example, "--tolerance", "x", words="--tolerance")
    refused("latent", "check", example, "--codes", 3, words="--codes")
    refused("latent", "check", words="PATH")


def check_logs():
    """Scalars, NPZ files and what is no number, at the command line."""
    rows = [{"step": 100 * i, "train": {"kl": 0.5 * i, "kl_loss": max(1, 0.5 * i), "image_loss": 50 - i * i, "model_loss": 50 - i * i + 0.1 * max(1, 0.5 * i)}, "note": "x"} for i in range(1, 8)]
    with tempfile.TemporaryDirectory() as folder:
        metrics = Path(folder, "metrics.jsonl")
        write = lambda: metrics.write_text("".join(json.dumps(row) + "\n" for row in rows))
        write()
        found = answer("log", "check", metrics, "--set", "free_bits=1")
        expect(found["accepted"] and found["read_as"] == {"kl": "train/kl", "kl_loss": "train/kl_loss", "total": "train/model_loss"}, f"log check: how keys are read: {found}")
        expect(found["unused"] == [] and [figure["value"] for figure in found["figures"]] == ["1", "1/10"], f"log check: weights: {found}")
        expect(answer("latent", "check", folder, "--set", "free_bits=1") == {**found, "file": folder}, "latent check: a folder with metrics.jsonl")
        laws = {check["law"]: check for check in answer("log", "check", metrics, "--set", "free_bits=2", code=1)["checks"]}
        expect(laws["free bits of means"]["diagnosis"] == "fits with between 0.5 and 1 free bits" and laws["free bits of means"]["first"]["place"].endswith(":1 (step 100): train/kl_loss"), f"log check: other free bits: {laws}")
        rows[3]["train"]["kl"] = math.nan
        write()
        laws = {check["law"]: check for check in answer("log", "check", metrics, code=1)["checks"]}
        expect(laws["numbers"]["first"]["place"].endswith(":4 (step 400): train/kl") and laws["numbers"]["first"]["found"] == "NaN", f"log check: the first step that is no number: {laws}")
        rows[3]["eval"] = {"kl": 1}
        write()
        refused("log", "check", metrics, words=["eval/kl and train/kl", "--as kl=eval/kl"])
        refused("log", "check", metrics, "--as", "kl=kl", words="no kl")
        refused("log", "check", metrics, "--set", "free_bits", words="free_bits=1")
        refused("log", "check", metrics, "--as", "kl=eval/kl", "--parts", "image_loss", words="no image_loss")
        metrics.write_text("{\"kl\": 1}\nkl=2\n")
        refused("log", "check", metrics, words=["metrics.jsonl:2", "not valid JSON"])
        tables = written(folder, "tables.json", {"kl": [0.5, 2], "kl_loss": [1.2, 2.1], "free_bits": 1})
        expect(not answer("log", "check", tables, code=1)["accepted"], "log check: divergences place by place")
        expect(answer("log", "check", tables, "--scalars")["accepted"], "log check: means, with --scalars")
        refused("log", "check", tables, "--as", "kl=kl", words="--scalars")
        refused("log", words="check")
        try:
            import numpy
        except ImportError:
            print("no numpy: NPZ is not tried")
            return
        npz = Path(folder, "log.npz")
        numpy.savez_compressed(npz, kl=numpy.array([[0.5, 2.0]], dtype="float32"), kl_loss=numpy.array([[1.0, 2.0]], dtype="float32"))
        expect(answer("log", "check", npz, "--set", "free_bits=1")["accepted"], "log check: an NPZ file")


def check_several():
    document = answer("try", "H*(H-1)/2*eps", "H*(H-1)/2*delta", "H*(H-1)/9*eps", "1/0", code=1)
    order = [(b["verdict"], b["expression"]) for b in document["bounds"]]
    expect(order == [("holds", "H*(H-1)/2*delta"), ("holds", "H*(H-1)/2*eps"), ("undecided", "1/0"),
                     ("violated", "H*(H-1)/9*eps")], f"try: ranking {order}")
    expect(run("try", "1/0")[0] == 3, "try: undecided is exit code 3")
    expect(run("try", "--", "-H")[0] == 1, "try: an expression that begins with a minus")
    with tempfile.TemporaryDirectory() as folder:
        file = written(folder, "bounds.txt", "# ours\nH*(H-1)/2*eps\ncertainty-equivalence: H*(H-1)*eps # twice\n\n")
        expect(len(answer("try", "--file", file)["bounds"]) == 2, "try: a file")
        refused("try", "--file", written(folder, "a.txt", "H\nH*\n"), words=["a.txt, line 2", "column 3"])
        refused("try", "--file", written(folder, "b.txt", "regret: H\n"), words=["line 1", "regret"])
        refused("try", "--file", written(folder, "c.txt", "# nothing\n"), words="no bound")
        refused("try", "--file", Path(folder, "none.txt"), words="none.txt")


def check_syntax():
    for text, words in (("H*(H-1)/2*epz", ["column 11", "epz", "delta"]), ("H*(H-1", ["column 7", "')'"]),
                        ("H**2", ["column 3", "^"]), ("3 +", ["column 4", "number"]), ("foo(3)", ["foo", "sqrt"]),
                        ("sum(H,0,1,2)", "another"), ("sum(k,0,3)", "4 arguments"), ("k", "variable k"),
                        ("sqrt()", "column 6"), ("H*eps @", "column 7"), ("sum(k,0,H,sum(k,0,1,1))", "has a meaning"),
                        ("1.5.2*H", "column"), ("abs(1,2)", "abs takes")):
        refused("try", text, words=words)
    refused("try", "H", "H*(", words="column")
    refused("try", "sum(k, 0, 90000, 1)", words="10000 terms")
    refused("try", "sum(k, 0, 9000, 1/(k+1))", words="digits")
    refused("try", "H^10000000", words="exponent")
    refused("try", words="a bound is needed")
    refused("try", "H", "--for", "regret", words="certainty-equivalence")


def brute_force(model, radius, horizon, lowest):
    """The extreme value of an uncontrolled model, trying every vertex of every row's ball at every step.

    A vertex moves all the mass it may from successors, in some order, to one state.
    """
    n = model["states"]
    rows = {(s, a): {t: Fraction(p) for s2, a2, t, p in model["transitions"] if (s2, a2) == (s, a)}
            for s in range(n) for a in range(model["actions"])}
    rewards = {(s, a): Fraction(r) for s, a, r in model["rewards"]}
    values = [Fraction(0)] * n
    for step in range(horizon):
        new = []
        for s in range(n):
            here = []
            if step == 0:
                here.append(Fraction(0))
            else:
                for receiver in range(n):
                    for order in itertools.permutations(range(n)):
                        row, left = dict(rows[s, 0]), radius / 2
                        for donor in order:
                            moved = min(left, row.get(donor, Fraction(0)))
                            if donor == receiver:
                                continue
                            row[donor] = row.get(donor, Fraction(0)) - moved
                            row[receiver] = row.get(receiver, Fraction(0)) + moved
                            left -= moved
                        here.append(sum(p * values[t] for t, p in row.items()))
                here.append(sum(p * values[t] for t, p in rows[s, 0].items()))
            new.append(rewards.get((s, 0), Fraction(0)) + (min(here) if lowest else max(here)))
        values = new
    return sum(Fraction(p) * values[s] for s, p in model["initial"])


def check_worst_case():
    with tempfile.TemporaryDirectory() as folder:
        leak = written(folder, "leak.json", two_states())
        for delta in (Fraction(1, 100), TENTH, HALF, Fraction(1)):
            for horizon in (1, 2, 5, 9):
                found = answer("worst-case", "--model", leak, "--eps", 2 * delta, "--horizon", horizon, "--stationary")
                expect(Fraction(found["nominal"]) - Fraction(found["lowest"]) == sharp(delta, horizon),
                       f"worst-case: the leak chain at {delta}, {horizon}")
                expect(found["highest"] == found["nominal"], "worst-case: nothing above")
                expect(horizon == 1 or found["sharp_ratio"] == "1", "worst-case: the sharp bound is reached")
                expect(found["stationary"]["lowest"]["closed"], "worst-case: a stationary model attains it")
        three = {"states": 3, "actions": 1, "initial": [[0, "1/2"], [1, "1/2"]], "rewards": [[0, 0, "1/3"], [2, 0, "1"]],
                 "transitions": [[0, 0, 0, "1/2"], [0, 0, 1, "1/2"], [1, 0, 0, "1/4"], [1, 0, 1, "1/4"], [1, 0, 2, "1/2"],
                                 [2, 0, 2, "9/10"], [2, 0, 0, "1/10"]]}
        file = written(folder, "three.json", three)
        for radius in (Fraction(1, 7), Fraction(2, 3), Fraction(2)):
            for horizon in (1, 2, 3, 4):
                found = answer("worst-case", "--model", file, "--eps", radius, "--horizon", horizon)
                for key, lowest in (("lowest", True), ("highest", False)):
                    expect(Fraction(found[key]) == brute_force(three, radius, horizon, lowest),
                           f"worst-case: {key} at {radius}, {horizon}")
        check_outputs(folder, file)
        refused("worst-case", "--model", file, "--eps", "3", "--horizon", 2, words=["--eps 3", "between 0 and 2"])
        refused("worst-case", "--model", file, "--eps", "x", "--horizon", 2, words="--eps x")
        refused("worst-case", "--model", file, "--horizon", 2, words="--eps")
        radii = written(folder, "radii.json", {"radii": [[9, 0, "1"]]})
        refused("worst-case", "--model", file, "--eps", 0, "--horizon", 2, "--radii", radii, words="/radii/0/0")
        radii = written(folder, "radii.json", {"radii": [[0, 0, "5/2"]]})
        refused("worst-case", "--model", file, "--eps", 0, "--horizon", 2, "--radii", radii, words=["/radii/0", "5/2"])
        radii = written(folder, "radii.json", {"radii": [[0, 0, "1"], [0, 0, "0"]]})
        refused("worst-case", "--model", file, "--eps", 0, "--horizon", 2, "--radii", radii, words=["/radii/1", "already"])
        radii = written(folder, "radii.json", {"radii": [[0, 0, "1"]]})
        found = answer("worst-case", "--model", leak, "--eps", 0, "--horizon", 3, "--radii", radii)
        expect(Fraction(found["nominal"]) - Fraction(found["lowest"]) == sharp(HALF, 3), "worst-case: radii of single pairs")
        kept = answer("worst-case", "--model", leak, "--eps", 1, "--horizon", 3, "--support", "keep")
        expect(kept["lowest"] == kept["nominal"] == kept["highest"], "worst-case: sure rows keep their support")


def check_outputs(folder, file):
    out = Path(folder, "out")
    found = answer("worst-case", "--model", file, "--eps", "0.1", "--horizon", 4, "--out", out)
    for name in ("lowest", "highest"):
        value = answer("evaluate", "--model", out / f"{name}.json", "--horizon", 4, "--policy", out / "policy.json")["value"]
        expect(value == found[name], f"worst-case: {name}.json has another value")
    compared = answer("compare", "--model", file, "--perturbed", out / "lowest.json", "--horizon", 4, "--policy", out / "policy.json")
    expect(Fraction(compared["l1"]) <= TENTH, "worst-case: the worst model is too far away")
    expect(run("verify", out / "certificate.json")[0] == 0, "worst-case: the certificate")
    lake = answer("worst-case", "--model", LAKE, "--eps", "1/10", "--horizon", 10)
    expect(Fraction(lake["lowest"]) <= Fraction(lake["nominal"]) == Fraction(815, 19683) <= Fraction(lake["highest"]), "lake")
    expect(Fraction(lake["robust_value"]) >= Fraction(lake["lowest"]), "worst-case: the robust plan is surer")


def check_average_in_one_line():
    """Words of averages choose the MDP's criterion."""
    for claim in ("for all s: gain^pi(s) <= gain^*(s)", "for all s: d_inf^pi(s) <= 1", "span bias^pi >= 0"):
        found = answer("try", claim)
        expect(found["verdict"] != "violated" and "T, average, rho)" in json.dumps(found), f"try {claim}: {found}")


def main():
    for check in (check_true_bounds, check_false_bounds, check_more_quantities, check_asked_point, check_drawing, check_repair,
                  check_special_flags, check_latent, check_observed_worlds, check_readable_instances, check_latent_files, check_logs, check_several, check_syntax, check_worst_case, check_average_in_one_line):
        check()
    finish("bounds and worst cases")


if __name__ == "__main__":
    main()
