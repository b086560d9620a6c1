// SPDX-License-Identifier: Apache-2.0
// railhub license list|show
#include "core/license/license.h"

#include "cli/commands.h"
#include "cli/knowledge.h"
#include "core/license/catalogue.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

util::Result<ExitCode> run_license_list(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& record : catalogue.records()) {
        if (args.has("family") && record.family != args.text("family")) {
            continue;
        }
        list.push_back(util::Json::object(
            {{"id", record.id},
             {"name", record.name},
             {"family", record.family},
             {"spdx", record.spdx},
             {"hub_key", record.hub_key},
             {"restriction_set", record.restriction_set}}
        ));
        rows.push_back({record.id, record.family, record.name});
    }
    shell.print(list, align(rows));
    return ExitCode::Done;
}

std::vector<std::string>
term_row(const std::string& name, const std::string& value, const std::string& section) {
    return {"  " + name, value, section};
}

std::string terms_text(
    const license::Catalogue& catalogue,
    std::string_view title,
    const std::vector<license::Term>& terms
) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& term : terms) {
        rows.push_back(term_row(term.term, std::string(catalogue.meaning(term.term)), term.section)
        );
    }
    return rows.empty() ? std::string() : "\n" + std::string(title) + ":\n" + align(rows);
}

std::string restrictions_text(const license::Catalogue& catalogue, const license::Record& record) {
    const license::RestrictionSet* set = catalogue.restriction_set(record.restriction_set);
    if (set == nullptr) {
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& clause : set->clauses) {
        for (const auto& restriction : clause.restrictions) {
            rows.push_back(term_row(
                restriction.id,
                std::string(catalogue.taxonomy().definition(restriction.id)),
                clause.section
            ));
        }
    }
    return "\nuse restrictions (" + set->id + "):\n" + align(rows);
}

std::string record_text(
    const Shell& shell, const license::Catalogue& catalogue, const license::Record& record
) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& permission : record.permissions) {
        rows.push_back(term_row(
            permission.term, std::string(license::grant_word(permission.value)), permission.section
        ));
    }
    std::string text = shell.terminal.styled(Style::Bold, record.name) + " (" + record.id + ")\n" +
                       record.summary + "\n\n" +
                       align(
                           {{"family", record.family},
                            {"SPDX", record.spdx.empty() ? "-" : record.spdx},
                            {"on hubs", record.hub_key.empty() ? "-" : record.hub_key},
                            {"read from", std::string(license::reading_word(record.reading))}}
                       ) +
                       "\npermissions:\n" + align(rows);
    text += terms_text(catalogue, "obligations", record.obligations);
    text += terms_text(catalogue, "limits", record.limits);
    return text + restrictions_text(catalogue, record);
}

util::Json terms_json(const std::vector<license::Term>& terms) {
    util::Json list = util::Json::array();
    for (const auto& term : terms) {
        list.push_back(util::Json::object(
            {{"term", term.term},
             {"section", term.section},
             {"detail", term.detail},
             {"note", term.note}}
        ));
    }
    return list;
}

util::Json record_json(const license::Catalogue& catalogue, const license::Record& record) {
    util::Json permissions = util::Json::array();
    for (const auto& permission : record.permissions) {
        permissions.push_back(util::Json::object(
            {{"term", permission.term},
             {"value", license::grant_word(permission.value)},
             {"section", permission.section}}
        ));
    }
    util::Json restrictions = util::Json::array();
    if (const auto* set = catalogue.restriction_set(record.restriction_set)) {
        for (const auto& clause : set->clauses) {
            for (const auto& restriction : clause.restrictions) {
                restrictions.push_back(util::Json::object(
                    {{"id", restriction.id},
                     {"variant", restriction.variant},
                     {"section", clause.section}}
                ));
            }
        }
    }
    return util::Json::object(
        {{"id", record.id},
         {"name", record.name},
         {"family", record.family},
         {"summary", record.summary},
         {"spdx", record.spdx},
         {"hub_key", record.hub_key},
         {"reading", license::reading_word(record.reading)},
         {"permissions", std::move(permissions)},
         {"obligations", terms_json(record.obligations)},
         {"limits", terms_json(record.limits)},
         {"restriction_set", record.restriction_set},
         {"restrictions", std::move(restrictions)},
         {"knowledge", catalogue.description()}}
    );
}

util::Result<ExitCode> run_license_show(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const license::Record* record, find_license(catalogue, args.text("LICENSE")));
    shell.print(record_json(catalogue, *record), record_text(shell, catalogue, *record));
    return ExitCode::Done;
}

} // namespace

Command license_list_command() {
    return {
        .name = "license list",
        .group = "Licenses",
        .summary = "List the licenses railhub knows",
        .page = "license_list",
        .options =
            {licenses_option(),
             {.name = "family", .value = "ID", .help = "Of this family only, such as 'openrail'"}},
        .operands = {},
        .run = run_license_list};
}

Command license_show_command() {
    return {
        .name = "license show",
        .group = "Licenses",
        .summary = "Show what a license permits, asks and forbids",
        .page = "license_show",
        .options = {licenses_option()},
        .operands = {{"LICENSE", Need::Required, "Record id, SPDX id, hub key or alias"}},
        .run = run_license_show};
}

} // namespace railhub::cli
