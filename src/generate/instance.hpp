/// An instance: everything that one claim is checked on. And domains: what a claim quantifies over.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "generate/assignment.hpp"
#include "generate/choice_source.hpp"
#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// The parts that a claim speaks of; the others are absent. Written to and read from certificates.
struct Instance {
  Step horizon = 1;
  std::optional<FiniteMdp> model;                        ///< M
  std::optional<FiniteMdp> perturbed;                    ///< M'
  std::vector<FiniteMdp> model_class;                    ///< models to choose from, or empty
  std::optional<MarkovPolicy> policy;                    ///< pi
  std::optional<MarkovPolicy> other_policy;              ///< a second policy, such as pi_E
  std::optional<StochasticMatrix> sampling;              ///< nu over (s, a), one row of S A columns
  std::vector<Rational> next_state_rewards;              ///< r(s, a, s'), S x A x S, or empty
  std::vector<bool> known;                               ///< S A flags: transitions known at the start
  std::map<std::string, std::vector<Rational>> numbers;  ///< named numbers and vectors
  std::optional<Assignment> assignment;                  ///< of a lemma's text; then the rest is absent

  /// Labels of the classes that the instance falls into; for the report, not part of the certificate.
  std::vector<std::string_view> classes;

  /// To be called before an instance that was drawn into its place is edited there; copies may be edited.
  void edit() {
    if (assignment) assignment->mark.clear();
  }
};

/// What a run fixes in advance.
struct Setting {
  std::shared_ptr<const FiniteMdp> model;  ///< perturb this model instead of drawing one
  Step horizon = 0;                        ///< use this horizon; 0: draw one
};

/// From choices to an instance.
class Decoder {
 public:
  Decoder() = default;
  /// @param function  (ChoiceSource&, const Setting&) -> Instance, or, where storage is worth keeping,
  ///   (ChoiceSource&, const Setting&, Instance&), which overwrites an instance that is not needed any more.
  template <class F>
  Decoder(F function) {
    if constexpr (std::is_invocable_v<F&, ChoiceSource&, const Setting&, Instance&>)
      function_ = std::move(function);
    else
      function_ = [function = std::move(function)](ChoiceSource& choices, const Setting& setting,
                                                   Instance& instance) {
        instance = function(choices, setting);
      };
  }
  void operator()(ChoiceSource& choices, const Setting& setting, Instance& instance) const {
    function_(choices, setting, instance);
  }
  Instance operator()(ChoiceSource& choices, const Setting& setting) const {
    Instance instance;
    function_(choices, setting, instance);
    instance.edit();  // for who wants to
    return instance;
  }

 private:
  std::function<void(ChoiceSource&, const Setting&, Instance&)> function_;
};

/// A set of instances with a distribution on it: a decoder from choice sequences.
struct Domain {
  std::string name;
  Decoder decode;
  /// Why an instance, read from a file or edited, does not belong to the domain; nothing if it does.
  std::function<std::optional<std::string>(const Instance&)> objection;
  /// Every class which must turn up in a run that is long enough.
  std::vector<std::string> classes;
  bool has_models = true;  ///< false where a given model changes nothing (lemmas about numbers)
  std::uint64_t cases =
      0;  ///< how many instances there are, where they can be listed: i is decoded for i < cases
  /// Restores the parts of an edited instance that follow from others (a policy that is optimal in a model,
  /// say), changing as little as possible; absent where nothing does.
  std::function<void(Instance&)> repair;
  /// The wider domains that are left when one hypothesis is dropped, by its name.
  std::map<std::string, std::function<Domain()>> without;
};

}  // namespace lemmacheck
