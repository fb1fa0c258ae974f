"""Claims whose two sides are written by hand: those that the ledger has in C++ (certificates of version 1).

Each side is written from its printed statement. Notation: M the model, M' (N in the code) the
perturbed one, T and T' their kernels, V and V' (V and W) their values under the policy pi, J and
J' the expected returns; H the horizon, steps h = 1..H, V_{H+1} = 0; epsilon the largest L1
distance of two rows, delta the largest total variation; B(delta, H) = sum_{k<H} (1 - (1-delta)^k).
In section 15.3 M is the world, M' a model of it, pi_E (`other_policy`) the expert, and d_w the
weighted occupancy sum_{h<H} (H - h) d_h / (H (H - 1) / 2) in the world.
"""

import ast
import copy
import itertools
import re
from collections import namedtuple
from fractions import Fraction
from functools import cached_property, partial

from .basics import (FORMAT, HALF, LONGEST_HORIZON, LONGEST_LIST, MOST_ACTIONS, MOST_ROUNDS, MOST_STATES, ONE, VERSION, ZERO, Rejected,
                     read_entries, read_integer, read_number, read_rows, read_steps, require, require_object,
                     require_type, shown, without_zeros)
from .logs import INFINITY, Logs, log, read_side

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


class Moves:
    """A deterministic policy: {(h, s): a}."""

    def __init__(self, table):
        self.table = table

    def row(self, h, s):
        """pi_h(.|s)."""
        return {self.table[h, s]: ONE}


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

    def along(self, model, f, policy=None, last=None):
        """sum_{h<H}, or h <= last, E_{(s,a) ~ d_h} f(h, s, a): pi or another walks in the model."""
        walk = rollout(model, policy or self.policy, model.initial, 1, last or self.H - 1)
        return sum((mean(taken, lambda sa: f(h, *sa)) for h, taken in walk), ZERO)

    def lag(self, model):
        """J(pi_E) - J(pi) in a model."""
        return self.J(model, self.other_policy) - self.J(model)

    def inaccuracy(self, policy):
        """J(p, M) - J(p, M') of a policy p."""
        return self.J(self.M, policy) - self.J(self.N, policy)

    def at_sinks(self, h):
        """[V_h(paradise), V_h(abyss)]: the highest, the lowest reward in the steps h..H."""
        low, high = self.M.reward_range()
        return [(self.H - h + 1) * high, (self.H - h + 1) * low]

    def plan(self, kernel, choices=None, best=max):
        """(V, A): V[h][s] the best that can be had from (h, s) on, A[h, s] the actions for it.

        The rewards are those of M; `choices` are the actions to choose from, all without it.
        The kernel may lead to the states |S| and |S| + 1, paradise and abyss.
        """
        table, optimal = [[ZERO] * (len(self.S) + 2)], {}
        for h in range(self.H, 0, -1):
            row = []
            for s in self.S:
                q = {a: self.M.reward(s, a) + expect(kernel[s, a], table[-1])
                     for a in (choices[h, s] if choices else self.A)}
                row.append(best(q.values()))
                optimal[h, s] = [a for a in q if q[a] == row[s]]
            table.append(row + self.at_sinks(h))
        return [None] + table[::-1], optimal

    def optimum(self, model):
        """max over p of J(p), in a model with the rewards of M."""
        return expect(model.initial, self.plan(model.kernels[0])[0][1])

    @cached_property
    def N_optimal(self):
        """V*[h][s] in M'."""
        return self.plan(self.N.kernels[0])[0]


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


def check_planned(x, everywhere, any_rewards=False):
    """Section 15.3: pi is planned in M': it maximises J(., M'), or V from every step and state."""
    check_pair(x, varying_kernels=False, varying_policy=True, own_rewards=False,
               any_rewards=any_rewards)
    require(all(len(row) == 1 for step in x.policy.steps for row in step.values()),
            "the policy is not deterministic")
    if everywhere:
        require(all(x.W[h] == x.N_optimal[h][:-2] for h in range(1, x.H + 1)),
                "the policy is not optimal in the perturbed model at every step and state")
    else:
        require(x.J(x.N) == x.optimum(x.N), "the policy is not optimal in the perturbed model")


def check_learning(x, changing):
    """A world M, the start model T_0 = M', the first policy and the expert."""
    check_pair(x, varying_kernels=False, varying_policy=True, own_rewards=False, any_rewards=False)
    if changing:
        check_list(x, "fills", LONGEST_LIST, range(len(FILLS)))


def check_list(x, name, longest, allowed):
    """The numbers are one list of 1 to `longest` integers."""
    require(set(x.numbers) == {name}, f"the numbers are not {name}")
    require(1 <= len(x.numbers[name]) <= longest, f"{name} must have 1 to {longest} numbers")
    require(all(number in allowed for number in x.numbers[name]),
            f"a number of {name} is not an integer from {allowed[0]} to {allowed[-1]}")


