// SPDX-License-Identifier: Apache-2.0
// The check as a row of stages, each with a cursor; where it is and what it found is written down
// now and then.
#include "core/app/maintain.h"

#include "core/app/recipe_check.h"
#include "core/collect/needs.h"
#include "core/repo/fsck.h"
#include "core/repo/repository.h"
#include "core/storage/fsck.h"
#include "core/util/json.h"
#include "core/util/text.h"

#include <array>

namespace railhub::app {

namespace {

using util::Json;

// A check that old tells of a hub that is no more.
constexpr std::int64_t kLongestPause = std::int64_t{7} * 24 * 3600 * 1000;

struct NamedCount {
    std::string_view name;
    std::uint64_t FsckReport::*count;
};

constexpr std::array kCounts = {
    NamedCount{"repos", &FsckReport::repos},
    NamedCount{"refs", &FsckReport::refs},
    NamedCount{"blobs", &FsckReport::blobs},
    NamedCount{"xorbs", &FsckReport::xorbs},
    NamedCount{"blob_bytes", &FsckReport::blob_bytes},
    NamedCount{"segments", &FsckReport::segments},
    NamedCount{"recipes", &FsckReport::recipes},
    NamedCount{"trashed", &FsckReport::trashed},
    NamedCount{"orphans", &FsckReport::orphans}};

std::vector<std::string> texts_in(const Json& state, std::string_view key) {
    std::vector<std::string> texts;
    const Json* const list = state.find(key);
    const auto* const items = list != nullptr ? list->as_array() : nullptr;
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        const std::string* const text = (*items)[i].as_string();
        texts.push_back(text != nullptr ? *text : std::string());
    }
    return texts;
}

class Fsck {
  public:
    Fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options)
        : ctx_(ctx), deps_(deps), options_(options), saved_at_(ctx.clock.steady()) {}

    util::Result<FsckReport> run() {
        static constexpr std::array kStages = {
            &Fsck::check_database,
            &Fsck::check_repos,
            &Fsck::check_store,
            &Fsck::check_segments,
            &Fsck::check_recipes,
            &Fsck::check_trash_entries};
        RAILHUB_TRY(load());
        for (; stage_ < kStages.size(); ++stage_) {
            RAILHUB_TRY((this->*kStages[stage_])());
            cursor_.clear();
        }
        RAILHUB_TRY(forget());
        return std::move(report_);
    }

  private:
    // --- where it is ---

    [[nodiscard]] std::string_view depth_word() const {
        return options_.blobs == FsckOptions::Blobs::Hash ? "data" : "structure";
    }

    util::Result<> load() {
        if (options_.begin == FsckOptions::Begin::Anew) {
            return forget();
        }
        RAILHUB_TRY(auto tx, deps_.database.begin_read(ctx_));
        RAILHUB_TRY(auto rows, tx->prepare("SELECT at_ms, state FROM fsck_run WHERE id = 1"));
        RAILHUB_TRY(const bool found, rows.step());
        if (!found || util::to_millis(ctx_.clock.now()) - rows.integer(0) > kLongestPause) {
            return {};
        }
        const auto state = util::parse_json(rows.text(1));
        if (!state.ok() || state->text("depth") != depth_word()) {
            return {};
        }
        stage_ = state->number("stage");
        cursor_ = state->text("cursor");
        for (const NamedCount& named : kCounts) {
            report_.*named.count = state->number(named.name);
        }
        report_.problems = texts_in(*state, "problems");
        report_.mended = texts_in(*state, "mended");
        report_.is_continued = true;
        return {};
    }

    util::Result<> done_up_to(std::string cursor) {
        cursor_ = std::move(cursor);
        const auto now = ctx_.clock.steady();
        if (now - saved_at_ < options_.save_every) {
            return {};
        }
        saved_at_ = now;
        Json state =
            Json::object({{"depth", depth_word()}, {"stage", stage_}, {"cursor", cursor_}});
        for (const NamedCount& named : kCounts) {
            state.set(named.name, report_.*named.count);
        }
        state.set("problems", Json::array_of(report_.problems));
        state.set("mended", Json::array_of(report_.mended));
        RAILHUB_TRY(auto tx, deps_.database.begin_write(ctx_, db::Durability::Relaxed));
        RAILHUB_TRY(
            auto save,
            tx->prepare("INSERT INTO fsck_run (id, at_ms, state) VALUES (1, ?, ?) ON CONFLICT (id) "
                        "DO UPDATE SET at_ms = excluded.at_ms, state = excluded.state")
        );
        RAILHUB_TRY(save.bind(util::to_millis(ctx_.clock.now()), state.dump()).run());
        return tx->commit();
    }

    util::Result<> forget() {
        RAILHUB_TRY(auto tx, deps_.database.begin_write(ctx_, db::Durability::Relaxed));
        RAILHUB_TRY(auto remove, tx->prepare("DELETE FROM fsck_run"));
        RAILHUB_TRY(remove.run());
        return tx->commit();
    }

    [[nodiscard]] std::int64_t row_cursor() const {
        return static_cast<std::int64_t>(util::parse_decimal(cursor_).value_or(0));
    }

    void problem(std::string line) { report_.problems.push_back(std::move(line)); }

    // --- stages ---

    util::Result<> check_database() {
        RAILHUB_TRY(const auto lines, deps_.database.integrity_check(ctx_));
        for (const std::string& line : lines) {
            problem("database: " + line);
        }
        return {};
    }

    // Rows are read on a snapshot, objects as they are now: what the collector takes in between
    // looks lost. So what looks wrong is looked at once more, on a new snapshot.
    template <class Check>
    util::Result<> sure(const Check& check) {
        const FsckReport before = report_;
        {
            RAILHUB_TRY(const auto tx, deps_.database.begin_read(ctx_));
            RAILHUB_TRY(check(*tx));
        }
        if (report_.problems.size() == before.problems.size()) {
            return {};
        }
        report_ = before;
        RAILHUB_TRY(const auto tx, deps_.database.begin_read(ctx_));
        return check(*tx);
    }

