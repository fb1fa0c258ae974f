/// Code of learning loops: their rounds on one instance, pi_t, and values in M_t. Always in rationals, since
/// ties decide what is planned. Private to the language layer.
#pragma once

#include "language/detail/endless_values.hpp"
#include "language/detail/field_code.hpp"
#include "learning/trace.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck::detail {

/// A loop that does not come back to an earlier round is not followed further.
constexpr int most_rounds = 1000;

struct LoopRun {
  /// Returns are computed where a claim speaks of them: the loop's own landmarks are not needed.
  LoopRun(LearningProblem of, const LoopOptions& options)
      : problem(std::move(of)),
        trace(run_loop(problem, options, Landmarks{})),
        policies(trace.rounds.size() + 1) {}
  /// Where round t >= 1 is among the trace's rounds: from some round on they repeat.
  std::size_t index(std::int64_t t) const {
    const auto listed = static_cast<std::int64_t>(trace.rounds.size());
    if (t <= listed) return static_cast<std::size_t>(t - 1);
    const int first = trace.cycle ? trace.cycle->start : *trace.converged_at;
    const int length = trace.cycle ? trace.cycle->length : 1;
    return static_cast<std::size_t>(first - 1 + (t - first) % length);
  }

  /// Over the world's own states: pi_0 at 0, then those of the trace's rounds.
  const MarkovPolicy& policy(std::size_t number) {
    std::optional<MarkovPolicy>& known = policies[number];
    if (!known) known = problem.own_part(number == 0 ? problem.start : trace.rounds[number - 1].policy);
    return *known;
  }

  LearningProblem problem;
  Trace trace;
  std::vector<std::optional<MarkovPolicy>> policies;  ///< made when they are first asked for
  /// By round, place in the text (or the optimum) and key of the policy there.
  std::map<std::array<std::int64_t, 3>, std::unique_ptr<ExactValues>> values;
};

/// A policy or kernel as rows that stand by themselves.
template <class N>
StochasticMatrix rational_rows_of(Frame<N>& frame, const RowsCode<N>& code, std::size_t count,
                                  std::size_t columns, std::size_t steps, const char* what) {
  const std::int64_t own = code.own_step(frame);
  const bool family = code.family() && own == 0;
  Scratch<RowRef<N>> list;
  for (std::size_t h = 1; h <= (family ? steps : 1); ++h)
    code.append(frame, own != 0 ? own : family ? static_cast<std::int64_t>(h) : 0, count, *list);
  Scratch<StochasticMatrix::RowOf> rows;
  for (const RowRef<N>& row : *list) {
    if (row.matrix == nullptr) refuse_irrational(what, "probabilities are");
    rows->push_back({row.matrix, row.row});
  }
  return StochasticMatrix::assembled(static_cast<std::uint32_t>(columns), *rows);
}

/// The world that a loop learns, with its start.
inline FiniteMdp world_of(Frame<Rational>& frame, std::size_t index) {
  const ModelData<Rational>& model = model_data(frame, index);
  if (model.plain) return *model.plain;
  const FiniteMdp& bare = rational_model(frame, index);
  StochasticMatrix::Rows start(1);
  model.initial->each([&](std::uint32_t s, const Rational& mass) { start[0].push_back({s, mass}); });
  return FiniteMdp(
      StochasticMatrix(bare.state_count(), start, [](std::size_t) { return std::string("the start"); }),
      {bare.kernel(1)}, bare.rewards(), bare.state_count(), bare.action_count());
}

/// For each round of a period, and each step of a family, a number for each pair; 0 in fictitious states.
/// @param own_states, states  of the world, and with the fictitious ones.
inline std::vector<std::vector<Rational>> by_round(Frame<Rational>& frame,
                                                   const LoopCode<Rational>::PairFunction& code,
                                                   std::size_t own_states, std::size_t states,
                                                   std::size_t actions) {
  const std::size_t period = code.round_at ? frame.set_size(code.sets[*code.round_at]) : 1;
  const std::size_t steps = code.family ? frame.steps() : 1, pairs = states * actions;
  std::vector<std::vector<Rational>> list(period, std::vector<Rational>(steps * pairs));
  std::vector<std::size_t> at(code.sets.size());
  for (std::size_t x = 0; x < period; ++x)
    for (std::size_t h = 0; h < steps; ++h)
      for (std::size_t pair = 0; pair < own_states * actions; ++pair) {
        if (code.round_at) at[*code.round_at] = x;
        if (code.state_at) at[*code.state_at] = pair / actions;
        if (code.action_at) at[*code.action_at] = pair % actions;
        std::size_t flat = 0;
        for (std::size_t i = 0; i < at.size(); ++i) flat = flat * frame.set_size(code.sets[i]) + at[i];
        list[x][h * pairs + pair] = code.field->eval(frame, static_cast<std::int64_t>(h) + 1, flat);
      }
  return list;
}

