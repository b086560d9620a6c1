// SPDX-License-Identifier: Apache-2.0
// Listing, emptying, and bringing back with all that is needed.
#include "core/collect/trash.h"

#include "core/collect/detail/trash_rows.h"
#include "core/collect/needs.h"
#include "core/repo/dead_repos.h"
#include "core/repo/reach.h"
#include "core/storage/layout.h"
#include "core/util/text.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::collect {

namespace {

using detail::EntryState;
using detail::TrashRow;

constexpr std::size_t kEmptyBatch = 32;

std::string detail_of(const TrashRow& row) {
    if (row.kind == detail::kHistory) {
        return std::to_string(row.facts.number("objects")) + " git objects, " +
               std::to_string(row.facts.number("links")) + " links to large files";
    }
    if (row.kind == detail::kFile) {
        return "recipe of a file of " + util::human_bytes(row.facts.number("size"));
    }
    if (row.kind == detail::kSegment && row.object_key.empty()) {
        return "part of a blob";
    }
    return row.kind == detail::kUpload ? "upload without a commit" : "";
}

util::Error not_in_trash(const std::string& name) {
    return util::fail(
        util::Code::NotFound,
        "nothing in the trash is called '" + name + "'",
        "`railhub admin trash list` shows what is there"
    );
}

util::Result<std::vector<std::int64_t>>
ids(db::Transaction& tx, std::string_view sql, std::string_view name) {
    std::vector<std::int64_t> found;
    RAILHUB_TRY(auto rows, tx.prepare(sql));
    rows.bind(name);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return found;
        }
        found.push_back(rows.integer(0));
    }
}

class Undeleting {
  public:
    Undeleting(const util::Context& ctx, const Places& places, const UndeleteWish& wish)
        : ctx_(ctx), places_(places), wish_(wish), now_ms_(util::to_millis(ctx.clock.now())) {}

    util::Result<Undeleted> run() {
        auto done = bring_back();
        if (!done.ok()) {
            put_back();
        }
        return done;
    }

  private:
    util::Result<Undeleted> bring_back() {
        RAILHUB_TRY(tx_, places_.database.begin_write(ctx_));
        for (const std::string& name : wish_.what) {
            RAILHUB_TRY(const bool is_back, restore_fresh(name));
            if (is_back) {
                continue;
            }
            RAILHUB_TRY(const auto named, entries_called(name));
            if (named.empty()) {
                return not_in_trash(name);
            }
            for (const std::int64_t id : named) {
                RAILHUB_TRY(want(id));
            }
        }
        RAILHUB_TRY(restore_all());
        moved_.clear(
        ); // a commit that fails may have come through: objects stay where rows want them
        RAILHUB_TRY(tx_->commit());
        return std::move(done_);
    }

    // Nothing came back: objects neither. What fails here is found at its old place by the next
    // try.
    void put_back() {
        for (const TrashRow* const row : moved_) {
            static_cast<void>(places_.objects().rename(ctx_, row->object_key, row->trash_key));
        }
    }

    // A repo that was deleted within the grace: nothing of it was collected yet.
    util::Result<bool> restore_fresh(const std::string& name) {
        RAILHUB_TRY(const auto dead, repo::list_dead_repos(*tx_));
        const repo::DeadRepo* last = nullptr;
        for (const repo::DeadRepo& repo : dead) {
            const bool is_called = repo.public_id == name || name_of(repo) == name;
            if (is_called && (last == nullptr || repo.deleted_ms >= last->deleted_ms)) {
                last = &repo;
            }
        }
        if (last == nullptr || last->trash) {
            return false;
        }
        RAILHUB_TRY(repo::restore_repo(ctx_, *tx_, places_.blobs, last->row));
        done_.repos.push_back(name_of(*last));
        return true;
    }

    static std::string name_of(const repo::DeadRepo& repo) {
        return std::string(types::kind_plural(repo.id.kind)) + "/" + repo.id.full_name();
    }

    // --- what belongs to it ---

