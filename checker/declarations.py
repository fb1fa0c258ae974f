"""What `given` and `where` declare: sets, MDPs, givens, definitions."""

from dataclasses import dataclass, field
from typing import Optional

from .lexer import ReadError, Token
from .reading import CLOSE, OPEN

INTEGERS = set("hktnij")


def default_sort(name):
    """What an unadorned letter stands for: "S", "A", "X", "integer" or None."""
    letters = name.split("'")[0]
    return {"s": "S", "a": "A", "b": "A", "x": "X"}.get(letters) or ("integer" if letters in INTEGERS else None)


@dataclass
class Range:
    """reals; interval (low, high as tokens); integers; listed."""
    kind: str = "reals"
    low: list = field(default_factory=list)
    high: list = field(default_factory=list)
    low_open: bool = False
    high_open: bool = False
    values: list = field(default_factory=list)


@dataclass
class Given:
    name: str
    kind: str  # number, integer, element, function, map, rows
    come: tuple = ()  # sets of its arguments
    go: tuple = ()  # sets of its outcomes
    family: bool = False
    range: Range = field(default_factory=Range)
    deterministic: bool = False
    positive: bool = False
    plan: str = ""  # optimal, argmax, greedy, argmin
    lowest: bool = False
    model: str = ""
    objective: object = None  # tokens, then a tree
    bound: str = ""
    component: bool = False
    said: bool = True


@dataclass
class Model:
    name: str
    states: str
    actions: str
    reward: str
    kernel: str
    horizon: Optional[str]
    discount: Optional[str]
    initial: Optional[str]
    endless: Optional[str] = None  # "average" or "total", in place of a horizon or a discount

    def has_values(self):
        return bool(self.horizon or self.discount or self.endless)


@dataclass
class Loop:
    """pi_t, M_t in loop(fit, fill, ties) of M from pi_0 with pi_E knowing known; functions and kernels as tokens."""
    policy: str
    model: str
    fit: str = ""
    fill: object = ""  # a word, or tokens
    keep: bool = False
    ties: object = ""  # a word, or tokens
    world: str = ""
    start: object = None
    start_name: str = ""
    expert: object = None
    known: object = None


@dataclass
class Equation:
    groups: list  # [[(name, arity, set)]]
    outcomes: list
    body: list  # tokens
    tree: object = None


@dataclass
class Definition:
    name: str
    step: str  # the subscript that is an integer parameter, or ""
    general: Equation = None
    bases: dict = field(default_factory=dict)
    is_model: bool = False


