#!/usr/bin/env python3
"""The schemas in docs/schemas/ against the files that lemmacheck reads and writes.

Usage: schema_test.py LEMMACHECK_BINARY SOURCE_DIR

Every example model, every certificate of a run and a saved policy must be valid; broken
documents must be refused by the schema and by the program.  Exit status: 0 all well,
1 something is wrong, 77 (skipped) without the Python package jsonschema.
"""

import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from jsonschema import Draft7Validator
except ImportError:
    print("skipped: the Python package jsonschema is not installed")
    sys.exit(77)

MODEL = {
    "name": "two doors", "states": 2, "actions": 1, "initial": [[0, "1"]],
    "transitions": [[0, 0, 0, "1/3"], [0, 0, 1, "2/3"], [1, 0, 1, 1]],
    "rewards": [[1, 0, "-1/2"]], "horizon": 3, "state_names": ["out", "in"], "action_names": ["go"],
}
VARYING_MODEL = {
    "states": 1, "actions": 2, "initial": [[0, 1]], "rewards": [],
    "transitions": [[h, 0, a, 0, "1"] for h in (1, 2) for a in (0, 1)],
}
POLICY = {"policy": [[0, 0, "1"], [1, 0, "1"]]}
TIMED_POLICY = {"policy": [[h, s, 0, "1"] for h in (1, 2) for s in (0, 1)]}
CERTIFICATE = {
    "format": "lemmacheck-certificate", "version": 1, "claim": "sim.eq_15_3", "source": "eq. (15.3)",
    "relation": "==", "kind": "tightness", "at": {"step": 2, "state": 1}, "lhs": "0", "rhs": "0",
    "instance": {"horizon": 2, "model": {**MODEL, "rewards": []}, "perturbed": {**MODEL, "rewards": []},
                 "policy": POLICY["policy"]},
    "origin": {"seed": 5, "instance": 12},
}
NUMBERS_CERTIFICATE = {
    "format": "lemmacheck-certificate", "version": 1, "claim": "sim.lemma_2", "source": "lemma 2",
    "relation": "<=", "kind": "tightness", "at": {}, "lhs": "1", "rhs": 1,
    "instance": {"horizon": 1, "numbers": {"a": ["1/2"], "b": ["-1/2"], "c": [0]}},
}
LEARNING_CERTIFICATE = {  # one state and one step: any policy earns 1
    "format": "lemmacheck-certificate", "version": 1, "claim": "learn.hybrid_in_a_class", "source": "algorithm 2",
    "relation": "<=", "kind": "tightness", "at": {}, "lhs": "1", "rhs": "1 + 0*log(2)",
    "instance": {"horizon": 1, "model": {**VARYING_MODEL, "transitions": [[0, 0, 0, 1], [0, 1, 0, 1]],
                                         "rewards": [[0, 0, 1], [0, 1, 1]]},
                 "policy": [[0, 0, "1"]], "other_policy": [[0, 1, "1"]], "known": [[0, 0]]},
}
LEARNING_CERTIFICATE["instance"]["perturbed"] = LEARNING_CERTIFICATE["instance"]["model"]
CLASS_CERTIFICATE = {  # a fair coin and its model, which says 1/4
    "format": "lemmacheck-certificate", "version": 1, "claim": "sysid.no_regret_log_loss",
    "source": "Ross & Bagnell (2012), no-regret theorem",
    "relation": "<=", "kind": "tightness", "at": {}, "lhs": "0", "rhs": "2*log(2) - 1*log(3)",
    "instance": {"horizon": 2, "model": {**MODEL, "rewards": [], "transitions": [
        [s, 0, t, "1/2"] for s in (0, 1) for t in (0, 1)]}, "policy": POLICY["policy"],
                 "sampling": [[0, 0, "1"]], "numbers": {"rounds": ["3"]}},
}
CLASS_CERTIFICATE["instance"]["model_class"] = [{**CLASS_CERTIFICATE["instance"]["model"], "transitions": [
    [s, 0, t, f"{1 + 2 * t}/4"] for s in (0, 1) for t in (0, 1)]}]

