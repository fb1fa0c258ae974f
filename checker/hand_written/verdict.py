"""Certificates of version 1, accepted or rejected."""

from fractions import Fraction

from ..basics import FORMAT, LONGEST_HORIZON, VERSION, read_integer, require, require_object, require_type, shown
from ..logs import Logs, read_side
from .instances import Instance, compare
from .ledger import CLAIMS, LISTED
from .typed import typed_claim


def exact(side):
    """A computed side as an exact number; anything else would be a fault of this script."""
    if isinstance(side, Logs):
        return side
    if not isinstance(side, (int, Fraction)):
        raise TypeError(f"a side is no exact number: {side!r}")
    return Fraction(side)


def read_header(document):
    """The claim that a certificate is about, after a check of all but the numbers."""
    needed = ("format", "version", "claim", "source", "relation", "kind", "at", "lhs", "rhs",
              "instance")
    require_object(document, "the certificate", needed, ("origin", "expression"))
    require(document["format"] == FORMAT, f"the format is not \"{FORMAT}\"")
    read_integer(document["version"], "version", range(VERSION, VERSION + 1))
    name = require_type(document["claim"], "claim", str)
    if "expression" in document:
        claim = typed_claim(name, require_type(document["expression"], "expression", str))
    else:
        require(name in CLAIMS, f"no claim is called {shown(name)}")
        claim = CLAIMS[name]
    for key in ("source", "relation"):
        known = getattr(claim, key)
        require(document[key] == known,
                f"the {key} of {name} is \"{known}\", not {shown(document[key])}")
    require(document["kind"] in ("refutation", "tightness"),
            f"the kind is {shown(document['kind'])}, not \"refutation\" or \"tightness\"")
    if "origin" in document:
        require_object(document["origin"], "origin", ("seed", "instance"))
        for key in ("seed", "instance"):
            read_integer(document["origin"][key], f"origin: {key}", range(2 ** 63))
    return name, claim


def read_point(at, points, x):
    """[step, state, action], as many of them as the claim's points have."""
    require_object(at, "at", points.keys)
    allowed = {"step": points.steps(x.H), "state": getattr(x, "S", ()),
               "action": getattr(x, "A", ())}
    return [read_integer(at[key], f"at: {key}", allowed[key]) for key in points.keys]


def sides_at(at, known, x):
    """[(left, right)] at a point; more than one where the claim compares more there."""
    if known.points is not LISTED:
        found = [known.sides(x, *read_point(at, known.points, x))]
    else:
        require_object(at, "at", (), ("round", "step", "state", "action"))
        for key, value in at.items():
            read_integer(value, f"at: {key}", range(LONGEST_HORIZON + 1))
        found = [sides for point, *sides in known.sides(x) if point == at]
        require(found, "the claim compares nothing at this point")
    return [tuple(map(exact, sides)) for sides in found]


def verify(document):
    """What the certificate shows, such as "sim.lemma: 1/2 <= 1"; or Rejected."""
    name, known = read_header(document)
    lhs, rhs = (read_side(document[key], key) for key in ("lhs", "rhs"))
    x = Instance(document["instance"], known.domain.parts)
    known.domain.check(x)
    found = sides_at(document["at"], known, x)
    left, right = next((sides for sides in found if sides == (lhs, rhs)), found[0])
    require(left == lhs, f"the left side is {shown(left)}, not {shown(lhs)}")
    require(right == rhs, f"the right side is {shown(right)}, not {shown(rhs)}")
    holds, sign = compare(left, known.relation, right)
    require(holds == (document["kind"] == "tightness"),
            f"the relation {'holds' if holds else 'does not hold'}: "
            f"{shown(left)} {sign} {shown(right)}; that is no {document['kind']}")
    return f"{name}: {shown(left)} {sign} {shown(right)}"
