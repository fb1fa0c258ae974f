#!/usr/bin/env python3
"""Right certificates are accepted and tampered ones rejected, by both checkers.

Usage: certificate_test.py LEMMACHECK_BINARY SOURCE_DIR

The checkers, `lemmacheck verify` and scripts/verify_certificate.py, share no code.  A
falsified certificate must be rejected.  A doubtful change (a longer horizon, another reward)
may leave both sides as they were: the checkers must say the same of it.  The certificates
are those of a run, and, since a run writes none for an equality that holds, for every claim
some on instances that are drawn here, with the sides which the script computes.  Besides, runs
with one thread and with two must print the same and write the same certificates.
Exit status: 0 all well, 1 something is wrong.
"""

import copy
import importlib
import itertools
import json
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

INSTANCES, SEED = 250, 6
DRAWS, LOOPS, POINTS = 3, 6, 3  # instances that are drawn here for a claim, for one on loops, and points of one
TABLES = ("initial", "transitions", "policy", "other_policy", "sampling")  # rows which sum to 1
PARTS = TABLES[2:] + ("model", "perturbed", "known", "model_class", "numbers")
KEYS = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs", "instance")
WRONG_VALUES = [
    ("source", "eq. (99.1)"), ("claim", "sim.nothing"), ("version", 2), ("format", "x"), ("kind", "proof"),
    ("relation", "<"), ("lhs", 0.5), ("lhs", "0.5"), ("rhs", "1/0"), ("rhs", None), ("lhs", "log(1)"),
    ("rhs", "log(2) + infinity"), ("at", []), ("origin", {"seed": 1}), ("comment", "")]


def plus(number, difference):
    """An exact sum as a string; KeyError for infinity, to which nothing can be added."""
    if number == "infinity":
        raise KeyError(number)
    if "log" in number:
        return f"{number} {'-' if Fraction(difference) < 0 else '+'} {abs(Fraction(difference))}"
    return str(Fraction(number) + Fraction(difference))


def flipped(reward):
    """Another reward in [0, 1]."""
    return "1" if reward == "0" else "0"


def last_model(c):
    """The perturbed model, or the only one; IndexError without any."""
    return [c["instance"][key] for key in ("model", "perturbed") if key in c["instance"]][-1]


def all_models(c):
    """The models of an instance, of which there must be more than one."""
    models = c["instance"].get("model_class", []) + [c["instance"][key] for key in ("model", "perturbed")
                                                     if key in c["instance"]]
    return models if len(models) > 1 else [][0]


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


def set_rewards(models, reward):
    """Gives (s=0, a=0) the reward `reward(r)` in these models."""
    for rewards in [model["rewards"] for model in models]:
        old = next((r for s, a, r in rewards if (s, a) == (0, 0)), "0")
        rewards[:] = [entry for entry in rewards if entry[:2] != [0, 0]] + [[0, 0, reward(old)]]


def false_sides():
    """(name, change): what makes any certificate wrong to which it can be done."""
    yield "lhs + 1", lambda c: c.update(lhs=plus(c["lhs"], 1))
    yield "lhs + 1/1000", lambda c: c.update(lhs=plus(c["lhs"], "1/1000"))
    yield "rhs - 1/7", lambda c: c.update(rhs=plus(c["rhs"], "-1/7"))
    yield "sides swapped", lambda c: c.update(lhs=c["rhs"], rhs=c["lhs"])
    yield "kind flipped", lambda c: c.update(kind={"refutation": "tightness"}.get(c["kind"], "refutation"))
    yield "relation flipped", lambda c: c.update(relation={"<=": "=="}.get(c["relation"], "<="))
    yield "step 99999", lambda c: c["at"].update(step=99999)
    yield "state 99999", lambda c: c["at"].update(state=99999)
    yield "round 99999", lambda c: c["at"].update(round=99999)


def false_parts():
    """The same; one certificate of a kind shows it for all: they are read by the same rules."""
    for key, value in WRONG_VALUES:
        yield f"{key} = {value!r}", lambda c, k=key, v=value: c.update({k: v})
    for key in KEYS:
        yield f"no {key}", lambda c, k=key: c.pop(k)
    for key in PARTS + ("horizon",):
        yield f"no {key} in the instance", lambda c, k=key: c["instance"].pop(k)
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
    yield from learning_falsifications()


