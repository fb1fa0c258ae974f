"""Learning loops: models are fitted to what policies have shown, policies planned in them, round by round."""

from collections import namedtuple
from fractions import Fraction
from itertools import count, islice

FITS = ("latest", "aggregate", "hybrid", "expert", "hybrid-latest")
WITH_EXPERT = ("hybrid", "expert", "hybrid-latest")
TIES = ("lowest", "highest", "stay", "for", "against")
MOST_ROUNDS = 1000

# `seen`: the pairs of all roll-outs so far; `discovers`: the policy's own shows a pair that nothing had shown before.
Round = namedtuple("Round", "number kernel policy promise seen discovers")
Trace = namedtuple("Trace", "rounds start length")  # with that period from round `start` on, or None


class Moves:
    """A deterministic policy: {(h, s): a}."""

    def __init__(self, table):
        self.table = table

    def row(self, h, s):
        """pi_h(.|s)."""
        return {self.table[h, s]: Fraction(1)}


def mean(row, values):
    """The sum over i of row[i] values[i]."""
    return sum((p * values[i] for i, p in row.items()), Fraction(0))


class Problem:
    """A world whose rewards are known and whose transitions are not; policies have row(h, s) = {a: p}.

    Kernels of models may lead to paradise and abyss as well, the states |S| and |S| + 1.
    """

    def __init__(self, states, actions, horizon, kernel, reward, initial, known):
        """kernel {(s, a): {t: p}}, reward {(s, a): r}, initial {s: p}, known: a set of pairs."""
        self.states, self.actions, self.horizon = range(states), range(actions), horizon
        self.kernel, self.reward, self.initial, self.known = kernel, reward, initial, frozenset(known)
        self.low, self.high = min(reward.values()), max(reward.values())

    def sinks(self):
        """Paradise and abyss: the first known states that keep the highest and the lowest reward for ever, or added ones."""
        kept = [[s for s in self.states if all((s, a) in self.known and self.reward[s, a] == pay and self.kernel[s, a] == {s: 1} for a in self.actions)]
                for pay in (self.high, self.low)]
        return (kept[0][0], kept[1][0]) if all(kept) else (len(self.states), len(self.states) + 1)

    def at_sinks(self, h):
        """[V_h(paradise), V_h(abyss)]."""
        left = self.horizon - h + 1
        return [left * self.high, left * self.low]

    def visited(self, policy):
        """The pairs to which the policy comes in the world before the last step."""
        found, here = set(), set(self.initial)
        for h in range(1, self.horizon):
            pairs = {(s, a) for s in here for a in policy.row(h, s)}
            found |= pairs
            here = {t for pair in pairs for t in self.kernel[pair]}
        return frozenset(found)

    def plan(self, kernel, choices=None, best=max):
        """({h: [V_h(s)]}, {(h, s): the best actions}) among `choices`, or all actions."""
        after = [Fraction(0)] * (len(self.states) + 2)
        values, optimal = {self.horizon + 1: after}, {}
        for h in range(self.horizon, 0, -1):
            row = []
            for s in self.states:
                q = {a: self.reward[s, a] + mean(kernel[s, a], after) for a in (choices[h, s] if choices else self.actions)}
                row.append(best(q.values()))
                optimal[h, s] = [a for a in q if q[a] == row[s]]
            values[h] = after = row + self.at_sinks(h)
        return values, optimal

    def values(self, kernel, policy):
        """{h: [V_h(s)]} of a policy."""
        after = [Fraction(0)] * (len(self.states) + 2)
        values = {self.horizon + 1: after}
        for h in range(self.horizon, 0, -1):
            row = [sum((p * (self.reward[s, a] + mean(kernel[s, a], after)) for a, p in policy.row(h, s).items()), Fraction(0)) for s in self.states]
            values[h] = after = row + self.at_sinks(h)
        return values


def data(fit, latest, union, expert):
    """The pairs of the data, from those of the last policy, of all so far, and of the expert."""
    return {"latest": latest, "aggregate": union, "hybrid": union | expert, "expert": expert, "hybrid-latest": latest | expert}[fit]


def filled_by(problem, name, start_kernel=None):
    """fill(t, pair, states in the data, last kernel): the row of a pair that the data lacks."""
    paradise, abyss = problem.sinks()

    def fill(t, pair, states, last):
        if name == "keep" and last is not None:
            return last[pair]
        if name in ("keep", "start"):
            return start_kernel[pair]
        hopeful = name == "optimistic" or name == "figure" and pair[0] in states
        return {paradise if hopeful else abyss: Fraction(1)}
    return fill


def filled_with_hope(problem, hope):
    """The fill that leads to paradise with probability hope(t, s, a), else to the abyss."""
    paradise, abyss = problem.sinks()

    def fill(t, pair, states, last):
        p = hope(t, *pair)
        if paradise == abyss:
            return {abyss: Fraction(1)}
        return {state: q for state, q in ((paradise, p), (abyss, 1 - p)) if q}
    return fill


def chosen_by(problem, ties):
    """choose(t, {(h, s): the best actions}, last policy): one of them for each."""
    def choose(t, optimal, last):
        if ties in ("for", "against"):
            optimal = problem.plan(problem.kernel, optimal, max if ties == "for" else min)[1]

        def choice(h, s, actions):
            if ties == "stay":
                row = last.row(h, s)
                likeliest = min(row, key=lambda a: (-row[a], a))
                return likeliest if likeliest in actions else actions[0]
            return actions[-1 if ties == "highest" else 0]
        return Moves({(h, s): choice(h, s, actions) for (h, s), actions in optimal.items()})
    return choose


def chosen_by_rank(rank):
    """The action of the highest rank(t, h, s, a), the lowest among equals."""
    def choose(t, optimal, last):
        return Moves({(h, s): max(actions, key=lambda a: (rank(t, h, s, a), -a)) for (h, s), actions in optimal.items()})
    return choose


def learn(problem, fit, fill, choose, start, expert=None):
    """The rounds t = 1, 2, ... of a loop, without end."""
    policy, shown = start, problem.visited(expert) if expert and fit in WITH_EXPERT else frozenset()
    latest = union = problem.visited(policy)
    kernel = None
    for t in count(1):
        pairs = data(fit, latest, union, shown)
        states = {s for s, _ in pairs}
        kernel = {pair: row if pair in problem.known or pair in pairs else fill(t, pair, states, kernel) for pair, row in problem.kernel.items()}
        values, optimal = problem.plan(kernel)
        policy = choose(t, optimal, policy)
        latest = problem.visited(policy)
        discovers = bool(latest - problem.known - union - shown)
        union |= latest
        yield Round(t, kernel, policy, mean(problem.initial, values[1]), union, discovers)


def until_repeated(rounds, remembers, phase=lambda t: 0, most=MOST_ROUNDS):
    """The rounds until the loop repeats itself: policy, phase and, where it matters, all data as before."""
    found, states = [], []
    for r in islice(rounds, most):
        state = r.policy.table, remembers and r.seen, phase(r.number)
        if state in states:
            first = states.index(state) + 1
            if found[first - 1].kernel == r.kernel:
                return Trace(found, first, r.number - first)
            return Trace(found + [r], first + 1, r.number - first)
        found.append(r)
        states.append(state)
    return Trace(found, None, None)


def remembers(fit, fill):
    """Whether a round depends on more than the last policy."""
    return fit in ("aggregate", "hybrid") or fill == "keep"
