#include "campaign/shrink_assignment.hpp"

#include <algorithm>

#include "campaign/plain_assignment.hpp"
#include "campaign/simple_rows.hpp"
#include "generate/instance_size.hpp"

namespace lemmacheck {
namespace {

using Kind = PartShape::Kind;

/// Above this many numbers an instance is left as it is: each candidate would cost too much.
constexpr std::size_t most_numbers = 50'000;

class AssignmentShrinker {
 public:
  AssignmentShrinker(Instance instance, const Shows& shows, const InstanceRepair& repair, int budget)
      : best_(std::move(instance)),
        size_(size_of(best_)),
        shows_(shows),
        repair_(repair),
        budget_(budget),
        signature_(*best_.assignment->signature) {}

  Instance run() {
    std::size_t numbers = 0;
    for (const PartValue& value : best_.assignment->values)
      if (const auto* matrix = std::get_if<StochasticMatrix>(&value))
        numbers += matrix->rows() * matrix->columns();
    if (numbers > most_numbers) return best_;
    while (budget_ > 0 && pass()) {
    }
    return best_;
  }

 private:
  using Edit = std::function<void(PlainAssignment&)>;

  bool attempt(const Edit& edit) {
    if (--budget_ < 0) return false;
    Instance candidate = best_;
    candidate.classes.clear();
    try {
      PlainAssignment plain(*best_.assignment);
      edit(plain);
      candidate.assignment = plain.build();
      if (repair_) repair_(candidate);
      const InstanceSize size = size_of(candidate);
      if (!(size < size_) || !shows_(candidate)) return false;
      best_ = std::move(candidate);
      size_ = size;
      return true;
    } catch (const InvalidInput&) {
      return false;  // a row that is no distribution, a range that became empty
    } catch (const UndefinedValue&) {
      return false;
    } catch (const UndecidedValue&) {
      return false;
    }
  }

  /// One round of all edits, those that save most first; true if any helped.
  bool pass() {
    return fewer_elements() || shorter_horizon() || smaller_integers() || equal_parts() || fewer_members() ||
           simpler_rows() || simpler_numbers();
  }

  bool fewer_elements() {
    for (std::size_t set = 0; set < signature_.sets.size(); ++set) {
      const std::uint32_t n = best_.assignment->sizes[set];
      for (std::uint32_t gone = n; n > 1 && gone-- > 0;)
        for (std::uint32_t heir = 0; heir < n; ++heir)
          if (heir != gone && attempt([&](PlainAssignment& p) { p.merge_element(set, gone, heir); }))
            return true;
    }
    return false;
  }

  /// A shorter horizon alone, or with later kernels drawn closer to earlier ones: some claims fail at short
  /// horizons for small distances only.
  bool shorter_horizon() {
    if (!signature_.horizon) return false;
    const std::size_t now = best_.assignment->steps();
    std::vector<std::size_t> list;
    for (std::size_t h = 1; h < std::min<std::size_t>(now, 32); ++h) list.push_back(h);
    for (const std::size_t h : {now / 4, now / 2, now - 1})
      if (h >= 32) list.push_back(h);
    for (const std::size_t h : list)
      for (const bool at_start : {false, true})
        for (const std::int64_t divisor : {1, 2, 4, 8})
          if (attempt([&](PlainAssignment& p) {
                p.cut_horizon(h, at_start);
                if (divisor > 1) draw_closer(p, Rational::ratio(1, static_cast<std::uint64_t>(divisor)));
              }))
            return true;
    return false;
  }

  void draw_closer(PlainAssignment& p, const Rational& share) const {
    for (const auto& [first, second] : pairs())
      for (std::size_t row = 0; row < p.parts[second].rows.size(); ++row)
        for (std::size_t c = 0; c < p.parts[second].rows[row].size(); ++c) {
          const Rational& base = p.parts[first].rows[row][c];
          p.parts[second].rows[row][c] = base + (p.parts[second].rows[row][c] - base) * share;
        }
  }

