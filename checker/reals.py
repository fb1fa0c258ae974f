"""Real numbers: exact as long as they are sums of logarithms, refinable enclosures beyond, and two infinities."""

import decimal
import math
from fractions import Fraction

from .logs import Logs, log

DIGITS = (40, 120, 400, 1300)  # of enclosures, until they decide


class Undefined(Exception):
    """A quantity has no value: x/0, infinity - infinity, a maximum over nothing, a step out of range."""


class Undecided(Exception):
    """Enclosures of 1300 digits do not tell."""


class Real:
    """exact: a Logs; or enclosure(digits) -> (low, high); or infinite: +1, -1."""

    def __init__(self, exact=None, enclosure=None, infinite=0):
        self.exact, self.enclosure, self.infinite = exact, enclosure, infinite

    @staticmethod
    def of(value):
        if isinstance(value, Real):
            return value
        if isinstance(value, Logs):
            return INFINITE if value.infinite else Real(exact=value)
        return Real(exact=Logs(Fraction(value)))

    def rational(self):
        """The number as a fraction, or None."""
        if self.exact is None or self.exact.independent():
            return None
        return self.exact.rational

    def ends(self, digits):
        """(low, high) around a finite number."""
        if self.exact is None:
            return self.enclosure(digits)
        low = high = self.exact.rational
        for n, factor in self.exact.logs.items():
            from .logs import enclose_log
            ends = sorted(factor * end for end in enclose_log(n, digits))
            low, high = low + ends[0], high + ends[1]
        return low, high

    def sign(self):
        """-1, 0 or 1."""
        if self.infinite:
            return self.infinite
        if self.exact is not None:
            return self.exact.sign() if self.exact.independent() else (self.exact.rational > 0) - (self.exact.rational < 0)
        for digits in DIGITS:
            low, high = self.enclosure(digits)
            if low > 0 or high < 0 or low == high:
                return (low > 0) - (high < 0)
        raise Undecided("a sign")

    def __add__(self, other):
        other = Real.of(other)
        if self.infinite or other.infinite:
            if self.infinite and other.infinite and self.infinite != other.infinite:
                raise Undefined("infinity - infinity")
            return self if self.infinite else other
        if self.exact is not None and other.exact is not None:
            return Real(exact=self.exact + other.exact)
        return Real(enclosure=lambda digits: tuple(map(sum, zip(self.ends(digits), other.ends(digits)))))

    __radd__ = __add__

    def __neg__(self):
        if self.infinite:
            return Real(infinite=-self.infinite)
        if self.exact is not None:
            return Real(exact=-1 * self.exact)
        return Real(enclosure=lambda digits: tuple(-end for end in reversed(self.enclosure(digits))))

    def __sub__(self, other):
        return self + -Real.of(other)

    def __rsub__(self, other):
        return Real.of(other) + -self

    def __mul__(self, other):
        other = Real.of(other)
        if self.infinite or other.infinite:
            sign = self.sign() * other.sign()
            return Real(infinite=sign) if sign else Real.of(0)
        p, q = self.rational(), other.rational()
        if p == 0 or q == 0:
            return Real.of(0)
        if q is not None and self.exact is not None:
            return Real(exact=q * self.exact)
        if p is not None and other.exact is not None:
            return Real(exact=p * other.exact)

        def enclosure(digits):
            products = [a * b for a in self.ends(digits) for b in other.ends(digits)]
            return min(products), max(products)
        return Real(enclosure=enclosure)

    __rmul__ = __mul__

    def inverse(self):
        if self.infinite:
            return Real.of(0)
        if self.sign() == 0:
            raise Undefined("a division by 0")
        q = self.rational()
        if q is not None:
            return Real.of(1 / q)

        def enclosure(digits):
            low, high = self.ends(digits)
            if low <= 0 <= high:
                raise Undecided("a division by what may be 0")
            return 1 / high, 1 / low
        return Real(enclosure=enclosure)

    def __truediv__(self, other):
        other = Real.of(other)
        if self.infinite and other.infinite:
            raise Undefined("infinity / infinity")
        return self * other.inverse()

    def __rtruediv__(self, other):
        return Real.of(other) / self

    def __eq__(self, other):
        other = Real.of(other)
        if self.infinite or other.infinite:
            return self.infinite == other.infinite
        return (self - other).sign() == 0

    def __lt__(self, other):
        other = Real.of(other)
        if self.infinite or other.infinite:
            return self.infinite < other.infinite
        return (self - other).sign() < 0

    def __le__(self, other):
        return not Real.of(other) < self

    def __gt__(self, other):
        return Real.of(other) < self

    def __ge__(self, other):
        return not self < other

    __hash__ = None

    def __str__(self):
        if self.infinite:
            return "infinity" if self.infinite > 0 else "-infinity"
        if self.exact is not None:
            return str(self.exact)
        low, high = self.enclosure(DIGITS[0])
        return f"[{float(low)!r}, {float(high)!r}]"


