// SPDX-License-Identifier: Apache-2.0
// Values: which texts an expression can have, followed through names,
// attributes, defaults, imports and calls of a project. An estimate: branches
// are all taken, order is ignored.
#pragma once

#include "core/scan/project.h"
#include "core/scan/tables.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace railhub::scan {

struct Text {
    std::string text;
    Ref origin;              // the literal it begins with
    bool is_guessed = false; // followed by name alone
};

// What a callee or an object is called.
struct Name {
    std::string dotted;  // "transformers.AutoModel.from_pretrained"; "?" for what
                         // is not known
    Ref definition = {}; // of the project, where it is one
};

// One thread at a time.
class Values {
  public:
    Values(Project& project, const Tables& tables) : project_(project), tables_(tables) {}

    // Distinct, in the order of the code, at most kMaxTexts.
    std::vector<Text> texts(Ref expression);
    // Names a callee can have.
    std::vector<Name> names(Ref callee);
    // What a spread, a dictionary or a call that makes one holds under `key`.
    std::vector<Ref> member_of(Ref object, std::string_view key);
    // Where an expression ends: literals, calls, definitions.
    std::vector<Ref> ends(Ref expression);

    static constexpr std::size_t kMaxTexts = 64;

  private:
    struct Found {
        std::vector<Ref> refs = {};
        bool is_guessed = false;
    };

    void follow(Ref at, Found& out);
    void follow_name(Ref at, Found& out);
    void follow_binding(const Unit& unit, const Binding& binding, Found& out);
    void follow_import(const Unit& unit, const Binding& binding, Found& out);
    void follow_parameter(const Unit& unit, NodeId function, std::uint32_t index, Found& out);
    void follow_decorators(Ref function, std::string_view name, std::uint32_t index, Found& out);
    void follow_fixture(Ref function, std::string_view name, Found& out);
    void base_names(Ref cls, std::vector<Name>& out);
    Ref method_of(Ref cls, std::string_view member);
    void follow_arguments(Ref function, std::uint32_t index, std::string_view name, Found& out);
    void follow_attribute(Ref at, Found& out);
    void follow_member(Ref object, std::string_view name, Found& out);
    bool follow_class_member(Ref cls, std::string_view name, Found& out);
    void follow_by_name(const Unit& unit, std::string_view name, Found& out);
    void follow_subscript(Ref at, Found& out);
    void follow_call(Ref at, Found& out);
    bool follow_value_call(Ref call, std::string_view callee, Found& out);
    void follow_elements(Ref at, Found& out);
    void follow_element_part(Ref over, std::uint32_t index, Found& out);
    void follow_all(const std::vector<Ref>& refs, Found& out);

    std::vector<Ref> classes_of(Ref object);
    Ref enclosing_class(Ref at) const;
    [[nodiscard]] std::span<const Binding> lookup(Ref name) const;
    const Binding* star_member(const Unit& unit, std::string_view name, const Unit*& where);
    bool calls_this(Ref call, Ref function, bool is_method);
    bool finds_callee(Ref call, Ref function, bool is_method);

    void texts_of_end(Ref end, bool is_guessed, std::vector<Text>& out);
    void texts_of_call(Ref call, bool is_guessed, std::vector<Text>& out);
    std::vector<Text> product(const std::vector<std::vector<Text>>& parts);
    std::vector<Text> fill(Ref templates, Ref arguments, std::size_t skip);

    void name_of_binding(const Unit& unit, const Binding& binding, std::vector<Name>& out);
    void names_into(Ref callee, std::vector<Name>& out);
    void attribute_names(Ref callee, std::vector<Name>& out);

    // Both bound the work of one question.
    bool enter(Ref at);
    void leave(Ref at);

    Project& project_;
    const Tables& tables_;
    std::set<Ref> open_ = {};
    std::size_t steps_ = 0;
    std::map<std::pair<Ref, Ref>, bool> callers_ = {}; // what calls_this said
};

// Argument `index` (from 0) or keyword `name` of a call; a null Ref when it is
// not given.
Ref argument(Ref call, std::size_t index, std::string_view name);

} // namespace railhub::scan
