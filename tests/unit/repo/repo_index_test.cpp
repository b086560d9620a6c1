// SPDX-License-Identifier: Apache-2.0
// The list of repositories: names in any case, renames, filters, pages, deletion.
#include "core/repo/dead_repos.h"
#include "core/repo/fsck.h"
#include "tests/unit/repo/repo_world.h"

namespace railhub::repo::tests {

using util::Code;

namespace {

RepoRecord
make(RepoWorld& world, const std::string& name, std::int64_t now_ms, bool is_private = false) {
    FixedRandom random(static_cast<std::uint64_t>(now_ms));
    auto tx = world.begin_write();
    NewRepo wanted;
    wanted.id = value(types::RepoId::parse(types::RepoKind::Model, name));
    wanted.is_private = is_private;
    wanted.creator = "ada";
    RepoRecord record = value(create_repo(*tx, random, now_ms, wanted));
    value(tx->commit());
    return record;
}

std::vector<std::string> names(RepoWorld& world, RepoFilter filter) {
    std::vector<std::string> found;
    auto tx = world.begin_read();
    while (true) {
        const RepoPage page = value(list_repos(*tx, filter));
        for (const RepoRecord& record : page.repos) {
            found.push_back(record.id.full_name());
        }
        if (page.next_cursor.empty()) {
            return found;
        }
        filter.cursor = page.next_cursor;
    }
}

types::RepoId id(const std::string& name) {
    return value(types::RepoId::parse(types::RepoKind::Model, name));
}

} // namespace

TEST_CASE("names are found in any letter case and taken in any") {
    RepoWorld world; // has ada/model
    {
        auto tx = world.begin_read();
        const auto found = value(find_repo(*tx, id("ADA/Model")));
        REQUIRE(found->record.id.full_name() == "ada/model");
        REQUIRE_FALSE(found->is_renamed);
        REQUIRE(found->record.public_id.size() == 24);
        REQUIRE(found->record.default_branch == "main");
        REQUIRE(found->record.head.empty());
        REQUIRE(found->record.card.is_null());
        REQUIRE_FALSE(value(find_repo(*tx, id("ada/other"))).has_value());
    }
    auto tx = world.begin_write();
    FixedRandom random(7);
    NewRepo wanted;
    wanted.id = id("Ada/MODEL");
    REQUIRE_ERROR(create_repo(*tx, random, 1, wanted), Code::AlreadyExists);
    wanted.id.kind = types::RepoKind::Dataset; // another kind is another name
    REQUIRE_OK(create_repo(*tx, random, 1, wanted));
    wanted.id = {types::RepoKind::Model, "ada", "bad..name"};
    REQUIRE_ERROR(create_repo(*tx, random, 1, wanted), Code::InvalidInput);
}

TEST_CASE("a renamed repo is found under its old names until they are taken") {
    RepoWorld world;
    auto tx = world.begin_write();
    value(rename_repo(*tx, world.row, id("bob/second"), 5));
    value(rename_repo(*tx, world.row, id("bob/third"), 6));
    for (const std::string old : {"ada/model", "bob/second"}) {
        const auto found = value(find_repo(*tx, id(old)));
        REQUIRE(found->is_renamed);
        REQUIRE(found->record.id.full_name() == "bob/third");
    }
    FixedRandom random(3);
    NewRepo wanted;
    wanted.id = id("ada/model");
    const RepoRecord fresh = value(create_repo(*tx, random, 7, wanted));
    REQUIRE(value(find_repo(*tx, id("ada/model")))->record.row == fresh.row);
    REQUIRE_ERROR(rename_repo(*tx, fresh.row, id("bob/THIRD"), 8), Code::AlreadyExists);
    value(rename_repo(*tx, world.row, id("Bob/Third"), 9)); // letter case alone
    REQUIRE(value(find_repo(*tx, id("bob/third")))->record.id.full_name() == "Bob/Third");
    value(rename_repo(*tx, world.row, id("bob/second"), 10)); // back
    REQUIRE_FALSE(value(find_repo(*tx, id("bob/second")))->is_renamed);
    REQUIRE_ERROR(rename_repo(*tx, 999, id("x/y"), 1), Code::NotFound);
}

TEST_CASE("lists are filtered, sorted and paged, and private repos stay out of sight") {
    RepoWorld world;
    make(world, "bob/alpha", 2000);
    make(world, "Bob/beta-model", 3000, true);
    make(world, "cleo/gamma", 4000);
    RepoFilter filter;
    REQUIRE(
        names(world, filter) == std::vector<std::string>{"cleo/gamma", "bob/alpha", "ada/model"}
    );
    filter.visible_owners = {"BOB"};
    filter.limit = 1; // pages of one
    REQUIRE(
        names(world, filter) ==
        std::vector<std::string>{"cleo/gamma", "Bob/beta-model", "bob/alpha", "ada/model"}
    );
    filter.visible_owners.clear();
    filter.sees_all = true;
    filter.sort = RepoSort::Name;
    REQUIRE(
        names(world, filter) ==
        std::vector<std::string>{"ada/model", "bob/alpha", "Bob/beta-model", "cleo/gamma"}
    );
    filter.owner = "BOB";
    REQUIRE(names(world, filter) == std::vector<std::string>{"bob/alpha", "Bob/beta-model"});
    filter.owner.clear();
    filter.sort = RepoSort::Created;
    filter.search = {"MODEL"};
    REQUIRE(names(world, filter) == std::vector<std::string>{"Bob/beta-model", "ada/model"});
    filter.search = {"model", "ada"};
    REQUIRE(names(world, filter) == std::vector<std::string>{"ada/model"});
    filter.search.clear();
    filter.kind = types::RepoKind::Dataset;
    REQUIRE(names(world, filter).empty());
    auto tx = world.begin_read();
    filter.cursor = "nonsense";
    REQUIRE_ERROR(list_repos(*tx, filter), Code::InvalidInput);
}

TEST_CASE("a push sets tags and card, and lists filter by tags") {
    RepoWorld world;
    const auto first = world.commit("main", {put("README.md", "1")});
    const RepoRecord record = world.record();
    {
        auto tx = world.begin_write();
        auto stage = value(Stage::open(world.ctx(), *tx, world.blobs, record));
        PushRequest push;
        push.changes.push_back({"refs/heads/main", first, first});
        push.now_ms = 9000;
        push.derived =
            DerivedFacts{{"pytorch", "license:mit"}, util::Json::object({{"license", "mit"}})};
        value(apply_push(world.ctx(), *tx, world.blobs, record, *stage, push));
        stage.reset();
        value(tx->commit());
    }
    const RepoRecord after = world.record();
    REQUIRE(after.tags == std::vector<std::string>{"license:mit", "pytorch"});
    REQUIRE(after.card.text("license") == "mit");
    REQUIRE(after.updated_ms == 9000);
    RepoFilter filter;
    filter.tags = {"pytorch", "license:mit"};
    REQUIRE(names(world, filter).size() == 1);
    filter.tags = {"pytorch", "license:gpl"};
    REQUIRE(names(world, filter).empty());
}

TEST_CASE("a deletion can be taken back whole") {
    RepoWorld world;
    world.commit("main", {put("f", "1"), put("d/g", "2")});
    world.commit("side", {put("h", "3")});
    const auto before = world.record();
    const auto refs_of = [&] { return run("git -C " + world.export_to_git() + " for-each-ref"); };
    const std::string refs = refs_of();
    {
        auto tx = world.begin_write();
        value(link_lfs(*tx, world.row, {util::sha256(util::as_bytes("x")), 1}));
        value(delete_repo(*tx, world.row, 77));
        value(tx->commit());
    }
    {
        auto tx = world.begin_write();
        const auto dead = value(list_dead_repos(*tx));
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].id == before.id);
        CHECK(dead[0].deleted_ms == 77);
        CHECK_FALSE(dead[0].trash);
        // A new repo of the name gets another id, so that it sees nothing of the old one.
        FixedRandom random;
        const auto other = value(create_repo(*tx, random, 1, {before.id, false, "ada"}));
        CHECK(other.row != world.row);
        REQUIRE_ERROR(restore_repo(world.ctx(), *tx, world.blobs, world.row), Code::AlreadyExists);
    }
    {
        auto tx = world.begin_write();
        const auto again = value(restore_repo(world.ctx(), *tx, world.blobs, world.row));
        CHECK(again.public_id == before.public_id);
        CHECK(again.head == before.head);
        CHECK(value(list_dead_repos(*tx)).empty());
        auto stale = value(tx->prepare("SELECT spreads FROM lineage_stale WHERE repo = ?"));
        CHECK(value(stale.bind(world.row).step()));
        CHECK(stale.integer(0) == 1);
        CHECK(value(is_lfs_linked(*tx, world.row, util::sha256(util::as_bytes("x")))));
        value(tx->commit());
    }
    CHECK(refs_of() == refs);
    std::vector<std::string> faults;
    auto tx = world.begin_read();
    value(check_history(world.ctx(), *tx, world.blobs, world.record(), [&](const HistoryFault& f) {
        faults.push_back(f.problem);
        return util::Result<>();
    }));
    CHECK(faults == std::vector<std::string>{"is linked but not in the store"}); // as it was
}

