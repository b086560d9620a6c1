// SPDX-License-Identifier: Apache-2.0
// History first: it decides which links go. Then contents, recipes, segments, objects, each list by
// what is left of the one before.
#include "core/collect/mark.h"

#include "core/repo/dead_repos.h"
#include "core/repo/reach.h"
#include "core/storage/layout.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::collect {

namespace {

using types::BlobRef;
using util::Sha256;

constexpr std::string_view kSelectRepos =
    "SELECT id, public_id, kind, owner, name FROM repo ORDER BY id";
constexpr std::string_view kSelectLinks = "SELECT repo, sha256, size FROM lfs_link";
constexpr std::string_view kSelectUploads =
    "SELECT repo, sha256, size, uploaded_ms FROM lfs_upload";
constexpr std::string_view kSelectDeadLinks =
    "SELECT l.sha256, d.trash FROM dead_link AS l JOIN dead_repo AS d ON d.id = l.repo";
constexpr std::string_view kSelectGitBlobs =
    "SELECT repo, oid, blob_sha256 FROM git_object WHERE blob_sha256 IS NOT NULL";
constexpr std::string_view kSelectFiles =
    "SELECT id, hash, sha256, size, created_ms FROM cas_file ORDER BY id";
constexpr std::string_view kSelectUses =
    "SELECT file, segment FROM cas_file_segment ORDER BY file, segment";
constexpr std::string_view kSelectSegments =
    "SELECT id, hash, encoding, blob, stored, used_ms FROM cas_segment ORDER BY id";
constexpr std::string_view kSelectKept = "SELECT object_key FROM kept_object WHERE until_ms > ?";

// Values collected, then sorted, then asked. 32 bytes a content: a million of them are 32 MB.
template <class T>
class Sorted {
  public:
    void add(const T& value) { values_.push_back(value); }

    void sort() {
        std::sort(values_.begin(), values_.end());
        values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
    }

    [[nodiscard]] bool contains(const T& value) const {
        return std::binary_search(values_.begin(), values_.end(), value);
    }

  private:
    std::vector<T> values_;
};

// Visits the rows of a statement.
template <class Visit>
util::Result<> each_row(const util::Context& ctx, db::Statement& rows, const Visit& visit) {
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return {};
        }
        RAILHUB_TRY(visit());
    }
}

struct NotedHistory {
    std::int64_t row = 0;
    repo::Unreachable seen;
};

class Marking {
  public:
    Marking(const util::Context& ctx, const Places& places, const MarkOptions& options)
        : ctx_(ctx), places_(places), options_(options) {
        plan_.made_ms = util::to_millis(ctx.clock.now());
        plan_.cutoff_ms = plan_.made_ms - options.grace.count();
    }

    util::Result<Plan> run() {
        {
            RAILHUB_TRY(tx_, places_.database.begin_read(ctx_));
            RAILHUB_TRY(mark_histories());
            RAILHUB_TRY(mark_dead_repos());
            RAILHUB_TRY(mark_contents());
            RAILHUB_TRY(mark_files());
            RAILHUB_TRY(mark_segments());
            tx_.reset(); // the rest asks the store
        }
        RAILHUB_TRY(mark_objects());
        if (options_.note == MarkOptions::Note::Yes) {
            RAILHUB_TRY(note_histories());
        }
        return std::move(plan_);
    }

  private:
    // --- git objects ---

    util::Result<> mark_histories() {
        RAILHUB_TRY(auto rows, tx_->prepare(kSelectRepos));
        RAILHUB_TRY(each_row(ctx_, rows, [&] {
            HistoryItem item;
            item.row = rows.integer(0);
            item.public_id = rows.text(1);
            item.repo = std::string(rows.text(2)) + "s/" + std::string(rows.text(3)) + "/" +
                        std::string(rows.text(4));
            repos_.emplace(item.row, std::move(item));
            return util::Result<>();
        }));
        util::Task task(ctx_.progress, "marking history", repos_.size(), "repositories");
        for (const auto& [row, item] : repos_) {
            RAILHUB_TRY(mark_history(item));
            task.advance(1);
        }
        return {};
    }

