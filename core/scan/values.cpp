// SPDX-License-Identifier: Apache-2.0
// Following is one recursion over many kinds of nodes; it is bounded by a
// budget of steps and by the set of nodes that are being followed, so cycles
// and blow-ups end.
#include "core/scan/values.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxSteps = 4'000;
constexpr std::size_t kMaxFollowDepth = 48;
constexpr std::size_t kMaxRefs = 128;
constexpr std::size_t kMaxCallers = 200;
constexpr std::size_t kMaxFieldGuesses = 6;

bool is_kind(Ref at, NodeKind kind) {
    return at && at.at().kind == kind;
}

Ref child_of(Ref at, std::size_t index) {
    return at.with(at.unit->syntax.child(at.node, index));
}

std::vector<Ref> children_of(Ref at) {
    std::vector<Ref> out;
    for (NodeId id = at.at().first; id != kNoNode; id = at.unit->syntax.at(id).next) {
        out.push_back(at.with(id));
    }
    return out;
}

bool is_method(Ref function) {
    const auto& scopes = function.unit->syntax.scopes;
    return scopes[function.at().scope].kind == ScopeKind::Class;
}

bool has_decorator(Ref function, std::string_view name) {
    for (const Ref child : children_of(function)) {
        if (child.at().kind != NodeKind::Decorator || child.at().first == kNoNode) {
            continue;
        }
        const Node& expression = child.unit->syntax.at(child.at().first);
        const bool is_call = expression.kind == NodeKind::Call && expression.first != kNoNode;
        if ((is_call ? child.unit->syntax.at(expression.first) : expression).text == name) {
            return true;
        }
    }
    return false;
}

} // namespace

Ref argument(Ref call, std::size_t index, std::string_view name) {
    const Syntax& syntax = call.unit->syntax;
    std::size_t place = 0;
    bool is_spread = false;
    Ref by_place;
    NodeId arg = call.at().first;
    for (arg = arg == kNoNode ? arg : syntax.at(arg).next; arg != kNoNode;
         arg = syntax.at(arg).next) {
        const Node& node = syntax.at(arg);
        if (node.kind == NodeKind::Keyword) {
            if (!name.empty() && node.text == name) {
                return call.with(node.first);
            }
        } else if (node.kind == NodeKind::Star) {
            is_spread = true;
        } else {
            if (place == index && !is_spread) {
                by_place = call.with(arg);
            }
            ++place;
        }
    }
    return by_place;
}

bool Values::enter(Ref at) {
    return at && ++steps_ < kMaxSteps && open_.size() < kMaxFollowDepth && open_.insert(at).second;
}

void Values::leave(Ref at) {
    open_.erase(at);
}

// Following

void Values::follow_all(const std::vector<Ref>& refs, Found& out) {
    for (const Ref ref : refs) {
        if (out.refs.size() >= kMaxRefs) {
            return;
        }
        follow(ref, out);
    }
}

void Values::follow(Ref at, Found& out) {
    if (out.refs.size() >= kMaxRefs || !enter(at)) {
        return;
    }
    switch (at.at().kind) {
    case NodeKind::Name:
        follow_name(at, out);
        break;
    case NodeKind::Attribute:
        follow_attribute(at, out);
        break;
    case NodeKind::Either:
        follow_all(children_of(at), out);
        break;
    case NodeKind::Subscript:
        follow_subscript(at, out);
        break;
    case NodeKind::Call:
        follow_call(at, out);
        break;
    case NodeKind::Keyword:
    case NodeKind::Star:
        follow(at.with(at.at().first), out);
        break;
    case NodeKind::Constant:
        break;
    case NodeKind::Unknown:
    case NodeKind::String:
    case NodeKind::Format:
    case NodeKind::List:
    case NodeKind::Dict:
    case NodeKind::Pair:
    case NodeKind::Join:
    case NodeKind::Percent:
    case NodeKind::Function:
    case NodeKind::Class:
    case NodeKind::Param:
    case NodeKind::Decorator:
    case NodeKind::Return:
    case NodeKind::Base:
    case NodeKind::Number:
        out.refs.push_back(at);
        break;
    }
    leave(at);
}

// Scopes from the inside out; a class's names are seen from the class itself
// only.
std::span<const Binding> Values::lookup(Ref name) const {
    const Syntax& syntax = name.unit->syntax;
    const ScopeId own = name.at().scope;
    for (ScopeId scope = own; scope != kNoScope; scope = syntax.scopes[scope].parent) {
        if (scope != own && syntax.scopes[scope].kind == ScopeKind::Class) {
            continue;
        }
        if (const auto found = syntax.bindings(scope, name.at().text); !found.empty()) {
            return found;
        }
    }
    return {};
}

void Values::follow_name(Ref at, Found& out) {
    const auto bindings = lookup(at);
    for (const Binding& binding : bindings) {
        follow_binding(*at.unit, binding, out);
    }
    if (bindings.empty()) {
        const Unit* where = nullptr;
        if (const Binding* star = star_member(*at.unit, at.at().text, where); star != nullptr) {
            follow_binding(*where, *star, out);
        }
    }
}

