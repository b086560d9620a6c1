// SPDX-License-Identifier: Apache-2.0
// Reading and writing shards: records of 48 bytes.
#include "core/xet/shard.h"

#include "core/xet/detail/little_endian.h"

#include <algorithm>

namespace railhub::xet {

namespace {

using detail::append_u64;

constexpr std::size_t kRecord = 48;
constexpr std::size_t kFooter = 200;
constexpr std::uint64_t kHeaderVersion = 2;
constexpr std::uint64_t kFooterVersion = 1;
constexpr std::uint32_t kHasRangeHashes = std::uint32_t{1} << 31;
constexpr std::uint32_t kHasSha256 = std::uint32_t{1} << 30;
constexpr std::uint32_t kIsEligible = std::uint32_t{1} << 31;
constexpr std::array<std::uint8_t, 32> kTag = {
    0x48, 0x46, 0x52, 0x65, 0x70, 0x6f, 0x4d, 0x65, 0x74, 0x61, 0x44, 0x61, 0x74, 0x61, 0x00, 0x55,
    0x69, 0x67, 0x45, 0x6a, 0x7b, 0x81, 0x57, 0x83, 0xa5, 0xbd, 0xd9, 0x5c, 0xcd, 0xd1, 0x4a, 0xa9,
};

util::Error bad_shard(std::string reason) {
    return util::fail(util::Code::InvalidInput, "invalid shard: " + std::move(reason));
}

// Takes records off the front.
class Records {
  public:
    explicit Records(util::ByteView rest) : rest_(rest) {}

    util::Result<const std::uint8_t*> next() {
        if (rest_.size() < kRecord) {
            return bad_shard("it ends inside a section");
        }
        const std::uint8_t* const record = rest_.data();
        rest_ = rest_.subspan(kRecord);
        return record;
    }

    [[nodiscard]] bool has(std::uint64_t count) const { return rest_.size() / kRecord >= count; }

  private:
    util::ByteView rest_;
};

Hash load_hash(const std::uint8_t* at) {
    Hash hash;
    std::copy_n(at, hash.bytes.size(), hash.bytes.begin());
    return hash;
}

bool is_bookend(const std::uint8_t* record) {
    return std::all_of(record, record + 32, [](std::uint8_t byte) { return byte == 0xff; });
}

util::Result<ShardFile> parse_file(const std::uint8_t* header, Records& records) {
    ShardFile file;
    file.file = load_hash(header);
    const std::uint32_t flags = detail::load_u32(header + 32);
    const std::uint32_t count = detail::load_u32(header + 36);
    const bool has_ranges = (flags & kHasRangeHashes) != 0;
    const bool has_sha256 = (flags & kHasSha256) != 0;
    if (!records.has(std::uint64_t{count} * (has_ranges ? 2 : 1) + (has_sha256 ? 1 : 0))) {
        return bad_shard("a file block counts more records than there are");
    }
    file.terms.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        RAILHUB_TRY(const std::uint8_t* const record, records.next());
        file.terms.push_back(
            {load_hash(record),
             detail::load_u32(record + 36),
             detail::load_u32(record + 40),
             detail::load_u32(record + 44)}
        );
    }
    for (std::uint32_t i = 0; has_ranges && i < count; ++i) {
        RAILHUB_TRY(const std::uint8_t* const record, records.next());
        file.range_hashes.push_back(load_hash(record));
    }
    if (has_sha256) {
        RAILHUB_TRY(const std::uint8_t* const record, records.next());
        file.sha256 = from_shard_form(load_hash(record));
    }
    return file;
}

util::Result<ShardXorb> parse_xorb(const std::uint8_t* header, Records& records) {
    ShardXorb xorb;
    xorb.xorb = load_hash(header);
    const std::uint32_t count = detail::load_u32(header + 36);
    xorb.uncompressed = detail::load_u32(header + 40);
    xorb.stored = detail::load_u32(header + 44);
    if (!records.has(count)) {
        return bad_shard("a xorb block counts more records than there are");
    }
    xorb.chunks.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        RAILHUB_TRY(const std::uint8_t* const record, records.next());
        const bool is_eligible = (detail::load_u32(record + 40) & kIsEligible) != 0;
        xorb.chunks.push_back(
            {load_hash(record),
             detail::load_u32(record + 32),
             detail::load_u32(record + 36),
             is_eligible}
        );
    }
    return xorb;
}

// Blocks up to the bookend.
template <class Block, class Parse>
util::Result<> parse_section(Records& records, std::vector<Block>& blocks, Parse parse) {
    while (true) {
        RAILHUB_TRY(const std::uint8_t* const header, records.next());
        if (is_bookend(header)) {
            return {};
        }
        RAILHUB_TRY(Block block, parse(header, records));
        blocks.push_back(std::move(block));
    }
}

// One record: a hash and four numbers.
void append_record(util::Bytes& out, const Hash& hash, std::array<std::uint32_t, 4> numbers) {
    out.insert(out.end(), hash.bytes.begin(), hash.bytes.end());
    for (const std::uint32_t number : numbers) {
        detail::append_u32(out, number);
    }
}

