// SPDX-License-Identifier: Apache-2.0
// Bodies of xorbs.
#include "core/transfer/xorb_sender.h"

#include "core/util/url.h"
#include "core/xet/xorb.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::size_t kSchemeEvery = 32; // chunks
// The few chunks of an edit take no time to compress.
constexpr std::uint64_t kAlwaysEncoded = std::uint64_t{1} << 20;
// What a core compresses, and what it saves, as long as nothing was measured: bytes a second.
constexpr double kUsualEncoding = 400e6;
constexpr double kUsualSaving = 0.2;

util::Error changed_file(const std::string& local) {
    return util::fail(
        util::Code::Conflict,
        "'" + local + "' changed while it was pushed",
        "push again once nothing writes to it"
    );
}

// Goes through the chunks of a plan, file by file. One thread at a time.
class ChunkSource {
  public:
    ChunkSource(util::Fs& fs, std::span<const Upload> files, const XorbPlan& plan)
        : fs_(fs), files_(files), plan_(plan) {}

    // To chunk `index`; calls go up from 0.
    util::Result<> open(std::size_t index) {
        const bool is_next = piece_ < plan_.pieces.size() && plan_.pieces[piece_].first == index;
        if (!is_next) {
            at_ += plan_.chunks[index - 1].size;
            return {};
        }
        const XorbPiece& piece = plan_.pieces[piece_++];
        if (!file_ || piece.file != open_file_) {
            RAILHUB_TRY(file_, fs_.open(files_[piece.file].local, util::OpenMode::Read));
            open_file_ = piece.file;
        }
        at_ = piece.offset;
        return {};
    }

    // Bytes [offset, offset + into.size()) of the chunk that is open.
    util::Result<> read(std::uint64_t offset, std::span<std::uint8_t> into) {
        RAILHUB_TRY(const std::size_t count, file_->read_at(at_ + offset, into));
        return count == into.size() ? util::Result<>() : changed_file(files_[open_file_].local);
    }

  private:
    util::Fs& fs_;
    std::span<const Upload> files_;
    const XorbPlan& plan_;
    std::size_t piece_ = 0;
    std::unique_ptr<util::File> file_;
    std::uint32_t open_file_ = 0;
    std::uint64_t at_ = 0;
};

// A body of chunks stored as they are: headers made up, bytes straight from the files.
class PlainXorbReader final : public util::Reader {
  public:
    PlainXorbReader(
        util::Fs& fs, std::span<const Upload> files, const XorbPlan& plan, util::Task& task
    )
        : source_(fs, files, plan), plan_(plan), task_(task) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        std::size_t filled = 0;
        while (filled < into.size() && next_ < plan_.chunks.size()) {
            RAILHUB_TRY(const std::size_t count, read_some(into.subspan(filled)));
            filled += count;
        }
        return filled;
    }

  private:
    util::Result<std::size_t> read_some(std::span<std::uint8_t> into) {
        const auto size = static_cast<std::uint32_t>(plan_.chunks[next_].size);
        if (at_ == 0) {
            RAILHUB_TRY(source_.open(next_));
            header_ = xet::plain_record_header(size);
        }
        std::size_t count = 0;
        if (at_ < header_.size()) {
            count = std::min(into.size(), header_.size() - at_);
            std::copy_n(header_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
        } else {
            const std::size_t done = at_ - header_.size();
            count = std::min<std::size_t>(into.size(), size - done);
            RAILHUB_TRY(source_.read(done, into.first(count)));
            task_.advance(count);
        }
        at_ += count;
        if (at_ == header_.size() + size) {
            at_ = 0;
            ++next_;
        }
        return count;
    }

    ChunkSource source_;
    const XorbPlan& plan_;
    util::Task& task_;
    std::size_t next_ = 0;
    std::size_t at_ = 0; // in the record of chunk next_
    std::array<std::uint8_t, xet::kRecordHeader> header_{};
};

class SharedBytesReader final : public util::Reader {
  public:
    explicit SharedBytesReader(std::shared_ptr<const util::Bytes> bytes)
        : bytes_(std::move(bytes)), reader_(util::ByteView(*bytes_)) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        return reader_.read(into);
    }

  private:
    std::shared_ptr<const util::Bytes> bytes_;
    util::MemoryReader reader_;
};

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

} // namespace

LinkMeter::LinkMeter(const std::string& url) {
    const auto parsed = util::Url::parse(url);
    is_local_ = parsed.ok() && is_this_machine(parsed->host);
}

