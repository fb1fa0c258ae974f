#!/usr/bin/env python3
"""Write the example models of examples/models/ from the rules of the games.

Why: the models are then not opaque data; anybody can read the rules below,
run this script again and get the same bytes.  All numbers are exact
(fractions.Fraction); there is no floating point anywhere.

The games are those of the toy_text family of Gymnasium: FrozenLake (4x4 and
8x8, slippery), CliffWalking and Taxi.  Two conventions turn an episodic game
into a model of format version 1:

* A state in which the episode is over is absorbing with reward 0.
* A reward is r(s, a), the expected reward of the step.

Usage: make_example_models.py [--out DIR] [--check]
"""

import argparse
import json
import sys
from collections import namedtuple
from fractions import Fraction
from pathlib import Path

DEFAULT_OUT = Path(__file__).resolve().parent.parent / "examples" / "models"

# A game: `initial` maps states to probabilities, `step(s, a)` lists the
# outcomes of a step as (probability, next state, reward).  `names_per_line`
# says how the state names are laid out in the file.
Game = namedtuple(
    "Game", "name state_names action_names initial step names_per_line")

ONE = Fraction(1)


def clamped_move(row, col, delta, rows, cols):
    """The cell one step from (row, col); the border of the grid blocks."""
    new_row = min(max(row + delta[0], 0), rows - 1)
    new_col = min(max(col + delta[1], 0), cols - 1)
    return new_row, new_col


def stay(state):
    """The outcome in an absorbing state: nothing happens, reward 0."""
    return [(ONE, state, Fraction(0))]


# ----------------------------------------------------------------- FrozenLake
# S start, F frozen, H hole, G goal.  Holes and the goal end the episode.

LAKE_MAPS = {
    "4x4": ["SFFF",
            "FHFH",
            "FFFH",
            "HFFG"],
    "8x8": ["SFFFFFFF",
            "FFFFFFFF",
            "FFFHFFFF",
            "FFFFFHFF",
            "FFFHFFFF",
            "FHHFFFHF",
            "FHFFHFHF",
            "FFFHFFFG"],
}
LAKE_ACTIONS = ["left", "down", "right", "up"]
# In the order of LAKE_ACTIONS, which goes round: the neighbours of a
# direction in this list are the two perpendicular to it.
LAKE_DELTAS = [(0, -1), (1, 0), (0, 1), (-1, 0)]


def frozen_lake(size):
    """FrozenLake with the map `size`, slippery.

    The move goes in the intended direction or in one of the two
    perpendicular ones, each with probability 1/3.  Entering the goal pays 1.
    """
    lake = LAKE_MAPS[size]
    rows, cols = len(lake), len(lake[0])
    cells = [(r, c) for r in range(rows) for c in range(cols)]

    def slide(row, col, direction):
        r, c = clamped_move(row, col, LAKE_DELTAS[direction], rows, cols)
        return Fraction(1, 3), r * cols + c, Fraction(int(lake[r][c] == "G"))

    def step(state, action):
        row, col = cells[state]
        if lake[row][col] in "HG":
            return stay(state)
        return [slide(row, col, (action + turn) % 4) for turn in (-1, 0, 1)]

    return Game(
        name="frozenlake%s_slippery" % size,
        state_names=["r%dc%d %s" % (r, c, lake[r][c]) for r, c in cells],
        action_names=LAKE_ACTIONS,
        initial={0: ONE},
        step=step,
        names_per_line=cols)


# --------------------------------------------------------------- CliffWalking
# S start, C cliff, G goal, . ground.

CLIFF_MAP = ["............",
             "............",
             "............",
             "SCCCCCCCCCCG"]
CLIFF_ACTIONS = ["up", "right", "down", "left"]
CLIFF_DELTAS = [(-1, 0), (0, 1), (1, 0), (0, -1)]


