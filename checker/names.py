"""Names with their scripts and arguments: rules 3, 5, 6 and 7 of the language."""

from itertools import combinations

from .declarations import default_sort, joined, scripts_at
from .lexer import ReadError, Token


def is_star(script):
    above, part = script
    return above and len(part) == 1 and part[0].text == "*"


class Names:
    """The part of the parser that resolves names; see `expressions.Parser`."""

    def bound_kind(self, name):
        return next((kind for other, kind in reversed(self.bound) if other == name), None)

    def script(self, part):
        """The tree of a script, or None if it is none."""
        parser = type(self)(self.d, part + [Token("end", "", part[-1].at)], self.bound)
        try:
            return parser.whole()
        except ReadError:
            return None

    # sorts, as far as reading needs them

    def rows_of(self, tree):
        """(sets of conditions, sets of outcomes) of a kernel, policy or distribution by name, or None."""
        if tree[0] == "var" and self.bound_kind(tree[1]) == "policy":
            m = next(iter(self.d.models.values()))
            return (m.states,), (m.actions,)
        if tree[0] == "var" and isinstance(self.bound_kind(tree[1]), tuple):
            kind = self.bound_kind(tree[1])
            return kind[1:3] if kind[0] == "rows" else None
        if tree[0] == "round":
            m = self.d.models[self.d.loops[tree[1]].world]
            return (m.states,), (m.actions,)
        if tree[0] != "ref":
            return None
        given = self.d.givens.get(tree[1])
        if given and given.kind == "rows":
            return given.come, given.go
        definition = self.d.definitions.get(tree[1])
        if definition and definition.general.outcomes:
            sort = lambda parameter: parameter[2] or default_sort(parameter[0])  # noqa: E731
            return tuple(sort(p) for group in definition.general.groups for p in group), tuple(map(sort, definition.general.outcomes))
        return None

    def is_policy(self, tree):
        rows = self.rows_of(tree) if tree else None
        return bool(rows and len(rows[0]) == 1 and len(rows[1]) == 1)

    def is_integer(self, tree):
        kind = tree[0]
        if kind == "num":
            return tree[1].denominator == 1
        if kind == "var":
            return self.bound_kind(tree[1]) == "integer"
        if kind == "const":
            given = self.d.givens.get(tree[1])
            if given is None:
                definition = self.d.definitions.get(tree[1])
                if definition is None or definition.step:
                    return False
                return self.is_integer(type(self)(self.d, definition.general.body).whole())
            return given.kind == "integer"
        if kind == "size":
            return True
        if kind == "neg":
            return self.is_integer(tree[1])
        if kind in ("add",):
            return all(map(self.is_integer, tree[1]))
        if kind == "mul":
            return self.is_integer(tree[1]) and self.is_integer(tree[2])
        return False

    def check_compared(self, left, right, at):
        for side in (left, right):
            other = right if side is left else left
            if side[0] == "row" and not (self.deterministic(side) and (self.element(other) or (other[0] == "row" and self.deterministic(other)))):
                self.fail("a distribution is compared; relations compare numbers or elements", at)
            if side[0] in ("ref", "occ", "valuef", "model", "roundmodel", "round", "set"):
                self.fail("relations compare numbers or elements", at)

    def deterministic(self, row):
        ref = row[1]
        given = self.d.givens.get(ref[1]) if ref[0] == "ref" else None
        return ref[0] == "round" or self.bound_kind(ref[1]) == "policy" or bool(given and given.deterministic)

    def element(self, tree):
        if tree[0] == "var":
            return self.bound_kind(tree[1]) in ("element",) or isinstance(self.bound_kind(tree[1]), str) and self.bound_kind(tree[1]).startswith("element")
        if tree[0] == "const":
            given = self.d.givens.get(tree[1])
            return bool(given and given.kind == "element")
        return tree[0] in ("pathstate", "pathaction") or (tree[0] == "call" and tree[1][0] == "ref" and getattr(self.d.givens.get(tree[1][1]), "kind", "") == "map")

    # words

    def draws(self):
        if self.text(1) != "_" or self.text(2) != "{":
            return False
        depth = 0
        for token in self.tokens[self.at + 2:]:
            depth += (token.text == "{") - (token.text == "}")
            if token.text == "~":
                return True
            if depth == 0:
                return False
        return False

    def name(self):
        word = self.token.text
        if word in ("sum", "prod") or (word in ("max", "min", "span") and self.text(1) in ("_", "^")):
            return self.binder(word)
        if word in ("max", "min"):
            return self.extremum(word)
        if word == "span":
            self.at += 1
            return ("spanof", self.primary())
        if word == "Var" or (word in ("E", "P") and self.draws()):
            return self.drawn(word)
        if word == "E" and not self.d.kind("E") and self.bound_kind("E") is None:
            self.fail("what is drawn is not said: E_{s ~ rho}[...]")
        if word in ("log", "exp", "sqrt"):
            self.at += 1
            return ("fn", word, self.factor())
        if word in ("TV", "KL", "Ent"):
            return self.distance(word)
        if word == "W1":
            return self.transport()
        if word == "inner":
            self.at += 1
            return self.two_fields("(", ")")
        if word in ("argmax", "argmin", "arg"):
            self.fail(f"\"{word}\" stands in an expression")
        return self.written()

    def extremum(self, word):
        self.at += 1
        opening = self.token.text
        if opening not in ("(", "\\{"):
            self.fail(f"what {word} is over is not said")
        self.at += 1
        self.contexts.append("bracket")
        kids = [self.sum()]
        while self.accept(","):
            kids.append(self.sum())
        self.contexts.pop()
        self.expect({"(": ")", "\\{": "\\}"}[opening])
        if len(kids) < 2:
            self.fail(f"{word} of one number")
        return ("extremum", word, kids)

    def law(self, drawn=None):
        """A distribution; the names drawn settle whether a bare d_h^pi is over states or pairs."""
        at = self.token.at
        tree = self.sum()
        if tree[0] == "occ" and tree[-1] is None:
            if drawn is None:
                self.fail("whether states or pairs are meant is not said: d_h^pi(.) or d_h^pi(.,.)", at)
            tree = tree[:-1] + (len(drawn),)
        rows = self.rows_of(tree)
        if rows and rows[0]:
            self.fail("a kernel or policy is no single distribution: say of which condition", at)
        sets = self.law_sets(tree, rows)
        if drawn and sets:
            if len(sets) != len(drawn):
                self.fail("as many names are drawn as the distribution has parts", at)
            for name, where in zip(drawn, sets):
                sort = default_sort(name.split("'")[0].split("_")[0])
                if sort in self.d.sets and sort != where:
                    self.fail(f"{name} stands for an element of {sort}, and is drawn from a distribution over {where}", at)
        return tree

    def law_sets(self, tree, rows):
        if rows:
            return rows[1]
        if tree[0] == "row":
            found = self.rows_of(tree[1])
            return found[1] if found else None
        if tree[0] == "occ":
            m = self.d.models[tree[5]]
            return (m.states, m.actions)[:tree[-1]]
        return None

    def distance(self, word):
        self.at += 1
        closing = {"(": ")", "[": "]"}.get(self.token.text)
        if not closing:
            self.fail("the distributions are missing")
        self.at += 1
        self.contexts.append("arguments")
        kids = [self.law()]
        if word != "Ent":
            if not (self.accept(",") or self.accept("||") or (word == "KL" and self.accept("|"))):
                self.fail("the second distribution is missing")
            kids.append(self.law())
        self.contexts.pop()
        self.expect(closing)
        return ("distance", word, kids)

    def transport(self):
        self.at += 1
        self.expect("(")
        self.contexts.append("arguments")
        p = self.law()
        self.expect(",")
        q = self.law()
        if not self.accept(";"):
            self.expect(",")
        cost = self.sum()
        self.contexts.pop()
        self.expect(")")
        return ("transport", p, q, cost)

    def two_fields(self, opening, closing):
        self.expect(opening)
        self.contexts.append("arguments")
        first = self.sum()
        self.expect(",")
        second = self.sum()
        self.contexts.pop()
        self.expect(closing)
        return ("inner", first, second)

    # names

    def written(self):
        start, at = self.at, self.token.at
        base, scripts, self.at = scripts_at(self.tokens, self.at)
        if self.is_quantity(base, scripts):
            return self.quantity(base, scripts, at)
        readings = []
        for count in range(len(scripts), -1, -1):
            for chosen in combinations(range(len(scripts)), count):
                name = joined(base, [scripts[i] for i in chosen])
                left = [script for i, script in enumerate(scripts) if i not in chosen]
                if name and (self.bound_kind(name) is not None or self.d.kind(name)) and self.fits(name, left):
                    readings.append((name, left))
        if len(readings) > 1:
            self.fail(f"{joined(base, scripts)} can be read as {readings[0][0]} and as {readings[1][0]} with a script", at)
        if not readings:
            return self.unread(base, scripts, start, at)
        name, left = readings[0]
        self.check_ended(name, at)
        return self.resolved(name, left, at)

    def unread(self, base, scripts, start, at):
        part = scripts[0][1][0].text if len(scripts) == 1 and len(scripts[0][1]) == 1 else ""
        if base in ("s", "a") and len(scripts) == 1 and not scripts[0][0] and any(kind == "path" for _, kind in self.bound):
            step = self.script(scripts[0][1])
            if step and self.is_integer(step):
                path = [name for name, kind in self.bound if kind == "path"][-1]
                return ("pathstate" if base == "s" else "pathaction", path, step)
        if base in ("D", "d") and part in ("TV", "KL") and self.token.text in ("(", "["):
            self.at -= 1
            return self.distance(part)
        if base == "W" and part == "1" and self.token.text == "(":
            self.at -= 1
            return self.transport()
        whole = joined(base, scripts)
        for name in (whole, base):
            if name:
                self.check_ended(name, at)
        self.fail(f"\"{whole or base}\" is neither declared nor bound", at)

    def fits(self, name, left):
        """Whether the scripts that are no part of the name can stand beside it."""
        kind = self.bound_kind(name)
        if kind is not None:
            family = kind == "policy" or isinstance(kind, tuple)
            number = kind in ("integer", "number")
        else:
            if name in self.d.loops:
                return self.fits_loop(name, left)
            given, definition = self.d.givens.get(name), self.d.definitions.get(name)
            family = bool(given and given.family) or bool(definition and definition.step)
            number = bool(given and given.kind in ("number", "integer")) or bool(definition and not definition.general.groups and not definition.general.outcomes)
        steps = 0
        for above, part in left:
            if above and number and part[0].text != "*":
                continue
            tree = self.script(part)
            steps += 1
            if not family or steps > 1 or tree is None or not self.is_integer(tree):
                return False
        return True

    def fits_loop(self, name, left):
        """pi_t and pi_{t,h}, M_t; the pi_0 that a loop starts from is a name of its own."""
        loop = self.d.loops[name]
        policy = name == loop.policy
        if left and policy and len(left[0][1]) == 1 and f"{name}_{left[0][1][0].text}" == loop.start_name:
            return False
        trees = [None if above else self.script(part) for above, part in left]
        return len(left) <= 1 + policy and all(tree is not None and self.is_integer(tree) for tree in trees)

    def round_of(self, name, left, at):
        if not left:
            self.fail(f"{name} has a member for each round, and which is meant is not said", at)
        scripts = [self.script(part) for _, part in left]
        if name != self.d.loops[name].policy:
            return ("roundmodel", name, scripts[0])
        return self.applied(("round", name, scripts[0], scripts[1] if len(scripts) > 1 else None), at)

    def resolved(self, name, left, at):
        kind = self.bound_kind(name)
        powers = [part for above, part in left if above]
        steps = [part for above, part in left if not above]
        step = self.script(steps[0]) if steps else None
        if kind is not None:
            tree = ("var", name, step)
            if kind in ("policy",) or isinstance(kind, tuple):
                return self.applied(tree, at)
            return self.with_powers(tree, powers)
        where = self.d.kind(name)
        if where == "set":
            self.fail(f"{name} is a set", at)
        if where == "model":
            return ("model", name)
        if where == "loop":
            return self.round_of(name, left, at)
        given = self.d.givens.get(name)
        if given:
            if given.kind in ("number", "integer", "element"):
                return self.with_powers(("const", name, None), powers)
            return self.applied(("ref", name, step), at)
        definition = self.d.definitions[name]
        if not definition.general.groups and not definition.general.outcomes:
            if definition.step and step is None:
                self.fail(f"{name} has a subscript", at)
            return self.with_powers(("const", name, step), powers)
        return self.applied(("ref", name, step), at, len(definition.general.groups))

    def with_powers(self, tree, powers):
        for part in powers:
            tree = ("pow", tree, self.script(part))
        return tree

    def applied(self, head, at, groups=1):
        """A head with the brackets behind it."""
        while self.token.text == "(" and self.token.kind == "sign":
            before, after = self.arguments()
            dots = [tree == ("dot",) for tree in (before or []) + after]
            rows = self.rows_of(head)
            if rows is not None:
                return self.apply_rows(head, rows, before, after, at)
            if before is not None:
                self.fail("a bar stands in the arguments of a function", at)
            if any(dots):
                if not all(dots):
                    self.fail("some arguments are given and some left open", at)
                return head
            head = ("call", head, after)
            groups -= 1
            if groups <= 0:
                break
        return head

    def apply_rows(self, head, rows, before, after, at):
        come, go = rows
        outcomes, conditions = (before, after) if before is not None else (after, []) if not come else ([], after)
        if len(conditions) != len(come):
            self.fail(f"{len(come)} conditions are wanted, not {len(conditions)}", at)
        law = ("row", head, conditions) if come else head
        if not outcomes or all(tree == ("dot",) for tree in outcomes):
            return law
        if len(outcomes) != len(go):
            self.fail(f"{len(go)} outcomes are wanted, not {len(outcomes)}", at)
        return ("mass", law, outcomes)

    def arguments(self):
        self.expect("(")
        self.contexts.append("arguments")
        before, parts = None, []
        while True:
            if self.text() in (".", "*") and self.text(1) in (")", ",", "|"):
                self.at += 1
                parts.append(("dot",))
            else:
                parts.append(self.sum())
            if self.accept(","):
                continue
            if self.token.text == "|" and before is None:
                self.at += 1
                before, parts = parts, []
                continue
            break
        self.contexts.pop()
        self.expect(")")
        return before, parts

    # J, V, Q, A, d, gain, bias

    def is_quantity(self, base, scripts):
        if base == "J" and self.d.kind("J") is None and self.bound_kind("J") is None:
            return True
        if base not in ("V", "Q", "A", "J", "d", "gain", "bias"):
            return False
        for script in scripts:
            if is_star(script):
                return base != "d"
            tree = self.script(script[1])
            if tree and self.is_policy(tree):
                return True
        return False

    def quantity(self, base, scripts, at):
        star = gamma = limiting = False
        found = {}

        def put(key, tree):
            if key in found:
                self.fail(f"two scripts of {base} are a {key}", at)
            found[key] = tree

        for above, part in scripts:
            if is_star((above, part)):
                star = True
                continue
            if base == "d" and not above and len(part) == 1 and part[0].text == "gamma":
                gamma = True
                continue
            if base == "d" and not above and len(part) == 1 and part[0].text == "inf":
                limiting = True
                continue
            tree = self.script(part)
            if tree is None:
                self.fail(f"a script of {base} is neither a step, a policy nor an MDP", at)
            if self.is_policy(tree):
                put("policy", tree)
            elif tree[0] in ("model", "roundmodel"):
                put("model", tree)
            elif self.is_integer(tree):
                put("step", tree)
            else:
                put("start", tree)
        arguments = None
        if self.token.text == "(" and self.token.kind == "sign":
            before, arguments = self.arguments()
            if before is not None:
                self.fail(f"a bar stands in the arguments of {base}", at)
            if arguments and arguments[-1][0] in ("model", "roundmodel"):
                put("model", arguments.pop())
        if base == "J" and not star and "policy" not in found:
            if not arguments or len(arguments) != 1 or not self.is_policy(arguments[0]):
                self.fail("J is of a policy: J(pi, M)", at)
            put("policy", arguments.pop())
        if star == ("policy" in found):
            self.fail(f"{base} has a policy or a star", at)
        if "model" not in found:
            if len(self.d.models) != 1:
                self.fail(f"in which MDP {base} is taken is not said", at)
            found["model"] = ("model", next(iter(self.d.models)))
        fitted = found["model"][0] == "roundmodel"
        m = self.d.models[self.d.loops[found["model"][1]].world if fitted else found["model"][1]]
        which = found["model"] if fitted else m.name
        if not star:
            come, go = self.rows_of(found["policy"])
            if (come, go) != ((m.states,), (m.actions,)):
                self.fail(f"the policy is none of {m.name}", at)
        if base == "d" and fitted:
            self.fail("a fitted model has states beside those of the world, so that no law over S is its law", at)
        if base == "d":
            return self.occupancy(m, gamma, limiting, found, arguments, at)
        if not m.has_values():
            self.fail(f"{m.name} has neither a horizon nor a discount", at)
        if base != "J" and (base in ("gain", "bias")) != (m.endless == "average") or (base == "bias" and star):
            self.fail(f"{base} is not of {m.name}", at)
        if "start" in found or (base == "J" and ("step" in found or arguments)):
            self.fail(f"{base} has scripts or arguments too many", at)
        policy = None if star else found["policy"]
        if base == "J":
            return ("J", policy, which)
        if bool(m.horizon) != ("step" in found):
            self.fail(f"{base} has a step if and only if its MDP has a horizon", at)
        head = ("valuef", base, policy, which, found.get("step"))
        if not arguments or arguments[0] == ("dot",):
            return head
        if len(arguments) != (2 if base in ("Q", "A") else 1):
            self.fail(f"{base} has other arguments", at)
        return ("call", head, arguments)

    def occupancy(self, m, gamma, limiting, found, arguments, at):
        if gamma + limiting + ("step" in found) != 1:
            self.fail("which d is meant is not said: d_h^pi, d_gamma^pi or d_inf^pi", at)
        if gamma and (not m.discount or m.horizon):
            self.fail(f"d_gamma is not defined in {m.name}", at)
        if limiting and m.endless != "average":
            self.fail(f"d_inf is not defined in {m.name}", at)
        n = len(arguments) if arguments else None
        if n and n > 2:
            self.fail("d has too many arguments", at)
        law = ("occ", gamma or limiting, found.get("step"), found["policy"], found.get("start"), m.name, n)
        if not arguments or all(tree == ("dot",) for tree in arguments):
            return law
        return ("mass", law, arguments)
