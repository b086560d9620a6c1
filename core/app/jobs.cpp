// SPDX-License-Identifier: Apache-2.0
// Claims a row, runs the job while a thread extends the lease, and writes down how it went.
#include "core/app/jobs.h"

#include "core/collect/apply.h"
#include "core/collect/mark.h"
#include "core/collect/trash.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace railhub::app {

namespace {

using util::Json;

constexpr std::chrono::milliseconds kUploadIdle = std::chrono::hours(48);
constexpr std::chrono::milliseconds kTidyEvery = std::chrono::hours(1);

constexpr std::string_view kSelectJob =
    "SELECT due_ms, holder, lease_ms, ended_ms FROM job WHERE name = ?";
constexpr std::string_view kInsertJob =
    "INSERT INTO job (name, due_ms, holder, lease_ms, started_ms, ended_ms, outcome) "
    "VALUES (?, ?, '', 0, 0, ?, 'null')";
constexpr std::string_view kClaimJob =
    "UPDATE job SET holder = ?, lease_ms = ?, started_ms = ? WHERE name = ?";
constexpr std::string_view kExtendLease =
    "UPDATE job SET lease_ms = ? WHERE name = ? AND holder = ?";
constexpr std::string_view kEndJob =
    "UPDATE job SET holder = '', lease_ms = 0, due_ms = ?, ended_ms = ?, outcome = ? "
    "WHERE name = ? AND holder = ?";

std::int64_t job_clock(const util::Context& ctx) {
    return util::to_millis(ctx.clock.now());
}

struct JobRow {
    std::int64_t due_ms = 0;
    std::string holder;
    std::int64_t lease_ms = 0;
    std::int64_t ended_ms = 0;
};

util::Result<JobRow> job_row(db::Transaction& tx, const Job& job, std::int64_t now) {
    {
        RAILHUB_TRY(auto rows, tx.prepare(kSelectJob));
        RAILHUB_TRY(const bool found, rows.bind(job.name).step());
        if (found) {
            return JobRow{
                rows.integer(0), std::string(rows.text(1)), rows.integer(2), rows.integer(3)};
        }
    }
    const JobRow row{job.first == Job::First::AtOnce ? now : now + job.every.count(), "", 0, now};
    RAILHUB_TRY(auto insert, tx.prepare(kInsertJob));
    RAILHUB_TRY(insert.bind(job.name, row.due_ms, now).run());
    return row;
}

util::Result<bool>
claim(const util::Context& ctx, Deps& deps, const Job& job, const JobLease& lease) {
    const std::int64_t now = job_clock(ctx);
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(const JobRow row, job_row(*tx, job, now));
    // An interval that was made shorter counts at once.
    const std::int64_t due = std::min(row.due_ms, row.ended_ms + job.every.count());
    const bool is_free = row.holder.empty() || row.lease_ms <= now;
    if (due <= now && is_free) {
        RAILHUB_TRY(auto update, tx->prepare(kClaimJob));
        update.bind(lease.holder, now + lease.length.count(), now, job.name);
        RAILHUB_TRY(update.run());
    }
    RAILHUB_TRY(tx->commit());
    return due <= now && is_free;
}

// False when somebody else has it by now.
util::Result<bool>
extend(const util::Context& ctx, Deps& deps, const Job& job, const JobLease& lease) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx, db::Durability::Relaxed));
    RAILHUB_TRY(auto update, tx->prepare(kExtendLease));
    update.bind(job_clock(ctx) + lease.length.count(), job.name, lease.holder);
    RAILHUB_TRY(const std::int64_t changed, update.run());
    RAILHUB_TRY(tx->commit());
    return changed == 1;
}

util::Result<>
end(const util::Context& ctx, Deps& deps, const Job& job, const JobLease& lease, const Json& outcome
) {
    const std::int64_t now = job_clock(ctx);
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(auto update, tx->prepare(kEndJob));
    update.bind(now + job.every.count(), now, outcome.dump(), job.name, lease.holder);
    RAILHUB_TRY(update.run());
    return tx->commit();
}

