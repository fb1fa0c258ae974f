/// Results as LaTeX: the report as a document, and one instance as a figure.
#pragma once

#include <string>

#include "report/report_data.hpp"

namespace lemmacheck {

/// The packages that what stands here needs, as a preamble has them.
std::string latex_preamble();

/// The instance as a figure: its graph in TikZ, its tables, both sides step by step. @param caption  LaTeX.
std::string instance_as_latex(const WorkedInstance& worked, const std::string& caption,
                              const std::string& label);

/// "A smallest counterexample to \\texttt{id}: $...$", and "fig:id".
std::string caption_of(const Claim& claim, bool refuted);
std::string label_of(const std::string& id);

/// The same of a certificate of a claim, with the claim as the caption.
std::string certificate_as_latex(const Certificate& certificate, const Claim& claim);

/// A whole document: verdicts by part, curves, the counterexamples of what is false as printed.
std::string report_as_latex(const ReportData& data);

/// Text in which nothing is a command.
std::string latex_text(const std::string& text);

}  // namespace lemmacheck
