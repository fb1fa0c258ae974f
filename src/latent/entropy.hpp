/// Conditional entropies of finite tables, exactly.
#pragma once

#include <map>
#include <utility>

#include "numeric/log_form.hpp"

namespace lemmacheck {

/// sum over (given, what) of -P log P(what | given), in nats; masses that sum to m give m times the entropy.
template <class Given, class What>
LogForm conditional_entropy(const std::map<std::pair<Given, What>, Rational>& joint) {
  std::map<Given, Rational> marginal;
  for (const auto& [key, mass] : joint) marginal[key.first] += mass;
  LogForm sum;
  for (const auto& [key, mass] : joint)
    if (mass.sign() != 0) sum -= mass * LogForm::log(mass / marginal.at(key.first));
  return sum;
}

}  // namespace lemmacheck
