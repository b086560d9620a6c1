// SPDX-License-Identifier: Apache-2.0
// Of each required set, the best evidence for every clause over all files with terms.
#include "core/app/written_terms.h"

#include "core/compliance/labels.h"
#include "core/license/clauses.h"
#include "core/origin/read.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::app {

namespace {

using compliance::Carried;
using compliance::Node;

constexpr std::uint64_t kMaxTermsBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMostTermsFiles = 16;
constexpr std::size_t kMostSets = 64;
constexpr std::size_t kMostNamed = 8; // clauses that a message names
constexpr std::string_view kReadmeName = "README.md";
constexpr std::string_view kSetPrefix = "use-restrictions:";
constexpr std::string_view kIdPrefix = "use-restriction:";
constexpr std::string_view kTextPrefix = "license-text:";

constexpr std::array<std::string_view, 9> kTermsNames = {
    "license",
    "licence",
    "copying",
    "use_policy",
    "use-policy",
    "usage_policy",
    "acceptable_use",
    "terms",
    "attachment"};

struct TermsText {
    std::string path;
    std::string text;
};

// A clause and the best that the texts show of it.
struct ClauseState {
    license::ClauseFinding finding;
    std::string path; // empty when absent
};

struct SetState {
    const license::RestrictionSet* set = nullptr;
    std::vector<ClauseState> clauses;
};

bool is_terms_file(const std::string& path) {
    if (path.find('/') != std::string::npos || path.ends_with(".json")) {
        return false;
    }
    const std::string low = util::lower(path);
    return std::any_of(kTermsNames.begin(), kTermsNames.end(), [&](std::string_view name) {
        return low.starts_with(name);
    });
}

// "carried" is best.
int rank(license::ClauseStatus status) {
    switch (status) {
    case license::ClauseStatus::Carried:
        return 3;
    case license::ClauseStatus::Narrower:
        return 2;
    case license::ClauseStatus::Unclear:
        return 1;
    case license::ClauseStatus::Absent:
        return 0;
    }
    return 0;
}

// The sets of everything upstream.
std::vector<const license::RestrictionSet*>
required_sets(const compliance::Lineage& lineage, const license::Catalogue& catalogue) {
    std::vector<const license::RestrictionSet*> sets;
    for (const Node& node : lineage.nodes) {
        for (const license::Record* record : compliance::licenses_of(node, catalogue)) {
            const license::RestrictionSet* set = catalogue.restriction_set(record->restriction_set);
            const bool is_new =
                set != nullptr && std::find(sets.begin(), sets.end(), set) == sets.end();
            if (is_new && sets.size() < kMostSets) {
                sets.push_back(set);
            }
        }
    }
    return sets;
}

// What one text shows of a set, where it is better than what was shown before.
void note_evidence(SetState& state, const license::CarriedClauses& found, const std::string& path) {
    state.clauses.resize(found.clauses.size());
    for (std::size_t i = 0; i < found.clauses.size(); ++i) {
        ClauseState& best = state.clauses[i];
        const license::ClauseFinding& finding = found.clauses[i];
        if (best.finding.section.empty() || rank(finding.status) > rank(best.finding.status)) {
            const bool absent = finding.status == license::ClauseStatus::Absent;
            best = {finding, absent ? std::string() : path};
        }
    }
}

std::vector<SetState> states_of(
    const std::vector<const license::RestrictionSet*>& sets,
    const license::Catalogue& catalogue,
    const std::vector<TermsText>& texts
) {
    std::vector<SetState> states;
    for (const license::RestrictionSet* set : sets) {
        states.push_back({set, {}});
    }
    for (const TermsText& text : texts) {
        const auto found = license::find_all_carried(catalogue, sets, text.text);
        for (std::size_t i = 0; i < sets.size(); ++i) {
            note_evidence(states[i], found[i], text.path);
        }
    }
    return states;
}

std::string restriction_name(const license::Restriction& restriction) {
    return restriction.id + (restriction.variant.empty() ? "" : "#" + restriction.variant);
}

bool is_whole(const license::LicenseMatch& match) {
    return match.kind == license::MatchKind::Text && match.candidates.empty() &&
           match.fit != license::TextFit::Changed && match.fit != license::TextFit::Partial;
}

class WrittenTerms {
  public:
    WrittenTerms(const license::Catalogue& catalogue, compliance::Lineage& lineage)
        : catalogue_(catalogue), lineage_(lineage) {}

    util::Result<> read(const util::Context& ctx, Source& source) {
        RAILHUB_TRY(const std::vector<std::string> files, source.files(ctx));
        for (const std::string& path : files) {
            if (is_terms_file(path) && texts_.size() < kMostTermsFiles) {
                RAILHUB_TRY(read_file(ctx, source, path));
                has_terms_ = true;
            }
        }
        if (std::find(files.begin(), files.end(), kReadmeName) != files.end()) {
            RAILHUB_TRY(read_file(ctx, source, std::string(kReadmeName)));
        }
        return {};
    }

    std::vector<report::Finding> apply() {
        if (has_terms_) {
            find_texts();
        }
        std::vector<const license::RestrictionSet*> open;
        for (const license::RestrictionSet* set : required_sets(lineage_, catalogue_)) {
            // The license itself brings its restrictions along, policies it refers to included.
            if (own_sets_.contains(set->id)) {
                add_carried(std::string(kSetPrefix) + set->id);
            } else {
                open.push_back(set);
            }
        }
        if (!open.empty()) {
            sets_ = states_of(open, catalogue_, texts_);
        }
        if (has_terms_ || std::any_of(sets_.begin(), sets_.end(), &carries_any)) {
            note_declared_only();
            replace_declared();
        }
        return std::move(findings_);
    }

