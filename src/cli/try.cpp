#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "language/explain.hpp"
#include "language/lemma_claim.hpp"
#include "language/one_line.hpp"
#include "report/bound_results.hpp"
#include "report/checked_claims.hpp"
#include "report/dot.hpp"
#include "report/instance_graph.hpp"
#include "report/proof_results.hpp"
#include "report/results.hpp"
#include "report/tree_drawing.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct TryOptions {
  std::vector<std::string> expressions, givens, definitions;
  std::string quantity = "simulation", file, out, svg, dot;
  std::uint64_t seed = 1, instances = 2000;
  int threads = 0;
  bool repair = false;
  int horizon = 0;
  std::string delta;
};

/// The point that was asked for, if one was.
std::optional<std::pair<Step, Rational>> point_of(const TryOptions& options) {
  if (options.horizon == 0 && options.delta.empty()) return std::nullopt;
  if (options.horizon == 0 || options.delta.empty())
    throw InvalidInput("--horizon and --delta go together; give both");
  try {
    const Rational delta = Rational::parse_typed(options.delta);
    if (delta.sign() < 0 || delta > Rational(1)) throw InvalidInput("a total variation is between 0 and 1");
    return std::pair(Step{options.horizon}, delta);
  } catch (const InvalidInput& fault) {
    throw InvalidInput("--delta " + options.delta + ": " + fault.what());
  }
}

struct Question {
  std::string expression;
  Quantity quantity;
};

std::vector<std::string> quantity_names() {
  std::vector<std::string> names;
  for (const Quantity quantity : all_quantities) names.emplace_back(to_string(quantity));
  return names;
}

