// SPDX-License-Identifier: Apache-2.0
// Nothing counts because it is said: files are read, passages looked for, clauses found.
#include "core/app/project_terms.h"

#include "core/license/clauses.h"
#include "core/origin/read.h"
#include "core/project/codes.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

using project::Attestation;
using project::Word;

constexpr std::uint64_t kMaxAttested = std::uint64_t{4} << 20;
constexpr std::size_t kMostOpen = 8; // clauses that a message names

// Terms that `railhub license compose` drafted name the restriction behind each clause:
// "[`medical.advice#any`]".
std::vector<license::Restriction> marked_restrictions(std::string_view text) {
    constexpr std::string_view kOpen = "[`";
    constexpr std::string_view kClose = "`]";
    std::vector<license::Restriction> marked;
    for (std::size_t at = text.find(kOpen); at != std::string_view::npos;
         at = text.find(kOpen, at + kOpen.size())) {
        const std::size_t end = text.find(kClose, at);
        if (end == std::string_view::npos) {
            break;
        }
        const std::string_view name = text.substr(at + kOpen.size(), end - at - kOpen.size());
        const std::size_t hash = name.find('#');
        marked.push_back(
            {std::string(name.substr(0, hash)),
             hash == std::string_view::npos ? std::string() : std::string(name.substr(hash + 1))}
        );
    }
    return marked;
}

// Words with one blank between them.
std::string folded(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char ch : text) {
        const bool blank = ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
        if (!blank) {
            out += gap && !out.empty() ? " " : "";
            out += ch;
        }
        gap = blank;
    }
    return out;
}

class TermsReader {
  public:
    TermsReader(
        const util::Context& ctx,
        util::Fs& fs,
        const std::string& folder,
        const project::Project& project,
        const license::Catalogue& catalogue
    )
        : ctx_(ctx), fs_(fs), folder_(folder), project_(project), catalogue_(catalogue) {}

    util::Result<ProjectTerms> run() {
        RAILHUB_TRY(read_license());
        for (const Attestation& attestation : project_.attestations) {
            RAILHUB_TRY(ctx_.check_stop());
            attest(attestation);
        }
        std::vector<std::string>& carries = out_.facts.carries;
        std::sort(carries.begin(), carries.end());
        carries.erase(std::unique(carries.begin(), carries.end()), carries.end());
        return std::move(out_);
    }

  private:
    // --- the license of the project ---

    util::Result<> read_license() {
        RAILHUB_TRY(const std::vector<std::string> names, fs_.list(folder_));
        std::vector<std::string> files;
        std::copy_if(
            names.begin(), names.end(), std::back_inserter(files), &origin::is_main_license_file
        );
        for (const std::string& name : files) {
            RAILHUB_TRY(ctx_.check_stop());
            const auto text = util::read_file(fs_, util::join_path(folder_, name), kMaxAttested);
            if (text.ok()) {
                const license::Detection found =
                    license::detect(license::Fingerprints::built_in(), *text);
                origin::read_license_text(out_.facts, found, catalogue_, name);
                read_tags(found, name);
            }
        }
        // A project has its license; the texts beside it are not terms of what it uses.
        std::erase_if(out_.facts.carries, [](const std::string& carried) {
            return carried.starts_with("license-text:");
        });
        state_license();
        origin::settle_licenses(out_.facts);
        return {};
    }

    // A file that only names the license speaks for the project as well as its text does.
    void read_tags(const license::Detection& found, const std::string& name) {
        for (const license::LicenseMatch& match : found.matches) {
            if (match.kind == license::MatchKind::Tag && !match.id.empty() &&
                out_.facts.claims.empty()) {
                origin::add_claim(
                    out_.facts, {compliance::Basis::Detected, match.id, name, "by name", true}
                );
            }
        }
    }

    void state_license() {
        const Word& stated = project_.license;
        if (stated.empty()) {
            return;
        }
        const license::Record* record = catalogue_.find(stated.text);
        for (const compliance::LicenseClaim& claim : out_.facts.claims) {
            const bool differs = claim.is_whole && record != nullptr && record->is_license() &&
                                 catalogue_.find(claim.license) != record;
            if (differs) {
                report::Finding finding = project::finding_of(
                    "project.license",
                    "project.license",
                    "railhub.toml states '" + stated.text + "', and '" + claim.where +
                        "' holds the text of '" + claim.license + "'"
                );
                finding.fix = "correct 'project.license', or the file";
                finding.location = stated.at;
                out_.findings.push_back(std::move(finding));
            }
        }
        out_.facts.claims.clear();
        origin::add_claim(
            out_.facts,
            {compliance::Basis::Declared, stated.text, std::string(kProjectFile), "", true}
        );
        out_.facts.license_at = stated.at;
    }

    // --- attestations ---

    void attest(const Attestation& attestation) {
        std::string text;
        if (!attestation.file.empty() && !read_attested(attestation, text)) {
            return;
        }
        if (!has_passage(attestation, text)) {
            return;
        }
        for (const Word& set : attestation.passes_on) {
            pass_on(set, attestation, text);
        }
        for (const Word& name : attestation.includes) {
            include(name, attestation, text);
        }
        for (const Word& carried : attestation.carries) {
            carry(carried, text);
        }
        for (const Word& id : attestation.keeps) {
            const std::string bare = id.text.substr(0, id.text.find('#'));
            if (!catalogue_.taxonomy().contains(bare)) {
                unknown("'" + id.text + "' is no use restriction", id);
            }
        }
    }

