// SPDX-License-Identifier: Apache-2.0
// The license routes: what they answer, to whom, and that none tells of what the caller may not
// see.
#include "core/app/license_index.h"
#include "tests/schemas/schema_files.h"
#include "tests/support/value.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::tests {

namespace {

using Ids = std::vector<std::string>;

std::string readme(const std::string& fields) {
    return file_line("README.md", "---\n" + fields + "\n---\n");
}

void push_card(LiveHub& hub, const std::string& repo, const std::string& fields) {
    const Answer answer = hub.commit(repo, {readme(fields)});
    INFO(answer.body);
    REQUIRE(answer.status == 200);
}

// As the server's indexer does.
void judge_all(LiveHub& hub) {
    app::LicenseJudge judge(hub.deps());
    value(judge.judge_some(hub.context(), 1'000));
}

std::string route(const std::string& repo, const std::string& rest) {
    return "/api/railhub/v1/models/" + repo + rest;
}

util::Json get_json(const LiveHub& hub, const std::string& target, const std::string& token = {}) {
    const Answer answer = hub.ask("GET", target, {.token = token});
    INFO(target << " " << answer.body);
    REQUIRE(answer.status == 200);
    return LiveHub::json(answer);
}

Ids found(const LiveHub& hub, const std::string& query, const std::string& token = {}) {
    Ids ids;
    const util::Json answer = get_json(hub, "/api/railhub/v1/search?" + query, token);
    CHECK(violations(compile_schema("license-search.v1"), answer).empty());
    for (const util::Json& repo : *answer.find("repos")->as_array()) {
        ids.push_back(repo.text("id"));
    }
    return ids;
}

std::string replaced_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

} // namespace

TEST_CASE("license, lineage, verdict and obligations of a repo and a revision") {
    LiveHub hub;
    for (const char* name : {"base", "tuned"}) {
        hub.make_repo(name);
    }
    push_card(hub, "alice/base", "license: bigscience-bloom-rail-1.0");
    push_card(hub, "alice/tuned", "license: bigscience-bloom-rail-1.0\nbase_model: alice/base");
    const std::string first = hub.head("alice/tuned");
    push_card(hub, "alice/tuned", "license: apache-2.0\nbase_model: alice/base");

    const util::Json license = get_json(hub, route("alice/tuned", "/license"));
    CHECK(violations(compile_schema("repo-license.v1"), license).empty());
    CHECK(license.find("licenses")->as_array()->front() == util::Json("apache-2.0"));
    const util::Json lineage = get_json(hub, route("alice/tuned", "/lineage"));
    CHECK(violations(compile_schema("lineage.v1"), lineage).empty());
    CHECK(lineage.find("artifacts")->as_array()->size() == 2);
    const util::Json verdict = get_json(hub, route("alice/tuned", "/verdict"));
    CHECK(violations(compile_schema("check-report.v1"), verdict).empty());
    CHECK(verdict.text("verdict") == "conflict");
    const util::Json before = get_json(hub, route("alice/tuned", "/verdict?revision=" + first));
    CHECK(before.text("verdict") != "conflict");
    const util::Json owed = get_json(hub, route("alice/tuned", "/obligations?use=serve"));
    CHECK(violations(compile_schema("license-obligations.v1"), owed).empty());
    CHECK_FALSE(owed.find("restrictions")->as_array()->empty());

    const Answer svg = hub.ask("GET", route("alice/tuned", "/lineage?format=svg"));
    CHECK(svg.header("Content-Type") == "image/svg+xml");
    CHECK(svg.body.starts_with("<svg"));
    CHECK(hub.ask("GET", route("alice/tuned", "/lineage?format=mermaid")).body.starts_with("flow"));
    for (const char* bad :
         {"/lineage?format=png",
          "/verdict?use=x",
          "/verdict?purpose=x",
          "/verdict?fact=x",
          "/verdict?fact=mau_now=many",
          "/verdict?policy=x=y"}) {
        INFO(bad);
        CHECK(hub.ask("GET", route("alice/tuned", bad)).status == 400);
    }
    CHECK(hub.ask("GET", route("alice/tuned", "/verdict?revision=nowhere")).status == 404);
    CHECK(hub.ask("GET", "/api/railhub/v1/things/alice/tuned/verdict").status == 404);
}

TEST_CASE("verdicts that are kept follow a change of an ancestor, however far") {
    LiveHub hub;
    for (const char* name : {"a", "b", "c", "other"}) {
        hub.make_repo(name);
    }
    push_card(hub, "alice/a", "license: mit");
    push_card(hub, "alice/b", "license: mit\nbase_model: alice/a");
    push_card(hub, "alice/c", "license: mit\nbase_model: alice/b");
    push_card(hub, "alice/other", "license: mit");
    judge_all(hub);
    CHECK(
        found(hub, "allows=commercial-use") == Ids{"alice/a", "alice/b", "alice/c", "alice/other"}
    );
    push_card(hub, "alice/a", "license: cc-by-nc-4.0");
    // At once: what is not judged anew is not found, and a verdict is not the old one.
    CHECK(found(hub, "allows=commercial-use") == Ids{"alice/other"});
    CHECK(get_json(hub, route("alice/c", "/verdict")).text("verdict") == "conflict");
    judge_all(hub);
    CHECK(found(hub, "verdict=conflict") == Ids{"alice/b", "alice/c"});
    CHECK(get_json(hub, route("alice/c", "/verdict")).text("verdict") == "conflict");
    // Renamed: found under the old name. Hidden, then deleted: not there for strangers.
    const Ask move{
        .token = hub.alice,
        .body = R"({"fromRepo":"alice/a","toRepo":"alice/z","type":"model"})",
        .type = "application/json"};
    REQUIRE(hub.ask("POST", "/api/repos/move", move).status == 200);
    judge_all(hub);
    const util::Json lineage = get_json(hub, route("alice/c", "/lineage"));
    CHECK(lineage.find("artifacts")->as_array()->at(2).text("id") == "alice/z");
    CHECK(found(hub, "verdict=conflict") == Ids{"alice/b", "alice/c"});
    const Ask drop{
        .token = hub.alice,
        .body = R"({"name":"z","organization":"alice","type":"model"})",
        .type = "application/json"};
    REQUIRE(hub.ask("DELETE", "/api/repos/delete", drop).status == 200);
    judge_all(hub);
    CHECK(found(hub, "verdict=needs-human") == Ids{"alice/b", "alice/c"});
    push_card(hub, "alice/b", "license: mit");
    judge_all(hub);
    CHECK(found(hub, "allows=commercial-use") == Ids{"alice/b", "alice/c", "alice/other"});
}

TEST_CASE("search by terms") {
    LiveHub hub;
    for (const char* name : {"free", "rail", "copyleft", "tuned", "odd"}) {
        hub.make_repo(name);
    }
    push_card(hub, "alice/free", "license: mit");
    push_card(hub, "alice/rail", "license: bigscience-bloom-rail-1.0");
    push_card(hub, "alice/copyleft", "license: gpl-3.0");
    push_card(hub, "alice/tuned", "license: bigscience-bloom-rail-1.0\nbase_model: alice/rail");
    push_card(hub, "alice/odd", "license: mit\nbase_model: nobody/knows");
    judge_all(hub);
    CHECK(found(hub, "without=medical") == Ids{"alice/free", "alice/copyleft"});
    CHECK(found(hub, "without=medical.advice,law.violation").size() == 2);
    CHECK(found(hub, "compatible-with=Apache-2.0") == Ids{"alice/free"});
    CHECK(found(hub, "compatible-with=gpl-3.0") == Ids{"alice/free", "alice/copyleft"});
    CHECK(found(hub, "license=bigscience-bloom-rail-1.0") == Ids{"alice/rail", "alice/tuned"});
    CHECK(found(hub, "kind=dataset").empty());
    CHECK(found(hub, "").size() == 5);
    const Answer page = hub.ask("GET", "/api/railhub/v1/search?limit=2");
    REQUIRE(page.status == 200);
    const std::string link = page.header("Link");
    const std::string next = link.substr(1, link.find('>') - 1);
    CHECK(LiveHub::json(hub.ask("GET", target_of(next))).find("repos")->as_array()->size() == 2);
    for (const char* bad :
         {"allows=fun",
          "without=fun",
          "compatible-with=fun",
          "license=fun",
          "verdict=fun",
          "kind=fun",
          "limit=x",
          "cursor=x"}) {
        INFO(bad);
        CHECK(hub.ask("GET", std::string("/api/railhub/v1/search?") + bad).status == 400);
    }
}

TEST_CASE("no route tells a stranger that a private ancestor exists") {
    LiveHub hub;
    hub.make_repo("secret", true);
    for (const char* name : {"child1", "child2"}) {
        hub.make_repo(name);
    }
    push_card(hub, "alice/secret", "license: bigscience-bloom-rail-1.0");
    push_card(hub, "alice/child1", "license: mit\nbase_model: alice/secret");
    push_card(hub, "alice/child2", "license: mit\nbase_model: alice/absent");
    for (const bool is_judged : {false, true}) {
        if (is_judged) {
            judge_all(hub);
        }
        for (const std::string& token : {std::string(), hub.mallory}) {
            for (const char* rest :
                 {"/license",
                  "/lineage",
                  "/lineage?format=svg",
                  "/lineage?format=mermaid",
                  "/lineage?format=text",
                  "/verdict",
                  "/verdict?use=serve",
                  "/obligations"}) {
                INFO(rest << (token.empty() ? " anonymous" : " stranger"));
                const Answer hidden = hub.ask("GET", route("alice/child1", rest), {.token = token});
                const Answer absent = hub.ask("GET", route("alice/child2", rest), {.token = token});
                CHECK(hidden.status == 200);
                const std::string one = hub.head("alice/child1");
                const std::string two = hub.head("alice/child2");
                std::string seen = replaced_all(hidden.body, "alice/secret", "alice/absent");
                seen = replaced_all(std::move(seen), "child1", "child2");
                seen = replaced_all(std::move(seen), one, two);
                seen = replaced_all(std::move(seen), one.substr(0, 12), two.substr(0, 12));
                seen = replaced_all(std::move(seen), one.substr(0, 7), two.substr(0, 7));
                CHECK(seen == absent.body);
                CHECK(hidden.body.find("bloom-rail") == std::string::npos);
            }
        }
    }
    CHECK(found(hub, "verdict=needs-human", hub.mallory) == Ids{"alice/child1", "alice/child2"});
    CHECK(found(hub, "license=bigscience-bloom-rail-1.0", hub.mallory).empty());
    CHECK(found(hub, "license=bigscience-bloom-rail-1.0", hub.alice) == Ids{"alice/secret"});
    // To its owner, what was made from it is not unknown.
    CHECK(found(hub, "verdict=conflict", hub.alice) == Ids{"alice/child1"});
    CHECK(found(hub, "allows=commercial-use", hub.mallory).empty());
    CHECK(found(hub, "allows=commercial-use", hub.alice) == Ids{"alice/secret", "alice/child1"});
    CHECK(found(hub, "without=medical", hub.alice).empty());
    // Who may read it sees it, and is told what follows.
    CHECK(
        get_json(hub, route("alice/child1", "/verdict"), hub.alice).text("verdict") == "conflict"
    );
    CHECK(hub.ask("GET", route("alice/secret", "/verdict"), {.token = hub.mallory}).status == 404);
}

TEST_CASE("cards that cannot be read, cycles and repos without history have answers") {
    LiveHub hub;
    for (const char* name : {"one", "two", "bare"}) {
        hub.make_repo(name);
    }
    push_card(hub, "alice/one", "license: mit\nbase_model: alice/two");
    push_card(hub, "alice/two", "license: mit\nbase_model: alice/one");
    judge_all(hub);
    CHECK(get_json(hub, route("alice/one", "/lineage")).find("cycles")->as_array()->size() == 1);
    CHECK(found(hub, "allows=commercial-use") == Ids{"alice/one", "alice/two"});
    CHECK(get_json(hub, route("alice/bare", "/license")).find("licenses")->as_array()->empty());
}

} // namespace railhub::tests
