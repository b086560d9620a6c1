// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/catalogue.
#include "core/license/catalogue.h"
#include "tests/support/catch.h"

#include <set>

namespace railhub::license {

namespace {

Catalogue built_in() {
    auto catalogue = Catalogue::built_in();
    REQUIRE_OK(catalogue);
    return std::move(catalogue).value();
}

constexpr const char* kHouseLicense = R"({
  "format": "license-record/1", "id": "house", "name": "House License", "family": "community",
  "keys": {"hub": "house-key"}, "aliases": ["House License 1.0"], "applies_to": ["model"],
  "reading": "full-text", "restriction_set": "bloom-rail-A",
  "permissions": [{"term": "use", "value": "yes", "section": "1"}],
  "obligations": [{"term": "flow-down-use-restrictions", "section": "2", "detail": "verbatim-minimum"}],
  "limits": []
})";

} // namespace

TEST_CASE("the built-in catalogue loads and has what the first rules need") {
    const Catalogue catalogue = built_in();
    for (const char* id :
         {"bigscience-bloom-rail-1.0",
          "bigscience-openrail-m",
          "creativeml-openrail-m",
          "openrail++",
          "bigcode-openrail-m",
          "llama2",
          "llama3.1",
          "gemma",
          "apache-2.0",
          "mit",
          "gpl-3.0",
          "cc-by-4.0",
          "cc-by-sa-4.0",
          "cc-by-nc-4.0",
          "cc0-1.0",
          "other",
          "unknown",
          "no-license"}) {
        INFO(id);
        REQUIRE(catalogue.find(id) != nullptr);
        CHECK(catalogue.find(id)->id == id);
    }
    CHECK(catalogue.version().size() == 12);
    CHECK(catalogue.version() == built_in().version());
}

TEST_CASE("every license of the catalogue finds itself by each of its names") {
    const Catalogue catalogue = built_in();
    for (const Record& record : catalogue.records()) {
        INFO(record.id);
        CHECK(catalogue.find(record.id) == &record);
        if (!record.spdx.empty()) {
            CHECK(catalogue.find(record.spdx) == &record);
        }
        for (const std::string& alias : record.aliases) {
            CHECK(catalogue.find(alias) == &record);
        }
    }
    CHECK(catalogue.find("  APACHE-2.0 ")->id == "apache-2.0");
    CHECK(catalogue.find("GPL-3.0-or-later")->id == "gpl-3.0");
    CHECK(catalogue.find("no-such-license") == nullptr);
}

TEST_CASE("every term, family and reading has a meaning in the vocabulary") {
    const Catalogue catalogue = built_in();
    std::set<std::string> unknown;
    const auto need = [&](std::string_view id) {
        if (catalogue.meaning(id).empty()) {
            unknown.emplace(id);
        }
    };
    for (const Record& record : catalogue.records()) {
        need(record.family);
        need(reading_word(record.reading));
        for (const Permission& permission : record.permissions) {
            need(permission.term);
        }
        for (const Term& term : record.obligations) {
            need(term.term);
        }
        for (const Term& term : record.limits) {
            need(term.term);
        }
    }
    CHECK(unknown == std::set<std::string>{});
}

TEST_CASE("what a RAIL record says") {
    const Catalogue catalogue = built_in();
    const Record& bloom = *catalogue.find("bigscience-bloom-rail-1.0");
    CHECK(bloom.flow_down() == FlowDown::VerbatimMinimum);
    CHECK(bloom.obligation("flow-down-use-restrictions")->section == "4.a");
    CHECK(bloom.grant("commercial-use") == Grant::Yes);
    CHECK(bloom.grant("relicense-derivatives") == Grant::Conditional);
    CHECK(bloom.grant("merge") == Grant::Silent); // not in the record
    CHECK(bloom.rail_scope == "M");
    REQUIRE(catalogue.restriction_set(bloom.restriction_set) != nullptr);
    CHECK(catalogue.restriction_set(bloom.restriction_set)->clauses.size() == 13);
    CHECK(
        catalogue.find("openrail++")->versions ==
        std::vector<std::string>{"2022-11-24", "2023-07-26"}
    );
    CHECK(catalogue.find("bigcode-openrail-m")->flow_down() == FlowDown::SamePurpose);
    CHECK(catalogue.find("llama3.1")->flow_down() == FlowDown::Contractual);
    CHECK(catalogue.find("mit")->flow_down() == FlowDown::None);
    CHECK(
        catalogue.find("cc-by-sa-4.0")->obligation("same-license")->accepts ==
        std::vector<std::string>{"gpl-3.0"}
    );
    CHECK_FALSE(catalogue.find("other")->is_license());
}

TEST_CASE("a folder of the user's adds and replaces records") {
    const std::vector<DataFile> files = {
        {"house/license.json", kHouseLicense}, {"README.md", "ignored"}};
    auto catalogue = Catalogue::with_files(files);
    REQUIRE_OK(catalogue);
    CHECK(catalogue->find("house-key")->id == "house");
    CHECK(catalogue->find("house license 1.0")->id == "house");
    CHECK(catalogue->find("mit") != nullptr);
    CHECK(catalogue->version() != built_in().version());

    std::string mit =
        R"({"format": "license-record/1", "id": "mit", "name": "Our MIT", "family": "permissive",
        "keys": {}, "applies_to": ["code"], "reading": "part-of-text",
        "permissions": [], "obligations": [], "limits": []})";
    const std::vector<DataFile> replacing = {{"mit/license.json", std::move(mit)}};
    auto replaced = Catalogue::with_files(replacing);
    REQUIRE_OK(replaced);
    CHECK(replaced->find("mit")->name == "Our MIT");
    CHECK(replaced->records().size() == built_in().records().size());
}

TEST_CASE("broken data is refused and the file named") {
    const auto error_of = [](std::string path, std::string text) {
        const std::vector<DataFile> files = {{std::move(path), std::move(text)}};
        auto catalogue = Catalogue::with_files(files);
        REQUIRE_FALSE(catalogue.ok());
        return util::to_line(catalogue.error());
    };
    CHECK_THAT(error_of("x/license.json", "{"), ContainsSubstring("'x/license.json'"));
    CHECK_THAT(
        error_of("x/license.json", kHouseLicense), ContainsSubstring("folder of another name")
    );
    std::string no_set = kHouseLicense;
    no_set.replace(no_set.find("bloom-rail-A"), 12, "no-such-setX");
    CHECK_THAT(
        error_of("house/license.json", no_set),
        ContainsSubstring("unknown restriction set 'no-such-setX'")
    );
    CHECK_THAT(
        error_of(
            "restrictions/sets/x.json",
            R"({"format":"restriction-set/1","id":"x","reading":"full-text",
            "clauses":[{"clause":"1","restrictions":[{"id":"no.such"}]}]})"
        ),
        ContainsSubstring("unknown use restriction 'no.such'")
    );
    REQUIRE_ERROR(Catalogue::from_files({}), util::Code::InvalidInput);
}

} // namespace railhub::license
