#include "report/bound_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "claims/bound_claim.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

using nlohmann::json;
using Cell = TriedBound::Cell;

std::string place_of(const Cell& cell) {
  return fmt::format("H = {}, {}delta = {}", cell.horizon,
                     cell.step > 0 ? "h = " + std::to_string(cell.step) + ", " : "", cell.delta.to_string());
}

std::string ratio_of(const Cell& cell) {
  return cell.bound->exact() ? short_number(*cell.ratio) : "about " + decimal(*cell.ratio);
}

std::string bound_of(const Cell& cell) {
  if (!cell.bound) return "not defined";
  return cell.bound->exact() ? short_number(cell.bound->lower) : "~" + decimal(cell.bound->lower);
}

json cell_to_json(const Cell& cell) {
  json out = {{"horizon", cell.horizon},
              {"step", cell.step > 0 ? json(cell.step) : json()},
              {"states", cell.states},
              {"actions", cell.actions}};
  put_number(out, "delta", cell.delta);
  put_number(out, "supremum", cell.supremum);
  const bool exact = cell.bound && cell.bound->exact();
  put_number(out, "bound", exact ? std::optional(cell.bound->lower) : std::nullopt);
  if (cell.bound && !exact) {
    put_number(out, "bound_lower", cell.bound->lower);
    put_number(out, "bound_upper", cell.bound->upper);
  }
  put_number(out, "ratio", exact ? cell.ratio : std::nullopt);
  if (cell.ratio && !exact) out["ratio_about"] = decimal(*cell.ratio);
  return out;
}

std::string slack_table(const TriedBound& bound) {
  std::string text =
      fmt::format("\n{:>4}  {:>6}  {:>14}  {:>14}  {:>10}\n", "H", "delta", "bound", "supremum", "sup/bound");
  for (const Cell& cell : bound.table)
    text +=
        fmt::format("{:>4}  {:>6}  {:>14}  {:>14}  {:>10}\n", cell.horizon, cell.delta.to_string(),
                    bound_of(cell), short_number(cell.supremum), cell.ratio ? decimal(*cell.ratio, 4) : "-");
  return text;
}

/// Where no supremum is known.
std::string searched_bound_as_text(const TriedBound& bound) {
  std::string text = fmt::format("  on {} drawn instances", bound.instances);
  if (bound.largest_ratio)
    text += fmt::format("; left / right is at most {}", short_number(*bound.largest_ratio));
  if (bound.mean_slack)
    text += bound.mean_slack->sign() == 0 ? "; the two sides are always equal"
                                          : fmt::format("; the mean slack is {}", decimal(*bound.mean_slack));
  return text + "\n";
}

std::string true_bound_as_text(const TriedBound& bound) {
  if (!has_closed_form(bound.quantity)) return searched_bound_as_text(bound);
  std::string text = fmt::format(
      "  compared with the supremum in closed form at {} points (H = 1..12, 13, 16, 25, 50, 100, 200), "
      "and on {} drawn instances\n",
      bound.points - bound.undefined_points, bound.instances);
  if (bound.undefined_points > 0)
    text += fmt::format("  not defined at {} further points\n", bound.undefined_points);
  if (bound.tightest && *bound.tightest->ratio == Rational(1))
    text += fmt::format("  equal to the supremum at {}\n", place_of(*bound.tightest));
  else if (bound.tightest)
    text += fmt::format("  loose at all these points: supremum / bound is at most {}, at {}\n",
                        ratio_of(*bound.tightest), place_of(*bound.tightest));
  if (bound.loosest && *bound.loosest->ratio < Rational(1))
    text += fmt::format("  loosest at {}: supremum / bound is {}\n", place_of(*bound.loosest),
                        ratio_of(*bound.loosest));
  return text;
}

}  // namespace

json tried_bound_to_json(const TriedBound& bound, const std::string& certificate_file) {
  json out = {{"expression", bound.expression},
              {"for", to_string(bound.quantity)},
              {"verdict", to_string(bound.verdict)},
              {"decided_by", bound.decided_by},
              {"points", bound.points},
              {"undefined_points", bound.undefined_points},
              {"undecided_points", bound.undecided_points},
              {"instances", bound.instances},
              {"certificate", certificate_file.empty() ? json() : json(certificate_file)},
              {"witness", bound.certificate ? certificate_to_json(*bound.certificate) : json()},
              {"tightest", bound.tightest ? cell_to_json(*bound.tightest) : json()},
              {"loosest", bound.loosest ? cell_to_json(*bound.loosest) : json()},
              {"asked", bound.asked ? cell_to_json(*bound.asked) : json()},
              {"table", json::array()}};
  const bool holds = bound.verdict == Verdict::holds;
  const auto exact_at = [](const Cell& cell) { return !cell.bound || cell.bound->exact(); };
  const bool exact =
      bound.tightest && exact_at(*bound.tightest) && std::ranges::all_of(bound.table, exact_at);
  put_number(out, "max_ratio",
             !holds                             ? std::nullopt
             : !has_closed_form(bound.quantity) ? bound.largest_ratio
             : exact                            ? bound.tightest->ratio
                                                : std::nullopt);
  put_number(out, "mean_slack", bound.mean_slack);
  put_number(out, "mean_tightness", exact ? bound.mean_tightness() : std::nullopt);
  if (holds)
    for (const Cell& cell : bound.table) out["table"].push_back(cell_to_json(cell));
  return out;
}

std::string tried_bound_as_text(const TriedBound& bound, bool full) {
  const char* words = bound.verdict == Verdict::holds      ? "true on everything tried"
                      : bound.verdict == Verdict::violated ? "FALSE"
                                                           : "undecided";
  std::string text = fmt::format("{}: {} <= {}\n", words, in_words(bound.quantity), bound.expression);
  if (bound.asked)
    text += fmt::format("  at {}: the bound is {}, the supremum {}\n", place_of(*bound.asked),
                        bound_of(*bound.asked), short_number(bound.asked->supremum));
  if (bound.verdict == Verdict::violated) {
    text += fmt::format("  refuted by {}\n",
                        bound.decided_by == "search" ? "a drawn instance" : "the extremal family");
    if (full)
      text += "\n" + certificate_as_text(*bound.certificate, bound_claim(bound.expression, bound.quantity));
    return text;
  }
  if (bound.verdict == Verdict::undecided && bound.points == 0)
    return text + "  not defined on any instance drawn\n";
  if (bound.verdict == Verdict::undecided)
    return text + fmt::format("  of {} points {} are undefined and {} undecided at 4096 bits\n", bound.points,
                              bound.undefined_points, bound.undecided_points);
  text += true_bound_as_text(bound);
  return full && !bound.table.empty() ? text + slack_table(bound) : text;
}

}  // namespace lemmacheck
