/// What was found out about lemmas beyond their verdicts, as JSON and as text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/lemma_strength.hpp"

namespace lemmacheck {

nlohmann::json vacuity_to_json(const Vacuity& vacuity);
/// "7% of the instances can refute it: 60% have no left side above 0, ..." where fewer than a fifth can; else
/// empty.
std::string vacuity_warning(const Vacuity& vacuity);
nlohmann::json lemma_strength_to_json(const LemmaStrength& strength, const std::string& id);
std::string lemma_strength_as_text(const LemmaStrength& strength, const std::string& id);
nlohmann::json lemma_repair_to_json(const LemmaRepair& repair, const std::string& id);
std::string lemma_repair_as_text(const LemmaRepair& repair, const std::string& id);
nlohmann::json lemma_slack_to_json(const LemmaSlack& slack, const std::string& id);
std::string lemma_slack_as_text(const LemmaSlack& slack, const std::string& id);
nlohmann::json lemma_exhaustion_to_json(const LemmaExhaustion& found, const std::string& id);
std::string lemma_exhaustion_as_text(const LemmaExhaustion& found, const std::string& id);
nlohmann::json lemma_sharpness_to_json(const LemmaSharpness& found, const std::string& id);
std::string lemma_sharpness_as_text(const LemmaSharpness& found, const std::string& id);

}  // namespace lemmacheck
