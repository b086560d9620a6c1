// SPDX-License-Identifier: Apache-2.0
// A private repo answers strangers like one that is not there: on every route of the table, byte
// for byte.
#include "core/util/text.h"
#include "server/routes.h"
#include "tests/support/catch.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::tests {

namespace {

using server::ExpandedRoute;
using server::Scope;

const std::string kSecret = "secret weights";

// Both names have the same length, so that not even lengths tell them apart.
constexpr std::string_view kHidden = "secret";
constexpr std::string_view kAbsent = "absent";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

// A pattern with its names filled in.
std::string target_of_pattern(std::string_view pattern, std::string_view repo) {
    const std::vector<std::pair<std::string_view, std::string_view>> words = {
        {"{kind}", "models"},
        {"{owner}", "alice"},
        {"{name}", repo},
        {"{rev}", "main"},
        {"{rev*}", "main"},
        {"{ref*}", "main"},
        {"{revision_and_path*}", "main/w.bin"},
        {"{number}", "1"},
        {"{oid}", "0000000000000000000000000000000000000000000000000000000000000000"},
        {"{topic*}", "x"}};
    std::string target(pattern);
    for (const auto& [word, value] : words) {
        target = replaced(target, word, value);
    }
    REQUIRE(target.find('{') == std::string::npos);
    return target;
}

// Something that each route would take from somebody who may.
std::string body_for(const ExpandedRoute& row, std::string_view repo) {
    const std::string_view name = row.route->name;
    const std::string id = "alice/" + std::string(repo);
    if (name == "commit") {
        return commit_body("x", {file_line("x", "x")});
    }
    if (name == "repo.delete" || name == "repo.create") {
        return R"({"name":")" + std::string(repo) + R"(","organization":"alice","type":"model"})";
    }
    if (name == "repo.move") {
        return R"({"fromRepo":")" + id + R"(","toRepo":"mallory/stolen","type":"model"})";
    }
    if (name == "paths-info") {
        return R"({"paths":["w.bin"]})";
    }
    if (name == "preupload") {
        return R"({"files":[{"path":"x","size":1,"sample":"eA=="}]})";
    }
    if (name == "lfs.batch") {
        return R"({"operation":"download","objects":[{"oid":")" + std::string(64, '0') +
               R"(","size":1}]})";
    }
    return R"({"tag":"t","oid":")" + std::string(64, '0') +
           R"(","size":1,"content":"","parts":[]})";
}

// All that a stranger sees, but what differs from request to request.
std::string seen_of(const Answer& answer, std::string_view repo) {
    std::string text;
    for (const std::string_view line : util::split(answer.head, '\n')) {
        const std::string lower = util::lower(line);
        if (!lower.starts_with("x-request-id:") && !lower.starts_with("date:")) {
            text += std::string(line) + "\n";
        }
    }
    return replaced(text + answer.body, repo, "NAME");
}

std::string ask_as(
    const LiveHub& hub,
    const std::string& token,
    const ExpandedRoute& row,
    std::string_view method,
    std::string_view repo
) {
    Ask ask;
    ask.token = token;
    const bool has_body = row.route->method != http::Method::Get;
    if (has_body && method != "HEAD") {
        ask.body = body_for(row, repo);
        ask.type = row.route->name == "commit" ? "application/x-ndjson" : "application/json";
    }
    // A request id of ours, as error bodies of LFS repeat it.
    ask.headers.emplace_back("X-Amzn-Trace-Id", "same");
    const Answer answer = hub.ask(std::string(method), target_of_pattern(row.pattern, repo), ask);
    CHECK(answer.status >= 400);
    CHECK(answer.body.find(kSecret) == std::string::npos);
    std::string seen = seen_of(answer, repo);
    const std::string id = answer.header("X-Request-Id");
    return id.empty() ? seen : replaced(std::move(seen), id, "ID");
}

bool concerns_a_repo(const ExpandedRoute& row) {
    const std::string_view name = row.route->name;
    return row.pattern.find("{owner}") != std::string::npos || name == "repo.delete" ||
           name == "repo.create" || name == "repo.move";
}

} // namespace

TEST_CASE("on every route a hidden repo looks like an absent one") {
    LiveHub hub;
    hub.make_repo(std::string(kHidden), true);
    hub.make_repo(std::string(kHidden), true, "dataset");
    hub.upload("alice/secret", kSecret);
    REQUIRE(hub.commit("alice/secret", {lfs_line("w.bin", kSecret)}).status == 200);
    const auto rows = server::expand(server::routes());
    std::size_t walked = 0;
    for (const ExpandedRoute& row : rows) {
        if (!concerns_a_repo(row)) {
            continue;
        }
        ++walked;
        const auto* kind = row.kind ? types::kind_word(*row.kind).data() : "";
        std::vector<std::string> methods = {std::string(http::method_word(row.route->method))};
        if (row.route->method == http::Method::Get) {
            methods.emplace_back("HEAD");
        }
        for (const std::string& method : methods) {
            for (const std::string& token : {std::string(), hub.mallory}) {
                INFO(
                    method << " " << row.pattern << " " << kind
                           << (token.empty() ? " anonymous" : " stranger")
                );
                const std::string hidden = ask_as(hub, token, row, method, kHidden);
                const std::string absent = ask_as(hub, token, row, method, kAbsent);
                CHECK(hidden == absent);
            }
        }
    }
    CHECK(walked > 40);
}

TEST_CASE("a hidden repo in other letter case, in lists and under a valid link of somebody else") {
    LiveHub hub;
    hub.make_repo("secret", true);
    hub.upload("alice/secret", kSecret);
    REQUIRE(hub.commit("alice/secret", {lfs_line("w.bin", kSecret)}).status == 200);
    CHECK(hub.ask("GET", "/api/models/ALICE/Secret", {.token = hub.mallory}).status == 404);
    CHECK(hub.ask("GET", "/api/models/ALICE/Secret", {.token = hub.alice}).status == 200);
    CHECK(hub.ask("GET", "/api/models").body == "[]");
    CHECK(hub.ask("GET", "/api/models?author=alice", {.token = hub.mallory}).body == "[]");
    CHECK(hub.ask("GET", "/api/models?search=secret", {.token = hub.mallory}).body == "[]");
    CHECK(
        hub.ask("GET", "/api/models", {.token = hub.alice}).body.find("alice/secret") !=
        std::string::npos
    );
}

TEST_CASE("the cache of located files asks for rights each time") {
    LiveHub hub;
    hub.make_repo("secret", true);
    REQUIRE(hub.commit("alice/secret", {file_line("a.txt", "a")}).status == 200);
    const std::string target = "/alice/secret/resolve/main/a.txt";
    CHECK(hub.ask("GET", target, {.token = hub.alice}).status == 200);
    CHECK(hub.ask("GET", target, {.token = hub.alice}).status == 200);
    CHECK(hub.ask("GET", target, {.token = hub.mallory}).status == 404);
    CHECK(hub.ask("GET", target).status == 401);
    // Made public, and private again: both count at once.
    const auto settings = [&](const char* body) {
        const Ask ask{.token = hub.alice, .body = body, .type = "application/json"};
        REQUIRE(hub.ask("PUT", "/api/models/alice/secret/settings", ask).status == 200);
    };
    settings(R"({"private":false})");
    CHECK(hub.ask("GET", target).status == 200);
    settings(R"({"private":true})");
    CHECK(hub.ask("GET", target).status == 401);
}

} // namespace railhub::tests
