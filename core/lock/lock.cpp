// SPDX-License-Identifier: Apache-2.0
// Words and order.
#include "core/lock/lock.h"

#include "core/util/text.h"

#include <algorithm>
#include <tuple>

namespace railhub::lock {

std::string to_text(const Name& name) {
    return name.revision.empty() ? name.id : name.id + "@" + name.revision;
}

void sort(Lock& lock) {
    for (Artifact& artifact : lock.artifacts) {
        std::sort(artifact.asked.begin(), artifact.asked.end());
        const auto end = std::unique(artifact.asked.begin(), artifact.asked.end());
        artifact.asked.erase(end, artifact.asked.end());
    }
    std::sort(
        lock.artifacts.begin(),
        lock.artifacts.end(),
        [](const Artifact& a, const Artifact& b) {
            return std::tie(a.kind, a.id, a.revision, a.is_absent) <
                   std::tie(b.kind, b.id, b.revision, b.is_absent);
        }
    );
}

std::string license_text(const origin::Facts& facts) {
    std::string text = util::join(facts.licenses, ", ");
    return facts.license_name.empty() ? text : text + " (" + facts.license_name + ")";
}

const Artifact* find(const Lock& lock, types::RepoKind kind, const Name& name) {
    for (const Artifact& artifact : lock.artifacts) {
        const bool is_asked =
            std::find(artifact.asked.begin(), artifact.asked.end(), name) != artifact.asked.end();
        if (artifact.kind == kind && is_asked) {
            return &artifact;
        }
    }
    return nullptr;
}

} // namespace railhub::lock
