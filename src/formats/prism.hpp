/// PRISM's explicit files: a model in several files of one name.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "formats/raw_model.hpp"

namespace lemmacheck {

/// Reads NAME.tra (transitions of a DTMC or an MDP) and what lies beside it: NAME.lab (where "init" says
/// which state is initial; state 0 without it), NAME.sta (what states are called), NAME.srew and NAME.trew
/// (rewards of states and of transitions). Says in `remarks` which were read.
/// @throws InvalidInput naming file and line, the fault and the remedy; of intervals as well.
RawModel read_prism(const std::filesystem::path& transitions);

/// The files of a model by their endings, ".tra", ".lab" and ".trew"; probabilities are fractions.
/// @throws InvalidInput for a model that is time-varying or does not start in one state.
std::map<std::string, std::string> model_as_prism(const FiniteMdp& model);

}  // namespace lemmacheck
