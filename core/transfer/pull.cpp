// SPDX-License-Identifier: Apache-2.0
// Planning and running a pull.
#include "core/transfer/pull.h"

#include "core/transfer/local_folder.h"
#include "core/util/text.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::transfer {

namespace {

bool matches_any(const std::vector<std::string>& globs, const std::string& path) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        // As huggingface_hub: "folder/" means all below it.
        return util::glob_match(glob.ends_with('/') ? glob + "*" : glob, path);
    });
}

bool is_wanted(const PullRequest& request, const std::string& path) {
    const bool is_named =
        request.files.empty() ||
        std::find(request.files.begin(), request.files.end(), path) != request.files.end();
    return is_named && (request.include.empty() || matches_any(request.include, path)) &&
           !matches_any(request.exclude, path);
}

ContentId content_of(const RemoteEntry& entry) {
    return {entry.size, entry.lfs, entry.oid};
}

util::Result<PullState> state_of(
    util::Fs& fs,
    const RepoCache& cache,
    const PullRequest& request,
    const PullPlan& plan,
    const RemoteEntry& entry
) {
    if (!request.local_folder.empty()) {
        const LocalFolder folder(fs, request.local_folder);
        RAILHUB_TRY(const bool has, folder.has(entry.path, content_of(entry)));
        return has ? PullState::Present : PullState::Fetched;
    }
    RAILHUB_TRY(const bool has_file, cache.has_file(plan.commit, entry.path));
    if (has_file) {
        return PullState::Present;
    }
    RAILHUB_TRY(const bool has_blob, cache.has_blob(entry.etag()));
    return has_blob ? PullState::Linked : PullState::Fetched;
}

util::Result<>
fill_items(util::Fs& fs, const RepoCache& cache, const PullRequest& request, PullPlan& plan) {
    plan.target =
        request.local_folder.empty() ? cache.snapshot_folder(plan.commit) : request.local_folder;
    for (const auto& entry : plan.tree) {
        if (entry.is_folder || !is_wanted(request, entry.path)) {
            continue;
        }
        RAILHUB_TRY(const PullState state, state_of(fs, cache, request, plan, entry));
        plan.items.push_back({entry, state});
    }
    std::sort(plan.items.begin(), plan.items.end(), [](const PullItem& a, const PullItem& b) {
        return a.entry.path < b.entry.path;
    });
    return {};
}

// First path of `files` that the revision does not have.
const std::string* missing_file(const PullRequest& request, const PullPlan& plan) {
    for (const auto& file : request.files) {
        const bool is_there =
            std::any_of(plan.tree.begin(), plan.tree.end(), [&](const auto& entry) {
                return entry.path == file && !entry.is_folder;
            });
        if (!is_there) {
            return &file;
        }
    }
    return nullptr;
}

util::Error no_such_file(const PullRequest& request, const std::string& path) {
    return util::fail(
        util::Code::NotFound,
        "no file '" + path + "' in " + request.id.describe() + " at '" + request.revision + "'",
        "'railhub ls " + request.id.full_name() + "' shows what is there"
    );
}

std::optional<xet::Hash> xet_hash_of(const RemoteEntry& entry) {
    const auto hash = xet::Hash::parse(entry.xet_hash);
    return hash.ok() && entry.lfs ? std::optional(*hash) : std::nullopt;
}

// The versions of the last pull of this revision, by path; empty when there was none.
using OlderFiles = std::map<std::string, RemoteEntry>;

util::Result<OlderFiles>
older_files(const RepoCache& cache, const PullRequest& request, const PullPlan& plan) {
    OlderFiles files;
    RAILHUB_TRY(const auto commit, cache.ref(request.revision));
    if (!commit || *commit == plan.commit) {
        return files;
    }
    RAILHUB_TRY(const auto tree, cache.tree(*commit));
    for (std::size_t i = 0; tree && i < tree->size(); ++i) {
        const RemoteEntry& entry = (*tree)[i];
        RAILHUB_TRY(const bool has_blob, cache.has_blob(entry.etag()));
        if (has_blob && xet_hash_of(entry)) {
            files[entry.path] = entry;
        }
    }
    return files;
}

