// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/digest against published examples.
#include "core/util/digest.h"
#include "tests/support/catch.h"

namespace railhub::util {

namespace {

constexpr std::string_view kAbcSha256 =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

} // namespace

TEST_CASE("digests match FIPS 180 examples", "[util][digest]") {
    CHECK(sha256(as_bytes("abc")).hex() == kAbcSha256);
    CHECK(sha256({}).hex() == kEmptySha256);
    CHECK(sha1(as_bytes("abc")).hex() == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST_CASE("HMAC matches RFC 4231 examples", "[util][digest]") {
    CHECK(
        hmac_sha256(Bytes(20, 0x0B), as_bytes("Hi There")).hex() ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    CHECK(
        hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).hex() ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    CHECK(
        hmac_sha256(
            Bytes(131, 0xAA), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")
        )
            .hex() == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

TEST_CASE("an empty key does not take over the key of before", "[util][digest]") {
    static_cast<void>(hmac_sha256(as_bytes("secret"), as_bytes("x")));
    CHECK(
        hmac_sha256({}, {}).hex() ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

TEST_CASE("a hasher in pieces agrees with one call and is new after finish", "[util][digest]") {
    Sha256Hasher hasher;
    hasher.update(as_bytes("a"));
    hasher.update({});
    hasher.update(as_bytes("bc"));
    CHECK(hasher.finish().hex() == kAbcSha256);
    CHECK(hasher.finish().hex() == kEmptySha256);
    hasher.update(as_bytes("abc"));
    Sha256Hasher moved(std::move(hasher));
    CHECK(moved.finish().hex() == kAbcSha256);
    hasher = Sha256Hasher();
    CHECK(hasher.finish().hex() == kEmptySha256);
}

TEST_CASE("digests parse lower-case hex of the right length only", "[util][digest]") {
    const auto digest = Sha256::parse(kAbcSha256);
    REQUIRE_OK(digest);
    CHECK(digest.value() == sha256(as_bytes("abc")));
    CHECK(Sha256::from(digest->view()) == digest.value());
    std::string upper(kAbcSha256);
    upper[0] = 'B';
    for (const std::string& text :
         {std::string(),
          upper,
          std::string(kAbcSha256.substr(1)),
          std::string(kAbcSha256) + "0",
          std::string(64, 'g')}) {
        INFO(text);
        REQUIRE_ERROR(Sha256::parse(text), Code::InvalidInput);
    }
}

TEST_CASE("constant-time comparison compares", "[util][digest]") {
    CHECK(equal_constant_time("secret", "secret"));
    CHECK(equal_constant_time("", ""));
    CHECK_FALSE(equal_constant_time("secret", "secreT"));
    CHECK_FALSE(equal_constant_time("secret", "secrets"));
}

} // namespace railhub::util