def end_of(tokens, at):
    """The index after the bracket that opens at `at`."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i].text in OPEN) - (tokens[i].text in CLOSE)
        if depth == 0:
            return i + 1
    raise ReadError(tokens[at].at, "a bracket is not closed")


def scripts_at(tokens, at):
    """(letters with primes, [(above, tokens)], the index after them) of the name that begins at `at`."""
    base, scripts = tokens[at].text, []
    at += 1
    while True:
        if tokens[at].text == "'":
            base += "'"
            at += 1
        elif tokens[at].text in ("_", "^") and tokens[at].kind == "sign":
            above = tokens[at].text == "^"
            inner = tokens[at + 1]
            if above and inner.text == "(":
                return base, scripts, at
            if inner.text == "{":
                end = end_of(tokens, at + 1)
                part, depth = [], 0
                for token in tokens[at + 2:end - 1]:
                    depth += (token.text in OPEN) - (token.text in CLOSE)
                    if depth == 0 and token.text == ",":
                        scripts.append((above, part))
                        part = []
                    else:
                        part.append(token)
                scripts.append((above, part))
                if not all(part for _, part in scripts):
                    raise ReadError(inner.at, "a script is empty")
                at = end
            elif inner.kind in ("name", "number") or inner.text == "*":
                if not above and "'" in inner.text:  # pi_h' is pi'_h
                    letters, primes = inner.text.split("'")[0], inner.text[inner.text.index("'"):]
                    base, inner = base + primes, inner._replace(text=letters)
                scripts.append((above, [inner]))
                at += 2
            else:
                raise ReadError(inner.at, "a script is missing")
        else:
            return base, scripts, at


def joined(base, scripts):
    """The name that letters and scripts make, or None."""
    if any(len(part) != 1 for _, part in scripts):
        return None
    return base + "".join("_" + part[0].text for above, part in scripts if not above) + "".join("^" + part[0].text for above, part in scripts if above)


def declared_name(tokens, at):
    """(name, step, number subscript or None, the index after it)."""
    if tokens[at].kind != "name":
        raise ReadError(tokens[at].at, "a name is wanted")
    base, scripts, after = scripts_at(tokens, at)
    below = [i for i, (above, _) in enumerate(scripts) if not above]
    step, number = "", None
    if below and len(scripts[below[-1]][1]) == 1:
        last = scripts[below[-1]][1][0]
        if default_sort(last.text) == "integer":
            step = last.text
            del scripts[below[-1]]
        elif last.kind == "number" and last.text.isdigit():
            number = (int(last.text), joined(base, scripts[:below[-1]] + scripts[below[-1] + 1:]))
    name = joined(base, scripts)
    if name is None:
        raise ReadError(tokens[at].at, "this cannot be a declared name")
    return name, step, number, after


def split(tokens, separator=","):
    """Parts between separators outside of brackets, each with an end."""
    parts, part, depth = [], [], 0
    for token in tokens[:-1]:
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if depth == 0 and token.text == separator and token.kind == "sign":
            parts.append(part + [Token("end", "", token.at)])
            part = []
        else:
            part.append(token)
    return parts + [part + [tokens[-1]]]


def parameters(tokens, at):
    """(groups, outcomes, the index after them) of L(U)(s), P(s'|s,a), U(p(.), a)(s)."""
    groups, outcomes = [], []
    while tokens[at].text == "(":
        group, at = [], at + 1
        while True:
            name, step, _, at = declared_name(tokens, at)
            arity, where = 0, None
            if tokens[at].text == "(":
                end = end_of(tokens, at)
                arity = sum(token.text in (".", "*") for token in tokens[at:end])
                at = end
            if tokens[at].text == "in":
                where, at = tokens[at + 1].text, at + 2
            group.append((name + ("_" + step if step else ""), arity, where))
            if tokens[at].text in (",", ";"):
                at += 1
            elif tokens[at].text == "|":
                outcomes, group, at = group, [], at + 1
            elif tokens[at].text == ")":
                break
            else:
                raise ReadError(tokens[at].at, "this list of parameters cannot be read")
        groups.append(group)
        at += 1
    return groups, outcomes, at


class Declarations:
    """All names of a lemma."""

    def __init__(self):
        self.sets, self.models, self.givens, self.definitions, self.loops = {}, {}, {}, {}, {}
        self.horizon = ""

    def kind(self, name):
        for kind, table in (("set", self.sets), ("model", self.models), ("given", self.givens), ("definition", self.definitions), ("loop", self.loops)):
            if name in table:
                return kind
        return None


def whole_family(tokens, at):
    """(tokens of a name with an end, the name, the index after it); rank_h speaks of all its members."""
    name, step, _, after = declared_name(tokens, at)
    return tokens[at:after - 2 * bool(step)] + [Token("end", "", tokens[after].at)], name, after


def is_loop(rest):
    return rest[0].text == "in" and rest[1].text == "loop"


def where_items(tokens, own):
    items, pending = [], []
    for part in split(tokens):
        begins = part[0].kind == "name" and any(token.text == "=" for token in part)
        if pending and not begins:
            pending[-1] = pending[-1][:-1] + [Token("sign", ",", part[0].at)] + part
        else:
            pending.append(part)
    for part in pending:
        name, step, number, at = declared_name(part, 0)
        groups, outcomes, at = parameters(part, at)
        if part[at].text != "=":
            raise ReadError(part[at].at, "= is missing in a definition")
        body = part[at + 1:]
        is_model = not groups and body[0].text == "(" and end_of(body, 0) == len(body) - 1 and len(split(body[1:-1])) >= 4
        items.append(("where", [name], own, (step, number, Equation(groups, outcomes, body), is_model, part[0].at)))
    return items


def given_items(tokens, own):
    items, at = [], 0
    while at < len(tokens) - 1:
        names, transitions = [], False
        while True:
            name, step, _, at = declared_name(tokens, at)
            names.append((name, bool(step)))
            if tokens[at].text == "(":
                end = end_of(tokens, at)
                transitions = len(split(tokens[at + 1:end])) == 3
                at = end
            if tokens[at].text != ",":
                break
            at += 1
        rest = split(tokens[at:])[0]
        items.append(("given", [name for name, _ in names], own, (dict(names), rest, transitions)))
        at += len(rest)
    return items
