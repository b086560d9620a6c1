// SPDX-License-Identifier: Apache-2.0
// Command lines: order, slips, wrong usage.
#include "cli/args.h"
#include "tests/support/catch.h"

namespace railhub::tests {

namespace {

using cli::Command;
using cli::Need;
using cli::OptionKind;

util::Result<cli::ExitCode> never_run(cli::Shell&, const cli::Args&) {
    return cli::ExitCode::Done;
}

std::vector<Command> table() {
    return {
        {.name = "push",
         .group = "A",
         .summary = "s",
         .page = "",
         .options =
             {{.name = "jobs", .letter = 'j', .kind = OptionKind::Number, .fallback = "4"},
              {.name = "include", .kind = OptionKind::List},
              {.name = "mode", .kind = OptionKind::Choice, .choices = {"fast", "slow"}},
              {.name = "dry-run", .letter = 'n', .kind = OptionKind::Switch}},
         .operands = {{"REPO", Need::Required}, {"PATH", Need::Optional}},
         .run = never_run},
        {.name = "repo create",
         .group = "B",
         .summary = "s",
         .page = "",
         .options = {},
         .operands = {{"REPO", Need::Required}},
         .run = never_run},
        {.name = "admin", .group = "C", .summary = "s", .page = "", .options = {{.name = "data"}}},
        {.name = "admin user create",
         .group = "C",
         .summary = "s",
         .page = "",
         .options = {},
         .operands = {{"NAME", Need::Required}},
         .run = never_run},
        {.name = "help",
         .group = "D",
         .summary = "s",
         .page = "",
         .options = {},
         .operands = {{"COMMAND", Need::AnyNumber}},
         .run = never_run},
        {.name = "serve",
         .group = "D",
         .summary = "s",
         .page = "",
         .options = {{.name = "tls", .kind = OptionKind::OptionalText}},
         .operands = {},
         .run = never_run},
    };
}

cli::Args
parse(const std::vector<Command>& rows, std::vector<std::string> words, std::string_view name) {
    const auto line = cli::parse_line(rows, words);
    REQUIRE_OK(line);
    REQUIRE(line->command != nullptr);
    CHECK(line->command->name == name);
    return line->args;
}

util::Error refuse(std::vector<std::string> words) {
    const auto rows = table();
    const auto line = cli::parse_line(rows, words);
    REQUIRE_ERROR(line, util::Code::InvalidInput);
    return line.error();
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("options and operands arrive in any order", "[cli]") {
    const auto rows = table();
    const auto args = parse(
        rows, {"push", "a/b", "-j", "8", "--include", "x", "dir", "--include=y", "-n"}, "push"
    );
    CHECK(args.text("REPO") == "a/b");
    CHECK(args.text("PATH") == "dir");
    CHECK(args.number("jobs") == 8);
    CHECK(args.list("include") == Words{"x", "y"});
    CHECK(args.has("dry-run"));
    CHECK_FALSE(args.has("mode"));
}

TEST_CASE("fallbacks fill in what is not given", "[cli]") {
    const auto rows = table();
    const auto args = parse(rows, {"push", "a/b"}, "push");
    CHECK(args.number("jobs") == 4);
    CHECK_FALSE(args.has("jobs"));
    CHECK(args.text("PATH").empty());
}

TEST_CASE("operands may look like commands", "[cli]") {
    const auto rows = table();
    const auto args = parse(rows, {"push", "push", "repo"}, "push");
    CHECK(args.text("REPO") == "push");
    CHECK(args.text("PATH") == "repo");
    CHECK(
        parse(rows, {"help", "help", "repo", "create"}, "help").list("COMMAND") ==
        Words{"help", "repo", "create"}
    );
}

TEST_CASE("options of a group stand before or after its commands", "[cli]") {
    const auto rows = table();
    for (const Words& words :
         {Words{"admin", "--data", "d", "user", "create", "ada"},
          Words{"admin", "user", "create", "ada", "--data", "d"}}) {
        const auto args = parse(rows, words, "admin user create");
        CHECK(args.text("data") == "d");
        CHECK(args.text("NAME") == "ada");
    }
}

TEST_CASE("options of every command stand anywhere", "[cli]") {
    const auto rows = table();
    CHECK(parse(rows, {"--json", "push", "a/b"}, "push").has("json"));
    CHECK(parse(rows, {"push", "a/b", "--json"}, "push").has("json"));
    CHECK(parse(rows, {"repo", "create", "a/b", "-q"}, "repo create").has("quiet"));
}

TEST_CASE("a value may be left out where the table says so", "[cli]") {
    const auto rows = table();
    CHECK(parse(rows, {"serve", "--tls"}, "serve").text("tls").empty());
    CHECK(parse(rows, {"serve", "--tls"}, "serve").has("tls"));
    CHECK(parse(rows, {"serve", "--tls=on"}, "serve").text("tls") == "on");
}

TEST_CASE("slips get the nearest name", "[cli]") {
    CHECK(refuse({"pish", "a/b"}).message == "unknown command 'pish'");
    CHECK(refuse({"pish", "a/b"}).hint == "did you mean 'push'?");
    CHECK(refuse({"repo", "creat", "a/b"}).hint == "did you mean 'create'?");
    CHECK(refuse({"push", "a/b", "--dry-rum"}).hint == "did you mean '--dry-run'?");
    CHECK(refuse({"push", "a/b", "--jsn"}).hint == "did you mean '--json'?");
    CHECK(refuse({"push", "a/b", "--mode", "fist"}).hint == "did you mean 'fast'?");
}

TEST_CASE("wrong usage says what is wrong", "[cli]") {
    CHECK(refuse({"push"}).message == "'REPO' is missing");
    CHECK(refuse({"push", "a/b", "c", "d"}).message == "unexpected argument 'd'");
    CHECK(
        refuse({"push", "a/b", "--jobs", "many"}).message == "'--jobs' needs a number, not 'many'"
    );
    CHECK(refuse({"push", "a/b", "--mode", "zzzzzz"}).hint == "choose one of fast, slow");
    CHECK_FALSE(refuse({"push", "a/b", "--jobs"}).message.empty());
}

TEST_CASE("help is asked for at any place", "[cli]") {
    const auto rows = table();
    for (const Words& words :
         {Words{"push", "--help"}, Words{"-h", "push"}, Words{"push", "a", "b", "c", "-h"}}) {
        const auto line = cli::parse_line(rows, words);
        REQUIRE_OK(line);
        CHECK(line->wants_help);
        CHECK(line->help_topic == "push");
    }
}

} // namespace railhub::tests