    // The first row behind the cursor, by the statement.
    util::Result<std::optional<std::int64_t>> next_row(std::string_view sql) {
        RAILHUB_TRY(ctx_.check_stop());
        RAILHUB_TRY(const auto tx, deps_.database.begin_read(ctx_));
        RAILHUB_TRY(auto rows, tx->prepare(sql));
        RAILHUB_TRY(const bool found, rows.bind(row_cursor()).step());
        return found ? std::optional(rows.integer(0)) : std::nullopt;
    }

    util::Result<> check_repos() {
        util::Task task(ctx_.progress, "checking history", 0, "repositories");
        while (true) {
            RAILHUB_TRY(
                const auto row, next_row("SELECT id FROM repo WHERE id > ? ORDER BY id LIMIT 1")
            );
            if (!row) {
                return {};
            }
            RAILHUB_TRY(sure([&](db::Transaction& tx) -> util::Result<> {
                RAILHUB_TRY(const auto record, repo::find_repo_row(tx, *row));
                return record ? check_repo(tx, *record) : util::Result<>();
            }));
            task.advance(1);
            RAILHUB_TRY(done_up_to(std::to_string(*row)));
        }
    }

    util::Result<> check_repo(db::Transaction& tx, const repo::RepoRecord& record) {
        const std::string name = record.id.describe();
        const auto note = [&](const repo::HistoryFault& fault) -> util::Result<> {
            problem(name + ": " + fault.subject + ": " + fault.problem);
            return {};
        };
        RAILHUB_TRY(repo::check_history(ctx_, tx, deps_.blobs, record, note));
        RAILHUB_TRY(const auto repository, repo::Repository::open(ctx_, tx, deps_.blobs, record));
        RAILHUB_TRY(const auto refs, repository->refs());
        ++report_.repos;
        report_.refs += refs.size();
        return {};
    }

    util::Result<> check_store() {
        storage::ObjectStore& store = deps_.blobs.objects();
        if (cursor_.empty()) {
            RAILHUB_TRY(const auto findings, store.check(ctx_));
            for (const std::string& line : findings) {
                problem("object store: " + line);
            }
        }
        util::Task task(ctx_.progress, "checking store", 0, "B");
        const std::string from = cursor_;
        return store.list(ctx_, {}, [&](const storage::ObjectInfo& info) -> util::Result<> {
            task.advance(info.size);
            if (info.key <= from) {
                return {};
            }
            RAILHUB_TRY(check_one_object(store, info));
            return done_up_to(info.key);
        });
    }

    util::Result<> check_one_object(storage::ObjectStore& store, const storage::ObjectInfo& info) {
        const auto depth = options_.blobs == FsckOptions::Blobs::Hash
                               ? storage::FsckDepth::Data
                               : storage::FsckDepth::Structure;
        storage::FsckReport one;
        RAILHUB_TRY(storage::check_object(ctx_, store, depth, info, one));
        report_.blobs += one.blobs;
        report_.xorbs += one.xorbs;
        report_.trashed += one.trashed;
        report_.blob_bytes += one.bytes;
        for (const std::string& line : one.findings) {
            problem("object store: " + line);
        }
        report_.mended.insert(report_.mended.end(), one.mended.begin(), one.mended.end());
        if (one.blobs + one.xorbs > 0) {
            RAILHUB_TRY(const auto tx, deps_.database.begin_read(ctx_));
            const std::int64_t now = util::to_millis(ctx_.clock.now());
            RAILHUB_TRY(const bool is_needed, collect::is_object_needed(*tx, info.key, now));
            report_.orphans += is_needed ? 0 : 1;
        }
        return {};
    }

    util::Result<> check_segments() {
        const ProblemSink sink = [this](std::string line) { problem(std::move(line)); };
        while (true) {
            RAILHUB_TRY(
                const auto row,
                next_row("SELECT id FROM cas_segment WHERE id > ? ORDER BY id LIMIT 1")
            );
            if (!row) {
                return {};
            }
            RAILHUB_TRY(sure([&](db::Transaction& tx) {
                return check_segment(ctx_, tx, deps_.blobs.objects(), *row, sink);
            }));
            ++report_.segments;
            RAILHUB_TRY(done_up_to(std::to_string(*row)));
        }
    }

    util::Result<> check_recipes() {
        const ProblemSink sink = [this](std::string line) { problem(std::move(line)); };
        while (true) {
            RAILHUB_TRY(
                const auto row, next_row("SELECT id FROM cas_file WHERE id > ? ORDER BY id LIMIT 1")
            );
            if (!row) {
                return {};
            }
            RAILHUB_TRY(sure([&](db::Transaction& tx) { return check_recipe(tx, *row, sink); }));
            ++report_.recipes;
            RAILHUB_TRY(done_up_to(std::to_string(*row)));
        }
    }

    util::Result<> check_trash_entries() {
        const ProblemSink sink = [this](std::string line) { problem(std::move(line)); };
        return sure([&](db::Transaction& tx) {
            return check_trash(ctx_, tx, deps_.blobs.objects(), sink);
        });
    }

    const util::Context& ctx_;
    Deps& deps_;
    FsckOptions options_;
    FsckReport report_;
    std::size_t stage_ = 0;
    std::string cursor_; // within the stage
    std::chrono::steady_clock::time_point saved_at_;
};

} // namespace

util::Result<FsckReport> fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options) {
    return Fsck(ctx, deps, options).run();
}

} // namespace railhub::app