def check_tree(x, strict):
    """The tree of Figure 15.1, or its strict form, in which right-right pays 1/10."""
    last = 5 if strict else 4
    lead = {(0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4, (2, 0): 4, (2, 1): last}
    lead.update({(leaf, a): leaf for leaf in range(3, last + 1) for a in (0, 1)})
    pay = {3: ONE, 5: Fraction(1, 10)} if strict else {3: ONE}
    require(x.H == 3 and (len(x.S), len(x.A)) == (last + 1, 2), "it is not the tree of the figure")
    require(x.M.initial == {0: 1} and x.M.kernels == [{sa: {t: 1} for sa, t in lead.items()}]
            and x.M.rewards == {(s, a): r for s, r in pay.items() for a in x.A},
            "the world is not the tree of the figure")
    require(x.known == {(s, a) for s in x.S for a in x.A if s not in (1, 2)},
            "the known pairs are not all but those of the states 1 and 2")
    for policy, a in ((x.policy, 1), (x.other_policy, 0)):
        require(policy.steps == [{(s,): {a: 1} for s in x.S}],
                "the policies are not always right and, the other, always left")


def check_ball(x):
    """A stationary M; M' and the policy may change from step to step."""
    check_pair(x, varying_kernels=True, varying_policy=True, own_rewards=False, any_rewards=False)
    require(len(x.M.kernels) == 1, "the kernel of the model is not stationary")


def check_class(x):
    """A world, models of it with the same rewards and start, nu, and pi'."""
    require(x.models, "the class has no model")
    low, high = x.M.reward_range()
    require(0 <= low and high <= 1, "a reward is outside [0, 1]")
    for model in [x.M] + x.models:
        require((model.states, model.actions) == (x.M.states, x.M.actions),
                "two models differ in their numbers of states or actions")
        require((model.initial, model.rewards) == (x.M.initial, x.M.rewards),
                "two models differ in their rewards or initial distributions")
        require(len(model.kernels) == 1, "a kernel is not stationary")
    require(len(x.policy.steps) == 1, "the policy is not stationary")
    check_list(x, "rounds", 1, range(1, LONGEST_LIST + 1))


def check_discount(x, more, value_length):
    """One discount in [0, 1), and perhaps one more list."""
    require(set(x.numbers) == {"discount", *more}, "the numbers are not the discount and what the claim needs")
    require(len(x.numbers["discount"]) == 1 and 0 <= x.numbers["discount"][0] < 1,
            "there is not one discount in [0, 1)")
    x.discount = x.numbers["discount"][0]
    for name in more:
        require(value_length(len(x.numbers[name]), x.M.states), f"{name} has a wrong length")


def check_discounted_pair(x, own_rewards, is_planned):
    """A stationary pair under a discount; perhaps pi is planned in M'."""
    check_pair(x, varying_kernels=False, varying_policy=False, own_rewards=own_rewards, any_rewards=False)
    check_discount(x, (), None)
    if is_planned:
        require(all(len(row) == 1 for row in x.policy.steps[0].values()), "the policy is not deterministic")
        require(discounted(x, x.N, x.policy) == best_discounted(x, x.N),
                "the policy is not optimal in the perturbed model")


def check_discounted_model(x, more, value_length):
    """A stationary model with rewards in [0, 1], under a discount."""
    check_model(x)
    low, high = x.M.reward_range()
    require(0 <= low and high <= 1, "a reward is outside [0, 1]")
    require(not hasattr(x, "policy") or len(x.policy.steps) == 1, "the policy is not stationary")
    check_discount(x, (more,), value_length)


def check_world(x, codes=(), extra=None):
    """A stationary world of at most 8 states, a stationary behaviour policy, and codes of the states."""
    require(len(x.M.kernels) == 1 and len(x.policy.steps) == 1, "something is not stationary")
    low, high = x.M.reward_range()
    require(0 <= low and high <= 1, "a reward is outside [0, 1]")
    require(x.M.states <= 8, "there are more than 8 states")
    given = getattr(x, "numbers", {})
    require(set(given) == set(codes), "the numbers are not the codes that the claim needs")
    x.codes = {}
    for name in codes:
        code = given[name]
        require(len(code) == x.M.states, f"{name} has not one code a state")
        order = list(dict.fromkeys(code))
        require(order == list(range(len(order))), f"the codes of {name} are not 0, 1, ... as they occur")
        x.codes[name] = [int(c) for c in code]
    if extra:
        extra(x)


def check_action_rewards(x):
    """r(s, a) = r(a)."""
    require(all(x.M.reward(s, a) == x.M.reward(0, a) for s in x.S for a in x.A),
            "a reward depends on the state")


def check_bisimulation(x):
    """Members of a code have equal rewards, and lead to each code with equal probability."""
    code = x.codes["encoder"]
    for s in x.S:
        for t in x.S:
            require(code[s] != code[t] or all(
                x.M.reward(s, a) == x.M.reward(t, a) and pushed(x, code, s, a) == pushed(x, code, t, a)
                for a in x.A), "the encoder is no bisimulation")


def check_factors(x, ignores):
    """A product: the controllable factor moves by (c, a), the exogenous one by itself."""
    own, other = x.codes["controllable"], x.codes["exogenous"]
    require(len(set(zip(own, other))) == x.M.states, "two states have the same factors")
    for s in x.S:
        for a in x.A:
            mine, theirs = pushed(x, own, s, a), pushed(x, other, s, a)
            require(all(x.M.row(1, s, a).get(t, ZERO) == mine.get(own[t], ZERO) * theirs.get(other[t], ZERO)
                        for t in x.S), "the factors do not move independently")
            for t in x.S:
                require(own[s] != own[t] or mine == pushed(x, own, t, a),
                        "the controllable factor depends on the exogenous one")
                require(other[s] != other[t] or all(theirs == pushed(x, other, t, b) for b in x.A),
                        "the exogenous factor depends on the rest")
                require(not ignores or own[s] != own[t]
                        or x.policy.row(1, s).get(a, ZERO) == x.policy.row(1, t).get(a, ZERO),
                        "the behaviour policy looks at the exogenous factor")


def check_told(x, most_states):
    """Deterministic, at least two actions, no two of a state with the same successor; uniform behaviour."""
    require(x.M.states <= most_states and x.M.actions >= 2, "there are too many states, or one action")
    rows = {(s, a): x.M.row(1, s, a) for s in x.S for a in x.A}
    require(all(len(row) == 1 for row in rows.values()), "the world is not deterministic")
    require(all(len({next(iter(rows[s, a])) for a in x.A}) == x.M.actions for s in x.S),
            "two actions of a state lead to the same state")
    require(all(x.policy.row(1, s).get(a, ZERO) == Fraction(1, x.M.actions) for s in x.S for a in x.A),
            "the behaviour policy is not uniform")


TABLES = {"sizes", "sequence", "encoder", "dynamics", "decoder", "rewards", "continues", "observations", "policy"}


def check_recurrent(x, one_step=False):
    """The tables of a recurrent model, an episode, and an action for each (h, z)."""
    given = x.numbers
    require(TABLES <= set(given) <= TABLES | {"episode_actions"}, "the numbers are not a recurrent model's")
    require(x.H <= 8, "the horizon is longer than 8 imagined steps")
    whole = {name: given.get(name, []) for name in ("sizes", "sequence", "observations", "episode_actions", "policy")}
    require(all(n.denominator == 1 and n >= 0 for list_ in whole.values() for n in list_),
            "an index is no whole number")
    require(len(given["sizes"]) == 4 and all(1 <= n <= 4 for n in given["sizes"]), "the sizes are not four, 1 to 4")
    r, z, m, a = x.sizes = [int(n) for n in given["sizes"]]
    pairs = r * z
    lengths = {"sequence": pairs * a, "encoder": m * r * z, "dynamics": r * z, "decoder": pairs * m,
               "rewards": pairs, "continues": pairs, "policy": pairs}
    for name, length in lengths.items():
        require(len(given[name]) == length, f"{name} has not {length} numbers")
    for name, bound in (("sequence", r), ("observations", m), ("episode_actions", a), ("policy", a)):
        require(all(n < bound for n in whole[name]), f"a number of {name} is not below {bound}")
    for name, width in (("encoder", z), ("dynamics", z), ("decoder", m)):
        rows = [given[name][i:i + width] for i in range(0, len(given[name]), width)]
        require(all(min(row) >= 0 and sum(row) == 1 for row in rows), f"a row of {name} is no distribution")
    require(all(0 <= c <= 1 for c in given["continues"]), "a chance to continue is not in [0, 1]")
    require(1 <= len(whole["observations"]) <= 4
            and len(whole["episode_actions"]) == len(whole["observations"]) - 1, "it is no episode")
    require(not one_step or len(whole["observations"]) == 1, "there is more than one observation")
    x.episode = [int(n) for n in whole["observations"]], [int(n) for n in whole["episode_actions"]]


def check_observed(x):
    """A world, a behaviour policy, an emission, a code for each observation and last code, an episode."""
    given, lists = x.numbers, {"emission", "codes", "observations"}
    require(lists <= set(given) <= lists | {"episode_actions"}, "the numbers are not a partially observed world's")
    numbers, x.numbers = x.numbers, {}
    check_world(x)
    x.numbers = numbers
    require(given["emission"] and len(given["emission"]) % x.M.states == 0, "emission has not a row for each state")
    width = len(given["emission"]) // x.M.states
    x.emission = [given["emission"][s * width:(s + 1) * width] for s in x.S]
    require(all(min(row) >= 0 and sum(row) == 1 for row in x.emission), "a row of emission is no distribution")
    for name, bound in (("codes", 2), ("observations", width), ("episode_actions", x.M.actions)):
        require(all(n.denominator == 1 and 0 <= n < bound for n in given.get(name, [])),
                f"a number of {name} is not below {bound}")
    require(len(given["codes"]) == 3 * width, "there is not a code for each observation and memory")
    x.episode = [int(n) for n in given["observations"]], [int(n) for n in given.get("episode_actions", [])]
    require(1 <= len(x.episode[0]) <= 4 and len(x.episode[1]) == len(x.episode[0]) - 1, "it is no episode")


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


def planned(*extra, everywhere=False):
    """M, M' and pi, planned in M'."""
    return Domain(("model", "perturbed", "policy") + extra,
                  partial(check_planned, everywhere=everywhere))


def learning(*extra):
    """A learning loop's problem; with "numbers" its fills change from round to round."""
    return Domain(("model", "perturbed", "policy", "other_policy", "known") + extra,
                  partial(check_learning, changing="numbers" in extra))


def tree(strict):
    """The one instance of the figures."""
    return Domain(("model", "policy", "other_policy", "known"), partial(check_tree, strict=strict))


def discounted_pair(*extra, own_rewards=False, is_planned=False):
    """M, M', pi and the discount among the numbers."""
    return Domain(("model", "perturbed", "policy", "numbers") + extra,
                  partial(check_discounted_pair, own_rewards=own_rewards, is_planned=is_planned))


def world(*codes, extra=None):
    """A world, a behaviour policy, and codes of its states."""
    return Domain(("model", "policy") + (("numbers",) if codes else ()),
                  partial(check_world, codes=codes, extra=extra))


ENCODED, BEHAVED = world("encoder"), world()
BISIMULATION = world("encoder", extra=check_bisimulation)
RECURRENT = Domain(("numbers",), check_recurrent)
ONE_OBSERVATION = Domain(("numbers",), partial(check_recurrent, one_step=True))
OBSERVED = Domain(("model", "policy", "numbers"), check_observed)
PLAIN = pair()
VARYING = pair(varying_kernels=True, varying_policy=True)
TWO_POLICIES = pair("other_policy", varying_policy=True)
SAMPLED = pair("sampling")
PLANNED = planned()
PLANNED_AND_EXPERT = planned("other_policy")
LEARNING, CHANGING = learning(), learning("numbers")
TREE, STRICT_TREE = tree(strict=False), tree(strict=True)
BALL = Domain(("model", "perturbed", "policy"), check_ball)
CLASS = Domain(("model", "model_class", "sampling", "policy", "numbers"), check_class)
DISCOUNTED, DISCOUNTED_PLANNED = discounted_pair(), discounted_pair(is_planned=True)
GUESSED = Domain(("model", "numbers"), partial(
    check_discounted_model, more="value", value_length=lambda n, states: n == states))
ITERATED = Domain(("model", "policy", "numbers"), partial(
    check_discounted_model, more="errors",
    value_length=lambda n, states: 1 <= n <= LONGEST_LIST and n % states == 0))
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


def expected_l1(x, distribution=None):
    """E_{(s,a) ~ nu} ||T - T'||_1, or of another distribution."""
    return mean(x.nu if distribution is None else distribution, lambda sa: x.l1(1, *sa))


def covered(x, model, policy):
    """max d_w / nu, which must be finite; d_w of a policy in a model. 1 at H = 1."""
    visited = weighted_occupancy(model, policy, x.H)
    require(all(sa in x.nu for sa in visited),
            "nu does not cover what the policy visits before the last step")
    return max((weight / x.nu[sa] for sa, weight in visited.items()), default=ONE)


def coverage(x):
    """|J - J'| <= C H (H - 1) / 4 E_nu ||T - T'||_1, C = max d_w / nu in M'; 0 at H = 1."""
    if x.H == 1:
        return x.J_gap, ZERO
    return x.J_gap, covered(x, x.N, x.policy) * HALF * triangle(x.H - 1) * expected_l1(x)


# ------------------------------ worst cases: all kernels within epsilon of M's

def least_mean(row, values, radius):
    """min of E_q[values] over the q with ||q - row||_1 <= radius.

    It is the integral over u of max(row(values > u) - radius / 2, 0), from the least value on:
    the mass above any level can be lowered by radius / 2, and above all of them at once.
    """
    levels = sorted(set(values))
    return levels[0] + sum(
        (high - low) * max(mean(row, lambda t: Fraction(values[t] > low)) - radius / 2, ZERO)
        for low, high in zip(levels, levels[1:]))


def greatest_mean(row, values, radius):
    """max of the same."""
    return -least_mean(row, [-v for v in values], radius)


def extreme_value(x, extreme):
    """The least or the greatest J(pi) of the time-varying models within epsilon of M."""
    values = [ZERO] * len(x.S)
    for h in range(x.H, 0, -1):
        values = [mean(x.policy.row(h, s), lambda a: x.M.reward(s, a)
                       + extreme(x.M.row(1, s, a), values, x.epsilon)) for s in x.S]
    return expect(x.M.initial, values)


def robust_plan(x):
    """(max over p of the least J(p), the first such policy)."""
    values, table = [ZERO] * len(x.S), {}
    for h in range(x.H, 0, -1):
        q = [[x.M.reward(s, a) + least_mean(x.M.row(1, s, a), values, x.epsilon) for a in x.A]
             for s in x.S]
        values = [max(row) for row in q]
        table.update({(h, s): row.index(max(row)) for s, row in enumerate(q)})
    return expect(x.M.initial, values), Moves(table)


def within_sharp_bound(x):
    """max |J~ - J| <= B(epsilon / 2, H)."""
    return (max(extreme_value(x, greatest_mean) - x.J(x.M), x.J(x.M) - extreme_value(x, least_mean)),
            sharp_bound(x.epsilon / 2, x.H))


def plan_is_sure(x):
    """max over p of the least J(p) <= J(robust plan, M')."""
    value, policy = robust_plan(x)
    return value, x.J(x.N, policy)


# ------------------------------------------- section 15.3: double simulation

def decomposition(x, sign):
    """lag(M) = inaccuracy of pi_E + (corrected: -) inaccuracy of pi + lag(M')."""
    return x.lag(x.M), (x.inaccuracy(x.other_policy) + sign * x.inaccuracy(x.policy)
                        + x.lag(x.N))


def decomposition_excess(x):
    """The right side as printed less the left = 2 (J(pi, M) - J(pi, M'))."""
    left, right = decomposition(x, 1)
    return right - left, 2 * x.inaccuracy(x.policy)


def argmax_everywhere(x):
    """V*_h(s, M') <= V_h(s, M') at every step and state."""
    return [({"step": h, "state": s}, x.N_optimal[h][s], x.W[h][s])
            for h in range(1, x.H + 1) for s in x.S]


def argmax_where_reached(x):
    """The same where pi goes in M' with a positive chance."""
    reached = {(h, s) for h, taken in rollout(x.N, x.policy, x.N.initial, 1, x.H)
               for s, _ in taken}
    return [entry for entry in argmax_everywhere(x)
            if (entry[0]["step"], entry[0]["state"]) in reached]


def simulation_identity(x):
    """lag(M) = E_{pi_E} (T - T') V'_{pi_E} - E_pi (T - T') V'_pi + lag(M'), summed over h < H."""
    def part(policy):
        values = bellman_values(x.N, policy, x.H)
        return x.along(x.M, lambda *at: x.next_value(x.M, values, *at)
                       - x.next_value(x.N, values, *at), policy)
    return x.lag(x.M), part(x.other_policy) - part(x.policy) + x.lag(x.N)


def advantages(x, walker, judge):
    """sum_h E_{(s,a) ~ d_h of the walker} [Q_h(s, a) - V_h(s)], Q and V of the judge, in M."""
    values = bellman_values(x.M, judge, x.H)
    return x.along(x.M, lambda h, s, a: x.M.reward(s, a)
                   + x.next_value(x.M, values, h, s, a) - values[h][s], walker, x.H)


def regret(x):
    """max over p of J(p, M) - J(pi, M)."""
    return x.optimum(x.M) - x.J(x.M)


# -------------------------------------------- section 15.3: learning loops

FILLS = ("pessimistic", "optimistic", "start", "figure")  # by their numbers in an instance
TIES = ("lowest", "highest", "stay", "for", "against")
WITH_EXPERT = ("hybrid", "expert", "hybrid-latest")
Round = namedtuple("Round", "number kernel policy seen promise value discovers")
Trace = namedtuple("Trace", "rounds start length")  # with that period from `start` on, or None


def visited(x, policy):
    """The pairs (s, a) to which the policy comes in the world before the last step."""
    return frozenset(sa for _, taken in rollout(x.M, policy, x.M.initial, 1, x.H - 1)
                     for sa in taken)


def sinks(x):
    """Paradise and abyss: known states which keep the highest, and the lowest, reward for ever.

    The first such states of the world; |S| and |S| + 1, added to it, if it lacks either.
    """
    low, high = x.M.reward_range()
    kept = {pay: [s for s in x.S if all((s, a) in x.known and x.M.reward(s, a) == pay
                                        and x.M.row(1, s, a) == {s: 1} for a in x.A)]
            for pay in (low, high)}
    found = kept[low] and kept[high]
    return (kept[high][0], kept[low][0]) if found else (len(x.S), len(x.S) + 1)


def data(fit, latest, union, expert):
    """The pairs of the data, from those of the last policy, of all so far, and of the expert."""
    return {"latest": latest, "aggregate": union, "hybrid": union | expert, "expert": expert,
            "hybrid-latest": latest | expert}[fit]


def fitted(x, data_pairs, fill, last_kernel):
    """The kernel M_t: true rows where they are known or in the data, else as the fill has it."""
    paradise, abyss = sinks(x)
    states = {s for s, _ in data_pairs}

    def unseen(s, a):
        if fill in ("keep", "start"):
            return last_kernel[s, a] if fill == "keep" else x.N.row(1, s, a)
        hopeful = fill == "optimistic" or fill == "figure" and s in states
        return {paradise if hopeful else abyss: ONE}
    return {sa: x.M.row(1, *sa) if sa in x.known or sa in data_pairs else unseen(*sa)
            for sa in x.M.kernels[0]}


def pick(x, optimal, ties, last_policy):
    """One of the optimal actions at every (h, s)."""
    if ties in ("for", "against"):
        best = max if ties == "for" else min
        optimal = x.plan(x.M.kernels[0], optimal, best)[1]

    def choice(h, s, actions):
        if ties == "stay":
            row = last_policy.row(h, s)
            likeliest = min(row, key=lambda a: (-row[a], a))
            return likeliest if likeliest in actions else actions[0]
        return actions[-1 if ties == "highest" else 0]
    return Moves({(h, s): choice(h, s, actions) for (h, s), actions in optimal.items()})


def learn(x, fit, fills, ties="stay"):
    """The rounds: a model M_t of the data, its promise J(pi_t, M_t) and what pi_t is worth in M."""
    policy, expert = x.policy, visited(x, x.other_policy)
    latest = union = visited(x, policy)
    kernel = x.N.kernels[0] if hasattr(x, "N") else None
    for t, fill in enumerate(fills, 1):
        kernel = fitted(x, data(fit, latest, union, expert), fill, kernel)
        values, optimal = x.plan(kernel)
        policy = pick(x, optimal, ties, policy)
        latest = visited(x, policy)
        new = latest - x.known - union - (expert if fit in WITH_EXPERT else frozenset())
        union |= latest
        yield Round(t, kernel, policy, union, expect(x.M.initial, values[1]),
                    x.J(x.M, policy), bool(new))


def learn_on(x, fit, fill, ties="stay"):
    """The loop until it repeats itself: policy and, where it matters, all data as before."""
    rounds, states = [], []
    for r in learn(x, fit, [fill] * MOST_ROUNDS, ties):
        remembers = fit in ("aggregate", "hybrid") or fill == "keep"
        state = r.policy.table, remembers and r.seen
        if state in states:
            e = states.index(state) + 1
            if rounds[e - 1].kernel == r.kernel:
                return Trace(rounds, e, r.number - e)
            return Trace(rounds + [r], e + 1, r.number - e)
        rounds.append(r)
        states.append(state)
    return Trace(rounds, None, None)


def learn_to_the_end(x, *rules):
    """The rounds of a loop that must come to a stand."""
    trace = learn_on(x, *rules)
    require(trace.length == 1, "the loop does not stop")
    return trace.rounds


def optimism_in_a_class(x):
    """The best of the stationary deterministic policies <= the one planned when nothing new is found."""
    require(len(x.A) ** len(x.S) <= 64, "there are more than 64 stationary deterministic policies")
    policies = [Moves({(h, s): choice[s] for h in range(1, x.H + 1) for s in x.S})
                for choice in (moves[::-1] for moves in itertools.product(x.A, repeat=len(x.S)))]

    def promise(kernel, policy):
        allowed = {(h, s): [policy.table[h, s]] for h in range(1, x.H + 1) for s in x.S}
        return expect(x.M.initial, x.plan(kernel, allowed)[0][1])

    seen = visited(x, x.policy)
    while True:
        kernel = fitted(x, seen, "optimistic", None)
        policy = max(policies, key=lambda p: promise(kernel, p))
        new = visited(x, policy) - x.known - seen
        if not new:
            return max(x.J(x.M, p) for p in policies), x.J(x.M, policy)
        seen |= new


def learn_with_fills(x, fit, ties="stay"):
    """A round for each of the instance's fills."""
    return list(learn(x, fit, [FILLS[int(code)] for code in x.numbers["fills"]], ties))


def in_rounds(rounds, sides):
    """A point for each round."""
    return [({"round": r.number}, *sides(r)) for r in rounds]


def unknown_pairs(x):
    """K."""
    return len(x.S) * len(x.A) - len(x.known)


def expert_value(x):
    """J(pi_E, M)."""
    return x.J(x.M, x.other_policy)


def discoveries(x):
    """The number of pi_0, ..., pi_n whose roll-outs show a new pair <= K."""
    count = sum(r.discovers for r in learn_with_fills(x, "aggregate"))
    return bool(visited(x, x.policy) - x.known) + count, unknown_pairs(x)


def last_change(x):
    """The last round with J(pi_t, M) != J(pi_{t-1}, M), t >= 2, <= |S| |A|."""
    rounds = learn_with_fills(x, "aggregate")
    changes = [r.number for before, r in zip(rounds, rounds[1:]) if r.value != before.value]
    return max(changes, default=0), len(x.S) * len(x.A)


def value_in(x, kernel, policy):
    """J of a policy under a kernel which may lead to the sinks."""
    values = [ZERO] * (len(x.S) + 2)
    for h in range(x.H, 0, -1):
        values = [mean(policy.row(h, s), lambda a: x.M.reward(s, a) + expect(kernel[s, a], values))
                  for s in x.S] + x.at_sinks(h)
    return expect(x.M.initial, values)


def evaluates_past(x):
    """J(pi_tau, M_t) = J(pi_tau, M) for tau < t."""
    rounds = learn_with_fills(x, "aggregate")
    policies = [x.policy] + [r.policy for r in rounds]
    return [({"round": r.number}, value_in(x, r.kernel, policy), x.J(x.M, policy))
            for r in rounds for policy in policies[:r.number]]


def never_worse(x):
    """max_{tau < t} J(pi_tau, M) <= J(pi_t, M), for all data and for the latest."""
    points = []
    for fit in ("aggregate", "latest"):
        best = x.J(x.M)
        for r in learn_on(x, fit, "pessimistic").rounds:
            points.append(({"round": r.number}, best, r.value))
            best = max(best, r.value)
    return points


def at_the_optimum(x, *rules):
    """max over p of J(p, M) <= J(pi_t, M) where the loop stops."""
    return x.optimum(x.M), learn_to_the_end(x, *rules)[-1].value


def stands_still(x, *rules):
    """The round from which on nothing changes <= K + 1."""
    trace = learn_on(x, *rules)
    return trace.start if trace.length == 1 else 1_000_000, unknown_pairs(x) + 1


def period(x, *rules):
    """The period of the policies; 1 if none was found."""
    return learn_on(x, *rules).length or 1


def no_discovery(rounds):
    """The rounds whose roll-out shows nothing new."""
    return [r for r in rounds if not r.discovers]


def keep_is_aggregation(x):
    """The kernels of latest data with kept rows and of all data, round by round."""
    two = (learn_on(x, *rules).rounds for rules in (("latest", "keep"), ("aggregate", "start")))
    return [({"round": kept.number},
             max(l1_distance(kept.kernel[sa], own.kernel[sa]) for sa in own.kernel), ZERO)
            for kept, own in zip(*two)]


def above_expert(x, rounds):
    """J(pi_E, M) <= J(pi_t, M)."""
    return in_rounds(rounds, lambda r: (expert_value(x), r.value))


def shortfall(x):
    """sum_t max(J(pi_E, M) - J(pi_t, M), 0) <= K (H - 1), whatever the tie-break."""
    return [({}, sum(max(expert_value(x) - r.value, ZERO)
                     for r in learn_with_fills(x, "hybrid", ties)), unknown_pairs(x) * (x.H - 1))
            for ties in TIES]


def pessimism_gap(x):
    """max over p of J(p, M) - J(pi_t, M) <= H - 1, whatever the tie-break."""
    return [point for ties in TIES
            for point in in_rounds(learn_on(x, "aggregate", "pessimistic", ties).rounds,
                                   lambda r: (x.optimum(x.M) - r.value, x.H - 1))]


def without_aggregation(x):
    """J(pi_E, M) <= J(pi_t, M) in the rounds which are repeated for ever."""
    trace = learn_on(x, "hybrid-latest", "optimistic")
    require(trace.length, "the loop does not repeat itself")
    return above_expert(x, [r for r in trace.rounds if r.number >= trace.start])


# The leaves LL, LR, RL, RR of the figures, as the pair which leads there.
LEAVES = ((1, 0), (1, 1), (2, 0), (2, 1))


def labels(x, r, wanted):
    """What a round's model says that the leaves pay."""
    return [({"state": s, "action": a, "round": r.number},
             mean(r.kernel[s, a], lambda leaf: x.M.reward(leaf, 0)), label)
            for (s, a), label in zip(LEAVES, wanted)]


def moves(r, *wanted):
    """The actions at the root and then in the right child: 0 left, 1 right."""
    return [({"round": r.number, "step": h, "state": s}, r.policy.table[h, s], a)
            for h, s, a in zip((1, 2), (0, 2), wanted)]


def figure_15_1(x):
    """J(pi_E) = 1, max J = 1, J(pi_0) = 0."""
    return [({}, expert_value(x), ONE), ({"round": 1}, x.optimum(x.M), ONE),
            ({"round": 0}, x.J(x.M), ZERO)]


def figure_15_2(x):
    """(0, 0, 1, 0), then right-left; (0, 0, 0, 1), then right-right."""
    first, second = learn_on(x, "latest", "figure").rounds[:2]
    return (labels(x, first, (0, 0, 1, 0)) + moves(first, 1, 0)
            + labels(x, second, (0, 0, 0, 1)) + moves(second, 1, 1))


def figure_15_3_stuck(x):
    """J(pi_E) - J(pi_t) = J(pi_E) where the loop stops."""
    last = learn_to_the_end(x, "aggregate", "figure")[-1]
    return expert_value(x) - last.value, expert_value(x)


def figure_15_3_strict(x):
    """The loop ends at 1/10, whatever the tie-break."""
    return [({"round": last.number}, last.value, Fraction(1, 10))
            for last in (learn_on(x, "aggregate", "figure", ties).rounds[-1]
                         for ties in TIES)]


def hybrid_on_the_tree(x):
    """J(pi_t) = J(pi_E) where the loop stops, whatever the tie-break."""
    return [({"round": last.number}, last.value, expert_value(x))
            for last in (learn_to_the_end(x, "hybrid", "figure", ties)[-1]
                         for ties in TIES)]


# ------------------------------- section 15.3: losses, and classes of models

def kl(p, q):
    """sum p log(p / q), infinite where q misses what p has."""
    if any(i not in q for i in p):
        return INFINITY
    return mean(p, lambda i: log(p[i] / q[i]))


def row_kl(x, s, a):
    """KL(T || T') at (s, a)."""
    return kl(x.M.row(1, s, a), x.N.row(1, s, a))


def expected_kl(x):
    """E_{(s,a) ~ nu} KL(T || T')."""
    return mean(x.nu, lambda sa: row_kl(x, *sa))


def log_loss(x, model):
    """E_{(s,a) ~ nu, s' ~ T} [-log of the model's chance of s']."""
    def surprise(chances, t):
        return -1 * log(chances[t]) if t in chances else INFINITY
    return mean(x.nu, lambda sa: mean(
        x.M.row(1, *sa), lambda t: surprise(model.row(1, *sa), t)))


def log_loss_is_kl(x):
    """E[-log T'] - E[-log T] = E KL(T || T')."""
    loss = log_loss(x, x.N)
    require(not loss.infinite, "the perturbed model misses what the world does where nu looks")
    return loss - log_loss(x, x.M), expected_kl(x)


def l1_by_mismatch(x, s, a):
    """||T - T'||_1 <= 2 P(s' != t'), s' ~ T and t' ~ T' drawn independently."""
    p, q = x.M.row(1, s, a), x.N.row(1, s, a)
    return l1_distance(p, q), 2 * mean(p, lambda t: mean(q, lambda u: Fraction(t != u)))


def sysid_lemma(x):
    """lag(M) <= lag(M') + H (H - 1) / 4 (E_{d_w of pi} + E_{d_w of pi_E}) ||T - T'||_1."""
    errors = sum(expected_l1(x, weighted_occupancy(x.M, policy, x.H))
                 for policy in (x.policy, x.other_policy))
    return x.lag(x.M), x.lag(x.N) + HALF * triangle(x.H - 1) * errors


def sysid_batch(x):
    """lag(M) <= lag(M') + (c of pi + c of pi_E) H (H - 1) / 4 E_nu ||T - T'||_1."""
    c = sum(covered(x, x.M, policy) for policy in (x.policy, x.other_policy))
    return x.lag(x.M), x.lag(x.N) + c * HALF * triangle(x.H - 1) * expected_l1(x)


Played = namedtuple("Played", "kernel value promise losses own_loss")


def mixture(kernels, weights):
    """The kernel sum_k w_k T_k."""
    return {sa: without_zeros({t: sum(w * kernel[sa].get(t, ZERO)
                                      for kernel, w in zip(kernels, weights))
                               for kernel in kernels for t in kernel[sa]}) for sa in kernels[0]}


def mixed(p, q, weight):
    """The distribution weight p + (1 - weight) q."""
    return without_zeros({i: weight * p.get(i, ZERO) + (1 - weight) * q.get(i, ZERO)
                          for i in {**p, **q}})


def project(vector):
    """The point of the simplex next to the vector: v - t without what is negative, t by its sum.

    The lowest entries go until what is left needs no other to go.
    """
    kept = list(vector)
    while True:
        t = (sum(kept) - 1) / len(kept)
        if min(kept) >= t:
            return tuple(max(v - t, ZERO) for v in vector)
        kept = [v for v in kept if v > t]


def alone(best, count):
    """All weight on one."""
    return tuple(Fraction(k == best) for k in range(count))


def first_least(values):
    """The index of the first of the least values."""
    return min(range(len(values)), key=values.__getitem__)


def latest_best(losses):
    """The first of the best models for the last round."""
    return alone(first_least(losses[-1]), len(losses[-1]))


def leader(losses):
    """The first of the best models for all rounds so far."""
    return alone(first_least([sum(column) for column in zip(*losses)]), len(losses[-1]))


def regularised(losses, eta=HALF):
    """The mixture w that minimises eta times its losses so far + ||w||^2 / 2."""
    return project([-eta * sum(column) for column in zip(*losses)])


def hybrid_data(x, policy, weight):
    """weight nu + (1 - weight) d_w in the world; nu alone at H = 1."""
    reached = weighted_occupancy(x.M, policy, x.H)
    return mixed(x.nu, reached, weight) if reached else x.nu


def play(x, weights, distance):
    """Plan in the mixture, roll out, and charge all models with the data of that policy."""
    world, kernels = x.M.kernels[0], [model.kernels[0] for model in x.models]
    kernel = mixture(kernels, weights)
    values, optimal = x.plan(kernel)
    policy = pick(x, optimal, "lowest", None)
    rho = hybrid_data(x, policy, HALF)

    def loss(other):
        return mean(rho, lambda sa: distance(world[sa], other[sa]))
    return Played(kernel, x.J(x.M, policy), expect(x.M.initial, values[1]),
                  [loss(other) for other in kernels], loss(kernel))


def selection(x, rule, distance=l1_distance):
    """What is played in the rounds 1..N; in the first the first model, or the even mixture."""
    m = len(x.models)
    weights = (Fraction(1, m),) * m if rule is regularised else alone(0, m)
    known, rounds = {}, []
    for _ in range(int(x.numbers["rounds"][0])):
        if weights not in known:
            known[weights] = play(x, weights, distance)
        rounds.append(known[weights])
        weights = rule([r.losses for r in rounds])
    return rounds


def average(values):
    """The mean of a list."""
    return Fraction(1, len(values)) * sum(values)


def no_regret(x, distance):
    """The theorem's left side, its constant c H (H - 1) / 2, and the average loss of the models."""
    rounds = selection(x, leader, distance)
    scale = covered(x, x.M, x.policy) * triangle(x.H - 1)
    planning = [x.J(with_kernel(x.M, r.kernel)) - r.promise for r in rounds]
    left = x.J(x.M) - average([r.value for r in rounds]) - average(planning)
    return left, scale, average([r.own_loss for r in rounds])


def no_regret_l1(x):
    """J(pi') - average J(pi_i) - average planning error <= c H (H - 1) / 2 E ||T - T_i||_1."""
    left, scale, loss = no_regret(x, l1_distance)
    return left, scale * loss


def no_regret_log_loss(x):
    """The positive part's square <= (c H (H - 1) / 2)^2 2 E KL(T || T_i)."""
    left, scale, loss = no_regret(x, kl)
    return max(left, ZERO) ** 2, 2 * scale ** 2 * loss


def realisable(x, rule):
    """The number of rounds whose model has a loss <= m - 1, if the world is one of the m."""
    require_truth(x)
    return sum(r.own_loss > 0 for r in selection(x, rule)), len(x.models) - 1


def require_truth(x):
    """The world's kernel must be that of a model of the class."""
    require(any(model.kernels == x.M.kernels for model in x.models),
            "the world is not in the class")


def model_regret(rounds):
    """The losses of what was played less those of the best model for all rounds."""
    return sum(r.own_loss for r in rounds) - min(map(sum, zip(*(r.losses for r in rounds))))


def regularised_regret(x, eta=HALF):
    """The regret <= (1 - 1/m) / (2 eta) + eta / 2 sum_i sum_k (l_i(k) - their mean)^2."""
    rounds = selection(x, regularised)
    spread = sum((loss - average(r.losses)) ** 2 for r in rounds for loss in r.losses)
    return model_regret(rounds), (1 - Fraction(1, len(x.models))) / (2 * eta) + eta / 2 * spread


def weights_matter(x):
    """The best model at the weights 1/2, 1/2 of nu and of the data of pi' is the best at 1/10."""
    def losses(weight):
        rho = hybrid_data(x, x.policy, weight)
        return [mean(rho, lambda sa: kl(x.M.row(1, *sa), model.row(1, *sa))) for model in x.models]
    at_tenth = losses(Fraction(1, 10))
    return at_tenth[first_least(losses(HALF))], min(at_tenth)


def weights_realisable(x):
    """The same if the world is in the class."""
    require_truth(x)
    return weights_matter(x)


# ---------------------------------------------------- section 15.4: encoders

def pushed(x, code, s, a):
    """The row as masses of codes."""
    masses = {}
    for t, p in x.M.row(1, s, a).items():
        masses[code[t]] = masses.get(code[t], ZERO) + p
    return masses


def entropy(pairs):
    """H(second | first) of [((first, second), chance)]."""
    joint, given = {}, {}
    for (u, v), p in pairs:
        joint[u, v] = joint.get((u, v), ZERO) + p
        given[u] = given.get(u, ZERO) + p
    return sum((-p * log(p / given[u]) for (u, _), p in joint.items() if p), log(ONE))


def visits(x):
    """[((s, a), chance)] at a uniform step of 1..H."""
    return [(sa, p / x.H) for _, taken in rollout(x.M, x.policy, x.M.initial, 1, x.H)
            for sa, p in taken.items()]


def windows(x, k=1):
    """[(s_t, a_t, s_{t+k}, chance)], t uniform in 1..H-k."""
    found = []
    for t, taken in rollout(x.M, x.policy, x.M.initial, 1, x.H - k):
        for (s, a), p in taken.items():
            later = x.M.row(1, s, a)
            for _, walk in rollout(x.M, x.policy, later, 1, k - 1):
                later = {}
                for (u, b), q in walk.items():
                    for v, w in x.M.row(1, u, b).items():
                        later[v] = later.get(v, ZERO) + q * w
            found += [(s, a, v, p * q / (x.H - k)) for v, q in later.items()]
    return found


def decoder_loss(x, code):
    """H(X | Z)."""
    return entropy([((code[s], s), p) for (s, _), p in visits(x)])


def consistency(x, code):
    """H(Z' | Z, A)."""
    return entropy([(((code[s], a), code[t]), p) for s, a, t, p in windows(x)])


def inverse_loss(x, code, k=1):
    """H(A_t | Z_t, Z_{t+k})."""
    return entropy([(((code[s], code[t]), a), p) for s, a, t, p in windows(x, k)])


def reward_loss(x, code):
    """E (r - E[r | Z, A])^2."""
    groups = {}
    for (s, a), p in visits(x):
        groups.setdefault((code[s], a), []).append((p, x.M.reward(s, a)))
    total = ZERO
    for group in groups.values():
        mass = sum(p for p, _ in group)
        middle = sum(p * r for p, r in group) / mass
        total += sum(p * (r - middle) ** 2 for p, r in group)
    return total


def encoders(n, most):
    """All partitions of n states into at most `most` codes."""
    found = [[0]]
    for _ in range(n - 1):
        found = [code + [c] for code in found for c in range(min(max(code) + 2, most))]
    return found


def code_value(x, code):
    """max J over deterministic, stationary policies that see the code."""
    return max(rewards_to_come(x.M, Moves({(h, s): choice[code[s]] for h in range(1, x.H + 1) for s in x.S}),
                               x.M.initial, 1, x.H)
               for choice in itertools.product(x.A, repeat=max(code) + 1))


def decoder_keeps_the_task(x):
    """The best value of two codes <= that of any two codes with the least decoder loss."""
    codes = encoders(x.M.states, 2)
    losses = [decoder_loss(x, code) for code in codes]
    least = losses[0]
    for loss in losses:
        least = loss if compare(loss, "<=", least)[0] else least
    values = [code_value(x, code) for code in codes]
    return max(values), min(v for v, loss in zip(values, losses) if loss == least)


def inverse_keeps_the_value(x):
    """The value of the states <= that of any code which inverse dynamics loses nothing with."""
    states = list(x.S)
    full = inverse_loss(x, states)
    values = [code_value(x, code) for code in encoders(x.M.states, x.M.states)
              if inverse_loss(x, code) == full]
    return code_value(x, states), min(values)


def tells_actions(x, code, longest):
    """P(a | x_1, x_{1+k}) = P(a | their codes), x_1 and actions uniform, k = 1..longest."""
    reached = {(s, a): dict(x.M.row(1, s, a)) for s in x.S for a in x.A}
    for _ in range(longest):
        fine, rough = {}, {}
        for (s, a), row in reached.items():
            for t, p in row.items():
                for table, key in ((fine, (s, t)), (rough, (code[s], code[t]))):
                    table.setdefault(key, {})[a] = table.get(key, {}).get(a, ZERO) + p
        for (s, t), chances in fine.items():
            both = rough[code[s], code[t]]
            if any(chances.get(a, ZERO) * sum(both.values()) != both.get(a, ZERO) * sum(chances.values())
                   for a in x.A):
                return False
        reached = {sa: {v: sum(p * x.M.row(1, u, b).get(v, ZERO) / len(x.A)
                               for u, p in row.items() for b in x.A) for v in x.S}
                   for sa, row in reached.items()}
        reached = {sa: without_zeros(row) for sa, row in reached.items()}
    return True


def latent_errors(x, code):
    """(rewards, rows, e_r, e_T) of the model on codes by equal weights of members."""
    rewards, rows = {}, {}
    for z in range(max(code) + 1):
        members = [s for s in x.S if code[s] == z]
        for a in x.A:
            rewards[z, a] = sum(x.M.reward(s, a) for s in members) / len(members)
            row = {}
            for s in members:
                for t, p in pushed(x, code, s, a).items():
                    row[t] = row.get(t, ZERO) + p / len(members)
            rows[z, a] = row
    e_r = max(abs(x.M.reward(s, a) - rewards[code[s], a]) for s in x.S for a in x.A)
    e_t = max(l1_distance(pushed(x, code, s, a), rows[code[s], a]) for s in x.S for a in x.A)
    return rewards, rows, e_r, e_t


def inverse_is_a_model(x, multi_step):
    """max e_T of the codes that tell actions = 0."""
    longest = x.M.states ** 2 if multi_step else 1
    return max(latent_errors(x, code)[3] for code in encoders(x.M.states, x.M.states)
               if tells_actions(x, code, longest)), ZERO


def coded_values(x):
    """(J in the world, J in the latent model, e_r, e_T), pi acting as in the first member of a code."""
    code = x.codes["encoder"]
    rewards, rows, e_r, e_t = latent_errors(x, code)
    act = [x.policy.row(1, code.index(z)) for z in range(max(code) + 1)]
    inside, outside = [ZERO] * (max(code) + 1), [ZERO] * x.M.states
    for _ in range(x.H):
        outside = [mean(act[code[s]], lambda a: x.M.reward(s, a) + expect(x.M.row(1, s, a), outside))
                   for s in x.S]
        inside = [mean(act[z], lambda a: rewards[z, a] + expect(rows[z, a], inside))
                  for z in range(max(code) + 1)]
    return expect(x.M.initial, outside), mean(x.M.initial, lambda s: inside[code[s]]), e_r, e_t


def latent_optima(x):
    """max J in the world = max J in the latent model."""
    code = x.codes["encoder"]
    rewards, rows, _, _ = latent_errors(x, code)
    inside = [ZERO] * (max(code) + 1)
    for _ in range(x.H):
        inside = [max(rewards[z, a] + expect(rows[z, a], inside) for a in x.A) for z in range(max(code) + 1)]
    return x.optimum(x.M), mean(x.M.initial, lambda s: inside[code[s]])


def latent_simulation(x, bound):
    """|J - J_latent| <= bound(e_r, e_T)."""
    real, latent, e_r, e_t = coded_values(x)
    return abs(real - latent), bound(e_r, e_t)


def constant_is_best(x, loss):
    """The loss of the constant code <= that of the encoder."""
    return loss([0] * x.M.states), loss(x.codes["encoder"])


def decoder_price(x):
    """H(X | Z) + H(Z) = H(X)."""
    code = x.codes["encoder"]
    code_entropy = entropy([((0, code[s]), p) for (s, _), p in visits(x)])
    return decoder_loss(x, code) + code_entropy, decoder_loss(x, [0] * x.M.states)


class Tables:
    """A recurrent model's tables: encoder[x, h], dynamics[h] and decoder[h, z] are lists of chances."""

    def __init__(self, x):
        r, z, m, a = x.sizes
        t = x.numbers

        def rows(name, width, keys):
            return {key: t[name][i * width:(i + 1) * width] for i, key in enumerate(keys)}

        self.recurrent, self.codes, self.seen = range(r), range(z), range(m)
        pairs = list(itertools.product(self.recurrent, self.codes))
        self.sequence = {(h, c, b): int(t["sequence"][(h * z + c) * a + b]) for h, c in pairs for b in range(a)}
        self.encoder = rows("encoder", z, itertools.product(self.seen, self.recurrent))
        self.dynamics = rows("dynamics", z, self.recurrent)
        self.decoder = rows("decoder", m, pairs)

    def replaced(self, **tables):
        """The same with other tables."""
        other = copy.copy(self)
        vars(other).update(tables)
        return other


def code_sequences(t, episode, before=None):
    """[([(x, h, z)], chance under the encoder, with the observations under the model)] of all code sequences.

    before is h_0 where the encoder runs before the sequence model, on the state of the step before."""
    observed, actions = episode
    found = []
    for codes in itertools.product(t.codes, repeat=len(observed)):
        h, last, q, p, steps = 0, before, ONE, ONE, []
        for i, (seen, z) in enumerate(zip(observed, codes)):
            steps.append((seen, h, z))
            q *= t.encoder[seen, h if before is None else last][z]
            p *= t.dynamics[h][z] * t.decoder[h, z][seen]
            if i < len(actions):
                last, h = h, t.sequence[h, z, actions[i]]
        found.append((steps, q, p))
    return found


def code_paths(x):
    """[(probability under the encoder, with the observations under the model)] of all code sequences."""
    return [(q, p) for _, q, p in code_sequences(Tables(x), x.episode)]


def counts(t, episode, how):
    """{(x, h, z): expected number of steps}, codes drawn by the encoder, by the posterior, or by filtering."""
    found = {}

    def add(step, weight):
        found[step] = found.get(step, ZERO) + weight

    sequences = code_sequences(t, episode)
    total = sum(p for _, _, p in sequences)
    if how == "filtering":
        for n in range(1, len(episode[0]) + 1):
            past = code_sequences(t, (episode[0][:n], episode[1][:n - 1]))
            seen = sum(p for _, _, p in past)
            for steps, _, p in past:
                add(steps[-1], p / seen if seen else ZERO)
        return found
    for steps, q, p in sequences:
        weight = q if how == "encoder" else p / total if total else ZERO
        for step in steps:
            add(step, weight)
    return found


def shares(weights):
    """Weights as chances; even where there are none."""
    total = sum(weights)
    return [w / total if total else Fraction(1, len(weights)) for w in weights]


def with_fitted_heads(t, found):
    """Dynamics and decoder as relative frequencies."""
    return t.replaced(
        dynamics={h: shares([sum(found.get((x, h, z), ZERO) for x in t.seen) for z in t.codes]) for h in t.recurrent},
        decoder={(h, z): shares([found.get((x, h, z), ZERO) for x in t.seen]) for h in t.recurrent for z in t.codes})


def minus_log(weight, chance):
    """-weight log chance, 0 where the weight is 0."""
    if not weight:
        return log(ONE)
    return -weight * log(chance) if chance else INFINITY


def step_losses(t, episode):
    """(reconstruction, [(mass of (x, h), KL there times it)])."""
    found = counts(t, episode, "encoder")
    reconstruction = sum((minus_log(w, t.decoder[h, z][x]) for (x, h, z), w in found.items()), log(ONE))
    rows = {}
    for (x, h, z), w in found.items():
        if w:
            mass, loss = rows.get((x, h), (ZERO, log(ONE)))
            q = t.encoder[x, h][z]
            rows[x, h] = mass + w, loss + minus_log(w, t.dynamics[h][z]) + w * log(q)
    return reconstruction, list(rows.values())


def weighed_loss(t, episode, weight=ONE):
    """Reconstruction + weight KL."""
    reconstruction, rows = step_losses(t, episode)
    return reconstruction + weight * sum((loss for _, loss in rows), log(ONE))


def surprise(t, episode):
    """-log p(x | a), which must be finite."""
    total = sum(p for _, _, p in code_sequences(t, episode))
    require(total > 0, "the episode is impossible under the model")
    return -1 * log(total)


def descended(t, episode, weight):
    """Heads fitted to the encoder's codes, then row by row the first code that lowers the loss most."""
    best = with_fitted_heads(t, counts(t, episode, "encoder"))
    least = weighed_loss(best, episode, weight)
    for row in sorted(t.encoder):
        for z in t.codes:
            tried = best.replaced(encoder={**best.encoder, row: [Fraction(z == c) for c in t.codes]})
            loss = weighed_loss(tried, episode, weight)
            if loss < least:
                best, least = tried, loss
    return best


def descent(x, measured):
    """Reconstruction + `measured` KL after a round at the weight 1/10 <= before."""
    t = Tables(x)
    return tuple(weighed_loss(u, x.episode, measured) for u in (descended(t, x.episode, Fraction(1, 10)), t))


def fitted_heads(x):
    """-ELBO with heads fitted to the encoder's codes <= -ELBO."""
    t = Tables(x)
    return weighed_loss(with_fitted_heads(t, counts(t, x.episode, "encoder")), x.episode), weighed_loss(t, x.episode)


def maximisation(x, how, rounds_before=0):
    """-log p after a round of fitting <= before it."""
    t = Tables(x)
    for _ in range(rounds_before):
        t = with_fitted_heads(t, counts(t, x.episode, "posterior"))
    before = surprise(t, x.episode)
    after = sum(p for _, _, p in code_sequences(with_fitted_heads(t, counts(t, x.episode, how)), x.episode))
    return -1 * log(after) if after else INFINITY, before


def filtering_encoder(x):
    """-ELBO of q(z | x, h) proportional to p(z | h) p(x | h, z) = -log p."""
    t = Tables(x)
    filters = {(m, h): shares([t.dynamics[h][z] * t.decoder[h, z][m] for z in t.codes])
               for m in t.seen for h in t.recurrent}
    return weighed_loss(t.replaced(encoder=filters), x.episode), surprise(t, x.episode)


def table_as_printed(x):
    """-ELBO with the dynamics' term twice = -log p + KL(q || posterior)."""
    evidence(x)
    right = elbo_gap(x)[1]
    if right.infinite:
        return INFINITY, INFINITY
    t = Tables(x)
    again = sum((minus_log(w, t.dynamics[h][z]) for (_, h, z), w in counts(t, x.episode, "encoder").items()), log(ONE))
    return negative_elbo(x) + again, right


def encoder_first(x):
    """-ELBO where the encoder runs before the sequence model = -ELBO."""
    paths = code_sequences(Tables(x), x.episode, before=0)
    first = (INFINITY if any(q and not p for _, q, p in paths)
             else sum((q * log(q / p) for _, q, p in paths if q), log(ONE)))
    return first, negative_elbo(x)


def clipped(rows):
    """E max(1, KL)."""
    return sum((mass if loss < mass else loss for mass, loss in rows), log(ONE))


def free_bits(x):
    """-log p <= reconstruction + E max(1, KL)."""
    left = evidence(x)
    reconstruction, rows = step_losses(Tables(x), x.episode)
    return left, reconstruction + clipped(rows)


def free_bits_of_the_mean(x):
    """n max(1, mean KL) <= E max(1, KL)."""
    rows, n = step_losses(Tables(x), x.episode)[1], Logs.of(len(x.episode[0]))
    total = sum((loss for _, loss in rows), log(ONE))
    return n if total < n else total, Logs.of(clipped(rows))


def walked(x, policy, emission, code, remember):
    """{(x, h, z, r): expected number of steps} of H actions; r comes with x; h = remember(z, a), "start" first."""
    here = {(s, "start", ZERO): p for s, p in x.M.initial.items()}
    found = {}
    for t in range(x.H + 1):
        later = {}
        for (s, h, r), mass in here.items():
            for seen, chance in enumerate(emission[s]):
                if not chance:
                    continue
                z = code(seen, h)
                found[seen, h, z, r] = found.get((seen, h, z, r), ZERO) + mass * chance
                for a, taken in policy(s).items():
                    for s2, p in x.M.row(1, s, a).items():
                        key = s2, remember(z, a), x.M.reward(s, a)
                        later[key] = later.get(key, ZERO) + mass * chance * taken * p
        here = later
    return found


def head_of(found, key, value):
    """{key: mean of value} over weighted keys."""
    sums = {}
    for step, mass in found.items():
        weight, total = sums.get(key(*step), (ZERO, ZERO))
        sums[key(*step)] = weight + mass, total + mass * value(*step)
    return {k: total / weight for k, (weight, total) in sums.items()}


def fitted_world(x):
    """The best imagined value of the model fitted to a world that is seen in full = the optimum."""
    even = {a: Fraction(1, x.M.actions) for a in x.A}
    seen = [[Fraction(s == t) for t in x.S] for s in x.S]
    found = walked(x, lambda s: even, seen, lambda m, h: m, lambda z, a: (z, a))
    rewards = head_of(found, lambda m, h, z, r: (h, z), lambda m, h, z, r: r)
    dynamics = {z: head_of(found, lambda m, h, c, r: h, lambda m, h, c, r, z=z: Fraction(c == z)) for z in x.S}

    def chance(h, z):
        return dynamics[z].get(h, Fraction(1, x.M.states))

    memories = [(z, a) for z in x.S for a in x.A]
    values = {(h, z): ZERO for h in memories for z in x.S}
    for _ in range(x.H):
        values = {(h, z): rewards.get((h, z), ZERO)
                  + max(sum(chance((z, a), c) * values[(z, a), c] for c in x.S) for a in x.A) for h, z in values}
    return sum(chance("start", z) * (rewards.get(("start", z), ZERO) + max(
        sum(chance((z, a), c) * values[(z, a), c] for c in x.S) for a in x.A)) for z in x.S), x.optimum(x.M)


def observed_likelihood(x):
    """The chance of the observations over sequences of states = the same by filtering."""
    observed, actions = x.episode
    total = ZERO
    for states in itertools.product(x.S, repeat=len(observed)):
        chance = x.M.initial.get(states[0], ZERO)
        for i, a in enumerate(actions):
            chance *= x.M.row(1, states[i], a).get(states[i + 1], ZERO)
        for s, seen in zip(states, observed):
            chance *= x.emission[s][seen]
        total += chance
    masses = dict(x.M.initial)
    for i, seen in enumerate(observed):
        masses = {s: p * x.emission[s][seen] for s, p in masses.items()}
        if i < len(actions):
            masses = {t: sum(p * x.M.row(1, s, actions[i]).get(t, ZERO) for s, p in masses.items()) for t in x.S}
    return total, sum(masses.values())


def recurrent_collapse(x):
    """KL to the best dynamics, in all, of the constant code <= that of the codes."""
    def loss(codes):
        memory = {"start": 0, 0: 1, 1: 2}
        found = walked(x, lambda s: x.policy.row(1, s), x.emission, lambda m, h: int(codes[3 * m + memory[h]]),
                       lambda z, a: z)
        return entropy([((h, z), mass) for (_, h, z, _), mass in found.items()])
    codes = x.numbers["codes"]
    return loss([0] * len(codes)), loss(codes)


def evidence(x):
    """-log p(x | a), which must be finite."""
    total = sum(p for _, p in code_paths(x))
    require(total > 0, "the episode is impossible under the model")
    return -1 * log(total)


def negative_elbo(x):
    """E_q log(q / p), over sequences; infinite where p misses what q has."""
    if any(q and not p for q, p in code_paths(x)):
        return INFINITY
    return sum((q * log(q / p) for q, p in code_paths(x) if q), log(ONE))


def elbo_gap(x):
    """-ELBO = -log p + KL(q || posterior)."""
    surprise, total = evidence(x), sum(p for _, p in code_paths(x))
    if any(q and not p for q, p in code_paths(x)):
        return INFINITY, INFINITY
    gap = sum((q * log(q * total / p) for q, p in code_paths(x) if q), log(ONE))
    return negative_elbo(x), surprise + gap


def imagination(x):
    """The value of imagined roll-outs, forwards, and by backward induction."""
    r, z_count, _, a_count = x.sizes
    t = x.numbers
    pairs = r * z_count
    after = [int(t["sequence"][i * a_count + int(t["policy"][i])]) for i in range(pairs)]
    dynamics = [t["dynamics"][h * z_count:(h + 1) * z_count] for h in range(r)]
    here = {i: dynamics[0][i] for i in range(z_count)}
    total, values = ZERO, [ZERO] * pairs
    for _ in range(x.H):
        total += sum(p * t["rewards"][i] for i, p in here.items())
        later = {}
        for i, p in here.items():
            for z, q in enumerate(dynamics[after[i]]):
                j = after[i] * z_count + z
                later[j] = later.get(j, ZERO) + p * t["continues"][i] * q
        here = later
        values = [t["rewards"][i] + t["continues"][i] * sum(
            q * values[after[i] * z_count + z] for z, q in enumerate(dynamics[after[i]])) for i in range(pairs)]
    return total, sum(q * values[z] for z, q in enumerate(dynamics[0]))


# ---------------------------------------------------------------- discounts

def solved(rows):
    """The solution of a linear system, each row with its right side last (Gauss and Jordan)."""
    n = len(rows)
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for k in range(n):
            if k != i and rows[k][i]:
                rows[k] = [u - rows[k][i] * v for u, v in zip(rows[k], rows[i])]
    return [row[-1] for row in rows]


def discounted(x, model, policy):
    """[V(s)]: V = r + discount T V under a policy."""
    rows = []
    for s in x.S:
        row = [Fraction(s == t) for t in x.S]
        row.append(mean(policy.row(1, s), lambda a: model.reward(s, a)))
        for a, chance in policy.row(1, s).items():
            for t, p in model.row(1, s, a).items():
                row[t] -= x.discount * chance * p
        rows.append(row)
    return solved(rows)


def backup(x, model, values, s, a):
    """r + discount T V at (s, a)."""
    return model.reward(s, a) + x.discount * expect(model.row(1, s, a), values)


def backups(x, model, values):
    """[max over a] of the same."""
    return [max(backup(x, model, values, s, a) for a in x.A) for s in x.S]


def greedy(x, model, values):
    """The first of the best actions in each state."""
    best = backups(x, model, values)
    return Moves({(1, s): next(a for a in x.A if backup(x, model, values, s, a) == best[s]) for s in x.S})


def best_discounted(x, model):
    """[V*(s)], the fixed point of the backups: better and better policies lead to it."""
    values = [ZERO for _ in x.S]
    while backups(x, model, values) != values:
        values = discounted(x, model, greedy(x, model, values))
    return values


def gaps(v, w):
    """|v - w|, state by state."""
    return [abs(p - q) for p, q in zip(v, w)]


def every_state(left, right):
    """The sides of a claim that compares a value of each state with one bound."""
    return lambda x: [({"state": s}, value, right(x)) for s, value in enumerate(left(x))]


def value_gaps(x):
    """|V - V'|."""
    return gaps(discounted(x, x.M, x.policy), discounted(x, x.N, x.policy))


def regrets(x):
    """V* - V in M."""
    return gaps(best_discounted(x, x.M), discounted(x, x.M, x.policy))


def greedy_regrets(x):
    """V* less the value of the policy which is greedy for the guessed values."""
    return gaps(best_discounted(x, x.M), discounted(x, x.M, greedy(x, x.M, x.numbers["value"])))


def guess_error(x):
    """The largest |V* - V|."""
    return max(gaps(best_discounted(x, x.M), x.numbers["value"]))


def residual(x):
    """The largest |T V - V|."""
    return max(gaps(backups(x, x.M, x.numbers["value"]), x.numbers["value"]))


def infinite_horizon(x):
    """1 / (1 - discount)."""
    return 1 / (1 - x.discount)


def discounted_sharp(x):
    """sum over t of discount^t (1 - (1 - d)^t), two geometric series."""
    return infinite_horizon(x) - 1 / (1 - x.discount * (1 - x.delta))


def reward_error(x):
    """max |r - r'|."""
    return max(abs(x.M.reward(s, a) - x.N.reward(s, a)) for s in x.S for a in x.A)


def discounted_difference(x):
    """J(pi) - J(pi') = sum over t of discount^t E A of pi'."""
    mine, other = discounted(x, x.M, x.policy), discounted(x, x.M, x.other_policy)
    advantage = [mean(x.policy.row(1, s), lambda a: backup(x, x.M, other, s, a) - other[s]) for s in x.S]
    # W = advantage + discount T W: the expected sum from each state.
    rows = []
    for s in x.S:
        row = [Fraction(s == t) for t in x.S] + [advantage[s]]
        for a, chance in x.policy.row(1, s).items():
            for t, p in x.M.row(1, s, a).items():
                row[t] -= x.discount * chance * p
        rows.append(row)
    return expect(x.M.initial, mine) - expect(x.M.initial, other), expect(x.M.initial, solved(rows))


def policy_iteration(x):
    """|V* - V_k| <= discount^k |V* - V_0| + (1 - discount^k) 2 discount eps / (1 - discount)^2."""
    n, errors = len(x.S), x.numbers["errors"]
    best, values = best_discounted(x, x.M), discounted(x, x.M, x.policy)
    first = max(gaps(best, values))
    limit = 2 * x.discount * max(map(abs, errors)) * infinite_horizon(x) ** 2
    points = []
    for k in range(1, len(errors) // n + 1):
        wrong = [v + e for v, e in zip(values, errors[(k - 1) * n:k * n])]
        values = discounted(x, x.M, greedy(x, x.M, wrong))
        left = x.discount ** k
        points.append(({"round": k}, max(gaps(best, values)), left * first + (1 - left) * limit))
    return points


# ----------------------------------------------------------------- the claims

# Where a claim is compared: which indices a point has, and the range of its step.
# LISTED: `sides(instance)` lists them itself, (point, left, right), perhaps a point twice.
Points = namedtuple("Points", "keys steps")
ONCE = Points((), lambda H: ())
STEPS_BEFORE_LAST = Points(("step",), lambda H: range(1, H))
STATES = Points(("step", "state"), lambda H: range(1, H + 1))
STATES_AT_LAST = Points(("step", "state"), lambda H: range(H, H + 1))
STATES_BEFORE_LAST = Points(("step", "state"), lambda H: range(1, H))
STATES_FROM_ZERO = Points(("step", "state"), lambda H: range(0, H))
ACTIONS = Points(("step", "state", "action"), lambda H: range(1, H + 1))
PAIRS = Points(("state", "action"), lambda H: ())
LISTED = None

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
    "sim.footnote_any_distribution": Claim("footnote 1", "<=", SAMPLED, ONCE,
        lambda x: (x.J_gap, triangle(x.H - 1) * expected_l1(x))),
    "sim.footnote_coverage": Claim("footnote 1", "<=", SAMPLED, ONCE, coverage),

    "double.decomposition": Claim("section 15.3", "==", TWO_POLICIES, ONCE,
        lambda x: decomposition(x, 1)),
    "double.decomposition_corrected": Claim("section 15.3", "==", TWO_POLICIES, ONCE,
        lambda x: decomposition(x, -1)),
    "double.decomposition_excess": Claim(
        "section 15.3", "==", TWO_POLICIES, ONCE, decomposition_excess),
    "double.planning_error": Claim("section 15.3", "<=", PLANNED_AND_EXPERT, ONCE,
        lambda x: (x.J(x.N, x.other_policy), x.J(x.N))),
    "double.inner_term_learner": Claim("section 15.3", "<=", PLANNED_AND_EXPERT, ONCE,
        lambda x: (ZERO, x.inaccuracy(x.policy))),
    "double.inner_term_expert": Claim("section 15.3", "<=", PLANNED_AND_EXPERT, ONCE,
        lambda x: (ZERO, x.inaccuracy(x.other_policy))),
    "double.argmax_everywhere": Claim("algorithm 1", "<=", PLANNED, LISTED, argmax_everywhere),
    "double.argmax_where_reached": Claim(
        "algorithm 1", "<=", PLANNED, LISTED, argmax_where_reached),
    "double.two_inaccuracies": Claim("section 15.3", "<=", PLANNED_AND_EXPERT, ONCE,
        lambda x: (x.lag(x.M), abs(x.inaccuracy(x.other_policy)) + abs(x.inaccuracy(x.policy)))),
    "double.simulation": Claim("section 15.3", "<=", TWO_POLICIES, ONCE,
        lambda x: (x.lag(x.M), 2 * triangle(x.H - 1) * x.epsilon + x.lag(x.N))),
    "double.simulation_sharp": Claim("section 15.3", "<=", TWO_POLICIES, ONCE,
        lambda x: (x.lag(x.M), 2 * sharp_bound(x.delta, x.H) + x.lag(x.N))),
    "double.simulation_identity": Claim(
        "section 15.3", "==", TWO_POLICIES, ONCE, simulation_identity),
    "double.performance_difference": Claim(
        "Kakade & Langford (2002), lemma 6.1", "==", TWO_POLICIES, ONCE,
        lambda x: (x.lag(x.M), advantages(x, x.other_policy, x.policy))),
    "double.performance_difference_mirror": Claim(
        "Kakade & Langford (2002), lemma 6.1", "==", TWO_POLICIES, ONCE,
        lambda x: (-x.lag(x.M), advantages(x, x.policy, x.other_policy))),
    "double.certainty_equivalence": Claim("section 15.3", "<=", PLANNED, ONCE,
        lambda x: (regret(x), 2 * sharp_bound(x.delta, x.H))),
    "double.certainty_equivalence_sharp": Claim("section 15.3", "<=", PLANNED, ONCE,
        lambda x: (regret(x), min(x.H, 2 * sharp_bound(x.delta, x.H)))),
    "double.certainty_equivalence_once": Claim(
        "section 15.3", "<=", planned(everywhere=True), ONCE,
        lambda x: (regret(x), sharp_bound(x.delta, x.H))),

    "learn.figure_15_1": Claim("figure 15.1", "==", TREE, LISTED, figure_15_1),
    "learn.figure_15_2": Claim("figure 15.2", "==", TREE, LISTED, figure_15_2),
    "learn.figure_15_2_oscillates": Claim("figure 15.2", "==", TREE, ONCE,
        lambda x: (period(x, "latest", "figure"), 2)),
    "learn.figure_15_2_gap": Claim("figure 15.2", "==", TREE, LISTED,
        lambda x: in_rounds(learn_on(x, "latest", "figure").rounds,
                            lambda r: (expert_value(x) - r.value, ONE))),
    "learn.figure_15_3": Claim("figure 15.3", "==", TREE, LISTED,
        lambda x: labels(x, learn_on(x, "aggregate", "figure").rounds[-1], (0, 0, 0, 0))),
    "learn.figure_15_3_stuck": Claim("figure 15.3", "==", TREE, ONCE, figure_15_3_stuck),
    "learn.figure_15_3_strict": Claim(
        "figure 15.3", "==", STRICT_TREE, LISTED, figure_15_3_strict),
    "learn.hybrid_on_the_tree": Claim("algorithm 2", "==", TREE, LISTED, hybrid_on_the_tree),

    "learn.latest_pessimistic_converges": Claim("section 15.3", "<=", LEARNING, ONCE,
        lambda x: (period(x, "latest", "pessimistic"), 1)),
    "learn.latest_optimistic_converges": Claim("section 15.3", "<=", LEARNING, ONCE,
        lambda x: (period(x, "latest", "optimistic"), 1)),
    "learn.aggregate_discoveries": Claim("algorithm 1", "<=", CHANGING, ONCE, discoveries),
    "learn.adversarial_stops": Claim("algorithm 1", "<=", CHANGING, ONCE, last_change),
    "learn.aggregate_evaluates_past": Claim(
        "section 15.3", "==", CHANGING, LISTED, evaluates_past),
    "learn.aggregate_reaches_expert": Claim("section 15.3", "<=", LEARNING, ONCE,
        lambda x: (expert_value(x), learn_to_the_end(x, "aggregate", "pessimistic")[-1].value)),
    "learn.optimism_reaches_optimum": Claim("algorithm 1", "<=", LEARNING, LISTED,
        lambda x: in_rounds(no_discovery(learn_on(x, "aggregate", "optimistic").rounds),
                            lambda r: (x.optimum(x.M), r.value))),
    "learn.optimism_in_a_class": Claim("algorithm 1", "<=", LEARNING, ONCE, optimism_in_a_class),
    "learn.optimism_rounds": Claim("algorithm 1", "<=", LEARNING, ONCE,
        lambda x: stands_still(x, "aggregate", "optimistic")),
    "learn.pessimism_underestimates": Claim("algorithm 1", "<=", LEARNING, LISTED,
        lambda x: in_rounds(learn_on(x, "aggregate", "pessimistic").rounds,
                            lambda r: (r.promise, r.value))),
    "learn.pessimism_never_worse": Claim("algorithm 1", "<=", LEARNING, LISTED, never_worse),
    "learn.pessimism_optimal": Claim("algorithm 1", "<=", LEARNING, ONCE,
        lambda x: at_the_optimum(x, "aggregate", "pessimistic")),
    "learn.pessimism_gap": Claim("algorithm 1", "<=", LEARNING, LISTED, pessimism_gap),
    "learn.keep_is_aggregation": Claim(
        "algorithm 1", "==", LEARNING, LISTED, keep_is_aggregation),
    "learn.keep_converges": Claim("algorithm 1", "<=", LEARNING, ONCE,
        lambda x: stands_still(x, "latest", "keep")),
    "learn.keep_optimal": Claim("algorithm 1", "<=", LEARNING, ONCE,
        lambda x: at_the_optimum(x, "latest", "keep")),
    "learn.expert_only": Claim("section 15.3", "<=", LEARNING, LISTED,
        lambda x: above_expert(x, learn_on(x, "expert", "optimistic", "against").rounds)),
    "learn.expert_only_pessimistic": Claim("section 15.3", "<=", LEARNING, LISTED,
        lambda x: above_expert(x, learn_on(x, "expert", "pessimistic", "against").rounds)),
    "learn.hybrid_fixed_point": Claim("algorithm 2", "<=", CHANGING, LISTED,
        lambda x: [point for ties in TIES for point in
                   above_expert(x, no_discovery(learn_with_fills(x, "hybrid", ties)))]),
    "learn.hybrid_shortfall": Claim("algorithm 2", "<=", CHANGING, LISTED, shortfall),
    "learn.hybrid_pessimistic": Claim("algorithm 2", "<=", LEARNING, LISTED,
        lambda x: [point for ties in TIES for point in
                   above_expert(x, learn_on(x, "hybrid", "pessimistic", ties).rounds)]),
    "learn.hybrid_without_aggregation": Claim(
        "algorithm 2", "<=", LEARNING, LISTED, without_aggregation),

    "sysid.lemma": Claim("Ross & Bagnell (2012), simulation lemma", "<=", TWO_POLICIES, ONCE,
        sysid_lemma),
    "sysid.batch": Claim("Ross & Bagnell (2012), batch theorem", "<=",
        pair("other_policy", "sampling", varying_policy=True), ONCE, sysid_batch),
    "sysid.no_regret": Claim(
        "Ross & Bagnell (2012), no-regret theorem", "<=", CLASS, ONCE, no_regret_l1),
    "sysid.no_regret_log_loss": Claim(
        "Ross & Bagnell (2012), no-regret theorem", "<=", CLASS, ONCE, no_regret_log_loss),
    "sysid.leader_realisable": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: realisable(x, leader)),
    "sysid.latest_realisable": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: realisable(x, latest_best)),
    "sysid.leader_agnostic": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: (model_regret(selection(x, leader)), 2 * (len(x.models) - 1))),
    "sysid.regularised_regret": Claim("section 15.3", "<=", CLASS, ONCE, regularised_regret),

    "loss.pinsker": Claim("Pinsker's inequality", "<=", PLAIN, PAIRS,
        lambda x, s, a: (x.l1(1, s, a) ** 2, 2 * row_kl(x, s, a))),
    "loss.l1_by_mismatch": Claim("section 15.3", "<=", PLAIN, PAIRS, l1_by_mismatch),
    "loss.jensen": Claim("section 15.3", "<=", SAMPLED, ONCE,
        lambda x: (expected_l1(x) ** 2, mean(x.nu, lambda sa: x.l1(1, *sa) ** 2))),
    "loss.l1_by_kl": Claim("section 15.3", "<=", SAMPLED, ONCE,
        lambda x: (expected_l1(x) ** 2, 2 * expected_kl(x))),
    "loss.log_loss_is_kl": Claim("section 15.3", "==", SAMPLED, ONCE, log_loss_is_kl),
    "loss.maximum_likelihood": Claim("section 15.3", "<=", SAMPLED, ONCE,
        lambda x: (log_loss(x, x.M), log_loss(x, x.N))),
    "loss.weights_matter": Claim("algorithm 2", "==", CLASS, ONCE, weights_matter),
    "loss.weights_realisable": Claim("algorithm 2", "==", CLASS, ONCE, weights_realisable),

    "sim.reward_error": Claim("Kearns & Singh (2002), lemma 4", "<=", pair(own_rewards=True), ONCE,
        lambda x: (x.J_gap, x.H * reward_error(x) + HALF * triangle(x.H - 1) * x.epsilon)),
    "sim.reward_error_sharp": Claim("lemma 1", "<=", pair(own_rewards=True), ONCE,
        lambda x: (x.J_gap, reward_error(x) * (x.H - sharp_bound(x.delta, x.H))
                   + sharp_bound(x.delta, x.H))),
    "sim.optimal_values": Claim("lemma 1", "<=", PLAIN, ONCE,
        lambda x: (abs(x.optimum(x.M) - x.optimum(x.N)), sharp_bound(x.delta, x.H))),

    "latent.collapse": Claim("section 15.4, question 1", "<=", ENCODED, ONCE,
        lambda x: constant_is_best(x, lambda code: consistency(x, code))),
    "latent.collapse_with_rewards": Claim("section 15.4, question 1", "<=", ENCODED, ONCE,
        lambda x: constant_is_best(x, lambda code: consistency(x, code) + reward_loss(x, code))),
    "latent.collapse_where_rewards_agree": Claim(
        "section 15.4, question 1", "<=", world("encoder", extra=check_action_rewards), ONCE,
        lambda x: constant_is_best(x, lambda code: consistency(x, code) + reward_loss(x, code))),
    "latent.decoder_price": Claim("section 15.4, question 1", "==", ENCODED, ONCE, decoder_price),
    "latent.decoder_keeps_the_task": Claim("section 15.4, question 2", "<=", BEHAVED, ONCE, decoder_keeps_the_task),
    "latent.inverse_filters_exogenous": Claim("section 15.4, question 2", "==", world(
        "controllable", "exogenous", extra=partial(check_factors, ignores=True)), ONCE,
        lambda x: (inverse_loss(x, x.codes["controllable"]), inverse_loss(x, list(x.S)))),
    "latent.inverse_filters_any_behaviour": Claim("section 15.4, question 2", "==", world(
        "controllable", "exogenous", extra=partial(check_factors, ignores=False)), ONCE,
        lambda x: (inverse_loss(x, x.codes["controllable"]), inverse_loss(x, list(x.S)))),
    "latent.inverse_keeps_the_value": Claim("section 15.4, question 2", "<=", BEHAVED, ONCE, inverse_keeps_the_value),
    "latent.one_step_inverse": Claim("section 15.4, question 2", "==", world(extra=partial(check_told, most_states=4)),
        ONCE, lambda x: inverse_is_a_model(x, False)),
    "latent.inverse_three_states": Claim("section 15.4, question 2", "==", world(extra=partial(check_told, most_states=3)),
        ONCE, lambda x: inverse_is_a_model(x, False)),
    "latent.multi_step_inverse": Claim("section 15.4, question 2", "==", world(extra=partial(check_told, most_states=4)),
        ONCE, lambda x: inverse_is_a_model(x, True)),
    "latent.bisimulation_value": Claim("section 15.4", "==", BISIMULATION, ONCE,
        lambda x: coded_values(x)[:2]),
    "latent.bisimulation_optimum": Claim("section 15.4", "==", BISIMULATION, ONCE, latent_optima),
    "latent.simulation": Claim("section 15.4", "<=", ENCODED, ONCE,
        lambda x: latent_simulation(x, lambda e_r, e_t: x.H * e_r + triangle(x.H - 1) * e_t)),
    "latent.simulation_sharp": Claim("section 15.4", "<=", ENCODED, ONCE,
        lambda x: latent_simulation(x, lambda e_r, e_t: e_r * (x.H - sharp_bound(e_t / 2, x.H))
                                    + sharp_bound(e_t / 2, x.H))),

    "latent.elbo": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: (evidence(x), negative_elbo(x))),
    "latent.elbo_gap": Claim("section 15.4", "==", RECURRENT, ONCE, elbo_gap),
    "latent.imagination": Claim("section 15.4", "==", RECURRENT, ONCE, imagination),
    "latent.table_as_printed": Claim("section 15.4", "==", RECURRENT, ONCE, table_as_printed),
    "latent.encoder_first": Claim("section 15.4", "==", RECURRENT, ONCE, encoder_first),
    "latent.encoder_first_one_step": Claim("section 15.4", "==", ONE_OBSERVATION, ONCE, encoder_first),
    "latent.free_bits": Claim("section 15.4", "<=", RECURRENT, ONCE, free_bits),
    "latent.free_bits_of_the_mean": Claim("section 15.4", "<=", RECURRENT, ONCE, free_bits_of_the_mean),
    "latent.fitted_heads": Claim("section 15.4", "<=", RECURRENT, ONCE, fitted_heads),
    "latent.em": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: maximisation(x, "posterior")),
    "latent.em_by_filtering": Claim("section 15.4", "<=", RECURRENT, ONCE,
        lambda x: maximisation(x, "filtering", rounds_before=2)),
    "latent.filtering_encoder": Claim("section 15.4", "==", RECURRENT, ONCE, filtering_encoder),
    "latent.filtering_encoder_one_step": Claim("section 15.4", "==", ONE_OBSERVATION, ONCE, filtering_encoder),
    "latent.balanced_descent": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: descent(x, Fraction(1, 10))),
    "latent.balanced_total": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: descent(x, Fraction(3, 5))),
    "latent.fitted_world": Claim("section 15.4", "==", BEHAVED, ONCE, fitted_world),
    "latent.observed_likelihood": Claim("section 15.4", "==", OBSERVED, ONCE, observed_likelihood),
    "latent.recurrent_collapse": Claim("section 15.4, question 1", "<=", OBSERVED, ONCE, recurrent_collapse),

    "discounted.simulation": Claim("Kearns & Singh (2002), lemma 4, discounted", "<=", DISCOUNTED, LISTED,
        every_state(value_gaps, lambda x: x.discount * x.epsilon * infinite_horizon(x) ** 2)),
    "discounted.simulation_half": Claim("Kearns & Singh (2002), lemma 4, discounted", "<=", DISCOUNTED, LISTED,
        every_state(value_gaps, lambda x: x.discount * x.epsilon * infinite_horizon(x) ** 2 / 2)),
    "discounted.one_horizon": Claim("Kearns & Singh (2002), lemma 4, discounted", "<=", DISCOUNTED, LISTED,
        every_state(value_gaps, lambda x: x.discount * x.epsilon * infinite_horizon(x))),
    "discounted.sharp": Claim("lemma 1, discounted", "<=", DISCOUNTED, LISTED,
        every_state(value_gaps, discounted_sharp)),
    "discounted.optimal_values": Claim("lemma 1, discounted", "<=", DISCOUNTED, LISTED,
        every_state(lambda x: gaps(best_discounted(x, x.M), best_discounted(x, x.N)), discounted_sharp)),
    "discounted.certainty_equivalence": Claim(
        "section 15.3, discounted", "<=", DISCOUNTED_PLANNED, LISTED,
        every_state(regrets, lambda x: min(infinite_horizon(x), 2 * discounted_sharp(x)))),
    "discounted.certainty_equivalence_once": Claim(
        "section 15.3, discounted", "<=", DISCOUNTED_PLANNED, LISTED,
        every_state(regrets, discounted_sharp)),
    "discounted.reward_error": Claim("Kearns & Singh (2002), lemma 4, discounted", "<=", discounted_pair(own_rewards=True), LISTED,
        every_state(value_gaps, lambda x: reward_error(x) * infinite_horizon(x)
                    + x.discount * x.epsilon * infinite_horizon(x) ** 2 / 2)),
    "discounted.reward_error_sharp": Claim(
        "lemma 1, discounted", "<=", discounted_pair(own_rewards=True), LISTED,
        every_state(value_gaps, lambda x: reward_error(x) * (infinite_horizon(x) - discounted_sharp(x))
                    + discounted_sharp(x))),
    "discounted.performance_difference": Claim("Kakade & Langford (2002), lemma 6.1", "==",
        discounted_pair("other_policy"), ONCE, discounted_difference),
    "discounted.bellman_residual": Claim("Williams & Baird (1993)", "<=", GUESSED, LISTED,
        every_state(lambda x: gaps(best_discounted(x, x.M), x.numbers["value"]),
                    lambda x: residual(x) * infinite_horizon(x))),
    "discounted.residual_policy": Claim("Williams & Baird (1993)", "<=", GUESSED, LISTED,
        every_state(greedy_regrets, lambda x: 2 * x.discount * residual(x) * infinite_horizon(x))),
    "discounted.greedy": Claim("Singh & Yee (1994)", "<=", GUESSED, LISTED,
        every_state(greedy_regrets, lambda x: 2 * x.discount * guess_error(x) * infinite_horizon(x))),
    "discounted.greedy_without_two": Claim("Singh & Yee (1994)", "<=", GUESSED, LISTED,
        every_state(greedy_regrets, lambda x: guess_error(x) * infinite_horizon(x))),
    "discounted.policy_iteration": Claim(
        "Bertsekas & Tsitsiklis (1996), proposition 6.2", "<=", ITERATED, LISTED, policy_iteration),

    "robust.lowest": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (extreme_value(x, least_mean), x.J(x.N))),
    "robust.highest": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (x.J(x.N), extreme_value(x, greatest_mean))),
    "robust.within_sharp_bound": Claim("lemma 1", "<=", BALL, ONCE, within_sharp_bound),
    "robust.plan_is_sure": Claim(
        "Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE, plan_is_sure),
    "robust.plan_is_best": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (extreme_value(x, least_mean), robust_plan(x)[0])),
}


