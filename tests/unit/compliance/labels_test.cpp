// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/labels.
#include "core/compliance/labels.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

Node node_with(std::vector<std::string> licenses) {
    Node node;
    node.licenses = std::move(licenses);
    return node;
}

} // namespace

TEST_CASE("labels become records, none becomes no-license") {
    const license::Catalogue& catalogue = tests::built_in_catalogue();
    CHECK(labels_of(node_with({"MIT"}), catalogue).at(0).record->id == "mit");
    CHECK(labels_of(node_with({"house"}), catalogue).at(0).record == nullptr);
    CHECK(labels_of(node_with({}), catalogue).at(0).record->id == "no-license");
    CHECK(licenses_of(node_with({"mit", "other", "house", "MIT"}), catalogue).size() == 1);
    CHECK(licenses_of(node_with({}), catalogue).empty());
}

TEST_CASE("other with a known license_name stands for that license") {
    Node node = node_with({"other"});
    node.license_name = "openrail++";
    CHECK(labels_of(node, tests::built_in_catalogue()).at(0).record->id == "openrail++");
    node.license_name = "house";
    CHECK(labels_of(node, tests::built_in_catalogue()).at(0).record->id == "other");
}

TEST_CASE("share-alike accepts its list, one way") {
    const license::Catalogue& catalogue = tests::built_in_catalogue();
    CHECK(is_labelled(node_with({"gpl-3.0"}), *catalogue.find("cc-by-sa-4.0"), catalogue));
    CHECK_FALSE(is_labelled(node_with({"cc-by-sa-4.0"}), *catalogue.find("gpl-3.0"), catalogue));
}

TEST_CASE("carried restrictions come from labels, sets and single ids") {
    Node node = node_with({"mit"});
    CHECK(restrictions_of(node, tests::built_in_catalogue()).empty());
    node.carries = {
        "use-restrictions:no-such-set",
        "use-restriction:medical.advice#any",
        "use-restriction:minors.harm",
        "license-text:mit"};
    const auto some = restrictions_of(node, tests::built_in_catalogue());
    REQUIRE(some.size() == 2);
    CHECK(some[0] == license::Restriction{"medical.advice", "any"});
    CHECK(some[1] == license::Restriction{"minors.harm", ""});
    node.carries = {"use-restrictions:bloom-rail-A"};
    CHECK(restrictions_of(node, tests::built_in_catalogue()).size() == 18);
    CHECK(
        restrictions_of(node_with({"bigscience-bloom-rail-1.0"}), tests::built_in_catalogue())
            .size() == 18
    );
}

} // namespace railhub::compliance
