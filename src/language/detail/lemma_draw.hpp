/// Instances of a lemma: drawn from its givens to refute it, repaired, and checked. Private to the language
/// layer.
#pragma once

#include <map>
#include <optional>

#include "generate/choice_source.hpp"
#include "language/detail/program_parts.hpp"
#include "language/draw.hpp"

namespace lemmacheck::detail {

/// What makes an instance cost more than its tables: lists of trajectories, of policies.
struct Listing {
  bool paths = false, policies = false;
  Place place;  ///< of the first such list
};

/// Draws each given after those that it speaks of; plans last.
class LemmaDraw {
 public:
  explicit LemmaDraw(std::shared_ptr<const LemmaProgram> program);
  /// Into an instance of any lemma, whose storage is used again.
  void decode(ChoiceSource& choices, const Setting& setting, Instance& instance) const;
  std::optional<std::string> objection(const Instance& instance) const;

  /// Plans follow from the rest: each keeps what it may.
  void repair(Instance& instance) const;
  std::vector<std::string> classes() const;
  bool has_models() const { return !first_kernel_.empty(); }

 private:
  struct State {
    ChoiceSource& choices;
    const Setting& setting;
    Assignment& assignment;
    std::vector<std::string_view>& classes;
  };
  /// Tables of instances that are not needed any more: the next ones are made in their storage.
  struct Spare {
    std::vector<StochasticMatrix> matrices;
    std::vector<RewardTable> tables;
    template <class T>
    static T taken(std::vector<T>& list) {
      if (list.empty()) return {};
      T last = std::move(list.back());
      list.pop_back();
      return last;
    }
  };
  /// This thread's.
  static Spare& spare();
  static void give_back(Assignment& assignment);

  /// Givens after what they need; a bound of an assumption is needed as well, where that makes no circle.
  std::vector<std::size_t> order();
  void refuse_endless_work() const;
  /// The ends of a range of numbers; without them, any number.
  struct Ends {
    std::optional<Rational> low, high;
    bool low_open = false, high_open = false;
    bool is_unit() const { return low->sign() == 0 && *high == Rational(1); }
    bool is_empty() const { return *high < *low || (*high == *low && (low_open || high_open)); }
  };
  /// What follows from the text alone, of each given.
  struct PartFacts {
    std::optional<std::size_t> earlier;                          ///< the last part of its shape before it
    std::optional<Rational> low, high;                           ///< ends of its range that are plain numbers
    std::optional<Ends> ends;                                    ///< of its range, where both are
    enum class Rest { none, kernel, reward } rest = Rest::none;  ///< of an MDP judged by totals
  };
  std::vector<PartFacts> facts() const;
  struct ModelFacts {
    std::size_t states = 0, actions = 0;  ///< its sets
    bool all_given = true;                ///< all its components are givens,
    std::vector<std::size_t> parts;       ///< these parts
    std::optional<std::size_t> reward;    ///< one of them
  };
  std::vector<ModelFacts> facts_of_models() const;
  std::size_t part_of(const Given& given) const;
  Rational low_end(const Assignment& assignment, std::size_t part) const;
  Rational high_end(const Assignment& assignment, std::size_t part) const;
  Rational range_end(const Number<Rational>& code, const Assignment& assignment, std::size_t slots) const;
  void integers_and_sizes(State& state) const;
  std::size_t set_index(const std::string& name) const;
  std::int64_t range_low(const Assignment& assignment, std::size_t part) const;
  std::int64_t range_high(const Assignment& assignment, std::size_t part) const;
  static std::string shape_key(const PartShape& shape);
  void draw_part(State& state, std::size_t part) const;
  /// Where the part's value goes. What was computed from one that was there before is not used again.
  PartValue& place_of(State& state, std::size_t part) const;

  /// Of an MDP judged by totals the last state stays and pays nothing, so that runs may end.
  void rest_at_last(State& state, std::size_t part) const;

  // numbers

  Rational draw_integer(State& state, std::size_t part) const;

