/// Three-valued truth: what an enclosure can say of a relation.
#pragma once

namespace lemmacheck {

enum class Truth { no, yes, unknown };

enum class Relation { at_most, equal };

/// Whether `lhs REL rhs`; `N` is Rational (never unknown) or Interval.
template <class N>
Truth holds(const N& lhs, Relation relation, const N& rhs) {
  return relation == Relation::at_most ? is_at_most(lhs, rhs) : is_equal(lhs, rhs);
}

}  // namespace lemmacheck
