#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "adversary/any_criterion.hpp"
#include "adversary/interval_set.hpp"
#include "cli/model_options.hpp"
#include "cli/session.hpp"
#include "formats/drn.hpp"
#include "language/certified_claim.hpp"
#include "mdp/json_reading.hpp"
#include "mdp/model_file.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct WorstCaseOptions {
  std::string model, reward, eps, radii, policy = "optimal", support = "any", out;
  CriterionOptions criterion;
  bool stationary = false;
};

/// Above this many operations the search among stationary models is refused: it is made in rationals.
constexpr double most_gradient_terms = 2e6;

Rational typed_radius(const std::string& text) {
  try {
    const Rational radius = Rational::parse_typed(text);
    if (radius.sign() < 0 || radius > Rational(2))
      throw InvalidInput("an L1 distance of two distributions is between 0 and 2");
    return radius;
  } catch (const InvalidInput& fault) {
    throw InvalidInput("--eps " + text + ": " + fault.what());
  }
}

/// eps for every pair, or what the file says: {"radii": [[s, a, "p/q"], ...]}.
std::vector<Rational> radii_of(const WorstCaseOptions& options, const FiniteMdp& model) {
  std::vector<Rational> radii(model.kernel(1).rows(), typed_radius(options.eps));
  if (options.radii.empty()) return radii;
  const nlohmann::json document = read_json_file(options.radii);
  const JsonPlace root(document, options.radii);
  root.allow_only({"radii"});
  const JsonPlace list = root.member("radii");
  std::vector<bool> given(radii.size());
  for (std::size_t i = 0; i < list.array_size(); ++i) {
    const JsonPlace entry = list.element(i);
    entry.require_array(3, "[state, action, \"p/q\"]");
    const State s{entry.element(0).index(model.state_count(), "a state")};
    const Action a{entry.element(1).index(model.action_count(), "an action")};
    const Rational radius = entry.element(2).rational();
    if (radius.sign() < 0 || radius > Rational(2))
      entry.fail("the radius is " + radius.to_string() + "; an L1 distance is between 0 and 2");
    if (given[model.row(s, a)]) entry.fail("this state and action have a radius already");
    given[model.row(s, a)] = true;
    radii[model.row(s, a)] = radius;
  }
  return radii;
}

struct Answer {
  Criterion criterion;
  Rational nominal, eps, span;
  std::optional<Rational> bound, sharp_bound;  ///< of endless runs none is known
  Extreme lowest, highest;
  RobustPlan robust{0, MarkovPolicy::uniform(1, 1)};
  Rational robust_nominal, optimum;
  std::optional<StationaryBracket> stationary_lowest, stationary_highest;

  Rational worst_gap() const { return max(nominal - lowest.value, highest.value - nominal); }
};

void add_stationary_brackets(Answer& answer, const FiniteMdp& model, const MarkovPolicy& policy,
                             const L1Ball& ball) {
  if (!answer.criterion.horizon)
    throw InvalidInput(
        "--stationary: without a horizon the extreme models are stationary already; leave it out");
  if (answer.criterion.discount)
    throw InvalidInput("--stationary is for a horizon without a discount; leave one of them out");
  const Step horizon = *answer.criterion.horizon;
  const double terms = static_cast<double>(model.kernel(1).rows()) * model.state_count() * horizon;
  if (terms > most_gradient_terms)
    throw InvalidInput("the model is too large for --stationary (states x states x actions x horizon above " +
                       std::to_string(static_cast<long>(most_gradient_terms)) + "); leave it out");
  answer.stationary_lowest = stationary_bracket(model, policy, horizon, ball, true);
  answer.stationary_highest = stationary_bracket(model, policy, horizon, ball, false);
}

Answer answered(const WorstCaseOptions& options, const Criterion& criterion, const FiniteMdp& model,
                const MarkovPolicy& policy, const L1Ball& ball) {
  const bool keep = !options.out.empty();
  const auto earned_by = [&](const MarkovPolicy& any) { return return_of(model, any, criterion); };
  Answer answer;
  answer.criterion = criterion;
  for (std::size_t row = 0; row < ball.kernel().rows(); ++row) answer.eps = max(answer.eps, ball.radius(row));
  answer.span = model.rewards().span();
  if (has_simulation_bound(criterion)) {
    answer.bound = answer.span * simulation_bound(answer.eps, criterion);
    answer.sharp_bound = answer.span * sharp_simulation_bound(answer.eps / Rational(2), criterion);
  }
  answer.nominal = earned_by(policy);
  answer.lowest = extreme_return(model, policy, criterion, ball, true, keep);
  answer.highest = extreme_return(model, policy, criterion, ball, false, keep);
  answer.robust = robust_plan(model, criterion, ball);
  answer.robust_nominal = earned_by(answer.robust.policy);
  answer.optimum = earned_by(best_policy(model, criterion));
  if (options.stationary) add_stationary_brackets(answer, model, policy, ball);
  return answer;
}

