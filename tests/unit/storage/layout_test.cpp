// SPDX-License-Identifier: Apache-2.0
// Tests of core/storage/layout.
#include "core/storage/layout.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

namespace railhub::storage {

TEST_CASE("layout: a blob's key says its digest and nothing else does") {
    const util::Sha256 digest = util::sha256(util::as_bytes("x"));
    const std::string key = blob_key(digest);
    CHECK(key == "blobs/" + digest.hex().substr(0, 2) + "/" + digest.hex());
    CHECK(check_key(key).ok());
    CHECK(blob_of_key(key) == digest);
    CHECK_FALSE(blob_of_key(digest.hex()));
    CHECK_FALSE(blob_of_key("blobs/zz/" + digest.hex()));
    CHECK_FALSE(blob_of_key("other/" + key));
    CHECK_FALSE(blob_of_key(""));
    CHECK_FALSE(blob_of_key("blobs/ab/"));
}

TEST_CASE("layout: an upload id has one spelling") {
    const UploadPlan plan{{util::sha256(util::as_bytes("x")), 25}, 10};
    const UploadPlan same = tests::value(UploadPlan::parse(plan.id()));
    CHECK(same.blob == plan.blob);
    CHECK(same.part_size == 10);
    CHECK(plan.part_count() == 3);
    CHECK(plan.part_bytes(1) == 10);
    CHECK(plan.part_bytes(3) == 5);
    CHECK(UploadPlan{{plan.blob.sha256, 20}, 10}.part_count() == 2);
    const std::string hex = plan.blob.sha256.hex();
    for (const std::string& id :
         {std::string(),
          hex,
          hex + "-25",
          hex + "-25-0",
          hex + "-025-10",
          hex + "-25-10-",
          hex + "-25-10.closing",
          "../" + plan.id(),
          hex + "-25-+10",
          hex + "-99999999999999999999-1"}) {
        REQUIRE_ERROR(UploadPlan::parse(id), util::Code::NotFound);
    }
}

TEST_CASE("layout: parts sort by number in a listing") {
    CHECK(upload_part_file("s", 7) == "s/part-00007");
    CHECK(upload_part_file("s", 10'000) == "s/part-10000");
}

} // namespace railhub::storage
