#include "logs/diagnosis.hpp"

#include "formats/number_text.hpp"

namespace lemmacheck {
namespace {

using Expected = std::function<std::optional<Rational>(std::size_t)>;

/// At how many places a law fits; nothing where it fails at one.
std::optional<std::size_t> fits(const std::vector<Rational>& found, const Rational& tolerance,
                                const Expected& expected) {
  std::size_t places = 0;
  for (std::size_t at = 0; at < found.size(); ++at) {
    const std::optional<Rational> value = expected(at);
    if (!value) continue;
    if (abs(found[at] - *value) > tolerance * max(Rational(1), abs(*value))) return std::nullopt;
    ++places;
  }
  return places;
}

/// The place where most is expected, in size.
std::optional<std::size_t> largest(const std::vector<Rational>& found, const Expected& expected) {
  std::optional<std::size_t> where;
  Rational most;
  for (std::size_t at = 0; at < found.size(); ++at) {
    const std::optional<Rational> value = expected(at);
    if (!value || abs(*value) <= most) continue;
    most = abs(*value);
    where = at;
  }
  return where;
}

std::string factor_words(const Rational& factor, const Rational& tolerance) {
  const std::string text = constant_text(factor, tolerance);
  if (text == "1/2") return "half of what is expected at every place: a mean over two replicas?";
  if (text == "2") return "twice what is expected at every place: a sum over two replicas?";
  if (text == "-1") return "the negative of what is expected at every place";
  return text + " times what is expected at every place";
}

}  // namespace

std::string constant_text(const Rational& constant, const Rational& tolerance) {
  constexpr std::uint64_t simple = 1000;
  const Rational near = nearest_fraction(constant, simple);
  if (abs(near - constant) <= tolerance * max(Rational(1), abs(constant))) return near.to_string();
  return about(constant).substr(std::string("about ").size());
}

std::string diagnosis(const std::vector<Rational>& found, const Rational& tolerance, const Expected& expected,
                      const std::vector<NearbyLaw>& laws) {
  for (const NearbyLaw& law : laws)
    if (fits(found, tolerance, law.expected).value_or(0) > 0) return "fits: " + law.words;
  constexpr std::size_t fewest = 2;  // one place fits any constant
  const std::optional<std::size_t> where = largest(found, expected);
  if (!where) return {};
  const Rational factor = found[*where] / *expected(*where), summand = found[*where] - *expected(*where);
  const auto scaled = [&](std::size_t at) {
    const auto value = expected(at);
    return value ? std::optional(factor * *value) : std::nullopt;
  };
  const auto moved = [&](std::size_t at) {
    const auto value = expected(at);
    return value ? std::optional(summand + *value) : std::nullopt;
  };
  if (factor.sign() != 0 && fits(found, tolerance, scaled).value_or(0) >= fewest)
    return factor_words(factor, tolerance);
  if (fits(found, tolerance, moved).value_or(0) >= fewest)
    return constant_text(abs(summand), tolerance) + (summand.sign() < 0 ? " less" : " more") +
           " than expected at every place";
  return {};
}

std::string diagnosis(const CheckBook& book, const std::string& table, const Expected& expected,
                      const std::vector<NearbyLaw>& laws) {
  const NumberArray& array = book.tables().at(table);
  if (!array.infinite.empty()) return {};
  return diagnosis(array.values, book.tolerance(), expected, laws);
}

}  // namespace lemmacheck
