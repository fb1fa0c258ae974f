#include "language/draw.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "generate/model_families.hpp"
#include "language/dependencies.hpp"
#include "language/detail/draw_rows.hpp"
#include "language/detail/program_parts.hpp"

namespace lemmacheck {
namespace {

using namespace detail;

/// What makes an instance cost more than its tables: lists of trajectories, of policies.
struct Listing {
  bool paths = false, policies = false;
  Place place;  ///< of the first such list
};

void find_listings(const Tree& tree, Listing& found) {
  if (!tree) return;
  const auto note = [&](bool& kind) {
    if (!found.paths && !found.policies) found.place = tree->place;
    kind = true;
  };
  if (tree->op == Op::path_law) note(found.paths);
  for (const Binding& binding : tree->bindings)
    if (binding.over == Binding::Over::policies) note(found.policies);
  for_each_part(*tree, [&](const Tree& part) { find_listings(part, found); });
}

Listing listings(const Lemma& lemma) {
  Listing found;
  for (const Definition& definition : lemma.definitions) find_listings(definition.body, found);
  for (const auto* list : {&lemma.assumes, &lemma.claims, &lemma.proofs})
    for (const Lemma::Statement& statement : *list) find_listings(statement.tree, found);
  return found;
}

/// How much a drawn instance may list.
constexpr double most_paths = 300, most_policies = 300;

double listed(const Listing& listing, std::uint32_t states, std::uint32_t actions, double horizon,
              bool has_horizon) {
  double share = 0;
  if (listing.paths) share = std::max(share, std::pow(states * actions, horizon) / most_paths);
  if (listing.policies)
    share = std::max(share, std::pow(actions, states * (has_horizon ? horizon : 1.0)) / most_policies);
  return share;
}

/// "2 states and 2 actions have 4^50 (about 1.3e30) trajectories of length 50".
std::string count_in_words(bool paths, std::int64_t length, double count) {
  std::ostringstream about;
  about << std::setprecision(2) << count;
  return "2 states and 2 actions have 4^" + std::to_string(length) + " (about " + about.str() + ") " +
         (paths ? "trajectories" : "deterministic policies") + " of length " + std::to_string(length);
}

std::int64_t literal_integer(const Tree& tree) {
  return tree && tree->op == Op::literal ? integer_of(tree->number) : 1;
}

class LemmaDraw {
 public:
  explicit LemmaDraw(std::shared_ptr<const LemmaProgram> program)
      : program_(std::move(program)),
        lemma_(program_->lemma()),
        parts_(program_->parts()),
        signature_(*program_->signature()) {
    listing_ = listings(lemma_);
    order_ = order();
    refuse_endless_work();
  }

  Instance decode(ChoiceSource& choices, const Setting& setting) const {
    Instance instance;
    instance.assignment.emplace();
    Assignment& assignment = *instance.assignment;
    assignment.signature = program_->signature();
    assignment.values.resize(signature_.parts.size());
    State state{choices, setting, assignment, instance.classes, {}};
    integers_and_sizes(state);
    for (const std::size_t part : order_) draw_part(state, part);
    tie_plans(state);
    return instance;
  }

  std::optional<std::string> objection(const Instance& instance) const {
    if (!instance.assignment) return "a value for each given of the lemma is needed";
    const Assignment& assignment = *instance.assignment;
    if (assignment.values.size() != signature_.parts.size() ||
        assignment.sizes.size() != signature_.sets.size())
      return "the givens are not those of the lemma";
    try {
      for (std::size_t i = 0; i < signature_.parts.size(); ++i)
        if (auto reason = objection_to(assignment, i)) return reason;
    } catch (const UndefinedValue& fault) {
      return std::string("a range or a plan has no value: ") + fault.what();
    } catch (const UndecidedValue& fault) {
      return std::string("whether a plan is one cannot be decided: ") + fault.what();
    }
    return std::nullopt;
  }

  /// Plans follow from the rest: each keeps what it may.
  void repair(Instance& instance) const {
    Assignment& assignment = *instance.assignment;
    for (const std::size_t part : order_) {
      const Given& given = lemma_.givens[part];
      if (given.plan == Given::Plan::none) continue;
      if (given.plan == Given::Plan::argmin) {
        const auto allowed = elements(assignment, part);
        auto& element = std::get<std::uint32_t>(assignment.values[part]);
        if (std::find(allowed.begin(), allowed.end(), element) == allowed.end() || given.lowest)
          element = allowed[0];
        continue;
      }
      const StochasticMatrix& now = assignment.rows(part);
      if (!given.lowest && given.plan == Given::Plan::argmax && attains(assignment, part)) continue;
      const auto allowed = actions(assignment, part);
      std::vector<std::uint32_t> taken;
      for (std::size_t row = 0; row < allowed.size(); ++row) {
        const std::uint32_t kept = row < now.rows() ? now.column(now.row_begin(row)) : 0;
        const bool keeps =
            !given.lowest && std::find(allowed[row].begin(), allowed[row].end(), kept) != allowed[row].end();
        taken.push_back(keeps ? kept : allowed[row][0]);
      }
      assignment.values[part] = StochasticMatrix::deterministic(now.columns(), taken);
    }
  }

