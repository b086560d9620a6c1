// SPDX-License-Identifier: Apache-2.0
// Actions and roles are tables; what a context field means is the table of facts.
#include "core/compliance/case_file.h"

#include "core/compliance/context.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::compliance {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;
using Delivery = Use::Delivery;

constexpr std::string_view kFormat = "compliance-cases/1";
constexpr std::size_t kMaxCases = 10000;
constexpr std::size_t kMaxUpstreams = 1000;
constexpr std::size_t kMaxCarried = 1000;
constexpr std::size_t kMaxTextBytes = 4096;

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
    Delivery delivery;
};

constexpr std::array kActions = {
    ActionRow{"use-internal", Activity::Copy, Delivery::Internal},
    ActionRow{"serve-api", Activity::Serve, Delivery::Serve},
    ActionRow{"redistribute", Activity::Copy, Delivery::Distribute},
    ActionRow{"finetune-distribute", Activity::Finetune, Delivery::Distribute},
    ActionRow{"adapter-distribute", Activity::Adapter, Delivery::Distribute},
    ActionRow{"quantize-distribute", Activity::Quantize, Delivery::Distribute},
    ActionRow{"merge-distribute", Activity::Merge, Delivery::Distribute},
    ActionRow{"distil-distribute", Activity::Distil, Delivery::Distribute},
    ActionRow{"train-on-dataset-distribute", Activity::Train, Delivery::Distribute},
    ActionRow{"embed-product", Activity::Embed, Delivery::Distribute},
    ActionRow{"publish-outputs-dataset", Activity::Generate, Delivery::Distribute},
};

template <class Row, std::size_t N>
const Row* row_of(const std::array<Row, N>& rows, std::string_view word) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [word](const Row& row) { return row.word == word; });
    return found == rows.end() ? nullptr : &*found;
}

template <class Row, std::size_t N>
util::Error
unknown_word(const std::array<Row, N>& rows, std::string_view what, const std::string& word) {
    std::vector<std::string> words;
    for (const Row& row : rows) {
        words.emplace_back(row.word);
    }
    return fail(
        Code::InvalidInput,
        "unknown " + std::string(what) + " '" + word + "'",
        "use one of: " + util::join(words, ", ")
    );
}

const util::JsonArray& array_at(const Json& json, std::string_view key) {
    static const util::JsonArray kNone;
    const Json* found = json.find(key);
    return found != nullptr && found->is_array() ? *found->as_array() : kNone;
}

Result<std::vector<std::string>> texts_at(const Json& json, std::string_view key) {
    std::vector<std::string> texts;
    for (const Json& item : array_at(json, key)) {
        if (!item.is_string() || item.as_string()->size() > kMaxTextBytes ||
            texts.size() >= kMaxCarried) {
            return fail(
                Code::InvalidInput, "'" + std::string(key) + "' is not a short list of short texts"
            );
        }
        texts.push_back(*item.as_string());
    }
    return texts;
}

// Members of a wrong kind would read as if they were not there; null is as good as absent.
Result<> check_kinds(
    const Json& json,
    std::initializer_list<std::string_view> keys,
    bool (Json::*is_kind)() const,
    std::string_view kind
) {
    for (const std::string_view key : keys) {
        const Json* found = json.find(key);
        if (found != nullptr && !found->is_null() && !(found->*is_kind)()) {
            return fail(
                Code::InvalidInput, "'" + std::string(key) + "' is not " + std::string(kind)
            );
        }
    }
    return {};
}

Node::Modality modality_of(const std::string& word) {
    if (word.empty()) {
        return Node::Modality::Unstated;
    }
    return parse_modality(util::lower(word)).value_or(Node::Modality::Other);
}

// How the subject came from an upstream in this role; a role may say more than the action.
Activity activity_for(const ActionRow& action, Role role) {
    // Data that is used inside is trained on.
    const bool copies = action.delivery != Delivery::Internal &&
                        (action.activity == Activity::Copy || action.activity == Activity::Serve ||
                         action.activity == Activity::Embed);
    if (role == Role::Teacher) {
        return action.activity == Activity::Generate ? Activity::Generate : Activity::Distil;
    }
    if (role == Role::Dataset) {
        return copies ? action.activity : Activity::Train;
    }
    const bool trains = action.activity == Activity::Distil || action.activity == Activity::Train ||
                        action.activity == Activity::Generate;
    return trains ? Activity::Finetune : action.activity;
}

ArtifactKind kind_for(Role role) {
    if (role == Role::Dataset) {
        return ArtifactKind::Dataset;
    }
    return role == Role::Code ? ArtifactKind::Code : ArtifactKind::Model;
}

