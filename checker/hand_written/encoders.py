"""Section 15.4: encoders and what their best tables lose."""

import itertools

from ..basics import ONE, ZERO, without_zeros
from ..logs import log
from ..loops import Moves
from .instances import compare, l1_distance, rewards_to_come, rollout


def pushed(x, code, s, a):
    """The row as masses of codes."""
    masses = {}
    for t, p in x.M.row(1, s, a).items():
        masses[code[t]] = masses.get(code[t], ZERO) + p
    return masses


def entropy(pairs):
    """H(second | first) of [((first, second), chance)]."""
    joint, given = {}, {}
    for (u, v), p in pairs:
        joint[u, v] = joint.get((u, v), ZERO) + p
        given[u] = given.get(u, ZERO) + p
    return sum((-p * log(p / given[u]) for (u, _), p in joint.items() if p), log(ONE))


def visits(x):
    """[((s, a), chance)] at a uniform step of 1..H."""
    return [(sa, p / x.H) for _, taken in rollout(x.M, x.policy, x.M.initial, 1, x.H)
            for sa, p in taken.items()]


def windows(x, k=1):
    """[(s_t, a_t, s_{t+k}, chance)], t uniform in 1..H-k."""
    found = []
    for t, taken in rollout(x.M, x.policy, x.M.initial, 1, x.H - k):
        for (s, a), p in taken.items():
            later = x.M.row(1, s, a)
            for _, walk in rollout(x.M, x.policy, later, 1, k - 1):
                later = {}
                for (u, b), q in walk.items():
                    for v, w in x.M.row(1, u, b).items():
                        later[v] = later.get(v, ZERO) + q * w
            found += [(s, a, v, p * q / (x.H - k)) for v, q in later.items()]
    return found


def decoder_loss(x, code):
    """H(X | Z)."""
    return entropy([((code[s], s), p) for (s, _), p in visits(x)])


def inverse_loss(x, code, k=1):
    """H(A_t | Z_t, Z_{t+k})."""
    return entropy([(((code[s], code[t]), a), p) for s, a, t, p in windows(x, k)])


def encoders(n, most):
    """All partitions of n states into at most `most` codes."""
    found = [[0]]
    for _ in range(n - 1):
        found = [code + [c] for code in found for c in range(min(max(code) + 2, most))]
    return found


def code_value(x, code):
    """max J over deterministic, stationary policies that see the code."""
    return max(rewards_to_come(x.M, Moves({(h, s): choice[code[s]] for h in range(1, x.H + 1) for s in x.S}),
                               x.M.initial, 1, x.H)
               for choice in itertools.product(x.A, repeat=max(code) + 1))


def decoder_keeps_the_task(x):
    """The best value of two codes <= that of any two codes with the least decoder loss."""
    codes = encoders(x.M.states, 2)
    losses = [decoder_loss(x, code) for code in codes]
    least = losses[0]
    for loss in losses:
        least = loss if compare(loss, "<=", least)[0] else least
    values = [code_value(x, code) for code in codes]
    return max(values), min(v for v, loss in zip(values, losses) if loss == least)


def inverse_keeps_the_value(x):
    """The value of the states <= that of any code which inverse dynamics loses nothing with."""
    states = list(x.S)
    full = inverse_loss(x, states)
    values = [code_value(x, code) for code in encoders(x.M.states, x.M.states)
              if inverse_loss(x, code) == full]
    return code_value(x, states), min(values)


def tells_actions(x, code, longest):
    """P(a | x_1, x_{1+k}) = P(a | their codes), x_1 and actions uniform, k = 1..longest."""
    reached = {(s, a): dict(x.M.row(1, s, a)) for s in x.S for a in x.A}
    for _ in range(longest):
        fine, rough = {}, {}
        for (s, a), row in reached.items():
            for t, p in row.items():
                for table, key in ((fine, (s, t)), (rough, (code[s], code[t]))):
                    table.setdefault(key, {})[a] = table.get(key, {}).get(a, ZERO) + p
        for (s, t), chances in fine.items():
            both = rough[code[s], code[t]]
            if any(chances.get(a, ZERO) * sum(both.values()) != both.get(a, ZERO) * sum(chances.values())
                   for a in x.A):
                return False
        reached = {sa: {v: sum(p * x.M.row(1, u, b).get(v, ZERO) / len(x.A)
                               for u, p in row.items() for b in x.A) for v in x.S}
                   for sa, row in reached.items()}
        reached = {sa: without_zeros(row) for sa, row in reached.items()}
    return True


def latent_errors(x, code):
    """(rewards, rows, e_r, e_T) of the model on codes by equal weights of members."""
    rewards, rows = {}, {}
    for z in range(max(code) + 1):
        members = [s for s in x.S if code[s] == z]
        for a in x.A:
            rewards[z, a] = sum(x.M.reward(s, a) for s in members) / len(members)
            row = {}
            for s in members:
                for t, p in pushed(x, code, s, a).items():
                    row[t] = row.get(t, ZERO) + p / len(members)
            rows[z, a] = row
    e_r = max(abs(x.M.reward(s, a) - rewards[code[s], a]) for s in x.S for a in x.A)
    e_t = max(l1_distance(pushed(x, code, s, a), rows[code[s], a]) for s in x.S for a in x.A)
    return rewards, rows, e_r, e_t


def inverse_is_a_model(x, multi_step):
    """max e_T of the codes that tell actions = 0."""
    longest = x.M.states ** 2 if multi_step else 1
    return max(latent_errors(x, code)[3] for code in encoders(x.M.states, x.M.states)
               if tells_actions(x, code, longest)), ZERO
