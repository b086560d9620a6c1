// SPDX-License-Identifier: Apache-2.0
// FactsCache: facts of artifacts on other hubs, kept on disk by endpoint, name, commit and version
// of the license data, so that a lineage is asked for once:
//
//   FOLDER/<2 hex>/<hash of the key>.json     {"key","facts"} or {"key","id","commit"}
//
// Safe to delete at any time; entries that cannot be read are as if they were not there.
#pragma once

#include "core/app/check.h"
#include "core/util/clock.h"
#include "core/util/fs.h"

#include <optional>
#include <string>

namespace railhub::app {

struct FactsCacheLimits {
    std::size_t max_entries = 8'192; // the oldest go first
    std::uint64_t max_entry_bytes = std::uint64_t{1} << 20;
};

// Several processes may use one folder at a time. One thread at a time. `fs` is borrowed.
class FactsCache {
  public:
    // `knowledge`: version of the license data that facts were read with.
    FactsCache(
        util::Fs& fs, std::string folder, std::string knowledge, FactsCacheLimits limits = {}
    )
        : fs_(fs), folder_(std::move(folder)), knowledge_(std::move(knowledge)), limits_(limits) {}

    [[nodiscard]] std::optional<origin::Facts>
    facts(std::string_view endpoint, const UpstreamName& name, std::string_view commit);
    // Where a name led to when it was asked last: canonical id and commit.
    [[nodiscard]] std::optional<Upstream> seen(std::string_view endpoint, const UpstreamName& name);

    // What cannot be written is not kept: a cache never fails what it serves.
    void keep(
        std::string_view endpoint,
        const UpstreamName& name,
        std::string_view commit,
        const origin::Facts& facts
    );
    void saw(std::string_view endpoint, const UpstreamName& name, const Upstream& upstream);

  private:
    [[nodiscard]] std::string path_of(const std::string& key) const;
    std::optional<util::Json> read(const std::string& key);
    void write(const std::string& key, util::Json entry);
    void make_room(const std::string& folder);

    util::Fs& fs_;
    std::string folder_;
    std::string knowledge_;
    FactsCacheLimits limits_;
};

} // namespace railhub::app
