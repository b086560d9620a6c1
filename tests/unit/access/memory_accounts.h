// SPDX-License-Identifier: Apache-2.0
// A database in memory with users alice and bob and the organisation acme.
#pragma once

#include "core/access/accounts.h"
#include "core/db/sqlite.h"
#include "tests/support/fixed_random.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

namespace railhub::access {

struct MemoryAccounts {
    MemoryAccounts() {
        change([this](db::Transaction& tx) {
            tests::value(create_user(tx, random, now_ms, "Alice", "Alice A.", "Alice@example.org"));
            tests::value(create_user(tx, random, now_ms, "bob", "", ""));
            tests::value(create_org(tx, random, now_ms, "acme", "Acme Inc"));
        });
    }

    // Commits.
    template <class Work>
    void change(const Work& work) {
        auto tx = tests::value(database->begin_write(context.context()));
        work(*tx);
        tests::value(tx->commit());
    }

    std::unique_ptr<db::Transaction> read() {
        return tests::value(database->begin_read(context.context()));
    }

    tests::TestContext context;
    tests::FixedRandom random;
    std::int64_t now_ms = 1'000'000;
    std::unique_ptr<db::Database> database =
        tests::value(db::open_sqlite(context.context(), ":memory:"));
};

} // namespace railhub::access
