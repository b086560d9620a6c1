// SPDX-License-Identifier: Apache-2.0
// Oid: the SHA-1 name of a git object.
#pragma once

#include "core/util/digest.h"

namespace railhub::types {

using Oid = util::Digest<20, struct OidTag>;

} // namespace railhub::types
