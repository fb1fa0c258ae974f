#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>

#include "cli/session.hpp"
#include "language/source_text.hpp"
#include "report/checked_claims.hpp"

namespace lemmacheck {
namespace {

constexpr const char* footer = R"(
Exit codes: 0 as expected; 1 a verdict is not the expected one, or a certificate is rejected;
2 bad usage or bad input; 3 undecided.

Examples:
  lemmacheck check sim.lemma                      is the simulation lemma true, and how tight?
  lemmacheck check --out certificates             all claims, with a certificate for each
  lemmacheck compare --model M.json --perturbed N.json --horizon 10
  lemmacheck try 'H*(H-1)/4*eps'                  is this bound true? how tight?
  lemmacheck learn --fit latest                   why fitting the latest data oscillates (Figure 15.2)
  lemmacheck report --out report                  the bound-tightness report)";

void set_up(CLI::App& app, Session& session) {
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("lemmacheck ") + LEMMACHECK_VERSION);
  app.add_flag("--json", session.json, "Print one JSON document instead of text");
  app.add_flag("--quiet", session.quiet, "Print results and errors only");
  app.footer(footer);
  add_list(app, session);
  add_explain(app, session);
  add_check(app, session);
  add_evaluate(app, session);
  add_compare(app, session);
  add_convert(app, session);
  add_worst_case(app, session);
  add_try(app, session);
  add_learn(app, session);
  add_latent(app, session);
  add_log(app, session);
  add_verify(app, session);
  add_replay(app, session);
  add_shrink(app, session);
  add_campaign(app, session);
  add_report(app, session);
  add_shell_files(app, session);
}

int complain(const std::string& message) {
  std::cerr << "lemmacheck: " << message << "\n";
  return bad_input;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    Session session;
    CLI::App app("Is the lemma true as printed, and how tight is its bound? Exact answers on finite MDPs.",
                 "lemmacheck");
    set_up(app, session);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
      return complain(std::string(e.what()) + "\nRun 'lemmacheck --help' or 'lemmacheck COMMAND --help'.");
    }
    std::cout.flush();
    if (!std::cout) return complain("standard output cannot be written");
    return session.exit_code;
  } catch (const LanguageError& e) {
    const SourceFile::LineColumn at = e.place().file->position(e.place().offset);
    if (on_github()) std::cerr << annotation(true, e.place().file->name(), at.line, at.column, e.message());
    return complain(e.what());
  } catch (const InvalidInput& e) {
    return complain(e.what());
  } catch (const std::bad_alloc&) {
    return complain("out of memory; give a smaller model, horizon or number of instances");
  } catch (const InternalError& e) {
    std::cerr << "lemmacheck: " << e.what() << "\n";
    std::abort();
  } catch (const std::exception& e) {  // the system's: a name too long, a disk full
    return complain(e.what());
  }
}

}  // namespace lemmacheck
