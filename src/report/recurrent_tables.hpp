/// Recurrent models and partially observed worlds as tables that can be checked by hand.
#pragma once

#include "report/instance_tables.hpp"

namespace lemmacheck {

/// Whether the instance's numbers are a recurrent model's.
bool is_recurrent(const Instance& instance);
/// Its parts by (h, z), its encoder by (x, h), and its episode.
std::vector<WordTable> recurrent_tables(const Instance& instance);

/// Whether the instance's numbers say what is seen of its states.
bool is_observed(const Instance& instance);
/// What each state shows, the code of each observation and memory, and the episode.
std::vector<WordTable> observation_tables(const Instance& instance);

}  // namespace lemmacheck