/// The worst and the best model, the robust policy, and a certificate of the worst gap.
/// @returns the certificate's file; nothing where rewards are not in [0, 1], of which the claim speaks.
std::optional<std::string> write_answer(const Session& session, const WorstCaseOptions& options,
                                        const FiniteMdp& model, const MarkovPolicy& policy,
                                        const Answer& answer) {
  const std::filesystem::path folder = options.out;
  make_folder(folder);
  const FiniteMdp lowest = with_kernels(model, answer.lowest.kernels),
                  highest = with_kernels(model, answer.highest.kernels);
  const auto put = [&](const char* name, const nlohmann::json& document) {
    write_file(folder / name, document.dump() + "\n");
  };
  put("lowest.json", model_to_json(lowest));
  put("highest.json", model_to_json(highest));
  put("policy.json", {{"policy", policy_to_json(policy)}});
  put("robust_policy.json", {{"policy", policy_to_json(answer.robust.policy)}});
  const bool steps = answer.criterion.horizon.has_value();
  if (answer.criterion.endless != Criterion::Endless::none) return std::nullopt;
  const Claim* claim = session.ledger().find(steps ? "sim.sharp_time_varying" : "discounted.sharp");
  const RewardTable& rewards = model.rewards();
  const bool both = steps && answer.criterion.discount;  // no claim speaks of both
  if (claim == nullptr || both || rewards.lowest().sign() < 0 || rewards.highest() > Rational(1))
    return std::nullopt;
  Instance instance;
  if (steps)
    instance.horizon = *answer.criterion.horizon;
  else
    instance.numbers["discount"] = {*answer.criterion.discount};
  instance.model = model;
  const bool downwards = answer.nominal - answer.lowest.value >= answer.highest.value - answer.nominal;
  instance.perturbed = downwards ? lowest : highest;
  instance.policy = policy;
  put("certificate.json",
      certificate_to_json(certify(*claim, as_instance_of(*claim, instance), std::nullopt)));
  return (folder / "certificate.json").string();
}

nlohmann::json bracket_to_json(const StationaryBracket& bracket) {
  nlohmann::json out = {{"closed", bracket.closed()}};
  put_number(out, "found", bracket.found);
  put_number(out, "bound", bracket.bound);
  return out;
}

/// "robust_value", and what no plan goes beyond, which is the same where the plan is proven best.
void put_plan(nlohmann::json& out, const RobustPlan& plan) {
  put_number(out, "robust_value", plan.value);
  out["robust_closed"] = plan.closed;
  put_number(out, "robust_bound", plan.closed ? std::optional(plan.value) : plan.bound);
}

nlohmann::json answer_to_json(const WorstCaseOptions& options, const Answer& answer) {
  nlohmann::json out = {{"model", options.model}, {"policy", options.policy}, {"support", options.support}};
  put_criterion(out, answer.criterion);
  put_number(out, "eps", answer.eps);
  put_number(out, "nominal", answer.nominal);
  put_number(out, "lowest", answer.lowest.value);
  put_number(out, "highest", answer.highest.value);
  put_number(out, "worst_gap", answer.worst_gap());
  put_number(out, "reward_span", answer.span);
  put_number(out, "bound", answer.bound);
  put_number(out, "sharp_bound", answer.sharp_bound);
  const auto ratio = [&](const std::optional<Rational>& bound) {
    return bound ? tightness(Sides{answer.worst_gap(), *bound}) : std::nullopt;
  };
  put_number(out, "ratio", ratio(answer.bound));
  put_number(out, "sharp_ratio", ratio(answer.sharp_bound));
  put_plan(out, answer.robust);
  put_number(out, "robust_nominal", answer.robust_nominal);
  put_number(out, "robust_regret", answer.optimum - answer.robust_nominal);
  out["stationary"] = nlohmann::json();
  if (answer.stationary_lowest)
    out["stationary"] = {{"lowest", bracket_to_json(*answer.stationary_lowest)},
                         {"highest", bracket_to_json(*answer.stationary_highest)}};
  return out;
}