    util::Result<std::vector<std::int64_t>> entries_called(const std::string& name) {
        if (const auto id = util::parse_decimal(name)) {
            RAILHUB_TRY(const auto row, detail::find_row(*tx_, static_cast<std::int64_t>(*id)));
            return row ? std::vector<std::int64_t>{row->id} : std::vector<std::int64_t>();
        }
        RAILHUB_TRY(
            auto found, ids(*tx_, "SELECT id FROM trash WHERE subject = ? ORDER BY id", name)
        );
        return found.empty() ? entries_of_repo(name)
                             : util::Result<std::vector<std::int64_t>>(std::move(found));
    }

    // Repos may have had the name one after the other: the living one's entries, else those of the
    // one that was deleted last.
    util::Result<std::vector<std::int64_t>> entries_of_repo(const std::string& name) {
        std::vector<TrashRow> rows;
        RAILHUB_TRY(
            const auto found, ids(*tx_, "SELECT id FROM trash WHERE repo = ? ORDER BY id", name)
        );
        std::string public_id;
        for (const std::int64_t id : found) {
            RAILHUB_TRY(auto row, detail::find_row(*tx_, id));
            if (row->kind == detail::kRepo) {
                public_id = row->subject;
            }
            rows.push_back(std::move(*row));
        }
        RAILHUB_TRY(const auto living, living_repo(name));
        public_id = living.value_or(public_id);
        std::vector<std::int64_t> chosen;
        for (const TrashRow& row : rows) {
            const bool is_of_repo = row.kind == detail::kRepo || row.kind == detail::kHistory;
            if (!is_of_repo || row.subject == public_id) {
                chosen.push_back(row.id);
            }
        }
        return chosen;
    }

    // Its public id.
    util::Result<std::optional<std::string>> living_repo(const std::string& name) {
        RAILHUB_TRY(
            auto rows,
            tx_->prepare("SELECT public_id FROM repo WHERE kind || 's/' || owner || '/' || name = ?"
            )
        );
        RAILHUB_TRY(const bool found, rows.bind(name).step());
        return found ? std::optional(std::string(rows.text(0))) : std::nullopt;
    }

    util::Result<> want(std::int64_t id) {
        if (rows_.count(id) != 0) {
            return {};
        }
        RAILHUB_TRY(auto row, detail::find_row(*tx_, id));
        if (!row) {
            return {};
        }
        const TrashRow& added = rows_.emplace(id, std::move(*row)).first->second;
        if (added.kind == detail::kHistory) {
            RAILHUB_TRY(want_later_histories(added));
            return want_links(added.id, "SELECT sha256 FROM trash_link WHERE trash = ?");
        }
        if (added.kind == detail::kRepo) {
            const auto repo = static_cast<std::int64_t>(added.facts.number("row"));
            RAILHUB_TRY(want_links(repo, "SELECT sha256 FROM dead_link WHERE repo = ?"));
            return want_links(
                repo,
                "SELECT DISTINCT blob_sha256 FROM git_object "
                "WHERE repo = ? AND blob_sha256 IS NOT NULL"
            );
        }
        if (added.kind == detail::kFile) {
            return want_segments(added);
        }
        if (added.kind == detail::kSegment) {
            const auto host = detail::host_of(added);
            return host ? want_subject(host->hex()) : util::Result<>();
        }
        return {};
    }

    util::Result<> want_subject(const std::string& subject) {
        RAILHUB_TRY(
            const auto found,
            ids(*tx_, "SELECT id FROM trash WHERE subject = ? ORDER BY id", subject)
        );
        for (const std::int64_t id : found) {
            RAILHUB_TRY(want(id));
        }
        return {};
    }

    // What was collected first may refer to what was collected later, never the other way round.
    util::Result<> want_later_histories(const TrashRow& history) {
        RAILHUB_TRY(const auto found, detail::rows_of(*tx_, history.subject));
        for (const TrashRow& other : found) {
            if (other.kind == detail::kHistory && other.id > history.id) {
                RAILHUB_TRY(want(other.id));
            }
        }
        return {};
    }

