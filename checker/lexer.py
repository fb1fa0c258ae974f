"""Tokens: LaTeX, Unicode and plain spellings of one sign become one token."""

import re
from collections import namedtuple

# kind: "name", "number", "sign" or "end"; at: the place in the text; spelling: how a name was written
Token = namedtuple("Token", "kind text at spelling", defaults=("",))


class ReadError(Exception):
    """The text cannot be read, or can be read in two ways."""

    def __init__(self, at, fault):
        super().__init__(fault)
        self.at, self.fault = at, fault


GREEK = set("alpha beta gamma delta eps zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau ups phi chi psi omega "
            "Gamma Delta Theta Lambda Xi Pi Sigma Ups Phi Psi Omega".split())
UNICODE = dict(zip("αβγδεϵζηθικλμνξπρστφϕχψωΓΔΘΛΞΠΣΦΨΩ",
                   "alpha beta gamma delta eps eps zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi phi chi psi "
                   "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split()))
UNICODE.update({"∑": "sum", "∏": "prod", "∞": "inf", "∈": "in", "∀": "forall", "∃": "exists", "∧": "and", "∨": "or", "¬": "not", "ℝ": "R", "𝔼": "E", "√": "sqrt"})
UNICODE_SIGNS = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "→": "->", "⇒": "=>", "⟹": "=>", "⇔": "iff", "∼": "~", "·": "*", "⋅": "*",
                 "×": "*", "‖": "||", "∥": "||", "∣": "|", "−": "-", "⟨": "<<", "⟩": ">>"}
COMMAND_SIGNS = {"le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">",
                 "sim": "~", "to": "->", "rightarrow": "->", "Rightarrow": "=>", "implies": "=>", "iff": "iff", "Leftrightarrow": "iff", "cdot": "*",
                 "times": "*", "ast": "*", "star": "*", "colon": ":", "mid": "|", "vert": "|", "Vert": "||", "parallel": "||", "langle": "<<",
                 "rangle": ">>", "lbrace": "\\{", "rbrace": "\\}", "lvert": "|", "rvert": "|", "lVert": "||", "rVert": "||", "coloneqq": "="}
COMMAND_NAMES = {"sum": "sum", "prod": "prod", "max": "max", "min": "min", "sup": "max", "inf": "min", "log": "log", "ln": "log", "exp": "exp",
                 "infty": "inf", "in": "in", "forall": "forall", "exists": "exists", "land": "and", "wedge": "and", "lor": "or", "vee": "or",
                 "neg": "not", "lnot": "not", "Pr": "P", "argmax": "argmax", "argmin": "argmin", "arg": "arg", "sqrt": "sqrt"}
SKIPPED = set("left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle nonumber notag limits nolimits".split())
FONTS = set("mathcal mathscr mathfrak mathbf boldsymbol bm mathit mathsf mathbb mathbbm mathds mathrm operatorname textrm".split())
ACCENTS = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar", "dot": "dot", "check": "check", "vec": "vec"}
PLAIN = re.compile(r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+\d*'*)|(?P<command>\\[A-Za-z]+\*?|\\.)|(?P<prime>'+|′+)|"
                   r"(?P<sign><=>|\|\||<=|>=|!=|==|->|=>|:=|\.\.|[()\[\]{},;:|_^+\-*/=<>~.])|(?P<other>.)", re.S)


def greek(word):
    letter = word[3:] if word.startswith("var") and len(word) > 3 else word
    letter = {"epsilon": "eps", "upsilon": "ups", "Upsilon": "Ups"}.get(letter, letter)
    return letter if letter in GREEK else None


def tokenize(text, offset=0):
    """The tokens of a text, without an end token."""
    tokens, at = [], 0

    def add(kind, word, spelling=""):
        tokens.append(Token(kind, word, offset + at, spelling))

    def group(start):
        """(inner text, its start, the place after it) of the argument that begins at `start`."""
        while start < len(text) and text[start].isspace():
            start += 1
        if start >= len(text):
            raise ReadError(offset + at, "a command has no argument")
        if text[start] != "{":
            match = PLAIN.match(text, start)
            end = match.end() if match["command"] else start + 1
            return text[start:end], start, end
        depth, end = 0, start
        while end < len(text):
            if text[end] == "\\":
                end += 1
            elif text[end] == "{":
                depth += 1
            elif text[end] == "}":
                depth -= 1
                if depth == 0:
                    return text[start + 1:end], start + 1, end + 1
            end += 1
        raise ReadError(offset + start, "a brace is not closed")

    while at < len(text):
        match = PLAIN.match(text, at)
        word, after = match.group(), match.end()
        if match["space"]:
            pass
        elif match["number"]:
            add("number", word)
        elif match["name"]:
            letters = word.rstrip("'")
            add("name", (greek(letters) or letters) + word[len(letters):])
        elif match["prime"]:
            if tokens and tokens[-1].kind == "name":
                tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + "'" * len(word))
            else:
                add("sign", "'")
        elif match["sign"]:
            add("sign", {"==": "=", ":=": "=", "<=>": "iff"}.get(word, word))
        elif match["command"]:
            after = command(text, word, after, tokens, offset, add, group)
        elif word in UNICODE:
            add("name", UNICODE[word])
        elif word in UNICODE_SIGNS:
            add("sign", UNICODE_SIGNS[word])
        else:
            raise ReadError(offset + at, f"\"{word}\" means nothing here")
        at = after
    return tokens


def command(text, word, after, tokens, offset, add, group):
    """Reads one LaTeX command; returns the place after it."""
    name = word[1:].rstrip("*") or "*"
    if word in ("\\,", "\\;", "\\:", "\\!", "\\ ", "\\\\", "\\/"):
        return after
    if word == "\\|":
        add("sign", "||")
    elif word in ("\\{", "\\}"):
        add("sign", word)
    elif name in ("quad", "qquad"):
        add("sign", "\\quad")
    elif name in SKIPPED:
        pass
    elif name in ("frac", "dfrac", "tfrac"):
        add("sign", "\\frac")
        for _ in range(2):
            inner, start, after = group(after)
            add("sign", "{")
            tokens.extend(tokenize(inner, offset + start))
            add("sign", "}")
    elif name in FONTS or name == "text":
        inner, start, after = group(after)
        inside = tokenize(inner, offset + start)
        if name not in ("mathrm", "operatorname", "textrm", "mathbb", "mathbbm", "mathds", "text"):
            inside = [token._replace(spelling=name) for token in inside]
        tokens.extend(inside)
        primes = re.match(r"'*", text[after:]).group()
        if primes and tokens and tokens[-1].kind == "name":
            tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + primes)
            after += len(primes)
    elif name in ACCENTS:
        inner, start, after = group(after)
        inside = tokenize(inner, offset + start)
        primes = re.match(r"'*", text[after:]).group()
        after += len(primes)
        tokens.append(inside[0]._replace(text=inside[0].text + primes))
        add("sign", "_")
        add("name", ACCENTS[name])
        tokens.extend(inside[1:])
    elif name == "prime":
        if tokens and tokens[-1].text == "^":
            tokens.pop()
        tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + "'")
    elif greek(name):
        letter, primes = greek(name), re.match(r"'*", text[after:]).group()
        add("name", letter + primes, "var" if name.startswith("var") else "")
        return after + len(primes)
    elif name in COMMAND_SIGNS:
        add("sign", COMMAND_SIGNS[name])
    elif name in COMMAND_NAMES:
        add("name", COMMAND_NAMES[name])
    else:
        raise ReadError(offset + after - len(word), f"the command {word} means nothing here")
    return after
