// Section 15.2: Lemmas 2 and 3, the triangle inequality and Hoelder's.
#include "section_15_2.hpp"

namespace lemmacheck {
namespace {

using namespace section_15_2;

template <class V>
auto one_number(const V& x, const char* name) {
  return x.numbers(name).front();
}

template <class N>
N inner_product(const std::vector<N>& p, const std::vector<N>& g) {
  N sum{};
  for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * g[i];
  return sum;
}

template <class N>
N l1_norm(const std::vector<N>& p) {
  N sum{};
  for (const N& v : p) sum += abs(v);
  return sum;
}

/// max over i of f(g_i)
template <class N, class F>
N max_of(const std::vector<N>& g, F&& f) {
  N best = f(g.front());
  for (const N& v : g) best = max(best, f(v));
  return best;
}

template <class N>
N max_norm(const std::vector<N>& g) {
  return max_of(g, [](const N& v) { return abs(v); });
}

template <class N>
N span(const std::vector<N>& g) {
  return max_of(g, [](const N& v) { return v; }) + max_of(g, [](const N& v) { return -v; });
}

/// ||v||^2
template <class N>
N squared(const std::vector<N>& p, const std::vector<N>& g, bool plus) {
  N sum{};
  for (std::size_t i = 0; i < p.size(); ++i) {
    const N v = plus ? p[i] + g[i] : p[i] - g[i];
    sum += v * v;
  }
  return sum;
}

void add_lemmas_2_and_3(Ledger& ledger) {
  ledger.add({
      .id = "sim.lemma_2",
      .source = "lemma 2",
      .statement = R"(|a - b| \le |a - c| + |c - b|)",
      .hypotheses = {"real numbers"},
      .domain = number_triples(),
      .formula =
          [](const auto& x, auto& at) {
            const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
            at(abs(a - b), abs(a - c) + abs(c - b));
          },
      .mutants = {{"|c + b| for |c - b|",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), abs(a - c) + abs(c + b));
                   }},
                  {"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), x.ratio(99, 100) * (abs(a - c) + abs(c - b)));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_2_first_sign",
      .source = "lemma 2",
      .statement = R"(|a - b| = |a - c + c - b|)",
      .hypotheses = {"real numbers"},
      .domain = number_triples(),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
            at(abs(a - b), abs(((a - c) + c) - b));
          },
      .mutants = {{"- c for + c",
                   [](const auto& x, auto& at) {
                     const auto a = one_number(x, "a"), b = one_number(x, "b"), c = one_number(x, "c");
                     at(abs(a - b), abs(((a - c) - c) - b));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3",
      .source = "lemma 3",
      .statement = R"(\langle p, g \rangle \le \|p\|_1 \|g\|_\infty)",
      .hypotheses = {"real vectors of one length"},
      .domain = vector_pairs(false),
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), l1_norm(p) * max_norm(g));
          },
      .mutants = {{"the norms swapped: the largest of p, the largest of g",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), max_norm(p) * max_norm(g));
                   }},
                  {"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(99, 100) * l1_norm(p) * max_norm(g));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3_first_sign",
      .source = "lemma 3",
      .statement =
          R"(\sum_x p(x) g(x) = \langle p, g \rangle = \tfrac{1}{4}\bigl(\|p+g\|_2^2 - \|p-g\|_2^2\bigr))",
      .hypotheses = {"real vectors of one length"},
      .domain = vector_pairs(false),
      .relation = Relation::equal,
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), x.ratio(1, 4) * (squared(p, g, true) - squared(p, g, false)));
          },
      .note = "The first sign of Lemma 3 is printed as at most; it is an equality. The inner product on the "
              "right is "
              "computed by polarisation.",
      .mutants = {{"one half for one quarter",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(1, 2) * (squared(p, g, true) - squared(p, g, false)));
                   }}},
  });

  ledger.add({
      .id = "sim.lemma_3_zero_sum",
      .source = "lemma 3",
      .statement =
          R"(\textstyle\sum_x p(x) = 0 \implies \langle p, g \rangle \le \tfrac{1}{2} \|p\|_1 (\max g - \min g))",
      .hypotheses = {"real vectors of one length", "p sums to 0"},
      .domain = vector_pairs(true),
      .formula =
          [](const auto& x, auto& at) {
            const auto p = x.numbers("p"), g = x.numbers("g");
            at(inner_product(p, g), x.ratio(1, 2) * l1_norm(p) * span(g));
          },
      .note = "What the proof could use: T - T' sums to 0. This is where the printed bound loses its factor "
              "of 2.",
      .mutants = {{"the constant lowered by one hundredth",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(99, 200) * l1_norm(p) * span(g));
                   }},
                  {"the largest |g| for the span",
                   [](const auto& x, auto& at) {
                     const auto p = x.numbers("p"), g = x.numbers("g");
                     at(inner_product(p, g), x.ratio(1, 2) * l1_norm(p) * max_norm(g));
                   }}},
  });
}

const Section section("15.2", add_lemmas_2_and_3, 4);

}  // namespace
}  // namespace lemmacheck