  std::vector<std::string> classes() const {
    std::vector<std::string> labels;
    bool kernel = false, pair = false;
    for (const ModelTuple& tuple : lemma_.models) {
      const Given* given = lemma_.find_given(tuple.kernel);
      if (given == nullptr) continue;
      const Given* first = lemma_.find_given(first_kernel_);
      pair = pair || (given != first && given->from == first->from && given->family == first->family);
      kernel = true;
    }
    if (!kernel) return labels;
    for (const std::string_view label : kernel_families) labels.emplace_back(label);
    if (pair)
      for (const std::string_view label : row_changes) labels.emplace_back(label);
    return labels;
  }
  bool has_models() const { return !first_kernel_.empty(); }

 private:
  struct State {
    ChoiceSource& choices;
    const Setting& setting;
    Assignment& assignment;
    std::vector<std::string_view>& classes;
    std::map<std::string, std::size_t> latest;  ///< shape -> the part of that shape that was drawn last
  };

  /// Givens after what they need; a bound of an assumption is needed as well, where that makes no circle.
  std::vector<std::size_t> order() {
    std::vector<std::size_t> result;
    for (const Given* given : draw_order(lemma_)) {
      const auto index =
          static_cast<std::size_t>(std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                                                [&](const Given& each) { return &each == given; }) -
                                   lemma_.givens.begin());
      result.push_back(index);
    }
    // Components first, then what is free, then what an assumption bounds or fixes, then plans.
    const auto rank = [&](std::size_t i) {
      const Given& given = lemma_.givens[i];
      if (given.plan != Given::Plan::none) return 4;
      if (!parts_.rational.givens.empty() && parts_.rational.givens[i].fixed_by) return 3;
      if (!parts_.rational.givens.empty() && !parts_.rational.givens[i].bounds.empty()) return 2;
      return given.is_component ? 0 : 1;
    };
    std::stable_sort(result.begin(), result.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    // What a plan or a range needs comes before it all the same.
    std::vector<std::size_t> sorted;
    std::set<std::size_t> done;
    const std::function<void(std::size_t)> visit = [&](std::size_t part) {
      if (!done.insert(part).second) return;
      std::set<std::string> needed = needed_names(lemma_, lemma_.givens[part]);
      if (!parts_.rational.givens.empty()) needed.merge(std::set(parts_.rational.givens[part].bounded_by));
      for (const std::string& name : needed)
        for (std::size_t other = 0; other < lemma_.givens.size(); ++other)
          if (lemma_.givens[other].name == name) visit(other);
      sorted.push_back(part);
    };
    for (const std::size_t part : result) visit(part);
    for (const ModelTuple& tuple : lemma_.models)
      if (first_kernel_.empty() && lemma_.find_given(tuple.kernel) != nullptr) {
        first_kernel_ = tuple.kernel;
        first_model_ = tuple.name;
      }
    return sorted;
  }

  void refuse_endless_work() const {
    const Given* horizon = lemma_.find_given(lemma_.horizon);
    if (horizon == nullptr || (!listing_.paths && !listing_.policies)) return;
    const auto least = static_cast<double>(literal_integer(horizon->range.low));
    const double count = listing_.paths ? std::pow(4.0, least) : std::pow(2.0, 2 * least);
    if (count <= most_listed) return;
    fail_at(
        listing_.place.file ? listing_.place : horizon->place,
        count_in_words(listing_.paths, static_cast<std::int64_t>(least), count) + ", which cannot be listed",
        "give a smaller horizon, such as H in 1..6, or state it by values and occupancies");
  }

  Rational range_end(const Number<Rational>& code, const Assignment& assignment, std::size_t slots) const {
    Frame<Rational> frame(parts_.rational, assignment);
    frame.stack.resize(slots + 1);
    return code->eval(frame);
  }

  void integers_and_sizes(State& state) const {
    // Integers whose ranges are numbers come first; H tells how large the rest may be.
    const DrawnSizes most = drawn_sizes(lemma_);
    double horizon = 1;
    if (signature_.horizon) {
      const Given& given = lemma_.givens[*signature_.horizon];
      std::int64_t low = 1, high = 8;
      if (given.range.low) low = range_low(state.assignment, *signature_.horizon);
      if (given.range.high) high = range_high(state.assignment, *signature_.horizon);
      if (low < 1) low = 1;
      if (high < low)
        fail_at(given.place, "the range of " + given.name + " is empty", "write a range such as 1..8");
      const std::uint32_t drawn =
          state.choices.below(static_cast<std::uint32_t>(std::min<std::int64_t>(high - low + 1, 1'000'000)));
      std::int64_t h = low + drawn;
      if (state.setting.horizon > 0) h = state.setting.horizon;
      state.assignment.values[*signature_.horizon] = Rational(h);
      horizon = static_cast<double>(h);
      if (h == 1) state.classes.push_back("horizon: 1");
    }
    state.assignment.sizes.assign(signature_.sets.size(), 1);
    for (std::size_t i = 0; i < signature_.sets.size(); ++i) {
      const SetName& set = lemma_.sets[i];
      const bool images = !set.image_of.empty();
      std::uint32_t largest = set.actions ? most.actions : set.states || images ? most.states : most.others;
      if (images) largest = std::min(largest, state.assignment.sizes[set_index(set.image_of)]);
      state.assignment.sizes[i] = 1 + state.choices.below(largest);
    }
    if (state.setting.model && has_models()) {
      const ModelTuple& tuple = *lemma_.find_model(first_model_);
      state.assignment.sizes[set_index(tuple.states)] = state.setting.model->state_count();
      state.assignment.sizes[set_index(tuple.actions)] = state.setting.model->action_count();
    }
    for (const ModelTuple& tuple : lemma_.models) {
      auto& states = state.assignment.sizes[set_index(tuple.states)];
      auto& actions = state.assignment.sizes[set_index(tuple.actions)];
      while (states * actions > 1 &&
             listed(listing_, states, actions, horizon, signature_.horizon.has_value()) > 1 &&
             !state.setting.model)
        (states >= actions ? states : actions) -= 1;
    }
    for (std::size_t i = 0; i < signature_.sets.size(); ++i)
      if (const std::string& of = lemma_.sets[i].image_of; !of.empty())
        state.assignment.sizes[i] =
            std::min(state.assignment.sizes[i], state.assignment.sizes[set_index(of)]);
  }

