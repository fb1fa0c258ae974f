#include "language/draw.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "generate/model_families.hpp"
#include "language/dependencies.hpp"
#include "language/detail/draw_rows.hpp"
#include "language/detail/lemma_draw.hpp"

namespace lemmacheck {
namespace {

using namespace detail;

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
  for (const auto* list : {&lemma.assumes, &lemma.claims, &lemma.proofs, &lemma.witness})
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

/// From 1 to `largest`; 1, where little can differ, a third as often as any other.
std::uint32_t draw_size(ChoiceSource& choices, std::uint32_t largest) {
  const std::uint32_t drawn = choices.below(3 * largest - 2);
  return drawn == 0 ? 1 : 2 + (drawn - 1) % (largest - 1);
}

}  // namespace

namespace detail {

LemmaDraw::LemmaDraw(std::shared_ptr<const LemmaProgram> program)
    : program_(std::move(program)),
      lemma_(program_->lemma()),
      parts_(program_->parts()),
      signature_(*program_->signature()) {
  listing_ = listings(lemma_);
  most_ = drawn_sizes(lemma_);
  for (const Given& given : lemma_.givens) givens_.push_back(&given);
  order_ = order();
  facts_ = facts();
  models_ = facts_of_models();
  for (const SetName& set : lemma_.sets)
    image_of_.push_back(set.image_of.empty() ? std::nullopt : std::optional(set_index(set.image_of)));
  for (std::size_t part = 0; part < lemma_.givens.size(); ++part)
    if (const Given::Plan plan = lemma_.givens[part].plan;
        plan == Given::Plan::optimal || plan == Given::Plan::argmax)
      tied_.push_back(part);
  refuse_endless_work();
}

void LemmaDraw::decode(ChoiceSource& choices, const Setting& setting, Instance& instance) const {
  if (!instance.assignment) instance.assignment.emplace();
  Assignment& assignment = *instance.assignment;
  if (assignment.signature != program_->signature()) assignment.signature = program_->signature();
  give_back(assignment);
  assignment.mark.renew();
  assignment.values.assign(signature_.parts.size(), Rational());
  instance.classes.clear();
  State state{choices, setting, assignment, instance.classes};
  integers_and_sizes(state);
  for (const std::size_t part : order_) {
    try {
      draw_part(state, part);
    } catch (const UndefinedValue& fault) {
      fail_at(givens_[part]->place,
              givens_[part]->name + " has no value to be drawn on some instance: " + fault.what(),
              "write ranges and choices that have a value on every instance");
    }
  }
  tie_plans(state);
}

PartValue& LemmaDraw::place_of(State& state, std::size_t part) const {
  PartValue& place = state.assignment.values[part];
  const PartShape::Kind kind = signature_.parts[part].kind;
  // Parts begin as numbers, 0, which only a number could be read as.
  if (!std::holds_alternative<Rational>(place) || kind == PartShape::Kind::number ||
      kind == PartShape::Kind::integer)
    state.assignment.mark.renew();
  return place;
}

LemmaDraw::Spare& LemmaDraw::spare() {
  thread_local Spare kept;
  return kept;
}

void LemmaDraw::give_back(Assignment& assignment) {
  Spare& kept = spare();
  const auto keep = [](auto& list, auto&& value) {
    constexpr std::size_t most = 16;
    if (list.size() < most) list.push_back(std::move(value));
  };
  for (PartValue& value : assignment.values) {
    if (auto* matrix = std::get_if<StochasticMatrix>(&value)) keep(kept.matrices, std::move(*matrix));
    if (auto* table = std::get_if<RewardTable>(&value)) keep(kept.tables, std::move(*table));
  }
}

std::optional<std::string> LemmaDraw::objection(const Instance& instance) const {
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

void LemmaDraw::repair(Instance& instance) const {
  instance.edit();
  Assignment& assignment = *instance.assignment;
  for (const std::size_t part : order_) {
    const Given& given = *givens_[part];
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

std::vector<std::string> LemmaDraw::classes() const {
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

std::vector<std::size_t> LemmaDraw::order() {
  std::vector<std::size_t> result;
  for (const Given* given : draw_order(lemma_)) result.push_back(part_of(*given));
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

void LemmaDraw::refuse_endless_work() const {
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

Rational LemmaDraw::range_end(const Number<Rational>& code, const Assignment& assignment,
                              std::size_t slots) const {
  LentFrame<Rational> lent(parts_.rational, assignment);
  Frame<Rational>& frame = *lent;
  frame.stack.resize(slots + 1);
  return code->eval(frame);
}

Rational LemmaDraw::low_end(const Assignment& assignment, std::size_t part) const {
  const GivenCode<Rational>& code = parts_.rational.givens[part];
  return facts_[part].low ? *facts_[part].low : range_end(code.low, assignment, code.slots);
}

Rational LemmaDraw::high_end(const Assignment& assignment, std::size_t part) const {
  const GivenCode<Rational>& code = parts_.rational.givens[part];
  return facts_[part].high ? *facts_[part].high : range_end(code.high, assignment, code.slots);
}

std::vector<LemmaDraw::PartFacts> LemmaDraw::facts() const {
  std::vector<PartFacts> list(signature_.parts.size());
  std::map<std::string, std::size_t> latest;
  for (const std::size_t part : order_) {
    if (part == signature_.horizon) continue;
    const std::string shape = shape_key(signature_.parts[part]);
    if (const auto found = latest.find(shape); found != latest.end()) list[part].earlier = found->second;
    latest[shape] = part;
  }
  const auto plain = [](const Tree& end) { return end ? literal_value(end) : std::nullopt; };
  for (std::size_t part = 0; part < list.size(); ++part) {
    const Given& given = *givens_[part];
    list[part].low = plain(given.range.low);
    list[part].high = plain(given.range.high);
    if (given.range.kind == Range::Kind::interval && list[part].low && list[part].high) {
      const Ends ends{list[part].low, list[part].high, given.range.low_open, given.range.high_open};
      if (!ends.is_empty()) list[part].ends = ends;  // else the draw fails
    }
    if (signature_.parts[part].family) continue;
    for (const ModelTuple& tuple : lemma_.models) {
      if (!tuple.is_total()) continue;
      if (tuple.kernel == given.name) list[part].rest = PartFacts::Rest::kernel;
      if (tuple.reward == given.name) list[part].rest = PartFacts::Rest::reward;
    }
  }
  return list;
}

std::vector<LemmaDraw::ModelFacts> LemmaDraw::facts_of_models() const {
  std::vector<ModelFacts> list;
  for (const ModelTuple& tuple : lemma_.models) {
    ModelFacts& model = list.emplace_back();
    model.states = set_index(tuple.states);
    model.actions = set_index(tuple.actions);
    for (const std::string* name :
         {&tuple.reward, &tuple.kernel, &tuple.discount, &tuple.horizon, &tuple.initial}) {
      if (name->empty()) continue;
      const Given* given = lemma_.find_given(*name);
      model.all_given = model.all_given && given != nullptr;
      if (given == nullptr) continue;
      model.parts.push_back(part_of(*given));
      if (name == &tuple.reward) model.reward = model.parts.back();
    }
  }
  return list;
}

std::size_t LemmaDraw::part_of(const Given& given) const {
  return static_cast<std::size_t>(std::find_if(lemma_.givens.begin(), lemma_.givens.end(),
                                               [&](const Given& each) { return &each == &given; }) -
                                  lemma_.givens.begin());
}

void LemmaDraw::integers_and_sizes(State& state) const {
  // Integers whose ranges are numbers come first; H tells how large the rest may be.
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
    place_of(state, *signature_.horizon) = Rational(h);
    horizon = static_cast<double>(h);
    if (h == 1) state.classes.push_back("horizon: 1");
  }
  state.assignment.sizes.assign(signature_.sets.size(), 1);
  for (std::size_t i = 0; i < signature_.sets.size(); ++i) {
    const SetName& set = lemma_.sets[i];
    const bool images = image_of_[i].has_value();
    std::uint32_t largest = set.actions ? most_.actions : set.states || images ? most_.states : most_.others;
    if (images) largest = std::min(largest, state.assignment.sizes[*image_of_[i]]);
    state.assignment.sizes[i] = draw_size(state.choices, largest);
  }
  if (state.setting.model && has_models()) {
    const ModelTuple& tuple = *lemma_.find_model(first_model_);
    state.assignment.sizes[set_index(tuple.states)] = state.setting.model->state_count();
    state.assignment.sizes[set_index(tuple.actions)] = state.setting.model->action_count();
  }
  for (const ModelFacts& model : models_) {
    auto& states = state.assignment.sizes[model.states];
    auto& actions = state.assignment.sizes[model.actions];
    while (states * actions > 1 &&
           listed(listing_, states, actions, horizon, signature_.horizon.has_value()) > 1 &&
           !state.setting.model)
      (states >= actions ? states : actions) -= 1;
  }
  for (std::size_t i = 0; i < signature_.sets.size(); ++i)
    if (const auto of = image_of_[i])
      state.assignment.sizes[i] = std::min(state.assignment.sizes[i], state.assignment.sizes[*of]);
}

std::size_t LemmaDraw::set_index(const std::string& name) const {
  return static_cast<std::size_t>(std::find(signature_.sets.begin(), signature_.sets.end(), name) -
                                  signature_.sets.begin());
}

std::int64_t LemmaDraw::range_low(const Assignment& assignment, std::size_t part) const {
  return integer_of(low_end(assignment, part));
}

std::int64_t LemmaDraw::range_high(const Assignment& assignment, std::size_t part) const {
  return integer_of(high_end(assignment, part));
}

std::string LemmaDraw::shape_key(const PartShape& shape) {
  std::string key = std::to_string(static_cast<int>(shape.kind)) + (shape.family ? "h" : "");
  for (const std::size_t set : shape.from) key += "<" + std::to_string(set);
  for (const std::size_t set : shape.to) key += ">" + std::to_string(set);
  return key;
}

void LemmaDraw::draw_part(State& state, std::size_t part) const {
  if (part == signature_.horizon) return;
  const Given& given = *givens_[part];
  switch (given.kind) {
    case Given::Kind::number:
      place_of(state, part) = draw_number(state, part);
      break;
    case Given::Kind::integer:
      place_of(state, part) = draw_integer(state, part);
      break;
    case Given::Kind::element:
      draw_element(state, part);
      break;
    case Given::Kind::map:
      place_of(state, part) = draw_map(state, part);
      break;
    case Given::Kind::function:
      place_of(state, part) = draw_function(state, part);
      break;
    case Given::Kind::rows:
      if (given.plan != Given::Plan::none)
        draw_plan(state, part);
      else
        draw_rows(state, part);
      break;
  }
  rest_at_last(state, part);
}

void LemmaDraw::rest_at_last(State& state, std::size_t part) const {
  using Rest = PartFacts::Rest;
  const Rest rest_of = facts_[part].rest;
  if (state.setting.model || rest_of == Rest::none) return;
  const PartShape& shape = signature_.parts[part];
  if (rest_of == Rest::kernel) {
    const StochasticMatrix& drawn = state.assignment.rows(part);
    const std::uint32_t states = drawn.columns(), last[] = {states - 1};
    const StochasticMatrix rest = StochasticMatrix::deterministic(states, last);
    const std::size_t first = drawn.rows() / states * (states - 1);
    std::vector<StochasticMatrix::RowOf> rows;
    for (std::size_t row = 0; row < drawn.rows(); ++row)
      rows.push_back(row < first ? StochasticMatrix::RowOf{&drawn, row} : StochasticMatrix::RowOf{&rest, 0});
    place_of(state, part) = StochasticMatrix::assembled(states, rows);
  } else {
    Ends own;
    const Ends& ends = ends_of(state.assignment, part, own);
    Rational nothing;
    clamp(nothing, ends);
    std::vector<Rational> values = state.assignment.table(part).as<Rational>();
    const std::size_t first = values.size() - values.size() / state.assignment.sizes[shape.from[0]];
    std::fill(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), nothing);
    place_of(state, part) = function_table(values.size(), state.assignment.sizes[shape.from.back()], values);
  }
}

}  // namespace detail

DrawnSizes drawn_sizes(const Lemma& lemma) {
  const Listing listing = listings(lemma);
  DrawnSizes sizes;
  if (listing.paths || listing.policies) sizes = {3, 3, 3};
  // A loop's rounds differ for longer where they are counted by a larger set.
  if (!lemma.loops.empty()) sizes = {std::min(sizes.states, 4U), std::min(sizes.actions, 2U), 6};
  return sizes;
}

Domain lemma_domain(const std::shared_ptr<const LemmaProgram>& program) {
  const auto draw = std::make_shared<const LemmaDraw>(program);
  Domain domain;
  domain.name = "the givens of " + program->lemma().id;
  domain.decode = [draw](ChoiceSource& choices, const Setting& setting, Instance& instance) {
    draw->decode(choices, setting, instance);
  };
  domain.objection = [draw](const Instance& instance) { return draw->objection(instance); };
  domain.repair = [draw](Instance& instance) { draw->repair(instance); };
  domain.classes = draw->classes();
  domain.has_models = draw->has_models();
  return domain;
}

}  // namespace lemmacheck
