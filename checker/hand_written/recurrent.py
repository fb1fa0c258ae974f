"""Section 15.4: recurrent models, their fits and their bounds."""

import copy
import itertools
from fractions import Fraction

from ..basics import ONE, ZERO, require
from ..logs import INFINITY, Logs, log


class Tables:
    """A recurrent model's tables: encoder[x, h], dynamics[h] and decoder[h, z] are lists of chances."""

    def __init__(self, x):
        r, z, m, a = x.sizes
        t = x.numbers

        def rows(name, width, keys):
            return {key: t[name][i * width:(i + 1) * width] for i, key in enumerate(keys)}

        self.recurrent, self.codes, self.seen = range(r), range(z), range(m)
        pairs = list(itertools.product(self.recurrent, self.codes))
        self.sequence = {(h, c, b): int(t["sequence"][(h * z + c) * a + b]) for h, c in pairs for b in range(a)}
        self.encoder = rows("encoder", z, itertools.product(self.seen, self.recurrent))
        self.dynamics = rows("dynamics", z, self.recurrent)
        self.decoder = rows("decoder", m, pairs)

    def replaced(self, **tables):
        """The same with other tables."""
        other = copy.copy(self)
        vars(other).update(tables)
        return other


def entropy(pairs):
    """H(second | first) of [((first, second), chance)]."""
    joint, given = {}, {}
    for (u, v), p in pairs:
        joint[u, v] = joint.get((u, v), ZERO) + p
        given[u] = given.get(u, ZERO) + p
    return sum((-p * log(p / given[u]) for (u, _), p in joint.items() if p), log(ONE))


def code_sequences(t, episode):
    """[([(x, h, z)], chance under the encoder, with the observations under the model)] of all code sequences."""
    observed, actions = episode
    found = []
    for codes in itertools.product(t.codes, repeat=len(observed)):
        h, q, p, steps = 0, ONE, ONE, []
        for i, (seen, z) in enumerate(zip(observed, codes)):
            steps.append((seen, h, z))
            q *= t.encoder[seen, h][z]
            p *= t.dynamics[h][z] * t.decoder[h, z][seen]
            if i < len(actions):
                h = t.sequence[h, z, actions[i]]
        found.append((steps, q, p))
    return found


def code_paths(x):
    """[(probability under the encoder, with the observations under the model)] of all code sequences."""
    return [(q, p) for _, q, p in code_sequences(Tables(x), x.episode)]


def counts(t, episode, how):
    """{(x, h, z): expected number of steps}, codes drawn by the encoder, by the posterior, or by filtering."""
    found = {}

    def add(step, weight):
        found[step] = found.get(step, ZERO) + weight

    sequences = code_sequences(t, episode)
    total = sum(p for _, _, p in sequences)
    if how == "filtering":
        for n in range(1, len(episode[0]) + 1):
            past = code_sequences(t, (episode[0][:n], episode[1][:n - 1]))
            seen = sum(p for _, _, p in past)
            for steps, _, p in past:
                add(steps[-1], p / seen if seen else ZERO)
        return found
    for steps, q, p in sequences:
        weight = q if how == "encoder" else p / total if total else ZERO
        for step in steps:
            add(step, weight)
    return found


def shares(weights):
    """Weights as chances; even where there are none."""
    total = sum(weights)
    return [w / total if total else Fraction(1, len(weights)) for w in weights]


def with_fitted_heads(t, found):
    """Dynamics and decoder as relative frequencies."""
    return t.replaced(
        dynamics={h: shares([sum(found.get((x, h, z), ZERO) for x in t.seen) for z in t.codes]) for h in t.recurrent},
        decoder={(h, z): shares([found.get((x, h, z), ZERO) for x in t.seen]) for h in t.recurrent for z in t.codes})


def minus_log(weight, chance):
    """-weight log chance, 0 where the weight is 0."""
    if not weight:
        return log(ONE)
    return -weight * log(chance) if chance else INFINITY


def step_losses(t, episode):
    """(reconstruction, [(mass of (x, h), KL there times it)])."""
    found = counts(t, episode, "encoder")
    reconstruction = sum((minus_log(w, t.decoder[h, z][x]) for (x, h, z), w in found.items()), log(ONE))
    rows = {}
    for (x, h, z), w in found.items():
        if w:
            mass, loss = rows.get((x, h), (ZERO, log(ONE)))
            q = t.encoder[x, h][z]
            rows[x, h] = mass + w, loss + minus_log(w, t.dynamics[h][z]) + w * log(q)
    return reconstruction, list(rows.values())


