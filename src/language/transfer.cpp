#include "language/transfer.hpp"

#include <algorithm>

#include "language/program.hpp"

namespace lemmacheck {
namespace {

std::shared_ptr<const Signature> signature_of(const Claim& claim) {
  return LemmaProgram(claim.lemma, {}, {}).signature();
}

/// Whether two lists of sets have the same names.
bool same_sets(const Signature& a, const std::vector<std::size_t>& of_a, const Signature& b,
               const std::vector<std::size_t>& of_b) {
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [&](std::size_t x, std::size_t y) { return a.sets[x] == b.sets[y]; });
}

std::optional<std::size_t> part_like(const PartShape& wanted, const Signature& of, const Signature& in) {
  for (std::size_t i = 0; i < in.parts.size(); ++i) {
    const PartShape& part = in.parts[i];
    if (part.name == wanted.name && part.kind == wanted.kind && part.family == wanted.family &&
        same_sets(in, part.from, of, wanted.from) && same_sets(in, part.to, of, wanted.to))
      return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> set_named(const std::string& name, const Signature& in) {
  const auto found = std::find(in.sets.begin(), in.sets.end(), name);
  if (found == in.sets.end()) return std::nullopt;
  return static_cast<std::size_t>(found - in.sets.begin());
}

/// The same values of the names that "for all" binds; one that binds none speaks of every point.
bool speaks_of(const Point& sharper, const Point& at) {
  return !sharper.named || sharper.named->values.empty() ||
         (at.named && sharper.named->values == at.named->values);
}

}  // namespace

SharperLemma::SharperLemma(const Claim& sharper, const Claim& claim)
    : sharper_(sharper), signature_(signature_of(sharper)) {
  const std::shared_ptr<const Signature> from = signature_of(claim);
  for (const PartShape& part : signature_->parts) parts_.push_back(part_like(part, *signature_, *from));
  for (const std::string& set : signature_->sets) sets_.push_back(set_named(set, *from));
}

std::optional<Instance> SharperLemma::transferred(const Instance& instance) const {
  if (!instance.assignment) return std::nullopt;
  Instance result;
  result.assignment.emplace();
  result.assignment->signature = signature_;
  for (const auto& set : sets_) {
    if (!set) return std::nullopt;
    result.assignment->sizes.push_back(instance.assignment->sizes[*set]);
  }
  for (const auto& part : parts_) {
    if (!part) return std::nullopt;
    result.assignment->values.push_back(instance.assignment->values[*part]);
  }
  if (sharper_.domain.objection(result)) return std::nullopt;
  return result;
}

std::optional<RealNumber> SharperLemma::ceiling(const Instance& instance,
                                                const Points<RealNumber>::Entry& point) const {
  const std::optional<Instance> there = transferred(instance);
  if (!there) return std::nullopt;
  const Sides<RealNumber>& sides = point.sides;
  const RealNumber& tested = sides.term ? *sides.term : sides.rhs;
  if (tested.sign() != 1 || tested.is_infinite()) return std::nullopt;
  const Points<RealNumber> points = exact_points(sharper_.formula, sharper_.relation, *there);
  for (const auto& entry : points.entries())
    if (speaks_of(entry.at, point.at) && is_equal(entry.sides.lhs, sides.lhs) == Truth::yes)
      return RealNumber(1) - (sides.rhs - entry.sides.rhs) / tested;
  return std::nullopt;
}

}  // namespace lemmacheck