const Binding* Values::star_member(const Unit& unit, std::string_view name, const Unit*& where) {
    for (const Binding& star : unit.syntax.bindings(0, "*")) {
        const Unit* module = project_.module(unit, star.module);
        if (module == nullptr || module == &unit) {
            continue;
        }
        if (const auto found = module->syntax.bindings(0, name); !found.empty()) {
            where = module;
            return &found.front();
        }
    }
    return nullptr;
}

void Values::follow_binding(const Unit& unit, const Binding& binding, Found& out) {
    const Ref node{&unit, binding.node};
    switch (binding.kind) {
    case BindingKind::Value:
        follow(node, out);
        break;
    case BindingKind::Definition:
        out.refs.push_back(node);
        break;
    case BindingKind::Part: {
        Found whole;
        follow(node, whole);
        for (const Ref one : whole.refs) {
            if (is_kind(one, NodeKind::List)) {
                follow(child_of(one, binding.index), out);
            }
        }
        break;
    }
    case BindingKind::Member:
        follow_member(node, binding.member, out);
        break;
    case BindingKind::Element:
        follow_elements(node, out);
        break;
    case BindingKind::ElementPart:
        follow_element_part(node, binding.index, out);
        break;
    case BindingKind::Parameter:
        follow_parameter(unit, binding.node, binding.index, out);
        break;
    case BindingKind::Import:
        follow_import(unit, binding, out);
        break;
    }
}

void Values::follow_import(const Unit& unit, const Binding& binding, Found& out) {
    if (++steps_ > kMaxSteps) {
        return;
    }
    const Unit* module = project_.module(unit, binding.module);
    if (module == nullptr || binding.member.empty() || module == &unit) {
        return;
    }
    for (const Binding& member : module->syntax.bindings(0, binding.member)) {
        // Re-exports in a circle end by the budget of steps.
        follow_binding(*module, member, out);
    }
    const Unit* where = nullptr;
    if (const Binding* star = star_member(*module, binding.member, where); star != nullptr) {
        follow_binding(*where, *star, out);
    }
}

void Values::follow_parameter(const Unit& unit, NodeId function, std::uint32_t index, Found& out) {
    const Ref owner{&unit, function};
    std::uint32_t at = 0;
    for (const Ref child : children_of(owner)) {
        if (child.at().kind != NodeKind::Param || at++ != index) {
            continue;
        }
        if (child.at().first != kNoNode) {
            follow(child.with(child.at().first), out);
        }
        const std::string_view name = child.at().text;
        if (name == "self" || name == "cls" || name == "*") {
            return;
        }
        follow_decorators(owner, name, index, out);
        follow_fixture(owner, name, out);
        follow_arguments(owner, index, name, out);
        return;
    }
}

// @pytest.mark.parametrize("model_id", [...]) and @click.option("--model-id",
// default=...).
void Values::follow_decorators(
    Ref function, std::string_view name, std::uint32_t index, Found& out
) {
    for (const Ref decorator : children_of(function)) {
        if (decorator.at().kind != NodeKind::Decorator) {
            continue;
        }
        const Ref call = child_of(decorator, 0);
        if (!is_kind(call, NodeKind::Call)) {
            continue;
        }
        const std::string_view callee = child_of(call, 0).at().text;
        const Ref first = argument(call, 0, "argnames");
        if (callee == "parametrize" && is_kind(first, NodeKind::String)) {
            const auto names = util::split(first.at().text, ',');
            for (std::uint32_t i = 0; i < names.size(); ++i) {
                if (util::trim(names[i]) == name && names.size() == 1) {
                    follow_elements(argument(call, 1, "argvalues"), out);
                } else if (util::trim(names[i]) == name) {
                    follow_element_part(argument(call, 1, "argvalues"), i, out);
                }
            }
        } else if (callee == "expand") { // parameterized.expand([...])
            const std::uint32_t place = index - (is_method(function) && index > 0 ? 1 : 0);
            Found rows;
            follow_elements(argument(call, 0, {}), rows);
            const bool are_tuples =
                !rows.refs.empty() && is_kind(rows.refs.front(), NodeKind::List);
            if (are_tuples) {
                follow_element_part(argument(call, 0, {}), place, out);
            } else if (place == 0) {
                follow_all(rows.refs, out);
            }
        } else if (callee == "option" || callee == "argument") {
            std::string option(name);
            std::replace(option.begin(), option.end(), '_', '-');
            for (const Ref arg : children_of(call)) {
                const bool is_ours =
                    is_kind(arg, NodeKind::String) &&
                    (arg.at().text == "--" + option || arg.at().text == "--" + std::string(name) ||
                     arg.at().text == name);
                if (is_ours) {
                    follow(argument(call, kNoIndex, "default"), out);
                }
            }
        }
    }
}

