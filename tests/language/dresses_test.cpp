// One lemma in three dresses is one lemma.
#include <filesystem>
#include <fstream>

#include "language/explain.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

std::shared_ptr<const Lemma> only(const std::vector<LemmaSource>& sources) {
  REQUIRE(sources.size() == 1);
  return read_lemma(sources[0], nowhere);
}
std::shared_ptr<const Lemma> from_tex(const std::string& text) {
  return only(read_tex(std::make_shared<const SourceFile>("p.tex", text)));
}
std::shared_ptr<const Lemma> from_markdown(const std::string& text) {
  return only(read_markdown(std::make_shared<const SourceFile>("p.md", text)));
}
std::string claims(const Lemma& lemma) {
  std::string text;
  for (const auto& claim : lemma.claims) text += to_plain(claim.tree) + "\n";
  return text;
}

const char* const plain =
    "lemma sim\n  given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1], pi : S -> "
    "Delta(A)\n"
    "  where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n  claim |J(pi,M) - J(pi,M')| <= H(H-1)/2 eps\n";

}  // namespace

TEST_CASE("dresses: a display of a paper is the claim", "[language]") {
  const auto lemma = from_tex(R"(\begin{lemma}\label{lem:sim}
%! lemma sim
%! given M = (S,A,r,T,H,\rho), M' = (S,A,r,T',H,\rho), r \in [0,1], \pi : S \to \Delta(A)
%! where \epsilon = \max_{s,a} \|T(s,a) - T'(s,a)\|_1
%! claim
\begin{equation} \left|J(\pi,M) - J(\pi,M')\right| \le \frac{H(H-1)}{2}\,\epsilon \label{eq:sim} \end{equation}
\end{lemma})");
  CHECK(claims(*lemma) == claims(*read(plain)));
  CHECK(lemma->claims[0].place.to_string().rfind("p.tex:", 0) == 0);
}

TEST_CASE("dresses: Markdown", "[language]") {
  const auto lemma = from_markdown(
      "# Notes\n<!--! lemma sim\n given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1], "
      "pi : S -> Delta(A)\n"
      " where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n claim -->\n$$ |J(\\pi,M) - J(\\pi,M')| \\le "
      "\\frac{H(H-1)}{2} \\epsilon. $$\n");
  CHECK(claims(*lemma) == claims(*read(plain)));
}

TEST_CASE("dresses: the file's own macros, also with arguments", "[language]") {
  const auto lemma = from_tex(R"(\newcommand{\E}[1]{\mathbb{E}_{#1}}
\def\tv#1#2{D_{TV}(#1, #2)}
\DeclareMathOperator{\Tr}{T}
%! lemma t
%! given M = (S,A,r,T,H,\rho), p, q : Delta(S)
%! claim
\[ \E{s \sim p}[1] \tv{p}{q} \le 1 \]
)");
  CHECK(claims(*lemma) ==
        claims(*read(
            "lemma t\n given M = (S,A,r,T,H,rho), p, q : Delta(S)\n claim E_{s ~ p}[1] TV(p, q) <= 1\n")));
}

TEST_CASE("dresses: what papers print beside the formula is skipped", "[language]") {
  const auto lemma = from_tex(R"(%! lemma t
%! given M = (S,A,r,T,H,\rho), f : S \to R
%! claim for all s:
\begin{align}
  \bigl| f(s) \bigr| &\le \underbrace{\max_{s'} |f(s')|}_{\text{largest}} \, \label{eq:a}\tag{3} && \text{by definition} \\
   &\le \cancel{2} \max_{s'} |f(s')| + 1 \nonumber, \quad (15.1)
\end{align}
)");
  CHECK(claims(*lemma) ==
        claims(*read("lemma t\n given M = (S,A,r,T,H,rho), f : S -> R\n"
                     " claim for all s: |f(s)| <= max_{s'} |f(s')| <= 2 max_{s'} |f(s')| + 1\n")));
}

TEST_CASE("dresses: an aligned proof in displays; rows are joined", "[language]") {
  const auto lemma = from_tex(R"(%! lemma t
%! given x, y \in R
%! claim
$$ |x + y| \le |x| + |y| $$
%! proof
\begin{align*}
 |x + y| &\le |x| + |y| \\ &\le |x| + |y| + 1
\end{align*}
)");
  REQUIRE(lemma->steps().size() == 2);
}

TEST_CASE("dresses: an error in a display is at its own line and column", "[language]") {
  try {
    from_tex("%! lemma t\n%! given x \\in R\n%! claim\n\\[\n  x \\le y\n\\]\n");
    FAIL("read");
  } catch (const LanguageError& error) {
    CHECK(error.place().to_string() == "p.tex:5:9");
  }
}

TEST_CASE("dresses: a lemma ends where its environment does", "[language]") {
  const auto sources = read_tex(std::make_shared<const SourceFile>("p.tex", R"(\begin{lemma}
%! lemma a
%! given x \in [0,1]
%! claim
\[ x \le 1 \]
\end{lemma}
Then \[ x \le 2 \] holds too.
\begin{lemma}
%! lemma b
%! like a
%! claim
\[ x \le 3 \]
\end{lemma})"));
  REQUIRE(sources.size() == 2);
  CHECK(read_lemma(sources[0], nowhere)->claims.size() == 1);
}

TEST_CASE("dresses: macros of an input file", "[language]") {
  const auto folder = std::filesystem::temp_directory_path() / "lemmacheck_dresses_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "macros.tex") << "\\newcommand{\\Vmax}{\\max_{s'} |f(s')|}\n";
  std::ofstream(folder / "paper.tex") << "\\input{macros}\n%! lemma t\n%! given M = (S,A,r,T), f : S \\to "
                                         "R\n%! claim for all s:\n\\[ f(s) \\le \\Vmax \\]\n";
  LemmaLibrary library;
  CHECK(library.add_file(folder / "paper.tex") == std::vector<std::string>{"t"});
  CHECK(contains(claims(*library.read("t")), "max_{s'}"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("dresses: notation of others is written in ours", "[language]") {
  const auto lemma = read(
      "lemma t\n given M = (S, A, r, T, gamma, rho), p, p' : S -> Delta(A)\n write \\eta(q) as J(q)\n"
      " write D_max(u, v) as max_s TV(u(s), v(s))\n claim \\eta(p) - \\eta(p') <= D_max(p, p')\n");
  CHECK(claims(*lemma) == "J(p,M) - J(p',M) <= max_{s}[TV(p(s),p'(s))]\n");
  CHECK(explain(*lemma).writes.size() == 2);
}
