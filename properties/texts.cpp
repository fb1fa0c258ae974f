// The files of lemmas in this folder as sections of the ledger.
#include "common.hpp"
#include "language/clauses.hpp"
#include "language/lemma_claim.hpp"
#include "lemma_texts.hpp"

namespace lemmacheck {
namespace {

/// All texts at once: a lemma may be like one of another file.
struct Texts {
  Texts() {
    for (const LemmaText& each : lemma_texts())
      ids[std::string(each.file)] = library.add(read_plain(std::make_shared<const SourceFile>(
          "properties/" + std::string(each.file), std::string(each.text))));
  }
  LemmaLibrary library;
  std::map<std::string, std::vector<std::string>> ids;  ///< by file
};

Section section_of(const std::string& name, const std::string& file, int part = 0) {
  const auto add = [file](Ledger& ledger) {
    static const Texts texts;
    for (const std::string& id : texts.ids.at(file)) {
      if (texts.library.is_setting(id)) continue;
      Claim claim = lemma_claim(texts.library.read(id));
      claim.file.clear();  // it is the ledger's, wherever it stands
      claim.known = known_instance(id, claim.lemma);
      ledger.add(std::move(claim));
    }
  };
  return Section(name, add, part);
}

const Section sections[] = {
    section_of("15.1", "section_15_1.lemma"),
    section_of("15.2", "section_15_2.lemma"),
    section_of("15.3", "section_15_3.lemma"),
    section_of("15.3", "section_15_3_loops.lemma", 3),
    section_of("15.4", "section_15_4.lemma"),
    section_of("discounted", "discounted.lemma"),
    section_of("field: 1. model error", "field/model_error.lemma"),
    section_of("field: 2. policies and gradients", "field/policies.lemma"),
    section_of("field: 3. dynamic programming", "field/dynamic_programming.lemma"),
    section_of("field: 4. abstraction", "field/abstraction.lemma"),
    section_of("field: 5. imitation", "field/imitation.lemma"),
    section_of("field: 6. off-policy evaluation", "field/off_policy.lemma"),
    section_of("field: 7. pessimism", "field/pessimism.lemma"),
    section_of("field: 8. robust planning", "field/robust.lemma"),
    section_of("field: 9. online learning and shaping", "field/online.lemma"),
    section_of("field: 10. averages and totals", "field/endless.lemma"),
};

}  // namespace
}  // namespace lemmacheck
