"""Runs without an end: gains, biases, the law in the long run and totals, by the fundamental matrix and by listing policies."""

from fractions import Fraction
from itertools import product

from .reals import Undefined

MOST_POLICIES = 20_000


class Chain:
    """What a policy makes of an MDP: p[s] = {t: mass}, rewards r[s]."""

    def __init__(self, mdp, policy):
        self.n = mdp.states
        self.p, self.r = [], []
        for s in range(self.n):
            row, pay = {}, Fraction(0)
            for a, share in policy(0, s).items():
                if share == 0:
                    continue
                pay += share * mdp.reward(0, s, a)
                for t, mass in mdp.kernel(0, s, a).items():
                    if mass != 0:
                        row[t] = row.get(t, Fraction(0)) + share * mass
            self.p.append(row)
            self.r.append(pay)
        if not all(isinstance(x, (int, Fraction)) for x in self.r + [mass for row in self.p for mass in row.values()]):
            raise Undefined("totals, gains and the law in the long run need rational numbers")
        self.reached = [self.closure(s) for s in range(self.n)]
        recurrent = [s for s in range(self.n) if all(s in self.reached[t] for t in self.reached[s])]
        self.classes = sorted({tuple(sorted(self.reached[s])) for s in recurrent})

    def closure(self, start):
        found, left = {start}, [start]
        while left:
            for t in self.p[left.pop()]:
                if t not in found:
                    found.add(t)
                    left.append(t)
        return found

    def classes_from(self, s):
        return [each for each in self.classes if each[0] in self.reached[s]]

    def matrix(self, sign=1):
        """1 - sign P, as rows."""
        return [[Fraction(int(s == t)) - sign * self.p[s].get(t, Fraction(0)) for t in range(self.n)] for s in range(self.n)]

    def long_run(self):
        """P*: absorption into each class times the class's stationary law."""
        from .models import solve
        inside = {s: each for each in self.classes for s in each}
        share = [[Fraction(0)] * self.n for _ in range(self.n)]
        for each in self.classes:
            k = len(each)
            # w (1 - P) = 0 within the class, its last equation replaced by sum w = 1.
            a = [[Fraction(int(i == j)) - self.p[each[j]].get(each[i], Fraction(0)) for j in range(k)] for i in range(k - 1)] + [[Fraction(1)] * k]
            weight = solve(a, [Fraction(0)] * (k - 1) + [Fraction(1)])
            absorb = self.matrix()
            for s in inside:
                absorb[s] = [Fraction(int(s == t)) for t in range(self.n)]
            chance = solve(absorb, [Fraction(int(inside.get(s) == each)) for s in range(self.n)])
            for s in range(self.n):
                for i, t in enumerate(each):
                    share[s][t] += chance[s] * weight[i]
        return share

    def gain_and_bias(self):
        """g = P* r; h = (1 - P + P*)^-1 (r - g), of which P* h = 0."""
        from .models import solve
        star = self.long_run()
        gain = [sum((q * x for q, x in zip(row, self.r)), Fraction(0)) for row in star]
        a = [[x + y for x, y in zip(one, two)] for one, two in zip(self.matrix(), star)]
        return gain, solve(a, [x - g for x, g in zip(self.r, gain)])

    def totals(self):
        """E of all rewards from each state; None where a class that pays or earns can be reached."""
        from .models import solve
        idle = {s for each in self.classes if all(self.r[t] == 0 for t in each) for s in each}
        good = [all(each[0] in idle for each in self.classes_from(s)) for s in range(self.n)]
        a, b = self.matrix(), list(self.r)
        for s in range(self.n):
            if s in idle or not good[s]:
                a[s], b[s] = [Fraction(int(s == t)) for t in range(self.n)], Fraction(0)
        return [value if fine else None for value, fine in zip(solve(a, b), good)]


def chains(mdp):
    """Those of all deterministic policies."""
    if mdp.actions ** mdp.states > MOST_POLICIES:
        raise Undefined(f"more than {MOST_POLICIES} policies to list")
    for taken in product(range(mdp.actions), repeat=mdp.states):
        yield Chain(mdp, lambda h, s, taken=taken: {taken[s]: Fraction(1)})


def best_gains(mdp):
    return [max(column) for column in zip(*(chain.gain_and_bias()[0] for chain in chains(mdp)))]


def best_totals(mdp):
    """None where no policy ends, or some policy surely ends or earns for ever, and may do the latter."""
    best, endless = [None] * mdp.states, [False] * mdp.states
    for chain in chains(mdp):
        totals, (gain, _) = chain.totals(), chain.gain_and_bias()
        for s in range(mdp.states):
            if totals[s] is not None:
                best[s] = totals[s] if best[s] is None else max(best[s], totals[s])
                continue
            kinds = [(all(chain.r[t] == 0 for t in each), gain[each[0]] > 0) for each in chain.classes_from(s)]
            endless[s] = endless[s] or all(idle or earns for idle, earns in kinds)
    return [None if forever else value for value, forever in zip(best, endless)]
