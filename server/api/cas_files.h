// SPDX-License-Identifier: Apache-2.0
// What a Xet token may see (xet specification, section 7.2). Everything else answers as if it were
// not there.
#pragma once

#include "core/cas/engine.h"
#include "server/call.h"

namespace railhub::server::api {

// The answer to all that is not there or not to be seen.
util::Error unknown_content();

// A hash out of a route's parameter; InvalidInput when it is none.
util::Result<xet::Hash> hash_param(const Call& call, std::string_view name);

// A file that is linked to the repo of the token, or was uploaded to it if its user may write
// there; NotFound otherwise. Needs call.tx. The empty file is everybody's.
util::Result<cas::FileRecord> visible_file(const Call& call, const xet::Hash& hash);

// The same for a segment.
util::Result<cas::SegmentRecord> visible_segment(const Call& call, const xet::Hash& hash);

// Repos that the user may read, each looked up once.
cas::Visible readable_repos(SharedIdentity who);

} // namespace railhub::server::api
