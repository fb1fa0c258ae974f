// Somebody's finite model: its own logs against likelihood, evidence bound and imagination, all exact.
#include <algorithm>

#include "logs/check_book.hpp"
#include "logs/table_model.hpp"
#include "mdp/exact_values.hpp"

namespace lemmacheck {
namespace {

constexpr Step longest_imagination = 200;
constexpr std::size_t most_listed_episodes = 512;

struct Evidence {
  Episode episode;
  LogForm surprise, bound;  ///< -log p and -ELBO
};

Evidence evidence_of(const RecurrentModel& model, Episode episode) {
  const Rational chance = likelihood(model, episode);
  LogForm bound = negative_elbo(model, episode);
  return {std::move(episode), chance.sign() == 0 ? LogForm::infinity() : -LogForm::log(chance),
          std::move(bound)};
}

/// A short episode in full, a long one by its number.
std::string text_of(const Episode& episode, std::size_t number) {
  if (episode.observations.size() > 3) return "episode " + std::to_string(number);
  std::string text = "x = " + std::to_string(episode.observations[0]);
  for (std::size_t i = 0; i < episode.actions.size(); ++i)
    text += ", a = " + std::to_string(episode.actions[i]) +
            ", x = " + std::to_string(episode.observations[i + 1]);
  return text;
}

/// All episodes of 1 to 3 observations, as many as can be listed.
std::vector<Episode> every_episode(const RecurrentModel& model) {
  std::vector<Episode> episodes;
  for (std::uint32_t x = 0; x < model.observations && x < most_listed_episodes; ++x)
    episodes.push_back({{x}, {}});
  const std::size_t step = std::size_t{model.actions} * model.observations;
  for (int longer = 0; longer < 2 && episodes.size() * step <= most_listed_episodes; ++longer) {
    std::vector<Episode> next;
    for (const Episode& episode : episodes)
      for (std::size_t i = 0; i < step; ++i) {
        next.push_back(episode);
        next.back().actions.push_back(static_cast<std::uint32_t>(i) / model.observations);
        next.back().observations.push_back(static_cast<std::uint32_t>(i) % model.observations);
      }
    episodes = std::move(next);
  }
  return episodes;
}

class ModelChecks {
 public:
  ModelChecks(CheckBook& book, RecurrentModel model) : book_(book), model_(std::move(model)) {}

  void run() {
    check_episodes();
    check_value();
    check_path();
  }

 private:
  // ------------------------------------------------------------------------------ episodes

  void check_episodes() {
    if (!book_.has({"observations"}) && !book_.has({"actions"}))
      return void(add_figures(every_episode(model_)));
    if (!book_.ready("likelihood and evidence bound", {"observations", "actions"})) return;
    const std::vector<Evidence> all = add_figures(episodes_of(book_.tables(), model_));
    if (book_.has({"log_likelihood"}))
      compare_logs("log_likelihood", all, &Evidence::surprise, "likelihood",
                   "log_likelihood is log p(x | a) of the model's own tables");
    if (!book_.has({"elbo"})) return;
    compare_logs("elbo", all, &Evidence::bound, "evidence bound",
                 "elbo is the expectation under the model's own encoder");
    bound_by_likelihood(all);
  }

  /// Logged numbers against minus the losses, which are exact.
  void compare_logs(const char* name, const std::vector<Evidence>& all, LogForm Evidence::*loss,
                    std::string check_name, std::string statement) {
    require_shape(book_.tables(), name, {all.size()}, "one number an episode");
    TableCheck& check = book_.add(std::move(check_name), std::move(statement));
    for (std::size_t i = 0; i < all.size(); ++i) {
      ++check.places;
      const Logged found = book_.number(name, i);
      const LogForm& expected = all[i].*loss;
      const bool fits = expected.is_infinite() || found.infinite != 0
                            ? expected.is_infinite() && found.infinite < 0
                            : abs(expected + LogForm(found.value)) <= LogForm(book_.slack(abs(found.value)));
      if (!fits) book_.fault(check, name, i, minus_text(expected));
    }
  }