    util::Result<> mark_history(const HistoryItem& repo) {
        auto seen = repo::find_unreachable(
            ctx_, *tx_, places_.blobs, repo.row, plan_.cutoff_ms, plan_.made_ms
        );
        if (!seen.ok() && seen.error().code == util::Code::Corrupt) {
            plan_.skipped.push_back(repo.repo + ": " + util::to_line(seen.error()));
            return {};
        }
        RAILHUB_TRY(auto found, std::move(seen));
        if (!found.objects.empty()) {
            HistoryItem item = repo;
            item.objects = found.objects;
            item.links = found.links;
            item.bytes = found.bytes;
            for (const BlobRef& link : item.links) {
                dropped_links_.insert({repo.row, link.sha256});
                note_owner(link.sha256, repo.repo);
            }
            dropped_objects_[repo.row].insert(item.objects.begin(), item.objects.end());
            plan_.histories.push_back(std::move(item));
        }
        found.objects.clear();
        noted_.push_back({repo.row, std::move(found)});
        return {};
    }

    util::Result<> mark_dead_repos() {
        RAILHUB_TRY(const auto dead, repo::list_dead_repos(*tx_));
        for (const repo::DeadRepo& repo : dead) {
            if (repo.trash) {
                trashed_repos_.insert(repo.row);
            } else if (repo.deleted_ms <= plan_.cutoff_ms) {
                DeadRepoItem item{repo.row, repo.public_id, name_of(repo), 0};
                RAILHUB_TRY(item.bytes, repo::dead_repo_bytes(*tx_, repo.row));
                gone_repos_.emplace(repo.row, item.repo);
                plan_.repos.push_back(std::move(item));
            }
        }
        return {};
    }

    static std::string name_of(const repo::DeadRepo& repo) {
        return std::string(types::kind_plural(repo.id.kind)) + "/" + repo.id.full_name();
    }

    // --- contents ---

    util::Result<> mark_contents() {
        RAILHUB_TRY(mark_links());
        RAILHUB_TRY(mark_uploads());
        RAILHUB_TRY(mark_git_blobs());
        RAILHUB_TRY(const auto sessions, places_.uploads.open_blobs(ctx_));
        for (const BlobRef& blob : sessions) {
            live_.add(blob.sha256);
        }
        live_.sort();
        return {};
    }

    util::Result<> mark_links() {
        RAILHUB_TRY(auto links, tx_->prepare(kSelectLinks));
        RAILHUB_TRY(each_row(ctx_, links, [&] {
            const auto sha256 = Sha256::from(links.blob(1));
            if (dropped_links_.count({links.integer(0), sha256}) == 0) {
                live_.add(sha256);
            }
            return util::Result<>();
        }));
        RAILHUB_TRY(auto dead, tx_->prepare("SELECT repo, sha256 FROM dead_link"));
        return each_row(ctx_, dead, [&] {
            const auto sha256 = Sha256::from(dead.blob(1));
            const auto gone = gone_repos_.find(dead.integer(0));
            if (gone != gone_repos_.end()) {
                note_owner(sha256, gone->second);
            } else if (trashed_repos_.count(dead.integer(0)) == 0) {
                live_.add(sha256);
            }
            return util::Result<>();
        });
    }

    util::Result<> mark_uploads() {
        RAILHUB_TRY(auto rows, tx_->prepare(kSelectUploads));
        return each_row(ctx_, rows, [&] {
            const BlobRef blob{
                Sha256::from(rows.blob(1)), static_cast<std::uint64_t>(rows.integer(2))};
            if (rows.integer(3) > plan_.cutoff_ms) {
                live_.add(blob.sha256);
                return util::Result<>();
            }
            const auto repo = repos_.find(rows.integer(0));
            UploadItem item{rows.integer(0), {}, blob};
            item.repo = repo != repos_.end() ? repo->second.repo : std::string();
            note_owner(blob.sha256, item.repo);
            plan_.uploads.push_back(std::move(item));
            return util::Result<>();
        });
    }