INFINITE = Real(infinite=1)


def plain(value):
    """A rational as a Fraction again, to keep the common case simple."""
    if isinstance(value, Real):
        q = value.rational()
        return value if q is None else q
    return value


def divide(a, b):
    if isinstance(a, Real) or isinstance(b, Real):
        return Real.of(a) / b
    if b == 0:
        raise Undefined("a division by 0")
    return Fraction(a) / b


def absolute(value):
    return -value if value < 0 else value


def root(value):
    value = Real.of(value)
    if value.sign() < 0:
        raise Undefined("the root of a negative number")
    if value.infinite:
        return value
    q = value.rational()
    if q is not None:
        p, r = math.isqrt(q.numerator), math.isqrt(q.denominator)
        if p * p == q.numerator and r * r == q.denominator:
            return Fraction(p, r)

    def enclosure(digits):
        low, high = value.ends(digits)
        scale = 10 ** digits
        return (Fraction(math.isqrt(max(0, math.floor(low * scale * scale))), scale),
                Fraction(math.isqrt(math.ceil(high * scale * scale)) + 1, scale))
    return Real(enclosure=enclosure)


def logarithm(value):
    value = Real.of(value)
    sign = value.sign()
    if sign < 0:
        raise Undefined("the logarithm of a negative number")
    if sign == 0:
        return Real(infinite=-1)
    if value.infinite:
        return value
    q = value.rational()
    if q is not None:
        return plain(Real(exact=log(q)))

    def enclosure(digits):
        low, high = value.ends(digits)
        if low <= 0:
            raise Undecided("the logarithm of what may be 0")
        return (decimal_function("ln", low, digits)[0], decimal_function("ln", high, digits)[1])
    return Real(enclosure=enclosure)


def decimal_function(name, value, digits):
    """(low, high) around ln or exp of a fraction: both are monotone, and correctly rounded by decimal."""
    context = decimal.Context(prec=digits, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
    ends = []
    for rounding in (decimal.ROUND_FLOOR, decimal.ROUND_CEILING):
        context.rounding = rounding
        argument = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator))
        context.rounding = decimal.ROUND_HALF_EVEN
        ends.append(getattr(context, name)(argument))
    units = [Fraction(10) ** end.as_tuple().exponent for end in ends]
    return Fraction(ends[0]) - units[0], Fraction(ends[1]) + units[1]


def exponential(value):
    value = Real.of(value)
    if value.infinite:
        return value if value.infinite > 0 else Fraction(0)
    if value.rational() == 0:
        return Fraction(1)

    def enclosure(digits):
        low, high = value.ends(digits)
        return decimal_function("exp", low, digits)[0], decimal_function("exp", high, digits)[1]
    return Real(enclosure=enclosure)


def power(base, exponent):
    """x^y; 0^0 = 1; a y that is no integer is exp(y log x)."""
    exponent = plain(exponent)
    if isinstance(exponent, (int, Fraction)) and Fraction(exponent).denominator == 1:
        n = int(exponent)
        if n < 0:
            return divide(1, power(base, -n))
        result = Fraction(1)
        for _ in range(n):
            result = result * base
        return result
    if exponent == Fraction(1, 2):
        return root(base)
    if base == 0:
        if exponent > 0:
            return Fraction(0)
        raise Undefined("0 with an exponent that is not positive")
    return exponential(Real.of(exponent) * logarithm(base))
