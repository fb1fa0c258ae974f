#include "generate/tiny_pairs.hpp"

#include <algorithm>
#include <numeric>

namespace lemmacheck {
namespace {

using Digits = std::vector<std::uint32_t>;

/// All ways to split `grid` among n states.
std::vector<std::vector<std::uint64_t>> compositions(std::uint32_t n, std::uint32_t grid) {
  if (n == 1) return {{grid}};
  std::vector<std::vector<std::uint64_t>> all;
  for (std::uint32_t first = 0; first <= grid; ++first)
    for (std::vector<std::uint64_t> rest : compositions(n - 1, grid - first)) {
      rest.insert(rest.begin(), first);
      all.push_back(std::move(rest));
    }
  return all;
}

/// A pair is a number of mixed radix: its digits are the rows of M, the rows of M', the rewards, the second
/// policy's actions, and H - 1.
class Listing {
 public:
  explicit Listing(const TinySizes& sizes) : sizes_(sizes), rows_(compositions(sizes.states, sizes.grid)) {
    const std::uint32_t pairs = sizes.states * sizes.actions;
    const auto radix = static_cast<std::uint32_t>(rows_.size());
    radices_.assign(std::size_t{2} * pairs, radix);
    radices_.insert(radices_.end(), pairs, 2);
    if (sizes.other_policy) radices_.insert(radices_.end(), sizes.states, sizes.actions);
    radices_.push_back(static_cast<std::uint32_t>(sizes.horizon));
    for (const std::uint32_t r : radices_) {
      constexpr std::uint64_t most = 50'000'000;
      count_ *= r;
      if (count_ > most)
        throw InvalidInput("there are more than " + std::to_string(most) + " pairs of that size");
    }
    list_relabellings();
  }

  std::uint64_t count() const { return count_; }

  Digits digits(std::uint64_t index) const {
    Digits result;
    for (const std::uint32_t radix : radices_) {
      result.push_back(static_cast<std::uint32_t>(index % radix));
      index /= radix;
    }
    return result;
  }

  /// Whether no relabelling gives a smaller sequence of digits.
  bool canonical(const Digits& digits) const {
    return std::ranges::none_of(relabellings_,
                                [&](const Relabelling& names) { return relabelled(digits, names) < digits; });
  }

  Instance instance(const Digits& digits) const {
    const std::uint32_t n = sizes_.states, m = sizes_.actions, pairs = n * m;
    const auto kernel = [&](std::size_t first) {
      std::vector<std::uint64_t> counts;
      for (std::uint32_t row = 0; row < pairs; ++row) {
        const auto& mass = rows_[digits[first + row]];
        counts.insert(counts.end(), mass.begin(), mass.end());
      }
      return StochasticMatrix(n, counts, sizes_.grid);
    };
    const std::vector<std::uint64_t> rewards(digits.begin() + 2 * pairs, digits.begin() + 3 * pairs);
    const std::uint32_t start[] = {0};
    const StochasticMatrix initial = StochasticMatrix::deterministic(n, start);
    const auto model = [&](std::size_t first) {
      return FiniteMdp(initial, {kernel(first)}, RewardTable(n, m, rewards, 1, Rational(0)), n, m);
    };
    Instance instance;
    instance.horizon = static_cast<Step>(digits.back()) + 1;
    instance.model = model(0);
    instance.perturbed = model(pairs);
    instance.policy = MarkovPolicy::deterministic(std::vector<std::uint32_t>(n, 0), n, m);
    if (sizes_.other_policy)
      instance.other_policy =
          MarkovPolicy::deterministic({digits.begin() + 3 * pairs, digits.end() - 1}, n, m);
    return instance;
  }

 private:
  /// New names: of states (0 keeps its own), and of the actions of each (old) state (0 keeps its own).
  struct Relabelling {
    std::vector<std::uint32_t> states;
    std::vector<std::vector<std::uint32_t>> actions;
  };

  void list_relabellings() {
    std::vector<std::uint32_t> states(sizes_.states);
    std::iota(states.begin(), states.end(), 0);
    do {
      Relabelling names{states, {}};
      add_action_names(names);
    } while (std::next_permutation(states.begin() + 1, states.end()));
  }

  void add_action_names(Relabelling& names) {
    if (names.actions.size() == sizes_.states) {
      relabellings_.push_back(names);
      return;
    }
    std::vector<std::uint32_t> actions(sizes_.actions);
    std::iota(actions.begin(), actions.end(), 0);
    do {
      names.actions.push_back(actions);
      add_action_names(names);
      names.actions.pop_back();
    } while (std::next_permutation(actions.begin() + 1, actions.end()));
  }

  std::uint32_t renamed_row(std::uint32_t row, const Relabelling& names) const {
    std::vector<std::uint64_t> mass(sizes_.states);
    for (std::uint32_t s = 0; s < sizes_.states; ++s) mass[names.states[s]] = rows_[row][s];
    return static_cast<std::uint32_t>(std::ranges::find(rows_, mass) - rows_.begin());
  }

  Digits relabelled(const Digits& digits, const Relabelling& names) const {
    const std::uint32_t n = sizes_.states, m = sizes_.actions, pairs = n * m;
    Digits result = digits;
    for (std::uint32_t s = 0; s < n; ++s) {
      for (std::uint32_t a = 0; a < m; ++a) {
        const std::uint32_t from = s * m + a, to = names.states[s] * m + names.actions[s][a];
        result[to] = renamed_row(digits[from], names);
        result[pairs + to] = renamed_row(digits[pairs + from], names);
        result[2 * pairs + to] = digits[2 * pairs + from];
      }
      if (sizes_.other_policy) result[3 * pairs + names.states[s]] = names.actions[s][digits[3 * pairs + s]];
    }
    return result;
  }

  TinySizes sizes_;
  std::vector<std::vector<std::uint64_t>> rows_;
  Digits radices_;
  std::uint64_t count_ = 1;
  std::vector<Relabelling> relabellings_;
};

}  // namespace

Domain every_tiny_pair(const TinySizes& sizes, const std::function<bool(const Instance&)>& belongs) {
  const auto listing = std::make_shared<const Listing>(sizes);
  const auto kept = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint64_t index = 0; index < listing->count(); ++index) {
    const Digits digits = listing->digits(index);
    if (listing->canonical(digits) && belongs(listing->instance(digits)))
      kept->push_back(static_cast<std::uint32_t>(index));
  }
  Domain domain;
  domain.name = "every tiny pair";
  domain.cases = kept->size();
  domain.decode = [listing, kept](ChoiceSource& choices, const Setting&) {
    return listing->instance(
        listing->digits((*kept)[choices.below(static_cast<std::uint32_t>(kept->size()))]));
  };
  domain.objection = [belongs](const Instance& instance) -> std::optional<std::string> {
    return belongs(instance) ? std::nullopt : std::optional<std::string>("it is not one of those listed");
  };
  return domain;
}

}  // namespace lemmacheck