# -------------------------------------------------------------- typed bounds

OPERATORS = {ast.Add: lambda p, q: p + q, ast.Sub: lambda p, q: p - q,
             ast.Mult: lambda p, q: p * q, ast.Div: lambda p, q: p / q,
             ast.Pow: lambda p, q: p ** int(q)}
LONGEST_BOUND, LARGEST_EXPONENT = 2000, 100_000


class TypedBound:
    """A right side as typed, such as "H*(H-1)/2*eps"; decimals are exact, ^ is a power."""

    def __init__(self, text):
        require("**" not in text and len(text) <= LONGEST_BOUND and text.isascii(),
                "the expression is none")
        self.text = text.replace("^", "**")
        try:
            self.tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise Rejected("the expression cannot be parsed") from None
        self.names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    def value(self, x, **more):
        """Its value on an instance, with more variables where the quantity has them."""
        low, high = x.M.reward_range()
        variables = {"H": x.H, "eps": x.epsilon, "delta": x.delta, "S": len(x.S), "A": len(x.A),
                     "rmin": low, "rmax": high, **more}
        try:
            return Fraction(self.evaluate(self.tree, variables))
        except ZeroDivisionError:
            raise Rejected("the expression is not defined on the instance") from None

    def evaluate(self, node, variables):
        """The value of a part, exactly."""
        if isinstance(node, ast.Constant):
            digits = ast.get_source_segment(self.text.strip(), node)
            require(re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits), f"{shown(digits)} is no number")
            return Fraction(digits)
        if isinstance(node, ast.Name):
            require(node.id in variables, f"there is no variable {shown(node.id)}")
            return variables[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.evaluate(node.operand, variables)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = (self.evaluate(side, variables) for side in (node.left, node.right))
            if isinstance(node.op, ast.Pow):
                require(Fraction(right).denominator == 1 and abs(right) <= LARGEST_EXPONENT,
                        "a power is irrational or too large, which this script does not check")
            return OPERATORS[type(node.op)](Fraction(left), right)
        require(isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and not node.keywords, "the expression has something that is not known")
        return self.call(node.func.id, node.args, variables)

    def call(self, name, arguments, variables):
        """A function's value."""
        require(name in ("min", "max", "abs", "sum"),
                f"{shown(name)} is irrational or not known; this script does not check it")
        if name != "sum":
            values = [self.evaluate(argument, variables) for argument in arguments]
            require(values and (name != "abs" or len(values) == 1), f"{name} lacks arguments")
            return abs(values[0]) if name == "abs" else {"min": min, "max": max}[name](values)
        require(len(arguments) == 4 and isinstance(arguments[0], ast.Name)
                and arguments[0].id not in variables, "a sum is not written sum(k, first, last, term)")
        first, last = (Fraction(self.evaluate(side, variables)) for side in arguments[1:3])
        require(first.denominator == last.denominator == 1 and last - first <= 100_000,
                "a sum does not run over integers, or over too many")
        return sum((self.evaluate(arguments[3], {**variables, arguments[0].id: k})
                    for k in range(int(first), int(last) + 1)), ZERO)


def typed_claim(name, text):
    """The claim that a quantity is at most the typed bound."""
    bound = TypedBound(text)
    any_rewards = bool(bound.names & {"rmin", "rmax"})
    if name == "try.simulation":
        return Claim("typed", "<=", pair(any_rewards=any_rewards), ONCE,
                     lambda x: (x.J_gap, bound.value(x)))
    if name == "try.induction-hypothesis":
        return Claim("typed", "<=", pair(any_rewards=any_rewards), STATES_BEFORE_LAST,
                     lambda x, h, s: (x.gap(h + 1, s), bound.value(x, h=h)))
    if name == "try.double-simulation":
        return Claim("typed", "<=", pair("other_policy", varying_policy=True, any_rewards=any_rewards),
                     ONCE, lambda x: (x.lag(x.M), bound.value(
                         x, expert=x.J(x.M, x.other_policy), expert_model=x.J(x.N, x.other_policy),
                         learner=x.J(x.M), learner_model=x.J(x.N))))
    require(name == "try.certainty-equivalence", f"no claim on a bound is called {shown(name)}")
    domain = Domain(("model", "perturbed", "policy"),
                    partial(check_planned, everywhere=False, any_rewards=any_rewards))
    return Claim("typed", "<=", domain, ONCE, lambda x: (regret(x), bound.value(x)))


# --------------------------------------------------------------- the verdict

def exact(side):
    """A computed side as an exact number; anything else would be a fault of this script."""
    if isinstance(side, Logs):
        return side
    if not isinstance(side, (int, Fraction)):
        raise TypeError(f"a side is no exact number: {side!r}")
    return Fraction(side)


def read_header(document):
    """The claim that a certificate is about, after a check of all but the numbers."""
    needed = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs",
              "instance")
    require_object(document, "the certificate", needed, ("origin", "expression"))
    require(document["format"] == FORMAT, f"the format is not \"{FORMAT}\"")
    read_integer(document["version"], "version", range(VERSION, VERSION + 1))
    name = require_type(document["claim"], "claim", str)
    if "expression" in document:
        claim = typed_claim(name, require_type(document["expression"], "expression", str))
    else:
        require(name in CLAIMS, f"no claim is called {shown(name)}")
        claim = CLAIMS[name]
    for key in ("source", "relation"):
        known = getattr(claim, key)
        require(document[key] == known,
                f"the {key} of {name} is \"{known}\", not {shown(document[key])}")
    require(document["kind"] in ("refutation", "tightness"),
            f"the kind is {shown(document['kind'])}, not \"refutation\" or \"tightness\"")
    if "origin" in document:
        require_object(document["origin"], "origin", ("seed", "instance"))
        for key in ("seed", "instance"):
            read_integer(document["origin"][key], f"origin: {key}", range(2 ** 63))
    return name, claim


