// Section 15.3: the no-regret theorem of Agnostic SysID (Ross & Bagnell, 2012) and the regret of model
// choice, at a finite horizon. (The lemma language has no word for a class of models that rounds choose
// from.)
//
// nu is the distribution of the exploration data (the expert's, say).
#include "common.hpp"
#include "learning/learning_domains.hpp"
#include "learning/model_selection.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> class_and_planner = {
    "rewards known, in [0, 1]", "stationary transitions", "population data",
    "pi_i: an exact plan in T_i, deterministic, the lowest of the best actions",
    "T_1 is the class's first model; ties go to the first"};
const std::vector<std::string> weighted_data = {
    "d_w^pi(s,a) = sum_{h<H} (H-h) d_h^pi(s,a) / (H(H-1)/2) in the world",
    "round i has the data rho_i = nu/2 + d_w^{pi_i}/2"};
const std::vector<std::string> theorem_symbols = {
    "c = max d_w^{pi'} / nu, with nu > 0 wherever d_w^{pi'} is", "e_oc of a round: J(pi',T_i) - J(pi_i,T_i)",
    "e_model: the least average loss of a model of the class, e_regret the rest of the average loss played"};

template <class V>
auto row_l1(const V& x) {
  return [&x](State s, Action a) { return x.row_l1(1, s, a); };
}

/// H (H - 1) / divisor.
template <class V>
auto horizon_factor(const V& x, std::uint64_t divisor) {
  return x.ratio(std::int64_t{x.horizon()} * (x.horizon() - 1), divisor);
}

/// coverage() in the world; 1 at H = 1, where no transition counts and a factor of H - 1 makes it so.
template <class V, class At>
auto world_coverage(const V& x, At& at, Who who, bool all = true) {
  return x.horizon() == 1 ? x.number(1) : coverage(x, at, In::model, who, all);
}

template <class V>
int round_count(const V& x) {
  return static_cast<int>(x.numbers("rounds").front().scaled_to_word(1).value());
}

template <class V>
SelectionTrace selected(const V& x, const SelectionRule& rule) {
  return select_models(x.instance(), round_count(x), rule);
}

/// J(pi') - avg J(pi_i) - avg e_oc.
template <class V>
Rational average_shortfall(const V& x, const SelectionTrace& trace) {
  Rational sum;
  for (const SelectionRound& round : trace.rounds)
    sum += x.expected_return() - round.value - round.planning_error;
  return sum / Rational(trace.rounds.size());
}

/// e_model + e_regret: the average loss of the models played. @param best_only  e_model alone.
template <class N>
N average_loss(const SelectionTrace& trace, bool best_only) {
  const LogForm total = best_only ? trace.best_total_loss() : trace.total_loss();
  const LogForm average = total * Rational::ratio(1, trace.rounds.size());
  if constexpr (std::is_same_v<N, Rational>)
    return average.rational();
  else
    return average;
}

const SelectionRule leader{.selection = Selection::leader};

auto no_regret_theorem(const SelectionRule& rule, std::int64_t hundredths, bool best_only) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const auto c = world_coverage(x, at, Who::policy);
    if (at.assumption() == Truth::no) return;
    const SelectionTrace trace = selected(x, rule);
    at(average_shortfall(x, trace), Rational::ratio(hundredths, 100) * c * horizon_factor(x, 2) *
                                        average_loss<Rational>(trace, best_only));
  });
}

auto no_regret_kl(std::int64_t factor) {
  return Formula::with_logarithms([=](const auto& x, auto& at) {
    const auto c = world_coverage(x, at, Who::policy);
    if (at.assumption() == Truth::no) return;
    const SelectionTrace trace = selected(x, {.selection = Selection::leader, .loss = Loss::kl});
    const Rational missing = max(average_shortfall(x, trace), Rational(0)), scale = c * horizon_factor(x, 2);
    at(missing * missing, scale * scale * Rational::ratio(factor, 100) * average_loss<LogForm>(trace, false));
  });
}

template <class V>
bool has_truth(const V& x) {
  for (const FiniteMdp& model : x.instance().model_class)
    if (model.kernel(1) == x.model().kernel(1)) return true;
  return false;
}

template <class V>
Rational class_size(const V& x) {
  return Rational(x.instance().model_class.size());
}

