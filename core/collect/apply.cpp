// SPDX-License-Identifier: Apache-2.0
// One list of the plan after the other, in batches of one write transaction each; the objects last.
#include "core/collect/apply.h"

#include "core/collect/detail/trash_rows.h"
#include "core/collect/needs.h"
#include "core/repo/dead_repos.h"
#include "core/repo/pack_send.h"
#include "core/repo/reach.h"
#include "core/storage/layout.h"

#include <algorithm>

namespace railhub::collect {

namespace {

using detail::EntryState;
using detail::TrashRow;

constexpr std::size_t kRowsPerBatch = 200;
constexpr std::size_t kMovesPerBatch = 32; // each waits for the disk, under the lock
constexpr int kTriesPerHistory = 5;

class Applying {
  public:
    Applying(const util::Context& ctx, const Places& places, const Plan& plan)
        : ctx_(ctx), places_(places), plan_(plan) {}

    util::Result<Applied> run() {
        RAILHUB_TRY(move_condemned()); // of a run that was cut short
        for (const HistoryItem& item : plan_.histories) {
            RAILHUB_TRY(apply_history(item));
            RAILHUB_TRY(drop_stale_packs(item));
        }
        RAILHUB_TRY(each_in_batches(plan_.repos, &Applying::apply_repo));
        RAILHUB_TRY(each_in_batches(plan_.uploads, &Applying::apply_upload));
        RAILHUB_TRY(each_in_batches(plan_.files, &Applying::apply_file));
        RAILHUB_TRY(each_in_batches(plan_.segments, &Applying::apply_segment));
        RAILHUB_TRY(each_in_batches(plan_.objects, &Applying::apply_object));
        RAILHUB_TRY(move_condemned());
        RAILHUB_TRY(drop_caches());
        return done_;
    }

    util::Result<Applied> finish() {
        RAILHUB_TRY(move_condemned());
        return done_;
    }

  private:
    // --- git objects ---

    // The walk needs no lock; when the repo moved before the lock was had, it is walked again.
    util::Result<> apply_history(const HistoryItem& item) {
        for (int attempt = 0; attempt < kTriesPerHistory; ++attempt) {
            RAILHUB_TRY(const auto what, walk_again(item));
            if (!what || what->objects.empty()) {
                done_.kept += item.objects.size();
                return {};
            }
            RAILHUB_TRY(const bool is_done, trash_history(item, *what));
            if (is_done) {
                done_.kept += item.objects.size() - what->objects.size();
                return {};
            }
        }
        ctx_.log.write(
            util::LogLevel::Warn, "repository is too busy to collect", {{"repo", item.repo}}
        );
        done_.kept += item.objects.size();
        return {};
    }

    util::Result<std::optional<repo::Unreachable>> walk_again(const HistoryItem& item) {
        RAILHUB_TRY(auto tx, places_.database.begin_read(ctx_));
        RAILHUB_TRY(const bool is_same, is_same_repo(*tx, item));
        if (!is_same) {
            return std::optional<repo::Unreachable>();
        }
        auto what =
            repo::still_unreachable(ctx_, *tx, places_.blobs, item.row, sorted(item.objects));
        if (!what.ok() && what.error().code == util::Code::Corrupt) {
            return std::optional<repo::Unreachable>();
        }
        RAILHUB_TRY(auto found, std::move(what));
        std::erase_if(found.links, [&](const types::BlobRef& link) {
            return std::find(item.links.begin(), item.links.end(), link) == item.links.end();
        });
        return std::optional(std::move(found));
    }

    static std::vector<types::Oid> sorted(std::vector<types::Oid> oids) {
        std::sort(oids.begin(), oids.end());
        return oids;
    }

    static util::Result<bool> is_same_repo(db::Transaction& tx, const HistoryItem& item) {
        RAILHUB_TRY(const auto record, repo::find_repo_row(tx, item.row));
        return record && record->public_id == item.public_id;
    }

    util::Result<bool> trash_history(const HistoryItem& item, const repo::Unreachable& what) {
        RAILHUB_TRY(auto tx, places_.database.begin_write(ctx_));
        RAILHUB_TRY(const bool is_same, is_same_repo(*tx, item));
        RAILHUB_TRY(const std::int64_t generation, repo::change_generation(*tx, item.row));
        if (!is_same || generation != what.generation) {
            return false;
        }
        TrashRow row = new_row(detail::kHistory, item.public_id, item.repo);
        row.bytes = what.bytes;
        row.facts.set("row", item.row);
        row.facts.set("objects", what.objects.size());
        row.facts.set("links", what.links.size());
        RAILHUB_TRY(detail::add_row(*tx, row));
        RAILHUB_TRY(repo::trash_history(*tx, item.row, row.id, what));
        RAILHUB_TRY(tx->commit());
        done_.git_objects += what.objects.size();
        done_.links += what.links.size();
        return true;
    }

