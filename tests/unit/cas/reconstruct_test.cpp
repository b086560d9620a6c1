// SPDX-License-Identifier: Apache-2.0
// Reconstruction against brute force over the chunk list, whole and by range.
#include "tests/unit/cas/world.h"

#include <random>

namespace cas = railhub::cas;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::leaves_of;
using railhub::tests::number_bytes;
using railhub::tests::pack;
using railhub::tests::random_bytes;
using railhub::tests::value;

namespace {

// As a client does: fetch the byte ranges, decode the records, drop what comes before.
util::Bytes rebuild(CasWorld& world, const cas::Reconstruction& answer, std::uint64_t wanted) {
    util::Bytes out;
    for (const xet::Term& term : answer.terms) {
        const cas::Fetch* fetch = nullptr;
        for (const cas::Fetch& candidate : answer.fetches) {
            if (candidate.segment.hash == term.xorb && candidate.chunks.begin <= term.first &&
                candidate.chunks.end >= term.end) {
                REQUIRE(fetch == nullptr);
                fetch = &candidate;
            }
        }
        REQUIRE(fetch != nullptr);
        const auto reader = value(
            world.engine->segment_reader(world.ctx, fetch->segment.hash, fetch->segment.layout)
        );
        CHECK(reader->size() == fetch->segment.stored);
        util::Bytes body(fetch->bytes.end - fetch->bytes.begin);
        REQUIRE(value(reader->read_at(fetch->bytes.begin, body)) == body.size());
        xet::ChunkDecoder decoder;
        util::ByteView rest(body);
        std::size_t from_term = 0;
        for (std::uint64_t chunk = fetch->chunks.begin; chunk < fetch->chunks.end; ++chunk) {
            util::Bytes bytes;
            rest = rest.subspan(value(xet::decode_record(decoder, rest, bytes)));
            if (chunk >= term.first && chunk < term.end) {
                out.insert(out.end(), bytes.begin(), bytes.end());
                from_term += bytes.size();
            }
        }
        CHECK(rest.empty());
        CHECK(from_term == term.unpacked);
    }
    REQUIRE(out.size() >= answer.offset_into_first + wanted);
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(answer.offset_into_first));
    out.resize(wanted);
    return out;
}

// Chunks of the file that overlap [begin, end).
std::size_t overlapping(const util::Bytes& bytes, std::uint64_t begin, std::uint64_t end) {
    std::size_t found = 0;
    std::uint64_t at = 0;
    for (const xet::Leaf& leaf : leaves_of(bytes)) {
        found += at < end && at + leaf.size > begin ? 1U : 0U;
        at += leaf.size;
    }
    return found;
}

void check_range(CasWorld& world, const util::Bytes& bytes, cas::Span range) {
    const auto file = world.file(util::sha256(bytes));
    const auto answer = value(world.engine->reconstruct(world.ctx, *world.tx(), file, range));
    const std::uint64_t end = std::min<std::uint64_t>(range.end, bytes.size());
    std::size_t chunks = 0;
    for (const xet::Term& term : answer.terms) {
        chunks += term.end - term.first;
    }
    CHECK(chunks == overlapping(bytes, range.begin, end));
    const util::Bytes expected(
        bytes.begin() + static_cast<std::ptrdiff_t>(range.begin),
        bytes.begin() + static_cast<std::ptrdiff_t>(end)
    );
    CHECK(rebuild(world, answer, end - range.begin) == expected);
}

} // namespace

