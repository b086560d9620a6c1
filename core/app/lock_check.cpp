// SPDX-License-Identifier: Apache-2.0
// What a lock lacks, has too much of, and what the hub says otherwise now.
#include "core/app/lock_lineage.h"
#include "core/lock/compare.h"
#include "core/lock/text_change.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

using compliance::Lineage;
using compliance::Node;
using report::Finding;

constexpr std::size_t kMaxReached = 12; // artifacts that a message names as affected

std::string article_of(std::size_t count) {
    return count == 1 ? "1 artifact was" : std::to_string(count) + " artifacts were";
}

class LockFindings {
  public:
    explicit LockFindings(const LockCheck& check)
        : check_(check), ancestors_(compliance::ancestors(check.lineage)) {}

    util::Result<std::vector<Finding>> run(const util::Context& ctx) {
        add_missing();
        add_unused();
        add_stale();
        if (check_.hub != nullptr) {
            add_endpoint();
            RAILHUB_TRY(add_changes(ctx));
        }
        return std::move(findings_);
    }

  private:
    // The node of an artifact, by the name the hub or the lock gives it.
    [[nodiscard]] std::optional<std::size_t>
    node_of(types::RepoKind kind, const std::string& id, const std::string& revision) const {
        const bool is_data = kind == types::RepoKind::Dataset;
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < check_.lineage.nodes.size(); ++i) {
            const Node& node = check_.lineage.nodes[i];
            const bool is_named =
                node.id == id ||
                std::find(node.names.begin(), node.names.end(), id) != node.names.end();
            if (!is_named || (node.kind == compliance::ArtifactKind::Dataset) != is_data) {
                continue;
            }
            if (node.revision == revision) {
                return i;
            }
            found = found ? found : std::optional(i);
        }
        return found;
    }

    // Everything that is made from the node or uses it, the subject first.
    [[nodiscard]] std::vector<std::string> reached_from(std::size_t node) const {
        std::vector<bool> seen(check_.lineage.nodes.size());
        std::vector<std::size_t> open = {node};
        seen[node] = true;
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            for (const compliance::Edge& edge : check_.lineage.edges) {
                if (edge.to == at && !seen[edge.from]) {
                    seen[edge.from] = true;
                    open.push_back(edge.from);
                }
            }
        }
        std::vector<std::string> names;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            if (seen[i] && i != node) {
                names.push_back("'" + check_.lineage.nodes[i].id + "'");
            }
        }
        return names;
    }

    // Where in the lineage, and who is affected.
    void place(Finding& finding, std::optional<std::size_t> node) const {
        if (!node) {
            return;
        }
        std::vector<std::string> reached = reached_from(*node);
        if (!reached.empty()) {
            const std::size_t count = reached.size();
            reached.resize(std::min(count, kMaxReached));
            finding.message += "; affected: " + util::join(reached, ", ");
            if (count > kMaxReached) {
                finding.message += " and " + std::to_string(count - kMaxReached) + " more";
            }
        }
        const auto ancestor = std::find_if(
            ancestors_.begin(),
            ancestors_.end(),
            [node](const compliance::Ancestor& one) { return one.node == *node; }
        );
        if (ancestor != ancestors_.end()) {
            finding.chain = compliance::chain_of(check_.lineage, ancestors_, *ancestor);
            finding.location = check_.lineage.edges[ancestor->first_edge].location;
        }
    }

    void
    add(std::string_view code,
        const std::string& subject,
        std::string message,
        std::string fix,
        std::optional<std::size_t> node = std::nullopt) {
        Finding finding;
        finding.rule = std::string(code);
        finding.severity = lock::severity_of(code);
        finding.subject = subject;
        finding.message = std::move(message);
        finding.fix = std::move(fix);
        place(finding, node);
        if (!finding.location) {
            finding.location = report::Location{std::string(lock::kLockName), 0, 0};
        }
        findings_.push_back(std::move(finding));
    }

    void add_missing() {
        for (const auto& [kind, name] : check_.asked.missing()) {
            add("lock.missing",
                name.id,
                "'" + lock::to_text(name) + "' is not in " + std::string(lock::kLockName),
                "run 'railhub lock' and commit the file",
                node_of(kind, name.id, name.revision));
        }
    }

    void add_unused() {
        for (std::size_t i = 0; i < check_.lock.artifacts.size(); ++i) {
            if (!check_.asked.used().contains(i)) {
                const lock::Artifact& artifact = check_.lock.artifacts[i];
                add("lock.unused",
                    artifact.id,
                    "'" + artifact.id + "' is in the lock, and nothing uses it",
                    "run 'railhub lock' to drop it");
            }
        }
    }

    void add_stale() {
        const auto count = std::count_if(
            check_.lock.artifacts.begin(),
            check_.lock.artifacts.end(),
            [this](const lock::Artifact& artifact) {
                return artifact.knowledge != check_.knowledge;
            }
        );
        if (count > 0) {
            add("lock.stale",
                std::string(lock::kLockName),
                article_of(static_cast<std::size_t>(count)) +
                    " read with other license data than " + check_.knowledge,
                "run 'railhub lock --update all'");
        }
    }

    void add_endpoint() {
        if (check_.lock.endpoint != check_.endpoint) {
            add("lock.endpoint",
                std::string(lock::kLockName),
                "the lock was written at '" + check_.lock.endpoint + "', and '" + check_.endpoint +
                    "' is asked",
                "set HF_ENDPOINT to the hub of the lock");
        }
    }

    util::Result<> add_changes(const util::Context& ctx) {
        for (const std::size_t index : check_.asked.used()) {
            RAILHUB_TRY(ctx.check_stop());
            const lock::Artifact& artifact = check_.lock.artifacts[index];
            std::set<std::string> said; // several names may lead to one change
            for (const lock::Name& name : artifact.asked) {
                const auto answer = check_.hub->find(ctx, {artifact.kind, name.id, name.revision});
                if (!answer.ok()) {
                    if (answer.error().code != util::Code::Unavailable) {
                        return answer.error();
                    }
                    add("lock.unchecked",
                        std::string(lock::kLockName),
                        "could not ask what changed upstream: " + answer.error().message,
                        "check again when the hub can be reached");
                    return {};
                }
                add_changes_of(ctx, artifact, current(*answer, name), said);
            }
        }
        return {};
    }

    static std::optional<lock::Current>
    current(const std::optional<Upstream>& answer, const lock::Name& name) {
        if (!answer) {
            return std::nullopt;
        }
        return lock::Current{
            answer->id.empty() ? name.id : answer->id, answer->revision, answer->facts};
    }

    void add_changes_of(
        const util::Context& ctx,
        const lock::Artifact& artifact,
        const std::optional<lock::Current>& now,
        std::set<std::string>& said
    ) {
        for (lock::Change& change : lock::changes_of(artifact, now)) {
            if (said.insert(change.message).second) {
                if (change.code == "lock.changed-text") {
                    change.message += changed_lines(ctx, artifact, *now);
                }
                add(change.code,
                    artifact.id,
                    std::move(change.message),
                    fix_of(change.code, artifact),
                    node_of(artifact.kind, artifact.id, artifact.revision));
            }
        }
    }

    // Of files that were there and still are; the commit of the lock is asked for once more.
    std::string changed_lines(
        const util::Context& ctx, const lock::Artifact& artifact, const lock::Current& now
    ) {
        std::string out;
        for (const origin::TermsFile& file : now.facts.license_files) {
            const auto& locked = artifact.facts.license_files;
            const bool is_changed =
                std::any_of(locked.begin(), locked.end(), [&file](const origin::TermsFile& old) {
                    return old.path == file.path && old.sha256 != file.sha256;
                });
            if (!is_changed) {
                continue;
            }
            const auto before =
                check_.hub->text(ctx, {artifact.kind, artifact.id, artifact.revision}, file.path);
            const auto after =
                check_.hub->text(ctx, {artifact.kind, now.id, now.revision}, file.path);
            if (before && after) {
                const std::string lines = lock::describe_text_change(*before, *after);
                out += lines.empty() ? "" : "; " + file.path + " " + lines;
            }
        }
        return out;
    }

    static std::string fix_of(std::string_view code, const lock::Artifact& artifact) {
        if (code == "lock.deleted") {
            return "replace '" + artifact.id + "', or keep a copy with its license";
        }
        const std::string accept = "'railhub lock --update " + artifact.id + "'";
        if (code == "lock.moved" || code == "lock.appeared" || artifact.revision.empty()) {
            return accept + " takes it";
        }
        return "read the new terms and accept them with " + accept + ", or pin revision " +
               artifact.revision;
    }

    const LockCheck& check_;
    std::vector<compliance::Ancestor> ancestors_;
    std::vector<Finding> findings_;
};

} // namespace

util::Result<std::vector<Finding>> check_lock(const util::Context& ctx, const LockCheck& check) {
    return LockFindings(check).run(ctx);
}

} // namespace railhub::app