std::optional<XetFile>
xet_file_of(const RepoCache& cache, const OlderFiles& older, const RemoteEntry& entry) {
    const auto hash = xet_hash_of(entry);
    if (!hash) {
        return std::nullopt;
    }
    XetFile file{*hash, {}, {}};
    if (const auto found = older.find(entry.path); found != older.end()) {
        file.older_path = cache.blob_path(found->second.etag());
        file.older_hash = xet_hash_of(found->second);
    }
    return file;
}

// Into the cache: blobs by content, then links. One content may have several paths.
std::vector<Download> cache_downloads(
    const HubClient& hub,
    const RepoCache& cache,
    const OlderFiles& older,
    const PullRequest& request,
    const PullPlan& plan
) {
    std::map<std::string, std::vector<const RemoteEntry*>> by_etag;
    std::vector<std::string> order;
    for (const auto& item : plan.items) {
        if (item.state == PullState::Fetched) {
            auto& entries = by_etag[item.entry.etag()];
            if (entries.empty()) {
                order.push_back(item.entry.etag());
            }
            entries.push_back(&item.entry);
        }
    }
    std::vector<Download> downloads;
    for (const auto& etag : order) {
        const auto& entries = by_etag[etag];
        const RemoteEntry& first = *entries.front();
        downloads.push_back(
            {hub.file_url(request.id, plan.commit, first.path),
             content_of(first),
             cache.blob_path(etag),
             cache.partial_path(etag),
             cache.lock_path(etag),
             [&cache, &plan, etag, entries]() -> util::Result<> {
                 for (const RemoteEntry* entry : entries) {
                     RAILHUB_TRY(cache.link(plan.commit, entry->path, etag));
                 }
                 return {};
             }}
        );
        downloads.back().xet = xet_file_of(cache, older, first);
    }
    return downloads;
}

// A client for the Xet server, if any of the files may need it; nullptr when there is none.
util::Result<std::unique_ptr<CasClient>> open_cas(
    const util::Context& ctx,
    const HubClient& hub,
    const PullRequest& request,
    const PullPlan& plan,
    std::span<const Download> downloads
) {
    const bool is_of_use = request.way == PullWay::Best &&
                           std::any_of(downloads.begin(), downloads.end(), [](const auto& file) {
                               return file.xet.has_value();
                           });
    if (!is_of_use) {
        return std::unique_ptr<CasClient>();
    }
    return CasClient::open(ctx, hub.session(), request.id, plan.commit, CasScope::Read);
}

util::Result<PullResult> download_files(
    const util::Context& ctx,
    const HubClient& hub,
    util::Random& random,
    util::Fs& fs,
    const PullRequest& request,
    const PullPlan& plan,
    std::span<const Download> downloads
) {
    RAILHUB_TRY(const auto cas, open_cas(ctx, hub, request, plan, downloads));
    DownloadTotals totals;
    DownloadOptions options = request.download;
    options.cas = cas.get();
    options.totals = &totals;
    RAILHUB_TRY(download_all(ctx, hub.session(), random, fs, downloads, options));
    return PullResult{totals.reused, totals.xet_bytes};
}

std::vector<Download> folder_downloads(
    const util::Context& ctx,
    const HubClient& hub,
    const LocalFolder& folder,
    const RepoCache& cache,
    const PullPlan& plan,
    const PullRequest& request
) {
    std::vector<Download> downloads;
    for (const auto& item : plan.items) {
        if (item.state == PullState::Present) {
            continue;
        }
        const RemoteEntry& entry = item.entry;
        downloads.push_back(
            {hub.file_url(request.id, plan.commit, entry.path),
             content_of(entry),
             folder.file_path(entry.path),
             folder.partial_path(entry.path, entry.etag()),
             folder.lock_path(entry.path),
             [&ctx, &folder, &plan, &entry] {
                 return folder.write_metadata(entry.path, plan.commit, entry.etag(), ctx.clock);
             }}
        );
        downloads.back().existing = Download::Existing::Replace;
        downloads.back().xet = xet_file_of(cache, {}, entry);
    }
    return downloads;
}

} // namespace

std::uint64_t PullPlan::total_bytes() const {
    std::uint64_t total = 0;
    for (const auto& item : items) {
        total += item.entry.size;
    }
    return total;
}

