#!/usr/bin/env python3
"""Writes the exact model of a Gymnasium environment that has a table env.P (FrozenLake, Taxi, CliffWalking, ...).

usage: python3 scripts/gymnasium_model.py FrozenLake-v1 lake.json [is_slippery=False ...]

Each probability is taken for the fraction with the smallest denominator that is the same float; where an episode
ends, the model goes to a state of its own, in which nothing is earned.
"""

import ast
import json
import sys
from fractions import Fraction

import gymnasium


def exactly(number):
    """The simplest fraction with a denominator of at most 10,000 that is this float."""
    fraction = Fraction(float(number)).limit_denominator(10_000)
    if float(fraction) != float(number):
        sys.exit(f"{number!r} is no fraction with a denominator of at most 10000; write the model with numpy.savez instead")
    return fraction


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    name, out, *options = sys.argv[1:]
    arguments = {key: ast.literal_eval(value) for key, _, value in (option.partition("=") for option in options)}
    env = gymnasium.make(name, **arguments).unwrapped
    states, actions = len(env.P), len(env.P[0])
    end = states  # where an episode is over
    transitions, rewards = [], []
    for s in range(states):
        for a in range(actions):
            chances, reward = {}, Fraction(0)
            for chance, after, paid, over in env.P[s][a]:
                after = end if over else int(after)
                chances[after] = chances.get(after, Fraction(0)) + exactly(chance)
                reward += exactly(chance) * exactly(paid)
            transitions += [[s, a, after, str(chance)] for after, chance in chances.items() if chance]
            rewards += [[s, a, str(reward)]] if reward else []
    transitions += [[end, a, end, "1"] for a in range(actions)]
    start = [[s, str(exactly(chance))] for s, chance in enumerate(env.initial_state_distrib) if chance]
    model = {"name": name, "states": states + 1, "actions": actions, "initial": start, "transitions": transitions, "rewards": rewards}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(model, file)


if __name__ == "__main__":
    main()
