"""Trees on one instance: recursion over the definitions of the language."""

from fractions import Fraction
from itertools import product

from .arithmetic import Numbers, compare
from .declarations import default_sort
from .expressions import Parser
from .fitting import Fitting
from .lexer import ReadError
from .models import Mdp
from .reals import Real, Undecided, Undefined, plain
from .values import Func, Rows


class World(Numbers):
    """A lemma's declarations with sizes of sets and a value for every given."""

    def __init__(self, declarations, sizes, values):
        self.d, self.sizes, self.values = declarations, sizes, values
        self.trees, self.memo, self.models, self.fittings, self.depth = {}, {}, {}, {}, 0

    def steps(self):
        return int(self.values[self.d.horizon]) if self.d.horizon else 1

    def elements(self, sets):
        return product(*(range(self.sizes[name]) for name in sets))

    # definitions

    def sort_of(self, parameter):
        return parameter[2] or default_sort(parameter[0])

    def tree_of(self, name, kinds, base=None):
        """The body of a definition for parameters of some kinds."""
        key = (name, kinds, base)
        if key not in self.trees:
            definition = self.d.definitions[name]
            equation = definition.general if base is None else definition.bases[base]
            names = [p[0] for group in equation.groups for p in group]
            bound = list(zip(names, kinds)) + [(p[0], "element") for p in equation.outcomes]
            if definition.step:
                bound.append((definition.step, "integer"))
            self.trees[key] = Parser(self.d, equation.body, bound).whole()
        return self.trees[key]

    def kind_of(self, parameter, value, last):
        if isinstance(value, Func):
            return ("function", value.come)
        if isinstance(value, Rows):
            return ("rows", value.come, value.go)
        sort = self.sort_of(parameter)
        if sort == "integer":
            return "integer"
        if sort in self.sizes:
            return "element"
        return "number" if isinstance(value, (Fraction, Real)) or not last else "element"

    def call(self, name, step, values, outcome=()):
        """The value of a definition at arguments (and, of a kernel, at an outcome)."""
        definition = self.d.definitions[name]
        parameters = [p for group in definition.general.groups for p in group]
        if len(parameters) != len(values):
            raise ReadError(0, f"{name} has {len(parameters)} arguments, not {len(values)}")
        hashed = tuple(getattr(value, "key", None if isinstance(value, Real) else value) for value in values)
        key = (name, step, hashed, outcome)
        usable = None not in hashed
        if usable and key in self.memo:
            return self.memo[key]
        kinds = tuple(self.kind_of(p, value, True) for p, value in zip(parameters, values))
        base = step if step in definition.bases else None
        if definition.bases and base is None and step < min(definition.bases):
            raise Undefined("a subscript below its base case")
        equation = definition.general if base is None else definition.bases[base]
        env = {p[0]: value for p, value in zip([p for group in equation.groups for p in group], values)}
        env.update((p[0], i) for p, i in zip(equation.outcomes, outcome))
        if definition.step:
            env[definition.step] = step
        self.depth += 1
        if self.depth > 300:
            raise Undefined("a definition refers to itself too often")
        try:
            value = plain(self.number(self.tree_of(name, kinds, base), env))
        finally:
            self.depth -= 1
        if usable:
            self.memo[key] = value
        return value

    # kernels, policies, laws

    def rows(self, tree, env):
        if tree[0] == "round":
            return self.round_rows(tree, env)
        step = self.integer(tree[2], env) if tree[2] is not None else None
        if tree[0] == "var":
            value = env[tree[1]]
            return value if step is None else Rows(value.come, value.go, value.row, value.family, step, (value.key, step))
        name = tree[1]
        given = self.d.givens.get(name)
        if given:
            def row(h, condition):
                if given.family and not 1 <= h <= self.steps():
                    raise Undefined("a step out of range")
                return self.values[name][h if given.family else None, condition]
            return Rows(given.come, given.go, row, given.family, step, (name, step))
        definition = self.d.definitions[name]
        come = tuple(self.sort_of(p) for group in definition.general.groups for p in group)
        go = tuple(map(self.sort_of, definition.general.outcomes))
        return Rows(come, go, lambda h, condition: self.constructed(name, h, condition, go), bool(definition.step), step, (name, step))

    def fitting(self, name):
        """The rounds of a loop."""
        loop = self.d.loops[name]
        if loop.policy not in self.fittings:
            self.fittings[loop.policy] = None  # while it is made
            self.fittings[loop.policy] = Fitting(self, loop)
        if self.fittings[loop.policy] is None:
            raise ReadError(0, f"what the loop of {name} is made of depends on its own rounds")
        return self.fittings[loop.policy]

    def round_rows(self, tree, env):
        _, name, t, step = tree
        t, step = self.integer(t, env), self.integer(step, env) if step is not None else None
        number, policy = self.fitting(name).policy(t)
        m = self.d.models[self.d.loops[name].world]

        def row(h, condition):
            if not 1 <= h <= self.steps():
                raise Undefined("a step out of range")
            return {(a,): p for a, p in policy.row(h, condition[0]).items()}
        return Rows((m.states,), (m.actions,), row, True, step, (name, number, step))

    def mdp(self, which, env):
        """An MDP by name, or a fitted one: M_t."""
        if isinstance(which, str):
            return self.model(which)
        return self.fitting(which[1]).model(self.integer(which[2], env))

    def constructed(self, name, step, condition, go):
        key = ("row", name, step, condition)
        if key not in self.memo:
            row = {outcome: self.call(name, step, condition, outcome) for outcome in self.elements(go)}
            if any(p < 0 for p in row.values()) or sum(row.values(), Fraction(0)) != 1:
                raise ReadError(0, f"{name} is no distribution on this instance, at {condition}")
            self.memo[key] = {outcome: p for outcome, p in row.items() if p != 0}
        return self.memo[key]

    def law(self, tree, env):
        """({outcome tuple: probability}, sets)."""
        if tree[0] == "row":
            rows = self.rows(tree[1], env)
            return rows.at(tuple(self.index(kid, env) for kid in tree[2])), rows.go
        if tree[0] == "occ":
            return self.occupancy(tree, env)
        if tree[0] in ("ref", "var"):
            if self.is_rows(tree, env):
                rows = self.rows(tree, env)
                return rows.at(()), rows.go
            function = self.function(tree, env)
            row = {outcome: function.at(outcome) for outcome in self.elements(function.come)}
            if any(p < 0 for p in row.values()) or sum(row.values(), Fraction(0)) != 1:
                raise ReadError(0, "a function that is used as a distribution is none on this instance")
            return {outcome: p for outcome, p in row.items() if p != 0}, function.come
        raise ReadError(0, "a distribution is wanted")

    def is_rows(self, tree, env):
        if tree[0] == "var":
            return isinstance(env.get(tree[1]), Rows)
        given, definition = self.d.givens.get(tree[1]), self.d.definitions.get(tree[1])
        return bool(given and given.kind == "rows") or bool(definition and definition.general.outcomes)

    def model(self, name):
        if name not in self.models:
            m = self.d.models[name]
            component = lambda part: self.rows(("ref", part, None), {})  # noqa: E731
            kernel = component(m.kernel)
            reward = self.function(("ref", m.reward, None), {})
            transitions = len(reward.come) == 3

            def next_states(h, s, a):
                return {outcome[0]: p for outcome, p in kernel.row(h if kernel.family else None, (s, a)).items()}

            def pays(h, s, a):
                if not transitions:
                    return reward.at((s, a), h)
                return sum((p * reward.at((s, a, t), h) for t, p in next_states(h, s, a).items()), Fraction(0))
            initial = None
            if m.initial:
                law, _ = self.law(("ref", m.initial, None), {})
                initial = {outcome[0]: p for outcome, p in law.items()}
            horizon = int(self.number(("const", m.horizon, None), {})) if m.horizon else None
            discount = self.number(("const", m.discount, None), {}) if m.discount else None
            self.models[name] = Mdp(self.sizes[m.states], self.sizes[m.actions], next_states, pays, initial, horizon, discount, m.endless)
        return self.models[name]

    def occupancy(self, tree, env):
        _, gamma, step, policy, start, name, n = tree
        mdp, rows = self.model(name), self.rows(policy, env)
        chosen = rows.policy()
        if start is None:
            first = mdp.initial
        elif start[0] in ("var", "const"):
            first = {self.index(start, env): Fraction(1)}
        else:
            first = {outcome[0]: p for outcome, p in self.law(start, env)[0].items()}
        h = None if gamma else self.integer(step, env)
        law = mdp.occupancy(chosen, first, h)
        m = self.d.models[name]
        if n == 1:
            return {(s,): p for s, p in enumerate(law) if p != 0}, (m.states,)
        if mdp.horizon is not None and h > mdp.horizon:
            raise Undefined("a step out of range")
        return {(s, a): p * q for s, p in enumerate(law) if p != 0 for a, q in chosen(0 if h is None else h, s).items()}, (m.states, m.actions)

    # functions

    def function(self, tree, env):
        if tree[0] == "var":
            return env[tree[1]]
        if tree[0] == "valuef":
            return self.value_function(tree, env)
        if tree[0] == "call":  # L(V), its last bracket left out
            groups = self.groups(tree)
            name, step = groups[0][1], self.step_of(groups[0], env)
            values = [self.argument(kid, env) for group in groups[1:] for kid in group]
            last = self.d.definitions[name].general.groups[-1]
            return Func(tuple(map(self.sort_of, last)), lambda args, h=None: self.call(name, step, values + list(args)), (name, step, tuple(v.key if isinstance(v, (Func, Rows)) else v for v in values)))
        name, step = tree[1], self.step_of(tree, env)
        given = self.d.givens.get(name)
        if given:
            def at(args, h=None):
                h = step if step is not None else h
                if given.family:
                    if not 1 <= h <= self.steps() + 1:
                        raise Undefined("a step out of range")
                    return Fraction(0) if h == self.steps() + 1 else self.values[name].get((h,) + tuple(args), Fraction(0))
                return self.values[name].get(tuple(args), Fraction(0))
            return Func(given.come, at, (name, step))
        definition = self.d.definitions[name]
        come = tuple(self.sort_of(p) for group in definition.general.groups for p in group)
        return Func(come, lambda args, h=None: self.call(name, (step if step is not None else h) if definition.step else None, list(args)), (name, step))

    def step_of(self, tree, env):
        return self.integer(tree[2], env) if tree[2] is not None else None

    def value_function(self, tree, env):
        _, letter, policy, name, step = tree
        mdp = self.mdp(name, env)
        chosen = self.rows(policy, env).policy() if policy is not None else None
        h = self.integer(step, env) if step is not None else 0
        m = self.d.models[name if isinstance(name, str) else self.d.loops[name[1]].world]

        def at(args, _=None):
            if step is not None and not 1 <= h <= mdp.horizon + 1:
                raise Undefined("a step out of range")
            if letter == "bias":
                return mdp.bias(chosen)[args[0]]
            table = mdp.values(chosen)
            if step is not None and h == mdp.horizon + 1:
                return Fraction(0)
            if letter in ("V", "gain"):
                return table[h][args[0]]
            q = mdp.q(h, args[0], args[1], table[h + 1] if step is not None else table[0])
            return q if letter == "Q" else q - table[h][args[0]]
        which = name if isinstance(name, str) else (name[1], self.integer(name[2], env))
        return Func((m.states, m.actions) if letter in ("Q", "A") else (m.states,), at, (letter, getattr(chosen, "key", None), which, h))

    @staticmethod
    def groups(tree):
        """[head, arguments of the first bracket, ...]."""
        found = []
        while tree[0] == "call":
            found.insert(0, tree[2])
            tree = tree[1]
        return [tree] + found

    def argument(self, tree, env):
        """An argument of a definition: an element, a number, a function, a policy."""
        kind = tree[0]
        if kind == "var":
            value = env[tree[1]]
            return self.rows(tree, env) if isinstance(value, Rows) else value
        if kind == "valuef" or (kind == "call" and self.is_partial(tree)):
            return self.function(tree, env)
        if kind == "round":
            return self.rows(tree, env)
        if kind == "ref":
            return self.rows(tree, env) if self.is_rows(tree, env) else self.function(tree, env)
        if kind == "row" or self.is_element(tree, env):
            return self.index(tree, env)
        value = self.number(tree, env)
        return value

    def is_partial(self, tree):
        groups = self.groups(tree)
        definition = self.d.definitions.get(groups[0][1]) if groups[0][0] == "ref" else None
        return bool(definition) and len(groups) - 1 < len(definition.general.groups)

    def is_element(self, tree, env):
        if tree[0] == "const":
            given = self.d.givens.get(tree[1])
            return bool(given and given.kind == "element")
        if tree[0] == "call":
            given = self.d.givens.get(tree[1][1]) if tree[1][0] == "ref" else None
            return bool(given and given.kind == "map")
        return tree[0] in ("pathstate", "pathaction")

    # elements and integers

    def index(self, tree, env):
        """An element."""
        kind = tree[0]
        if kind == "var":
            return env[tree[1]]
        if kind == "const":
            return self.values[tree[1]]
        if kind == "row":  # the action of a deterministic policy
            (outcome,), = self.rows(tree[1], env).at(tuple(self.index(kid, env) for kid in tree[2]))
            return outcome
        if kind in ("pathstate", "pathaction"):
            states, actions = env[tree[1]]
            h, line = self.integer(tree[2], env), states if kind == "pathstate" else actions
            if not 1 <= h <= len(line):
                raise Undefined("a step out of range")
            return line[h - 1]
        if kind == "call":
            return self.values[tree[1][1]][tuple(self.index(kid, env) for kid in tree[2])]
        raise ReadError(0, "an element is wanted")

    def integer(self, tree, env):
        value = plain(self.number(tree, env))
        if isinstance(value, Real) or Fraction(value).denominator != 1:
            raise ReadError(0, "an integer is wanted")
        return int(value)


__all__ = ["World", "Func", "Rows", "compare", "Undefined", "Undecided"]
