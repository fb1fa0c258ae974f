#!/usr/bin/env python3
"""Right certificates are accepted and tampered ones rejected, by both checkers.

Usage: certificate_test.py LEMMACHECK_BINARY SOURCE_DIR

The checkers, `lemmacheck verify` and scripts/verify_certificate.py, share no code.  A
falsified certificate must be rejected.  A doubtful change (a longer horizon, another reward)
may leave both sides as they were: the checkers must say the same of it.  Besides, runs with
one thread and with two must print the same and write the same certificates.
Exit status: 0 all well, 1 something is wrong.
"""

import copy
import json
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

INSTANCES, SEED = 800, 5
TABLES = ("initial", "transitions", "policy", "other_policy", "sampling")  # rows which sum to 1
PARTS = TABLES[2:] + ("model", "perturbed", "next_state_rewards", "numbers")
KEYS = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs", "instance")
WRONG_VALUES = [
    ("source", "eq. (99.1)"), ("claim", "sim.nothing"), ("version", 2), ("format", "x"), ("kind", "proof"),
    ("relation", "<"), ("lhs", 0.5), ("lhs", "0.5"), ("rhs", "1/0"), ("rhs", None), ("at", []),
    ("origin", {"seed": 1}), ("comment", "")]
ALLOWED = {"unequal rewards": "sim.eq_15_7_own_rewards", "reward 2": "sim.sharp_any_rewards"}  # to these


def plus(number, difference):
    """An exact sum as a string."""
    return str(Fraction(number) + Fraction(difference))


def flipped(reward):
    """Another reward in [0, 1]."""
    return "1" if reward == "0" else "0"


def last_model(c):
    """The perturbed model, or the only one; IndexError without any."""
    return [c["instance"][key] for key in ("model", "perturbed") if key in c["instance"]][-1]


def table(c, key):
    """A list of entries which end in a probability: of the instance or of its last model."""
    return c["instance"].get(key) or last_model(c)[key]


def numbers(c):
    """The first list of numbers; KeyError without any."""
    return min(c["instance"]["numbers"].items())[1]


def make_negative(c):
    """A transition row which sums to 1, with a negative entry (with one state: an entry twice)."""
    model = last_model(c)
    *row, t, _ = model["transitions"][0]
    new = [[*row, t, "7/6"], [*row, (t + 1) % model["states"], "-1/6"]]
    model["transitions"] = [e for e in model["transitions"] if e[:-2] != row] + new


def set_rewards(c, reward, *which):
    """Gives (s=0, a=0) the reward `reward(r)` in these models, which must be there."""
    for rewards in [c["instance"][key]["rewards"] for key in which]:
        old = next((r for s, a, r in rewards if (s, a) == (0, 0)), "0")
        rewards[:] = [entry for entry in rewards if entry[:2] != [0, 0]] + [[0, 0, reward(old)]]


def falsifications():
    """(name, change): what makes any certificate wrong to which it can be done."""
    yield "lhs + 1", lambda c: c.update(lhs=plus(c["lhs"], 1))
    yield "rhs - 1/7", lambda c: c.update(rhs=plus(c["rhs"], "-1/7"))
    yield "sides swapped", lambda c: c.update(lhs=c["rhs"], rhs=c["lhs"])
    yield "kind flipped", lambda c: c.update(kind={"refutation": "tightness"}.get(c["kind"], "refutation"))
    yield "relation flipped", lambda c: c.update(relation={"<=": "=="}.get(c["relation"], "<="))
    for key, value in WRONG_VALUES:
        yield f"{key} = {value!r}", lambda c, k=key, v=value: c.update({k: v})
    for key in KEYS:
        yield f"no {key}", lambda c, k=key: c.pop(k)
    for key in PARTS + ("horizon",):
        yield f"no {key} in the instance", lambda c, k=key: c["instance"].pop(k)
    yield "step 99999", lambda c: c["at"].update(step=99999)
    yield "state 99999", lambda c: c["at"].update(state=99999)
    yield "no step", lambda c: c["at"].pop("step")
    yield "unknown key in the point", lambda c: c["at"].update(time=1)
    yield "horizon 0", lambda c: c["instance"].update(horizon=0)
    yield "unknown key in the instance", lambda c: c["instance"].update(discount="1/2")
    yield "a list of numbers too many", lambda c: c["instance"]["numbers"].update(z=["1"])
    yield "a number too many", lambda c: numbers(c).append("0")
    yield "a float among the numbers", lambda c: numbers(c).__setitem__(0, 0.5)
    for key in TABLES:
        yield f"{key}: sum 7/6", lambda c, k=key: table(c, k)[0].append(plus(table(c, k)[0].pop(), "1/6"))
        yield f"{key}: a float", lambda c, k=key: table(c, k)[0].__setitem__(-1, 1.0)
        yield f"{key}: an entry twice", lambda c, k=key: table(c, k).append(table(c, k)[0])
        yield f"{key}: the last entry missing", lambda c, k=key: table(c, k).pop()
        yield f"{key}: index 99999", lambda c, k=key: table(c, k)[0].__setitem__(-2, 99999)
        yield f"{key}: a part too many", lambda c, k=key: table(c, k)[-1].append("1")
    yield from model_falsifications()


