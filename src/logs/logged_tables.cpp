#include "logs/logged_tables.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "formats/any_model.hpp"
#include "formats/npy_file.hpp"
#include "formats/number_text.hpp"
#include "logs/special_numbers.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t most_axes = 8;
/// Fills tables while the JSON is read, so that decimals are seen as they are written.
class TableReader : public nlohmann::json::json_sax_t {
 public:
  explicit TableReader(LoggedTables& out) : out_(out) {}

  bool null() override { return special("NaN"); }  // what some writers make of it
  bool boolean(bool value) override { return number(Rational(value ? 1 : 0)); }
  bool number_integer(number_integer_t value) override {
    return number(Rational(static_cast<std::int64_t>(value)));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(Rational(static_cast<std::uint64_t>(value)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    require_table();
    table_->exact = false;
    try {
      return number(read_printed(text).value);
    } catch (const InvalidInput& fault) {
      return refuse(fault.what());
    }
  }
  bool string(string_t& text) override {
    if (key_ == "name" && table_ != nullptr && open_.empty()) return drop_name();
    require_table();
    if (const auto known = special_number(text)) return special(*known);
    try {
      return number(Rational::parse_fraction(text));
    } catch (const InvalidInput& fault) {
      return refuse(std::string(fault.what()) + "; write a number, \"p/q\", \"infinity\" or \"-infinity\"");
    }
  }
  bool binary(binary_t&) override { return refuse("binary data is no number"); }
  bool start_object(std::size_t) override {
    if (in_object_) return refuse("an object is no number; write nested arrays of numbers");
    return in_object_ = true;
  }
  bool key(string_t& name) override {
    key_ = name;
    if (!out_.tables.emplace(name, NumberArray{}).second) return refuse("stands twice; keep one");
    table_ = &out_.tables.at(name);
    sizes_.clear();
    leaf_depth_.reset();
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    require_table();
    if (leaf_depth_ && open_.size() >= *leaf_depth_) return refuse("is an array where others are numbers");
    open_.push_back(0);
    if (open_.size() > most_axes) return refuse("has more than 8 axes");
    return true;
  }
  bool end_array() override {
    const std::size_t depth = open_.size() - 1, size = open_.back();
    open_.pop_back();
    if (sizes_.size() <= depth) sizes_.resize(depth + 1);
    if (!sizes_[depth]) sizes_[depth] = size;
    if (*sizes_[depth] != size)
      return refuse("has " + std::to_string(size) + " elements where its neighbours have " +
                    std::to_string(*sizes_[depth]) + "; arrays must not be ragged");
    if (!leaf_depth_ && size == 0) leaf_depth_ = depth + 1;
    finish_value();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& fault) override {
    constexpr int number_overflow = 406;  // nlohmann's number for it
    throw InvalidInput(out_.source + ": at byte " + std::to_string(position) + ": " +
                       (fault.id == number_overflow
                            ? "a number is out of range; log numbers below 10^308"
                            : "not valid JSON; an object of nested arrays of numbers is expected"));
  }

 private:
  void require_table() {
    if (!in_object_ || table_ == nullptr)
      throw InvalidInput(out_.source + ": is no object of named tables, such as {\"kl\": [[0.5, 0.25]]}");
  }

  bool number(Rational value) {
    require_table();
    if (leaf_depth_ && *leaf_depth_ != open_.size()) return refuse("is a number where others are arrays");
    leaf_depth_ = open_.size();
    table_->values.push_back(std::move(value));
    finish_value();
    return true;
  }

  void finish_value() {
    if (!open_.empty()) {
      ++open_.back();
      return;
    }
    for (const auto& size : sizes_) table_->shape.push_back(*size);
  }

  bool special(const std::string& text) {
    require_table();
    const std::size_t at = table_->values.size();
    if (text == "NaN")
      table_->nan.insert(at);
    else
      table_->infinite[at] = text.front() == '-' ? -1 : 1;
    return number(0);
  }

  bool drop_name() {
    out_.tables.erase(key_);
    table_ = nullptr;
    return true;
  }

  bool refuse(const std::string& fault) {
    std::string place = "/" + key_;
    for (const std::size_t index : open_) place += "/" + std::to_string(index);
    throw InvalidInput(out_.source + ": " + place + ": " + fault);
  }

  LoggedTables& out_;
  bool in_object_ = false;
  std::string key_;
  NumberArray* table_ = nullptr;
  std::vector<std::size_t> open_;                  ///< elements read of each array that is open
  std::vector<std::optional<std::size_t>> sizes_;  ///< of each axis, once an array of it was closed
  std::optional<std::size_t> leaf_depth_;          ///< how deep numbers stand
};

LoggedTables read_json_tables(const std::filesystem::path& path) {
  LoggedTables out;
  out.source = path.string();
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InvalidInput(out.source + ": cannot be opened; check the name and the permissions");
  std::ostringstream text;
  text << in.rdbuf();
  TableReader reader(out);
  nlohmann::json::sax_parse(with_quoted_specials(text.str()), &reader);
  return out;
}

LoggedTables read_npz(const std::filesystem::path& path) {
  LoggedTables out;
  out.source = path.string();
  out.tables = read_npz_file(path);
  return out;
}

LoggedTables read_npy_folder(const std::filesystem::path& path) {
  LoggedTables out;
  out.source = path.string();
  out.folder = true;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().extension() == ".npy")
      out.tables[entry.path().stem().string()] = read_npy_file(entry.path());
  return out;
}

}  // namespace

const NumberArray& LoggedTables::at(const std::string& name) const {
  const auto found = tables.find(name);
  if (found == tables.end()) throw InvalidInput(source + ": there is no table " + name);
  return found->second;
}

std::string LoggedTables::place(const std::string& name) const {
  return folder ? source + "/" + name + ".npy" : source + ": /" + name;
}

void LoggedTables::fail(const std::string& name, const std::string& fault) const {
  throw InvalidInput(place(name) + ": " + fault);
}

LoggedTables read_logged_tables(const std::filesystem::path& path) {
  std::error_code ignored;  // what cannot be looked at cannot be opened either
  LoggedTables out = std::filesystem::is_directory(path, ignored) ? read_npy_folder(path)
                     : ending_of(path) == ".npz"                  ? read_npz(path)
                                                                  : read_json_tables(path);
  if (out.tables.empty())
    throw InvalidInput(out.source + (out.folder ? ": there is no .npy file in it; save each array with "
                                                  "numpy.save(\"NAME.npy\", array)"
                                                : ": there is no table in it"));
  return out;
}

}  // namespace lemmacheck
