// SPDX-License-Identifier: Apache-2.0
// Collector: gathers uses while files are read, and keeps one of those that say
// the same.
#pragma once

#include "core/scan/ids.h"
#include "core/scan/tables.h"
#include "core/scan/use.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace railhub::scan {

// What is known of a use before its id is read.
struct Sighting {
    Place place;
    std::string text; // as written
    ArtifactKind kind = ArtifactKind::Model;
    std::string catalogue = {};
    Evidence evidence = Evidence::Call;
    Confidence at_most = Confidence::High;
    Role role = Role::Runtime;
    Part part = Part::Product;
    std::string component = {};
    std::string revision = {};
    bool is_release = false; // the revision names something that never changes
    std::string found_by = {};
    Place used_at = {}; // the call, where it stands elsewhere
};

// One thread at a time.
class Collector {
  public:
    // is_path: the text names a file or folder of the code base, as seen from
    // `file`.
    using IsPath = std::function<bool(const std::string& file, const std::string& text)>;

    Collector(const Tables& tables, IsPath is_path)
        : tables_(tables), is_path_(std::move(is_path)) {}

    // True when the text was an id.
    bool see(const Sighting& sighting);
    // An id that the tables name, as a task's default.
    void imply(const Sighting& sighting, const TaskDefault& implied);
    void unresolved(Place place, ArtifactKind kind, std::string found_by);

    // Uses in the order of their places.
    [[nodiscard]] std::vector<Use> take();
    [[nodiscard]] std::vector<Unresolved> take_unresolved();

    [[nodiscard]] const Tables& tables() const { return tables_; }

    // Something was found by a call.
    [[nodiscard]] bool has_calls() const { return has_calls_; }

  private:
    using Key = std::tuple<Place, std::string, ArtifactKind, std::string>;

    void keep(Use use, const Place& used_at);

    const Tables& tables_;
    IsPath is_path_;
    std::map<Key, Use> uses_ = {};
    std::set<Place> known_ = {}; // where something was seen
    std::vector<Unresolved> unresolved_ = {};
    bool has_calls_ = false;
};

} // namespace railhub::scan
