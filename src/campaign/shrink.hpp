/// Makes an instance smaller while it keeps showing what it shows.
#pragma once

#include <functional>

#include "claims/certificate.hpp"

namespace lemmacheck {

/// Whether the instance still shows it: violates the claim, say.
using Shows = std::function<bool(const Instance&)>;
/// Restores what an edit of an instance may have broken (Domain::repair); may be empty.
using InstanceRepair = std::function<void(Instance&)>;

/// A smaller instance for which `shows` holds, by greedy descent: fewer states, a shorter horizon, fewer
/// actions, fewer entries, simpler fractions, until no single step makes it smaller. Every candidate is a
/// valid instance. `shows(instance)` must hold. At most `budget` candidates are tried; deterministic.
Instance shrink(Instance instance, const Shows& shows, const InstanceRepair& repair = {},
                int budget = 200000);

/// The certificate of a smaller instance of the same claim and kind: still violated, or still at least as
/// tight. What a setting fixes stays: a given horizon, and a given model altogether.
Certificate shrink(const Certificate& certificate, const Claim& claim, const Setting& setting = {});

}  // namespace lemmacheck