  void bound_by_likelihood(const std::vector<Evidence>& all) {
    TableCheck& check =
        book_.add("evidence bound below likelihood", "elbo <= log p(x | a), computed exactly");
    for (std::size_t i = 0; i < all.size(); ++i) {
      ++check.places;
      const Logged found = book_.number("elbo", i);
      const LogForm& surprise = all[i].surprise;
      const bool fits =
          found.infinite < 0 || (found.infinite == 0 && !surprise.is_infinite() &&
                                 LogForm(found.value) + surprise <= LogForm(book_.slack(abs(found.value))));
      if (!fits) book_.fault(check, "elbo", i, "at most " + minus_text(surprise));
    }
  }

  std::vector<Evidence> add_figures(std::vector<Episode> episodes) {
    std::vector<Evidence> all;
    for (Episode& episode : episodes) all.push_back(evidence_of(model_, std::move(episode)));
    const auto count = [&](const std::string& what, auto&& is) {
      const auto n = std::ranges::count_if(all, is);
      figure(what + ", of " + std::to_string(all.size()) + " episodes", Rational(n));
    };
    count("impossible under the model", [](const Evidence& e) { return e.surprise.is_infinite(); });
    count(
        "with an evidence bound of -infinity, since the encoder gives mass to codes that dynamics or decoder "
        "exclude",
        [](const Evidence& e) { return !e.surprise.is_infinite() && e.bound.is_infinite(); });
    std::optional<LogForm> widest;
    const Evidence* where = nullptr;
    for (const Evidence& e : all) {
      if (e.bound.is_infinite()) continue;
      LogForm gap = e.bound - e.surprise;
      if (widest && gap <= *widest) continue;
      widest = std::move(gap);
      where = &e;
    }
    if (widest)
      book_.report().figures.push_back(
          {"widest finite gap of the evidence bound, at " +
               text_of(where->episode, static_cast<std::size_t>(where - all.data())),
           widest->to_string(), widest->approximate()});
    return all;
  }

  void figure(std::string name, const Rational& value) {
    book_.report().figures.push_back({std::move(name), value.to_string(), value.approximate()});
  }

  // ------------------------------------------------------------------------------ imagination

  void check_value() {
    if (!book_.has({"imagined_policy"}) && !book_.has({"imagined_value"})) return;
    if (!book_.ready("imagined value", {"imagined_policy", "imagined_horizon", "imagined_value", "rewards"}))
      return;
    const LoggedTables& in = book_.tables();
    require_shape(in, "imagined_policy", {model_.recurrent, model_.codes}, "an action for each (h, z)");
    const Rational steps = book_.scalar("imagined_horizon", 1);
    const std::uint64_t word = steps.sign() <= 0 ? 0 : steps.scaled_to_word(1).value_or(0);
    if (word == 0 || word > longest_imagination)
      in.fail("imagined_horizon", "is " + steps.to_string() + "; a whole number from 1 to " +
                                      std::to_string(longest_imagination) + " is needed");
    const auto horizon = static_cast<Step>(word);
    RecurrentModel discounted = model_;
    for (Rational& c : discounted.continues) c *= book_.discount();
    const FiniteMdp mdp = imagined_mdp(discounted);
    std::vector<std::uint32_t> policy;
    for (const std::int64_t a : whole_numbers(in, "imagined_policy", model_.actions))
      policy.push_back(static_cast<std::uint32_t>(a));
    policy.push_back(0);  // at the end any action does
    const Rational expected = policy_return(
        mdp, MarkovPolicy::deterministic(policy, mdp.state_count(), mdp.action_count()), horizon);
    require_shape(in, "imagined_value", {}, "a single number");
    TableCheck& check = book_.add(
        "imagined value",
        "imagined_value is the policy's value in the MDP that the model's own dynamics, reward and continue "
        "heads make");
    book_.compare(
        check, "imagined_value", 0, expected,
        book_.room(abs(expected), {"dynamics", "rewards", "continues", "imagined_value", "discount"}));
    figure("imagined value of the policy", expected);
    figure("imagined value of the best plan",
           expected_value<Rational>(mdp, optimal_plan(mdp, horizon).values));
  }

