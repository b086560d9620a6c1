// SPDX-License-Identifier: Apache-2.0
// Calls: the uses in source code. Calls that load something, found by the
// tables and followed through the project; then texts that only the name they
// go by speaks for.
#pragma once

#include "core/scan/collect.h"
#include "core/scan/commands.h"
#include "core/scan/project.h"
#include "core/scan/values.h"

#include <set>

namespace railhub::scan {

// One thread at a time.
class CallReader {
  public:
    CallReader(Project& project, const Tables& tables, Collector& collector)
        : project_(project), tables_(tables), values_(project, tables), collector_(collector) {}

    void read_calls(const Unit& unit);
    // Texts in quotes that are addresses on the hub, and those behind telling
    // names.
    void read_names(const Unit& unit);

    // Names of functions of the project whose parameters were asked for and not
    // all known: files that call them may say more.
    [[nodiscard]] bool imports_known_package(const Unit& unit) const;

  private:
    void read_call(Ref call);
    void read_bound_call(Ref call);
    bool match(Ref call, const CallRule& rule, const std::vector<Name>& names) const;
    void apply(Ref call, const CallRule& rule, const std::string& callee);
    bool apply_id(Ref call, const CallRule& rule, const IdRule& id, const Sighting& base);
    bool see_texts(const std::vector<Text>& texts, const IdRule& id, Sighting sighting);
    void apply_task(Ref call, const CallRule& rule, Sighting base);
    void read_command(Ref call, std::string_view callee);
    void see_named(
        const Unit& unit, std::string_view name, NodeId value, const std::set<NodeId>& skipped
    );
    void see_literals(
        const Unit& unit, std::string_view name, NodeId value, ArtifactKind kind, int depth
    );
    [[nodiscard]] Role guess_role(const Unit& unit, ArtifactKind kind) const;

    Project& project_;
    const Tables& tables_;
    Values values_;
    Collector& collector_;
};

// What a name says about the text it stands for; nullopt: nothing.
std::optional<ArtifactKind> kind_by_name(const NameWords& words, std::string_view name);

} // namespace railhub::scan
