// SPDX-License-Identifier: Apache-2.0
// RepoWorld: a real database, a store in memory and one repo; and the `git` program to compare
// with.
#pragma once

#include "core/db/sqlite.h"
#include "core/repo/placement.h"
#include "core/repo/push.h"
#include "core/storage/memory_store.h"
#include "tests/support/fixed_random.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <functional>
#include <string>
#include <vector>

namespace railhub::repo::tests {

using railhub::tests::FixedRandom;
using railhub::tests::TempDir;
using railhub::tests::TestContext;
using railhub::tests::value;

types::RepoPath path(std::string_view text);
PutFile put(std::string_view path_text, std::string bytes);
Signature person(std::int64_t seconds);

// One thread.
class RepoWorld {
  public:
    RepoWorld();

    [[nodiscard]] util::Context ctx() { return context_.context(); }

    [[nodiscard]] RepoRecord record();

    std::unique_ptr<db::Transaction> begin_read();
    std::unique_ptr<db::Transaction> begin_write();

    // Commits operations on top of a branch (made when absent); returns the commit.
    types::Oid commit(const std::string& branch, std::vector<FileOperation> operations);
    // The same with an Error instead of a failing test; nothing is kept then.
    util::Result<types::Oid>
    try_commit(const std::string& branch, std::vector<FileOperation> operations);
    // Moves or makes a ref from what it is now.
    util::Result<> move_ref(const std::string& name, std::optional<types::Oid> to);
    // Receives a pack, checks, and sets the refs to these values (forced).
    util::Result<> push_pack(std::string_view pack, const std::vector<RefChange>& changes);
    // Reads in a transaction of its own.
    void read(const std::function<void(Repository&)>& use);

    [[nodiscard]] std::optional<types::Oid> tip(const std::string& ref_name);
    // All objects and refs as a bare git repository; returns its path.
    std::string export_to_git();
    // All refs of a git repository are pushed here in one pack, forced; others are left.
    util::Result<> push_from_git(const std::string& git_folder);

    TestContext context_;
    TempDir folder;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<storage::ObjectStore> objects;
    storage::Blobs blobs;
    std::int64_t row = 0;
    std::int64_t now_seconds = 1'700'000'000;

  private:
    int exports_ = 0;
};

// Runs a shell line with a clean git configuration; fails the test when it fails.
std::string run(const std::string& command);

struct ShellResult {
    int code = 0;
    std::string output; // stdout and stderr
};

ShellResult try_run(const std::string& command);
std::string shell_quoted(std::string_view text);
// Writes a file and returns its path.
std::string write_text(const std::string& file, std::string_view text);
std::string read_text(const std::string& file);
types::Oid oid(std::string_view hex);

} // namespace railhub::repo::tests
