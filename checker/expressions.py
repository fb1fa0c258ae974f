"""Expressions as trees: tuples whose first item names the kind. Rules 1, 2, 8 and 12 of the language are here."""

from fractions import Fraction

from .declarations import default_sort, end_of, joined, scripts_at
from .lexer import ReadError, Token
from .names import Names

RELATIONS = ("<=", "<", ">=", ">", "=", "!=")
GRAMMAR = {"for", "all", "forall", "exists", "and", "or", "iff", "in", "if", "not"}
BINDERS = {"sum": "sum", "prod": "prod", "max": "max", "min": "min", "span": "span"}


class Longer(Exception):
    """A bound name is used in a later term: the binder's body is longer."""

    def __init__(self, binder, terms):
        super().__init__()
        self.binder, self.terms = binder, terms


class Parser(Names):
    """Reads one expression; `bound` holds (name, kind) of the names bound outside."""

    def __init__(self, declarations, tokens, bound=()):
        self.d, self.tokens, self.bound = declarations, self.moved(list(tokens)), list(bound)
        self.at, self.contexts, self.frames, self.ended, self.longer = 0, [], [], [], {}
        self.used = set()

    # tokens

    @property
    def token(self):
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def text(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].text

    def accept(self, text):
        if self.token.text == text and self.token.kind != "end":
            self.at += 1
            return True
        return False

    def expect(self, text):
        if not self.accept(text):
            self.fail(f"\"{text}\" is missing before \"{self.token.text}\"")

    def fail(self, fault, at=None):
        raise ReadError(self.token.at if at is None else at, fault)

    @staticmethod
    def moved(tokens):
        """`relation for all s` as `for all s: relation`."""
        depth = 0
        for i, token in enumerate(tokens):
            depth += (token.text in ("(", "[", "{", "\\{")) - (token.text in (")", "]", "}", "\\}"))
            begins = token.text == "forall" or (token.text == "for" and tokens[i + 1].text in ("all", "every", "each", "any"))
            if depth or not i or not begins:
                continue
            if any(later.text == ":" for later in tokens[i:]):
                return tokens
            cut = i - (tokens[i - 1].text == ",")
            if tokens[cut - 1].text == "=>":
                return tokens
            return tokens[i:-1] + [Token("sign", ":", token.at)] + tokens[:cut] + [tokens[-1]]
        return tokens

    # wholes

    def whole(self, level="condition"):
        bound = list(self.bound)
        for _ in range(100):
            try:
                tree = getattr(self, level)()
                if self.token.kind != "end":
                    self.fail(f"\"{self.token.text}\" cannot follow a complete expression")
                return tree
            except Longer as longer:
                self.longer[longer.binder] = longer.terms
                self.at, self.bound, self.contexts, self.frames, self.ended = 0, list(bound), [], [], []
        self.fail("the bodies of the sums here go on and on")

    # conditions

    def begins_for_all(self):
        return self.token.text == "forall" or (self.token.text == "for" and self.text(1) in ("all", "every", "each", "any"))

    def condition(self):
        if self.begins_for_all() or self.token.text == "exists":
            return self.quantified()
        left = self.joined_by("or")
        if self.accept("=>"):
            right = self.condition()
            return ("implies", left, right)
        if self.accept("iff"):
            right = self.joined_by("or")
            if self.text() in ("=>", "iff"):
                self.fail("two of => and iff follow each other")
            return ("iff", left, right)
        return left

    def quantified(self):
        kind, before = ("exists" if self.token.text == "exists" else "forall"), len(self.bound)
        self.at += 2 if self.token.text == "for" else 1
        bindings = self.bindings(":")
        self.expect(":")
        inner = self.condition()
        del self.bound[before:]
        return (kind, bindings, inner)

    def joined_by(self, word):
        inner = (lambda: self.joined_by("and")) if word == "or" else self.negated
        kids = [inner()]
        while self.accept(word):
            kids.append(inner())
        return (word, kids) if len(kids) > 1 else kids[0]

    def negated(self):
        if self.begins_for_all() or self.token.text == "exists":
            return self.quantified()
        return ("not", self.negated()) if self.accept("not") else self.relation()

    def relation(self):
        left = self.sum()
        if self.accept("in"):
            low_open = self.token.text == "("
            if not self.accept("("):
                self.expect("[")
            self.contexts.append("bracket")
            low = self.sum()
            self.expect(",")
            high = self.sum()
            self.contexts.pop()
            high_open = self.token.text == ")"
            if not self.accept(")"):
                self.expect("]")
            return ("and", [("rel", "<" if low_open else "<=", low, left), ("rel", "<" if high_open else "<=", left, high)])
        links = []
        while self.token.kind == "sign" and self.token.text in RELATIONS:
            sign, place = self.token.text, self.token.at
            self.at += 1
            right = self.sum()
            self.check_compared(left, right, place)
            links.append(("rel", sign, left, right))
            left = right
        if not links:
            return left
        return ("and", links) if len(links) > 1 else links[0]

    # terms

    def sum(self):
        self.frames.append([0])
        total = self.term()
        while self.token.kind == "sign" and self.token.text in ("+", "-"):
            minus = self.token.text == "-"
            self.at += 1
            self.frames[-1][0] += 1
            right = self.term()
            total = self.plus(total, right, minus)
        depth = len(self.frames) - 1
        self.ended = [ended for ended in self.ended if ended[2] != depth]
        self.frames.pop()
        return total

    @staticmethod
    def plus(left, right, minus):
        kids = left[1] if left[0] == "add" else [left]
        return ("add", kids + [("neg", right) if minus else right])

    def term(self):
        if self.accept("-"):
            return ("neg", self.term())
        if self.accept("+"):
            return self.term()
        return self.product(self.factor(), self.at)

    def product(self, left, _):
        slash = False
        while True:
            if self.accept("*"):
                left, slash = ("mul", left, self.factor()), False
            elif self.accept("/"):
                plain = self.token.kind == "number" or self.text() in ("(", "[", "{")
                left, slash = ("div", left, self.factor()), not plain
            elif self.starts_operand():
                if slash:
                    self.fail("a/b c can be read as (a/b) c or a/(b c)")
                left = ("mul", left, self.factor())
            else:
                return left

    def starts_operand(self):
        token = self.token
        if token.kind == "number":
            return True
        if token.kind == "name":
            return token.text not in GRAMMAR
        if token.text in ("|", "||"):
            return not self.contexts or self.contexts[-1] == "bracket"
        return token.text in ("(", "[", "{", "\\frac", "<<") and token.kind == "sign"

    def factor(self):
        return self.raised(self.primary())

    def raised(self, base):
        if self.token.text != "^" or self.token.kind != "sign":
            return base
        self.at += 1
        if self.accept("{"):
            self.contexts.append("bracket")
            exponent = self.sum()
            self.contexts.pop()
            self.expect("}")
        elif self.token.text == "(":
            exponent = self.bracketed("(", ")")
        else:
            exponent = Parser(self.d, [self.token, Token("end", "", self.token.at)], self.bound).whole()
            self.at += 1
        return ("pow", base, exponent)

    def bracketed(self, opening, closing):
        self.expect(opening)
        self.contexts.append("bracket")
        inner = self.condition()
        self.contexts.pop()
        self.expect(closing)
        return inner

    def primary(self):
        token = self.token
        if token.kind == "number":
            self.at += 1
            if token.text == "1" and self.text() in ("[", "\\{"):
                return ("indicator", self.bracketed("[", "]") if self.text() == "[" else self.bracketed("\\{", "\\}"))
            return ("num", Fraction(token.text))
        if token.kind == "name" and token.text not in GRAMMAR:
            return self.name()
        if token.kind == "sign":
            if token.text == "(":
                return self.pair() if self.has_comma() else self.bracketed("(", ")")
            if token.text in ("[", "{"):
                return self.bracketed(token.text, {"[": "]", "{": "}"}[token.text])
            if token.text == "|":
                return self.bars()
            if token.text == "||":
                return self.norm()
            if token.text == "<<":
                return self.two_fields("<<", ">>")
            if token.text == "\\frac":
                self.at += 1
                return ("div", self.bracketed("{", "}"), self.bracketed("{", "}"))
        self.fail(f"\"{token.text}\" stands where a number or a name is wanted")

    def has_comma(self):
        depth = 0
        for token in self.tokens[self.at:end_of(self.tokens, self.at)]:
            depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
            if depth == 1 and token.text == ",":
                return True
        return False

    def pair(self):
        """(pi, M), the law of a trajectory."""
        self.expect("(")
        self.contexts.append("arguments")
        policy = self.sum()
        self.expect(",")
        model = self.sum()
        self.contexts.pop()
        self.expect(")")
        if model[0] != "model" or not self.d.models[model[1]].horizon:
            self.fail("the law of a trajectory is written (pi, M), M with a horizon")
        return ("paths", policy, model)

    def bars(self):
        self.expect("|")
        if self.text(1) == "|" and self.token.text in self.d.sets:
            name = self.token.text
            self.at += 2
            return ("size", name)
        self.contexts.append("bar")
        inner = self.sum()
        self.contexts.pop()
        self.expect("|")
        return ("abs", inner)

    def norm(self):
        self.expect("||")
        self.contexts.append("norm")
        inner = self.sum()
        self.contexts.pop()
        self.expect("||")
        self.expect("_")
        braces = self.accept("{")
        kind = self.token.text
        if kind not in ("1", "2", "inf"):
            self.fail("this is no norm that is known")
        self.at += 1
        weights = self.law() if braces and self.accept(",") else None
        if braces:
            self.expect("}")
        return ("norm", kind, inner, weights)

    # binders

    def binder_name(self):
        if self.token.kind != "name":
            self.fail("a bound name is wanted")
        base, scripts, self.at = scripts_at(self.tokens, self.at)
        name = joined(base, scripts)
        if name is None:
            self.fail("this cannot be a bound name")
        return name

    def introduce(self, name, kind):
        if self.d.kind(name):
            self.fail(f"\"{name}\" is bound here but declared already")
        self.bound.append((name, kind))

    def default_binding(self, name):
        letters = name.split("'")[0].split("_")[0]
        sort = default_sort(letters)
        if sort == "integer":
            if letters == "h" and self.d.horizon:
                return ("int", name, ("num", Fraction(1)), ("const", self.d.horizon, None))
            self.fail(f"the integer {name} has no range")
        if sort in self.d.sets:
            return ("set", name, sort)
        if letters == "pi":
            kinds = {(m.states, m.actions, bool(m.horizon)) for m in self.d.models.values()}
            if len(kinds) == 1:
                return ("policies", name) + kinds.pop()
        self.fail(f"what {name} ranges over is not said")

    def bindings(self, close):
        """Bound names up to `close` or a colon; each is bound at once."""
        found, waiting = [], []

        def add(binding):
            found.append(binding)
            self.introduce(binding[1], {"set": "element", "int": "integer", "policies": "policy"}[binding[0]])

        while True:
            if self.relations_ahead():
                add(self.chain_binding())
            else:
                name = self.binder_name()
                if self.accept("in"):
                    waiting.append(name)
                    if self.token.text in self.d.sets:
                        where = self.token.text
                        self.at += 1
                        for each in waiting:
                            add(("set", each, where))
                    else:
                        low = self.sum()
                        self.expect("..")
                        high = self.sum()
                        for each in waiting:
                            add(("int", each, low, high))
                    waiting = []
                elif self.accept("="):
                    low = self.sum()
                    add(("int", name, low, self.sum() if self.accept("..") else None))
                elif not default_sort(name.split("'")[0].split("_")[0]) and not name.startswith("pi") and self.token.text == ",":
                    waiting.append(name)
                else:
                    add(self.default_binding(name))
            if self.accept(","):
                continue
            if waiting:
                self.default_binding(waiting[0])
            if self.token.text in (close, ":"):
                return found
            self.fail(f"\"{self.token.text}\" cannot stand in a list of bound names")

    def relations_ahead(self):
        depth = count = 0
        for token in self.tokens[self.at:]:
            depth += (token.text in ("(", "[", "{", "\\{")) - (token.text in (")", "]", "}", "\\}"))
            if depth < 0 or token.kind == "end" or (depth == 0 and token.text in (",", ":")):
                break
            count += depth == 0 and token.text in ("<", "<=")
        return count

    def chain_binding(self):
        low = ("num", Fraction(1))
        if self.relations_ahead() == 2:
            low = self.sum()
            strict = self.token.text == "<"
            self.at += 1
            if strict:
                low = ("add", [low, ("num", Fraction(1))])
            name = self.binder_name()
        else:
            name = self.binder_name()
            if name.split("'")[0] != "h":
                self.fail(f"the integer {name} has no least value")
        strict = self.token.text == "<"
        self.at += 1
        high = self.sum()
        return ("int", name, low, ("add", [high, ("num", Fraction(-1))]) if strict else high)

    def upper_end(self):
        self.expect("^")
        if self.accept("{"):
            high = self.sum()
            self.expect("}")
            return high
        self.at += 1
        return Parser(self.d, [self.tokens[self.at - 1], Token("end", "", 0)], self.bound).whole()

    def binder(self, kind):
        binder, before = self.at, len(self.bound)
        self.at += 1
        high = self.upper_end() if self.token.text == "^" else None
        self.expect("_")
        condition = None
        if self.accept("{"):
            self.contexts.append("bracket")
            bindings = self.bindings("}")
            if self.accept(":"):
                condition = self.condition()
            self.contexts.pop()
            self.expect("}")
        else:
            name = self.token.text
            self.at += 1
            if self.token.text == "^" and default_sort(name.split("'")[0]) == "integer":
                self.fail("a sum has an end but no start")
            bindings = [self.default_binding(name)]
            self.introduce(name, {"set": "element", "int": "integer", "policies": "policy"}[bindings[0][0]])
        if self.token.text == "^" and high is None:
            inner, self.bound = self.bound, self.bound[:before]
            high = self.upper_end()
            self.bound = inner
        if high is not None:
            if len(bindings) != 1 or bindings[0][0] != "int" or bindings[0][3] is not None:
                self.fail("an upper end goes with one integer that has a lower one")
            bindings = [bindings[0][:3] + (high,)]
        if any(binding[0] == "int" and binding[3] is None for binding in bindings):
            self.fail("an integer has no upper end")
        inner = self.body(kind, binder, before)
        return ("bind", kind, bindings, condition, inner)

    def drawn(self, kind):
        binder, before = self.at, len(self.bound)
        self.at += 1
        self.expect("_")
        self.expect("{")
        self.contexts.append("bracket")
        draws = []
        while True:
            bracket = self.accept("(")
            names = [self.binder_name()]
            while self.accept(","):
                names.append(self.binder_name())
            if bracket:
                self.expect(")")
            self.expect("~")
            law = self.law(names)
            for name in names:
                self.introduce(name, "path" if law[0] == "paths" else "element")
            draws.append((names, law))
            if not self.accept(","):
                break
        self.contexts.pop()
        self.expect("}")
        return ("drawn", kind, draws, self.body(kind, binder, before))

    def body(self, kind, binder, before):
        names = [name for name, _ in self.bound[before:]]
        if self.token.text == "[":
            inner = self.bracketed("[", "]")
            del self.bound[before:]
            return inner
        if kind == "P":
            inner = self.bracketed("(", ")")
            del self.bound[before:]
            return inner
        bracket = self.token.kind == "sign" and self.token.text in ("(", "{", "|", "||", "<<")
        more = self.longer.get(binder, 0)
        depth = len(self.frames)
        self.frames.append([0])
        if self.text() in ("-", "+") and self.token.kind == "sign":
            inner = self.term()
        else:
            first = self.factor()
            strict = kind in ("max", "min", "span", "prod", "Var")
            if bracket and strict and not more and (self.text() in ("/", "*") or self.starts_operand()):
                self.fail(f"where the body of {kind} ends can be read in two ways")
            inner = self.product(first, None)
        for _ in range(more):
            minus = self.token.text == "-"
            if not minus and self.token.text != "+":
                self.fail("a sum's body goes on, but no further term follows")
            self.at += 1
            self.frames[-1][0] += 1
            inner = self.plus(inner, self.term(), minus)
        if more and kind != "E" and self.text() in ("+", "-"):
            self.fail(f"where the body of {kind} ends cannot be told")
        self.frames.pop()
        term = self.frames[-1][0]
        self.ended = [(name, binder, depth - 1, term, min(bound, before)) if frame == depth else (name, start, frame, at, bound)
                      for name, start, frame, at, bound in self.ended]
        self.ended += [(name, binder, depth - 1, term, before) for name in names]
        del self.bound[before:]
        return inner

    def check_ended(self, name, at):
        for ended, binder, frame, term, bound in reversed(self.ended):
            if ended != name:
                continue
            positions = [i for i, (other, _) in enumerate(self.bound) if other == name]
            if positions and positions[-1] >= bound:
                return
            if positions:
                self.fail(f"\"{name}\" was bound by a sum that has ended, and is bound outside as well", at)
            terms = self.frames[frame][0] - term
            if terms:
                raise Longer(binder, terms + self.longer.get(binder, 0))
            return