void Values::follow_arguments(
    Ref function, std::uint32_t index, std::string_view name, Found& out
) {
    const bool method = is_method(function);
    std::string_view callee = function.at().text;
    if (callee.empty()) {
        return;
    }
    std::uint32_t place = index;
    if (method && !has_decorator(function, "staticmethod")) {
        place -= place > 0 ? 1 : 0;
    }
    std::vector<Ref> calls;
    if (method && (callee == "__init__" || callee == "constructor")) {
        const Ref cls = enclosing_class(function);
        if (!cls) {
            return;
        }
        calls = project_.calls_of(cls.at().text);
        for (const std::string_view other :
             {std::string_view("__init__"), std::string_view("super")}) {
            // Of classes that are derived from this one.
            for (const Ref call : project_.calls_of(other)) {
                const Ref caller = enclosing_class(call);
                const auto derived = project_.derived_from(cls.at().text);
                if (caller && std::find(derived.begin(), derived.end(), caller) != derived.end()) {
                    calls.push_back(call);
                }
            }
        }
        for (const Ref derived : project_.derived_from(cls.at().text)) {
            const auto more = project_.calls_of(derived.at().text);
            calls.insert(calls.end(), more.begin(), more.end());
        }
    } else {
        calls = project_.calls_of(callee);
    }
    std::size_t seen = 0;
    for (const Ref call : calls) {
        const Ref given = argument(call, place, name);
        if (!given || steps_ > kMaxSteps || ++seen > kMaxCallers) {
            continue;
        }
        if (calls_this(call, function, method)) {
            follow(given, out);
        }
    }
}

// A parameter of a test is what the fixture of its name returns or yields.
void Values::follow_fixture(Ref function, std::string_view name, Found& out) {
    if (function.unit->part != Part::Test) {
        return;
    }
    for (const Ref other : project_.definitions_of(name)) {
        if (!is_kind(other, NodeKind::Function) || !has_decorator(other, "fixture") ||
            other == function) {
            continue;
        }
        for (const Ref child : children_of(other)) {
            if (child.at().kind == NodeKind::Return && child.at().first != kNoNode) {
                follow(child.with(child.at().first), out);
            }
            const Ref call = child.at().kind == NodeKind::Decorator ? child_of(child, 0) : Ref{};
            if (is_kind(call, NodeKind::Call)) { // fixture(params=[...])
                follow_elements(argument(call, kNoIndex, "params"), out);
            }
        }
    }
}

// The call may run this function of the project.
bool Values::calls_this(Ref call, Ref function, bool is_method) {
    if (const auto known = callers_.find({call, function}); known != callers_.end()) {
        return known->second;
    }
    const bool is_cut = steps_ > kMaxSteps;
    const bool out = finds_callee(call, function, is_method);
    if (!is_cut && steps_ < kMaxSteps) {
        callers_[{call, function}] = out;
    }
    return out;
}

bool Values::finds_callee(Ref call, Ref function, bool is_method) {
    const Ref callee = child_of(call, 0);
    const Ref cls = is_method ? enclosing_class(function) : Ref{};
    bool is_unknown = true;
    std::vector<Name> found;
    names_into(callee, found);
    for (const Name& name : found) {
        const bool is_class = is_kind(name.definition, NodeKind::Class);
        if (name.definition == function || (cls && name.definition == cls) ||
            (cls && is_class && method_of(name.definition, function.at().text) == function)) {
            return true;
        }
        is_unknown = is_unknown && name.dotted.starts_with('?') && !name.definition;
    }
    // A receiver that is not known: by name, where only one function has it.
    const std::string_view word = callee.at().text;
    return is_unknown && word != "__init__" && word.size() > 3 &&
           project_.definitions_of(word).size() == 1;
}

Ref Values::enclosing_class(Ref at) const {
    const Syntax& syntax = at.unit->syntax;
    for (ScopeId scope = at.at().scope; scope != kNoScope; scope = syntax.scopes[scope].parent) {
        if (syntax.scopes[scope].kind == ScopeKind::Class) {
            return at.with(syntax.scopes[scope].owner);
        }
    }
    return {};
}

// Classes of the project that an object is, or is an instance of.
std::vector<Ref> Values::classes_of(Ref object) {
    std::vector<Ref> out;
    if (is_kind(object, NodeKind::Name) &&
        (object.at().text == "self" || object.at().text == "cls" || object.at().text == "this")) {
        if (const Ref cls = enclosing_class(object); cls) {
            out.push_back(cls);
        }
        return out;
    }
    if (is_kind(object, NodeKind::Name)) { // an annotated parameter
        for (const Binding& binding : lookup(object)) {
            if (binding.kind != BindingKind::Parameter) {
                continue;
            }
            std::uint32_t at = 0;
            for (const Ref child : children_of({object.unit, binding.node})) {
                if (child.at().kind == NodeKind::Param && at++ == binding.index &&
                    child.at().extra != kNoScope) {
                    Found type;
                    follow(child.with(child.at().extra), type);
                    out.insert(out.end(), type.refs.begin(), type.refs.end());
                }
            }
        }
    }
    Found found;
    follow(object, found);
    for (const Ref end : found.refs) {
        if (is_kind(end, NodeKind::Call)) {
            Found callee;
            follow(child_of(end, 0), callee);
            out.insert(out.end(), callee.refs.begin(), callee.refs.end());
        } else {
            out.push_back(end);
        }
    }
    std::erase_if(out, [](Ref ref) { return !is_kind(ref, NodeKind::Class); });
    return out;
}

