#include "language/explain.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/claim_set.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

nlohmann::json as_json(const Explanation& explanation) {
  return {{"id", explanation.id},           {"words", explanation.words},
          {"latex", explanation.latex},     {"plain", explanation.plain},
          {"givens", explanation.givens},   {"definitions", explanation.definitions},
          {"assumes", explanation.assumes}, {"witness", explanation.witness},
          {"steps", explanation.steps},     {"defaults", explanation.defaults},
          {"writes", explanation.writes}};
}

/// A claim that is written in C++ has no tree: its statement and hypotheses are what there is.
Explanation of_compiled(const Claim& claim) {
  Explanation explanation;
  explanation.id = claim.id;
  explanation.latex = claim.statement;
  explanation.plain = claim.statement;
  explanation.givens = claim.hypotheses;
  explanation.words = claim.id + " (" + claim.source + "): " + claim.statement;
  return explanation;
}

void explain_claims(Session& session, const std::vector<std::string>& names,
                    const std::vector<std::string>& with) {
  const ClaimSet set(session, names, with);
  nlohmann::json document = {{"lemmas", nlohmann::json::array()}};
  std::string text;
  for (const Claim* claim : set.claims) {
    const Explanation explanation = claim->lemma ? explain(*claim->lemma) : of_compiled(*claim);
    document["lemmas"].push_back(as_json(explanation));
    text += (text.empty() ? "" : "\n") + explanation_as_text(explanation);
  }
  session.json ? session.print(document) : session.print(text);
}

}  // namespace

void add_explain(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("explain", "How each lemma was read: in words, in LaTeX, with every default");
  auto names = std::make_shared<std::vector<std::string>>();
  auto with = std::make_shared<std::vector<std::string>>();
  command->add_option("FILE or ID", *names, "Files of lemmas (.lemma, .tex, .md) and ids")->required();
  command->add_option("--with", *with, "Folders of lemmas that others may be like");
  command->callback([&session, names, with] { explain_claims(session, *names, *with); });
}

}  // namespace lemmacheck
