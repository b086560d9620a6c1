// SPDX-License-Identifier: Apache-2.0
// Tests of core/types/lfs_pointer.
#include "core/types/lfs_pointer.h"
#include "tests/support/catch.h"

namespace railhub::types {

namespace {

const std::string kPointer = "version https://git-lfs.github.com/spec/v1\n"
                             "oid sha256:"
                             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
                             "size 3\n";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
}

} // namespace

TEST_CASE("a pointer reads back as it was written", "[types][lfs]") {
    const BlobRef blob{util::sha256(util::as_bytes("abc")), 3};
    CHECK(encode_lfs_pointer(blob) == kPointer);
    CHECK(parse_lfs_pointer(kPointer) == blob);
    const BlobRef large{blob.sha256, 9'223'372'036'854'775'807U};
    CHECK(parse_lfs_pointer(encode_lfs_pointer(large)) == large);
}

TEST_CASE("extension lines of a pointer are tolerated", "[types][lfs]") {
    const std::string line = "ext-0-case sha256:" + std::string(64, '0') + "\n";
    CHECK(parse_lfs_pointer(replaced(kPointer, "oid ", line + "oid ")).has_value());
    CHECK_FALSE(parse_lfs_pointer(replaced(kPointer, "oid ", "ext-x-case a\noid ")).has_value());
    CHECK_FALSE(parse_lfs_pointer(kPointer + line).has_value());
}

TEST_CASE("whatever is not exactly a pointer is none", "[types][lfs]") {
    const std::string wrong[] = {
        "",
        "version",
        kPointer.substr(0, kPointer.size() - 1),
        kPointer + "\n",
        kPointer + "more",
        replaced(kPointer, "v1", "v2"),
        replaced(kPointer, "sha256", "sha512"),
        replaced(kPointer, "ba78", "BA78"),
        replaced(kPointer, "ba78", "ba7"),
        replaced(kPointer, "size 3", "size 03"),
        replaced(kPointer, "size 3", "size -3"),
        replaced(kPointer, "size 3", "size "),
        replaced(kPointer, "size 3", "size 9223372036854775808"),
        replaced(kPointer, "\noid", "\r\noid"),
        " " + kPointer,
        kPointer + std::string(kMaxPointerSize, ' '),
    };
    for (const std::string& text : wrong) {
        INFO(text);
        CHECK_FALSE(parse_lfs_pointer(text).has_value());
    }
}

} // namespace railhub::types
