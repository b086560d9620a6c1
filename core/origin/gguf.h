// SPDX-License-Identifier: Apache-2.0
// Metadata of GGUF files (versions 1 to 3, both byte orders): the `general.*` entries, read from
// the header alone. What tools wrote there about license and origin.
#pragma once

#include "core/origin/safetensors.h"

#include <map>
#include <string>
#include <vector>

namespace railhub::origin {

struct GgufLimits {
    std::uint64_t max_bytes = std::uint64_t{32} << 20; // of the header; vocabularies are large
    std::uint64_t max_entries = 65'536;
    std::uint64_t max_key = 65'535;
    std::uint64_t max_text = std::uint64_t{64} << 10; // longer texts are passed over
    std::size_t max_items = 256;                      // of a list of texts; the rest is passed over
    std::size_t max_kept = 4'096;                     // entries of general.*
    int max_nesting = 4;                              // of arrays
};

struct GgufMetadata {
    std::uint32_t version = 0;
    std::map<std::string, std::string, std::less<>> texts; // "general.license" -> "mit"
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    std::map<std::string, std::uint64_t, std::less<>> numbers; // unsigned ones
    bool is_cut = false;                                       // the header goes on past max_bytes
};

// Memory is bounded by the limits, whatever the file says. InvalidInput when it is no GGUF file or
// its header is broken.
util::Result<GgufMetadata> read_gguf(const ReadAt& read_at, const GgufLimits& limits = {});

} // namespace railhub::origin
