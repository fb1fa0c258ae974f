// The report as pages: index.html and model.html, which open from a file without a network.
#include <fmt/format.h>

#include <algorithm>

#include "report/instance_tables.hpp"
#include "report/kinds.hpp"
#include "report/lemma_results.hpp"
#include "report/markup.hpp"
#include "report/page_assets.hpp"
#include "report/report.hpp"
#include "report/results.hpp"

namespace lemmacheck {
namespace {

std::string page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"stylesheet\" href=\"katex/katex.min.css\">\n<style>\n{}</style>\n</head>\n<body>\n{}"
      "<script src=\"katex/katex.min.js\"></script>\n<script>\n{}</script>\n</body>\n</html>\n",
      escaped(title), page_style, body, page_script);
}

std::string tex(const std::string& formula) {
  return "<span class=\"tex\">" + escaped(formula) + "</span>";
}

std::string pill(const Finding& finding) {
  const char* kind = !finding.as_expected() ? "bad" : finding.verdict == Verdict::holds ? "holds" : "false";
  const std::string words = finding.verdict == Verdict::violated ? "false" : to_string(finding.verdict);
  return fmt::format("<span class=\"pill {}\">{}{}</span>", kind, words,
                     finding.as_expected() ? "" : " (unexpected)");
}

std::string exact(const RealNumber& number) {
  const std::string fraction = number.to_string();
  return fraction.size() <= 14
             ? fraction
             : fmt::format("<span title=\"{}\">&asymp; {}</span>", fraction, decimal(number));
}

/// A bar as long as the best ratio, 1 being the whole width.
std::string tightness_cell(const Finding& finding) {
  if (finding.claim->relation == Relation::equal) return "<span class=\"quiet\">equality</span>";
  if (!finding.max_tightness) return "<span class=\"quiet\">&ndash;</span>";
  const double width = std::clamp(finding.max_tightness->approximate(), 0.0, 1.0) * 100;
  const char* kind = finding.verdict == Verdict::violated    ? "over"
                     : *finding.max_tightness == Rational(1) ? "tight"
                                                             : "loose";
  const std::string words = finding.verdict == Verdict::violated    ? "violated"
                            : *finding.max_tightness == Rational(1) ? "1, tight"
                                                                    : exact(*finding.max_tightness);
  return fmt::format("<div class=\"bar\"><i class=\"{}\" style=\"width:{:.1f}%\"></i></div><small>{}</small>",
                     kind, width, words);
}

/// How many instances had which ratio, in tenths.
std::string histogram(const Summary& summary) {
  std::uint64_t highest = 1;
  for (int bin = 0; bin <= above_one; ++bin)
    highest = std::max(highest, summary.histogram[static_cast<std::size_t>(bin)]);
  constexpr int bar = 24, height = 72;
  std::string svg = fmt::format(
      "<svg class=\"histogram\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"instances by lhs/rhs\">",
      bar * (above_one + 1), height + 16);
  for (int bin = 0; bin <= above_one; ++bin) {
    const std::uint64_t count = summary.histogram[static_cast<std::size_t>(bin)];
    const double size =
        static_cast<double>(height) * static_cast<double>(count) / static_cast<double>(highest);
    const std::string label = bin == 0 ? "0" : bin == above_one ? "&gt;1" : fmt::format("{:.1f}", bin / 10.0);
    svg += fmt::format(
        "<g><title>{} instances</title><rect x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" "
        "class=\"{}\"/>"
        "<text x=\"{}\" y=\"{}\">{}</text></g>",
        count, bin * bar + 2, height - size, bar - 4, std::max(size, count > 0 ? 1.0 : 0.0),
        bin == above_one ? "over" : "", bin * bar + bar / 2, height + 12, label);
  }
  return svg + "</svg>";
}

/// How many instances fell into each class of the generators.
std::string class_mix(const Summary& summary) {
  if (summary.classes.empty()) return "";
  std::string list;
  for (const auto& [label, count] : summary.classes)
    list += fmt::format("{}{} {}", list.empty() ? "" : " &middot; ", escaped(label), count);
  return "<p class=\"quiet classes\">Drawn: " + list + "</p>";
}

