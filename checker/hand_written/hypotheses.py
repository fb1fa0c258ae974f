"""What the claims quantify over: which parts an instance has, and what must hold of them."""

from collections import namedtuple
from fractions import Fraction
from functools import partial

from ..basics import LONGEST_LIST, ONE, ZERO, require
from .instances import mean


# `parts`: what the instance has beside its horizon; `check(instance)` rejects.
Domain = namedtuple("Domain", "parts check")


def check_pair(x, varying_kernels, varying_policy, own_rewards, any_rewards):
    """The hypotheses on M, M' and the policies."""
    require(x.M.initial == x.N.initial, "the initial distributions differ")
    require(own_rewards or x.M.rewards == x.N.rewards, "the rewards differ")
    for model in (x.M, x.N):
        low, high = model.reward_range()
        require(any_rewards or (0 <= low and high <= 1), "a reward is outside [0, 1]")
        require(varying_kernels or len(model.kernels) == 1, "a kernel is not stationary")
    for policy in (x.policy, getattr(x, "other_policy", x.policy)):
        require(varying_policy or len(policy.steps) == 1, "a policy is not stationary")
    if hasattr(x, "next_state_rewards"):
        check_next_state_rewards(x)


def check_next_state_rewards(x):
    """r(s, a, s') is in [0, 1], and each model's r(s, a) is its mean."""
    rewards = x.next_state_rewards
    require(all(0 <= r <= 1 for r in rewards.values()), "a reward r(s, a, s') is outside [0, 1]")
    for model in (x.M, x.N):
        for s in x.S:
            for a in x.A:
                expected = mean(model.row(1, s, a), lambda t: rewards.get((s, a, t), ZERO))
                require(model.reward(s, a) == expected,
                        f"the reward at {[s, a]} is not the mean of r(s, a, s')")


def pair(*extra, varying_kernels=False, varying_policy=False, own_rewards=False, any_rewards=False):
    """M, M' and pi; unless said otherwise stationary, with shared rewards in [0, 1]."""
    return Domain(("model", "perturbed", "policy") + extra,
                  partial(check_pair, varying_kernels=varying_kernels,
                          varying_policy=varying_policy, own_rewards=own_rewards,
                          any_rewards=any_rewards))


def check_planned(x, everywhere, any_rewards=False):
    """Section 15.3: pi is planned in M': it maximises J(., M'), or V from every step and state."""
    check_pair(x, varying_kernels=False, varying_policy=True, own_rewards=False,
               any_rewards=any_rewards)
    require(all(len(row) == 1 for step in x.policy.steps for row in step.values()),
            "the policy is not deterministic")
    if everywhere:
        require(all(x.W[h] == x.N_optimal[h][:-2] for h in range(1, x.H + 1)),
                "the policy is not optimal in the perturbed model at every step and state")
    else:
        require(x.J(x.N) == x.optimum(x.N), "the policy is not optimal in the perturbed model")


def check_learning(x):
    """A world M, the start model T_0 = M', the first policy and the expert."""
    check_pair(x, varying_kernels=False, varying_policy=True, own_rewards=False, any_rewards=False)


def check_list(x, name, longest, allowed):
    """The numbers are one list of 1 to `longest` integers."""
    require(set(x.numbers) == {name}, f"the numbers are not {name}")
    require(1 <= len(x.numbers[name]) <= longest, f"{name} must have 1 to {longest} numbers")
    require(all(number in allowed for number in x.numbers[name]),
            f"a number of {name} is not an integer from {allowed[0]} to {allowed[-1]}")