/// What a loop is run on.
inline LearningProblem problem_of(Frame<Rational>& frame, const LoopCode<Rational>& code) {
  const FiniteMdp world = world_of(frame, code.model);
  const std::uint32_t states = world.state_count(), actions = world.action_count();
  const auto policy = [&](const RowsCode<Rational>& rows) {
    return MarkovPolicy(rational_rows_of(frame, rows, states, actions, frame.steps(), "a policy"), states);
  };
  std::optional<MarkovPolicy> expert;
  if (code.expert) expert = policy(*code.expert);
  std::optional<StochasticMatrix> kernel;
  if (code.kernel)
    kernel = rational_rows_of(frame, *code.kernel, std::size_t{states} * actions, states, 1, "a kernel");
  MarkovPolicy start = policy(*code.start);
  const auto horizon = static_cast<Step>(frame.steps());
  std::vector<bool> known;
  if (code.known) {
    const std::vector<Rational> flags = by_round(frame, *code.known, states, states, actions)[0];
    for (std::size_t pair = 0; pair < std::size_t{states} * actions; ++pair) {
      if (flags[pair].sign() != 0 && flags[pair] != Rational(1))
        fail_at(code.known->place, "which pairs are known is said by 0 and 1, and some number is another",
                "declare it as in: given known : S x A -> {0, 1}");
      known.push_back(flags[pair].sign() != 0);
    }
  }
  return LearningProblem(world, horizon, std::move(start), std::move(expert), std::move(known),
                         std::move(kernel));
}

inline LoopRun& loop_run(Frame<Rational>& frame, std::size_t index) {
  std::shared_ptr<LoopRun>& run = frame.loops[index];
  if (run) return *run;
  const LoopCode<Rational>& code = frame.program.loops[index];
  LearningProblem problem = problem_of(frame, code);
  const auto by_round_of = [&](const auto& function) {
    const FiniteMdp& world = problem.world;
    return by_round(frame, function, problem.own_states, world.state_count(), world.action_count());
  };
  LoopOptions options{.fit = code.loop->fit, .fill = code.loop->fill, .ties = code.loop->ties};
  options.rounds = most_rounds;
  options.returns = false;
  if (code.hopes) {
    options.hopes = by_round_of(*code.hopes);
    for (const auto& round : options.hopes)
      for (const Rational& hope : round)
        if (hope.sign() < 0 || hope > Rational(1))
          fail_at(code.hopes->place, "an unseen pair leads to paradise with a probability outside [0, 1]",
                  "use a function with values in [0, 1]");
  }
  if (code.ranks) options.ranks = by_round_of(*code.ranks);
  auto made = std::make_shared<LoopRun>(std::move(problem), options);
  if (!made->trace.cycle && !made->trace.converged_at)
    fail_at(code.loop->place,
            "on some instance the loop does not come back to an earlier round within " +
                std::to_string(most_rounds) + " rounds",
            "give smaller ranges of sizes and horizon");
  run = std::move(made);
  return *run;
}

/// pi_t.
template <class N>
struct RoundRows : RowsCode<N> {
  RoundRows(std::size_t which, Index<N> t, Index<N> code)
      : loop(which), round(std::move(t)), step(std::move(code)) {}
  RowRef<N> eval(Frame<N>& frame, std::int64_t h, std::size_t condition) const override {
    const MarkovPolicy& policy = of_round(frame);
    return {&policy.table(), first_row(frame, policy, h) + condition, nullptr, policy.table().columns()};
  }
  void append(Frame<N>& frame, std::int64_t h, std::size_t count,
              std::vector<RowRef<N>>& list) const override {
    const MarkovPolicy& policy = of_round(frame);
    const std::size_t first = first_row(frame, policy, h);
    for (std::size_t row = first; row < first + count; ++row)
      list.push_back({&policy.table(), row, nullptr, policy.table().columns()});
  }
  std::int64_t own_step(Frame<N>& frame) const override { return step ? step->eval(frame) : 0; }
  bool family() const override { return true; }
  std::int64_t key(Frame<N>& frame) const override {
    return static_cast<std::int64_t>(number(frame)) * 100'003 + own_step(frame);
  }
  const MarkovPolicy* markov(Frame<N>& frame) const override { return &of_round(frame); }

