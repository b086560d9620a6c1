// SPDX-License-Identifier: Apache-2.0
// Every shared reference text finds itself, as it is and changed; no text with restrictions passes
// for a permissive one, not even when the detector has never seen it.
#include "core/license/detect.h"
#include "core/util/json.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/license/text_variants.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace railhub::license {

namespace {

struct SharedText {
    std::string id;
    std::string text;
    bool is_ai = false;
};

const std::vector<SharedText>& shared_texts() {
    static const std::vector<SharedText> kTexts = [] {
        std::vector<SharedText> texts;
        const auto folder = tests::shared_path("data/license-texts");
        if (!folder) {
            return texts;
        }
        const auto manifest = util::parse_json(tests::read_data(*folder + "/MANIFEST.json"));
        REQUIRE(manifest.ok());
        for (const util::Json& item : *manifest->find("texts")->as_array()) {
            texts.push_back(
                {item.text("expected_id"),
                 tests::read_data(*folder + "/" + item.text("file")),
                 item.text("kind") == "ai"}
            );
        }
        return texts;
    }();
    return kTexts;
}

bool names_id(const LicenseMatch& match, const std::string& id) {
    return match.id == id ||
           std::find(match.also.begin(), match.also.end(), id) != match.also.end();
}

bool may_be(const LicenseMatch& match, const std::string& id) {
    return names_id(match, id) || std::find(match.candidates.begin(), match.candidates.end(), id) !=
                                      match.candidates.end();
}

struct Tally {
    std::size_t right = 0;
    std::size_t undecided = 0; // right among the candidates, or nothing said
    std::size_t wrong = 0;
    std::string which;

    void add(const Detection& found, const std::string& id) {
        bool hit = false;
        bool open = false;
        bool other = false;
        for (const LicenseMatch& match : found.matches) {
            if (match.kind != MatchKind::Text && match.kind != MatchKind::Notice) {
                continue;
            }
            const bool decided = match.candidates.empty();
            hit = hit || (decided && names_id(match, id));
            open = open || (!decided && may_be(match, id));
            other = other || (decided && !names_id(match, id));
        }
        right += hit && !other ? 1U : 0U;
        undecided += !hit && !other ? 1U : 0U;
        wrong += other ? 1U : 0U;
        which += other || !hit ? " " + id : "";
    }

    [[nodiscard]] double share() const {
        return static_cast<double>(right) /
               static_cast<double>(std::max<std::size_t>(1, right + undecided + wrong));
    }
};

using Change = std::function<std::string(const SharedText&)>;

const std::vector<std::pair<std::string, Change>>& changes() {
    static const std::vector<std::pair<std::string, Change>> kChanges = {
        {"re-wrapped at 60", [](const SharedText& t) { return tests::rewrapped(t.text, 60); }},
        {"paragraphs on one line",
         [](const SharedText& t) { return tests::rewrapped(t.text, 5000); }},
        {"HTML", [](const SharedText& t) { return tests::as_html(t.text); }},
        {"other holders", [](const SharedText& t) { return tests::with_other_holders(t.text); }},
        {"C comment", [](const SharedText& t) { return tests::as_c_comment(t.text); }},
        {"script comment", [](const SharedText& t) { return tests::as_hash_comment(t.text); }},
        {"Markdown", [](const SharedText& t) { return tests::as_markdown(t.text); }},
        {"Windows", [](const SharedText& t) { return tests::as_windows_text(t.text); }},
        {"scanned", [](const SharedText& t) { return tests::as_scanned(t.text, 80, 7); }},
        {"truncated to 90 %", [](const SharedText& t) { return tests::truncated(t.text, 90); }}};
    return kChanges;
}

// Families that let a derivative do nearly anything.
bool is_permissive(const std::string& expression) {
    static const std::set<std::string> kPermissive = {
        "MIT",  "MIT-0",      "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear",
        "ISC",  "Zlib",       "0BSD",       "Unlicense",    "CC0-1.0",      "BSL-1.0",
        "NCSA", "PostgreSQL", "AFL-3.0",    "ECL-2.0",      "CC-BY-4.0",    "Python-2.0",
        "X11",  "HPND",       "WTFPL"};
    std::size_t begin = 0;
    while (begin <= expression.size()) {
        const std::size_t end = std::min(expression.find(" AND ", begin), expression.size());
        if (!kPermissive.contains(expression.substr(begin, end - begin))) {
            return false;
        }
        begin = end + 5;
    }
    return true;
}

std::string plain_expression(const Detection& found) {
    return expression_of(found, [](std::string_view id) { return own_reference(id); });
}

// Fingerprints of everything but the texts of one id.
Fingerprints without(const std::string& id) {
    FingerprintBuilder builder;
    for (const SharedText& other : shared_texts()) {
        const NormalText words = normalize(other.text);
        if (other.id != id && words.words.size() >= kGramWords) {
            Reference reference;
            reference.id = other.id;
            reference.is_spdx = !other.is_ai;
            builder.add(std::move(reference), words);
        }
    }
    auto prints = Fingerprints::parse(builder.bytes());
    REQUIRE(prints.ok());
    return std::move(*prints);
}

} // namespace

