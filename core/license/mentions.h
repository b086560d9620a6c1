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
#include <unordered_set>
#include <vector>

namespace railhub::license {

// A name found at words begin..end.
struct NameHit {
    std::string id;
    bool is_spdx = false;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;       // with the version and "or later"
    bool is_any_version = false; // a license of GNU, its version not said
    bool is_exception = false;
    bool is_stated = false; // the words put something under it ("under the same terms as ...")
    std::string second;     // of "version 2 or 3"
    std::string family;     // where the version is not said and `id` is empty
};

// Immutable once built.
class LicenseNames {
  public:
    // Rows "name<TAB>id" and "address<TAB>id"; lines that begin with # are skipped. Names of
    // references come on top.
    LicenseNames(
        std::string_view rows, std::string_view addresses, const Fingerprints& fingerprints
    );
    static const LicenseNames& built_in();

    // The longest name that begins at word `at`, or one with an empty id.
    [[nodiscard]] NameHit match(const NormalText& text, std::uint32_t at) const;

    // All of them in words begin..end, one after the other.
    [[nodiscard]] std::vector<NameHit>
    within(const NormalText& text, std::uint32_t begin, std::uint32_t end) const;

    // Ids in any case; exceptions are among them.
    [[nodiscard]] bool knows(std::string_view id) const;
    // The id as it is spelled, whatever the case; empty when it is none.
    [[nodiscard]] std::string spelled(std::string_view id) const;
    [[nodiscard]] bool is_spdx(const std::string& id) const;
    // Of a page, without scheme, "www." and ending, in small letters; empty when it is no
    // license's.
    [[nodiscard]] std::string of_address(const std::string& address) const;

  private:
    struct Name {
        std::vector<std::uint64_t> words; // hashes
        std::string id;
    };

    void add(std::string_view name, std::string_view id);
    void add_family(const Reference& reference);
    void complete(const std::string& pattern, const NormalText& text, NameHit& hit) const;
    void add_id(const std::string& id, bool is_spdx);

    std::unordered_map<std::uint64_t, std::vector<Name>> by_first_;
    std::unordered_map<std::string, bool> ids_; // known ids: is it one of the SPDX list?
    std::unordered_set<std::string> exceptions_;
    std::unordered_map<std::string, std::string> spelled_;   // small letters -> id
    std::unordered_map<std::string, std::string> addresses_; // -> id
};

} // namespace railhub::license