std::string line(const char* name, const Rational& number) {
  const std::string exact = short_number(number);  // "~..." where it is long
  return fmt::format("{:<52}{}{}\n", name, exact,
                     exact[0] == '~' ? "" : fmt::format("  (about {})", decimal(number)));
}

/// Nothing where the plan is proven best.
std::string open_plan_line(const RobustPlan& plan) {
  if (plan.closed) return "";
  constexpr const char* name = "open whether another plan is better; none goes beyond";
  return plan.bound ? line(name, *plan.bound) : fmt::format("{:<52}nothing that is known\n", name);
}

std::string answer_as_text(const Answer& answer) {
  std::string text = line("J in the model", answer.nominal) +
                     line("lowest J within the distance, models free each step", answer.lowest.value) +
                     line("highest", answer.highest.value) + line("worst gap", answer.worst_gap());
  if (answer.bound) {
    const auto [printed, sharp] = names_of_bounds(answer.criterion, "eps", "eps/2");
    text += line(sharp.c_str(), *answer.sharp_bound) + line(printed.c_str(), *answer.bound);
    if (answer.bound->sign() > 0) text += line("worst gap / bound", answer.worst_gap() / *answer.bound);
  }
  text += line("the best return one can be sure of (robust plan)", answer.robust.value) +
          open_plan_line(answer.robust) +
          line("what the robust plan earns in the model", answer.robust_nominal) +
          line("what it gives away there, against the optimum", answer.optimum - answer.robust_nominal);
  const auto bracket = [&](const char* name, const StationaryBracket& found) {
    return fmt::format("{:<52}{} found, {} the bound: {}\n", name, short_number(found.found),
                       short_number(found.bound), found.closed() ? "closed" : "open");
  };
  if (answer.stationary_lowest)
    text += bracket("lowest J over stationary models", *answer.stationary_lowest) +
            bracket("highest", *answer.stationary_highest);
  return text;
}

void worst_case_around(Session& session, const WorstCaseOptions& options) {
  const Criterion criterion = options.criterion.criterion();
  const ReadModel read = read_any_model(options.model, {.reward = options.reward});
  const FiniteMdp& model = read.model;
  const MarkovPolicy policy = policy_named(options.policy, model, criterion);
  if (model.time_varying())
    throw InvalidInput(options.model +
                       ": the model is time-varying; the adversary moves around a stationary one");
  if (options.eps.empty())
    throw InvalidInput("--eps is missing: the L1 distance that each row may be wrong by, such as 1/10");
  const L1Ball ball(model.kernel(1), radii_of(options, model), options.support == "keep");
  const Answer answer = answered(options, criterion, model, policy, ball);
  std::optional<std::string> certificate;
  if (!options.out.empty()) certificate = write_answer(session, options, model, policy, answer);
  if (!answer.robust.closed) session.exit_code = undecided;
  if (session.json) {
    nlohmann::json document = answer_to_json(options, answer);
    document["certificate"] = certificate ? nlohmann::json(*certificate) : nlohmann::json();
    document["changes"] = read.changes;
    return session.print(document);
  }
  std::string text = answer_as_text(answer);
  for (const std::string& change : read.changes) text += "changed: " + change + "\n";
  if (!options.out.empty() && !certificate)
    text +=
        "no certificate was written: its claims are about rewards in [0, 1] and a horizon or a discount\n";
  session.print(text);
}

// ------------------------------------------------------------------------------ intervals

/// An interval MDP, carried by one of its models.
struct IntervalWorld {
  FiniteMdp model;
  IntervalSet set;
  std::vector<std::string> changes;
};

IntervalWorld interval_world(const RawModel& raw) {
  IntervalModel read = finished_intervals(raw);
  const std::uint32_t states = read.initial.columns();
  const auto actions = static_cast<std::uint32_t>(read.rows.size() / states);
  std::vector<std::vector<IntervalSet::Entry>> rows;
  for (const IntervalRow& row : read.rows) {
    auto& entries = rows.emplace_back();
    for (const IntervalRow::Entry& entry : row.entries)
      entries.push_back({entry.next, entry.lower, entry.upper});
  }
  IntervalSet set(states, std::move(rows), [&](std::size_t row) { return read.rows[row].place; });
  FiniteMdp model(std::move(read.initial), {set.member()}, std::move(read.rewards), states, actions);
  model.names = std::move(read.names);
  return {std::move(model), std::move(set), std::move(read.changes)};
}

