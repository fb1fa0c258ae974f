/// Instances of models, policies and named numbers as values of a lemma's givens.
#pragma once

#include "generate/instance.hpp"

namespace lemmacheck {

/// Values for givens by their names: H, gamma, nu; T, r and rho of the model, T', r' and rho' of the
/// perturbed one; pi, and pi' or pi_E for the second policy; numbers and functions that the instance names as
/// the lemma does. A kernel or policy that is stationary serves every step of a family.
/// @throws InvalidInput naming a given that the instance has no value for, or none of its shape.
Assignment as_assignment(const Instance& instance, const std::shared_ptr<const Signature>& signature);

}  // namespace lemmacheck
