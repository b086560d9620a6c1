// SPDX-License-Identifier: Apache-2.0
// Commits through the builder, read back here and by git.
#include "tests/unit/repo/repo_world.h"

namespace railhub::repo::tests {

using util::Code;

namespace {

std::string text_at(RepoWorld& world, const types::Oid& commit, const std::string& file) {
    std::string text;
    world.read([&](Repository& repository) {
        const auto entry = value(repository.entry(commit, path(file)));
        REQUIRE(entry.has_value());
        const Content content = value(repository.content(*entry));
        text = content.bytes;
        if (content.reader) {
            text.resize(content.size);
            std::span<std::uint8_t> into(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
            std::size_t filled = 0;
            while (filled < into.size()) {
                filled += value(content.reader->read_at(filled, into.subspan(filled)));
            }
        }
    });
    return text;
}

std::vector<std::string> paths_at(RepoWorld& world, const types::Oid& commit) {
    std::vector<std::string> paths;
    world.read([&](Repository& repository) {
        ListOptions options;
        options.depth = ListOptions::Depth::Recursive;
        for (const TreeEntry& entry : value(repository.list(commit, "", options)).entries) {
            paths.push_back(entry.path);
        }
    });
    return paths;
}

} // namespace

TEST_CASE("a commit is read back and git agrees") {
    RepoWorld world;
    const std::string large(200'000, 'x');
    const auto first = world.commit(
        "main",
        {put("README.md", "# hi\n"),
         put("data/a.txt", "a"),
         put("data/deep/b.txt", "b"),
         put("large.txt", large),
         put("empty", "")}
    );
    const auto second = world.commit(
        "main",
        {put("data/a.txt", "a2"),
         DeletePath{path("data/deep"), DeleteWhat::Folder},
         CopyPath{path("copy/of.txt"), path("large.txt"), first},
         PutFile{path("run.sh"), "#!/bin/sh\n", EntryKind::Executable},
         PutFile{path("link"), "README.md", EntryKind::Symlink}}
    );
    REQUIRE(text_at(world, first, "data/a.txt") == "a");
    REQUIRE(text_at(world, second, "data/a.txt") == "a2");
    REQUIRE(text_at(world, second, "copy/of.txt") == large);
    REQUIRE(text_at(world, second, "empty").empty());
    REQUIRE(
        paths_at(world, second) ==
        std::vector<std::string>{
            "README.md",
            "copy",
            "copy/of.txt",
            "data",
            "data/a.txt",
            "empty",
            "large.txt",
            "link",
            "run.sh"}
    );
    const std::string git = world.export_to_git();
    REQUIRE(run("git -C " + git + " fsck --strict --full").empty());
    REQUIRE(run("git -C " + git + " rev-parse main") == second.hex() + "\n");
    REQUIRE(run("git -C " + git + " show main:data/a.txt") == "a2");
    REQUIRE(
        run("git -C " + git + " log --format=%an%ae%ad --date=iso -1") ==
        "Ada Exampleada@example.org2023-11-14 23:13:21 +0100\n"
    );
    REQUIRE(world.record().head == second.hex());
}

TEST_CASE("the log counts and pages, newest first") {
    RepoWorld world;
    std::vector<types::Oid> commits;
    for (int i = 0; i < 5; ++i) {
        commits.push_back(world.commit("main", {put("f", std::to_string(i))}));
    }
    world.read([&](Repository& repository) {
        const LogPage page = value(repository.log(commits.back(), 1, 2));
        REQUIRE(page.total == 5);
        REQUIRE(page.commits.size() == 2);
        REQUIRE(page.commits[0].oid == commits[3]);
        REQUIRE(page.commits[1].oid == commits[2]);
        REQUIRE(page.commits[0].title() == "Change number 1700000004");
        REQUIRE(value(repository.log(commits.back(), 9, 2)).commits.empty());
        REQUIRE(value(repository.is_ancestor(commits[0], commits[4])));
        REQUIRE(value(repository.is_ancestor(commits[4], commits[4])));
        REQUIRE_FALSE(value(repository.is_ancestor(commits[4], commits[0])));
    });
}

TEST_CASE("revisions resolve in the order of the hub") {
    RepoWorld world;
    const auto first = world.commit("main", {put("f", "1")});
    const auto second = world.commit("main", {put("f", "2")});
    value(world.move_ref("refs/heads/v1", second));
    value(world.move_ref("refs/tags/v1", first));
    value(world.move_ref("refs/tags/only-tag", first));
    value(world.move_ref("refs/pr/1", first));
    world.read([&](Repository& repository) {
        const auto commit_of = [&](std::string_view revision) {
            return value(repository.resolve(revision)).commit;
        };
        REQUIRE(commit_of("HEAD") == second);
        REQUIRE(commit_of("main") == second);
        REQUIRE(commit_of(first.hex()) == first);
        REQUIRE(commit_of("v1") == second);
        REQUIRE(commit_of("refs/tags/v1") == first);
        REQUIRE(commit_of("only-tag") == first);
        REQUIRE(commit_of("refs/pr/1") == first);
        REQUIRE(commit_of(first.hex().substr(0, 7)) == first);
        REQUIRE(value(repository.resolve("v1")).ref == "refs/heads/v1");
        for (const std::string missing :
             {"nothing",
              "refs/heads/nothing",
              "0000000",
              "00000000000000000000000000000000000000aa"}) {
            const auto result = repository.resolve(missing);
            REQUIRE_ERROR(result, Code::NotFound);
            REQUIRE(result.error().message == "Invalid rev id: " + missing);
            REQUIRE(result.error().reason == kReasonRevision);
        }
    });
}

TEST_CASE("annotated tags are peeled") {
    RepoWorld world;
    const auto commit = world.commit("main", {put("f", "1")});
    const RepoRecord record = world.record();
    types::Oid tag;
    {
        auto tx = world.begin_write();
        auto stage = value(Stage::open(world.ctx(), *tx, world.blobs, record));
        tag = value(build_tag(*stage, commit, "v1", person(1'700'000'100), "First"));
        PushRequest push;
        push.changes.push_back({"refs/tags/v1", std::nullopt, tag});
        value(apply_push(world.ctx(), *tx, world.blobs, record, *stage, push));
        stage.reset();
        value(tx->commit());
    }
    world.read([&](Repository& repository) {
        const auto ref = value(repository.ref("refs/tags/v1"));
        REQUIRE(ref->target == tag);
        REQUIRE(ref->peeled == commit);
        REQUIRE(value(repository.resolve("v1")).commit == commit);
        REQUIRE(value(repository.resolve(tag.hex())).commit == commit);
    });
    const std::string git = world.export_to_git();
    REQUIRE(run("git -C " + git + " fsck --strict --full").empty());
    REQUIRE(run("git -C " + git + " cat-file -t v1") == "tag\n");
}

TEST_CASE("operations of one commit see those before them") {
    RepoWorld world;
    world.commit("main", {put("a", "file"), put("b/c", "1"), put("b/d", "2")});
    const auto commit = world.commit(
        "main",
        {DeletePath{path("a")},
         put("a/inner", "now a folder"),
         DeletePath{path("b"), DeleteWhat::Folder},
         put("b", "now a file"),
         put("x/y/z", "1"),
         DeletePath{path("x/y/z"), DeleteWhat::File}}
    );
    REQUIRE(paths_at(world, commit) == std::vector<std::string>{"a", "a/inner", "b"});
    REQUIRE(run("git -C " + world.export_to_git() + " fsck --strict --full").empty());
}

TEST_CASE("deleting what is not there is said in the words of the hub") {
    RepoWorld world;
    world.commit("main", {put("d/f", "1")});
    for (const DeletePath& operation :
         {DeletePath{path("x")},
          DeletePath{path("d"), DeleteWhat::File},
          DeletePath{path("d/f"), DeleteWhat::Folder},
          DeletePath{path("d/f/g")}}) {
        const auto result = world.try_commit("main", {operation});
        REQUIRE_ERROR(result, Code::NotFound);
        REQUIRE_THAT(
            result.error().message, ContainsSubstring("A file with this name doesn't exist")
        );
    }
}

TEST_CASE("large files become pointers that a clone will resolve") {
    RepoWorld world;
    auto writer = value(world.blobs.begin(world.ctx(), 0));
    value(writer->write(util::as_bytes("weights")));
    const types::BlobRef blob = value(writer->commit(std::nullopt));
    const auto commit = world.commit(
        "main",
        {put(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"),
         PutLfs{path("covered.bin"), blob},
         PutLfs{path("sub/odd name[1].dat"), blob}}
    );
    world.read([&](Repository& repository) {
        const auto entry = value(repository.entry(commit, path("sub/odd name[1].dat")));
        REQUIRE(entry->lfs == blob);
        REQUIRE(entry->size == 7);
        REQUIRE(entry->pointer_size == 126);
        REQUIRE(value(repository.content(*entry)).reader != nullptr);
        REQUIRE(
            value(repository.text(commit, ".gitattributes", 1000)) ==
            "*.bin filter=lfs diff=lfs merge=lfs -text\n"
            "\"/sub/odd name\\\\[1].dat\" filter=lfs diff=lfs merge=lfs -text\n"
        );
    });
    auto tx = world.begin_read();
    REQUIRE(value(is_lfs_linked(*tx, world.row, blob.sha256)));
    REQUIRE(value(repos_linking_lfs(*tx, blob.sha256, 10)) == std::vector{world.row});
    tx.reset();
    const std::string git = world.export_to_git();
    REQUIRE(
        run("cd " + git +
            " && git read-tree main && git check-attr --cached filter -- "
            "'sub/odd name[1].dat'") == "sub/odd name[1].dat: filter: lfs\n"
    );
}

TEST_CASE("a push is refused when a ref is not where it should be, and nothing stays") {
    RepoWorld world;
    const auto first = world.commit("main", {put("f", "1")});
    const RepoRecord record = world.record();
    const auto attempt = [&](std::optional<types::Oid> from, const std::string& name) {
        auto tx = world.begin_write();
        auto stage = value(Stage::open(world.ctx(), *tx, world.blobs, record));
        CommitRequest request;
        request.parents = {first};
        request.operations = {put("g", "2")};
        request.author = request.committer = person(1'700'000'200);
        request.message = "late";
        const auto made = value(build_commit(world.ctx(), *stage, request));
        PushRequest push;
        push.changes.push_back({name, from, made});
        return apply_push(world.ctx(), *tx, world.blobs, record, *stage, push);
    };
    REQUIRE_ERROR(attempt(std::nullopt, "refs/heads/main"), Code::Conflict);
    REQUIRE_ERROR(
        attempt(oid("1234567890123456789012345678901234567890"), "refs/heads/main"), Code::Conflict
    );
    REQUIRE_ERROR(attempt(std::nullopt, "refs/heads/main/sub"), Code::Conflict);
    REQUIRE_ERROR(attempt(std::nullopt, "refs/heads/b..ad"), Code::InvalidInput);
    REQUIRE(attempt(first, "refs/heads/main").ok()); // not committed: the transaction ended
    REQUIRE(world.tip("refs/heads/main") == first);
    world.read([&](Repository& repository) {
        REQUIRE(value(repository.log(first, 0, 10)).total == 1);
    });
}

TEST_CASE("a stage on a read transaction is applied on a write transaction") {
    RepoWorld world;
    const auto first = world.commit("main", {put("f", "1")});
    const RepoRecord record = world.record();
    auto read_tx = world.begin_read();
    auto stage = value(Stage::open(world.ctx(), *read_tx, world.blobs, record));
    CommitRequest request;
    request.parents = {first};
    request.operations = {put("g", "2"), put("big", std::string(100'000, 'b'))};
    request.author = request.committer = person(1'700'000'200);
    request.message = "from outside";
    const auto made = value(build_commit(world.ctx(), *stage, request));
    auto tx = world.begin_write();
    PushRequest push;
    push.changes.push_back({"refs/heads/main", first, made});
    value(apply_push(world.ctx(), *tx, world.blobs, record, *stage, push));
    value(tx->commit());
    stage.reset();
    read_tx.reset();
    tx.reset();
    REQUIRE(paths_at(world, made) == std::vector<std::string>{"big", "f", "g"});
    REQUIRE(run("git -C " + world.export_to_git() + " fsck --strict --full").empty());
}

} // namespace railhub::repo::tests
