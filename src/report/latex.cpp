#include "report/latex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "language/print.hpp"
#include "report/kinds.hpp"
#include "report/results.hpp"
#include "report/verdict_words.hpp"

namespace lemmacheck {
namespace {

/// A number in mathematics: a small fraction, a sum of logarithms, or a decimal where digits are many.
std::string number_as_latex(const RealNumber& number) {
  constexpr std::size_t longest = 24;
  std::string text = number.to_string();
  if (text == "infinity" || text == "-infinity") return text[0] == '-' ? "-\\infty" : "\\infty";
  if (text.size() > longest || number.is_enclosed()) return "\\approx " + decimal(number);
  if (const auto fraction = number.rational()) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return text;
    const bool negative = text[0] == '-';
    return fmt::format("{}\\tfrac{{{}}}{{{}}}", negative ? "-" : "",
                       text.substr(negative ? 1 : 0, slash - (negative ? 1 : 0)), text.substr(slash + 1));
  }
  for (std::size_t at = 0; (at = text.find('*', at)) != std::string::npos;) text.replace(at, 1, "\\,");
  for (std::size_t at = 0; (at = text.find("log", at)) != std::string::npos; at += 4) text.insert(at, "\\");
  return text;
}

std::string tabular(const std::vector<std::string>& header,
                    const std::vector<std::vector<std::string>>& rows) {
  const std::size_t columns = rows.empty() ? header.size() : rows.front().size();
  std::string out = "\\begin{tabular}{@{}" + std::string(columns, 'l') + "@{}}\n\\toprule\n";
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? " & " : "") + cells[i];
    return text + " \\\\\n";
  };
  const bool titled =
      std::any_of(header.begin(), header.end(), [](const std::string& cell) { return !cell.empty(); });
  if (titled) out += line(header) + "\\midrule\n";
  for (const auto& row : rows) out += line(row);
  return out + "\\bottomrule\n\\end{tabular}";
}

std::string table_as_latex(const WordTable& table) {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  for (const std::string& cell : table.header) header.push_back(latex_text(cell));
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const std::string& cell : row) rows.back().push_back(latex_text(cell));
  }
  return tabular(header, rows);
}

/// A table of a quantity's values: two names make a grid.
std::string values_as_latex(const Derivation::Table& table) {
  if (table.names.size() != 2) {
    std::vector<std::string> header;
    for (const std::string& name : table.names) header.push_back("$" + name + "$");
    header.push_back("$" + table.latex + "$");
    std::vector<std::vector<std::string>> rows;
    for (const Derivation::Table::Row& row : table.rows) {
      rows.emplace_back();
      for (const std::int64_t at : row.at) rows.back().push_back(std::to_string(at));
      rows.back().push_back("$" + number_as_latex(row.value) + "$");
    }
    return tabular(header, rows);
  }
  std::map<std::int64_t, std::map<std::int64_t, std::string>> grid;
  std::map<std::int64_t, bool> across;
  for (const Derivation::Table::Row& row : table.rows) {
    grid[row.at[0]][row.at[1]] = "$" + number_as_latex(row.value) + "$";
    across[row.at[1]] = true;
  }
  std::vector<std::string> header = {"$" + table.latex + "$: $" + table.names[0] + "$"};
  for (const auto& [at, ignored] : across) header.push_back(fmt::format("${} = {}$", table.names[1], at));
  std::vector<std::vector<std::string>> rows;
  for (const auto& [down, cells] : grid) {
    rows.push_back({std::to_string(down)});
    for (const auto& [at, ignored] : across) {
      const auto found = cells.find(at);
      rows.back().push_back(found == cells.end() ? std::string() : found->second);
    }
  }
  return tabular(header, rows);
}

/// A name of the lemma in a label: rho 1 as $\rho$ 1.
std::string label_as_latex(const std::string& text) {
  static const std::vector<std::string> greek = {"rho", "pi", "phi", "mu", "nu", "gamma"};
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto letter = std::find_if(greek.begin(), greek.end(), [&](const std::string& name) {
      const bool begins = at == 0 || text[at - 1] == ' ';
      const std::size_t after = at + name.size();
      return begins && text.compare(at, name.size(), name) == 0 &&
             (after == text.size() || text[after] < 'a' || text[after] > 'z');
    });
    if (letter != greek.end()) {
      out += "$\\" + *letter + "$";
      at += letter->size();
    } else {
      out += latex_text(std::string(1, text[at++]));
    }
  }
  return out;
}

