// SPDX-License-Identifier: Apache-2.0
// Answers of a hub: whatever it lists, no path leaves the folder it is written to.
#include "core/transfer/hub_json.h"

#include "tests/fuzz/fuzz.h"

namespace transfer = railhub::transfer;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = railhub::util::parse_json(railhub::tests::fuzz_text(data, size));
    if (!json.ok()) {
        return 0;
    }
    if (const auto entry = transfer::read_entry(*json); entry.ok()) {
        RAILHUB_ASSERT(!entry->path.empty() && entry->path.front() != '/');
        RAILHUB_ASSERT(("/" + entry->path + "/").find("/../") == std::string::npos);
        RAILHUB_ASSERT(entry->oid.size() == 40);
    }
    if (const auto object = transfer::read_lfs_object(*json); object.ok() && object->upload) {
        RAILHUB_ASSERT(object->upload->parts.empty() || object->upload->part_size > 0);
    }
    static_cast<void>(transfer::read_whoami(*json));
    static_cast<void>(transfer::read_repo(*json));
    return 0;
}
