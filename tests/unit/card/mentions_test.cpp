// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/mentions.
#include "core/card/mentions.h"
#include "tests/support/catch.h"

namespace railhub::card {

TEST_CASE("arXiv links") {
    CHECK(
        arxiv_ids(
            "see https://arxiv.org/abs/2301.00001v2, [x](http://arxiv.org/pdf/1706.03762.pdf) and "
            "arxiv.org/abs/2301.00001 again"
        ) == std::vector<std::string>{"2301.00001", "1706.03762"}
    );
    CHECK(arxiv_ids("arxiv.org/abs/cs/9901001 arxiv.org/abs/23011.0001 arxiv.org/abs/2301.000011")
              .empty());
    CHECK(arxiv_ids("arxiv.org/abs/").empty());
}

TEST_CASE("DOI links") {
    CHECK(
        doi_ids("https://doi.org/10.1234/abc.def. (doi.org/10.57967/hf/1)") ==
        std::vector<std::string>{"10.1234/abc.def", "10.57967/hf/1"}
    );
    CHECK(doi_ids("doi.org/10.12/x doi.org/11.1234/x doi.org/10.1234/").empty());
}

TEST_CASE("a prose full of links gives a bounded list") {
    std::string prose;
    for (int i = 10'000; i < 11'000; ++i) {
        prose += "arxiv.org/abs/2301." + std::to_string(i) + " ";
    }
    CHECK(arxiv_ids(prose).size() == 100);
}

} // namespace railhub::card
