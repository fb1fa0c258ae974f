"""Models, policies and the other parts of an instance, read and evaluated exactly."""

import copy
from fractions import Fraction
from functools import cached_property

from ..basics import (LONGEST_HORIZON, MOST_ACTIONS, MOST_STATES, ZERO, read_entries, read_integer, read_number,
                      read_rows, read_steps, require, require_object, require_type, shown, without_zeros)
from ..loops import Problem


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


def with_kernel(model, kernel):
    """The model with another, stationary kernel."""
    other = copy.copy(model)
    other.kernels = [kernel]
    return other


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


def weighted_occupancy(model, policy, horizon):
    """{(s, a): d_w}, d_w = sum_{h<H} (H - h) d_h / (H (H - 1) / 2) in the model; {} at H = 1."""
    weights = {}
    for h, taken in rollout(model, policy, model.initial, 1, horizon - 1):
        for sa, chance in taken.items():
            weights[sa] = weights.get(sa, ZERO) + (horizon - h) * chance
    return {sa: weight / triangle(horizon - 1) for sa, weight in weights.items()}


def plain_occupancy(model, policy, horizon):
    """{(s, a): d}, the mean of d_h over the steps before the last; {} at H = 1."""
    weights = {}
    for _, taken in rollout(model, policy, model.initial, 1, horizon - 1):
        for sa, chance in taken.items():
            weights[sa] = weights.get(sa, ZERO) + chance / (horizon - 1)
    return weights


def sharp_bound(delta, horizon):
    """B(delta, H), in closed form."""
    return horizon - (1 - (1 - delta) ** horizon) / delta if delta else ZERO


def triangle(n):
    """1 + 2 + ... + n = n (n + 1) / 2."""
    return Fraction(n * (n + 1), 2)


class Instance:
    """What a claim is checked on, and the quantities which the statements speak of."""

    PARTS = ("model", "perturbed", "policy", "other_policy", "sampling", "next_state_rewards",
             "known", "model_class", "numbers")

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
        if "known" in parts:
            self.known = self.read_known(value["known"])
        if "model_class" in parts:
            models = enumerate(require_type(value["model_class"], "model_class", list))
            self.models = [Model(model, f"model_class: model {k}") for k, model in models]

    def read_known(self, value):
        """The pairs (s, a) whose transitions are known at the start."""
        require(all(isinstance(pair, list) and len(pair) == 2
                    for pair in require_type(value, "known", list)),
                "known: an entry is not a list [state, action]")
        known = {(read_integer(s, "known: a state", self.S),
                  read_integer(a, "known: an action", self.A)) for s, a in value}
        require(len(known) == len(value), "known: a pair stands twice")
        return known

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

    def lag(self, model):
        """J(pi_E) - J(pi) in a model."""
        return self.J(model, self.other_policy) - self.J(model)

    @cached_property
    def problem(self):
        """What a learning loop starts with."""
        pairs = [(s, a) for s in self.S for a in self.A]
        return Problem(len(self.S), len(self.A), self.H, self.M.kernels[0], {sa: self.M.reward(*sa) for sa in pairs},
                       self.M.initial, getattr(self, "known", ()))

    def plan(self, kernel):
        """(V, A): V[h][s] the best that can be had from (h, s) on, A[h, s] the actions for it; the rewards are those of M."""
        return self.problem.plan(kernel)

    def optimum(self, model):
        """max over p of J(p), in a model with the rewards of M."""
        return expect(model.initial, self.plan(model.kernels[0])[0][1])

    @cached_property
    def N_optimal(self):
        """V*[h][s] in M'."""
        return self.plan(self.N.kernels[0])[0]


def compare(left, relation, right):
    """(Does the relation hold, the sign that does hold)."""
    if relation == "==":
        return left == right, "==" if left == right else "!="
    return left <= right, "<=" if left <= right else ">"