def model_falsifications():
    """What makes a model wrong, or breaks a hypothesis of most claims about two models."""
    yield "a negative probability", make_negative
    yield "a state more", lambda c: last_model(c).update(states=last_model(c)["states"] + 1)
    yield "unknown key in a model", lambda c: last_model(c).update(discount="1/2")
    yield "no state names", lambda c: last_model(c).update(state_names=[])
    for key in ("states", "actions", "initial", "transitions", "rewards"):
        yield f"no {key} in a model", lambda c, k=key: last_model(c).pop(k)
    yield "unequal rewards", lambda c: set_rewards([c["instance"]["perturbed"]], flipped)
    yield "reward 2", lambda c: set_rewards(all_models(c), lambda _: "2")
    yield "unequal initial distributions", lambda c: c["instance"]["perturbed"].update(
        initial=[[int(c["instance"]["model"]["initial"] == [[0, "1"]]), "1"]])


def in_two_steps(entries):
    """The same entries for step 1 and for step 2."""
    entries[:] = [[h, *entry] for h in (1, 2) for entry in entries]


def learning_falsifications():
    """What makes the parts wrong which only section 15.3 has."""
    yield "a known pair twice", lambda c: c["instance"]["known"].extend([[0, 0], [0, 0]])
    for entry in ([99999, 0], [0, 99999], [0], [0, 0, 0], [0, 0.0], ["0", "0"], 0):
        yield f"known: {entry}", lambda c, e=entry: c["instance"]["known"].append(e)
    for rounds in ([], ["0"], ["65"], ["3/2"], ["1", "1"]):
        yield f"rounds: {rounds}", lambda c, r=rounds: replace_numbers(c, "rounds", r)
    yield "no model in the class", lambda c: c["instance"]["model_class"].clear()
    yield "class: no object", lambda c: c["instance"]["model_class"].append([])
    yield "class: two kernels", lambda c: in_two_steps(c["instance"]["model_class"][-1]["transitions"])
    yield "class: other rewards", lambda c: set_rewards(c["instance"]["model_class"][:1], flipped)
    yield "class: an action more", lambda c: c["instance"]["model_class"][0].update(
        actions=c["instance"]["model"]["actions"] + 1)
    yield "class: another start", lambda c: c["instance"]["model_class"][0].update(
        initial=[[int(c["instance"]["model"]["initial"] == [[0, "1"]]), "1"]])


def replace_numbers(c, name, new):
    """Other numbers of that name; KeyError without any."""
    c["instance"]["numbers"][name][:] = new


def doubtful_changes():
    """(name, change): what may or may not make a certificate wrong."""
    for more in (1, -1):
        yield f"horizon {more:+}", lambda c, n=more: c["instance"].update(horizon=c["instance"]["horizon"] + n)
    yield "models swapped", lambda c: c["instance"].update(
        model=c["instance"]["perturbed"], perturbed=c["instance"]["model"])
    yield "another reward", lambda c: set_rewards(all_models(c), flipped)
    yield "another transition", lambda c: table(c, "transitions")[0].__setitem__(-2, 0)
    yield "another action", lambda c: table(c, "policy")[0].__setitem__(-2, 1)
    yield "another action of the expert", lambda c: c["instance"]["other_policy"][0].__setitem__(-2, 1)
    yield "another number", lambda c: numbers(c).__setitem__(0, plus(numbers(c)[0], 1))
    yield "a known pair more", lambda c: c["instance"]["known"].append([0, 0])
    yield "a round more", lambda c: replace_numbers(c, "rounds", [plus(c["instance"]["numbers"]["rounds"][0], 1)])
    yield "class: backwards", lambda c: c["instance"]["model_class"].reverse()
    yield "class: the world too", lambda c: c["instance"]["model_class"].append(c["instance"]["model"])
    yield "class: the last model twice", lambda c: c["instance"]["model_class"].append(
        c["instance"]["model_class"][-1])


ON_DRAWN = ("lhs + 1/1000", "kind flipped", "round 99999", "another action", "class: backwards", "horizon +1",
            "models swapped", "another action of the expert")
SAME_SIDE = ["log(2)", "1/2*log(4)", "log(6) - log(3)", "log(6)-log(3)", "log(02)", "0 + log(2)", "log(2) + 0/5",
             "-log(2) + 2*log(2)", "1 - 1 + log(2)", "2/2*log(2) - 0*log(7)"]  # of log(2)