    util::Result<> want_segments(const TrashRow& file) {
        RAILHUB_TRY(const auto segments, detail::segments_of(file));
        for (const xet::Hash& segment : segments) {
            RAILHUB_TRY(want_subject(segment.text()));
        }
        return want_subject(file.subject);
    }

    // Contents that a history or a repo needs; also looked for afterwards.
    util::Result<> want_links(std::int64_t of, std::string_view sql) {
        std::vector<util::Sha256> contents;
        {
            RAILHUB_TRY(auto rows, tx_->prepare(sql));
            rows.bind(of);
            while (true) {
                RAILHUB_TRY(const bool more, rows.step());
                if (!more) {
                    break;
                }
                contents.push_back(util::Sha256::from(rows.blob(0)));
            }
        }
        for (const util::Sha256& sha256 : contents) {
            RAILHUB_TRY(want_subject(sha256.hex()));
        }
        return {};
    }

    // --- back ---

    // Objects first, then segments, recipes, and what refers to contents.
    util::Result<> restore_all() {
        for (auto& [id, row] : rows_) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(restore_object(row));
        }
        for (const std::string_view kind :
             {detail::kObject,
              detail::kSegment,
              detail::kFile,
              detail::kUpload,
              detail::kRepo,
              detail::kHistory}) {
            for (auto& [id, row] : rows_) {
                if (row.kind == kind) {
                    RAILHUB_TRY(restore_rows(row));
                    RAILHUB_TRY(detail::delete_row(*tx_, row.id));
                    ++done_.entries;
                }
            }
        }
        return {};
    }

    util::Result<> restore_object(const TrashRow& row) {
        if (row.object_key.empty()) {
            return {};
        }
        // What is there without a row may be another form of the same xorb.
        RAILHUB_TRY(const bool is_named, is_object_needed(*tx_, row.object_key, now_ms_));
        RAILHUB_TRY(const auto in_trash, places_.objects().info(ctx_, row.trash_key));
        if (in_trash && !is_named) {
            RAILHUB_TRY(places_.objects().remove(ctx_, row.object_key));
        }
        auto back = places_.objects().rename(ctx_, row.trash_key, row.object_key);
        if (!back.ok() && back.error().code == util::Code::NotFound) {
            RAILHUB_TRY(const auto there, places_.objects().info(ctx_, row.object_key));
            if (!there) {
                return util::fail(
                    util::Code::NotFound,
                    "object '" + row.object_key + "' is no longer in the trash",
                    "it was emptied; upload the file again"
                );
            }
            return {}; // never moved, or a former try moved it back
        }
        RAILHUB_TRY(std::move(back));
        moved_.push_back(&row);
        ++done_.objects;
        return {};
    }

    util::Result<> restore_rows(const TrashRow& row) {
        if (row.kind == detail::kObject) {
            return keep_object(row.object_key);
        }
        if (row.kind == detail::kSegment) {
            return detail::put_segment(*tx_, row, now_ms_);
        }
        if (row.kind == detail::kFile) {
            RAILHUB_TRY(const bool is_whole, detail::put_file(*tx_, row, now_ms_));
            return is_whole ? util::Result<>()
                            : util::fail(
                                  util::Code::NotFound,
                                  "a xorb of file '" + row.subject + "' is no longer in the trash",
                                  "it was emptied; upload the file again"
                              );
        }
        if (row.kind == detail::kUpload) {
            return restore_upload(row);
        }
        return row.kind == detail::kHistory ? restore_history(row) : restore_repo(row);
    }

    util::Result<> keep_object(const std::string& key) {
        RAILHUB_TRY(
            auto keep,
            tx_->prepare("INSERT INTO kept_object (object_key, until_ms) VALUES (?, ?) "
                         "ON CONFLICT (object_key) DO UPDATE SET until_ms = excluded.until_ms")
        );
        RAILHUB_TRY(keep.bind(key, now_ms_ + wish_.keep.count()).run());
        return {};
    }

    util::Result<> restore_upload(const TrashRow& row) {
        const auto repo = static_cast<std::int64_t>(row.facts.number("row"));
        RAILHUB_TRY(const auto record, repo::find_repo_row(*tx_, repo));
        RAILHUB_TRY(const auto sha256, util::Sha256::parse(row.subject));
        const bool is_same =
            record && row.repo == std::string(types::kind_plural(record->id.kind)) + "/" +
                                      record->id.full_name();
        if (!is_same) {
            return {};
        }
        RAILHUB_TRY(
            auto insert,
            tx_->prepare("INSERT INTO lfs_upload (repo, sha256, size, account, uploaded_ms) "
                         "VALUES (?, ?, ?, ?, ?) ON CONFLICT (repo, sha256) DO UPDATE "
                         "SET uploaded_ms = excluded.uploaded_ms")
        );
        insert.bind(repo, sha256.view(), row.facts.number("size"), row.facts.number("account"));
        RAILHUB_TRY(insert.bind(now_ms_).run());
        return {};
    }

    util::Result<> restore_history(const TrashRow& row) {
        const auto repo = static_cast<std::int64_t>(row.facts.number("row"));
        RAILHUB_TRY(const auto record, repo::find_repo_row(*tx_, repo));
        if (!record || record->public_id != row.subject) {
            return util::fail(
                util::Code::NotFound,
                "repository '" + row.repo + "' is gone",
                "undelete the repository first"
            );
        }
        RAILHUB_TRY(note_tips(row.id));
        return repo::restore_history(*tx_, repo, row.id, now_ms_);
    }

    // Commits that no other one of the entry has as a parent.
    util::Result<> note_tips(std::int64_t trash) {
        std::set<types::Oid> commits;
        std::set<types::Oid> parents;
        RAILHUB_TRY(
            auto rows, tx_->prepare("SELECT oid, parents FROM trash_commit WHERE trash = ?")
        );
        rows.bind(trash);
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                break;
            }
            commits.insert(types::Oid::from(rows.blob(0)));
            const auto list = rows.blob(1);
            for (std::size_t at = 0; at + types::Oid::kSize <= list.size();
                 at += types::Oid::kSize) {
                parents.insert(types::Oid::from(list.subspan(at, types::Oid::kSize)));
            }
        }
        for (const types::Oid& commit : commits) {
            if (parents.count(commit) == 0) {
                done_.tips.push_back(commit.hex());
            }
        }
        return {};
    }

    util::Result<> restore_repo(const TrashRow& row) {
        const auto repo = static_cast<std::int64_t>(row.facts.number("row"));
        RAILHUB_TRY(repo::restore_repo(ctx_, *tx_, places_.blobs, repo));
        done_.repos.push_back(row.repo);
        return {};
    }

    const util::Context& ctx_;
    const Places& places_;
    const UndeleteWish& wish_;
    const std::int64_t now_ms_;
    std::unique_ptr<db::Transaction> tx_;
    std::map<std::int64_t, TrashRow> rows_;
    std::vector<const TrashRow*> moved_; // in rows_
    Undeleted done_;
};

