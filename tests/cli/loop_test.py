"""Learning loops in lemmas: every rule by both checkers, what cannot be read, what an answer shows.

usage: loop_test.py LEMMACHECK_BINARY SOURCE_DIR
"""

import itertools
import json
import tempfile
from pathlib import Path

from lemma_test import first_checker, second_checker
from program import expect, finish, refused, run, written

SETTING = """lemma %s
  given   M = (S, A, r, T, H, rho), r in [0, 1], H in 1..4
  given   known : S x A -> {0, 1}, pi_{0,h} : S -> Delta(A), pi_{E,h} : S -> Delta(A)
  given   T_0 : S x A -> Delta(S), hope : X -> [0, 1], hopes : A x S -> [0, 1], full : S x X x A -> [0, 1]
  given   RANK, w : S x A -> {1, 2, 5}
"""
# All that is said of a loop, in one number: what is planned, promised and earned, by its own and by earlier policies.
DIGEST = """  where   said_t = J(pi_t,M) + 3 J(pi_t,M_hat_t) + 7 J(pi_{t-1},M_hat_t) + 11 J^*(M_hat_t) + 13 J(pi_E,M_hat_t)
            + 17 max_s V_1^{pi_t}(s,M_hat_t) + 19 max_{s,a} Q_H^{pi_E}(s,a,M_hat_t) + 23 min_{s,a} A_1^*(s,a,M_hat_t)
            + sum_{h=1}^{H} h sum_s w(s, pi_{t,h}(s)) + sum_{s,a} d_H^{pi_t,M}(s,a)/w(s,a)
  claim   sum_{t=1}^{6} t said_t + said_40 <= -1
  witness |S| >= 2 and |A| >= 2 and H >= 2 and J(pi_1,M) != J(pi_2,M)
"""
FITS = ("latest", "aggregate", "hybrid", "expert", "hybrid-latest")
FILLS = ("optimistic", "pessimistic", "figure", "T_0", "keep T_0", "hope", "hopes", "full")
TIES = ("lowest", "highest", "stay", "for", "against", "rank", "rank_h")


def lemma(name, fit, fill, ties):
    """A text whose claim is false on every instance, so that any is shown."""
    expert = " with pi_E" if fit in ("hybrid", "expert", "hybrid-latest") else ""
    families = {"rank_h": "rank_h : S x A -> R"}
    text = SETTING.replace("RANK", families.get(ties, "rank : S x A -> R"))
    return text % name + f"  given   pi_t, M_hat_t in loop({fit}, {fill}, {ties}) of M from pi_0{expert} knowing known\n" + DIGEST