  /// 0 for pi_0, else one more than the index of the round.
  std::size_t number(Frame<N>& frame) const {
    const std::int64_t t = round->eval(frame);
    if (t < 0) throw UndefinedValue("a round out of range");
    return t == 0 ? 0 : loop_run(frame.exact(), loop).index(t) + 1;
  }
  static std::size_t first_row(Frame<N>& frame, const MarkovPolicy& policy, std::int64_t h) {
    const std::size_t h0 = member(frame, h);
    return policy.steps() > 1 ? h0 * policy.state_count() : 0;
  }
  const MarkovPolicy& of_round(Frame<N>& frame) const {
    return loop_run(frame.exact(), loop).policy(number(frame));
  }
  std::size_t loop;
  Index<N> round, step;
};

/// J, V, Q and A of a policy, or of the best, in M_t.
template <class N>
struct RoundValue {
  std::size_t loop;
  std::int64_t place;  ///< tells the policies of different texts apart
  Index<N> round;
  std::unique_ptr<RowsCode<N>> policy;  ///< absent: the best
  char letter;
  Index<N> step;

  N at(Frame<N>& frame, std::size_t flat) const {
    LoopRun& run = loop_run(frame.exact(), loop);
    const std::int64_t t = round->eval(frame);
    if (t < 1) throw UndefinedValue("a round out of range");
    const FiniteMdp& fitted = run.trace.rounds[run.index(t)].model;
    const ExactValues& values = solved(frame, run, t, fitted);
    if (letter == 'J') return N::from(values.expected_first(fitted.initial()));
    const std::int64_t h = step->eval(frame), horizon = static_cast<std::int64_t>(run.problem.horizon);
    if (h < 1 || h > horizon + 1) throw UndefinedValue("a step out of range");
    if (h == horizon + 1) return N{};
    const auto now = static_cast<Step>(h);
    if (letter == 'V') return N::from(values(now, State{static_cast<std::uint32_t>(flat)}));
    Rational q = expectation<Rational>(fitted.kernel(1), flat,
                                       [&](std::uint32_t next) { return values(now + 1, State{next}); });
    const auto actions = fitted.action_count();
    const State s{static_cast<std::uint32_t>(flat / actions)};
    q += fitted.rewards()(s, Action{static_cast<std::uint32_t>(flat % actions)});
    if (letter == 'A') q -= values(now, s);
    return N::from(q);
  }

 private:
  const ExactValues& solved(Frame<N>& frame, LoopRun& run, std::int64_t t, const FiniteMdp& fitted) const {
    const std::array<std::int64_t, 3> key = {static_cast<std::int64_t>(run.index(t)), policy ? place : -1,
                                             policy ? policy->key(frame) : 0};
    std::unique_ptr<ExactValues>& values = run.values[key];
    if (values) return *values;
    if (!policy) {
      OptimalActions actions;
      values = std::make_unique<ExactValues>(fitted, run.problem.horizon, actions);
      return *values;
    }
    const std::uint32_t states = run.problem.own_states;
    const MarkovPolicy own(
        rational_rows_of(frame, *policy, states, fitted.action_count(), run.problem.horizon, "a policy"),
        states);
    values =
        std::make_unique<ExactValues>(fitted, run.problem.with_fictitious_states(own), run.problem.horizon);
    return *values;
  }
};

template <class N>
struct RoundValueNumber : NumberCode<N> {
  RoundValueNumber(RoundValue<N> code, std::vector<Index<N>> list, std::vector<std::size_t> over)
      : value(std::move(code)), arguments(std::move(list)), sets(std::move(over)) {}
  N eval(Frame<N>& frame) const override { return value.at(frame, flat_index(frame, arguments, sets)); }
  RoundValue<N> value;
  std::vector<Index<N>> arguments;
  std::vector<std::size_t> sets;
};
template <class N>
struct RoundValueField : FieldCode<N> {
  explicit RoundValueField(RoundValue<N> code) : value(std::move(code)) {}
  N eval(Frame<N>& frame, std::int64_t, std::size_t flat) const override { return value.at(frame, flat); }
  RoundValue<N> value;
};

}  // namespace lemmacheck::detail
