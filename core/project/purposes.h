// SPDX-License-Identifier: Apache-2.0
// Purposes: what a use is for and who its users are, and which use restrictions that touches. The
// rows are data (core/project/data/purposes.json, schemas/purposes.v1.schema.json).
#pragma once

#include "core/license/restrictions.h"
#include "core/util/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

struct Purpose {
    enum class Kind : std::uint8_t { Purpose, Audience };
    std::string id;
    Kind kind = Kind::Purpose;
    std::string title;
    // Entries are ids of the taxonomy, or "id#variant".
    std::vector<std::string> forbids; // the use itself falls under the restriction
    std::vector<std::string> asks;    // it depends on how it is done: somebody has to say so
};

// What a restriction means for a purpose.
enum class Touch : std::uint8_t { Allowed, NeedsStatement, Forbidden };

// An entry with the variant wins over one without, and of those what forbids. A restriction on a
// whole branch of the taxonomy ("medical") is touched by each of its leaves.
Touch touch(const Purpose& purpose, const license::Restriction& restriction);

class Purposes {
  public:
    static util::Result<Purposes> parse(const util::Json& json);
    // The rows in the binary.
    static const Purposes& built_in();

    [[nodiscard]] const std::vector<Purpose>& rows() const { return rows_; }

    // nullptr when there is none.
    [[nodiscard]] const Purpose* find(Purpose::Kind kind, std::string_view id) const;
    [[nodiscard]] std::vector<std::string> ids(Purpose::Kind kind) const;

  private:
    std::vector<Purpose> rows_;
};

// The part of docs/project-file.md that lists them.
std::string purposes_page();

} // namespace railhub::project
