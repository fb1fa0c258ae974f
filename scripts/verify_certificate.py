#!/usr/bin/env python3
"""Check lemmacheck certificates again, independently of the program that wrote them.

Why: a certificate says "at this point of this instance the claim's two sides are
these fractions".  Whoever doubts the C++ program can read this file instead.  It
shares no code with it: the two sides of each claim are written from its printed
statement, all numbers are fractions.Fraction, and there is no floating point.

Notation: M the model, M' (N in the code) the perturbed one, T and T' their kernels,
V and V' (V and W) their values under the policy pi, J and J' the expected returns;
H the horizon, steps h = 1..H, V_{H+1} = 0; epsilon the largest L1 distance of two
rows, delta the largest total variation; B(delta, H) = sum_{k<H} (1 - (1-delta)^k).

Exit status: 0 all accepted, 1 at least one rejected, 2 bad usage or unreadable input.
"""

import argparse
import json
import math
import re
import sys
from collections import namedtuple
from fractions import Fraction
from functools import cached_property, partial
from pathlib import Path

FORMAT, VERSION = "lemmacheck-certificate", 1
LONGEST_NUMBER = 100_000  # digits above, and below, the line
MOST_STATES, MOST_ACTIONS, LONGEST_HORIZON = 1_000_000, 10_000, 100_000
ZERO, HALF = Fraction(0), Fraction(1, 2)


class Rejected(Exception):
    """The certificate can be read, but it is wrong."""


class Unreadable(Exception):
    """The file cannot be read or is not JSON."""


def require(condition, reason):
    """Reject the certificate unless the condition holds."""
    if not condition:
        raise Rejected(reason)


def shown(value):
    """A short text for messages; it looks into nothing nested."""
    if isinstance(value, Fraction):
        digits = max(value.numerator.bit_length(), value.denominator.bit_length()) * 3 // 10
        return str(value) if digits < 100 else f"a fraction of about {digits} digits"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    text = json.dumps(value[:50] if isinstance(value, str) else value)
    return text if len(text) <= 60 else text[:60] + "..."


# --------------------------------------------------------------------- JSON

def parse_json(text):
    """The JSON value of a text; rejects what JSON allows and a certificate must not have."""
    faults = []

    def refuse_float(digits):
        faults.append(f"{digits[:40]} is a float; write an exact fraction as a string \"p/q\"")

    def integer(digits):
        if len(digits) > LONGEST_NUMBER:
            faults.append(f"a number has more than {LONGEST_NUMBER} characters")
            return 0
        return int(digits)

    def object_without_twins(pairs):
        result = {}
        for key, value in pairs:
            if key in result:
                faults.append(f"the key {shown(key)} stands twice in one object")
            result[key] = value
        return result

    def refuse_constant(name):
        raise ValueError(f"{name} is no JSON value")

    try:
        document = json.loads(text, parse_float=refuse_float, parse_int=integer,
                              parse_constant=refuse_constant,
                              object_pairs_hook=object_without_twins)
    except RecursionError:
        raise Unreadable("is nested too deeply") from None
    except ValueError as fault:
        raise Unreadable(f"is not JSON: {fault}") from None
    if faults:
        raise Rejected(faults[0])
    return document


