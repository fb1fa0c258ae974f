"""Whether each value of an instance lies in the type that the lemma declares for it."""

from fractions import Fraction
from itertools import product
from math import prod

from .basics import Rejected, read_integer, read_number, require, require_object, require_type
from .expressions import Parser
from .lexer import Token
from .models import min_of


def read_instance(instance, declarations):
    """(sizes, values) of the JSON object of a certificate."""
    require_object(instance, "instance", ("sizes", "values"))
    sizes, values = instance["sizes"], instance["values"]
    require_object(sizes, "sizes", tuple(declarations.sets))
    require_object(values, "values", tuple(declarations.givens))
    counts = {name: read_integer(size, f"sizes: {name}", range(1, 100_001)) for name, size in sizes.items()}
    read = Reader(counts, declarations)
    horizon = declarations.horizon
    if horizon in declarations.givens:
        read.values[horizon] = read.value(declarations.givens[horizon], values[horizon])
    for name, given in declarations.givens.items():
        if name != horizon:
            read.values[name] = read.value(given, values[name])
    return counts, read.values


class Reader:
    def __init__(self, sizes, declarations):
        self.sizes, self.d, self.values = sizes, declarations, {}

    def steps(self, given):
        return range(1, self.values[self.d.horizon] + 1) if given.family else [None]

    def value(self, given, json):
        where = f"values: {given.name}"
        if given.kind == "number":
            return read_number(json, where)
        if given.kind == "integer":
            number = read_number(json, where)
            require(number.denominator == 1 and abs(number) <= 100_000, f"{where} is no integer of moderate size")
            require(given.name != self.d.horizon or number >= 1, f"{where} is no horizon")
            return int(number)
        if given.kind == "element":
            return read_integer(json, where, range(self.sizes[given.come[0]]))
        if given.kind == "map":
            images = {entry[:-1]: entry[-1] for entry in self.entries(json, where, given.come + given.go, False, value=False)}
            require(len(images) == prod(self.sizes[name] for name in given.come), f"{where} leaves an element without an image")
            return images
        if given.kind == "function":
            return dict(self.entries(json, where, given.come, given.family))
        rows = {(h, condition): {} for h in self.steps(given) for condition in product(*(range(self.sizes[name]) for name in given.come))}
        n = len(given.come)
        for key, p in self.entries(json, where, given.come + given.go, given.family):
            h, key = (key[0], key[1:]) if given.family else (None, key)
            require(p >= 0, f"{where} has a negative probability")
            if p:
                rows[h, key[:n]][key[n:]] = p
        for (h, condition), row in rows.items():
            at = f" at step {h}" if h else ""
            require(sum(row.values(), Fraction(0)) == 1, f"{where}: the row {list(condition)}{at} does not sum to 1")
        return rows

    def entries(self, json, where, sets, family, value=True):
        """(indices, number) of each entry [h, indices..., "p/q"]; of a map (elements..., image)."""
        require_type(json, where, list)
        seen = set()
        for i, entry in enumerate(json):
            place = f"{where}[{i}]"
            require_type(entry, place, list)
            require(len(entry) == family + len(sets) + value, f"{place} has {len(entry)} parts, not {family + len(sets) + value}")
            ranges = ([range(1, self.values[self.d.horizon] + 1)] if family else []) + [range(self.sizes[name]) for name in sets]
            indices = tuple(read_integer(part, place, allowed) for part, allowed in zip(entry, ranges))
            key = indices if value else indices[:-1]
            require(key not in seen, f"{place} stands twice")
            seen.add(key)
            yield (indices, read_number(entry[-1], place)) if value else indices


def check_types(world):
    """Rejects values outside of their types."""
    for given in world.d.givens.values():
        check(world, given)


def end(world, tokens):
    return world.number(Parser(world.d, tokens).whole(), {})


