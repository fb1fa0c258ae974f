/// Three-valued truth: what an enclosure can say of a relation.
#pragma once

namespace lemmacheck {

enum class Truth { no, yes, unknown };

enum class Relation { at_most, equal, less, unequal };

inline Truth negated(Truth truth) {
  return truth == Truth::unknown ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
}

inline Truth either(Truth a, Truth b) {
  if (a == Truth::yes || b == Truth::yes) return Truth::yes;
  return a == Truth::unknown ? a : b;
}
inline Truth both(Truth a, Truth b) {
  return negated(either(negated(a), negated(b)));
}

/// Whether `lhs REL rhs`; `N` is Rational (never unknown) or an enclosure.
template <class N>
Truth holds(const N& lhs, Relation relation, const N& rhs) {
  switch (relation) {
    case Relation::at_most:
      return is_at_most(lhs, rhs);
    case Relation::equal:
      return is_equal(lhs, rhs);
    case Relation::less:
      return negated(is_at_most(rhs, lhs));
    case Relation::unequal:
      break;
  }
  return negated(is_equal(lhs, rhs));
}

}  // namespace lemmacheck
