"""The claims: source, relation, domain, points and sides of each."""

from collections import namedtuple
from fractions import Fraction

from ..basics import ONE
from .instances import plain_occupancy
from .worst_case import extreme_value, greatest_mean, least_mean, plan_is_sure, robust_plan, within_sharp_bound
from .learning import (best_of_class, expert_value, figure_15_1, figure_15_2, figure_15_3_strict, figure_15_3_stuck, hybrid_on_the_tree,
                       in_rounds, labels, learn_on, period, planned_in_a_class, worth)
from .classes import (latest_best, leader, model_regret, no_regret_l1, no_regret_log_loss, realisable,
                      regularised_regret, selection)
from .recurrent import (descent, elbo_gap, evidence, filtering_encoder, fitted_heads, fitted_world, free_bits,
                        free_bits_of_the_mean, imagination, maximisation, negative_elbo, observed_likelihood,
                        recurrent_collapse)
from .hypotheses import (BALL, BEHAVED, CLASS, LEARNING, OBSERVED, ONE_OBSERVATION, RECURRENT, STRICT_TREE,
                         TREE)


# Where a claim is compared: which indices a point has, and the range of its step.
# LISTED: `sides(instance)` lists them itself, (point, left, right), perhaps a point twice.
Points = namedtuple("Points", "keys steps")
ONCE = Points((), lambda H: ())
STATES_BEFORE_LAST = Points(("step", "state"), lambda H: range(1, H))
LISTED = None

# `sides(instance, *point)` is the exact (left, right).
Claim = namedtuple("Claim", "source relation domain points sides")


CLAIMS = {


    "learn.figure_15_1": Claim("figure 15.1", "==", TREE, LISTED, figure_15_1),
    "learn.figure_15_2": Claim("figure 15.2", "==", TREE, LISTED, figure_15_2),
    "learn.figure_15_2_oscillates": Claim("figure 15.2", "==", TREE, ONCE,
        lambda x: (period(x, "latest", "figure"), 2)),
    "learn.figure_15_2_gap": Claim("figure 15.2", "==", TREE, LISTED,
        lambda x: in_rounds(learn_on(x, "latest", "figure").rounds,
                            lambda r: (expert_value(x) - worth(x, r), ONE))),
    "learn.figure_15_3": Claim("figure 15.3", "==", TREE, LISTED,
        lambda x: labels(x, learn_on(x, "aggregate", "figure").rounds[-1], (0, 0, 0, 0))),
    "learn.figure_15_3_stuck": Claim("figure 15.3", "==", TREE, ONCE, figure_15_3_stuck),
    "learn.figure_15_3_strict": Claim(
        "figure 15.3", "==", STRICT_TREE, LISTED, figure_15_3_strict),
    "learn.hybrid_on_the_tree": Claim("algorithm 2", "==", TREE, LISTED, hybrid_on_the_tree),

    "learn.optimism_in_a_class": Claim("algorithm 1", "<=", LEARNING, ONCE,
        lambda x: planned_in_a_class(x, "aggregate", best_of_class)),
    "learn.hybrid_in_a_class": Claim("algorithm 2", "<=", LEARNING, ONCE,
        lambda x: planned_in_a_class(x, "hybrid", lambda x, _: expert_value(x))),

    "sysid.no_regret": Claim(
        "Ross & Bagnell (2012), no-regret theorem", "<=", CLASS, ONCE, no_regret_l1),
    "sysid.no_regret_plain": Claim("algorithm 2", "<=", CLASS, ONCE,
        lambda x: no_regret_l1(x, plain_occupancy)),
    "sysid.no_regret_log_loss": Claim(
        "Ross & Bagnell (2012), no-regret theorem", "<=", CLASS, ONCE, no_regret_log_loss),
    "sysid.leader_realisable": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: realisable(x, leader)),
    "sysid.latest_realisable": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: realisable(x, latest_best)),
    "sysid.leader_agnostic": Claim("section 15.3", "<=", CLASS, ONCE,
        lambda x: (model_regret(selection(x, leader)), 2 * (len(x.models) - 1))),
    "sysid.regularised_regret": Claim("section 15.3", "<=", CLASS, ONCE, regularised_regret),

    "latent.elbo": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: (evidence(x), negative_elbo(x))),
    "latent.elbo_gap": Claim("section 15.4", "==", RECURRENT, ONCE, elbo_gap),
    "latent.imagination": Claim("section 15.4", "==", RECURRENT, ONCE, imagination),
    "latent.free_bits": Claim("section 15.4", "<=", RECURRENT, ONCE, free_bits),
    "latent.free_bits_of_the_mean": Claim("section 15.4", "<=", RECURRENT, ONCE, free_bits_of_the_mean),
    "latent.fitted_heads": Claim("section 15.4", "<=", RECURRENT, ONCE, fitted_heads),
    "latent.em": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: maximisation(x, "posterior")),
    "latent.em_by_filtering": Claim("section 15.4", "<=", RECURRENT, ONCE,
        lambda x: maximisation(x, "filtering", rounds_before=2)),
    "latent.filtering_encoder": Claim("section 15.4", "==", RECURRENT, ONCE, filtering_encoder),
    "latent.filtering_encoder_one_step": Claim("section 15.4", "==", ONE_OBSERVATION, ONCE, filtering_encoder),
    "latent.balanced_descent": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: descent(x, Fraction(1, 10))),
    "latent.balanced_total": Claim("section 15.4", "<=", RECURRENT, ONCE, lambda x: descent(x, Fraction(3, 5))),
    "latent.fitted_world": Claim("section 15.4", "==", BEHAVED, ONCE, fitted_world),
    "latent.observed_likelihood": Claim("section 15.4", "==", OBSERVED, ONCE, observed_likelihood),
    "latent.recurrent_collapse": Claim("section 15.4, question 1", "==", OBSERVED, ONCE, recurrent_collapse),


    "robust.lowest": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (extreme_value(x, least_mean), x.J(x.N))),
    "robust.highest": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (x.J(x.N), extreme_value(x, greatest_mean))),
    "robust.within_sharp_bound": Claim("lemma 1", "<=", BALL, ONCE, within_sharp_bound),
    "robust.plan_is_sure": Claim(
        "Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE, plan_is_sure),
    "robust.plan_is_best": Claim("Iyengar (2005); Nilim & El Ghaoui (2005)", "<=", BALL, ONCE,
        lambda x: (extreme_value(x, least_mean), robust_plan(x)[0])),
}
