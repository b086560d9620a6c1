// SPDX-License-Identifier: Apache-2.0
// Which clauses a downstream text carries: the same list, re-wrapped, shortened, narrowed, in other
// words, and named only.
#include "core/license/clauses.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/license/text_variants.h"

#include <algorithm>

namespace railhub::license {

namespace {

CarriedClauses carried(const std::string& set, std::string_view text) {
    const auto catalogue = Catalogue::built_in();
    REQUIRE(catalogue.ok());
    const RestrictionSet* required = catalogue->restriction_set(set);
    REQUIRE(required != nullptr);
    return find_carried(Fingerprints::built_in(), *catalogue, built_in_wording(), *required, text);
}

const ClauseFinding& clause(const CarriedClauses& found, const std::string& section) {
    const auto at =
        std::find_if(found.clauses.begin(), found.clauses.end(), [&](const ClauseFinding& c) {
            return c.section == section;
        });
    REQUIRE(at != found.clauses.end());
    return *at;
}

std::size_t count_of(const CarriedClauses& found, ClauseStatus status) {
    return static_cast<std::size_t>(std::count_if(
        found.clauses.begin(),
        found.clauses.end(),
        [&](const ClauseFinding& c) { return c.status == status; }
    ));
}

// The attachment of a shared text, empty where there is none.
std::string attachment(const std::string& file) {
    const auto path = tests::shared_path("data/license-texts/ai/" + file);
    if (!path) {
        return {};
    }
    const std::string text = tests::read_data(*path);
    return text.substr(text.rfind("Attachment A"));
}

// Without the line that has these words.
std::string without_line(std::string text, std::string_view words) {
    const std::size_t at = text.find(words);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = text.rfind('\n', at) + 1;
    const std::size_t end = std::min(text.find('\n', at) + 1, text.size());
    return text.erase(begin, end - begin);
}

} // namespace

TEST_CASE("a list copied word for word is carried, wrapped anew too") {
    const std::string list = attachment("creativeml-openrail-m.txt");
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    for (const std::string& text :
         {list,
          tests::rewrapped(list, 50),
          tests::as_html(list),
          "Terms of Acme.\n\n" + list + "\nThe end of them.\n"}) {
        const CarriedClauses found = carried("creativeml-A", text);
        CHECK(found.all_carried());
        for (const ClauseFinding& finding : found.clauses) {
            INFO(finding.section);
            CHECK(finding.evidence == ClauseEvidence::Verbatim);
            CHECK(finding.confidence > 0.9);
            CHECK(finding.place.end > finding.place.begin);
        }
    }
}

TEST_CASE("clauses that were left out are absent") {
    std::string list = attachment("creativeml-openrail-m.txt");
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    list = without_line(without_line(list, "medical advice"), "defame, disparage");
    const CarriedClauses found = carried("creativeml-A", list);
    CHECK_FALSE(found.all_carried());
    CHECK(clause(found, "A.5").status == ClauseStatus::Absent);
    CHECK(clause(found, "A.10").status == ClauseStatus::Absent);
    CHECK(count_of(found, ClauseStatus::Carried) == 9);
}

// Sets by the file whose text has their clauses, as clause_texts.tsv names them.
TEST_CASE("every text carries the clauses of its own set, and loses those that are cut") {
    const std::vector<std::pair<std::string, std::string>> sets = {
        {"bloom-rail-A", "bigscience-bloom-rail-1.0.txt"},
        {"openrail-m-A", "bigscience-openrail-m.txt"},
        {"creativeml-A", "creativeml-openrail-m.txt"},
        {"openrail++-A", "openrail++-2022.txt"},
        {"bigcode-A", "bigcode-openrail-m.txt"},
        {"aipubs-A", "aipubs-openrail-m-0.1.txt"},
        {"deepseek-A", "deepseek-license-1.0.txt"},
        {"ltx-2x-A", "ltx-2.x-community.txt"},
        {"mg-rai-2.2c", "modelgo-v2-MG-BY-RAI.txt"},
        {"hunyuan-A", "tencent-hunyuan-video.txt"}};
    for (const auto& [set, file] : sets) {
        const auto path = tests::shared_path("data/license-texts/ai/" + file);
        if (!path) {
            RAILHUB_SKIP("no shared data");
        }
        INFO(set);
        const std::string text = tests::read_data(*path);
        CHECK(carried(set, tests::rewrapped(text, 50)).all_carried());
        const CarriedClauses whole = carried(set, text);
        CHECK(whole.all_carried());
        const std::size_t last = whole.clauses.size() - 1;
        const Place place = whole.clauses[last].place;
        std::string cut = text;
        cut.erase(place.begin, place.end - place.begin);
        const CarriedClauses rest = carried(set, cut);
        CHECK(count_of(rest, ClauseStatus::Carried) == last);
        CHECK(rest.clauses[last].status != ClauseStatus::Carried);
    }
}

TEST_CASE("a narrowed clause is narrower, with the word that narrows it") {
    std::string list = attachment("creativeml-openrail-m.txt");
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    const std::size_t at = list.find("To defame");
    REQUIRE(at != std::string::npos);
    list.replace(at, 9, "To intentionally defame");
    const CarriedClauses found = carried("creativeml-A", list);
    CHECK(clause(found, "A.5").status == ClauseStatus::Narrower);
    CHECK(count_of(found, ClauseStatus::Carried) == 10);
}

TEST_CASE("the list of another license covers what it covers") {
    const std::string bigcode = attachment("bigcode-openrail-m.txt");
    const std::string openrail = attachment("bigscience-openrail-m.txt");
    if (bigcode.empty() || openrail.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    CHECK(carried("creativeml-A", openrail).all_carried());
    const CarriedClauses found = carried("creativeml-A", bigcode);
    CHECK_FALSE(found.all_carried());
    CHECK(clause(found, "A.1").status == ClauseStatus::Carried);
    CHECK(clause(found, "A.2").status == ClauseStatus::Carried);
    for (const std::string section : {"A.5", "A.8", "A.9", "A.10"}) {
        INFO(section);
        CHECK(clause(found, section).status != ClauseStatus::Carried);
        CHECK(clause(found, section).status != ClauseStatus::Absent);
    }
}

TEST_CASE("other words for the same thing are unclear, for a person to read") {
    const CarriedClauses found = carried(
        "creativeml-A",
        "You are not allowed to give people diagnoses or any other clinical advice, or read their "
        "laboratory\n"
        "results for them. It is also forbidden to bully or harass anyone, and to harm children.\n"
    );
    CHECK(clause(found, "A.10").status == ClauseStatus::Unclear);
    CHECK(clause(found, "A.10").evidence == ClauseEvidence::Words);
    CHECK(clause(found, "A.10").confidence < 0.6);
    CHECK(clause(found, "A.11").status == ClauseStatus::Absent);
    CHECK(count_of(found, ClauseStatus::Carried) == 0);
}

TEST_CASE("words of two clauses make no third one") {
    std::string list = attachment("creativeml-openrail-m.txt");
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    // What begins like A.9 is A.7, what ends like it is narrower.
    list = without_line(list, "legally protected characteristics");
    list += "\n- For any use intended to discriminate against individuals or groups based on "
            "legally protected characteristics or categories;\n";
    const CarriedClauses found = carried("creativeml-A", list);
    CHECK(clause(found, "A.9").status == ClauseStatus::Narrower);
    CHECK(count_of(found, ClauseStatus::Carried) == 10);
    CHECK(
        clause(carried("creativeml-A", without_line(list, "legally protected")), "A.9").status ==
        ClauseStatus::Absent
    );
}

TEST_CASE("a list that is taken back as it begins is for a person to read") {
    const std::string list = attachment("creativeml-openrail-m.txt");
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    const std::size_t begin = list.find("In any way that violates");
    REQUIRE(begin != std::string::npos);
    const std::string items = list.substr(begin);
    for (const std::string lead :
         {"These rules of the upstream license do not apply to our model:\n\n- ",
          "You are free to ignore these:\n\n- ",
          "With our model, people may use it:\n\n- "}) {
        INFO(lead);
        const CarriedClauses found = carried("creativeml-A", lead + items);
        CHECK(count_of(found, ClauseStatus::Carried) == 0);
        CHECK(clause(found, "A.1").status == ClauseStatus::Unclear);
        CHECK(clause(found, "A.11").status == ClauseStatus::Unclear);
    }
    CHECK(carried("creativeml-A", "You may not use the model:\n\n- " + items).all_carried());
}

TEST_CASE("a label carries nothing") {
    const CarriedClauses found = carried(
        "creativeml-A",
        "---\nlicense: creativeml-openrail-m\n---\nThis model is licensed under the CreativeML "
        "OpenRAIL-M.\n"
    );
    CHECK(count_of(found, ClauseStatus::Absent) == found.clauses.size());
    CHECK(found.names_license);
}

} // namespace railhub::license