  std::size_t set_index(const std::string& name) const {
    return static_cast<std::size_t>(std::find(signature_.sets.begin(), signature_.sets.end(), name) -
                                    signature_.sets.begin());
  }

  std::int64_t range_low(const Assignment& assignment, std::size_t part) const {
    return integer_of(
        range_end(parts_.rational.givens[part].low, assignment, parts_.rational.givens[part].slots));
  }
  std::int64_t range_high(const Assignment& assignment, std::size_t part) const {
    return integer_of(
        range_end(parts_.rational.givens[part].high, assignment, parts_.rational.givens[part].slots));
  }

  static std::string shape_key(const PartShape& shape) {
    std::string key = std::to_string(static_cast<int>(shape.kind)) + (shape.family ? "h" : "");
    for (const std::size_t set : shape.from) key += "<" + std::to_string(set);
    for (const std::size_t set : shape.to) key += ">" + std::to_string(set);
    return key;
  }

  void draw_part(State& state, std::size_t part) const {
    if (part == signature_.horizon) return;
    const Given& given = lemma_.givens[part];
    const PartShape& shape = signature_.parts[part];
    switch (given.kind) {
      case Given::Kind::number:
        state.assignment.values[part] = draw_number(state, part);
        break;
      case Given::Kind::integer:
        state.assignment.values[part] = draw_integer(state, part);
        break;
      case Given::Kind::element:
        draw_element(state, part);
        break;
      case Given::Kind::map:
        state.assignment.values[part] = draw_map(state, shape);
        break;
      case Given::Kind::function:
        state.assignment.values[part] = draw_function(state, part);
        break;
      case Given::Kind::rows:
        if (given.plan != Given::Plan::none)
          draw_plan(state, part);
        else
          draw_rows(state, part);
        break;
    }
    state.latest[shape_key(shape)] = part;
  }

  // numbers

  Rational draw_integer(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const std::int64_t low = range_low(state.assignment, part), high = range_high(state.assignment, part);
    if (high < low)
      fail_at(given.place,
              "the range of " + given.name + " is empty on some instance: " + std::to_string(low) + ".." +
                  std::to_string(high),
              "write a range that holds an integer on every instance");
    return Rational(low + state.choices.below(
                              static_cast<std::uint32_t>(std::min<std::int64_t>(high - low + 1, 1'000'000))));
  }

  struct Ends {
    std::optional<Rational> low, high;
    bool low_open = false, high_open = false;
  };
  Ends ends_of(const Assignment& assignment, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    Ends ends;
    if (given.range.kind != Range::Kind::interval) return ends;
    const GivenCode<Rational>& code = parts_.rational.givens[part];
    if (!code.low || !code.high)
      fail_at(given.place, "the ends of the range of " + given.name + " are irrational",
              "give rational ends");
    ends.low = range_end(code.low, assignment, code.slots);
    ends.high = range_end(code.high, assignment, code.slots);
    ends.low_open = given.range.low_open;
    ends.high_open = given.range.high_open;
    if (*ends.high < *ends.low || (*ends.high == *ends.low && (ends.low_open || ends.high_open)))
      fail_at(given.place,
              "the range of " + given.name + " is empty on some instance: " + ends.low->to_string() + " to " +
                  ends.high->to_string(),
              "write a range that holds a number on every instance");
    return ends;
  }

  Rational draw_number(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    if (given.is_component && !given.range.said) return draw_discount(state.choices);
    if (given.range.kind == Range::Kind::listed)
      return given.range.values[state.choices.below(static_cast<std::uint32_t>(given.range.values.size()))];
    if (given.range.kind == Range::Kind::integers) return draw_integer(state, part);
    return draw_in(state.choices, ends_of(state.assignment, part));
  }

  static Rational draw_discount(ChoiceSource& choices) {
    constexpr std::array<std::pair<int, int>, 9> discounts = {
        {{1, 2}, {9, 10}, {1, 10}, {3, 4}, {1, 4}, {0, 1}, {99, 100}, {1, 100}, {2, 3}}};
    const auto [p, q] = choices.pick(discounts);
    return Rational::ratio(p, static_cast<std::uint64_t>(q));
  }

  static Rational draw_in(ChoiceSource& choices, const Ends& ends) {
    if (!ends.low) return draw_real(choices);
    const Rational span = *ends.high - *ends.low;
    constexpr std::array<std::uint64_t, 5> grids = {2, 1, 4, 10, 100};
    Rational share;
    switch (choices.below(4)) {
      case 0:
      case 1: {
        const std::uint64_t n = choices.pick(grids);
        share = Rational::ratio(choices.below(static_cast<std::uint32_t>(n) + 1), n);
        break;
      }
      case 2:
        share = small_share(choices);
        break;
      default:
        share = Rational(1) - small_share(choices);
    }
    if ((ends.low_open && share.sign() == 0) || (ends.high_open && share == Rational(1)))
      share = Rational::ratio(1, 2);
    return *ends.low + share * span;
  }

