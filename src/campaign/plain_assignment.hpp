/// Assignments as plain dense tables, for editing; the shrinker's working form.
#pragma once

#include <vector>

#include "generate/assignment.hpp"

namespace lemmacheck {

struct PlainAssignment {
  explicit PlainAssignment(const Assignment& assignment);
  /// @throws InvalidInput if an edit has left a row that is no distribution.
  Assignment build() const;

  struct Part {
    std::vector<Rational> numbers;       ///< a number, or a function's values, step after step
    std::vector<std::uint32_t> indices;  ///< an element, or a map's images
    std::vector<std::vector<Rational>> rows;
  };
  std::shared_ptr<const Signature> signature;
  std::vector<std::uint32_t> sizes;
  std::vector<Part> parts;

  std::size_t steps() const;
  /// How many rows or values one step has.
  std::size_t one_step(std::size_t part) const;

  /// Element `gone` of a set disappears; what leads to it leads to `heir`.
  void merge_element(std::size_t set, std::uint32_t gone, std::uint32_t heir);
  /// Families lose steps at their end, or at their start.
  void cut_horizon(std::size_t horizon, bool at_start);

 private:
  std::size_t product(const std::vector<std::size_t>& sets) const;
};

}  // namespace lemmacheck