// "redistribute" of data alone gives data, of code alone code; outputs are data.
ArtifactKind subject_kind(const ActionRow& action, const util::JsonArray& upstreams) {
    if (action.activity == Activity::Generate) {
        return ArtifactKind::Dataset;
    }
    if (action.activity != Activity::Copy || action.delivery == Delivery::Internal ||
        upstreams.empty()) {
        return ArtifactKind::Model;
    }
    const std::string first = upstreams.front().text("role");
    const bool alike = std::all_of(upstreams.begin(), upstreams.end(), [&first](const Json& item) {
        return item.text("role") == first;
    });
    if (first == "dataset") {
        return std::any_of(
                   upstreams.begin(),
                   upstreams.end(),
                   [](const Json& item) {
                       const std::string role = item.text("role");
                       return role != "dataset" && role != "code";
                   }
               )
                   ? ArtifactKind::Model
                   : ArtifactKind::Dataset;
    }
    return alike && first == "code" ? ArtifactKind::Code : ArtifactKind::Model;
}

void set_license(Node& node, const std::string& license) {
    if (!license.empty() && license != "no-license") {
        node.licenses = {license};
    }
}

Result<> add_upstream(WorkedCase& worked, const Json& json, const ActionRow& action) {
    RAILHUB_TRY(
        check_kinds(json, {"role", "license", "ref", "modality", "rev"}, &Json::is_string, "a text")
    );
    const RoleWord* role = row_of(kRoles, json.text("role"));
    if (role == nullptr) {
        return unknown_word(kRoles, "role", json.text("role"));
    }
    Node node;
    const std::string number = std::to_string(worked.lineage.nodes.size());
    node.id = json.text("ref", "upstream-" + number);
    node.kind = kind_for(role->role);
    node.revision = json.text("rev");
    node.modality = modality_of(json.text("modality"));
    set_license(node, json.text("license"));
    worked.lineage.edges.push_back(
        {0, worked.lineage.nodes.size(), role->role, activity_for(action, role->role), {}}
    );
    worked.lineage.nodes.push_back(std::move(node));
    return {};
}

// Claims about licenses that contradict a label; of one upstream or of each.
void add_claims(WorkedCase& worked, const Json& context) {
    for (const std::string_view field : {"prose_license", "license_file"}) {
        const std::string claimed = context.text(field);
        for (std::size_t i = 1; !claimed.empty() && i < worked.lineage.nodes.size(); ++i) {
            worked.lineage.nodes[i].prose_license = claimed;
        }
    }
}

Result<> read_context(WorkedCase& worked, const Json& context) {
    const util::JsonObject* members = context.as_object();
    if (members == nullptr) {
        return {};
    }
    for (const auto& [name, value] : *members) {
        if (name == "prose_license" || name == "license_file" || value.is_null()) {
            continue;
        }
        if (find_fact(name) == nullptr) {
            worked.notes.push_back("fact '" + name + "' is not read");
            continue;
        }
        const auto set = set_fact(worked.use, name, value);
        if (!set.ok()) {
            // A purpose in words of its own says nothing that is asked for.
            worked.notes.push_back(set.error().message);
        }
    }
    add_claims(worked, context);
    return {};
}

Result<> read_policy(WorkedCase& worked, const Json& policy) {
    const util::JsonObject* members = policy.as_object();
    if (members == nullptr) {
        return {};
    }
    for (const auto& [name, value] : *members) {
        const std::string* word = value.as_string();
        RAILHUB_TRY(set_switch(worked.policy, name, word != nullptr ? *word : value.dump()));
    }
    return {};
}

Result<> read_expectation(WorkedCase& worked, const Json& json) {
    const auto verdict = report::parse_verdict(json.text("verdict"));
    if (!verdict) {
        return fail(Code::InvalidInput, "'expect.verdict' is '" + json.text("verdict") + "'");
    }
    worked.expect.verdict = *verdict;
    RAILHUB_TRY(worked.expect.obligations_at_least, texts_at(json, "obligations_at_least"));
    RAILHUB_TRY(worked.expect.missing, texts_at(json, "missing_restrictions"));
    std::sort(worked.expect.missing.begin(), worked.expect.missing.end());
    return {};
}

const Json& object_at(const Json& json, std::string_view key) {
    static const Json kEmpty = Json::object();
    const Json* found = json.find(key);
    return found != nullptr && found->is_object() ? *found : kEmpty;
}

