// SPDX-License-Identifier: Apache-2.0
// Fingerprints of license texts and names of licenses, embedded. Only core/license reads them.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::licenses_fingerprints {

// "fingerprints/texts.rhfp", "fingerprints/mentions.tsv", "restrictions/wording.tsv".
std::span<const util::EmbeddedFile> files();

} // namespace railhub::licenses_fingerprints