def cliff_walking():
    """CliffWalking, not slippery.

    A step pays -1; a step onto the cliff pays -100 and leads back to the
    start.  The goal ends the episode.  The cliff cells are states, as in
    Gymnasium, with the moves of any other cell, but no step ends in one.
    """
    rows, cols = len(CLIFF_MAP), len(CLIFF_MAP[0])
    cells = [(r, c) for r in range(rows) for c in range(cols)]
    start = "".join(CLIFF_MAP).index("S")

    def step(state, action):
        row, col = cells[state]
        if CLIFF_MAP[row][col] == "G":
            return stay(state)
        r, c = clamped_move(row, col, CLIFF_DELTAS[action], rows, cols)
        if CLIFF_MAP[r][c] == "C":
            return [(ONE, start, Fraction(-100))]
        return [(ONE, r * cols + c, Fraction(-1))]

    def name(row, col):
        letter = CLIFF_MAP[row][col]
        return "r%dc%d" % (row, col) + ("" if letter == "." else " " + letter)

    return Game(
        name="cliffwalking",
        state_names=[name(r, c) for r, c in cells],
        action_names=CLIFF_ACTIONS,
        initial={start: ONE},
        step=step,
        names_per_line=cols)


# ----------------------------------------------------------------------- Taxi

TAXI_SIZE = 5
TAXI_STOPS = {"R": (0, 0), "G": (0, 4), "Y": (4, 0), "B": (4, 3)}
TAXI_ACTIONS = ["south", "north", "east", "west", "pickup", "dropoff"]
TAXI_DELTAS = [(1, 0), (-1, 0), (0, 1), (0, -1)]
PICKUP, DROPOFF = 4, 5
IN_TAXI = 4  # passenger index; 0..3 are the stops in the order above
# A wall stands on the east side of each of these cells (row, col).
TAXI_WALLS = {(0, 1), (1, 1), (3, 0), (3, 2), (4, 0), (4, 2)}


def taxi_encode(row, col, passenger, dest):
    """The state number of Taxi-v3."""
    return ((row * TAXI_SIZE + col) * 5 + passenger) * 4 + dest


def taxi_move(row, col, action):
    """The cell of the taxi after a move; walls and the border block."""
    east_wall = action == 2 and (row, col) in TAXI_WALLS
    west_wall = action == 3 and (row, col - 1) in TAXI_WALLS
    if east_wall or west_wall:
        return row, col
    return clamped_move(row, col, TAXI_DELTAS[action], TAXI_SIZE, TAXI_SIZE)


def taxi_serve(stop, passenger, dest, action):
    """Pickup or dropoff at stop index `stop` (None: the taxi is at no stop).

    Returns (passenger afterwards, reward).  Setting the passenger down at a
    stop other than the destination is legal and costs an ordinary -1.
    """
    if action == PICKUP and stop is not None and passenger == stop:
        return IN_TAXI, -1
    if action == DROPOFF and stop is not None and passenger == IN_TAXI:
        return stop, 20 if stop == dest else -1
    return passenger, -10


def taxi():
    """Taxi-v3: fetch the passenger at one stop, deliver to another.

    A step pays -1, an illegal pickup or dropoff -10, the delivery +20.

    After the delivery the passenger's index equals the destination's.  Such
    a state is reached only at the end of the episode, so all 100 states with
    passenger == destination (4 of them reachable) are absorbing, reward 0.

    The initial state is uniform over the 300 states in which the passenger
    waits at a stop other than the destination.
    """
    stops = list(TAXI_STOPS.values())
    letters = list(TAXI_STOPS)
    states = [(row, col, passenger, dest)
              for row in range(TAXI_SIZE) for col in range(TAXI_SIZE)
              for passenger in range(5) for dest in range(4)]

    def step(state, action):
        row, col, passenger, dest = states[state]
        if passenger == dest:
            return stay(state)
        reward = -1
        if action in (PICKUP, DROPOFF):
            stop = stops.index((row, col)) if (row, col) in stops else None
            passenger, reward = taxi_serve(stop, passenger, dest, action)
        else:
            row, col = taxi_move(row, col, action)
        return [(ONE, taxi_encode(row, col, passenger, dest),
                 Fraction(reward))]

    def name(row, col, passenger, dest):
        where = "taxi" if passenger == IN_TAXI else letters[passenger]
        return "r%dc%d pass=%s dest=%s" % (row, col, where, letters[dest])

    begin = [taxi_encode(*s) for s in states
             if s[2] != IN_TAXI and s[2] != s[3]]
    return Game(
        name="taxi",
        state_names=[name(*s) for s in states],
        action_names=TAXI_ACTIONS,
        initial={s: Fraction(1, len(begin)) for s in begin},
        step=step,
        names_per_line=4)


