// SPDX-License-Identifier: Apache-2.0
// Use: what the project does with an artifact. Policy: how contested questions are answered and
// which verdict fails (licenses 6.1). Both plain values with the documented defaults.
#pragma once

#include "core/license/restrictions.h"
#include "core/report/report.h"

#include <cstdint>
#include <optional>
#include <string>

namespace railhub::compliance {

// Absent = not stated. core/compliance/context.h sets members by name.
struct Use {
    // Distribute: copies leave the organisation (a push to a hub that others read). Serve: others
    // use it remotely. Internal: nothing leaves.
    enum class Delivery : std::uint8_t {
        Internal,
        Serve,
        Distribute
    } delivery = Delivery::Distribute;
    enum class Modification : std::uint8_t { Modified, Unmodified };
    std::optional<Modification> modification = {}; // overrides what the edges say
    enum class Purpose : std::uint8_t { Commercial, NonCommercial };
    std::optional<Purpose> purpose = {};
    // Of published outputs: EndUse is an advert or a picture, Training is data for models.
    enum class OutputPurpose : std::uint8_t { EndUse, Training };
    std::optional<OutputPurpose> output_purpose = {};

    std::string declared_name;      // of the model that is passed on
    std::string licensee_territory; // ISO 3166 code, or "EU"
    std::string use_territory;
    std::string role; // "end-user-of-product", "receiver-of-integrated-product", or empty
    std::optional<std::uint64_t> mau_at_release = {};
    std::optional<std::uint64_t> mau_now = {};
    std::optional<std::uint64_t> visits_monthly = {};
    std::optional<std::uint64_t> revenue_usd = {}; // a year
    std::optional<std::uint64_t> revenue_cny = {};
    std::optional<std::uint64_t> monthly_revenue_usd = {};
    std::optional<bool> is_multimodal = {};
    std::optional<bool> is_similar = {}; // performs like its teacher; unstated counts as yes
    std::optional<bool> is_lossless = {};
    std::optional<bool> has_base_weights = {};
    std::optional<bool> ships_weights = {};
    std::optional<bool> bypasses_safety = {};
    std::optional<bool> is_competitor = {};
};

// How a contested question is answered.
enum class Stance : std::uint8_t { Ignore, Warn, NeedsHuman, Conflict };

struct Policy {
    // Non-commercial, share-alike and no-derivatives data in weights.
    Stance nc_data = Stance::NeedsHuman;
    Stance sa_data = Stance::NeedsHuman;
    Stance nd_data = Stance::NeedsHuman;
    license::Cover restriction_cover = license::Cover::Strict;
    // Texts that leave it to copyright law whether a changed model is a derivative.
    enum class DerivativeDefault : std::uint8_t {
        Derivative,
        NotDerivative
    } derivative_default = DerivativeDefault::Derivative;
    // Adapters without weights, under texts that do not name them. FollowText: a person decides.
    enum class AdapterDefault : std::uint8_t {
        Derivative,
        FollowText
    } adapter_default = AdapterDefault::Derivative;
    // Records read only in secondary sources: a person decides, or they are taken at face value.
    enum class UnreadRecord : std::uint8_t {
        NeedsHuman,
        Accept
    } unread_record = UnreadRecord::NeedsHuman;
    // Outputs of a hosted service whose terms are a contract. Never Warn.
    Stance service_terms = Stance::NeedsHuman;
    // A threshold applies and the number is not stated.
    enum class UnknownThreshold : std::uint8_t {
        Obligation,
        NeedsHuman
    } unknown_threshold = UnknownThreshold::Obligation;
    // An ancestor that the source does not have or cannot be asked for. NeedsHuman or Conflict;
    // with Conflict the license gate refuses what is built on artifacts the hub does not know.
    Stance unresolved_upstream = Stance::NeedsHuman;
    // Which pairs of licenses are taken as known (license::CompatibilitySource); BuiltIn is the
    // source "known-pairs". Of two sources that disagree a person hears.
    enum class Compatibility : std::uint8_t {
        BuiltIn,
        Osadl,
        Both
    } compatibility = Compatibility::BuiltIn;
    // The gate closes, and `check` exits 1, at this verdict or worse.
    report::Verdict fail_on = report::Verdict::Conflict;
};

} // namespace railhub::compliance
