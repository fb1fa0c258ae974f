/// A lemma as it was read: what it quantifies over, what it defines, what it claims.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "language/tree.hpp"
#include "learning/rules.hpp"
#include "mdp/criterion.hpp"

namespace lemmacheck {

/// Where a number, or each value of a function, lies.
struct Range {
  enum class Kind { reals, interval, integers, listed };
  Kind kind = Kind::reals;
  Tree low, high;  ///< of an interval or of integers low..high
  bool low_open = false, high_open = false;
  std::vector<Rational> values;  ///< listed, in the order of the text
  bool said = true;              ///< false: nobody said a range
};

/// What a lemma quantifies over: one value of it is drawn, or stands in a certificate.
struct Given {
  enum class Kind {
    number,
    integer,
    element,   ///< of from[0]
    function,  ///< from x ... -> range
    map,       ///< elements of `from` to one of to[0]; of one argument, perhaps onto (Lemma::is_onto)
    rows       ///< from x ... -> distributions over to x ...: kernels, policies, distributions
  };
  /// How a policy or an element is chosen by the others.
  enum class Plan { none, optimal, argmax, greedy, argmin };

  std::string name;
  Place place;
  Kind kind = Kind::number;
  std::vector<std::string> from, to;
  bool family = false;  ///< one for each step 1..H
  Range range;
  bool deterministic = false, positive = false;  ///< of rows
  Plan plan = Plan::none;
  bool lowest = false;  ///< the lowest action among the best, not any
  std::string model;    ///< in which it is optimal or greedy
  Tree objective;  ///< greedy for this function of a state or of a pair; argmin_x of this, x the variable
                   ///< `bound`
  std::string bound;
  bool is_component = false;    ///< of an MDP
  bool on_transitions = false;  ///< rewards r(s,a,s')

  bool is_policy_like() const { return kind == Kind::rows && from.size() == 1 && to.size() == 1; }
};

/// M = (S, A, r, T, H, gamma, rho): the names of its components; a component that is left out is empty.
struct ModelTuple {
  std::string name;
  Place place;
  std::string states, actions, reward, kernel, horizon, discount, initial;
  Criterion::Endless endless = Criterion::Endless::none;  ///< in place of a horizon or a discount
  bool has_horizon() const { return !horizon.empty(); }
  bool has_discount() const { return !discount.empty(); }
  bool is_average() const { return endless == Criterion::Endless::average; }
  bool is_total() const { return endless == Criterion::Endless::total; }
  bool has_values() const { return has_horizon() || has_discount() || endless != Criterion::Endless::none; }
};

/// pi_t, M_t in loop(fit, fill, ties) of M from pi_0: the rounds of a loop that fits models to data and plans
/// in them. Round t fits M_t to what rolling out pi_0, ..., pi_{t-1} in M shows, and pi_t is optimal in M_t.
struct LearningLoop {
  std::string policy, model;  ///< the names of pi_t and M_t; the latter may be empty
  Place place;
  std::string world;  ///< the MDP that is learned
  FitRule fit = FitRule::latest;
  FillRule fill = FillRule::pessimistic;
  TieBreak ties = TieBreak::lowest;
  std::string start_name, expert_name;  ///< of pi_0 and pi_E
  Tree start;                           ///< pi_0
  Tree expert;                          ///< of fits that use its data
  Tree known;                           ///< pairs whose transitions are known, as 1; absent: none
  Tree start_kernel;                    ///< T_0, of fills that use it
  Tree hopes;  ///< in place of a fill: with what probability unseen pairs lead to paradise
  Tree ranks;  ///< in place of ties: the best action of the highest rank is taken
  /// Calls f for every expression that it is made of.
  template <class F>
  void for_each_part(F&& f) const {
    for (const Tree* part : {&start, &expert, &known, &start_kernel, &hopes, &ranks})
      if (*part) f(*part);
  }
};

/// One reading of a `where` clause: a number, a function, a kernel. Its bodies see its parameters as bound
/// names.
struct Definition {
  std::string name;
  Place place;
  struct Parameter {
    std::string name;
    Sort sort;
  };
  std::string step;  ///< the integer subscript that it has, or empty
  std::vector<Parameter> parameters;
  std::vector<Parameter> outcomes;                   ///< of a constructed kernel: P(outcomes | parameters)
  std::vector<std::pair<std::int64_t, Tree>> bases;  ///< W_0 = ...
  Tree body;                                         ///< absent while it is being read
  bool is_rows() const { return !outcomes.empty(); }
  std::vector<std::string> outcome_sets() const;
};

/// A set, and what is known of its size.
struct SetName {
  std::string name;
  Place place;
  bool states = false, actions = false;  ///< of some MDP
  std::string image_of;                  ///< a map goes onto it: it is no larger than this set
};

/// One comparison that a claim makes at every point: `filters` are the conditions under which it is made.
struct Comparison {
  std::vector<Binding> bindings;
  /// Conditions, each after so many of the bindings.
  std::vector<std::pair<std::size_t, Tree>> filters;
  Tree lhs, rhs;
  std::string relation;  ///< <=, <, >=, >, = or !=, as printed
  int claim = 0;         ///< number of the claim from 1, or 0 for a step of a proof
  int number = 0;        ///< of the comparison in its claim, or of the step in the proof, from 1
  std::string reason;    ///< of a step: "by triangle"
  Place place;
};

enum class Expectation { none, holds, tight, fails, undecided };

/// Clauses that are kept as text.
struct LemmaTexts {
  std::string title, source, note, kind, instead;
  std::vector<std::pair<std::string, std::string>> clauses;  ///< keyword and text of every clause that counts
  std::vector<std::string> writes;
};

struct Lemma {
  std::string id;
  Place place, end;  ///< of its text
  LemmaTexts texts;
  Expectation expectation = Expectation::none;
  Tree tight_term;  ///< of `expect holds tight TERM`

  std::vector<SetName> sets;
  std::vector<ModelTuple> models;
  std::deque<Given> givens;
  std::deque<Definition> definitions;
  std::deque<LearningLoop> loops;
  struct Statement {
    Tree tree;
    Place place;
    std::vector<Comparison> comparisons;
  };
  std::vector<Statement> assumes;  ///< their comparisons are not used
  std::vector<Statement> witness;  ///< what shown instances should fulfil; the same
  std::vector<Statement> claims;
  std::vector<Statement> proofs;  ///< each a chain
  std::string horizon;            ///< the name of the number of steps that families have, or empty

  const SetName* find_set(const std::string& name) const;
  /// Whether a map has every element of its set as an image.
  bool is_onto(const Given& map) const;
  const ModelTuple* find_model(const std::string& name) const;
  const Given* find_given(const std::string& name) const;
  /// By the name of its policies or of its models.
  const LearningLoop* find_loop(const std::string& name) const;
  /// Of every claim, in the order of the text.
  std::vector<Comparison> comparisons() const;
  std::vector<Comparison> steps() const;
};

/// The comparisons of a claim, numbered from 1. @param claim  its number, 0 for a proof.
std::vector<Comparison> comparisons_of(const Tree& statement, int claim);

}  // namespace lemmacheck
