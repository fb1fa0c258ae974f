"""Typed bounds: right sides such as "H*(H-1)/2*eps"."""

import ast
import re
from fractions import Fraction
from functools import partial

from ..basics import Rejected, ZERO, require, shown
from .hypotheses import Domain, check_planned, pair
from .ledger import Claim, ONCE, STATES_BEFORE_LAST


def regret(x):
    """max over p of J(p, M) - J(pi, M)."""
    return x.optimum(x.M) - x.J(x.M)

OPERATORS = {ast.Add: lambda p, q: p + q, ast.Sub: lambda p, q: p - q,
             ast.Mult: lambda p, q: p * q, ast.Div: lambda p, q: p / q,
             ast.Pow: lambda p, q: p ** int(q)}


LONGEST_BOUND, LARGEST_EXPONENT = 2000, 100_000


class TypedBound:
    """A right side as typed, such as "H*(H-1)/2*eps"; decimals are exact, ^ is a power."""

    def __init__(self, text):
        require("**" not in text and len(text) <= LONGEST_BOUND and text.isascii(),
                "the expression is none")
        self.text = text.replace("^", "**")
        try:
            self.tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise Rejected("the expression cannot be parsed") from None
        self.names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    def value(self, x, **more):
        """Its value on an instance, with more variables where the quantity has them."""
        low, high = x.M.reward_range()
        variables = {"H": x.H, "eps": x.epsilon, "delta": x.delta, "S": len(x.S), "A": len(x.A),
                     "rmin": low, "rmax": high, **more}
        try:
            return Fraction(self.evaluate(self.tree, variables))
        except ZeroDivisionError:
            raise Rejected("the expression is not defined on the instance") from None

    def evaluate(self, node, variables):
        """The value of a part, exactly."""
        if isinstance(node, ast.Constant):
            digits = ast.get_source_segment(self.text.strip(), node)
            require(re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits), f"{shown(digits)} is no number")
            return Fraction(digits)
        if isinstance(node, ast.Name):
            require(node.id in variables, f"there is no variable {shown(node.id)}")
            return variables[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.evaluate(node.operand, variables)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = (self.evaluate(side, variables) for side in (node.left, node.right))
            if isinstance(node.op, ast.Pow):
                require(Fraction(right).denominator == 1 and abs(right) <= LARGEST_EXPONENT,
                        "a power is irrational or too large, which this script does not check")
            return OPERATORS[type(node.op)](Fraction(left), right)
        require(isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and not node.keywords, "the expression has something that is not known")
        return self.call(node.func.id, node.args, variables)

    def call(self, name, arguments, variables):
        """A function's value."""
        require(name in ("min", "max", "abs", "sum"),
                f"{shown(name)} is irrational or not known; this script does not check it")
        if name != "sum":
            values = [self.evaluate(argument, variables) for argument in arguments]
            require(values and (name != "abs" or len(values) == 1), f"{name} lacks arguments")
            return abs(values[0]) if name == "abs" else {"min": min, "max": max}[name](values)
        require(len(arguments) == 4 and isinstance(arguments[0], ast.Name)
                and arguments[0].id not in variables, "a sum is not written sum(k, first, last, term)")
        first, last = (Fraction(self.evaluate(side, variables)) for side in arguments[1:3])
        require(first.denominator == last.denominator == 1 and last - first <= 100_000,
                "a sum does not run over integers, or over too many")
        return sum((self.evaluate(arguments[3], {**variables, arguments[0].id: k})
                    for k in range(int(first), int(last) + 1)), ZERO)


def typed_claim(name, text):
    """The claim that a quantity is at most the typed bound."""
    bound = TypedBound(text)
    any_rewards = bool(bound.names & {"rmin", "rmax"})
    if name == "try.simulation":
        return Claim("typed", "<=", pair(any_rewards=any_rewards), ONCE,
                     lambda x: (x.J_gap, bound.value(x)))
    if name == "try.induction-hypothesis":
        return Claim("typed", "<=", pair(any_rewards=any_rewards), STATES_BEFORE_LAST,
                     lambda x, h, s: (x.gap(h + 1, s), bound.value(x, h=h)))
    if name == "try.double-simulation":
        return Claim("typed", "<=", pair("other_policy", varying_policy=True, any_rewards=any_rewards),
                     ONCE, lambda x: (x.lag(x.M), bound.value(
                         x, expert=x.J(x.M, x.other_policy), expert_model=x.J(x.N, x.other_policy),
                         learner=x.J(x.M), learner_model=x.J(x.N))))
    require(name == "try.certainty-equivalence", f"no claim on a bound is called {shown(name)}")
    domain = Domain(("model", "perturbed", "policy"),
                    partial(check_planned, everywhere=False, any_rewards=any_rewards))
    return Claim("typed", "<=", domain, ONCE, lambda x: (regret(x), bound.value(x)))
