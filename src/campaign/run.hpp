/// Runs a claim over a range of instances, on threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "campaign/summary.hpp"

namespace lemmacheck {

/// Instance `index` of seed `seed`: the same on every thread and machine.
Instance draw_instance(const Domain& domain, const Setting& setting, std::uint64_t seed, std::uint64_t index);
/// The same in the storage of an instance of this domain, or of an empty one.
void draw_instance(const Domain& domain, const Setting& setting, std::uint64_t seed, std::uint64_t index,
                   Instance& instance);

struct Run {
  std::uint64_t seed = 1;
  std::uint64_t first = 0, instances = 1000;  ///< instances first, ..., first + instances - 1
  int threads = 0;                            ///< 0: one a core
};

/// Runs `work` on that many threads (0: one a core); what it starts in parallel stays on them.
void run_on(int threads, const std::function<void()>& work);

/// Checks the claim on the run's instances. The result does not depend on the number of threads.
Summary run_claim(const Claim& claim, const Setting& setting, const Run& run);

/// Which classes of the domain stayed empty, in a run long enough that none should have; the harness tests
/// less than it says where there is one.
std::vector<std::string> empty_classes(const Claim& claim, const Setting& setting, const Summary& summary);

/// The first instance on which the formula is violated, among the run's; for mutants. Single-threaded.
std::optional<std::uint64_t> first_violation(const Formula& formula, const Claim& claim, const Run& run);

}  // namespace lemmacheck
