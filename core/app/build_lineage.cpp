// SPDX-License-Identifier: Apache-2.0
// Keeps a queue of cards to ask for, and says in which way each ancestor was named.
#include "core/app/build_lineage.h"

#include <algorithm>
#include <deque>
#include <map>

namespace railhub::app {

namespace {

using compliance::Activity;
using compliance::ArtifactKind;
using compliance::Edge;
using compliance::Node;
using compliance::Resolution;
using compliance::Role;
using types::RepoKind;

constexpr std::string_view kReadme = "README.md";
// Longer than any repository id can be: such a text names nothing and is not worth a lookup.
constexpr std::size_t kMaxId = 256;
// Of a card, what more than this many entries say is not looked at: bounds work and reports.
constexpr std::size_t kMaxLabels = 16;
constexpr std::size_t kMaxRestrictions = 256;

// Foreign text as a report shows it: bounded, cut between characters.
std::string shown(const std::string& text) {
    if (text.size() <= kMaxId) {
        return text;
    }
    std::size_t end = kMaxId;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end) + "...";
}

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

struct How {
    Role role;
    Activity activity;
};

How how_made(card::Relation relation) {
    switch (relation) {
    case card::Relation::Finetune:
        return {Role::BaseModel, Activity::Finetune};
    case card::Relation::Adapter:
        return {Role::AdapterBase, Activity::Adapter};
    case card::Relation::Merge:
        return {Role::MergeSource, Activity::Merge};
    case card::Relation::Quantized:
        return {Role::BaseModel, Activity::Quantize};
    }
    return {Role::BaseModel, Activity::Finetune};
}

report::Location location_of(const card::Card& card, std::string_view pointer) {
    const card::Position at = card::position_of(card.positions, pointer);
    return {std::string(kReadme), at.line, at.column};
}

// A card's own claims about its artifact.
void describe(Node& node, const card::Card& card, const license::Catalogue& catalogue) {
    for (std::size_t i = 0; i < std::min(card.licenses.size(), kMaxLabels); ++i) {
        node.licenses.push_back(shown(card.licenses[i]));
    }
    node.license_name = shown(card.license_name);
    node.license_link = shown(card.license_link);
    for (std::size_t i = 0; i < std::min(card.use_restrictions.size(), kMaxRestrictions); ++i) {
        const std::string name = shown(card.use_restrictions[i]);
        const bool is_set = catalogue.restriction_set(name) != nullptr;
        node.carries.push_back((is_set ? "use-restrictions:" : "use-restriction:") + name);
    }
}

// An artifact whose card is at hand and whose upstreams are to be added.
struct Pending {
    std::size_t node;
    std::size_t depth;
    RepoKind kind;
    card::Card card;
    std::vector<std::string> files;
};

class Build {
  public:
    Build(
        const util::Context& ctx,
        LineageResolver& resolver,
        const CheckOptions& options,
        const license::Catalogue& catalogue
    )
        : ctx_(ctx), resolver_(resolver), options_(options), catalogue_(catalogue) {}

    util::Result<compliance::Lineage>
    run(const card::Card& card, const std::vector<std::string>& files, const std::string& subject_id
    ) {
        Node subject;
        subject.id = subject_id;
        subject.kind = artifact_kind(options_.kind);
        subject.revision = options_.revision;
        const bool labelled = card.position("license") != card::Position{};
        subject.location =
            labelled ? location_of(card, "/license") : report::Location{std::string(kReadme), 0, 0};
        describe(subject, card, catalogue_);
        lineage_.nodes.push_back(std::move(subject));
        index_.emplace(std::pair(options_.kind, options_.id), 0);
        pending_.push_back({0, 0, options_.kind, card, files});
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
        if (const std::optional<card::Relation> relation =
                card::relation_of(from.card, from.files)) {
            const How how = how_made(*relation);
            RAILHUB_TRY(add_all(from, from.card.base_models, "/base_model", RepoKind::Model, how));
        }
        return add_all(
            from,
            from.card.datasets,
            "/datasets",
            RepoKind::Dataset,
            {Role::Dataset, Activity::Train}
        );
    }

    util::Result<> add_all(
        const Pending& from,
        const std::vector<std::string>& ids,
        const std::string& field,
        RepoKind kind,
        How how
    ) {
        for (std::size_t i = 0; i < ids.size() && !full_; ++i) {
            RAILHUB_TRY(const std::size_t to, node_for(kind, ids[i], from.depth + 1));
            Edge edge{from.node, to, how.role, how.activity, {}};
            if (from.node == 0) {
                edge.location = location_of(from.card, field + "/" + std::to_string(i));
            }
            lineage_.edges.push_back(std::move(edge));
        }
        return {};
    }

    // The node of this artifact, resolved when it is new.
    util::Result<std::size_t> node_for(RepoKind kind, const std::string& id, std::size_t depth) {
        const auto [found, is_new] = index_.emplace(std::pair(kind, id), lineage_.nodes.size());
        if (!is_new) {
            return found->second;
        }
        const std::size_t index = found->second;
        Node node;
        node.id = shown(id);
        node.kind = artifact_kind(kind);
        full_ = index > options_.max_ancestors;
        if (full_ || depth > options_.max_depth) {
            node.resolution = Resolution::TooDeep;
            lineage_.nodes.push_back(std::move(node));
            return index;
        }
        RAILHUB_TRY(std::optional<Pending> resolved, resolve(node, kind, id));
        lineage_.nodes.push_back(std::move(node));
        if (resolved) {
            resolved->node = index;
            resolved->depth = depth;
            pending_.push_back(std::move(*resolved));
        }
        return index;
    }

    util::Result<std::optional<Pending>> resolve(Node& node, RepoKind kind, const std::string& id) {
        using Answer = std::optional<Pending>;
        if (id.empty() || id.size() > kMaxId) {
            node.resolution = Resolution::Absent;
            return Answer{};
        }
        auto found = resolver_.card_of(ctx_, kind, id);
        if (!found.ok()) {
            if (found.error().code != util::Code::Unavailable) {
                return std::move(found).error();
            }
            node.resolution = Resolution::Unreachable;
            return Answer{};
        }
        if (!found->has_value()) {
            node.resolution = Resolution::Absent;
            return Answer{};
        }
        UpstreamCard& upstream = **found;
        node.revision = upstream.revision;
        auto card = card::parse(upstream.readme);
        if (!card.ok()) {
            node.resolution = Resolution::Unreadable;
            return Answer{};
        }
        describe(node, *card, catalogue_);
        return Answer(Pending{0, 0, kind, std::move(card).value(), std::move(upstream.files)});
    }

    const util::Context& ctx_;
    LineageResolver& resolver_;
    const CheckOptions& options_;
    const license::Catalogue& catalogue_;
    compliance::Lineage lineage_;
    std::map<std::pair<RepoKind, std::string>, std::size_t> index_;
    std::deque<Pending> pending_;
    bool full_ = false;
};

} // namespace

util::Result<compliance::Lineage> build_lineage(
    const util::Context& ctx,
    const card::Card& card,
    const std::vector<std::string>& files,
    const std::string& subject_id,
    LineageResolver& resolver,
    const CheckOptions& options,
    const license::Catalogue& catalogue
) {
    return Build(ctx, resolver, options, catalogue).run(card, files, subject_id);
}

} // namespace railhub::app
