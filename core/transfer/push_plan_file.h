// SPDX-License-Identifier: Apache-2.0
// A push plan as a file (schemas/push-plan.v1.schema.json): written by one call, carried out
// exactly by another, or not at all.
#pragma once

#include "core/transfer/push.h"

namespace railhub::transfer {

struct PlannedPush {
    std::string endpoint;
    PushRequest request;
    PushPlan plan;
};

// The JSON of a plan. Reads the small files once, to name their content.
util::Result<util::Json> print_push_plan(util::Fs& fs, const PlannedPush& planned);

// InvalidInput when it is no plan, or of another version.
util::Result<PlannedPush> parse_push_plan(const util::Json& json);

// Makes a plan that was read ready for run_push. Conflict when a file is not what it was, or the
// branch is at another commit.
util::Result<>
renew_push_plan(const util::Context& ctx, const PushTools& tools, PlannedPush& planned);

} // namespace railhub::transfer
