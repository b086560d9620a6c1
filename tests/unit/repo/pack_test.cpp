// SPDX-License-Identifier: Apache-2.0
// Packs to clients and from them, judged by git.
#include "core/repo/pack_send.h"
#include "tests/unit/repo/random_history.h"

#include <algorithm>

namespace railhub::repo::tests {

using util::Code;

namespace {

std::string pack_of(RepoWorld& world, const PackRequest& request) {
    util::StringWriter writer;
    world.read([&](Repository& repository) {
        value(write_pack(world.ctx(), repository, *world.objects, request, writer));
    });
    return writer.take();
}

std::vector<types::Oid> tips_of(RepoWorld& world) {
    std::vector<types::Oid> tips;
    world.read([&](Repository& repository) {
        for (const Ref& ref : value(repository.refs())) {
            tips.push_back(ref.target);
        }
    });
    return tips;
}

// An empty client that takes packs and is checked by git.
class Client {
  public:
    explicit Client(std::string folder)
        : git_("git -C " + shell_quoted(folder) + " "), folder_(std::move(folder)) {
        run("git init -q --bare " + shell_quoted(folder_));
    }

    void take(const std::string& pack, const std::string& how = "--strict") {
        write_text(folder_ + "/incoming", pack);
        run(git_ + "index-pack " + how + " --stdin < " + shell_quoted(folder_ + "/incoming"));
    }

    void set_ref(const std::string& name, const types::Oid& target) {
        run(git_ + "update-ref " + name + " " + target.hex());
    }

    void set_shallow(const std::vector<types::Oid>& boundary) {
        std::string text;
        for (const types::Oid& commit : boundary) {
            text += commit.hex() + "\n";
        }
        write_text(folder_ + "/shallow", text);
    }

    std::string ask(const std::string& command) { return run(git_ + command); }

    void check() {
        REQUIRE(
            run(git_ + "fsck --strict --full --connectivity-only").find("missing") ==
            std::string::npos
        );
    }

