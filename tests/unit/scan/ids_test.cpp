// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/ids.
#include "core/scan/ids.h"
#include "tests/support/catch.h"

namespace railhub::scan {

namespace {

std::string id_of(
    std::string_view text,
    std::string_view catalogue = "transformers",
    Evidence evidence = Evidence::Call,
    ArtifactKind kind = ArtifactKind::Model
) {
    const auto found = read_hub_id(builtin_tables(), text, kind, catalogue, evidence);
    return found ? found->id : "";
}

} // namespace

TEST_CASE("renamed ids get their owner") {
    CHECK(id_of("bert-base-uncased") == "google-bert/bert-base-uncased");
    CHECK(id_of("t5-11b") == "google-t5/t5-11b");
    CHECK(id_of("squad", "datasets", Evidence::Call, ArtifactKind::Dataset) == "rajpurkar/squad");
    CHECK(id_of("google-bert/bert-base-uncased") == "google-bert/bert-base-uncased");
    CHECK(id_of("my-bert").empty());
}

TEST_CASE("paths, files and placeholders are no ids") {
    for (const char* text :
         {"./model",
          "/srv/model",
          "../a/b",
          "~/m",
          "a/b/c",
          "output/model",
          "org/weights.bin",
          "your-org/model",
          "<org>/<model>",
          "user/repo",
          "a b/c",
          "16/9",
          "",
          "/",
          "a/",
          "/b",
          "models/latest",
          "C:\\models\\x",
          "a//b",
          "${MODEL}"}) {
        INFO(text);
        CHECK(id_of(text).empty());
    }
}

TEST_CASE("services' own names are no ids where only a key speaks for them") {
    CHECK(id_of("openai/gpt-4o", "", Evidence::Key).empty());
    CHECK(id_of("anthropic/claude-3-opus", "", Evidence::Key).empty());
    CHECK(id_of("openai/gpt-oss-20b", "", Evidence::Key) == "openai/gpt-oss-20b");
    CHECK(id_of("openai/whisper-large-v3", "", Evidence::Key) == "openai/whisper-large-v3");
    CHECK(id_of("huggingface/org1/name1", "litellm") == "org1/name1");
    CHECK(id_of("openai/org1", "litellm").empty());
}

TEST_CASE("addresses on the hub are read") {
    const Tables& tables = builtin_tables();
    const auto file = read_hub_address(tables, "https://huggingface.co/a1/b1/resolve/v1.0/x.bin");
    REQUIRE(file);
    CHECK(file->id == "a1/b1");
    CHECK(file->revision == "v1.0");
    const auto data = read_hub_address(tables, "hf://datasets/a1/b1@abc/x.parquet");
    REQUIRE(data);
    CHECK(data->kind == ArtifactKind::Dataset);
    CHECK(data->revision == "abc");
    const auto old =
        read_hub_address(tables, "https://huggingface.co/gpt2/resolve/main/vocab.json");
    REQUIRE(old);
    CHECK(old->id == "openai-community/gpt2");
    CHECK_FALSE(read_hub_address(tables, "https://huggingface.co/docs/hub"));
    CHECK_FALSE(read_hub_address(tables, "https://github.com/a/b"));
}

TEST_CASE("short names are read by their library") {
    CHECK(
        id_of("all-MiniLM-L6-v2", "sentence-transformers") ==
        "sentence-transformers/all-MiniLM-L6-v2"
    );
    CHECK(id_of("finetuned", "sentence-transformers").empty());
    CHECK(id_of("en_core_web_sm", "spacy") == "spacy/en_core_web_sm");
    CHECK(id_of("en", "spacy").empty());
    CHECK(id_of("large-v2", "whisper") == "openai/whisper-large-v2");
    CHECK(id_of("resnet50", "timm") == "timm/resnet50.a1_in1k");
    CHECK(id_of("resnet50.tv_in1k", "timm") == "timm/resnet50.tv_in1k");
    CHECK(id_of("own_net", "timm").empty());
    CHECK(id_of("csv", "datasets", Evidence::Call, ArtifactKind::Dataset).empty());
    CHECK(id_of("llama3.2:1b", "ollama") == "llama3.2:1b");
    CHECK(id_of("hf.co/a1/b1:Q4_K_M", "ollama") == "a1/b1");
}

TEST_CASE("code in a repository names the repository") {
    CHECK(id_of("a1/b1--modeling_b1.B1Model") == "a1/b1");
    CHECK(id_of("a1/b1--c1").empty());
}

TEST_CASE("a commit is no name") {
    CHECK(id_of("b1/ce19dc912ca5cd21c8a653c79e251e808ccabcd1").empty());
}

TEST_CASE("names of Ollama are known by their prefix and by a size in their tag") {
    const Tables& tables = builtin_tables();
    for (const char* text : {"qwen3:8b", "mixtral:8x7b-instruct-q4_0", "gemma3n:e4b", "n:270m"}) {
        INFO(text);
        const auto found = read_hub_id(tables, text, ArtifactKind::Model, "", Evidence::Key);
        REQUIRE(found);
        CHECK(found->id == text);
        CHECK(found->source == "ollama");
    }
    CHECK(id_of("ollama/llama3.2:3b", "litellm") == "llama3.2:3b");
    CHECK(id_of("ollama/ollama:latest", "", Evidence::Key).empty());
    for (const char* text : {"gpt-4o:2024", "redis:7", "a:b", ":8b", "x:8bit", "v1:0"}) {
        INFO(text);
        CHECK(id_of(text, "", Evidence::Key).empty());
    }
}

TEST_CASE("addresses of files are told from pages") {
    CHECK(is_file_address("https://huggingface.co/a1/b1/resolve/main/x.bin"));
    CHECK(is_file_address("hf://a1/b1/x.bin"));
    CHECK_FALSE(is_file_address("https://huggingface.co/a1/b1"));
    CHECK_FALSE(is_file_address("see https://huggingface.co/a1/b1/resolve/main/x.bin"));
}

TEST_CASE("a pinned revision is a commit") {
    CHECK(is_pinned_revision("607a30d783dfa663caf39e06633721c8d4cfcd7e"));
    CHECK(is_pinned_revision("607a30d"));
    CHECK_FALSE(is_pinned_revision("main"));
    CHECK_FALSE(is_pinned_revision("v1.0.0"));
    CHECK_FALSE(is_pinned_revision(""));
}

} // namespace railhub::scan
