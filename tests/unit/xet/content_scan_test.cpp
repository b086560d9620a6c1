// SPDX-License-Identifier: Apache-2.0
// ContentScan: the digest and the borders are those of the two plain passes, whatever the cut of
// the input and the engine.
#include "core/xet/content_scan.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

#include <algorithm>

namespace util = railhub::util;
namespace xet = railhub::xet;

namespace {

struct Found {
    util::Sha256 sha256;
    std::vector<std::size_t> borders;
    std::size_t pending = 0;

    bool operator==(const Found&) const = default;
};

Found scan_in_steps(util::ByteView bytes, std::size_t step, xet::ContentScan scan) {
    Found found;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        std::vector<std::size_t> borders;
        scan.update(bytes.subspan(at, std::min(step, bytes.size() - at)), borders);
        for (const std::size_t border : borders) {
            found.borders.push_back(at + border);
        }
    }
    found.pending = scan.pending();
    found.sha256 = scan.finish();
    return found;
}

Found two_passes(util::ByteView bytes) {
    Found found;
    xet::Chunker chunker;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = chunker.next(bytes.subspan(at));
        if (size == 0) {
            break;
        }
        at += size;
        found.borders.push_back(at);
    }
    found.pending = chunker.pending();
    found.sha256 = util::sha256(bytes);
    return found;
}

void check_all(util::ByteView bytes) {
    const Found expected = two_passes(bytes);
    for (const std::size_t step : {63UL, 1000UL, 8191UL, 65'536UL, 262'144UL, 4'000'000UL}) {
        CAPTURE(bytes.size(), step);
        CHECK(scan_in_steps(bytes, step, xet::ContentScan(xet::ScanEngine::Portable)) == expected);
        CHECK(scan_in_steps(bytes, step, xet::ContentScan()) == expected);
    }
}

} // namespace

TEST_CASE("one pass finds what two passes find") {
    check_all(railhub::tests::splitmix_bytes(11, 3'000'001));
    check_all(util::Bytes(700'000, 0)); // no border but at the greatest size
}

TEST_CASE("one pass agrees at every length around a block") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(12, 9000);
    for (std::size_t size = 0; size < 200; ++size) {
        CHECK(
            scan_in_steps(util::ByteView(bytes).first(size), 77, xet::ContentScan()) ==
            two_passes(util::ByteView(bytes).first(size))
        );
    }
    for (std::size_t size = 8100; size < 8300; ++size) {
        const util::ByteView view = util::ByteView(bytes).first(size);
        CHECK(scan_in_steps(view, size, xet::ContentScan()) == two_passes(view));
    }
}

TEST_CASE("borders are found wherever a chunk lies in the blocks") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(13, 1'200'000);
    for (std::size_t from = 0; from < 64; ++from) {
        const util::ByteView view = util::ByteView(bytes).subspan(from * 131);
        CHECK(scan_in_steps(view, view.size(), xet::ContentScan()) == two_passes(view));
    }
}

TEST_CASE("a finished scan begins anew") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(14, 100'003);
    xet::ContentScan scan;
    std::vector<std::size_t> borders;
    scan.update(bytes, borders);
    CHECK(scan.finish() == util::sha256(bytes));
    CHECK(scan.pending() == 0);
    scan.update(bytes, borders);
    CHECK(scan.finish() == util::sha256(bytes));
}