Result<> read_case(WorkedCase& worked, const Json& json) {
    RAILHUB_TRY(check_kinds(json, {"upstreams"}, &Json::is_array, "a list"));
    RAILHUB_TRY(check_kinds(
        json, {"downstream", "context", "policy", "expect"}, &Json::is_object, "an object"
    ));
    const ActionRow* action = row_of(kActions, json.text("action"));
    if (action == nullptr) {
        return unknown_word(kActions, "action", json.text("action"));
    }
    const util::JsonArray& upstreams = array_at(json, "upstreams");
    if (upstreams.size() > kMaxUpstreams) {
        return fail(Code::TooLarge, "more than 1000 upstreams");
    }
    const Json& declared = object_at(json, "downstream");
    RAILHUB_TRY(check_kinds(declared, {"license", "name"}, &Json::is_string, "a text"));
    RAILHUB_TRY(check_kinds(declared, {"carries"}, &Json::is_array, "a list"));
    Node subject;
    subject.id = "the result";
    subject.kind = subject_kind(*action, upstreams);
    set_license(subject, declared.text("license"));
    RAILHUB_TRY(subject.carries, texts_at(declared, "carries"));
    worked.lineage.nodes.push_back(std::move(subject));
    worked.use.delivery = action->delivery;
    worked.use.declared_name = declared.text("name");
    for (const Json& upstream : upstreams) {
        RAILHUB_TRY(add_upstream(worked, upstream, *action));
    }
    RAILHUB_TRY(read_context(worked, object_at(json, "context")));
    RAILHUB_TRY(read_policy(worked, object_at(json, "policy")));
    return read_expectation(worked, object_at(json, "expect"));
}

std::vector<std::string> missing_in(const report::Report& report) {
    std::set<std::string> ids;
    for (const report::Finding& finding : report.findings) {
        if (finding.rule != "R3" && finding.rule != "R4" && finding.rule != "R5") {
            continue;
        }
        for (const report::MissingClause& clause : finding.missing) {
            for (const report::MissingRestriction& restriction : clause.restrictions) {
                ids.insert(restriction.id);
            }
        }
    }
    return {ids.begin(), ids.end()};
}

std::string without(const std::vector<std::string>& all, const std::vector<std::string>& known) {
    std::vector<std::string> rest;
    for (const std::string& id : all) {
        if (std::find(known.begin(), known.end(), id) == known.end()) {
            rest.push_back(id);
        }
    }
    return util::join(rest, ", ");
}

} // namespace

util::Result<std::vector<WorkedCase>> parse_cases(const util::Json& json) {
    const Json* cases = json.find("cases");
    if (json.text("format") != kFormat || cases == nullptr || !cases->is_array()) {
        return fail(
            Code::InvalidInput,
            "this is no file of worked cases",
            "it needs 'format': '" + std::string(kFormat) + "' and a list 'cases'"
        );
    }
    if (cases->as_array()->size() > kMaxCases) {
        return fail(Code::TooLarge, "more than 10000 cases in one file");
    }
    std::vector<WorkedCase> all;
    for (const Json& item : *cases->as_array()) {
        WorkedCase worked;
        worked.id = item.text("id", "case " + std::to_string(all.size() + 1));
        worked.title = item.text("title");
        const auto read = read_case(worked, item);
        if (!read.ok()) {
            worked.problem = util::to_line(read.error());
        }
        all.push_back(std::move(worked));
    }
    return all;
}

CaseResult run_case(const WorkedCase& worked, const license::Catalogue& knowledge) {
    CaseResult result;
    if (!worked.problem.empty()) {
        result.differences.push_back("cannot be run: " + worked.problem);
        return result;
    }
    result.report = evaluate(worked.lineage, worked.use, worked.policy, knowledge);
    const report::Verdict verdict = result.report.verdict();
    if (verdict != worked.expect.verdict) {
        result.differences.push_back(
            "verdict is " + std::string(report::verdict_word(verdict)) + ", not " +
            std::string(report::verdict_word(worked.expect.verdict))
        );
    }
    std::vector<std::string> owed;
    for (const report::Obligation& obligation : result.report.obligations) {
        owed.push_back(obligation.id);
    }
    if (const std::string lacking = without(worked.expect.obligations_at_least, owed);
        !lacking.empty()) {
        result.differences.push_back("obligations not reported: " + lacking);
    }
    const std::vector<std::string> missing = missing_in(result.report);
    if (const std::string more = without(missing, worked.expect.missing); !more.empty()) {
        result.differences.push_back("restrictions reported missing: " + more);
    }
    if (const std::string fewer = without(worked.expect.missing, missing); !fewer.empty()) {
        result.differences.push_back("restrictions not reported missing: " + fewer);
    }
    result.has_passed = result.differences.empty();
    return result;
}

} // namespace railhub::compliance
