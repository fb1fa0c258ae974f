// What every form of the report shows of an instance: both sides step by step, and the graph.
#include "report/worked_instance.hpp"

#include <algorithm>

#include "campaign/check.hpp"
#include "language/reading.hpp"
#include "report/latex.hpp"
#include "report/verdict_words.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const std::string kernels =
    "lemma t\n given M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1]\n given pi : S -> "
    "Delta(A)\n";

Finding found(const Claim& claim) {
  Finding finding = check_claim(claim, Setting{}, Run{.instances = 2000});
  REQUIRE(finding.certificate);
  return finding;
}

RealNumber line(const Derivation& derivation, const std::string& plain) {
  for (const Derivation::Line& each : derivation.lines)
    if (each.plain == plain) return each.value;
  FAIL("no line is about: " << plain);
  throw;
}

const Derivation::Table& table(const Derivation& derivation, const std::string& plain) {
  for (const Derivation::Table& each : derivation.tables)
    if (each.plain == plain) return each;
  FAIL("no table is about: " << plain);
  throw;
}

}  // namespace

TEST_CASE("derivation: definitions, values and absolute values come to the certificate's sides", "[report]") {
  const Claim claim = lemma_claim(read(
      kernels + " where eps = max_{s,a} ||T(s,a) - T'(s,a)||_1\n claim |J(pi,M) - J(pi,M')| <= H/8 eps\n"));
  const Finding finding = found(claim);
  const Certificate& certificate = *finding.certificate;
  const Derivation derivation = derivation_of(claim.lemma, certificate);
  const Rational difference =
      *line(derivation, "J(pi,M)").rational() - *line(derivation, "J(pi,M')").rational();
  CHECK(*line(derivation, "|J(pi,M) - J(pi,M')|").rational() == abs(difference));
  CHECK(abs(difference) == *certificate.sides.lhs.rational());
  const Assignment& assignment = *certificate.instance.assignment;
  const Rational eighth = Rational::ratio(static_cast<std::int64_t>(assignment.steps()), 8);
  CHECK(eighth * *line(derivation, "eps").rational() == *certificate.sides.rhs.rational());
  // The body of the maximum for each pair, of which eps is the largest.
  const Derivation::Table& rows = table(derivation, "||T(s,a) - T'(s,a)||_{1}");
  CHECK(rows.names == std::vector<std::string>{"s", "a"});
  CHECK(rows.rows.size() == std::size_t{assignment.sizes[0]} * assignment.sizes[1]);
  Rational largest;
  for (const auto& row : rows.rows) largest = max(largest, *row.value.rational());
  CHECK(largest == *line(derivation, "eps").rational());
  // Values at the last step are rewards, and nothing is left out.
  const Derivation::Table& values = table(derivation, "V_{h}^{pi}(s,M)");
  CHECK(values.rows.size() == assignment.steps() * assignment.sizes[0]);
}

TEST_CASE("derivation: under `for all` it is of the certificate's point", "[report]") {
  const Claim claim = lemma_claim(read(kernels + " claim for all h, s: V_h^pi(s,M) <= V_h^pi(s,M')\n"));
  const Finding finding = found(claim);
  const Derivation derivation = derivation_of(claim.lemma, *finding.certificate);
  CHECK(*line(derivation, "V_{h}^{pi}(s,M)").rational() == *finding.certificate->sides.lhs.rational());
  CHECK(*line(derivation, "V_{h}^{pi}(s,M')").rational() == *finding.certificate->sides.rhs.rational());
  // The claim's own h and s are taken: the tables have names of their own.
  CHECK(table(derivation, "V_{h'}^{pi}(s',M)").names == std::vector<std::string>{"h'", "s'"});
  SECTION("in whatever order a file gives the point's names") {
    Certificate turned = *finding.certificate;
    auto at = std::make_shared<NamedPoint>(*turned.at.named);
    std::reverse(at->values.begin(), at->values.end());
    turned.at.named = at;
    CHECK(derivation_of(claim.lemma, turned).lines.size() == derivation.lines.size());
  }
}

TEST_CASE("graphs: each transition has an edge, and those on which models differ are marked", "[report]") {
  const Claim claim = lemma_claim(read(kernels + " claim J(pi,M) <= J(pi,M')\n"));
  const Finding finding = found(claim);
  const Assignment& assignment = *finding.certificate->instance.assignment;
  const std::vector<InstanceGraph> graphs = instance_graphs(*finding.certificate, claim.lemma.get());
  REQUIRE(graphs.size() == 1);
  const InstanceGraph& graph = graphs[0];
  CHECK(graph.models == std::vector<std::string>{"T", "T'"});
  const auto states =
      std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const auto& node) { return !node.action; });
  CHECK(states == assignment.sizes[0]);
  CHECK(std::any_of(graph.edges.begin(), graph.edges.end(), [](const auto& edge) { return edge.differs; }));
  for (const InstanceGraph::Edge& edge : graph.edges)
    CHECK(edge.differs == std::any_of(edge.labels.begin(), edge.labels.end(),
                                      [](const auto& label) { return !label.of.empty(); }));
}

TEST_CASE("verdicts in words: how false, how tight", "[report]") {
  const auto words = [](const std::string& claim, const std::string& kind) {
    return verdict_in_words(
        found(lemma_claim(read("lemma t\n kind " + kind + "\n given x in {1, 2}\n claim " + claim + "\n"))));
  };
  CHECK(words("x <= 1", "printed").rfind("false as printed", 0) == 0);
  CHECK(words("x <= 1", "slip").rfind("false, a common slip", 0) == 0);
  CHECK(words("x <= 2", "printed") == "true, and reached exactly");
  CHECK(words("x <= 4", "printed") == "true, twice too large on all that was tried");
  CHECK(words("x <= 6", "printed") == "true, 3 times too large on all that was tried");
  CHECK(words("x <= 3", "printed") == "true, with room: 2/3 of it is reached");
}

TEST_CASE("LaTeX: no character of a text is a command", "[report]") {
  CHECK(latex_text("a_b & 50% {x} #1 $ ^ ~ \\") ==
        "a\\_b \\& 50\\% \\{x\\} \\#1 \\$ \\textasciicircum{} \\textasciitilde{} \\textbackslash{}");
}
