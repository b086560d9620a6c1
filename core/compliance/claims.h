// SPDX-License-Identifier: Apache-2.0
// Claim: one license upstream as it bears on the subject, over one way the artifact came in. Rules
// look at claims, so that the questions they share are answered once.
#pragma once

#include "core/compliance/rules.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

// All claims of a case, nearest artifact first. Of labels that are no licenses there are none: R1
// speaks of them.
std::vector<Claim> claims_of(const Case& subject);

// The duties of the license reach what is shared: it is the work or a derivative of it, or a model
// that its outputs made a derivative.
bool binds(const Claim& claim);

const Node& subject_of(const Case& subject);
const Node& node_of(const Case& subject, const Claim& claim);

// What the subject is put under. Own: terms known only through what is carried. Unresolved: a
// family or "unknown", so that nobody can compare.
enum class LabelState : std::uint8_t { Stated, Own, None, Unresolved };
LabelState label_state(const Case& subject);

bool is_shared(const Use& use);                                    // copies leave, or others use it
bool copies_leave(const Use& use);                                 // Delivery::Distribute
bool is_commercial(const Use& use);                                // stated to be
bool is_publishing(const Case& subject, const Ancestor& ancestor); // outputs as a collection

// The same license, or one it accepts, is on the subject.
bool same_label(const Case& subject, const Claim& claim);
// The license itself, not one it accepts.
bool has_exact_label(const Case& subject, const Claim& claim);
// A label that may not be compared, or internal use, which needs none.
bool is_comparable(const Case& subject);

// "license-text:<license>" and the like; the license by any of its names.
bool carries(const Case& subject, std::string_view kind, const license::Record& license);
// "source", "relinkable": as they stand.
bool carries(const Case& subject, std::string_view what);
bool carries_any(const Case& subject, std::string_view prefix);

// The use restrictions of the license that do not travel with the subject; empty when all do. When
// the set is not known, nullopt unless it is carried by name.
std::optional<std::vector<license::Uncovered>>
missing_restrictions(const Case& subject, const license::Record& license, license::Cover cover);

// Could somebody take the declared label for leave to trade, which the license withholds?
// No: it keeps commerce out. Unknown: own terms. Yes: it allows it.
enum class Commerce : std::uint8_t { No, Unknown, Yes };
Commerce label_commerce(const Case& subject, const license::Record& withholding);

// Share-alike of a scope that reaches the whole of what is made from the work (licenses R6).
const license::Term* whole_share_alike(const license::Record& license);

// Does share-alike of this kind reach what the part is shipped with? Over a whole program it does;
// over a work it does where the two are linked; models and data that stay as they are do not.
bool reaches_parts(const Claim& claim);

// A part whose license is known to let it be combined with work under each declared license, as
// versions 3 of GPL and AGPL do with each other. The part keeps its license.
bool fits_as_part(const Case& subject, const Claim& claim);

// Others may be granted rights in the untouched work, and only text and notices have to stay.
bool sublicenses_freely(const license::Record& license);

// Says each thing once: true the first time a key is seen.
class Once {
  public:
    bool operator()(std::string key) { return seen_.insert(std::move(key)).second; }

  private:
    std::set<std::string> seen_;
};

} // namespace railhub::compliance
