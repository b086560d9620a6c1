// SPDX-License-Identifier: Apache-2.0
// Walks ancestors, licenses, purposes, clauses; what is touched is collected by how badly.
#include "core/project/declared_use.h"

#include "core/compliance/labels.h"
#include "core/project/codes.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::project {

namespace {

using compliance::Ancestor;
using compliance::Lineage;
using license::Record;
using license::Restriction;
using license::RestrictionSet;

struct NamedPurpose {
    const Purpose* purpose = nullptr;
    std::string field; // "use.purposes"
};

std::vector<NamedPurpose> declared_purposes(const DeclaredUse& use, const Purposes& purposes) {
    std::vector<NamedPurpose> all;
    const auto add = [&](const std::vector<Word>& words, Purpose::Kind kind, const char* field) {
        for (const Word& word : words) {
            if (const Purpose* purpose = purposes.find(kind, word.text)) {
                all.push_back({purpose, field});
            }
        }
    };
    add(use.purposes, Purpose::Kind::Purpose, "use.purposes");
    add(use.audience, Purpose::Kind::Audience, "use.audience");
    return all;
}

bool is_kept(const std::vector<Attestation>& attestations, const Restriction& restriction) {
    return std::any_of(attestations.begin(), attestations.end(), [&](const Attestation& one) {
        return std::any_of(one.keeps.begin(), one.keeps.end(), [&](const Word& id) {
            return restriction.id == id.text || restriction.id.starts_with(id.text + ".") ||
                   restriction.id + "#" + restriction.variant == id.text;
        });
    });
}

// The clauses of a set that a purpose touches in one way.
struct Touched {
    std::vector<std::string> ids;
    std::vector<std::string> sections;
};

Touched touched_by(
    const Purpose& purpose,
    const RestrictionSet& set,
    Touch how,
    const std::vector<Attestation>& attestations
) {
    Touched touched;
    for (const license::Clause& clause : set.clauses) {
        for (const Restriction& restriction : clause.restrictions) {
            const bool is_open = touch(purpose, restriction) == how &&
                                 (how == Touch::Forbidden || !is_kept(attestations, restriction));
            if (!is_open) {
                continue;
            }
            if (std::find(touched.ids.begin(), touched.ids.end(), restriction.id) ==
                touched.ids.end()) {
                touched.ids.push_back(restriction.id);
            }
            if (touched.sections.empty() || touched.sections.back() != clause.section) {
                touched.sections.push_back(clause.section);
            }
        }
    }
    return touched;
}

std::string quoted_ids(const std::vector<std::string>& ids) {
    return "'" + util::join(ids, "', '") + "'";
}

class UseJudge {
  public:
    UseJudge(
        const Lineage& lineage,
        const std::vector<Attestation>& attestations,
        const license::Catalogue& catalogue
    )
        : lineage_(lineage), attestations_(attestations), catalogue_(catalogue),
          all_(compliance::ancestors(lineage)) {}

    UseJudged run(const std::vector<NamedPurpose>& purposes) {
        for (const Ancestor& ancestor : all_) {
            const compliance::Node& node = lineage_.nodes[ancestor.node];
            if (ancestor.trace.way != compliance::Way::Work ||
                node.resolution != compliance::Resolution::Resolved) {
                continue;
            }
            for (const Record* record : compliance::licenses_of(node, catalogue_)) {
                const RestrictionSet* set = catalogue_.restriction_set(record->restriction_set);
                if (set == nullptr || !seen_.insert(record->id).second) {
                    continue;
                }
                if (purposes.empty()) {
                    judged_.unjudged.insert(record->id);
                }
                for (const NamedPurpose& purpose : purposes) {
                    judge(ancestor, *record, *set, purpose);
                }
            }
        }
        return std::move(judged_);
    }

  private:
    void judge(
        const Ancestor& ancestor,
        const Record& record,
        const RestrictionSet& set,
        const NamedPurpose& declared
    ) {
        const Touched out = touched_by(*declared.purpose, set, Touch::Forbidden, attestations_);
        if (!out.ids.empty()) {
            report::Finding finding = finding_for(
                "use.forbidden",
                ancestor,
                record,
                declared,
                out,
                "'" + declared.purpose->id + "' falls under " + quoted_ids(out.ids) + " of '" +
                    record.id + "', which forbids it"
            );
            finding.fix = "replace '" + lineage_.nodes[ancestor.node].id + "', or drop '" +
                          declared.purpose->id + "' from '" + declared.field + "'";
            judged_.findings.push_back(std::move(finding));
        }
        const Touched open =
            touched_by(*declared.purpose, set, Touch::NeedsStatement, attestations_);
        if (!open.ids.empty()) {
            report::Finding finding = finding_for(
                "use.needs-statement",
                ancestor,
                record,
                declared,
                open,
                "whether '" + declared.purpose->id + "' keeps " + quoted_ids(open.ids) + " of '" +
                    record.id + "' depends on how it is done, and nobody has said so"
            );
            finding.fix = "once it is so, state it: [[attestations]] with keeps = [\"" +
                          util::join(open.ids, "\", \"") + "\"], signed-by and date";
            judged_.findings.push_back(std::move(finding));
        }
    }

    report::Finding finding_for(
        std::string_view code,
        const Ancestor& ancestor,
        const Record& record,
        const NamedPurpose& declared,
        const Touched& touched,
        std::string message
    ) const {
        report::Finding finding =
            finding_of(code, declared.field + ": " + declared.purpose->id, std::move(message));
        finding.chain = compliance::chain_of(lineage_, all_, ancestor);
        for (const std::string& section : touched.sections) {
            finding.citations.push_back({record.id, section});
        }
        return finding;
    }

    const Lineage& lineage_;
    const std::vector<Attestation>& attestations_;
    const license::Catalogue& catalogue_;
    std::vector<Ancestor> all_;
    std::set<std::string> seen_;
    UseJudged judged_;
};

} // namespace

UseJudged judge_use(
    const Lineage& lineage,
    const DeclaredUse& use,
    const std::vector<Attestation>& attestations,
    const license::Catalogue& catalogue,
    const Purposes& purposes
) {
    return UseJudge(lineage, attestations, catalogue).run(declared_purposes(use, purposes));
}

} // namespace railhub::project