std::string table_html(const WordTable& table) {
  std::string out = "<div class=\"part\"><h4>" + escaped(table.title) + "</h4><table class=\"words\">";
  if (!table.header.front().empty()) {
    out += "<tr>";
    for (const std::string& cell : table.header) out += "<th>" + escaped(cell) + "</th>";
    out += "</tr>";
  }
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + escaped(cell) + "</td>";
    out += "</tr>";
  }
  return out + "</table></div>";
}

std::string witness(const Certificate& certificate) {
  const bool refuted = certificate.kind == CertificateKind::refutation;
  std::string out = fmt::format("<h3>{}</h3><div class=\"parts\">",
                                refuted ? "Smallest counterexample found" : "Tightest instance found");
  for (const WordTable& table : instance_tables(certificate)) out += table_html(table);
  const std::string at = point_in_words(certificate.at);
  const char* sign =
      certificate.relation == Relation::equal ? (refuted ? "&ne;" : "=") : (refuted ? "&gt;" : "&le;");
  out += fmt::format("</div><p class=\"sides\">{}left side <b>{}</b> {} right side <b>{}</b>",
                     at.empty() ? "" : "At " + at + ": ", exact(certificate.sides.lhs), sign,
                     exact(certificate.sides.rhs));
  if (!refuted) out += fmt::format(", slack <b>{}</b>", exact(certificate.sides.rhs - certificate.sides.lhs));
  return out + "</p>";
}

std::string mutants(const ReportedClaim& reported) {
  if (reported.mutants.empty()) return "";
  std::string out = "<h3>Made wrong on purpose</h3><ul class=\"mutants\">";
  for (const MutantResult& mutant : reported.mutants)
    out += fmt::format(
        "<li class=\"{}\">{}: {}</li>", mutant.refuted_by ? "dead" : "alive", escaped(mutant.name),
        mutant.refuted_by ? fmt::format("refuted by instance {}", *mutant.refuted_by) : "NOT refuted");
  return out + "</ul>";
}

std::string proof(const ProofFinding& proof) {
  if (proof.steps.empty()) return "";
  std::string out = "<h3>Proof, step by step</h3><ol class=\"mutants\">";
  for (std::size_t i = 0; i < proof.steps.size(); ++i) {
    const Finding& step = proof.steps[i];
    const std::string reason = proof.texts[i].reason.empty() ? ""
                                                             : " <span class=\"quiet\">by " +
                                                                   escaped(proof.texts[i].reason) + "</span>";
    out += fmt::format("<li class=\"{}\">{}{} {}</li>", step.verdict == Verdict::violated ? "alive" : "dead",
                       tex(step.claim->statement), reason, pill(step));
  }
  out += "</ol>";
  const auto first = proof.first_false();
  if (first && proof.steps[*first].certificate) out += witness(*proof.steps[*first].certificate);
  return out;
}

/// What the claims of a part of the page have in common: a section of the notes, or a file of lemmas.
std::string heading(const Claim& claim) {
  if (!claim.file.empty()) return claim.file;
  const bool numbered = claim.section.find_first_of("0123456789") == 0;
  return numbered ? "Section " + claim.section : "Beyond the notes: " + claim.section;
}

/// An id, linked where its claim is on this page.
std::string reference(const std::string& id, const std::vector<const Claim*>& claims) {
  const bool here =
      std::any_of(claims.begin(), claims.end(), [&](const Claim* each) { return each->id == id; });
  return here ? fmt::format("<a href=\"#{0}\">{0}</a>", escaped(id)) : escaped(id);
}