// Rows that hang on an entry.
util::Result<> drop_attached(db::Transaction& tx, const TrashRow& row) {
    if (row.kind == detail::kHistory) {
        return repo::drop_trashed_history(tx, row.id);
    }
    if (row.kind == detail::kRepo) {
        const auto repo = static_cast<std::int64_t>(row.facts.number("row"));
        RAILHUB_TRY(const auto dead, repo::find_dead_repo(tx, repo));
        const bool is_this = dead && dead->public_id == row.subject && dead->trash == row.id;
        return is_this ? repo::drop_dead_repo(tx, repo) : util::Result<>();
    }
    return {};
}

util::Result<> forget_kept(const util::Context& ctx, const Places& places) {
    RAILHUB_TRY(auto tx, places.database.begin_write(ctx));
    RAILHUB_TRY(auto forget, tx->prepare("DELETE FROM kept_object WHERE until_ms <= ?"));
    RAILHUB_TRY(forget.bind(util::to_millis(ctx.clock.now())).run());
    return tx->commit();
}

util::Result<bool> is_named(db::Transaction& tx, std::string_view trash_key) {
    const std::size_t name = trash_key.rfind('/') + 1;
    const auto id = util::parse_decimal(trash_key.substr(name, trash_key.find('-', name) - name));
    RAILHUB_TRY(auto rows, tx.prepare("SELECT 1 FROM trash WHERE id = ? AND trash_key = ?"));
    return rows.bind(static_cast<std::int64_t>(id.value_or(0)), trash_key).step();
}