def weighed_loss(t, episode, weight=ONE):
    """Reconstruction + weight KL."""
    reconstruction, rows = step_losses(t, episode)
    return reconstruction + weight * sum((loss for _, loss in rows), log(ONE))


def surprise(t, episode):
    """-log p(x | a), which must be finite."""
    total = sum(p for _, _, p in code_sequences(t, episode))
    require(total > 0, "the episode is impossible under the model")
    return -1 * log(total)


def descended(t, episode, weight):
    """Heads fitted to the encoder's codes, then row by row the first code that lowers the loss most."""
    best = with_fitted_heads(t, counts(t, episode, "encoder"))
    least = weighed_loss(best, episode, weight)
    for row in sorted(t.encoder):
        for z in t.codes:
            tried = best.replaced(encoder={**best.encoder, row: [Fraction(z == c) for c in t.codes]})
            loss = weighed_loss(tried, episode, weight)
            if loss < least:
                best, least = tried, loss
    return best


def descent(x, measured):
    """Reconstruction + `measured` KL after a round at the weight 1/10 <= before."""
    t = Tables(x)
    return tuple(weighed_loss(u, x.episode, measured) for u in (descended(t, x.episode, Fraction(1, 10)), t))


def fitted_heads(x):
    """-ELBO with heads fitted to the encoder's codes <= -ELBO."""
    t = Tables(x)
    return weighed_loss(with_fitted_heads(t, counts(t, x.episode, "encoder")), x.episode), weighed_loss(t, x.episode)


def maximisation(x, how, rounds_before=0):
    """-log p after a round of fitting <= before it."""
    t = Tables(x)
    surprise(t, x.episode)  # the episode must be possible
    for _ in range(rounds_before):
        t = with_fitted_heads(t, counts(t, x.episode, "posterior"))
    before = surprise(t, x.episode)
    after = sum(p for _, _, p in code_sequences(with_fitted_heads(t, counts(t, x.episode, how)), x.episode))
    return -1 * log(after) if after else INFINITY, before


def filtering_encoder(x):
    """-ELBO of q(z | x, h) proportional to p(z | h) p(x | h, z) = -log p."""
    t = Tables(x)
    filters = {(m, h): shares([t.dynamics[h][z] * t.decoder[h, z][m] for z in t.codes])
               for m in t.seen for h in t.recurrent}
    return weighed_loss(t.replaced(encoder=filters), x.episode), surprise(t, x.episode)


def clipped(rows):
    """E max(1, KL)."""
    return sum((mass if loss < mass else loss for mass, loss in rows), log(ONE))


def free_bits(x):
    """-log p <= reconstruction + E max(1, KL)."""
    left = evidence(x)
    reconstruction, rows = step_losses(Tables(x), x.episode)
    return left, reconstruction + clipped(rows)


def free_bits_of_the_mean(x):
    """n max(1, mean KL) <= E max(1, KL)."""
    rows, n = step_losses(Tables(x), x.episode)[1], Logs.of(len(x.episode[0]))
    total = sum((loss for _, loss in rows), log(ONE))
    return n if total < n else total, Logs.of(clipped(rows))


def walked(x, policy, emission, code, remember):
    """{(x, h, z, r): expected number of steps} of H actions; r comes with x; h = remember(z, a), "start" first."""
    here = {(s, "start", ZERO): p for s, p in x.M.initial.items()}
    found = {}
    for t in range(x.H + 1):
        later = {}
        for (s, h, r), mass in here.items():
            for seen, chance in enumerate(emission[s]):
                if not chance:
                    continue
                z = code(seen, h)
                found[seen, h, z, r] = found.get((seen, h, z, r), ZERO) + mass * chance
                for a, taken in policy(s).items():
                    for s2, p in x.M.row(1, s, a).items():
                        key = s2, remember(z, a), x.M.reward(s, a)
                        later[key] = later.get(key, ZERO) + mass * chance * taken * p
        here = later
    return found


def head_of(found, key, value):
    """{key: mean of value} over weighted keys."""
    sums = {}
    for step, mass in found.items():
        weight, total = sums.get(key(*step), (ZERO, ZERO))
        sums[key(*step)] = weight + mass, total + mass * value(*step)
    return {k: total / weight for k, (weight, total) in sums.items()}


