// SPDX-License-Identifier: Apache-2.0
// Values -> JSON.
#include "core/app/license_answers.h"

namespace railhub::app {

util::Json license_json(const LineageView& view) {
    const util::Json lineage = to_json(view);
    const util::Json& subject = lineage.find("artifacts")->as_array()->front();
    util::Json conflicts = util::Json::array();
    for (const LineageConflict& conflict : view.conflicts) {
        if (conflict.node == 0 && conflict.about == LineageConflict::About::License) {
            conflicts.push_back(util::Json::object({{"message", conflict.message}}));
        }
    }
    const auto member = [&subject](std::string_view key) { return *subject.find(key); };
    return util::Json::object(
        {{"format", "repo-license/1"},
         {"id", member("id")},
         {"kind", member("kind")},
         {"revision", member("revision")},
         {"state", member("state")},
         {"licenses", member("licenses")},
         {"license_name", member("license_name")},
         {"license_link", member("license_link")},
         {"claims", member("claims")},
         {"carries", member("carries")},
         {"conflicts", std::move(conflicts)},
         {"knowledge", view.knowledge}}
    );
}

util::Json obligations_json(
    const report::Report& report,
    const std::vector<compliance::ClauseToCarry>& clauses,
    const std::string& notice
) {
    util::Json owed = util::Json::array();
    for (const report::Obligation& obligation : report.obligations) {
        owed.push_back(util::Json::object(
            {{"id", obligation.id},
             {"license", obligation.license},
             {"section", obligation.section},
             {"artifact", obligation.artifact},
             {"note", obligation.note.empty() ? util::Json() : util::Json(obligation.note)}}
        ));
    }
    util::Json carried = util::Json::array();
    for (const compliance::ClauseToCarry& clause : clauses) {
        carried.push_back(util::Json::object(
            {{"license", clause.license},
             {"set", clause.set},
             {"section", clause.section},
             {"restriction", clause.id},
             {"variant", clause.variant.empty() ? util::Json() : util::Json(clause.variant)},
             {"meaning", clause.meaning}}
        ));
    }
    return util::Json::object(
        {{"format", "license-obligations/1"},
         {"verdict", report::verdict_word(report.verdict())},
         {"obligations", std::move(owed)},
         {"restrictions", std::move(carried)},
         {"notice", notice},
         {"knowledge", report.knowledge}}
    );
}

} // namespace railhub::app
