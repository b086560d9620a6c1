// SPDX-License-Identifier: Apache-2.0
// Xorbs: what is built verifies to the same layout, and the negative cases of the specification
// (section 9.5).
#include "core/xet/chunker.h"
#include "core/xet/xorb.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

#include <cstring>

namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::splitmix_bytes;

namespace {

// Four-byte numbers with slowly changing high bytes: what grouping is for.
util::Bytes numbers(std::size_t count) {
    util::Bytes bytes;
    for (std::size_t i = 0; i < count; ++i) {
        const float value = 1.0F + static_cast<float>(i % 977) / 1000.0F;
        std::uint8_t raw[4];
        std::memcpy(raw, &value, sizeof raw);
        bytes.insert(bytes.end(), raw, raw + 4);
    }
    return bytes;
}

xet::XorbBuilder::Built build(util::ByteView bytes, xet::Scheme scheme) {
    xet::XorbBuilder builder;
    for (const std::uint32_t size : xet::chunk_sizes(bytes)) {
        REQUIRE(builder.fits(size));
        builder.add(bytes.first(size), xet::chunk_hash(bytes.first(size)), scheme);
        bytes = bytes.subspan(size);
    }
    return builder.take();
}

util::Error xorb_refusal(util::ByteView body) {
    auto layout = xet::verify_xorb(body);
    REQUIRE_FALSE(layout.ok());
    return layout.error();
}

} // namespace

TEST_CASE("grouping is undone exactly, whatever the length") {
    for (std::size_t size = 0; size < 70; ++size) {
        const util::Bytes bytes = splitmix_bytes(size, size);
        util::Bytes grouped(size);
        util::Bytes back(size);
        xet::group_bytes(bytes, grouped);
        xet::ungroup_bytes(grouped, back);
        CHECK(back == bytes);
    }
    const util::Bytes five = {0, 1, 2, 3, 4};
    util::Bytes grouped(5);
    xet::group_bytes(five, grouped);
    CHECK(grouped == util::Bytes{0, 4, 1, 2, 3});
}

