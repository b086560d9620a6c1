// SPDX-License-Identifier: Apache-2.0
// Rows that set one member each.
#include "core/compliance/context.h"

#include "core/compliance/places.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

constexpr std::size_t kMaxText = 256;

constexpr double kMaxNumber = 1e18;

// Amounts may come as 3e6 or 3000000.5; no limit is that fine.
template <std::optional<std::uint64_t> Use::*Member>
bool set_number(Use& use, const Json& value) {
    std::optional<std::uint64_t> number = value.as_uint();
    if (const auto real = value.as_double(); !number && real && *real >= 0 && *real < kMaxNumber) {
        number = static_cast<std::uint64_t>(*real);
    }
    if (number) {
        use.*Member = number;
    }
    return number.has_value();
}

template <std::optional<bool> Use::*Member>
bool set_flag(Use& use, const Json& value) {
    const std::optional<bool> flag = value.as_bool();
    if (flag) {
        use.*Member = flag;
    }
    return flag.has_value();
}

template <std::string Use::*Member>
bool set_text(Use& use, const Json& value) {
    const std::string* text = value.as_string();
    if (text == nullptr || text->empty() || text->size() > kMaxText) {
        return false;
    }
    use.*Member = *text;
    return true;
}

template <std::string Use::*Member>
bool set_place(Use& use, const Json& value) {
    const std::string* text = value.as_string();
    const auto place = text != nullptr ? parse_place(*text) : std::nullopt;
    if (place) {
        use.*Member = *place;
    }
    return place.has_value();
}

bool set_role(Use& use, const Json& value) {
    const std::string* text = value.as_string();
    if (text == nullptr ||
        (*text != "end-user-of-product" && *text != "receiver-of-integrated-product")) {
        return false;
    }
    use.role = *text;
    return true;
}

bool set_commercial(Use& use, const Json& value) {
    const std::optional<bool> flag = value.as_bool();
    if (flag) {
        use.purpose = *flag ? Use::Purpose::Commercial : Use::Purpose::NonCommercial;
    }
    return flag.has_value();
}

bool set_modified(Use& use, const Json& value) {
    const std::optional<bool> flag = value.as_bool();
    if (flag) {
        use.modification = *flag ? Use::Modification::Modified : Use::Modification::Unmodified;
    }
    return flag.has_value();
}

bool set_output_purpose(Use& use, const Json& value) {
    const std::string* text = value.as_string();
    if (text == nullptr || (*text != "end-use" && *text != "training")) {
        return false;
    }
    use.output_purpose =
        *text == "end-use" ? Use::OutputPurpose::EndUse : Use::OutputPurpose::Training;
    return true;
}

// Says by which delivery others use it; the action of a case already does.
bool accept_hosted(Use& use, const Json& value) {
    if (value.as_bool().value_or(false) && use.delivery == Use::Delivery::Internal) {
        use.delivery = Use::Delivery::Serve;
    }
    return value.as_bool().has_value();
}

constexpr std::string_view kYesNo = "true or false";
constexpr std::string_view kNumber = "number";

constexpr std::array kFacts = {
    Fact{"commercial", kYesNo, "Used for commercial advantage.", &set_commercial},
    Fact{"competitor", kYesNo, "Competes with a licensor.", &set_flag<&Use::is_competitor>},
    Fact{
        "contains_base_weights",
        kYesNo,
        "An adapter ships with the weights it changes.",
        &set_flag<&Use::has_base_weights>},
    Fact{"hosted", kYesNo, "Others use it remotely.", &accept_hosted},
    Fact{
        "licensee_territory",
        "territory",
        "Where the licensee has its seat: ISO code, or EU.",
        &set_place<&Use::licensee_territory>},
    Fact{"lossless", kYesNo, "A conversion loses nothing.", &set_flag<&Use::is_lossless>},
    Fact{
        "mau_at_release",
        kNumber,
        "Monthly active users in the month before the version was released.",
        &set_number<&Use::mau_at_release>},
    Fact{"mau_now", kNumber, "Monthly active users now.", &set_number<&Use::mau_now>},
    Fact{"modified", kYesNo, "The work is changed, or is not, on the way.", &set_modified},
    Fact{
        "monthly_revenue_usd",
        kNumber,
        "Revenue a month, in US dollars.",
        &set_number<&Use::monthly_revenue_usd>},
    Fact{"multimodal", kYesNo, "The model takes more than text.", &set_flag<&Use::is_multimodal>},
    Fact{
        "name", "text", "Name under which the model is passed on.", &set_text<&Use::declared_name>},
    Fact{"purpose", "end-use or training", "What published outputs are for.", &set_output_purpose},
    Fact{"revenue_cny", kNumber, "Revenue a year, in yuan.", &set_number<&Use::revenue_cny>},
    Fact{"revenue_usd", kNumber, "Revenue a year, in US dollars.", &set_number<&Use::revenue_usd>},
    Fact{
        "role",
        "end-user-of-product or receiver-of-integrated-product",
        "How the licensee came by it.",
        &set_role},
    Fact{
        "safety_bypassed",
        kYesNo,
        "Safety measures of the model are removed.",
        &set_flag<&Use::bypasses_safety>},
    Fact{
        "similar_performance",
        kYesNo,
        "A model trained on outputs is meant to perform like its teacher; true when left out.",
        &set_flag<&Use::is_similar>},
    Fact{
        "use_territory",
        "territory",
        "Where it is used: ISO code, or EU.",
        &set_place<&Use::use_territory>},
    Fact{"visits_monthly", kNumber, "Visits a month.", &set_number<&Use::visits_monthly>},
    Fact{
        "weights_shipped",
        kYesNo,
        "Weights travel with the product.",
        &set_flag<&Use::ships_weights>},
};

