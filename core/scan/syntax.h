// SPDX-License-Identifier: Apache-2.0
// Syntax: what the front ends (Python, JavaScript) make of a file. One small
// tree for all languages, with the names each scope binds; what does not bear
// on values is left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

using NodeId = std::uint32_t;
using ScopeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xFFFFFFFF;
inline constexpr ScopeId kNoScope = 0xFFFFFFFF;

enum class NodeKind : std::uint8_t {
    Unknown,   // an expression whose value is of no interest; children may be there
    String,    // text: the decoded value
    Format,    // children: pieces, joined
    Name,      // text
    Attribute, // text: member; child: object
    Call,      // children: callee, arguments (expressions, Keyword, Star)
    Keyword,   // text: name; child: value
    Star,      // child: what is spread
    Subscript, // children: object, index
    List,      // children: elements (list, tuple, set, comprehension)
    Dict,      // children: Pair, Star
    Pair,      // text: the key where it is a plain string; children: key, value
    Join,      // children: two sides of +
    Percent,   // children: template, values
    Either,    // children: alternatives
    Function,  // text: name or empty; extra: its scope; children: Param,
               // Decorator, Return
    Class,     // text: name; extra: its scope; children: Base, Decorator
    Param,     // text: name; child: default, if any
    Decorator, // child: expression
    Return,    // child: expression
    Base,      // child: expression
    Number,    // text
    Constant,  // text: None, True, null ...
};

struct Node {
    NodeKind kind = NodeKind::Unknown;
    std::uint32_t offset = 0; // in the source text
    ScopeId scope = 0;        // where it stands
    NodeId first = kNoNode;
    NodeId next = kNoNode;
    std::uint32_t extra = kNoScope;
    std::string_view text = {};
};

enum class BindingKind : std::uint8_t {
    Value,       // name = node
    Part,        // name is element `index` of node (unpacking)
    Member,      // name is member `member` of node (destructuring)
    Element,     // name runs over the elements of node
    ElementPart, // name is part `index` of each element of node
    Parameter,   // node: the Function; index: which
    Import,      // module `module`, or its `member`
    Definition,  // node: Function or Class
};

struct Binding {
    std::string_view name;
    BindingKind kind = BindingKind::Value;
    NodeId node = kNoNode;
    std::uint32_t index = 0;
    std::string_view module = {}; // leading dots as written, for relative ones
    std::string_view member = {}; // empty: the module itself; "*": everything
};

enum class ScopeKind : std::uint8_t { Module, Function, Class };

struct Scope {
    ScopeId parent = kNoScope;
    ScopeKind kind = ScopeKind::Module;
    NodeId owner = kNoNode;
    std::vector<Binding> bindings = {};
};

// An assignment to a member or item: config.model = ..., args["model"] = ...
struct MemberValue {
    std::string_view name;
    NodeId value = kNoNode;
};

// Views point into the source (which must outlive it) or into `owned`. One
// thread for building, then immutable.
struct Syntax {
    std::string_view source;
    std::deque<std::string> owned = {};
    std::vector<Node> nodes = {};
    std::vector<Scope> scopes = {};
    std::vector<NodeId> calls = {};
    std::vector<MemberValue> members = {};
    // Plain names assigned to, with their values; for rules that go by names.
    std::vector<MemberValue> assigned = {};

    [[nodiscard]] const Node& at(NodeId id) const { return nodes[id]; }

    // Child number `index`, or kNoNode.
    [[nodiscard]] NodeId child(NodeId id, std::size_t index) const {
        NodeId found = nodes[id].first;
        while (index > 0 && found != kNoNode) {
            found = nodes[found].next;
            --index;
        }
        return found;
    }

    NodeId
    add(NodeKind kind,
        std::size_t offset,
        ScopeId scope,
        std::string_view text,
        std::span<const NodeId> children = {});
    // Puts `child` last below `parent`.
    void append(NodeId parent, NodeId child);
    // Sorts each scope's bindings by name; the front end's last step.
    void finish();
    // Those of `name` in one scope.
    [[nodiscard]] std::span<const Binding> bindings(ScopeId scope, std::string_view name) const;
    // Keeps a text that is not a piece of the source.
    std::string_view keep(std::string text);
};

} // namespace railhub::scan
