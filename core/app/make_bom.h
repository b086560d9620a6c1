// SPDX-License-Identifier: Apache-2.0
// The bill of materials of a folder or repository: facts -> lineage -> bom::Bom, with the hashes of
// its files. The CLI and the hub's route both use it.
#pragma once

#include "core/app/check.h"
#include "core/bom/bom.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

struct BomOptions {
    CheckOptions check = {};
    std::string name = {};     // of the subject; empty: as the check calls it
    std::string endpoint = {}; // the hub that is asked, without credentials; or empty
    std::optional<std::int64_t> created = {}; // seconds since 1970
    enum class Files : std::uint8_t { Include, Omit } files = Files::Include;
    // What a hub lists, with the hashes it knows; the rest is read from the source. nullopt: the
    // source says which files there are, and all of them are read.
    std::optional<std::vector<bom::File>> listed = {};
    std::size_t max_files = 50'000; // in the bill; others are counted only
    std::size_t max_read = 1'000;   // of listed files that have to be read to be hashed
};

// A card that cannot be read is an Error; else Errors are those of `source` and `resolver`. Files
// are read in blocks, git-lfs pointers stand for what they point to. A file of a folder that cannot
// be read stands without a hash.
util::Result<bom::Bom> make_bom(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const BomOptions& options
);

// scheme://host[:port]/path of a hub's address, without user info and query; empty for no address.
std::string public_endpoint(std::string_view address);

} // namespace railhub::app