def read_point(at, points, x):
    """[step, state, action], as many of them as the claim's points have."""
    require_object(at, "at", points.keys)
    allowed = {"step": points.steps(x.H), "state": getattr(x, "S", ()),
               "action": getattr(x, "A", ())}
    return [read_integer(at[key], f"at: {key}", allowed[key]) for key in points.keys]


def sides_at(at, known, x):
    """[(left, right)] at a point; more than one where the claim compares more there."""
    if known.points is not LISTED:
        found = [known.sides(x, *read_point(at, known.points, x))]
    else:
        require_object(at, "at", (), ("round", "step", "state", "action"))
        for key, value in at.items():
            read_integer(value, f"at: {key}", range(LONGEST_HORIZON + 1))
        found = [sides for point, *sides in known.sides(x) if point == at]
        require(found, "the claim compares nothing at this point")
    return [tuple(map(exact, sides)) for sides in found]


def compare(left, relation, right):
    """(Does the relation hold, the sign that does hold)."""
    if relation == "==":
        return left == right, "==" if left == right else "!="
    return left <= right, "<=" if left <= right else ">"


def verify(document):
    """What the certificate shows, such as "sim.lemma: 1/2 <= 1"; or Rejected."""
    name, known = read_header(document)
    lhs, rhs = (read_side(document[key], key) for key in ("lhs", "rhs"))
    x = Instance(document["instance"], known.domain.parts)
    known.domain.check(x)
    found = sides_at(document["at"], known, x)
    left, right = next((sides for sides in found if sides == (lhs, rhs)), found[0])
    require(left == lhs, f"the left side is {shown(left)}, not {shown(lhs)}")
    require(right == rhs, f"the right side is {shown(right)}, not {shown(rhs)}")
    holds, sign = compare(left, known.relation, right)
    require(holds == (document["kind"] == "tightness"),
            f"the relation {'holds' if holds else 'does not hold'}: "
            f"{shown(left)} {sign} {shown(right)}; that is no {document['kind']}")
    return f"{name}: {shown(left)} {sign} {shown(right)}"