bool LinkMeter::is_worth_compressing() {
    if (is_local_) {
        return false;
    }
    auto state = state_.access();
    const std::chrono::duration<double> sending =
        state->first ? state->last - *state->first : std::chrono::steady_clock::duration{};
    if (sending.count() <= 0) {
        return true;
    }
    double encoding = kUsualEncoding;
    double saving = kUsualSaving;
    if (state->encoded_from > 0 && state->encoding.count() > 0) {
        const auto from = static_cast<double>(state->encoded_from);
        encoding = from / state->encoding.count();
        saving = 1 - static_cast<double>(state->encoded_to) / from;
    }
    return static_cast<double>(state->sent) / sending.count() < encoding * saving;
}

void LinkMeter::note_encoded(
    std::uint64_t from, std::uint64_t to, std::chrono::duration<double> spent
) {
    auto state = state_.access();
    state->encoded_from += from;
    state->encoded_to += to;
    state->encoding += spent;
}

void LinkMeter::note_sent(
    std::uint64_t bytes,
    std::chrono::steady_clock::time_point begun,
    std::chrono::steady_clock::time_point ended
) {
    auto state = state_.access();
    state->sent += bytes;
    state->first = state->first ? std::min(*state->first, begun) : begun;
    state->last = std::max(state->last, ended);
}

util::Result<> XorbSender::send(const util::Context& ctx, const XorbPlan& plan) {
    const bool is_encoded = plan.bytes <= kAlwaysEncoded || meter_.is_worth_compressing();
    RAILHUB_TRY(is_encoded ? send_encoded(ctx, plan) : send_plain(ctx, plan));
    RAILHUB_TRY(const ChunkList list, tools_.memo.keep(plan.id, plan.chunks));
    return tools_.memo.remember_xorb(cas_.url(), list);
}

util::Result<>
XorbSender::put(const util::Context& ctx, const XorbPlan& plan, const HttpBody& body) {
    const auto begun = ctx.clock.steady();
    RAILHUB_TRY(explain(plan, cas_.put_xorb(ctx, plan.id, body)));
    sent_bytes_ += *body.size;
    meter_.note_sent(*body.size, begun, ctx.clock.steady());
    return {};
}

util::Result<> XorbSender::send_plain(const util::Context& ctx, const XorbPlan& plan) {
    const HttpBody body{
        [this, &plan]() -> util::Result<std::unique_ptr<util::Reader>> {
            return std::unique_ptr<util::Reader>(
                std::make_unique<PlainXorbReader>(tools_.fs, files_, plan, task_)
            );
        },
        plan.plain_size()};
    return put(ctx, plan, body);
}

util::Result<util::Bytes> XorbSender::encode(const util::Context& ctx, const XorbPlan& plan) {
    const auto begun = ctx.clock.steady();
    ChunkSource source(tools_.fs, files_, plan);
    xet::XorbBuilder builder;
    util::Bytes chunk;
    xet::Scheme scheme = xet::Scheme::None;
    for (std::size_t i = 0; i < plan.chunks.size(); ++i) {
        RAILHUB_TRY(ctx.check_stop());
        chunk.resize(static_cast<std::size_t>(plan.chunks[i].size));
        RAILHUB_TRY(source.open(i));
        RAILHUB_TRY(source.read(0, chunk));
        scheme = i % kSchemeEvery == 0 ? xet::likely_scheme(chunk) : scheme;
        builder.add(chunk, plan.chunks[i].hash, scheme);
    }
    util::Bytes body = builder.take().body;
    meter_.note_encoded(plan.plain_size(), body.size(), ctx.clock.steady() - begun);
    return body;
}

util::Result<> XorbSender::send_encoded(const util::Context& ctx, const XorbPlan& plan) {
    encoders_.acquire();
    auto result = [&]() -> util::Result<> {
        RAILHUB_TRY(util::Bytes bytes, encode(ctx, plan));
        const auto shared = std::make_shared<const util::Bytes>(std::move(bytes));
        const HttpBody body{
            [shared]() -> util::Result<std::unique_ptr<util::Reader>> {
                return std::unique_ptr<util::Reader>(std::make_unique<SharedBytesReader>(shared));
            },
            shared->size()};
        return put(ctx, plan, body);
    }();
    encoders_.release();
    task_.advance(plan.bytes);
    return result;
}

util::Result<> XorbSender::explain(const XorbPlan& plan, util::Result<> result) const {
    if (result.ok() || result.error().code != util::Code::InvalidInput) {
        return result;
    }
    for (const XorbPiece& piece : plan.pieces) {
        const Upload& file = files_[piece.file];
        const auto info = tools_.fs.info(file.local);
        const bool is_same =
            info.ok() && *info &&
            ((*info)->is_symlink ||
             ((*info)->size == file.stamp.size && (*info)->modified_ns == file.stamp.modified_ns));
        if (!is_same) {
            return changed_file(file.local);
        }
    }
    return result;
}

} // namespace railhub::transfer
