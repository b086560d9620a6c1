// SPDX-License-Identifier: Apache-2.0
// A store and a database that stop at a chosen step, as a killed process does: before the step took
// effect, or right after it. Until revived every call fails.
#pragma once

#include "core/db/database.h"
#include "core/storage/object_store.h"

#include <atomic>

namespace railhub::tests {

// Counts what changes something: publish, rename, remove, commit.
class Life {
  public:
    enum class Moment : std::uint8_t { Before, After };

    // The next step is number 1.
    void end_at(std::uint64_t step, Moment moment);
    void revive();

    [[nodiscard]] bool is_over() const { return over_; }

    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    // Runs the step unless life is over, or ends with it.
    util::Result<> step(const std::function<util::Result<>()>& act);
    // For what changes nothing.
    [[nodiscard]] util::Result<> check() const;

  private:
    std::uint64_t steps_ = 0;
    std::uint64_t end_ = 0; // 0: none
    Moment moment_ = Moment::Before;
    bool over_ = false;
};

// All are borrowed. One thread.
std::unique_ptr<storage::ObjectStore> make_mortal_store(storage::ObjectStore& store, Life& life);
std::unique_ptr<db::Database> make_mortal_database(db::Database& database, Life& life);

} // namespace railhub::tests
