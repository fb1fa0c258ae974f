#include "report/proof_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generate/instance_file.hpp"
#include "report/bound_results.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;

/// "6 delta - 4 delta^2 + delta^3"
std::string polynomial_in_words(const std::vector<Rational>& coefficients) {
  std::string text;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    const Rational size = abs(coefficients[k]);
    if (size.sign() == 0) continue;
    const std::string power = k == 0 ? "" : k == 1 ? "delta" : "delta^" + std::to_string(k);
    const bool shown = k == 0 || size != Rational(1);
    const bool negative = coefficients[k].sign() < 0;
    text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    text += (shown ? size.to_string() : "") + (shown && k > 0 ? " " : "") + power;
  }
  return text.empty() ? "0" : text;
}

}  // namespace

json sharpness_to_json(const std::vector<SearchedSharpness>& table) {
  json out = json::array();
  for (const SearchedSharpness& found : table) {
    json entry = {{"for", to_string(found.cell.quantity)},
                  {"states", found.cell.states},
                  {"actions", found.cell.actions},
                  {"horizon", found.cell.horizon},
                  {"instances", found.instances},
                  {"meets", found.meets()},
                  {"instance", found.witness ? instance_to_json(found.witness->instance) : json()}};
    put_number(entry, "delta", found.cell.delta);
    put_number(entry, "bound", found.bound);
    put_number(entry, "best_ratio", found.best);
    out.push_back(std::move(entry));
  }
  return out;
}

std::string sharpness_as_text(const std::vector<SearchedSharpness>& table) {
  std::string text = fmt::format("{:<22}{:>3}{:>3}{:>3}{:>7}{:>14}{:>14}  {}\n", "bounded", "S", "A", "H",
                                 "delta", "bound", "best / bound", "the instance found, shrunk");
  for (const SearchedSharpness& found : table) {
    std::string witness = "-";
    if (found.witness)
      witness = fmt::format("{} states: {}", found.witness->instance.model->state_count(),
                            short_number(found.witness->sides.lhs)) +
                (found.meets() ? ", meets the bound" : "");
    text +=
        fmt::format("{:<22}{:>3}{:>3}{:>3}{:>7}{:>14}{:>14}  {}\n", to_string(found.cell.quantity),
                    found.cell.states, found.cell.actions, found.cell.horizon, found.cell.delta.to_string(),
                    short_number(found.bound), short_number(found.best), witness);
  }
  return text +
         "Searched from nothing: random rows and rewards, climbs, restarts. S and A are what the search may "
         "use.\n";
}

json fits_to_json(const std::vector<FittedSupremum>& fits) {
  const auto list = [](const std::vector<Rational>& numbers) {
    json out = json::array();
    for (const Rational& number : numbers) out.push_back(number.to_string());
    return out;
  };
  json out = json::array();
  for (const FittedSupremum& fit : fits)
    out.push_back({{"for", to_string(fit.cell.quantity)},
                   {"states", fit.cell.states},
                   {"actions", fit.cell.actions},
                   {"horizon", fit.cell.horizon},
                   {"coefficients", list(fit.coefficients)},
                   {"fitted_to", list(fit.seen)},
                   {"tried_on", list(fit.unseen)},
                   {"fits_unseen", fit.fits_unseen}});
  return out;
}

std::string fits_as_text(const std::vector<FittedSupremum>& fits) {
  std::string text =
      "Polynomials in delta through what the search found, each tried on two distances more:\n";
  for (const FittedSupremum& fit : fits) {
    text += fmt::format("  {:<22}S = {}, A = {}, H = {}: {}\n", to_string(fit.cell.quantity), fit.cell.states,
                        fit.cell.actions, fit.cell.horizon,
                        fit.fits_unseen ? "conjecture: sup = " + polynomial_in_words(fit.coefficients)
                                        : std::string("no polynomial of degree H - 1 fits"));
  }
  return text +
         "Conjectures; B(delta, H) and min(H, 2 B) are proven where sim.sharp and "
         "double.certainty_equivalence_sharp say how.\n";
}

std::string tightness_in_words(const TriedBound& bound) {
  if (!has_closed_form(bound.quantity)) {
    if (!bound.mean_slack) return "-";
    return bound.mean_slack->sign() == 0 ? "always equal" : "mean slack " + decimal(*bound.mean_slack, 4);
  }
  if (!bound.tightest) return "-";
  const bool sharp = *bound.tightest->ratio == Rational(1);
  return fmt::format(
             "supremum / bound {} at best{}", decimal(*bound.tightest->ratio, 4),
             bound.mean_tightness() ? ", " + decimal(*bound.mean_tightness(), 4) + " on average" : "") +
         (sharp ? " (reached)" : "");
}

json repair_to_json(const Repair& repair) {
  json out = {{"original", tried_bound_to_json(repair.original, {})},
              {"tried", repair.tried},
              {"edits", repair.edits},
              {"survivors", json::array()}};
  for (const Repaired& survivor : repair.survivors) {
    json entry = tried_bound_to_json(survivor.bound, {});
    entry["edit"] = survivor.words;
    out["survivors"].push_back(std::move(entry));
  }
  return out;
}

std::string repair_as_text(const Repair& repair, std::size_t most) {
  std::string text = tried_bound_as_text(repair.original, false);
  if (repair.original.verdict == Verdict::holds)
    text += "There is nothing to repair; the edits below are true as well.\n";
  text += fmt::format("{} of {} bounds with {} true on everything tried{}\n", repair.survivors.size(),
                      repair.tried, repair.edits == 1 ? "one edit are" : "two edits are",
                      repair.survivors.empty() ? "." : ", the tightest first:");
  for (std::size_t i = 0; i < std::min(most, repair.survivors.size()); ++i) {
    const Repaired& survivor = repair.survivors[i];
    text += fmt::format("{:>3}. {}\n     {}; {}\n", i + 1, survivor.bound.expression, survivor.words,
                        tightness_in_words(survivor.bound));
  }
  if (repair.survivors.size() > most)
    text += fmt::format("     ... and {} looser ones\n", repair.survivors.size() - most);
  return text;
}

}  // namespace lemmacheck