bool Values::follow_class_member(Ref cls, std::string_view name, Found& out) {
    if (!enter(cls)) {
        return false;
    }
    const std::size_t before = out.refs.size();
    const auto bindings = cls.unit->syntax.bindings(cls.at().extra, name);
    for (const Binding& binding : bindings) {
        const Ref node{cls.unit, binding.node};
        const bool is_property =
            binding.kind == BindingKind::Definition && is_kind(node, NodeKind::Function) &&
            (has_decorator(node, "property") || has_decorator(node, "cached_property"));
        if (!is_property) {
            follow_binding(*cls.unit, binding, out);
            continue;
        }
        for (const Ref child : children_of(node)) {
            if (child.at().kind == NodeKind::Return && child.at().first != kNoNode) {
                follow(child.with(child.at().first), out);
            }
        }
    }
    // A dataclass is filled by its callers.
    for (const Ref call : project_.calls_of(cls.at().text)) {
        if (const Ref given = argument(call, kNoIndex, name); given && steps_ < kMaxSteps) {
            follow(given, out);
        }
    }
    bool is_found = !bindings.empty() || out.refs.size() > before;
    for (const Ref child : children_of(cls)) {
        if (is_found || child.at().kind != NodeKind::Base) {
            continue;
        }
        Found base;
        follow(child_of(child, 0), base);
        for (const Ref one : base.refs) {
            is_found =
                (is_kind(one, NodeKind::Class) && follow_class_member(one, name, out)) || is_found;
        }
    }
    leave(cls);
    return is_found;
}

void Values::follow_attribute(Ref at, Found& out) {
    const Ref object = child_of(at, 0);
    const std::string_view name = at.at().text;
    if (!object) {
        return;
    }
    if (name == "value" && is_kind(object, NodeKind::Attribute)) { // of an enumerator
        follow(object, out);
        return;
    }
    follow_member(object, name, out);
}

void Values::follow_member(Ref object, std::string_view name, Found& out) {
    // A module of the project.
    if (is_kind(object, NodeKind::Name)) {
        for (const Binding& binding : lookup(object)) {
            if (binding.kind != BindingKind::Import) {
                continue;
            }
            const Unit* module =
                binding.member.empty() || binding.member == "*"
                    ? project_.module(*object.unit, binding.module)
                    : project_.submodule(*object.unit, binding.module, binding.member);
            if (module != nullptr) {
                for (const Binding& member : module->syntax.bindings(0, name)) {
                    follow_binding(*module, member, out);
                }
                return;
            }
        }
    }
    bool is_found = false;
    for (const Ref cls : classes_of(object)) {
        is_found = follow_class_member(cls, name, out) || is_found;
    }
    for (const Ref value : member_of(object, name)) {
        is_found = true;
        follow(value, out);
    }
    if (!is_found) {
        follow_by_name(*object.unit, name, out);
    }
}

// Options of the command line, then fields that are called so, this file's
// before others'.
void Values::follow_by_name(const Unit& unit, std::string_view name, Found& out) {
    const auto own_or_all = [&](const std::vector<Ref>& all, std::size_t limit) {
        std::vector<Ref> own;
        std::copy_if(all.begin(), all.end(), std::back_inserter(own), [&](Ref ref) {
            return ref.unit == &unit;
        });
        const auto& chosen = own.empty() ? all : own;
        if (chosen.empty() || (own.empty() && chosen.size() > limit)) {
            return false;
        }
        for (const Ref ref : chosen) {
            follow(ref, out);
        }
        return true;
    };
    if (own_or_all(project_.options_of(name), kMaxFieldGuesses)) {
        return;
    }
    if (name.size() > 4) {
        out.is_guessed = own_or_all(project_.fields_of(name), kMaxFieldGuesses) || out.is_guessed;
    }
}

std::vector<Ref> Values::member_of(Ref object, std::string_view key) {
    std::vector<Ref> out;
    Found found;
    follow(object, found);
    for (const Ref end : found.refs) {
        if (is_kind(end, NodeKind::Dict)) {
            for (const Ref item : children_of(end)) {
                if (is_kind(item, NodeKind::Pair) && item.at().text == key) {
                    out.push_back(child_of(item, 1));
                } else if (is_kind(item, NodeKind::Star)) {
                    if (!enter(item)) {
                        continue;
                    }
                    const auto inner = member_of(item.with(item.at().first), key);
                    out.insert(out.end(), inner.begin(), inner.end());
                    leave(item);
                }
            }
        } else if (is_kind(end, NodeKind::Call)) {
            const std::string_view callee = child_of(end, 0).at().text;
            if (callee == "dict" || callee == "SimpleNamespace" || callee == "Namespace") {
                if (const Ref given = argument(end, kNoIndex, key); given) {
                    out.push_back(given);
                }
            }
        }
    }
    return out;
}

