"""Declarations from the items that clauses hold, in the order that lets each be understood."""

from .declarations import (Declarations, Definition, Given, Loop, Model, Range, declared_name, default_sort, end_of, given_items, is_loop, split, where_items, whole_family)
from .lexer import ReadError, Token
from .loops import FITS, TIES, WITH_EXPERT
from .reading import CLOSE, OPEN


def collect(clauses, rules):
    """Declarations from [(keyword, text, at, own)]."""
    items = []
    for key, text, at, own in clauses:
        if key == "where":
            items += where_items(rules.tokens(text, at), own)
        if key == "given":
            items += given_items(rules.tokens(text, at), own)
    # A later clause for the same name replaces the liked one's.
    kept = []
    for i, (kind, names, own, data) in enumerate(items):
        later = {name for _, others, other_own, _ in items[i + 1:] if other_own != own for name in others}
        left = [name for name in names if name not in later]
        if kind == "given" and is_loop(data[1]) and 0 < len(left) < len(names):
            raise ReadError(data[1][0].at, "one name of a loop is declared again, and the other is not")
        if left:
            kept.append((kind, left, own, data))
    return Builder(kept).build()


class Builder:
    """Names in the order that lets each be understood."""

    def __init__(self, items):
        self.items, self.d = items, Declarations()
        self.families, self.later = set(), []

    def declare(self, table, name, value, at=0):
        if self.d.kind(name):
            raise ReadError(at, f"\"{name}\" is declared twice")
        table[name] = value

    def set_(self, name):
        self.d.sets.setdefault(name, None)

    def build(self):
        for kind, names, _, data in self.items:
            if kind == "given" and data[1][0].text == "=":
                self.tuple_(names[0], data[1][1:])
            if kind == "where" and data[3]:
                self.tuple_(names[0], data[2].body)
        for kind, names, _, data in self.items:
            if kind == "given":
                self.sets_in(data[1])
        self.definitions()
        ranges = [item for item in self.items if item[0] == "given" and item[3][1][0].text == "in" and not is_loop(item[3][1])]
        for kind, names, _, data in self.items:
            if kind == "given" and data[1][0].text not in ("=", "in"):
                self.given(names, *data)
        plans = [item for item in ranges if item[3][1][1].text in ("lowest", "argmax", "argmin", "arg")]
        for item in plans:
            self.given(item[1], *item[3])
        self.components()
        for item in ranges:
            if item not in plans:
                self.given(item[1], *item[3])
        for kind, names, _, data in self.items:
            if kind == "given" and is_loop(data[1]):
                self.loop(names, *data[:2])
        horizons = {m.horizon for m in self.d.models.values() if m.horizon}
        if not horizons and "H" in self.d.givens:
            horizons = {"H"}
        self.d.horizon = horizons.pop() if len(horizons) == 1 else ""
        return self.d

    def tuple_(self, name, tokens):
        end = end_of(tokens, 0) if tokens[0].text == "(" else 0
        parts = [declared_name(part, 0) for part in split(tokens[1:end])] if end else []
        names = [part[0] for part in parts]
        if len(names) not in (4, 6, 7):
            raise ReadError(tokens[0].at, "an MDP is (S, A, r, T, H, rho), (S, A, r, T, gamma, rho), (S, A, r, T, H, gamma, rho), (S, A, r, T, average, rho), (S, A, r, T, total, rho) or (S, A, r, T)")
        self.families |= {part[0] for part in parts if part[1]}
        horizon = discount = endless = None
        if len(names) == 7:
            horizon, discount = names[4:6]
        if len(names) == 6:
            if names[4].startswith("H"):
                horizon = names[4]
            elif names[4].startswith("gamma"):
                discount = names[4]
            elif names[4] in ("average", "total"):
                endless = names[4]
            else:
                raise ReadError(tokens[0].at, f"whether {names[4]} is a horizon or a discount cannot be told")
        self.set_(names[0])
        self.set_(names[1])
        self.declare(self.d.models, name, Model(name, *names[:4], horizon, discount, names[-1] if len(names) > 4 else None, endless), tokens[0].at)

    def sets_in(self, rest):
        if rest[0].text == "in" and (rest[1].kind != "name" or rest[2].kind != "end" or rest[1].text == "R"):
            return
        if rest[0].text not in (":", "in"):
            return
        depth = 0
        for i, token in enumerate(rest[1:-1], 1):
            depth += (token.text in ("[", "{", "\\{")) - (token.text in ("]", "}", "\\}"))
            near = rest[i - 1].text in ("..", "_", "^", ",") or rest[i + 1].text in ("..", ",")
            if depth == 0 and token.kind == "name" and token.text[0].isupper() and token.text not in ("R", "Delta") and not near:
                self.set_(token.text)

    def definitions(self):
        texts = [(names[0], data) for kind, names, _, data in self.items if kind == "where" and not data[3]]
        general = {name for name, (step, number, _, _, _) in texts if step}
        for name, (step, number, equation, _, at) in texts:
            if number and number[1] in general:
                continue
            self.declare(self.d.definitions, name, Definition(name, step, equation), at)
        for name, (step, number, equation, _, at) in texts:
            if number and number[1] in general:
                self.d.definitions[number[1]].bases[number[0]] = equation
        for definition in self.d.definitions.values():
            for group in definition.general.groups + [definition.general.outcomes]:
                for parameter, _, _ in group:
                    other = self.d.definitions.get(parameter)
                    if other is not None and other.step:
                        continue  # W_k is never written without its step
                    if self.d.kind(parameter):
                        raise ReadError(0, f"the parameter {parameter} hides a declared name")

    def components(self):
        for m in list(self.d.models.values()):
            pair = (m.states, m.actions)
            for name, given in ((m.horizon, Given(m.horizon, "integer", range=Range("horizon"), said=False)),
                                (m.discount, Given(m.discount, "number", range=Range("discount"), said=False)),
                                (m.reward, Given(m.reward, "function", pair)), (m.kernel, Given(m.kernel, "rows", pair, (m.states,))),
                                (m.initial, Given(m.initial, "rows", (), (m.states,)))):
                if name is None or name in self.d.definitions:
                    continue
                given.component, given.family = True, name in self.families
                if name in self.d.givens:
                    self.d.givens[name].component = True
                else:
                    self.declare(self.d.givens, name, given)

    def loop(self, names, families, rest):
        at = rest[0].at
        if len(names) > 2 or not all(families[name] for name in names):
            raise ReadError(at, "a loop is declared as: pi_t, M_hat_t in loop(...)")
        loop = Loop(names[0], names[1] if len(names) > 1 else "")
        end = end_of(rest, 2)
        rules = split(rest[3:end - 1] + [Token("end", "", at)])
        if len(rules) != 3:
            raise ReadError(at, "a loop has three rules: data, fill, ties")
        loop.fit = "".join(token.text for token in rules[0][:-1])
        if loop.fit not in FITS:
            raise ReadError(at, f"\"{loop.fit}\" says of no data")
        fill, ties = rules[1], rules[2]
        loop.keep = fill[0].text == "keep"
        words = ("pessimistic", "optimistic", "figure")
        loop.fill = fill[0].text if fill[0].text in words and len(fill) == 2 else whole_family(fill, loop.keep)[0]
        loop.ties = ties[0].text if ties[0].text in TIES and len(ties) == 2 else whole_family(ties, 0)[0]
        self.loop_parts(loop, rest, end)
        if not loop.world:
            if len(self.d.models) != 1:
                raise ReadError(at, "which MDP is learned is not said")
            loop.world = next(iter(self.d.models))
        m = self.d.models[loop.world]
        if not m.horizon or m.discount or self.families & {m.reward, m.kernel}:
            raise ReadError(at, f"{m.name} cannot be learned by a loop")
        if not loop.start or bool(loop.expert) != (loop.fit in WITH_EXPERT):
            raise ReadError(at, "a loop starts from a policy, and has an expert if its data is used")
        for name in names:
            self.declare(self.d.loops, name, loop, at)

    def loop_parts(self, loop, rest, at):
        """of M, from pi_0, with pi_E, knowing known."""
        said = set()
        while rest[at].kind != "end":
            word, (tokens, name, after) = rest[at].text, whole_family(rest, at + 1)
            if word in said:
                raise ReadError(rest[at].at, f"\"{word}\" is said twice")
            said.add(word)
            if word == "of" and name in self.d.models:
                loop.world = name
            elif word == "from":
                loop.start, loop.start_name = tokens, name
            elif word == "with":
                loop.expert = tokens
            elif word == "knowing":
                loop.known = tokens
            else:
                raise ReadError(rest[at].at, f"\"{word} {name}\" cannot follow a loop")
            at = after

    def product(self, tokens, at):
        sets = []
        while True:
            if tokens[at].text not in self.d.sets:
                raise ReadError(tokens[at].at, f"\"{tokens[at].text}\" is no set")
            sets.append(tokens[at].text)
            at += 1
            if tokens[at].text not in ("x", "*"):
                return tuple(sets), at
            at += 1

    def given(self, names, families, rest, transitions):
        for name in names:
            if rest[0].text == ":":
                given = self.typed(name, rest)
            elif rest[0].text in ("lowest", "optimal", "greedy") or rest[1].text in ("lowest", "argmax", "argmin", "arg"):
                given = self.planned(name, rest)
            elif rest[0].text == "in":
                self.ranged(name, rest[1:], transitions, families[name])
                continue
            else:
                raise ReadError(rest[0].at, f"what {name} is cannot be read")
            given.family = given.family or families[name]
            self.declare(self.d.givens, name, given, rest[0].at)

    def law_sets(self, rest, at):
        positive = rest[at].text == "+"
        sets, at = self.product(rest, at + 1 + positive)
        if rest[at].text != ")":
            raise ReadError(rest[at].at, "Delta(...) is not closed")
        return sets, positive, at + 1

    def typed(self, name, rest):
        if rest[1].text == "Delta":
            go, positive, _ = self.law_sets(rest, 2)
            return Given(name, "rows", (), go, positive=positive)
        come, at = self.product(rest, 1)
        if rest[at].text != "->":
            raise ReadError(rest[at].at, "-> is missing")
        at += 1
        if rest[at].text == "Delta":
            go, positive, _ = self.law_sets(rest, at + 1)
            return Given(name, "rows", come, go, positive=positive)
        if rest[at].text in self.d.sets:
            go = rest[at].text
            if go == "A" or any(m.actions == go for m in self.d.models.values()):
                return Given(name, "rows", come, (go,), deterministic=True)
            if len(come) == 1 and go != come[0]:
                self.d.sets[go] = come[0]
            return Given(name, "map", come, (go,))
        return Given(name, "function", come, range=read_range(rest[at:]))

    def ranged(self, name, rest, transitions, family):
        if rest[0].text in self.d.sets and rest[1].kind == "end":
            return self.declare(self.d.givens, name, Given(name, "element", (rest[0].text,)), rest[0].at)
        found = read_range(rest)
        known = self.d.givens.get(name)
        if known is None or not known.component:
            kind = "integer" if found.kind == "integers" else "number"
            return self.declare(self.d.givens, name, Given(name, kind, range=found), rest[0].at)
        known.range, known.said = found, True
        if transitions:
            known.come += known.come[:1]

    def planned(self, name, rest):
        words = [token.text for token in rest]
        lowest = "lowest" in words[:3]
        at = 1 if words[0] in ("lowest", "in") else 0
        at += words[at] == "lowest"
        plan = words[at]
        if plan == "arg":
            at += 1
            plan = "arg" + words[at]
        at += 1
        given = Given(name, "rows", plan=plan, lowest=lowest, deterministic=True)
        if plan == "argmin":
            at += 1  # _
            given.bound = words[at + (words[at] == "{")]
            at += 3 if words[at] == "{" else 1
            given.kind, given.come, given.objective = "element", (default_sort(given.bound),), rest[at:]
            return given
        if plan == "greedy":
            if words[at] != "for":
                raise ReadError(rest[at].at, "for what it is greedy is not said")
            ends = [i for i, word in enumerate(words) if word == "in" and i > at]
            end = ends[-1] if ends else len(rest) - 1
            if ends:
                given.model = declared_name(rest, end + 1)[0]
            given.objective = rest[at + 1:end] + [Token("end", "", rest[end].at)]
        elif plan == "optimal":
            if words[at] == "in":
                given.model = declared_name(rest, at + 1)[0]
        elif plan == "argmax":
            if words[at:at + 2] != ["J", "("]:
                raise ReadError(rest[at].at, "write: in argmax J(., M)")
            inner = split(rest[at + 2:end_of(rest, at + 1)])
            if len(inner) > 1:
                given.model = declared_name(inner[1], 0)[0]
        else:
            raise ReadError(rest[0].at, f"what {name} is cannot be read")
        if not given.model:
            if len(self.d.models) == 1:
                given.model = next(iter(self.d.models))
            elif plan != "greedy":
                raise ReadError(rest[0].at, f"in which MDP {name} is {plan} is not said")
        if given.model:
            if given.model not in self.d.models:
                raise ReadError(rest[0].at, f"\"{given.model}\" is no MDP")
            m = self.d.models[given.model]
            if m.endless and plan != "greedy":
                raise ReadError(rest[0].at, "policies are not chosen state by state in an endless run")
            given.come, given.go, given.family = (m.states,), (m.actions,), bool(m.horizon)
        return given


def read_range(tokens):
    first = tokens[0].text
    if first == "R":
        return Range()
    if first in ("{", "\\{"):
        inside = tokens[1:end_of(tokens, 0) - 1]
        return Range("listed", values=split(inside + [Token("end", "", tokens[0].at)]))
    if first in ("[", "("):
        inner = None
        depth = 0
        for i, token in enumerate(tokens):
            depth += (token.text in OPEN) - (token.text in CLOSE)
            if depth == 0 and i:
                inner = i
                break
        if inner is None:
            raise ReadError(tokens[0].at, "the interval is not closed")
        ends = split(tokens[1:inner] + [Token("end", "", tokens[inner].at)])
        if len(ends) != 2:
            raise ReadError(tokens[0].at, "an interval has two ends")
        return Range("interval", ends[0], ends[1], first == "(", tokens[inner].text == ")")
    dots = [i for i, token in enumerate(tokens) if token.text == ".."]
    if len(dots) != 1:
        raise ReadError(tokens[0].at, "this is no range")
    return Range("integers", tokens[:dots[0]] + [Token("end", "", tokens[dots[0]].at)], tokens[dots[0] + 1:])
