// SPDX-License-Identifier: Apache-2.0
// JSON -> Record: the format of licenses/<id>/license.json (schemas/license-record.v1.schema.json).
#pragma once

#include "core/license/license.h"
#include "core/util/json.h"

namespace railhub::license {

// InvalidInput names the member. Unknown members are errors, so that a slip of the pen cannot drop
// a term.
util::Result<Record> parse_record(const util::Json& json);

} // namespace railhub::license