void Values::follow_subscript(Ref at, Found& out) {
    const Ref object = child_of(at, 0);
    const Ref index = child_of(at, 1);
    if (!object) {
        return;
    }
    if (is_kind(index, NodeKind::String)) {
        const auto members = member_of(object, index.at().text);
        follow_all(members, out);
        if (!members.empty()) {
            return;
        }
    }
    Found whole;
    follow(object, whole);
    bool is_known = false;
    for (const Ref one : whole.refs) {
        if (is_kind(one, NodeKind::Dict)) {
            is_known = true;
            for (const Ref item : children_of(one)) {
                if (is_kind(item, NodeKind::Pair) && !is_kind(index, NodeKind::String)) {
                    follow(child_of(item, 1), out);
                }
            }
        } else if (is_kind(one, NodeKind::List)) {
            is_known = true;
            const auto place = is_kind(index, NodeKind::Number)
                                   ? util::parse_decimal(index.at().text)
                                   : std::nullopt;
            if (place && child_of(one, *place)) {
                follow(child_of(one, *place), out);
            } else {
                follow_elements(one, out);
            }
        } else if (is_kind(one, NodeKind::Class)) {
            is_known = true;
            follow_elements(one, out);
        }
    }
    if (!is_known && is_kind(index, NodeKind::String)) {
        follow_by_name(*at.unit, index.at().text, out);
    }
}

void Values::follow_call(Ref at, Found& out) {
    const Ref callee = child_of(at, 0);
    const std::string_view word = callee.at().text;
    if (follow_value_call(at, word, out)) {
        return;
    }
    const bool is_member = is_kind(callee, NodeKind::Attribute);
    if (is_member && (word == "get" || word == "pop" || word == "setdefault")) {
        const Ref key = argument(at, 0, "key");
        if (is_kind(key, NodeKind::String)) {
            follow_all(member_of(child_of(callee, 0), key.at().text), out);
        } else {
            Found whole;
            follow(child_of(callee, 0), whole);
            for (const Ref one : whole.refs) {
                if (is_kind(one, NodeKind::Dict)) {
                    for (const Ref item : children_of(one)) {
                        follow(is_kind(item, NodeKind::Pair) ? child_of(item, 1) : Ref{}, out);
                    }
                }
            }
        }
        follow(argument(at, 1, "default"), out);
        return;
    }
    if (word == "getattr") {
        if (const Ref name = argument(at, 1, {}); is_kind(name, NodeKind::String)) {
            follow_member(argument(at, 0, {}), name.at().text, out);
        }
        follow(argument(at, 2, "default"), out);
        return;
    }
    // A function of the project gives what it returns.
    Found target;
    std::vector<Name> found;
    names_into(callee, found);
    bool is_function = false;
    for (const Name& name : found) {
        if (!is_kind(name.definition, NodeKind::Function)) {
            continue;
        }
        is_function = true;
        for (const Ref child : children_of(name.definition)) {
            if (child.at().kind == NodeKind::Return && child.at().first != kNoNode) {
                follow(child.with(child.at().first), out);
            }
        }
    }
    if (!is_function) {
        out.refs.push_back(at);
    }
}

// Calls whose value is one of their arguments: os.getenv, Field, typer.Option,
// st.selectbox ...
bool Values::follow_value_call(Ref call, std::string_view callee, Found& out) {
    const auto row = tables_.value_calls.find(callee);
    if (row == tables_.value_calls.end()) {
        return false;
    }
    for (const IdRule& rule : row->second) {
        const Ref given = argument(call, rule.index, rule.name);
        if (!given) {
            continue;
        }
        if (rule.component == "elements") {
            follow_elements(given, out);
        } else {
            follow(given, out);
        }
    }
    return true;
}