  static bool same_shape(const PartShape& a, const PartShape& b) {
    return a.kind == b.kind && a.from == b.from && a.to == b.to && a.family == b.family;
  }
  /// Parts of one shape, an earlier and a later one.
  std::vector<std::pair<std::size_t, std::size_t>> pairs() const {
    std::vector<std::pair<std::size_t, std::size_t>> list;
    for (std::size_t later = 0; later < signature_.parts.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier)
        if (same_shape(signature_.parts[earlier], signature_.parts[later])) list.emplace_back(earlier, later);
    return list;
  }

  bool smaller_integers() {
    for (std::size_t i = 0; i < signature_.parts.size(); ++i) {
      if (signature_.parts[i].kind != Kind::integer || i == signature_.horizon) continue;
      const std::int64_t now = integer_of(best_.assignment->number(i));
      for (std::int64_t value = 0; value < std::min<std::int64_t>(now, 32); ++value)
        if (attempt([&](PlainAssignment& p) { p.parts[i].numbers = {Rational(value)}; })) return true;
    }
    return false;
  }

  /// Two kernels, policies or functions become one, or share a row.
  bool equal_parts() {
    for (const auto& [first, second] : pairs()) {
      if (signature_.parts[second].kind == Kind::number || signature_.parts[second].kind == Kind::integer)
        continue;
      if (attempt([&, a = first, b = second](PlainAssignment& p) { p.parts[b] = p.parts[a]; })) return true;
      const PlainAssignment now(*best_.assignment);
      for (std::size_t row = 0; row < now.parts[second].rows.size(); ++row)
        for (const bool back : {false, true})
          if (now.parts[first].rows[row] != now.parts[second].rows[row] &&
              attempt([&, a = first, b = second](PlainAssignment& p) {
                back ? p.parts[a].rows[row] = p.parts[b].rows[row]
                     : p.parts[b].rows[row] = p.parts[a].rows[row];
              }))
            return true;
    }
    return false;
  }

  /// A member of a family becomes as its neighbour.
  bool fewer_members() {
    const PlainAssignment now(*best_.assignment);
    for (std::size_t i = 0; i < signature_.parts.size(); ++i) {
      if (!signature_.parts[i].family) continue;
      const std::size_t one = now.one_step(i), steps = now.steps();
      for (std::size_t h = 1; h < steps; ++h)
        for (std::size_t k = 0; k < one; ++k)
          if (attempt([&](PlainAssignment& p) {
                if (!p.parts[i].rows.empty())
                  p.parts[i].rows[h * one + k] = p.parts[i].rows[(h - 1) * one + k];
                else
                  p.parts[i].numbers[h * one + k] = p.parts[i].numbers[(h - 1) * one + k];
              }))
            return true;
    }
    return false;
  }

  bool simpler_rows() {
    const PlainAssignment now(*best_.assignment);
    for (std::size_t i = 0; i < signature_.parts.size(); ++i) {
      const auto& rows = now.parts[i].rows;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::size_t n = rows[row].size();
        for (std::size_t c = 0; c < n; ++c)
          if (attempt([&](PlainAssignment& p) { p.parts[i].rows[row] = point_row(n, c); })) return true;
        // All of one outcome's mass goes to another.
        for (std::size_t from = 0; from < n; ++from)
          for (std::size_t to = 0; to < n; ++to)
            if (from != to && rows[row][from].sign() != 0 && attempt([&](PlainAssignment& p) {
                  p.parts[i].rows[row][to] += p.parts[i].rows[row][from];
                  p.parts[i].rows[row][from] = 0;
                }))
              return true;
        std::vector<std::size_t> support;
        for (std::size_t c = 0; c < n; ++c)
          if (rows[row][c].sign() != 0) support.push_back(c);
        if (support.size() == 2)
          for (const Rational& share : simple_fractions())
            if (attempt([&](PlainAssignment& p) {
                  p.parts[i].rows[row][support[0]] = share;
                  p.parts[i].rows[row][support[1]] = Rational(1) - share;
                }))
              return true;
        if (support.size() > 2 && attempt([&](PlainAssignment& p) {
              for (const std::size_t c : support)
                p.parts[i].rows[row][c] = Rational::ratio(1, support.size());
            }))
          return true;
      }
      for (std::size_t k = 0; k < now.parts[i].indices.size(); ++k)
        for (std::uint32_t value = 0; value < now.parts[i].indices[k]; ++value)
          if (attempt([&](PlainAssignment& p) { p.parts[i].indices[k] = value; })) return true;
    }
    return pairs_to_one_fraction(now);
  }

