/// Reading JSON with errors that name the place: file, JSON pointer, fault, remedy.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/error.hpp"
#include "numeric/rational.hpp"

namespace lemmacheck {

/// A value inside a JSON document together with where it stands.
class JsonPlace {
 public:
  /// @param document what to call the document in messages, for example its file name.
  /// @param pointer where in the document the value stands, if it is not the whole.
  JsonPlace(const nlohmann::json& value, std::string document, std::string pointer = "")
      : value_(&value), document_(std::move(document)), pointer_(std::move(pointer)) {}

  const nlohmann::json& value() const { return *value_; }
  [[noreturn]] void fail(const std::string& fault) const;

  bool has(const char* key) const { return value_->is_object() && value_->contains(key); }
  /// The member; fails if this is no object or has no such key.
  JsonPlace member(const char* key) const;
  JsonPlace element(std::size_t index) const;
  /// Number of elements; fails if this is no array.
  std::size_t array_size() const;
  /// Fails unless this is an array of exactly `size` elements, described by `form`.
  void require_array(std::size_t size, std::string_view form) const;
  /// Fails for a key which is not in the list, so that a misspelt key is not passed over.
  void allow_only(const std::vector<std::string_view>& keys) const;

  std::int64_t integer(std::int64_t lowest, std::int64_t highest, std::string_view what) const;
  std::uint32_t index(std::uint32_t count, std::string_view what) const;
  std::string text(std::string_view what) const;
  Rational rational() const;

 private:
  const nlohmann::json* value_;
  std::string document_;
  std::string pointer_;
};

}  // namespace lemmacheck
