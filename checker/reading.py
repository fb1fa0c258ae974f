"""Texts of lemmas: clauses, and other people's notation rewritten."""

import re

from .lexer import ReadError, Token, tokenize

KEYWORDS = ("lemma", "title", "source", "like", "given", "where", "write", "assume", "claim", "proof", "expect", "instead", "kind", "note", "witness")
CLAUSE = re.compile(r"^[ \t]*(" + "|".join(KEYWORDS) + r")(?=[ \t\r]|$)", re.M)


class Text:
    """One lemma: its id and [(keyword, text, place)]."""

    def __init__(self, name, clauses):
        self.name, self.clauses = name, clauses

    def one(self, keyword):
        """The text of a clause that may stand once, blanks joined; or "" ."""
        found = [text for key, text, _ in self.clauses if key == keyword]
        if len(found) > 1:
            raise ReadError(0, f"there are two clauses \"{keyword}\"")
        return " ".join(found[0].split()) if found else ""


def without_comments(text):
    """Comments become blanks, so that places stay."""
    return re.sub(r"(?m)(^|(?<=[ \t]))#.*$", lambda match: " " * len(match.group()), text)


def read_texts(text):
    """The lemmas of a text in the plain dress."""
    text = without_comments(text)
    starts = list(CLAUSE.finditer(text))
    before = text[:starts[0].start()] if starts else text
    if before.strip():
        raise ReadError(0, "a text begins with: lemma NAME")
    lemmas = []
    for match, following in zip(starts, starts[1:] + [None]):
        end = following.start() if following else len(text)
        body = text[match.end():end]
        if match[1] == "lemma":
            lemmas.append(Text(body.strip(), []))
        elif not lemmas:
            raise ReadError(match.start(), f"the clause \"{match[1]}\" belongs to no lemma")
        else:
            lemmas[-1].clauses.append((match[1], body, match.end()))
    return lemmas


def resolved(lemma, lemmas, depth=0):
    """The clauses of a lemma with those that `like` brings before its own, each with whether it is its own."""
    clauses = []
    for key, text, at in lemma.clauses:
        if key == "like":
            found = [other for other in lemmas if other.name == text.strip()]
            if not found or depth > 20:
                raise ReadError(at, f"no lemma is called \"{text.strip()}\"")
            clauses += [(k, t, a, False) for k, t, a, _ in resolved(found[0], lemmas, depth + 1) if k in ("given", "where", "assume", "write")]
    return clauses + [(key, text, at, True) for key, text, at in lemma.clauses if key != "like"]


class Rules:
    """The `write` clauses of a lemma."""

    def __init__(self, clauses):
        self.rules = []
        for key, text, at, _ in clauses:
            if key != "write":
                continue
            parts = re.split(r"\sas\s", text)
            if len(parts) != 2:
                raise ReadError(at, "a rule is written: write PATTERN as REPLACEMENT")
            pattern, replacement = (tokenize(part) for part in parts)
            names = {token.text for token in replacement if token.kind == "name"}
            holes = {token.text for token in pattern if token.kind == "name" and token.text in names}
            self.rules.append((pattern, replacement, holes))

    def tokens(self, text, at):
        """The tokens of a text, rewritten, with an end."""
        tokens = tokenize(text, at)
        for pattern, replacement, holes in self.rules:
            tokens = rewrite(tokens, pattern, replacement, holes)
        return tokens + [Token("end", "", at + len(text))]


OPEN, CLOSE = ("(", "[", "{", "\\{"), (")", "]", "}", "\\}")


def match_at(tokens, at, pattern, holes, found):
    """The end of a match, and what stands in the holes; or None."""
    if not pattern:
        return at, found
    if at >= len(tokens):
        return None
    wanted = pattern[0]
    if wanted.kind != "name" or wanted.text not in holes:
        same = tokens[at].kind == wanted.kind and tokens[at].text == wanted.text
        return match_at(tokens, at + 1, pattern[1:], holes, found) if same else None
    if wanted.text in found:
        known = found[wanted.text]
        same = [t.text for t in tokens[at:at + len(known)]] == [t.text for t in known]
        return match_at(tokens, at + len(known), pattern[1:], holes, found) if same else None
    depth = 0
    for end in range(at, len(tokens)):
        text = tokens[end].text
        if text in CLOSE:
            depth -= 1
            if depth < 0:
                return None
        if depth == 0 and end > at and text in (",", ";"):
            return None
        if text in OPEN:
            depth += 1
        if depth == 0:
            result = match_at(tokens, end + 1, pattern[1:], holes, {**found, wanted.text: tokens[at:end + 1]})
            if result:
                return result
    return None


def rewrite(tokens, pattern, replacement, holes):
    """Applies one rule wherever it matches; a sum or product gets brackets."""
    depth, loose = 0, False
    for token in replacement:
        depth += (token.text in OPEN) - (token.text in CLOSE)
        loose = loose or (depth == 0 and token.text in ("+", "-", "*", "/", "max", "min", "sum", "\\frac"))
    at = rounds = 0
    while at < len(tokens):
        result = match_at(tokens, at, pattern, holes, {})
        if not result or result[0] == at:
            at += 1
            continue
        rounds += 1
        if rounds > 500:
            raise ReadError(tokens[at].at, "a \"write\" rule never ends")
        end, found = result
        place = tokens[at].at
        new = []
        for token in replacement:
            new += found[token.text] if token.kind == "name" and token.text in found else [token._replace(at=place)]
        if loose:
            new = [Token("sign", "(", place)] + new + [Token("sign", ")", place)]
        tokens = tokens[:at] + new + tokens[end:]
        if not holes:
            at += len(new)
    return tokens