// Extends the lease until it goes out of scope; asks the job to stop when it cannot.
class LeaseKeeper {
  public:
    LeaseKeeper(
        const util::Context& ctx,
        Deps& deps,
        const Job& job,
        const JobLease& lease,
        std::stop_source& job_stop
    )
        : thread_([ctx, &deps, &job, &lease, &job_stop](const std::stop_token& stop) {
              std::mutex mutex;
              std::condition_variable_any tick;
              std::unique_lock lock(mutex);
              while (!tick.wait_for(lock, stop, lease.length / 3, [] { return false; }) &&
                     !stop.stop_requested()) {
                  const auto extended = extend(ctx, deps, job, lease);
                  if (extended.ok() && !*extended) {
                      job_stop.request_stop();
                      return;
                  }
              }
          }) {}

  private:
    std::jthread thread_;
};

util::Result<>
run_job(const util::Context& ctx, Deps& deps, const Job& job, const JobLease& lease) {
    std::stop_source job_stop;
    const std::stop_callback forward(ctx.stop, [&job_stop] { job_stop.request_stop(); });
    util::Context job_ctx = ctx;
    job_ctx.stop = job_stop.get_token();
    util::Result<Json> outcome = Json();
    {
        const LeaseKeeper keeper(ctx, deps, job, lease, job_stop);
        outcome = job.run(job_ctx);
    }
    const std::string name(job.name);
    if (!outcome.ok()) {
        const std::string line = util::to_line(outcome.error());
        if (outcome.error().code == util::Code::Cancelled) {
            return {}; // the lease runs out, and it goes on where it was
        }
        ctx.log.warn("job failed", {{"job", name}, {"error", line}});
        return end(ctx, deps, job, lease, Json::object({{"error", line}}));
    }
    ctx.log.info("job done", {{"job", name}, {"outcome", outcome->dump()}});
    return end(ctx, deps, job, lease, *outcome);
}

util::Result<Json>
collect_garbage(const util::Context& ctx, Deps& deps, std::chrono::milliseconds grace) {
    const collect::Places places = places_of(deps);
    RAILHUB_TRY(
        const collect::Plan plan,
        collect::mark(ctx, places, {grace, collect::MarkOptions::Note::Yes})
    );
    for (const std::string& repo : plan.skipped) {
        ctx.log.warn("repository is not collected", {{"repo", repo}});
    }
    RAILHUB_TRY(const collect::Applied done, collect::apply(ctx, places, plan));
    return Json::object(
        {{"git_objects", done.git_objects},
         {"repos", done.repos},
         {"files", done.files},
         {"objects", done.objects},
         {"bytes", done.bytes}}
    );
}

util::Result<Json>
empty_trash(const util::Context& ctx, Deps& deps, std::chrono::milliseconds window) {
    RAILHUB_TRY(const auto done, collect::empty_trash(ctx, places_of(deps), window));
    return Json::object({{"entries", done.entries}, {"bytes", done.bytes}});
}

util::Result<Json> sweep_uploads(const util::Context& ctx, Deps& deps) {
    RAILHUB_TRY(const std::uint64_t swept, deps.uploads.sweep(ctx, kUploadIdle));
    return Json::object({{"sessions", swept}});
}

} // namespace

collect::Places places_of(Deps& deps) {
    return {deps.database, deps.blobs, deps.uploads};
}

std::vector<Job> background_jobs(Deps& deps, const JobSettings& settings) {
    return {
        {"collect",
         settings.collect_every,
         Job::First::AfterInterval,
         [&deps, grace = settings.grace](const util::Context& ctx) {
             return collect_garbage(ctx, deps, grace);
         }},
        {"empty-trash",
         kTidyEvery,
         Job::First::AtOnce,
         [&deps, window = settings.trash_window](const util::Context& ctx) {
             return empty_trash(ctx, deps, window);
         }},
        {"sweep-uploads", kTidyEvery, Job::First::AtOnce, [&deps](const util::Context& ctx) {
             return sweep_uploads(ctx, deps);
         }}};
}

util::Result<std::size_t> run_due_jobs(
    const util::Context& ctx, Deps& deps, const std::vector<Job>& jobs, const JobLease& lease
) {
    std::size_t ran = 0;
    for (const Job& job : jobs) {
        RAILHUB_TRY(ctx.check_stop());
        if (job.every.count() <= 0) {
            continue;
        }
        RAILHUB_TRY(const bool is_ours, claim(ctx, deps, job, lease));
        if (is_ours) {
            RAILHUB_TRY(run_job(ctx, deps, job, lease));
            ++ran;
        }
    }
    return ran;
}

} // namespace railhub::app
