// SPDX-License-Identifier: Apache-2.0
// Labels of cards -> SPDX expressions. A license that the SPDX list does not have becomes a
// LicenseRef: ScanCode's where that has one, so that others know it too.
#pragma once

#include "core/bom/bom.h"
#include "core/license/catalogue.h"
#include "core/license/expression.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::bom {

// What an artifact is under, as far as somebody says.
struct LicenseTerms {
    std::optional<license::Expression> expression; // none: nothing is stated
    bool is_definite = false; // every part names one license: no family, no "other" or "unknown"
};

// Collects the LicenseRefs it hands out. Borrows the catalogue. One thread at a time.
class LicenseNames {
  public:
    explicit LicenseNames(const license::Catalogue& catalogue);

    // The labels in force; several hold together.
    LicenseTerms declared(const compliance::Node& node);
    // One label, name or expression.
    LicenseTerms terms(const std::string& label);

    // By ref.
    [[nodiscard]] std::vector<CustomLicense> custom() const;

  private:
    license::Expression leaf(std::string id);
    license::Expression custom_leaf(const std::string& name, std::string ref, std::string link);
    LicenseTerms simple(const std::string& label);
    LicenseTerms other(const compliance::Node& node);
    LicenseTerms mapped(const license::Expression& expression);
    [[nodiscard]] std::string listed(const std::string& id) const;

    const license::Catalogue& catalogue_;
    std::map<std::string, std::string, std::less<>> listed_; // lower case -> id of the SPDX list
    std::map<std::string, CustomLicense, std::less<>> custom_;
};

// All of them together, one spelling; nullopt for none.
std::optional<license::Expression> all_of(std::vector<license::Expression> parts);

// An id as SPDX lets it be after "LicenseRef-": letters, digits, '-' and '.'; never empty.
std::string ref_name(std::string_view text);

} // namespace railhub::bom