# What breaks a document: (name, change).
BROKEN_MODELS = [
    ("an unknown key", lambda m: m.update(discount="1/2")),
    ("no states", lambda m: m.pop("states")),
    ("no rewards", lambda m: m.pop("rewards")),
    ("0 states", lambda m: m.update(states=0)),
    ("the number of actions as a string", lambda m: m.update(actions="1")),
    ("a float as a probability", lambda m: m["transitions"][0].__setitem__(3, 0.5)),
    ("a float as a reward", lambda m: m["rewards"][0].__setitem__(2, -0.5)),
    ("a decimal in a string", lambda m: m["transitions"][0].__setitem__(3, "0.5")),
    ("a denominator 0", lambda m: m["rewards"][0].__setitem__(2, "1/0")),
    ("a space in a fraction", lambda m: m["rewards"][0].__setitem__(2, "1 /2")),
    ("a negative probability", lambda m: m["initial"].append([1, "-1/2"])),
    ("a negative state", lambda m: m["transitions"][0].__setitem__(2, -1)),
    ("transitions of 3 entries", lambda m: m["transitions"][0].pop()),
    ("transitions of 4 and 5 entries", lambda m: m["transitions"][0].insert(0, 1)),
    ("transitions of 6 entries", lambda m: [t.extend([1, 1]) for t in m["transitions"]]),
    ("rewards of 4 entries", lambda m: m["rewards"][0].append(1)),
    ("no transitions", lambda m: m.update(transitions=[])),
    ("a horizon 0", lambda m: m.update(horizon=0)),
    ("a number as a state name", lambda m: m.update(state_names=["out", 1])),
]
BROKEN_POLICIES = [
    ("an unknown key", lambda p: p.update(name="left")),
    ("no policy", lambda p: p.pop("policy")),
    ("an empty policy", lambda p: p.update(policy=[])),
    ("entries of 3 and 4 parts", lambda p: p["policy"][0].insert(0, 1)),
    ("a float", lambda p: p["policy"][0].__setitem__(2, 1.5)),
    ("a step 0", lambda p: p.update(policy=[[0, 0, 0, "1"], [0, 1, 0, "1"]])),
]
OBSERVATIONS = {"observations": 2, "emissions": [[0, 0, "3/4"], [0, 1, "1/4"], [1, 1, 1]], "continues": [[1, "1/2"]],
                "factors": {"door": [0, 1]}}
