// SPDX-License-Identifier: Apache-2.0
// Depth first with an explicit stack; a folder sorts as its name with the slash, so that the order
// is that of the whole paths.
#include "core/storage/detail/walk.h"

#include <algorithm>

namespace railhub::storage::detail {

namespace {

// May anything at or below `path` (folders end in a slash) start with the prefix?
bool can_match(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) || (path.ends_with('/') && prefix.starts_with(path));
}

// Entries of one folder that can match, last one first: the stack's top is the next to visit.
util::Result<std::vector<Walked>>
entries(util::Fs& fs, const std::string& root, const std::string& below, std::string_view prefix) {
    std::vector<Walked> found;
    RAILHUB_TRY(const auto names, fs.list(util::join_path(root, below)));
    for (const std::string& name : names) {
        RAILHUB_TRY(const auto info, fs.info(util::join_path(root, below + name)));
        if (!info) {
            continue;
        }
        std::string path = below + name + (info->is_directory ? "/" : "");
        if (can_match(path, prefix)) {
            found.push_back(Walked{std::move(path), *info});
        }
    }
    std::sort(found.begin(), found.end(), [](const Walked& a, const Walked& b) {
        return a.path > b.path;
    });
    return found;
}

} // namespace

util::Result<> walk(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    std::string_view prefix,
    const std::function<util::Result<>(const Walked&)>& visit
) {
    RAILHUB_TRY(std::vector<Walked> stack, entries(fs, folder, "", prefix));
    while (!stack.empty()) {
        RAILHUB_TRY(ctx.check_stop());
        const Walked next = std::move(stack.back());
        stack.pop_back();
        if (!next.info.is_directory) {
            RAILHUB_TRY(visit(next));
            continue;
        }
        RAILHUB_TRY(auto below, entries(fs, folder, next.path, prefix));
        std::move(below.begin(), below.end(), std::back_inserter(stack));
    }
    return {};
}

} // namespace railhub::storage::detail