    // Packs kept for clones of what the refs were.
    util::Result<> drop_stale_packs(const HistoryItem& item) {
        RAILHUB_TRY(auto tx, places_.database.begin_read(ctx_));
        RAILHUB_TRY(const auto record, repo::find_repo_row(*tx, item.row));
        if (!record) {
            return {};
        }
        RAILHUB_TRY(
            const auto repository, repo::Repository::open(ctx_, *tx, places_.blobs, *record)
        );
        return repo::drop_stale_packs(ctx_, *repository, places_.objects());
    }

    // --- rows ---

    template <class Item>
    util::Result<> each_in_batches(
        const std::vector<Item>& items,
        util::Result<> (Applying::*apply_one)(db::Transaction&, const Item&)
    ) {
        for (std::size_t at = 0; at < items.size(); at += kRowsPerBatch) {
            RAILHUB_TRY(ctx_.check_stop());
            const Applied before = done_;
            RAILHUB_TRY(auto tx, places_.database.begin_write(ctx_));
            const std::size_t end = std::min(items.size(), at + kRowsPerBatch);
            for (std::size_t i = at; i < end; ++i) {
                RAILHUB_TRY((this->*apply_one)(*tx, items[i]));
            }
            auto committed = tx->commit();
            if (!committed.ok()) {
                done_ = before;
                return committed;
            }
        }
        return {};
    }

    util::Result<> apply_repo(db::Transaction& tx, const DeadRepoItem& item) {
        RAILHUB_TRY(const auto dead, repo::find_dead_repo(tx, item.row));
        if (!dead || dead->public_id != item.public_id || dead->trash ||
            dead->deleted_ms > plan_.cutoff_ms) {
            return {};
        }
        TrashRow row = new_row(detail::kRepo, item.public_id, item.repo);
        row.bytes = item.bytes;
        row.facts.set("row", item.row);
        RAILHUB_TRY(detail::add_row(tx, row));
        ++done_.repos;
        return repo::set_dead_repo_trash(tx, item.row, row.id);
    }

    util::Result<> apply_upload(db::Transaction& tx, const UploadItem& item) {
        const auto sha256 = item.blob.sha256.view();
        std::int64_t account = 0;
        {
            RAILHUB_TRY(
                auto rows,
                tx.prepare("SELECT account FROM lfs_upload "
                           "WHERE repo = ? AND sha256 = ? AND uploaded_ms <= ?")
            );
            RAILHUB_TRY(const bool found, rows.bind(item.row, sha256, plan_.cutoff_ms).step());
            if (!found) {
                ++done_.kept;
                return {};
            }
            account = rows.integer(0);
        }
        RAILHUB_TRY(
            auto remove, tx.prepare("DELETE FROM lfs_upload WHERE repo = ? AND sha256 = ?")
        );
        RAILHUB_TRY(remove.bind(item.row, sha256).run());
        ++done_.uploads;
        RAILHUB_TRY(const bool is_needed, is_content_needed(tx, item.blob.sha256));
        if (is_needed) {
            return {}; // it was committed: nothing is lost with the note
        }
        TrashRow row = new_row(detail::kUpload, item.blob.sha256.hex(), item.repo);
        row.facts.set("row", item.row);
        row.facts.set("size", item.blob.size);
        row.facts.set("account", account);
        return detail::add_row(tx, row);
    }

    util::Result<> apply_file(db::Transaction& tx, const FileItem& item) {
        std::int64_t file = 0;
        {
            RAILHUB_TRY(
                auto rows, tx.prepare("SELECT id FROM cas_file WHERE hash = ? AND created_ms <= ?")
            );
            RAILHUB_TRY(const bool found, rows.bind(item.hash.view(), plan_.cutoff_ms).step());
            if (!found) {
                return {};
            }
            file = rows.integer(0);
        }
        RAILHUB_TRY(const bool is_needed, is_wanted(tx, item.blob.sha256));
        if (is_needed) {
            ++done_.kept;
            return {};
        }
        RAILHUB_TRY(auto row, detail::take_file(tx, file));
        row->trashed_ms = now();
        ++done_.files;
        return detail::add_row(tx, *row);
    }

    // By a row, by an upload in parts, or by an operator.
    util::Result<bool> is_wanted(db::Transaction& tx, const util::Sha256& sha256) {
        RAILHUB_TRY(const bool is_needed, is_content_needed(tx, sha256));
        return is_needed ? util::Result<bool>(true) : is_arriving(sha256);
    }

    util::Result<bool> is_arriving(const util::Sha256& sha256) {
        RAILHUB_TRY(const auto blobs, places_.uploads.open_blobs(ctx_));
        return std::any_of(blobs.begin(), blobs.end(), [&](const types::BlobRef& blob) {
            return blob.sha256 == sha256;
        });
    }