    bool read_attested(const Attestation& attestation, std::string& text) {
        auto read =
            util::read_file(fs_, util::join_path(folder_, attestation.file.text), kMaxAttested);
        if (!read.ok()) {
            add("attestation.file",
                "'" + attestation.file.text + "' cannot be read: " + read.error().message,
                "correct 'file', or write the file",
                attestation.file.at);
            return false;
        }
        text = std::move(read).value();
        return true;
    }

    bool has_passage(const Attestation& attestation, const std::string& text) {
        const std::string wanted = folded(attestation.passage.text);
        if (wanted.empty() || folded(text).find(wanted) != std::string::npos) {
            return true;
        }
        add("attestation.passage",
            "the passage does not stand in '" + attestation.file.text + "'",
            "quote the terms as they are, or put the passage into them",
            attestation.passage.at);
        return false;
    }

    void pass_on(const Word& set_id, const Attestation& attestation, const std::string& text) {
        const license::RestrictionSet* set = catalogue_.restriction_set(set_id.text);
        if (set == nullptr) {
            const std::string near = util::nearest(set_id.text, catalogue_.restriction_set_ids());
            unknown(
                "'" + set_id.text + "' is no restriction set" +
                    (near.empty() ? "" : "; did you mean '" + near + "'?"),
                set_id
            );
            return;
        }
        const license::CarriedClauses found = license::find_carried(
            license::Fingerprints::built_in(), catalogue_, license::built_in_wording(), *set, text
        );
        const std::vector<license::Restriction> marked = marked_restrictions(text);
        const auto is_marked = [&](const license::Restriction& wanted) {
            return std::any_of(marked.begin(), marked.end(), [&](const license::Restriction& one) {
                return catalogue_.taxonomy().covers(one, wanted);
            });
        };
        std::vector<std::string> open;
        for (const license::ClauseFinding& clause : found.clauses) {
            const bool is_carried =
                clause.status == license::ClauseStatus::Carried ||
                std::all_of(clause.restrictions.begin(), clause.restrictions.end(), is_marked);
            if (!is_carried) {
                open.push_back(
                    clause.section + " " + std::string(license::clause_status_word(clause.status))
                );
                continue;
            }
            for (const license::Restriction& restriction : clause.restrictions) {
                out_.facts.carries.push_back(
                    "use-restriction:" + restriction.id +
                    (restriction.variant.empty() ? "" : "#" + restriction.variant)
                );
            }
        }
        if (open.empty()) {
            out_.facts.carries.push_back("use-restrictions:" + set->id);
            return;
        }
        const std::size_t count = open.size();
        if (count > kMostOpen) {
            open.resize(kMostOpen);
            open.emplace_back("...");
        }
        add("attestation.terms",
            "'" + attestation.file.text + "' is to pass on '" + set->id + "', and " +
                std::to_string(count) + " of " + std::to_string(found.clauses.size()) +
                " clauses are not written there: " + util::join(open, ", "),
            "put the clauses into the terms; 'railhub license carried --of " + set->id + " " +
                attestation.file.text + "' shows what is there",
            set_id.at);
    }

    void include(const Word& name, const Attestation& attestation, const std::string& text) {
        const license::Record* record = catalogue_.find(name.text);
        if (record == nullptr) {
            unknown("license '" + name.text + "' is not in the catalogue", name);
            return;
        }
        const license::Detection found = license::detect(license::Fingerprints::built_in(), text);
        const bool is_there = std::any_of(
            found.matches.begin(),
            found.matches.end(),
            [&](const license::LicenseMatch& match) {
                const bool whole = match.kind == license::MatchKind::Text &&
                                   match.fit != license::TextFit::Changed &&
                                   match.fit != license::TextFit::Partial;
                const bool same =
                    catalogue_.find(match.id) == record ||
                    std::any_of(match.also.begin(), match.also.end(), [&](const std::string& id) {
                        return catalogue_.find(id) == record;
                    });
                return whole && same;
            }
        );
        if (!is_there) {
            add("attestation.text",
                "'" + attestation.file.text + "' is not the text of '" + record->id + "'",
                "copy the text as its licensor published it",
                name.at);
            return;
        }
        out_.facts.carries.push_back("license-text:" + record->id);
    }

    // A phrase to be displayed has to stand somewhere.
    void carry(const Word& carried, const std::string& text) {
        constexpr std::string_view kDisplay = "display:";
        if (carried.text.starts_with(kDisplay) && !text.empty()) {
            const std::string phrase =
                folded(std::string_view(carried.text).substr(kDisplay.size()));
            if (folded(text).find(phrase) == std::string::npos) {
                add("attestation.passage",
                    "'" + phrase + "' does not stand in the file that is to show it",
                    "show the phrase, or name the file that does",
                    carried.at);
                return;
            }
        }
        out_.facts.carries.push_back(carried.text);
    }

    void unknown(std::string message, const Word& word) {
        add("attestation.unknown",
            std::move(message),
            "'railhub license show' names the set and clauses of a license",
            word.at);
    }

    void
    add(std::string_view code, std::string message, std::string fix, const report::Location& at) {
        report::Finding finding = project::finding_of(code, "attestations", std::move(message));
        finding.fix = std::move(fix);
        finding.location = at;
        out_.findings.push_back(std::move(finding));
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    const std::string& folder_;
    const project::Project& project_;
    const license::Catalogue& catalogue_;
    ProjectTerms out_;
};

} // namespace

util::Result<ProjectTerms> read_project_terms(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    const project::Project& project,
    const license::Catalogue& catalogue
) {
    return TermsReader(ctx, fs, folder, project, catalogue).run();
}

} // namespace railhub::app
