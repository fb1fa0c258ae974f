/// An instance as tables of words: what text, Markdown and HTML reports show of it.
#pragma once

#include <string>
#include <vector>

#include "claims/certificate.hpp"

namespace lemmacheck {

struct WordTable {
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Horizon, models side by side, policies and further parts, and the values of the policy in both models
/// where they fit on a page.
std::vector<WordTable> instance_tables(const Certificate& certificate);

/// "0: 1/3, 2: 2/3": a distribution's columns and probabilities.
std::string row_in_words(const StochasticMatrix& matrix, std::size_t row);

/// "h = 1, s = 0"; empty for a claim that compares once.
std::string point_in_words(const Point& point);

}  // namespace lemmacheck
