// SPDX-License-Identifier: Apache-2.0
// Groups uses by artifact; railhub.toml adds, leaves out and corrects.
#include "core/app/project_uses.h"

#include "core/project/codes.h"
#include "core/scan/unit.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace railhub::app {

namespace {

using compliance::Activity;
using compliance::ArtifactKind;
using compliance::Role;
using types::RepoKind;
using Delivery = compliance::Use::Delivery;

constexpr std::string_view kHub = "huggingface";

using ArtifactKey = std::tuple<RepoKind, std::string, std::string>;

std::optional<RepoKind> repo_kind(scan::ArtifactKind kind) {
    switch (kind) {
    case scan::ArtifactKind::Model:
        return RepoKind::Model;
    case scan::ArtifactKind::Dataset:
        return RepoKind::Dataset;
    case scan::ArtifactKind::Space:
        return RepoKind::Space;
    case scan::ArtifactKind::Metric:
        return std::nullopt; // code of a library
    }
    return std::nullopt;
}

std::optional<scan::Role> role_named(std::string_view word) {
    constexpr std::array kRoles = {
        scan::Role::Runtime,
        scan::Role::Training,
        scan::Role::Evaluation,
        scan::Role::Adapter,
        scan::Role::AdapterBase,
        scan::Role::MergeSource,
        scan::Role::Teacher,
        scan::Role::Component,
        scan::Role::Conversion};
    const auto found = std::find_if(kRoles.begin(), kRoles.end(), [word](scan::Role role) {
        return scan::name_of(role) == word;
    });
    return found == kRoles.end() ? std::nullopt : std::optional(*found);
}

bool use_before(const ProjectUse& a, const ProjectUse& b) {
    const auto key = [](const ProjectUse& use) {
        return std::tuple(
            use.part, std::string_view(use.at.path), use.cell, use.at.line, use.at.column
        );
    };
    return key(a) < key(b);
}

class Collector {
  public:
    explicit Collector(const project::Project& project) : project_(project) {}

    UsedArtifacts run(const scan::Findings& found) {
        for (const scan::Use& use : found.uses) {
            add_found(use);
        }
        for (const scan::WeightsFile& weights : found.weights) {
            add_weights(weights);
        }
        for (const project::DeclaredArtifact& declared : project_.artifacts) {
            add_declared(declared);
        }
        for (auto& [key, artifact] : artifacts_) {
            std::sort(artifact.uses.begin(), artifact.uses.end(), use_before);
            out_.artifacts.push_back(std::move(artifact));
        }
        note_unused_ignores();
        return std::move(out_);
    }

  private:
    void add_found(const scan::Use& use) {
        const auto kind = repo_kind(use.kind);
        if (!kind || is_excluded(use.place.file) || is_ignored(use.id)) {
            return;
        }
        if (use.confidence == scan::Confidence::Low) {
            out_.notes.push_back(
                {use.place.file,
                 "line " + std::to_string(use.place.line) + ": '" + use.id +
                     "' may be a folder and is not judged; add it to [[artifacts]] if it is a " +
                     std::string(scan::name_of(use.kind))}
            );
            return;
        }
        UsedArtifact artifact;
        artifact.kind = *kind;
        artifact.is_foreign = use.source != kHub;
        artifact.id = artifact.is_foreign ? use.source + ":" + use.id : use.id;
        artifact.revision = use.revision;
        artifact.component = shares_repo(use) ? use.component : std::string();
        if (!artifact.component.empty()) {
            artifact.repo = artifact.id;
            artifact.id += " (" + artifact.component + ")";
        }
        ProjectUse one;
        one.at = {use.place.file, use.place.line, use.place.column};
        one.cell = use.place.cell;
        one.role = role_of(use, *kind);
        one.part = use.part;
        one.revision = use.revision;
        one.is_pinned = use.is_pinned;
        one.found_by = use.found_by;
        add(std::move(artifact), std::move(one));
    }

    // The models they were made from are uses of their own; here it is what they say of themselves.
    void add_weights(const scan::WeightsFile& weights) {
        if (is_excluded(weights.file) || is_ignored(weights.file)) {
            return;
        }
        if (weights.license.empty()) {
            note_silent_weights(weights);
            return;
        }
        UsedArtifact artifact;
        artifact.id = weights.file;
        artifact.own_facts.emplace();
        for (const std::string_view license : util::split(weights.license, ',')) {
            origin::add_claim(
                *artifact.own_facts,
                {compliance::Basis::Declared,
                 std::string(util::trim(license)),
                 weights.file,
                 "",
                 true}
            );
        }
        origin::settle_licenses(*artifact.own_facts);
        ProjectUse one;
        one.at = {weights.file, 1, 1};
        one.part = scan::part_of(weights.file);
        one.is_pinned = true;
        one.found_by = weights.format;
        add(std::move(artifact), std::move(one));
    }

    void note_silent_weights(const scan::WeightsFile& weights) {
        if (weights.made_from.empty() && scan::part_of(weights.file) == scan::Part::Product) {
            out_.notes.push_back(
                {weights.file,
                 "these weights state neither license nor origin and are not judged; say what they "
                 "are in [[artifacts]]"}
            );
        }
    }