std::uint64_t PullPlan::fetch_bytes() const {
    std::map<std::string, std::uint64_t> sizes;
    for (const auto& item : items) {
        if (item.state == PullState::Fetched) {
            sizes[item.entry.etag()] = item.entry.size;
        }
    }
    std::uint64_t total = 0;
    for (const auto& [etag, size] : sizes) {
        total += size;
    }
    return total;
}

std::size_t PullPlan::count(PullState state) const {
    return static_cast<std::size_t>(std::count_if(
        items.begin(), items.end(), [&](const auto& item) { return item.state == state; }
    ));
}

util::Result<PullPlan> plan_pull(
    const util::Context& ctx, const HubClient& hub, util::Fs& fs, const PullRequest& request
) {
    const RepoCache cache(fs, request.cache_folder, request.id);
    PullPlan plan;
    RAILHUB_TRY(const RepoInfo info, hub.info(ctx, request.id, request.revision));
    plan.commit = info.sha;
    if (plan.commit.empty()) {
        return util::fail(util::Code::NotFound, request.id.describe() + " has no commit yet");
    }
    RAILHUB_TRY(plan.tree, hub.tree(ctx, request.id, plan.commit, "", HubClient::Depth::Recursive));
    if (const std::string* path = missing_file(request, plan)) {
        if (request.local_folder.empty()) {
            RAILHUB_TRY(cache.mark_absent(plan.commit, *path));
        }
        return no_such_file(request, *path);
    }
    RAILHUB_TRY(fill_items(fs, cache, request, plan));
    return plan;
}

util::Result<PullPlan> plan_offline(util::Fs& fs, const PullRequest& request) {
    const RepoCache cache(fs, request.cache_folder, request.id);
    RAILHUB_TRY(const auto commit, cache.ref(request.revision));
    PullPlan plan;
    const std::string what = request.id.describe() + " at '" + request.revision + "'";
    const std::string hint = "pull it once without --offline and HF_HUB_OFFLINE";
    if (!commit) {
        return util::fail(util::Code::NotFound, "the cache does not know " + what, hint);
    }
    plan.commit = *commit;
    RAILHUB_TRY(auto tree, cache.tree(plan.commit));
    if (!tree) {
        return util::fail(
            util::Code::NotFound, "the cache has no complete listing of " + what, hint
        );
    }
    plan.tree = std::move(*tree);
    if (const std::string* path = missing_file(request, plan)) {
        return no_such_file(request, *path);
    }
    RAILHUB_TRY(fill_items(fs, cache, request, plan));
    for (const auto& item : plan.items) {
        if (item.state == PullState::Fetched) {
            return util::fail(
                util::Code::NotFound,
                "the cache does not have '" + item.entry.path + "' of " + what,
                hint
            );
        }
    }
    return plan;
}

util::Result<> run_offline(util::Fs& fs, const PullRequest& request, const PullPlan& plan) {
    const RepoCache cache(fs, request.cache_folder, request.id);
    for (const auto& item : plan.items) {
        if (item.state == PullState::Linked) {
            RAILHUB_TRY(cache.link(plan.commit, item.entry.path, item.entry.etag()));
        }
    }
    return {};
}

util::Result<PullResult> run_pull(
    const util::Context& ctx,
    const HubClient& hub,
    util::Random& random,
    util::Fs& fs,
    const PullRequest& request,
    const PullPlan& plan
) {
    const RepoCache cache(fs, request.cache_folder, request.id);
    if (!request.local_folder.empty()) {
        const LocalFolder folder(fs, request.local_folder);
        const auto downloads = folder_downloads(ctx, hub, folder, cache, plan, request);
        return download_files(ctx, hub, random, fs, request, plan, downloads);
    }
    RAILHUB_TRY(const OlderFiles older, older_files(cache, request, plan));
    RAILHUB_TRY(cache.prepare());
    RAILHUB_TRY(fs.make_dirs(cache.snapshot_folder(plan.commit)));
    RAILHUB_TRY(cache.write_tree(plan.commit, plan.tree));
    RAILHUB_TRY(run_offline(fs, request, plan));
    const auto downloads = cache_downloads(hub, cache, older, request, plan);
    RAILHUB_TRY(
        const PullResult result, download_files(ctx, hub, random, fs, request, plan, downloads)
    );
    // Last: a ref names a snapshot that has what was asked for.
    RAILHUB_TRY(cache.set_ref(request.revision, plan.commit));
    return result;
}

} // namespace railhub::transfer
