// SPDX-License-Identifier: Apache-2.0
// A loose segment as a xorb whose chunks are stored as they are (xet specification, 5.10).
#include "core/cas/detail/parts.h"

namespace railhub::cas::detail {

namespace {

class VirtualReader final : public storage::ObjectReader {
  public:
    VirtualReader(SegmentPtr segment, std::shared_ptr<storage::ObjectReader> blob)
        : segment_(std::move(segment)), blob_(std::move(blob)) {}

    [[nodiscard]] std::uint64_t size() const override { return segment_->row.record.stored; }

    util::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        if (offset >= size()) {
            return std::size_t{0};
        }
        into = into.first(std::min<std::uint64_t>(into.size(), size() - offset));
        std::size_t filled = 0;
        for (std::size_t chunk = chunk_of(offset); filled < into.size(); ++chunk) {
            const std::size_t in_record = offset + filled - segment_->record_begin(chunk);
            RAILHUB_TRY(const std::size_t got, read_record(chunk, in_record, into.subspan(filled)));
            filled += got;
        }
        return filled;
    }

  private:
    // The chunk whose record holds this byte of the serialized form.
    [[nodiscard]] std::size_t chunk_of(std::uint64_t offset) const {
        const auto& chunks = segment_->chunks;
        const auto found = std::upper_bound(
            chunks.begin(),
            chunks.end(),
            offset,
            [](std::uint64_t at, const xet::XorbChunk& chunk) { return at < chunk.serialized_end; }
        );
        return static_cast<std::size_t>(found - chunks.begin());
    }

    // From `at` to the end of the record, as far as it fits.
    util::Result<std::size_t>
    read_record(std::size_t chunk, std::size_t at, std::span<std::uint8_t> into) {
        const std::uint32_t chunk_size = segment_->chunk_size(chunk);
        std::size_t filled = 0;
        if (at < xet::kRecordHeader) {
            const auto header = xet::plain_record_header(chunk_size);
            filled = std::min(into.size(), xet::kRecordHeader - at);
            std::copy_n(header.begin() + static_cast<std::ptrdiff_t>(at), filled, into.begin());
            at += filled;
        }
        const std::size_t skip = at - std::min(at, xet::kRecordHeader);
        const std::size_t end =
            filled + std::min<std::size_t>(into.size() - filled, chunk_size - skip);
        std::uint64_t from = segment_->row.blob_offset + segment_->chunk_begin(chunk) + skip;
        while (filled < end) {
            RAILHUB_TRY(
                const std::size_t got, blob_->read_at(from, into.subspan(filled, end - filled))
            );
            if (got == 0) {
                return util::fail(util::Code::Corrupt, "a blob ends before its segments do");
            }
            filled += got;
            from += got;
        }
        return filled;
    }

    SegmentPtr segment_;
    std::shared_ptr<storage::ObjectReader> blob_;
};

} // namespace

std::shared_ptr<storage::ObjectReader>
make_virtual_reader(SegmentPtr segment, std::shared_ptr<storage::ObjectReader> blob) {
    return std::make_shared<VirtualReader>(std::move(segment), std::move(blob));
}

} // namespace railhub::cas::detail