    util::Result<> mark_git_blobs() {
        RAILHUB_TRY(auto rows, tx_->prepare(kSelectGitBlobs));
        return each_row(ctx_, rows, [&] {
            const auto sha256 = Sha256::from(rows.blob(2));
            const std::int64_t repo = rows.integer(0);
            const auto dropped = dropped_objects_.find(repo);
            const bool goes = dropped != dropped_objects_.end() &&
                              dropped->second.count(types::Oid::from(rows.blob(1))) != 0;
            const auto gone = gone_repos_.find(repo);
            if (gone != gone_repos_.end()) {
                note_owner(sha256, gone->second);
            } else if (goes) {
                note_owner(sha256, repos_.at(repo).repo);
            } else if (trashed_repos_.count(repo) == 0) {
                live_.add(sha256);
            }
            return util::Result<>();
        });
    }

    // Whose content it was, as far as this plan knows: empty when several.
    void note_owner(const Sha256& sha256, const std::string& repo) {
        const auto [owner, is_new] = owners_.emplace(sha256, repo);
        if (!is_new && owner->second != repo) {
            owner->second.clear();
        }
    }

    [[nodiscard]] std::string owner_of(const Sha256& sha256) const {
        const auto owner = owners_.find(sha256);
        return owner != owners_.end() ? owner->second : std::string();
    }

    // --- recipes and segments ---

    util::Result<> mark_files() {
        std::map<std::int64_t, std::string> gone; // file -> repo
        RAILHUB_TRY(auto files, tx_->prepare(kSelectFiles));
        RAILHUB_TRY(each_row(ctx_, files, [&] {
            const auto sha256 = Sha256::from(files.blob(2));
            if (files.integer(4) > plan_.cutoff_ms || live_.contains(sha256)) {
                return util::Result<>();
            }
            FileItem item{hash_of(files.blob(1)), {sha256, 0}};
            item.blob.size = static_cast<std::uint64_t>(files.integer(3));
            gone.emplace(files.integer(0), owner_of(sha256));
            plan_.files.push_back(item);
            return util::Result<>();
        }));
        RAILHUB_TRY(auto uses, tx_->prepare(kSelectUses));
        RAILHUB_TRY(each_row(ctx_, uses, [&] {
            const auto file = gone.find(uses.integer(0));
            if (file == gone.end()) {
                used_segments_.add(uses.integer(1));
            } else {
                note_segment_owner(uses.integer(1), file->second);
            }
            return util::Result<>();
        }));
        used_segments_.sort();
        return {};
    }

    void note_segment_owner(std::int64_t segment, const std::string& repo) {
        const auto [owner, is_new] = segment_owners_.emplace(segment, repo);
        if (!is_new && owner->second != repo) {
            owner->second.clear();
        }
    }

    util::Result<> mark_segments() {
        RAILHUB_TRY(auto rows, tx_->prepare(kSelectSegments));
        RAILHUB_TRY(each_row(ctx_, rows, [&] {
            const xet::Hash hash = hash_of(rows.blob(1));
            const bool is_packed = rows.integer(2) == 2;
            const bool stays =
                rows.integer(5) > plan_.cutoff_ms || used_segments_.contains(rows.integer(0));
            if (stays && is_packed) {
                xorbs_.add(hash);
            } else if (stays) {
                hosts_.add(Sha256::from(rows.blob(3)));
            } else {
                const auto owner = segment_owners_.find(rows.integer(0));
                SegmentItem item{hash, 0, {}};
                item.bytes = is_packed ? static_cast<std::uint64_t>(rows.integer(4)) : 0;
                item.repo = owner != segment_owners_.end() ? owner->second : std::string();
                going_xorbs_.add(hash);
                plan_.segments.push_back(std::move(item));
            }
            return util::Result<>();
        }));
        RAILHUB_TRY(auto kept, tx_->prepare(kSelectKept));
        kept.bind(plan_.made_ms);
        RAILHUB_TRY(each_row(ctx_, kept, [&] {
            kept_.emplace(kept.text(0));
            return util::Result<>();
        }));
        xorbs_.sort();
        going_xorbs_.sort();
        hosts_.sort();
        return {};
    }

