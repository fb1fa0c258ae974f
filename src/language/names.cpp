#include "language/names.hpp"

#include <algorithm>

#include "claims/suggestion.hpp"

namespace lemmacheck {

void Names::declare(const std::string& name, Symbol::Kind kind, const Place& place) {
  if (is_reserved(name)) fail_at(place, "\"" + name + "\" is a word of the language", "choose another name");
  const auto [found, inserted] = symbols_.emplace(name, Symbol{kind, place});
  if (!inserted)
    fail_at(place, "\"" + name + "\" is declared twice, first at " + found->second.place.to_string(),
            "choose another name, or leave one of them out");
}

const Symbol* Names::find(const std::string& name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : &found->second;
}

std::string Names::nearest(const std::string& name, const std::vector<std::string>& more) const {
  std::vector<std::string> candidates = more;
  for (const auto& [known, symbol] : symbols_) candidates.push_back(known);
  candidates.insert(candidates.end(), known_words().begin(), known_words().end());
  return nearest_names(name, candidates);
}

std::optional<std::string> default_sort(const std::string& name) {
  const std::string letters = name.substr(0, name.find('\''));
  if (letters == "s") return "S";
  if (letters == "a" || letters == "b") return "A";
  if (letters == "x") return "X";
  static const std::set<std::string> integers = {"h", "k", "t", "n", "i", "j"};
  if (integers.count(letters) != 0) return "integer";
  return std::nullopt;
}

bool is_reserved(const std::string& name) {
  static const std::set<std::string> words = {
      "for",  "all",   "forall", "exists", "and",     "or",     "not",    "iff", "in",   "if",  "sum",
      "prod", "max",   "min",    "span",   "log",     "exp",    "sqrt",   "TV",  "KL",   "Ent", "W1",
      "Var",  "inner", "argmax", "argmin", "optimal", "greedy", "lowest", "inf", "frac", "arg"};
  return words.count(name) != 0;
}

const std::vector<std::string>& known_words() {
  static const std::vector<std::string> words = {"sum", "prod",  "max",    "min",   "span", "log",
                                                 "exp", "sqrt",  "TV",     "KL",    "Ent",  "W1",
                                                 "Var", "inner", "exists", "gamma", "and",  "or"};
  return words;
}

std::string base_of(const std::string& name) {
  return name.substr(0, std::min(name.find('_'), name.find('^')));
}

}  // namespace lemmacheck