/// Extremes over all models in the intervals: of the policy, or of the best one against each kind of nature.
struct IntervalAnswer {
  Criterion criterion;
  Rational lowest, highest;
  std::optional<RobustPlan> robust, hopeful;  ///< where no policy was given
};

IntervalAnswer interval_answer(const WorstCaseOptions& options, const IntervalWorld& world) {
  IntervalAnswer answer{options.criterion.criterion(), 0, 0, {}, {}};
  const Criterion& criterion = answer.criterion;
  if (options.policy != "optimal") {
    const MarkovPolicy policy = policy_named(options.policy, world.model, criterion);
    answer.lowest = extreme_return(world.model, policy, criterion, world.set, true).value;
    answer.highest = extreme_return(world.model, policy, criterion, world.set, false).value;
    return answer;
  }
  answer.robust = robust_plan(world.model, criterion, world.set, true);
  answer.hopeful = robust_plan(world.model, criterion, world.set, false);
  answer.lowest = answer.robust->value;
  answer.highest = answer.hopeful->value;
  return answer;
}

void worst_case_in(Session& session, const WorstCaseOptions& options, const RawModel& raw) {
  if (!options.eps.empty() || !options.radii.empty() || options.stationary || options.support != "any")
    throw InvalidInput(options.model +
                       ": its probabilities are intervals, which say how far rows may move; leave "
                       "out --eps, --radii, --support and --stationary");
  const IntervalWorld world = interval_world(raw);
  const IntervalAnswer answer = interval_answer(options, world);
  if (answer.robust && !(answer.robust->closed && answer.hopeful->closed)) session.exit_code = undecided;
  if (!options.out.empty()) {
    if (!answer.robust)
      throw InvalidInput("--out keeps the robust policy of an interval model; leave out --policy");
    make_folder(options.out);
    write_file(std::filesystem::path(options.out) / "robust_policy.json",
               nlohmann::json{{"policy", policy_to_json(answer.robust->policy)}}.dump() + "\n");
  }
  if (session.json) {
    nlohmann::json out = {{"model", options.model}, {"policy", options.policy}, {"changes", world.changes}};
    put_criterion(out, answer.criterion);
    put_number(out, "nominal", std::optional<Rational>());
    put_number(out, "lowest", answer.lowest);
    put_number(out, "highest", answer.highest);
    if (answer.robust) {
      put_plan(out, *answer.robust);
      out["highest_closed"] = answer.hopeful->closed;
    }
    return session.print(out);
  }
  std::string text = line(answer.robust ? "the best return one can be sure of (robust plan)"
                                        : "lowest J of the policy, models free each step",
                          answer.lowest) +
                     (answer.robust ? open_plan_line(*answer.robust) : "") +
                     line(answer.robust ? "the best return if the models are as good as can be" : "highest",
                          answer.highest) +
                     (answer.hopeful ? open_plan_line(*answer.hopeful) : "");
  for (const std::string& change : world.changes) text += "changed: " + change + "\n";
  session.print(text);
}

void worst_case(Session& session, const WorstCaseOptions& options) {
  if (ending_of(options.model) == ".drn") {
    const RawModel raw = read_drn(options.model, options.reward);
    if (raw.intervals) return worst_case_in(session, options, raw);
  }
  worst_case_around(session, options);
}

}  // namespace

void add_worst_case(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "worst-case", "The exact lowest and highest J over all models within an L1 distance");
  auto options = std::make_shared<WorstCaseOptions>();
  command->add_option("--model", options->model, model_help)->required();
  command->add_option(
      "--eps", options->eps,
      "L1 distance that each row may be wrong by, such as 1/10 or 0.1; a model of intervals has its own");
  options->criterion.add_to(*command);
  command->add_option("--policy", options->policy, policy_help)->capture_default_str();
  command->add_option("--support", options->support, "any; keep: no mass to states that a row does not reach")
      ->check(CLI::IsMember({"any", "keep"}))
      ->capture_default_str();
  command->add_option(
      "--radii", options->radii,
      "JSON file {\"radii\": [[s, a, \"p/q\"], ...]}: distances of single pairs, in place of eps");
  command->add_option("--reward", options->reward, "Which reward model of the file, where it has several");
  command->add_flag("--stationary", options->stationary, "Bracket the extremes over stationary models, too");
  command->add_option("--out", options->out,
                      "Write the worst and best model, the policies and a certificate to this folder");
  command->callback([&session, options] { worst_case(session, *options); });
}

}  // namespace lemmacheck
