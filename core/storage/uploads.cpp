// SPDX-License-Identifier: Apache-2.0
// Upload sessions on disk: one file at full size with the parts written in place, a marker per part
// that is complete (core/storage/layout.h draws it).
#include "core/storage/uploads.h"

#include "core/storage/block_pool.h"
#include "core/storage/detail/content_hash.h"
#include "core/storage/detail/part_turns.h"
#include "core/storage/layout.h"
#include "core/util/text.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <mutex>

namespace railhub::storage {

namespace {

constexpr std::uint64_t kMaxEtagBytes = 64;
constexpr std::size_t kUploadBlocksKept = 4;
constexpr std::size_t kNoBudget = 0; // every writer makes do with one block

// Parts start at any offset; direct writes want whole pages. Several buffered writers of one file
// would wait for each other.
void set_direct(const util::File& file, bool is_direct) {
    const int flags = ::fcntl(file.fd(), F_GETFL);
    if (file.fd() >= 0 && flags >= 0) {
        static_cast<void>(
            ::fcntl(file.fd(), F_SETFL, is_direct ? flags | O_DIRECT : flags & ~O_DIRECT)
        );
    }
}

// The session of a folder's name.
std::string_view id_of_folder(std::string_view name) {
    if (name.ends_with(kClosingSuffix)) {
        name.remove_suffix(kClosingSuffix.size());
    }
    return name;
}

// Fills `into` as far as the body goes.
util::Result<std::size_t> fill(util::Reader& body, std::span<std::uint8_t> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        RAILHUB_TRY(const std::size_t got, body.read(into.subspan(filled)));
        if (got == 0) {
            break;
        }
        filled += got;
    }
    return filled;
}

class LocalUploads final : public Uploads {
  public:
    LocalUploads(util::Fs& fs, std::string folder, Blobs& blobs)
        : fs_(fs), layout_{std::move(folder)}, blobs_(blobs) {}

    util::Result<std::string>
    open(const util::Context& ctx, const types::BlobRef& blob, std::uint64_t part_size) override;
    util::Result<std::string> put_part(
        const util::Context& ctx, std::string_view id, std::uint32_t number, util::Reader& body
    ) override;
    util::Result<std::vector<UploadPart>>
    parts(const util::Context& ctx, std::string_view id) override;
    util::Result<CompletedUpload> complete(
        const util::Context& ctx, std::string_view id, const std::vector<UploadPart>& parts
    ) override;
    util::Result<> abort(const util::Context& ctx, std::string_view id) override;
    util::Result<std::vector<types::BlobRef>> open_blobs(const util::Context& ctx) override;
    util::Result<std::uint64_t>
    sweep(const util::Context& ctx, std::chrono::milliseconds idle) override;

  private:
    // One writing of one part.
    struct Writing {
        detail::PartTurn turn;
        std::unique_ptr<util::File> data;
        std::uint64_t offset = 0;
    };

    util::Result<> create(const std::string& session, std::uint64_t size);
    util::Result<> reopen(std::string_view id);
    util::Result<> restore(std::string_view id);
    util::Result<Writing> take_turn(const UploadPlan& plan, std::uint32_t number);
    util::Result<>
    receive(const util::Context& ctx, Writing& part, std::uint64_t size, util::Reader& body);
    static util::Result<> write_block(Writing& part, util::ByteView bytes);
    util::Result<std::string>
    mark_done(const util::Context& ctx, Writing& part, const std::string& marker);
    util::Result<CompletedUpload> complete_alone(
        const util::Context& ctx, const UploadPlan& plan, const std::vector<UploadPart>& parts
    );
    util::Result<> check_complete(
        const util::Context& ctx, const UploadPlan& plan, const std::vector<UploadPart>& parts
    );
    util::Result<std::vector<xet::Leaf>>
    join(const util::Context& ctx, const UploadPlan& plan, const std::string& session);
    util::Result<util::Sha256>
    hash(const util::Context& ctx, const std::string& path, std::vector<xet::Leaf>& chunks);
    util::Result<>
    copy_in(const util::Context& ctx, const UploadPlan& plan, const std::string& path);
    util::Result<std::int64_t> last_activity_ms(const std::string& session);