  /// Small numbers, each size as likely as the next.
  static Rational small_share(ChoiceSource& choices) {
    std::uint64_t power = 10;
    for (std::uint32_t i = choices.below(6); i > 0; --i) power *= 10;
    return Rational::ratio(choices.between(1, 9), power * 1);
  }

  static Rational draw_real(ChoiceSource& choices) {
    constexpr std::array<std::pair<int, int>, 12> simple = {{{0, 1},
                                                             {1, 1},
                                                             {-1, 1},
                                                             {2, 1},
                                                             {-2, 1},
                                                             {3, 1},
                                                             {1, 2},
                                                             {-1, 2},
                                                             {4, 1},
                                                             {-3, 1},
                                                             {10, 1},
                                                             {-10, 1}}};
    const auto [p, q] = choices.pick(simple);
    const Rational base = Rational::ratio(p, static_cast<std::uint64_t>(q));
    if (choices.below(4) != 3) return base;
    const Rational small = small_share(choices);
    return choices.flag() ? base - small : base + small;
  }

  // elements and maps

  void draw_element(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    if (given.plan == Given::Plan::argmin) {
      const auto allowed = elements(state.assignment, part);
      state.assignment.values[part] =
          given.lowest ? allowed[0]
                       : allowed[state.choices.below(static_cast<std::uint32_t>(allowed.size()))];
      return;
    }
    state.assignment.values[part] =
        state.choices.below(state.assignment.sizes[signature_.parts[part].from[0]]);
  }

  std::vector<std::uint32_t> draw_map(State& state, const PartShape& shape) const {
    const std::uint32_t from = state.assignment.sizes[shape.from[0]],
                        to = state.assignment.sizes[shape.to[0]];
    std::vector<std::uint32_t> images(from), counts(to);
    for (std::uint32_t& image : images) ++counts[image = state.choices.below(to)];
    const bool onto = lemma_.sets[shape.to[0]].image_of == lemma_.sets[shape.from[0]].name;
    // A class without an element takes one from a class with several.
    for (std::uint32_t missing = 0; onto && missing < to; ++missing) {
      if (counts[missing] > 0) continue;
      for (std::uint32_t& image : images)
        if (counts[image] > 1) {
          --counts[image];
          ++counts[image = missing];
          break;
        }
    }
    return images;
  }

  // functions

  RewardTable draw_function(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const PartShape& shape = signature_.parts[part];
    const std::size_t size = state.assignment.size_of_product(shape.from) * state.assignment.steps_of(shape);
    const std::uint32_t last = state.assignment.sizes[shape.from.back()];
    if (state.setting.model && has_models() && given.name == lemma_.find_model(first_model_)->reward &&
        !given.family && !given.on_transitions)
      return given_rewards(state, part);
    std::vector<Rational> values(size);
    const auto earlier = state.latest.find(shape_key(shape));
    const Ends ends = ends_of(state.assignment, part);
    const auto one = [&]() -> Rational {
      if (given.range.kind == Range::Kind::listed)
        return given.range.values[state.choices.below(static_cast<std::uint32_t>(given.range.values.size()))];
      if (given.range.kind == Range::Kind::integers) return draw_integer(state, part);
      return draw_in(state.choices, ends);
    };
    const bool real = given.range.kind == Range::Kind::reals || given.range.kind == Range::Kind::interval;
    const std::uint32_t how = state.choices.below(8);
    if (how >= 5 && earlier != state.latest.end() && real) {
      // Near an earlier one: equal but for one entry, or everywhere by little.
      const RewardTable& other = state.assignment.table(earlier->second);
      for (std::size_t i = 0; i < size; ++i)
        values[i] =
            other(State_{static_cast<std::uint32_t>(i / last)}, Action{static_cast<std::uint32_t>(i % last)});
      if (how == 5)
        values[state.choices.below(static_cast<std::uint32_t>(size))] = one();
      else
        disturb(state.choices, values);
    } else if (how >= 4 && real && near_values(state, part, values)) {
      if (how != 4) disturb(state.choices, values);
    } else if (how == 3) {
      const Rational constant = one();
      std::fill(values.begin(), values.end(), constant);
      if (!values.empty()) values[state.choices.below(static_cast<std::uint32_t>(size))] = one();
    } else if (how == 2 && ends.low && !ends.low_open && !ends.high_open) {
      for (Rational& value : values) value = state.choices.flag() ? *ends.high : *ends.low;
    } else {
      for (Rational& value : values) value = one();
    }
    for (Rational& value : values) clamp(value, ends);
    meet_bounds(state, part, values);
    RewardTable table = function_table(size, last, values);
    if (given.range.kind == Range::Kind::reals && state.choices.below(4) == 3)
      tie_greedy(state, part, values, table);
    return table;
  }

  using State_ = lemmacheck::State;

  static void disturb(ChoiceSource& choices, std::vector<Rational>& values) {
    const Rational size = choices.flag() ? small_share(choices) : Rational::ratio(choices.between(1, 8), 8);
    for (Rational& value : values) {
      const std::uint32_t sign = choices.below(3);
      if (sign == 1) value += size;
      if (sign == 2) value -= size;
    }
  }

