/// The code behind program_interval.cpp, program_rational.cpp, program_real.cpp and program_residue.cpp.
#pragma once

#include "language/detail/compile_givens.hpp"
#include "language/detail/compile_laws.hpp"
#include "language/detail/compile_loops.hpp"
#include "language/detail/compile_numbers.hpp"
#include "language/detail/compile_truths.hpp"
#include "language/detail/program_parts.hpp"

namespace lemmacheck::detail {

template <class N>
Program<N> compiled(const std::shared_ptr<const Lemma>& lemma,
                    const std::shared_ptr<const Signature>& signature, const Program<Rational>* exact,
                    const Irrational& irrational, bool rows_only, const std::vector<Comparison>& comparisons,
                    const std::vector<Tree>& terms) {
  Compiler<N> compiler(lemma, signature, exact, irrational);
  if (rows_only) return compiler.run(true);
  std::vector<ComparisonCode<N>> codes;
  // The compiler's solvers grow with every comparison, so that the program is taken out last.
  Program<N> program = compiler.run_with([&] {
    for (std::size_t i = 0; i < comparisons.size(); ++i)
      codes.push_back(compiler.comparison(comparisons[i], terms[i]));
  });
  program.comparisons = std::move(codes);
  return program;
}

template <class N>
class PointEvaluator {
 public:
  PointEvaluator(Frame<N>& frame, const ComparisonCode<N>& code, Points<N>& points)
      : frame_(frame), code_(code), points_(points), values_(code.loops.size()) {}

  void run() { loop(0); }

 private:
  void loop(std::size_t i) {
    if (i < code_.loops.size()) {
      const auto& loop_code = code_.loops[i];
      std::int64_t low = 0, high = 0;
      if (loop_code.set) {
        high = static_cast<std::int64_t>(frame_.set_size(*loop_code.set)) - 1;
      } else {
        low = loop_code.low->eval(frame_);
        high = loop_code.high->eval(frame_);
      }
      for (std::int64_t value = low; value <= high; ++value) {
        values_[i] = value;
        frame_.slot(loop_code.slot) = value;
        loop(i + 1);
      }
      return;
    }
    point();
  }

  /// Whether the comparison is made here: all its conditions hold.
  Truth made() {
    for (const auto& [after, condition] : code_.filters) {
      const Truth truth = condition->eval(frame_);
      if (truth != Truth::yes) return truth;
    }
    return Truth::yes;
  }

  void point() {
    if (!points_.next_is_wanted()) return;
    try {
      const Truth truth = made();
      if (truth == Truth::no) return;
      if constexpr (may_be_unknown<N>) {
        if (truth == Truth::unknown) return put_unknown();
      } else {
        if (truth == Truth::unknown) throw UndecidedValue("a condition");
      }
      Sides<N> sides{code_.lhs->eval(frame_), code_.rhs->eval(frame_)};
      if (code_.term) sides.term = term();
      put(std::move(sides));
    } catch (const UndefinedValue&) {
      // Exact arithmetic counts it; an enclosure leaves it open.
      if constexpr (may_be_unknown<N>)
        put_unknown();
      else
        points_.put_undefined();
    }
  }

  /// A term that is undefined says nothing of tightness; an enclosure does not know whether it is.
  N term() {
    try {
      return code_.term->eval(frame_);
    } catch (const UndefinedValue&) {
      if constexpr (may_be_unknown<N>)
        return Arithmetic<N>::not_known();
      else
        return N{};
    }
  }

  void put_unknown() { put({Arithmetic<N>::not_known(), Arithmetic<N>::not_known()}); }

  void put(Sides<N> sides) {
    Point at;
    if (!may_be_unknown<N> && points_.named()) {
      auto named = std::make_shared<NamedPoint>();
      named->claim = code_.text->claim;
      named->relation = code_.text->number;
      named->printed = code_.text->relation;
      named->reversed = code_.reversed;
      for (std::size_t i = 0; i < values_.size(); ++i)
        named->values.emplace_back(code_.loops[i].name, values_[i]);
      at.named = std::move(named);
    }
    points_.put(at, code_.relation, std::move(sides));
  }

  Frame<N>& frame_;
  const ComparisonCode<N>& code_;
  Points<N>& points_;
  std::vector<std::int64_t> values_;
};

template <class N>
Truth evaluate_assume(Frame<N>& frame, const std::pair<Condition<N>, std::size_t>& assume) {
  frame.stack.resize(std::max(frame.stack.size(), assume.second));
  try {
    return assume.first->eval(frame);
  } catch (const UndefinedValue&) {
    // An assumption without a value is not met.
    return may_be_unknown<N> ? Truth::unknown : Truth::no;
  }
}

template <class N>
Truth assume_truth(const Program<N>& program, const Assignment& assignment, std::size_t which) {
  LentFrame<N> frame(program, assignment);
  return evaluate_assume(*frame, program.assumes[which]);
}

template <class N>
void evaluate_points(const Program<N>& program, const Assignment& assignment, Points<N>& points) {
  LentFrame<N> lent(program, assignment);
  Frame<N>& frame = *lent;
  for (const auto& assume : program.assumes) {
    const Truth truth = evaluate_assume(frame, assume);
    points.assume(truth);
    // Definitions may be undefined where an assumption fails.
    if (truth != Truth::yes) {
      return;
    }
  }
  for (const ComparisonCode<N>& code : program.comparisons) {
    frame.stack.resize(std::max(frame.stack.size(), code.slots));
    PointEvaluator<N>(frame, code, points).run();
  }
}

}  // namespace lemmacheck::detail