    // A part inside the repository that is also used as a whole; encoders and decoders with an id
    // of their own are artifacts like any other.
    static bool shares_repo(const scan::Use& use) {
        return !use.component.empty() && use.role == scan::Role::Component;
    }

    [[nodiscard]] scan::Role role_of(const scan::Use& use, RepoKind kind) const {
        for (const project::DeclaredArtifact& declared : project_.artifacts) {
            if (declared_kind(declared) == kind &&
                util::equal_ignore_case(declared.id.text, use.id)) {
                return role_named(declared.role.text).value_or(use.role);
            }
        }
        return use.role;
    }

    static RepoKind declared_kind(const project::DeclaredArtifact& declared) {
        return declared.kind == "dataset" ? RepoKind::Dataset : RepoKind::Model;
    }

    // An entry that only corrects what was found is no use of its own.
    void add_declared(const project::DeclaredArtifact& declared) {
        const RepoKind kind = declared_kind(declared);
        const bool is_found =
            std::any_of(artifacts_.begin(), artifacts_.end(), [&](const auto& one) {
                return one.second.kind == kind &&
                       util::equal_ignore_case(one.second.id, declared.id.text) &&
                       (declared.revision.empty() || one.second.revision == declared.revision);
            });
        if (is_found) {
            return;
        }
        UsedArtifact artifact;
        artifact.kind = kind;
        artifact.id = declared.id.text;
        artifact.revision = declared.revision;
        ProjectUse one;
        one.at = declared.id.at;
        one.role = role_named(declared.role.text).value_or(scan::Role::Runtime);
        one.revision = declared.revision;
        one.is_pinned = types::is_full_sha(declared.revision);
        one.found_by = std::string(kProjectFile);
        add(std::move(artifact), std::move(one));
    }

    void add(UsedArtifact artifact, ProjectUse use) {
        const ArtifactKey key(artifact.kind, artifact.id, artifact.revision);
        const auto found = artifacts_.emplace(key, std::move(artifact)).first;
        found->second.uses.push_back(std::move(use));
    }

    // What railhub wrote itself is no use either.
    [[nodiscard]] bool is_excluded(const std::string& path) const {
        if (path == kProjectFile || path == "railhub.lock") {
            return true;
        }
        return std::any_of(
            project_.scan.exclude.begin(),
            project_.scan.exclude.end(),
            [&path](const project::Word& glob) {
                const bool is_folder = glob.text.ends_with('/');
                return util::glob_match(is_folder ? glob.text + "*" : glob.text, path);
            }
        );
    }

    bool is_ignored(const std::string& id) {
        for (std::size_t i = 0; i < project_.scan.ignore.size(); ++i) {
            if (util::equal_ignore_case(project_.scan.ignore[i].text, id)) {
                ignored_.insert(i);
                return true;
            }
        }
        return false;
    }

    void note_unused_ignores() {
        for (std::size_t i = 0; i < project_.scan.ignore.size(); ++i) {
            if (ignored_.contains(i)) {
                continue;
            }
            const project::Word& word = project_.scan.ignore[i];
            report::Finding finding = project::finding_of(
                "policy.unused",
                "scan.ignore: " + word.text,
                "'scan.ignore' names '" + word.text + "', which the project does not use"
            );
            finding.fix = "remove the entry";
            finding.location = word.at;
            out_.findings.push_back(std::move(finding));
        }
    }

    const project::Project& project_;
    std::map<ArtifactKey, UsedArtifact> artifacts_;
    std::set<std::size_t> ignored_;
    UsedArtifacts out_;
};

// What the product does at run time: a part of what is shipped, or of a service.
UseKind runtime_kind(Delivery delivery) {
    switch (delivery) {
    case Delivery::Internal:
        return {Role::Component, Activity::Copy, false};
    case Delivery::Serve:
        return {Role::Component, Activity::Serve, false};
    case Delivery::Distribute:
        return {Role::Component, Activity::Embed, false};
    }
    return {};
}

} // namespace

UseKind use_kind(const ProjectUse& use, ArtifactKind kind, Delivery delivery) {
    const bool is_data = kind == ArtifactKind::Dataset;
    if (use.part != scan::Part::Product || use.role == scan::Role::Evaluation) {
        return {Role::Component, Activity::Copy, true};
    }
    switch (use.role) {
    case scan::Role::Training:
        return is_data ? UseKind{Role::Dataset, Activity::Train, false}
                       : UseKind{Role::BaseModel, Activity::Finetune, false};
    case scan::Role::MergeSource:
        return {Role::MergeSource, Activity::Merge, false};
    case scan::Role::Teacher:
        return {Role::Teacher, Activity::Distil, false};
    case scan::Role::Conversion:
        return {Role::BaseModel, Activity::Convert, false};
    case scan::Role::Metadata:
        return is_data ? UseKind{Role::Dataset, Activity::Train, false}
                       : UseKind{Role::BaseModel, Activity::Finetune, false};
    case scan::Role::Runtime:
    case scan::Role::Evaluation:
    case scan::Role::Adapter:
    case scan::Role::AdapterBase:
    case scan::Role::Component:
        break;
    }
    return runtime_kind(delivery);
}

UsedArtifacts collect_used(const project::Project& project, const scan::Findings& found) {
    return Collector(project).run(found);
}

} // namespace railhub::app