void append_bookend(util::Bytes& out) {
    out.insert(out.end(), 32, 0xff);
    out.insert(out.end(), 16, 0x00);
}

void append_header(util::Bytes& out, std::uint64_t footer_size) {
    out.insert(out.end(), kTag.begin(), kTag.end());
    append_u64(out, kHeaderVersion);
    append_u64(out, footer_size);
}

void append_file(util::Bytes& out, const ShardFile& file) {
    const std::uint32_t flags =
        (file.range_hashes.empty() ? 0 : kHasRangeHashes) | (file.sha256 ? kHasSha256 : 0);
    append_record(out, file.file, {flags, static_cast<std::uint32_t>(file.terms.size()), 0, 0});
    for (const Term& term : file.terms) {
        append_record(out, term.xorb, {0, term.unpacked, term.first, term.end});
    }
    for (const Hash& range : file.range_hashes) {
        append_record(out, range, {0, 0, 0, 0});
    }
    if (file.sha256) {
        append_record(out, to_shard_form(*file.sha256), {0, 0, 0, 0});
    }
}

void append_xorb(util::Bytes& out, const ShardXorb& xorb) {
    append_record(
        out,
        xorb.xorb,
        {0, static_cast<std::uint32_t>(xorb.chunks.size()), xorb.uncompressed, xorb.stored}
    );
    for (const ShardChunk& chunk : xorb.chunks) {
        append_record(
            out, chunk.hash, {chunk.offset, chunk.size, chunk.is_eligible ? kIsEligible : 0, 0}
        );
    }
}

// Offsets of the sections; the lookup tables are empty and stand where the xorb section ends.
void append_footer(util::Bytes& out, std::uint64_t xorbs_at, const DedupAnswer& answer) {
    const std::uint64_t footer_at = out.size();
    append_u64(out, kFooterVersion);
    append_u64(out, kRecord);
    append_u64(out, xorbs_at);
    for (int table = 0; table < 3; ++table) {
        append_u64(out, footer_at);
        append_u64(out, 0);
    }
    out.insert(out.end(), answer.key.begin(), answer.key.end());
    append_u64(out, answer.created_seconds);
    append_u64(out, answer.expires_seconds);
    out.resize(out.size() + 48 + 3 * 8, 0); // reserved, and sizes that nobody needs
    append_u64(out, footer_at);
    RAILHUB_ASSERT(out.size() - footer_at == kFooter);
}

} // namespace

util::Result<Shard> parse_shard(util::ByteView bytes) {
    if (bytes.size() > kMaxShardBytes) {
        return util::fail(util::Code::TooLarge, "a shard has more than 64 MiB");
    }
    if (bytes.size() < kRecord || !std::equal(kTag.begin(), kTag.end(), bytes.begin())) {
        return bad_shard("it does not begin with the shard tag");
    }
    if (detail::load_u64(bytes.data() + 32) != kHeaderVersion) {
        return bad_shard("unknown version");
    }
    Shard shard;
    Records records(bytes.subspan(kRecord));
    RAILHUB_TRY(parse_section(records, shard.files, parse_file));
    RAILHUB_TRY(parse_section(records, shard.xorbs, parse_xorb));
    return shard;
}

util::Bytes write_shard(const Shard& shard) {
    util::Bytes out;
    append_header(out, 0);
    for (const ShardFile& file : shard.files) {
        append_file(out, file);
    }
    append_bookend(out);
    for (const ShardXorb& xorb : shard.xorbs) {
        append_xorb(out, xorb);
    }
    append_bookend(out);
    return out;
}

util::Bytes write_dedup_shard(const std::vector<ShardXorb>& xorbs, const DedupAnswer& answer) {
    util::Bytes out;
    append_header(out, kFooter);
    append_bookend(out);
    const std::uint64_t xorbs_at = out.size();
    const bool is_keyed = answer.key != Blake3Key{};
    for (ShardXorb xorb : xorbs) {
        for (ShardChunk& chunk : xorb.chunks) {
            chunk.hash = is_keyed ? keyed_hash(answer.key, chunk.hash) : chunk.hash;
        }
        append_xorb(out, xorb);
    }
    append_bookend(out);
    append_footer(out, xorbs_at, answer);
    return out;
}

util::Result<DedupAnswer> parse_dedup_footer(util::ByteView shard) {
    if (shard.size() < kRecord + kFooter) {
        return bad_shard("it has no footer");
    }
    const std::uint8_t* const footer = shard.data() + shard.size() - kFooter;
    const bool is_footer = detail::load_u64(shard.data() + 40) == kFooter &&
                           detail::load_u64(footer) == kFooterVersion &&
                           detail::load_u64(footer + kFooter - 8) == shard.size() - kFooter;
    if (!is_footer) {
        return bad_shard("its footer is not where it should be");
    }
    DedupAnswer answer;
    std::copy_n(footer + 72, answer.key.size(), answer.key.begin());
    answer.created_seconds = detail::load_u64(footer + 104);
    answer.expires_seconds = detail::load_u64(footer + 112);
    return answer;
}

} // namespace railhub::xet
