// SPDX-License-Identifier: Apache-2.0
// Commit bodies as lines: order, kinds, limits, and what a broken one says.
#include "server/api/commit_lines.h"
#include "tests/support/fixed_random.h"
#include "tests/support/temp_dir.h"
#include "tests/support/value.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::server::api {

namespace {

using tests::value;

constexpr std::string_view kHeader =
    "{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"description\":\"d\"}}\n";

// Gives a few bytes at a time, so that every boundary is crossed.
class DripReader final : public util::Reader {
  public:
    DripReader(std::string_view text, std::size_t step) : rest_(text), step_(step) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        const std::size_t count = std::min({step_, rest_.size(), into.size()});
        std::copy_n(rest_.begin(), count, into.begin());
        rest_.remove_prefix(count);
        return count;
    }

  private:
    std::string_view rest_;
    std::size_t step_;
};

struct Parsed {
    util::Result<> result;
    app::CommitWish wish;
};

struct Lines {
    Parsed parse(std::string_view text, CommitLimits limits = {}, std::size_t step = 7) {
        DripReader reader(text, step);
        Parsed parsed;
        parsed.result = read_commit_lines(reader, spool, limits, parsed.wish);
        return parsed;
    }

    tests::TempDir folder;
    tests::FixedRandom random;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    Spool spool{*fs, random, folder.file("spool")};
};

} // namespace

TEST_CASE("commit lines become operations in order") {
    Lines lines;
    const std::string oid(64, 'a');
    const auto parsed = lines.parse(
        std::string(kHeader) +
        R"({"key":"file","value":{"content":"aGVsbG8=","path":"a/b.txt","encoding":"base64"}})"
        "\n"
        R"({"value":{"path":"u.txt","content":"gr\u00fc\u00df \ud83d\ude00\n"},"key":"file"})"
        "\n\n"
        R"({"key":"lfsFile","value":{"path":"w.bin","algo":"sha256","oid":")" +
        oid +
        R"(","size":5}})"
        "\n"
        R"({"key":"lfsFile","value":{"path":"c.bin","oid":")" +
        oid +
        R"("}})"
        "\n"
        R"({"key":"deletedFolder","value":{"path":"old/"}})"
        "\n"
        R"({"key":"deletedFile","value":{"path":"x"}})"
        "\n"
        R"({"key":"copyFile","value":{"path":"y","srcPath":"z","srcRevision":"v1"}})"
        "\n"
        R"({"key":"file","value":{"content":"","path":"new","oldPath":"before"}})"
    );
    value(parsed.result);
    CHECK(parsed.wish.title == "s");
    CHECK(parsed.wish.description == "d");
    const auto& operations = parsed.wish.operations;
    REQUIRE(operations.size() == 9);
    CHECK(value(std::get<app::NewContent>(operations[0]).bytes()) == "hello");
    CHECK(value(std::get<app::NewContent>(operations[1]).bytes()) == "gr\u00fc\u00df \U0001F600\n");
    CHECK(std::get<app::NewLarge>(operations[2]).size == 5);
    CHECK_FALSE(std::get<app::NewLarge>(operations[3]).size);
    CHECK(std::get<repo::DeletePath>(operations[4]).path.text() == "old");
    CHECK(std::get<repo::DeletePath>(operations[4]).what == repo::DeleteWhat::Folder);
    CHECK(std::get<repo::DeletePath>(operations[5]).what == repo::DeleteWhat::Either);
    CHECK(std::get<app::CopyFrom>(operations[6]).revision == "v1");
    CHECK(std::get<repo::DeletePath>(operations[7]).path.text() == "before");
    CHECK(value(std::get<app::NewContent>(operations[8]).bytes()).empty());
}

