// SPDX-License-Identifier: Apache-2.0
// Downloads through Xet (xet specification, section 6.2): parts of a file put together from xorbs,
// and what an older version on this disk has of them. Internal to core/transfer.
#pragma once

#include "core/transfer/cas_client.h"
#include "core/transfer/download.h"
#include "core/transfer/partial_file.h"

#include <span>
#include <vector>

namespace railhub::transfer {

// Bytes [begin, end) of a file are at `at` in another one.
struct LocalRun {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t at = 0;

    bool operator==(const LocalRun&) const = default;
};

// What the file made of `wanted` has in common with the one made of `have`, ordered, without
// overlaps. Terms tell no sizes of chunks, but the ends of terms are places in their xorb whose
// distances are known; runs between such places are found. `borders`: more such distances.
std::vector<LocalRun> find_local_runs(
    std::span<const xet::Term> wanted,
    std::span<const xet::Term> have,
    std::span<const xet::Term> borders = {}
);

// Terms of one chunk each, for those of `terms` that are made of such chunks.
std::vector<xet::Term>
split_terms(std::span<const xet::Term> terms, std::span<const xet::Leaf> chunks);

// How one file is best fetched.
struct XetRoute {
    // Data through the Xet server, else by plain HTTP.
    bool is_by_xet = false;
    std::vector<LocalRun> runs; // that need no fetching
};

// Asks how the file is stored. Xet is worth it when less than 9/10 of the bytes travel (they are
// compressed, or come several times); plain HTTP is quicker otherwise. An older version on this
// disk is looked at for its chunks, if it has any in common.
util::Result<XetRoute> choose_route(
    const util::Context& ctx,
    const CasClient& cas,
    util::Fs& fs,
    const XetFile& file,
    std::uint64_t size
);

// Bytes [begin, end) of the file, written to their place. Corrupt when what comes is not what the
// server announced.
util::Result<> fetch_by_xet(
    const util::Context& ctx,
    const CasClient& cas,
    const xet::Hash& hash,
    std::uint64_t begin,
    std::uint64_t end,
    PartialFile& file,
    util::Task& task
);

} // namespace railhub::transfer
