// SPDX-License-Identifier: Apache-2.0
// Calls: the uses in source code. Calls that load something, found by the
// tables and followed through the project.
#pragma once

#include "core/scan/collect.h"
#include "core/scan/commands.h"
#include "core/scan/project.h"
#include "core/scan/values.h"

namespace railhub::scan {

// One thread at a time.
class CallReader {
  public:
    CallReader(Project& project, const Tables& tables, Collector& collector)
        : tables_(tables), values_(project, tables), collector_(collector) {}

    void read_calls(const Unit& unit);
    // Whether the file imports a library that has to do with models.
    [[nodiscard]] bool imports_known_package(const Unit& unit) const;

  private:
    void read_call(Ref call);
    void read_bound_call(Ref call);
    bool is_made_by_call(Ref callee);
    void read_pipeline_package(Ref call, const std::vector<Name>& names);
    static bool loads(Ref call, const CallRule& rule);
    bool match(Ref call, const CallRule& rule, const std::vector<Name>& names) const;
    void apply(Ref call, const CallRule& rule, const std::string& callee);
    bool apply_id(Ref call, const CallRule& rule, const IdRule& id, const Sighting& base);
    bool see_texts(const std::vector<Text>& texts, const IdRule& id, Sighting sighting);
    void apply_task(Ref call, const CallRule& rule, Sighting base);
    void read_command(Ref call, std::string_view callee);

    const Tables& tables_;
    Values values_;
    Collector& collector_;
};

} // namespace railhub::scan
