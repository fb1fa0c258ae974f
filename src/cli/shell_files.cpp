// What a shell and `man` want to know of the commands, made from what --help shows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/session.hpp"

namespace lemmacheck {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  std::vector<const CLI::App*> list;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    list.push_back(command);
  return list;
}

struct Flag {
  std::string name, description;
  bool takes_value;
};

/// The long options of a command, and those that every command takes.
std::vector<Flag> flags_of(const CLI::App& app, const CLI::App& command) {
  std::vector<Flag> flags;
  for (const CLI::App* owner : {&command, &app})
    for (const CLI::Option* option : owner->get_options())
      for (const std::string& name : option->get_lnames())
        flags.push_back({name, option->get_description(), option->get_expected_max() > 0});
  return flags;
}

std::string bash_completion(const CLI::App& app) {
  std::string names, cases;
  for (const CLI::App* command : commands_of(app)) {
    std::string words;
    for (const Flag& flag : flags_of(app, *command)) words += (words.empty() ? "--" : " --") + flag.name;
    names += (names.empty() ? "" : " ") + command->get_name();
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), words);
  }
  return fmt::format(
      "_lemmacheck() {{\n  local current=${{COMP_WORDS[COMP_CWORD]}} words=\"\"\n  if [[ $COMP_CWORD -eq 1 "
      "]]; then\n"
      "    words=\"{} --help --version\"\n  elif [[ $current == -* ]]; then\n    case ${{COMP_WORDS[1]}} "
      "in\n{}    esac\n  fi\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}}\ncomplete -o default -F "
      "_lemmacheck lemmacheck\n",
      names, cases);
}

/// Words of a sentence inside single quotes.
std::string single_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

std::string fish_completion(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : commands_of(app)) {
    text += fmt::format("complete -c lemmacheck -n __fish_use_subcommand -a {} -d {}\n", command->get_name(),
                        single_quoted(command->get_description()));
    for (const Flag& flag : flags_of(app, *command))
      text += fmt::format("complete -c lemmacheck -n '__fish_seen_subcommand_from {}' -l {}{} -d {}\n",
                          command->get_name(), flag.name, flag.takes_value ? " -r" : "",
                          single_quoted(flag.description));
  }
  return text;
}

/// Text in which nothing is a request of roff.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
      out += std::string("\\&") + c;
    else
      out += c;
  }
  return out;
}

std::string option_name(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  const std::string names = option.get_name(false, true);
  return option.get_expected_max() > 0 ? names + " " + option.get_type_name() : names;
}

std::string manual_options(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options())
    text += fmt::format(".TP\n.B {}\n{}\n", roff(option_name(*option)), roff(option->get_description()));
  return text;
}

std::string manual(const CLI::App& app) {
  std::string text = fmt::format(
      ".TH LEMMACHECK 1 \"\" \"lemmacheck {}\"\n.SH NAME\nlemmacheck \\- {}\n.SH SYNOPSIS\n.B "
      "lemmacheck\nCOMMAND [OPTIONS]\n"
      ".SH OPTIONS\n{}.SH COMMANDS\n",
      LEMMACHECK_VERSION, roff(app.get_description()), manual_options(app));
  for (const CLI::App* command : commands_of(app))
    text += fmt::format(".SS {}\n{}\n{}", roff(command->get_name()), roff(command->get_description()),
                        manual_options(*command));
  return text + ".SH EXIT STATUS AND EXAMPLES\n.nf\n" + roff(app.get_footer()) + "\n.fi\n";
}

}  // namespace

void add_shell_files(CLI::App& app, Session& session) {
  CLI::App* completions =
      app.add_subcommand("completions", "Print what a shell completes: bash, zsh or fish");
  auto shell = std::make_shared<std::string>();
  completions->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completions->callback([&app, &session, shell] {
    if (*shell == "fish") return session.print_as_is(fish_completion(app));
    session.print_as_is((*shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") +
                        bash_completion(app));
  });
  CLI::App* page = app.add_subcommand("manual", "Print the manual page, for man -l");
  page->callback([&app, &session] { session.print_as_is(manual(app)); });
}

}  // namespace lemmacheck