OTHER_SIDE = ["log(3)", "69/100", "-log(2)", "infinity", "+log(2)", " log(2)", "log(2) ", "--log(2)", "log(4/2)",
              "log(2", "log(1) + log(2)", "1/0*log(2)", "1 * log(2)", "log(2) + -0*log(3)", "LOG(2)", "log(0)", "0.69",
              "log(2)\n"]


def coin(side):
    """One code, and a fair coin behind it: -ELBO is log 2, and so is the surprise, without a gap."""
    return {"format": "lemmacheck-certificate", "version": 1, "claim": "latent.elbo_gap", "at": {}, "lhs": side,
            "rhs": "log(2)", "source": "section 15.4", "relation": "==", "kind": "tightness", "instance": {
                "horizon": 1, "numbers": {
                    "sizes": ["1", "1", "2", "1"], "sequence": ["0"], "encoder": ["1", "1"], "dynamics": ["1"],
                    "decoder": ["1/2", "1/2"], "rewards": ["0"], "continues": ["1"], "observations": ["0"], "policy": ["0"]}}}


class Draw:
    """Small instances, with ties and states which are not left, from a seed of their own."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def row(self, n, certain):
        """[number, ...]: a distribution over n things, perhaps all on one."""
        weights = [self.random.choice((0, 1, 1, 2)) for _ in range(n)]
        if self.random.random() < certain or not sum(weights):
            weights = [int(i == n // 2) for i in range(n)]
            self.random.shuffle(weights)
        return [Fraction(w, sum(weights)) for w in weights]

    def entries(self, key, n, certain):
        """[[*key, i, probability], ...]."""
        return [[*key, i, str(p)] for i, p in enumerate(self.row(n, certain)) if p]

    def kernel(self, pairs, n, old=()):
        """Transitions; with old ones some rows of these."""
        kept = {sa for sa in pairs if old and self.random.random() < 0.6}
        return [e for e in old if tuple(e[:2]) in kept] + [
            e for s, a in pairs if (s, a) not in kept
            for e in ([[s, a, s, "1"]] if self.random.random() < 0.2 else self.entries((s, a), n, 0.7))]

    def policy(self, model, steps):
        """Entries for these steps, without any for all steps."""
        return [e for h in steps or [None] for s in range(model["states"])
                for e in self.entries(((h, s) if steps else (s,)), model["actions"], 0.6)]

    @staticmethod
    def sampling(pairs):
        """Even on these pairs."""
        return [[s, a, str(Fraction(1, len(pairs)))] for s, a in pairs]

    def instance(self, parts, claim):
        """An instance with these parts."""
        n, m, horizon = self.random.randint(2, 5), self.random.randint(1, 3), self.random.randint(2, 4)
        pairs = list(itertools.product(range(n), range(m)))
        rewards = [[s, a, self.random.choice(("1", "1", "1/3"))] for s, a in pairs if self.random.random() < 0.4]
        model = {"states": n, "actions": m, "initial": self.entries((), n, 0.7), "rewards": rewards,
                 "transitions": self.kernel(pairs, n)}
        varying = claim.split(".")[0] in ("learn", "sysid", "robust") and "model_class" not in parts
        whole = {s for s in range(n) if self.random.random() < 0.3}
        every = {"model": model, "perturbed": self.neighbour(model, pairs), "policy": None, "other_policy": None,
                 "sampling": self.sampling(pairs[:2] if claim.startswith("loss") else pairs),
                 "known": [[s, a] for s, a in pairs if s in whole or self.random.random() < 0.2],
                 "model_class": [self.neighbour(model, pairs) for _ in range(3)] + [model],
                 "numbers": {"rounds": ["5"]}}
        for part in ("policy", "other_policy"):
            every[part] = self.policy(model, range(1, horizon + 1) if varying and self.random.random() < 0.5 else ())
        return {"horizon": horizon, **{part: every[part] for part in parts}}

    def chances(self, rows, n):
        """Numbers: rows of n chances each, one after the other."""
        return [str(p) for _ in range(rows) for p in self.row(n, 0.4)]

    def indices(self, count, n):
        """Numbers below n."""
        return [str(self.random.randrange(n)) for _ in range(count)]

    def episode(self, seen, actions, longest):
        """Observations and actions."""
        n = self.random.randint(1, longest)
        found = {"observations": self.indices(n, seen), "episode_actions": self.indices(n - 1, actions)}
        return found if n > 1 else {"observations": found["observations"]}

    def recurrent(self, longest):
        """A recurrent model with an episode."""
        r, z, m, a = 2, self.random.randint(1, 2), self.random.randint(1, 3), self.random.randint(1, 2)
        return {"horizon": self.random.randint(1, 3), "numbers": {
            "sizes": [str(n) for n in (r, z, m, a)], "sequence": self.indices(r * z * a, r),
            "encoder": self.chances(m * r, z), "dynamics": self.chances(r, z), "decoder": self.chances(r * z, m),
            "rewards": self.indices(r * z, 3), "continues": [self.random.choice(("1", "1/2", "0")) for _ in range(r * z)],
            "policy": self.indices(r * z, a), **self.episode(m, a, longest)}}

    def observe(self, instance):
        """Gives a world observations, codes of them, and an episode."""
        n, actions, seen = instance["model"]["states"], instance["model"]["actions"], self.random.randint(1, 3)
        instance["policy"] = [[s, a, f"1/{actions}"] for s in range(n) for a in range(actions)]
        instance["numbers"] = {"emission": self.chances(n, seen), "codes": self.indices(3 * seen, 2),
                               **self.episode(seen, actions, 3)}

    def neighbour(self, model, pairs):
        """The model with some other rows."""
        return {**model, "transitions": self.kernel(pairs, model["states"], model["transitions"])}


def behave(instance):
    """Gives a world a uniform behaviour."""
    n, m = instance["model"]["states"], instance["model"]["actions"]
    instance["policy"] = [[s, a, f"1/{m}"] for s in range(n) for a in range(m)]


def figure(strict):
    """The tree of Figure 15.1: root, left, right, and the leaves, which are not left."""
    leaves = range(3, 6 if strict else 5)
    moves = [(0, 0, 1), (0, 1, 2), (1, 0, 3), (1, 1, 4), (2, 0, 4), (2, 1, leaves[-1])]
    moves += [(leaf, a, leaf) for leaf in leaves for a in (0, 1)]
    rewards = [[s, a, r] for s, r in zip(leaves[::2], ("1", "1/10")) for a in (0, 1)]
    model = {"states": leaves[-1] + 1, "actions": 2, "initial": [[0, "1"]], "rewards": rewards,
             "transitions": [[*move, "1"] for move in moves]}
    states = range(model["states"])
    return {"horizon": 3, "model": model, "policy": [[s, 1, "1"] for s in states],
            "other_policy": [[s, 0, "1"] for s in states],
            "known": [[s, a] for s in states if s not in (1, 2) for a in (0, 1)]}


class Script:
    """The second checker's claims that are written by hand, as a module, to compute sides with."""

    def __init__(self, source):
        sys.path.insert(0, str(source))
        self.module = importlib.import_module("checker.hand_written")
        self.claims = {name: claim for name, claim in self.module.CLAIMS.items()
                       if ("model" in claim.domain.parts or name.startswith("latent."))
                       and "next_state_rewards" not in claim.domain.parts}

    def sides(self, claim, instance):
        """[(point, left, right), ...]; none where the instance breaks a hypothesis."""
        module, points = self.module, claim.points
        try:
            x = module.Instance(instance, claim.domain.parts)
            claim.domain.check(x)
            if points is module.LISTED:
                return list(claim.sides(x))
            ranges = {"step": lambda: points.steps(x.H), "state": lambda: x.S, "action": lambda: x.A}
            at = itertools.product(*(ranges[key]() for key in points.keys))
            return [(dict(zip(points.keys, point)), *claim.sides(x, *point)) for point in at]
        except module.Rejected:
            return []

    def instances(self, name, draw):
        """What to check a claim on."""
        parts, check = self.claims[name].domain
        if "known" in parts and "perturbed" not in parts:
            return [figure(check.keywords["strict"])]
        if "model" not in parts:
            one_step = getattr(check, "keywords", {}).get("one_step", False)
            return [draw.recurrent(1 if one_step else 3) for _ in range(2 * DRAWS)]
        instances = [draw.instance(parts, name) for _ in range(LOOPS if "known" in parts else DRAWS)]
        if check is self.module.check_observed:
            for instance in instances:
                draw.observe(instance)
        elif name.startswith("latent."):
            for instance in instances:
                behave(instance)
        return instances

    def certificates(self, draw):
        """({name: certificate that is right}, {name: one that breaks a hypothesis}) for every claim."""
        right, broken = {}, {}
        for name, claim in self.claims.items():
            for number, instance in enumerate(self.instances(name, draw)):
                certificate = {"format": "lemmacheck-certificate", "version": 1, "claim": name, "source": claim.source,
                               "relation": claim.relation, "kind": "tightness", "at": {}, "lhs": "0", "rhs": "0",
                               "instance": instance}
                found = self.sides(claim, instance)
                count = len(found) if "perturbed" not in instance else min(POINTS, len(found))
                for place, (at, left, right_side) in enumerate(draw.random.sample(found, count)):
                    holds = self.module.compare(left, claim.relation, right_side)[0]
                    right[f"{name} {number} {place}"] = {
                        **certificate, "at": at, "lhs": str(left), "rhs": str(right_side),
                        "kind": "tightness" if holds else "refutation"}
                if not found:
                    broken[f"{name} {number} broken"] = certificate
        return right, broken


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
            if document != certificate:
                result[f"{claim}, {name}.json".replace("/", "|")] = document
        if len(result) == before:
            faults.append(f"the tampering \"{name}\" can be done to no certificate")
    return result