std::string listed_quantities() {
  std::string list;
  for (const std::string& name : quantity_names()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Quantity quantity_named(const std::string& name) {
  return *bounded_quantity("try." + name);
}

/// One bound a line; a line may begin with what it bounds, such as "simulation:"; # begins a comment.
std::vector<Question> read_bounds(const std::string& name, Quantity otherwise) {
  std::ifstream file(name);
  if (!file) throw InvalidInput(name + ": cannot be opened; check the name and the permissions");
  std::vector<Question> questions;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line = line.substr(0, line.find('#'));
    Quantity quantity = otherwise;
    if (const auto colon = line.find(':'); colon != std::string::npos) {
      const std::string kind = CLI::detail::trim_copy(line.substr(0, colon));
      const auto known = bounded_quantity("try." + kind);
      if (!known)
        throw InvalidInput(name + ", line " + std::to_string(number) + ": \"" + kind + "\" is none of " +
                           listed_quantities());
      quantity = *known;
      line = line.substr(colon + 1);
    }
    const std::string expression = CLI::detail::trim_copy(line);
    if (expression.empty()) continue;
    try {
      BoundExpression::parse(expression, bound_variables(quantity));
    } catch (const InvalidInput& fault) {
      throw InvalidInput(name + ", line " + std::to_string(number) + ", " + fault.what());
    }
    questions.push_back({expression, quantity});
  }
  if (questions.empty()) throw InvalidInput(name + ": there is no bound in it; write one expression a line");
  return questions;
}

std::string write_counterexample(const TryOptions& options, const TriedBound& bound, std::size_t number) {
  if (options.out.empty() || !bound.certificate) return {};
  make_folder(options.out);
  const std::filesystem::path file =
      std::filesystem::path(options.out) / ("try-" + std::to_string(number) + ".json");
  write_file(file, certificate_to_json(*bound.certificate).dump(2) + "\n");
  return file.string();
}

int exit_code_for(const std::vector<TriedBound>& bounds) {
  const auto any = [&](Verdict verdict) {
    return std::ranges::any_of(bounds, [&](const TriedBound& bound) { return bound.verdict == verdict; });
  };
  return any(Verdict::violated) ? unexpected : any(Verdict::undecided) ? undecided : as_expected;
}

/// The instance of a certificate in Graphviz's language, with both sides below it.
std::string drawing_of(const Certificate& certificate) {
  const std::vector<InstanceGraph> graphs = instance_graphs(certificate, nullptr);
  if (graphs.empty())
    throw InvalidInput(
        "the instance has too many states or actions for a drawing; leave out --svg and --dot");
  const PrintedSides sides = printed_sides(certificate);
  return as_dot(graphs.front(),
                fmt::format("H = {}: left side {}, right side {}", certificate.instance.horizon,
                            short_number(sides.lhs), short_number(sides.rhs)));
}

/// The counterexample of the one bound that was typed.
void draw_counterexample(const TryOptions& options, const std::vector<TriedBound>& bounds) {
  if (options.svg.empty() && options.dot.empty()) return;
  if (bounds.size() != 1)
    throw InvalidInput("--svg and --dot draw the counterexample of one bound; give one");
  if (!bounds[0].certificate) return;
  const std::string dot = drawing_of(*bounds[0].certificate);
  const std::string svg = options.svg.empty() ? std::string() : run_dot(dot, "svg");
  if (!options.dot.empty()) write_file(options.dot, dot);
  if (!options.svg.empty()) write_file(options.svg, svg);
}

void repair_bounds(Session& session, const std::vector<Question>& questions, const Run& run) {
  std::string text;
  nlohmann::json list = nlohmann::json::array();
  for (const Question& question : questions) {
    session.progress("repairing " + question.expression);
    const Repair repair = repair_bound(question.expression, question.quantity, run);
    if (repair.original.verdict == Verdict::violated) session.exit_code = unexpected;
    list.push_back(repair_to_json(repair));
    text += (text.empty() ? "" : "\n") + repair_as_text(repair);
  }
  session.progress("");
  if (session.json) return session.print(list.size() == 1 ? list[0] : nlohmann::json{{"repairs", list}});
  session.print(text);
}

/// One whole lemma in one line.
void try_relation(Session& session, const TryOptions& options) {
  if (options.expressions.size() != 1)
    throw InvalidInput("one relation at a time; several belong into a file: lemmacheck check FILE");
  if (!options.file.empty() || !options.svg.empty() || !options.dot.empty() || options.horizon != 0 ||
      !options.delta.empty())
    throw InvalidInput(
        "--file, --svg, --dot, --horizon and --delta go with bounds such as 'H*(H-1)/2*eps', not with "
        "relations");
  LemmaLibrary library;
  library.add({one_line_lemma(options.expressions[0], options.givens, options.definitions)});
  const std::shared_ptr<const Lemma> lemma = library.read("try");
  const Claim claim = lemma_claim(lemma);
  const Run run{.seed = options.seed, .instances = options.instances, .threads = options.threads};
  session.progress("trying");
  CheckedClaim checked{check_claim(claim, Setting{}, run), {}};
  session.progress("");
  const Finding& finding = checked.finding;
  std::string file;
  if (!options.out.empty() && finding.certificate) {
    make_folder(options.out);
    file = (std::filesystem::path(options.out) / "try.json").string();
    write_file(file, certificate_to_json(*finding.certificate).dump(2) + "\n");
  }
  session.exit_code = exit_code_of(standing_of(finding));
  const Explanation explanation = explain(*lemma);
  if (session.json) {
    nlohmann::json document = finding_to_json(finding, file);
    document["expression"] = options.expressions[0];
    document["read_as"] = {{"claim", explanation.plain},       {"latex", explanation.latex},
                           {"givens", explanation.givens},     {"definitions", explanation.definitions},
                           {"defaults", explanation.defaults}, {"lemma", claim.lemma_text}};
    return session.print(document);
  }
  std::string text = finding.verdict == Verdict::violated    ? "FALSE"
                     : finding.verdict == Verdict::undecided ? "undecided"
                                                             : "true on everything tried";
  text += ": " + explanation.plain + "\n";
  if (finding.verdict == Verdict::undecided) text += "  " + undecided_in_words(finding) + "\n";
  if (finding.verdict == Verdict::holds && finding.max_tightness && claim.relation != Relation::equal)
    text += "  best lhs/rhs on " + std::to_string(finding.summary.instances) +
            " drawn instances and the climb from the best: " + short_number(*finding.max_tightness) + "\n";
  text += "read as\n";
  for (const auto& lines : {explanation.givens, explanation.definitions})
    for (const std::string& line : lines) text += "  " + line + "\n";
  if (finding.certificate) text += "\n" + certificate_as_text(*finding.certificate, claim);
  session.print(text);
}

void try_bounds(Session& session, const TryOptions& options) {
  const bool relation = std::ranges::any_of(options.expressions, is_relation_text);
  if (relation) return try_relation(session, options);
  if (!options.givens.empty() || !options.definitions.empty())
    throw InvalidInput("--given and --where go with a relation, such as '|J(pi,M) - J(pi,M\')| <= H eps'");
  const Quantity otherwise = quantity_named(options.quantity);
  std::vector<Question> questions;
  if (!options.file.empty()) questions = read_bounds(options.file, otherwise);
  for (const std::string& expression : options.expressions) questions.push_back({expression, otherwise});
  if (questions.empty()) throw InvalidInput("a bound is needed, such as 'H*(H-1)/2*eps', or --file");
  for (const Question& question : questions)
    BoundExpression::parse(question.expression, bound_variables(question.quantity));
  const Run run{.seed = options.seed, .instances = options.instances, .threads = options.threads};
  const auto at = point_of(options);
  if (options.repair) return repair_bounds(session, questions, run);
  std::vector<TriedBound> bounds;
  for (const Question& question : questions) {
    session.progress("trying " + question.expression);
    bounds.push_back(try_bound(question.expression, question.quantity, run, at));
  }
  session.progress("");
  draw_counterexample(options, bounds);
  rank(bounds);
  session.exit_code = exit_code_for(bounds);
  const bool single = bounds.size() == 1;
  nlohmann::json list = nlohmann::json::array();
  std::string text;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    list.push_back(tried_bound_to_json(bounds[i], write_counterexample(options, bounds[i], i + 1)));
    text += (single ? "" : std::to_string(i + 1) + ". ") + tried_bound_as_text(bounds[i], single);
  }
  if (session.json) return session.print(single ? list[0] : nlohmann::json{{"bounds", list}});
  session.print(text);
}

}  // namespace