    util::Result<> apply_segment(db::Transaction& tx, const SegmentItem& item) {
        std::int64_t segment = 0;
        {
            RAILHUB_TRY(
                auto rows, tx.prepare("SELECT id FROM cas_segment WHERE hash = ? AND used_ms <= ?")
            );
            RAILHUB_TRY(const bool found, rows.bind(item.hash.view(), plan_.cutoff_ms).step());
            if (!found) {
                ++done_.kept;
                return {};
            }
            segment = rows.integer(0);
        }
        RAILHUB_TRY(const bool is_used, is_segment_used(tx, segment));
        if (is_used) {
            ++done_.kept;
            return {};
        }
        RAILHUB_TRY(auto row, detail::take_segment(tx, segment));
        row->repo = item.repo;
        row->trashed_ms = now();
        ++done_.segments;
        return detail::add_row(tx, *row);
    }

    util::Result<> apply_object(db::Transaction& tx, const ObjectItem& item) {
        RAILHUB_TRY(const bool may_go, may_condemn(tx, item.key));
        if (!may_go) {
            ++done_.kept;
            return {};
        }
        RAILHUB_TRY(const auto info, places_.objects().info(ctx_, item.key));
        if (!info || info->modified_ms > plan_.cutoff_ms) {
            return {};
        }
        TrashRow row = new_row(detail::kObject, subject_of(item.key), item.repo);
        row.object_key = item.key;
        row.bytes = info->size;
        row.state = EntryState::Condemned;
        return detail::add_row(tx, row);
    }

    util::Result<bool> may_condemn(db::Transaction& tx, const std::string& key) {
        RAILHUB_TRY(const bool is_needed, is_object_needed(tx, key, now()));
        if (is_needed) {
            return false;
        }
        const auto sha256 = storage::blob_of_key(key);
        if (!sha256) {
            return true;
        }
        RAILHUB_TRY(const bool arrives, is_arriving(*sha256));
        return !arrives;
    }

    static std::string subject_of(const std::string& key) { return key.substr(key.rfind('/') + 1); }

    // --- objects ---

    util::Result<> move_condemned() {
        std::int64_t after = 0;
        while (true) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(auto tx, places_.database.begin_write(ctx_));
            RAILHUB_TRY(
                const auto rows, detail::rows_in(*tx, EntryState::Condemned, after, kMovesPerBatch)
            );
            if (rows.empty()) {
                return {};
            }
            for (const TrashRow& row : rows) {
                RAILHUB_TRY(move(*tx, row));
            }
            RAILHUB_TRY(tx->commit());
            after = rows.back().id;
        }
    }

    util::Result<> move(db::Transaction& tx, const TrashRow& row) {
        RAILHUB_TRY(const auto moved, places_.objects().info(ctx_, row.trash_key));
        if (!moved) {
            RAILHUB_TRY(const bool is_needed, is_object_needed(tx, row.object_key, now()));
            if (is_needed) { // somebody sent it again, or refers to it
                ++done_.kept;
                return detail::delete_row(tx, row.id);
            }
            auto renamed = places_.objects().rename(ctx_, row.object_key, row.trash_key);
            if (!renamed.ok() && renamed.error().code == util::Code::NotFound) {
                return detail::delete_row(tx, row.id); // lost before: there is nothing to keep
            }
            RAILHUB_TRY(std::move(renamed));
        }
        ++done_.objects;
        done_.bytes += row.bytes;
        return detail::set_in_trash(tx, row.id);
    }

    util::Result<> drop_caches() {
        for (const ObjectItem& cache : plan_.caches) {
            RAILHUB_TRY(ctx_.check_stop());
            if (cache.key.starts_with(storage::kPackPrefix)) {
                RAILHUB_TRY(places_.objects().remove(ctx_, cache.key));
                ++done_.caches;
                done_.bytes += cache.bytes;
            }
        }
        return {};
    }

    // --- small things ---

    [[nodiscard]] std::int64_t now() const { return util::to_millis(ctx_.clock.now()); }

    [[nodiscard]] TrashRow
    new_row(std::string_view kind, std::string subject, std::string repo) const {
        TrashRow row;
        row.kind = kind;
        row.subject = std::move(subject);
        row.repo = std::move(repo);
        row.trashed_ms = now();
        return row;
    }

    const util::Context& ctx_;
    const Places& places_;
    const Plan& plan_;
    Applied done_;
};

} // namespace

util::Result<Applied> apply(const util::Context& ctx, const Places& places, const Plan& plan) {
    return Applying(ctx, places, plan).run();
}

util::Result<Applied> finish(const util::Context& ctx, const Places& places) {
    const Plan nothing;
    return Applying(ctx, places, nothing).finish();
}

} // namespace railhub::collect