    util::Fs& fs_;
    const UploadLayout layout_;
    Blobs& blobs_;
    BlockPool pool_{kNoBudget, kUploadBlocksKept};
    std::mutex opening_; // guards the making and removing of sessions on disk
    detail::PartTurns turns_;
    detail::HashHelpers helpers_;
};

util::Result<std::string>
LocalUploads::open(const util::Context&, const types::BlobRef& blob, std::uint64_t part_size) {
    const UploadPlan plan{blob, part_size};
    if (blob.size == 0 || part_size == 0 || plan.part_count() > kMaxUploadParts) {
        return util::fail(
            util::Code::InvalidInput,
            "cannot cut " + std::to_string(blob.size) + " bytes into parts of " +
                std::to_string(part_size),
            "use 1 to " + std::to_string(kMaxUploadParts) + " parts"
        );
    }
    turns_.wait_joined(plan.id());
    const std::lock_guard lock(opening_); // each part opens it, and many may come at once
    RAILHUB_TRY(reopen(plan.id()));
    RAILHUB_TRY(create(layout_.session(plan.id()), blob.size));
    return plan.id();
}

// A session whose joining was cut short by a crash goes back to its name.
util::Result<> LocalUploads::reopen(std::string_view id) {
    return turns_.is_joining(id) ? util::Result<>() : restore(id);
}

util::Result<> LocalUploads::restore(std::string_view id) {
    const std::string closing = layout_.closing(id);
    RAILHUB_TRY(const auto info, fs_.info(closing));
    if (!info) {
        return {};
    }
    RAILHUB_TRY(fs_.remove_tree(layout_.session(id))); // begun since; the other one has all parts
    return fs_.rename(closing, layout_.session(id));
}

util::Result<> LocalUploads::create(const std::string& session, std::uint64_t size) {
    RAILHUB_TRY(const auto before, fs_.info(upload_data_file(session)));
    if (!before) {
        RAILHUB_TRY(fs_.remove_tree(session)); // markers without the file say nothing
    }
    RAILHUB_TRY(fs_.make_dirs(session));
    RAILHUB_TRY(auto data, fs_.open(upload_data_file(session), util::OpenMode::ReadWriteCreate));
    RAILHUB_TRY(const std::uint64_t now, data->size());
    if (now == size) {
        return {};
    }
    if (data->fd() >= 0 && ::fallocate(data->fd(), 0, 0, static_cast<off_t>(size)) != 0 &&
        errno != EOPNOTSUPP) {
        auto error = util::system_error("allocate", util::human_bytes(size), errno);
        data.reset();
        static_cast<void>(fs_.remove_tree(session)); // gives back what was taken
        return error;
    }
    RAILHUB_TRY(data->truncate(size));
    RAILHUB_TRY(data->sync());
    return fs_.sync_dir(session);
}

util::Result<LocalUploads::Writing>
LocalUploads::take_turn(const UploadPlan& plan, std::uint32_t number) {
    Writing part;
    part.turn = turns_.take(plan.id(), number);
    part.offset = plan.part_size * (number - 1);
    RAILHUB_TRY(const auto hold, part.turn.hold());
    // After the turn: a session that ends now either ends this turn or is not found here.
    const std::string session = layout_.session(plan.id());
    RAILHUB_TRY(const auto info, fs_.info(upload_data_file(session)));
    if (!info) {
        return util::fail(util::Code::NotFound, "no such upload session", "start the upload again");
    }
    auto unmarked = fs_.remove(upload_part_file(session, number)); // what it says is over
    if (unmarked.ok()) {
        RAILHUB_TRY(fs_.sync_dir(session));
    } else if (unmarked.error().code != util::Code::NotFound) {
        return std::move(unmarked).error();
    }
    RAILHUB_TRY(part.data, fs_.open(upload_data_file(session), util::OpenMode::ReadWriteCreate));
    return part;
}

util::Result<> LocalUploads::write_block(Writing& part, util::ByteView bytes) {
    RAILHUB_TRY(const auto hold, part.turn.hold());
    set_direct(
        *part.data, part.offset % kBlockAlignment == 0 && bytes.size() % kBlockAlignment == 0
    );
    RAILHUB_TRY(part.data->write_at(part.offset, bytes));
    part.offset += bytes.size();
    return {};
}

util::Result<> LocalUploads::receive(
    const util::Context& ctx, Writing& part, std::uint64_t size, util::Reader& body
) {
    const Block block = pool_.take();
    for (std::uint64_t left = size; left > 0;) {
        RAILHUB_TRY(ctx.check_stop());
        const auto into = whole(block).first(std::min<std::uint64_t>(left, kBlockBytes));
        RAILHUB_TRY(const std::size_t got, fill(body, into));
        if (got < into.size()) {
            return util::fail(
                util::Code::InvalidInput,
                "part is too short: " + std::to_string(left - got) + " bytes are missing",
                "send the part again"
            );
        }
        RAILHUB_TRY(write_block(part, into));
        left -= got;
    }
    RAILHUB_TRY(const std::size_t more, fill(body, whole(block).first(1)));
    if (more > 0) {
        return util::fail(
            util::Code::InvalidInput,
            "part is longer than " + std::to_string(size) + " bytes",
            "cut the file into the parts that the upload asked for"
        );
    }
    return {};
}

util::Result<std::string>
LocalUploads::mark_done(const util::Context& ctx, Writing& part, const std::string& marker) {
    // The sync waits for the disk only; it may run beside the writes of a newer writer.
    RAILHUB_TRY(part.data->sync());
    const std::string etag =
        std::to_string(util::to_millis(ctx.clock.now())) + "-" + std::to_string(part.turn.ticket());
    RAILHUB_TRY(const auto hold, part.turn.hold());
    RAILHUB_TRY(util::write_atomic(fs_, marker, util::as_bytes(etag)));
    return etag;
}

util::Result<std::string> LocalUploads::put_part(
    const util::Context& ctx, std::string_view id, std::uint32_t number, util::Reader& body
) {
    RAILHUB_TRY(const UploadPlan plan, UploadPlan::parse(id));
    if (number < 1 || number > plan.part_count()) {
        return util::fail(
            util::Code::InvalidInput,
            "no part " + std::to_string(number) + " in this upload",
            "parts have numbers from 1 to " + std::to_string(plan.part_count())
        );
    }
    RAILHUB_TRY(reopen(id));
    RAILHUB_TRY(Writing part, take_turn(plan, number));
    RAILHUB_TRY(receive(ctx, part, plan.part_bytes(number), body));
    return mark_done(ctx, part, upload_part_file(layout_.session(id), number));
}

util::Result<std::vector<UploadPart>>
LocalUploads::parts(const util::Context&, std::string_view id) {
    RAILHUB_TRY(const UploadPlan plan, UploadPlan::parse(id));
    RAILHUB_TRY(reopen(id));
    const std::string session = layout_.session(id);
    RAILHUB_TRY(const auto info, fs_.info(session));
    if (!info) {
        return util::fail(util::Code::NotFound, "no such upload session", "start the upload again");
    }
    std::vector<UploadPart> found;
    for (std::uint32_t number = 1; number <= plan.part_count(); ++number) {
        const std::string marker = upload_part_file(session, number);
        RAILHUB_TRY(const auto marked, fs_.info(marker));
        if (marked) {
            RAILHUB_TRY(std::string etag, util::read_file(fs_, marker, kMaxEtagBytes));
            found.push_back({number, std::move(etag)});
        }
    }
    return found;
}

util::Result<> LocalUploads::check_complete(
    const util::Context& ctx, const UploadPlan& plan, const std::vector<UploadPart>& claimed
) {
    RAILHUB_TRY(const auto here, parts(ctx, plan.id()));
    auto sorted = claimed;
    std::sort(sorted.begin(), sorted.end(), [](const UploadPart& a, const UploadPart& b) {
        return a.number < b.number;
    });
    for (std::uint32_t number = 1; number <= plan.part_count(); ++number) {
        const std::size_t index = number - 1;
        if (index >= here.size() || here[index].number != number) {
            return util::fail(
                util::Code::InvalidInput,
                "part " + std::to_string(number) + " is missing",
                "send it, then complete the upload again"
            );
        }
        if (index >= sorted.size() || sorted[index].number != number ||
            sorted[index].etag != here[index].etag) {
            return util::fail(
                util::Code::InvalidInput,
                "part " + std::to_string(number) + " is not the one named in the list",
                "send the ETag that the part was answered with"
            );
        }
    }
    return {};
}

util::Result<util::Sha256> LocalUploads::hash(
    const util::Context& ctx, const std::string& path, std::vector<xet::Leaf>& chunks
) {
    RAILHUB_TRY(const auto data, fs_.open(path, util::OpenMode::Read));
    if (data->fd() >= 0) { // the kernel reads ahead while we hash
        static_cast<void>(::posix_fadvise(data->fd(), 0, 0, POSIX_FADV_SEQUENTIAL));
    }
    detail::ContentHash content(helpers_, ChunkList::Make);
    const Block block = pool_.take();
    for (std::uint64_t offset = 0;;) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, data->read_at(offset, whole(block)));
        if (got == 0) {
            const util::Sha256 sha256 = content.finish();
            chunks = content.take_chunks();
            return sha256;
        }
        content.update(whole(block).first(got));
        offset += got;
    }
}

