"""Section 15.3: fitting a model round by round."""

import itertools
from fractions import Fraction

from ..basics import ONE, ZERO, require
from ..loops import TIES, WITH_EXPERT, Moves, chosen_by, filled_by, learn, remembers, until_repeated
from .instances import expect, mean


def learn_on(x, fit, fill, ties="stay"):
    """The loop until it repeats itself."""
    p = x.problem
    rounds = learn(p, fit, filled_by(p, fill), chosen_by(p, ties), x.policy, x.other_policy)
    return until_repeated(rounds, remembers(fit, fill))


def learn_to_the_end(x, *rules):
    """The rounds of a loop that must come to a stand."""
    trace = learn_on(x, *rules)
    require(trace.length == 1, "the loop does not stop")
    return trace.rounds


def best_of_class(x, policies):
    """max J(pi, M) over the policies."""
    return max(x.J(x.M, p) for p in policies)


def planned_in_a_class(x, fit, target):
    """target(x, stationary deterministic policies) <= the one planned among them when nothing new is found."""
    require(len(x.A) ** len(x.S) <= 64, "there are more than 64 stationary deterministic policies")
    policies = [Moves({(h, s): choice[s] for h in range(1, x.H + 1) for s in x.S})
                for choice in (moves[::-1] for moves in itertools.product(x.A, repeat=len(x.S)))]

    problem = x.problem
    fill = filled_by(problem, "optimistic")
    seen = problem.visited(x.policy) | (problem.visited(x.other_policy) if fit in WITH_EXPERT else frozenset())
    while True:
        kernel = {sa: row if sa in x.known or sa in seen else fill(0, sa, (), None) for sa, row in problem.kernel.items()}
        policy = max(policies, key=lambda p: expect(x.M.initial, problem.values(kernel, p)[1]))
        new = problem.visited(policy) - x.known - seen
        if not new:
            return target(x, policies), x.J(x.M, policy)
        seen |= new


def in_rounds(rounds, sides):
    """A point for each round."""
    return [({"round": r.number}, *sides(r)) for r in rounds]


def worth(x, r):
    """J(pi_t, M)."""
    return x.J(x.M, r.policy)


def expert_value(x):
    """J(pi_E, M)."""
    return x.J(x.M, x.other_policy)


def period(x, *rules):
    """The period of the policies; 1 if none was found."""
    return learn_on(x, *rules).length or 1


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
    return expert_value(x) - worth(x, last), expert_value(x)


def figure_15_3_strict(x):
    """The loop ends at 1/10, whatever the tie-break."""
    return [({"round": last.number}, worth(x, last), Fraction(1, 10))
            for last in (learn_on(x, "aggregate", "figure", ties).rounds[-1]
                         for ties in TIES)]


def hybrid_on_the_tree(x):
    """J(pi_t) = J(pi_E) where the loop stops, whatever the tie-break."""
    return [({"round": last.number}, worth(x, last), expert_value(x))
            for last in (learn_to_the_end(x, "hybrid", "figure", ties)[-1]
                         for ties in TIES)]
