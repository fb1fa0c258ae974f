/// Short ways to read lemmas and to evaluate them on instances written by hand.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "claims/evaluate.hpp"
#include "generate/assignment_file.hpp"
#include "language/lemma_claim.hpp"
#include "language/lemma_reader.hpp"
#include "language/print.hpp"
#include "language/program.hpp"

namespace lemmacheck {

inline const FindLemma nowhere = [](const std::string&) -> const LemmaSource* { return nullptr; };

/// The last lemma of a plain text; `like` finds the ones before it.
inline std::shared_ptr<const Lemma> read(const std::string& text) {
  const auto sources = read_plain(std::make_shared<const SourceFile>("t.lemma", text));
  return read_lemma(sources.back(), [&](const std::string& id) -> const LemmaSource* {
    for (const LemmaSource& source : sources)
      if (source.id == id) return &source;
    return nullptr;
  });
}

/// What the reader says of a text that it must refuse, in one line; empty if it reads it.
inline std::string refusal(const std::string& text) {
  try {
    lemma_claim(read(text));
    return "";
  } catch (const LanguageError& error) {
    std::string line;
    for (const char c : std::string(error.what()))
      if (c != '\n' && c != ' ')
        line += c;
      else if (line.empty() || line.back() != ' ')
        line += ' ';
    return line;
  }
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The instance that a JSON text such as {"sizes": {...}, "values": {...}} gives.
inline Instance instance_of(const Claim& claim, const char* json) {
  const LemmaProgram program(claim.lemma, {}, {});
  Instance instance;
  instance.assignment = assignment_from_json(nlohmann::json::parse(json), program.signature(), "test", "");
  return instance;
}

/// Both sides of the lemma's first comparison on an instance, as printed: "3/2, 2".
inline std::string sides_of(const Claim& claim, const std::string& json) {
  const Points<RealNumber> points =
      exact_points(claim.formula, claim.relation, instance_of(claim, json.c_str()));
  if (points.assumption() != Truth::yes) return "assumptions fail";
  if (points.entries().empty()) return points.undefined() > 0 ? "undefined" : "no point";
  const auto& found = points.entries().front();
  const bool reversed = found.at.named && found.at.named->reversed;
  const RealNumber &left = reversed ? found.sides.rhs : found.sides.lhs,
                   &right = reversed ? found.sides.lhs : found.sides.rhs;
  return left.to_string() + ", " + right.to_string();
}

inline std::string sides(const std::string& text, const char* json) {
  return sides_of(lemma_claim(read(text)), json);
}

}  // namespace lemmacheck
