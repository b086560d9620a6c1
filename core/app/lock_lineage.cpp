// SPDX-License-Identifier: Apache-2.0
// The two resolvers.
#include "core/app/lock_lineage.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

using MaybeUpstream = std::optional<Upstream>;

// A name that no repository can have is absent everywhere, lock or not.
bool is_name_of_repo(const UpstreamName& name) {
    return types::RepoId::parse(name.kind, name.id).ok();
}

MaybeUpstream answer_of(const lock::Artifact& artifact) {
    if (artifact.is_absent) {
        return std::nullopt;
    }
    return Upstream{artifact.id, artifact.revision, artifact.facts};
}

} // namespace

LockResolver::LockResolver(const lock::Lock& lock) : lock_(lock) {
    for (std::size_t i = 0; i < lock.artifacts.size(); ++i) {
        for (const lock::Name& name : lock.artifacts[i].asked) {
            by_name_.emplace(std::pair(lock.artifacts[i].kind, name), i);
        }
    }
}

util::Result<MaybeUpstream>
LockResolver::find(const util::Context& /*ctx*/, const UpstreamName& name) {
    const std::pair key(name.kind, lock::Name{name.id, name.revision});
    const auto found = by_name_.find(key);
    if (found != by_name_.end()) {
        used_.insert(found->second);
        return answer_of(lock_.artifacts[found->second]);
    }
    if (!is_name_of_repo(name)) {
        return MaybeUpstream();
    }
    missing_.insert(key);
    return util::fail(
        util::Code::Unavailable,
        "'" + lock::to_text(key.second) + "' is not in " + std::string(lock::kLockName)
    );
}

LockingResolver::LockingResolver(
    LineageResolver& hub, const lock::Lock& before, LockUpdate update, std::string knowledge
)
    : hub_(hub), before_(before), update_(std::move(update)), knowledge_(std::move(knowledge)) {}

// By any of its names.
bool LockingResolver::is_kept(const lock::Artifact& artifact) {
    bool is_meant = update_.all;
    const auto match = [&](const std::string& id) {
        if (update_.ids.contains(id)) {
            updated_.insert(id);
            is_meant = true;
        }
    };
    match(artifact.id);
    for (const lock::Name& name : artifact.asked) {
        match(name.id);
    }
    return !is_meant;
}

void LockingResolver::record(const lock::Artifact& artifact, const lock::Name& name) {
    const std::string key = artifact.id + "@" + artifact.revision;
    lock::Artifact& kept = artifacts_.try_emplace({artifact.kind, key}, artifact).first->second;
    if (std::find(kept.asked.begin(), kept.asked.end(), name) == kept.asked.end()) {
        kept.asked.push_back(name);
    }
}

util::Result<MaybeUpstream>
LockingResolver::find(const util::Context& ctx, const UpstreamName& name) {
    const lock::Name asked{name.id, name.revision};
    const lock::Artifact* before = lock::find(before_, name.kind, asked);
    if (before != nullptr && is_kept(*before)) {
        lock::Artifact kept = *before;
        kept.asked.clear();
        record(kept, asked);
        return answer_of(kept);
    }
    auto answer = hub_.find(ctx, name);
    if (!answer.ok()) {
        if (answer.error().code == util::Code::Unavailable) {
            unreachable_.insert(lock::to_text(asked));
        }
        return answer;
    }
    if (!answer->has_value() && !is_name_of_repo(name)) {
        return answer;
    }
    lock::Artifact artifact;
    artifact.kind = name.kind;
    artifact.knowledge = knowledge_;
    artifact.is_absent = !answer->has_value();
    if (artifact.is_absent) {
        artifact.id = name.id;
        artifact.revision = name.revision;
    } else {
        artifact.id = (*answer)->id.empty() ? name.id : (*answer)->id;
        artifact.revision = (*answer)->revision;
        artifact.facts = (*answer)->facts;
    }
    for (const std::string& id : {artifact.id, name.id}) {
        if (update_.ids.contains(id)) {
            updated_.insert(id);
        }
    }
    record(artifact, asked);
    return answer;
}

lock::Lock LockingResolver::lock(std::string endpoint) const {
    lock::Lock made;
    made.endpoint = std::move(endpoint);
    for (const auto& [key, artifact] : artifacts_) {
        made.artifacts.push_back(artifact);
    }
    lock::sort(made);
    return made;
}

std::vector<std::string> LockingResolver::unknown_updates() const {
    std::vector<std::string> unknown;
    std::set_difference(
        update_.ids.begin(),
        update_.ids.end(),
        updated_.begin(),
        updated_.end(),
        std::back_inserter(unknown)
    );
    return unknown;
}

} // namespace railhub::app
