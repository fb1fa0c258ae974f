"""Numbers, fields and truths of trees: the part of `evaluation.World` that computes."""

from fractions import Fraction
from itertools import product

from .lexer import ReadError
from .models import max_of, min_of, transport
from .reals import INFINITE, Undefined, absolute, divide, exponential, logarithm, plain, power, root
from .values import Func, Rows

MOST = 2_000_000


class Numbers:
    """Methods `do_KIND` for each kind of tree, and the truth of conditions."""

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
