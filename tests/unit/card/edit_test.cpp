// SPDX-License-Identifier: Apache-2.0
// Fields are set where they stand; everything else stays byte for byte.
#include "core/card/edit.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

std::string edited(std::string_view readme, const std::vector<FieldEdit>& edits) {
    const auto out = with_fields(readme, edits);
    REQUIRE(out.ok());
    return *out;
}

const FieldEdit kLicense{"license", {"apache-2.0"}, false};

} // namespace

TEST_CASE("a field is replaced where it stands") {
    CHECK(
        edited("---\nlicense: mit # ours\ntags:\n- a\n---\n# Model\n", {kLicense}) ==
        "---\nlicense: apache-2.0\ntags:\n- a\n---\n# Model\n"
    );
    CHECK(
        edited(
            "---\ntags: [a]\nlicense:\n- mit\n- apache-2.0\n\nlanguage: en\n---\n", {kLicense}
        ) == "---\ntags: [a]\nlicense: apache-2.0\n\nlanguage: en\n---\n"
    );
}

TEST_CASE("a field that is not there comes last, in a new block where there is none") {
    CHECK(
        edited("---\ntags: [a]\n---\ntext\n", {kLicense}) ==
        "---\ntags: [a]\nlicense: apache-2.0\n---\ntext\n"
    );
    CHECK(edited("# Model\n", {kLicense}) == "---\nlicense: apache-2.0\n---\n\n# Model\n");
    CHECK(edited("", {kLicense}) == "---\nlicense: apache-2.0\n---\n");
}

TEST_CASE("lists, removal, quotes and line ends") {
    CHECK(
        edited("---\nlicense: mit\nlicense_name: x\n---\n", {{"license_name", {}, false}}) ==
        "---\nlicense: mit\n---\n"
    );
    CHECK(
        edited("---\r\nlicense: mit\r\n---\r\n", {{"use_restrictions", {"creativeml-A"}, true}}) ==
        "---\r\nlicense: mit\r\nuse_restrictions:\r\n- creativeml-A\r\n---\r\n"
    );
    CHECK(
        edited("---\na: b\n---\n", {{"license_name", {"no"}, false}}) ==
        "---\na: b\nlicense_name: \"no\"\n---\n"
    );
}

TEST_CASE("what lines cannot express is refused, nothing is damaged") {
    CHECK_FALSE(
        with_fields("---\n{license: mit, tags: [a]}\n---\n", std::vector<FieldEdit>{kLicense}).ok()
    );
    CHECK_FALSE(with_fields("---\nlicense: [mit\n---\n", std::vector<FieldEdit>{kLicense}).ok());
}

} // namespace railhub::card
