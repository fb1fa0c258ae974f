#include "learning/model_fit.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "mdp/occupancy.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {
namespace {

using RowOf = StochasticMatrix::RowOf;

std::vector<bool> either(std::vector<bool> a, const std::vector<bool>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (b[i]) a[i] = true;
  return a;
}

std::vector<bool> states_of(const std::vector<bool>& pairs, std::uint32_t states) {
  const std::size_t actions = pairs.size() / states;
  std::vector<bool> result(states);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i]) result[i / actions] = true;
  return result;
}

/// Each pair leads to paradise with its hope, else to the abyss.
StochasticMatrix hoped_rows(const LearningProblem& problem, const std::vector<Rational>& hopes) {
  StochasticMatrix::Rows rows;
  for (const Rational& hope : hopes) {
    auto& row = rows.emplace_back();
    const Rational fear = Rational(1) - hope;
    if (hope.sign() != 0) row.push_back({problem.paradise.value, hope});
    if (fear.sign() != 0) row.push_back({problem.abyss.value, fear});
    if (row.size() == 2 && problem.paradise.value == problem.abyss.value) row = {{problem.abyss.value, 1}};
    if (row.size() == 2 && row[1].column < row[0].column) std::swap(row[0], row[1]);
  }
  return StochasticMatrix(problem.world.state_count(), rows,
                          [](std::size_t row) { return "the hope of pair " + std::to_string(row); });
}

/// A 64-bit number from a stream.
std::uint64_t draw_word(PhiloxStream& random) {
  const std::uint64_t high = random.next();
  return high << 32U | random.next();
}

/// A column of a row, drawn with its probability to within 2^-64.
std::uint32_t draw_column(PhiloxStream& random, const StochasticMatrix& matrix, std::size_t row) {
  const std::size_t first = matrix.row_begin(row), last = matrix.row_end(row) - 1;
  if (first == last) return matrix.column(first);
  std::uint64_t drawn = draw_word(random);
  if (matrix.has_words()) {
    __extension__ using Wide = unsigned __int128;
    drawn = static_cast<std::uint64_t>((Wide{drawn} * matrix.denominator()) >> 64U);
    for (std::size_t e = first; e < last; ++e) {
      if (drawn < matrix.word(e)) return matrix.column(e);
      drawn -= matrix.word(e);
    }
    return matrix.column(last);
  }
  Rational point = Rational(drawn) / pow(Rational(2), 64);
  for (std::size_t e = first; e < last; ++e) {
    if (point < matrix.probability(e)) return matrix.column(e);
    point -= matrix.probability(e);
  }
  return matrix.column(last);
}

}  // namespace

FiniteMdp fitted(const LearningProblem& problem, const Data& data, FillRule fill,
                 const StochasticMatrix& last, const std::vector<Rational>& hopes) {
  const FiniteMdp& world = problem.world;
  const RowOf paradise{&problem.ends, 0}, abyss{&problem.ends, 1};
  LEMMACHECK_INVARIANT(hopes.empty() || hopes.size() == problem.known.size());
  std::optional<StochasticMatrix> hoped;  // made for hopes between 0 and 1
  const auto hoped_row = [&](std::size_t row) -> RowOf {
    if (hopes[row].sign() == 0) return abyss;
    if (hopes[row] == Rational(1)) return paradise;
    if (!hoped) hoped = hoped_rows(problem, hopes);
    return {&*hoped, row};
  };
  Scratch<RowOf> rows;
  rows->reserve(problem.known.size());
  for (std::size_t row = 0; row < problem.known.size(); ++row) {
    const bool hopeful =
        fill == FillRule::optimistic || (fill == FillRule::figure && data.states[row / world.action_count()]);
    if (problem.known[row])
      rows->push_back({&world.kernel(1), row});
    else if (data.seen[row])
      rows->push_back({data.rows.get(), row});
    else if (!hopes.empty())
      rows->push_back(hoped_row(row));
    else if (fill == FillRule::keep)
      rows->push_back({&last, row});
    else if (fill == FillRule::start)
      rows->push_back({&problem.start_kernel, row});
    else
      rows->push_back(hopeful ? paradise : abyss);
  }
  return world.with_kernel(StochasticMatrix::assembled(world.state_count(), *rows));
}

PopulationData::PopulationData(const LearningProblem& problem)
    : problem_(problem),
      latest_(problem.known.size()),
      all_(problem.known.size()),
      expert_(problem.known.size()) {}

