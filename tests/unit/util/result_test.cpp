// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/result and core/util/context.
#include "core/util/result.h"
#include "tests/support/catch.h"
#include "tests/support/test_context.h"

#include <memory>

namespace railhub::util {

namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return fail(Code::InvalidInput, "odd number", "try an even one");
    }
    return number / 2;
}

Result<> check_half(int number) {
    RAILHUB_TRY(half(number));
    return {};
}

Result<std::string> quarter(int number) {
    RAILHUB_TRY(const int first, half(number));
    RAILHUB_TRY(const int second, half(first).with_context("second half"));
    return std::to_string(second);
}

} // namespace

TEST_CASE("a result is a value or an error", "[util][result]") {
    CHECK(half(4).value() == 2);
    CHECK(half(4));
    REQUIRE_ERROR(half(3), Code::InvalidInput);
    CHECK(half(3).error().hint == "try an even one");
    CHECK(Result<>().ok());
}

TEST_CASE("RAILHUB_TRY passes errors up and binds values", "[util][result]") {
    CHECK(quarter(8).value() == "2");
    CHECK(to_line(quarter(6).error()) == "second half: odd number");
    CHECK(quarter(5).error().context.empty());
    CHECK(check_half(2).ok());
    REQUIRE_ERROR(check_half(1), Code::InvalidInput);
}

TEST_CASE("values that only move can be carried", "[util][result]") {
    const auto make = [] { return Result<std::unique_ptr<int>>(std::make_unique<int>(5)); };
    std::unique_ptr<int> value = make().value();
    CHECK(*value == 5);
    Result<std::unique_ptr<int>> kept = make();
    value = std::move(kept).value();
    CHECK(*value == 5);
}

TEST_CASE("a context says when somebody asked to stop", "[util][context]") {
    tests::TestContext test;
    const Context ctx = test.context();
    CHECK(ctx.check_stop().ok());
    test.stop.request_stop();
    REQUIRE_ERROR(ctx.check_stop(), Code::Cancelled);
}

TEST_CASE("the recording log keeps lines", "[support][log]") {
    tests::TestContext test;
    test.context().log.info("hello", {{"n", 1}});
    CHECK(test.log.lines() == std::vector<std::string>{"time=- level=info msg=hello n=1"});
}

} // namespace railhub::util
