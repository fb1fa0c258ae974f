"""The simulation lemma as a Hypothesis property over Python Fractions: what one would write without lemmacheck.

usage: python3 bench/python_fractions.py [S A H]...     (needs Debian's python3-hypothesis)

Prints, for each size, the time of one check and of one drawn and checked example, in microseconds.
"""

import sys
import time
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DENOMINATOR = 1000


def rows(states):
    """A distribution over the states: gaps between sorted cuts."""
    cuts = st.lists(st.integers(0, DENOMINATOR), min_size=states - 1, max_size=states - 1)
    return cuts.map(lambda c: [Fraction(b - a, DENOMINATOR) for a, b in
                               zip([0, *sorted(c)], [*sorted(c), DENOMINATOR])])


def instances(states, actions):
    row = rows(states)
    kernel = st.lists(st.lists(row, min_size=actions, max_size=actions), min_size=states, max_size=states)
    rewards = st.lists(st.lists(st.integers(0, 10).map(lambda n: Fraction(n, 10)), min_size=actions,
                                max_size=actions), min_size=states, max_size=states)
    policy = st.lists(st.integers(0, actions - 1), min_size=states, max_size=states)
    return st.tuples(kernel, kernel, rewards, policy, row)


def expected_return(kernel, rewards, policy, start, horizon):
    values = [Fraction(0)] * len(start)
    for _ in range(horizon):
        values = [rewards[s][a] + sum(p * v for p, v in zip(kernel[s][a], values))
                  for s, a in enumerate(policy)]
    return sum(p * v for p, v in zip(start, values))


def holds(instance, horizon):
    kernel, other, rewards, policy, start = instance
    gap = (expected_return(kernel, rewards, policy, start, horizon)
           - expected_return(other, rewards, policy, start, horizon))
    eps = max(sum(abs(p - q) for p, q in zip(x, y)) for r, t in zip(kernel, other) for x, y in zip(r, t))
    return abs(gap) <= Fraction(horizon * (horizon - 1), 2) * eps


def measure(states, actions, horizon, examples=60):
    spent = []

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))
    @given(instances(states, actions))
    def prop(instance):
        begin = time.perf_counter()
        assert holds(instance, horizon)
        spent.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    prop()
    whole = (time.perf_counter() - begin) / len(spent)
    return sorted(spent)[len(spent) // 2] * 1e6, whole * 1e6


def main():
    numbers = list(map(int, sys.argv[1:])) or [4, 2, 5, 8, 3, 10, 8, 3, 50]
    for i in range(0, len(numbers), 3):
        check, example = measure(*numbers[i:i + 3])
        print(f"S={numbers[i]} A={numbers[i + 1]} H={numbers[i + 2]}: "
              f"check {check:,.0f} us, drawn and checked {example:,.0f} us")


if __name__ == "__main__":
    main()