def check_drawn(checkers, script, found):
    """Certificates with the script's sides, of every claim, and what is false about them."""
    right, broken = script.certificates(Draw(SEED))
    for claim in script.claims:
        if not any(name.split()[0] == claim for name in right) and claim not in found:
            checkers.faults.append(f"no instance that was drawn meets the hypotheses of {claim}")
    files = {f"{name}.json": certificate for name, certificate in {**right, **broken}.items()}
    checkers.judge({file: files[file] for file in files if file[:-5] in right}, True)
    checkers.judge({file: files[file] for file in files if file[:-5] in broken}, False)
    first = {name: certificate for name, certificate in right.items()
             if name.endswith((" 0 0", " 1 0")) and name.split(".")[0] in ("learn", "sysid", "loss")}
    for changes, wanted in ((false_sides(), False), (doubtful_changes(), None)):
        chosen = [(name, change) for name, change in changes if name in ON_DRAWN]
        checkers.judge(tampered(first, chosen, checkers.faults), wanted)
    return len(right)


def check_logarithms(checkers):
    """One number has many forms, and some are none."""
    checkers.judge({f"same side {i}.json": coin(side) for i, side in enumerate(SAME_SIDE)}, True)
    checkers.judge({f"other side {i}.json": coin(side) for i, side in enumerate(OTHER_SIDE)}, False)


