// SPDX-License-Identifier: Apache-2.0
// "Who needs this?", asked under the write lock right before it goes. The marking asks the same of
// all at once (mark.cpp).
#pragma once

#include "core/collect/places.h"
#include "core/types/blob_ref.h"
#include "core/xet/hash.h"

namespace railhub::collect {

// A repo links the content, got it for a commit, keeps a git object in it, or was deleted a short
// time ago.
util::Result<bool> is_content_needed(db::Transaction& tx, const util::Sha256& sha256);
// A recipe uses chunks of it.
util::Result<bool> is_segment_used(db::Transaction& tx, std::int64_t segment);
// A row names the object, or an operator wants it kept.
util::Result<bool> is_object_needed(db::Transaction& tx, std::string_view key, std::int64_t now_ms);

} // namespace railhub::collect
