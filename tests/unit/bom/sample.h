// SPDX-License-Identifier: Apache-2.0
// A lineage for bills of materials, and the license data.
#pragma once

#include "core/bom/build.h"
#include "tests/support/catch.h"

namespace railhub::bom {

inline const license::Catalogue& licenses() {
    static const license::Catalogue kLicenses = [] {
        auto loaded = license::Catalogue::built_in();
        REQUIRE_OK(loaded);
        return std::move(loaded).value();
    }();
    return kLicenses;
}

inline compliance::Node artifact(const std::string& id, std::vector<std::string> labels) {
    compliance::Node node;
    node.id = id;
    node.revision = "1a2b3c";
    node.licenses = std::move(labels);
    return node;
}

inline void link(
    compliance::Lineage& lineage,
    std::size_t from,
    std::size_t to,
    compliance::Role role,
    compliance::Activity activity
) {
    lineage.edges.push_back(
        {from, to, role, activity, {}, {{compliance::Basis::Declared, "README.md: base_model"}}}
    );
}

// A chat model labelled MIT, tuned from a model under Llama 2 terms, which was trained on data that
// is not there.
inline compliance::Lineage chat_lineage() {
    using compliance::Activity;
    using compliance::Role;
    compliance::Lineage lineage;
    lineage.nodes = {
        artifact("ada/chat", {"mit"}),
        artifact("org/base", {"llama2"}),
        artifact("org/data", {}),
        artifact("org/more", {"cc-by-4.0"})};
    lineage.nodes[2].kind = compliance::ArtifactKind::Dataset;
    lineage.nodes[2].resolution = compliance::Resolution::Absent;
    lineage.nodes[2].revision.clear();
    lineage.nodes[3].kind = compliance::ArtifactKind::Dataset;
    link(lineage, 0, 1, Role::BaseModel, Activity::Finetune);
    link(lineage, 1, 2, Role::Dataset, Activity::Train);
    link(lineage, 0, 3, Role::Dataset, Activity::Train);
    return lineage;
}

inline BuildOptions on_hub() {
    BuildOptions options;
    options.endpoint = "https://hub.example";
    options.is_on_hub = true;
    return options;
}

} // namespace railhub::bom