def check_rules(folder):
    """Each combination of data and fill, the ties in turn: both checkers say the same of an instance of it."""
    ties = itertools.cycle(TIES)
    combinations = [(fit, fill, next(ties)) for fit, fill in itertools.product(FITS, FILLS)]
    texts = [lemma(f"rules.{number}", *rules) for number, rules in enumerate(combinations)]
    file = written(folder, "rules.lemma", "\n".join(texts))
    for seed in ("1", "2"):
        out = Path(folder, "certificates", seed)
        code, _, err = run("check", file, "--instances", "60", "--seed", seed, "--report-only", "--out", out)
        expect(code == 0, f"rules: {code} {err[-300:]}")
        files = sorted(out.glob("*.json"))
        expect(len(files) == len(combinations), f"{len(files)} certificates of {len(combinations)}")
        for checker, verdicts in (("verify", first_checker(files)), ("verify_certificate.py", second_checker(files))):
            rejected = [combinations[int(f.split(".")[1])] for f, good in verdicts.items() if not good]
            expect(not rejected, f"{checker} rejects {rejected[:4]}")
        kinds = {json.loads(f.read_text())["lhs"] for f in files}
        expect(len(kinds) > len(files) // 2, f"{len(kinds)} different sides alone")
        check_falsified(folder, files, seed)


def check_falsified(folder, files, seed):
    """With another first policy, hope, rank or known pair the side is another one, or both checkers agree that it is not."""
    changed = []
    for number, file in enumerate(files):
        document = json.loads(file.read_text())
        values = document["instance"]["values"]
        sizes = document["instance"]["sizes"]
        part = ("known", "hope", "T_0", "r")[number % 4]
        if part == "T_0":
            values[part] = [[s, a, (t + 1) % sizes["S"], p] for s, a, t, p in values[part]]
        elif part == "hope":
            values[part] = [[x, "1/2"] for x in range(sizes["X"])]
        else:
            every = {(s, a): "1" for s in range(sizes["S"]) for a in range(sizes["A"])}
            for s, a, one in values[part]:
                every.pop((s, a))
            values[part] = [[s, a, one] for (s, a), one in every.items()]
        changed.append(written(folder, f"changed.{seed}.{number}.json", document))
    first, second = first_checker(changed), second_checker(changed)
    expect(first == second, f"the checkers differ: {[f for f in first if first[f] != second.get(f)]}")
    expect(sum(not good for good in first.values()) > len(changed) // 4, f"{sum(not good for good in first.values())} of {len(changed)} changes matter")


GOOD = SETTING.replace("RANK", "rank : S x A -> R") % "t" + "  given   pi_t, M_hat_t in loop(hybrid, hope, stay) of M from pi_0 with pi_E knowing known\n  claim   %s\n"
TRUE = "for all 1 <= t <= 3: J(pi_t,M) <= H"
# What is written in place of what, and the words of the message.
WRONG = (
    ("loop(hybrid, hope, stay)", "loop(newest, hope, stay)", ["\"newest\" says of no data", "aggregate"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, hopeful, stay)", ["\"hopeful\" is not declared", "the fill of pairs without data is one of"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, hope, first)", ["\"first\" is not declared", "ties are broken by one of"]),
    ("loop(hybrid, hope, stay)", "loop()", ["says of no data"]),
    ("hope : X -> [0, 1]", "hope_h : X -> [0, 1]", ["hope has a member for each step", "hope_1"]),
    ("known : S x A -> {0, 1}", "known_h : S x A -> {0, 1}", ["known has a member for each step"]),
    (", w : S x A -> {1, 2, 5}", ", stay : S -> [0, 1]", ["\"stay\" is a word of loops"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, adversarial, stay)", ["adversarial"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, pi_E, stay)", ["no fill of unseen pairs"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, keep hope, stay)", ["no fill of unseen pairs", "keep T_0"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, hope, T_0)", ["breaks no ties"]),
    ("loop(hybrid, hope, stay)", "loop(hybrid, hope)", ["write: given pi_t, M_hat_t in loop("]),
    (" of M from pi_0", " of M of M from pi_0", ["\"of\" is said twice"]),
    ("with pi_E", "with pi_1", ["depends on its own rounds", "break the circle"]),
    ("r in [0, 1]", "r(s,a,s') in [0, 1]", ["paid for transitions", "r(s,a)"]),
    ("pi_t, M_hat_t in loop", "pi_{t,k}, M_hat_t in loop", ["declared with two integers"]),
    ("pi_t, M_hat_t in loop", "pi_h, M_hat_h in loop", ["h counts steps"]),
    ("pi_t, M_hat_t in loop", "M_hat_t, pi_t in loop", ["name the policies before the models"]),
    ("loop(hybrid, hope, stay)", "loop(aggregate, hope, stay)", ["an expert is named whose data this loop does not use"]),
    (" with pi_E", "", ["the expert is not said"]),
    (" from pi_0", "", ["from which policy the loop starts"]),
    ("from pi_0", "from T_0", ["no policy that collects data"]),
    ("knowing known", "knowing hope", ["does not say which pairs are known", "known : S x A -> {0, 1}"]),
    ("knowing known", "until 7", ["\"until\" cannot follow a loop"]),
    (" of M from", " of N from", ["\"N\" is no MDP"]),
    ("pi_t, M_hat_t in loop", "pi, M_hat_t in loop", ["declared with no round"]),
    ("pi_t, M_hat_t in loop", "pi_t, M_hat_t, q_t in loop", ["more names"]),
    ("T, H, rho)", "T, gamma, rho)", ["needs a horizon"]),
    ("r, T, H", "r_h, T, H", ["a loop learns one kernel for all"]),
    (TRUE, "J(pi,M) <= H", ["pi has a member for each round"]),
    (TRUE, "for all 1 <= t <= 3: J(pi_{t/2},M) <= H", ["which round of pi is meant", "a round is an integer"]),
    (TRUE, "J(pi_{100000000000000000000},M) <= H", ["too large", "2^40"]),
    (TRUE, "for all 1 <= t <= 3, s: pi_t(s) = pi_t(s)", ["pi_{t,h}"]),
    (TRUE, "for all 1 <= t <= 3: J(pi_t,M_hat) <= H", ["M_hat"]),
    (TRUE, "for all 1 <= t <= 3, h, s: d_h^{pi_t,M_hat_t}(s) <= 1", ["paradise and abyss"]),
    (TRUE, "for all 1 <= t <= 3: E_{tau ~ (pi_t,M_hat_t)}[r(s_1,a_1)] <= 1", ["paradise and abyss"]),
)