// For stores that are elsewhere.
util::Result<>
LocalUploads::copy_in(const util::Context& ctx, const UploadPlan& plan, const std::string& path) {
    RAILHUB_TRY(const auto data, fs_.open(path, util::OpenMode::Read));
    RAILHUB_TRY(const auto writer, blobs_.begin(ctx, plan.blob.size));
    for (std::uint64_t offset = 0; offset < plan.blob.size;) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const auto into, writer->buffer());
        RAILHUB_TRY(const std::size_t got, data->read_at(offset, into));
        if (got == 0) {
            break; // commit() finds the size wrong
        }
        RAILHUB_TRY(writer->advance(got));
        offset += got;
    }
    RAILHUB_TRY(writer->commit(plan.blob));
    return {};
}

util::Result<std::vector<xet::Leaf>>
LocalUploads::join(const util::Context& ctx, const UploadPlan& plan, const std::string& session) {
    const std::string data = upload_data_file(session);
    std::vector<xet::Leaf> chunks;
    RAILHUB_TRY(const util::Sha256 found, hash(ctx, data, chunks));
    if (found != plan.blob.sha256) {
        return util::fail(
            util::Code::InvalidInput,
            "wrong hash: got sha256 '" + found.hex() + "', expected '" + plan.blob.sha256.hex() +
                "'",
            "the file changed while it was sent; upload it again"
        );
    }
    RAILHUB_TRY(const bool is_moved, blobs_.objects().adopt(ctx, data, blob_key(plan.blob.sha256)));
    if (is_moved) {
        blobs_.note_right(ctx, plan.blob.sha256);
    } else {
        RAILHUB_TRY(copy_in(ctx, plan, data));
    }
    return chunks;
}

