// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/io.
#include "core/util/io.h"
#include "tests/support/catch.h"
#include "tests/support/test_context.h"

#include <fcntl.h>
#include <unistd.h>

namespace railhub::util {

namespace {

bool is_open_descriptor(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

int open_null() {
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

class FailingWriter final : public Writer {
  public:
    Result<> write(ByteView) override { return fail(Code::Io, "no more"); }
};

} // namespace

TEST_CASE("a memory reader gives its bytes once", "[util][io]") {
    MemoryReader reader("abcde");
    Bytes into(3);
    CHECK(reader.read(into).value() == 3);
    CHECK(as_text(into) == "abc");
    CHECK(reader.read(into).value() == 2);
    CHECK(reader.read(into).value() == 0);
}

TEST_CASE("reading everything stops at the limit", "[util][io]") {
    const std::string text(100'000, 'x');
    MemoryReader whole(text);
    CHECK(read_all(whole, 100'000).value() == text);
    MemoryReader too_much(text);
    REQUIRE_ERROR(read_all(too_much, 99'999), Code::TooLarge);
    MemoryReader nothing("");
    CHECK(read_all(nothing, 0)->empty());
}

TEST_CASE("copy moves all bytes, reports failures and hears a stop", "[util][io]") {
    tests::TestContext test;
    const std::string text(3'000'000, 'y');
    MemoryReader reader(text);
    StringWriter writer;
    CHECK(copy(test.context(), reader, writer).value() == text.size());
    CHECK(writer.take() == text);
    MemoryReader more("x");
    FailingWriter failing;
    REQUIRE_ERROR(copy(test.context(), more, failing), Code::Io);
    test.stop.request_stop();
    REQUIRE_ERROR(copy(test.context(), more, writer), Code::Cancelled);
}

TEST_CASE("a file handle closes what it owns, also moved and moved over", "[util][io]") {
    FileHandle first(open_null());
    FileHandle second(open_null());
    const int first_fd = first.fd();
    const int second_fd = second.fd();
    second = std::move(first);
    CHECK_FALSE(is_open_descriptor(second_fd));
    CHECK(second.fd() == first_fd);
    CHECK_FALSE(first.is_open());
    {
        const FileHandle third(std::move(second));
        CHECK(is_open_descriptor(first_fd));
    }
    CHECK_FALSE(is_open_descriptor(first_fd));
}

TEST_CASE("a released descriptor is the caller's", "[util][io]") {
    int fd = -1;
    {
        FileHandle handle(open_null());
        fd = handle.release();
        CHECK_FALSE(handle.is_open());
    }
    CHECK(is_open_descriptor(fd));
    ::close(fd);
}

} // namespace railhub::util
