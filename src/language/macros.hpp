/// The macros that a LaTeX file defines.
#pragma once

#include <map>
#include <set>
#include <string>

#include "language/source_text.hpp"

namespace lemmacheck {

class MacroTable {
 public:
  /// Finds the definitions in a file and in those that it inputs: \newcommand, \renewcommand,
  /// \providecommand, \def, \let, \DeclareMathOperator.
  void collect(const std::shared_ptr<const SourceFile>& file);
  /// The text with its macros replaced; what a macro brings stands at the place of its call.
  /// @throws LanguageError where macros never end, or a call lacks an argument.
  MappedText expanded(const MappedText& text) const;

 private:
  struct Macro {
    int arguments = 0;
    bool has_default = false;
    std::string default_argument, body;
  };
  void collect(const std::shared_ptr<const SourceFile>& file, int depth);
  std::map<std::string, Macro> macros_;
  std::set<std::string> seen_;
};

}  // namespace lemmacheck
