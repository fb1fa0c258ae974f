/// Which encoder each objective prefers, of all there are, and what that encoder keeps.
#pragma once

#include <string>
#include <vector>

#include "latent/encoding.hpp"

namespace lemmacheck {

/// A world to encode: its states are the observations.
struct EncodingProblem {
  FiniteMdp world;
  MarkovPolicy behaviour;
  Step horizon;
  std::uint32_t codes;  ///< at most as many codes
  struct Factor {
    std::string name;
    Encoder code;
  };
  std::vector<Factor> factors;
};

/// Driving, as small as it gets: a lane (going puts the car into the right one with probability 4/5, waiting
/// keeps it), a traffic light (green with probability 2/3, by itself) and leaves in the wind (even odds); 8
/// states. Going pays 1 in the right lane at green, else 0; waiting pays 1/2. Uniform behaviour, H = 4. The
/// leaves are the most uncertain of the factors, and the chances 8, 4, 2, 1 of lane and light have no other
/// even split.
EncodingProblem driving_world();

struct ObjectiveRow {
  std::string objective;
  LogForm loss;                 ///< the least, over all encoders
  Encoder encoder;              ///< of those that attain it, one with the fewest codes
  std::size_t ties = 0;         ///< how many encoders attain it
  std::vector<LogForm> kept;    ///< information on each factor, in nats
  Rational value;               ///< the best that a policy seeing the code can earn
  std::vector<LogForm> losses;  ///< of this objective, at the encoder of each row
  Rational planned_value;       ///< what the plan made in the latent model by averages earns in the world
};

/// The objectives: reconstruction; latent consistency, alone, with a reward head, with a decoder; inverse
/// dynamics over one step and over all windows; bisimulation error e_r + e_T; value-equivalence error.
/// @throws InvalidInput where there are more than 8 states.
std::vector<ObjectiveRow> objective_table(const EncodingProblem& problem);

/// The optimum of a policy that sees the state.
Rational full_value(const EncodingProblem& problem);

}  // namespace lemmacheck
