#include "numeric/error.hpp"

namespace lemmacheck::detail {

void invariant_failed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("internal error: ") + condition + " does not hold (" + file + ":" +
                      std::to_string(line) + "); please report it with the command you ran");
}

}  // namespace lemmacheck::detail
