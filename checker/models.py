"""MDPs by plain definitions: values by backward induction or a linear system, occupancies by rolling forward."""

from fractions import Fraction

from .endless import Chain, best_gains, best_totals
from .reals import Undefined, divide, plain


def solve(a, b):
    """x with a x = b, by elimination with the first pivot that is not 0."""
    n = len(b)
    rows = [list(row) + [end] for row, end in zip(a, b)]
    for i in range(n):
        found = next(k for k in range(i, n) if rows[k][i] != 0)
        rows[i], rows[found] = rows[found], rows[i]
        for k in range(n):
            if k != i and rows[k][i] != 0:
                factor = divide(rows[k][i], rows[i][i])
                rows[k] = [x - factor * y for x, y in zip(rows[k], rows[i])]
    return [plain(divide(rows[i][n], rows[i][i])) for i in range(n)]


class Totals(list):
    """By state; None where it is not finite, which nothing may ask for."""

    def __getitem__(self, s):
        value = super().__getitem__(s)
        if value is None:
            raise Undefined("a total that is not finite")
        return value


class Mdp:
    """One MDP of a lemma on one instance; steps run 1..H."""

    def __init__(self, states, actions, kernel, reward, initial, horizon, discount, endless=None):
        """kernel(h, s, a) and reward(h, s, a): {s': p} and a number; h is 0 where there are no steps."""
        self.states, self.actions, self.kernel, self.reward, self.initial = states, actions, kernel, reward, initial
        self.horizon, self.discount, self.endless = horizon, discount, endless
        if horizon is not None and horizon < 1:
            raise Undefined("a horizon below 1")
        if discount is not None and not 0 <= discount < 1:
            raise Undefined("a discount outside [0, 1)")
        self.known = {}

    def factor(self):
        return 1 if self.discount is None else self.discount

    def q(self, h, s, a, following):
        """r + gamma E of the values `following` (a list by state)."""
        return self.reward(h, s, a) + self.factor() * sum((p * following[t] for t, p in self.kernel(h, s, a).items()), Fraction(0))

    def mean(self, row, f):
        return sum((p * f(a) for a, p in row.items()), Fraction(0))

    def values(self, policy):
        """{h: [V_h(s)]} for h = 1..H+1, or {0: [V(s)]}; policy(h, s) = {a: p}, or None for the best."""
        key = getattr(policy, "key", policy)
        if key not in self.known:
            self.known[key] = self.with_steps(policy) if self.horizon is not None else {0: self.without_end(policy) if self.endless else self.discounted(policy)}
        return self.known[key]

    def without_end(self, policy):
        if self.endless == "average":
            return best_gains(self) if policy is None else Chain(self, policy).gain_and_bias()[0]
        return Totals(best_totals(self) if policy is None else Chain(self, policy).totals())

    def bias(self, policy):
        return Chain(self, policy).gain_and_bias()[1]

    def with_steps(self, policy):
        table = {self.horizon + 1: [Fraction(0)] * self.states}
        for h in range(self.horizon, 0, -1):
            after = table[h + 1]
            last = h == self.horizon
            q = lambda s, a: self.reward(h, s, a) if last else self.q(h, s, a, after)  # noqa: E731
            if policy is None:
                table[h] = [max_of([q(s, a) for a in range(self.actions)]) for s in range(self.states)]
            else:
                table[h] = [self.mean(policy(h, s), lambda a: q(s, a)) for s in range(self.states)]
        return table

    def policy_system(self, policy):
        """1 - gamma P_pi."""
        n = self.states
        a = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
        for s in range(n):
            for action, p in policy(0, s).items():
                for t, mass in self.kernel(0, s, action).items():
                    a[s][t] = a[s][t] - self.discount * p * mass
        return a

    def discounted(self, policy):
        if policy is not None:
            b = [self.mean(policy(0, s), lambda a: self.reward(0, s, a)) for s in range(self.states)]
            return solve(self.policy_system(policy), b)
        taken = [0] * self.states
        while True:
            values = self.discounted(lambda h, s: {taken[s]: Fraction(1)})
            better = False
            for s in range(self.states):
                best = values[s]
                for a in range(self.actions):
                    value = self.q(0, s, a, values)
                    if value > best:
                        best, taken[s], better = value, a, True
            if not better:
                return values

    def occupancy(self, policy, start, step):
        """[P(s_step = s)], step from 1; with step None (1-gamma) sum gamma^t P(s_t = s), or the law in the long run."""
        law = [plain(start.get(s, Fraction(0))) for s in range(self.states)]
        if step is None and self.endless:
            star = Chain(self, policy).long_run()
            return [plain(sum((p * star[s][t] for s, p in enumerate(law) if p != 0), Fraction(0))) for t in range(self.states)]
        if step is None:
            a = self.policy_system(policy)
            transposed = [[a[j][i] for j in range(self.states)] for i in range(self.states)]
            return solve(transposed, [(1 - self.discount) * p for p in law])
        if step < 1 or (self.horizon is not None and step > self.horizon + 1):
            raise Undefined("a step out of range")
        for h in range(1, step):
            after = [Fraction(0)] * self.states
            for s, mass in enumerate(law):
                if mass == 0:
                    continue
                for a, p in policy(h, s).items():
                    for t, q in self.kernel(h, s, a).items():
                        after[t] = after[t] + mass * p * q
            law = after
        return law

    def paths(self, policy, last_state):
        """(probability, states, actions) of each trajectory of positive probability."""
        found = []

        def walk(h, s, mass, states, actions):
            states = states + (s,)
            if h == self.horizon + 1:
                found.append((mass, states, actions))
                return
            for a, p in policy(h, s).items():
                if h == self.horizon and not last_state:
                    found.append((mass * p, states, actions + (a,)))
                    continue
                for t, q in self.kernel(h, s, a).items():
                    walk(h + 1, t, mass * p * q, states, actions + (a,))
            if len(found) > 500_000:
                raise Undefined("more than 500,000 trajectories")

        for s, p in self.initial.items():
            walk(1, s, p, (), ())
        return found