  /// Logged roll-outs against the model's own tables.
  void check_path() {
    if (!book_.has({"imagined_recurrent"})) return;
    if (!book_.ready("imagined steps", {"imagined_recurrent", "imagined_codes", "imagined_actions"})) return;
    const LoggedTables& in = book_.tables();
    const std::vector<std::size_t>& shape = book_.shape("imagined_recurrent");
    if (shape.size() != 2 || shape[1] == 0)
      in.fail("imagined_recurrent", "must have the shape [M, T]: M roll-outs of T >= 1 steps");
    const std::size_t m = shape[0], t = shape[1];
    require_shape(in, "imagined_codes", shape, "[M, T] beside imagined_recurrent");
    require_shape(in, "imagined_actions", {m, t - 1}, "[M, T - 1] beside imagined_recurrent");
    const auto h = indices("imagined_recurrent", model_.recurrent),
               z = indices("imagined_codes", model_.codes), a = indices("imagined_actions", model_.actions);
    TableCheck& steps = book_.add("imagined steps", "h[t+1] = f(h[t], z[t], a[t])");
    for (std::size_t i = 0; i < a.size(); ++i) {
      ++steps.places;
      const std::size_t at = i / (t - 1) * t + i % (t - 1);
      const std::uint32_t next = model_.step(h[at], z[at], a[i]);
      if (next != h[at + 1])
        book_.fault(steps, "imagined_recurrent", at + 1,
                    std::to_string(next) + " = f(" + std::to_string(h[at]) + ", " + std::to_string(z[at]) +
                        ", " + std::to_string(a[i]) + ")");
    }
    TableCheck& codes =
        book_.add("imagined codes", "z[t] has a chance under the dynamics, p(z[t] | h[t]) > 0");
    for (std::size_t at = 0; at < z.size(); ++at) {
      ++codes.places;
      if (model_.dynamics.probability(h[at], z[at]).sign() == 0)
        book_.fault(codes, "imagined_codes", at, "a code with p(z | h = " + std::to_string(h[at]) + ") > 0");
    }
    compare_head("imagined_rewards", "rewards", model_.rewards, h, z);
    compare_head("imagined_continues", "continues", model_.continues, h, z);
  }

  std::vector<std::uint32_t> indices(const char* name, std::uint32_t n) const {
    std::vector<std::uint32_t> out;
    for (const std::int64_t value : whole_numbers(book_.tables(), name, n))
      out.push_back(static_cast<std::uint32_t>(value));
    return out;
  }

  void compare_head(const char* logged, const char* head, const std::vector<Rational>& values,
                    const std::vector<std::uint32_t>& h, const std::vector<std::uint32_t>& z) {
    if (!book_.has({logged, head})) return;
    require_shape(book_.tables(), logged, book_.shape("imagined_recurrent"),
                  "[M, T] beside imagined_recurrent");
    TableCheck& check = book_.add(std::string(logged) + " by the head",
                                  std::string(logged) + " are the " + head + " head's at (h[t], z[t])");
    for (std::size_t at = 0; at < z.size(); ++at) {
      const Rational& expected = values[model_.pair(h[at], z[at])];
      book_.compare(check, logged, at, expected, book_.room(abs(expected), {logged, head}));
    }
  }

  CheckBook& book_;
  RecurrentModel model_;
};

}  // namespace

void check_finite_model(CheckBook& book) {
  const auto any = [&](std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* name) { return book.has({name}); });
  };
  if (!any({"sequence", "encoder", "dynamics", "decoder", "rewards", "continues"})) {
    for (const char* name : {"observations", "actions", "imagined_policy", "imagined_horizon",
                             "imagined_value", "imagined_recurrent"})
      if (book.has({name})) book.not_made(name, "sequence, encoder, dynamics, decoder");
    return;
  }
  if (!book.ready("the model's laws", {"sequence", "encoder", "dynamics", "decoder"})) return;
  if (!book.clean({"rows of encoder", "rows of dynamics", "rows of decoder", "range of continues"}))
    return book.not_made("the model's laws", "rows that are distributions, chances between 0 and 1");
  ModelChecks(book, recurrent_model_of(book.tables())).run();
}

}  // namespace lemmacheck
