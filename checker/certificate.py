"""Certificates of version 2: the lemma is in them."""

import re

from .basics import read_integer, read_number, require, require_object, require_type, shown
from .builder import collect
from .evaluation import World, compare
from .expressions import Parser
from .givens import check_types, read_instance
from .lexer import ReadError
from .logs import read_side
from .reading import Rules, read_texts, resolved
from .reals import Real, Undecided, Undefined

RELATIONS = {"=": "=="}


class Lemma:
    """One lemma: declarations, assumptions, and the comparisons of its claims and proofs."""

    def __init__(self, text, lemmas):
        clauses = resolved(text, lemmas)
        rules = Rules(clauses)
        self.name, self.source = text.name, text.one("source")
        self.check_spellings(clauses, rules)
        self.d = collect(clauses, rules)
        read = lambda body, at: Parser(self.d, rules.tokens(body, at)).whole()  # noqa: E731
        self.assumes = [read(body, at) for key, body, at, _ in clauses if key == "assume"]
        self.claims = [comparisons(read(body, at)) for key, body, at, _ in clauses if key == "claim"]
        self.steps = []
        for key, body, at, _ in clauses:
            if key == "proof":
                self.steps += comparisons(read(re.sub(r"(?m)(?<=\s)by\s.*$", lambda m: " " * len(m.group()), body), at))
        for definition in self.d.definitions.values():
            self.check_definition(definition)

    @staticmethod
    def check_spellings(clauses, rules):
        seen = {}
        for key, body, at, _ in clauses:
            if key not in ("given", "where", "assume", "claim", "proof"):
                continue
            body = re.sub(r"(?m)(?<=\s)by\s.*$", "", body) if key == "proof" else body
            for token in rules.tokens(body, at):
                if token.kind == "name":
                    letters = token.text.rstrip("'")
                    if seen.setdefault(letters, token.spelling) != token.spelling:
                        raise ReadError(token.at, f"{letters} is written in two ways, and whether they are one is not said")

    def check_definition(self, definition):
        """Reads the body of a definition whose parameters say what they are."""
        from .declarations import default_sort
        parameters = [p for group in definition.general.groups for p in group]
        sorts = [p[2] or default_sort(p[0]) for p in parameters]
        if len(definition.general.groups) > 1 or any(p[1] for p in parameters) or not all(sort in self.d.sets for sort in sorts):
            return
        bound = [(p[0], "element") for p in parameters + definition.general.outcomes]
        if definition.step:
            bound.append((definition.step, "integer"))
        Parser(self.d, definition.general.body, bound).whole()


def comparisons(tree, bindings=(), filters=()):
    """[(bindings, [(names bound before, condition)], sign, left, right)] in the order of the text."""
    kind = tree[0]
    if kind == "forall":
        return comparisons(tree[2], bindings + tuple(tree[1]), filters)
    if kind == "implies":
        return comparisons(tree[2], bindings, filters + (tree[1],))
    if kind == "and":
        return [found for kid in tree[1] for found in comparisons(kid, bindings, filters)]
    if kind == "rel":
        return [(bindings, filters) + tree[1:]]
    if kind == "iff":
        return [(bindings, filters, "=", ("indicator", tree[1]), ("indicator", tree[2]))]
    from fractions import Fraction
    return [(bindings, filters, "=", ("indicator", tree), ("num", Fraction(1)))]


def read_lemma(text):
    try:
        lemmas = read_texts(text)
        require(len(lemmas) == 1, f"the text holds {len(lemmas)} lemmas, not one")
        return Lemma(lemmas[0], lemmas)
    except ReadError as error:
        line = text.count("\n", 0, error.at) + 1
        require(False, f"the lemma cannot be read: line {line}: {error.fault}")


def comparison_at(lemma, at):
    """The comparison that a certificate speaks of."""
    require_type(at, "at", dict)
    if "proof" in at:
        require_object(at, "at", ("proof", "values"))
        return lemma.steps[read_integer(at["proof"], "at: proof", range(1, len(lemma.steps) + 1)) - 1]
    require_object(at, "at", ("claim", "relation", "values"))
    claim = lemma.claims[read_integer(at["claim"], "at: claim", range(1, len(lemma.claims) + 1)) - 1]
    return claim[read_integer(at["relation"], "at: relation", range(1, len(claim) + 1)) - 1]


