/// Model files and policy files, version 1 (JSON), as documented in docs/formats.md.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// Reads a JSON file. Refuses duplicate keys, nesting deeper than any format here needs, and bytes that are
/// not UTF-8. @throws InvalidInput naming the file and the place.
nlohmann::json read_json_file(const std::filesystem::path& file);
nlohmann::json parse_json(const std::string& text, const std::string& name);

/// A model from its JSON object. @param document its file's name, @param pointer where it stands in it, for
/// messages.
/// @throws InvalidInput naming the JSON pointer, the fault and the remedy.
FiniteMdp model_from_json(const nlohmann::json& json, const std::string& document,
                          const std::string& pointer = "");
FiniteMdp read_model_file(const std::filesystem::path& file);
nlohmann::json model_to_json(const FiniteMdp& model);

/// A policy from the array of [s, a, "p/q"] (stationary) or [h, s, a, "p/q"] (time-dependent, h from 1).
MarkovPolicy policy_from_json(const nlohmann::json& json, std::uint32_t states, std::uint32_t actions,
                              const std::string& document, const std::string& pointer = "");
MarkovPolicy read_policy_file(const std::filesystem::path& file, const FiniteMdp& model);
nlohmann::json policy_to_json(const MarkovPolicy& policy);

}  // namespace lemmacheck
