#include "language/signs.hpp"

#include <algorithm>
#include <set>

namespace lemmacheck {
namespace {

class Signs {
 public:
  explicit Signs(const Lemma& lemma) : lemma_(lemma) {}

  bool never_negative(const Tree& tree) {
    const auto all_kids = [&] {
      return std::ranges::all_of(tree->kids, [&](const Tree& kid) { return never_negative(kid); });
    };
    switch (tree->op) {
      case Op::literal:
        return tree->number.sign() >= 0;
      case Op::size:
      case Op::mass:
      case Op::indicator:
      case Op::chance:
      case Op::absolute:
      case Op::root:
      case Op::distance:
      case Op::variance:
        return true;
      case Op::constant:
      case Op::call:
        return tree->definition >= 0 ? of_definition(tree->definition) : of_given(tree->name);
      case Op::add:
      case Op::multiply:
      case Op::divide:
      case Op::minimum:
        return all_kids();
      case Op::expectation:
      case Op::sum:
      case Op::product:
      case Op::largest:
      case Op::smallest:
        return !tree->bindings.empty() && never_negative(tree->kids[0]);
      default:
        return false;
    }
  }

 private:
  /// A value takes finitely many calls, so that a definition that is never negative while the ones it calls
  /// are not is never negative.
  bool of_definition(int index) {
    if (!supposed_.insert(index).second) return true;
    const Definition& definition = lemma_.definitions[static_cast<std::size_t>(index)];
    return definition.body && never_negative(definition.body) &&
           std::ranges::all_of(definition.bases,
                               [&](const auto& base) { return never_negative(base.second); });
  }
  bool of_given(const std::string& name) const {
    const Given* given = lemma_.find_given(name);
    if (given == nullptr) return false;
    const Range& range = given->range;
    if (range.kind == Range::Kind::listed)
      return std::ranges::all_of(range.values, [](const Rational& value) { return value.sign() >= 0; });
    return range.low && range.low->op == Op::literal && range.low->number.sign() >= 0;
  }

  const Lemma& lemma_;
  std::set<int> supposed_;
};

}  // namespace

bool never_negative(const Lemma& lemma, const Tree& tree) {
  return Signs(lemma).never_negative(tree);
}

}  // namespace lemmacheck