  private:
    util::Result<> read_file(const util::Context& ctx, Source& source, const std::string& path) {
        auto text = source.read(ctx, path, kMaxTermsBytes);
        if (text.ok()) {
            if (text->has_value()) {
                texts_.push_back({path, std::move(**text)});
            }
            return {};
        }
        if (text.error().code != util::Code::TooLarge) {
            return std::move(text).error();
        }
        if (path != kReadmeName) {
            add_finding(
                "'" + path + "' is too large to be read as terms",
                "keep the terms in a text file below 1 MiB",
                path,
                0
            );
        }
        return {};
    }

    static bool carries_any(const SetState& state) {
        return std::any_of(
            state.clauses.begin(),
            state.clauses.end(),
            [](const ClauseState& clause) {
                return clause.finding.status == license::ClauseStatus::Carried;
            }
        );
    }

    [[nodiscard]] Node& subject() const { return lineage_.nodes.front(); }

    [[nodiscard]] bool declares(const std::string& set) const {
        const auto& carried = subject().carries;
        const bool labelled = [&] {
            for (const license::Record* record : compliance::licenses_of(subject(), catalogue_)) {
                if (record->restriction_set == set) {
                    return true;
                }
            }
            return false;
        }();
        return labelled ||
               std::find(carried.begin(), carried.end(), std::string(kSetPrefix) + set) !=
                   carried.end();
    }

    // Declared by the card, and not in the terms.
    void note_declared_only() {
        for (const SetState& state : sets_) {
            std::vector<std::string> open;
            for (const ClauseState& clause : state.clauses) {
                if (clause.finding.status != license::ClauseStatus::Carried) {
                    open.push_back(clause_text(clause));
                }
            }
            if (open.empty() || !declares(state.set->id)) {
                continue;
            }
            const std::size_t count = open.size();
            if (count > kMostNamed) {
                open.resize(kMostNamed);
                open.emplace_back("...");
            }
            add_finding(
                "the card declares the use restrictions '" + state.set->id + "', but " +
                    std::to_string(count) + " of " + std::to_string(state.clauses.size()) +
                    " clauses are not written in the terms: " + util::join(open, ", "),
                "put the clauses into the terms; 'railhub license carried --of " + state.set->id +
                    "' shows what is there",
                std::string(kReadmeName),
                subject().location ? subject().location->line : 0
            );
        }
    }

    static std::string clause_text(const ClauseState& clause) {
        std::string out = clause.finding.section + " " +
                          std::string(license::clause_status_word(clause.finding.status));
        if (!clause.path.empty()) {
            out += " (" + clause.path + " line " + std::to_string(clause.finding.place.first_line) +
                   ")";
        }
        return out;
    }

    // What the card declares of the sets that were looked for gives way to what was found.
    void replace_declared() {
        std::vector<Carried>& carries = subject().carries;
        std::set<std::string> looked_for;
        for (const SetState& state : sets_) {
            looked_for.insert(std::string(kSetPrefix) + state.set->id);
            for (const license::Restriction& restriction : state.set->flat()) {
                looked_for.insert(std::string(kIdPrefix) + restriction_name(restriction));
            }
        }
        std::erase_if(carries, [&](const Carried& carried) {
            return looked_for.contains(carried);
        });
        for (const SetState& state : sets_) {
            for (const ClauseState& clause : state.clauses) {
                if (clause.finding.status != license::ClauseStatus::Carried) {
                    continue;
                }
                for (const license::Restriction& restriction : clause.finding.restrictions) {
                    add_carried(std::string(kIdPrefix) + restriction_name(restriction));
                }
            }
        }
    }

    // The license files were looked at for the facts, and are among what the subject carries.
    void find_texts() {
        for (const Carried& carried : subject().carries) {
            const license::Record* record =
                carried.starts_with(kTextPrefix)
                    ? catalogue_.find(std::string_view(carried).substr(kTextPrefix.size()))
                    : nullptr;
            if (record != nullptr) {
                own_sets_.insert(record->restriction_set);
            }
        }
        for (const TermsText& text : texts_) {
            if (origin::is_license_file(text.path)) {
                continue;
            }
            const license::Detection found =
                license::detect(license::Fingerprints::built_in(), text.text);
            for (const license::LicenseMatch& match : found.matches) {
                const license::Record* record = catalogue_.find(match.id);
                if (record != nullptr && is_whole(match)) {
                    add_carried(std::string(kTextPrefix) + record->id);
                    own_sets_.insert(record->restriction_set);
                }
            }
        }
    }

    void add_carried(Carried carried) {
        std::vector<Carried>& carries = subject().carries;
        if (std::find(carries.begin(), carries.end(), carried) == carries.end()) {
            carries.push_back(std::move(carried));
        }
    }

    void add_finding(std::string message, std::string fix, std::string path, std::uint32_t line) {
        report::Finding finding;
        finding.rule = "terms.written";
        finding.severity = report::Severity::Warning;
        finding.subject = subject().id;
        finding.message = std::move(message);
        finding.fix = std::move(fix);
        finding.location = report::Location{std::move(path), line, 0};
        findings_.push_back(std::move(finding));
    }

    const license::Catalogue& catalogue_;
    compliance::Lineage& lineage_;
    std::vector<TermsText> texts_;
    std::vector<SetState> sets_;
    std::set<std::string> own_sets_; // of licenses whose text is there
    std::vector<report::Finding> findings_;
    bool has_terms_ = false;
};

} // namespace

util::Result<std::vector<report::Finding>> apply_written_terms(
    const util::Context& ctx,
    Source& source,
    const license::Catalogue& catalogue,
    compliance::Lineage& lineage
) {
    WrittenTerms terms(catalogue, lineage);
    RAILHUB_TRY(terms.read(ctx, source));
    return terms.apply();
}

} // namespace railhub::app
