// SPDX-License-Identifier: Apache-2.0
// The rows of the back end table.
#include "core/storage/backends.h"

#include "core/storage/local_store.h"
#include "core/storage/memory_store.h"
#include "core/util/text.h"

namespace railhub::storage {

namespace {

util::Result<std::unique_ptr<ObjectStore>>
open_file_backend(const util::Context& ctx, util::Fs& fs, const std::string& place) {
    return open_local_store(ctx, fs, place);
}

util::Result<std::unique_ptr<ObjectStore>>
open_memory_backend(const util::Context&, util::Fs&, const std::string&) {
    return make_memory_store();
}

constexpr Backend kBackends[] = {
    {"file", "A folder on a local disk", &open_file_backend},
    {"memory", "Memory of this process, gone when it ends", &open_memory_backend},
};

} // namespace

std::span<const Backend> backends() {
    return kBackends;
}

util::Result<std::unique_ptr<ObjectStore>>
open_store(const util::Context& ctx, util::Fs& fs, std::string_view location) {
    const std::size_t colon = location.find(':');
    if (colon == std::string_view::npos || location.find('/') < colon) {
        return open_file_backend(ctx, fs, std::string(location));
    }
    const std::string_view scheme = location.substr(0, colon);
    std::vector<std::string> known;
    for (const Backend& backend : kBackends) {
        if (backend.scheme == scheme) {
            return backend.open(ctx, fs, std::string(location.substr(colon + 1)));
        }
        known.emplace_back(backend.scheme);
    }
    return util::fail(
        util::Code::InvalidInput,
        "unknown store '" + std::string(scheme) + ":'",
        "use one of " + util::join(known, ", ") + ", or a path"
    );
}

} // namespace railhub::storage