std::string graph_as_tikz(const InstanceGraph& graph) {
  std::string out =
      "\\begin{tikzpicture}[x=1pt, y=1pt, font=\\footnotesize,\n"
      "  state/.style={draw, ellipse, inner sep=2pt, minimum size=22pt, align=center, fill=white},\n"
      "  action/.style={fill, inner sep=1.6pt}, words/.style={align=center, font=\\scriptsize, fill=white, "
      "inner sep=1pt}]\n";
  for (const InstanceGraph::Edge& edge : graph.edges) {
    const auto point = [&](std::size_t i) {
      return fmt::format("({:.0f},{:.0f})", edge.spline[2 * i], edge.spline[2 * i + 1]);
    };
    std::string path = point(0);
    for (std::size_t i = 1; i + 2 < edge.spline.size() / 2; i += 3)
      path += " .. controls " + point(i) + " and " + point(i + 1) + " .. " + point(i + 2);
    out += fmt::format("  \\draw[->{}] {};\n", edge.differs ? ", very thick" : "", path);
  }
  for (const InstanceGraph::Node& node : graph.nodes) {
    const std::string words =
        label_as_latex(node.label) +
        (node.note.empty() ? "" : "\\\\[-2pt]{\\tiny " + label_as_latex(node.note) + "}");
    out += node.action ? fmt::format("  \\node[action] at ({:.0f},{:.0f}) {{}};\n", node.x, node.y)
                       : fmt::format("  \\node[state] at ({:.0f},{:.0f}) {{{}}};\n", node.x, node.y, words);
  }
  for (const InstanceGraph::Edge& edge : graph.edges) {
    std::string words;
    for (const InstanceGraph::Label& label : edge.labels) {
      const bool second = !label.of.empty() && label.of != graph.models.front();
      const std::string line = label.of.empty()
                                   ? label_as_latex(label.text)
                                   : fmt::format("${}$: {}", name_as_latex(label.of), latex_text(label.text));
      words += (words.empty() ? "" : "\\\\[-2pt]") +
               (second ? "\\textcolor{orange!60!black}{" + line + "}" : line);
    }
    if (!words.empty())
      out += fmt::format("  \\node[words] at ({:.0f},{:.0f}) {{{}}};\n", edge.x, edge.y, words);
  }
  return out + "\\end{tikzpicture}\n";
}

std::string relation_as_latex(const std::string& relation, bool broken) {
  static const std::map<std::string, std::pair<const char*, const char*>> signs = {
      {"<=", {"\\le", ">"}}, {">=", {"\\ge", "<"}}, {"<", {"<", "\\ge"}}, {">", {">", "\\le"}},
      {"==", {"=", "\\ne"}}, {"=", {"=", "\\ne"}},  {"!=", {"\\ne", "="}}};
  const auto& [holds, fails] = signs.at(relation);
  return broken ? fails : holds;
}

/// A verdict with its claim, for the table of a part.
std::string verdict_row(const ReportedClaim& reported) {
  const Claim& claim = *reported.finding.claim;
  return fmt::format("\\texttt{{{}}} ({})\\newline \\fit{{$\\displaystyle {}$}} & {} \\\\[4pt]\n",
                     latex_text(claim.id), latex_text(claim.source), claim.statement,
                     latex_text(verdict_in_words(reported.finding)));
}

std::string verdict_tables(const ReportData& data) {
  std::string text, part;
  const auto close = [&] { text += part.empty() ? "" : "\\bottomrule\n\\end{longtable}\n\n"; };
  for (const ReportedClaim& reported : data.claims) {
    const Claim& claim = *reported.finding.claim;
    const std::string own = claim.file.empty() ? claim.section : claim.file;
    if (own != part) {
      close();
      part = own;
      text += fmt::format(
          "\\section*{{{}}}\n\\begin{{longtable}}{{@{{}}p{{0.68\\linewidth}}p{{0.28\\linewidth}}@{{}}}}"
          "\n\\toprule\nlemma & verdict "
          "\\\\\n\\midrule\n\\endhead\n",
          latex_text(part));
    }
    text += verdict_row(reported);
  }
  close();
  return text;
}

std::string curves_as_latex(const BoundsPage& page) {
  const auto plot = [&](const char* name, auto&& value) {
    std::string points;
    for (const BoundsPage::Curve& curve : page.curves)
      if (curve.total_variation == Rational::ratio(1, 10) && curve.horizon > 1)
        points += fmt::format(" ({},{})", curve.horizon, decimal(value(curve)));
    return fmt::format("\\addplot coordinates {{{} }}; \\addlegendentry{{{}}}\n", points, name);
  };
  return "\\section*{The simulation lemma at $\\delta = "
         "1/10$}\n\\begin{center}\n\\begin{tikzpicture}\n\\begin{axis}[ymode=log, "
         "xlabel=$H$, ylabel={bound on $|J(\\pi,M) - J(\\pi,M')|$}, legend pos=south east, "
         "width=0.8\\linewidth, height=6cm, grid=major]\n" +
         plot("$H(H-1)\\epsilon/2$", [](const auto& curve) { return curve.printed; }) +
         plot("$H(H-1)\\delta/2$", [](const auto& curve) { return curve.halved; }) +
         plot("$B(\\delta,H)$", [](const auto& curve) { return curve.sharp; }) +
         "\\end{axis}\n\\end{tikzpicture}\n\\end{center}\n\n";
}

}  // namespace

