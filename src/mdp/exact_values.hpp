/// Exact values of a policy by the fastest path that its numbers allow.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "mdp/scaled_induction.hpp"

namespace lemmacheck {

/// V_h(s) for h = 1..H+1, fraction-free where common denominators exist, in rationals elsewhere. A value is
/// put in lowest terms when it is first asked for, and kept: one thread at a time may ask.
class ExactValues {
 public:
  ExactValues(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);
  const Rational& operator()(Step h, State s) const;

 private:
  std::uint32_t states_;
  mutable std::vector<std::optional<Rational>> known_;
  using Table = std::variant<ScaledValueTable, ValueTable<Rational>>;
  Table table_;
};

/// J(pi, M) = E_{s ~ rho_0} V_1(s), exact. @throws InvalidInput for shapes or horizons that do not fit.
Rational policy_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon);

}  // namespace lemmacheck
