/// For .cpp files of this layer only.
#pragma once

#include <mpfr.h>

namespace lemmacheck::detail {

/// MPFR keeps constants for each thread; this frees them when the thread ends.
inline void release_constants_with_thread() {
  struct Release {
    ~Release() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }
  };
  thread_local const Release release;
}

}  // namespace lemmacheck::detail
