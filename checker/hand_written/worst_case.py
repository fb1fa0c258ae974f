"""Worst cases: all kernels within epsilon of M's (section 15.2, beyond the notes)."""

from fractions import Fraction

from ..basics import ZERO
from ..loops import Moves
from .instances import expect, mean, sharp_bound


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
