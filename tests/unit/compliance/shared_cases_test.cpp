// SPDX-License-Identifier: Apache-2.0
// The worked cases of the shared reference data (format: licenses 7.1), as far as the rules and
// records that ship can decide them.
#include "core/util/json.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/compliance/builder.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::compliance {

namespace {

using util::Json;

// Rules whose verdict a case may rest on. Those after the first line only name duties or say in
// other words what R3 and R6 decide.
const std::set<std::string> kDecided = {
    "R1", "R3", "R6", "R7", "R2", "R15", "R16", "R17", "R18", "R20", "R26"};

// Cases that need more than the rules they name.
const std::set<std::string> kUndecided = {
    "c015", // no finding is expected, and its only rule compares by purpose
};

struct RoleWord {
    std::string_view word;
    Role role;
};

constexpr std::array kRoles = {
    RoleWord{"base-model", Role::BaseModel},
    RoleWord{"adapter-base", Role::AdapterBase},
    RoleWord{"merge-source", Role::MergeSource},
    RoleWord{"teacher", Role::Teacher},
    RoleWord{"dataset", Role::Dataset},
    RoleWord{"code", Role::Code},
    RoleWord{"component", Role::Component},
};

struct ActionRow {
    std::string_view word;
    Activity activity;
    Use::Delivery delivery;
};

constexpr std::array kActions = {
    ActionRow{"use-internal", Activity::Finetune, Use::Delivery::Internal},
    ActionRow{"serve-api", Activity::Serve, Use::Delivery::Serve},
    ActionRow{"redistribute", Activity::Copy, Use::Delivery::Distribute},
    ActionRow{"finetune-distribute", Activity::Finetune, Use::Delivery::Distribute},
    ActionRow{"adapter-distribute", Activity::Adapter, Use::Delivery::Distribute},
    ActionRow{"quantize-distribute", Activity::Quantize, Use::Delivery::Distribute},
    ActionRow{"merge-distribute", Activity::Merge, Use::Delivery::Distribute},
    ActionRow{"distil-distribute", Activity::Distil, Use::Delivery::Distribute},
    ActionRow{"train-on-dataset-distribute", Activity::Train, Use::Delivery::Distribute},
    ActionRow{"embed-product", Activity::Embed, Use::Delivery::Distribute},
    ActionRow{"publish-outputs-dataset", Activity::Distil, Use::Delivery::Distribute},
};

template <class Rows>
const typename Rows::value_type& row_of(const Rows& rows, const std::string& word) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&word](const auto& row) {
        return row.word == word;
    });
    REQUIRE(found != rows.end());
    return *found;
}

std::vector<std::string> texts_of(const Json* list) {
    std::vector<std::string> texts;
    for (const Json& item :
         list != nullptr && list->is_array() ? *list->as_array() : util::JsonArray()) {
        texts.push_back(*item.as_string());
    }
    return texts;
}

std::vector<std::string> label_of(const std::string& license) {
    return license.empty() || license == "no-license" ? std::vector<std::string>()
                                                      : std::vector<std::string>{license};
}

Lineage lineage_of(const Json& item) {
    const ActionRow& action = row_of(kActions, item.text("action"));
    const bool is_data = action.activity == Activity::Copy &&
                         item.find("upstreams")->as_array()->front().text("role") == "dataset";
    tests::LineageBuilder build;
    const Json& downstream = *item.find("downstream");
    build.model("downstream", label_of(downstream.text("license")));
    build.lineage.nodes[0].kind = is_data ? ArtifactKind::Dataset : ArtifactKind::Model;
    build.lineage.nodes[0].carries = texts_of(downstream.find("carries"));
    std::size_t number = 0;
    for (const Json& upstream : *item.find("upstreams")->as_array()) {
        const Role role = row_of(kRoles, upstream.text("role")).role;
        const std::string id = upstream.text("ref", "upstream-" + std::to_string(++number));
        const std::size_t index = role == Role::Dataset
                                      ? build.dataset(id, label_of(upstream.text("license")))
                                      : build.model(id, label_of(upstream.text("license")));
        if (const Json* context = item.find("context")) {
            build.lineage.nodes[index].prose_license = context->text("prose_license");
        }
        build.edge(0, index, role, action.activity);
    }
    return build.lineage;
}

Use use_of(const Json& item) {
    Use use;
    use.delivery = row_of(kActions, item.text("action")).delivery;
    if (const Json* context = item.find("context")) {
        if (const Json* commercial = context->find("commercial")) {
            use.purpose = commercial->as_bool().value_or(false) ? Use::Purpose::Commercial
                                                                : Use::Purpose::NonCommercial;
        }
        if (context->flag("modified")) {
            use.modification = Use::Modification::Modified;
        }
    }
    return use;
}

bool can_be_decided(const Json& item) {
    const license::Catalogue& catalogue = tests::built_in_catalogue();
    for (const Json& upstream : *item.find("upstreams")->as_array()) {
        if (catalogue.find(upstream.text("license")) == nullptr) {
            return false;
        }
    }
    const std::string downstream = item.find("downstream")->text("license");
    if (!downstream.empty() && catalogue.find(downstream) == nullptr) {
        return false;
    }
    if (item.find("policy") != nullptr || kUndecided.contains(item.text("id"))) {
        return false;
    }
    const std::vector<std::string> rules = texts_of(item.find("expect")->find("rules"));
    const auto is_decided = [](const std::string& rule) { return kDecided.contains(rule); };
    // A conflict stands with the first rule that finds it, so one decided rule is enough.
    if (item.find("expect")->text("verdict") == "conflict") {
        const auto decides = [](const std::string& rule) {
            return rule == "R1" || rule == "R3" || rule == "R6" || rule == "R7";
        };
        return std::any_of(rules.begin(), rules.end(), decides) &&
               item.find("upstreams")->as_array()->front().text("role") != "teacher";
    }
    return std::all_of(rules.begin(), rules.end(), is_decided);
}

} // namespace

TEST_CASE("shared compliance cases that the shipped rules can decide") {
    const auto path = tests::shared_path("data/compliance-cases.json");
    if (!path) {
        RAILHUB_SKIP("no shared reference data");
    }
    auto json = util::parse_json(tests::read_data(*path));
    REQUIRE_OK(json);
    std::size_t decided = 0;
    for (const Json& item : *json->find("cases")->as_array()) {
        if (!can_be_decided(item)) {
            continue;
        }
        ++decided;
        const Json& expect = *item.find("expect");
        const report::Report report =
            evaluate(lineage_of(item), use_of(item), {}, tests::built_in_catalogue());
        INFO(item.text("id") << " " << item.text("title"));
        INFO([&] {
            std::string all;
            for (const report::Finding& finding : report.findings) {
                all += finding.rule + " " + finding.message + "\n";
            }
            return all;
        }());
        CHECK(report::verdict_word(report.verdict()) == expect.text("verdict"));
        CHECK(tests::missing_ids(report) == texts_of(expect.find("missing_restrictions")));
        std::set<std::string> owed;
        for (const report::Obligation& obligation : report.obligations) {
            owed.insert(obligation.id);
        }
        for (const std::string& id : texts_of(expect.find("obligations_at_least"))) {
            INFO(id);
            CHECK(owed.contains(id));
        }
    }
    CHECK(decided >= 25);
}

} // namespace railhub::compliance
