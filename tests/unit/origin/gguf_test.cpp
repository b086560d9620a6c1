// SPDX-License-Identifier: Apache-2.0
// GGUF headers: true ones, in all versions and both byte orders, and lying ones.
#include "core/origin/gguf.h"
#include "tests/support/value.h"

#include <algorithm>

namespace railhub::origin {

namespace {

using util::Code;

// Writes a header the way tools do.
struct Gguf {
    explicit Gguf(std::uint32_t file_version = 3, bool big = false)
        : version(file_version), is_big(big) {}

    std::uint32_t version;
    bool is_big;
    std::uint64_t entries = 0;
    std::string body;

    [[nodiscard]] std::string number(std::uint64_t value, std::size_t bytes) const {
        std::string out;
        for (std::size_t i = 0; i < bytes; ++i) {
            out += static_cast<char>((value >> (8 * i)) & 0xFFU);
        }
        if (is_big) {
            std::reverse(out.begin(), out.end());
        }
        return out;
    }

    [[nodiscard]] std::string count(std::uint64_t value) const {
        return number(value, version == 1 ? 4 : 8);
    }

    [[nodiscard]] std::string text_of(const std::string& text) const {
        return count(text.size()) + text;
    }

    Gguf& raw(const std::string& key, std::uint32_t type, const std::string& bytes) {
        ++entries;
        body += text_of(key) + number(type, 4) + bytes;
        return *this;
    }

    Gguf& text(const std::string& key, const std::string& value) {
        return raw(key, 8, text_of(value));
    }

    Gguf& u32(const std::string& key, std::uint32_t value) { return raw(key, 4, number(value, 4)); }

    Gguf& list(const std::string& key, const std::vector<std::string>& items) {
        std::string bytes = number(8, 4) + count(items.size());
        for (const std::string& item : items) {
            bytes += text_of(item);
        }
        return raw(key, 9, bytes);
    }

    [[nodiscard]] std::string file() const {
        return "GGUF" + number(version, 4) + count(0) + count(entries) + body;
    }
};

// Counts how far the reader looked.
struct Reading {
    std::string file;
    std::uint64_t furthest = 0;

    util::Result<GgufMetadata> run(const GgufLimits& limits = {}) {
        return read_gguf(
            [this](std::uint64_t offset, std::span<std::uint8_t> into)
                -> util::Result<std::size_t> {
                if (offset >= file.size()) {
                    return std::size_t{0};
                }
                furthest = std::max(furthest, offset + into.size());
                return file.copy(reinterpret_cast<char*>(into.data()), into.size(), offset);
            },
            limits
        );
    }
};

util::Result<GgufMetadata> read(const std::string& file, const GgufLimits& limits = {}) {
    return Reading{file}.run(limits);
}

Gguf sample(std::uint32_t version, bool is_big = false) {
    Gguf gguf(version, is_big);
    gguf.text("general.architecture", "llama")
        .raw("llama.rope.freq_base", 6, gguf.number(0, 4))
        .raw("general.flag", 7, std::string(1, '\1'))
        .list("tokenizer.ggml.tokens", std::vector<std::string>(40'000, "token"))
        .raw(
            "tokenizer.ggml.scores",
            9,
            gguf.number(6, 4) + gguf.count(1000) + std::string(4000, 'x')
        )
        .text("general.license", "llama2")
        .u32("general.base_model.count", 1)
        .text("general.base_model.0.repo_url", "https://huggingface.co/meta-llama/Llama-2-7b-hf")
        .list("general.tags", {"a", "b"});
    return gguf;
}

} // namespace

TEST_CASE("general entries are read wherever they stand") {
    for (const std::uint32_t version : {1U, 2U, 3U}) {
        for (const bool is_big : {false, true}) {
            INFO(version << (is_big ? " big" : " little"));
            const GgufMetadata metadata = tests::value(read(sample(version, is_big).file()));
            CHECK(metadata.version == version);
            CHECK_FALSE(metadata.is_cut);
            CHECK(metadata.texts.at("general.license") == "llama2");
            CHECK(metadata.numbers.at("general.base_model.count") == 1);
            CHECK(metadata.lists.at("general.tags") == std::vector<std::string>{"a", "b"});
            CHECK_FALSE(metadata.lists.contains("tokenizer.ggml.tokens"));
        }
    }
}

TEST_CASE("nothing behind the header is read, and a limit ends the reading") {
    Reading whole{sample(3).file() + std::string(10'000'000, 'w')};
    const std::uint64_t header = sample(3).file().size();
    REQUIRE_OK(whole.run());
    CHECK(whole.furthest <= header + (std::uint64_t{64} << 10));
    GgufLimits limits;
    limits.max_bytes = 1'000;
    const GgufMetadata cut = tests::value(read(sample(3).file(), limits));
    CHECK(cut.is_cut);
    CHECK(cut.texts.at("general.architecture") == "llama");
    CHECK_FALSE(cut.texts.contains("general.license"));
}

TEST_CASE("files that are none, and lengths that lie") {
    REQUIRE_ERROR(read(""), Code::InvalidInput);
    REQUIRE_ERROR(read("GGUF"), Code::InvalidInput);
    REQUIRE_ERROR(read("GGML" + std::string(100, '\0')), Code::InvalidInput);
    REQUIRE_ERROR(read("GGUF" + std::string(100, '\xFF')), Code::InvalidInput);
    const Gguf gguf;
    REQUIRE_ERROR(
        read("GGUF" + gguf.number(3, 4) + gguf.count(0) + gguf.count(~std::uint64_t{0})),
        Code::InvalidInput
    );
    const auto with = [](std::uint32_t type, const std::string& bytes) {
        return read(Gguf().raw("general.x", type, bytes).file());
    };
    REQUIRE_ERROR(with(99, ""), Code::InvalidInput);
    REQUIRE_ERROR(with(8, gguf.count(50)), Code::InvalidInput);
    CHECK(tests::value(with(8, gguf.count(~std::uint64_t{0}))).is_cut);
    CHECK(tests::value(with(9, gguf.number(0, 4) + gguf.count(~std::uint64_t{0}))).is_cut);
    REQUIRE_ERROR(with(9, gguf.number(10, 4) + gguf.count(~std::uint64_t{0})), Code::InvalidInput);
    // Texts without end: every one takes its length, so the limit ends it.
    REQUIRE_ERROR(
        with(9, gguf.number(8, 4) + gguf.count(~std::uint64_t{0}) + std::string(4096, '\0')),
        Code::InvalidInput
    );
    std::string nested;
    for (int i = 0; i < 10; ++i) {
        nested += gguf.number(9, 4) + gguf.count(1);
    }
    REQUIRE_ERROR(with(9, nested), Code::InvalidInput);
    const GgufMetadata strange = tests::value(read(
        Gguf().text("general.a", "\xFF\xFE").text("general.b", std::string(100'000, 'x')).file()
    ));
    CHECK(strange.texts.empty());
}

} // namespace railhub::origin
