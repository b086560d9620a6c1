// SPDX-License-Identifier: Apache-2.0
// A lock in place of a hub: the same report without it, and what changes upstream is named.
#include "core/app/lock_lineage.h"
#include "core/report/formats.h"
#include "tests/support/test_context.h"
#include "tests/unit/app/known_artifacts.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr const char* kEndpoint = "http://hub.example";

class LockedProject {
  public:
    LockedProject() {
        hub.cards["org/base"] = {
            "1111",
            card_text("license: llama2\ndatasets: [org/data, org/none]"),
            {{"LICENSE", "some terms"}}};
        hub.cards["ada/tuned"] = {"2222", card_text("license: mit\nbase_model: old/base")};
        hub.cards["org/data"] = {"3333", card_text("license: cc-by-4.0")};
        hub.renamed["old/base"] = "org/base";
        files["README.md"] = card_text("license: mit\nbase_model: ada/tuned\ndatasets: [org/data]");
    }

    lock::Lock locked(const lock::Lock& before = {}, const LockUpdate& update = {}) {
        LockingResolver resolver(hub, before, update, catalogue().version());
        judge(resolver);
        CHECK(resolver.unreachable().empty());
        unknown = resolver.unknown_updates();
        return resolver.lock(kEndpoint);
    }

    JudgedFacts judge(LineageResolver& resolver) {
        MapSource source(files);
        const auto facts = gather(host.context(), source, types::RepoKind::Model, catalogue());
        REQUIRE_OK(facts);
        auto judged = judge_facts(host.context(), *facts, source, resolver, catalogue(), {});
        REQUIRE_OK(judged);
        return std::move(judged).value();
    }

    // The report of a locked check; with `online` the hub is asked what changed.
    report::Report check(const lock::Lock& lock, LineageResolver* online) {
        LockResolver resolver(lock);
        JudgedFacts judged = judge(resolver);
        const auto findings = check_lock(
            host.context(),
            {lock, resolver, judged.lineage, catalogue().version(), kEndpoint, online}
        );
        REQUIRE_OK(findings);
        judged.report.findings.insert(
            judged.report.findings.end(), findings->begin(), findings->end()
        );
        judged.report.finish();
        return std::move(judged.report);
    }

    tests::TestContext host;
    MapResolver hub;
    std::map<std::string, std::string> files;
    std::vector<std::string> unknown;
};

std::vector<report::Finding> lock_findings_of(const report::Report& report) {
    std::vector<report::Finding> found;
    for (const report::Finding& finding : report.findings) {
        if (finding.rule.starts_with("lock.")) {
            found.push_back(finding);
        }
    }
    return found;
}

} // namespace

TEST_CASE("a locked check without the hub says byte for byte what the hub let us say") {
    LockedProject project;
    const report::Report online = project.judge(project.hub).report;
    const lock::Lock lock = project.locked();
    REQUIRE(lock.artifacts.size() == 4); // and the one that is absent
    const auto read = lock::parse_lock(lock::write_lock(lock));
    REQUIRE_OK(read);
    for (const report::Format& format : report::formats()) {
        CHECK(format.render(project.check(*read, nullptr), {}) == format.render(online, {}));
        CHECK(format.render(project.check(*read, &project.hub), {}) == format.render(online, {}));
    }
    CHECK(lock::write_lock(project.locked()) == lock::write_lock(lock));
}

TEST_CASE("a changed license text fails the check, names who is affected, and heals") {
    LockedProject project;
    const lock::Lock lock = project.locked();
    const auto before = project.hub.cards["org/base"];
    project.hub.cards["org/base"].revision = "4444";
    project.hub.cards["org/base"].files["LICENSE"] = "other terms";
    const report::Report report = project.check(lock, &project.hub);
    CHECK(report.verdict() == report::Verdict::Conflict);
    const auto found = lock_findings_of(report);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "lock.changed-text");
    CHECK(found[0].subject == "org/base");
    CHECK_THAT(found[0].message, ContainsSubstring("LICENSE: sha256 "));
    CHECK_THAT(found[0].message, ContainsSubstring("affected: './model', 'ada/tuned'"));
    CHECK_THAT(found[0].fix, ContainsSubstring("railhub lock --update org/base"));
    REQUIRE(found[0].chain.size() == 3);
    CHECK(found[0].chain.back().artifact == "org/base");
    REQUIRE(found[0].location);
    CHECK(found[0].location->path == "README.md");
    // Offline nobody can know.
    CHECK(lock_findings_of(project.check(lock, nullptr)).empty());
    project.hub.cards["org/base"] = before;
    CHECK(lock_findings_of(project.check(lock, &project.hub)).empty());
    // The same terms at a later commit are no failure.
    project.hub.cards["org/base"].revision = "5555";
    const auto moved = lock_findings_of(project.check(lock, &project.hub));
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].rule == "lock.moved");
    CHECK(moved[0].severity == report::Severity::Note);
}

