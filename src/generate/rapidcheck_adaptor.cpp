#include "generate/rapidcheck_adaptor.hpp"

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <sstream>

#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

rc::Gen<std::vector<std::uint32_t>> choice_sequences() {
  // RapidCheck skews inRange towards small numbers at small sizes; at the nominal size it is even.
  constexpr std::uint32_t values = 1U << 16U;
  return rc::gen::container<std::vector<std::uint32_t>>(
      rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, values)));
}

}  // namespace

std::optional<Falsified> falsify(const std::string& name,
                                 const std::function<bool(std::span<const std::uint32_t>)>& property,
                                 const FalsifyOptions& options) {
  std::vector<std::uint32_t> last_failing;  // shrinking ends at the last sequence that failed
  const auto testable = [&] {
    const auto choices = *choice_sequences();
    bool holds = false;
    try {
      holds = property(choices);
    } catch (const std::exception& e) {
      last_failing = choices;
      RC_FAIL(std::string("exception: ") + e.what());
    }
    if (!holds) last_failing = choices;
    RC_ASSERT(holds);
  };
  rc::detail::TestParams params;
  params.seed = options.seed;
  params.maxSuccess = options.cases;
  params.maxSize = options.longest;
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  rc::detail::TestListenerAdapter silent;
  const rc::detail::TestResult result = rc::detail::checkTestable(testable, metadata, params, silent);
  if (result.is<rc::detail::SuccessResult>()) return std::nullopt;
  std::ostringstream words;
  rc::detail::printResultMessage(result, words);
  if (!result.is<rc::detail::FailureResult>()) throw InternalError("RapidCheck: " + words.str());
  return Falsified{last_failing, words.str()};
}

}  // namespace lemmacheck
