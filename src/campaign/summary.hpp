/// What a run of one claim over a range of instances found: a commutative monoid.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "claims/evaluate.hpp"
#include "generate/instance_size.hpp"

namespace lemmacheck {

/// Merging is associative and commutative, and the summary of a range depends on (claim, seed, range) alone:
/// not on threads, shards, or the order of merging.
struct Summary {
  /// The best tightness, of the lowest instance number that reaches it.
  struct Record {
    Rational tightness;
    std::uint64_t instance;
  };
  /// Instances are kept apart by their horizon or discount: a bound that fails for long horizons
  /// alone is seldom reached from its tightest instance, which has a short one.
  static constexpr std::size_t niches = 3;
  /// The smallest counterexample, of the lowest instance number among equals; witnesses (`Claim::witness`)
  /// come first.
  struct Smallest {
    bool witness;
    InstanceSize size;
    std::uint64_t instance;
  };

  std::uint64_t instances = 0, discarded = 0, undecided = 0, violated = 0;
  std::uint64_t undefined = 0, infinite = 0;  ///< instances with such a side somewhere
  std::array<std::uint64_t, bin_count> histogram{};
  /// The same by the number of steps, or by tenths of the discount (stratum_of).
  std::map<int, std::array<std::uint64_t, bin_count>> by_stratum;
  std::map<std::string, std::uint64_t, std::less<>> classes;
  std::optional<Record> tightest;                         ///< of the witnesses
  std::array<std::optional<Record>, niches> tightest_of;  ///< of each niche, of all instances
  std::optional<Rational> max_ratio;                      ///< of lhs / rhs, where tightness is of a term
  std::optional<Smallest> counterexample;

  void merge(const Summary& other);
  void offer(const Record& record, std::size_t niche, bool witness);
  void offer(const Smallest& counterexample);

  Verdict verdict() const;
};

/// 0 up to two steps, or discounts up to 1/2; 1 up to five steps, or 3/4; 2 above. 0 without either.
std::size_t niche_of(const Instance& instance);

/// What instances are told apart by when tightness is shown: H, or the tenth that the discount lies in (0:
/// [0, 1/10)); nothing where they have neither.
enum class Stratification { none, horizon, discount };
Stratification stratification_of(const Instance& instance);
int stratum_of(const Instance& instance);

}  // namespace lemmacheck