void Values::follow_elements(Ref at, Found& out) {
    if (!at) {
        return;
    }
    Found whole;
    if (is_kind(at, NodeKind::List) || is_kind(at, NodeKind::Class)) {
        whole.refs.push_back(at);
    } else {
        follow(at, whole);
    }
    for (const Ref one : whole.refs) {
        if (is_kind(one, NodeKind::List)) {
            for (const Ref item : children_of(one)) {
                if (is_kind(item, NodeKind::Star)) {
                    follow_elements(item.with(item.at().first), out);
                } else {
                    follow(item, out);
                }
            }
        } else if (is_kind(one, NodeKind::Dict)) {
            for (const Ref item : children_of(one)) {
                follow(is_kind(item, NodeKind::Pair) ? child_of(item, 0) : Ref{}, out);
            }
        } else if (is_kind(one, NodeKind::Class)) { // an enumeration
            for (const Binding& binding : one.unit->syntax.scopes[one.at().extra].bindings) {
                if (binding.kind == BindingKind::Value) {
                    follow({one.unit, binding.node}, out);
                }
            }
        } else if (is_kind(one, NodeKind::Call) && enter(one)) {
            const Ref callee = child_of(one, 0);
            const std::string_view word = callee.at().text;
            if (word == "values" && is_kind(callee, NodeKind::Attribute)) {
                Found dict;
                follow(child_of(callee, 0), dict);
                for (const Ref end : dict.refs) {
                    for (const Ref item : children_of(end)) {
                        follow(is_kind(item, NodeKind::Pair) ? child_of(item, 1) : Ref{}, out);
                    }
                }
            } else if (word == "keys" && is_kind(callee, NodeKind::Attribute)) {
                follow_elements(child_of(callee, 0), out);
            } else if (word == "param") { // pytest.param("id", id=...)
                follow(argument(one, 0, {}), out);
            } else if (word != "range") { // list(x), sorted(x), tqdm(x) ...
                follow_elements(argument(one, 0, {}), out);
            }
            leave(one);
        }
    }
}

void Values::follow_element_part(Ref over, std::uint32_t index, Found& out) {
    Found whole;
    if (!over) {
        return;
    }
    follow(over, whole);
    for (const Ref one : whole.refs) {
        if (is_kind(one, NodeKind::Call)) {
            const Ref callee = child_of(one, 0);
            const std::string_view word = callee.at().text;
            if (word == "enumerate" && index == 1) {
                follow_elements(argument(one, 0, {}), out);
            } else if (word == "zip") {
                follow_elements(argument(one, index, {}), out);
            } else if (word == "items" || word == "entries") {
                const Ref object = word == "items" ? child_of(callee, 0) : argument(one, 0, {});
                Found dict;
                follow(object, dict);
                for (const Ref end : dict.refs) {
                    for (const Ref item : children_of(end)) {
                        follow(is_kind(item, NodeKind::Pair) ? child_of(item, index) : Ref{}, out);
                    }
                }
            }
            continue;
        }
        if (!is_kind(one, NodeKind::List)) {
            continue;
        }
        for (const Ref item : children_of(one)) {
            Found tuple;
            follow(item, tuple);
            for (const Ref end : tuple.refs) {
                if (is_kind(end, NodeKind::List)) {
                    follow(child_of(end, index), out);
                } else if (is_kind(end, NodeKind::Call) && child_of(end, 0).at().text == "param") {
                    follow(argument(end, index, {}), out);
                }
            }
        }
    }
}

std::vector<Ref> Values::ends(Ref expression) {
    Found found;
    const bool is_outer = open_.empty();
    steps_ = is_outer ? 0 : steps_;
    follow(expression, found);
    return found.refs;
}

// Texts

std::vector<Text> Values::texts(Ref expression) {
    std::vector<Text> out;
    if (!expression) {
        return out;
    }
    steps_ = open_.empty() ? 0 : steps_;
    Found found;
    follow(expression, found);
    for (const Ref end : found.refs) {
        if (out.size() >= kMaxTexts) {
            break;
        }
        texts_of_end(end, found.is_guessed, out);
    }
    std::vector<Text> distinct;
    for (Text& text : out) {
        const bool is_known = std::any_of(distinct.begin(), distinct.end(), [&](const Text& one) {
            return one.text == text.text && one.origin == text.origin;
        });
        if (!is_known) {
            distinct.push_back(std::move(text));
        }
    }
    return distinct;
}

void Values::texts_of_end(Ref end, bool is_guessed, std::vector<Text>& out) {
    if (end.at().kind == NodeKind::String) {
        out.push_back({std::string(end.at().text), end, is_guessed});
        return;
    }
    if (!enter(end)) {
        return;
    }
    if (end.at().kind == NodeKind::Format || end.at().kind == NodeKind::Join) {
        std::vector<std::vector<Text>> parts;
        for (const Ref piece : children_of(end)) {
            parts.push_back(texts(piece));
        }
        for (Text& text : product(parts)) {
            text.origin = end;
            text.is_guessed = text.is_guessed || is_guessed;
            out.push_back(std::move(text));
        }
    } else if (end.at().kind == NodeKind::Percent) {
        for (Text& text : fill(child_of(end, 0), child_of(end, 1), 0)) {
            out.push_back(std::move(text));
        }
    } else if (end.at().kind == NodeKind::Number) {
        out.push_back({std::string(end.at().text), end, is_guessed});
    } else if (end.at().kind == NodeKind::Call) {
        texts_of_call(end, is_guessed, out);
    }
    leave(end);
}

