// SPDX-License-Identifier: Apache-2.0
// The difference between a lock and a hub, in words.
#include "core/lock/compare.h"
#include "tests/unit/lock/sample.h"

#include <algorithm>

namespace railhub::lock {

namespace {

Current same_as(const Artifact& locked) {
    return {locked.id, locked.revision, locked.facts};
}

std::string codes_in(const std::vector<Change>& changes) {
    std::string text;
    for (const Change& change : changes) {
        text += (text.empty() ? "" : " ") + std::string(change.code);
    }
    return text;
}

} // namespace

TEST_CASE("nothing is said where nothing changed, and a commit alone is a note") {
    const Artifact locked = artifact("org/base", "llama2");
    Current now = same_as(locked);
    CHECK(changes_of(locked, now).empty());
    now.revision = std::string(40, '2');
    now.facts.card_sha256 = std::string(64, 'c');
    now.facts.notes = {"a note"};
    const auto moved = changes_of(locked, now);
    REQUIRE(codes_in(moved) == "lock.moved");
    CHECK_THAT(moved.front().message, ContainsSubstring("commit 111111111111 -> 222222222222"));
    now.id = "new/base";
    CHECK_THAT(changes_of(locked, now).front().message, ContainsSubstring("to 'new/base'"));
}

TEST_CASE("license, text and origin each stand by themselves") {
    const Artifact locked = artifact("org/base", "llama2");
    Current now = same_as(locked);
    now.revision = std::string(40, '2');
    now.facts.license_files = {{"LICENSE", std::string(64, 'd')}, {"NOTICE", std::string(64, 'e')}};
    auto changes = changes_of(locked, now);
    REQUIRE(codes_in(changes) == "lock.changed-text");
    CHECK_THAT(
        changes.front().message,
        ContainsSubstring("LICENSE: sha256 aaaaaaaaaaaa -> dddddddddddd; NOTICE: sha256 none -> ")
    );
    now = same_as(locked);
    now.facts = facts_of("mit");
    changes = changes_of(locked, now);
    REQUIRE(codes_in(changes) == "lock.changed-license");
    CHECK_THAT(changes.front().message, ContainsSubstring("'llama2' -> 'mit'"));
    CHECK_THAT(changes.front().message, ContainsSubstring("- declared 'llama2' in README.md"));
    now = same_as(locked);
    origin::UpstreamFact fact;
    fact.to.id = "org/other";
    fact.said.where = "README.md: base_model";
    origin::add_upstream(now.facts, fact);
    changes = changes_of(locked, now);
    REQUIRE(codes_in(changes) == "lock.changed-origin");
    CHECK_THAT(changes.front().message, ContainsSubstring("+ base-model 'org/other'"));
    now = same_as(locked);
    origin::add_claim(
        now.facts, {compliance::Basis::Detected, "apache-2.0", "LICENSE", "exact", true}
    );
    CHECK(codes_in(changes_of(locked, now)) == "lock.changed-license");
}

TEST_CASE("what is gone and what came") {
    Artifact locked = artifact("org/base", "llama2");
    CHECK(codes_in(changes_of(locked, std::nullopt)) == "lock.deleted");
    const Current now = same_as(locked);
    locked.is_absent = true;
    locked.facts = {};
    CHECK(changes_of(locked, std::nullopt).empty());
    CHECK(codes_in(changes_of(locked, now)) == "lock.appeared");
}

TEST_CASE("what breaks a promise is an error") {
    CHECK(severity_of("lock.changed-text") == report::Severity::Error);
    CHECK(severity_of("lock.moved") == report::Severity::Note);
}

} // namespace railhub::lock
