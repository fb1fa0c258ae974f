/// Instances as plain dense tables, for editing; the shrinker's working form.
#pragma once

#include <optional>
#include <vector>

#include "generate/instance.hpp"

namespace lemmacheck {

using Row = std::vector<Rational>;

struct PlainModel {
  Row initial;                            ///< S
  std::vector<std::vector<Row>> kernels;  ///< steps x (S A) x S
  Row rewards;                            ///< S A

  explicit PlainModel(const FiniteMdp& model);
  FiniteMdp build(std::uint32_t states, std::uint32_t actions) const;
};

/// A policy, or another table of rows.
using PlainTable = std::vector<Row>;

struct PlainInstance {
  std::uint32_t states = 0, actions = 0;
  Step horizon = 1;
  std::vector<PlainModel> models;    ///< M, then M' where there is one, then the class to choose from
  bool has_perturbed = false;        ///< whether there is M'
  std::vector<PlainTable> policies;  ///< pi, then the second policy where there is one
  std::optional<Row> sampling;       ///< S A
  std::vector<bool> known;           ///< S A or empty
  Row next_state_rewards;            ///< S A S or empty
  std::map<std::string, std::vector<Rational>> numbers;

  explicit PlainInstance(const Instance& instance);
  Instance build() const;

  /// State `gone` disappears; its probability goes to `heir`.
  void merge_state(std::uint32_t gone, std::uint32_t heir);
  void merge_action(std::uint32_t gone, std::uint32_t heir);
};

}  // namespace lemmacheck
