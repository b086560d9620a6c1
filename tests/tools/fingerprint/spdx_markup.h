// SPDX-License-Identifier: Apache-2.0
// Reads the XML of the SPDX license list: names, deprecation, notices, and where a text may differ.
#pragma once

#include "core/license/fingerprint.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::tools {

// Plain text, and the words of it that may differ.
struct MarkedUpText {
    license::NormalText words;
    std::vector<license::LooseSpan> loose;
};

struct SpdxEntry {
    std::string id;
    std::string name;
    bool is_exception = false;
    bool is_deprecated = false;
    std::string replaced_by; // the id to use instead of a deprecated one
    MarkedUpText text;
    std::optional<MarkedUpText> notice; // standardLicenseHeader
};

// nullopt when the file holds no license.
std::optional<SpdxEntry> read_spdx_xml(std::string_view xml);

// The loose spans of `from` in terms of the words of `to`, found by aligning the two.
std::vector<license::LooseSpan>
project_loose(const MarkedUpText& from, const license::NormalText& to);

} // namespace railhub::tools
