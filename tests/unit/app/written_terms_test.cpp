// SPDX-License-Identifier: Apache-2.0
// What counts as carried is what the terms say, clause by clause; a declaration or a label is not.
#include "core/app/check.h"
#include "core/app/written_terms.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/support/test_context.h"

#include <algorithm>
#include <map>

namespace railhub::app {

namespace {

class TermsSource final : public Source {
  public:
    explicit TermsSource(std::map<std::string, std::string> content)
        : content_(std::move(content)) {}

    [[nodiscard]] std::string label() const override { return "./derived"; }

    util::Result<std::vector<std::string>> files(const util::Context& /*ctx*/) override {
        std::vector<std::string> names;
        for (const auto& [name, text] : content_) {
            names.push_back(name);
        }
        return names;
    }

    util::Result<std::optional<std::string>>
    read(const util::Context& /*ctx*/, const std::string& path, std::uint64_t max_bytes) override {
        const auto found = content_.find(path);
        if (found == content_.end()) {
            return std::optional<std::string>();
        }
        if (found->second.size() > max_bytes) {
            return util::fail(util::Code::TooLarge, "'" + path + "' is too large");
        }
        return std::optional(found->second);
    }

  private:
    std::map<std::string, std::string> content_;
};

const license::Catalogue& knowledge() {
    static const license::Catalogue kCatalogue = [] {
        auto loaded = license::Catalogue::built_in();
        REQUIRE(loaded.ok());
        return std::move(*loaded);
    }();
    return kCatalogue;
}

// A model with these labels, made from one under creativeml-openrail-m.
compliance::Lineage derived(const std::string& label, std::vector<std::string> carries) {
    compliance::Lineage lineage;
    compliance::Node subject;
    subject.id = "./derived";
    subject.licenses = {label};
    subject.carries = std::move(carries);
    compliance::Node base;
    base.id = "acme/base";
    base.licenses = {"creativeml-openrail-m"};
    lineage.nodes = {subject, base};
    lineage.edges = {{0, 1, compliance::Role::BaseModel, compliance::Activity::Finetune, {}}};
    return lineage;
}

std::string restriction_list() {
    const auto path = tests::shared_path("data/license-texts/ai/creativeml-openrail-m.txt");
    if (!path) {
        return {};
    }
    const std::string text = tests::read_data(*path);
    return text.substr(text.rfind("Attachment A"));
}

std::string without_line_of(std::string text, std::string_view words) {
    const std::size_t at = text.find(words);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = text.rfind('\n', at) + 1;
    return text.erase(begin, std::min(text.find('\n', at) + 1, text.size()) - begin);
}

std::vector<report::Finding>
applied(const std::map<std::string, std::string>& files, compliance::Lineage& lineage) {
    TermsSource source(files);
    tests::TestContext context;
    auto findings = apply_written_terms(context.context(), source, knowledge(), lineage);
    REQUIRE(findings.ok());
    return std::move(*findings);
}

report::Verdict verdict_of(const compliance::Lineage& lineage) {
    return compliance::evaluate(lineage, {}, {}, knowledge()).verdict();
}

} // namespace

TEST_CASE("clauses in own terms are carried, without any declaration") {
    const std::string list = restriction_list();
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    compliance::Lineage lineage = derived("other", {});
    CHECK(verdict_of(lineage) == report::Verdict::Conflict);
    CHECK(applied({{"LICENSE", "Terms of Acme. You must not use the model:\n\n" + list}}, lineage)
              .empty());
    CHECK(verdict_of(lineage) != report::Verdict::Conflict);
}

TEST_CASE("a clause that was left out is not carried, whatever the card declares") {
    const std::string list = restriction_list();
    if (list.empty()) {
        RAILHUB_SKIP("no shared data");
    }
    compliance::Lineage lineage = derived("other", {"use-restrictions:creativeml-A"});
    CHECK(verdict_of(lineage) != report::Verdict::Conflict);
    const auto findings = applied({{"LICENSE", without_line_of(list, "medical advice")}}, lineage);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].rule == "terms.written");
    CHECK(findings[0].message.find("1 of 11") != std::string::npos);
    CHECK(findings[0].message.find("A.10") != std::string::npos);
    const report::Report report = compliance::evaluate(lineage, {}, {}, knowledge());
    CHECK(report.verdict() == report::Verdict::Conflict);
}

TEST_CASE("a label beside the text of another license does not count") {
    if (restriction_list().empty()) {
        RAILHUB_SKIP("no shared data");
    }
    compliance::Lineage lineage = derived("creativeml-openrail-m", {});
    const auto findings =
        applied({{"LICENSE", "You may use this for anything you like.\n"}}, lineage);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].message.find("11 of 11") != std::string::npos);
}

TEST_CASE("without terms the declaration stays, and nothing is said") {
    compliance::Lineage lineage = derived("other", {"use-restrictions:creativeml-A"});
    CHECK(applied({{"README.md", "---\nlicense: other\n---\n# A model\n"}}, lineage).empty());
    CHECK(lineage.nodes[0].carries == std::vector<std::string>{"use-restrictions:creativeml-A"});
}

TEST_CASE("terms of another kind and too large ones are findings, not failures") {
    compliance::Lineage lineage = derived("other", {});
    const auto findings = applied({{"LICENSE", std::string(std::size_t{3} << 20, 'x')}}, lineage);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].message.find("too large") != std::string::npos);
    CHECK(applied({{"LICENSE.bin", std::string("\0\1\2", 3)}}, lineage).empty());
}

} // namespace railhub::app
