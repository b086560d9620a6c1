// SPDX-License-Identifier: Apache-2.0
// The check of a code base: what it uses (core/scan and railhub.toml) -> lineage of each artifact
// -> compliance under the declared use -> Report. `railhub check`, the lock and the bill of
// materials all begin here.
#pragma once

#include "core/app/check.h"
#include "core/project/extend.h"
#include "core/project/project.h"
#include "core/scan/scan.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::app {

// One place where the project names an artifact.
struct ProjectUse {
    report::Location at;    // below the project's folder
    std::uint32_t cell = 0; // of a notebook, else 0: then `at` counts within the cell
    scan::Role role = scan::Role::Runtime;
    scan::Part part = scan::Part::Product;
    std::string revision = {}; // as written; empty: whatever is newest
    bool is_pinned = false;
    std::string found_by = {}; // the call or key; "railhub.toml" for declared artifacts
};

// An artifact the project uses, or one upstream of those.
struct ProjectArtifact {
    std::string id;
    compliance::ArtifactKind kind = compliance::ArtifactKind::Model;
    std::string component = {};      // a part with a lineage of its own, or empty
    std::string asked_as = {};       // id the project uses, where it was renamed
    std::string revision = {};       // commit its facts were read at; empty when unknown
    std::string license = {};        // what it declares; empty when nothing does
    std::string license_sha256 = {}; // of its license text; empty when it has none
    std::string card_sha256 = {};    // of its README.md; empty when it has none
    compliance::Resolution resolution = compliance::Resolution::Resolved;
    std::vector<ProjectUse> uses = {}; // by place; empty: only upstream of others
};

struct ProjectChecked {
    report::Report report;
    // Node 0 is the project, then breadth first.
    compliance::Lineage lineage;
    // artifacts[i] describes lineage.nodes[i + 1].
    std::vector<ProjectArtifact> artifacts;
    // What the scan passed over or could not decide.
    std::vector<scan::Note> notes = {};
    std::vector<scan::Unresolved> unresolved = {};
    compliance::Policy policy = {}; // in force, for app::fails
};

struct ProjectOptions {
    std::string folder = ".";
    project::Date today = {}; // decides which waivers have expired
    std::size_t threads = 2;
    std::size_t max_artifacts = 5'000;
    // From the command line; they win over railhub.toml.
    std::vector<project::Setting> facts = {};
    std::vector<project::Setting> switches = {};
    std::optional<report::Verdict> fail_on = {};
    // Asked for findings of another origin, such as a lock, before policy and waivers apply.
    std::function<util::Result<std::vector<report::Finding>>(const compliance::Lineage&)>
        more_findings = {};
};

// railhub.toml of a folder, with what it extends; without one the declaration is empty and
// `is_stated` false. Mistakes in it are one Error of code InvalidInput that lists all of them.
util::Result<project::Project> load_project(
    const util::Context& ctx, util::Fs& fs, const std::string& folder, project::PolicySource* hub
);

// Name of the file.
inline constexpr std::string_view kProjectFile = "railhub.toml";

// The mistakes of a railhub.toml as a report, so that they show where findings do.
report::Report
report_of(const std::vector<project::Mistake>& mistakes, const license::Catalogue& catalogue);

// Scans options.folder, resolves what it uses, judges each use under the declaration, applies
// policy and waivers. Errors are those of the disk, of the resolver and of a stop; everything else
// is a finding. Deterministic for the same files, answers and date.
util::Result<ProjectChecked> check_project(
    const util::Context& ctx,
    util::Fs& fs,
    const project::Project& project,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const ProjectOptions& options
);

// A folder that `railhub check` takes for a project: railhub.toml is there, or neither a card nor
// weights nor a model's configuration, so that only code can be meant.
util::Result<bool> is_project(const util::Context& ctx, util::Fs& fs, const std::string& folder);

} // namespace railhub::app