TEST_CASE("a new label, a deleted and an appeared artifact, and a hub that is not there") {
    LockedProject project;
    const lock::Lock lock = project.locked();
    const auto hub = project.hub;
    project.hub.cards["org/data"].readme = card_text("license: cc-by-nc-4.0");
    auto found = lock_findings_of(project.check(lock, &project.hub));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "lock.changed-license");
    CHECK_THAT(found[0].message, ContainsSubstring("'cc-by-4.0' -> 'cc-by-nc-4.0'"));
    project.hub = hub;
    project.hub.cards.erase("org/data");
    found = lock_findings_of(project.check(lock, &project.hub));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "lock.deleted");
    project.hub = hub;
    project.hub.cards["org/none"] = {"9999", card_text("license: mit")};
    found = lock_findings_of(project.check(lock, &project.hub));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "lock.appeared");
    project.hub.error = util::fail(util::Code::Unavailable, "no route to the hub");
    found = lock_findings_of(project.check(lock, &project.hub));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "lock.unchecked");
}

TEST_CASE("a lock that lacks something, has too much, or is of older license data says so") {
    LockedProject project;
    lock::Lock lock = project.locked();
    project.files["README.md"] = card_text("license: mit\nbase_model: ada/new");
    auto found = lock_findings_of(project.check(lock, nullptr));
    REQUIRE(found.size() == 5);
    CHECK(found[0].rule == "lock.missing");
    CHECK(found[0].subject == "ada/new");
    CHECK(std::all_of(found.begin() + 1, found.end(), [](const report::Finding& one) {
        return one.rule == "lock.unused";
    }));
    lock.artifacts.front().knowledge = "000000000000";
    found = lock_findings_of(project.check(lock, nullptr));
    CHECK(std::any_of(found.begin(), found.end(), [](const report::Finding& one) {
        return one.rule == "lock.stale";
    }));
}

TEST_CASE("an update takes what it names, and leaves the rest as it was locked") {
    LockedProject project;
    const lock::Lock lock = project.locked();
    project.hub.cards["org/base"].revision = "4444";
    project.hub.cards["ada/tuned"].revision = "5555";
    CHECK(project.locked(lock) == lock);
    const lock::Lock one = project.locked(lock, {false, {"old/base", "no/such"}});
    CHECK(lock::find(one, types::RepoKind::Model, {"old/base", ""})->revision == "4444");
    CHECK(lock::find(one, types::RepoKind::Model, {"ada/tuned", ""})->revision == "2222");
    CHECK(project.unknown == std::vector<std::string>{"no/such"});
    const lock::Lock all = project.locked(lock, {true, {}});
    CHECK(lock::find(all, types::RepoKind::Model, {"ada/tuned", ""})->revision == "5555");
    // What is not used any more goes, what is new comes.
    project.files["README.md"] = card_text("license: mit\nbase_model: org/data");
    const lock::Lock fewer = project.locked(lock);
    CHECK(lock::find(fewer, types::RepoKind::Model, {"ada/tuned", ""}) == nullptr);
}

TEST_CASE("what nobody could be asked about is told apart from what is absent") {
    LockedProject project;
    project.hub.error = util::fail(util::Code::Unavailable, "no route to the hub");
    LockingResolver resolver(project.hub, {}, {}, catalogue().version());
    project.judge(resolver);
    CHECK(resolver.unreachable() == std::set<std::string>{"ada/tuned", "org/data"});
}

} // namespace railhub::app