  /// A number in [0, 1].
  struct Share {
    std::uint32_t part = 0, whole = 1;
    Rational as_rational() const { return Rational::ratio(part, whole); }
  };
  /// @param own  receives the ends, where they depend on the assignment.
  const Ends& ends_of(const Assignment& assignment, std::size_t part, Ends& own) const;
  Rational draw_number(State& state, std::size_t part) const;
  static Rational draw_discount(ChoiceSource& choices);
  static Rational draw_in(ChoiceSource& choices, const Ends& ends);
  /// Where in its range a number lies; inside of open ends.
  static Share draw_share(ChoiceSource& choices, const Ends& ends);

  /// Small numbers, each size as likely as the next.
  static Share small_share(ChoiceSource& choices);
  static Rational draw_real(ChoiceSource& choices);

  // elements and maps

  void draw_element(State& state, std::size_t part) const;
  std::vector<std::uint32_t> draw_map(State& state, std::size_t part) const;

  // functions

  static RewardTable table_of_shares(State& state, std::uint32_t how, const Ends& ends, std::size_t size,
                                     std::uint32_t last);

  RewardTable draw_function(State& state, std::size_t part) const;
  using State_ = lemmacheck::State;
  static void disturb(ChoiceSource& choices, std::vector<Rational>& values);
  static void clamp(Rational& value, const Ends& ends);

  /// The optimal values of an MDP whose states (and actions) the function is of.
  bool near_values(State& state, std::size_t part, std::size_t size, std::vector<Rational>& values) const;

  /// Whether all components of an MDP are givens that have their values.
  bool is_drawn(const State& state, const ModelFacts& model) const;

  /// Values that an assumption bounds are moved to where they may be, often to the bound itself.
  void meet_bounds(State& state, std::size_t part, std::vector<Rational>& values) const;

  /// Rewards of the user's own model; mapped onto [0, 1] where the lemma has that range.
  RewardTable given_rewards(State& state, std::size_t part) const;

  /// A function that some policy is greedy for gets one value changed such that two actions tie.
  void tie_greedy(State& state, std::size_t part, std::vector<Rational> values, RewardTable& table) const;

  // kernels, policies, distributions

  void draw_rows(State& state, std::size_t part) const;

  /// A law that an assumption fixes by a linear equation: for all x: f(x) = e.
  bool solve_equation(State& state, std::size_t part) const;

  /// Some solution of A x = b, given as rows (A | b); unknowns that are free are 0.
  static std::optional<std::vector<Rational>> solve_any(std::vector<std::vector<Rational>> rows,
                                                        std::size_t n);

  // plans

  using ActionLists = std::vector<std::vector<std::uint32_t>>;  ///< by step (of a family) and state
  ActionLists actions(const Assignment& assignment, std::size_t part) const;
  ActionLists enclosed_actions(const Assignment& assignment, std::size_t part) const;
  ActionLists drawn_actions(const Assignment& assignment, std::size_t part) const;
  std::vector<std::uint32_t> elements(const Assignment& assignment, std::size_t part) const;
  bool attains(const Assignment& assignment, std::size_t part) const;
  void draw_plan(State& state, std::size_t part) const;

  /// One reward changed such that two actions tie where a plan has to choose.
  void tie_plans(State& state) const;

  // checking

  std::optional<std::string> objection_to(const Assignment& assignment, std::size_t part) const;
  std::optional<std::string> objection_to_number(const Assignment& assignment, std::size_t part,
                                                 const Rational& value) const;
  std::optional<std::string> objection_to_rows(const Assignment& assignment, std::size_t part) const;
  std::shared_ptr<const LemmaProgram> program_;
  const Lemma& lemma_;
  const LemmaProgram::Parts& parts_;
  const Signature& signature_;
  std::vector<const Given*> givens_;  ///< the lemma's, by part
  Listing listing_;
  DrawnSizes most_;
  std::vector<std::size_t> order_;
  std::vector<PartFacts> facts_;
  std::vector<ModelFacts> models_;
  std::vector<std::optional<std::size_t>> image_of_;  ///< of each set, the set that a map takes it from
  std::vector<std::size_t> tied_;                     ///< parts that are plans for rewards
  std::string first_kernel_, first_model_;
};

}  // namespace lemmacheck::detail
