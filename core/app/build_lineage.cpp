// SPDX-License-Identifier: Apache-2.0
// Keeps a queue of artifacts whose facts are at hand, and finds or makes a node for each name.
#include "core/app/build_lineage.h"

#include "core/app/describe_node.h"
#include "core/app/gather.h"
#include "core/util/text.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <tuple>

namespace railhub::app {

namespace {

using compliance::ArtifactKind;
using compliance::Basis;
using compliance::Edge;
using compliance::Node;
using compliance::Resolution;
using origin::Reference;
using origin::UpstreamFact;
using types::RepoKind;
using Weight = UpstreamFact::Weight;

ArtifactKind artifact_kind(RepoKind kind) {
    switch (kind) {
    case RepoKind::Model:
        return ArtifactKind::Model;
    case RepoKind::Dataset:
        return ArtifactKind::Dataset;
    case RepoKind::Space:
        return ArtifactKind::Service;
    }
    return ArtifactKind::Model;
}

// Node ids of artifacts by what they are called and where they are pinned.
using Key = std::tuple<RepoKind, std::string, std::string>;

// An artifact whose facts are at hand and whose upstreams are to be added.
struct Pending {
    std::size_t node = 0;
    std::size_t depth = 0;
    RepoKind kind = RepoKind::Model;
    std::string folder; // where it lies on disk; empty: it does not
    origin::Facts facts;
};

// Without "." and "..", so that one folder has one name.
std::string plain_path(const std::string& path) {
    const std::string plain = std::filesystem::path(path).lexically_normal().string();
    return plain.size() > 1 && plain.ends_with('/') ? plain.substr(0, plain.size() - 1) : plain;
}

Key folder_key(RepoKind kind, const std::string& path) {
    return {kind, "folder:" + plain_path(path), ""};
}

class LineageBuild {
  public:
    LineageBuild(
        const util::Context& ctx,
        LineageResolver& resolver,
        const CheckOptions& options,
        const license::Catalogue& catalogue
    )
        : ctx_(ctx), resolver_(resolver), options_(options), catalogue_(catalogue) {}

    util::Result<compliance::Lineage>
    run(const origin::Facts& facts, const std::string& subject_id) {
        Node subject;
        subject.id = subject_id;
        subject.kind = artifact_kind(options_.kind);
        subject.revision = options_.revision;
        subject.location = facts.license_at;
        Pending first{0, 0, options_.kind, options_.folder, facts};
        override_facts(first.facts, ".", subject);
        override_facts(first.facts, options_.id, subject);
        describe_node(subject, first.facts, catalogue_);
        lineage_.nodes.push_back(std::move(subject));
        index_.emplace(Key(options_.kind, options_.id, ""), 0);
        index_.emplace(Key(options_.kind, options_.id, options_.revision), 0);
        if (!options_.folder.empty()) {
            index_.emplace(folder_key(options_.kind, options_.folder), 0);
        }
        pending_.push_back(std::move(first));
        while (!pending_.empty() && !full_) {
            RAILHUB_TRY(ctx_.check_stop());
            const Pending next = std::move(pending_.front());
            pending_.pop_front();
            RAILHUB_TRY(add_upstreams(next));
        }
        return std::move(lineage_);
    }

  private:
    util::Result<> add_upstreams(const Pending& from) {
        edges_.clear();
        const bool has_firm = std::any_of(
            from.facts.upstreams.begin(),
            from.facts.upstreams.end(),
            [](const UpstreamFact& fact) {
                return fact.weight != Weight::Hint && fact.to.place == Reference::Place::Repo;
            }
        );
        for (const UpstreamFact& fact : from.facts.upstreams) {
            if (full_) {
                break;
            }
            RAILHUB_TRY(add_upstream(from, fact, has_firm));
        }
        return {};
    }

    util::Result<> add_upstream(const Pending& from, const UpstreamFact& fact, bool has_firm) {
        if (is_itself(from, fact)) {
            return {};
        }
        std::optional<std::size_t> to;
        switch (fact.to.place) {
        case Reference::Place::Repo: {
            RAILHUB_TRY(to, repo_node(from, fact, has_firm));
            break;
        }
        case Reference::Place::Folder: {
            RAILHUB_TRY(to, folder_node(from, fact, has_firm));
            break;
        }
        case Reference::Place::Elsewhere:
            to = lost_node(from, fact, has_firm);
            break;
        }
        if (to) {
            add_edge(from, *to, fact);
        }
        return {};
    }

    // Tools write the name of the model itself; a card that does so is a cycle to be shown.
    bool is_itself(const Pending& from, const UpstreamFact& fact) const {
        const std::string& id = from.node == 0 ? options_.id : lineage_.nodes[from.node].id;
        return fact.said.basis == Basis::Inherited && fact.to.kind == from.kind &&
               util::equal_ignore_case(fact.to.id, id);
    }