  /// The same share in several rows at once, where one alone would not do.
  bool pairs_to_one_fraction(const PlainAssignment& now) {
    for (std::size_t i = 0; i < signature_.parts.size(); ++i) {
      std::vector<Rational> seen;
      for (const auto& row : now.parts[i].rows)
        for (const Rational& value : row)
          if (value.sign() != 0 && value != Rational(1) &&
              std::find(seen.begin(), seen.end(), value) == seen.end())
            seen.push_back(value);
      if (seen.size() > 6) continue;
      for (const Rational& old : seen)
        for (const Rational& share : simple_fractions()) {
          if (!(share.to_string().size() < old.to_string().size())) continue;
          const auto replace = [&](PlainAssignment& p) {
            for (std::size_t part = 0; part < p.parts.size(); ++part)
              for (auto& row : p.parts[part].rows)
                for (Rational& value : row) {
                  if (value == old)
                    value = share;
                  else if (value == Rational(1) - old)
                    value = Rational(1) - share;
                }
          };
          if (attempt(replace)) return true;
        }
    }
    return false;
  }

  bool simpler_numbers() {
    const PlainAssignment now(*best_.assignment);
    static const std::vector<Rational> simple = {Rational(0),
                                                 Rational(1),
                                                 Rational(-1),
                                                 Rational(2),
                                                 Rational(-2),
                                                 Rational::ratio(1, 2),
                                                 Rational::ratio(-1, 2),
                                                 Rational(3),
                                                 Rational(4),
                                                 Rational::ratio(1, 4),
                                                 Rational::ratio(3, 4),
                                                 Rational::ratio(1, 3),
                                                 Rational::ratio(2, 3),
                                                 Rational::ratio(9, 10),
                                                 Rational::ratio(1, 10)};
    for (std::size_t i = 0; i < signature_.parts.size(); ++i) {
      const Kind kind = signature_.parts[i].kind;
      if (kind == Kind::integer) continue;
      const auto& numbers = now.parts[i].numbers;
      for (const Rational& value : simple)
        if (numbers.size() > 1 && attempt([&](PlainAssignment& p) {
              std::fill(p.parts[i].numbers.begin(), p.parts[i].numbers.end(), value);
            }))
          return true;
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        if (numbers[k].sign() == 0) continue;
        for (const Rational& value : simple)
          if (value != numbers[k] && attempt([&](PlainAssignment& p) { p.parts[i].numbers[k] = value; }))
            return true;
        for (std::size_t other = 0; other < k; ++other)
          if (attempt([&](PlainAssignment& p) { p.parts[i].numbers[k] = p.parts[i].numbers[other]; }))
            return true;
        for (const Rational& value : simple_fractions())
          if (kind == Kind::number && attempt([&](PlainAssignment& p) { p.parts[i].numbers[k] = value; }))
            return true;
      }
      // All values moved or scaled alike keep differences and ratios.
      if (numbers.size() > 1) {
        const Rational least = *std::min_element(numbers.begin(), numbers.end()),
                       most = *std::max_element(numbers.begin(), numbers.end());
        const auto rescaled = [&](const Rational& shift, const Rational& factor) {
          return attempt([&](PlainAssignment& p) {
            for (Rational& value : p.parts[i].numbers) value = (value - shift) * factor;
          });
        };
        if (least.sign() != 0 && rescaled(least, 1)) return true;
        if (most != least && most - least != Rational(1) && rescaled(least, Rational(1) / (most - least)))
          return true;
        if (most.sign() != 0 && most != Rational(1) && rescaled(0, Rational(1) / most)) return true;
      }
    }
    return false;
  }

  Instance best_;
  InstanceSize size_;
  const Shows& shows_;
  const InstanceRepair& repair_;
  int budget_;
  const Signature& signature_;
};

}  // namespace

Instance shrink_assignment(Instance instance, const Shows& shows, const InstanceRepair& repair, int budget) {
  return AssignmentShrinker(std::move(instance), shows, repair, budget).run();
}

}  // namespace lemmacheck
