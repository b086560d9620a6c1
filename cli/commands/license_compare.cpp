// SPDX-License-Identifier: Apache-2.0
// railhub license diff|coverage
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "core/license/compare.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

// Sets that are compared when none is named: those in wide use (licenses 5.5).
const std::vector<std::string>& usual_sets() {
    static const std::vector<std::string> kSets = {
        "bloom-rail-A",
        "openrail-m-A",
        "creativeml-A",
        "openrail++-A",
        "fair-ai-sd-P",
        "bigcode-A",
        "aipubs-A",
        "deepseek-A",
        "ltxv-A",
        "mg-rai-2.2c",
        "gemma-pup",
        "llama3.1-aup",
        "llama4-aup",
        "hunyuan-A"};
    return kSets;
}

std::string with_section(const std::string& value, const std::string& section) {
    return section.empty() ? value : value + " [" + section + "]";
}

std::string diff_text(
    const license::Record& a, const license::Record& b, const license::Comparison& comparison
) {
    std::vector<std::vector<std::string>> terms = {{"", "", "1: " + a.id, "2: " + b.id, "freer"}};
    for (const license::TermRow& row : comparison.terms) {
        if (row.freer != license::Freer::Same) {
            terms.push_back(
                {row.group,
                 row.term,
                 with_section(row.first, row.first_section),
                 with_section(row.second, row.second_section),
                 std::string(freer_word(row.freer))}
            );
        }
    }
    std::string text = terms.size() == 1 ? "no term differs\n" : align(terms);
    std::vector<std::vector<std::string>> clauses = {{"restriction", "1", "2", "width"}};
    for (const license::ClauseRow& row : comparison.clauses) {
        if (row.width != license::Width::Equal) {
            clauses.push_back(
                {row.id,
                 with_section(row.first, row.first_section),
                 with_section(row.second, row.second_section),
                 std::string(width_word(row.width))}
            );
        }
    }
    if (!comparison.sets.empty()) {
        text += "\nuse restrictions: " + comparison.sets + "\n";
        text += clauses.size() == 1 ? "" : align(clauses);
    }
    return text;
}

util::Json diff_json(
    const license::Catalogue& catalogue,
    const license::Record& a,
    const license::Record& b,
    const license::Comparison& comparison
) {
    util::Json terms = util::Json::array();
    for (const license::TermRow& row : comparison.terms) {
        terms.push_back(util::Json::object(
            {{"group", row.group},
             {"term", row.term},
             {"first", row.first},
             {"second", row.second},
             {"first_section", row.first_section},
             {"second_section", row.second_section},
             {"freer", freer_word(row.freer)}}
        ));
    }
    util::Json clauses = util::Json::array();
    for (const license::ClauseRow& row : comparison.clauses) {
        clauses.push_back(util::Json::object(
            {{"restriction", row.id},
             {"first", row.first},
             {"second", row.second},
             {"first_section", row.first_section},
             {"second_section", row.second_section},
             {"width", width_word(row.width)}}
        ));
    }
    return util::Json::object(
        {{"first", a.id},
         {"second", b.id},
         {"terms", std::move(terms)},
         {"restrictions", std::move(clauses)},
         {"sets", comparison.sets.empty() ? util::Json() : util::Json(comparison.sets)},
         {"knowledge", catalogue.description()}}
    );
}

util::Result<ExitCode> run_license_diff(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const license::Record* first, find_license(catalogue, args.text("LICENSE")));
    RAILHUB_TRY(const license::Record* second, find_license(catalogue, args.text("OTHER")));
    const license::Comparison comparison = license::compare(catalogue, *first, *second);
    shell.print(
        diff_json(catalogue, *first, *second, comparison), diff_text(*first, *second, comparison)
    );
    return ExitCode::Done;
}

std::string cell_text(const license::Coverage& coverage) {
    return coverage.uncovered == 0
               ? std::string("ok")
               : std::to_string(coverage.uncovered) + " (" + std::to_string(coverage.absent) + ")";
}

util::Result<ExitCode> run_license_coverage(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    std::vector<std::string> ids = args.list("SET");
    if (ids.empty()) {
        ids = args.has("all") ? catalogue.restriction_set_ids() : usual_sets();
    }
    std::vector<std::vector<std::string>> table = {{"upstream \\ downstream"}};
    util::Json rows = util::Json::array();
    for (const std::string& id : ids) {
        if (catalogue.restriction_set(id) == nullptr) {
            const std::string near = util::nearest(id, catalogue.restriction_set_ids());
            return util::fail(
                util::Code::NotFound,
                "no restriction set '" + id + "' is known",
                near.empty() ? "" : "did you mean '" + near + "'?"
            );
        }
        table.front().push_back(id);
    }
    for (const std::string& upstream : ids) {
        std::vector<std::string> line = {upstream};
        util::Json cells = util::Json::array();
        for (const std::string& downstream : ids) {
            const license::Coverage coverage = license::coverage_of(
                catalogue.taxonomy(),
                *catalogue.restriction_set(upstream),
                *catalogue.restriction_set(downstream)
            );
            line.push_back(cell_text(coverage));
            cells.push_back(util::Json::object(
                {{"downstream", downstream},
                 {"uncovered", coverage.uncovered},
                 {"absent", coverage.absent}}
            ));
        }
        table.push_back(std::move(line));
        rows.push_back(util::Json::object({{"upstream", upstream}, {"downstream", std::move(cells)}}
        ));
    }
    shell.print(
        util::Json::object({{"rows", std::move(rows)}, {"knowledge", catalogue.description()}}),
        align(table)
    );
    return ExitCode::Done;
}

} // namespace

Command license_diff_command() {
    return {
        .name = "license diff",
        .group = "Licenses",
        .summary = "Compare two licenses term by term and clause by clause",
        .page = "license_diff",
        .options = {licenses_option()},
        .operands =
            {{"LICENSE", Need::Required, "The first"}, {"OTHER", Need::Required, "The second"}},
        .run = run_license_diff};
}

Command license_coverage_command() {
    return {
        .name = "license coverage",
        .group = "Licenses",
        .summary = "Show which restriction sets cover which",
        .page = "license_coverage",
        .options =
            {licenses_option(),
             {.name = "all",
              .kind = OptionKind::Switch,
              .help = "All sets, not only the usual ones"}},
        .operands = {{"SET", Need::AnyNumber, "Restriction sets; the usual ones when left out"}},
        .run = run_license_coverage};
}

} // namespace railhub::cli
