// SPDX-License-Identifier: Apache-2.0
// Tests of core/app/check.
#include "core/app/check.h"
#include "core/report/formats.h"
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test_context.h"
#include "tests/unit/app/known_artifacts.h"

namespace railhub::app {

namespace {

struct Checked {
    tests::TestContext context;
    MapResolver resolver;

    report::Report run(const std::string& readme, const CheckOptions& options = {}) {
        MapSource source({{"README.md", readme}, {"model.safetensors", ""}});
        auto report = check(context.context(), source, resolver, catalogue(), options);
        REQUIRE_OK(report);
        return std::move(report).value();
    }

    GateAnswer pass(GateMode mode, const std::string& readme) {
        MapSource source({{"README.md", readme}});
        auto answer = gate(context.context(), mode, source, resolver, catalogue(), {});
        REQUIRE_OK(answer);
        return std::move(answer).value();
    }
};

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("an Apache label over a BLOOM RAIL base is refused, naming rule, clauses, chain and fix"
) {
    Checked checked;
    checked.resolver.cards["bigscience/bloom"] = {
        "1a2b3c", card_text("license: bigscience-bloom-rail-1.0"), {}};
    CheckOptions options;
    options.id = "acme/chat";
    const report::Report report =
        checked.run(card_text("license: apache-2.0\nbase_model: bigscience/bloom"), options);
    CHECK(report.verdict() == report::Verdict::Conflict);
    CHECK(fails(report, {}));
    const report::Finding& finding = report.findings.front();
    CHECK(finding.rule == "R3");
    CHECK(finding.missing.size() == 13);
    CHECK(finding.location == report::Location{"README.md", 2, 10});
    REQUIRE(finding.chain.size() == 2);
    CHECK(finding.chain[0] == report::ChainLink{"acme/chat", "apache-2.0", ""});
    CHECK(
        finding.chain[1] ==
        report::ChainLink{"bigscience/bloom", "bigscience-bloom-rail-1.0", "finetune"}
    );
    CHECK(report.lineage.at(1).revision == "1a2b3c");
    CHECK(checked.resolver.asked == Texts{"model bigscience/bloom"});
}

TEST_CASE("declared restrictions travel; unknown names are said") {
    Checked checked;
    checked.resolver.cards["bigscience/bloom"] = {
        "", card_text("license: bigscience-bloom-rail-1.0"), {}};
    const std::string own =
        "license: other\nlicense_name: house\nbase_model: bigscience/bloom\nuse_restrictions: ";
    CHECK(
        checked.run(card_text(own + "bloom-rail-A")).verdict() == report::Verdict::OkWithObligations
    );
    const report::Report partly =
        checked.run(card_text(own + "[minors.harm, \"medical.advice#any\"]"));
    CHECK(partly.findings.front().missing.size() == 12);
    const report::Report unknown = checked.run(card_text(own + "[bloom-rail-A, bloom-rail-B]"));
    REQUIRE_FALSE(unknown.findings.empty()); // notes may follow
    CHECK(unknown.findings[0].rule == "card.use_restrictions");
    CHECK(unknown.findings[0].location == report::Location{"README.md", 5, 19});
}

TEST_CASE("ancestors of ancestors are followed, each asked once, and cycles end") {
    Checked checked;
    checked.resolver.cards["org/mid"] = {
        "", card_text("license: mit\nbase_model: [org/root, acme/chat]\ndatasets: squad"), {}};
    checked.resolver.cards["org/root"] = {
        "", card_text("license: openrail++\nbase_model: org/mid"), {}};
    checked.resolver.cards["squad"] = {"", card_text("license: cc-by-4.0"), {}};
    CheckOptions options;
    options.id = "acme/chat";
    const report::Report report =
        checked.run(card_text("license: mit\nbase_model: org/mid\ndatasets: [squad]"), options);
    CHECK(checked.resolver.asked == Texts{"model org/mid", "dataset squad", "model org/root"});
    CHECK(report.findings.front().rule == "R3");
    CHECK(report.findings.front().chain.size() == 3);
    CHECK(report.lineage.size() == 4);
}

TEST_CASE("upstream that is absent, unreachable or unreadable goes to a person") {
    const std::string card = card_text("license: mit\nbase_model: org/x");
    Checked absent;
    CHECK(absent.run(card).verdict() == report::Verdict::NeedsHuman);
    CHECK(absent.run(card).findings.front().location == report::Location{"README.md", 3, 13});

    Checked offline;
    offline.resolver.error = util::fail(util::Code::Unavailable, "offline");
    CHECK_THAT(offline.run(card).findings.front().message, ContainsSubstring("could not be asked"));

    Checked broken;
    broken.resolver.cards["org/x"] = {"", card_text("license: [mit"), {}};
    CHECK_THAT(broken.run(card).findings.front().message, ContainsSubstring("cannot be read"));

    Checked empty;
    empty.resolver.cards["org/x"] = {"", "", {}};
    CHECK(empty.run(card).verdict() == report::Verdict::Conflict);

    Checked failing;
    failing.resolver.error = util::fail(util::Code::Io, "disk on fire");
    MapSource source({{"README.md", card}});
    REQUIRE_ERROR(
        check(failing.context.context(), source, failing.resolver, catalogue(), {}), util::Code::Io
    );
}

TEST_CASE("lineage is bounded in breadth, depth and the length of names") {
    Checked checked;
    for (int i = 0; i < 50; ++i) {
        checked.resolver.cards["o/m" + std::to_string(i)] = {
            "", card_text("license: mit\nbase_model: o/m" + std::to_string(i + 1)), {}};
    }
    CheckOptions options;
    options.max_depth = 5;
    report::Report report = checked.run(card_text("license: mit\nbase_model: o/m0"), options);
    CHECK(report.lineage.size() == 7);
    CHECK(checked.resolver.asked.size() == 5);
    CHECK(report.verdict() == report::Verdict::NeedsHuman);

    std::string many = "license: mit\nbase_model: [";
    for (int i = 0; i < 400; ++i) {
        many += "o/x" + std::to_string(i) + ", ";
    }
    checked.resolver.asked.clear();
    report = checked.run(card_text(many + "o/last]"));
    CHECK(checked.resolver.asked.size() == 256);
    CHECK(report.lineage.size() == 258);

    const std::string huge(100'000, 'x');
    checked.resolver.asked.clear();
    report = checked.run(card_text("license: " + huge + "\nbase_model: " + huge));
    CHECK(checked.resolver.asked.empty());
    CHECK(report::render_json(report).size() < 10'000);
}

TEST_CASE("a card that cannot be read fails the check: nothing can be hidden behind it") {
    Checked checked;
    const report::Report report = checked.run(card_text("license: mit\nlicense: apache-2.0"));
    CHECK(report.verdict() == report::Verdict::Conflict);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "card.readable");
    CHECK_THAT(report.findings[0].message, ContainsSubstring("line 3, column 1: duplicate key"));
    const report::Report large = checked.run(std::string(9'000'000, 'x'));
    CHECK(large.findings.at(0).rule == "card.readable");
}

TEST_CASE("no README is a missing license, not an error") {
    tests::TestContext context;
    OfflineResolver offline;
    const std::map<std::string, std::string> only_weights = {{"weights.bin", ""}};
    MapSource source(only_weights);
    auto report = check(context.context(), source, offline, catalogue(), {});
    REQUIRE_OK(report);
    CHECK(report->verdict() == report::Verdict::NeedsHuman);
    CHECK(report->findings.front().rule == "R1");
}

TEST_CASE("files and card decide what kind of derivative it is") {
    tests::TestContext context;
    OfflineResolver offline;
    MapSource adapter(
        {{"README.md", card_text("license: mit\nbase_model: org/x")}, {"adapter_config.json", ""}}
    );
    auto report = check(context.context(), adapter, offline, catalogue(), {});
    REQUIRE_OK(report);
    CHECK(report->lineage.at(1).relation == "adapter");
}

TEST_CASE("the gate is off, warns or refuses, on the same report as check") {
    Checked checked;
    checked.resolver.cards["bigscience/bloom"] = {
        "", card_text("license: bigscience-bloom-rail-1.0"), {}};
    const std::string bad = card_text("license: apache-2.0\nbase_model: bigscience/bloom");
    const std::string good = card_text("license: mit");
    using Decision = GateAnswer::Decision;

    CHECK(checked.pass(GateMode::Off, bad).decision == Decision::Pass);
    CHECK(checked.resolver.asked.empty());
    const GateAnswer warned = checked.pass(GateMode::Warn, bad);
    CHECK(warned.decision == Decision::PassWithWarning);
    CHECK_THAT(
        warned.message, StartsWith("license check: conflict (R3: 13 of 13 use restrictions")
    );
    const GateAnswer refused = checked.pass(GateMode::Enforce, bad);
    CHECK(refused.decision == Decision::Refuse);
    CHECK(refused.report == checked.run(bad));
    CHECK(checked.pass(GateMode::Enforce, good).decision == Decision::Pass);
    CHECK(checked.pass(GateMode::Enforce, good).message.empty());
    // Only a person can tell: refused by the strict gate alone.
    const std::string open = card_text("license: mit\nbase_model: org/unknown");
    CHECK(checked.pass(GateMode::Enforce, open).decision == Decision::Pass);
    CHECK(checked.pass(GateMode::Strict, open).decision == Decision::Refuse);
    CHECK(checked.pass(GateMode::Strict, good).decision == Decision::Pass);
}

TEST_CASE("gate words go both ways") {
    for (const GateMode mode :
         {GateMode::Off, GateMode::Warn, GateMode::Enforce, GateMode::Strict}) {
        CHECK(parse_gate_mode(gate_mode_word(mode)) == mode);
    }
    CHECK_FALSE(parse_gate_mode("on"));
}

TEST_CASE(
    "a folder is a source: files sorted, dot names left out, absent files and folders told apart"
) {
    tests::FaultFs fs;
    tests::TestContext context;
    const auto put = [&fs](const std::string& path) {
        REQUIRE_OK(fs.make_dirs(util::parent_path(path)));
        REQUIRE_OK(util::write_atomic(fs, path, util::as_bytes(std::string_view("x"))));
    };
    put("/m/b.txt");
    put("/m/a/c.txt");
    put("/m/.git/config");
    REQUIRE_OK(fs.make_symlink("../blobs/1", "/m/link.bin"));
    const auto source = make_folder_source(fs, "/m");
    CHECK(source->label() == "/m");
    auto files = source->files(context.context());
    REQUIRE_OK(files);
    CHECK(*files == Texts{"a/c.txt", "b.txt", "link.bin"});
    auto text = source->read(context.context(), "b.txt", 10);
    REQUIRE_OK(text);
    CHECK(*text == "x");
    auto absent = source->read(context.context(), "README.md", 10);
    REQUIRE_OK(absent);
    CHECK_FALSE(absent->has_value());
    const auto nowhere = make_folder_source(fs, "/nowhere");
    REQUIRE_ERROR(nowhere->read(context.context(), "README.md", 10), util::Code::NotFound);
    put("/m/large.txt");
    REQUIRE_ERROR(source->read(context.context(), "large.txt", 0), util::Code::TooLarge);
}

TEST_CASE("what is asked beside a check is asked about the same: terms as written, name of the repo"
) {
    Checked checked;
    checked.resolver.cards["meta/llama"] = {"1", card_text("license: llama3.1"), {}};
    CheckOptions options;
    options.id = "acme/chat";
    const std::string readme = card_text("license: llama3.1\nbase_model: meta/llama");
    MapSource source({{"README.md", readme}});
    const auto judged =
        check_in_full(checked.context.context(), source, checked.resolver, catalogue(), options);
    REQUIRE_OK(judged);
    CHECK(judged->use.declared_name == "acme/chat");
    CHECK(judged->lineage.nodes.size() == 2);
    CHECK(
        report::to_json(judged->report).dump() ==
        report::to_json(checked.run(readme, options)).dump()
    );
    MapSource broken(std::map<std::string, std::string>{{"README.md", "---\n[\n---\n"}});
    CHECK_FALSE(
        check_in_full(checked.context.context(), broken, checked.resolver, catalogue(), {}).ok()
    );
}

} // namespace railhub::app
