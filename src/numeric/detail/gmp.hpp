/// A Rational as GMP sees it. For .cpp files of this layer only: no other file is to need GMP's header.
#pragma once

#include <gmp.h>

#include "numeric/rational.hpp"

namespace lemmacheck::detail {

/// A Rational for GMP to read: valid as long as the Rational lives and is not changed.
class GmpView {
 public:
  explicit GmpView(const Rational& value) noexcept;
  GmpView(const GmpView&) = delete;
  GmpView& operator=(const GmpView&) = delete;

  operator mpq_srcptr() const noexcept { return value_; }
  mpz_srcptr numerator() const noexcept { return mpq_numref(value_); }
  mpz_srcptr denominator() const noexcept { return mpq_denref(value_); }

 private:
  mp_limb_t above_ = 0, below_ = 0;  // of a Rational in words
  __mpq_struct small_;
  mpq_srcptr value_ = &small_;
};

/// A number for GMP to write, 0 at first, and then a Rational.
class GmpScratch {
 public:
  GmpScratch() { mpq_init(value_); }
  ~GmpScratch() { mpq_clear(value_); }
  GmpScratch(const GmpScratch&) = delete;
  GmpScratch& operator=(const GmpScratch&) = delete;

  operator mpq_ptr() noexcept { return value_; }
  mpz_ptr numerator() noexcept { return mpq_numref(value_); }
  mpz_ptr denominator() noexcept { return mpq_denref(value_); }
  /// The number, which is in lowest terms; the scratch is 0 again.
  Rational take();

 private:
  mpq_t value_;
};

}  // namespace lemmacheck::detail
