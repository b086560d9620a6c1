// SPDX-License-Identifier: Apache-2.0
// Components from the lineage, places from the scan.
#include "core/app/project_bom.h"

#include "core/bom/build.h"
#include "core/bom/card_facts.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kMaxPlaces = 64; // of one artifact

// "app.py:12 (AutoModel.from_pretrained)"
std::string place_of(const ProjectUse& use) {
    std::string text = use.at.path;
    if (use.cell > 0) {
        text += ", cell " + std::to_string(use.cell);
    }
    if (use.at.line > 0) {
        text += ":" + std::to_string(use.at.line);
    }
    return text + (use.found_by.empty() ? "" : " (" + use.found_by + ")");
}

} // namespace

bom::Bom project_bom(
    const ProjectChecked& checked,
    const project::Project& project,
    const license::Catalogue& catalogue,
    const ProjectBomOptions& options
) {
    bom::BuildOptions build;
    build.subject = bom::Kind::Project;
    build.name = project.name.empty() ? options.name : project.name.text;
    build.endpoint = options.endpoint;
    build.created = options.created;
    bom::Bom made = bom::build(checked.lineage, catalogue, build);
    const std::size_t count = std::min(checked.artifacts.size() + 1, made.components.size());
    for (std::size_t i = 1; i < count; ++i) {
        const ProjectArtifact& artifact = checked.artifacts[i - 1];
        bom::Component& component = made.components[i];
        const auto note = [&component](std::string name, std::string_view value) {
            if (!value.empty()) {
                component.notes.push_back({std::move(name), bom::plain_text(value)});
            }
        };
        note("component", artifact.component);
        note("license-text-sha256", artifact.license_sha256);
        note("card-sha256", artifact.card_sha256);
        for (std::size_t at = 0; at < std::min(artifact.uses.size(), kMaxPlaces); ++at) {
            note("used-in", place_of(artifact.uses[at]));
        }
    }
    return made;
}

} // namespace railhub::app
