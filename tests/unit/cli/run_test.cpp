// SPDX-License-Identifier: Apache-2.0
// Whole calls without a hub: output, messages, exit codes.
#include "core/util/fs.h"
#include "core/util/json.h"
#include "tests/support/catch.h"
#include "tests/unit/cli/fake_shell.h"

namespace railhub::tests {

using cli::ExitCode;

TEST_CASE("exit codes follow the kind of failure", "[cli]") {
    using util::Code;
    CHECK(cli::exit_code_of(Code::InvalidInput) == ExitCode::Usage);
    CHECK(cli::exit_code_of(Code::NotFound) == ExitCode::NotFound);
    CHECK(cli::exit_code_of(Code::Unauthenticated) == ExitCode::NotAllowed);
    CHECK(cli::exit_code_of(Code::PermissionDenied) == ExitCode::NotAllowed);
    CHECK(cli::exit_code_of(Code::Unavailable) == ExitCode::Failed);
    CHECK(cli::exit_code_of(Code::Corrupt) == ExitCode::Failed);
    CHECK(cli::exit_code_of(Code::Cancelled) == ExitCode::Interrupted);
    CHECK(static_cast<int>(ExitCode::Bug) == 70);
    CHECK(static_cast<int>(ExitCode::Interrupted) == 130);
}

TEST_CASE("without words the overview is the answer", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({});
    CHECK(outcome.code == ExitCode::Done);
    CHECK_THAT(outcome.out, ContainsSubstring("railhub COMMAND"));
    CHECK(outcome.err.empty());
}

TEST_CASE("a group alone is wrong usage and lists its commands", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({"repo"});
    CHECK(outcome.code == ExitCode::Usage);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, ContainsSubstring("railhub repo create"));
}

TEST_CASE("wrong usage goes to stderr with a hint", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({"vesion"});
    CHECK(outcome.code == ExitCode::Usage);
    CHECK(outcome.err == "error: unknown command 'vesion'\nhint: did you mean 'version'?\n");
    CHECK(outcome.out.empty());
}

TEST_CASE("errors are one line of JSON where that is asked for", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({"license", "show", "mitt", "--json"});
    const auto json = util::parse_json(outcome.err);
    REQUIRE_OK(json);
    REQUIRE(json->find("error") != nullptr);
    CHECK(json->find("error")->text("code") == "not-found");
    CHECK(outcome.out.empty());
}

TEST_CASE("a hub that is not there is a failure, not a hang", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({"ls", "ada/model"});
    CHECK(outcome.code == ExitCode::Failed);
    CHECK_THAT(outcome.err, ContainsSubstring("127.0.0.1"));
}

TEST_CASE("offline asks nobody", "[cli]") {
    FakeShell shell;
    CHECK(shell.call({"ls", "ada/model", "--offline"}).code == ExitCode::Failed);
    shell.environment["HF_HUB_OFFLINE"] = "1";
    CHECK(shell.call({"whoami"}).code == ExitCode::Failed);
    CHECK(shell.call({"pull", "ada/model"}).code == ExitCode::NotFound);
}

TEST_CASE("names of repositories are checked before anything else", "[cli]") {
    FakeShell shell;
    for (const std::string name : {"x", "a/b/c", "a//b", "a/..", "-/x", "a/b--c"}) {
        const Outcome outcome = shell.call({"repo", "show", name});
        CHECK(outcome.code == ExitCode::Usage);
    }
    CHECK(shell.call({"ls", "a/b@x", "--revision", "y"}).code == ExitCode::Usage);
}

TEST_CASE("an endpoint must be a URL", "[cli]") {
    FakeShell shell;
    const Outcome outcome = shell.call({"whoami", "--endpoint", "localhost"});
    CHECK(outcome.code == ExitCode::Usage);
    CHECK_THAT(outcome.err, ContainsSubstring("--endpoint"));
}

TEST_CASE("colours are for terminals only", "[cli]") {
    FakeShell shell;
    CHECK_THAT(shell.call({"vesion"}).err, !ContainsSubstring("\x1b["));
    CHECK_THAT(
        shell.call({"license", "show", "mit", "--color", "always"}).out, ContainsSubstring("\x1b[")
    );
    shell.environment["NO_COLOR"] = "1";
    CHECK_THAT(shell.call({"license", "show", "mit"}).out, !ContainsSubstring("\x1b["));
}

TEST_CASE("licenses are shown as text and as JSON", "[cli]") {
    FakeShell shell;
    CHECK_THAT(shell.call({"license", "show", "MIT"}).out, ContainsSubstring("MIT License"));
    const auto json = util::parse_json(shell.call({"license", "show", "mit", "--json"}).out);
    REQUIRE_OK(json);
    CHECK(json->text("id") == "mit");
    const Outcome unknown = shell.call({"license", "show", "mitt"});
    CHECK(unknown.code == ExitCode::NotFound);
    CHECK_THAT(unknown.err, ContainsSubstring("did you mean"));
}

TEST_CASE("a card on disk is linted with positions", "[cli]") {
    FakeShell shell;
    const auto fs = util::make_posix_fs();
    const std::string file = shell.home.file("README.md");
    REQUIRE_OK(util::write_atomic(*fs, file, util::as_bytes("---\nlicense: mitt\n---\n# x\n")));
    const Outcome bad = shell.call({"card", "lint", shell.home.path()});
    CHECK(bad.code == ExitCode::Findings);
    CHECK_THAT(bad.out, ContainsSubstring("README.md:2:"));
    REQUIRE_OK(util::write_atomic(*fs, file, util::as_bytes("---\nlicense: mit\n---\n# x\n")));
    CHECK(shell.call({"card", "lint", shell.home.path()}).code == ExitCode::Done);
    CHECK_THAT(shell.call({"card", "show", file}).out, ContainsSubstring("mit"));
}

TEST_CASE("every command has a page, and help for all of them can be printed", "[cli]") {
    FakeShell shell;
    CHECK(shell.call({"push", "--help"}).code == ExitCode::Done);
    CHECK(shell.call({"help", "repo", "create"}).code == ExitCode::Done);
    CHECK(shell.call({"help", "nothing"}).code == ExitCode::NotFound);
    for (const std::string name : {"bash", "zsh", "fish"}) {
        const Outcome outcome = shell.call({"completion", name});
        CHECK(outcome.code == ExitCode::Done);
        CHECK_THAT(outcome.out, ContainsSubstring("railhub"));
    }
    CHECK(shell.call({"completion", "tcsh"}).code == ExitCode::Usage);
}

TEST_CASE("deleting asks, and takes no answer for a no", "[cli]") {
    FakeShell shell;
    CHECK(shell.call({"repo", "delete", "ada/model"}).code == ExitCode::Usage);
    shell.in_is_tty = true;
    shell.input = {"ada/other"};
    const Outcome outcome = shell.call({"repo", "delete", "ada/model"});
    CHECK(outcome.code == ExitCode::Usage);
    CHECK_THAT(outcome.err, ContainsSubstring("Type 'ada/model'"));
}

} // namespace railhub::tests
