// SPDX-License-Identifier: Apache-2.0
// Packs that must not come in, and those that must; nothing stays behind after a refusal.
#include "core/repo/detail/deflate.h"
#include "core/repo/detail/object_check.h"
#include "core/repo/detail/tree.h"
#include "core/types/lfs_pointer.h"
#include "tests/unit/repo/repo_world.h"

#include <filesystem>

namespace railhub::repo::tests {

using util::Code;

namespace {

struct Raw {
    detail::ObjectType type;
    std::string text;
};

types::Oid id_of(const Raw& object) {
    std::string whole(detail::type_word(object.type));
    whole += ' ' + std::to_string(object.text.size()) + '\0' + object.text;
    return types::Oid::from(util::sha1(util::as_bytes(whole)).view());
}

std::string with_checksum(std::string pack) {
    const util::Sha1 sum = util::sha1(util::as_bytes(pack));
    pack += util::as_text(sum.view());
    return pack;
}

std::string pack_header(std::size_t count) {
    std::string pack = "PACK";
    pack += std::string("\0\0\0\2\0\0", 6);
    pack += static_cast<char>(count >> 8U);
    pack += static_cast<char>(count & 0xffU);
    return pack;
}

std::string entry_header(unsigned type, std::size_t size) {
    std::string header;
    unsigned byte = type << 4U | static_cast<unsigned>(size & 15U);
    size >>= 4U;
    while (size > 0) {
        header += static_cast<char>(byte | 0x80U);
        byte = static_cast<unsigned>(size & 0x7fU);
        size >>= 7U;
    }
    return header + static_cast<char>(byte);
}

std::string pack_of(const std::vector<Raw>& objects) {
    std::string pack = pack_header(objects.size());
    for (const Raw& object : objects) {
        pack += entry_header(static_cast<unsigned>(object.type), object.text.size());
        pack += detail::deflate(util::as_bytes(object.text));
    }
    return with_checksum(std::move(pack));
}

Raw blob(std::string text) {
    return {detail::ObjectType::Blob, std::move(text)};
}

std::string tree_line(std::string_view mode, std::string_view name, const types::Oid& id) {
    std::string line(mode);
    line += ' ';
    line += name;
    line += '\0';
    line += util::as_text(id.view());
    return line;
}

Raw tree(std::string text) {
    return {detail::ObjectType::Tree, std::move(text)};
}

constexpr const char* kPeople = "author A <a@example.org> 1700000000 +0000\n"
                                "committer A <a@example.org> 1700000000 +0000\n";

Raw commit_of(const types::Oid& root, std::string_view middle = kPeople) {
    return {
        detail::ObjectType::Commit,
        "tree " + root.hex() + "\n" + std::string(middle) + "\nmessage\n"};
}

// Pushes a pack to a new branch. Nothing may stay behind when it is refused.
util::Result<> push(RepoWorld& world, const std::string& pack, const types::Oid& tip) {
    auto result = world.push_pack(pack, {{"refs/heads/main", std::nullopt, tip}});
    REQUIRE(std::filesystem::is_empty(world.folder.file("quarantine")));
    if (!result.ok()) {
        REQUIRE_FALSE(world.tip("refs/heads/main").has_value());
        auto tx = world.begin_read();
        auto rows = value(tx->prepare("SELECT COUNT(*) FROM git_object"));
        REQUIRE(value(rows.step()));
        REQUIRE(rows.integer(0) == 0);
    }
    return result;
}

util::Result<> push_tree(RepoWorld& world, std::vector<Raw> objects, const Raw& root) {
    const Raw commit = commit_of(id_of(root));
    const types::Oid tip = id_of(commit);
    objects.push_back(root);
    objects.push_back(commit);
    return push(world, pack_of(objects), tip);
}

} // namespace

TEST_CASE("a sound pack comes in, with a submodule and an old file mode") {
    RepoWorld world;
    const Raw file = blob("hello");
    const Raw root = tree(
        tree_line("100664", "file", id_of(file)) +
        tree_line("160000", "module", oid("1234567890123456789012345678901234567890"))
    );
    value(push_tree(world, {file}, root));
    world.read([&](Repository& repository) {
        const auto tip = value(repository.resolve("main")).commit;
        const auto module = value(repository.entry(tip, path("module")));
        REQUIRE(module->kind == EntryKind::Submodule);
        REQUIRE(value(repository.text(tip, "file", 100)) == "hello");
    });
    REQUIRE(try_run("git -C " + world.export_to_git() + " fsck --strict --full").code == 0);
}

TEST_CASE("damaged packs are refused") {
    const Raw file = blob("hello");
    const Raw root = tree(tree_line("100644", "file", id_of(file)));
    const Raw commit = commit_of(id_of(root));
    const std::string good = pack_of({file, root, commit});
    RepoWorld world;
    const auto refused = [&](const std::string& pack) {
        const auto result = push(world, pack, id_of(commit));
        REQUIRE_ERROR(result, Code::InvalidInput);
        return result.error().message;
    };
    REQUIRE_THAT(refused(good.substr(0, good.size() - 5)), ContainsSubstring("ends too early"));
    REQUIRE_THAT(refused(good.substr(0, 7)), ContainsSubstring("ends too early"));
    REQUIRE_THAT(refused(good + "x"), ContainsSubstring("after its end"));
    REQUIRE_THAT(refused("KCAP" + good.substr(4)), ContainsSubstring("does not begin"));
    for (std::size_t i = 8; i < good.size(); i += 3) { // any bit anywhere
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        const auto result = push(world, bad, id_of(commit));
        REQUIRE_FALSE(result.ok());
        const bool is_named =
            result.error().code == Code::InvalidInput || result.error().code == Code::TooLarge;
        REQUIRE(is_named);
    }
    std::string bad_sum = good;
    bad_sum.back() = static_cast<char>(bad_sum.back() ^ 1);
    REQUIRE_THAT(refused(bad_sum), ContainsSubstring("checksum"));
    // A changed content under a right checksum has another name: then something is missing.
    REQUIRE_THAT(refused(pack_of({blob("hellO"), root, commit})), ContainsSubstring("is missing"));
    REQUIRE_THAT(refused(pack_of({file, commit})), ContainsSubstring("is missing"));
    REQUIRE_THAT(refused(pack_of({file, root})), ContainsSubstring("is missing"));
    value(push(world, good, id_of(commit)));
}

TEST_CASE("sizes that lie and deltas without a base are refused") {
    RepoWorld world;
    const auto refused = [&](const std::string& entry) {
        const auto result = push(world, with_checksum(pack_header(1) + entry), types::Oid());
        REQUIRE_FALSE(result.ok());
        return result.error();
    };
    const std::string data = detail::deflate(util::as_bytes("hello"));
    REQUIRE_THAT(
        refused(entry_header(3, 4) + data).message, ContainsSubstring("larger than it says")
    );
    REQUIRE_THAT(
        refused(entry_header(3, 6) + data).message, ContainsSubstring("smaller than it says")
    );
    REQUIRE_THAT(refused(entry_header(5, 5) + data).message, ContainsSubstring("unknown type"));
    REQUIRE(refused(entry_header(3, std::size_t{1} << 40U) + data).code == Code::TooLarge);
    const std::string no_base(20, '\7');
    const std::string delta = detail::deflate(util::as_bytes(std::string_view("\5\5\5hello", 8)));
    REQUIRE(refused(entry_header(7, 8) + no_base + delta).code == Code::InvalidInput);
    // A delta that would make an object of 2^40 bytes.
    const std::string bomb =
        detail::deflate(util::as_bytes(std::string_view("\5\x80\x80\x80\x80\x80\x40x", 8)));
    REQUIRE(refused(entry_header(7, 8) + no_base + bomb).code == Code::TooLarge);
}

TEST_CASE("limits of a pack are named") {
    RepoWorld world;
    const RepoRecord record = world.record();
    const Raw file = blob(std::string(100'000, 'x'));
    const std::string pack = pack_of({file, blob("b"), blob("c")});
    const auto receive = [&](const PackLimits& limits) {
        auto tx = world.begin_read();
        auto stage = value(Stage::open(world.ctx(), *tx, world.blobs, record));
        util::MemoryReader reader(pack);
        return stage->receive_pack(reader, world.folder.file("quarantine"), limits);
    };
    REQUIRE_OK(receive({}));
    REQUIRE_ERROR(receive({.max_bytes = pack.size() - 1}), Code::TooLarge);
    REQUIRE_ERROR(receive({.max_objects = 2}), Code::TooLarge);
    REQUIRE_ERROR(receive({.max_blob_bytes = 99'999}), Code::TooLarge);
    REQUIRE_OK(receive({.max_object_bytes = 99'999})); // of deltas, trees and commits
}

TEST_CASE("trees that git fsck refuses are refused") {
    RepoWorld world;
    const Raw file = blob("hello");
    const types::Oid id = id_of(file);
    const std::vector<std::pair<std::string, std::string>> bad = {
        {tree_line("100644", "b", id) + tree_line("100644", "a", id), "not in order"},
        {tree_line("100644", "a", id) + tree_line("100644", "a", id), "two entries"},
        {tree_line("100644", "a", id) + tree_line("100644", "a-b", id) +
             tree_line("40000", "a", id),
         "two entries"},
        {tree_line("100644", ".git", id), "bad entry"},
        {tree_line("100644", ".GIT", id), "bad entry"},
        {tree_line("100644", "git~1", id), "bad entry"},
        {tree_line("100644", "..", id), "bad entry"},
        {tree_line("100644", ".", id), "bad entry"},
        {tree_line("100644", "", id), "bad entry"},
        {tree_line("100644", "a/b", id), "slash"},
        {tree_line("100644", "a\\b", id), "bad entry"},
        {tree_line("100644", "a\xff", id), "bad entry"},
        {tree_line("0100644", "a", id), "file mode"},
        {tree_line("100600", "a", id), "file mode"},
        {tree_line("100644", "a", types::Oid()), "null id"},
        {tree_line("120000", ".gitmodules", id), "symbolic link"},
        {tree_line("100644", "a", id).substr(0, 15), "damaged"},
        {"nonsense", "damaged"},
    };
    for (const auto& [text, reason] : bad) {
        const auto result = push_tree(world, {file}, tree(text));
        INFO(text);
        REQUIRE_ERROR(result, Code::InvalidInput);
        REQUIRE_THAT(result.error().message, ContainsSubstring(reason));
    }
    // A blob where a folder should be, and the other way round.
    REQUIRE_ERROR(push_tree(world, {file}, tree(tree_line("40000", "a", id))), Code::InvalidInput);
    const Raw inner = tree(tree_line("100644", "f", id));
    REQUIRE_ERROR(
        push_tree(world, {file, inner}, tree(tree_line("100644", "a", id_of(inner)))),
        Code::InvalidInput
    );
}

TEST_CASE("submodule files that could run commands are refused") {
    for (const std::string text :
         {"[submodule \"../x\"]\n\tpath = x\n\turl = https://example.org/x\n",
          "[submodule \"x\"]\n\tpath = x\n\turl = -u./payload\n",
          "[submodule \"x\"]\n\tpath = -x\n\turl = https://example.org/x\n",
          "[submodule \"x\"]\n\tupdate = !touch here\n"}) {
        RepoWorld world;
        const Raw file = blob(text);
        REQUIRE_ERROR(
            push_tree(world, {file}, tree(tree_line("100644", ".gitmodules", id_of(file)))),
            Code::InvalidInput
        );
    }
    RepoWorld world;
    const Raw file = blob("[submodule \"x\"]\n\tpath = x\n\turl = https://example.org/x\n");
    value(push_tree(world, {file}, tree(tree_line("100644", ".gitmodules", id_of(file)))));
}

TEST_CASE("commits and tags are checked as git fsck checks them") {
    const types::Oid root = oid("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    const std::string line = "A <a@example.org> 1700000000 +0000\n";
    const auto reason = [&](std::string_view middle) {
        const Raw commit = commit_of(root, middle);
        const auto result =
            detail::check_object(id_of(commit), commit.type, util::as_bytes(commit.text));
        return result.ok() ? std::string("ok") : result.error().message;
    };
    REQUIRE(reason(kPeople) == "ok");
    REQUIRE(reason(std::string(kPeople) + "gpgsig -----BEGIN\n two\nencoding latin1\n") == "ok");
    REQUIRE(reason("parent " + root.hex() + "\n" + kPeople) == "ok");
    REQUIRE_THAT(reason("parent 12\n" + std::string(kPeople)), ContainsSubstring("bad parent"));
    REQUIRE_THAT(reason("committer " + line), ContainsSubstring("no author"));
    REQUIRE_THAT(reason("author " + line), ContainsSubstring("no committer"));
    REQUIRE_THAT(
        reason("author " + line + "author " + line + "committer " + line),
        ContainsSubstring("several authors")
    );
    const auto author = [&](std::string_view ident) {
        return reason("author " + std::string(ident) + "\ncommitter " + line);
    };
    REQUIRE_THAT(author("<a@example.org> 1 +0000"), ContainsSubstring("no name"));
    REQUIRE_THAT(
        author("A<a@example.org> 1 +0000"), ContainsSubstring("no blank before an e-mail")
    );
    REQUIRE_THAT(author("A a@example.org 1 +0000"), ContainsSubstring("no e-mail"));
    REQUIRE_THAT(author("A <a@<example.org> 1 +0000"), ContainsSubstring("bad e-mail"));
    REQUIRE_THAT(author("A <a@example.org>1 +0000"), ContainsSubstring("no blank before a date"));
    REQUIRE_THAT(author("A <a@example.org> 01 +0000"), ContainsSubstring("leading zeros"));
    REQUIRE_THAT(author("A <a@example.org> x +0000"), ContainsSubstring("bad date"));
    REQUIRE_THAT(
        author("A <a@example.org> 99999999999999999999 +0000"), ContainsSubstring("bad date")
    );
    REQUIRE_THAT(author("A <a@example.org> 1 0000"), ContainsSubstring("time zone"));

    const auto tag_reason = [&](const std::string& text) {
        const auto result =
            detail::check_object(root, detail::ObjectType::Tag, util::as_bytes(text));
        return result.ok() ? std::string("ok") : result.error().message;
    };
    const std::string start = "object " + root.hex() + "\ntype tree\n";
    REQUIRE(tag_reason(start + "tag v1\ntagger " + line + "\nm\n") == "ok");
    REQUIRE(tag_reason(start + "tag v1\n\nm\n") == "ok"); // of the first years
    REQUIRE_THAT(tag_reason("type tree\ntag v1\n\n"), ContainsSubstring("no object"));
    REQUIRE_THAT(
        tag_reason("object " + root.hex() + "\ntype thing\ntag v1\n\n"),
        ContainsSubstring("no type")
    );
    REQUIRE_THAT(tag_reason(start + "\nm\n"), ContainsSubstring("no name"));
}

TEST_CASE("only what the tips reach is stored") {
    RepoWorld world;
    const Raw file = blob("hello");
    const Raw stray = blob("stray");
    const Raw root = tree(tree_line("100644", "file", id_of(file)));
    value(push_tree(world, {file, stray}, root));
    world.read([&](Repository& repository) {
        REQUIRE(value(repository.has_object(id_of(file))));
        REQUIRE_FALSE(value(repository.has_object(id_of(stray))));
    });
}

TEST_CASE("new files of a push are seen with path, commit and pointer") {
    RepoWorld world;
    world.commit("main", {put("old", "old")});
    const RepoRecord record = world.record();
    const types::BlobRef large{util::sha256(util::as_bytes("x")), 1};
    const Raw pointer = blob(types::encode_lfs_pointer(large));
    const Raw big = blob(std::string(70'000, 'b'));
    const Raw inner = tree(tree_line("100644", "big", id_of(big)));
    const Raw root = tree(
        tree_line("40000", "d", id_of(inner)) + tree_line("120000", "link", id_of(blob("old"))) +
        tree_line("100644", "weights", id_of(pointer))
    );
    const Raw commit = commit_of(id_of(root));
    auto tx = world.begin_read();
    auto stage = value(Stage::open(world.ctx(), *tx, world.blobs, record));
    const std::string pack = pack_of({pointer, big, inner, root, commit});
    util::MemoryReader reader(pack);
    value(stage->receive_pack(reader, world.folder.file("quarantine"), {}));
    std::vector<std::string> seen;
    value(visit_new_files(
        world.ctx(),
        *stage,
        {id_of(commit)},
        [&](const NewFile& file) -> util::Result<> {
            REQUIRE(file.commit == id_of(commit));
            seen.push_back(
                file.path + " " + std::to_string(file.size) + (file.lfs == large ? " lfs" : "")
            );
            return {};
        }
    ));
    // "old" is stored under another path already.
    REQUIRE(
        seen ==
        std::vector<std::string>{
            "d/big 70000", "weights " + std::to_string(pointer.text.size()) + " lfs"}
    );
}

} // namespace railhub::repo::tests