def check_wrong(folder):
    """What cannot be read is one error that names the place, the fault and the remedy."""
    code, out, err = run("check", written(folder, "good.lemma", GOOD % TRUE), "--instances", "100")
    expect(code == 0, f"a good loop: {code} {err[-300:]} {out[-200:]}")
    for number, (old, new, words) in enumerate(WRONG):
        text = GOOD % TRUE
        expect(old in text, f"nothing to replace: {old}")
        refused("check", written(folder, f"wrong{number}.lemma", text.replace(old, new, 1)), words=[f"wrong{number}.lemma:", *words])
    half = GOOD % TRUE + "\nlemma u\n  like t\n  given pi_t in loop(latest, hope, stay) from pi_0\n  claim " + TRUE + "\n"
    refused("check", written(folder, "half.lemma", half), words=["one name of a loop is declared again"])
    circle = GOOD.replace("loop(hybrid, hope, stay)", "loop(hybrid, near, stay)") % TRUE + "  where near(s) = min(1, J(pi_2,M)/H)\n"
    refused("check", written(folder, "circle.lemma", circle), words=["circle.lemma:", "depends on its own rounds", "break the circle"])
    two = GOOD.replace(", r in [0, 1], H in 1..4\n", ", r in [0, 1], H in 1..4\n  given   M' = (S, A, r, T, H', rho)\n", 1) % TRUE
    for family in ("pi_{0,h}", "pi_{E,h}"):
        two = two.replace(family, family.replace("{", "").replace(",h}", ""))
    refused("check", written(folder, "two.lemma", two), words=["two.lemma:", "the lemma's one horizon", "the same horizon"])
    roots = GOOD.replace("loop(hybrid, hope, stay)", "loop(hybrid, near, stay)") % TRUE + "  where near(s,a) = sqrt(r(s,a))\n"
    refused("check", written(folder, "roots.lemma", roots), words=["roots.lemma:", "irrational", "use rational numbers"])
    outside = GOOD.replace("hope : X -> [0, 1]", "hope : X -> [0, 3]") % TRUE
    refused("check", written(folder, "outside.lemma", outside), words=["a probability outside [0, 1]"])
    flags = GOOD.replace("known : S x A -> {0, 1}", "known : S x A -> [0, 1]") % TRUE
    refused("check", written(folder, "flags.lemma", flags), words=["is said by 0 and 1"])


def check_answer(folder):
    """An answer shows the rounds; every rule is replaced in turn; what is explained names each part."""
    false = GOOD % "for all 1 <= t <= 3: J(pi_E,M) <= J(pi_t,M)"
    file = written(folder, "false.lemma", false)
    code, out, _ = run("check", file, "--instances", "500")
    expect(code == 1 and "J(pi_{t" in out and "Step by step" in out, f"rounds are not shown: {out[:400]}")
    _, out, _ = run("explain", file)
    for words in ("round t >= 1 fits M_hat_t of M", "of the expert pi_E", "paradise with probability hope", "unless known is 1", "at every state and step; data of a policy"):
        expect(words in out, f"explain does not say: {words}")
    true = GOOD.replace("hybrid, hope", "hybrid, pessimistic") % "for all 1 <= t <= 3: J(pi_E,M) <= J(pi_t,M)"
    code, out, _ = run("check", written(folder, "true.lemma", true), "--ablate", "--instances", "800")
    expect("without the fill pessimistic for pi: optimistic needed" in out, f"--ablate: {out[:600]}")
    expect("without hybrid data for pi: aggregate" in out and "without ties broken by stay for pi: against" in out, f"--ablate: {out[:600]}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_rules(folder)
        check_wrong(folder)
        check_answer(folder)
    finish("learning loops in lemmas")


if __name__ == "__main__":
    main()