struct OtherName {
    std::string_view other;
    std::string_view name;
};

constexpr std::array kOtherNames = {
    OtherName{"annual_revenue_usd", "revenue_usd"},
    OtherName{"competes", "competitor"},
    OtherName{"competing", "competitor"},
    OtherName{"is_competitor", "competitor"},
    OtherName{"mau", "mau_now"},
    OtherName{"monthly_active_users", "mau_now"},
    OtherName{"monthly_users", "mau_now"},
    OtherName{"monthly_visits", "visits_monthly"},
    OtherName{"visits_month", "visits_monthly"},
    OtherName{"visits_per_month", "visits_monthly"},
    OtherName{"yearly_revenue_usd", "revenue_usd"},
};

std::string with_underscores(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
}

Json guessed(std::string_view text) {
    if (text == "true" || text == "yes") {
        return true;
    }
    if (text == "false" || text == "no") {
        return false;
    }
    const bool is_number =
        !text.empty() && text.size() <= 18 &&
        std::all_of(text.begin(), text.end(), [](char ch) { return ch >= '0' && ch <= '9'; });
    return is_number ? Json(static_cast<std::uint64_t>(std::stoull(std::string(text))))
                     : Json(std::string(text));
}

template <Stance Policy::*Member>
void set_stance(Policy& policy, std::size_t value) {
    // Order of the values of the three data switches: the default first.
    constexpr std::array kStances = {
        Stance::NeedsHuman, Stance::Ignore, Stance::Warn, Stance::Conflict};
    policy.*Member = kStances.at(value);
}

void set_service_terms(Policy& policy, std::size_t value) {
    constexpr std::array kStances = {Stance::NeedsHuman, Stance::Ignore, Stance::Conflict};
    policy.service_terms = kStances.at(value);
}

