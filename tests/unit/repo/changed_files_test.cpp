// SPDX-License-Identifier: Apache-2.0
// Tests of core/repo/changed_files, on work trees made by git itself.
#include "core/repo/changed_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstdlib>

namespace railhub::repo {

namespace {

// Runs a script in `folder` with git apart from the tester's own settings.
void run_script(const std::string& folder, const std::string& script) {
    const std::string line = "cd '" + folder +
                             "' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null "
                             "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@localhost GIT_COMMITTER_NAME=a "
                             "GIT_COMMITTER_EMAIL=a@localhost && set -e && " +
                             script;
    REQUIRE(std::system(("sh -c \"" + line + "\"").c_str()) == 0); // NOLINT(cert-env33-c)
}

using Paths = std::set<std::string>;

} // namespace

TEST_CASE("changed files: committed, staged, edited, new and deleted ones since a branch point") {
    const tests::TempDir dir;
    run_script(
        dir.path(),
        "git init -q -b main . && mkdir app && echo 1 > app/a.py && echo 1 > app/b.py && "
        "echo 1 > app/c.py && echo 1 > app/d.py && echo ignored > .gitignore && git add -A && "
        "git commit -q -m one && git checkout -q -b work && echo 2 > app/a.py && "
        "git commit -q -a -m two && git checkout -q main && echo 3 > app/d.py && "
        "git commit -q -a -m three && git checkout -q work && echo 2 > app/b.py && "
        "git add app/b.py && rm app/c.py && echo n > 'new file.py' && echo n > ignored"
    );
    const auto all = changed_files(dir.path(), "main");
    REQUIRE_OK(all);
    // What changed on main alone is not ours.
    CHECK(*all == Paths{"app/a.py", "app/b.py", "app/c.py", "new file.py"});
    const auto below = changed_files(dir.path() + "/app/../app", "main");
    REQUIRE_OK(below);
    CHECK(*below == Paths{"a.py", "b.py", "c.py"});
    REQUIRE_ERROR(changed_files(dir.path(), "nothing"), util::Code::NotFound);
}

TEST_CASE("tracked files are those of the index, ignored or not") {
    const tests::TempDir dir;
    run_script(
        dir.path(),
        "git init -q . && mkdir app out && echo 1 > app/a.py && echo 1 > app/new.py && "
        "echo 1 > out/b.py && echo out > .gitignore && git add -f app/a.py out/b.py"
    );
    const auto all = tracked_files(dir.path());
    REQUIRE_OK(all);
    CHECK(*all == std::vector<std::string>{"app/a.py", "out/b.py"});
    const auto below = tracked_files(dir.path() + "/out");
    REQUIRE_OK(below);
    CHECK(*below == std::vector<std::string>{"b.py"});
}

TEST_CASE("changed files: a folder outside of git says so") {
    const tests::TempDir dir;
    REQUIRE_ERROR(tracked_files(dir.path()), util::Code::NotFound);
    REQUIRE_ERROR(changed_files(dir.path(), "main"), util::Code::NotFound);
    REQUIRE_ERROR(changed_files(dir.path() + "/none", "main"), util::Code::NotFound);
}

} // namespace railhub::repo
