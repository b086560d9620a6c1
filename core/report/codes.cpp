// SPDX-License-Identifier: Apache-2.0
// The rows of the table.
#include "core/report/codes.h"

#include <array>

namespace railhub::report {

namespace {

constexpr std::array kCodes = {
    Code{
        "card.readable",
        "The README.md of what is checked can be read.",
        "A card that cannot be parsed hides what the work was made from, so it is a conflict and "
        "not passed over. 'railhub card lint' says where it is wrong."},
    Code{
        "card.use_restrictions",
        "Every entry of 'use_restrictions' is a restriction set or an id of the taxonomy.",
        "Other names carry nothing, so a slip of the pen drops a term. 'railhub license show' "
        "lists the set of a license."},
    Code{
        "lineage.source",
        "Files that say what an artifact was made from can be read.",
        "Adapter configs, merge recipes and headers of weights name base models. One that is there "
        "and cannot be read may hide a base with terms of its own, so a person looks at it. Mend "
        "or remove the file; 'railhub lineage' shows what is known."},
    Code{
        "terms.written",
        "What the card says of its use restrictions is what its terms say.",
        "A declared restriction set is a promise; the clauses have to stand in a file of terms "
        "beside it. 'railhub license attach' writes them, 'railhub license carried' shows which "
        "clauses a text has."},
};

} // namespace

std::span<const Code> codes() {
    return kCodes;
}

} // namespace railhub::report
