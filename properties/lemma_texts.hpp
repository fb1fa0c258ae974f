// The files of lemmas and of known instances in this folder, as they were when the program was built.
#pragma once

#include <string_view>
#include <vector>

namespace lemmacheck {

struct LemmaText {
  std::string_view file;  ///< relative to properties/
  std::string_view text;
};
const std::vector<LemmaText>& lemma_texts();

struct KnownInstance {
  std::string_view claim;        ///< its id
  std::string_view certificate;  ///< JSON
};
const std::vector<KnownInstance>& known_instances();

}  // namespace lemmacheck