void add_try(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("try", "Is this bound true, and how tight is it?");
  auto options = std::make_shared<TryOptions>();
  command->add_option(
      "EXPR", options->expressions,
      "A relation such as \"|J(pi,M) - J(pi,M\')| <= H(H-1)/4 eps\" in the language of lemmas "
      "(docs/language.md), with the "
      "conventional givens for its names; or bounds such as 'H*(H-1)/2*eps'; several are ranked. Variables "
      "of these: H, eps (largest L1 distance), "
      "delta = eps/2 (total variation), S, A, rmin, rmax. Functions: sum(k, first, last, term), min, "
      "max, abs, sqrt, exp, log. Numbers are exact: 0.1 is 1/10. Before one that begins with a minus, write "
      "--");
  command
      ->add_option(
          "--for", options->quantity,
          "What is bounded: one policy in two models; the regret of planning in a model; the values of "
          "eq. (15.4), with the variable h; J(pi_E, M) - J(pi, M), with the returns expert, "
          "expert_model, learner, learner_model")
      ->check(CLI::IsMember(quantity_names()))
      ->capture_default_str();
  command->add_option("--given", options->givens,
                      "Of a relation: what else is given, or given otherwise, as in a lemma");
  command->add_option("--where", options->definitions, "Of a relation: what is defined, as in a lemma");
  command->add_option("--file", options->file, "Bounds to try, one a line; # begins a comment");
  command->add_option("--instances", options->instances, "Instances that the search draws for each bound")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed of the search")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT64_MAX}))
      ->check(not_decimal)
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads; 0: one a core")
      ->check(CLI::Range(0, 1024))
      ->check(not_decimal);
  command->add_option("--out", options->out, "Write certificates of counterexamples to this folder");
  command
      ->add_option("--horizon", options->horizon, "With --delta: show bound and supremum at this H as well")
      ->check(CLI::Range(1, 10'000))
      ->check(not_decimal);
  command->add_option("--delta", options->delta, "With --horizon: at this total variation, such as 1/13");
  command->add_option("--svg", options->svg, "Draw the counterexample (needs Graphviz)");
  command->add_option("--dot", options->dot, "The same drawing in Graphviz's language");
  command->add_flag("--repair", options->repair, "Look for the smallest edits that make the bound true");
  command->callback([&session, options] { try_bounds(session, *options); });
}

}  // namespace lemmacheck
