/// Errors of lemmacheck: one type for each reaction.
#pragma once

#include <stdexcept>
#include <string>

namespace lemmacheck {

/// The caller's or the user's input is wrong; the message names the place, the fault and the remedy.
class InvalidInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A quantity has no value on an instance: 1/0, infinity - infinity, a maximum over nothing, a step out of
/// range.
class UndefinedValue : public std::domain_error {
 public:
  using std::domain_error::domain_error;
};

/// An enclosure is too wide to go on with: the same computation with more bits may tell.
class UndecidedValue : public std::domain_error {
 public:
  using std::domain_error::domain_error;
};

/// A fault of lemmacheck itself.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {
[[noreturn]] void invariant_failed(const char* condition, const char* file, int line);
}  // namespace detail

}  // namespace lemmacheck

/// On in every build: a broken invariant is our bug, never the user's.
#define LEMMACHECK_INVARIANT(condition) \
  ((condition) ? static_cast<void>(0)   \
               : ::lemmacheck::detail::invariant_failed(#condition, __FILE__, __LINE__))
