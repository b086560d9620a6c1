// SPDX-License-Identifier: Apache-2.0
// Verdicts of descents, each worked out once. Rules speak of one artifact upstream or of two that
// do not fit, so a verdict is the worst over those, and few of them serve many descents.
#pragma once

#include "core/compliance/descent.h"
#include "core/compliance/evaluate.h"

#include <cstdint>
#include <vector>

namespace railhub::compliance {

// Borrows catalogue, profiles and descents.
class VerdictTable {
  public:
    VerdictTable(
        const license::Catalogue& knowledge,
        const Use& use,
        const Policy& policy,
        const Profiles& profiles,
        Descents& descents
    );

    report::Verdict verdict(DescentId id);

    // How often the rules were asked.
    [[nodiscard]] std::size_t judged() const { return judged_; }

  private:
    // What of a profile decides whether two may meet in one rule.
    struct Traits {
        std::vector<const license::Record*> licenses;
        bool leaves_choice = false; // its label is an expression
        bool bars_training = false;
        bool names = false; // asks for the beginning of a name
    };

    const Traits& traits_of(ProfileId id);
    bool may_meet(std::uint64_t a, std::uint64_t b);
    bool is_known_pair(ProfileId a, ProfileId b);
    report::Verdict work_out(DescentId id);
    report::Verdict worst_of_parts(ProfileId profile, SetId set);
    // With one artifact upstream.
    report::Verdict single(ProfileId profile, std::uint64_t forebear);
    report::Verdict judge(ProfileId profile, const std::vector<std::uint64_t>& forebears);

    const license::Catalogue& knowledge_;
    Use use_;
    Policy policy_;
    const Profiles& profiles_;
    Descents& descents_;
    std::vector<const license::CompatibilitySource*> sources_; // that the policy asks
    std::vector<Traits> traits_;
    IdMap singles_;                      // (profile, forebear) -> verdict
    IdMap known_pairs_;                  // (profile, profile) -> 0 or 1
    std::vector<std::uint8_t> verdicts_; // by descent; kUnknown until asked
    std::size_t judged_ = 0;
};

} // namespace railhub::compliance