def max_of(values):
    best = values[0]
    for value in values[1:]:
        best = value if value > best else best
    return best


def min_of(values):
    best = values[0]
    for value in values[1:]:
        best = value if value < best else best
    return best


def transport(p, q, cost, n):
    """The least sum of flow(i, j) cost(i, j) with the given margins: the transportation simplex method, Bland's rule."""
    sources = [i for i in range(n) if p.get((i,), 0) != 0]
    sinks = [j for j in range(n) if q.get((j,), 0) != 0]
    supply, demand = [p[(i,)] for i in sources], [q[(j,)] for j in sinks]
    flow, i, j = {}, 0, 0
    left, wanted = list(supply), list(demand)
    while True:  # the north-west corner, a basis of m + n - 1 cells
        amount = left[i] if left[i] < wanted[j] else wanted[j]
        flow[i, j] = amount
        left[i], wanted[j] = left[i] - amount, wanted[j] - amount
        if i == len(sources) - 1 and j == len(sinks) - 1:
            break
        if (left[i] == 0 and i < len(sources) - 1) or j == len(sinks) - 1:
            i += 1
        else:
            j += 1
    price = {(i, j): cost((sources[i], sinks[j])) for i in range(len(sources)) for j in range(len(sinks))}
    while True:
        u, v = {0: Fraction(0)}, {}
        while len(u) + len(v) < len(sources) + len(sinks):
            for i, j in flow:
                if i in u and j not in v:
                    v[j] = price[i, j] - u[i]
                elif j in v and i not in u:
                    u[i] = price[i, j] - v[j]
        entering = next((cell for cell in sorted(price) if cell not in flow and price[cell] - u[cell[0]] - v[cell[1]] < 0), None)
        if entering is None:
            return sum((amount * price[cell] for cell, amount in flow.items()), Fraction(0))
        cycle = find_cycle(entering, list(flow))
        leaving = cycle[1]
        for cell in cycle[1::2]:
            if flow[cell] < flow[leaving] or (flow[cell] == flow[leaving] and cell < leaving):
                leaving = cell
        amount = flow[leaving]
        flow[entering] = Fraction(0)
        for k, cell in enumerate(cycle):
            flow[cell] = flow[cell] + amount if k % 2 == 0 else flow[cell] - amount
        del flow[leaving]


def find_cycle(start, basis):
    """Cells start, c1, c2, ... of a closed way that turns at every cell."""
    def search(way, along_row):
        last = way[-1]
        for cell in basis + [start]:
            if cell == last or (cell[0] == last[0]) != along_row or (cell[1] == last[1]) == along_row:
                continue
            if cell == start:
                if len(way) >= 4 and len(way) % 2 == 0:
                    return way
                continue
            if cell in way:
                continue
            found = search(way + [cell], not along_row)
            if found:
                return found
        return None
    return search([start], True) or search([start], False)
