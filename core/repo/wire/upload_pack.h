// SPDX-License-Identifier: Apache-2.0
// The sending side of `git fetch` and `git clone`: one stateless request, one answer
// (gitprotocol-http; V0, V1 and V2).
#pragma once

#include "core/repo/repository.h"
#include "core/repo/wire/advertise.h"
#include "core/storage/object_store.h"

namespace railhub::repo::wire {

// Reads the whole request before the first byte of the answer. Mistakes of the client are answered
// inside the protocol ("ERR ..."), so that git shows them; an Error here means that the answer
// could not be finished and the connection must be cut. `cache` keeps packs of full clones.
util::Result<> serve_upload_pack(
    const util::Context& ctx,
    Repository& repository,
    storage::ObjectStore& cache,
    Version version,
    util::Reader& request,
    util::Writer& answer
);

} // namespace railhub::repo::wire
