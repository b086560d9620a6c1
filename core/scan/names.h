// SPDX-License-Identifier: Apache-2.0
// Names: texts in source code that only the name they go by speaks for: of variables, parameters,
// keys and options, of functions and classes that are called with them.
#pragma once

#include "core/scan/collect.h"
#include "core/scan/project.h"
#include "core/scan/tables.h"

#include <set>
#include <string>
#include <vector>

namespace railhub::scan {

// What a name says about the text it stands for; nullopt: nothing.
std::optional<ArtifactKind> kind_by_name(const NameWords& words, std::string_view name);

// The name says that what it stands for is no id: output_dir, WATSONX_MODEL.
bool says_otherwise(const NameWords& words, std::string_view name);

// One thread at a time.
class NameReader {
  public:
    NameReader(const Tables& tables, Collector& collector)
        : tables_(tables), collector_(collector) {}

    // After the calls of all files were read: what a call has said counts more.
    void read(const Unit& unit);

  private:
    void skip_outputs(const Unit& unit);
    void see_node(const Unit& unit, NodeId id);
    void see_dataset_options(const Unit& unit, const Node& dict);
    void see_table(const Unit& unit, const Node& pair);
    void see_text(const Unit& unit, const Node& node);
    void see_call(Ref call);
    void see_option(Ref call);
    void see_parameters(Ref call);
    void see_callee(Ref call, std::string_view word);
    void see_added(Ref call, std::string_view word);
    void see_source(Ref call, std::string_view word);
    void see_returned(const Unit& unit, const Node& function);
    void see_named(const Unit& unit, std::string_view name, NodeId value);
    void see_literals(
        const Unit& unit, std::string_view name, NodeId value, ArtifactKind kind, int depth
    );
    void
    see_pair(const Unit& unit, std::string_view name, NodeId pair, ArtifactKind kind, int depth);
    [[nodiscard]] bool is_transparent(const Unit& unit, NodeId call) const;

    const Tables& tables_;
    Collector& collector_;
    std::set<NodeId> skipped_ = {}; // arguments of calls that write
};

} // namespace railhub::scan
