// SPDX-License-Identifier: Apache-2.0
#include "core/scan/collect.h"

#include <algorithm>

namespace railhub::scan {

bool Collector::see(const Sighting& sighting) {
    auto id =
        read_hub_id(tables_, sighting.text, sighting.kind, sighting.catalogue, sighting.evidence);
    if (!id || is_path_(sighting.place.file, sighting.text)) {
        if (sighting.catalogue == "litellm") {
            known_.insert(sighting.place); // the call has said that it is a service's name
        }
        return false;
    }
    const bool is_by_key = sighting.evidence == Evidence::Key;
    if (is_by_key && known_.contains(sighting.place)) {
        return true; // a call has said more
    }
    known_.insert(sighting.place);
    Use use;
    use.place = sighting.place;
    use.kind = id->kind.value_or(sighting.kind);
    use.id = std::move(id->id);
    use.written = sighting.text;
    use.source = std::move(id->source);
    use.component = sighting.component;
    use.role = sighting.role;
    use.part = sighting.part;
    use.confidence = std::min(id->confidence, sighting.at_most);
    use.revision = sighting.revision.empty() ? id->revision : sighting.revision;
    use.is_pinned = sighting.is_release || is_pinned_revision(use.revision);
    use.found_by = sighting.found_by;
    has_calls_ = has_calls_ || sighting.evidence == Evidence::Call;
    keep(std::move(use), sighting.used_at);
    return true;
}

void Collector::imply(const Sighting& sighting, const TaskDefault& implied) {
    Use use;
    use.place = sighting.place;
    use.kind = sighting.kind;
    use.id = implied.id;
    use.source = "huggingface";
    use.component = sighting.component;
    use.role = sighting.role;
    use.part = sighting.part;
    use.confidence = sighting.at_most;
    use.revision = sighting.revision.empty() ? implied.revision : sighting.revision;
    use.is_pinned = is_pinned_revision(use.revision);
    use.found_by = sighting.found_by;
    has_calls_ = true;
    keep(std::move(use), {});
}

// The surer one stays; with a revision before one without.
void Collector::keep(Use use, const Place& used_at) {
    const Key key{use.place, use.id, use.kind, use.component};
    const bool is_elsewhere = !used_at.file.empty() && used_at != use.place;
    const auto [at, is_new] = uses_.try_emplace(key, use);
    Use& kept = at->second;
    if (!is_new &&
        (use.confidence > kept.confidence ||
         (use.confidence == kept.confidence && kept.revision.empty() && !use.revision.empty()))) {
        use.used_at = std::move(kept.used_at);
        kept = std::move(use);
    }
    if (is_elsewhere &&
        std::find(kept.used_at.begin(), kept.used_at.end(), used_at) == kept.used_at.end()) {
        kept.used_at.push_back(used_at);
    }
}

void Collector::unresolved(Place place, ArtifactKind kind, std::string found_by) {
    unresolved_.push_back({std::move(place), kind, std::move(found_by)});
}

std::vector<Use> Collector::take() {
    std::vector<Use> out;
    out.reserve(uses_.size());
    for (auto& [key, use] : uses_) {
        std::sort(use.used_at.begin(), use.used_at.end());
        out.push_back(std::move(use));
    }
    uses_.clear();
    return out;
}

std::vector<Unresolved> Collector::take_unresolved() {
    std::sort(unresolved_.begin(), unresolved_.end(), [](const Unresolved& a, const Unresolved& b) {
        return a.place < b.place;
    });
    return std::move(unresolved_);
}

} // namespace railhub::scan
