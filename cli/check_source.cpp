// SPDX-License-Identifier: Apache-2.0
// Sources and resolvers over hub and cache.
#include "cli/check_source.h"

#include "cli/repo_spec.h"
#include "core/transfer/cache.h"

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMaxUpstreamReadme = std::uint64_t{8} << 20;

// A repository at a commit.
class RemoteSource final : public app::Source {
  public:
    RemoteSource(const transfer::HubClient& hub, types::RepoId id, transfer::RepoInfo info)
        : hub_(hub), id_(std::move(id)), info_(std::move(info)) {}

    [[nodiscard]] std::string label() const override {
        return id_.full_name() + " at " + info_.sha.substr(0, 12);
    }

    util::Result<std::vector<std::string>> files(const util::Context& /*ctx*/) override {
        return info_.files;
    }

    util::Result<std::optional<std::string>>
    read(const util::Context& ctx, const std::string& path, std::uint64_t max_bytes) override {
        auto text = hub_.text(ctx, id_, info_.sha, path, max_bytes);
        if (!text.ok() && text.error().reason == "EntryNotFound") {
            return std::optional<std::string>();
        }
        RAILHUB_TRY(text);
        return std::optional(std::move(text).value());
    }

  private:
    const transfer::HubClient& hub_;
    types::RepoId id_;
    transfer::RepoInfo info_;
};

using MaybeCard = std::optional<app::UpstreamCard>;

class HubResolver final : public app::LineageResolver {
  public:
    explicit HubResolver(const transfer::HubClient& hub) : hub_(hub) {}

    util::Result<MaybeCard>
    card_of(const util::Context& ctx, types::RepoKind kind, const std::string& id) override {
        const auto repo = types::RepoId::parse(kind, id);
        if (!repo.ok()) {
            return MaybeCard(); // not a name a repository can have
        }
        auto info = hub_.info(ctx, *repo);
        if (!info.ok()) {
            return is_absent(info.error()) ? util::Result<MaybeCard>(MaybeCard())
                                           : util::Result<MaybeCard>(std::move(info).error());
        }
        app::UpstreamCard card{info->sha, {}, info->files};
        auto readme = hub_.text(ctx, *repo, info->sha, "README.md", kMaxUpstreamReadme);
        if (readme.ok()) {
            card.readme = std::move(readme).value();
        } else if (readme.error().code != util::Code::NotFound) {
            return std::move(readme).error();
        }
        return MaybeCard(std::move(card));
    }

  private:
    // Private and absent repositories answer alike to those who may not read them.
    static bool is_absent(const util::Error& error) {
        return error.code == util::Code::NotFound || error.code == util::Code::Unauthenticated ||
               error.code == util::Code::PermissionDenied;
    }

    const transfer::HubClient& hub_;
};

class CacheResolver final : public app::LineageResolver {
  public:
    CacheResolver(util::Fs& fs, std::string cache_folder)
        : fs_(fs), cache_folder_(std::move(cache_folder)) {}

    util::Result<MaybeCard>
    card_of(const util::Context& /*ctx*/, types::RepoKind kind, const std::string& id) override {
        const util::Error unknown =
            util::fail(util::Code::Unavailable, "offline, and '" + id + "' is not in the cache");
        const auto repo = types::RepoId::parse(kind, id);
        if (!repo.ok()) {
            return MaybeCard();
        }
        const transfer::RepoCache cache(fs_, cache_folder_, *repo);
        RAILHUB_TRY(const auto commit, cache.ref("main"));
        if (!commit) {
            return unknown;
        }
        app::UpstreamCard card{*commit, {}, {}};
        RAILHUB_TRY(const auto tree, cache.tree(*commit));
        for (std::size_t i = 0; tree && i < tree->size(); ++i) {
            card.files.push_back((*tree)[i].path);
        }
        auto readme = util::read_file(
            fs_, util::join_path(cache.snapshot_folder(*commit), "README.md"), kMaxUpstreamReadme
        );
        if (!readme.ok()) {
            return unknown;
        }
        card.readme = std::move(readme).value();
        return MaybeCard(std::move(card));
    }

  private:
    util::Fs& fs_;
    std::string cache_folder_;
};

} // namespace

std::unique_ptr<app::LineageResolver> make_hub_resolver(const transfer::HubClient& hub) {
    return std::make_unique<HubResolver>(hub);
}

std::unique_ptr<app::LineageResolver> make_cache_resolver(util::Fs& fs, std::string cache_folder) {
    return std::make_unique<CacheResolver>(fs, std::move(cache_folder));
}

util::Result<std::unique_ptr<CheckTarget>> open_check_target(Shell& shell, const Args& args) {
    auto target = std::make_unique<CheckTarget>();
    const std::string text = args.has("SOURCE") ? args.text("SOURCE") : ".";
    const std::string type = args.text("type");
    if (shell.config.is_offline) {
        target->resolver = make_cache_resolver(shell.fs, shell.config.cache_folder);
    } else {
        RAILHUB_TRY(target->connection, connect(shell));
        target->resolver = make_hub_resolver(target->connection->hub);
    }
    RAILHUB_TRY(const auto on_disk, shell.fs.info(text));
    if (on_disk) {
        RAILHUB_TRY(target->kind, types::parse_kind(type.empty() ? "model" : type));
        target->source = app::make_folder_source(shell.fs, text);
        return target;
    }
    RAILHUB_TRY(const RepoSpec spec, parse_repo(text, type));
    RAILHUB_TRY(const std::string revision, choose_revision(spec, args, ""));
    if (!target->connection) {
        return util::fail(
            util::Code::NotFound,
            "no folder '" + text + "', and repositories cannot be asked offline"
        );
    }
    RAILHUB_TRY(
        transfer::RepoInfo info, target->connection->hub.info(shell.ctx, spec.id, revision)
    );
    target->kind = spec.id.kind;
    target->id = spec.id.full_name();
    target->revision = info.sha;
    target->source =
        std::make_unique<RemoteSource>(target->connection->hub, spec.id, std::move(info));
    return target;
}

} // namespace railhub::cli
