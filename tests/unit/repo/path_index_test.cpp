// SPDX-License-Identifier: Apache-2.0
// The path index against a plain walk and against git, over random histories; and large trees.
#include "core/repo/fsck.h"
#include "core/repo/path_index.h"
#include "tests/unit/repo/random_history.h"

#include <set>

namespace railhub::repo::tests {

using util::Code;

namespace {

std::vector<std::string> faults_of(RepoWorld& world) {
    std::vector<std::string> faults;
    const RepoRecord record = world.record();
    auto tx = world.begin_read();
    value(check_history(
        world.ctx(),
        *tx,
        world.blobs,
        record,
        [&](const HistoryFault& fault) -> util::Result<> {
            // Pointers in random histories point nowhere.
            if (!fault.subject.starts_with("large file")) {
                faults.push_back(fault.subject + ": " + fault.problem);
            }
            return {};
        }
    ));
    return faults;
}

std::vector<TreeEntry>
all_entries(Repository& repository, const types::Oid& commit, std::size_t page_size) {
    ListOptions options;
    options.depth = ListOptions::Depth::Recursive;
    options.last_commits = ListOptions::LastCommits::Include;
    options.limit = page_size;
    std::vector<TreeEntry> entries;
    while (true) {
        TreePage page = value(repository.list(commit, "", options));
        for (TreeEntry& entry : page.entries) {
            entries.push_back(std::move(entry));
        }
        if (!page.has_more) {
            return entries;
        }
        options.after = entries.back().path;
    }
}

// Every path of a branch: what is there, its size, and who changed it last.
void compare_with_git(RepoWorld& world, const std::string& git, const Ref& branch) {
    const std::string in_git = "git -C " + shell_quoted(git) + " ";
    std::set<std::string> expected;
    const std::string listing =
        run(in_git + "ls-tree -r -t --format='%(objectmode) %(objectname) %(path)' " +
            branch.target.hex());
    std::size_t at = 0;
    while (at < listing.size()) {
        const std::size_t end = listing.find('\n', at);
        expected.insert(listing.substr(at, end - at));
        at = end + 1;
    }
    world.read([&](Repository& repository) {
        const auto entries = all_entries(repository, branch.target, 3);
        REQUIRE(entries.size() == expected.size());
        for (const TreeEntry& entry : entries) {
            const std::string mode = entry.kind == EntryKind::Directory    ? "040000"
                                     : entry.kind == EntryKind::Executable ? "100755"
                                                                           : "100644";
            REQUIRE(expected.contains(mode + " " + entry.oid.hex() + " " + entry.path));
            const std::string last =
                run(in_git + "log -1 --format=%H " + branch.target.hex() + " -- " +
                    shell_quoted(entry.path));
            INFO(branch.name << " " << entry.path);
            REQUIRE(entry.last_commit->oid.hex() + "\n" == last);
        }
    });
}

} // namespace

TEST_CASE("the path index follows random histories pushed by git") {
    const unsigned seed = GENERATE(1U, 2U, 3U);
    RepoWorld world;
    RandomHistory::store_large_files(world);
    RandomHistory history(world.folder.file("source.git"), seed);
    for (int step = 0; step < 12; ++step) {
        INFO("seed " << seed << " step " << step);
        history.grow(step == 0 ? 30 : 1 + step % 5);
        value(world.push_from_git(history.git_folder()));
        REQUIRE(faults_of(world) == std::vector<std::string>());
    }
    std::vector<Ref> refs;
    world.read([&](Repository& repository) { refs = value(repository.refs()); });
    for (const Ref& ref : refs) {
        if (ref.name.starts_with("refs/heads/")) {
            compare_with_git(world, history.git_folder(), ref);
        }
    }
    REQUIRE(run("git -C " + world.export_to_git() + " fsck --strict --full --no-dangling").empty());
}

TEST_CASE("commits through the API keep the path index in step") {
    RepoWorld world;
    const auto first = world.commit("main", {put("a/b", "1"), put("c", "1")});
    const auto second = world.commit("main", {put("a/d", "1")});
    world.commit("main", {put("a/d", "2")});
    const auto reverted = world.commit("main", {put("a/d", "1")});
    REQUIRE(faults_of(world) == std::vector<std::string>());
    world.read([&](Repository& repository) {
        const auto last = [&](std::string_view name) {
            const auto entry =
                value(repository.entry(reverted, path(name), ListOptions::LastCommits::Include));
            return entry->last_commit->oid;
        };
        REQUIRE(last("a/b") == first);
        REQUIRE(last("c") == first);
        REQUIRE(last("a/d") == reverted);
        REQUIRE(last("a") == reverted);
        // A commit that is no tip is walked.
        const auto entries = all_entries(repository, second, 1000);
        REQUIRE(entries.size() == 4);
        REQUIRE(entries[0].path == "a");
        REQUIRE(entries[0].last_commit->oid == second);
    });
}

TEST_CASE("branches share an index until they part, and leave nothing behind") {
    RepoWorld world;
    const auto first = world.commit("main", {put("a", "1"), put("b", "1")});
    value(world.move_ref("refs/heads/dev", first));
    world.commit("dev", {put("a", "2")});
    REQUIRE(faults_of(world) == std::vector<std::string>());
    world.commit("main", {put("b", "2")});
    REQUIRE(faults_of(world) == std::vector<std::string>());
    value(world.move_ref("refs/heads/dev", first)); // back
    REQUIRE(faults_of(world) == std::vector<std::string>());
    value(world.move_ref("refs/heads/dev", std::nullopt));
    REQUIRE(faults_of(world) == std::vector<std::string>());
    auto tx = world.begin_read();
    auto rows = value(tx->prepare("SELECT COUNT(*) FROM path_entry"));
    REQUIRE(value(rows.step()));
    REQUIRE(rows.integer(0) == 2);
}

TEST_CASE("a page of a tree of 100,000 entries is one range of the index") {
    RepoWorld world;
    std::vector<FileOperation> operations;
    for (int i = 0; i < 100'000; ++i) {
        std::string number = std::to_string(i);
        number.insert(0, 6 - number.size(), '0');
        auto name = types::RepoPath::parse("flat/" + number);
        operations.push_back(PutFile{std::move(name).value(), "same", EntryKind::File});
    }
    world.commit("main", std::move(operations));
    const auto changed = world.commit("main", {put("flat/050000", "other"), put("top", "1")});
    world.read([&](Repository& repository) {
        ListOptions options;
        options.last_commits = ListOptions::LastCommits::Include;
        options.after = "flat/049998";
        const TreePage page = value(repository.list(changed, "flat", options));
        REQUIRE(page.entries.size() == 1000);
        REQUIRE(page.has_more);
        REQUIRE(page.entries[0].path == "flat/049999");
        REQUIRE(page.entries[1].last_commit->oid == changed);
        REQUIRE(page.entries[2].last_commit->oid != changed);
        options.after = "flat/099998";
        const TreePage last = value(repository.list(changed, "flat", options));
        REQUIRE(last.entries.size() == 1);
        REQUIRE_FALSE(last.has_more);
        REQUIRE_ERROR(repository.list(changed, "none", options), Code::NotFound);
        REQUIRE_ERROR(repository.list(changed, "top", options), Code::NotFound);
        REQUIRE(value(repository.list(changed, "", ListOptions())).entries.size() == 2);
    });
}

} // namespace railhub::repo::tests
