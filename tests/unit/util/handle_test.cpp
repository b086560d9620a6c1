// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/handle and core/util/guarded.
#include "core/util/guarded.h"
#include "core/util/handle.h"
#include "tests/support/catch.h"

#include <thread>

namespace railhub::util {

namespace {

struct Counted {
    int* freed;
};

void free_counted(Counted* pointer) {
    ++*pointer->freed;
    delete pointer; // as a C library would
}

int make_counted(Counted** into, int* freed) {
    *into = new Counted{freed};
    return 0;
}

using CountedHandle = Handle<Counted, free_counted>;

} // namespace

TEST_CASE("a handle frees once, and what it is filled over before", "[util][handle]") {
    int first = 0;
    int second = 0;
    {
        CountedHandle handle;
        make_counted(Out(handle), &first);
        REQUIRE(handle);
        make_counted(Out(handle), &second);
        CHECK(first == 1);
        const CountedHandle moved = std::move(handle);
        CHECK(second == 0);
    }
    CHECK(first == 1);
    CHECK(second == 1);
}

TEST_CASE("a guarded value is reached by one thread at a time", "[util][guarded]") {
    Guarded<int> value(0);
    const auto add = [&value] {
        for (int i = 0; i < 10'000; ++i) {
            ++*value.access();
        }
    };
    std::thread other(add);
    add();
    other.join();
    CHECK(*value.access() == 20'000);
}

} // namespace railhub::util
