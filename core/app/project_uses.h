// SPDX-License-Identifier: Apache-2.0
// What a project uses -> upstream facts: scan findings and [[artifacts]] by artifact, and how each
// use bears on the project. Part of check_project.h, not for other modules.
#pragma once

#include "core/app/check_project.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

// How a use reaches what the project gives to others.
struct UseKind {
    compliance::Role role = compliance::Role::Component;
    compliance::Activity activity = compliance::Activity::Embed;
    bool is_inside = false; // tests, examples, measuring: nothing of it leaves the house

    auto operator<=>(const UseKind&) const = default;
};

UseKind
use_kind(const ProjectUse& use, compliance::ArtifactKind kind, compliance::Use::Delivery delivery);

// An artifact as the project asks for it.
struct UsedArtifact {
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;       // for the resolver: "owner/name", "owner/name (part)", "ollama:name"
    std::string revision; // as asked for; empty: the newest
    std::string repo;     // with a part: the repository it is a part of
    std::string component;
    bool is_foreign = false; // in a catalogue that no hub answers for
    // What it says itself: weights that lie in the tree. Nobody else is asked.
    std::optional<origin::Facts> own_facts = {};
    std::vector<ProjectUse> uses; // product first, then by place
};

struct UsedArtifacts {
    std::vector<UsedArtifact> artifacts;   // by kind, id, revision
    std::vector<scan::Note> notes;         // what was seen and left out
    std::vector<report::Finding> findings; // entries of railhub.toml that are of no use
};

UsedArtifacts collect_used(const project::Project& project, const scan::Findings& found);

} // namespace railhub::app