  static void clamp(Rational& value, const Ends& ends) {
    if (!ends.low) return;
    const bool low = ends.low_open ? value <= *ends.low : value < *ends.low,
               high = ends.high_open ? value >= *ends.high : value > *ends.high;
    if (low) value = ends.low_open ? (*ends.low + *ends.high) / Rational(2) : *ends.low;
    if (high) value = ends.high_open ? (*ends.low + *ends.high) / Rational(2) : *ends.high;
  }

  /// The optimal values of an MDP whose states (and actions) the function is of.
  bool near_values(State& state, std::size_t part, std::vector<Rational>& values) const {
    if (!program_->is_rational()) return false;
    const PartShape& shape = signature_.parts[part];
    for (std::size_t m = 0; m < lemma_.models.size(); ++m) {
      const ModelTuple& tuple = lemma_.models[m];
      const bool states = shape.from == std::vector{set_index(tuple.states)};
      const bool pairs = shape.from == std::vector{set_index(tuple.states), set_index(tuple.actions)};
      if ((!states && !pairs) || !is_drawn(state, tuple) ||
          parts_.rational.best_solvers[m] == static_cast<std::size_t>(-1))
        continue;
      Frame<Rational> frame(parts_.rational, state.assignment);
      const ModelData<Rational>& model = model_data(frame, m);
      const std::size_t one = states ? model.states : model.states * model.actions;
      const std::size_t steps = values.size() / one;
      for (std::size_t h = 0; h < steps; ++h)
        for (std::size_t i = 0; i < one; ++i)
          values[h * one + i] = value_at(
              frame, m, parts_.rational.best_solvers[m], states ? 'V' : 'Q',
              model.horizon
                  ? std::optional(std::min<std::int64_t>(static_cast<std::int64_t>(h) + 1, *model.horizon))
                  : std::nullopt,
              i);
      return true;
    }
    return false;
  }

  /// Whether all components of an MDP are givens that have their values.
  bool is_drawn(State& state, const ModelTuple& tuple) const {
    for (const std::string* name :
         {&tuple.reward, &tuple.kernel, &tuple.discount, &tuple.horizon, &tuple.initial}) {
      if (name->empty()) continue;
      const Given* given = lemma_.find_given(*name);
      if (given == nullptr) return false;
      const auto index =
          static_cast<std::size_t>(std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                                                [&](const Given& each) { return &each == given; }) -
                                   lemma_.givens.begin());
      const PartValue& value = state.assignment.values[index];
      if (given->kind == Given::Kind::rows && !std::holds_alternative<StochasticMatrix>(value)) return false;
      if (given->kind == Given::Kind::function && !std::holds_alternative<RewardTable>(value)) return false;
    }
    return true;
  }

  /// Values that an assumption bounds are moved to where they may be, often to the bound itself.
  void meet_bounds(State& state, std::size_t part, std::vector<Rational>& values) const {
    const GivenCode<Rational>& code = parts_.rational.givens[part];
    if (code.bounds.empty()) return;
    const PartShape& shape = signature_.parts[part];
    const std::size_t one = state.assignment.size_of_product(shape.from);
    const bool equal = state.choices.flag();
    try {
      Frame<Rational> frame(parts_.rational, state.assignment);
      for (const BoundCode<Rational>& bound : code.bounds) {
        frame.stack.assign(bound.slots + 2, 0);
        for (std::size_t i = 0; i < values.size(); ++i) {
          unflatten(frame, i % one, shape.from, frame.stack.data());
          if (shape.family) frame.stack[shape.from.size()] = static_cast<std::int64_t>(i / one) + 1;
          const Rational end = bound.bound->eval(frame) / bound.factor;
          const bool broken = bound.lower ? (bound.strict ? values[i] <= end : values[i] < end)
                                          : (bound.strict ? values[i] >= end : values[i] > end);
          if (!broken && !(equal && !bound.strict && state.choices.flag())) continue;
          values[i] = end;
          if (bound.strict) values[i] += bound.lower ? Rational(1) : Rational(-1);
        }
      }
    } catch (const UndefinedValue&) {
      // The filter decides.
    } catch (const std::bad_variant_access&) {
      // The bound needs what is drawn later.
    }
  }

  /// Rewards of the user's own model; mapped onto [0, 1] where the lemma has that range.
  RewardTable given_rewards(State& state, std::size_t part) const {
    const FiniteMdp& model = *state.setting.model;
    const Given& given = lemma_.givens[part];
    const bool unit = given.range.kind == Range::Kind::interval;
    const Rational low = model.rewards().lowest(), span = model.rewards().span();
    std::vector<Rational> values;
    const Ends ends = ends_of(state.assignment, part);
    const bool outside = unit && (low < *ends.low || model.rewards().highest() > *ends.high);
    for (const lemmacheck::State s : model.states())
      for (const Action a : model.actions()) {
        Rational value = model.rewards()(s, a);
        if (outside)
          value =
              *ends.low + (span.sign() == 0 ? Rational(0) : (value - low) / span * (*ends.high - *ends.low));
        values.push_back(value);
      }
    return RewardTable(model.state_count(), model.action_count(), std::move(values));
  }

