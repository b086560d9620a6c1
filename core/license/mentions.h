// SPDX-License-Identifier: Apache-2.0
// Names of licenses in running text: "released under the terms of the GNU GPL, version 2 or later".
// Pure; safe from any thread.
#pragma once

#include "core/license/fingerprint.h"
#include "core/license/normalize.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace railhub::license {

// A name found at words begin..end.
struct NameHit {
    std::string id;
    bool is_spdx = false;
    std::uint32_t begin = 0;
    std::uint32_t end = 0; // with the version and "or later"
};

// Immutable once built.
class LicenseNames {
  public:
    // Rows "name<TAB>id"; lines that begin with # are skipped. Names of references come on top.
    LicenseNames(std::string_view rows, const Fingerprints& fingerprints);
    static const LicenseNames& built_in();

    // The longest name that begins at word `at`, or one with an empty id.
    [[nodiscard]] NameHit match(const NormalText& text, std::uint32_t at) const;

  private:
    struct Name {
        std::vector<std::uint64_t> words; // hashes
        std::string id;
    };

    void add(std::string_view name, std::string_view id);

    std::unordered_map<std::uint64_t, std::vector<Name>> by_first_;
    std::unordered_map<std::string, bool> ids_; // known ids: is it one of the SPDX list?
};

} // namespace railhub::license
