#include "language/lemma_claim.hpp"

#include <algorithm>

#include "claims/ledger.hpp"
#include "language/draw.hpp"
#include "language/enumerate.hpp"
#include "language/lemma_reader.hpp"
#include "language/print.hpp"
#include "language/program.hpp"

namespace lemmacheck {
namespace {

/// 1 - gamma, H - 1: a coefficient, not a sum of terms.
bool is_coefficient(const Tree& tree) {
  if (tree->sort.kind == Sort::Kind::integer) return true;
  return tree->op == Op::add && std::any_of(tree->kids.begin(), tree->kids.end(),
                                            [](const Tree& kid) { return kid->op == Op::literal; });
}

std::vector<Term> product_terms(const Tree& tree) {
  std::vector<Term> result = {{true, nullptr}};
  constexpr std::size_t most = 32;
  for (const Tree& factor : tree->kids) {
    const std::vector<Term> parts =
        is_coefficient(factor) ? std::vector<Term>{{true, factor}} : terms_of(factor);
    std::vector<Term> next;
    for (const Term& before : result)
      for (const Term& part : parts) {
        if (next.size() >= most) return {{true, tree}};
        Tree product = part.tree;
        if (before.tree) {
          std::vector<Tree> kids =
              before.tree->op == Op::multiply ? before.tree->kids : std::vector<Tree>{before.tree};
          kids.push_back(part.tree);
          product = make(Op::multiply, Sort::number(), std::move(kids), tree->place);
        }
        next.push_back({before.positive == part.positive, product});
      }
    result = std::move(next);
  }
  return result;
}

Formula formula_of(const std::shared_ptr<const LemmaProgram>& program) {
  std::function<void(const View<Interval>&, Points<Interval>&)> enclosed;
  std::function<void(const View<Rational>&, Points<Rational>&)> exact;
  std::function<void(const View<Rational>&, Points<RealNumber>&)> real;
  std::function<void(const Instance&, Points<ResidueInterval>&)> with_residues;
  // A loop is run in rationals, whatever its sides are compared in: it would be run twice.
  if (program->lemma().loops.empty())
    enclosed = [program](const View<Interval>& view, Points<Interval>& points) {
      program->enclosed(*view.instance().assignment, points);
    };
  if (program->has_residues())
    with_residues = [program](const Instance& instance, Points<ResidueInterval>& points) {
      program->with_residues(*instance.assignment, points);
    };
  if (program->is_rational())
    exact = [program](const View<Rational>& view, Points<Rational>& points) {
      program->exact(*view.instance().assignment, points);
    };
  else
    real = [program](const View<Rational>& view, Points<RealNumber>& points) {
      program->real(*view.instance().assignment, points);
    };
  return Formula::of_text(std::move(enclosed), std::move(with_residues), std::move(exact), std::move(real));
}

/// The conditions of the lemma's `witness` clauses, read as assumptions are.
std::function<bool(const Instance&)> witness_of(const Lemma& lemma) {
  if (lemma.witness.empty()) return {};
  auto conditions = std::make_shared<Lemma>(lemma);
  conditions->assumes = lemma.witness;
  const auto program =
      std::make_shared<const LemmaProgram>(conditions, std::vector<Comparison>{}, std::vector<Tree>{});
  return [program](const Instance& instance) { return program->broken_assume(*instance.assignment).empty(); };
}

std::vector<std::string> hypotheses_of(const Lemma& lemma) {
  std::vector<std::string> list;
  for (const char* keyword : {"given", "where", "assume"})
    for (const auto& [key, text] : lemma.texts.clauses)
      if (key == keyword) list.push_back((key == "given" ? "" : key + " ") + text);
  return list;
}

std::string statement_of(const Lemma& lemma) {
  std::string text;
  for (const Lemma::Statement& claim : lemma.claims)
    text += (text.empty() ? "" : R"(,\qquad )") + to_latex(claim.tree);
  return text;
}

Verdict expected_of(const Lemma& lemma) {
  switch (lemma.expectation) {
    case Expectation::fails:
      return Verdict::violated;
    case Expectation::undecided:
      return Verdict::undecided;
    default:
      return Verdict::holds;
  }
}

}  // namespace

std::vector<Term> terms_of(const Tree& side) {
  const auto mapped = [&](std::vector<Term> inner, auto&& wrap) {
    for (Term& term : inner) term.tree = wrap(term.tree);
    return inner;
  };
  switch (side->op) {
    case Op::add: {
      std::vector<Term> all;
      for (const Tree& kid : side->kids)
        for (Term& term : terms_of(kid)) all.push_back(std::move(term));
      return all;
    }
    case Op::negate: {
      std::vector<Term> all = terms_of(side->kids[0]);
      for (Term& term : all) term.positive = !term.positive;
      return all;
    }
    case Op::multiply:
      return product_terms(side);
    case Op::divide:
      return mapped(terms_of(side->kids[0]), [&](const Tree& above) {
        return with_kids(side, {above, side->kids[1]});
      });
    case Op::expectation:
    case Op::sum:
      return mapped(terms_of(side->kids[0]), [&](const Tree& body) { return with_kids(side, {body}); });
    default:
      return {{true, side}};
  }
}

Tree tight_term(const Comparison& comparison, const Tree& named) {
  if (named) return named;
  const bool bound_is_larger = comparison.relation[0] == '<';
  if (!bound_is_larger && comparison.relation[0] != '>') return nullptr;
  const std::vector<Term> terms = terms_of(comparison.rhs);
  const Term& last = terms.back();
  // On the larger side a term helps that is added, on the smaller one that is subtracted.
  const bool helps = last.positive == bound_is_larger;
  if (!helps || (terms.size() == 1 && bound_is_larger)) return nullptr;
  return last.tree;
}

Claim lemma_claim(const std::shared_ptr<const Lemma>& lemma, const std::vector<Comparison>& comparisons,
                  const std::vector<Tree>& terms) {
  const auto program = std::make_shared<const LemmaProgram>(lemma, comparisons, terms);
  Claim claim{.id = lemma->id,
              .source = lemma->texts.source,
              .statement = statement_of(*lemma),
              .hypotheses = hypotheses_of(*lemma),
              .domain = lemma_domain(program),
              .formula = formula_of(program)};
  const bool equalities = std::all_of(comparisons.begin(), comparisons.end(), [](const Comparison& each) {
    return each.relation == "=" || each.relation == "!=";
  });
  claim.relation = equalities ? Relation::equal : Relation::at_most;
  claim.expected = expected_of(*lemma);
  claim.expectation_stated = lemma->expectation != Expectation::none;
  claim.expected_tight = lemma->expectation == Expectation::tight;
  claim.corrected = lemma->texts.instead;
  claim.note = lemma->texts.note;
  claim.witness = witness_of(*lemma);
  for (const Lemma::Statement& each : lemma->claims)
    claim.plain += (claim.plain.empty() ? "" : "\n  ") + to_plain(each.tree);
  claim.kind = lemma->texts.kind;
  claim.section = lemma->id.substr(0, lemma->id.find_first_of(".:"));
  claim.lemma = lemma;
  claim.lemma_text = lemma_as_text(*lemma);
  // Where the first comparison begins: a claim's words may stand in a comment, its formula in a display.
  const bool shown = !comparisons.empty() && comparisons[0].lhs->place.file;
  const Place& place = shown ? comparisons[0].lhs->place : lemma->place;
  if (place.file) {
    const auto position = place.file->position(place.offset);
    claim.file = place.file->name();
    claim.line = position.line;
    claim.column = position.column;
  }
  return claim;
}

Claim lemma_claim(const std::shared_ptr<const Lemma>& lemma) {
  const std::vector<Comparison> comparisons = lemma->comparisons();
  std::vector<Tree> terms;
  for (const Comparison& comparison : comparisons) terms.push_back(tight_term(comparison, lemma->tight_term));
  Claim claim = lemma_claim(lemma, comparisons, terms);
  for (const Tree& term : terms)
    if (term) claim.tested_term = to_plain(term);
  return claim;
}

std::optional<Claim> tiny_claim(const std::shared_ptr<const Lemma>& lemma, const TinyShape& shape,
                                std::uint64_t most) {
  Claim claim = lemma_claim(lemma);
  const std::vector<Comparison> comparisons = lemma->comparisons();
  const auto program =
      std::make_shared<const LemmaProgram>(lemma, comparisons, std::vector<Tree>(comparisons.size()));
  auto domain = every_tiny_assignment(program, claim.domain, shape, most);
  if (!domain) return std::nullopt;
  claim.domain = std::move(*domain);
  return claim;
}

std::vector<Claim> proof_claims(const std::shared_ptr<const Lemma>& lemma) {
  std::vector<Claim> claims;
  for (const Comparison& step : lemma->steps()) {
    Claim claim = lemma_claim(lemma, {step}, {nullptr});
    claim.plain = to_plain(step);
    claim.statement = to_latex(step);
    claim.expected = Verdict::holds;
    claim.expected_tight = false;
    claim.corrected.clear();
    claims.push_back(std::move(claim));
  }
  return claims;
}

std::vector<std::string> LemmaLibrary::add(std::vector<LemmaSource> sources) {
  std::vector<std::string> ids;
  for (LemmaSource& source : sources) {
    const auto found = sources_.find(source.id);
    if (found != sources_.end())
      fail_at(source.place,
              "two lemmas are called " + source.id + ", the other one at " + found->second.place.to_string(),
              "rename one of them");
    ids.push_back(source.id);
    sources_.emplace(source.id, std::move(source));
  }
  return ids;
}

std::vector<std::string> LemmaLibrary::add_file(const std::filesystem::path& file) {
  return add(read_lemma_file(file));
}

void LemmaLibrary::add_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    throw InvalidInput(folder.string() + ": is no folder; name one that holds lemma files");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() && ending == ".lemma") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files)
    for (LemmaSource& source : read_lemma_file(file)) sources_.emplace(source.id, std::move(source));
}

const LemmaSource* LemmaLibrary::find(const std::string& id) const {
  const auto found = sources_.find(id);
  if (found != sources_.end()) return &found->second;
  const Claim* claim = ledger_ == nullptr ? nullptr : ledger_->find(id);
  if (claim == nullptr || !claim->lemma) return nullptr;
  auto& known = of_ledger_[id];
  if (!known)
    known = read_plain(std::make_shared<const SourceFile>("the ledger's " + id, claim->lemma_text)).at(0);
  return &*known;
}

std::shared_ptr<const Lemma> LemmaLibrary::read(const std::string& id) const {
  const LemmaSource* source = find(id);
  LEMMACHECK_INVARIANT(source != nullptr);
  return read_lemma(*source, [this](const std::string& name) { return find(name); });
}

bool LemmaLibrary::is_setting(const std::string& id) const {
  const LemmaSource* source = find(id);
  return source != nullptr && std::none_of(source->clauses.begin(), source->clauses.end(),
                                           [](const Clause& clause) { return clause.keyword == "claim"; });
}

}  // namespace lemmacheck
