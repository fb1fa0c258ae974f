"""The learning loop of a lemma on one instance: pi_t and M_t."""

from fractions import Fraction

from .expressions import Parser
from .lexer import ReadError
from .loops import MOST_ROUNDS, Problem, chosen_by, chosen_by_rank, filled_by, filled_with_hope, learn, remembers, until_repeated
from .models import Mdp
from .reals import Real, Undefined


class Walk:
    """A policy over rows of the lemma."""

    def __init__(self, rows):
        self.row = rows.policy()


def rational(number):
    if isinstance(number, Real):
        raise ReadError(0, "a loop is made of irrational numbers, and ties decide what it plans")
    return Fraction(number)


class Fitting:
    """The rounds, run until they repeat."""

    def __init__(self, world, loop):
        self.world, self.loop = world, loop
        self.m = world.d.models[loop.world]
        self.mdp = world.model(loop.world)
        if len(world.function(("ref", self.m.reward, None), {}).come) != 2:
            raise ReadError(0, f"the rewards {self.m.reward} are paid for transitions, which a loop does not know")
        self.problem = self.read_problem()
        self.start = Walk(self.rows(loop.start))
        expert = Walk(self.rows(loop.expert)) if loop.expert else None
        self.periods = []
        fill, choose = self.fill(), self.choose()
        rounds = learn(self.problem, loop.fit, fill, choose, self.start, expert)
        phase = lambda t: tuple(t % period for period in self.periods)  # noqa: E731
        self.trace = until_repeated(rounds, remembers(loop.fit, "keep" if loop.keep else ""), phase)
        if self.trace.length is None:
            raise ReadError(0, f"the loop does not come back to an earlier round within {MOST_ROUNDS} rounds")
        self.models = {}

    def tree(self, tokens):
        return Parser(self.world.d, tokens).whole()

    def rows(self, tokens):
        return self.world.rows(self.tree(tokens), {})

    def refuse_steps(self, tree):
        """A loop fits one model for all steps."""
        given, definition = self.world.d.givens.get(tree[1]), self.world.d.definitions.get(tree[1])
        if tree[2] is None and (given and given.family or definition and definition.step):
            raise ReadError(0, f"{tree[1]} has a member for each step, and a loop fits one model for all of them")
        return tree

    def pairs(self):
        return [(s, a) for s in range(self.mdp.states) for a in range(self.mdp.actions)]

    def read_problem(self):
        mdp = self.mdp
        kernel = {(s, a): {t: rational(p) for t, p in mdp.kernel(1, s, a).items() if p != 0} for s, a in self.pairs()}
        reward = {(s, a): rational(mdp.reward(1, s, a)) for s, a in self.pairs()}
        known = set()
        if self.loop.known:
            flag = self.world.function(self.refuse_steps(self.tree(self.loop.known)), {})
            for pair in self.pairs():
                value = flag.at(pair)
                if value not in (0, 1):
                    raise ReadError(0, "which pairs are known is said by 0 and 1, and some number is another")
                if value == 1:
                    known.add(pair)
        initial = {s: rational(p) for s, p in mdp.initial.items() if p != 0}
        return Problem(mdp.states, mdp.actions, mdp.horizon, kernel, reward, initial, known)

    def by_round(self, tokens):
        """f(t, s, a, h) of a function of some of the rounds (again and again), the states and the actions."""
        function = self.world.function(self.tree(tokens), {})
        others = [name for name in function.come if name not in (self.m.states, self.m.actions)]
        if len(others) > 1 or len(set(function.come)) < len(function.come):
            raise ReadError(0, "two arguments of a function may be the round, the state or the action")
        period = self.world.sizes[others[0]] if others else 1
        self.periods.append(period)

        def at(t, s, a, h=None):
            place = {self.m.states: s, self.m.actions: a}
            return rational(function.at(tuple(place.get(name, (t - 1) % period) for name in function.come), h))
        return at

    def fill(self):
        if isinstance(self.loop.fill, str):
            return filled_by(self.problem, self.loop.fill)
        tree = self.refuse_steps(self.tree(self.loop.fill))
        if self.world.is_rows(tree, {}):
            rows = self.world.rows(tree, {})
            kernel = {pair: {t: p for (t,), p in rows.at(pair).items()} for pair in self.pairs()}
            return filled_by(self.problem, "keep" if self.loop.keep else "start", kernel)
        hope = self.by_round(self.loop.fill)

        def within(t, s, a):
            value = hope(t, s, a)
            if not 0 <= value <= 1:
                raise ReadError(0, "an unseen pair leads to paradise with a probability outside [0, 1]")
            return value
        return filled_with_hope(self.problem, within)

    def choose(self):
        if isinstance(self.loop.ties, str):
            return chosen_by(self.problem, self.loop.ties)
        rank = self.by_round(self.loop.ties)
        return chosen_by_rank(lambda t, h, s, a: rank(t, s, a, h))

    def number(self, t):
        """Of round t >= 1, the listed round that it equals."""
        rounds, first, length = self.trace
        return t if t <= len(rounds) else first + (t - first) % length

    def policy(self, t):
        """(what tells it apart, pi_t)."""
        if t < 0:
            raise Undefined("a round out of range")
        if t == 0:
            return 0, self.start
        number = self.number(t)
        return number, self.trace.rounds[number - 1].policy

    def model(self, t):
        """M_t, with paradise and abyss as the states |S| and |S| + 1."""
        if t < 1:
            raise Undefined("a round out of range")
        number = self.number(t)
        if number not in self.models:
            kernel, problem, n = self.trace.rounds[number - 1].kernel, self.problem, self.mdp.states
            pays = (problem.high, problem.low)
            self.models[number] = FittedMdp(
                n, n + 2, self.mdp.actions,
                lambda h, s, a: kernel[s, a] if s < n else {s: Fraction(1)},
                lambda h, s, a: problem.reward[s, a] if s < n else pays[s - n],
                self.mdp.initial, self.mdp.horizon, None)
        return self.models[number]


class FittedMdp(Mdp):
    """Policies of the world take any action in paradise and abyss."""

    def __init__(self, own_states, *parts):
        super().__init__(*parts)
        self.own_states = own_states

    def values(self, policy):
        if policy is None:
            return super().values(None)
        chosen = lambda h, s: policy(h, s) if s < self.own_states else {0: Fraction(1)}  # noqa: E731
        chosen.key = policy.key
        return super().values(chosen)