def model_falsifications():
    """What makes a model wrong, or breaks a hypothesis of most claims about two models."""
    yield "a negative probability", make_negative
    yield "a state more", lambda c: last_model(c).update(states=last_model(c)["states"] + 1)
    yield "unknown key in a model", lambda c: last_model(c).update(discount="1/2")
    yield "no state names", lambda c: last_model(c).update(state_names=[])
    for key in ("states", "actions", "initial", "transitions", "rewards"):
        yield f"no {key} in a model", lambda c, k=key: last_model(c).pop(k)
    yield "unequal rewards", lambda c: set_rewards(c, flipped, "perturbed")
    yield "reward 2", lambda c: set_rewards(c, lambda _: "2", "model", "perturbed")
    yield "unequal initial distributions", lambda c: c["instance"]["perturbed"].update(
        initial=[[int(c["instance"]["model"]["initial"] == [[0, "1"]]), "1"]])


def doubtful_changes():
    """(name, change): what may or may not make a certificate wrong."""
    for key in ("step", "state", "action"):
        yield f"{key} + 1", lambda c, k=key: c["at"].update({k: c["at"][k] + 1})
    for more in (1, -1):
        yield f"horizon {more:+}", lambda c, n=more: c["instance"].update(horizon=c["instance"]["horizon"] + n)
    yield "models swapped", lambda c: c["instance"].update(
        model=c["instance"]["perturbed"], perturbed=c["instance"]["model"])
    yield "another reward", lambda c: set_rewards(c, flipped, "model", "perturbed")
    yield "another transition", lambda c: table(c, "transitions")[0].__setitem__(-2, 0)
    yield "another action", lambda c: table(c, "policy")[0].__setitem__(-2, 1)
    yield "another number", lambda c: numbers(c).__setitem__(0, plus(numbers(c)[0], 1))


UNREADABLE = {
    "cut off": lambda text: text[:-3], "empty": lambda text: "", "NaN": lambda text: "NaN",
    "two documents": lambda text: text + text,
    "a key twice": lambda text: text.replace('"at"', '"kind": "tightness", "at"', 1),
}


class Checkers:
    """Both checkers, asked in a folder of their own."""

    def __init__(self, binary, source, folder):
        self.folder, self.faults = folder, []
        self.commands = {"lemmacheck verify": [binary, "--json", "verify"], "verify_certificate.py": [
            sys.executable, str(source / "scripts" / "verify_certificate.py"), "--json"]}

    def run(self, checker, files):
        """The finished process."""
        return subprocess.run(self.commands[checker] + files, cwd=self.folder, capture_output=True, text=True)

    def verdicts(self, checker, files):
        """{file: accepted?}, of the files that the checker says something of."""
        done = self.run(checker, files)
        entries = json.loads(done.stdout)["certificates"] if done.stdout else []
        result = {entry["file"]: entry["accepted"] for entry in entries}
        if list(result) != files or done.returncode != (0 if all(result.values()) else 1):
            self.faults.append(f"{checker}: exit code {done.returncode}, {len(result)} verdicts on "
                               f"{len(files)} files: {done.stderr[:300]}")
        return result

    def judge(self, documents, wanted):
        """Asks both about {file: document}; `wanted` is the right answer, None: the same from both."""
        for file, document in documents.items():
            (self.folder / file).write_text(json.dumps(document), encoding="utf-8")
        first, second = (self.verdicts(checker, list(documents)) for checker in self.commands)
        for file in documents:
            answers = first.get(file), second.get(file)
            if answers not in ((True, True), (False, False)) or wanted not in (None, answers[0]):
                self.faults.append(f"{file}: accepted? {dict(zip(self.commands, answers))}")


