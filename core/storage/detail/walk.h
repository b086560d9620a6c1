// SPDX-License-Identifier: Apache-2.0
// Files below a folder in the order of their relative paths as text.
#pragma once

#include "core/util/fs.h"

namespace railhub::storage::detail {

struct Walked {
    std::string path; // relative to the folder
    util::FileInfo info;
};

// Visits what starts with `prefix` and is no folder; does not follow links. What vanishes meanwhile
// is passed over. The visitor returns an error to stop.
util::Result<> walk(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    std::string_view prefix,
    const std::function<util::Result<>(const Walked&)>& visit
);

} // namespace railhub::storage::detail