  /// A function that some policy is greedy for gets one value changed such that two actions tie.
  void tie_greedy(State& state, std::size_t part, std::vector<Rational> values, RewardTable& table) const {
    const PartShape& shape = signature_.parts[part];
    if (shape.from.size() != 1 || !program_->is_rational()) {
      // Of pairs: two actions of one state get the same value.
      if (shape.from.size() == 2 && state.assignment.sizes[shape.from[1]] > 1) {
        const std::uint32_t last = state.assignment.sizes[shape.from[1]];
        const std::size_t row = state.choices.below(static_cast<std::uint32_t>(values.size() / last));
        values[row * last + 1] = values[row * last];
        table = function_table(values.size(), last, values);
      }
      return;
    }
    for (const Given& plan : lemma_.givens) {
      if (plan.plan != Given::Plan::greedy || !plan.objective ||
          plan.objective->name != lemma_.givens[part].name || plan.model.empty())
        continue;
      const ModelTuple& tuple = *lemma_.find_model(plan.model);
      if (!is_drawn(state, tuple)) continue;
      state.assignment.values[part] = table;
      Frame<Rational> frame(parts_.rational, state.assignment);
      const std::size_t m = static_cast<std::size_t>(&tuple - lemma_.models.data());
      const ModelData<Rational>& model = model_data(frame, m);
      if (model.actions < 2) return;
      const std::size_t s = state.choices.below(static_cast<std::uint32_t>(model.states)),
                        t = state.choices.below(static_cast<std::uint32_t>(model.states));
      const Rational discount = model.discount.value_or(Rational(1));
      const std::size_t row = s * model.actions;
      const Rational slope =
          discount * (model.kernel(0, row).probability(t) - model.kernel(0, row + 1).probability(t));
      if (slope.sign() == 0) return;
      const Rational gap =
          action_value(model, 0, row, values.data()) - action_value(model, 0, row + 1, values.data());
      values[t] -= gap / slope;
      table = function_table(values.size(), state.assignment.sizes[shape.from.back()], values);
      return;
    }
  }

  // kernels, policies, distributions

  void draw_rows(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const PartShape& shape = signature_.parts[part];
    RowsDraft draft;
    draft.columns = static_cast<std::uint32_t>(state.assignment.size_of_product(shape.to));
    draft.rows = state.assignment.size_of_product(shape.from);
    draft.steps = state.assignment.steps_of(shape);
    draft.deterministic = given.deterministic;
    draft.positive = given.positive || parts_.rational.givens[part].positive;
    const bool kernel = shape.from.size() == 2 && shape.to.size() == 1 && shape.from[0] == shape.to[0];
    draft.actions = kernel ? state.assignment.sizes[shape.from[1]] : 1;
    draft.kernel = kernel;
    if (state.setting.model && has_models()) {
      const ModelTuple& tuple = *lemma_.find_model(first_model_);
      if (given.name == tuple.kernel && !given.family) {
        state.assignment.values[part] = state.setting.model->kernel(1);
        state.classes.push_back("family: given model");
        return;
      }
      if (given.name == tuple.initial) {
        state.assignment.values[part] = state.setting.model->initial();
        return;
      }
    }
    if (parts_.rational.givens[part].fixed_by && state.choices.below(4) != 3 && solve_equation(state, part))
      return;
    const auto earlier = state.latest.find(shape_key(shape));
    const StochasticMatrix* other =
        earlier == state.latest.end()
            ? nullptr
            : std::get_if<StochasticMatrix>(&state.assignment.values[earlier->second]);
    std::string_view label;
    state.assignment.values[part] = draw_rows_like(state.choices, draft, other, label);
    if (kernel) state.classes.push_back(label);
  }

  /// A law that an assumption fixes by a linear equation: for all x: f(x) = e.
  bool solve_equation(State& state, std::size_t part) const {
    const auto& equation = parts_.rational.equations.at(*parts_.rational.givens[part].fixed_by);
    const std::size_t n = state.assignment.sizes[signature_.parts[part].to[0]];
    std::vector<std::vector<Rational>> rows(n + 1, std::vector<Rational>(n + 1));
    try {
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t column[] = {static_cast<std::uint32_t>(i)};
        state.assignment.values[part] =
            StochasticMatrix::deterministic(static_cast<std::uint32_t>(n), column);
        Frame<Rational> frame(parts_.rational, state.assignment);
        frame.stack.resize(equation.slots + 1);
        for (std::size_t x = 0; x < n; ++x) {
          frame.stack[0] = static_cast<std::int64_t>(x);
          rows[x][i] = equation.left->eval(frame) - equation.right->eval(frame);
        }
        rows[n][i] = 1;
      }
    } catch (const UndefinedValue&) {
      return false;
    } catch (const std::bad_variant_access&) {
      return false;
    }
    rows[n][n] = 1;
    const auto solution = solve_any(rows, n);
    if (!solution) return false;
    StochasticMatrix::Rows list(1);
    for (std::size_t i = 0; i < n; ++i) {
      if ((*solution)[i].sign() < 0) return false;
      list[0].push_back({static_cast<std::uint32_t>(i), (*solution)[i]});
    }
    state.assignment.values[part] = StochasticMatrix(static_cast<std::uint32_t>(n), list,
                                                     [](std::size_t) { return std::string("a solved law"); });
    return true;
  }

