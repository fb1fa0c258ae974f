/// Kernels, policies and distributions of given shapes, drawn from choices. Private to the language layer.
#pragma once

#include <array>
#include <string_view>

#include "generate/choice_source.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck::detail {

struct RowsDraft {
  std::size_t rows = 1, steps = 1;
  std::uint32_t columns = 1, actions = 1;
  bool kernel = false;  ///< rows are state by action, columns next states
  bool deterministic = false, positive = false;
};

inline constexpr std::array<std::string_view, 9> kernel_families = {"family: dense",
                                                                    "family: sparse",
                                                                    "family: deterministic",
                                                                    "family: absorbing states",
                                                                    "family: go to",
                                                                    "family: leaking chain",
                                                                    "family: tree",
                                                                    "family: actions alike",
                                                                    "family: nearly degenerate"};
inline constexpr std::array<std::string_view, 5> row_changes = {
    "perturbation: one row", "perturbation: sparse", "perturbation: exact distance", "perturbation: small",
    "perturbation: independent"};

/// @param like  an earlier matrix of the same shape, which most draws stay near; or nullptr.
/// @param label  receives the family or the perturbation of a kernel. @param drawn  receives the matrix.
void draw_rows_like(ChoiceSource& choices, const RowsDraft& draft, const StochasticMatrix* like,
                    std::string_view& label, StochasticMatrix& drawn);

}  // namespace lemmacheck::detail
