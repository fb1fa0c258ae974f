// What is printed reads to the same tree: plain, and as a display.
#include "generate/choice_source.hpp"
#include "generate/rapidcheck_adaptor.hpp"
#include "language/reading.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;

namespace {

const char* const givens =
    " given M = (S, A, r, T, H, rho), M' = (S, A, r, T', gamma, rho), N = (S, A, r, T, average, rho)\n given "
    "pi : S -> Delta(A), mu_h : S -> "
    "Delta(A), pi_E : S -> A\n"
    " given f : S -> R, q_h : S x A -> R, phi : S -> X, nu : Delta(S x A), x_0 in R, y in [0, 1], k in 1..5\n"
    " where eps = max_{s,a} TV(T(s,a), T'(s,a))\n where B(d, n) = sum_{j=0}^{n} d^j\n where L(W)(s) = max_a "
    "E_{s' ~ T(s,a)}[W(s')]\n";

/// Draws expressions with every part of them in brackets, so that their text has one tree.
class DrawnText {
 public:
  explicit DrawnText(ChoiceSource& choices) : choices_(choices) {}

  std::string statement() {
    switch (pick(5)) {
      case 0:
        return "for all s, a: " + relation(number(4, "sa"), number(3, "sa"));
      case 1:
        return "for all s, 1 <= h < H: " + relation(number(4, "sh"), number(3, "sh"));
      case 2:
        return "(" + relation(number(2, ""), number(2, "")) + ") => (" +
               relation(number(3, ""), number(2, "")) + ")";
      case 3:
        return number(3, "") + " <= " + number(3, "") + " < " + number(2, "");
      default:
        return relation(number(5, ""), number(4, ""));
    }
  }

 private:
  std::uint32_t pick(std::uint32_t n) { return choices_.below(n); }
  std::string relation(const std::string& a, const std::string& b) {
    static const char* const signs[] = {" <= ", " < ", " >= ", " > ", " = ", " != "};
    return a + signs[pick(6)] + b;
  }
  std::string law() {
    static const char* const list[] = {"rho", "d_1^{pi,M}(.)", "d_{inf}^{pi,N}(.)", "d_{gamma}^{pi,M'}(.)",
                                       "d_{2}^{mu,M}(.)"};
    return list[pick(2) + (pick(2) == 0 ? 0 : pick(2) == 0 ? 2 : 3)];
  }
  static bool has(const std::string& bound, char name) { return bound.find(name) != std::string::npos; }

