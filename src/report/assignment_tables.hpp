/// A lemma's instance as tables of words.
#pragma once

#include "generate/assignment.hpp"
#include "report/instance_tables.hpp"

namespace lemmacheck {

/// Numbers in one table; kernels and functions of the same arguments side by side.
std::vector<WordTable> assignment_tables(const Assignment& assignment);

}  // namespace lemmacheck