std::string details(const ReportedClaim& reported, const ReportPlan& plan) {
  const Finding& finding = reported.finding;
  const Claim& claim = *finding.claim;
  std::string out = "<p class=\"statement\">" + tex(claim.statement) + "</p><p class=\"quiet\">Under: ";
  for (std::size_t i = 0; i < claim.hypotheses.size(); ++i)
    out += (i > 0 ? "; " : "") + escaped(claim.hypotheses[i]);
  out += ".</p>";
  if (!claim.note.empty()) out += "<p>" + escaped(claim.note) + "</p>";
  if (!claim.corrected.empty()) out += "<p>Right form: " + reference(claim.corrected, plan.claims) + "</p>";
  out +=
      fmt::format("<p>{} instances, {} violated, {} discarded, {} undecided.</p>", finding.summary.instances,
                  finding.summary.violated, finding.summary.discarded, finding.summary.undecided);
  if (const std::string warning = vacuity_warning(reported.vacuity); !warning.empty())
    out += "<p class=\"quiet\">Seldom informative: " + escaped(warning) + ".</p>";
  if (claim.relation == Relation::at_most) out += histogram(finding.summary);
  out += class_mix(finding.summary);
  if (finding.certificate) out += witness(*finding.certificate);
  out += mutants(reported) + proof(reported.proof);
  out += "<p><code>" + escaped(command_to_repeat(claim, plan.run.seed, plan.run.instances)) + "</code>";
  if (finding.certificate)
    out += fmt::format(" &middot; <a href=\"certificates/{0}\">certificate</a>",
                       escaped(certificate_file_name(claim)));
  return out + "</p>";
}

std::string claim_row(const ReportedClaim& reported, const ReportPlan& plan) {
  const Finding& finding = reported.finding;
  return fmt::format(
      "<details class=\"claim\" id=\"{0}\"><summary><span class=\"id\">{0}</span><span "
      "class=\"source\">{1}</span>{2}"
      "<span class=\"ratio\">{3}</span></summary><div class=\"body\">{4}</div></details>\n",
      escaped(finding.claim->id), escaped(finding.claim->source), pill(finding), tightness_cell(finding),
      details(reported, plan));
}

std::string card(std::size_t number, const std::string& words) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>", number, words);
}

std::string cards(const ReportData& data) {
  std::size_t holding = 0, refuted = 0, tight = 0, dead = 0, all = 0, printed = 0, printed_false = 0;
  for (const ReportedClaim& reported : data.claims) {
    const bool of_notes = is_printed_in_the_notes(*reported.finding.claim);
    printed += of_notes ? 1 : 0;
    printed_false += of_notes && reported.finding.verdict == Verdict::violated ? 1 : 0;
    holding += reported.finding.verdict == Verdict::holds ? 1 : 0;
    refuted += reported.finding.verdict == Verdict::violated ? 1 : 0;
    const bool reaches_one =
        reported.finding.verdict == Verdict::holds && reported.finding.max_tightness == Rational(1);
    tight += reaches_one ? 1 : 0;
    dead += reported.mutants_refuted();
    all += reported.mutants.size();
  }
  return "<div class=\"cards\">" + card(data.claims.size(), "claims") +
         card(holding, "hold on all instances") + card(tight, "bounds reached exactly") +
         card(refuted, "false, with a counterexample") +
         (printed == 0 ? "" : card(printed_false, fmt::format("of {} printed statements false", printed))) +
         card(dead, fmt::format("of {} mutants refuted", all)) + "</div>";
}

std::string head_row(const std::vector<std::string>& cells) {
  std::string out = "<tr>";
  for (const std::string& cell : cells) out += "<th>" + cell + "</th>";
  return out + "</tr>";
}

}  // namespace

