// SPDX-License-Identifier: Apache-2.0
// Jobs are whole objects (basic) and single parts (multipart); the worker that sends the last part
// of an object completes it.
#include "core/transfer/upload.h"

#include "core/transfer/push_scan.h"
#include "core/transfer/queue.h"
#include "core/util/url.h"

#include <algorithm>
#include <atomic>

namespace railhub::transfer {

namespace {

// Addresses are asked for so many objects and bytes at a time: they expire after an hour or more.
constexpr std::size_t kGroupObjects = 64;
constexpr std::uint64_t kGroupBytes = std::uint64_t{32} << 30;

// Reports what passes through to a progress task.
class CountingReader final : public util::Reader {
  public:
    CountingReader(std::unique_ptr<util::Reader> from, util::Task& task)
        : from_(std::move(from)), task_(task) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        RAILHUB_TRY(const std::size_t count, from_->read(into));
        task_.advance(count);
        return count;
    }

  private:
    std::unique_ptr<util::Reader> from_;
    util::Task& task_;
};

// One object under way.
struct Sending {
    const Upload* upload = nullptr;
    LfsObject object;
    std::vector<std::string> etags; // of parts; each job writes its own
    std::unique_ptr<std::atomic<std::size_t>> parts_left;
};

struct PartJob {
    Sending* sending;
    std::size_t part; // 0-based; 0 for basic
};

std::string address_of(const std::string& href) {
    const auto url = util::Url::parse(href);
    return url.ok() ? url->origin() + url->path : href.substr(0, href.find('?'));
}

class Uploader {
  public:
    Uploader(const PushTools& tools, const PushRequest& request, util::Task& task)
        : tools_(tools), request_(request), task_(task) {}

    util::Result<> run(const util::Context& ctx, const PartJob& job) {
        Sending& sending = *job.sending;
        const auto where = sending.upload->local;
        if (sending.object.upload->parts.empty()) {
            RAILHUB_TRY(send_whole(ctx, sending).with_context(where));
            return verify(ctx, sending).with_context(where);
        }
        RAILHUB_TRY(send_part(ctx, sending, job.part).with_context(where));
        if (sending.parts_left->fetch_sub(1) == 1) {
            RAILHUB_TRY(complete(ctx, sending).with_context(where));
            return verify(ctx, sending).with_context(where);
        }
        return {};
    }

  private:
    [[nodiscard]] HttpBody
    body_of(const Sending& sending, std::uint64_t begin, std::uint64_t end) const {
        const std::string local = sending.upload->local;
        return {
            [this, local, begin, end]() -> util::Result<std::unique_ptr<util::Reader>> {
                RAILHUB_TRY(auto reader, open_reader(tools_.fs, local, begin, end));
                return std::unique_ptr<util::Reader>(
                    std::make_unique<CountingReader>(std::move(reader), task_)
                );
            },
            end - begin};
    }

    // A refusal of bytes that are no longer those that were hashed is the file's fault.
    util::Result<> explain(const Sending& sending, util::Result<> result) const {
        if (result.ok() || result.error().code != util::Code::InvalidInput) {
            return result;
        }
        const auto info = tools_.fs.info(sending.upload->local);
        const bool same_size = info.ok() && *info && (*info)->size == sending.upload->blob.size;
        if (same_size) {
            return result;
        }
        return util::fail(
            util::Code::Conflict,
            "'" + sending.upload->local + "' changed while it was pushed",
            "push again once nothing writes to it"
        );
    }

    util::Result<> send_whole(const util::Context& ctx, const Sending& sending) {
        const HttpBody body = body_of(sending, 0, sending.upload->blob.size);
        return explain(sending, tools_.hub.put_object(ctx, *sending.object.upload, body));
    }

    [[nodiscard]] static PartKey key_of(const Sending& sending, std::size_t part) {
        const LfsAction& action = *sending.object.upload;
        return {
            sending.upload->blob.sha256,
            action.part_size,
            static_cast<std::uint32_t>(part + 1),
            address_of(action.parts[part])};
    }

    util::Result<> send_part(const util::Context& ctx, Sending& sending, std::size_t part) {
        const std::uint64_t begin = part * sending.object.upload->part_size;
        const std::uint64_t end =
            std::min(sending.upload->blob.size, begin + sending.object.upload->part_size);
        const PartKey key = key_of(sending, part);
        if (auto known = tools_.memo.etag_of(key)) {
            sending.etags[part] = std::move(*known);
            task_.advance(end - begin);
            return {};
        }
        RAILHUB_TRY(
            sending.etags[part],
            tools_.hub.put_part(
                ctx, sending.object.upload->parts[part], body_of(sending, begin, end)
            )
        );
        return tools_.memo.remember_part(key, sending.etags[part]);
    }