TEST_CASE("cas: ranges of packed and of loose files are reconstructed exactly") {
    CasWorld world;
    const util::Bytes bytes = number_bytes(1, 1'000'000);
    if (GENERATE(true, false)) {
        world.upload(pack({random_bytes(9, 150'000), bytes}, {.chunks_per_xorb = 4}));
    } else {
        world.put(bytes);
    }
    const std::uint64_t size = bytes.size();
    check_range(world, bytes, {0, size});
    check_range(world, bytes, {0, 1});
    check_range(world, bytes, {size - 1, size});
    check_range(world, bytes, {size - 1, size + 1'000'000});
    check_range(world, bytes, {0, std::uint64_t{1} << 62});
    std::uint64_t border = 0;
    for (const xet::Leaf& leaf : leaves_of(bytes)) {
        border += leaf.size;
        if (border < size) {
            check_range(world, bytes, {border, border + 1});
            check_range(world, bytes, {border - 1, border});
            check_range(world, bytes, {border - 1, border + 1});
        }
    }
    std::mt19937 random(4);
    for (int i = 0; i < 30; ++i) {
        const std::uint64_t begin = random() % size;
        check_range(world, bytes, {begin, begin + 1 + random() % size});
    }
}

TEST_CASE("cas: whole files, empty files, and ranges behind the end") {
    CasWorld world;
    const util::Bytes bytes = number_bytes(2, 300'000);
    world.upload(pack({bytes}));
    const auto file = world.file(util::sha256(bytes));
    const auto whole = value(world.engine->reconstruct(world.ctx, *world.tx(), file, std::nullopt));
    REQUIRE(whole.terms.size() == 1);
    CHECK(whole.offset_into_first == 0);
    CHECK(rebuild(world, whole, bytes.size()) == bytes);
    for (const std::uint64_t begin : {bytes.size(), bytes.size() + 1}) {
        const auto past =
            world.engine->reconstruct(world.ctx, *world.tx(), file, cas::Span{begin, begin + 10});
        REQUIRE_ERROR(past, util::Code::InvalidInput);
        CHECK(past.error().reason == cas::kRangePastEnd);
    }
    const auto empty = world.put({});
    CHECK(empty.hash.is_zero());
    const auto nothing =
        value(world.engine->reconstruct(world.ctx, *world.tx(), empty, std::nullopt));
    CHECK(nothing.terms.empty());
    CHECK(nothing.fetches.empty());
    const auto past = world.engine->reconstruct(world.ctx, *world.tx(), empty, cas::Span{0, 10});
    REQUIRE_ERROR(past, util::Code::InvalidInput);
    CHECK(past.error().reason == cas::kRangePastEnd);
}

TEST_CASE("cas: a file that repeats itself fetches a chunk once") {
    CasWorld world;
    const util::Bytes part = random_bytes(3, 500'000);
    const auto packed = pack({part});
    world.upload(packed);
    // The same xorb twice over, the second time without its first chunk.
    xet::Shard shard;
    const xet::XorbLayout& layout = packed.xorbs.front().layout;
    const auto count = static_cast<std::uint32_t>(layout.chunks.size());
    const std::uint32_t skipped = layout.chunks.front().uncompressed_end;
    std::vector<xet::Leaf> leaves = leaves_of(part);
    std::vector<xet::Hash> hashes;
    for (const xet::Leaf& leaf : leaves) {
        hashes.push_back(leaf.hash);
    }
    xet::ShardFile file;
    file.terms.push_back({layout.hash, layout.uncompressed_size(), 0, count});
    file.terms.push_back({layout.hash, layout.uncompressed_size() - skipped, 1, count});
    file.range_hashes.push_back(xet::range_hash(hashes));
    file.range_hashes.push_back(xet::range_hash(std::span(hashes).subspan(1)));
    const auto once = leaves;
    leaves.insert(leaves.end(), once.begin() + 1, once.end());
    file.file = xet::file_hash(leaves);
    shard.files.push_back(file);
    value(world.send_shard(xet::write_shard(shard)));
    util::Bytes bytes = part;
    bytes.insert(bytes.end(), part.begin() + skipped, part.end());
    const auto record = world.file(util::sha256(bytes));
    const auto answer =
        value(world.engine->reconstruct(world.ctx, *world.tx(), record, std::nullopt));
    CHECK(answer.terms.size() == 2);
    CHECK(answer.fetches.size() == 1);
    CHECK(rebuild(world, answer, bytes.size()) == bytes);
    CHECK(value(world.read(record.blob.sha256)) == bytes);
    const auto chunks = value(world.engine->chunks_of(world.ctx, *world.tx(), record));
    CHECK(xet::file_hash(chunks) == record.hash);
}