# ------------------------------------------------------------ the model files

def require_distribution(probabilities, where):
    """Stop if the numbers are not a probability distribution, exactly."""
    if sum(probabilities) != 1 or min(probabilities) <= 0:
        raise ValueError("not a probability distribution: %s" % where)


def row_of(game, state, action):
    """One row of the model: ({next state: probability}, expected reward).

    Outcomes with the same next state are added up, so none occurs twice.
    """
    chances, reward = {}, Fraction(0)
    for probability, target, gain in game.step(state, action):
        chances[target] = chances.get(target, Fraction(0)) + probability
        reward += probability * gain
    require_distribution(
        chances.values(), "%s, (s, a) = (%d, %d)" % (game.name, state, action))
    return chances, reward


def json_lines(lines):
    """A JSON array of the given entries; each inner list is one text line.

    json.dumps lays out an array on one line or one number per line; neither
    can be read, hence this.
    """
    texts = [", ".join(json.dumps(entry) for entry in line)
             for line in lines if line]
    return "[\n    " + ",\n    ".join(texts) + "\n  ]"


def chunks(items, size):
    """The list cut into pieces of `size` items."""
    return [items[i:i + size] for i in range(0, len(items), size)]


def model_text(game):
    """The model file of a game.  str(Fraction) is in lowest terms."""
    states = range(len(game.state_names))
    actions = range(len(game.action_names))
    require_distribution(game.initial.values(), game.name + ", initial")
    initial = [[s, str(p)] for s, p in sorted(game.initial.items())]
    transitions, rewards = [], []
    for s in states:
        rows = [row_of(game, s, a) for a in actions]
        for a, (chances, _) in enumerate(rows):
            transitions.append(
                [[s, a, t, str(p)] for t, p in sorted(chances.items())])
        rewards.append([[s, a, str(r)] for a, (_, r) in enumerate(rows) if r])
    fields = [
        ("name", json.dumps(game.name)),
        ("states", json.dumps(len(states))),
        ("actions", json.dumps(len(actions))),
        ("initial", json_lines(chunks(initial, 6))),
        ("transitions", json_lines(transitions)),
        ("rewards", json_lines(rewards)),
        ("state_names",
         json_lines(chunks(game.state_names, game.names_per_line))),
        ("action_names", json.dumps(game.action_names)),
    ]
    body = ",\n".join('  "%s": %s' % field for field in fields)
    return "{\n" + body + "\n}\n"


def all_files():
    """{file name: content} of every model this script makes."""
    games = [frozen_lake("4x4"), frozen_lake("8x8"), cliff_walking(), taxi()]
    return {game.name + ".json": model_text(game).encode("ascii")
            for game in games}


def check(out):
    """Exit status 1, and one line, if a file in `out` is not as generated."""
    bad = [name for name, content in all_files().items()
           if not (out / name).is_file()
           or (out / name).read_bytes() != content]
    if bad:
        print("missing or different from the rules of the games in %s: %s"
              % (out, ", ".join(bad)), file=sys.stderr)
    return 1 if bad else 0


def write(out):
    """Write all model files into `out`, as bytes: the same on any system."""
    out.mkdir(parents=True, exist_ok=True)
    for name, content in all_files().items():
        (out / name).write_bytes(content)
    return 0


def main():
    """Parse the command line and write or check the files."""
    parser = argparse.ArgumentParser(
        description="Write the example models from the rules of the games.")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, metavar="DIR",
                        help="folder of the files (default: examples/models)")
    parser.add_argument("--check", action="store_true",
                        help="write nothing; exit 1 if a file differs")
    args = parser.parse_args()
    return check(args.out) if args.check else write(args.out)


if __name__ == "__main__":
    sys.exit(main())
