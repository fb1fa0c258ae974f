#include <algorithm>
#include <numeric>

#include "generate/model_families.hpp"
#include "language/detail/draw_rows.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck::detail {
namespace {

constexpr std::array<std::uint64_t, 14> denominators = {2, 1, 3, 4, 5, 6, 8, 10, 12, 16, 20, 60, 100, 1000};
constexpr std::uint64_t fine = 1'000'000;

class RowsDraw {
 public:
  RowsDraw(ChoiceSource& choices, const RowsDraft& draft) : choices_(choices), draft_(draft) {
    const std::size_t n = draft.rows * draft.steps;
    LEMMACHECK_INVARIANT(n * draft.columns <= 50'000'000);
    counts_->assign(n * draft.columns, 0);
  }

  void fresh(std::string_view& label, StochasticMatrix& drawn) {
    denominator_ = choices_.pick(denominators);
    if (draft_.positive) denominator_ = std::max<std::uint64_t>(denominator_, draft_.columns) * 2;
    if (draft_.deterministic) denominator_ = 1;
    if (draft_.kernel && !draft_.positive) {
      family(label);
    } else if (draft_.deterministic) {
      for (std::size_t row = 0; row < draft_.rows; ++row) point(row, choices_.below(draft_.columns));
    } else {
      plain();
    }
    later_steps();
    build(drawn);
  }

  void near(const StochasticMatrix& other, std::string_view& label, StochasticMatrix& drawn) {
    const std::uint32_t kind = choices_.below(row_changes.size());
    label = row_changes[kind];
    if (kind == 4 || !other.has_words()) {
      std::string_view ignored;
      RowsDraw independent(choices_, draft_);
      return independent.fresh(ignored, drawn);
    }
    std::uint64_t scale = 1;
    if (!draft_.deterministic) {
      constexpr std::array<std::uint64_t, 4> scales = {1, 2, 10, 100};
      scale = choices_.pick(scales);
      if (kind == 3) scale = 1'000;
    }
    if (other.denominator() > StochasticMatrix::max_denominator / scale / 2) scale = 1;
    denominator_ = other.denominator() * scale;
    for (std::size_t row = 0; row < other.rows(); ++row)
      for (std::size_t e = other.row_begin(row); e != other.row_end(row); ++e)
        count(row, other.column(e)) = other.word(e) * scale;
    const std::size_t rows = draft_.rows * draft_.steps;
    switch (kind) {
      case 0:
        move(choices_.below(static_cast<std::uint32_t>(rows)), draw_count(choices_, denominator_));
        break;
      case 1:
        for (std::size_t row = 0; row < rows; ++row) {
          const std::uint32_t how = choices_.below(6);
          if (how == 4) move(row, draw_count(choices_, denominator_));
          if (how == 5) move(row, denominator_);
        }
        break;
      case 2: {
        const std::uint64_t mass = draw_count(choices_, denominator_);
        const std::uint32_t target = choices_.below(draft_.columns);
        for (std::size_t row = 0; row < rows; ++row) move_to(row, mass, target);
        break;
      }
      default: {
        const std::uint64_t mass = std::max<std::uint64_t>(1, denominator_ / 1000) * choices_.between(1, 4);
        for (std::size_t row = 0; row < rows; ++row)
          if (choices_.below(3) != 2) move(row, mass);
      }
    }
    if (draft_.positive) keep_positive();
    build(drawn);
  }

 private:
  std::uint64_t& count(std::size_t row, std::size_t column) { return counts_[row * draft_.columns + column]; }
  std::span<std::uint64_t> row_of(std::size_t row) {
    return std::span(*counts_).subspan(row * draft_.columns, draft_.columns);
  }
  void point(std::size_t row, std::uint32_t column) {
    std::fill(row_of(row).begin(), row_of(row).end(), 0);
    count(row, column) = denominator_;
  }
  void any_row(std::size_t row, std::uint32_t home) {
    if (!draft_.positive) return draw_row(choices_, row_of(row), denominator_, home);
    draw_row(choices_, row_of(row), denominator_ - draft_.columns, home);
    for (std::uint64_t& n : row_of(row)) ++n;
  }
  /// Policies and distributions: points mostly, since what is extreme refutes.
  void plain() {
    const bool points = !draft_.positive && choices_.below(3) != 2;
    for (std::size_t row = 0; row < draft_.rows; ++row) {
      if (points && (draft_.rows > 1 || choices_.flag()))
        point(row, choices_.below(draft_.columns));
      else
        any_row(row, 0);
    }
  }

