// SPDX-License-Identifier: Apache-2.0
// railhub license carried
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/license_scan.h"
#include "core/license/clauses.h"

#include <algorithm>

namespace railhub::cli {

namespace {

struct CarriedFile {
    std::string path;
    license::CarriedClauses carried;
    std::vector<std::string> passages; // by clause
};

// A set by its id, or that of a license by any name of it.
util::Result<const license::RestrictionSet*>
required_set(const license::Catalogue& catalogue, const std::string& name) {
    if (const license::RestrictionSet* set = catalogue.restriction_set(name)) {
        return set;
    }
    const license::Record* record = catalogue.find(name);
    const license::RestrictionSet* set =
        record == nullptr ? nullptr : catalogue.restriction_set(record->restriction_set);
    if (set == nullptr) {
        return util::fail(
            util::Code::NotFound,
            "no restriction set '" + name + "'",
            "name a set, or a license that has one: 'railhub license show LICENSE'"
        );
    }
    return set;
}

std::string restriction_text(const license::Restriction& restriction) {
    return restriction.id + (restriction.variant.empty() ? "" : "#" + restriction.variant);
}

util::Json clause_json(const license::ClauseFinding& finding, const std::string& passage) {
    util::Json restrictions = util::Json::array();
    for (const license::Restriction& restriction : finding.restrictions) {
        restrictions.push_back(restriction_text(restriction));
    }
    const bool absent = finding.status == license::ClauseStatus::Absent;
    return util::Json::object(
        {{"clause", finding.section},
         {"restrictions", std::move(restrictions)},
         {"status", license::clause_status_word(finding.status)},
         {"evidence", license::clause_evidence_word(finding.evidence)},
         {"confidence", finding.confidence},
         {"place", absent ? util::Json() : place_json(finding.place)},
         {"text", absent ? util::Json() : util::Json(passage)},
         {"via", finding.via.empty() ? util::Json() : util::Json(finding.via)},
         {"qualifiers", util::Json::array_of(finding.qualifiers)}}
    );
}

util::Json carried_json(const CarriedFile& file) {
    util::Json clauses = util::Json::array();
    for (std::size_t i = 0; i < file.passages.size(); ++i) {
        clauses.push_back(clause_json(file.carried.clauses[i], file.passages[i]));
    }
    return util::Json::object(
        {{"path", file.path},
         {"all_carried", file.carried.all_carried()},
         {"names_license", file.carried.names_license},
         {"clauses", std::move(clauses)}}
    );
}

std::string carried_text(const Shell& shell, const CarriedFile& file) {
    std::vector<std::vector<std::string>> rows;
    std::size_t carried = 0;
    for (const license::ClauseFinding& finding : file.carried.clauses) {
        carried += finding.status == license::ClauseStatus::Carried ? 1U : 0U;
        std::string where =
            finding.status == license::ClauseStatus::Absent ? "-" : lines_text(finding.place);
        std::string how(license::clause_evidence_word(finding.evidence));
        how += finding.via.empty() ? "" : " (" + finding.via + ")";
        for (const std::string& word : finding.qualifiers) {
            how += " +" + word;
        }
        rows.push_back(
            {"  " + finding.section,
             std::string(license::clause_status_word(finding.status)),
             std::to_string(static_cast<int>(finding.confidence * 100)) + " %",
             std::move(where),
             std::move(how)}
        );
    }
    std::string out = shell.terminal.styled(Style::Bold, file.path) + ": " +
                      std::to_string(carried) + " of " + std::to_string(rows.size()) +
                      " clauses are carried\n" + align(rows);
    if (carried == 0 && file.carried.names_license) {
        out += "  the text names a license; a name carries no clause\n";
    }
    return out;
}

util::Result<CarriedFile> read_carried(
    Shell& shell,
    const license::Catalogue& catalogue,
    const license::RestrictionSet& set,
    const std::string& path
) {
    RAILHUB_TRY(const std::string bytes, read_start(shell.fs, path));
    CarriedFile file{path, {}, {}};
    file.carried = license::find_carried(
        license::Fingerprints::built_in(), catalogue, license::built_in_wording(), set, bytes
    );
    for (const license::ClauseFinding& finding : file.carried.clauses) {
        file.passages.push_back(passage(bytes, finding.place));
    }
    return file;
}

util::Result<ExitCode> run_license_carried(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const license::RestrictionSet* set, required_set(catalogue, args.text("of")));
    util::Json list = util::Json::array();
    std::string text;
    bool all = true;
    for (const std::string& path : args.list("FILE")) {
        RAILHUB_TRY(const CarriedFile file, read_carried(shell, catalogue, *set, path));
        all = all && file.carried.all_carried();
        list.push_back(carried_json(file));
        text += carried_text(shell, file);
    }
    shell.print(
        util::Json::object(
            {{"format", "license-carried/1"},
             {"knowledge", catalogue.version()},
             {"fingerprints", license::Fingerprints::built_in().version()},
             {"set", set->id},
             {"files", std::move(list)}}
        ),
        text
    );
    return all ? ExitCode::Done : ExitCode::Findings;
}

} // namespace

Command license_carried_command() {
    return {
        .name = "license carried",
        .group = "Licenses",
        .summary = "Say which clauses of a restriction set a text really carries",
        .page = "license_carried",
        .options =
            {licenses_option(),
             {.name = "of", .value = "SET", .help = "Restriction set, or a license that has one"}},
        .operands = {{"FILE", Need::OneOrMore, "License, terms or card of the derivative"}},
        .run = run_license_carried};
}

} // namespace railhub::cli
