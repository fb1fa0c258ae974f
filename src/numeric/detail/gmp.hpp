/// A Rational as GMP sees it. For .cpp files of this layer only: no other file is to need GMP's header.
#pragma once

#include <gmp.h>

#include "numeric/rational.hpp"

namespace lemmacheck::detail {

mpq_srcptr gmp(const Rational& r);
/// Whoever writes leaves a fraction in lowest terms.
mpq_ptr gmp(Rational& r);

}  // namespace lemmacheck::detail