util::Result<CompletedUpload> LocalUploads::complete(
    const util::Context& ctx, std::string_view id, const std::vector<UploadPart>& claimed
) {
    RAILHUB_TRY(const UploadPlan plan, UploadPlan::parse(id));
    // A client that lost its connection asks again while the first request is still at it.
    turns_.begin_joining(id);
    auto completed = complete_alone(ctx, plan, claimed);
    turns_.end_joining(id);
    return completed;
}

util::Result<CompletedUpload> LocalUploads::complete_alone(
    const util::Context& ctx, const UploadPlan& plan, const std::vector<UploadPart>& claimed
) {
    const std::string id = plan.id();
    RAILHUB_TRY(restore(id));
    RAILHUB_TRY(const auto there, blobs_.size(ctx, plan.blob.sha256));
    if (there == plan.blob.size) { // completed before, or sent by somebody else
        RAILHUB_TRY(abort(ctx, id));
        return CompletedUpload{plan.blob, {}};
    }
    RAILHUB_TRY(check_complete(ctx, plan, claimed));
    const std::string session = layout_.session(id);
    const std::string closing = layout_.closing(id);
    {
        const std::lock_guard lock(opening_);
        RAILHUB_TRY(fs_.rename(session, closing));
    }
    turns_.end(id); // writers still at work find out before their next block
    auto joined = join(ctx, plan, closing);
    const bool is_over = joined.ok() || joined.error().code == util::Code::InvalidInput;
    // Whatever else went wrong may pass: the session stays for another try.
    auto left = is_over ? fs_.remove_tree(closing) : restore(id);
    if (!left.ok()) {
        ctx.log.write(
            util::LogLevel::Warn,
            "cannot clear upload session",
            {{"session", id}, {"error", util::to_line(left.error())}}
        );
    }
    RAILHUB_TRY(auto chunks, std::move(joined));
    return CompletedUpload{plan.blob, std::move(chunks)};
}