  private:
    std::string git_;
    std::string folder_;
};

} // namespace

TEST_CASE("a clone and a fetch of random histories are whole") {
    const unsigned seed = GENERATE(11U, 12U);
    RepoWorld world;
    RandomHistory::store_large_files(world);
    RandomHistory history(world.folder.file("source.git"), seed);
    history.grow(60);
    value(world.push_from_git(history.git_folder()));
    Client client(world.folder.file("client.git"));
    std::vector<types::Oid> haves;
    for (int step = 0; step < 5; ++step) {
        PackRequest request;
        request.wants = tips_of(world);
        request.haves = haves;
        client.take(pack_of(world, request));
        int number = 0;
        for (const types::Oid& tip : request.wants) {
            client.set_ref("refs/got/" + std::to_string(number++), tip);
        }
        client.check();
        haves = request.wants;
        history.grow(6);
        value(world.push_from_git(history.git_folder()));
    }
}

TEST_CASE("a second full clone is streamed from the store") {
    RepoWorld world;
    std::vector<FileOperation> operations;
    for (int i = 0; i < 150; ++i) {
        operations.push_back(put("f" + std::to_string(i), std::to_string(i)));
    }
    operations.push_back(put("big", std::string(300'000, 'b')));
    world.commit("main", std::move(operations));
    world.commit("main", {put("f1", "new")});
    PackRequest request;
    request.wants = tips_of(world);
    const std::string first = pack_of(world, request);
    std::vector<std::string> keys;
    const auto list = [&] {
        keys.clear();
        value(world.objects->list(world.ctx(), "packs/", [&](const storage::ObjectInfo& object) {
            keys.push_back(object.key);
            return util::Result<>();
        }));
    };
    list();
    REQUIRE(keys.size() == 1);
    REQUIRE(keys[0].starts_with("packs/" + world.record().public_id + "/"));
    REQUIRE(pack_of(world, request) == first);
    Client client(world.folder.file("client.git"));
    client.take(first);
    client.set_ref("refs/heads/main", request.wants[0]);
    client.check();
    world.read([&](Repository& repository) {
        value(drop_stale_packs(world.ctx(), repository, *world.objects));
    });
    list();
    REQUIRE(keys.size() == 1);
    world.commit("main", {put("f1", "newer")});
    world.read([&](Repository& repository) {
        value(drop_stale_packs(world.ctx(), repository, *world.objects));
    });
    list();
    REQUIRE(keys.empty());
}

TEST_CASE("a shallow clone ends where it says, and deepens") {
    RepoWorld world;
    std::vector<types::Oid> commits;
    for (int i = 0; i < 6; ++i) {
        commits.push_back(
            world.commit("main", {put("f", std::to_string(i)), put("g" + std::to_string(i), "x")})
        );
    }
    Client client(world.folder.file("client.git"));
    PackRequest request;
    request.wants = {commits.back()};
    world.read([&](Repository& repository) {
        Deepen deepen;
        deepen.depth = 2;
        const auto boundary =
            value(shallow_boundary(world.ctx(), repository, request.wants, {}, deepen));
        REQUIRE(boundary.shallow == std::vector{commits[4]});
        REQUIRE(boundary.unshallow.empty());
        request.shallow = boundary.shallow;
    });
    client.set_shallow(request.shallow);
    client.take(pack_of(world, request));
    client.set_ref("refs/heads/main", commits.back());
    client.check();
    REQUIRE(client.ask("rev-list --count main") == "2\n");

    PackRequest deeper;
    deeper.wants = {commits.back()};
    deeper.haves = {commits.back()};
    deeper.client_shallow = {commits[4]};
    world.read([&](Repository& repository) {
        Deepen deepen;
        deepen.depth = 2;
        deepen.base = Deepen::Base::ClientShallow;
        const auto boundary = value(
            shallow_boundary(world.ctx(), repository, deeper.wants, deeper.client_shallow, deepen)
        );
        REQUIRE(boundary.shallow == std::vector{commits[2]});
        REQUIRE(boundary.unshallow == std::vector{commits[4]});
        deeper.shallow = boundary.shallow;
        deeper.unshallow = boundary.unshallow;
    });
    client.set_shallow(deeper.shallow);
    client.take(pack_of(world, deeper));
    client.check();
    REQUIRE(client.ask("rev-list --count main") == "4\n");

    PackRequest all;
    all.wants = {commits.back()};
    all.haves = {commits.back()};
    all.client_shallow = {commits[2]};
    world.read([&](Repository& repository) {
        Deepen deepen;
        deepen.depth = 0x7fffffff;
        const auto boundary =
            value(shallow_boundary(world.ctx(), repository, all.wants, all.client_shallow, deepen));
        REQUIRE(boundary.shallow.empty());
        REQUIRE(boundary.unshallow == std::vector{commits[2]});
        all.unshallow = boundary.unshallow;
    });
    run("rm " + world.folder.file("client.git") + "/shallow");
    client.take(pack_of(world, all));
    client.check();
    REQUIRE(client.ask("rev-list --count main") == "6\n");
}

TEST_CASE("history can be cut by time and by a commit to leave out") {
    RepoWorld world;
    std::vector<types::Oid> commits;
    for (int i = 0; i < 5; ++i) {
        commits.push_back(world.commit("main", {put("f", std::to_string(i))}));
    }
    world.read([&](Repository& repository) {
        const std::vector<types::Oid> wants = {commits.back()};
        Deepen since;
        since.since_seconds = 1'700'000'003;
        REQUIRE(
            value(shallow_boundary(world.ctx(), repository, wants, {}, since)).shallow ==
            std::vector{commits[3]}
        );
        Deepen without;
        without.not_from = {commits[1]};
        REQUIRE(
            value(shallow_boundary(world.ctx(), repository, wants, {}, without)).shallow ==
            std::vector{commits[2]}
        );
        since.since_seconds = 1'800'000'000;
        REQUIRE_ERROR(shallow_boundary(world.ctx(), repository, wants, {}, since), Code::NotFound);
    });
}

TEST_CASE("filters leave blobs out, and a blob can be fetched by itself") {
    RepoWorld world;
    world.commit("main", {put("small", "s"), put("big", std::string(5000, 'b'))});
    PackRequest request;
    request.wants = tips_of(world);
    const auto types_in = [&](const std::string& name) {
        Client client(world.folder.file(name));
        client.take(pack_of(world, request), "--promisor=hub");
        return client.ask("cat-file --batch-all-objects --batch-check='%(objecttype) "
                          "%(objectsize)' | grep blob | sort || true");
    };
    request.filter = value(parse_blob_filter("blob:none"));
    REQUIRE(types_in("none.git").empty());
    request.filter = value(parse_blob_filter("blob:limit=1k"));
    REQUIRE(types_in("limit.git") == "blob 1\n");
    std::optional<types::Oid> big;
    world.read([&](Repository& repository) {
        big = value(repository.entry(request.wants[0], path("big")))->oid;
    });
    request.wants = {*big};
    request.filter = value(parse_blob_filter("blob:none"));
    REQUIRE(types_in("one.git") == "blob 5000\n");
    REQUIRE_ERROR(parse_blob_filter("tree:0"), Code::InvalidInput);
    REQUIRE_ERROR(parse_blob_filter("blob:limit="), Code::InvalidInput);
}

TEST_CASE("negotiation is ready when every want meets a have") {
    RepoWorld world;
    const auto first = world.commit("main", {put("f", "1")});
    const auto second = world.commit("main", {put("f", "2")});
    const auto other = world.commit("island", {put("i", "1")});
    const auto unknown = oid("1234567890123456789012345678901234567890");
    world.read([&](Repository& repository) {
        const auto ready = [&](const std::vector<types::Oid>& wants,
                               const std::vector<types::Oid>& haves) {
            return value(is_ready(world.ctx(), repository, wants, haves));
        };
        REQUIRE(ready({second}, {first}));
        REQUIRE(ready({second}, {second, unknown}));
        REQUIRE_FALSE(ready({second, other}, {first}));
        REQUIRE_FALSE(ready({second}, {other}));
        REQUIRE_FALSE(ready({second}, {unknown}));
        REQUIRE(ready({second, other}, {first, other}));
        PackRequest request;
        request.wants = {unknown};
        util::StringWriter writer;
        REQUIRE_ERROR(
            write_pack(world.ctx(), repository, *world.objects, request, writer), Code::NotFound
        );
    });
}

} // namespace railhub::repo::tests
