/// Reading the named numbers of an instance as indices and tables.
#pragma once

#include <string>
#include <vector>

#include "generate/instance.hpp"

namespace lemmacheck {

/// @throws InvalidInput where there are none of that name.
const std::vector<Rational>& numbers_of(const Instance& instance, const std::string& name);

/// Whole numbers below n. @throws InvalidInput for others.
std::vector<std::uint32_t> indices_of(const Instance& instance, const std::string& name, std::uint32_t n);

/// Rows of `columns` numbers each, distributions. @throws InvalidInput where the numbers do not make them.
StochasticMatrix rows_of(const Instance& instance, const std::string& name, std::uint32_t columns);

}  // namespace lemmacheck