def check_tree(x, strict):
    """The tree of Figure 15.1, or its strict form, in which right-right pays 1/10."""
    last = 5 if strict else 4
    lead = {(0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4, (2, 0): 4, (2, 1): last}
    lead.update({(leaf, a): leaf for leaf in range(3, last + 1) for a in (0, 1)})
    pay = {3: ONE, 5: Fraction(1, 10)} if strict else {3: ONE}
    require(x.H == 3 and (len(x.S), len(x.A)) == (last + 1, 2), "it is not the tree of the figure")
    require(x.M.initial == {0: 1} and x.M.kernels == [{sa: {t: 1} for sa, t in lead.items()}]
            and x.M.rewards == {(s, a): r for s, r in pay.items() for a in x.A},
            "the world is not the tree of the figure")
    require(x.known == {(s, a) for s in x.S for a in x.A if s not in (1, 2)},
            "the known pairs are not all but those of the states 1 and 2")
    for policy, a in ((x.policy, 1), (x.other_policy, 0)):
        require(policy.steps == [{(s,): {a: 1} for s in x.S}],
                "the policies are not always right and, the other, always left")


def check_ball(x):
    """A stationary M; M' and the policy may change from step to step."""
    check_pair(x, varying_kernels=True, varying_policy=True, own_rewards=False, any_rewards=False)
    require(len(x.M.kernels) == 1, "the kernel of the model is not stationary")


def check_class(x):
    """A world, models of it with the same rewards and start, nu, and pi'."""
    require(x.models, "the class has no model")
    low, high = x.M.reward_range()
    require(0 <= low and high <= 1, "a reward is outside [0, 1]")
    for model in [x.M] + x.models:
        require((model.states, model.actions) == (x.M.states, x.M.actions),
                "two models differ in their numbers of states or actions")
        require((model.initial, model.rewards) == (x.M.initial, x.M.rewards),
                "two models differ in their rewards or initial distributions")
        require(len(model.kernels) == 1, "a kernel is not stationary")
    require(len(x.policy.steps) == 1, "the policy is not stationary")
    check_list(x, "rounds", 1, range(1, LONGEST_LIST + 1))


def check_world(x):
    """A stationary world of at most 8 states, a stationary behaviour policy."""
    require(len(x.M.kernels) == 1 and len(x.policy.steps) == 1, "something is not stationary")
    low, high = x.M.reward_range()
    require(0 <= low and high <= 1, "a reward is outside [0, 1]")
    require(x.M.states <= 8, "there are more than 8 states")


TABLES = {"sizes", "sequence", "encoder", "dynamics", "decoder", "rewards", "continues", "observations", "policy"}


def check_recurrent(x, one_step=False):
    """The tables of a recurrent model, an episode, and an action for each (h, z)."""
    given = x.numbers
    require(TABLES <= set(given) <= TABLES | {"episode_actions"}, "the numbers are not a recurrent model's")
    require(x.H <= 8, "the horizon is longer than 8 imagined steps")
    whole = {name: given.get(name, []) for name in ("sizes", "sequence", "observations", "episode_actions", "policy")}
    require(all(n.denominator == 1 and n >= 0 for list_ in whole.values() for n in list_),
            "an index is no whole number")
    require(len(given["sizes"]) == 4 and all(1 <= n <= 4 for n in given["sizes"]), "the sizes are not four, 1 to 4")
    r, z, m, a = x.sizes = [int(n) for n in given["sizes"]]
    pairs = r * z
    lengths = {"sequence": pairs * a, "encoder": m * r * z, "dynamics": r * z, "decoder": pairs * m,
               "rewards": pairs, "continues": pairs, "policy": pairs}
    for name, length in lengths.items():
        require(len(given[name]) == length, f"{name} has not {length} numbers")
    for name, bound in (("sequence", r), ("observations", m), ("episode_actions", a), ("policy", a)):
        require(all(n < bound for n in whole[name]), f"a number of {name} is not below {bound}")
    for name, width in (("encoder", z), ("dynamics", z), ("decoder", m)):
        rows = [given[name][i:i + width] for i in range(0, len(given[name]), width)]
        require(all(min(row) >= 0 and sum(row) == 1 for row in rows), f"a row of {name} is no distribution")
    require(all(0 <= c <= 1 for c in given["continues"]), "a chance to continue is not in [0, 1]")
    require(1 <= len(whole["observations"]) <= 4
            and len(whole["episode_actions"]) == len(whole["observations"]) - 1, "it is no episode")
    require(not one_step or len(whole["observations"]) == 1, "there is more than one observation")
    x.episode = [int(n) for n in whole["observations"]], [int(n) for n in whole["episode_actions"]]


def check_observed(x):
    """A world, a behaviour policy, an emission, a code for each observation and last code, an episode."""
    given, lists = x.numbers, {"emission", "codes", "observations"}
    require(lists <= set(given) <= lists | {"episode_actions"}, "the numbers are not a partially observed world's")
    check_world(x)
    require(given["emission"] and len(given["emission"]) % x.M.states == 0, "emission has not a row for each state")
    width = len(given["emission"]) // x.M.states
    x.emission = [given["emission"][s * width:(s + 1) * width] for s in x.S]
    require(all(min(row) >= 0 and sum(row) == 1 for row in x.emission), "a row of emission is no distribution")
    for name, bound in (("codes", 2), ("observations", width), ("episode_actions", x.M.actions)):
        require(all(n.denominator == 1 and 0 <= n < bound for n in given.get(name, [])),
                f"a number of {name} is not below {bound}")
    require(len(given["codes"]) == 3 * width, "there is not a code for each observation and memory")
    x.episode = [int(n) for n in given["observations"]], [int(n) for n in given.get("episode_actions", [])]
    require(1 <= len(x.episode[0]) <= 4 and len(x.episode[1]) == len(x.episode[0]) - 1, "it is no episode")


def tree(strict):
    """The one instance of the figures."""
    return Domain(("model", "policy", "other_policy", "known"), partial(check_tree, strict=strict))


BEHAVED = Domain(("model", "policy"), check_world)
RECURRENT = Domain(("numbers",), check_recurrent)
ONE_OBSERVATION = Domain(("numbers",), partial(check_recurrent, one_step=True))
OBSERVED = Domain(("model", "policy", "numbers"), check_observed)
LEARNING = Domain(("model", "perturbed", "policy", "other_policy", "known"), check_learning)
TREE, STRICT_TREE = tree(strict=False), tree(strict=True)
BALL = Domain(("model", "perturbed", "policy"), check_ball)
CLASS = Domain(("model", "model_class", "sampling", "policy", "numbers"), check_class)