def check_range(world, given, value):
    found, fault = given.range, f"{given.name} has the value {value}, which is out of its range"
    if found.kind == "listed":
        require(value in [end(world, tokens) for tokens in found.values], fault)
    elif found.kind == "discount":
        require(0 <= value < 1, fault)
    elif found.kind == "horizon":
        require(value >= 1, fault)
    elif found.kind in ("interval", "integers"):
        low, high = end(world, found.low), end(world, found.high)
        require(value > low if found.low_open else value >= low, fault)
        require(value < high if found.high_open else value <= high, fault)


def check(world, given):
    value = world.values[given.name]
    if given.plan == "argmin":
        return check_least(world, given, value)
    if given.kind in ("number", "integer"):
        return check_range(world, given, Fraction(value))
    if given.kind == "function":
        for key in product(*([range(1, world.steps() + 1)] if given.family else []), *(range(world.sizes[name]) for name in given.come)):
            check_range(world, given, value.get(tuple(key), Fraction(0)))
    if given.kind == "map" and len(given.come) == 1 and world.d.sets[given.go[0]] == given.come[0]:
        require(set(value.values()) == set(range(world.sizes[given.go[0]])), f"{given.name} is not onto")
    if given.kind == "rows":
        outcomes = 1
        for name in given.go:
            outcomes *= world.sizes[name]
        for row in value.values():
            require(not given.deterministic or len(row) == 1, f"{given.name} is not deterministic")
            require(not given.positive or len(row) == outcomes, f"{given.name} is not positive everywhere")
        if given.plan:
            check_plan(world, given, value)


def check_least(world, given, value):
    tree = Parser(world.d, given.objective, [(given.bound, "element")]).whole()
    costs = [world.number(tree, {given.bound: i}) for i in range(world.sizes[given.come[0]])]
    least = [i for i, cost in enumerate(costs) if cost == min_of(costs)]
    require(value in least, f"{given.name} does not minimise")
    require(not given.lowest or value == least[0], f"{given.name} is not the first that minimises")


def action_values(world, given):
    """q(h, s, a) that the plan maximises."""
    if given.plan != "greedy":
        mdp = world.model(given.model)
        table = mdp.values(None)

        def optimal(h, s, a):
            if mdp.horizon is None:
                return mdp.q(0, s, a, table[0])
            return mdp.reward(h, s, a) if h == mdp.horizon else mdp.q(h, s, a, table[h + 1])
        return optimal
    tokens = given.objective
    if len(tokens) >= 4 and tokens[-3].text == "_" and tokens[-2].text in ("h", "k", "t", "n"):  # q_h: the whole family
        tokens = tokens[:-3] + tokens[-1:]
    function = world.function(Parser(world.d, tokens).whole(), {})
    if len(function.come) == 2:
        return lambda h, s, a: function.at((s, a), h)
    mdp = world.model(given.model)
    values = [function.at((s,)) for s in range(mdp.states)]
    return lambda h, s, a: mdp.q(h or 0, s, a, values)


def check_plan(world, given, value):
    q = action_values(world, given)
    states, actions = world.sizes[given.come[0]], world.sizes[given.go[0]]
    needed = visited(world, given) if given.plan == "argmax" and not given.lowest else None
    for h in range(1, world.steps() + 1) if given.family else [None]:
        for s in range(states):
            if needed is not None and (h, s) not in needed:
                continue
            values = [q(h, s, a) for a in range(actions)]
            best = [a for a in range(actions) if not any(other > values[a] for other in values)]
            (taken,), = value[h, (s,)]
            require(taken in best, f"{given.name} takes no best action at h = {h}, s = {s}")
            require(not given.lowest or taken == best[0], f"{given.name} does not take the lowest best action at h = {h}, s = {s}")


def visited(world, given):
    """The (step, state) that the policy comes to in its MDP."""
    mdp = world.model(given.model)
    rows = world.rows(("ref", given.name, None), {}).policy()
    found, here = set(), set(mdp.initial)
    for h in range(1, (mdp.horizon or mdp.states) + 1):
        found |= {(h if given.family else None, s) for s in here}
        after = {t for s in here for a in rows(h, s) for t in mdp.kernel(h, s, a)}
        here = after if mdp.horizon else here | after
    return found


__all__ = ["read_instance", "check_types", "Rejected", "Token"]
