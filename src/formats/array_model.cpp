#include "formats/array_model.hpp"

#include <charconv>
#include <cmath>
#include <map>

#include "formats/any_model.hpp"
#include "formats/npy_file.hpp"

namespace lemmacheck {
namespace {

using Arrays = std::map<std::string, NumberArray>;

Arrays arrays_of(const std::filesystem::path& file) {
  if (ending_of(file) == ".npz") return read_npz_file(file);
  Arrays arrays{{"P", read_npy_file(file)}};
  for (const char* name : {"R", "start"}) {
    const std::filesystem::path beside = file.parent_path() / (std::string(name) + ".npy");
    if (std::filesystem::exists(beside)) arrays[name] = read_npy_file(beside);
  }
  return arrays;
}

std::string shape_text(const NumberArray& array) {
  std::string text;
  for (const std::size_t size : array.shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

/// Half a unit of the last digit of a float of so many bits.
Rational half_unit(const Rational& value, unsigned float_bits) {
  if (float_bits == 0 || value.sign() == 0) return 0;
  const int digits = float_bits == 64 ? 53 : float_bits == 32 ? 24 : 11;
  int exponent = 0;
  std::frexp(value.approximate(), &exponent);  // exact: the value is a float
  const int power = digits - exponent + 1;
  const Rational scale = pow(Rational(2), static_cast<unsigned>(std::abs(power)));
  return power < 0 ? scale : Rational(1) / scale;
}

/// Whether a number is surely read as this float, and not as its neighbour.
bool is_read_as(const Rational& decimal, const Rational& value, unsigned float_bits) {
  int exponent = 0;
  const bool power_of_two = std::abs(std::frexp(value.approximate(), &exponent)) == 0.5;
  const Rational room = half_unit(value, float_bits);
  // The floats nearer to 0 than a power of two are twice as near.
  const bool inwards = abs(decimal) < abs(value);
  return abs(decimal - value) < (power_of_two && inwards ? room / Rational(2) : room);
}

/// The shortest decimal that is read as this float.
Rational shortest_decimal(const Rational& value, unsigned float_bits) {
  constexpr int most_digits = 17;
  const double number = value.approximate();  // exact: the value is a float
  char text[64];
  for (int digits = 0; digits < most_digits; ++digits) {
    const auto [end, fault] =
        std::to_chars(text, text + sizeof text, number, std::chars_format::scientific, digits);
    LEMMACHECK_INVARIANT(fault == std::errc());
    Rational decimal = read_printed(std::string_view(text, static_cast<std::size_t>(end - text))).value;
    if (is_read_as(decimal, value, float_bits)) return decimal;
  }
  return value;
}

class ArrayReader {
 public:
  ArrayReader(const std::filesystem::path& file, const ReadOptions& options)
      : options_(options), arrays_(arrays_of(file)) {
    raw_.file = file.string();
  }

  RawModel read() {
    for (const auto& [name, array] : arrays_)
      if (name != "P" && name != "R" && name != "start")
        fail(name, "is not known; the arrays of a model are P, R and start");
    const NumberArray& p = needed("P");
    if (p.axes() != 3 || p.shape[1] != p.shape[2] || p.values.empty())
      fail("P", "has the shape " + shape_text(p) + "; it is P[a, s, s']: [A, S, S]");
    actions_ = p.shape[0];
    states_ = p.shape[1];
    require_numbers("P", p);
    for (std::uint32_t s = 0; s < states_; ++s) {
      auto& choices = raw_.states.emplace_back();
      for (std::size_t a = 0; a < actions_; ++a) choices.push_back(choice(p, s, a));
    }
    add_rewards();
    add_start();
    return std::move(raw_);
  }

 private:
  [[noreturn]] void fail(const std::string& name, const std::string& fault) const {
    throw InvalidInput(raw_.file + ": " + name + " " + fault);
  }
  const NumberArray& needed(const std::string& name) const {
    const auto found = arrays_.find(name);
    if (found == arrays_.end())
      fail(name, "is missing; write numpy.savez(FILE, P=P, R=R), with P[a, s, s'] and R[s, a]");
    return found->second;
  }
  void require_numbers(const std::string& name, const NumberArray& array) const {
    if (!array.nan.empty()) fail(name + index_text(array.shape, *array.nan.begin()), "is no number (NaN)");
    if (!array.infinite.empty())
      fail(name + index_text(array.shape, array.infinite.begin()->first), "is infinite; write a number");
  }

  PrintedNumber printed(const NumberArray& array, std::size_t at) const {
    const Rational& value = array.values[at];
    PrintedNumber number{value, half_unit(value, array.float_bits)};
    if (!options_.decimal || array.float_bits == 0) return number;
    number.value = shortest_decimal(value, array.float_bits);
    number.half_unit *=
        Rational(2);  // the decimal is within one half of the float, what was meant within one
    return number;
  }

  RawModel::Choice choice(const NumberArray& p, std::size_t s, std::size_t a) const {
    RawModel::Choice choice{std::to_string(a), 0, {}, 0};
    const std::size_t begin = (a * states_ + s) * states_;
    for (std::size_t next = 0; next < states_; ++next)
      if (p.values[begin + next].sign() != 0)
        choice.entries.push_back({static_cast<std::uint32_t>(next), printed(p, begin + next)});
    return choice;
  }

  void add_rewards() {
    if (!arrays_.contains("R")) {
      raw_.without_rewards = true;
      return;
    }
    const NumberArray& r = needed("R");
    require_numbers("R", r);
    const bool floats = r.float_bits > 0 && (options_.decimal || options_.nearest);
    if (floats) raw_.remarks.push_back("rewards are read as the shortest decimals that are the same floats");
    const auto value = [&](std::size_t at) {
      return floats ? shortest_decimal(r.values[at], r.float_bits) : r.values[at];
    };
    const std::vector<std::size_t> pairs = {states_, actions_}, transitions = {actions_, states_, states_};
    // [S, A] where it could be both: [S] has one axis.
    if (r.shape != pairs && r.shape != transitions && r.shape != std::vector<std::size_t>{states_})
      fail("R", "has the shape " + shape_text(r) + "; it is R[s, a]: [" + std::to_string(states_) + ", " +
                    std::to_string(actions_) + "], R[a, s, s'], or R[s]");
    for (std::size_t s = 0; s < states_; ++s)
      for (std::size_t a = 0; a < actions_; ++a) {
        RawModel::Choice& choice = raw_.states[s][a];
        if (r.shape == transitions)
          for (RawModel::Entry& entry : choice.entries)
            entry.reward = value((a * states_ + s) * states_ + entry.next);
        else
          choice.reward = value(r.shape == pairs ? s * actions_ + a : s);
      }
  }

  void add_start() {
    if (!arrays_.contains("start")) {
      raw_.initial = {{0, {1, 0}}};
      raw_.remarks.push_back("there is no array start: it starts in state 0");
      return;
    }
    const NumberArray& start = needed("start");
    require_numbers("start", start);
    if (start.shape != std::vector<std::size_t>{states_})
      fail("start",
           "has the shape " + shape_text(start) + "; it is start[s]: [" + std::to_string(states_) + "]");
    for (std::uint32_t s = 0; s < states_; ++s)
      if (start.values[s].sign() != 0) raw_.initial.push_back({s, printed(start, s)});
  }

  const ReadOptions& options_;
  Arrays arrays_;
  std::size_t states_ = 0, actions_ = 0;
  RawModel raw_;
};

}  // namespace

RawModel read_array_model(const std::filesystem::path& file, const ReadOptions& options) {
  return ArrayReader(file, options).read();
}

}  // namespace lemmacheck