    // --- nodes ---

    util::Result<std::optional<std::size_t>>
    repo_node(const Pending& from, const UpstreamFact& fact, bool has_firm) {
        using Answer = std::optional<std::size_t>;
        const Key key(fact.to.kind, fact.to.id, fact.to.revision);
        const auto found = index_.find(key);
        if (found != index_.end()) {
            return Answer(found->second);
        }
        Node node;
        node.id = origin::shown_text(fact.to.id);
        node.kind = artifact_kind(fact.to.kind);
        node.revision = fact.to.revision;
        const std::size_t depth = from.depth + 1;
        const bool is_full = lineage_.nodes.size() > options_.max_ancestors;
        if (is_full || depth > options_.max_depth) {
            full_ = is_full;
            node.resolution = Resolution::TooDeep;
            return Answer(keep(key, std::move(node)));
        }
        std::optional<Pending> resolved;
        std::optional<std::size_t> same;
        RAILHUB_TRY(resolve(fact.to, node, resolved, same));
        if (same) {
            index_.emplace(key, *same);
            return Answer(*same);
        }
        const bool is_bare = fact.to.id.find('/') == std::string::npos;
        if (node.resolution != Resolution::Resolved && fact.weight == Weight::Hint &&
            (has_firm || is_bare)) {
            leave_out(
                from,
                fact,
                node.resolution == Resolution::Absent ? "is not found" : "could not be looked up"
            );
            return Answer{};
        }
        const std::size_t index = keep(key, std::move(node));
        if (resolved) {
            const Node& kept = lineage_.nodes[index];
            index_.emplace(Key(fact.to.kind, kept.id, kept.revision), index);
            index_.emplace(Key(fact.to.kind, kept.id, fact.to.revision), index);
            resolved->node = index;
            resolved->depth = depth;
            pending_.push_back(std::move(*resolved));
        }
        return Answer(index);
    }

    // A folder that another folder names, when this machine has it.
    util::Result<std::optional<std::size_t>>
    folder_node(const Pending& from, const UpstreamFact& fact, bool has_firm) {
        if (options_.disk == nullptr || from.folder.empty() || fact.to.id.starts_with('~')) {
            return lost_node(from, fact, has_firm);
        }
        const std::string path = plain_path(
            fact.to.id.starts_with('/') ? fact.to.id : util::join_path(from.folder, fact.to.id)
        );
        const auto info = options_.disk->info(path);
        const std::size_t depth = from.depth + 1;
        if (!info.ok() || !*info || !(*info)->is_directory || depth > options_.max_depth ||
            lineage_.nodes.size() > options_.max_ancestors) {
            return lost_node(from, fact, has_firm);
        }
        const Key key = folder_key(fact.to.kind, path);
        const auto found = index_.find(key);
        if (found != index_.end()) {
            return std::optional(found->second);
        }
        const auto source = make_folder_source(*options_.disk, path);
        RAILHUB_TRY(origin::Facts facts, gather(ctx_, *source, fact.to.kind, catalogue_));
        Node node;
        node.id = path;
        node.kind = artifact_kind(fact.to.kind);
        Pending next{0, depth, fact.to.kind, path, {}};
        const bool is_readable = take_facts(node, std::move(facts), fact.to.id, next);
        next.node = keep(key, std::move(node));
        const std::size_t index = next.node;
        if (is_readable) {
            pending_.push_back(std::move(next));
        }
        return std::optional(index);
    }

    // What nobody can look up: a node that is not there, or a note where better is known.
    std::optional<std::size_t>
    lost_node(const Pending& from, const UpstreamFact& fact, bool has_firm) {
        const bool is_weak =
            fact.weight == Weight::Hint || (fact.said.basis == Basis::Inherited && has_firm);
        if (is_weak) {
            leave_out(
                from,
                fact,
                fact.to.place == Reference::Place::Folder ? "is a folder of another machine"
                                                          : "is no repository of a hub"
            );
            return std::nullopt;
        }
        const Key key(fact.to.kind, "?" + fact.to.id, fact.to.revision);
        const auto found = index_.find(key);
        if (found != index_.end()) {
            return found->second;
        }
        Node node;
        node.id = fact.to.id;
        node.kind = artifact_kind(fact.to.kind);
        node.resolution = Resolution::Absent;
        full_ = lineage_.nodes.size() > options_.max_ancestors;
        return keep(key, std::move(node));
    }

    std::size_t keep(const Key& key, Node node) {
        const std::size_t index = lineage_.nodes.size();
        lineage_.nodes.push_back(std::move(node));
        index_.insert_or_assign(key, index);
        return index;
    }

    void leave_out(const Pending& from, const UpstreamFact& fact, std::string_view why) {
        lineage_.nodes[from.node].notes.push_back(
            fact.said.where + " names '" + origin::describe(fact.to) + "', which " +
            std::string(why)
        );
    }

