"""Trees on one instance: recursion over the definitions of the language."""

from fractions import Fraction
from itertools import product

from .declarations import default_sort
from .expressions import Parser
from .fitting import Fitting
from .lexer import ReadError
from .models import Mdp, max_of, min_of, transport
from .reals import INFINITE, Real, Undecided, Undefined, absolute, divide, exponential, logarithm, plain, power, root

MOST = 2_000_000


class Func:
    """A function of elements: `come` its sets, `key` what tells it apart."""

    def __init__(self, come, at, key):
        self.come, self.at, self.key = come, at, key


class Rows:
    """A kernel, policy or distribution: row(step, condition) = {outcome tuple: probability}; step is its own, or None."""

    def __init__(self, come, go, row, family, step, key):
        self.come, self.go, self.row, self.family, self.step, self.key = come, go, row, family, step, key

    def at(self, condition):
        if self.family and self.step is None:
            raise Undefined("a family without a step")
        return self.row(self.step, condition)

    def policy(self):
        """policy(h, s) = {a: p}, for models.Mdp."""
        def chosen(h, s):
            row = self.row(self.step if self.step is not None else h if self.family else None, (s,))
            return {outcome[0]: p for outcome, p in row.items()}
        chosen.key = self.key
        return chosen


class World:
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
            self.fittings[loop.policy] = Fitting(self, loop)
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
            return self.values[tree[1][1]][self.index(tree[2][0], env)]
        raise ReadError(0, "an element is wanted")

    def integer(self, tree, env):
        value = plain(self.number(tree, env))
        if isinstance(value, Real) or Fraction(value).denominator != 1:
            raise ReadError(0, "an integer is wanted")
        return int(value)

    # numbers

    def number(self, tree, env):
        return getattr(self, "do_" + tree[0])(tree, env)

    def do_num(self, tree, env):
        return tree[1]

    def do_var(self, tree, env):
        value = env[tree[1]]
        return Fraction(value) if isinstance(value, int) else value

    def do_const(self, tree, env):
        given = self.d.givens.get(tree[1])
        if given:
            return Fraction(self.values[tree[1]])
        return self.call(tree[1], self.step_of(tree, env), [])

    def do_add(self, tree, env):
        return sum((self.number(kid, env) for kid in tree[1][1:]), self.number(tree[1][0], env))

    def do_neg(self, tree, env):
        return -self.number(tree[1], env)

    def do_mul(self, tree, env):
        return self.number(tree[1], env) * self.number(tree[2], env)

    def do_div(self, tree, env):
        return plain(divide(self.number(tree[1], env), self.number(tree[2], env)))

    def do_pow(self, tree, env):
        base, exponent = tree[1], tree[2]
        if base[0] == "norm" and base[1] == "2" and exponent[0] == "num" and exponent[1] > 0 and exponent[1] % 2 == 0:
            return power(self.norm_without_root(base, env), exponent[1] / 2)  # needs no root
        return power(self.number(tree[1], env), self.number(tree[2], env))

    def do_abs(self, tree, env):
        return absolute(self.number(tree[1], env))

    def do_fn(self, tree, env):
        return plain({"log": logarithm, "exp": exponential, "sqrt": root}[tree[1]](self.number(tree[2], env)))

    def do_extremum(self, tree, env):
        return (max_of if tree[1] == "max" else min_of)([self.number(kid, env) for kid in tree[2]])

    def do_size(self, tree, env):
        return Fraction(self.sizes[tree[1]])

    def do_indicator(self, tree, env):
        return Fraction(int(self.truth(tree[1], env)))

    def do_mass(self, tree, env):
        law, _ = self.law(tree[1], env)
        return law.get(tuple(self.index(kid, env) for kid in tree[2]), Fraction(0))

    def do_J(self, tree, env):
        mdp = self.mdp(tree[2], env)
        table = mdp.values(self.rows(tree[1], env).policy() if tree[1] is not None else None)
        first = table[1 if mdp.horizon is not None else 0]
        return sum((p * first[s] for s, p in mdp.initial.items()), Fraction(0))

    def do_call(self, tree, env):
        groups = self.groups(tree)
        head = groups[0]
        if head[0] == "ref" and head[1] in self.d.definitions:
            values = [self.argument(kid, env) for group in groups[1:] for kid in group]
            return self.call(head[1], self.step_of(head, env), values)
        function = self.function(head, env)
        if head[0] == "ref" and self.d.givens[head[1]].kind == "map":
            return Fraction(self.index(tree, env))
        step = self.step_of(head, env) if head[0] == "var" and head[2] is not None else None
        args = tuple(self.index(kid, env) for kid in groups[1])
        return function.at(args, step) if step is not None else function.at(args)

    def bound(self, bindings, env, condition=None):
        """Environments with the bound names."""
        if not bindings:
            if condition is None or self.truth(condition, env):
                yield env
            return
        binding, rest = bindings[0], bindings[1:]
        if binding[0] == "policies":
            yield from self.policies(binding, rest, env, condition)
            return
        if binding[0] == "set":
            values = range(self.sizes[binding[2]])
        else:
            values = range(self.integer(binding[2], env), self.integer(binding[3], env) + 1)
        for value in values:
            yield from self.bound(rest, {**env, binding[1]: value}, condition)

    def policies(self, binding, rest, env, condition):
        _, name, states, actions, family = binding
        steps = range(1, self.steps() + 1) if family else [None]
        places = [(h, (s,)) for h in steps for s in range(self.sizes[states])]
        if self.sizes[actions] ** len(places) > MOST:
            raise Undefined("too many policies")
        for taken in product(range(self.sizes[actions]), repeat=len(places)):
            table = {place: {(a,): Fraction(1)} for place, a in zip(places, taken)}
            rows = Rows((states,), (actions,), lambda h, s, table=table: table[h, s], family, None, ("policy", taken))
            yield from self.bound(rest, {**env, name: rows}, condition)

    def do_bind(self, tree, env):
        _, kind, bindings, condition, body = tree
        values = [self.number(body, inner) for inner in self.bound(bindings, env, condition)]
        if kind == "sum":
            return sum(values, Fraction(0))
        if kind == "prod":
            result = Fraction(1)
            for value in values:
                result = result * value
            return result
        if not values:
            raise Undefined("a maximum over nothing")
        if kind == "span":
            return max_of(values) - min_of(values)
        return (max_of if kind == "max" else min_of)(values)

    def do_drawn(self, tree, env):
        _, kind, draws, body = tree
        f = (lambda inner: Fraction(int(self.truth(body, inner)))) if kind == "P" else (lambda inner: self.number(body, inner))
        mean = self.expectation(draws, f, env)
        return mean if kind != "Var" else self.expectation(draws, lambda inner: f(inner) * f(inner), env) - mean * mean

    def expectation(self, draws, f, env):
        if not draws:
            return f(env)
        (names, law), rest = draws[0], draws[1:]
        if law[0] == "paths":
            paths = self.model(law[2][1]).paths(self.rows(law[1], env).policy(), True)
            return sum((p * self.expectation(rest, f, {**env, names[0]: (states, actions)}) for p, states, actions in paths), Fraction(0))
        row, _ = self.law(law, env)
        return sum((p * self.expectation(rest, f, {**env, **dict(zip(names, outcome))}) for outcome, p in row.items()), Fraction(0))

    # fields

    def field(self, tree, env):
        """(sets, f(arguments)) of a function or a combination of laws."""
        kind = tree[0]
        if kind == "add":
            parts = [self.field(kid, env) for kid in tree[1]]
            return parts[0][0], lambda args: sum((f(args) for _, f in parts), Fraction(0))
        if kind == "neg":
            sets, f = self.field(tree[1], env)
            return sets, lambda args: -f(args)
        if kind in ("mul", "div"):
            left, right = (self.field(kid, env) if self.is_field(kid, env) else (None, lambda args, kid=kid: self.number(kid, env)) for kid in tree[1:3])
            sets = left[0] or right[0]
            return sets, (lambda args: left[1](args) * right[1](args)) if kind == "mul" else (lambda args: divide(left[1](args), right[1](args)))
        if kind in ("row", "occ") or (kind in ("ref", "var") and self.is_rows(tree, env)):
            law, sets = self.law(tree, env)
            return sets, lambda args: law.get(tuple(args), Fraction(0))
        function = self.function(tree, env)
        return function.come, function.at

    def is_field(self, tree, env):
        if tree[0] in ("add",):
            return self.is_field(tree[1][0], env)
        if tree[0] in ("neg", "mul", "div"):
            return any(self.is_field(kid, env) for kid in tree[1:])
        return tree[0] in ("row", "occ", "ref", "valuef") or (tree[0] == "var" and isinstance(env.get(tree[1]), (Func, Rows))) or (tree[0] == "call" and self.is_partial(tree))

    def do_norm(self, tree, env):
        total = self.norm_without_root(tree, env)
        return plain(root(total)) if tree[1] == "2" else total

    def norm_without_root(self, tree, env):
        _, kind, inner, weights = tree
        sets, f = self.field(inner, env)
        part = (lambda args: f(args) * f(args)) if kind == "2" else (lambda args: absolute(f(args)))
        if weights is not None:
            law, _ = self.law(weights, env)
            total = sum((p * part(args) for args, p in law.items()), Fraction(0))
        else:
            values = [part(args) for args in self.elements(sets)]
            total = max_of(values) if kind == "inf" else sum(values, Fraction(0))
        return total

    def do_spanof(self, tree, env):
        sets, f = self.field(tree[1], env)
        values = [f(args) for args in self.elements(sets)]
        return max_of(values) - min_of(values)

    def do_inner(self, tree, env):
        (sets, p), (_, g) = self.field(tree[1], env), self.field(tree[2], env)
        return sum((p(args) * g(args) for args in self.elements(sets) if p(args) != 0), Fraction(0))

    def two_laws(self, tree, env):
        if tree[0] == "paths":
            return {(states, actions): p for p, states, actions in self.model(tree[2][1]).paths(self.rows(tree[1], env).policy(), False)}
        return self.law(tree, env)[0]

    def do_distance(self, tree, env):
        _, word, kids = tree
        p = self.two_laws(kids[0], env)
        if word == "Ent":
            return plain(sum((-mass * logarithm(mass) for mass in p.values()), Fraction(0)))
        q = self.two_laws(kids[1], env)
        if word == "TV":
            return sum((absolute(p.get(key, Fraction(0)) - q.get(key, Fraction(0))) for key in {**p, **q}), Fraction(0)) / 2
        if any(key not in q for key in p):
            return INFINITE
        return plain(sum((mass * logarithm(divide(mass, q[key])) for key, mass in p.items()), Fraction(0)))

    def do_transport(self, tree, env):
        (p, (name,)), (q, _), (_, cost) = self.law(tree[1], env), self.law(tree[2], env), self.field(tree[3], env)
        return transport(p, q, cost, self.sizes[name])

    # truths

    def truth(self, tree, env):
        kind = tree[0]
        if kind == "rel":
            return self.related(tree, env)
        if kind == "and":
            return all(self.truth(kid, env) for kid in tree[1])
        if kind == "or":
            return any(self.truth(kid, env) for kid in tree[1])
        if kind == "not":
            return not self.truth(tree[1], env)
        if kind == "implies":
            return not self.truth(tree[1], env) or self.truth(tree[2], env)
        if kind == "iff":
            return self.truth(tree[1], env) == self.truth(tree[2], env)
        if kind == "forall":
            return all(self.truth(tree[2], inner) for inner in self.bound(tree[1], env))
        if kind == "exists":
            return any(self.truth(tree[2], inner) for inner in self.bound(tree[1], env))
        raise ReadError(0, "a condition is wanted")

    def sides(self, left, right, env):
        """Both sides of a relation; elements as numbers, they are equal or not."""
        def side(tree, other):
            element = tree[0] == "row" or self.is_element(tree, env) or (tree[0] == "var" and isinstance(env.get(tree[1]), int) and (other[0] == "row" or self.is_element(other, env)))
            return Fraction(self.index(tree, env)) if element else plain(self.number(tree, env))
        return side(left, right), side(right, left)

    def related(self, tree, env):
        _, sign, left, right = tree
        a, b = self.sides(left, right, env)
        return compare(a, sign, b)


def compare(a, sign, b):
    if sign == "=":
        return a == b
    if sign == "!=":
        return not a == b
    if sign == "<=":
        return a <= b
    if sign == "<":
        return a < b
    return a >= b if sign == ">=" else a > b


__all__ = ["World", "Func", "Rows", "compare", "Undefined", "Undecided"]