def fitted_world(x):
    """The best imagined value of the model fitted to a world that is seen in full = the optimum."""
    even = {a: Fraction(1, x.M.actions) for a in x.A}
    seen = [[Fraction(s == t) for t in x.S] for s in x.S]
    found = walked(x, lambda s: even, seen, lambda m, h: m, lambda z, a: (z, a))
    rewards = head_of(found, lambda m, h, z, r: (h, z), lambda m, h, z, r: r)
    dynamics = {z: head_of(found, lambda m, h, c, r: h, lambda m, h, c, r, z=z: Fraction(c == z)) for z in x.S}

    def chance(h, z):
        return dynamics[z].get(h, Fraction(1, x.M.states))

    memories = [(z, a) for z in x.S for a in x.A]
    values = {(h, z): ZERO for h in memories for z in x.S}
    for _ in range(x.H):
        values = {(h, z): rewards.get((h, z), ZERO)
                  + max(sum(chance((z, a), c) * values[(z, a), c] for c in x.S) for a in x.A) for h, z in values}
    return sum(chance("start", z) * (rewards.get(("start", z), ZERO) + max(
        sum(chance((z, a), c) * values[(z, a), c] for c in x.S) for a in x.A)) for z in x.S), x.optimum(x.M)


def observed_likelihood(x):
    """The likelihood of the recurrent model z = s, h = (s, a) of the step before = that over sequences of states."""
    observed, actions = x.episode
    dynamics = {"start": x.M.initial, **{(s, a): x.M.row(1, s, a) for s in x.S for a in x.A}}

    def recurrent(h, i):
        goes_on = i < len(actions)
        return sum((p * x.emission[z][observed[i]] * (recurrent((z, actions[i]), i + 1) if goes_on else ONE)
                    for z, p in dynamics[h].items()), ZERO)

    total = ZERO
    for states in itertools.product(x.S, repeat=len(observed)):
        chance = x.M.initial.get(states[0], ZERO)
        for i, a in enumerate(actions):
            chance *= x.M.row(1, states[i], a).get(states[i + 1], ZERO)
        for s, seen in zip(states, observed):
            chance *= x.emission[s][seen]
        total += chance
    return recurrent("start", 0), total


def recurrent_collapse(x):
    """KL to the best dynamics, in all = the number of steps times H(Z | H)."""
    codes, memory = x.numbers["codes"], {"start": 0, 0: 1, 1: 2}
    found = walked(x, lambda s: x.policy.row(1, s), x.emission, lambda m, h: int(codes[3 * m + memory[h]]),
                   lambda z, a: z)
    joint, given = {}, {}
    for (_, h, z, _), mass in found.items():
        joint[h, z] = joint.get((h, z), ZERO) + mass
        given[h] = given.get(h, ZERO) + mass
    steps = sum(given.values())
    losses = [minus_log(mass, joint[h, z] / given[h]) for (_, h, z, _), mass in found.items()]
    return sum(losses, log(ONE)), steps * entropy([((h, z), mass / steps) for (h, z), mass in joint.items()])


def evidence(x):
    """-log p(x | a), which must be finite."""
    total = sum(p for _, p in code_paths(x))
    require(total > 0, "the episode is impossible under the model")
    return -1 * log(total)


def negative_elbo(x):
    """E_q log(q / p), over sequences; infinite where p misses what q has."""
    if any(q and not p for q, p in code_paths(x)):
        return INFINITY
    return sum((q * log(q / p) for q, p in code_paths(x) if q), log(ONE))


def elbo_gap(x):
    """-ELBO = -log p + KL(q || posterior)."""
    surprise, total = evidence(x), sum(p for _, p in code_paths(x))
    if any(q and not p for q, p in code_paths(x)):
        return INFINITY, INFINITY
    gap = sum((q * log(q * total / p) for q, p in code_paths(x) if q), log(ONE))
    return negative_elbo(x), surprise + gap


def imagination(x):
    """The value of imagined roll-outs, forwards, and by backward induction."""
    r, z_count, _, a_count = x.sizes
    t = x.numbers
    pairs = r * z_count
    after = [int(t["sequence"][i * a_count + int(t["policy"][i])]) for i in range(pairs)]
    dynamics = [t["dynamics"][h * z_count:(h + 1) * z_count] for h in range(r)]
    here = {i: dynamics[0][i] for i in range(z_count)}
    total, values = ZERO, [ZERO] * pairs
    for _ in range(x.H):
        total += sum(p * t["rewards"][i] for i, p in here.items())
        later = {}
        for i, p in here.items():
            for z, q in enumerate(dynamics[after[i]]):
                j = after[i] * z_count + z
                later[j] = later.get(j, ZERO) + p * t["continues"][i] * q
        here = later
        values = [t["rewards"][i] + t["continues"][i] * sum(
            q * values[after[i] * z_count + z] for z, q in enumerate(dynamics[after[i]])) for i in range(pairs)]
    return total, sum(q * values[z] for z, q in enumerate(dynamics[0]))
