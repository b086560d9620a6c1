// SPDX-License-Identifier: Apache-2.0
// From files to a bill: hashes in blocks, pointers, what cannot be read, what a hub lists.
#include "core/app/make_bom.h"
#include "core/types/lfs_pointer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/unit/app/known_artifacts.h"

#include <filesystem>

namespace railhub::app {

namespace {

std::string hash_of(std::string_view text) {
    return util::sha256(util::as_bytes(text)).hex();
}

std::map<std::string, std::string> chat_files() {
    return {
        {"README.md",
         card_text("license: mit\nbase_model: org/base\npipeline_tag: text-generation")},
        {"config.json", R"({"model_type": "llama"})"},
        {"model.bin", std::string(3'000'000, 'x')}};
}

const bom::File& file_named(const bom::Bom& made, const std::string& path) {
    for (const bom::File& file : made.components.front().files) {
        if (file.path == path) {
            return file;
        }
    }
    FAIL("no file " << path);
    return made.components.front().files.front();
}

} // namespace

TEST_CASE("a bill of a folder has card, lineage and the hash of every file") {
    tests::TestContext host;
    MapSource source(chat_files());
    MapResolver resolver;
    resolver.cards["org/base"] = {"1a2b", card_text("license: llama2")};
    BomOptions options;
    options.name = "chat";
    options.endpoint = "http://hub.example";
    const auto made = make_bom(host.context(), source, resolver, catalogue(), options);
    REQUIRE_OK(made);
    REQUIRE(made->components.size() == 2);
    CHECK(made->components[0].id == "chat");
    CHECK(made->components[0].url.empty());
    CHECK(made->components[0].card.task == "text-generation");
    CHECK(made->components[0].card.model_type == "llama");
    CHECK(made->components[0].concluded == "LicenseRef-scancode-llama-2-license-2023 AND MIT");
    CHECK(made->components[1].url == "http://hub.example/org/base/tree/1a2b");
    REQUIRE(made->components[0].files.size() == 3);
    const bom::File& weights = file_named(*made, "model.bin");
    CHECK(weights.size == 3'000'000);
    REQUIRE(weights.sha256);
    CHECK(weights.sha256->hex() == hash_of(std::string(3'000'000, 'x')));
    options.files = BomOptions::Files::Omit;
    const auto bare = make_bom(host.context(), source, resolver, catalogue(), options);
    REQUIRE_OK(bare);
    CHECK(bare->components[0].files.empty());
}

TEST_CASE("a pointer stands for the file that it points to") {
    tests::TestContext host;
    const types::BlobRef blob{util::sha256(util::as_bytes("weights")), 123'456};
    MapSource source(std::map<std::string, std::string>{
        {"model.bin", types::encode_lfs_pointer(blob)}});
    MapResolver resolver;
    const auto made = make_bom(host.context(), source, resolver, catalogue(), {});
    REQUIRE_OK(made);
    CHECK(file_named(*made, "model.bin").sha256 == blob.sha256);
    CHECK(file_named(*made, "model.bin").size == 123'456);
}

TEST_CASE("of what a hub lists only the rest is read, and only so much of it") {
    tests::TestContext host;
    MapSource source(chat_files());
    MapResolver resolver;
    resolver.cards["org/base"] = {"1a2b", card_text("license: llama2")};
    BomOptions options;
    options.check.id = "ada/chat";
    const auto known = util::sha256(util::as_bytes("something else"));
    options.listed = std::vector<bom::File>{
        {"README.md", 1, {}, std::string(40, 'a')},
        {"config.json", 2, {}, std::string(40, 'b')},
        {"model.bin", 3, known, {}}};
    options.max_read = 1;
    const auto made = make_bom(host.context(), source, resolver, catalogue(), options);
    REQUIRE_OK(made);
    CHECK(file_named(*made, "README.md").sha256);
    CHECK_FALSE(file_named(*made, "config.json").sha256);
    CHECK(file_named(*made, "config.json").git_oid == std::string(40, 'b'));
    CHECK(file_named(*made, "model.bin").sha256 == known);
    options.max_files = 2;
    const auto cut = make_bom(host.context(), source, resolver, catalogue(), options);
    REQUIRE_OK(cut);
    CHECK(cut->components[0].files.size() == 2);
    CHECK(cut->components[0].files_left_out == 1);
}

TEST_CASE("a folder with a loop of links and a name that is no UTF-8 still has a bill") {
    tests::TestContext host;
    const tests::TempDir folder;
    const auto fs = util::make_posix_fs();
    REQUIRE_OK(util::write_atomic(
        *fs, folder.file("README.md"), util::as_bytes(std::string_view("---\nlicense: mit\n---\n"))
    ));
    REQUIRE_OK(
        util::write_atomic(*fs, folder.file("w\xFF.bin"), util::as_bytes(std::string_view("bytes")))
    );
    std::filesystem::create_symlink("loop", folder.file("loop"));
    std::filesystem::create_directory_symlink(".", folder.file("self"));
    const auto source = make_folder_source(*fs, folder.path());
    OfflineResolver resolver;
    BomOptions options;
    options.check.folder = folder.path();
    options.check.disk = fs.get();
    const auto made = make_bom(host.context(), *source, resolver, catalogue(), options);
    REQUIRE_OK(made);
    const bom::Component& subject = made->components.front();
    CHECK(file_named(*made, "w%FF.bin").sha256->hex() == hash_of("bytes"));
    CHECK_FALSE(file_named(*made, "loop").sha256);
    REQUIRE(subject.notes.size() == 2);
    CHECK(subject.notes[0] == bom::NamedValue{"unreadable-file", "loop"});
}

TEST_CASE("a card that cannot be read is an error, an empty folder a bill that says so") {
    tests::TestContext host;
    MapSource broken(std::map<std::string, std::string>{{"README.md", "---\nlicense: [\n---\n"}});
    MapResolver resolver;
    REQUIRE_ERROR(
        make_bom(host.context(), broken, resolver, catalogue(), {}), util::Code::InvalidInput
    );
    MapSource empty(std::map<std::string, std::string>{});
    const auto made = make_bom(host.context(), empty, resolver, catalogue(), {});
    REQUIRE_OK(made);
    CHECK(made->components.front().declared.empty());
    CHECK_THAT(made->components.front().undecided, ContainsSubstring("states no license"));
}

TEST_CASE("an endpoint is shown without credentials") {
    CHECK(
        public_endpoint("https://user:secret@hub.example:8443/prefix/?token=x") ==
        "https://hub.example:8443/prefix"
    );
    CHECK(public_endpoint("hub").empty());
}

} // namespace railhub::app
