/// The option --policy of the commands about one model.
#pragma once

#include <string>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// "optimal" (in this model, at this horizon), "uniform", or a policy file.
MarkovPolicy policy_named(const std::string& name, const FiniteMdp& model, Step horizon);

inline constexpr const char* policy_help = "optimal, uniform or a policy file";

}  // namespace lemmacheck