def environment(world, bindings, values):
    """The bound names with the values that the certificate gives them, each in its range."""
    require_object(values, "at: values", tuple(binding[1] for binding in bindings))
    env = {}
    for binding in bindings:
        if binding[0] == "set":
            allowed = range(world.sizes[binding[2]])
        else:
            allowed = range(world.integer(binding[2], env), world.integer(binding[3], env) + 1)
        env[binding[1]] = read_integer(values[binding[1]], f"at: {binding[1]}", allowed)
    return env


def check_side(stated, found, name):
    """Rejects a side that is not what the certificate says."""
    if isinstance(stated, dict):
        require_object(stated, name, ("lower", "upper"))
        low, high = (read_number(stated[key], f"{name}: {key}") for key in ("lower", "upper"))
        value = Real.of(found)
        require(not value.infinite, f"{name} is infinite")
        own = value.ends(60)
        require(low <= own[1] and own[0] <= high, f"{name} does not lie between {low} and {high}")
        return
    require(isinstance(stated, str), f"{name} is {shown(stated)}, not a number in words")
    if stated == "-infinity":
        side = Real(infinite=-1)
    else:
        side = read_side(stated, name)
    value = Real.of(found)
    require(value.infinite or value.exact is not None, f"{name} is irrational, and {stated} is not")
    require(value == Real.of(side), f"{name} is {value}, not {stated}")


def verify(document):
    """What the certificate shows, or Rejected."""
    needed = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs", "instance", "lemma")
    require_object(document, "the certificate", needed, ("origin",))
    require(document["format"] == "lemmacheck-certificate", "the format is not \"lemmacheck-certificate\"")
    require(document["version"] == 2 and document["version"] is not True, "a certificate that carries its lemma is of version 2")
    require(document["kind"] in ("refutation", "tightness"), "the kind is not \"refutation\" or \"tightness\"")
    lemma = read_lemma(require_type(document["lemma"], "lemma", str))
    require(document["claim"] == lemma.name, f"the lemma is called {lemma.name}")
    require(document["source"] == lemma.source, f"the lemma's source is \"{lemma.source}\"")
    if "origin" in document:
        require_object(document["origin"], "origin", ("seed", "instance"))
        for key in ("seed", "instance"):
            read_integer(document["origin"][key], f"origin: {key}", range(2 ** 63))
    try:
        return checked(document, lemma)
    except ReadError as error:
        require(False, f"the lemma cannot be evaluated: {error.fault}")
    except Undefined as fault:
        require(False, f"a side is undefined there: {fault}")
    except Undecided as fault:
        require(False, f"it cannot be decided: {fault}")


def checked(document, lemma):
    sizes, values = read_instance(document["instance"], lemma.d)
    world = World(lemma.d, sizes, values)
    check_types(world)
    for number, assume in enumerate(lemma.assumes, 1):
        require(world.truth(assume, {}), f"assumption {number} does not hold")
    bindings, filters, sign, left, right = comparison_at(lemma, document["at"])
    env = environment(world, bindings, document["at"]["values"])
    require(all(world.truth(condition, env) for condition in filters), "the claim compares nothing there: its condition does not hold")
    require(document["relation"] == RELATIONS.get(sign, sign), f"the relation is {RELATIONS.get(sign, sign)}, not {shown(document['relation'])}")
    lhs, rhs = world.sides(left, right, env)
    check_side(document["lhs"], lhs, "the left side")
    check_side(document["rhs"], rhs, "the right side")
    holds = compare(lhs, sign, rhs)
    require(holds == (document["kind"] == "tightness"), f"the relation {'holds' if holds else 'does not hold'}: {lhs} {sign} {rhs}; that is no {document['kind']}")
    return f"{lemma.name}: {lhs} {'' if holds else 'not '}{sign} {rhs}"