/// How many rounds have a loss, with the truth in the class.
auto rounds_with_loss(Selection selection, std::int64_t less, bool realisable = true) {
  return Formula::exactly([=](const auto& x, auto& at) {
    if (realisable) at.assume(has_truth(x) ? Truth::yes : Truth::no);
    if (at.assumption() == Truth::no) return;
    const SelectionTrace trace = selected(x, {.selection = selection});
    const auto lossy = std::ranges::count_if(
        trace.rounds, [](const SelectionRound& round) { return round.loss.sign() > 0; });
    at(Rational(lossy), class_size(x) - Rational(less));
  });
}

auto mixture_regret(Selection selection, std::int64_t hundredths) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Rational eta = Rational::ratio(1, 2);
    const SelectionTrace trace = selected(x, {.selection = selection, .step_size = eta});
    const Rational m = class_size(x);
    Rational squares;
    for (const SelectionRound& round : trace.rounds) {
      Rational mean;
      for (const LogForm& loss : round.losses) mean += loss.rational() / m;
      for (const LogForm& loss : round.losses) squares += pow(loss.rational() - mean, 2);
    }
    const Rational start = (Rational(1) - Rational(1) / m) / (Rational(2) * eta);
    at(trace.regret().rational(), Rational::ratio(hundredths, 100) * (start + eta / Rational(2) * squares));
  });
}