BROKEN_OBSERVATIONS = [
    ("an unknown key", lambda o: o.update(states=2)),
    ("no number of observations", lambda o: o.pop("observations")),
    ("no observations", lambda o: o.update(observations=0)),
    ("no emissions", lambda o: o.update(emissions=[])),
    ("a float", lambda o: o["emissions"][0].__setitem__(2, 0.75)),
    ("an entry of two", lambda o: o["emissions"][0].pop()),
    ("a negative chance to go on", lambda o: o["continues"][0].__setitem__(1, "-1/2")),
    ("a factor that is no list", lambda o: o["factors"].update(door=1)),
    ("a list of factors", lambda o: o.update(factors=[])),
]
BROKEN_CERTIFICATES = [
    ("an unknown key", lambda c: c.update(note="")),
    ("no left side", lambda c: c.pop("lhs")),
    ("no point", lambda c: c.pop("at")),
    ("another format", lambda c: c.update(format="certificate")),
    ("version 2", lambda c: c.update(version=2)),
    ("a relation <", lambda c: c.update(relation="<")),
    ("an unknown kind", lambda c: c.update(kind="proof")),
    ("a float", lambda c: c.update(rhs=0.5)),
    ("a negative step", lambda c: c["at"].update(step=-1)),
    ("an unknown key in the point", lambda c: c["at"].update(time=1)),
    ("an unknown key in the instance", lambda c: c["instance"].update(gamma="1/2")),
    ("an unknown key in a model", lambda c: c["instance"]["model"].update(gamma="1/2")),
    ("no horizon", lambda c: c["instance"].pop("horizon")),
    ("a policy without a model", lambda c: c["instance"].pop("model")),
    ("a list where a point is expected", lambda c: c.update(at=[2, 1])),
    ("no seed in the origin", lambda c: c["origin"].pop("seed")),
    ("a space before a logarithm", lambda c: c.update(lhs=" log(2)")),
    ("the logarithm of 1", lambda c: c.update(lhs="0*log(1)")),
    ("the logarithm of a fraction", lambda c: c.update(lhs="0*log(4/2)")),
    ("a sum with infinity", lambda c: c.update(lhs="infinity - infinity")),
    ("a sum without a logarithm", lambda c: c.update(lhs="0 + 0")),
]
BROKEN_LEARNING_CERTIFICATES = [
    ("a negative round", lambda c: c["at"].update(round=-1)),
    ("a round as a string", lambda c: c["at"].update(round="1")),
    ("a large round", lambda c: c["at"].update(round=100001)),
    ("no known pairs, but null", lambda c: c["instance"].update(known=None)),
    ("a known pair of 1 entry", lambda c: c["instance"]["known"][0].pop()),
    ("a known pair of 3 entries", lambda c: c["instance"]["known"][0].append(0)),
    ("a known pair of strings", lambda c: c["instance"].update(known=[["0", "0"]])),
    ("a known pair with a negative state", lambda c: c["instance"].update(known=[[-1, 0]])),
    ("a known pair twice", lambda c: c["instance"]["known"].append([0, 0])),
    ("known pairs without a model", lambda c: c.update(instance={"horizon": 1, "known": []})),
]
BROKEN_CLASS_CERTIFICATES = [
    ("a float as a number of rounds", lambda c: c["instance"]["numbers"].update(rounds=[2.5])),
    ("an empty class", lambda c: c["instance"]["model_class"].clear()),
    ("an object for a class", lambda c: c["instance"].update(model_class={})),
    ("a number in a class", lambda c: c["instance"]["model_class"].append(1)),
    ("an unknown key in a model of a class", lambda c: c["instance"]["model_class"][0].update(gamma="1/2")),
    ("a class without a model", lambda c: c["instance"].pop("model")),
    ("a denominator 0 in a sum", lambda c: c.update(lhs="log(2) - 1/0*log(3)")),
]


class Test:
    """What was found wrong, and the commands to ask."""

    def __init__(self, binary, source, folder):
        self.binary, self.source, self.folder = binary, source, folder
        self.faults, self.valid, self.refused = [], 0, 0
        self.schemas = {kind: self.schema(kind) for kind in ("model", "policy", "certificate", "lemma_certificate", "observations", "report")}

    def schema(self, kind):
        """The parsed schema; it must be one."""
        schema = read(self.source / "docs" / "schemas" / f"{kind}.schema.json")
        Draft7Validator.check_schema(schema)
        return schema

    def run(self, *arguments):
        """The finished process; the program must not crash."""
        done = subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in (0, 1, 2, 3):
            self.faults.append(f"lemmacheck {arguments[0]}: exit code {done.returncode}")
        return done

    def accepts(self, kind, document, name):
        """The document must be valid."""
        self.valid += 1
        for error in Draft7Validator(self.schemas[kind]).iter_errors(document):
            place = "/".join(map(str, error.absolute_path))
            self.faults.append(f"{name}: the {kind} schema refuses /{place}: {error.message[:200]}")

    def refuses(self, kind, good, breakages, program):
        """Each breakage of the good document must be refused by the schema and by the program."""
        self.accepts(kind, good, f"a good {kind}")
        file = self.folder / "broken.json"
        if program(write(file, good)).returncode != 0:
            self.faults.append(f"lemmacheck refuses a good {kind}: {program(file).stderr}")
        for name, breakage in breakages:
            self.refused += 1
            document = copy.deepcopy(good)
            breakage(document)
            if Draft7Validator(self.schemas[kind]).is_valid(document):
                self.faults.append(f"the {kind} schema accepts {name}")
            if program(write(file, document)).returncode == 0:
                self.faults.append(f"lemmacheck accepts a {kind} with {name}")

    def shares_definitions(self):
        """The files stand alone, so what they have in common must be the same in all."""
        whole = self.schemas["certificate"]["definitions"]
        for kind in ("model", "policy", "observations"):
            for name, definition in self.schemas[kind]["definitions"].items():
                if definition != whole[name]:
                    self.faults.append(f"{kind}.schema.json and certificate.schema.json differ in {name}")
        model = {key: self.schemas["model"][key] for key in whole["model"]}
        if model != whole["model"]:
            self.faults.append("model.schema.json and certificate.schema.json differ in the model")


