// SPDX-License-Identifier: Apache-2.0
// Background jobs: rows with leases, so that of any number of servers one does each, and another
// takes over when that one is gone.
#pragma once

#include "core/app/deps.h"
#include "core/collect/places.h"
#include "core/util/json.h"

#include <functional>
#include <vector>

namespace railhub::app {

collect::Places places_of(Deps& deps);

struct JobSettings {
    std::chrono::milliseconds collect_every = std::chrono::hours(24); // 0: never
    std::chrono::milliseconds grace = std::chrono::hours(48);
    std::chrono::milliseconds trash_window = std::chrono::hours(24 * 7);
};

struct Job {
    std::string_view name;
    std::chrono::milliseconds every{0}; // 0: never
    enum class First : std::uint8_t { AtOnce, AfterInterval } first = First::AfterInterval;
    // Safe to be cut off at any point. What it says is kept with the row.
    std::function<util::Result<util::Json>(const util::Context&)> run;
};

// Collect garbage, empty the trash, drop upload sessions that nobody goes on with. `deps` is
// borrowed.
std::vector<Job> background_jobs(Deps& deps, const JobSettings& settings);

struct JobLease {
    std::string holder; // another one for each process
    // Extended while the job runs; after a kill others wait that long.
    std::chrono::milliseconds length = std::chrono::minutes(5);
};

// Runs what is due and held by nobody; returns how many. A job that fails is logged and due again
// after its interval; one whose lease was lost is stopped.
util::Result<std::size_t> run_due_jobs(
    const util::Context& ctx, Deps& deps, const std::vector<Job>& jobs, const JobLease& lease
);

} // namespace railhub::app