TEST_CASE("lines that are none") {
    const std::vector<std::string> bodies = {
        "",
        "\n",
        "not json\n",
        "[]\n",
        R"({"key":"header"})",
        R"({"key":"header","value":7})",
        R"({"key":"file","value":{"path":"x","content":"x"}})",
        std::string(kHeader) + std::string(kHeader),
        std::string(kHeader) + R"({"key":"unknown","value":{}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x"}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":7}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":"a","content":"b"}})",
        std::string(kHeader) +
            R"({"key":"file","value":{"path":"x","content":"a","encoding":"rot13"}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":"\ud800"}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":"\q"}})",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":"a"}} trailing)",
        std::string(kHeader) + R"({"key":"file","value":{"path":"x","content":"a"})",
        std::string(kHeader) + R"({"key":"file","val)",
        std::string(kHeader) + R"({"key":"lfsFile","value":{"path":"x","algo":"md5","oid":"00"}})",
        std::string(kHeader) + R"({"key":"lfsFile","value":{"path":"x","oid":"../../etc/passwd"}})",
        std::string(100'000, '['),
        R"({"key":"header","value":)" + std::string(50'000, '{'),
        "\xff\xfe garbage",
    };
    for (const std::string& body : bodies) {
        INFO(body.substr(0, 120));
        for (const std::size_t step : {std::size_t{1}, std::size_t{4096}}) {
            Lines lines;
            REQUIRE_ERROR(lines.parse(body, {}, step).result, util::Code::InvalidInput);
        }
    }
}

TEST_CASE("contents that are not what their encoding says are found when they are read") {
    Lines lines;
    const auto parsed = lines.parse(
        std::string(kHeader) +
        R"({"key":"file","value":{"path":"x","content":"%%%","encoding":"base64"}})"
        "\n" +
        "{\"key\":\"file\",\"value\":{\"path\":\"y\",\"content\":\"\xff\"}}\n"
    );
    value(parsed.result);
    for (const auto& operation : parsed.wish.operations) {
        REQUIRE_ERROR(std::get<app::NewContent>(operation).bytes(), util::Code::InvalidInput);
    }
}

TEST_CASE("paths that cannot be are unprocessable") {
    for (const char* path : {"../x", "/x", "a//b", ".git/x", "..\\\\ddd", "", "x/"}) {
        INFO(path);
        Lines lines;
        const auto parsed = lines.parse(
            std::string(kHeader) + R"({"key":"file","value":{"content":"x","path":")" + path +
            "\"}}"
        );
        REQUIRE_ERROR(parsed.result, util::Code::InvalidInput);
        CHECK(parsed.result.error().reason == app::kUnprocessable);
    }
}

TEST_CASE("limits are kept while a line comes in") {
    Lines lines;
    CommitLimits limits;
    limits.regular_file = 1000;
    limits.operations = 2;
    const auto file = [](std::size_t size) {
        return R"({"key":"file","value":{"path":"x","content":")" + std::string(size, 'a') +
               "\"}}\n";
    };
    value(lines.parse(std::string(kHeader) + file(1000), limits).result);
    REQUIRE_ERROR(
        lines.parse(std::string(kHeader) + file(1001), limits).result, util::Code::TooLarge
    );
    REQUIRE_ERROR(
        lines.parse(std::string(kHeader) + file(5000), limits).result, util::Code::TooLarge
    );
    REQUIRE_ERROR(
        lines.parse(std::string(kHeader) + file(1) + file(1) + file(1), limits).result,
        util::Code::TooLarge
    );
    const std::string long_summary =
        R"({"key":"header","value":{"summary":")" + std::string(2'000'000, 'a') + "\"}}";
    REQUIRE_ERROR(lines.parse(long_summary, limits, 65536).result, util::Code::TooLarge);
}

TEST_CASE("contents larger than the spool's memory come back whole") {
    Lines lines;
    std::string text;
    std::vector<std::string> contents;
    for (int i = 0; i < 5; ++i) {
        contents.push_back(std::string(700'000, static_cast<char>('a' + i)) + std::to_string(i));
        text += R"({"key":"file","value":{"path":"f)" + std::to_string(i) + R"(","content":")" +
                contents.back() + "\"}}\n";
    }
    const auto parsed = lines.parse(std::string(kHeader) + text, {}, 65536);
    value(parsed.result);
    for (std::size_t i = 0; i < contents.size(); ++i) {
        CHECK(value(std::get<app::NewContent>(parsed.wish.operations[i]).bytes()) == contents[i]);
    }
}

} // namespace railhub::server::api
