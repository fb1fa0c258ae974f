/// Makes the instances of lemmas' texts smaller.
#pragma once

#include "campaign/shrink.hpp"

namespace lemmacheck {

/// As `shrink`, for an instance that is an assignment.
Instance shrink_assignment(Instance instance, const Shows& shows, const InstanceRepair& repair, int budget);

}  // namespace lemmacheck
