// SPDX-License-Identifier: Apache-2.0
// Sources and resolvers over hub and cache.
#include "cli/check_source.h"

#include "cli/repo_spec.h"
#include "core/app/gather.h"
#include "core/transfer/cache.h"
#include "core/types/revision.h"

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMaxShownText = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxOverridesFile = std::uint64_t{1} << 20;

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

    util::Result<std::optional<std::string>> read_part(
        const util::Context& ctx, const std::string& path, std::uint64_t offset, std::size_t length
    ) override {
        auto bytes = hub_.part(ctx, id_, info_.sha, path, offset, length);
        if (!bytes.ok() && bytes.error().reason == "EntryNotFound") {
            return std::optional<std::string>();
        }
        RAILHUB_TRY(bytes);
        return std::optional(std::move(bytes).value());
    }

  private:
    const transfer::HubClient& hub_;
    types::RepoId id_;
    transfer::RepoInfo info_;
};

using MaybeUpstream = std::optional<app::Upstream>;

class HubResolver final : public app::LineageResolver {
  public:
    HubResolver(
        const transfer::HubClient& hub, const license::Catalogue& catalogue, app::FactsCache cache
    )
        : hub_(hub), catalogue_(catalogue), cache_(std::move(cache)) {}

    util::Result<MaybeUpstream>
    find(const util::Context& ctx, const app::UpstreamName& name) override {
        const auto repo = types::RepoId::parse(name.kind, name.id);
        if (!repo.ok()) {
            return MaybeUpstream(); // not a name a repository can have
        }
        const std::string& endpoint = hub_.session().endpoint();
        // What stands at a full commit id never changes; may it still be read? That is asked.
        auto info = hub_.info(ctx, *repo, name.revision);
        if (!info.ok()) {
            return is_absent(info.error()) ? util::Result<MaybeUpstream>(MaybeUpstream())
                                           : util::Result<MaybeUpstream>(std::move(info).error());
        }
        app::Upstream upstream;
        upstream.id = info->id.empty() ? name.id : info->id;
        upstream.revision = info->sha;
        const app::UpstreamName canonical{name.kind, upstream.id, {}};
        cache_.saw(endpoint, name, upstream);
        if (auto known = cache_.facts(endpoint, canonical, upstream.revision)) {
            upstream.facts = std::move(*known);
            return MaybeUpstream(std::move(upstream));
        }
        if (upstream.revision.empty()) {
            return MaybeUpstream(std::move(upstream)); // an empty repository
        }
        RemoteSource source(hub_, *repo, std::move(*info));
        RAILHUB_TRY(
            upstream.facts, app::gather(ctx, source, name.kind, catalogue_, app::kRemoteLimits)
        );
        cache_.keep(endpoint, canonical, upstream.revision, upstream.facts);
        return MaybeUpstream(std::move(upstream));
    }

    std::optional<std::string> text(
        const util::Context& ctx, const app::UpstreamName& name, const std::string& path
    ) override {
        const auto repo = types::RepoId::parse(name.kind, name.id);
        if (!repo.ok()) {
            return std::nullopt;
        }
        auto text = hub_.text(ctx, *repo, name.revision, path, kMaxShownText);
        return text.ok() ? std::optional(std::move(text).value()) : std::nullopt;
    }

  private:
    // Private and absent repositories answer alike to those who may not read them.
    static bool is_absent(const util::Error& error) {
        return error.code == util::Code::NotFound || error.code == util::Code::Unauthenticated ||
               error.code == util::Code::PermissionDenied;
    }

    const transfer::HubClient& hub_;
    const license::Catalogue& catalogue_;
    app::FactsCache cache_;
};

class CacheResolver final : public app::LineageResolver {
  public:
    CacheResolver(
        util::Fs& fs,
        std::string cache_folder,
        std::string endpoint,
        const license::Catalogue& catalogue,
        app::FactsCache cache
    )
        : fs_(fs), cache_folder_(std::move(cache_folder)), endpoint_(std::move(endpoint)),
          catalogue_(catalogue), cache_(std::move(cache)) {}