  /// @param bound  the names that are bound: s, a, h, t (written s')
  std::string number(int depth, const std::string& bound) {
    if (depth == 0) return atom(bound);
    const auto next = [&](const std::string& names) { return "(" + number(depth - 1, names) + ")"; };
    switch (pick(19)) {
      case 0:
        return next(bound) + " + " + next(bound);
      case 1:
        return next(bound) + " - " + next(bound);
      case 2:
        return next(bound) + " * " + next(bound);
      case 3:
        return next(bound) + " / " + next(bound);
      case 4:
        return next(bound) + "^2";
      case 5:
        return "-" + next(bound);
      case 6:
        return "|" + next(bound) + "|";
      case 7:
        return "max" + std::string("(") + number(depth - 1, bound) + ", " + number(depth - 1, bound) + ")";
      case 8:
        return "sqrt" + next(bound);
      case 9:
        return "log" + next(bound);
      case 10:
        return has(bound, 's') ? next(bound) : "sum_{s}[" + number(depth - 1, bound + "s") + "]";
      case 11:
        return has(bound, 's') ? next(bound) : "E_{s ~ rho}[" + number(depth - 1, bound + "s") + "]";
      case 12:
        return has(bound, 'a') ? next(bound) : "max_{a : a = a}[" + number(depth - 1, bound + "a") + "]";
      case 13:
        return has(bound, 's') && has(bound, 'a') && !has(bound, 't')
                   ? "E_{s' ~ T(s,a)}[" + number(depth - 1, bound + "t") + "]"
                   : next(bound);
      case 14:
        return has(bound, 'h') ? next(bound) : "sum_{h=1}^{H}[" + number(depth - 1, bound + "h") + "]";
      case 15:
        return "1[" + relation(number(depth - 1, bound), number(depth - 1, bound)) + "]";
      case 16:
        return "min" + std::string("(") + number(depth - 1, bound) + ", 1)";
      case 17:
        return has(bound, 's') || has(bound, 'a') ? next(bound)
                                                  : "E_{s,a ~ nu}[" + number(depth - 1, bound + "sa") + "]";
      default:
        return "exp" + next(bound);
    }
  }
  std::string atom(const std::string& bound) {
    std::vector<std::string> list = {"1",         "2/3",     "eps",     "gamma",
                                     "H",         "k",       "x_0",     "J(pi,M)",
                                     "J^{*}(M')", "J(pi,N)", "B(y, 3)", "TV(" + law() + ", " + law() + ")",
                                     "|S|"};
    if (has(bound, 's')) {
      for (const char* text :
           {"f(s)", "rho(s)", "V_1^{pi,M}(s)", "L(f)(s)", "||T(s,pi_E(s)) - T'(s,pi_E(s))||_1",
            "d_1^{pi,M}(s)", "gain^{pi}(s,N)", "bias^{pi}(s,N)", "gain^{*}(s,N)", "KL(pi(s), mu_1(s))"})
        list.emplace_back(text);
      if (has(bound, 'a'))
        for (const char* text : {"r(s,a)", "q_1(s,a)", "pi(a|s)", "nu(s,a)", "T(s|s,a)", "A^{pi,M'}(s,a)"})
          list.emplace_back(text);
      if (has(bound, 'h'))
        for (const char* text :
             {"V_h^{pi}(s,M)", "V_{h+1}^{*}(s,M)", "d_{h}^{mu,M}(s)", "(H - h)", "mu_h(pi_E(s)|s)"})
          list.emplace_back(text);
    }
    if (has(bound, 't')) list.emplace_back("f(s')");
    return list[pick(static_cast<std::uint32_t>(list.size()))];
  }
  ChoiceSource& choices_;
};

std::shared_ptr<const Lemma> of_display(const std::string& latex) {
  std::string text = "%! lemma t\n";
  for (std::size_t at = 0; at < std::string(givens).size();) {
    const std::size_t end = std::string(givens).find('\n', at);
    text += "%!" + std::string(givens).substr(at, end - at) + "\n";
    at = end + 1;
  }
  const auto sources =
      read_tex(std::make_shared<const SourceFile>("t.tex", text + "%! claim\n\\[\n" + latex + "\n\\]\n"));
  return read_lemma(sources.at(0), nowhere);
}

}  // namespace

TEST_CASE("printing: drawn trees come back, plain and as displays", "[language]") {
  std::size_t read_ones = 0;
  const auto falsified = falsify(
      "print and read",
      [&](std::span<const std::uint32_t> list) {
        ChoiceSource choices(list);
        const std::string text = DrawnText(choices).statement();
        const Tree tree = read(std::string("lemma t\n") + givens + " claim " + text + "\n")->claims[0].tree;
        ++read_ones;
        const Tree plain =
            read(std::string("lemma t\n") + givens + " claim " + to_plain(tree) + "\n")->claims[0].tree;
        return same(plain, tree) && fingerprint(plain) == fingerprint(tree) &&
               same(of_display(to_latex(tree))->claims[0].tree, tree);
      },
      {.seed = 5, .cases = 400, .longest = 120});
  if (falsified) {
    ChoiceSource choices(falsified->choices);
    const std::string text = DrawnText(choices).statement();
    UNSCOPED_INFO(text << "\n" << falsified->report);
    try {
      const Tree tree = read(std::string("lemma t\n") + givens + " claim " + text + "\n")->claims[0].tree;
      UNSCOPED_INFO(to_plain(tree) << "\n" << to_latex(tree));
    } catch (const InvalidInput& error) {
      UNSCOPED_INFO(error.what());
    }
  }
  CHECK_FALSE(falsified);
  CHECK(read_ones >= 400);
}

TEST_CASE("printing: trees that differ print differently", "[language]") {
  const auto printed = [](const std::string& claim) {
    return to_plain(read(std::string("lemma t\n") + givens + " claim " + claim + "\n")->claims[0].tree);
  };
  CHECK(printed("x_0/2 y <= 1") != printed("x_0/(2 y) <= 1"));
  CHECK(printed("-x_0^2 <= 1") != printed("(-x_0)^2 <= 1"));
  CHECK(printed("x_0 - (y - 1) <= 1") != printed("x_0 - y - 1 <= 1"));
}
