// SPDX-License-Identifier: Apache-2.0
// ProjectResolver: asks once for each artifact, keeps what it learned of revisions and texts, and
// puts clarifications in. Part of check_project.h, not for other modules.
#pragma once

#include "core/app/project_uses.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace railhub::app {

// What an answer said that a lineage does not keep.
struct KnownArtifact {
    std::string revision;
    std::string license_sha256;
    std::string card_sha256;
};

// Borrows everything. One thread at a time.
class ProjectResolver final : public LineageResolver {
  public:
    ProjectResolver(
        LineageResolver& inner,
        util::Fs& fs,
        const std::string& folder,
        const std::vector<project::Clarification>& clarifications,
        const std::vector<UsedArtifact>& used
    );

    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override;

    // By the id an artifact has now and the commit its facts were read at; nullptr when unknown.
    [[nodiscard]] const KnownArtifact*
    known(types::RepoKind kind, const std::string& id, const std::string& revision) const;
    // Id now and commit of what was asked for; as asked, when nothing was found.
    [[nodiscard]] std::pair<std::string, std::string> answer_to(const UpstreamName& name) const;
    // Clarifications that do not hold, and those nobody needed.
    [[nodiscard]] std::vector<report::Finding> findings() const;

  private:
    using Answer = util::Result<std::optional<Upstream>>;
    using AskedKey = std::tuple<types::RepoKind, std::string, std::string>;

    enum class Clarity : std::uint8_t { Unused, Applied, Stale };

    Answer ask(const util::Context& ctx, const UpstreamName& name);
    Answer part_of(const util::Context& ctx, const UsedArtifact& part);
    void clarify(const UpstreamName& name, Answer& answer);
    void clarify_with(std::size_t index, const UpstreamName& name, Answer& answer);
    [[nodiscard]] const UsedArtifact* special(const UpstreamName& name) const;

    LineageResolver& inner_;
    util::Fs& fs_;
    const std::string& folder_;
    const std::vector<project::Clarification>& clarifications_;
    const std::vector<UsedArtifact>& used_;
    std::map<AskedKey, Answer> answers_;
    std::map<AskedKey, KnownArtifact> known_; // by the id of now
    std::vector<Clarity> clarity_;
    std::vector<std::string> why_stale_;
};

} // namespace railhub::app
