// SPDX-License-Identifier: Apache-2.0
// Locks at work: a lineage resolved from a lock in place of a hub, the writing of a lock while a
// hub is asked, and what changed upstream since.
#pragma once

#include "core/app/check.h"
#include "core/lock/lock.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace railhub::app {

// Answers from a lock and asks nobody. Names the lock does not know are Unavailable. Remembers what
// it was asked. The lock is borrowed. One thread at a time.
class LockResolver final : public LineageResolver {
  public:
    explicit LockResolver(const lock::Lock& lock);

    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override;

    // Indices of artifacts that somebody asked for.
    [[nodiscard]] const std::set<std::size_t>& used() const { return used_; }

    // Names that were asked for in vain, in order.
    [[nodiscard]] const std::set<std::pair<types::RepoKind, lock::Name>>& missing() const {
        return missing_;
    }

  private:
    const lock::Lock& lock_;
    std::map<std::pair<types::RepoKind, lock::Name>, std::size_t> by_name_;
    std::set<std::size_t> used_;
    std::set<std::pair<types::RepoKind, lock::Name>> missing_;
};

// Which artifacts of a lock are to be asked for anew.
struct LockUpdate {
    bool all = false;
    std::set<std::string> ids = {}; // by the hub's name or the one that was asked for
};

// Asks a hub, keeps what an older lock has unless it is to be updated, and writes all of it down.
// Both are borrowed. One thread at a time.
class LockingResolver final : public LineageResolver {
  public:
    LockingResolver(
        LineageResolver& hub, const lock::Lock& before, LockUpdate update, std::string knowledge
    );

    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override;

    // What was answered so far. `endpoint`: the hub, without credentials.
    [[nodiscard]] lock::Lock lock(std::string endpoint) const;

    // Artifacts that nobody could be asked about: a lock without them would not do.
    [[nodiscard]] const std::set<std::string>& unreachable() const { return unreachable_; }

    // Of LockUpdate::ids, those that nothing was called.
    [[nodiscard]] std::vector<std::string> unknown_updates() const;

  private:
    [[nodiscard]] bool is_kept(const lock::Artifact& artifact);
    void record(const lock::Artifact& artifact, const lock::Name& name);

    LineageResolver& hub_;
    const lock::Lock& before_;
    LockUpdate update_;
    std::string knowledge_;
    std::set<std::string> updated_;
    std::set<std::string> unreachable_;
    std::map<std::pair<types::RepoKind, std::string>, lock::Artifact> artifacts_; // by id@revision
};

struct LockCheck {
    const lock::Lock& lock;
    const LockResolver& asked; // after the lineage was resolved with it
    const compliance::Lineage& lineage;
    std::string knowledge;          // version of the license data in use
    std::string endpoint;           // of `hub`, without credentials
    LineageResolver* hub = nullptr; // null: offline, nothing upstream is compared
};

// Findings "lock.*": what the lock lacks, does not need, and what changed upstream, with
// the chain to it and everything it reaches. Errors are those of the hub other than Unavailable.
util::Result<std::vector<report::Finding>>
check_lock(const util::Context& ctx, const LockCheck& check);

} // namespace railhub::app
