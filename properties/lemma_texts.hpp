// The files of lemmas in this folder, as they were when the program was built.
#pragma once

#include <string_view>
#include <vector>

namespace lemmacheck {

struct LemmaText {
  std::string_view file;  ///< relative to properties/
  std::string_view text;
};
const std::vector<LemmaText>& lemma_texts();

}  // namespace lemmacheck
