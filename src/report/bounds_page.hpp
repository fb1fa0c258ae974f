/// The report's page on bounds: where their slack goes, how they are repaired, what a search finds, how
/// strong the harness is.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "campaign/lemma_strength.hpp"
#include "campaign/sharpness_search.hpp"
#include "report/instance_tables.hpp"

namespace lemmacheck {

class Ledger;

struct BoundsPage {
  struct WeighedProof {
    std::string id;
    LemmaSlack slack;
  };
  struct RepairedClaim {
    std::string id, original;
    LemmaRepair repair;
  };
  /// The bounds of the simulation lemma in closed form, for rewards in [0, 1].
  struct Curve {
    Rational total_variation;  ///< delta; the L1 distance eps is twice that
    Step horizon;
    Rational printed;  ///< eq. (15.1): H (H - 1) / 2 eps
    Rational halved;   ///< H (H - 1) / 2 delta
    Rational sharp;    ///< B(delta, H), which is attained
  };
  std::vector<Curve> curves;
  std::vector<WeighedProof> slacks;
  std::vector<RepairedClaim> repairs;
  std::vector<SearchedSharpness> searched;
};

BoundsPage gather_bounds_page(const std::vector<const Claim*>& claims, const Run& run);

std::vector<WordTable> bounds_tables(const BoundsPage& page);
nlohmann::json bounds_page_to_json(const BoundsPage& page);

}  // namespace lemmacheck
