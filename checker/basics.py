"""What every part of the checker needs: rejections, JSON, numbers."""

import json
import math
import re
from fractions import Fraction
from pathlib import Path

FORMAT, VERSION = "lemmacheck-certificate", 1
LONGEST_NUMBER = 100_000  # digits above, and below, the line
MOST_STATES, MOST_ACTIONS, LONGEST_HORIZON = 1_000_000, 10_000, 100_000
LONGEST_LIST = 64  # of rounds of a class
ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)


class Rejected(Exception):
    """The certificate can be read, but it is wrong."""


class Unreadable(Exception):
    """The file cannot be read or is not JSON."""


def require(condition, reason):
    """Reject the certificate unless the condition holds."""
    if not condition:
        raise Rejected(reason)


def shown(value):
    """A short text for messages; it looks into nothing nested."""
    if isinstance(value, Fraction):
        digits = max(value.numerator.bit_length(), value.denominator.bit_length()) * 3 // 10
        return str(value) if digits < 100 else f"a fraction of about {digits} digits"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    if value is None or isinstance(value, (str, int, float, bool)):
        text = json.dumps(value[:50] if isinstance(value, str) else value)
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:60] + "..."


# --------------------------------------------------------------------- JSON

def parse_json(text):
    """The JSON value of a text; rejects what JSON allows and a certificate must not have."""
    faults = []

    def refuse_float(digits):
        faults.append(f"{digits[:40]} is a float; write an exact fraction as a string \"p/q\"")

    def integer(digits):
        if len(digits) > LONGEST_NUMBER:
            faults.append(f"a number has more than {LONGEST_NUMBER} characters")
            return 0
        return int(digits)

    def object_without_twins(pairs):
        result = {}
        for key, value in pairs:
            if key in result:
                faults.append(f"the key {shown(key)} stands twice in one object")
            result[key] = value
        return result

    def refuse_constant(name):
        raise ValueError(f"{name} is no JSON value")

    try:
        document = json.loads(text, parse_float=refuse_float, parse_int=integer,
                              parse_constant=refuse_constant,
                              object_pairs_hook=object_without_twins)
    except RecursionError:
        raise Unreadable("is nested too deeply") from None
    except ValueError as fault:
        raise Unreadable(f"is not JSON: {fault}") from None
    if faults:
        raise Rejected(faults[0])
    return document


def read_text(file):
    """The text of a file."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as fault:
        raise Unreadable(f"cannot be read: {fault.strerror or fault}") from None
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text") from None
    except ValueError as fault:  # such as a NUL in the name
        raise Unreadable(f"cannot be read: {fault}") from None


def require_object(value, where, needed, optional=()):
    """An object with the needed keys, perhaps the optional ones, and no others."""
    require(isinstance(value, dict), f"{where} is {shown(value)}, not an object")
    for key in needed:
        require(key in value, f"{where}: the key \"{key}\" is missing")
    for key in value:
        require(key in needed or key in optional, f"{where}: the key {shown(key)} is not known")


def require_type(value, where, kind):
    """The value, which must be a str or a list."""
    require(isinstance(value, kind),
            f"{where} is {shown(value)}, not a {'string' if kind is str else 'list'}")
    return value


def is_integer(value):
    """A JSON integer.  (In Python, true is an int as well.)"""
    return isinstance(value, int) and not isinstance(value, bool)


def read_integer(value, where, allowed):
    """A JSON integer in the range `allowed`."""
    require(is_integer(value), f"{where} is {shown(value)}, not an integer")
    require(value in allowed, f"{where} is {shown(value)}, which is out of range"
            + (f" ({allowed[0]}..{allowed[-1]})" if allowed else ""))
    return value


FRACTION = re.compile(r"(-?[0-9]+)(?:/([0-9]+))?")


def read_number(value, where):
    """An exact number: "p/q", reduced or not, "p", or a JSON integer."""
    if is_integer(value):
        require(-2 ** 63 <= value < 2 ** 64, f"{where} is a large bare number; write it as a string")
        return Fraction(value)
    require_type(value, where, str)
    require(all(len(part.lstrip("-")) <= LONGEST_NUMBER for part in value.split("/")),
            f"{where} has more than {LONGEST_NUMBER} digits")
    match = FRACTION.fullmatch(value)
    require(match, f"{where} is {shown(value)}, not a fraction \"p/q\"")
    p, q = int(match[1]), int(match[2] or 1)
    require(q != 0, f"{where} has the denominator 0")
    return Fraction(p, q)


def read_entries(value, where, ranges):
    """{(i, j, ...): number} from [[i, j, ..., "p/q"], ...]: indices in range, none twice."""
    entries = {}
    for entry in require_type(value, where, list):
        require(isinstance(entry, list) and len(entry) == len(ranges) + 1,
                f"{where}: an entry is not a list of {len(ranges)} indices and a number")
        key = tuple(read_integer(i, f"{where}: an index", allowed)
                    for i, allowed in zip(entry, ranges))
        require(key not in entries, f"{where}: {list(key)} stands twice")
        entries[key] = read_number(entry[-1], f"{where}: the number at {list(key)}")
    return entries


def without_zeros(entries):
    """Left out and written as 0 are the same thing."""
    return {key: number for key, number in entries.items() if number != 0}


def read_rows(value, where, ranges, split):
    """{row: {column: probability}}: a distribution for each value of the first `split` indices.

    A row is a tuple; a column is a tuple of the other indices, or an index if it is only one.
    """
    rows = {}
    for key, number in read_entries(value, where, ranges).items():
        require(number >= 0, f"{where}: the probability at {list(key)} is negative")
        column = key[split:] if len(key) > split + 1 else key[split]
        rows.setdefault(key[:split], {})[column] = number
    count = math.prod(len(allowed) for allowed in ranges[:split])
    require(len(rows) == count, f"{where} has {len(rows)} rows, not {count}")
    for key, row in rows.items():
        total = sum(row.values())
        require(total == 1, f"{where}: the row {list(key)} sums to {shown(total)}, not 1")
    return {key: without_zeros(row) for key, row in rows.items()}


def read_steps(value, where, ranges):
    """[rows of step 1, rows of step 2, ...]; one element if the entries name no steps."""
    split = len(ranges) - 1
    first = require_type(value, where, list)[0] if value else None
    if not isinstance(first, list) or len(first) != len(ranges) + 2:
        return [read_rows(value, where, ranges, split)]
    steps = {}
    for entry in value:
        require(isinstance(entry, list) and entry, f"{where}: an entry is not a list of indices")
        h = read_integer(entry[0], f"{where}: a step", range(1, len(value) + 1))
        steps.setdefault(h, []).append(entry[1:])
    require(max(steps) == len(steps), f"{where}: a step before {max(steps)} is missing")
    return [read_rows(steps[h], f"{where}, step {h}", ranges, split) for h in sorted(steps)]
