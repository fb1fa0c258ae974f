"""Exact sums of rational multiples of logarithms."""

import decimal
import math
import re
from fractions import Fraction
from functools import total_ordering

from .basics import ONE, ZERO, read_number, require, shown, without_zeros

def coprime_base(numbers):
    """Pairwise coprime numbers >= 2, such that each of the numbers is a product of them."""
    base, left = [], [n for n in numbers if n > 1]
    while left:
        n = left.pop()
        other = next((b for b in base if math.gcd(b, n) > 1), None)
        if other is None:
            base.append(n)
        else:
            base.remove(other)
            g = math.gcd(other, n)
            left += [m for m in (g, n // g, other // g) if m > 1]
    return base


def multiplicity(n, b):
    """How often b divides n."""
    count = 0
    while n % b == 0:
        n, count = n // b, count + 1
    return count


def enclose_log(n, digits):
    """(low, high) around log n.  Decimal.ln rounds correctly: it errs by less than a last digit."""
    near = decimal.Context(prec=digits, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN).ln(n)
    unit = Fraction(10) ** near.as_tuple().exponent
    return Fraction(near) - unit, Fraction(near) + unit


@total_ordering
class Logs:
    """Exactly rational + the sum over n of logs[n] log n, n >= 2; or infinity."""

    def __init__(self, rational=ZERO, logs=None, infinite=False):
        self.rational, self.logs, self.infinite = rational, logs or {}, infinite

    @staticmethod
    def of(value):
        """A number as such a sum."""
        return value if isinstance(value, Logs) else Logs(Fraction(value))

    def __add__(self, other):
        other, logs = Logs.of(other), dict(self.logs)
        for n, factor in other.logs.items():
            logs[n] = logs.get(n, ZERO) + factor
        return Logs(self.rational + other.rational, logs, self.infinite or other.infinite)

    __radd__ = __add__

    def __rmul__(self, factor):
        if self.infinite and factor <= 0:
            raise TypeError("infinity is only multiplied with positive numbers")
        return Logs(factor * self.rational, {n: factor * f for n, f in self.logs.items()},
                    self.infinite)

    def __sub__(self, other):
        return self + -1 * Logs.of(other)

    def independent(self):
        """{b: factor}, no factor 0, b pairwise coprime: logarithms with no relation between them."""
        return without_zeros({b: sum(factor * multiplicity(n, b) for n, factor in self.logs.items())
                              for b in coprime_base(self.logs)})

    def sign(self):
        """-1, 0 or 1.  A sum of independent logarithms is irrational, so that the loop ends."""
        logs, digits = self.independent(), 30
        while True:
            parts = [sorted(factor * end for end in enclose_log(b, digits))
                     for b, factor in logs.items()]
            low, high = (self.rational + sum(part[end] for part in parts) for end in (0, 1))
            if not logs or low > 0 or high < 0:
                return (low > 0) - (high < 0)
            digits *= 2

    def __eq__(self, other):
        other = Logs.of(other)
        if self.infinite or other.infinite:
            return self.infinite == other.infinite
        difference = self - other
        return difference.rational == 0 and not difference.independent()

    def __lt__(self, other):
        other = Logs.of(other)
        if self.infinite or other.infinite:
            return other.infinite and not self.infinite
        return (self - other).sign() < 0

    def __str__(self):
        if self.infinite:
            return "infinity"
        terms = [f"{factor}*log({n})".replace("1*", "" if abs(factor) == 1 else "1*")
                 for n, factor in sorted(self.independent().items())]
        if self.rational or not terms:
            terms.insert(0, str(self.rational))
        return " + ".join(terms).replace("+ -", "- ")


INFINITY = Logs(infinite=True)
TERM = r"(?:(?:[0-9]+(?:/[0-9]+)?\*)?log\([0-9]+\)|[0-9]+(?:/[0-9]+)?)"
SUM = re.compile(rf"-?{TERM}(?: *[+-] *{TERM})*")


def log(number):
    """The logarithm of a fraction above 0."""
    return (Logs(logs={number.numerator: ONE} if number.numerator > 1 else {})
            - Logs(logs={number.denominator: ONE} if number.denominator > 1 else {}))


def read_side(value, where):
    """A number, "infinity" or a sum such as "1/2 + 3/4*log(3) - log(5)"."""
    if value == "infinity":
        return INFINITY
    if not isinstance(value, str) or "log(" not in value:
        return read_number(value, where)
    require(SUM.fullmatch(value), f"{where} is {shown(value)}, not a sum of logarithms")
    total = Logs()
    for sign, term in re.findall(rf"([+-]?) *({TERM})", value):
        factor, _, base = term.rpartition("log(")
        if base == term:
            total += read_number(sign.strip("+") + term, where)
            continue
        n = read_number(base.rstrip(")"), where)
        require(n >= 2, f"{where} has the logarithm of {shown(n)}")
        total += read_number(sign.strip("+") + (factor.rstrip("*") or "1"), where) * log(n)
    return total