  void family(std::string_view& label) {
    const std::uint32_t which = choices_.below(kernel_families.size());
    label = kernel_families[which];
    const std::uint32_t states = draft_.columns, actions = draft_.actions, last = states - 1;
    if (which == 8) denominator_ = fine;
    for (std::uint32_t s = 0; s < states; ++s) {
      const bool absorbs = which == 3 && choices_.below(3) != 0;
      const bool walks = which == 5 && choices_.flag();
      for (std::uint32_t a = 0; a < actions; ++a) {
        const std::size_t row = std::size_t{s} * actions + a;
        switch (which) {
          case 0:
            any_row(row, s);
            break;
          case 1:
            two(row, draw_count(choices_, denominator_));
            break;
          case 2:
            point(row, choices_.below(states));
            break;
          case 3:
            if (absorbs)
              point(row, s);
            else
              two(row, draw_count(choices_, denominator_));
            break;
          case 4:  // action i leads to state i, from most states
            point(row, choices_.below(4) == 3 ? s : a % states);
            break;
          case 5: {  // stay or go one on, and leak to the last
            const std::uint64_t leak = choices_.flag() ? 0 : draw_count(choices_, denominator_);
            point(row, walks && s + 1 < last ? s + 1 : s);
            if (s != last) move_to(row, leak, last);
            break;
          }
          case 6: {
            const std::uint32_t child = s * std::max(actions, 2U) + 1 + a;
            point(row, child < states ? child : s);
            break;
          }
          case 7:
            if (a == 0)
              two(row, draw_count(choices_, denominator_));
            else
              std::copy(row_of(row - a).begin(), row_of(row - a).end(), row_of(row).begin());
            break;
          default: {
            const std::uint64_t tiny = choices_.below(4);
            two(row, denominator_ - tiny);
          }
        }
      }
    }
  }
  void two(std::size_t row, std::uint64_t first) {
    count(row, choices_.below(draft_.columns)) += first;
    count(row, choices_.below(draft_.columns)) += denominator_ - first;
  }

  /// Each step as the one before, or with some rows changed.
  void later_steps() {
    const std::size_t size = draft_.rows * draft_.columns;
    for (std::size_t h = 1; h < draft_.steps; ++h) {
      std::copy_n(counts_.data() + (h - 1) * size, size, counts_.data() + h * size);
      const std::uint32_t how = choices_.below(3);
      for (std::size_t row = h * draft_.rows; how != 0 && row < (h + 1) * draft_.rows; ++row) {
        if (how == 2 && choices_.below(3) != 2) continue;
        if (draft_.deterministic || (choices_.flag() && !draft_.positive))
          point(row, choices_.below(draft_.columns));
        else
          any_row(row, 0);
      }
    }
  }

  void move(std::size_t row, std::uint64_t mass) { move_to(row, mass, choices_.below(draft_.columns)); }
  /// Moves up to `mass` from the other columns to the target; a deterministic row moves whole.
  void move_to(std::size_t row, std::uint64_t mass, std::uint32_t target) {
    if (draft_.deterministic) {
      if (mass > 0) point(row, target);
      return;
    }
    std::uint32_t next = draft_.columns > 1 ? choices_.below(draft_.columns) : 0;
    for (std::uint32_t i = 0; i < draft_.columns && mass > 0; ++i) {
      const std::uint32_t source = next;
      if (++next == draft_.columns) next = 0;
      if (source == target) continue;
      const std::uint64_t moved = std::min(mass, count(row, source));
      count(row, source) -= moved;
      count(row, target) += moved;
      mass -= moved;
    }
  }
  void keep_positive() {
    for (std::size_t row = 0; row < draft_.rows * draft_.steps; ++row) {
      const auto list = row_of(row);
      for (std::uint64_t& n : list) {
        if (n > 0) continue;
        const auto most = std::max_element(list.begin(), list.end());
        if (*most < 2) return scale_up(2 * draft_.columns);
        --*most;
        ++n;
      }
    }
  }
  /// Not enough to give every outcome its share: finer numbers.
  void scale_up(std::uint64_t factor) {
    for (std::uint64_t& n : *counts_) n *= factor;
    denominator_ *= factor;
    keep_positive();
  }

  void build(StochasticMatrix& drawn) const { drawn.assign(draft_.columns, *counts_, denominator_); }

  ChoiceSource& choices_;
  const RowsDraft& draft_;
  std::uint64_t denominator_ = 1;
  Scratch<std::uint64_t> counts_;
};

}  // namespace

void draw_rows_like(ChoiceSource& choices, const RowsDraft& draft, const StochasticMatrix* like,
                    std::string_view& label, StochasticMatrix& drawn) {
  RowsDraw draw(choices, draft);
  if (like == nullptr)
    draw.fresh(label, drawn);
  else
    draw.near(*like, label, drawn);
}

}  // namespace lemmacheck::detail
