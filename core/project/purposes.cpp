// SPDX-License-Identifier: Apache-2.0
// Reading the rows, and how one bears on a restriction.
#include "core/project/purposes.h"

#include "core/project/data/data.h"
#include "core/util/assert.h"

#include <algorithm>

namespace railhub::project {

namespace {

using util::Json;

util::Error not_purposes(const std::string& why) {
    return util::fail(util::Code::InvalidInput, "not a table of purposes: " + why);
}

util::Result<std::vector<std::string>> ids_at(const Json& row, std::string_view key) {
    const Json* list = row.find(key);
    if (list == nullptr || !list->is_array()) {
        return not_purposes("'" + std::string(key) + "' is no list");
    }
    std::vector<std::string> ids;
    for (const Json& item : *list->as_array()) {
        if (!item.is_string()) {
            return not_purposes("'" + std::string(key) + "' has an entry that is no text");
        }
        ids.push_back(*item.as_string());
    }
    return ids;
}

bool is_below(std::string_view id, std::string_view branch) {
    return id.size() > branch.size() && id.starts_with(branch) && id[branch.size()] == '.';
}

bool names(const std::vector<std::string>& entries, const license::Restriction& restriction) {
    return std::any_of(entries.begin(), entries.end(), [&restriction](const std::string& entry) {
        return entry.find('#') == std::string::npos &&
               (entry == restriction.id || is_below(restriction.id, entry) ||
                is_below(entry, restriction.id));
    });
}

bool names_exactly(const std::vector<std::string>& entries, const license::Restriction& wanted) {
    return !wanted.variant.empty() &&
           std::find(entries.begin(), entries.end(), wanted.id + "#" + wanted.variant) !=
               entries.end();
}

} // namespace

Touch touch(const Purpose& purpose, const license::Restriction& restriction) {
    if (names_exactly(purpose.forbids, restriction)) {
        return Touch::Forbidden;
    }
    if (names_exactly(purpose.asks, restriction)) {
        return Touch::NeedsStatement;
    }
    if (names(purpose.forbids, restriction)) {
        return Touch::Forbidden;
    }
    return names(purpose.asks, restriction) ? Touch::NeedsStatement : Touch::Allowed;
}

util::Result<Purposes> Purposes::parse(const Json& json) {
    const Json* list = json.find("purposes");
    if (json.text("format") != "purposes/1" || list == nullptr || !list->is_array()) {
        return not_purposes("it needs 'format': 'purposes/1' and a list 'purposes'");
    }
    Purposes purposes;
    for (const Json& row : *list->as_array()) {
        Purpose purpose;
        purpose.id = row.text("id");
        const std::string kind = row.text("kind");
        if (purpose.id.empty() || (kind != "purpose" && kind != "audience")) {
            return not_purposes("a row has no id, or is neither a purpose nor an audience");
        }
        purpose.kind = kind == "purpose" ? Purpose::Kind::Purpose : Purpose::Kind::Audience;
        purpose.title = row.text("title");
        RAILHUB_TRY(purpose.forbids, ids_at(row, "forbids"));
        RAILHUB_TRY(purpose.asks, ids_at(row, "asks"));
        purposes.rows_.push_back(std::move(purpose));
    }
    return purposes;
}

const Purposes& Purposes::built_in() {
    static const Purposes kPurposes = [] {
        RAILHUB_ASSERT(project_data::files().size() == 1);
        auto json = util::parse_json(project_data::files().front().text);
        RAILHUB_ASSERT(json.ok());
        auto purposes = parse(*json);
        RAILHUB_ASSERT(purposes.ok());
        return std::move(purposes).value();
    }();
    return kPurposes;
}

const Purpose* Purposes::find(Purpose::Kind kind, std::string_view id) const {
    for (const Purpose& row : rows_) {
        if (row.kind == kind && row.id == id) {
            return &row;
        }
    }
    return nullptr;
}

std::vector<std::string> Purposes::ids(Purpose::Kind kind) const {
    std::vector<std::string> out;
    for (const Purpose& row : rows_) {
        if (row.kind == kind) {
            out.push_back(row.id);
        }
    }
    return out;
}

std::string purposes_page() {
    std::string page;
    for (const Purpose::Kind kind : {Purpose::Kind::Purpose, Purpose::Kind::Audience}) {
        const bool first = kind == Purpose::Kind::Purpose;
        page += first ? "### Purposes\n" : "\n### Audiences\n";
        page +=
            "\n| id | meaning | falls under | needs a statement on |\n| --- | --- | --- | --- |\n";
        for (const Purpose& row : Purposes::built_in().rows()) {
            if (row.kind != kind) {
                continue;
            }
            const auto listed = [](const std::vector<std::string>& ids) {
                std::string out;
                for (const std::string& id : ids) {
                    out += (out.empty() ? "`" : ", `") + id + "`";
                }
                return out;
            };
            page += "| `" + row.id + "` | " + row.title + " | " + listed(row.forbids) + " | " +
                    listed(row.asks) + " |\n";
        }
    }
    return page;
}

} // namespace railhub::project