    static xet::Hash hash_of(util::ByteView column) {
        xet::Hash hash;
        std::copy_n(column.begin(), std::min(column.size(), hash.bytes.size()), hash.bytes.begin());
        return hash;
    }

    // --- objects ---

    util::Result<> mark_objects() {
        util::Task task(ctx_.progress, "marking objects", 0, "objects");
        return places_.objects().list(ctx_, {}, [&](const storage::ObjectInfo& info) {
            task.advance(1);
            mark_object(info);
            return util::Result<>();
        });
    }

    void mark_object(const storage::ObjectInfo& info) {
        const bool is_young = info.modified_ms > plan_.cutoff_ms;
        if (info.key.starts_with(storage::kPackPrefix)) {
            mark_cache(info);
        } else if (is_young || kept_.count(info.key) != 0) {
            return;
        } else if (const auto sha256 = storage::blob_of_key(info.key)) {
            if (!live_.contains(*sha256) && !hosts_.contains(*sha256)) {
                plan_.objects.push_back({info.key, info.size, owner_of(*sha256)});
            }
        } else if (const auto xorb = storage::xorb_of_key(info.key)) {
            // One that goes with its row is in the plan already.
            if (!xorbs_.contains(*xorb) && !going_xorbs_.contains(*xorb)) {
                plan_.objects.push_back({info.key, info.size, {}});
            }
        }
    }

    // Packs kept for clones: of repos that are no more.
    void mark_cache(const storage::ObjectInfo& info) {
        const std::size_t begin = storage::kPackPrefix.size();
        const std::string owner = info.key.substr(begin, info.key.find('/', begin) - begin);
        const bool is_known = std::any_of(repos_.begin(), repos_.end(), [&](const auto& repo) {
            return repo.second.public_id == owner;
        });
        if (!is_known) {
            plan_.caches.push_back({info.key, info.size, {}});
        }
    }

    // --- and remember ---

    util::Result<> note_histories() {
        for (const NotedHistory& noted : noted_) {
            const bool says_something = noted.seen.is_clean || !noted.seen.newly_dead.empty() ||
                                        !noted.seen.revived.empty();
            if (says_something) {
                RAILHUB_TRY(auto tx, places_.database.begin_write(ctx_, db::Durability::Relaxed));
                RAILHUB_TRY(repo::note_unreachable(*tx, noted.row, noted.seen, plan_.made_ms));
                RAILHUB_TRY(tx->commit());
            }
        }
        return {};
    }

    const util::Context& ctx_;
    const Places& places_;
    const MarkOptions options_;
    Plan plan_;
    std::unique_ptr<db::Transaction> tx_;
    std::map<std::int64_t, HistoryItem> repos_;      // all, without lists
    std::map<std::int64_t, std::string> gone_repos_; // deleted before the cutoff
    std::set<std::int64_t> trashed_repos_;
    std::set<std::pair<std::int64_t, Sha256>> dropped_links_;
    std::map<std::int64_t, std::set<types::Oid>> dropped_objects_;
    std::vector<NotedHistory> noted_;
    Sorted<Sha256> live_;
    std::map<Sha256, std::string> owners_;
    Sorted<std::int64_t> used_segments_;
    std::map<std::int64_t, std::string> segment_owners_;
    Sorted<xet::Hash> xorbs_;       // that stay
    Sorted<xet::Hash> going_xorbs_; // that go with their rows
    Sorted<Sha256> hosts_;          // blobs that hold segments that stay
    std::set<std::string, std::less<>> kept_;
};

} // namespace

util::Result<Plan>
mark(const util::Context& ctx, const Places& places, const MarkOptions& options) {
    return Marking(ctx, places, options).run();
}

} // namespace railhub::collect