def read(file):
    """The JSON value in a file."""
    return json.loads(Path(file).read_text(encoding="utf-8"))


def write(file, document):
    """Writes the document and returns the file."""
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def check_files(test):
    """All that the project ships and the program writes must be valid."""
    for file in sorted((test.source / "examples" / "models").glob("*.json")):
        test.accepts("model", read(file), file.name)
    for kind, name in (("model", "tiger"), ("observations", "tiger_observations")):
        test.accepts(kind, read(test.source / "examples" / "latent" / f"{name}.json"), name)
    certificates = test.folder / "certificates"
    test.run("--quiet", "check", "--instances", 400, "--out", certificates)
    files = sorted(certificates.glob("*.json"))
    if not files:
        test.faults.append("lemmacheck check wrote no certificate")
    for file in files:
        certificate = read(file)
        test.accepts("lemma_certificate" if "lemma" in certificate else "certificate", certificate, file.name)
    test.run("report", "--instances", 60, "--out", test.folder / "report")
    report = read(test.folder / "report" / "report.json")
    test.accepts("report", report, "report.json")
    for key in ("comparison", "claims", "format"):  # the schema can refuse
        if Draft7Validator(test.schemas["report"]).is_valid({name: value for name, value in report.items() if name != key}):
            test.faults.append(f"the report schema accepts a report without {key}")
    model, policy = write(test.folder / "model.json", MODEL), test.folder / "policy.json"
    test.run("evaluate", "--model", model, "--horizon", 3, "--save-policy", policy)
    test.accepts("policy", read(policy), "the saved policy")


def check_documents(test):
    """Good and broken documents: schema and program must say the same."""
    model = write(test.folder / "model.json", MODEL)

    def evaluate(file):
        return test.run("evaluate", "--horizon", 3, "--policy", "uniform", "--model", file)

    def evaluate_policy(file):
        return test.run("evaluate", "--horizon", 3, "--model", model, "--policy", file)

    def observe(file):
        return test.run("latent", "--horizon", 1, "--memory", "none", "--model", model, "--observations", file)

    def verify(file):
        return test.run("verify", file)
    test.refuses("model", MODEL, BROKEN_MODELS, evaluate)
    test.refuses("model", VARYING_MODEL, BROKEN_MODELS[:2], evaluate)
    test.refuses("policy", POLICY, BROKEN_POLICIES, evaluate_policy)
    test.refuses("policy", TIMED_POLICY, BROKEN_POLICIES[:2], evaluate_policy)
    test.refuses("observations", OBSERVATIONS, BROKEN_OBSERVATIONS, observe)
    test.refuses("certificate", CERTIFICATE, BROKEN_CERTIFICATES, verify)
    test.refuses("certificate", NUMBERS_CERTIFICATE, BROKEN_CERTIFICATES[:2], verify)
    test.refuses("certificate", LEARNING_CERTIFICATE, BROKEN_LEARNING_CERTIFICATES, verify)
    test.refuses("certificate", CLASS_CERTIFICATE, BROKEN_CLASS_CERTIFICATES, verify)
    for side in ("infinity", "-log(2)", "1/2 + 3/4*log(3) - log(5)", "log(02)-0*log(10)  +  1/2"):
        test.accepts("certificate", {**CERTIFICATE, "lhs": side}, f"the side {side}")


def main(arguments):
    """The exit status."""
    if len(arguments) != 2:
        print("usage: schema_test.py LEMMACHECK_BINARY SOURCE_DIR", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        test = Test(arguments[0], Path(arguments[1]), Path(folder))
        test.shares_definitions()
        check_files(test)
        check_documents(test)
    for fault in test.faults:
        print(fault)
    print(f"{test.valid} valid documents, {test.refused} broken ones, {len(test.faults)} faults")
    return 1 if test.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
