"""Section 15.3: losses, and choosing from classes of models."""

from collections import namedtuple
from fractions import Fraction

from ..basics import HALF, ONE, ZERO, require, without_zeros
from ..logs import INFINITY, log
from ..loops import chosen_by
from .instances import expect, l1_distance, mean, triangle, weighted_occupancy, with_kernel


def covered(x, model, policy):
    """max d_w / nu, which must be finite; d_w of a policy in a model. 1 at H = 1."""
    visited = weighted_occupancy(model, policy, x.H)
    require(all(sa in x.nu for sa in visited),
            "nu does not cover what the policy visits before the last step")
    return max((weight / x.nu[sa] for sa, weight in visited.items()), default=ONE)


def kl(p, q):
    """sum p log(p / q), infinite where q misses what p has."""
    if any(i not in q for i in p):
        return INFINITY
    return mean(p, lambda i: log(p[i] / q[i]))


Played = namedtuple("Played", "kernel value promise losses own_loss")


def mixture(kernels, weights):
    """The kernel sum_k w_k T_k."""
    return {sa: without_zeros({t: sum(w * kernel[sa].get(t, ZERO)
                                      for kernel, w in zip(kernels, weights))
                               for kernel in kernels for t in kernel[sa]}) for sa in kernels[0]}


def mixed(p, q, weight):
    """The distribution weight p + (1 - weight) q."""
    return without_zeros({i: weight * p.get(i, ZERO) + (1 - weight) * q.get(i, ZERO)
                          for i in {**p, **q}})


def project(vector):
    """The point of the simplex next to the vector: v - t without what is negative, t by its sum.

    The lowest entries go until what is left needs no other to go.
    """
    kept = list(vector)
    while True:
        t = (sum(kept) - 1) / len(kept)
        if min(kept) >= t:
            return tuple(max(v - t, ZERO) for v in vector)
        kept = [v for v in kept if v > t]


def alone(best, count):
    """All weight on one."""
    return tuple(Fraction(k == best) for k in range(count))


def first_least(values):
    """The index of the first of the least values."""
    return min(range(len(values)), key=values.__getitem__)


def latest_best(losses):
    """The first of the best models for the last round."""
    return alone(first_least(losses[-1]), len(losses[-1]))


def leader(losses):
    """The first of the best models for all rounds so far."""
    return alone(first_least([sum(column) for column in zip(*losses)]), len(losses[-1]))


def regularised(losses, eta=HALF):
    """The mixture w that minimises eta times its losses so far + ||w||^2 / 2."""
    return project([-eta * sum(column) for column in zip(*losses)])


def hybrid_data(x, policy, occupancy):
    """Half nu and half the policy's occupancy in the world; nu alone at H = 1."""
    reached = occupancy(x.M, policy, x.H)
    return mixed(x.nu, reached, HALF) if reached else x.nu


def play(x, weights, distance, occupancy):
    """Plan in the mixture, roll out, and charge all models with the data of that policy."""
    world, kernels = x.M.kernels[0], [model.kernels[0] for model in x.models]
    kernel = mixture(kernels, weights)
    values, optimal = x.plan(kernel)
    policy = chosen_by(x.problem, "lowest")(1, optimal, None)
    rho = hybrid_data(x, policy, occupancy)

    def loss(other):
        return mean(rho, lambda sa: distance(world[sa], other[sa]))
    return Played(kernel, x.J(x.M, policy), expect(x.M.initial, values[1]),
                  [loss(other) for other in kernels], loss(kernel))


def selection(x, rule, distance=l1_distance, occupancy=weighted_occupancy):
    """What is played in the rounds 1..N; in the first the first model, or the even mixture."""
    m = len(x.models)
    weights = (Fraction(1, m),) * m if rule is regularised else alone(0, m)
    known, rounds = {}, []
    for _ in range(int(x.numbers["rounds"][0])):
        if weights not in known:
            known[weights] = play(x, weights, distance, occupancy)
        rounds.append(known[weights])
        weights = rule([r.losses for r in rounds])
    return rounds


def average(values):
    """The mean of a list."""
    return Fraction(1, len(values)) * sum(values)


def no_regret(x, distance, occupancy):
    """The theorem's left side, its constant c H (H - 1) / 2, and the average loss of the models."""
    rounds = selection(x, leader, distance, occupancy)
    scale = covered(x, x.M, x.policy) * triangle(x.H - 1)
    planning = [x.J(with_kernel(x.M, r.kernel)) - r.promise for r in rounds]
    left = x.J(x.M) - average([r.value for r in rounds]) - average(planning)
    return left, scale, average([r.own_loss for r in rounds])


def no_regret_l1(x, occupancy=weighted_occupancy):
    """J(pi') - average J(pi_i) - average planning error <= c H (H - 1) / 2 E ||T - T_i||_1."""
    left, scale, loss = no_regret(x, l1_distance, occupancy)
    return left, scale * loss


def no_regret_log_loss(x):
    """The positive part's square <= (c H (H - 1) / 2)^2 2 E KL(T || T_i)."""
    left, scale, loss = no_regret(x, kl, weighted_occupancy)
    return max(left, ZERO) ** 2, 2 * scale ** 2 * loss if scale else ZERO  # at H = 1, however large the loss


def realisable(x, rule):
    """The number of rounds whose model has a loss <= m - 1, if the world is one of the m."""
    require_truth(x)
    return sum(r.own_loss > 0 for r in selection(x, rule)), len(x.models) - 1


def require_truth(x):
    """The world's kernel must be that of a model of the class."""
    require(any(model.kernels == x.M.kernels for model in x.models),
            "the world is not in the class")


def model_regret(rounds):
    """The losses of what was played less those of the best model for all rounds."""
    return sum(r.own_loss for r in rounds) - min(map(sum, zip(*(r.losses for r in rounds))))


def regularised_regret(x, eta=HALF):
    """The regret <= (1 - 1/m) / (2 eta) + eta / 2 sum_i sum_k (l_i(k) - their mean)^2."""
    rounds = selection(x, regularised)
    spread = sum((loss - average(r.losses)) ** 2 for r in rounds for loss in r.losses)
    return model_regret(rounds), (1 - Fraction(1, len(x.models))) / (2 * eta) + eta / 2 * spread
