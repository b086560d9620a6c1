// SPDX-License-Identifier: Apache-2.0
// The files of a call of `railhub license detect`: found below paths, read in part, judged by
// several threads.
#pragma once

#include "cli/shell.h"
#include "core/license/catalogue.h"
#include "core/license/detect.h"

#include <string>
#include <vector>

namespace railhub::cli {

// What one file states.
struct ScannedFile {
    std::string path;
    license::Detection detection;
    std::string expression;               // SPDX; empty when the file states no license
    std::vector<std::string> expressions; // one a statement, by place
    std::vector<std::vector<std::string>> difference_texts; // by match and difference
    std::vector<std::string> added_texts;                   // by added_terms
    std::string error;                                      // not empty: the file was not read
};

// Regular files below `paths`, sorted within each, without links and what git keeps for itself. A
// path that is not there is an error; too many files are too.
util::Result<std::vector<std::string>>
files_below(util::Fs& fs, const std::vector<std::string>& paths);

// In the order of `paths`; the first kMaxTextBytes of each file are looked at.
std::vector<ScannedFile> scan_files(
    util::Fs& fs, const license::Catalogue& catalogue, const std::vector<std::string>& paths
);

// A license that is not on the SPDX list, as an expression names it.
std::string reference_of(const license::Catalogue& catalogue, std::string_view id);

// The part of a file that is looked at, and one byte more where it goes on.
util::Result<std::string> read_start(util::Fs& fs, const std::string& path);

// The bytes at a place, cut to what a report may show, always valid UTF-8.
std::string passage(const std::string& bytes, const license::Place& place);

// "lines 3-7"
std::string lines_text(const license::Place& place);
util::Json place_json(const license::Place& place);

} // namespace railhub::cli
