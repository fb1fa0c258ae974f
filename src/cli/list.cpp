#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "report/results.hpp"

namespace lemmacheck {

void add_list(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("list", "List the claims with source, statement and hypotheses");
  command->callback([&session] {
    std::vector<const Claim*> claims;
    for (const Claim& claim : session.ledger.claims()) claims.push_back(&claim);
    if (!session.json) return session.print(ledger_as_text(claims));
    nlohmann::json document;
    document["claims"] = nlohmann::json::array();
    for (const Claim* claim : claims) document["claims"].push_back(claim_to_json(*claim));
    session.print(document);
  });
}

}  // namespace lemmacheck
