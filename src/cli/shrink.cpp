#include "campaign/shrink.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "language/certified_claim.hpp"
#include "report/results.hpp"
#include "report/write_file.hpp"

namespace lemmacheck {
namespace {

struct ShrinkOptions {
  std::string file, out;
};

void shrink_file(Session& session, const ShrinkOptions& options) {
  const auto [certificate, claim] = read_certificate_file(options.file, session.ledger());
  if (const auto reason = reason_to_reject(certificate, claim))
    throw InvalidInput(options.file + ": " + *reason + "; only a right certificate can be shrunk");
  const Certificate smaller = shrink(certificate, claim);
  if (!options.out.empty()) write_file(options.out, certificate_to_json(smaller).dump(2) + "\n");
  if (session.json) return session.print(certificate_to_json(smaller));
  session.print(certificate_as_text(smaller, claim));
}

}  // namespace

void add_shrink(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("shrink", "A smaller instance that shows what a certificate shows");
  auto options = std::make_shared<ShrinkOptions>();
  command->add_option("CERT", options->file, "Certificate file")->required();
  command->add_option("--out", options->out, "Write the smaller certificate to this file");
  command->callback([&session, options] { shrink_file(session, *options); });
}

}  // namespace lemmacheck