// Objects below trash/ that no entry names: left by a kill between two steps.
util::Result<> sweep_unnamed(
    const util::Context& ctx, const Places& places, std::int64_t cutoff_ms, Emptied& done
) {
    std::vector<storage::ObjectInfo> found;
    {
        RAILHUB_TRY(auto tx, places.database.begin_read(ctx));
        const auto look_at = [&](const storage::ObjectInfo& info) -> util::Result<> {
            RAILHUB_TRY(const bool is_ours, is_named(*tx, info.key));
            if (!is_ours && info.modified_ms <= cutoff_ms) {
                found.push_back(info);
            }
            return {};
        };
        RAILHUB_TRY(places.objects().list(ctx, storage::kTrashPrefix, look_at));
    }
    for (const storage::ObjectInfo& info : found) {
        RAILHUB_TRY(auto tx, places.database.begin_write(ctx));
        RAILHUB_TRY(const bool is_ours, is_named(*tx, info.key));
        if (!is_ours) {
            RAILHUB_TRY(places.objects().remove(ctx, info.key));
            done.bytes += info.size;
        }
    }
    return {};
}

} // namespace

util::Result<TrashPage>
list_trash(const util::Context& ctx, const Places& places, std::int64_t after, std::size_t limit) {
    RAILHUB_TRY(auto tx, places.database.begin_read(ctx));
    RAILHUB_TRY(auto rows, detail::rows_in(*tx, EntryState::InTrash, after, limit + 1));
    TrashPage page;
    page.has_more = rows.size() > limit;
    rows.resize(std::min(rows.size(), limit));
    for (const TrashRow& row : rows) {
        page.entries.push_back(
            {row.id, row.kind, row.subject, row.repo, row.bytes, row.trashed_ms, detail_of(row)}
        );
    }
    return page;
}

util::Result<TrashSum> sum_trash(db::Transaction& tx) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT COUNT(*), "
                   "COALESCE(SUM(CASE WHEN object_key = '' THEN 0 ELSE bytes END), 0), "
                   "COALESCE(SUM(CASE WHEN object_key = '' THEN bytes ELSE 0 END), 0) FROM trash "
                   "WHERE state = 2")
    );
    RAILHUB_TRY([[maybe_unused]] const bool found, rows.step());
    return TrashSum{
        static_cast<std::uint64_t>(rows.integer(0)),
        static_cast<std::uint64_t>(rows.integer(1)),
        static_cast<std::uint64_t>(rows.integer(2))};
}

util::Result<Undeleted>
undelete(const util::Context& ctx, const Places& places, const UndeleteWish& wish) {
    return Undeleting(ctx, places, wish).run();
}

util::Result<Emptied>
empty_trash(const util::Context& ctx, const Places& places, std::chrono::milliseconds older_than) {
    Emptied done;
    const std::int64_t cutoff = util::to_millis(ctx.clock.now()) - older_than.count();
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(auto tx, places.database.begin_write(ctx));
        RAILHUB_TRY(const auto rows, detail::rows_until(*tx, cutoff, kEmptyBatch));
        if (rows.empty()) {
            break;
        }
        for (const TrashRow& row : rows) {
            if (!row.trash_key.empty()) {
                RAILHUB_TRY(places.objects().remove(ctx, row.trash_key));
            }
            RAILHUB_TRY(drop_attached(*tx, row));
            RAILHUB_TRY(detail::delete_row(*tx, row.id));
            ++done.entries;
            done.bytes += row.bytes;
        }
        RAILHUB_TRY(tx->commit());
    }
    RAILHUB_TRY(sweep_unnamed(ctx, places, cutoff, done));
    RAILHUB_TRY(forget_kept(ctx, places));
    return done;
}

} // namespace railhub::collect
