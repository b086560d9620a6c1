// SPDX-License-Identifier: Apache-2.0
// Configuration: uses in the entries of a document, by keys, argument lists and
// variables.
#pragma once

#include "core/scan/collect.h"
#include "core/scan/commands.h"
#include "core/scan/document.h"

#include <string_view>
#include <vector>

namespace railhub::scan {

enum class DocumentStyle : std::uint8_t { Json, Yaml, Toml, Card };

struct DocumentFile {
    std::string_view path; // of the file
    DocumentStyle style = DocumentStyle::Yaml;
    Part part = Part::Product;
};

void read_config(
    const Tables& tables,
    const std::vector<Entry>& entries,
    const DocumentFile& file,
    const PlaceOf& place_of,
    Collector& collector
);

} // namespace railhub::scan
