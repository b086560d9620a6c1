// SPDX-License-Identifier: Apache-2.0
// How artifacts are named: repositories, addresses, folders, files.
#include "core/origin/reference.h"
#include "tests/support/catch.h"

namespace railhub::origin {

namespace {

using Place = Reference::Place;
using types::RepoKind;

Reference parsed(std::string_view text) {
    const auto reference = parse_reference(text, RepoKind::Model);
    REQUIRE(reference.has_value());
    return *reference;
}

} // namespace

TEST_CASE("names and addresses of repositories") {
    CHECK(parsed("org/base") == Reference{Place::Repo, RepoKind::Model, "org/base", ""});
    CHECK(parsed("  gpt2 ") == Reference{Place::Repo, RepoKind::Model, "gpt2", ""});
    CHECK(parsed("org/base@v1.2") == Reference{Place::Repo, RepoKind::Model, "org/base", "v1.2"});
    CHECK(
        parsed("https://huggingface.co/org/base/tree/abc123/sub") ==
        Reference{Place::Repo, RepoKind::Model, "org/base", "abc123"}
    );
    CHECK(
        parsed("https://hf.co/datasets/org/data?x=1") ==
        Reference{Place::Repo, RepoKind::Dataset, "org/data", ""}
    );
    CHECK(
        parsed("hf://datasets/org/data@main/file.csv") ==
        Reference{Place::Repo, RepoKind::Dataset, "org/data", "main"}
    );
    CHECK(describe(parsed("org/base@v1")) == "org/base@v1");
    CHECK_FALSE(parse_reference("  ", RepoKind::Model));
}

TEST_CASE("folders and things that are no repository") {
    for (const char* path :
         {"./base", "../x", "/models/llama", "~/m", "C:\\models\\x", "out/run/checkpoint-10"}) {
        INFO(path);
        CHECK(parsed(path).place == Place::Folder);
    }
    for (const char* other :
         {"https://github.com/org/base",
          "models/base.safetensors",
          "v1-5-pruned.ckpt",
          "Llama 3 8B",
          "/models/base.gguf",
          "https://huggingface.co/"}) {
        INFO(other);
        CHECK(parsed(other).place == Place::Elsewhere);
    }
    CHECK(parsed(std::string(100'000, 'x')).place == Place::Elsewhere);
    CHECK(parsed(std::string(100'000, 'x')).id.size() < 300);
    CHECK(
        shown_text("a\nb\x01"
                   "c") == "a b c"
    );
    CHECK(shown_text("\xFF\xFE") == "(no text)");
}

} // namespace railhub::origin
