// SPDX-License-Identifier: Apache-2.0
// The check of history sees each kind of damage.
#include "core/repo/fsck.h"
#include "tests/unit/repo/repo_world.h"

namespace railhub::repo::tests {

namespace {

std::string faults_after(RepoWorld& world, const std::string& damage) {
    std::string all;
    auto tx = world.begin_write();
    if (!damage.empty()) {
        auto statement = value(tx->prepare(damage));
        REQUIRE(value(statement.run()) > 0);
    }
    const RepoRecord record = value(find_repo_row(*tx, world.row)).value();
    value(check_history(
        world.ctx(),
        *tx,
        world.blobs,
        record,
        [&](const HistoryFault& fault) -> util::Result<> {
            all += fault.subject + " " + fault.problem + "\n";
            return {};
        }
    ));
    return all; // the transaction, and the damage with it, is rolled back
}

} // namespace

TEST_CASE("fsck of a sound history finds nothing, of a damaged one the damage") {
    RepoWorld world;
    auto writer = value(world.blobs.begin(world.ctx(), 0));
    value(writer->write(util::as_bytes("weights")));
    const types::BlobRef blob = value(writer->commit(std::nullopt));
    world.commit("main", {put("a", "1"), put("d/b", "2"), PutLfs{path("w.bin"), blob}});
    world.commit("main", {put("a", "2"), put("big", std::string(100'000, 'b'))});
    REQUIRE(faults_after(world, "") == "");

    const auto finds = [&](const std::string& damage, const std::string& words) {
        INFO(damage);
        REQUIRE_THAT(faults_after(world, damage), ContainsSubstring(words));
    };
    finds("DELETE FROM git_object WHERE type = 3 AND size = 1", "is missing, needed by tree");
    finds("DELETE FROM git_object WHERE type = 2", "is missing, needed by commit");
    finds("DELETE FROM git_object WHERE type = 1", "is missing");
    finds(
        "UPDATE git_object SET data = x'00' WHERE type = 3 AND size = 1",
        "compressed data is damaged"
    );
    finds(
        "UPDATE git_object SET data = (SELECT data FROM git_object WHERE type = 3 AND size = 1 "
        "ORDER BY oid LIMIT 1) WHERE type = 3 AND size = 1",
        "does not match its name"
    );
    finds("UPDATE git_object SET blob_sha256 = zeroblob(32) WHERE size = 100000", "no blob");
    finds("UPDATE git_commit SET generation = 7 WHERE generation = 2", "differs from it");
    finds("UPDATE git_commit SET title = 'x'", "differs from it");
    finds(
        "UPDATE path_entry SET size = 99 WHERE path = 'a'",
        "path 'a' of branch 'refs/heads/main' differs"
    );
    finds(
        "UPDATE path_entry SET last_commit = (SELECT oid FROM git_commit WHERE generation = 1)",
        "differs in the path index"
    );
    finds("DELETE FROM path_entry WHERE path = 'd/b'", "path index of another size");
    finds("UPDATE git_ref SET path_set = NULL", "no path index");
    finds("UPDATE repo SET head = NULL", "head that is not its default branch");
    finds("DELETE FROM lfs_link", "points to a large file that is not linked");
    finds("UPDATE lfs_link SET size = 3", "another size in the store");
    finds("UPDATE lfs_link SET sha256 = zeroblob(32)", "is linked but not in the store");
    finds("UPDATE git_ref SET peeled = zeroblob(20)", "does not peel");
    REQUIRE(faults_after(world, "") == "");
    value(world.blobs.remove(world.ctx(), blob.sha256));
    REQUIRE_THAT(faults_after(world, ""), ContainsSubstring("is linked but not in the store"));
}

} // namespace railhub::repo::tests
