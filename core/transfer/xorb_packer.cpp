// SPDX-License-Identifier: Apache-2.0
// Packing in the order of the files.
#include "core/transfer/xorb_packer.h"

#include "core/xet/xorb.h"

namespace railhub::transfer {

namespace {

constexpr std::size_t kWindow = 128;       // terms
constexpr std::size_t kMeanRun = 8;        // chunks a term, at least, on average
constexpr std::size_t kLenientMeanRun = 4; // until deduplication was stopped once

bool has_room(const XorbPlan& plan, std::uint64_t chunk_size) {
    return plan.chunks.size() < xet::kMaxXorbChunks &&
           plan.plain_size() + xet::kRecordHeader + chunk_size <= xet::kMaxXorbBytes;
}

std::uint64_t bytes_of(std::span<const xet::Leaf> chunks) {
    std::uint64_t bytes = 0;
    for (const auto& chunk : chunks) {
        bytes += chunk.size;
    }
    return bytes;
}

// Terms remember where they begin in the file only while it is packed: hashes come last.
void set_ranges(PackedFile& packed, std::span<const xet::Leaf> chunks) {
    std::vector<xet::Hash> hashes;
    for (auto& term : packed.terms) {
        hashes.clear();
        for (const auto& chunk : chunks.first(term.count)) {
            hashes.push_back(chunk.hash);
        }
        term.range = xet::range_hash(hashes);
        chunks = chunks.subspan(term.count);
    }
}

} // namespace

std::uint64_t XorbPlan::plain_size() const {
    return bytes + chunks.size() * xet::kRecordHeader;
}

bool XorbPacker::Fragmentation::allows(std::size_t count) {
    if (lengths_.size() < kWindow) {
        return true;
    }
    const std::size_t wanted = kWindow * (is_lenient_ ? kLenientMeanRun : kMeanRun);
    if (sum_ >= wanted) {
        is_lenient_ = true;
        return true;
    }
    if (count * lengths_.size() > sum_) { // makes it better
        return true;
    }
    is_lenient_ = false;
    return false;
}

void XorbPacker::Fragmentation::begin_term(std::size_t count) {
    lengths_.push_back(count);
    sum_ += count;
    if (lengths_.size() > kWindow) {
        sum_ -= lengths_.front();
        lengths_.pop_front();
    }
}

void XorbPacker::Fragmentation::extend_term(std::size_t count) {
    lengths_.back() += count;
    sum_ += count;
}

void XorbPacker::append(PackedFile& packed, ChunkPlace place, std::span<const xet::Leaf> run) {
    const auto bytes = static_cast<std::uint32_t>(bytes_of(run));
    const auto count = static_cast<std::uint32_t>(run.size());
    if (!packed.terms.empty()) {
        PackedTerm& last = packed.terms.back();
        if (last.place.xorb == place.xorb && last.place.chunk + last.count == place.chunk) {
            last.count += count;
            last.unpacked += bytes;
            fragmentation_.extend_term(count);
            return;
        }
    }
    packed.terms.push_back({place, count, bytes, {}});
    fragmentation_.begin_term(count);
}

void XorbPacker::add_new(std::uint32_t file, std::uint64_t offset, const xet::Leaf& chunk) {
    if (!open_.chunks.empty() && !has_room(open_, chunk.size)) {
        close();
    }
    if (open_.chunks.empty()) {
        open_.number = index_.add_xorb();
    }
    const auto at = static_cast<std::uint32_t>(open_.chunks.size());
    const bool goes_on = !open_.pieces.empty() && open_.pieces.back().file == file &&
                         at > open_.pieces.back().first && piece_end_ == offset;
    if (!goes_on) {
        open_.pieces.push_back({at, file, offset});
    }
    piece_end_ = offset + chunk.size;
    open_.chunks.push_back(chunk);
    open_.bytes += chunk.size;
    index_.add_chunk(open_.number, chunk);
}

void XorbPacker::close() {
    if (open_.chunks.empty()) {
        return;
    }
    open_.id = xet::merkle_root(open_.chunks);
    index_.name_xorb(open_.number, open_.id);
    closed_.push_back(std::exchange(open_, {}));
}

PackedFile XorbPacker::pack(std::uint32_t file, std::span<const xet::Leaf> chunks) {
    PackedFile packed;
    packed.hash = xet::file_hash(chunks);
    fragmentation_ = {};
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < chunks.size();) {
        const auto rest = chunks.subspan(i);
        const auto place = index_.find(chunks[i].hash);
        const std::size_t known = place ? index_.run_length(*place, rest) : 0;
        const auto run = rest.first(std::max<std::size_t>(1, known));
        if (known > 0 && fragmentation_.allows(known)) {
            append(packed, *place, run);
            packed.known_bytes += bytes_of(run);
            offset += bytes_of(run);
        } else {
            for (std::size_t k = 0; k < run.size(); ++k) {
                add_new(file, offset, run[k]);
                const auto at = static_cast<std::uint32_t>(open_.chunks.size() - 1);
                append(packed, {open_.number, at}, run.subspan(k, 1));
                offset += run[k].size;
            }
            packed.new_bytes += bytes_of(run);
        }
        i += run.size();
    }
    set_ranges(packed, chunks);
    return packed;
}

} // namespace railhub::transfer
