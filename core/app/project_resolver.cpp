// SPDX-License-Identifier: Apache-2.0
// Answers are kept whole: a lineage is built, judged and described from the same ones.
#include "core/app/project_resolver.h"

#include "core/project/codes.h"
#include "core/util/digest.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::uint64_t kMaxClarifiedText = std::uint64_t{4} << 20;

bool is_upstream_of_part(const origin::UpstreamFact& fact) {
    return fact.role == compliance::Role::Dataset;
}

} // namespace

ProjectResolver::ProjectResolver(
    LineageResolver& inner,
    util::Fs& fs,
    const std::string& folder,
    const std::vector<project::Clarification>& clarifications,
    const std::vector<UsedArtifact>& used
)
    : inner_(inner), fs_(fs), folder_(folder), clarifications_(clarifications), used_(used),
      clarity_(clarifications.size(), Clarity::Unused), why_stale_(clarifications.size()) {}

ProjectResolver::Answer ProjectResolver::find(const util::Context& ctx, const UpstreamName& name) {
    const AskedKey key(name.kind, name.id, name.revision);
    const auto found = answers_.find(key);
    if (found != answers_.end()) {
        return found->second;
    }
    Answer answer = ask(ctx, name);
    if (!answer.ok() && answer.error().code != util::Code::Unavailable) {
        return answer;
    }
    clarify(name, answer);
    if (answer.ok() && answer->has_value()) {
        const Upstream& upstream = **answer;
        const std::string& id = upstream.id.empty() ? name.id : upstream.id;
        known_.insert_or_assign(
            AskedKey(name.kind, id, upstream.revision),
            KnownArtifact{
                upstream.revision, upstream.facts.license_sha256(), upstream.facts.card_sha256}
        );
    }
    return answers_.emplace(key, std::move(answer)).first->second;
}

const UsedArtifact* ProjectResolver::special(const UpstreamName& name) const {
    for (const UsedArtifact& artifact : used_) {
        if (artifact.kind == name.kind && artifact.id == name.id &&
            (artifact.is_foreign || artifact.own_facts || !artifact.repo.empty())) {
            return &artifact;
        }
    }
    return nullptr;
}

ProjectResolver::Answer ProjectResolver::ask(const util::Context& ctx, const UpstreamName& name) {
    const UsedArtifact* artifact = special(name);
    if (artifact == nullptr) {
        return inner_.find(ctx, name);
    }
    if (artifact->is_foreign) {
        return Answer(std::optional<Upstream>());
    }
    if (artifact->own_facts) {
        return Answer(Upstream{artifact->id, {}, *artifact->own_facts});
    }
    return part_of(ctx, *artifact);
}

// A part has the license of the repository it lies in; of what it was made from, the card may say
// the data.
ProjectResolver::Answer
ProjectResolver::part_of(const util::Context& ctx, const UsedArtifact& part) {
    Answer whole = find(ctx, {part.kind, part.repo, part.revision});
    if (whole.ok() && whole->has_value()) {
        Upstream& upstream = **whole;
        upstream.id = part.id;
        std::erase_if(upstream.facts.upstreams, [](const origin::UpstreamFact& fact) {
            return !is_upstream_of_part(fact);
        });
    }
    return whole;
}

void ProjectResolver::clarify(const UpstreamName& name, Answer& answer) {
    for (std::size_t i = 0; i < clarifications_.size(); ++i) {
        const project::Clarification& one = clarifications_[i];
        const bool same_kind = (one.kind == "dataset") == (name.kind == types::RepoKind::Dataset);
        const bool same_now = answer.ok() && answer->has_value() &&
                              util::equal_ignore_case((*answer)->id, one.artifact.text);
        if (same_kind && (same_now || util::equal_ignore_case(name.id, one.artifact.text))) {
            clarify_with(i, name, answer);
        }
    }
}

void ProjectResolver::clarify_with(std::size_t index, const UpstreamName& name, Answer& answer) {
    const project::Clarification& one = clarifications_[index];
    Upstream upstream;
    upstream.id = name.id;
    if (answer.ok() && answer->has_value()) {
        upstream = **answer;
    }
    std::string there = upstream.facts.license_sha256();
    if (there.empty() && !one.file.empty()) {
        const auto text =
            util::read_file(fs_, util::join_path(folder_, one.file.text), kMaxClarifiedText);
        there = text.ok() ? util::sha256(util::as_bytes(*text)).hex() : std::string();
        upstream.facts.license_files = {{one.file.text, there}};
    }
    if (there != one.sha256) {
        clarity_[index] = Clarity::Stale;
        why_stale_[index] =
            there.empty() ? "'" + one.artifact.text + "' has no license text" +
                                (one.file.empty() ? std::string()
                                                  : ", and '" + one.file.text + "' cannot be read")
                          : "the license text of '" + one.artifact.text + "' is now " + there;
        return;
    }
    clarity_[index] = Clarity::Applied;
    upstream.facts.card_problem.clear();
    origin::add_claim(
        upstream.facts,
        {compliance::Basis::Override, one.license.text, "railhub.toml: clarification", "", true}
    );
    origin::settle_licenses(upstream.facts);
    answer = Answer(std::optional(std::move(upstream)));
}

const KnownArtifact* ProjectResolver::known(
    types::RepoKind kind, const std::string& id, const std::string& revision
) const {
    const auto found = known_.find(AskedKey(kind, id, revision));
    return found == known_.end() ? nullptr : &found->second;
}

std::pair<std::string, std::string> ProjectResolver::answer_to(const UpstreamName& name) const {
    const auto found = answers_.find(AskedKey(name.kind, name.id, name.revision));
    if (found == answers_.end() || !found->second.ok() || !found->second->has_value()) {
        return {name.id, name.revision};
    }
    const Upstream& upstream = **found->second;
    return {upstream.id.empty() ? name.id : upstream.id, upstream.revision};
}

std::vector<report::Finding> ProjectResolver::findings() const {
    std::vector<report::Finding> findings;
    for (std::size_t i = 0; i < clarifications_.size(); ++i) {
        const project::Clarification& one = clarifications_[i];
        if (clarity_[i] == Clarity::Applied) {
            continue;
        }
        const bool is_stale = clarity_[i] == Clarity::Stale;
        report::Finding finding = project::finding_of(
            is_stale ? "policy.clarification-stale" : "policy.unused",
            "policy.clarifications: " + one.artifact.text,
            is_stale ? "the clarification of '" + one.artifact.text +
                           "' is for another text: " + why_stale_[i]
                     : "'" + one.artifact.text + "' is clarified and not used"
        );
        finding.fix = is_stale ? "read the text that is there now, then update 'sha256'"
                               : "remove the [[policy.clarifications]] entry";
        finding.location = one.artifact.at;
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace railhub::app