std::string latex_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string("&%$#_{}").find(c) != std::string::npos)
      out += std::string("\\") + c;
    else if (c == '\\')
      out += "\\textbackslash{}";
    else if (c == '^')
      out += "\\textasciicircum{}";
    else if (c == '~')
      out += "\\textasciitilde{}";
    else
      out += c;
  }
  return out;
}

std::string latex_preamble() {
  return "\\usepackage[T1]{fontenc}\n\\usepackage{amsmath, amssymb, booktabs, longtable, tikz, pgfplots}\n"
         "\\usetikzlibrary{shapes.geometric}\n\\pgfplotsset{compat=1.16}\n";
}

std::string caption_of(const Claim& claim, bool refuted) {
  return fmt::format("{} \\texttt{{{}}}{}: $\\displaystyle {}$",
                     refuted ? "A smallest counterexample to" : "A tightest instance of",
                     latex_text(claim.id), claim.source.empty() ? "" : " (" + latex_text(claim.source) + ")",
                     claim.statement);
}

std::string label_of(const std::string& id) {
  std::string label = "fig:";
  for (const char c : id) label += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return label;
}

std::string instance_as_latex(const WorkedInstance& worked, const std::string& caption,
                              const std::string& label) {
  std::string out = "\\begin{figure}[htbp]\n\\centering\\small\\renewcommand{\\arraystretch}{1.2}\n";
  for (const InstanceGraph& graph : worked.graphs)
    if (graph.width > 0) out += graph_as_tikz(graph) + "\\par\\medskip\n";
  for (const WordTable& table : worked.tables) out += table_as_latex(table) + "\\quad\n";
  if (!worked.derivation.tables.empty()) out += "\\par\\medskip\n";
  for (const Derivation::Table& table : worked.derivation.tables) out += values_as_latex(table) + "\\quad\n";
  out += "\n\\begin{align*}\n";
  for (const Derivation::Line& line : worked.derivation.lines)
    out += fmt::format("{} &= {} \\\\\n", line.latex, number_as_latex(line.value));
  out +=
      fmt::format("\\text{{left side}} = {} &{} {} = \\text{{right side}}{}\n\\end{{align*}}\n",
                  number_as_latex(worked.sides.lhs), relation_as_latex(worked.sides.relation, worked.refutes),
                  number_as_latex(worked.sides.rhs),
                  worked.where.empty() ? "" : "\\quad\\text{at " + latex_text(worked.where) + "}");
  return out + "\\caption{" + caption + "}\n\\label{" + label + "}\n\\end{figure}\n";
}

std::string certificate_as_latex(const Certificate& certificate, const Claim& claim) {
  WorkedInstance worked = worked_instance(certificate, claim);
  lay_out({&worked});
  return instance_as_latex(worked, caption_of(claim, worked.refutes), label_of(claim.id));
}

std::string report_as_latex(const ReportData& data) {
  std::string text =
      "\\documentclass[a4paper]{article}\n\\usepackage[margin=22mm]{geometry}\n" + latex_preamble() +
      "% A formula that is wider than its place is made smaller.\n\\newsavebox{\\lemmabox}\n"
      "\\newcommand{\\fit}[1]{\\sbox{\\lemmabox}{#1}\\ifdim\\wd\\lemmabox>\\linewidth\\resizebox{\\linewidth}"
      "{!}{\\usebox{\\lemmabox}}\\else\\usebox{\\lemmabox}\\fi}\n"
      "\\setlength{\\parindent}{0pt}\n\\begin{document}\n\\title{Bound-tightness "
      "report}\\date{}\n\\maketitle\n" +
      fmt::format(
          "{} statements, checked exactly on {} instances each, seed {}. {} ``True'' means: no violation "
          "among the instances tried.\n\n",
          data.claims.size(), data.plan.run.instances, data.plan.run.seed,
          data.as_expected() ? "All are as expected." : "Not all are as expected.") +
      "\\begin{center}\n" + table_as_latex(kinds_table(data.claims)) + "\n\\end{center}\n\n" +
      verdict_tables(data);
  if (data.bounds_page) text += curves_as_latex(*data.bounds_page);
  text += "\\section*{Counterexamples to what is printed}\n";
  int shown_so_far = 0;  // LaTeX holds few figures back
  for (const ReportedClaim& reported : data.claims) {
    const Claim& claim = *reported.finding.claim;
    const bool shown = claim.kind == "printed" || claim.kind.empty();
    if (shown && reported.worked && reported.worked->refutes)
      text += instance_as_latex(*reported.worked, caption_of(claim, true), label_of(claim.id)) +
              (++shown_so_far % 2 == 0 ? "\\clearpage\n" : "");
  }
  return text + "\\end{document}\n";
}

}  // namespace lemmacheck
