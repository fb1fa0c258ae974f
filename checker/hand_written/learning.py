"""Section 15.3: fitting a model round by round."""

import itertools
from collections import namedtuple
from fractions import Fraction

from ..basics import MOST_ROUNDS, ONE, ZERO, require
from .instances import Moves, expect, l1_distance, mean, rollout

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


def best_of_class(x, policies):
    """max J(pi, M) over the policies."""
    return max(x.J(x.M, p) for p in policies)


def planned_in_a_class(x, fit, target):
    """target(x, stationary deterministic policies) <= the one planned among them when nothing new is found."""
    require(len(x.A) ** len(x.S) <= 64, "there are more than 64 stationary deterministic policies")
    policies = [Moves({(h, s): choice[s] for h in range(1, x.H + 1) for s in x.S})
                for choice in (moves[::-1] for moves in itertools.product(x.A, repeat=len(x.S)))]

    def promise(kernel, policy):
        allowed = {(h, s): [policy.table[h, s]] for h in range(1, x.H + 1) for s in x.S}
        return expect(x.M.initial, x.plan(kernel, allowed)[0][1])

    seen = visited(x, x.policy) | (visited(x, x.other_policy) if fit in WITH_EXPERT else frozenset())
    while True:
        kernel = fitted(x, seen, "optimistic", None)
        policy = max(policies, key=lambda p: promise(kernel, p))
        new = visited(x, policy) - x.known - seen
        if not new:
            return target(x, policies), x.J(x.M, policy)
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


def hybrid_discoveries(x):
    """The number of roll-outs with a pair that neither they nor the expert had shown <= K less the expert's."""
    expert = visited(x, x.other_policy)
    count = sum(r.discovers for r in learn_with_fills(x, "hybrid"))
    return (bool(visited(x, x.policy) - x.known - expert) + count, unknown_pairs(x) - len(expert - x.known))


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
