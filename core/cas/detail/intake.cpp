// SPDX-License-Identifier: Apache-2.0
// A xorb on its way in: verified record by record, written as it comes, visible once it is whole
// and durable. A footer is checked for its length and dropped.
#include "core/cas/detail/parts.h"
#include "core/storage/layout.h"

namespace railhub::cas::detail {

namespace {

constexpr std::size_t kReadLayoutBlock = std::size_t{1} << 20;

class Intake final : public XorbIntake {
  public:
    Intake(
        const util::Context& ctx,
        Parts& parts,
        const xet::Hash& expected,
        std::unique_ptr<storage::ObjectWriter> writer
    )
        : ctx_(ctx), parts_(parts), expected_(expected), writer_(std::move(writer)) {}

    util::Result<> write(util::ByteView bytes) override {
        RAILHUB_TRY(ctx_.check_stop());
        return verifier_.update(bytes, writer_.get());
    }

    util::Result<Inserted> commit() override {
        RAILHUB_TRY(xet::XorbLayout layout, verifier_.finish());
        if (layout.hash != expected_) {
            return util::fail(
                util::Code::InvalidInput,
                "wrong hash: the chunks make up xorb '" + layout.hash.text() + "', expected '" +
                    expected_.text() + "'"
            );
        }
        // Two uploads of one xorb may be compressed differently: the row must describe the bytes
        // that stay.
        const std::lock_guard lock(parts_.placing_lock(expected_));
        RAILHUB_TRY(const bool is_known, is_known_and_here());
        if (is_known) {
            return Inserted::No;
        }
        RAILHUB_TRY(layout, place(std::move(layout)));
        return enter(layout);
    }

  private:
    util::Result<bool> is_known_and_here() {
        std::optional<SegmentRow> known;
        {
            RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx_));
            RAILHUB_TRY(known, find_segment_row(*tx, expected_));
        }
        if (!known) {
            return false;
        }
        RAILHUB_TRY(const bool is_here, is_backed(ctx_, parts_.store(), *known));
        const std::int64_t now = util::to_millis(ctx_.clock.now());
        if (!is_here || now - known->used_ms < kTouchEveryMs) {
            return is_here;
        }
        RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
        RAILHUB_TRY(const bool is_touched, touch_segment(*tx, known->record.row, now));
        if (is_touched) {
            RAILHUB_TRY(tx->commit());
        }
        return is_touched;
    }

    // Publishes; returns the layout of what is stored then. An object without a row is what a crash
    // left: it is taken as it is if it is sound.
    util::Result<xet::XorbLayout> place(xet::XorbLayout layout) {
        const std::string key = storage::xorb_key(expected_);
        RAILHUB_TRY(const auto left, parts_.store().size(ctx_, key));
        if (left) {
            auto stored = read_layout();
            if (stored.ok() && stored->hash == expected_) {
                note_right();
                return stored;
            }
        }
        if (writer_ == nullptr) {
            return removed_meanwhile();
        }
        if (left) {
            RAILHUB_TRY(parts_.store().remove(ctx_, key));
        }
        RAILHUB_TRY(writer_->publish(key));
        note_right();
        return layout;
    }

    void note_right() {
        const std::string key = storage::xorb_key(expected_);
        if (const auto stored = parts_.store().open(ctx_, key); stored.ok()) {
            parts_.guard.note(key, **stored);
        }
    }

    util::Result<xet::XorbLayout> read_layout() {
        RAILHUB_TRY(const auto reader, parts_.store().open(ctx_, storage::xorb_key(expected_)));
        xet::XorbVerifier verifier;
        util::Bytes block(kReadLayoutBlock);
        for (std::uint64_t offset = 0; offset < reader->size();) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
            if (got == 0) {
                break;
            }
            RAILHUB_TRY(verifier.update(util::ByteView(block).first(got)));
            offset += got;
        }
        return verifier.finish();
    }

    static util::Error removed_meanwhile() {
        return util::fail(
            util::Code::Unavailable, "the xorb was removed while it was received", "send it again"
        );
    }

    // The row, under the write lock: whoever collects garbage removes rows and objects under it.
    util::Result<Inserted> enter(const xet::XorbLayout& layout) {
        RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
        RAILHUB_TRY(const auto known, find_segment_row(*tx, expected_));
        if (known && known->encoding == Encoding::Loose) {
            RAILHUB_TRY(const bool is_here, is_backed(ctx_, parts_.store(), *known));
            if (is_here) { // as a part of a blob that came meanwhile; what we wrote is garbage
                return Inserted::No;
            }
        }
        SegmentRow row = packed_row(layout, util::to_millis(ctx_.clock.now()));
        RAILHUB_TRY(const bool is_here, is_backed(ctx_, parts_.store(), row));
        if (!is_here) {
            return removed_meanwhile();
        }
        if (known) { // lost, and here again
            row.record.row = known->record.row;
            row.record.layout = known->record.layout + 1;
            RAILHUB_TRY(move_segment(*tx, row, layout.chunks));
        } else {
            RAILHUB_TRY(insert_segment(*tx, row, layout.chunks));
        }
        RAILHUB_TRY(tx->commit());
        return Inserted::Yes;
    }

    [[nodiscard]] SegmentRow packed_row(const xet::XorbLayout& layout, std::int64_t now) const {
        SegmentRow row;
        row.record.hash = expected_;
        row.record.chunk_count = static_cast<std::uint32_t>(layout.chunks.size());
        row.record.unpacked = layout.uncompressed_size();
        row.record.stored = layout.body_size();
        row.record.layout = 1;
        row.encoding = Encoding::Packed;
        row.used_ms = now;
        return row;
    }

    util::Context ctx_;
    Parts& parts_;
    const xet::Hash expected_;
    std::unique_ptr<storage::ObjectWriter> writer_;
    xet::XorbVerifier verifier_;
};

} // namespace

std::unique_ptr<XorbIntake> make_intake(
    const util::Context& ctx,
    Parts& parts,
    const xet::Hash& expected,
    std::unique_ptr<storage::ObjectWriter> writer
) {
    return std::make_unique<Intake>(ctx, parts, expected, std::move(writer));
}

} // namespace railhub::cas::detail