  /// Some solution of A x = b, given as rows (A | b); unknowns that are free are 0.
  static std::optional<std::vector<Rational>> solve_any(std::vector<std::vector<Rational>> rows,
                                                        std::size_t n) {
    std::vector<std::size_t> pivot_of(n, rows.size());
    std::size_t next = 0;
    for (std::size_t column = 0; column < n && next < rows.size(); ++column) {
      std::size_t found = next;
      while (found < rows.size() && rows[found][column].sign() == 0) ++found;
      if (found == rows.size()) continue;
      std::swap(rows[next], rows[found]);
      const Rational inverse = Rational(1) / rows[next][column];
      for (Rational& value : rows[next]) value *= inverse;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == next || rows[i][column].sign() == 0) continue;
        const Rational factor = rows[i][column];
        for (std::size_t k = column; k <= n; ++k) rows[i][k] -= factor * rows[next][k];
      }
      pivot_of[column] = next++;
    }
    for (std::size_t i = next; i < rows.size(); ++i)
      if (rows[i][n].sign() != 0) return std::nullopt;
    std::vector<Rational> solution(n);
    for (std::size_t column = 0; column < n; ++column)
      if (pivot_of[column] < rows.size()) solution[column] = rows[pivot_of[column]][n];
    return solution;
  }

  // plans

  std::vector<std::vector<std::uint32_t>> actions(const Assignment& assignment, std::size_t part) const {
    return program_->is_rational() ? allowed_actions(parts_.rational, assignment, part)
                                   : allowed_actions(*parts_.real, assignment, part);
  }
  std::vector<std::uint32_t> elements(const Assignment& assignment, std::size_t part) const {
    return program_->is_rational() ? minimising_elements(parts_.rational, assignment, part)
                                   : minimising_elements(*parts_.real, assignment, part);
  }
  bool attains(const Assignment& assignment, std::size_t part) const {
    return (program_->is_rational() ? attains_best_return(parts_.rational, assignment, part)
                                    : attains_best_return(*parts_.real, assignment, part)) == Truth::yes;
  }

  void draw_plan(State& state, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const auto allowed = actions(state.assignment, part);
    const std::uint32_t count = state.assignment.sizes[signature_.parts[part].to[0]];
    std::vector<std::uint32_t> taken;
    for (const auto& list : allowed)
      taken.push_back(given.lowest ? list[0]
                                   : list[state.choices.below(static_cast<std::uint32_t>(list.size()))]);
    StochasticMatrix policy = StochasticMatrix::deterministic(count, taken);
    if (given.plan == Given::Plan::argmax && !given.lowest && state.choices.flag()) {
      const std::vector<bool> visited = program_->is_rational()
                                            ? visited_states(parts_.rational, state.assignment, part, policy)
                                            : visited_states(*parts_.real, state.assignment, part, policy);
      for (std::size_t row = 0; row < taken.size(); ++row)
        if (!visited[row]) taken[row] = state.choices.below(count);
      policy = StochasticMatrix::deterministic(count, taken);
    }
    state.assignment.values[part] = std::move(policy);
  }

  /// One reward changed such that two actions tie where a plan has to choose.
  void tie_plans(State& state) const {
    if (!program_->is_rational() || state.setting.model) return;
    for (std::size_t part = 0; part < lemma_.givens.size(); ++part) {
      const Given& given = lemma_.givens[part];
      if (given.plan != Given::Plan::optimal && given.plan != Given::Plan::argmax) continue;
      if (state.choices.below(4) != 3) continue;
      const ModelTuple& tuple = *lemma_.find_model(given.model);
      const Given* reward = lemma_.find_given(tuple.reward);
      if (reward == nullptr || reward->family || reward->on_transitions || !is_drawn(state, tuple)) continue;
      const auto reward_part =
          static_cast<std::size_t>(std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                                                [&](const Given& each) { return &each == reward; }) -
                                   lemma_.givens.begin());
      const auto m = static_cast<std::size_t>(&tuple - lemma_.models.data());
      Frame<Rational> frame(parts_.rational, state.assignment);
      const ModelData<Rational>& model = model_data(frame, m);
      if (model.actions < 2) continue;
      const std::size_t s = state.choices.below(static_cast<std::uint32_t>(model.states));
      const auto value = [&](std::size_t a) {
        return value_at(frame, m, parts_.rational.best_solvers[m], 'Q',
                        model.horizon ? std::optional<std::int64_t>(1) : std::nullopt, s * model.actions + a);
      };
      const Rational gap = value(0) - value(1);
      const std::size_t better = s * model.actions + (gap.sign() > 0 ? 0 : 1);
      std::vector<Rational> values;
      const RewardTable& table = state.assignment.table(reward_part);
      for (std::size_t i = 0; i < model.states * model.actions; ++i)
        values.push_back(table(State_{static_cast<std::uint32_t>(i / model.actions)},
                               Action{static_cast<std::uint32_t>(i % model.actions)}));
      values[better] -= abs(gap);
      const Ends ends = ends_of(state.assignment, reward_part);
      if (ends.low && (values[better] < *ends.low || values[better] > *ends.high)) continue;
      state.assignment.values[reward_part] =
          RewardTable(static_cast<std::uint32_t>(model.states), static_cast<std::uint32_t>(model.actions),
                      std::move(values));
      // Every plan that looks at these rewards is made again.
      for (const std::size_t again : order_)
        if (lemma_.givens[again].plan != Given::Plan::none) draw_part(state, again);
    }
  }

  // checking

  std::optional<std::string> objection_to(const Assignment& assignment, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const PartShape& shape = signature_.parts[part];
    const PartValue& value = assignment.values[part];
    switch (given.kind) {
      case Given::Kind::number:
      case Given::Kind::integer:
        return objection_to_number(assignment, part, std::get<Rational>(value));
      case Given::Kind::element:
        if (given.plan == Given::Plan::argmin) {
          const auto allowed = elements(assignment, part);
          const auto found = std::find(allowed.begin(), allowed.end(), std::get<std::uint32_t>(value));
          if (found == allowed.end()) return given.name + " does not minimise";
          if (given.lowest && found != allowed.begin())
            return given.name + " is not the lowest that minimises";
        }
        return std::nullopt;
      case Given::Kind::map: {
        const auto& images = std::get<std::vector<std::uint32_t>>(value);
        if (lemma_.sets[shape.to[0]].image_of != lemma_.sets[shape.from[0]].name) return std::nullopt;
        std::vector<bool> met(assignment.sizes[shape.to[0]]);
        for (const std::uint32_t image : images) met[image] = true;
        if (std::find(met.begin(), met.end(), false) != met.end()) return given.name + " is not onto";
        return std::nullopt;
      }
      case Given::Kind::function: {
        const RewardTable& table = std::get<RewardTable>(value);
        const std::size_t size = assignment.size_of_product(shape.from) * assignment.steps_of(shape);
        const std::uint32_t last = assignment.sizes[shape.from.back()];
        for (std::size_t i = 0; i < size; ++i)
          if (auto reason = objection_to_number(assignment, part,
                                                table(State_{static_cast<std::uint32_t>(i / last)},
                                                      Action{static_cast<std::uint32_t>(i % last)})))
            return reason;
        return std::nullopt;
      }
      case Given::Kind::rows:
        return objection_to_rows(assignment, part);
    }
    return std::nullopt;
  }

  std::optional<std::string> objection_to_number(const Assignment& assignment, std::size_t part,
                                                 const Rational& value) const {
    const Given& given = lemma_.givens[part];
    const auto outside = [&] {
      return given.name + " has the value " + value.to_string() + ", which is out of its range";
    };
    switch (given.range.kind) {
      case Range::Kind::reals:
        return std::nullopt;
      case Range::Kind::listed:
        if (std::find(given.range.values.begin(), given.range.values.end(), value) ==
            given.range.values.end())
          return outside();
        return std::nullopt;
      case Range::Kind::integers:
        if (!value.is_integer()) return outside();
        if (part == signature_.horizon && !given.range.said)
          return value.sign() <= 0 ? std::optional(outside()) : std::nullopt;
        if (value < Rational(range_low(assignment, part)) || value > Rational(range_high(assignment, part)))
          return outside();
        return std::nullopt;
      case Range::Kind::interval: {
        const GivenCode<Rational>& code = parts_.rational.givens[part];
        const Rational low = range_end(code.low, assignment, code.slots),
                       high = range_end(code.high, assignment, code.slots);
        if (given.range.low_open ? value <= low : value < low) return outside();
        if (given.range.high_open ? value >= high : value > high) return outside();
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> objection_to_rows(const Assignment& assignment, std::size_t part) const {
    const Given& given = lemma_.givens[part];
    const StochasticMatrix& rows = assignment.rows(part);
    if (given.deterministic && rows.entries() != rows.rows()) return given.name + " is not deterministic";
    if (given.positive && rows.entries() != rows.rows() * rows.columns())
      return given.name + " is not positive everywhere";
    if (given.plan == Given::Plan::none) return std::nullopt;
    if (given.plan == Given::Plan::argmax && !given.lowest) {
      if (!attains(assignment, part)) return given.name + " is not best wherever it goes in " + given.model;
      return std::nullopt;
    }
    const auto allowed = actions(assignment, part);
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const std::uint32_t taken = rows.column(rows.row_begin(row));
      const auto found = std::find(allowed[row].begin(), allowed[row].end(), taken);
      if (found == allowed[row].end())
        return given.name + " is not " +
               (given.plan == Given::Plan::greedy ? "greedy" : "optimal in " + given.model);
      if (given.lowest && found != allowed[row].begin())
        return given.name + " does not take the lowest action among the best";
    }
    return std::nullopt;
  }

  std::shared_ptr<const LemmaProgram> program_;
  const Lemma& lemma_;
  const LemmaProgram::Parts& parts_;
  const Signature& signature_;
  Listing listing_;
  std::vector<std::size_t> order_;
  std::string first_kernel_, first_model_;
};

}  // namespace

DrawnSizes drawn_sizes(const Lemma& lemma) {
  const Listing listing = listings(lemma);
  DrawnSizes sizes;
  if (listing.paths || listing.policies) sizes = {3, 3, 3};
  return sizes;
}

Domain lemma_domain(const std::shared_ptr<const LemmaProgram>& program) {
  const auto draw = std::make_shared<const LemmaDraw>(program);
  Domain domain;
  domain.name = "the givens of " + program->lemma().id;
  domain.decode = [draw](ChoiceSource& choices, const Setting& setting) {
    return draw->decode(choices, setting);
  };
  domain.objection = [draw](const Instance& instance) { return draw->objection(instance); };
  domain.repair = [draw](Instance& instance) { draw->repair(instance); };
  domain.classes = draw->classes();
  domain.has_models = draw->has_models();
  return domain;
}

}  // namespace lemmacheck
