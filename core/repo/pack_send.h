// SPDX-License-Identifier: Apache-2.0
// Packs for clients: what a fetch still lacks, shallow boundaries, filters, and the cached pack of
// a full clone (docs/adr: git objects in the database). The wire protocol above speaks pkt-lines;
// this speaks objects.
#pragma once

#include "core/repo/repository.h"

#include <vector>

namespace railhub::repo {

// Which blobs stay out ("filter" of protocol v2); commits and trees are always sent. A blob that a
// client wants by its own id is sent whatever the filter says.
struct BlobFilter {
    enum class Kind : std::uint8_t { All, None, UpTo };
    Kind kind = Kind::All;
    std::uint64_t limit = 0; // UpTo: blobs of this size or larger stay out
};

// "blob:none", "blob:limit=<n>[kmg]"; InvalidInput for any other.
util::Result<BlobFilter> parse_blob_filter(std::string_view text);

enum class TagFollowing : std::uint8_t { Omit, Include };

struct PackRequest {
    std::vector<types::Oid> wants; // any stored objects; NotFound when one is not
    std::vector<types::Oid> haves; // ids the client has; those not stored are ignored
    // Commits whose parents the client lacks now (its "shallow" lines).
    std::vector<types::Oid> client_shallow;
    // From shallow_boundary(): commits of the answer whose parents are not sent. Commits in
    // `unshallow` get their parents sent although the client has them.
    std::vector<types::Oid> shallow;
    std::vector<types::Oid> unshallow;
    BlobFilter filter;
    // Include: annotated tags whose commit is part of the pack come along ("include-tag").
    TagFollowing tags = TagFollowing::Omit;
};

// Writes a whole pack ("PACK" ... checksum): no thin deltas and no offset deltas, which every
// client accepts. Nothing to send gives a pack without objects. Tells ctx.progress the phases
// ("Counting objects", "Compressing objects", "Sending objects"). A full clone (no haves, no
// shallow, no filter) is streamed from the object store when a pack for these tips was built
// before, and kept there when it was not. Memory is bounded by the number of objects, not by their
// size.
util::Result<> write_pack(
    const util::Context& ctx,
    Repository& repository,
    storage::ObjectStore& cache,
    const PackRequest& request,
    util::Writer& to
);

// Drops cached packs of the repo that its refs no longer ask for. Keys lie below
// "packs/<repo public id>/".
util::Result<>
drop_stale_packs(const util::Context& ctx, Repository& repository, storage::ObjectStore& cache);

// Negotiation. True when every want has a common ancestor with the haves (or is one of them), so
// that a pack can be sent ("ready").
util::Result<bool> is_ready(
    const util::Context& ctx,
    Repository& repository,
    const std::vector<types::Oid>& wants,
    const std::vector<types::Oid>& haves
);

// How much history a client asks for; all that is set applies.
struct Deepen {
    std::uint64_t depth = 0;          // commits from each want, counting it; 0 = no limit
    std::int64_t since_seconds = 0;   // only commits at or after; 0 = no limit
    std::vector<types::Oid> not_from; // commits reachable from these stay out
    enum class Base : std::uint8_t { Wants, ClientShallow };
    Base base =
        Base::Wants; // ClientShallow: depth counts from the client's boundary ("deepen-relative")
};

struct ShallowBoundary {
    std::vector<types::Oid> shallow;   // new boundary: commits whose parents are not sent
    std::vector<types::Oid> unshallow; // of client_shallow: commits that get their parents
};

// NotFound when no commit is left to send (as git: "no commits selected for shallow requests").
util::Result<ShallowBoundary> shallow_boundary(
    const util::Context& ctx,
    Repository& repository,
    const std::vector<types::Oid>& wants,
    const std::vector<types::Oid>& client_shallow,
    const Deepen& deepen
);

} // namespace railhub::repo