def tampered(certificates, tamperings, faults):
    """{file: document}: each tampering on each certificate to which it can be done."""
    result = {}
    for name, change in tamperings:
        before = len(result)
        for claim, certificate in certificates.items():
            document = copy.deepcopy(certificate)
            try:
                change(document)
            except (KeyError, IndexError):
                continue  # it has no such part
            if document != certificate and ALLOWED.get(name) != claim:
                result[f"{claim}, {name}.json".replace("/", "|")] = document
        if len(result) == before:
            faults.append(f"the tampering \"{name}\" can be done to no certificate")
    return result


def check_unreadable(checkers, text):
    """Files which are no JSON document: exit code 2, or 1 where a checker can tell that much."""
    for name, spoil in UNREADABLE.items():
        (checkers.folder / f"{name}.json").write_text(spoil(text), encoding="utf-8")
        for checker in checkers.commands:
            code = checkers.run(checker, [f"{name}.json"]).returncode
            if code not in (1, 2):
                checkers.faults.append(f"{checker}: exit code {code} for a file that is {name}")


def run_check(binary, folder, threads):
    """Starts a run which writes certificates to folder/out."""
    folder.mkdir()
    options = {"--instances": INSTANCES, "--seed": SEED, "--threads": threads, "--out": "out"}
    words = [str(word) for option in options.items() for word in option]
    return subprocess.Popen([binary, "--json", "check", *words], cwd=folder, stdout=subprocess.PIPE)


def make_certificates(binary, folder, faults):
    """{claim: certificate} from two runs, which must not differ in a single byte."""
    folders = [folder / "one thread", folder / "two threads"]
    runs = [run_check(binary, place, threads) for threads, place in enumerate(folders, 1)]
    outputs = [run.communicate()[0] for run in runs]
    if not all(outputs) or any(run.returncode not in (0, 1) for run in runs):
        sys.exit(f"lemmacheck check ended with the exit codes {[run.returncode for run in runs]}")
    written = [{file.stem: file.read_bytes() for file in (place / "out").glob("*.json")} for place in folders]
    if outputs[0] != outputs[1]:
        faults.append("the output of check differs between one thread and two")
    if written[0] != written[1]:
        faults.append("the certificates differ between one thread and two")
    for claim in json.loads(outputs[0])["claims"]:
        makes_one = claim["max_ratio"] is not None or claim["expected"] == "violated"
        if makes_one and claim["id"] not in written[0]:
            faults.append(f"there is no certificate for {claim['id']}")
    return {claim: json.loads(text) for claim, text in sorted(written[0].items())}


def main(arguments):
    """The exit status."""
    if len(arguments) != 2:
        print("usage: certificate_test.py LEMMACHECK_BINARY SOURCE_DIR", file=sys.stderr)
        return 2
    binary, source = (Path(argument).resolve() for argument in arguments)
    with tempfile.TemporaryDirectory() as name:
        checkers = Checkers(str(binary), source, Path(name))
        faults = checkers.faults
        certificates = make_certificates(str(binary), Path(name), faults)
        wrong = tampered(certificates, falsifications(), faults)
        doubtful = tampered(certificates, doubtful_changes(), faults)
        checkers.judge({f"{claim}.json": c for claim, c in certificates.items()}, True)
        checkers.judge(wrong, False)
        checkers.judge(doubtful, None)
        check_unreadable(checkers, json.dumps(certificates["sim.lemma"]))
    print("\n".join(faults[:50] + [f"{len(certificates)} certificates, {len(wrong)} falsified, "
                                   f"{len(doubtful)} doubtful, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