TEST_CASE("every shared text finds itself") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    Tally tally;
    for (const SharedText& text : shared_texts()) {
        tally.add(detect(Fingerprints::built_in(), text.text), text.id);
    }
    INFO(tally.which);
    CHECK(tally.wrong == 0);
    CHECK(tally.share() >= 0.99);
}

// Each text in one variant, each variant over the whole list: with ten variants a tenth of the
// combinations, another tenth each time the list changes.
TEST_CASE("variants of the shared texts are found") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    Tally all;
    for (std::size_t i = 0; i < shared_texts().size(); ++i) {
        const SharedText& text = shared_texts()[i];
        all.add(
            detect(Fingerprints::built_in(), changes()[i % changes().size()].second(text)), text.id
        );
    }
    INFO(all.which);
    CHECK(all.share() >= 0.98);
}

TEST_CASE("where twins differ only beyond a cut, neither is chosen over the other") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    for (const SharedText& text : shared_texts()) {
        if (text.id != "CC-BY-NC-4.0" && text.id != "cohere-labs-cc-by-nc-4.0") {
            continue;
        }
        const Detection found = detect(Fingerprints::built_in(), tests::truncated(text.text, 60));
        REQUIRE(found.matches.size() == 1);
        INFO(text.id);
        CHECK(may_be(found.matches[0], text.id));
        CHECK_FALSE(found.matches[0].candidates.empty());
    }
}

TEST_CASE("two shared texts in one file are both found") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    const std::vector<SharedText>& texts = shared_texts();
    std::size_t both = 0;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i + 401 < texts.size(); i += 5) {
        const SharedText& first = texts[i];
        const SharedText& second = texts[i + 401];
        const Detection found = detect(Fingerprints::built_in(), first.text + "\n\n" + second.text);
        const auto has = [&](const std::string& id) {
            return std::any_of(
                found.matches.begin(),
                found.matches.end(),
                [&](const LicenseMatch& m) { return names_id(m, id); }
            );
        };
        ++pairs;
        both += has(first.id) && has(second.id) ? 1U : 0U;
    }
    CHECK(static_cast<double>(both) >= 0.98 * static_cast<double>(pairs));
}

TEST_CASE("near twins are told apart") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    const std::set<std::string> twins = {
        "creativeml-openrail-m",
        "openrail++",
        "gemma",
        "CC-BY-NC-4.0",
        "cohere-labs-cc-by-nc-4.0",
        "openmdw-1.0",
        "openmdw-1.1",
        "OpenMDW-1.0",
        "llama3.2",
        "llama4",
        "llama3.1",
        "llama3.3",
        "rail-source-1.0",
        "rail-source-1.1",
        "tongyi-qianwen",
        "qwen",
        "bigscience-openrail-m",
        "bigscience-bloom-rail-1.0",
        "MIT",
        "modified-mit-kimi-k2",
        "fair-ai-public-1.0",
        "fair-ai-public-1.0-sd",
        "playground-v2-community",
        "llama2",
        "llama3",
        "sd-turbo-nc",
        "sdxl-turbo-nc",
        "sv3d-nc",
        "stability-nc-research"};
    Tally tally;
    for (const SharedText& text : shared_texts()) {
        for (std::size_t i = 0; twins.contains(text.id) && i < changes().size() - 1; ++i) {
            tally.add(detect(Fingerprints::built_in(), changes()[i].second(text)), text.id);
        }
    }
    INFO(tally.which);
    CHECK(tally.share() == 1);
}

TEST_CASE("no AI license passes for a permissive one") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    for (std::size_t i = 0; i < shared_texts().size(); ++i) {
        const SharedText& text = shared_texts()[i];
        if (!text.is_ai) {
            continue;
        }
        INFO(text.id);
        const std::string variant = changes()[i % changes().size()].second(text);
        CHECK_FALSE(is_permissive(plain_expression(detect(Fingerprints::built_in(), text.text))));
        CHECK_FALSE(is_permissive(plain_expression(detect(Fingerprints::built_in(), variant))));
    }
}

TEST_CASE("an AI license that was never seen does not pass for a permissive one") {
    if (shared_texts().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    for (const std::string id :
         {"modified-mit-kimi-k2",
          "creativeml-openrail-m",
          "falcon-2-11b",
          "fair-ai-public-1.0-sd",
          "mgb-1.0"}) {
        const Fingerprints prints = without(id);
        for (const SharedText& text : shared_texts()) {
            if (text.id == id) {
                INFO(id);
                CHECK_FALSE(is_permissive(plain_expression(detect(prints, text.text))));
            }
        }
    }
}

} // namespace railhub::license
