// SPDX-License-Identifier: Apache-2.0
// Planning and running a push.
#include "core/transfer/push.h"

#include "core/transfer/commit_body.h"
#include "core/transfer/file_scan.h"
#include "core/transfer/local_folder.h"
#include "core/transfer/push_scan.h"
#include "core/transfer/queue.h"
#include "core/transfer/session.h"
#include "core/transfer/upload.h"
#include "core/transfer/xet_upload.h"
#include "core/util/retry.h"
#include "core/util/text.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace railhub::transfer {

namespace {

constexpr std::size_t kSampleSize = 512;
constexpr std::uint64_t kWorthRemembering = std::uint64_t{1} << 20;
constexpr std::size_t kHashThreads = 2;

// Each time, somebody else's push got in first; the waits keep many pushers apart.
constexpr util::RetryPolicy kPlanAgain{
    40, std::chrono::milliseconds(50), std::chrono::milliseconds(2'000)};

// The hub is asked about so many files in one call.
constexpr std::size_t kAskFiles = 250;

util::Result<std::vector<PreuploadFile>> samples_of(util::Fs& fs, std::span<const PushItem> items) {
    std::vector<PreuploadFile> files;
    for (const auto& item : items) {
        RAILHUB_TRY(const auto file, fs.open(item.local, util::OpenMode::Read));
        std::string sample(kSampleSize, '\0');
        const std::span<std::uint8_t> into(
            reinterpret_cast<std::uint8_t*>(sample.data()), sample.size()
        );
        RAILHUB_TRY(const std::size_t count, file->read_at(0, into));
        sample.resize(count);
        files.push_back({item.path, item.stamp.size, std::move(sample)});
    }
    return files;
}

// What the hub says about all files, in calls that run side by side. Conflict when the branch moved
// between them.
util::Result<PreuploadReply> ask_hub(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    std::span<const PushItem> items
) {
    std::vector<PreuploadReply> replies(
        std::max<std::size_t>(1, (items.size() + kAskFiles - 1) / kAskFiles)
    );
    util::Task task(ctx.progress, "asking the hub", items.size(), "files");
    RAILHUB_TRY(run_jobs(
        ctx,
        request.connections,
        replies.size(),
        [&](const util::Context& inner, std::size_t i) -> util::Result<> {
            const auto some =
                items.subspan(i * kAskFiles, std::min(kAskFiles, items.size() - i * kAskFiles));
            RAILHUB_TRY(const auto samples, samples_of(tools.fs, some));
            RAILHUB_TRY(
                replies[i], tools.hub.preupload(inner, request.id, request.branch, samples)
            );
            task.advance(some.size());
            return {};
        }
    ));
    PreuploadReply all{replies.front().tip, {}};
    for (PreuploadReply& reply : replies) {
        if (reply.tip != all.tip) {
            return util::fail(util::Code::Conflict, "the branch moved while the push was planned");
        }
        std::move(reply.files.begin(), reply.files.end(), std::back_inserter(all.files));
    }
    return all;
}

// After a Conflict: waits for the next round, or gives the error back when there were enough.
util::Result<> wait_for_round(
    const util::Context& ctx, const PushTools& tools, int round, const util::Error& conflict
) {
    const auto delay = util::retry_delay(kPlanAgain, round, tools.random, {});
    if (!delay) {
        return conflict;
    }
    ctx.log.info("the branch moved; planning again", {{"round", round}});
    return wait_for(ctx, *delay);
}

util::Result<PreuploadReply> ask_until_quiet(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    std::span<const PushItem> items
) {
    for (int round = 2;; ++round) {
        auto reply = ask_hub(ctx, tools, request, items);
        if (reply.ok() || reply.error().code != util::Code::Conflict) {
            return reply;
        }
        RAILHUB_TRY(wait_for_round(ctx, tools, round, reply.error()));
    }
}

// A file written to within the last moments may change again without a new time stamp.
bool is_settled(const util::Context& ctx, const FileStamp& stamp) {
    constexpr std::int64_t kTwoSeconds = 2'000'000'000;
    return stamp.modified_ns + kTwoSeconds < util::to_millis(ctx.clock.now()) * 1'000'000;
}

// Through Xet a hash without chunks is half of what is needed; a file that the hub has already
// needs no chunks, which is not known yet.
bool is_enough(const FileMemo& memo, ScanDepth depth) {
    return depth == ScanDepth::Sha256 || memo.chunks.count > 0;
}

// SHA-256 and chunks of a large file, from the memo or by reading it.
util::Result<> identify(
    const util::Context& ctx,
    const PushTools& tools,
    ScanDepth depth,
    const PreuploadAnswer& answer,
    PushItem& item,
    util::Task& task
) {
    const bool is_remembered = item.stamp.inode != 0 && item.stamp.size >= kWorthRemembering;
    const auto known = is_remembered ? tools.memo.find_file(item.local, item.stamp) : std::nullopt;
    if (known && (is_enough(*known, depth) || known->sha256.hex() == answer.oid)) {
        item.blob = types::BlobRef{known->sha256, item.stamp.size};
        item.chunks = known->chunks;
        task.advance(item.stamp.size);
        return {};
    }
    RAILHUB_TRY(const FileScan scan, scan_file(ctx, tools.fs, item.local, depth, task));
    if (scan.size != item.stamp.size) {
        return util::fail(
            util::Code::Conflict,
            "'" + item.local + "' changed while it was read",
            "push again once nothing writes to it"
        );
    }
    FileMemo memo{scan.sha256, {}};
    if (depth == ScanDepth::Chunks) {
        RAILHUB_TRY(memo.chunks, tools.memo.keep(xet::file_hash(scan.chunks), scan.chunks));
    }
    item.blob = types::BlobRef{scan.sha256, item.stamp.size};
    item.chunks = memo.chunks;
    if (is_remembered && is_settled(ctx, item.stamp)) {
        RAILHUB_TRY(tools.memo.remember_file(item.local, item.stamp, memo));
    }
    return {};
}

// Decides the state of one item; a large one gets its hash.
util::Result<> judge(
    const util::Context& ctx,
    const PushTools& tools,
    ScanDepth depth,
    const PreuploadAnswer& answer,
    PushItem& item,
    util::Task& task
) {
    if (answer.is_ignored) {
        item.state = PushState::Ignored;
        return {};
    }
    // An empty file is never large, whatever a server says (the official client does the same).
    if (answer.is_lfs && item.stamp.size > 0) {
        RAILHUB_TRY(identify(ctx, tools, depth, answer, item, task));
        item.state = answer.oid == item.blob->sha256.hex() ? PushState::Unchanged : PushState::Sent;
        return {};
    }
    item.state = PushState::Inline;
    if (answer.oid.size() == 40) {
        const ContentId git{item.stamp.size, std::nullopt, answer.oid};
        RAILHUB_TRY(const std::string oid, hash_file(tools.fs, item.local, git));
        item.state = oid == answer.oid ? PushState::Unchanged : PushState::Inline;
    }
    return {};
}

// Opened when there is a large file at all.
util::Result<> choose_way(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const PreuploadReply& reply,
    PushPlan& plan
) {
    const bool has_large =
        std::any_of(reply.files.begin(), reply.files.end(), [](const PreuploadAnswer& answer) {
            return answer.is_lfs && !answer.is_ignored;
        });
    if (has_large && request.way == PushWay::Best) {
        RAILHUB_TRY(
            plan.cas,
            CasClient::open(ctx, tools.hub.session(), request.id, request.branch, CasScope::Write)
        );
    }
    return {};
}

util::Result<> judge_all(
    const util::Context& ctx, const PushTools& tools, const PreuploadReply& reply, PushPlan& plan
) {
    const ScanDepth depth = plan.cas ? ScanDepth::Chunks : ScanDepth::Sha256;
    std::map<std::string_view, const PreuploadAnswer*> by_path;
    std::uint64_t large_bytes = 0;
    for (const auto& answer : reply.files) {
        by_path[answer.path] = &answer;
    }
    std::vector<const PreuploadAnswer*> answers;
    for (const auto& item : plan.items) {
        const auto found = by_path.find(item.path);
        if (found == by_path.end()) {
            return util::fail(
                util::Code::Corrupt, "the hub says nothing about '" + item.path + "'"
            );
        }
        answers.push_back(found->second);
        large_bytes += found->second->is_lfs ? item.stamp.size : 0;
    }
    util::Task task(ctx.progress, "hashing", large_bytes, "B");
    return run_jobs(
        ctx,
        kHashThreads,
        answers.size(),
        [&](const util::Context& inner, std::size_t i) {
            return judge(inner, tools, depth, *answers[i], plan.items[i], task);
        }
    );
}

// Each content once, for what is to be sent.
std::vector<Upload> uploads_of(const PushPlan& plan) {
    std::set<util::Sha256> seen;
    std::vector<Upload> uploads;
    for (const auto& item : plan.items) {
        if (item.state == PushState::Sent && seen.insert(item.blob->sha256).second) {
            uploads.push_back({item.local, *item.blob, item.stamp, item.chunks});
        }
    }
    return uploads;
}

// What the hub has already under that hash needs no sending.
util::Result<> ask_known(
    const util::Context& ctx, const PushTools& tools, const PushRequest& request, PushPlan& plan
) {
    std::vector<types::BlobRef> blobs;
    for (const auto& upload : uploads_of(plan)) {
        blobs.push_back(upload.blob);
    }
    const std::span<const types::BlobRef> all(blobs);
    util::Guarded<std::set<util::Sha256>> found;
    RAILHUB_TRY(run_jobs(
        ctx,
        request.connections,
        (blobs.size() + kAskFiles - 1) / kAskFiles,
        [&](const util::Context& inner, std::size_t i) -> util::Result<> {
            const auto some =
                all.subspan(i * kAskFiles, std::min(kAskFiles, all.size() - i * kAskFiles));
            RAILHUB_TRY(
                const auto objects,
                tools.hub.lfs_upload_batch(inner, request.id, request.branch, some)
            );
            auto known = found.access();
            for (const auto& object : objects) {
                if (!object.upload && object.error.empty()) {
                    known->insert(object.blob.sha256);
                }
            }
            return {};
        }
    ));
    const std::set<util::Sha256> known = std::move(*found.access());
    for (auto& item : plan.items) {
        if (item.state == PushState::Sent && known.contains(item.blob->sha256)) {
            item.state = PushState::Known;
        }
    }
    return {};
}

util::Result<TransferTotals> upload_large(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const PushPlan& plan
) {
    const std::vector<Upload> uploads = uploads_of(plan);
    if (uploads.empty()) {
        return TransferTotals{};
    }
    return plan.cas ? upload_by_xet(ctx, tools, request, *plan.cas, uploads)
                    : upload_by_lfs(ctx, tools, request, uploads);
}

util::Result<> find_deletions(
    const util::Context& ctx, const PushTools& tools, const PushRequest& request, PushPlan& plan
) {
    if (request.remove.empty()) {
        return {};
    }
    std::set<std::string> pushed;
    for (const auto& item : plan.items) {
        pushed.insert(item.path);
    }
    RAILHUB_TRY(
        const auto tree,
        tools.hub.tree(ctx, request.id, request.branch, "", HubClient::Depth::Recursive)
    );
    for (const auto& entry : tree) {
        const bool is_meant =
            std::any_of(request.remove.begin(), request.remove.end(), [&](const std::string& glob) {
                return util::glob_match(glob, entry.path);
            });
        if (is_meant && !entry.is_folder && !pushed.contains(entry.path)) {
            plan.deletions.push_back(entry.path);
        }
    }
    return {};
}

// After a lost answer: is the branch at a commit of ours on top of the tip we planned for?
util::Result<std::optional<std::string>> find_own_commit(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const PushPlan& plan
) {
    RAILHUB_TRY(const RemoteLog log, tools.hub.log(ctx, request.id, request.branch, 2));
    const auto& commits = log.commits;
    const bool is_ours = commits.size() == 2 && commits[0].title == request.title &&
                         commits[1].id == plan.tip && !plan.tip.empty();
    return is_ours ? std::optional(commits[0].id) : std::nullopt;
}

util::Result<CommitAnswer> commit_once(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const PushPlan& plan
) {
    auto answer =
        tools.hub.commit(ctx, request.id, request.branch, commit_body(tools.fs, request, plan));
    const bool is_unknown = !answer.ok() && answer.error().code == util::Code::Unavailable;
    if (!is_unknown) {
        return answer;
    }
    RAILHUB_TRY(const auto own, find_own_commit(ctx, tools, request, plan));
    if (!own) {
        return answer;
    }
    CommitAnswer found;
    found.reply.oid = *own;
    return found;
}

} // namespace

std::uint64_t PushPlan::total_bytes() const {
    std::uint64_t total = 0;
    for (const auto& item : items) {
        total += item.stamp.size;
    }
    return total;
}

std::uint64_t PushPlan::send_bytes() const {
    std::uint64_t total = 0;
    for (const auto& upload : uploads_of(*this)) {
        total += upload.blob.size;
    }
    for (const auto& item : items) {
        total += item.state == PushState::Inline ? item.stamp.size : 0;
    }
    return total;
}

std::uint64_t PushPlan::known_bytes() const {
    std::uint64_t total = 0;
    for (const auto& item : items) {
        total += item.state == PushState::Known ? item.stamp.size : 0;
    }
    return total;
}

std::size_t PushPlan::count(PushState state) const {
    return static_cast<std::size_t>(std::count_if(
        items.begin(), items.end(), [&](const auto& item) { return item.state == state; }
    ));
}

bool PushPlan::is_empty() const {
    return deletions.empty() &&
           count(PushState::Unchanged) + count(PushState::Ignored) == items.size();
}

util::Result<PushPlan>
plan_push(const util::Context& ctx, const PushTools& tools, const PushRequest& request) {
    PushPlan plan;
    RAILHUB_TRY(plan.items, scan_source(ctx, tools.fs, request));
    if (plan.items.empty() && request.remove.empty()) {
        return util::fail(
            util::Code::NotFound,
            "nothing to push in '" + request.source + "'",
            "check the folder, --include and --exclude"
        );
    }
    RAILHUB_TRY(const PreuploadReply reply, ask_until_quiet(ctx, tools, request, plan.items));
    plan.tip = reply.tip;
    RAILHUB_TRY(choose_way(ctx, tools, request, reply, plan));
    RAILHUB_TRY(judge_all(ctx, tools, reply, plan));
    RAILHUB_TRY(ask_known(ctx, tools, request, plan));
    RAILHUB_TRY(find_deletions(ctx, tools, request, plan));
    return plan;
}

util::Result<PushResult> run_push(
    const util::Context& ctx, const PushTools& tools, const PushRequest& request, PushPlan plan
) {
    TransferTotals totals;
    for (int round = 2;; ++round) {
        if (plan.is_empty()) {
            return PushResult{plan.tip, {}, {}, {}, std::move(plan), totals};
        }
        RAILHUB_TRY(const TransferTotals sent, upload_large(ctx, tools, request, plan));
        totals.new_bytes += sent.new_bytes;
        totals.known_bytes += sent.known_bytes;
        totals.sent_bytes += sent.sent_bytes;
        auto answer = commit_once(ctx, tools, request, plan);
        const bool has_moved = !answer.ok() && answer.error().code == util::Code::Conflict;
        const bool may_plan_again = request.parent.empty() && request.on_move == OnMove::PlanAgain;
        if (has_moved && may_plan_again) {
            RAILHUB_TRY(wait_for_round(ctx, tools, round, answer.error()));
            RAILHUB_TRY(plan, plan_push(ctx, tools, request));
            continue;
        }
        RAILHUB_TRY(answer);
        if (answer->refusal.is_null()) {
            RAILHUB_TRY(tools.memo.settle());
        }
        const CommitReply& reply = answer->reply;
        return PushResult{
            reply.oid, reply.url, reply.notes, answer->refusal, std::move(plan), totals};
    }
}

} // namespace railhub::transfer
