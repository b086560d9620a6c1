// SPDX-License-Identifier: Apache-2.0
// Statuses, codes and words of errors (hub-api sections 2 and 18).
#include "tests/support/catch.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::tests {

namespace {

const Ask kNothing;

struct Expectation {
    const char* method;
    const char* target;
    bool is_logged_in;
    int status;
    const char* code;
    const char* message;
};

} // namespace

TEST_CASE("what clients tell errors by") {
    LiveHub hub;
    hub.make_repo("model");
    const std::vector<Expectation> rows = {
        {"GET",
         "/api/models/alice/none",
         false,
         401,
         "RepoNotFound",
         "Invalid username or password."},
        {"GET", "/api/models/alice/none", true, 404, "RepoNotFound", "Repository not found"},
        {"GET", "/api/models/i--d/dont", true, 404, "RepoNotFound", "Repository not found"},
        {"GET", "/api/models/gpt2", true, 404, "RepoNotFound", "Repository not found"},
        {"GET",
         "/gpt2/resolve/main/x",
         false,
         401,
         "RepoNotFound",
         "Invalid username or password."},
        {"HEAD", "/alice/none/resolve/main/x", true, 404, "RepoNotFound", "Repository not found"},
        {"GET",
         "/api/models/alice/model/revision/none",
         true,
         404,
         "RevisionNotFound",
         "Invalid rev id: none"},
        {"HEAD",
         "/alice/model/resolve/none/x",
         false,
         404,
         "RevisionNotFound",
         "Invalid rev id: none"},
        {"HEAD", "/alice/model/resolve/main/x", false, 404, "EntryNotFound", "Entry not found"},
        {"GET",
         "/api/models/alice/model/tree/main/x",
         false,
         404,
         "EntryNotFound",
         "Entry not found"},
        {"GET",
         "/api/models/alice/model/tree/main/.gitattributes",
         false,
         404,
         "EntryNotFound",
         "Entry not found"},
        {"GET", "/api/whoami-v2", false, 401, "", "Invalid username or password."},
        {"GET", "/api/models/alice/model?expand=wrong", true, 400, "", nullptr},
        {"GET", "/nothing", true, 404, "", "Not found"},
    };
    for (const Expectation& row : rows) {
        INFO(row.method << " " << row.target);
        Ask ask;
        ask.token = row.is_logged_in ? hub.alice : "";
        const Answer answer = hub.ask(row.method, row.target, ask);
        CHECK(answer.status == row.status);
        CHECK(answer.header("X-Error-Code") == row.code);
        CHECK_FALSE(answer.header("X-Request-Id").empty());
        if (row.message != nullptr) {
            CHECK(answer.header("X-Error-Message") == row.message);
        }
        CHECK(answer.header("Content-Type").starts_with("application/json"));
        if (std::string(row.method) != "HEAD") {
            CHECK(LiveHub::json(answer).text("error") == answer.header("X-Error-Message"));
        }
    }
}

TEST_CASE("a missing entry names the commit") {
    LiveHub hub;
    hub.make_repo("model");
    const Answer answer = hub.ask("HEAD", "/alice/model/resolve/main/none");
    CHECK(answer.header("X-Repo-Commit") == hub.head("alice/model"));
}

TEST_CASE("an invalid token is refused everywhere, also where nobody needs one") {
    LiveHub hub;
    hub.make_repo("model");
    for (const char* target :
         {"/api/models/alice/model",
          "/alice/model/resolve/main/.gitattributes",
          "/api/models",
          "/api/whoami-v2",
          "/nothing",
          "/api/models/alice/none"}) {
        INFO(target);
        const Answer answer = hub.ask("GET", target, {.token = "hf_wrong"});
        CHECK(answer.status == 401);
        CHECK(answer.header("X-Error-Message") == "Invalid credentials in Authorization header");
        CHECK(answer.header("X-Error-Code").empty());
    }
    CHECK(hub.ask("GET", "/healthz", {.token = "hf_wrong"}).status == 200);
}

TEST_CASE("credentials come as Bearer in any case, or as the password of Basic") {
    LiveHub hub;
    const auto whoami = [&](const std::string& header) {
        return hub.ask("GET", "/api/whoami-v2", {.headers = {{"authorization", header}}}).status;
    };
    CHECK(whoami("Bearer " + hub.alice) == 200);
    CHECK(whoami("bearer  " + hub.alice) == 200);
    CHECK(whoami("Basic " + util::to_base64(util::as_bytes("anybody:" + hub.alice))) == 200);
    CHECK(whoami("basic " + util::to_base64(util::as_bytes(hub.alice + ":"))) == 200);
    CHECK(whoami("Basic ???") == 401);
    CHECK(whoami("Digest x") == 401);
}

TEST_CASE("a read token reads and nothing else") {
    LiveHub hub;
    hub.make_repo("model");
    const Ask commit{
        .token = hub.reader,
        .body = commit_body("x", {file_line("x", "x")}),
        .type = "application/x-ndjson"};
    CHECK(hub.ask("POST", "/api/models/alice/model/commit/main", commit).status == 403);
    CHECK(hub.ask("POST", "/api/models/alice/model/commit/main?create_pr=1", commit).status == 403);
    const Ask create{.token = hub.reader, .body = R"({"name":"x"})", .type = "application/json"};
    CHECK(hub.ask("POST", "/api/repos/create", create).status == 403);
    CHECK(hub.ask("GET", "/api/models/alice/model", {.token = hub.reader}).status == 200);
    CHECK(
        hub.ask("GET", "/api/models/alice/model/auth-check/write", {.token = hub.reader}).status ==
        403
    );
    CHECK(
        hub.ask("GET", "/api/models/alice/model/auth-check/write", {.token = hub.alice}).status ==
        200
    );
    CHECK(
        hub.ask("POST", "/api/models/alice/model/commit/main", {.body = commit.body}).status == 401
    );
}

TEST_CASE("a method that the path does not have") {
    LiveHub hub;
    hub.make_repo("model");
    CHECK(hub.ask("PATCH", "/api/models/alice/model/refs", {.token = hub.alice}).status == 405);
}

} // namespace railhub::tests