TEST_CASE("a built xorb verifies to its own layout, in pieces of any size") {
    const util::Bytes bytes = numbers(20'000);
    for (const xet::Scheme scheme : {xet::Scheme::None, xet::Scheme::Lz4, xet::Scheme::Grouped}) {
        const xet::XorbBuilder::Built built = build(bytes, scheme);
        for (const std::size_t step : {11UL, 4096UL, 1'000'000UL}) {
            const util::Bytes footer = xet::xorb_footer(built.layout);
            util::Bytes body = built.body;
            body.insert(body.end(), footer.begin(), footer.end());
            xet::XorbVerifier verifier;
            util::StringWriter sound;
            for (std::size_t at = 0; at < body.size(); at += step) {
                const auto piece =
                    util::ByteView(body).subspan(at, std::min(step, body.size() - at));
                REQUIRE(verifier.update(piece, &sound).ok());
            }
            CHECK(sound.text() == util::as_text(built.body));
            auto layout = verifier.finish();
            REQUIRE(layout.ok());
            CHECK(layout->hash == built.layout.hash);
            CHECK(layout->chunks == built.layout.chunks);
        }
    }
    CHECK(build(bytes, xet::Scheme::Grouped).body.size() < bytes.size() / 2);
}

TEST_CASE("records give back the chunks") {
    const util::Bytes bytes = numbers(50'000);
    const xet::XorbBuilder::Built built = build(bytes, xet::Scheme::Grouped);
    xet::ChunkDecoder decoder;
    util::Bytes joined;
    util::Bytes chunk;
    for (util::ByteView rest(built.body); !rest.empty();) {
        auto size = xet::decode_record(decoder, rest, chunk);
        REQUIRE(size.ok());
        joined.insert(joined.end(), chunk.begin(), chunk.end());
        rest = rest.subspan(*size);
    }
    CHECK(joined == bytes);
}

TEST_CASE("bytes that do not shrink are stored as they are") {
    const util::Bytes bytes = splitmix_bytes(9, 50'000);
    const xet::XorbBuilder::Built built = build(bytes, xet::Scheme::Lz4);
    CHECK(built.body.size() == bytes.size() + xet::kRecordHeader * built.layout.chunks.size());
}

TEST_CASE("the scheme is told from the bytes") {
    CHECK(xet::likely_scheme(numbers(16'000)) == xet::Scheme::Grouped);
    CHECK(xet::likely_scheme(splitmix_bytes(1, 64'000)) == xet::Scheme::Lz4);
}

TEST_CASE("a footer is allowed and not trusted") {
    xet::XorbBuilder::Built built = build(splitmix_bytes(2, 300'000), xet::Scheme::None);
    util::Bytes footer = xet::xorb_footer(built.layout);
    CHECK(footer.size() == 92 + 40 * built.layout.chunks.size() + 4);
    footer[20] ^= 1; // a wrong hash inside
    util::Bytes body = built.body;
    body.insert(body.end(), footer.begin(), footer.end());
    auto layout = xet::verify_xorb(body);
    REQUIRE(layout.ok());
    CHECK(layout->hash == built.layout.hash);
    CHECK(layout->body_size() == built.body.size());

    body.pop_back();
    CHECK(xorb_refusal(body).message == "invalid xorb: the footer is incomplete");
    body.insert(body.end(), 10, 'x');
    CHECK(xorb_refusal(body).message == "invalid xorb: the footer is incomplete");
}

TEST_CASE("damaged xorbs are refused") {
    const xet::XorbBuilder::Built plain = build(splitmix_bytes(5, 20'000), xet::Scheme::None);
    const xet::XorbBuilder::Built packed = build(numbers(10'000), xet::Scheme::Lz4);
    const auto with = [](util::Bytes body, std::size_t at, std::uint8_t byte) {
        body[at] = byte;
        return body;
    };
    CHECK(xorb_refusal({}).message == "invalid xorb: it has no chunks");
    CHECK(xorb_refusal(with(plain.body, 0, 1)).message == "invalid xorb: unknown record version 1");
    CHECK(
        xorb_refusal(with(plain.body, 4, 3)).message == "invalid xorb: unknown compression scheme 3"
    );
    CHECK(
        xorb_refusal(with(plain.body, 4, 99)).message ==
        "invalid xorb: unknown compression scheme 99"
    );
    CHECK(
        xorb_refusal(with(with(with(plain.body, 5, 0), 6, 0), 7, 0)).message ==
        "invalid xorb: a chunk has an impossible size"
    );
    CHECK(
        xorb_refusal(with(plain.body, 7, 3)).message ==
        "invalid xorb: a chunk has an impossible size"
    );
    CHECK(
        xorb_refusal(util::ByteView(plain.body).first(plain.body.size() - 1)).message ==
        "invalid xorb: it ends inside a record"
    );
    CHECK(
        xorb_refusal(with(packed.body, 5, static_cast<std::uint8_t>(packed.body[5] + 1))).message ==
        "a chunk's compressed bytes are damaged"
    );
    CHECK(
        xorb_refusal(with(packed.body, 5, static_cast<std::uint8_t>(packed.body[5] - 1))).message ==
        "a chunk's compressed bytes are damaged"
    );
    util::Bytes trailing = plain.body;
    trailing.push_back(0);
    CHECK(xorb_refusal(trailing).message == "invalid xorb: it ends inside a record");
}

TEST_CASE("a xorb may not have more chunks or bytes than the limit") {
    xet::XorbBuilder builder;
    const util::Bytes byte = {1};
    const xet::Hash hash = xet::chunk_hash(byte);
    for (std::size_t i = 0; i < xet::kMaxXorbChunks; ++i) {
        REQUIRE(builder.fits(1));
        builder.add(byte, hash, xet::Scheme::None);
    }
    CHECK_FALSE(builder.fits(1));
    util::Bytes body = builder.take().body;
    CHECK(xet::verify_xorb(body).ok());
    const auto header = xet::plain_record_header(1);
    body.insert(body.end(), header.begin(), header.end());
    body.push_back(1);
    CHECK(xorb_refusal(body).code == util::Code::TooLarge);
    CHECK(xorb_refusal(util::Bytes(xet::kMaxXorbBody + 1)).code == util::Code::TooLarge);
}
