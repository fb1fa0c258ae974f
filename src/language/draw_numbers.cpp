// Numbers, elements and maps, small and near the ends of their ranges as often as not.
#include <algorithm>

#include "language/detail/lemma_draw.hpp"

namespace lemmacheck::detail {

Rational LemmaDraw::draw_integer(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  const std::int64_t low = range_low(state.assignment, part), high = range_high(state.assignment, part);
  if (high < low)
    fail_at(given.place,
            "the range of " + given.name + " is empty on some instance: " + std::to_string(low) + ".." +
                std::to_string(high),
            "write a range that holds an integer on every instance");
  return Rational(low + state.choices.below(
                            static_cast<std::uint32_t>(std::min<std::int64_t>(high - low + 1, 1'000'000))));
}

const LemmaDraw::Ends& LemmaDraw::ends_of(const Assignment& assignment, std::size_t part, Ends& own) const {
  if (facts_[part].ends) return *facts_[part].ends;
  const Given& given = *givens_[part];
  if (given.range.kind != Range::Kind::interval) return own;
  const GivenCode<Rational>& code = parts_.rational.givens[part];
  if (!code.low || !code.high)
    fail_at(given.place, "the ends of the range of " + given.name + " are irrational", "give rational ends");
  own = {low_end(assignment, part), high_end(assignment, part), given.range.low_open, given.range.high_open};
  if (own.is_empty())
    fail_at(given.place,
            "the range of " + given.name + " is empty on some instance: " + own.low->to_string() + " to " +
                own.high->to_string(),
            "write a range that holds a number on every instance");
  return own;
}

Rational LemmaDraw::draw_number(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  if (given.is_component && !given.range.said) return draw_discount(state.choices);
  if (given.range.kind == Range::Kind::listed)
    return given.range.values[state.choices.below(static_cast<std::uint32_t>(given.range.values.size()))];
  if (given.range.kind == Range::Kind::integers) return draw_integer(state, part);
  Ends own;
  return draw_in(state.choices, ends_of(state.assignment, part, own));
}

Rational LemmaDraw::draw_discount(ChoiceSource& choices) {
  constexpr std::array<std::pair<int, int>, 9> discounts = {
      {{1, 2}, {9, 10}, {1, 10}, {3, 4}, {1, 4}, {0, 1}, {99, 100}, {1, 100}, {2, 3}}};
  const auto [p, q] = choices.pick(discounts);
  return Rational::ratio(p, static_cast<std::uint64_t>(q));
}

Rational LemmaDraw::draw_in(ChoiceSource& choices, const Ends& ends) {
  if (!ends.low) return draw_real(choices);
  const Rational share = draw_share(choices, ends).as_rational();
  return ends.is_unit() ? share : *ends.low + share * (*ends.high - *ends.low);
}

LemmaDraw::Share LemmaDraw::draw_share(ChoiceSource& choices, const Ends& ends) {
  constexpr std::array<std::uint32_t, 5> grids = {2, 1, 4, 10, 100};
  Share share;
  switch (choices.below(4)) {
    case 0:
    case 1: {
      const std::uint32_t n = choices.pick(grids);
      share = {choices.below(n + 1), n};
      break;
    }
    case 2:
      share = small_share(choices);
      break;
    default: {
      const Share small = small_share(choices);
      share = {small.whole - small.part, small.whole};
    }
  }
  if ((ends.low_open && share.part == 0) || (ends.high_open && share.part == share.whole)) share = {1, 2};
  return share;
}

LemmaDraw::Share LemmaDraw::small_share(ChoiceSource& choices) {
  std::uint32_t power = 10;
  for (std::uint32_t i = choices.below(6); i > 0; --i) power *= 10;
  return {choices.between(1, 9), power};
}

Rational LemmaDraw::draw_real(ChoiceSource& choices) {
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
  const Rational small = small_share(choices).as_rational();
  return choices.flag() ? base - small : base + small;
}

void LemmaDraw::draw_element(State& state, std::size_t part) const {
  const Given& given = *givens_[part];
  if (given.plan == Given::Plan::argmin) {
    const auto allowed = elements(state.assignment, part);
    place_of(state, part) =
        given.lowest ? allowed[0] : allowed[state.choices.below(static_cast<std::uint32_t>(allowed.size()))];
    return;
  }
  place_of(state, part) = state.choices.below(state.assignment.sizes[signature_.parts[part].from[0]]);
}

namespace {

/// Where a deterministic world's actions lead, rows of `actions` images: in half of the draws to elements of
/// their own, and in half of them rows are copies of others.
void draw_successors(ChoiceSource& choices, std::vector<std::uint32_t>& images, std::uint32_t actions,
                     std::uint32_t to) {
  const bool apart = choices.flag() && to > 1, copies = choices.flag();
  for (std::uint32_t row = 0; row * actions < images.size(); ++row) {
    std::uint32_t* const image = &images[row * actions];
    if (copies && row > 0 && choices.flag()) {
      std::copy_n(&images[choices.below(row) * actions], actions, image);
      continue;
    }
    for (std::uint32_t a = 0; a < actions; ++a)
      image[a] = apart && a > 0 ? (image[a - 1] + 1 + choices.below(to - 1)) % to : choices.below(to);
  }
}

}  // namespace

std::vector<std::uint32_t> LemmaDraw::draw_map(State& state, std::size_t part) const {
  const PartShape& shape = signature_.parts[part];
  const std::uint32_t to = state.assignment.sizes[shape.to[0]];
  std::vector<std::uint32_t> images(state.assignment.size_of_product(shape.from)), counts(to);
  if (shape.from.size() > 1) {
    draw_successors(state.choices, images, state.assignment.sizes[shape.from.back()], to);
    return images;
  }
  for (std::uint32_t& image : images) ++counts[image = state.choices.below(to)];
  const bool onto = lemma_.is_onto(lemma_.givens[part]);
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

}  // namespace lemmacheck::detail
