// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/log.
#include "core/util/fs.h"
#include "core/util/json.h"
#include "core/util/log.h"
#include "core/util/text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>

namespace railhub::util {

TEST_CASE("key=value lines quote what would confuse their reader", "[util][log]") {
    CHECK(
        format_log_line(
            LogFormat::KeyValue,
            "T",
            LogLevel::Info,
            "request done",
            {{"path", "/a/b"}, {"n", 3}, {"agent", "x y"}, {"empty", ""}, {"q", "a=\"b\""}}
        ) ==
        R"(time=T level=info msg="request done" path=/a/b n=3 agent="x y" empty="" q="a=\"b\"")"
    );
}

TEST_CASE("a value can begin neither a line nor a field of its own", "[util][log]") {
    for (const LogFormat format : {LogFormat::KeyValue, LogFormat::Json}) {
        const std::string line = format_log_line(
            format, "T", LogLevel::Warn, "m", {{"user", "x\nlevel=error \xFF\x1B[31m"}}
        );
        CHECK(line.find('\n') == std::string::npos);
        CHECK(line.find('\x1B') == std::string::npos);
        CHECK(is_valid_utf8(line));
    }
}

TEST_CASE("JSON lines are JSON with bare numbers", "[util][log]") {
    const std::string line = format_log_line(
        LogFormat::Json,
        "T",
        LogLevel::Error,
        "say \"hi\"",
        {{"bytes", std::uint64_t{7}}, {"name", std::string("7")}}
    );
    CHECK(line == R"({"time":"T","level":"error","msg":"say \"hi\"","bytes":7,"name":"7"})");
    CHECK(parse_json(line).ok());
}

TEST_CASE("a descriptor log writes whole lines from its level on", "[util][log]") {
    const tests::TempDir dir;
    const FileHandle file(::open(dir.file("log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const auto log = make_fd_log(file.fd(), LogFormat::KeyValue, LogLevel::Warn);
    log->info("dropped");
    log->warn("first", {{"n", 1}});
    log->error("second");
    const std::string text = read_file(*make_posix_fs(), dir.file("log"), 10'000).value();
    const auto lines = split(text, '\n');
    REQUIRE(lines.size() == 3);
    CHECK_THAT(std::string(lines[0]), EndsWith("Z level=warn msg=first n=1"));
    CHECK_THAT(std::string(lines[1]), EndsWith("level=error msg=second"));
    CHECK(lines[2].empty());
}

TEST_CASE("a log nobody can be written to is silent", "[util][log]") {
    make_fd_log(-1, LogFormat::Json, LogLevel::Debug)->error("lost");
    NullLog().error("lost");
    SUCCEED();
}

} // namespace railhub::util