void add_theorems(Ledger& ledger) {
  ledger.add({
      .id = "sysid.no_regret",
      .source = "Ross & Bagnell (2012), no-regret theorem",
      .statement =
          R"(J(\pi',M) - \tfrac1N \sum_i J(\pi_i,M) \le \overline{e_{oc}} + c^{\pi'}\, \tfrac{H(H-1)}{2}\, (e_{model} + e_{regret}))",
      .hypotheses = with(with(with(class_and_planner, weighted_data), theorem_symbols),
                         {"follow the leader with the L1 loss E_{rho_i} ||T - T_i||_1"}),
      .domain = model_classes(),
      .formula = no_regret_theorem(leader, 100, false),
      .note =
          "Round i is charged E_{rho_i} |T - T_i| with rho_i = nu/2 + d_w^{pi_i}/2: T_i on the data of the "
          "policy planned in it. e_model is the best model's average loss in hindsight, e_regret the rest.",
      .mutants = {{"without e_regret", no_regret_theorem(leader, 100, true)},
                  {"a hundredth of the constant", no_regret_theorem(leader, 1, false)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "sysid.no_regret_plain",
      .source = "algorithm 2",
      .statement =
          R"(J(\pi',M) - \tfrac1N \sum_i J(\pi_i,M) \le \overline{e_{oc}} + c^{\pi'}\, \tfrac{H(H-1)}{2}\, (e_{model} + e_{regret}) \text{ with the data of plain roll-outs})",
      .hypotheses =
          with(with(class_and_planner, theorem_symbols),
               {"d_w^pi(s,a) = sum_{h<H} (H-h) d_h^pi(s,a) / (H(H-1)/2) in the world, for c alone",
                "round i has the data nu/2 + d^{pi_i}/2, d the steps before the last, equally likely",
                "follow the leader with the L1 loss on them"}),
      .domain = model_classes(),
      .formula = no_regret_theorem({.selection = Selection::leader, .rollouts = Rollouts::plain}, 100, false),
      .expected = Verdict::violated,
      .corrected = "sysid.no_regret",
      .note =
          "What Algorithm 2 collects: its early steps weigh too little, and an error there costs the most.",
      .known = known_instance("sysid.no_regret_plain"),
      .kind = "reading",
  });

  ledger.add({
      .id = "sysid.no_regret_log_loss",
      .source = "Ross & Bagnell (2012), no-regret theorem",
      .statement =
          R"(\bigl[J(\pi',M) - \tfrac1N \sum_i J(\pi_i,M) - \overline{e_{oc}}\bigr]_+^2 \le \bigl(c^{\pi'} \tfrac{H(H-1)}{2}\bigr)^2\, 2\, \tfrac1N \sum_i \mathbb{E}_{\rho_i} KL(T \| T_i))",
      .hypotheses = with(with(with(class_and_planner, weighted_data), theorem_symbols),
                         {"follow the leader with the log loss"}),
      .domain = model_classes(),
      .formula = no_regret_kl(200),
      .note = "The theorem after Jensen and Pinsker: the log loss less the world's entropy is KL. It is "
              "infinite, and the bound empty, where a model misses what the world does.",
      .mutants = {{"a tenth of the constant", no_regret_kl(20)}},
      .kind = "beyond",
  });
}

void add_regret(Ledger& ledger) {
  ledger.add({
      .id = "sysid.leader_realisable",
      .source = "section 15.3",
      .statement =
          R"(\#\{i : \mathbb{E}_{\rho_i} \|T - T_i\|_1 > 0\} \le m - 1 \text{ if } T \text{ is one of } m \text{ models})",
      .hypotheses = with(with(class_and_planner, weighted_data),
                         {"follow the leader with the L1 loss, the world's dynamics in the class"}),
      .domain = model_classes(),
      .formula = rounds_with_loss(Selection::leader, 1),
      .note = "Each round with a loss rules out the model played: FTL has no regret if the truth is there.",
      .mutants = {{"m - 2", rounds_with_loss(Selection::leader, 2)}},
      .without = {{"realisability", rounds_with_loss(Selection::leader, 1, false)}},
      .kind = "reading",
  });

  ledger.add({
      .id = "sysid.latest_realisable",
      .source = "section 15.3",
      .statement =
          R"(\#\{i : \mathbb{E}_{\rho_i} \|T - T_i\|_1 > 0\} \le m - 1 \text{ for fits of the latest data})",
      .hypotheses = with(with(class_and_planner, weighted_data),
                         {"the best model for the latest data, the world's dynamics in the class"}),
      .domain = model_classes(),
      .formula = rounds_with_loss(Selection::latest, 1),
      .expected = Verdict::violated,
      .corrected = "sysid.leader_realisable",
      .note = "What is forgotten is chosen again: two wrong models alternate, each right where the other "
              "went, if nu looks at neither.",
      .kind = "ablation",
  });

  ledger.add({
      .id = "sysid.leader_agnostic",
      .source = "section 15.3",
      .statement =
          R"(\sum_i \mathbb{E}_{\rho_i} \|T - T_i\|_1 - \min_k \sum_i \mathbb{E}_{\rho_i} \|T - T^{(k)}\|_1 \le 2 (m - 1))",
      .hypotheses =
          with(with(class_and_planner, weighted_data), {"follow the leader with the L1 loss, any class"}),
      .domain = model_classes(),
      .formula = Formula::exactly([](const auto& x, auto& at) {
        at(selected(x, {.selection = Selection::leader}).regret().rational(),
           Rational(2) * (class_size(x) - Rational(1)));
      }),
      .expected = Verdict::violated,
      .corrected = "sysid.regularised_regret",
      .note =
          "Follow the leader is no no-regret algorithm without the truth in the class: two models make it "
          "cycle, and the regret grows with N.",
      .known = known_instance("sysid.leader_agnostic"),
      .kind = "reading",
  });

  ledger.add({
      .id = "sysid.regularised_regret",
      .source = "section 15.3",
      .statement =
          R"(\text{regret} \le \tfrac{1 - 1/m}{2\eta} + \tfrac{\eta}{2} \sum_i \sum_k (\ell_i(k) - \bar\ell_i)^2)",
      .hypotheses =
          with({"rewards known, in [0, 1]", "stationary transitions", "population data",
                "an exact planner: deterministic, the lowest of the best actions",
                "T_1 is the even mixture of the class",
                "follow the regularised leader: mixtures of models, Euclidean regulariser, eta = 1/2",
                "l_i(k): the loss of model k in round i, of m models"},
               weighted_data),
      .domain = model_classes(),
      .formula = mixture_regret(Selection::regularized, 100),
      .note = "With eta of the order of 1 / sqrt(N) the average regret vanishes, in any class. Mixtures are "
              "what it takes: the regularised leader alone may still be made to cycle.",
      .mutants = {{"the unregularised leader", mixture_regret(Selection::leader, 100)},
                  {"a third of it", mixture_regret(Selection::regularized, 33)}},
      .kind = "beyond",
  });
}

void add_claims(Ledger& ledger) {
  add_theorems(ledger);
  add_regret(ledger);
}

const Section section("15.3", add_claims, 5);

}  // namespace
}  // namespace lemmacheck
