/// Worlds of which one sees observations alone, and what a recurrent model makes of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "latent/encoding.hpp"
#include "latent/recurrent_fit.hpp"

namespace lemmacheck {

/// An MDP whose states are hidden. The reward of a step comes with the next observation, as a recurrent
/// model's reward head is given it: r_1 = 0, r_{t+1} = r(s_t, a_t); H actions make H + 1 observations.
struct ObservedWorld {
  FiniteMdp states;                 ///< stationary
  StochasticMatrix emission;        ///< p(x | s), rows s
  std::vector<Rational> continues;  ///< the chance to go on after (s, any a); an end pays nothing more
  struct Factor {
    std::string name;
    std::vector<std::uint32_t> value;  ///< of each state
  };
  std::vector<Factor> factors;

  std::uint32_t observation_count() const { return emission.columns(); }
  /// @throws InvalidInput that says what does not fit.
  void validate() const;
};

/// What h remembers: nothing, the last code, or the last code and action (then h = 1 + z, or 1 + z A + a; 0
/// is the start).
enum class Memory { none, last_code, last_code_and_action };

/// A recurrent model with this memory, a constant encoder, uniform heads, no rewards and no end.
RecurrentModel blank_model(Memory memory, std::uint32_t codes, std::uint32_t observations,
                           std::uint32_t actions);

/// The world as a recurrent model that is right: codes are states, h is the last state and action, dynamics
/// the kernel, decoder the emission; the encoder filters. Rewards and ends are left out.
RecurrentModel world_as_model(const ObservedWorld& world);

/// The expected counts over all episodes of `horizon` actions that a stationary behaviour gives (it may look
/// at the state), codes drawn by the model's encoder.
ExpectedCounts counts_in_world(const RecurrentModel& model, const ObservedWorld& world,
                               const MarkovPolicy& behaviour, Step horizon);

/// H(A_t | h_t, z_t, z_{t+1}), summed over steps: the loss of the best inverse dynamics model.
LogForm inverse_loss_in_world(const RecurrentModel& model, const ObservedWorld& world,
                              const MarkovPolicy& behaviour, Step horizon);

/// I((h, z); factor) over all steps, which are equally likely.
LogForm information_in_world(const RecurrentModel& model, const ObservedWorld& world,
                             const MarkovPolicy& behaviour, Step horizon,
                             const ObservedWorld::Factor& factor);

/// J of acting by the table (an action for each step and (h, z), at (t - 1) R Z + h Z + z) on what the
/// encoder makes of the observations.
Rational return_through_model(const RecurrentModel& model, const ObservedWorld& world,
                              const std::vector<std::uint32_t>& actions, Step horizon);

/// The best a policy of (h, z), the same at every step, can earn so. Nothing where there are more than 2^16
/// such policies.
std::optional<Rational> best_return_through_model(const RecurrentModel& model, const ObservedWorld& world,
                                                  Step horizon);

/// What the best plan of imagination, H + 1 steps in the model's own heads, earns in the world.
Rational planned_return(const RecurrentModel& model, const ObservedWorld& world, Step horizon);

/// The best a policy that remembers all observations and actions can earn, by the tree of beliefs.
/// @throws InvalidInput for trees of more than 10^6 nodes.
Rational best_return_of_history(const ObservedWorld& world, Step horizon);

/// All episodes of `horizon` actions, with their probabilities given uniform actions.
/// @throws InvalidInput for more than 4096.
std::vector<WeightedEpisode> every_episode(const ObservedWorld& world, Step horizon);

}  // namespace lemmacheck
