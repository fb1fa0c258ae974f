/// Choosing a model from a finite class, round by round, as Agnostic SysID does.
#pragma once

#include <optional>
#include <vector>

#include "generate/instance.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {

enum class Selection {
  latest,      ///< the model with the least loss on the last round's data; the first among equals
  leader,      ///< follow the leader: the least loss on all data so far
  regularized  ///< follow the regularised leader: a mixture, see `leader_mixture`
};
enum class Loss {
  l1,  ///< E_rho || T(.|s,a) - T_k(.|s,a) ||_1, in [0, 2]
  kl   ///< E_rho KL(T(.|s,a) || T_k(.|s,a)): the log loss less the world's entropy; may be infinite
};

/// How the steps before the last count in a policy's data.
enum class Rollouts {
  weighted,  ///< as d_w: step h with weight H - h
  plain      ///< equally, as roll-outs show them
};

struct SelectionRule {
  Selection selection;
  Loss loss = Loss::l1;
  Rational step_size = 1;  ///< eta of the regularised leader
  Rollouts rollouts = Rollouts::weighted;
};

/// Round i: model T_i (a member of the class or a mixture), the policy planned in it, and the losses on
/// rho_i, half nu and half the data of that policy (hybrid_distribution).
struct SelectionRound {
  std::vector<Rational> weights;  ///< of the class's models in T_i; they sum to 1
  Rational value;                 ///< J(pi_i, M)
  Rational planning_error;        ///< e_oc: J(pi', T_i) - J(pi_i, T_i), at most 0 for an exact planner
  LogForm loss;                   ///< of T_i on rho_i
  std::vector<LogForm> losses;    ///< of each model of the class on rho_i
};

struct SelectionTrace {
  std::vector<SelectionRound> rounds;

  /// sum_i of the losses of T_i.
  LogForm total_loss() const;
  /// min_k sum_i of the losses of model k: what the best model of the class would have lost.
  LogForm best_total_loss() const;
  /// total_loss - best_total_loss. @throws InternalError where that is infinity - infinity.
  LogForm regret() const { return total_loss() - best_total_loss(); }
};

/// Runs the rounds on an instance of `model_classes()`: world, class, nu, comparison policy pi'. The first
/// model is the class's first (regularised: the even mixture). Planning is exact, the lowest action first.
SelectionTrace select_models(const Instance& instance, int rounds, const SelectionRule& rule);

/// The distribution of hybrid data over (s, a), half nu and half the roll-outs of a policy in the world; nu
/// alone at H = 1, where no transition counts. S A numbers.
std::vector<Rational> hybrid_distribution(const FiniteMdp& world, const MarkovPolicy& policy, Step horizon,
                                          const StochasticMatrix& nu, Rollouts rollouts);

/// argmin over the simplex of <w, losses> + |w|^2 / (2 eta): the Euclidean projection of -eta * losses onto
/// the simplex. Exact: the projection's threshold is rational.
std::vector<Rational> leader_mixture(const std::vector<Rational>& losses, const Rational& step_size);

/// sum_k weights[k] T_k, stationary.
FiniteMdp mixture(const std::vector<FiniteMdp>& models, const std::vector<Rational>& weights);

/// KL(p || q) of two rows, in nats; infinite where q misses what p has.
LogForm row_kl(const StochasticMatrix& p, std::size_t p_row, const StochasticMatrix& q, std::size_t q_row);

}  // namespace lemmacheck