bool PopulationData::collect(const MarkovPolicy& policy) {
  latest_ = visited_pairs(problem_.world, policy, problem_.horizon);
  bool discovers = false;
  for (std::size_t i = 0; i < latest_.size(); ++i)
    discovers = discovers || (latest_[i] && !all_[i] && !expert_[i] && !problem_.known[i]);
  all_ = either(std::move(all_), latest_);
  return discovers;
}

void PopulationData::collect_expert() {
  if (problem_.expert) expert_ = visited_pairs(problem_.world, *problem_.expert, problem_.horizon);
}

Data PopulationData::data(FitRule fit) const {
  Data data;
  data.seen = fit == FitRule::expert ? expert_ : aggregates(fit) ? all_ : latest_;
  if (uses_expert(fit)) data.seen = either(std::move(data.seen), expert_);
  data.rows = problem_.world.shared_kernel();
  data.states = states_of(data.seen, problem_.world.state_count());
  return data;
}

SampledData::SampledData(const LearningProblem& problem, std::uint32_t trajectories, std::uint64_t seed)
    : problem_(problem), trajectories_(trajectories), seed_(seed) {}

SampledData::Counts SampledData::rolled_out(const MarkovPolicy& policy, std::uint64_t stream) const {
  PhiloxStream random(seed_, stream);
  const FiniteMdp& world = problem_.world;
  Counts counts;
  for (std::uint32_t i = 0; i < trajectories_; ++i) {
    State s{draw_column(random, world.initial(), 0)};
    for (Step h = 1; h < problem_.horizon; ++h) {
      const Action a{draw_column(random, policy.table(), policy.row(h, s))};
      const std::size_t row = world.row(s, a);
      s = State{draw_column(random, world.kernel(1), row)};
      ++counts[{row, s.value}];
    }
  }
  return counts;
}

bool SampledData::collect(const MarkovPolicy& policy, int round) {
  latest_ = rolled_out(policy, static_cast<std::uint64_t>(round));
  bool discovers = false;
  for (const auto& [key, count] : latest_) {
    const auto unseen = [row = key.first](const Counts& counts) {
      const auto next = counts.lower_bound({row, 0});
      return next == counts.end() || next->first.first != row;
    };
    discovers = discovers || (!problem_.known[key.first] && unseen(all_) && unseen(expert_));
  }
  for (const auto& [key, count] : latest_) all_[key] += count;
  return discovers;
}

void SampledData::collect_expert() {
  if (problem_.expert) expert_ = rolled_out(*problem_.expert, 0);
}

Data SampledData::data(FitRule fit) const {
  const auto total = [](const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
  };
  static const Counts nothing;
  const Counts& own = fit == FitRule::expert ? nothing : aggregates(fit) ? all_ : latest_;
  const Counts& others = uses_expert(fit) ? expert_ : nothing;
  // Each half is a distribution: weights n / N, brought to the common denominator.
  const std::uint64_t own_total = std::max<std::uint64_t>(total(own), 1),
                      other_total = std::max<std::uint64_t>(total(others), 1);
  const std::uint64_t common = std::gcd(own_total, other_total);
  std::map<std::size_t, std::map<std::uint32_t, std::uint64_t>> weights;
  for (const auto& [key, count] : own) weights[key.first][key.second] += count * (other_total / common);
  for (const auto& [key, count] : others) weights[key.first][key.second] += count * (own_total / common);

  const FiniteMdp& world = problem_.world;
  Data data;
  data.seen.assign(problem_.known.size(), false);
  StochasticMatrix::Rows rows(problem_.known.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto found = weights.find(row);
    data.seen[row] = found != weights.end();
    if (!data.seen[row]) {
      rows[row].push_back({0, 1});  // a matrix needs some row here; nothing reads it
      continue;
    }
    std::uint64_t sum = 0;
    for (const auto& [next, weight] : found->second) sum += weight;
    for (const auto& [next, weight] : found->second)
      rows[row].push_back({next, Rational(weight) / Rational(sum)});
  }
  data.rows = std::make_shared<const StochasticMatrix>(
      world.state_count(), rows, [](std::size_t row) { return "empirical row " + std::to_string(row); });
  data.states = states_of(data.seen, world.state_count());
  return data;
}

}  // namespace lemmacheck