TEST_CASE("settings change, and a deleted repo leaves no rows once dropped") {
    RepoWorld world;
    world.commit("main", {put("f", "1"), put("d/g", "2")});
    {
        auto tx = world.begin_write();
        value(set_private(*tx, world.row, true));
        value(set_license_gate(*tx, world.row, "enforce"));
        value(link_lfs(*tx, world.row, {util::sha256(util::as_bytes("x")), 1}));
        REQUIRE_ERROR(set_private(*tx, 999, true), Code::NotFound);
        value(tx->commit());
    }
    REQUIRE(world.record().is_private);
    REQUIRE(world.record().license_gate == "enforce");
    auto tx = world.begin_write();
    value(rename_repo(*tx, world.row, id("ada/renamed"), 5));
    value(delete_repo(*tx, world.row, 1));
    REQUIRE_FALSE(value(find_repo(*tx, id("ada/model"))).has_value());
    REQUIRE_FALSE(value(find_repo(*tx, id("ada/renamed"))).has_value());
    value(drop_dead_repo(*tx, world.row));
    for (const std::string table :
         {"repo",
          "repo_tag",
          "repo_redirect",
          "git_object",
          "git_commit",
          "git_ref",
          "path_set",
          "path_entry",
          "lfs_link",
          "dead_repo",
          "dead_link",
          "dead_object",
          "repo_change"}) {
        auto rows = value(tx->prepare("SELECT COUNT(*) FROM " + table));
        REQUIRE(value(rows.step()));
        INFO(table);
        REQUIRE(rows.integer(0) == 0);
    }
}

} // namespace railhub::repo::tests
