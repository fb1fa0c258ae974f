#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/claim_set.hpp"
#include "report/results.hpp"

namespace lemmacheck {

void add_list(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("list", "List the claims with source, statement and hypotheses");
  auto names = std::make_shared<std::vector<std::string>>();
  auto with = std::make_shared<std::vector<std::string>>();
  command->add_option("FILE or ID", *names,
                      "Files of lemmas (.lemma, .tex, .md) and ids; the whole ledger if left out");
  command->add_option("--with", *with, "Folders of lemmas that others may be like");
  command->callback([&session, names, with] {
    const ClaimSet set(session, *names, *with);
    std::vector<const Claim*> claims = set.claims;
    if (names->empty())
      for (const Claim& claim : session.ledger().claims()) claims.push_back(&claim);
    if (!session.json) return session.print(ledger_as_text(claims));
    nlohmann::json document;
    document["claims"] = nlohmann::json::array();
    for (const Claim* claim : claims) document["claims"].push_back(claim_to_json(*claim));
    session.print(document);
  });
}

}  // namespace lemmacheck