std::vector<Switch> all_switches() {
    const std::vector<std::string_view> stances = {"needs-human", "ignore", "warn", "conflict"};
    return {
        {"nc-data-into-model",
         "Non-commercial data in the weights of a model.",
         stances,
         &set_stance<&Policy::nc_data>},
        {"sa-data-into-model",
         "Share-alike data in the weights of a model.",
         stances,
         &set_stance<&Policy::sa_data>},
        {"nd-data-into-model",
         "No-derivatives data in the weights of a model.",
         stances,
         &set_stance<&Policy::nd_data>},
        {"restriction-cover",
         "Whether a narrower clause covers a wider one of the same id.",
         {"strict", "ids-only"},
         [](Policy& policy, std::size_t value) {
             policy.restriction_cover =
                 value == 0 ? license::Cover::Strict : license::Cover::IdsOnly;
         }},
        {"derivative-default",
         "Changed models under texts that leave it to copyright law what a derivative is.",
         {"derivative", "not-derivative"},
         [](Policy& policy, std::size_t value) {
             policy.derivative_default = value == 0 ? Policy::DerivativeDefault::Derivative
                                                    : Policy::DerivativeDefault::NotDerivative;
         }},
        {"adapter-default",
         "Adapters without weights under texts that do not name them; follow-text leaves them to a "
         "person.",
         {"derivative", "follow-text"},
         [](Policy& policy, std::size_t value) {
             policy.adapter_default = value == 0 ? Policy::AdapterDefault::Derivative
                                                 : Policy::AdapterDefault::FollowText;
         }},
        {"unread-record",
         "Records that rest on secondary sources.",
         {"needs-human", "accept"},
         [](Policy& policy, std::size_t value) {
             policy.unread_record =
                 value == 0 ? Policy::UnreadRecord::NeedsHuman : Policy::UnreadRecord::Accept;
         }},
        {"service-terms",
         "Outputs of a hosted service whose terms are a contract.",
         {"needs-human", "ignore", "conflict"},
         &set_service_terms},
        {"unknown-threshold",
         "A limit on users, visits or revenue applies and the number is not stated.",
         {"obligation", "needs-human"},
         [](Policy& policy, std::size_t value) {
             policy.unknown_threshold = value == 0 ? Policy::UnknownThreshold::Obligation
                                                   : Policy::UnknownThreshold::NeedsHuman;
         }},
        {"unresolved-upstream",
         "A base, teacher or data set that the hub does not have or that cannot be asked for.",
         {"needs-human", "conflict"},
         [](Policy& policy, std::size_t value) {
             policy.unresolved_upstream = value == 0 ? Stance::NeedsHuman : Stance::Conflict;
         }},
        {"compatibility",
         "Whose answers about pairs of code licenses count; where two disagree a person hears.",
         {"built-in", "osadl", "both"},
         [](Policy& policy, std::size_t value) {
             policy.compatibility = static_cast<Policy::Compatibility>(value);
         }},
        {"fail-on",
         "The verdict at which a check fails and the gate closes, or worse.",
         {"conflict", "needs-human", "ok-with-obligations"},
         [](Policy& policy, std::size_t value) {
             constexpr std::array kVerdicts = {
                 report::Verdict::Conflict,
                 report::Verdict::NeedsHuman,
                 report::Verdict::OkWithObligations};
             policy.fail_on = kVerdicts.at(value);
         }},
    };
}

} // namespace

std::span<const Fact> facts() {
    return kFacts;
}

const Fact* find_fact(std::string_view name) {
    const std::string wanted = with_underscores(name);
    const auto other =
        std::find_if(kOtherNames.begin(), kOtherNames.end(), [&wanted](const OtherName& row) {
            return row.other == wanted;
        });
    const std::string_view own = other != kOtherNames.end() ? other->name : wanted;
    const auto found = std::find_if(kFacts.begin(), kFacts.end(), [own](const Fact& fact) {
        return fact.name == own;
    });
    return found == kFacts.end() ? nullptr : &*found;
}

util::Result<> set_fact(Use& use, std::string_view name, const util::Json& value) {
    if (const Fact* fact = find_fact(name)) {
        const std::string* text = value.as_string();
        if (fact->set(use, value) || (text != nullptr && fact->set(use, guessed(*text)))) {
            return {};
        }
        return fail(
            Code::InvalidInput,
            "fact '" + std::string(fact->name) + "' has the unfit value '" + value.dump() + "'",
            "it is " + std::string(fact->form)
        );
    }
    std::vector<std::string> names;
    for (const Fact& fact : kFacts) {
        names.emplace_back(fact.name);
    }
    const std::string near = util::nearest(with_underscores(name), names);
    return fail(
        Code::InvalidInput,
        "unknown fact '" + std::string(name) + "'",
        near.empty() ? "facts are: " + util::join(names, ", ") : "did you mean '" + near + "'?"
    );
}

util::Result<> set_fact(Use& use, std::string_view name, std::string_view value) {
    return set_fact(use, name, guessed(value));
}

const std::vector<Switch>& switches() {
    static const std::vector<Switch> kSwitches = all_switches();
    return kSwitches;
}

util::Result<> set_switch(Policy& policy, std::string_view name, std::string_view value) {
    std::vector<std::string> names;
    for (const Switch& row : switches()) {
        if (row.name == name) {
            const auto found = std::find(row.values.begin(), row.values.end(), value);
            if (found == row.values.end()) {
                return fail(
                    Code::InvalidInput,
                    "policy switch '" + std::string(name) + "' has no value '" +
                        std::string(value) + "'",
                    "use one of: " +
                        util::join(
                            std::vector<std::string>(row.values.begin(), row.values.end()), ", "
                        )
                );
            }
            row.set(policy, static_cast<std::size_t>(found - row.values.begin()));
            return {};
        }
        names.emplace_back(row.name);
    }
    const std::string near = util::nearest(name, names);
    return fail(
        Code::InvalidInput,
        "unknown policy switch '" + std::string(name) + "'",
        near.empty() ? "switches are: " + util::join(names, ", ") : "did you mean '" + near + "'?"
    );
}

} // namespace railhub::compliance