std::string report_as_html(const ReportData& data) {
  std::string body = fmt::format(
      "<header><h1>Bound-tightness report</h1><p>Is the lemma true as printed, and how tight is its bound? "
      "Seed {}, {} "
      "instances a claim, every verdict in exact rational arithmetic. <b "
      "class=\"{}\">{}</b></p>{}</header>\n<main>\n",
      data.plan.run.seed, data.plan.run.instances, data.as_expected() ? "good" : "alarm",
      data.as_expected() ? "All as expected." : "NOT all as expected.", cards(data));
  if (data.model_page)
    body += fmt::format("<p>The simulation lemma on a real model: <a href=\"model.html\">{}</a>.</p>\n",
                        escaped(data.model_page->name));
  if (data.bounds_page)
    body +=
        "<p>What each step of a proof gives away, how false bounds are repaired, and what a search finds "
        "that "
        "knows of none: <a href=\"bounds.html\">where the slack goes</a>.</p>\n";
  if (!data.encoding_tables.empty())
    body +=
        "<p>What a code keeps of the world under each objective, a decoder's or another's: <a "
        "href=\"latent.html\">which encoder wins</a>.</p>\n";
  if (data.learning_page)
    body +=
        "<p>Figures 15.1 to 15.3 drawn from exact runs, and which rules stop, oscillate or reach the "
        "optimum: <a "
        "href=\"learning.html\">how models are fitted</a>.</p>\n";
  body += table_html(kinds_table(data.claims));
  std::string last;
  for (const ReportedClaim& reported : data.claims) {
    const std::string now = heading(*reported.finding.claim);
    if (now != last) body += "<h2>" + escaped(now) + "</h2>\n";
    last = now;
    body += claim_row(reported, data.plan);
  }
  body +=
      "</main>\n<footer><p>&lsquo;Holds&rsquo; means: no violation among the instances tried. Ratios are "
      "left side over right "
      "side; 1 is a bound that is reached. They are the harness's strength, too: a run that reaches q "
      "refutes every "
      "constant below q. Each certificate can be checked again: <code>python3 "
      "scripts/verify_certificate.py certificates/*.json</code>.</p></footer>\n";
  return page("lemmacheck: bound-tightness report", body);
}

namespace {

/// An SVG document as an element of a page, which needs no namespaces.
std::string inlined(std::string svg) {
  svg.erase(0, svg.find("<svg"));
  for (std::size_t at = svg.find(" xmlns"); at != std::string::npos; at = svg.find(" xmlns", at)) {
    const std::size_t quote = svg.find('"', at);
    svg.erase(at, svg.find('"', quote + 1) + 1 - at);
  }
  return svg;
}

}  // namespace

std::string bounds_page_as_html(const ReportData& data) {
  std::string body =
      "<header><h1>Where the slack goes</h1><p>Proofs step by step, repairs, and sharp instances, in exact "
      "arithmetic. <a href=\"index.html\">Back to the report</a></p></header>\n<main>\n";
  for (const WordTable& table : bounds_tables(*data.bounds_page))
    body += "<div class=\"scroll\">" + table_html(table) + "</div>\n";
  body +=
      "<p class=\"quiet\">The losses of a proof's steps sum to the slack, exactly, on each instance. Repairs "
      "are true on everything tried, which is no proof. The search draws rows and rewards and climbs; S and "
      "A "
      "are what it may use.</p>\n";
  return page("lemmacheck: where the slack goes", body + "</main>\n");
}

std::string latent_page_as_html(const ReportData& data) {
  std::string body =
      "<header><h1>Which encoder each objective prefers</h1><p>Section 15.4, among all deterministic "
      "encoders of a "
      "small world, in exact arithmetic. <a href=\"index.html\">Back to the report</a></p></header>\n<main>\n"
      "<p>The driving world has a lane that going moves the car into, a traffic light, and leaves in the "
      "wind. "
      "Going pays in the right lane at green; waiting pays a half. The leaves are the most uncertain.</p>\n";
  for (const EncodingTable& table : data.encoding_tables)
    body += "<div class=\"scroll\">" + table_html(encoding_table_in_words(table)) + "</div>\n";
  body +=
      "<p class=\"quiet\">States 0 to 7: lane, light, leaves as binary digits. Losses in nats, of the best "
      "tables for "
      "an encoder; of encoders that tie, one with the fewest codes is shown. Values: of the best stationary "
      "policy that "
      "sees the code, and of the plan made in the model on codes, in the world.</p>\n";
  body +=
      "<h2>With memory, and not everything seen</h2>\n<p>The announced turn: a sign says left or right and "
      "is "
      "not seen again; from then on one sees leaves in the wind. Steering as the sign said pays 1 at each "
      "later step. Among all deterministic encoders of the observation and of the last code and "
      "action:</p>\n";
  for (const RecurrentTable& table : data.recurrent_tables)
    body += "<div class=\"scroll\">" + table_html(recurrent_table_in_words(table)) +
            "</div>\n<p class=\"quiet\">Observations 0 and 1: the sign; 2 and 3: leaves. h is 0 at the "
            "start, then "
            "1 + 2 z + a. Where KL is balanced (its weight in the encoder's steps is " +
            escaped(table.problem.kl_weight.to_string()) + "), or " +
            escaped(table.problem.free_bits.to_string()) +
            " nat of it a step is free, the decoder takes the code for the leaves. " +
            escaped(stochastic_fit_in_words(table)) + "</p>\n";
  return page("lemmacheck: which encoder wins", body + "</main>\n");
}