util::Result<> LocalUploads::abort(const util::Context&, std::string_view id) {
    RAILHUB_TRY(UploadPlan::parse(id)); // a name of ours, not a path
    const std::lock_guard lock(opening_);
    RAILHUB_TRY(reopen(id));
    RAILHUB_TRY(fs_.remove_tree(layout_.session(id)));
    turns_.end(id);
    return {};
}

util::Result<std::int64_t> LocalUploads::last_activity_ms(const std::string& session) {
    std::int64_t last = 0;
    for (const std::string& path : {session, upload_data_file(session)}) {
        RAILHUB_TRY(const auto info, fs_.info(path));
        last = std::max(last, info ? info->modified_ns / 1'000'000 : 0);
    }
    return last;
}

util::Result<std::vector<types::BlobRef>> LocalUploads::open_blobs(const util::Context&) {
    std::vector<types::BlobRef> blobs;
    RAILHUB_TRY(const auto folder, fs_.info(layout_.folder));
    if (!folder) {
        return blobs;
    }
    RAILHUB_TRY(const auto names, fs_.list(layout_.folder));
    for (const std::string& name : names) {
        if (const auto plan = UploadPlan::parse(id_of_folder(name)); plan.ok()) {
            blobs.push_back(plan->blob);
        }
    }
    return blobs;
}

util::Result<std::uint64_t>
LocalUploads::sweep(const util::Context& ctx, std::chrono::milliseconds idle) {
    RAILHUB_TRY(const auto folder, fs_.info(layout_.folder));
    if (!folder) {
        return std::uint64_t{0};
    }
    std::uint64_t swept = 0;
    RAILHUB_TRY(const auto names, fs_.list(layout_.folder));
    for (const std::string& name : names) {
        RAILHUB_TRY(ctx.check_stop());
        const std::string session = layout_.session(name);
        RAILHUB_TRY(const std::int64_t last, last_activity_ms(session));
        const bool is_idle = util::to_millis(ctx.clock.now()) - last >= idle.count();
        const std::string_view id = id_of_folder(name);
        if (is_idle && UploadPlan::parse(id).ok() && !turns_.is_joining(id)) {
            RAILHUB_TRY(fs_.remove_tree(session));
            turns_.end(id);
            ++swept;
        }
    }
    return swept;
}

} // namespace

std::unique_ptr<Uploads> make_local_uploads(util::Fs& fs, std::string folder, Blobs& blobs) {
    return std::make_unique<LocalUploads>(fs, std::move(folder), blobs);
}

} // namespace railhub::storage