    util::Result<MaybeUpstream>
    find(const util::Context& ctx, const app::UpstreamName& name) override {
        const auto repo = types::RepoId::parse(name.kind, name.id);
        if (!repo.ok()) {
            return MaybeUpstream();
        }
        RAILHUB_TRY(MaybeUpstream pulled, find_pulled(ctx, *repo, name));
        if (pulled) {
            return pulled;
        }
        if (auto seen = cache_.seen(endpoint_, name)) {
            const app::UpstreamName canonical{name.kind, seen->id, {}};
            if (auto facts = cache_.facts(endpoint_, canonical, seen->revision)) {
                seen->facts = std::move(*facts);
                return MaybeUpstream(std::move(*seen));
            }
        }
        return util::fail(
            util::Code::Unavailable, "offline, and '" + name.id + "' is not in the cache"
        );
    }

  private:
    // A snapshot of which the card was pulled.
    util::Result<MaybeUpstream> find_pulled(
        const util::Context& ctx, const types::RepoId& repo, const app::UpstreamName& name
    ) {
        const transfer::RepoCache cache(fs_, cache_folder_, repo);
        std::optional<std::string> commit = name.revision;
        if (!types::is_full_sha(name.revision)) {
            RAILHUB_TRY(commit, cache.ref(name.revision.empty() ? "main" : name.revision));
        }
        if (!commit) {
            return MaybeUpstream();
        }
        RAILHUB_TRY(const bool has_card, cache.has_file(*commit, "README.md"));
        if (!has_card) {
            return MaybeUpstream();
        }
        app::Upstream upstream;
        upstream.revision = *commit;
        const auto source = app::make_folder_source(fs_, cache.snapshot_folder(*commit));
        RAILHUB_TRY(upstream.facts, app::gather(ctx, *source, name.kind, catalogue_));
        return MaybeUpstream(std::move(upstream));
    }

    util::Fs& fs_;
    std::string cache_folder_;
    std::string endpoint_;
    const license::Catalogue& catalogue_;
    app::FactsCache cache_;
};

} // namespace

std::unique_ptr<app::LineageResolver> make_hub_resolver(
    const transfer::HubClient& hub, const license::Catalogue& catalogue, app::FactsCache cache
) {
    return std::make_unique<HubResolver>(hub, catalogue, std::move(cache));
}

std::unique_ptr<app::LineageResolver> make_cache_resolver(
    util::Fs& fs,
    std::string cache_folder,
    std::string endpoint,
    const license::Catalogue& catalogue,
    app::FactsCache cache
) {
    return std::make_unique<CacheResolver>(
        fs, std::move(cache_folder), std::move(endpoint), catalogue, std::move(cache)
    );
}

OptionSpec overrides_option() {
    return {
        .name = "overrides",
        .value = "FILE",
        .help = "Licenses and upstreams you know better (lineage-overrides/1, YAML or JSON)"};
}

app::CheckOptions options_for(Shell& shell, const CheckTarget& target) {
    app::CheckOptions options;
    options.kind = target.kind;
    options.id = target.id;
    options.revision = target.revision;
    options.folder = target.folder;
    options.disk = target.folder.empty() ? nullptr : &shell.fs;
    options.overrides = &target.overrides;
    return options;
}

util::Result<>
connect_target(Shell& shell, const license::Catalogue& catalogue, CheckTarget& target) {
    app::FactsCache cache(
        shell.fs, util::join_path(shell.config.state_folder, "lineage"), catalogue.version()
    );
    if (shell.config.is_offline) {
        target.resolver = make_cache_resolver(
            shell.fs, shell.config.cache_folder, shell.config.endpoint, catalogue, std::move(cache)
        );
        return {};
    }
    RAILHUB_TRY(target.connection, connect(shell));
    target.resolver = make_hub_resolver(target.connection->hub, catalogue, std::move(cache));
    return {};
}

util::Result<std::unique_ptr<CheckTarget>> open_check_target(
    Shell& shell, const Args& args, const license::Catalogue& catalogue, std::string_view operand
) {
    auto target = std::make_unique<CheckTarget>();
    const std::string text = args.has(operand) ? args.text(operand) : ".";
    const std::string type = args.text("type");
    if (args.has("overrides")) {
        const std::string path = args.text("overrides");
        RAILHUB_TRY(
            const std::string overrides, util::read_file(shell.fs, path, kMaxOverridesFile)
        );
        RAILHUB_TRY(
            target->overrides, origin::parse_overrides(overrides).with_context("'" + path + "'")
        );
    }
    RAILHUB_TRY(connect_target(shell, catalogue, *target));
    RAILHUB_TRY(const auto on_disk, shell.fs.info(text));
    if (on_disk) {
        RAILHUB_TRY(target->kind, types::parse_kind(type.empty() ? "model" : type));
        target->source = app::make_folder_source(shell.fs, text);
        target->folder = text;
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