def listed_claims(binary):
    """{id: claim} of `lemmacheck list`."""
    printed = subprocess.run([binary, "list", "--json"], capture_output=True, text=True, check=True).stdout
    return {claim["id"]: claim for claim in json.loads(printed)["claims"]}


def one_of_each_kind(certificates, claims):
    """{claim: certificate}: one for each set of parts, indices of the point, domain and hypotheses."""
    kinds = {}
    for claim, c in certificates.items():
        kind = (*sorted(c["instance"]), *sorted(c["at"]), claims[claim]["domain"], *claims[claim]["hypotheses"])
        kinds.setdefault(kind, (claim, c))
    return dict(kinds.values())


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
        makes_one = claim["max_ratio"] is not None or claim["verdict"] == "violated"
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
        every = make_certificates(str(binary), Path(name), faults)
        checkers.judge({f"{claim}.json": c for claim, c in every.items()}, True)
        certificates = {claim: c for claim, c in every.items() if "lemma" not in c}  # texts: lemma_test.py
        claims = {claim: listed for claim, listed in listed_claims(str(binary)).items() if listed["lemma"] is None}
        wrong = tampered(certificates, false_sides(), faults)
        wrong.update(tampered(one_of_each_kind(certificates, claims), false_parts(), faults))
        doubtful = tampered(certificates, doubtful_changes(), faults)
        checkers.judge(wrong, False)
        checkers.judge(doubtful, None)
        script = Script(source)
        if set(script.module.CLAIMS) != set(claims):
            faults.append(f"the checkers know different claims: {set(script.module.CLAIMS) ^ set(claims)}")
        drawn = check_drawn(checkers, script, certificates)
        check_logarithms(checkers)
        check_unreadable(checkers, json.dumps(certificates["robust.lowest"]))
    print("\n".join(faults[:50] + [f"{len(certificates)} certificates, {drawn} drawn, {len(wrong)} falsified, "
                                   f"{len(doubtful)} doubtful, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
