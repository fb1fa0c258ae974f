#include "mdp/json_reading.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "mdp/model_file.hpp"

namespace lemmacheck {
namespace {

constexpr int deepest_nesting = 32;

std::string printable(std::string text) {
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

std::string shown(const nlohmann::json& value) {
  std::string text = printable(value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  if (text.size() > 40) text = text.substr(0, 40) + "...";
  return text;
}

/// nlohmann's message without its bracketed exception name.
std::string without_prefix(const std::string& message) {
  const auto end = message.find("] ");
  return printable(end == std::string::npos ? message : message.substr(end + 2));
}

/// Refuses what the JSON grammar lets pass: a key twice in one object, and nesting without bound.
class ShapeGuard {
 public:
  explicit ShapeGuard(std::string name) : name_(std::move(name)) {}
  bool operator()(int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (depth > deepest_nesting)
      throw InvalidInput(name_ + ": nested more than " + std::to_string(deepest_nesting) +
                         " deep; no lemmacheck file is");
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end) keys_.pop_back();
    if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second)
      throw InvalidInput(name_ + ": the key " + shown(parsed) + " stands twice in one object; keep one");
    return true;
  }

 private:
  std::string name_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

nlohmann::json parse_json(const std::string& text, const std::string& name) {
  try {
    return nlohmann::json::parse(text, ShapeGuard(name));
  } catch (const nlohmann::json::parse_error& e) {
    throw InvalidInput(name + ": not valid JSON: " + without_prefix(e.what()));
  } catch (const nlohmann::json::out_of_range& e) {
    throw InvalidInput(name + ": a bare number is out of range; write exact numbers as strings \"p/q\"");
  }
}

nlohmann::json read_json_file(const std::filesystem::path& file) {
  std::error_code ignored;  // what cannot be looked at cannot be opened either
  if (std::filesystem::is_directory(file, ignored))
    throw InvalidInput(file.string() + ": is a folder; a JSON file is expected");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InvalidInput(file.string() + ": cannot be opened; check the name and the permissions");
  std::ostringstream text;
  text << in.rdbuf();
  if (text.str().empty()) throw InvalidInput(file.string() + ": is empty; a JSON object is expected");
  return parse_json(text.str(), file.string());
}

void JsonPlace::fail(const std::string& fault) const {
  throw InvalidInput(document_ + ": " + (pointer_.empty() ? "the document" : pointer_) + ": " + fault);
}

JsonPlace JsonPlace::member(const char* key) const {
  if (!value_->is_object()) fail("is " + shown(*value_) + "; an object is expected");
  const auto found = value_->find(key);
  if (found == value_->end()) fail("the key \"" + std::string(key) + "\" is missing");
  return JsonPlace(*found, document_, pointer_ + "/" + key);
}

JsonPlace JsonPlace::element(std::size_t index) const {
  return JsonPlace((*value_)[index], document_, pointer_ + "/" + std::to_string(index));
}

std::size_t JsonPlace::array_size() const {
  if (!value_->is_array()) fail("is " + shown(*value_) + "; an array is expected");
  return value_->size();
}

void JsonPlace::require_array(std::size_t size, std::string_view form) const {
  if (!value_->is_array() || value_->size() != size)
    fail("is " + shown(*value_) + "; expected " + std::string(form));
}

void JsonPlace::allow_only(const std::vector<std::string_view>& keys) const {
  if (!value_->is_object()) fail("is " + shown(*value_) + "; an object is expected");
  for (const auto& item : value_->items()) {
    if (std::find(keys.begin(), keys.end(), item.key()) != keys.end()) continue;
    std::string known;
    for (const std::string_view key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
    fail("the key \"" + printable(item.key()).substr(0, 40) + "\" is not known; known keys: " + known);
  }
}

std::int64_t JsonPlace::integer(std::int64_t lowest, std::int64_t highest, std::string_view what) const {
  const bool fits = value_->is_number_unsigned()
                        ? value_->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                        : value_->is_number_integer();
  const std::int64_t n = fits ? value_->get<std::int64_t>() : 0;
  if (!fits || n < lowest || n > highest)
    fail("is " + shown(*value_) + "; " + std::string(what) + " must be a whole number from " +
         std::to_string(lowest) + " to " + std::to_string(highest));
  return n;
}

std::uint32_t JsonPlace::index(std::uint32_t count, std::string_view what) const {
  return static_cast<std::uint32_t>(integer(0, static_cast<std::int64_t>(count) - 1, what));
}

std::string JsonPlace::text(std::string_view what) const {
  if (!value_->is_string()) fail("is " + shown(*value_) + "; " + std::string(what) + " must be a string");
  return value_->get<std::string>();
}

Rational JsonPlace::rational() const {
  if (value_->is_number_float())
    fail("is the floating-point number " + shown(*value_) +
         "; write an exact fraction as a string, such as \"1/10\" (the double 0.1 is not 1/10)");
  if (value_->is_number_unsigned()) return Rational(value_->get<std::uint64_t>());
  if (value_->is_number_integer()) return Rational(value_->get<std::int64_t>());
  if (!value_->is_string()) fail("is " + shown(*value_) + "; a fraction is expected, such as \"1/10\"");
  try {
    return Rational::parse_fraction(value_->get_ref<const std::string&>());
  } catch (const InvalidInput& e) {
    fail(e.what());
  }
}

}  // namespace lemmacheck
