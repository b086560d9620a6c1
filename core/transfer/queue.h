// SPDX-License-Identifier: Apache-2.0
// Bounded parallel jobs: started in order, never more than so many at a time, ended by the first
// error.
#pragma once

#include "core/util/context.h"

#include <cstddef>
#include <functional>

namespace railhub::transfer {

// Gets a context that is also stopped when another job failed.
using Job = std::function<util::Result<>(const util::Context& ctx, std::size_t index)>;

// Runs job(0) .. job(count - 1) on at most `workers` threads of its own and returns when all have
// ended; the first error (not the Cancelled ones it causes) is the result.
util::Result<>
run_jobs(const util::Context& ctx, std::size_t workers, std::size_t count, const Job& job);

} // namespace railhub::transfer
