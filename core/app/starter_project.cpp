// SPDX-License-Identifier: Apache-2.0
// What is known is written; what only the team knows is there as a comment, ready to be filled in.
#include "core/app/starter_project.h"

#include "core/app/project_terms.h"
#include "core/app/project_uses.h"
#include "core/project/purposes.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kMostListed = 200;

// A TOML basic string.
std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char ch : text) {
        if (ch == '"' || ch == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(ch) < 0x20 || ch == 0x7F ? '?' : ch;
    }
    return util::is_valid_utf8(out) ? out + '"' : "\"?\"";
}

// Text of a comment: one line, nothing that TOML refuses.
std::string comment_text(std::string_view text) {
    std::string out(util::is_valid_utf8(text) ? text : "?");
    std::replace_if(
        out.begin(),
        out.end(),
        [](char ch) { return static_cast<unsigned char>(ch) < 0x20 || ch == 0x7F; },
        '?'
    );
    return out;
}

// "# a, b, c" over several lines.
std::string wrapped(const std::vector<std::string>& words) {
    constexpr std::size_t kWidth = 96;
    std::string out;
    std::string line = "#  ";
    for (const std::string& word : words) {
        if (line.size() + word.size() + 2 > kWidth) {
            out += line + "\n";
            line = "#  ";
        }
        line += " " + word;
    }
    return out + line + "\n";
}

std::string own_license(const origin::Facts& facts) {
    return facts.licenses.empty() ? std::string() : util::join(facts.licenses, " AND ");
}

std::string place_of_use(const ProjectUse& use) {
    return use.at.path + (use.cell == 0 ? "" : " cell " + std::to_string(use.cell)) + ":" +
           std::to_string(use.at.line);
}

std::string found_lines(const std::vector<UsedArtifact>& used) {
    std::string out = used.empty() ? "# The scan found no models or datasets.\n"
                                   : "# What the scan found ('railhub scan' has every place):\n";
    for (std::size_t i = 0; i < std::min(used.size(), kMostListed); ++i) {
        const UsedArtifact& artifact = used[i];
        const ProjectUse& first = artifact.uses.front();
        out += "#   " + std::string(types::kind_word(artifact.kind)) + " " +
               comment_text(artifact.id) + ", " + std::string(scan::name_of(first.role)) + ", " +
               comment_text(place_of_use(first));
        if (artifact.uses.size() > 1) {
            out += " and " + std::to_string(artifact.uses.size() - 1) + " more";
        }
        out += "\n";
    }
    if (used.size() > kMostListed) {
        out += "#   and " + std::to_string(used.size() - kMostListed) + " more\n";
    }
    return out;
}

std::string use_section() {
    const project::Purposes& purposes = project::Purposes::built_in();
    using Kind = project::Purpose::Kind;
    return "[use]\n"
           "# Nothing leaves the house (internal), others use it remotely (hosted), or copies are\n"
           "# passed on (shipped). Without a line the strictest, shipped, is assumed.\n"
           "# delivery = \"hosted\"\n"
           "# commercial = true\n"
           "# territory = [\"DE\", \"US\"]        # where it is used; ISO codes, or EU\n"
           "# licensee-territory = \"DE\"       # where you have your seat\n"
           "# mau-now = 20000                 # monthly users now; mau-at-release: when a model "
           "came out\n"
           "# revenue-usd = 1000000           # a year\n"
           "# weights-shipped = false         # the product loads them elsewhere\n"
           "#\n"
           "# What it is for. Licenses forbid some purposes and put conditions on others:\n" +
           wrapped(purposes.ids(Kind::Purpose)) + "# purposes = [\"chat-assistant\"]\n" +
           "# Who uses it:\n" + wrapped(purposes.ids(Kind::Audience)) +
           "# audience = [\"anyone\"]\n";
}

constexpr std::string_view kPolicySection = R"(
[policy]
# fail-on = "needs-human"               # also fail where a person has to decide
# allow = ["family:permissive", "llama3.1"] # when given, every other license is a finding
# deny = ["family:noncommercial", "term:non-commercial", "agpl-3.0"]
# nc-data-into-model = "conflict"       # docs/rules.md lists the switches
#
# [policy.severity]
# "R14" = "error"                       # off, note, warning, error
#
# [[policy.exceptions]]                 # a license that is fine for one artifact
# artifact = "owner/name"
# allow = ["cc-by-nc-4.0"]
# reason = "licensed to us by contract of 2026-03-01"
#
# [[policy.clarifications]]             # what a person read, for one text
# artifact = "owner/name"
# license = "apache-2.0"
# sha256 = "..."                        # of the license text that was read

# [[artifacts]]                         # what the scan cannot see
# id = "owner/name"
# role = "runtime"

# [[attestations]]                      # what your own terms pass on; verified clause by clause
# passes-on = ["openrail-m-A"]
# file = "TERMS.md"

# [[waivers]]                           # paste the stub that the report gives for a finding
)";

} // namespace

util::Result<std::string> starter_project(
    const util::Context& ctx,
    util::Fs& fs,
    const license::Catalogue& catalogue,
    const std::string& name,
    const ProjectOptions& options
) {
    scan::ScanOptions scan_options;
    scan_options.threads = options.threads;
    RAILHUB_TRY(
        const scan::Findings found,
        scan::scan(ctx, fs, scan::builtin_tables(), options.folder, scan_options)
    );
    const project::Project empty;
    const UsedArtifacts used = collect_used(empty, found);
    RAILHUB_TRY(
        const ProjectTerms terms, read_project_terms(ctx, fs, options.folder, empty, catalogue)
    );
    const std::string license = own_license(terms.facts);
    std::string out = "# What this project uses models and datasets for; 'railhub check' judges by "
                      "it.\n# docs/project-file.md of railhub has every key.\n#\n" +
                      found_lines(used.artifacts) + "\n[project]\nname = " + toml_string(name) +
                      "\n";
    out += license.empty()
               ? "# license = \"apache-2.0\"          # of your own code; \"other\" for "
                 "terms of your own\n"
               : "license = " + toml_string(license) + "\n";
    return out + "\n" + use_section() + std::string(kPolicySection);
}

} // namespace railhub::app