// Methods of strings.
void Values::texts_of_call(Ref call, bool is_guessed, std::vector<Text>& out) {
    static constexpr std::array<std::string_view, 8> kSame = {
        "strip", "rstrip", "lstrip", "trim", "toString", "as_posix", "encode", "decode"};
    const Ref callee = child_of(call, 0);
    if (!is_kind(callee, NodeKind::Attribute)) {
        return;
    }
    const std::string_view word = callee.at().text;
    const Ref object = child_of(callee, 0);
    const bool is_lower = word == "lower" || word == "toLowerCase";
    if (is_lower || std::find(kSame.begin(), kSame.end(), word) != kSame.end()) {
        for (Text& text : texts(object)) {
            text.text = is_lower ? util::lower(text.text) : std::string(util::trim(text.text));
            text.is_guessed = text.is_guessed || is_guessed;
            out.push_back(std::move(text));
        }
    } else if (word == "format") {
        for (Text& text : fill(object, call, 1)) {
            out.push_back(std::move(text));
        }
    } else if (word == "removeprefix" || word == "replace") {
        const auto from = texts(argument(call, 0, {}));
        const auto to =
            word == "replace" ? texts(argument(call, 1, {})) : std::vector<Text>{{"", {}}};
        for (Text& text :
             from.size() == 1 && to.size() == 1 ? texts(object) : std::vector<Text>()) {
            const std::size_t place = text.text.find(from.front().text);
            if (place != std::string::npos && !from.front().text.empty()) {
                text.text.replace(place, from.front().text.size(), to.front().text);
            }
            out.push_back(std::move(text));
        }
    }
}

std::vector<Text> Values::product(const std::vector<std::vector<Text>>& parts) {
    std::vector<Text> out = {{}};
    for (const auto& part : parts) {
        std::vector<Text> next;
        for (const Text& head : out) {
            for (const Text& tail : part) {
                if (next.size() < kMaxTexts) {
                    next.push_back(
                        {head.text + tail.text, tail.origin, head.is_guessed || tail.is_guessed}
                    );
                }
            }
        }
        out = std::move(next);
    }
    return out;
}

// "a/{}-b".format(x) and "a/%s-b" % x, places filled in order or by name.
std::vector<Text> Values::fill(Ref templates, Ref arguments, std::size_t skip) {
    std::vector<Text> out;
    std::vector<Ref> given;
    if (skip == 0 && !is_kind(arguments, NodeKind::List)) {
        given.push_back(arguments);
    } else if (arguments) {
        given = children_of(arguments);
        given.erase(
            given.begin(), given.begin() + static_cast<std::ptrdiff_t>(std::min(skip, given.size()))
        );
    }
    for (const Text& text : texts(templates)) {
        std::vector<std::vector<Text>> parts;
        std::size_t from = 0;
        std::size_t next = 0;
        bool is_whole = true;
        while (is_whole) {
            const std::size_t open = text.text.find(skip == 0 ? "%s" : "{", from);
            parts.push_back({{text.text.substr(from, open - from), text.origin, text.is_guessed}});
            if (open == std::string::npos) {
                break;
            }
            const std::size_t close = skip == 0 ? open + 1 : text.text.find('}', open);
            if (close == std::string::npos) {
                is_whole = false;
                break;
            }
            const std::string name =
                skip == 0 ? std::string() : text.text.substr(open + 1, close - open - 1);
            Ref value;
            for (const Ref one : given) {
                if (!name.empty() && is_kind(one, NodeKind::Keyword) && one.at().text == name) {
                    value = one.with(one.at().first);
                }
            }
            const auto place =
                name.empty() ? std::optional<std::uint64_t>(next) : util::parse_decimal(name);
            if (!value && place && *place < given.size()) {
                value = given[*place];
                ++next;
            }
            parts.push_back(texts(value));
            from = close + 1;
        }
        for (Text& made : is_whole ? product(parts) : std::vector<Text>()) {
            made.origin = text.origin;
            out.push_back(std::move(made));
        }
    }
    return out;
}

// Names

std::vector<Name> Values::names(Ref callee) {
    steps_ = open_.empty() ? 0 : steps_;
    std::vector<Name> out;
    names_into(callee, out);
    return out;
}

void Values::names_into(Ref callee, std::vector<Name>& out) {
    if (out.size() > kMaxFieldGuesses * 2 || !enter(callee)) {
        return;
    }
    const Node& node = callee.at();
    if (node.kind == NodeKind::Name) {
        const auto bindings = lookup(callee);
        for (const Binding& binding : bindings) {
            name_of_binding(*callee.unit, binding, out);
        }
        if (bindings.empty()) {
            const Unit* where = nullptr;
            if (const Binding* star = star_member(*callee.unit, node.text, where);
                star != nullptr) {
                name_of_binding(*where, *star, out);
            } else {
                out.push_back({std::string(node.text), {}});
            }
        }
    } else if (node.kind == NodeKind::Attribute) {
        attribute_names(callee, out);
    } else if (node.kind == NodeKind::Either || node.kind == NodeKind::List) {
        for (const Ref child : children_of(callee)) {
            names_into(child, out);
        }
    } else if (node.kind == NodeKind::Call) {
        // An instance, or what a function hands on, goes by the callee's name.
        names_into(child_of(callee, 0), out);
    } else if (node.kind == NodeKind::Class || node.kind == NodeKind::Function) {
        out.push_back({std::string(node.text), callee});
    } else if (node.kind == NodeKind::Subscript) {
        Found found;
        follow_subscript(callee, found);
        for (const Ref end : found.refs) {
            names_into(end, out);
        }
    }
    leave(callee);
}

