"""Writes the rainy Taxi twice: rainy.json as Gymnasium documents it, rainy_v3.json with the rows of its version 3.

A move goes as intended with 0.8, to its left and to its right with 0.1 each, and a move that is blocked stays. Version 3
(https://github.com/Farama-Foundation/Gymnasium/issues/1509 and 1510; mended in version 4) did otherwise: east and west
moves that are blocked do not slip, and slips from east and west moves looked for walls beside the cell that they lead to.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from make_example_models import ONE, TAXI_DELTAS, TAXI_SIZE, TAXI_WALLS, clamped_move, taxi, taxi_encode, taxi_move

MAIN, SLIP = Fraction(8, 10), Fraction(1, 10)
SIDES = {0: (2, 3), 1: (3, 2), 2: (1, 0), 3: (0, 1)}  # to the left and to the right of south, north, east, west


def as_documented(row, col, action):
    return [(taxi_move(row, col, move), chance) for move, chance in zip((action, *SIDES[action]), (MAIN, SLIP, SLIP))]


def open_beside(row, col, side):
    """Whether nothing stands to the east (side 1) or west (side 0) of a cell."""
    column = col - 1 + side
    return 0 <= column < TAXI_SIZE - 1 and (row, column) not in TAXI_WALLS


def as_in_version_3(row, col, action):
    if action < 2:
        return as_documented(row, col, action)
    if not open_beside(row, col, 1 if action == 2 else 0):
        return [((row, col), ONE)]
    outcomes = [(taxi_move(row, col, action), MAIN)]
    for move, side in ((0, 1), (1, 0)):  # south looks east of where it leads to, north looks west
        there = clamped_move(row, col, TAXI_DELTAS[move], TAXI_SIZE, TAXI_SIZE)
        outcomes.append((there if open_beside(*there, side) else (row, col), SLIP))
    return outcomes


def write(name, moves):
    game = taxi()
    states = [(row, col, passenger, dest) for row in range(TAXI_SIZE) for col in range(TAXI_SIZE) for passenger in range(5) for dest in range(4)]
    transitions, rewards = [], []
    for s, (row, col, passenger, dest) in enumerate(states):
        for a in range(6):
            chances = {}
            if a < 4 and passenger != dest:
                for (new_row, new_col), chance in moves(row, col, a):
                    after = taxi_encode(new_row, new_col, passenger, dest)
                    chances[after] = chances.get(after, 0) + chance
                rewards.append([s, a, "-1"])
            else:
                (_, after, reward), = game.step(s, a)
                chances[after] = ONE
                rewards.append([s, a, str(reward)])
            transitions += [[s, a, after, str(chance)] for after, chance in sorted(chances.items())]
    model = {"name": name, "states": len(states), "actions": 6, "initial": [[s, str(chance)] for s, chance in game.initial.items()], "transitions": transitions,
             "rewards": rewards, "state_names": game.state_names, "action_names": game.action_names}
    Path(name + ".json").write_text(json.dumps(model), encoding="utf-8")


write("rainy", as_documented)
write("rainy_v3", as_in_version_3)