    util::Result<> complete_once(const util::Context& ctx, const Sending& sending) {
        std::vector<LfsPart> parts;
        for (std::size_t i = 0; i < sending.etags.size(); ++i) {
            parts.push_back({static_cast<std::uint32_t>(i + 1), sending.etags[i]});
        }
        return tools_.hub.complete_parts(ctx, *sending.object.upload, sending.upload->blob, parts);
    }

    util::Result<bool> is_known(const util::Context& ctx, const Sending& sending) {
        RAILHUB_TRY(
            const auto objects,
            tools_.hub.lfs_upload_batch(
                ctx, request_.id, request_.branch, std::span(&sending.upload->blob, 1)
            )
        );
        return !objects.empty() && !objects.front().upload && objects.front().error.empty();
    }

    // Refused: the answer to an earlier try was lost and the object is there, or parts remembered
    // from an earlier push are gone on the hub; then all of them once more.
    util::Result<> complete(const util::Context& ctx, Sending& sending) {
        auto completed = complete_once(ctx, sending);
        const bool is_refused =
            !completed.ok() && (completed.error().code == util::Code::InvalidInput ||
                                completed.error().code == util::Code::NotFound);
        if (!is_refused) {
            return completed;
        }
        RAILHUB_TRY(const bool is_there, is_known(ctx, sending));
        if (is_there) {
            return {};
        }
        tools_.memo.forget_parts(sending.upload->blob.sha256);
        for (std::size_t part = 0; part < sending.etags.size(); ++part) {
            RAILHUB_TRY(send_part(ctx, sending, part));
        }
        return explain(sending, complete_once(ctx, sending));
    }

    util::Result<> verify(const util::Context& ctx, const Sending& sending) {
        if (!sending.object.verify) {
            return {};
        }
        return tools_.hub.verify_object(ctx, *sending.object.verify, sending.upload->blob);
    }

    const PushTools& tools_;
    const PushRequest& request_;
    util::Task& task_;
};

util::Result<std::vector<Sending>> ask_group(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    std::span<const Upload> group,
    util::Task& task
) {
    std::vector<types::BlobRef> blobs;
    for (const auto& upload : group) {
        blobs.push_back(upload.blob);
    }
    RAILHUB_TRY(auto objects, tools.hub.lfs_upload_batch(ctx, request.id, request.branch, blobs));
    std::vector<Sending> sendings;
    for (auto& object : objects) {
        const auto upload = std::find_if(group.begin(), group.end(), [&](const Upload& candidate) {
            return candidate.blob.sha256 == object.blob.sha256;
        });
        if (upload == group.end()) {
            continue;
        }
        if (!object.error.empty()) {
            return util::fail(
                util::Code::PermissionDenied,
                "the hub does not take '" + upload->local + "': " + object.error
            );
        }
        if (!object.upload) {
            task.advance(upload->blob.size);
            continue;
        }
        const std::size_t parts = object.upload->parts.size();
        Sending sending{&*upload, std::move(object), std::vector<std::string>(parts), nullptr};
        sending.parts_left = std::make_unique<std::atomic<std::size_t>>(parts);
        sendings.push_back(std::move(sending));
    }
    return sendings;
}

std::size_t group_size(std::span<const Upload> uploads) {
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < std::min(kGroupObjects, uploads.size()) && bytes < kGroupBytes) {
        bytes += uploads[count++].blob.size;
    }
    return count;
}

} // namespace

util::Result<TransferTotals> upload_by_lfs(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    std::span<const Upload> uploads
) {
    std::uint64_t total = 0;
    for (const auto& upload : uploads) {
        total += upload.blob.size;
    }
    util::Task task(ctx.progress, "uploading", total, "B");
    Uploader uploader(tools, request, task);
    TransferTotals totals;
    while (!uploads.empty()) {
        const auto group = uploads.first(group_size(uploads));
        uploads = uploads.subspan(group.size());
        RAILHUB_TRY(auto sendings, ask_group(ctx, tools, request, group, task));
        std::vector<PartJob> jobs;
        for (auto& sending : sendings) {
            for (std::size_t part = 0; part < std::max<std::size_t>(1, sending.etags.size());
                 ++part) {
                jobs.push_back({&sending, part});
            }
        }
        RAILHUB_TRY(run_jobs(
            ctx,
            request.connections,
            jobs.size(),
            [&](const util::Context& inner, std::size_t i) { return uploader.run(inner, jobs[i]); }
        ));
        for (const auto& sending : sendings) {
            totals.new_bytes += sending.upload->blob.size;
        }
    }
    totals.sent_bytes = totals.new_bytes;
    totals.known_bytes = total - totals.new_bytes;
    return totals;
}

} // namespace railhub::transfer