void Values::name_of_binding(const Unit& unit, const Binding& binding, std::vector<Name>& out) {
    const Ref node{&unit, binding.node};
    switch (binding.kind) {
    case BindingKind::Import: {
        const Unit* module = project_.module(unit, binding.module);
        if (module != nullptr && module != &unit && !binding.member.empty() &&
            ++steps_ < kMaxSteps) {
            const auto members = module->syntax.bindings(0, binding.member);
            for (const Binding& member : members) {
                name_of_binding(*module, member, out);
            }
            if (!members.empty()) {
                return;
            }
        }
        std::string dotted(binding.module);
        if (!binding.member.empty() && binding.member != "*" && binding.member != "default") {
            dotted += '.';
            dotted += binding.member;
        }
        out.push_back({std::move(dotted), {}});
        break;
    }
    case BindingKind::Definition:
        out.push_back({std::string(node.at().text), node});
        break;
    case BindingKind::Value:
        names_into(node, out);
        break;
    case BindingKind::Member:
        if (is_kind(node, NodeKind::Name) || is_kind(node, NodeKind::Call)) {
            std::vector<Name> objects;
            names_into(node, objects);
            for (const Name& object : objects) {
                out.push_back({object.dotted + '.' + std::string(binding.member), {}});
            }
        }
        break;
    case BindingKind::Element: {
        Found found;
        follow_elements(node, found);
        for (const Ref end : found.refs) {
            names_into(end, out);
        }
        break;
    }
    case BindingKind::Part:
    case BindingKind::ElementPart:
    case BindingKind::Parameter:
        out.push_back({"?", {}});
        break;
    }
}

// What a class is derived from.
void Values::base_names(Ref cls, std::vector<Name>& out) {
    for (const Ref child : children_of(cls)) {
        if (child.at().kind == NodeKind::Base && child.at().first != kNoNode) {
            names_into(child_of(child, 0), out);
        }
    }
}

// The function a class of the project has or inherits.
Ref Values::method_of(Ref cls, std::string_view member) {
    Ref found;
    if (!enter(cls)) {
        return found;
    }
    for (const Binding& binding : cls.unit->syntax.bindings(cls.at().extra, member)) {
        if (binding.kind == BindingKind::Definition) {
            found = {cls.unit, binding.node};
        }
    }
    std::vector<Name> bases;
    if (!found) {
        base_names(cls, bases);
    }
    for (const Name& base : bases) {
        if (!found && is_kind(base.definition, NodeKind::Class)) {
            found = method_of(base.definition, member);
        }
    }
    leave(cls);
    return found;
}

void Values::attribute_names(Ref callee, std::vector<Name>& out) {
    const std::string_view member = callee.at().text;
    const Ref object = child_of(callee, 0);
    // self.x: the field's value, else a method.
    const auto classes = is_kind(object, NodeKind::Name) ? classes_of(object) : std::vector<Ref>();
    for (const Ref cls : classes) {
        for (const Binding& binding : cls.unit->syntax.bindings(cls.at().extra, member)) {
            name_of_binding(*cls.unit, binding, out);
        }
    }
    if (!out.empty()) {
        return;
    }
    std::vector<Name> objects;
    const bool is_self = is_kind(object, NodeKind::Name) &&
                         (object.at().text == "self" || object.at().text == "this");
    const bool is_super = is_kind(object, NodeKind::Call) && child_of(object, 0) &&
                          child_of(object, 0).at().text == "super";
    if (const Ref cls = is_super ? enclosing_class(callee) : Ref{}; cls) {
        base_names(cls, objects);
    } else if (is_self) {
        for (const Ref one : classes) {
            objects.push_back({std::string(one.at().text), one});
        }
    } else {
        names_into(object, objects);
    }
    if (objects.empty()) {
        objects.push_back({"?", {}});
    }
    for (const Name& one : objects) {
        const Ref definition =
            is_kind(one.definition, NodeKind::Class) ? method_of(one.definition, member) : Ref{};
        // A class of the project goes by the package its base comes from.
        std::string dotted = one.dotted;
        if (is_kind(one.definition, NodeKind::Class) && !definition) {
            std::vector<Name> bases;
            base_names(one.definition, bases);
            for (const Name& base : bases) {
                if (!base.definition) {
                    dotted = base.dotted;
                    break;
                }
            }
        }
        out.push_back({dotted + '.' + std::string(member), definition});
    }
}

} // namespace railhub::scan
