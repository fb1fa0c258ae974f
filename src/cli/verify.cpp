#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "language/certified_claim.hpp"
#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

/// What is readable JSON but no certificate, or names a claim wrongly, is rejected; what is not JSON is bad
/// input.
std::optional<std::string> verdict_on(const std::string& file, const Ledger& ledger) {
  const nlohmann::json document = read_json_file(file);
  try {
    const CertifiedClaim certified = read_certificate(document, file, ledger);
    return reason_to_reject(certified.certificate, certified.claim);
  } catch (const InvalidInput& e) {
    return e.what();
  }
}

void verify(Session& session, const std::vector<std::string>& files) {
  nlohmann::json document = {{"certificates", nlohmann::json::array()}};
  std::string text;
  for (const std::string& file : files) {
    const auto reason = verdict_on(file, session.ledger());
    if (reason) session.exit_code = unexpected;
    document["certificates"].push_back({{"file", file},
                                        {"accepted", !reason},
                                        {"reason", reason ? nlohmann::json(*reason) : nlohmann::json()}});
    text += (reason ? "rejected: " : "accepted: ") + file + (reason ? ": " + *reason : "") + "\n";
  }
  session.json ? session.print(document) : session.print(text);
}

}  // namespace

void add_verify(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("verify", "Check certificates again, from the instance alone");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("CERT", *files, "Certificate files")->required();
  command->callback([&session, files] { verify(session, *files); });
}

}  // namespace lemmacheck
