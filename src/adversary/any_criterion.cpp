#include "adversary/any_criterion.hpp"

#include "adversary/discounted_worst_case.hpp"
#include "adversary/endless_worst_case.hpp"

namespace lemmacheck {

Extreme extreme_return(const FiniteMdp& model, const MarkovPolicy& policy, const Criterion& criterion,
                       const UncertaintySet& set, bool lowest, bool with_kernels) {
  criterion.require_valid();
  switch (criterion.endless) {
    case Criterion::Endless::average:
      return extreme_average_return(model, policy, set, lowest);
    case Criterion::Endless::total:
      return extreme_total_return(model, policy, set, lowest);
    case Criterion::Endless::none:
      break;
  }
  if (!criterion.horizon) return extreme_discounted_return(model, policy, *criterion.discount, set, lowest);
  return extreme_return(model, policy, *criterion.horizon, set, lowest, with_kernels,
                        criterion.discount.value_or(Rational(1)));
}

RobustPlan robust_plan(const FiniteMdp& model, const Criterion& criterion, const UncertaintySet& set,
                       bool lowest) {
  criterion.require_valid();
  switch (criterion.endless) {
    case Criterion::Endless::average:
      return robust_average_plan(model, set, lowest);
    case Criterion::Endless::total:
      return robust_total_plan(model, set, lowest);
    case Criterion::Endless::none:
      break;
  }
  if (!criterion.horizon) return robust_discounted_plan(model, *criterion.discount, set, lowest);
  return robust_plan(model, *criterion.horizon, set, criterion.discount.value_or(Rational(1)), lowest);
}

}  // namespace lemmacheck