def read_text(file):
    """The text of a file."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as fault:
        raise Unreadable(f"cannot be read: {fault.strerror or fault}") from None
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text") from None
    except ValueError as fault:  # such as a NUL in the name
        raise Unreadable(f"cannot be read: {fault}") from None


def require_object(value, where, needed, optional=()):
    """An object with the needed keys, perhaps the optional ones, and no others."""
    require(isinstance(value, dict), f"{where} is {shown(value)}, not an object")
    for key in needed:
        require(key in value, f"{where}: the key \"{key}\" is missing")
    for key in value:
        require(key in needed or key in optional, f"{where}: the key {shown(key)} is not known")


def require_type(value, where, kind):
    """The value, which must be a str or a list."""
    require(isinstance(value, kind),
            f"{where} is {shown(value)}, not a {'string' if kind is str else 'list'}")
    return value


def is_integer(value):
    """A JSON integer.  (In Python, true is an int as well.)"""
    return isinstance(value, int) and not isinstance(value, bool)


def read_integer(value, where, allowed):
    """A JSON integer in the range `allowed`."""
    require(is_integer(value), f"{where} is {shown(value)}, not an integer")
    require(value in allowed, f"{where} is {shown(value)}, which is out of range"
            + (f" ({allowed[0]}..{allowed[-1]})" if allowed else ""))
    return value


FRACTION = re.compile(r"(-?[0-9]+)(?:/([0-9]+))?")


def read_number(value, where):
    """An exact number: "p/q", reduced or not, "p", or a JSON integer."""
    if is_integer(value):
        require(-2 ** 63 <= value < 2 ** 64, f"{where} is a large bare number; write it as a string")
        return Fraction(value)
    require_type(value, where, str)
    require(all(len(part.lstrip("-")) <= LONGEST_NUMBER for part in value.split("/")),
            f"{where} has more than {LONGEST_NUMBER} digits")
    match = FRACTION.fullmatch(value)
    require(match, f"{where} is {shown(value)}, not a fraction \"p/q\"")
    p, q = int(match[1]), int(match[2] or 1)
    require(q != 0, f"{where} has the denominator 0")
    number = Fraction(p, q)
    return number


def read_entries(value, where, ranges):
    """{(i, j, ...): number} from [[i, j, ..., "p/q"], ...]: indices in range, none twice."""
    entries = {}
    for entry in require_type(value, where, list):
        require(isinstance(entry, list) and len(entry) == len(ranges) + 1,
                f"{where}: an entry is not a list of {len(ranges)} indices and a number")
        key = tuple(read_integer(i, f"{where}: an index", allowed)
                    for i, allowed in zip(entry, ranges))
        require(key not in entries, f"{where}: {list(key)} stands twice")
        entries[key] = read_number(entry[-1], f"{where}: the number at {list(key)}")
    return entries


def without_zeros(entries):
    """Left out and written as 0 are the same thing."""
    return {key: number for key, number in entries.items() if number != 0}


def read_rows(value, where, ranges, split):
    """{row: {column: probability}}: a distribution for each value of the first `split` indices.

    A row is a tuple; a column is a tuple of the other indices, or an index if it is only one.
    """
    rows = {}
    for key, number in read_entries(value, where, ranges).items():
        require(number >= 0, f"{where}: the probability at {list(key)} is negative")
        column = key[split:] if len(key) > split + 1 else key[split]
        rows.setdefault(key[:split], {})[column] = number
    count = math.prod(len(allowed) for allowed in ranges[:split])
    require(len(rows) == count, f"{where} has {len(rows)} rows, not {count}")
    for key, row in rows.items():
        total = sum(row.values())
        require(total == 1, f"{where}: the row {list(key)} sums to {shown(total)}, not 1")
    return {key: without_zeros(row) for key, row in rows.items()}


def read_steps(value, where, ranges):
    """[rows of step 1, rows of step 2, ...]; one element if the entries name no steps."""
    split = len(ranges) - 1
    first = require_type(value, where, list)[0] if value else None
    if not isinstance(first, list) or len(first) != len(ranges) + 2:
        return [read_rows(value, where, ranges, split)]
    steps = {}
    for entry in value:
        require(isinstance(entry, list) and entry, f"{where}: an entry is not a list of indices")
        h = read_integer(entry[0], f"{where}: a step", range(1, len(value) + 1))
        steps.setdefault(h, []).append(entry[1:])
    require(max(steps) == len(steps), f"{where}: a step before {max(steps)} is missing")
    return [read_rows(steps[h], f"{where}, step {h}", ranges, split) for h in sorted(steps)]


# ------------------------------------------------ models, policies, instances

def at_step(steps, h):
    """What holds at step h; steps after the last one listed use the last."""
    return steps[min(h, len(steps)) - 1]


class Model:
    """A finite MDP: `kernels` by step, {(s, a): {s': p}}; `rewards` {(s, a): r}, zeros left out."""

    def __init__(self, value, where):
        require_object(value, where, ("states", "actions", "initial", "transitions", "rewards"),
                       ("name", "horizon", "state_names", "action_names"))
        self.states = read_integer(value["states"], f"{where}: states", range(1, MOST_STATES + 1))
        self.actions = read_integer(value["actions"], f"{where}: actions",
                                    range(1, MOST_ACTIONS + 1))
        s, a = range(self.states), range(self.actions)
        self.initial = read_rows(value["initial"], f"{where}: initial", [s], 0)[()]
        self.kernels = read_steps(value["transitions"], f"{where}: transitions", [s, a, s])
        self.rewards = without_zeros(read_entries(value["rewards"], f"{where}: rewards", [s, a]))
        self.check_names(value, where)

    def check_names(self, value, where):
        """The parts which are for people."""
        require_type(value.get("name", ""), f"{where}: name", str)
        read_integer(value.get("horizon", 1), f"{where}: horizon", range(1, LONGEST_HORIZON + 1))
        for key, count in (("state_names", self.states), ("action_names", self.actions)):
            names = require_type(value.get(key, [""] * count), f"{where}: {key}", list)
            require(len(names) == count, f"{where}: {key} has {len(names)} names, not {count}")
            for name in names:
                require_type(name, f"{where}: a name in {key}", str)

    def row(self, h, s, a):
        """T_h(.|s, a)."""
        return at_step(self.kernels, h)[s, a]

    def reward(self, s, a):
        """r(s, a)."""
        return self.rewards.get((s, a), ZERO)

    def reward_range(self):
        """(min r, max r) over all (s, a)."""
        values = list(self.rewards.values())
        if len(values) < self.states * self.actions:
            values.append(ZERO)
        return min(values), max(values)


class Policy:
    """pi_h(a|s): `steps` by step, {(s,): {a: p}}."""

    def __init__(self, value, where, model):
        self.steps = read_steps(value, where, [range(model.states), range(model.actions)])

    def row(self, h, s):
        """pi_h(.|s)."""
        return at_step(self.steps, h)[s,]


def mean(row, f):
    """The sum over i of row[i] f(i)."""
    return sum((chance * f(i) for i, chance in row.items()), ZERO)


def expect(row, values):
    """The sum over i of row[i] values[i]."""
    return mean(row, values.__getitem__)


def l1_distance(p, q):
    """The sum of |p - q|."""
    return sum((abs(p.get(i, ZERO) - q.get(i, ZERO)) for i in p.keys() | q.keys()), ZERO)


def total_variation(p, q):
    """sup over B of p(B) - q(B): the sum of the positive parts of p - q."""
    return sum((max(chance - q.get(i, ZERO), ZERO) for i, chance in p.items()), ZERO)


def bellman_values(model, policy, horizon):
    """[nothing, V_1, ..., V_{H+1}], backwards from V_{H+1} = 0."""
    table = [[ZERO] * model.states]
    for h in range(horizon, 0, -1):
        table.append([mean(policy.row(h, s), lambda a: model.reward(s, a)
                           + expect(model.row(h, s, a), table[-1])) for s in range(model.states)])
    return [None] + table[::-1]


def rollout(model, policy, start, first, last):
    """(h, {(s, a): chance}) for h = first..last, begun with the states `start` at `first`."""
    where = start
    for h in range(first, last + 1):
        taken = {(s, a): p * q for s, p in where.items() for a, q in policy.row(h, s).items()}
        yield h, taken
        where = {}
        for (s, a), p in taken.items():
            for t, q in model.row(h, s, a).items():
                where[t] = where.get(t, ZERO) + p * q


def rewards_to_come(model, policy, start, first, last):
    """The expected sum of rewards of the steps first..last, forwards."""
    return sum((mean(taken, lambda sa: model.reward(*sa))
                for _, taken in rollout(model, policy, start, first, last)), ZERO)


def sharp_bound(delta, horizon):
    """B(delta, H), in closed form."""
    return horizon - (1 - (1 - delta) ** horizon) / delta if delta else ZERO


def triangle(n):
    """1 + 2 + ... + n = n (n + 1) / 2."""
    return Fraction(n * (n + 1), 2)


class Instance:
    """What a claim is checked on, and the quantities which the statements speak of."""

    PARTS = ("model", "perturbed", "policy", "other_policy", "sampling", "next_state_rewards",
             "numbers")

    def __init__(self, value, parts):
        """Reads an instance, which must have just the given parts."""
        require_object(value, "instance", ("horizon",), self.PARTS)
        for part in self.PARTS:
            require(part in value or part not in parts, f"instance: the claim needs \"{part}\"")
            require(part in parts or part not in value,
                    f"instance: the claim does not speak of \"{part}\"")
        self.H = read_integer(value["horizon"], "instance: horizon", range(1, LONGEST_HORIZON + 1))
        if "numbers" in parts:
            self.numbers = self.read_vectors(value["numbers"])
        if "model" in parts:
            self.read_models(value, parts)

    @staticmethod
    def read_vectors(value):
        """{name: [number, ...]}."""
        require(isinstance(value, dict), "numbers is not an object")
        return {name: [read_number(number, f"a number of {shown(name)}")
                       for number in require_type(numbers, f"numbers: {shown(name)}", list)]
                for name, numbers in value.items()}

    def read_models(self, value, parts):
        """M and all that has its shape."""
        self.M = Model(value["model"], "model")
        self.S, self.A = range(self.M.states), range(self.M.actions)
        if "perturbed" in parts:
            self.N = Model(value["perturbed"], "perturbed")
            require((self.N.states, self.N.actions) == (self.M.states, self.M.actions),
                    "the two models differ in their numbers of states or actions")
        if "policy" in parts:
            self.policy = Policy(value["policy"], "policy", self.M)
        if "other_policy" in parts:
            self.other_policy = Policy(value["other_policy"], "other_policy", self.M)
        if "sampling" in parts:
            self.nu = read_rows(value["sampling"], "sampling", [self.S, self.A], 0)[()]
        if "next_state_rewards" in parts:
            self.next_state_rewards = read_entries(
                value["next_state_rewards"], "next_state_rewards", [self.S, self.A, self.S])

    @cached_property
    def V(self):
        """V[h][s] in M."""
        return bellman_values(self.M, self.policy, self.H)

    @cached_property
    def W(self):
        """V'[h][s], the values in M'."""
        return bellman_values(self.N, self.policy, self.H)

    def gap(self, h, s):
        """|V_h(s) - V'_h(s)|."""
        return abs(self.V[h][s] - self.W[h][s])

    def largest_gap(self, h):
        """max over s of |V_h(s) - V'_h(s)|."""
        return max(self.gap(h, s) for s in self.S)

    def J(self, model, policy=None):
        """The expected return of pi, or of another policy, in a model."""
        return rewards_to_come(model, policy or self.policy, model.initial, 1, self.H)

    @cached_property
    def J_difference(self):
        """J - J'."""
        return self.J(self.M) - self.J(self.N)

    @property
    def J_gap(self):
        """|J - J'|."""
        return abs(self.J_difference)

    def l1(self, h, s, a):
        """||T_h(.|s, a) - T'_h(.|s, a)||_1."""
        return l1_distance(self.M.row(h, s, a), self.N.row(h, s, a))

    def largest(self, distance):
        """max of the distance of two rows over (s, a) and the steps h < H (at least step 1)."""
        listed = max(len(self.M.kernels), len(self.N.kernels))
        last = max(1, min(self.H - 1, listed))
        return max(distance(self.M.row(h, s, a), self.N.row(h, s, a))
                   for h in range(1, last + 1) for s in self.S for a in self.A)

    @cached_property
    def epsilon(self):
        """The largest L1 distance."""
        return self.largest(l1_distance)

    @cached_property
    def delta(self):
        """The largest total variation."""
        return self.largest(total_variation)

    def next_value(self, model, values, h, s, a):
        """sum_{s'} of the kernel of a model times the next values, which may be the other's."""
        return expect(model.row(h, s, a), values[h + 1])

    def difference(self, *at):
        """sum_{s'} T V_{h+1} - T' V'_{h+1}."""
        return self.next_value(self.M, self.V, *at) - self.next_value(self.N, self.W, *at)

    def kernel_part(self, *at):
        """sum_{s'} T V_{h+1} - T' V_{h+1}: the kernels differ, the values do not."""
        return self.next_value(self.M, self.V, *at) - self.next_value(self.N, self.V, *at)

    def mirrored_kernel_part(self, *at):
        """sum_{s'} T V'_{h+1} - T' V'_{h+1}."""
        return self.next_value(self.M, self.W, *at) - self.next_value(self.N, self.W, *at)

    def value_part(self, *at):
        """sum_{s'} T' V_{h+1} - T' V'_{h+1}: the values differ, the kernels do not."""
        return self.next_value(self.N, self.V, *at) - self.next_value(self.N, self.W, *at)

    def largest_difference(self, h, s):
        """max_a |T V_{h+1} - T' V'_{h+1}|."""
        return max(abs(self.difference(h, s, a)) for a in self.A)

    def largest_split(self, h, s):
        """max_a (|T V_{h+1} - T' V_{h+1}| + |T' V_{h+1} - T' V'_{h+1}|)."""
        return max(abs(self.kernel_part(h, s, a)) + abs(self.value_part(h, s, a)) for a in self.A)

    def along(self, model, f):
        """sum_{h<H} E_{(s,a) ~ d_h} f(h, s, a), pi walking in the model."""
        return sum((mean(taken, lambda sa: f(h, *sa)) for h, taken
                    in rollout(model, self.policy, model.initial, 1, self.H - 1)), ZERO)


# ---------------------------------------------------- the claims' hypotheses

# `parts`: what the instance has beside its horizon; `check(instance)` rejects.
Domain = namedtuple("Domain", "parts check")


def check_pair(x, varying_kernels, varying_policy, own_rewards, any_rewards):
    """The hypotheses on M, M' and the policies."""
    require(x.M.initial == x.N.initial, "the initial distributions differ")
    require(own_rewards or x.M.rewards == x.N.rewards, "the rewards differ")
    for model in (x.M, x.N):
        low, high = model.reward_range()
        require(any_rewards or (0 <= low and high <= 1), "a reward is outside [0, 1]")
        require(varying_kernels or len(model.kernels) == 1, "a kernel is not stationary")
    for policy in (x.policy, getattr(x, "other_policy", x.policy)):
        require(varying_policy or len(policy.steps) == 1, "a policy is not stationary")
    if hasattr(x, "next_state_rewards"):
        check_next_state_rewards(x)


def check_next_state_rewards(x):
    """r(s, a, s') is in [0, 1], and each model's r(s, a) is its mean."""
    rewards = x.next_state_rewards
    require(all(0 <= r <= 1 for r in rewards.values()), "a reward r(s, a, s') is outside [0, 1]")
    for model in (x.M, x.N):
        for s in x.S:
            for a in x.A:
                expected = mean(model.row(1, s, a), lambda t: rewards.get((s, a, t), ZERO))
                require(model.reward(s, a) == expected,
                        f"the reward at {[s, a]} is not the mean of r(s, a, s')")


def pair(*extra, varying_kernels=False, varying_policy=False, own_rewards=False, any_rewards=False):
    """M, M' and pi; unless said otherwise stationary, with shared rewards in [0, 1]."""
    return Domain(("model", "perturbed", "policy") + extra,
                  partial(check_pair, varying_kernels=varying_kernels,
                          varying_policy=varying_policy, own_rewards=own_rewards,
                          any_rewards=any_rewards))


def check_model(x):
    """Section 15.1 speaks of one kernel."""
    require(len(x.M.kernels) == 1, "the kernel is not stationary")


def check_numbers(x):
    """Lemma 2 is about three numbers."""
    require(set(x.numbers) == {"a", "b", "c"}, "the numbers are not a, b and c")
    require(all(len(v) == 1 for v in x.numbers.values()), "a, b and c must be one number each")


def check_vectors(x, zero_sum):
    """Lemma 3 is about two vectors of one length."""
    require(set(x.numbers) == {"p", "g"}, "the numbers are not p and g")
    require(0 < len(x.numbers["p"]) == len(x.numbers["g"]), "p and g must have one length, not 0")
    require(not zero_sum or sum(x.numbers["p"]) == 0, "p does not sum to 0")


PLAIN = pair()
VARYING = pair(varying_kernels=True, varying_policy=True)
HORIZON = Domain((), lambda x: None)
MODEL = Domain(("model",), check_model)
NUMBERS = Domain(("numbers",), check_numbers)
VECTORS = Domain(("numbers",), partial(check_vectors, zero_sum=False))
ZERO_SUM = Domain(("numbers",), partial(check_vectors, zero_sum=True))


# ------------------------------------ sides which do not fit on a line or two

def kernel_entries(x):
    """Section 15.1: T has |S|^2 |A| entries."""
    return len(x.M.kernels[0]) * len(x.S), len(x.S) ** 2 * len(x.A)


def more_to_learn(x):
    """|S| (|A| - 1) + 1 <= |S| |A| (|S| - 1)."""
    return len(x.S) * (len(x.A) - 1) + 1, len(x.S) * len(x.A) * (len(x.S) - 1)


def more_to_learn_two_states(x):
    """The same where |S| >= 2."""
    require(len(x.S) >= 2, "there are fewer than two states")
    return more_to_learn(x)


def sharp_any_rewards(x):
    """|J - J'| <= (r_max - r_min) B(delta, H)."""
    low, high = x.M.reward_range()
    return x.J_gap, (high - low) * sharp_bound(x.delta, x.H)


def eq_15_2(x, h, s):
    """|V_h(s) - V'_h(s)| <= (H - h) epsilon + |V_{h+1}(s) - V'_{h+1}(s)|."""
    return x.gap(h, s), (x.H - h) * x.epsilon + x.gap(h + 1, s)


def recursion_expected(x, h, s):
    """|V_h(s) - V'_h(s)| <= (H - h) epsilon / 2 + E_{a, s' ~ T'} |V_{h+1}(s') - V'_{h+1}(s')|."""
    next_gap = mean(x.policy.row(h, s), lambda a: mean(
        x.N.row(h, s, a), lambda t: x.gap(h + 1, t)))
    return x.gap(h, s), HALF * (x.H - h) * x.epsilon + next_gap


def eq_15_4(x, h, s):
    """|V_{h+1}(s) - V'_{h+1}(s)| <= (H - h - 1) epsilon."""
    return x.gap(h + 1, s), (x.H - h - 1) * x.epsilon


def bellman_right_side(x, model, values, h, s):
    """E_{a ~ pi(s), s' ~ T(s,a)} [r + V_{h+1}(s')], r = r(s, a, s') where there is one."""
    by_next_state = getattr(x, "next_state_rewards", None)

    def reward(a, t):
        return model.reward(s, a) if by_next_state is None else by_next_state.get((s, a, t), ZERO)
    return mean(x.policy.row(h, s), lambda a: mean(
        model.row(h, s, a), lambda t: reward(a, t) + values[h + 1][t]))


def bellman(x, model, values, h, s):
    """Eq. (15.5), (15.6): what pi collects from (h, s) on = E[r + V_{h+1}(s')]."""
    return (rewards_to_come(model, x.policy, {s: Fraction(1)}, h, x.H),
            bellman_right_side(x, model, values, h, s))


def eq_15_7(x, h, s):
    """|E_T[r + V_{h+1}] - E_{T'}[r' + V'_{h+1}]| = |E_T[V_{h+1}] - E_{T'}[V'_{h+1}]|."""
    left = bellman_right_side(x, x.M, x.V, h, s) - bellman_right_side(x, x.N, x.W, h, s)
    return abs(left), abs(mean(x.policy.row(h, s), lambda a: x.difference(h, s, a)))


def eq_15_8(x, h, s, a):
    """E_T[r + V_{h+1}] - E_{T'}[r + V'_{h+1}] = E_T[V_{h+1}] - E_{T'}[V'_{h+1}] for every a."""
    left = (mean(x.M.row(h, s, a), lambda t: x.M.reward(s, a) + x.V[h + 1][t])
            - mean(x.N.row(h, s, a), lambda t: x.N.reward(s, a) + x.W[h + 1][t]))
    return left, x.difference(h, s, a)


def eq_15_11(x, h, s, a):
    """max_b |T V - T' V'| <= max_b |T V - T' V| + |T' V - T' V'|_a for every a."""
    return (x.largest_difference(h, s),
            max(abs(x.kernel_part(h, s, b)) for b in x.A) + abs(x.value_part(h, s, a)))


def lemma_2(x):
    """|a - b| <= |a - c| + |c - b|."""
    a, b, c = (x.numbers[name][0] for name in "abc")
    return abs(a - b), abs(a - c) + abs(c - b)


def lemma_2_first_sign(x):
    """|a - b| = |a - c + c - b|."""
    a, b, c = (x.numbers[name][0] for name in "abc")
    return abs(a - b), abs(a - c + c - b)


def inner_product(x):
    """<p, g>."""
    return sum(p * g for p, g in zip(x.numbers["p"], x.numbers["g"]))


def one_norm_of_p(x):
    """||p||_1."""
    return sum(abs(p) for p in x.numbers["p"])


def lemma_3_first_sign(x):
    """sum_x p g = (||p + g||_2^2 - ||p - g||_2^2) / 4."""
    pairs = list(zip(x.numbers["p"], x.numbers["g"]))
    return inner_product(x), Fraction(sum((p + g) ** 2 - (p - g) ** 2 for p, g in pairs), 4)


def lemma_3_zero_sum(x):
    """<p, g> <= ||p||_1 (max g - min g) / 2 where p sums to 0."""
    return inner_product(x), HALF * one_norm_of_p(x) * (max(x.numbers["g"]) - min(x.numbers["g"]))


def same_order(x):
    """J(pi_2, M') <= J(pi_1, M') implies J(pi_2, M) <= J(pi_1, M)."""
    require(x.J(x.N, x.other_policy) <= x.J(x.N),
            "the hypothesis J(pi_2, M') <= J(pi_1, M') does not hold")
    return x.J(x.M, x.other_policy), x.J(x.M)


def same_order_with_margin(x):
    """|(J(pi_1, M') - J(pi_2, M')) - (J(pi_1, M) - J(pi_2, M))| <= 2 B(delta, H)."""
    real, imagined = (x.J(model) - x.J(model, x.other_policy) for model in (x.M, x.N))
    return abs(imagined - real), 2 * sharp_bound(x.delta, x.H)


def accuracy_is_necessary(x):
    """J = J' implies epsilon <= 0, for H >= 2: with one step no transition counts."""
    require(x.H >= 2, "the hypothesis H >= 2 does not hold")
    require(x.J_difference == 0, "the hypothesis J(pi, M) = J(pi, M') does not hold")
    return x.epsilon, ZERO


def on_policy(x):
    """|J - J'| <= sum_{h<H} (H - h) / 2 E_{(s,a) ~ d_h in M'} ||T - T'||_1."""
    return x.J_gap, x.along(x.N, lambda h, s, a: HALF * (x.H - h) * x.l1(h, s, a))


def expected_l1(x):
    """E_{(s,a) ~ nu} ||T - T'||_1."""
    return mean(x.nu, lambda sa: x.l1(1, *sa))


def weighted_occupancy(x):
    """{(s, a): d_w}, d_w = sum_{h<H} (H - h) d_h / (H (H - 1) / 2) in M'; needs H >= 2."""
    weights = {}
    for h, taken in rollout(x.N, x.policy, x.N.initial, 1, x.H - 1):
        for sa, chance in taken.items():
            weights[sa] = weights.get(sa, ZERO) + (x.H - h) * chance
    return {sa: weight / triangle(x.H - 1) for sa, weight in weights.items()}


def coverage(x):
    """|J - J'| <= C H (H - 1) / 4 E_{(s,a) ~ nu} ||T - T'||_1, C = max d_w / nu; 0 at H = 1."""
    if x.H == 1:
        return x.J_gap, ZERO
    visited = weighted_occupancy(x)
    require(all(sa in x.nu for sa in visited),
            "nu does not cover what the policy visits before the last step in M'")
    c = max(weight / x.nu[sa] for sa, weight in visited.items())
    return x.J_gap, c * HALF * triangle(x.H - 1) * expected_l1(x)


# ----------------------------------------------------------------- the claims

# Where a claim is compared: which indices a point has, and the range of its step.
Points = namedtuple("Points", "keys steps")
ONCE = Points((), lambda H: ())
STEPS_BEFORE_LAST = Points(("step",), lambda H: range(1, H))
STATES = Points(("step", "state"), lambda H: range(1, H + 1))
STATES_AT_LAST = Points(("step", "state"), lambda H: range(H, H + 1))
STATES_BEFORE_LAST = Points(("step", "state"), lambda H: range(1, H))
STATES_FROM_ZERO = Points(("step", "state"), lambda H: range(0, H))
ACTIONS = Points(("step", "state", "action"), lambda H: range(1, H + 1))

# `sides(instance, *point)` is the exact (left, right).
Claim = namedtuple("Claim", "source relation domain points sides")
CLAIMS = {
    "model.kernel_entries": Claim("section 15.1", "==", MODEL, ONCE, kernel_entries),
    "model.policy_entries": Claim("section 15.1", "==", MODEL, ONCE,
        lambda x: (sum(len(x.A) for _ in x.S), len(x.S) * len(x.A))),
    "model.more_to_learn": Claim("section 15.1", "<=", MODEL, ONCE, more_to_learn),
    "model.more_to_learn_two_states": Claim(
        "section 15.1", "<=", MODEL, ONCE, more_to_learn_two_states),

    "sim.lemma": Claim("eq. (15.1)", "<=", PLAIN, ONCE,
        lambda x: (x.J_gap, triangle(x.H - 1) * x.epsilon)),
    "sim.lemma_total_variation": Claim("lemma 1", "<=", PLAIN, ONCE,
        lambda x: (x.J_gap, triangle(x.H - 1) * x.delta)),
    "sim.sharp": Claim("lemma 1", "<=", PLAIN, ONCE,
        lambda x: (x.J_gap, sharp_bound(x.delta, x.H))),
    "sim.sharp_any_rewards": Claim(
        "lemma 1", "<=", pair(any_rewards=True), ONCE, sharp_any_rewards),
    "sim.sharp_time_varying": Claim("lemma 1", "<=", VARYING, ONCE,
        lambda x: (x.J_gap, sharp_bound(x.delta, x.H))),
    "sim.total_variation_is_l1": Claim("lemma 1", "==", PLAIN, ONCE,
        lambda x: (x.delta, x.epsilon)),
    "sim.total_variation_is_half_l1": Claim("lemma 1", "==", PLAIN, ONCE,
        lambda x: (2 * x.delta, x.epsilon)),

    "sim.eq_15_2": Claim("eq. (15.2)", "<=", PLAIN, STATES, eq_15_2),
    "sim.eq_15_2_sharp": Claim("eq. (15.2)", "<=", PLAIN, STATES,
        lambda x, h, s: (x.gap(h, s), 1 - (1 - x.delta) ** (x.H - h) + x.gap(h + 1, s))),
    "sim.eq_15_2_time_dependent_policy": Claim(
        "eq. (15.2)", "<=", pair(varying_policy=True), STATES, eq_15_2),
    "sim.eq_15_2_time_varying": Claim(
        "eq. (15.2)", "<=", pair(varying_kernels=True), STATES, eq_15_2),
    "sim.recursion_max": Claim("eq. (15.2)", "<=", VARYING, STATES,
        lambda x, h, s: (x.gap(h, s), HALF * (x.H - h) * x.epsilon + x.largest_gap(h + 1))),
    "sim.recursion_expected": Claim("eq. (15.2)", "<=", VARYING, STATES, recursion_expected),
    "sim.eq_15_3": Claim("eq. (15.3)", "==", PLAIN, STATES_AT_LAST,
        lambda x, h, s: (x.gap(h, s), ZERO)),

    "sim.eq_15_4": Claim("eq. (15.4)", "<=", PLAIN, STATES_BEFORE_LAST, eq_15_4),
    "sim.eq_15_4_from_start": Claim("eq. (15.4)", "<=", PLAIN, STATES_FROM_ZERO, eq_15_4),
    "sim.eq_15_4_total_variation": Claim("eq. (15.4)", "<=", PLAIN, STATES_BEFORE_LAST,
        lambda x, h, s: (x.gap(h + 1, s), (x.H - h - 1) * x.delta)),
    "sim.hypothesis_corrected": Claim("eq. (15.4)", "<=", PLAIN, STATES_FROM_ZERO,  # n = H - h - 1
        lambda x, h, s: (x.gap(h + 1, s), triangle(x.H - h - 1) * x.epsilon)),
    "sim.hypothesis_sharp": Claim("eq. (15.4)", "<=", PLAIN, STATES_FROM_ZERO,
        lambda x, h, s: (x.gap(h + 1, s), sharp_bound(x.delta, x.H - h))),
    "sim.induction_closes": Claim("eq. (15.4)", "<=", HORIZON, STEPS_BEFORE_LAST,
        lambda x, h: ((x.H - h) + (x.H - h - 1), x.H - h)),
    "sim.induction_closes_corrected": Claim("eq. (15.4)", "==", HORIZON, STEPS_BEFORE_LAST,
        lambda x, h: ((x.H - h) + triangle(x.H - h - 1), triangle(x.H - h))),

    "sim.eq_15_5": Claim("eq. (15.5)", "==", PLAIN, STATES,
        lambda x, h, s: bellman(x, x.M, x.V, h, s)),
    "sim.eq_15_6": Claim("eq. (15.6)", "==", PLAIN, STATES,
        lambda x, h, s: bellman(x, x.N, x.W, h, s)),
    "sim.eq_15_7": Claim("eq. (15.7)", "==", PLAIN, STATES, eq_15_7),
    "sim.eq_15_7_next_state_rewards": Claim(
        "eq. (15.7)", "==", pair("next_state_rewards", own_rewards=True), STATES, eq_15_7),
    "sim.eq_15_7_own_rewards": Claim(
        "eq. (15.7)", "==", pair(own_rewards=True), STATES, eq_15_7),
    "sim.eq_15_8": Claim("eq. (15.8)", "==", PLAIN, ACTIONS, eq_15_8),
    "sim.eq_15_9": Claim("eq. (15.9)", "<=", PLAIN, STATES,
        lambda x, h, s: (x.gap(h, s), x.largest_difference(h, s))),
    "sim.eq_15_10": Claim("eq. (15.10)", "<=", PLAIN, STATES,
        lambda x, h, s: (x.largest_difference(h, s), x.largest_split(h, s))),
    "sim.eq_15_11": Claim("eq. (15.11)", "<=", PLAIN, ACTIONS, eq_15_11),
    "sim.eq_15_12": Claim("eq. (15.12)", "<=", PLAIN, STATES,
        lambda x, h, s: (x.gap(h, s), x.largest_split(h, s))),
    "sim.eq_15_13": Claim("eq. (15.13)", "<=", PLAIN, ACTIONS,
        lambda x, h, s, a: (abs(x.kernel_part(h, s, a)), x.epsilon * (x.H - h))),
    "sim.eq_15_13_sharp": Claim("eq. (15.13)", "<=", PLAIN, ACTIONS,
        lambda x, h, s, a: (abs(x.kernel_part(h, s, a)),
                            x.delta * (max(x.V[h + 1]) - min(x.V[h + 1])))),
    "sim.eq_15_14": Claim("eq. (15.14)", "<=", PLAIN, ACTIONS,
        lambda x, h, s, a: (abs(x.value_part(h, s, a)), x.gap(h + 1, s))),
    "sim.eq_15_14_max": Claim("eq. (15.14)", "<=", PLAIN, ACTIONS,
        lambda x, h, s, a: (abs(x.value_part(h, s, a)), x.largest_gap(h + 1))),
    "sim.eq_15_14_expected": Claim("eq. (15.14)", "<=", PLAIN, ACTIONS,
        lambda x, h, s, a: (abs(x.value_part(h, s, a)),
                            mean(x.N.row(h, s, a), lambda t: x.gap(h + 1, t)))),
    "sim.eq_15_15": Claim("eq. (15.15)", "==", HORIZON, ONCE,
        lambda x: (sum(x.H - h for h in range(1, x.H + 1)), triangle(x.H - 1))),
    "sim.eq_15_15_from_zero": Claim("eq. (15.15)", "==", HORIZON, ONCE,
        lambda x: (sum(x.H - h for h in range(0, x.H + 1)), triangle(x.H - 1))),

    "sim.lemma_2": Claim("lemma 2", "<=", NUMBERS, ONCE, lemma_2),
    "sim.lemma_2_first_sign": Claim("lemma 2", "==", NUMBERS, ONCE, lemma_2_first_sign),
    "sim.lemma_3": Claim("lemma 3", "<=", VECTORS, ONCE,
        lambda x: (inner_product(x), one_norm_of_p(x) * max(abs(g) for g in x.numbers["g"]))),
    "sim.lemma_3_first_sign": Claim("lemma 3", "==", VECTORS, ONCE, lemma_3_first_sign),
    "sim.lemma_3_zero_sum": Claim("lemma 3", "<=", ZERO_SUM, ONCE, lemma_3_zero_sum),

    "sim.same_order": Claim("section 15.2", "<=", pair("other_policy"), ONCE, same_order),
    "sim.same_order_with_margin": Claim(
        "section 15.2", "<=", pair("other_policy"), ONCE, same_order_with_margin),
    "sim.accuracy_is_necessary": Claim(
        "section 15.2", "<=", PLAIN, ONCE, accuracy_is_necessary),
    "sim.footnote_initial": Claim("footnote 1", "<=", PLAIN, ONCE,
        lambda x: (mean(x.M.initial, lambda s: x.gap(1, s)), triangle(x.H - 1) * x.delta)),
    "sim.footnote_identity": Claim("footnote 1", "==", VARYING, ONCE,
        lambda x: (x.J_difference, x.along(x.N, x.kernel_part))),
    "sim.footnote_identity_mirror": Claim("footnote 1", "==", VARYING, ONCE,
        lambda x: (x.J_difference, x.along(x.M, x.mirrored_kernel_part))),
    "sim.footnote_on_policy": Claim("footnote 1", "<=", VARYING, ONCE, on_policy),
    "sim.footnote_any_distribution": Claim("footnote 1", "<=", pair("sampling"), ONCE,
        lambda x: (x.J_gap, triangle(x.H - 1) * expected_l1(x))),
    "sim.footnote_coverage": Claim("footnote 1", "<=", pair("sampling"), ONCE, coverage),
}


# --------------------------------------------------------------- the verdict

def exact(side):
    """A computed side as a Fraction; anything inexact would be a fault of this script."""
    if not isinstance(side, (int, Fraction)):
        raise TypeError(f"a side is no exact number: {side!r}")
    return Fraction(side)


def read_header(document):
    """The claim that a certificate is about, after a check of all but the numbers."""
    needed = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs",
              "instance")
    require_object(document, "the certificate", needed, ("origin",))
    require(document["format"] == FORMAT, f"the format is not \"{FORMAT}\"")
    read_integer(document["version"], "version", range(VERSION, VERSION + 1))
    name = require_type(document["claim"], "claim", str)
    require(name in CLAIMS, f"no claim is called {shown(name)}")
    for key in ("source", "relation"):
        known = getattr(CLAIMS[name], key)
        require(document[key] == known,
                f"the {key} of {name} is \"{known}\", not {shown(document[key])}")
    require(document["kind"] in ("refutation", "tightness"),
            f"the kind is {shown(document['kind'])}, not \"refutation\" or \"tightness\"")
    if "origin" in document:
        require_object(document["origin"], "origin", ("seed", "instance"))
        for key in ("seed", "instance"):
            read_integer(document["origin"][key], f"origin: {key}", range(2 ** 63))
    return name, CLAIMS[name]


def read_point(at, points, x):
    """[step, state, action], as many of them as the claim's points have."""
    require_object(at, "at", points.keys)
    allowed = {"step": points.steps(x.H), "state": getattr(x, "S", ()),
               "action": getattr(x, "A", ())}
    return [read_integer(at[key], f"at: {key}", allowed[key]) for key in points.keys]


def compare(left, relation, right):
    """(Does the relation hold, the sign that does hold)."""
    if relation == "==":
        return left == right, "==" if left == right else "!="
    return left <= right, "<=" if left <= right else ">"


def verify(text):
    """What the certificate in the text shows, such as "sim.lemma: 1/2 <= 1"; or Rejected."""
    document = parse_json(text)
    name, known = read_header(document)
    lhs, rhs = (read_number(document[key], key) for key in ("lhs", "rhs"))
    x = Instance(document["instance"], known.domain.parts)
    known.domain.check(x)
    left, right = map(exact, known.sides(x, *read_point(document["at"], known.points, x)))
    require(left == lhs, f"the left side is {shown(left)}, not {shown(lhs)}")
    require(right == rhs, f"the right side is {shown(right)}, not {shown(rhs)}")
    holds, sign = compare(left, known.relation, right)
    require(holds == (document["kind"] == "tightness"),
            f"the relation {'holds' if holds else 'does not hold'}: "
            f"{shown(left)} {sign} {shown(right)}; that is no {document['kind']}")
    return f"{name}: {shown(left)} {sign} {shown(right)}"


def judge(file):
    """{"file", "accepted", "reason"} for one file."""
    try:
        return {"file": file, "accepted": True, "reason": verify(read_text(file))}
    except Rejected as fault:
        return {"file": file, "accepted": False, "reason": str(fault)}


def parse_arguments(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Check lemmacheck certificates independently, in exact fractions.",
        epilog="Exit status: 0 all accepted, 1 a certificate is rejected, "
               "2 bad usage or unreadable input.")
    parser.add_argument("files", nargs="*", metavar="CERT.json")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print rejected certificates only")
    parser.add_argument("--list", action="store_true", help="print the ids of the known claims")
    options = parser.parse_args(arguments)
    if not options.files and not options.list:
        parser.error("a certificate is expected")
    return options


def main(arguments=None):
    """The exit status."""
    options = parse_arguments(arguments)
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)  # LONGEST_NUMBER is the limit here
    sys.stdout.reconfigure(errors="backslashreplace")  # a file name may be anything
    if options.list:
        print("\n".join(CLAIMS))
        return 0
    results = []
    for file in options.files:
        try:
            result = judge(file)
        except Unreadable as fault:
            print(f"verify_certificate.py: {file}: {fault}", file=sys.stderr)
            return 2
        results.append(result)
        if not options.json and not (options.quiet and result["accepted"]):
            verdict = "accepted" if result["accepted"] else "rejected"
            print(f"{verdict}: {file}: {result['reason']}")
    if options.json:
        print(json.dumps({"certificates": results}, indent=1))
    return 0 if all(result["accepted"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