    // --- facts ---

    // `same`: it is a node that is there already, under another name.
    util::Result<> resolve(
        const Reference& to,
        Node& node,
        std::optional<Pending>& resolved,
        std::optional<std::size_t>& same
    ) {
        auto answer = resolver_.find(ctx_, {to.kind, to.id, to.revision});
        if (!answer.ok()) {
            if (answer.error().code != util::Code::Unavailable) {
                return std::move(answer).error();
            }
            node.resolution = Resolution::Unreachable;
            return {};
        }
        if (!answer->has_value()) {
            node.resolution = Resolution::Absent;
            return {};
        }
        Upstream& upstream = **answer;
        const std::string asked = node.id;
        if (!upstream.id.empty()) {
            node.id = upstream.id;
        }
        node.revision = upstream.revision;
        same = known_as(to, node);
        if (same) {
            add_name(*same, asked);
            return {};
        }
        if (!util::equal_ignore_case(asked, node.id)) {
            node.names.push_back(asked);
        }
        Pending next{0, 0, to.kind, {}, {}};
        if (take_facts(node, std::move(upstream.facts), asked, next)) {
            resolved = std::move(next);
        }
        return {};
    }

    std::optional<std::size_t> known_as(const Reference& to, const Node& node) const {
        for (const std::string& revision : {node.revision, to.revision}) {
            const auto found = index_.find(Key(to.kind, node.id, revision));
            // An empty commit says nothing of being the same.
            if (found != index_.end() && (!revision.empty() || to.revision.empty())) {
                return found->second;
            }
        }
        return std::nullopt;
    }

    void add_name(std::size_t index, const std::string& name) {
        Node& node = lineage_.nodes[index];
        const bool known =
            util::equal_ignore_case(node.id, name) ||
            std::find(node.names.begin(), node.names.end(), name) != node.names.end();
        if (!known) {
            node.names.push_back(name);
        }
    }

    // False when its card cannot be read: then nothing is known of it.
    bool take_facts(Node& node, origin::Facts facts, const std::string& asked, Pending& next) {
        if (!facts.card_problem.empty()) {
            node.resolution = Resolution::Unreadable;
            return false;
        }
        override_facts(facts, asked, node, next.kind);
        if (asked != node.id) {
            override_facts(facts, node.id, node, next.kind);
        }
        describe_node(node, facts, catalogue_);
        next.facts = std::move(facts);
        return true;
    }

    void override_facts(origin::Facts& facts, const std::string& id, Node& node) {
        override_facts(facts, id, node, options_.kind);
    }

    void override_facts(origin::Facts& facts, const std::string& id, Node& node, RepoKind kind) {
        if (options_.overrides == nullptr || id.empty()) {
            return;
        }
        for (std::string& note : origin::apply_overrides(facts, *options_.overrides, kind, id)) {
            node.notes.push_back(std::move(note));
        }
    }

    // --- edges ---

    void add_edge(const Pending& from, std::size_t to, const UpstreamFact& fact) {
        for (const std::size_t index : edges_[to]) {
            Edge& edge = lineage_.edges[index];
            const bool same = edge.role == fact.role && edge.activity == fact.activity;
            const bool is_guess = weights_[index] != Weight::Stated;
            if (!same && !is_guess && fact.weight == Weight::Stated) {
                continue;
            }
            if (!same && is_guess && fact.weight == Weight::Stated) {
                edge.role = fact.role;
                edge.activity = fact.activity;
                weights_[index] = fact.weight;
            }
            edge.said.push_back(fact.said);
            return;
        }
        Edge edge{from.node, to, fact.role, fact.activity, {}, {fact.said}};
        if (from.node == 0) {
            edge.location = fact.location;
        }
        edges_[to].push_back(lineage_.edges.size());
        lineage_.edges.push_back(std::move(edge));
        weights_.push_back(fact.weight);
    }

    const util::Context& ctx_;
    LineageResolver& resolver_;
    const CheckOptions& options_;
    const license::Catalogue& catalogue_;
    compliance::Lineage lineage_;
    std::map<Key, std::size_t> index_;
    std::deque<Pending> pending_;
    std::map<std::size_t, std::vector<std::size_t>> edges_; // of the artifact at hand, by target
    std::vector<Weight> weights_;                           // by edge
    bool full_ = false;
};

} // namespace

util::Result<compliance::Lineage> build_lineage(
    const util::Context& ctx,
    const origin::Facts& facts,
    const std::string& subject_id,
    LineageResolver& resolver,
    const CheckOptions& options,
    const license::Catalogue& catalogue
) {
    return LineageBuild(ctx, resolver, options, catalogue).run(facts, subject_id);
}

} // namespace railhub::app
