// SPDX-License-Identifier: Apache-2.0
// Every code that a finding can carry has a page with an example, and each example finds what it
// says.
#include "cli/rule_pages.h"
#include "core/util/fs.h"
#include "core/util/json.h"
#include "core/util/text.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/unit/cli/fake_shell.h"

#include <set>
#include <unistd.h>

namespace railhub::tests {

namespace {

// The working folder of the process, for a while: examples are typed in their folder.
class InFolder {
  public:
    explicit InFolder(const std::string& folder) {
        char before[4096];
        REQUIRE(::getcwd(before, sizeof before) != nullptr);
        before_ = before;
        REQUIRE(::chdir(folder.c_str()) == 0);
    }

    InFolder(const InFolder&) = delete;
    InFolder& operator=(const InFolder&) = delete;

    ~InFolder() {
        if (::chdir(before_.c_str()) != 0) {
            std::abort();
        }
    }

  private:
    std::string before_;
};

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    for (const std::string_view word : util::split(line, ' ')) {
        words.emplace_back(word);
    }
    return words;
}

// "error R3" for every finding of a report, or of the reports of worked cases.
std::set<std::string> found_in(const util::Json& json) {
    std::set<std::string> found;
    if (const util::Json* cases = json.find("cases")) {
        for (const util::Json& one : *cases->as_array()) {
            found.merge(found_in(*one.find("report")));
        }
        return found;
    }
    for (const util::Json& finding : *json.find("findings")->as_array()) {
        found.insert(finding.text("severity") + " " + finding.text("rule"));
    }
    return found;
}

void put_file(const std::string& path, std::string_view text) {
    const auto fs = util::make_posix_fs();
    REQUIRE_OK(fs->make_dirs(util::parent_path(path)));
    REQUIRE_OK(util::write_atomic(*fs, path, util::as_bytes(text)));
}

// "hub:owner/name/FILE" goes where what was asked of a hub is kept, at a commit of ones.
void put_on_hub(const std::string& home, const std::string& name, std::string_view text) {
    const std::vector<std::string_view> parts = util::split(name, '/');
    REQUIRE(parts.size() == 3);
    const std::string folder = home + "/.cache/huggingface/hub/models--" + std::string(parts[0]) +
                               "--" + std::string(parts[1]);
    const std::string commit(40, '1');
    put_file(folder + "/refs/main", commit);
    put_file(folder + "/snapshots/" + commit + "/" + std::string(parts[2]), text);
}

void run_example(const cli::Example& example) {
    constexpr std::string_view kHub = "hub:";
    FakeShell shell;
    const std::string folder = util::join_path(shell.home.path(), "example");
    REQUIRE_OK(util::make_posix_fs()->make_dirs(folder));
    for (const cli::ExampleFile& file : example.files) {
        if (file.path.starts_with(kHub)) {
            put_on_hub(shell.home.path(), file.path.substr(kHub.size()), file.text);
        } else {
            put_file(util::join_path(folder, file.path), file.text);
        }
    }
    const InFolder here(folder);
    for (std::size_t i = 0; i + 1 < example.commands.size(); ++i) {
        const Outcome outcome = shell.call(words_of(example.commands[i]));
        INFO(example.commands[i] << ": " << outcome.err);
        CHECK(outcome.code == cli::ExitCode::Done);
    }
    std::vector<std::string> words = words_of(example.commands.back());
    words.emplace_back("--json");
    const Outcome outcome = shell.call(words);
    INFO(outcome.err);
    if (example.severity.empty()) {
        CHECK(outcome.code == cli::ExitCode::Usage);
        CHECK_THAT(outcome.err, ContainsSubstring(": " + example.code + ": "));
        return;
    }
    const auto json = util::parse_json(outcome.out);
    REQUIRE_OK(json);
    INFO(outcome.out);
    CHECK(found_in(*json).contains(example.severity + " " + example.code));
    if (json->find("cases") != nullptr) {
        CHECK(json->number("failed") == 0);
    }
}

} // namespace

TEST_CASE("every code has a page, and its example finds it", "[golden]") {
    std::set<std::string> ids;
    for (const cli::RulePage& page : cli::rule_pages()) {
        INFO(page.text.id);
        CHECK(ids.insert(page.text.id).second);
        CHECK(page.text.title.ends_with('.'));
        CHECK_FALSE(page.text.help.empty());
        const cli::Example example = cli::parse_example(page.example);
        CHECK(example.code == page.text.id);
        CHECK_FALSE(example.files.empty());
        REQUIRE_FALSE(example.commands.empty());
        run_example(example);
    }
    CHECK(ids.size() >= 31);
}

TEST_CASE("explain prints the page of every code", "[golden]") {
    FakeShell shell;
    for (const cli::RulePage& page : cli::rule_pages()) {
        const Outcome outcome = shell.call({"explain", page.text.id});
        CHECK(outcome.code == cli::ExitCode::Done);
        CHECK_THAT(outcome.out, ContainsSubstring(std::string(page.example)));
    }
    CHECK(shell.call({"explain", "lineage.sourc"}).code == cli::ExitCode::NotFound);
}

TEST_CASE("the page of rules is what the tables say", "[golden]") {
    golden_page("docs/rules.md", cli::rules_reference());
}

} // namespace railhub::tests