std::string learning_page_as_html(const ReportData& data) {
  const LearningPage& learning = *data.learning_page;
  std::string body =
      "<header><h1>How models are fitted</h1><p>Section 15.3: roll out, fit, plan, again and again, in exact "
      "arithmetic. <a href=\"index.html\">Back to the report</a></p></header>\n<main>\n";
  for (const LearningPage::Figure& figure : learning.figures)
    if (!figure.svg.empty())
      body +=
          "<h2>" + escaped(figure.title) + "</h2><div class=\"drawing\">" + inlined(figure.svg) + "</div>\n";
  body +=
      "<p class=\"quiet\">Leaves: what going there pays, as the model says; green: in the data, red: never "
      "seen. "
      "Bold red: the policy that collected the data; dashed: the plan; green, in the world: the expert. An "
      "unseen "
      "leaf is said to pay 1 beside the data, else 0, as the figures have it.</p>\n";
  for (const WordTable& table : learning_tables(learning))
    body += "<div class=\"scroll\">" + table_html(table) + "</div>\n";
  body +=
      "<p class=\"quiet\">The limit of a loop is its fixed point or its cycle; what it reaches, it reaches "
      "in every "
      "round of the limit. The planner keeps the last policy where it is optimal.</p>\n";
  return page("lemmacheck: how models are fitted", body + "</main>\n");
}

std::string model_page_as_html(const ReportData& data) {
  const ModelPage& model = *data.model_page;
  std::string body = fmt::format(
      "<header><h1>{}</h1><p>{} states, {} actions. Optimal expected return from the initial distribution, "
      "and the simulation "
      "lemma on perturbed copies, exactly. <a href=\"index.html\">Back to the "
      "report</a></p></header>\n<main>\n"
      "<h2>Exact optimum</h2><table class=\"words wide\">{}",
      escaped(model.name), model.model->state_count(), model.model->action_count(),
      head_row({"H", "J as a fraction", "about"}));
  for (const auto& optimum : model.optima)
    body += fmt::format("<tr><td>{}</td><td class=\"digits\">{}</td><td>{}</td></tr>", optimum.horizon,
                        optimum.value.to_string(), decimal(optimum.value));
  body += fmt::format(
      "</table>\n<h2>The optimal policy in perturbed copies, H = {}</h2><table class=\"words wide\">{}",
      model.horizon,
      head_row({"copy", "perturbation", "largest L1", "|J - J'|", "sharp bound B", "bound (15.1)",
                "gap / bound"}));
  for (const auto& copy : model.copies) {
    const auto ratio = tightness(Sides{copy.gap, copy.bound});
    body += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        copy.instance, escaped(copy.perturbation.substr(copy.perturbation.find(' ') + 1)), exact(copy.l1),
        exact(copy.gap), exact(copy.sharp_bound), exact(copy.bound), ratio ? exact(*ratio) : "0/0");
  }
  body += "</table>\n<h2>Claims on copies of this model</h2>";
  for (const Finding& finding : model.findings)
    body += fmt::format(
        "<div class=\"claim line\"><span class=\"id\">{}</span><span class=\"source\">{} "
        "copies</span>{}<span "
        "class=\"ratio\">{}</span></div>",
        escaped(finding.claim->id), finding.summary.instances, pill(finding), tightness_cell(finding));
  return page("lemmacheck: " + model.name, body + "</main>\n");
}

}  // namespace lemmacheck
