// SPDX-License-Identifier: Apache-2.0
// The texts that fingerprints are made of, and where each came from.
#pragma once

#include "core/license/fingerprint.h"
#include "core/util/fs.h"

#include <string>
#include <vector>

namespace railhub::tools {

struct ReferenceText {
    license::Reference reference;
    license::NormalText words;
    std::vector<std::string> files; // names in the folder, to point clauses at them
    bool is_spdx = false;
    std::string replaced_by; // of a deprecated id
    std::string source;      // a line of sources.tsv
};

// The texts that <folder>/MANIFEST.json lists; fails when one does not have the SHA-256
// that it states. With an SPDX list (folder of its XML files) also its notices, names, and places
// that may differ.
util::Result<std::vector<ReferenceText>>
read_reference_texts(util::Fs& fs, const std::string& folder, const std::string& spdx_folder);

// One entry for texts of the same words: the canonical id leads, the others are `also`. A
// deprecated id whose text differs a little takes the name of the id that replaced it.
std::vector<ReferenceText> merge_equal(std::vector<ReferenceText> texts);

} // namespace railhub::tools
