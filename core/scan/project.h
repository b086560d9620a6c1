// SPDX-License-Identifier: Apache-2.0
// Project: the parsed files of a code base and who imports whom. Files that
// name no model are parsed only when somebody asks for a value that stands in
// them.
#pragma once

#include "core/scan/unit.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace railhub::scan {

// A node of a unit.
struct Ref {
    const Unit* unit = nullptr;
    NodeId node = kNoNode;

    [[nodiscard]] explicit operator bool() const { return unit != nullptr && node != kNoNode; }

    [[nodiscard]] const Node& at() const { return unit->syntax.at(node); }

    [[nodiscard]] Ref with(NodeId other) const { return {unit, other}; }

    friend auto operator<=>(const Ref&, const Ref&) = default;
};

// One thread at a time.
class Project {
  public:
    // Parses the file, or nullptr where it cannot be read. Called at most once a
    // path.
    using Load = std::function<std::unique_ptr<Unit>(const std::string& path)>;

    // `paths`: every file of the code base, sorted; borrowed.
    Project(const std::vector<std::string>& paths, Load load)
        : paths_(paths), load_(std::move(load)) {}

    void add(std::unique_ptr<Unit> unit);

    [[nodiscard]] const std::vector<const Unit*>& units() const { return units_; }

    // A file or a folder of the code base.
    [[nodiscard]] bool has_path(std::string_view path) const;

    // The unit that `module`, as written in `from`, means; nullptr: not of this
    // project.
    const Unit* module(const Unit& from, std::string_view module);
    // For `from module import member` where the member is a module itself.
    const Unit* submodule(const Unit& from, std::string_view module, std::string_view member);

    // These give copies, because following what they name may parse more and grow
    // the lists. Calls whose callee ends in this name, in the units that are
    // parsed.
    std::vector<Ref> calls_of(std::string_view name);
    // Functions and classes of this name.
    std::vector<Ref> definitions_of(std::string_view name);
    // Classes whose base goes by this name.
    std::vector<Ref> derived_from(std::string_view name);
    // Values given to a class's field or an object's member of this name.
    std::vector<Ref> fields_of(std::string_view name);
    // Defaults of a command line option, by the name its value goes by.
    std::vector<Ref> options_of(std::string_view name);

  private:
    using Index = std::unordered_map<std::string_view, std::vector<Ref>>;

    const Unit* unit_at(const std::string& path);
    const Unit* first_of(const std::string& stem, Language language);
    const Unit* find_module(const Unit& from, std::string_view module);
    const Unit* python_module(const Unit& from, std::string_view module);
    const Unit* javascript_module(const Unit& from, std::string_view module);
    // Brings the indexes up to the units that are there.
    void index();
    void index_unit(const Unit& unit);
    void index_bases(Ref definition);
    void index_call(const Unit& unit, NodeId call);
    void index_option(const Unit& unit, NodeId call, std::string_view callee);

    const std::vector<std::string>& paths_;
    Load load_;
    std::map<std::string, std::unique_ptr<Unit>, std::less<>> by_path_;
    // What modules mean, by the folder that names them; files never come or go meanwhile.
    std::unordered_map<std::string, const Unit*> modules_;
    std::vector<const Unit*> units_;
    std::size_t indexed_ = 0;
    Index calls_;
    Index definitions_;
    Index fields_;
    Index derived_;
    std::unordered_map<std::string, std::vector<Ref>> options_;
};

} // namespace railhub::scan
