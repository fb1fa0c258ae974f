// The reader of lemmas under libFuzzer: whatever the text, either it is read, or one error names a place in
// it. What is read must print to a text that reads to the same trees.
#include <cstdio>
#include <cstdlib>

#include "language/explain.hpp"
#include "language/lemma_reader.hpp"
#include "language/print.hpp"

namespace {

using namespace lemmacheck;

/// Pieces that random bytes rarely spell.
const char* const pieces[] = {"lemma t\n",
                              "given ",
                              "where ",
                              "assume ",
                              "claim ",
                              "proof ",
                              "expect holds\n",
                              "like ",
                              "write ",
                              " as ",
                              "\n",
                              " ",
                              "M = (S, A, r, T, H, rho)",
                              "M' = (S, A, r, T', gamma, rho)",
                              ", ",
                              "pi : S -> Delta(A)",
                              "pi_h : S -> A",
                              "f : S -> R",
                              "q_h : S x A -> [0, 1]",
                              "phi : S -> X",
                              "nu : Delta(S x A)",
                              "x in [0, 1]",
                              "k in 1..5",
                              "pi optimal in M",
                              "pi greedy for f in M",
                              "r in [0, 1]",
                              "eps = ",
                              "W_0(s) = ",
                              "W_k(s) = ",
                              "L(U)(s) = ",
                              "P(s'|s) = ",
                              "max_{s,a} ",
                              "max_s ",
                              "sum_{k=0}^{n} ",
                              "sum_{s'} ",
                              "E_{s ~ rho}[",
                              "E_{s' ~ T(s,a), a' ~ pi(s')}[",
                              "E_{tau ~ (pi,M)}[",
                              "]",
                              "(",
                              ")",
                              "{",
                              "}",
                              "|",
                              "||",
                              "_1",
                              "_{h+1}",
                              "^2",
                              "^{pi,M}",
                              "^*",
                              "V_h^pi(s,M)",
                              "J(pi,M)",
                              "J^*(M)",
                              "d_h^pi(s)",
                              "d_gamma^pi(s,a)",
                              "A^pi(s,a)",
                              "T(s'|s,a)",
                              "T(s,a)",
                              "pi(a|s)",
                              "r(s,a)",
                              "f(s)",
                              "L(f)(s)",
                              "W_{k-1}(s)",
                              "eps",
                              "gamma",
                              "H",
                              "h",
                              "k",
                              "s",
                              "a",
                              "s'",
                              "x",
                              "+",
                              "-",
                              "*",
                              "/",
                              " <= ",
                              " >= ",
                              " = ",
                              " != ",
                              " < ",
                              "=>",
                              " iff ",
                              " and ",
                              " or ",
                              "not ",
                              "for all s: ",
                              "for all s, 1 <= h < H: ",
                              "exists a: ",
                              "TV(",
                              "KL(",
                              "W1(",
                              "log ",
                              "sqrt(",
                              "exp(",
                              "1[",
                              "min(",
                              "max(",
                              "span_s ",
                              "\\frac{",
                              "\\left|",
                              "\\right|",
                              "\\le ",
                              "\\epsilon ",
                              "\\hat{\\pi}",
                              "\\quad ",
                              "\\text{for all } ",
                              "\\mathcal{A}",
                              "\\sum_{s'} ",
                              "$$",
                              "%! ",
                              "<!--! ",
                              "-->",
                              "\\begin{equation}\n",
                              "\\end{equation}\n",
                              "\\newcommand{\\E}[1]{#1}",
                              "\\E",
                              "1/2",
                              "0",
                              "2",
                              "3.5",
                              "..",
                              ":",
                              "~",
                              ";",
                              "'",
                              "\\",
                              "&",
                              "#"};

std::string decoded(const std::uint8_t* data, std::size_t size) {
  std::string text = "lemma t\n given M = (S, A, r, T, H, rho), pi : S -> Delta(A), f : S -> R\n claim ";
  for (std::size_t i = 0; i < size; ++i) text += pieces[data[i] % std::size(pieces)];
  return text;
}

void same_when_printed(const std::shared_ptr<const Lemma>& lemma) {
  const std::string text = lemma_as_text(*lemma);
  const auto again = read_plain(std::make_shared<const SourceFile>("printed", text));
  const auto second =
      read_lemma(again.at(0), [](const std::string&) -> const LemmaSource* { return nullptr; });
  bool same_trees = second->claims.size() == lemma->claims.size();
  for (std::size_t i = 0; same_trees && i < lemma->claims.size(); ++i)
    same_trees = same(second->claims[i].tree, lemma->claims[i].tree);
  if (same_trees) return;
  std::fprintf(stderr, "printed and read again it is another lemma:\n%s\n", text.c_str());
  std::abort();
}

void read_all(const std::vector<LemmaSource>& sources) {
  for (const LemmaSource& source : sources) {
    const auto lemma = read_lemma(source, [&](const std::string& id) -> const LemmaSource* {
      for (const LemmaSource& each : sources)
        if (each.id == id) return &each;
      return nullptr;
    });
    explain(*lemma);
    same_when_printed(lemma);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t how = data[0] % 4;
  const std::string text =
      how == 3 ? decoded(data + 1, size - 1) : std::string(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto file = std::make_shared<const SourceFile>("input", text);
  try {
    read_all(how == 1 ? read_tex(file) : how == 2 ? read_markdown(file) : read_plain(file));
  } catch (const InvalidInput& error) {
    if (error.what()[0] == '\0') std::abort();  // an error says something
  }
  return 0;
}
