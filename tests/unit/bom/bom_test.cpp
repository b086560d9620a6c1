// SPDX-License-Identifier: Apache-2.0
// Ids, dates and addresses.
#include "core/bom/bom.h"
#include "tests/support/catch.h"

namespace railhub::bom {

TEST_CASE("equal content has one id, and it is a UUID of version 5") {
    const std::string id = uuid_of("some content");
    CHECK(id == uuid_of("some content"));
    CHECK(id != uuid_of("other content"));
    REQUIRE(id.size() == 36);
    CHECK(id[8] == '-');
    CHECK(id[14] == '5');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}

TEST_CASE("dates are read strictly and written without fractions") {
    CHECK(timestamp_text(0) == "1970-01-01T00:00:00Z");
    CHECK(parse_timestamp("1970-01-01") == 0);
    CHECK(parse_timestamp("1763761000") == 1'763'761'000);
    CHECK(parse_timestamp("0") == 0);
    const auto time = parse_timestamp("2026-11-22T21:35:07Z");
    REQUIRE(time);
    CHECK(timestamp_text(*time) == "2026-11-22T21:35:07Z");
    CHECK(parse_timestamp("2024-02-29") == 1'709'164'800);
    for (const char* wrong :
         {"",
          "yesterday",
          "2026-02-30",
          "2026-13-01",
          "2026-11-22T24:00:00Z",
          "2026-11-22 21:35:07Z",
          "2026-11-22T21:35:07",
          "1969-12-31",
          "-1",
          "99999999999999999999"}) {
        INFO(wrong);
        CHECK_FALSE(parse_timestamp(wrong));
    }
}

TEST_CASE("a model of a hub has a package url, others have none") {
    Component model;
    model.id = "org/A.model";
    model.revision = "1a2b3c";
    model.url = "https://hub.example/org/A.model";
    CHECK(
        package_url(model, "https://hub.example") ==
        "pkg:huggingface/org/A.model@1a2b3c?repository_url=https://hub.example"
    );
    CHECK(package_url(model, "https://huggingface.co") == "pkg:huggingface/org/A.model@1a2b3c");
    model.kind = Kind::Dataset;
    CHECK(package_url(model, "https://huggingface.co").empty());
    model.kind = Kind::Model;
    model.url.clear();
    CHECK(package_url(model, "https://huggingface.co").empty());
}

} // namespace railhub::bom
