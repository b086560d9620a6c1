// SPDX-License-Identifier: Apache-2.0
// A recursive descent that follows ECMA-262 as far as values go. One class,
// longer than the house likes, because statements and expressions need each
// other.
#include "core/scan/javascript_parser.h"

#include "core/scan/javascript_lexer.h"
#include "core/scan/python_lexer.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxScriptDepth = 120;

class ScriptParser {
  public:
    ScriptParser(Syntax& syntax, std::vector<ScriptToken> tokens)
        : syntax_(syntax), tokens_(std::move(tokens)) {
        match_brackets();
    }

    void module() {
        syntax_.scopes.push_back({});
        while (!is_end()) {
            statement();
        }
    }

    NodeId piece(ScopeId scope, std::size_t depth) {
        scope_ = scope;
        depth_ = depth;
        return is_end() ? kNoNode : expression();
    }

  private:
    [[nodiscard]] const ScriptToken& here() const { return tokens_[at_]; }

    [[nodiscard]] const ScriptToken& ahead(std::size_t count) const {
        return tokens_[std::min(at_ + count, tokens_.size() - 1)];
    }

    [[nodiscard]] bool is_end() const { return here().kind == ScriptTokenKind::End; }

    [[nodiscard]] std::string_view text(const ScriptToken& token) const {
        return syntax_.source.substr(token.offset, token.length);
    }

    [[nodiscard]] bool is_sign(const ScriptToken& token, std::string_view sign) const {
        return token.kind == ScriptTokenKind::Sign && text(token) == sign;
    }

    [[nodiscard]] bool is_sign(std::string_view sign) const { return is_sign(here(), sign); }

    [[nodiscard]] bool is_word(std::string_view word) const {
        return here().kind == ScriptTokenKind::Name && text(here()) == word;
    }

    void step() { at_ += at_ + 1 < tokens_.size() ? 1 : 0; }

    bool take_sign(std::string_view sign) {
        const bool is_here = is_sign(sign);
        if (is_here) {
            step();
        }
        return is_here;
    }

    bool take_word(std::string_view word) {
        const bool is_here = is_word(word);
        if (is_here) {
            step();
        }
        return is_here;
    }

    [[nodiscard]] int turn(const ScriptToken& token) const {
        if (token.kind != ScriptTokenKind::Sign || token.length != 1) {
            return 0;
        }
        const char ch = syntax_.source[token.offset];
        return ch == '(' || ch == '[' || ch == '{'   ? 1
               : ch == ')' || ch == ']' || ch == '}' ? -1
                                                     : 0;
    }

    // From an opening bracket to behind its partner.
    void skip_brackets() {
        int depth = 0;
        do {
            depth += turn(here());
            step();
        } while (depth > 0 && !is_end());
    }

    // Where the bracket at `at` closes; the last token where it does not.
    [[nodiscard]] std::size_t partner(std::size_t at) const { return partners_[at]; }

    void match_brackets() {
        partners_.assign(tokens_.size(), static_cast<std::uint32_t>(tokens_.size() - 1));
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (turn(tokens_[i]) > 0) {
                open.push_back(i);
            } else if (turn(tokens_[i]) < 0 && !open.empty()) {
                partners_[open.back()] = static_cast<std::uint32_t>(i);
                open.pop_back();
            }
        }
    }

    void bind(Binding binding) { syntax_.scopes[scope_].bindings.push_back(binding); }

    NodeId make(
        NodeKind kind,
        std::size_t offset,
        std::string_view node_text = {},
        std::initializer_list<NodeId> children = {}
    ) {
        return syntax_.add(kind, offset, scope_, node_text, {children.begin(), children.size()});
    }

    void enter(ScopeKind kind, NodeId owner) {
        const auto id = static_cast<ScopeId>(syntax_.scopes.size());
        syntax_.scopes.push_back({.parent = scope_, .kind = kind, .owner = owner});
        syntax_.nodes[owner].extra = id;
        scope_ = id;
    }

    void leave() { scope_ = syntax_.scopes[scope_].parent; }

    // Statements

    void statement() {
        if (depth_ > kMaxScriptDepth) {
            step();
            return;
        }
        ++depth_;
        if (is_sign("{")) {
            block();
        } else if (is_sign("@")) { // a decorator
            step();
            expression();
        } else if (here().kind != ScriptTokenKind::Name || !keyword_statement(text(here()))) {
            const std::size_t before = at_;
            expression_list();
            if (at_ == before) {
                step();
            }
            take_sign(";");
        }
        --depth_;
    }

    void block() {
        step();
        while (!is_end() && !is_sign("}")) {
            statement();
        }
        take_sign("}");
    }

    bool keyword_statement(std::string_view word) {
        const ScriptToken& next = ahead(1);
        if (word == "import" && !is_sign(next, "(") && !is_sign(next, ".")) {
            import_statement();
        } else if (word == "export") {
            export_statement();
        } else if ((word == "const" || word == "let" || word == "var") && (next.kind == ScriptTokenKind::Name || is_sign(next, "{") || is_sign(next, "["))) {
            if (text(next) == "enum") {
                step();
                return keyword_statement("enum");
            }
            step();
            declarations();
        } else if (word == "function") {
            function();
        } else if (word == "async" && text(next) == "function") {
            step();
            function();
        } else if (word == "class" || (word == "abstract" && text(next) == "class")) {
            take_word("abstract");
            class_definition();
        } else if (word == "return") {
            return_statement();
        } else if (word == "for") {
            for_statement();
        } else if (word == "if" || word == "while" || word == "switch" || word == "with" || word == "catch") {
            step();
            if (take_sign("(")) {
                until(")");
            }
        } else if (word == "else" || word == "do" || word == "try" || word == "finally" || word == "throw" || word == "declare") {
            step();
        } else if (word == "case" || word == "default") {
            step();
            if (!is_sign(":")) {
                expression();
            }
            take_sign(":");
        } else if (word == "interface" && next.kind == ScriptTokenKind::Name) {
            while (!is_end() && !is_sign("{")) {
                step();
            }
            skip_brackets();
        } else if (word == "type" && next.kind == ScriptTokenKind::Name && is_type_alias()) {
            type_alias();
        } else if (word == "enum" && next.kind == ScriptTokenKind::Name) {
            enumeration();
        } else {
            return false;
        }
        return true;
    }

    [[nodiscard]] bool is_type_alias() const {
        return is_sign(ahead(2), "=") || is_sign(ahead(2), "<");
    }

    void type_alias() {
        while (!is_end() && !is_sign("=")) {
            step();
        }
        step();
        take_sign("|");
        skip_type(";");
        take_sign(";");
    }

    void until(std::string_view close) {
        while (!is_end() && !is_sign(close)) {
            const std::size_t before = at_;
            expression();
            if (at_ == before) {
                step();
            }
        }
        take_sign(close);
    }

    void import_statement() {
        step();
        const bool is_type = is_word("type") && !is_sign(ahead(1), ",") && text(ahead(1)) != "from";
        if (is_type) {
            step();
        }
        std::vector<Binding> names;
        while (!is_end() && here().kind != ScriptTokenKind::String && !is_sign(";")) {
            if (take_sign("{")) {
                import_members(names);
            } else if (take_sign("*")) {
                take_word("as");
                names.push_back({.name = text(here()), .kind = BindingKind::Import});
                step();
            } else if (here().kind == ScriptTokenKind::Name && !is_word("from")) {
                names.push_back(
                    {.name = text(here()), .kind = BindingKind::Import, .member = "default"}
                );
                step();
            } else {
                step();
            }
        }
        if (here().kind == ScriptTokenKind::String) {
            const std::string_view module = inside(here());
            step();
            for (Binding& name : names) {
                name.module = module;
                bind(name);
            }
        }
        take_sign(";");
    }

    void import_members(std::vector<Binding>& names) {
        while (!is_end() && !is_sign("}")) {
            if (is_word("type") && ahead(1).kind == ScriptTokenKind::Name) {
                step();
            }
            const std::string_view member = text(here());
            std::string_view name = member;
            step();
            if (take_word("as")) {
                name = text(here());
                step();
            }
            names.push_back({.name = name, .kind = BindingKind::Import, .member = member});
            take_sign(",");
        }
        take_sign("}");
    }

    void export_statement() {
        step();
        if (take_word("default")) {
            const std::size_t before = at_;
            const NodeId node = expression();
            if (at_ > before && node != kNoNode) {
                bind({.name = "default", .kind = BindingKind::Value, .node = node});
            }
            take_sign(";");
            return;
        }
        if (!is_sign("{") && !is_sign("*")) {
            return; // a declaration follows
        }
        std::vector<Binding> names;
        if (take_sign("*")) {
            names.push_back({.name = "*", .kind = BindingKind::Import, .member = "*"});
        } else {
            step();
            import_members(names);
        }
        if (take_word("from") && here().kind == ScriptTokenKind::String) {
            for (Binding& name : names) {
                name.module = inside(here());
                bind(name);
            }
            step();
        }
        take_sign(";");
    }

    void declarations() {
        do {
            const ScriptToken& first = here();
            if (is_sign("{") || is_sign("[")) {
                const std::size_t pattern = at_;
                skip_brackets();
                annotation();
                const NodeId value = take_sign("=") ? expression() : kNoNode;
                if (value != kNoNode) {
                    bind_pattern(pattern, value);
                }
            } else if (first.kind == ScriptTokenKind::Name) {
                step();
                take_sign("!");
                annotation();
                if (is_word("of") || is_word("in")) {
                    return;
                }
                if (take_sign("=")) {
                    assign_name(text(first), expression());
                }
            } else {
                break;
            }
        } while (take_sign(","));
        take_sign(";");
    }

    void assign_name(std::string_view name, NodeId value) {
        if (value != kNoNode) {
            bind({.name = name, .kind = BindingKind::Value, .node = value});
            syntax_.assigned.push_back({name, value});
        }
    }

    // The names of { a, b: c } and [a, b] at token `at`, taken from `value`.
    void bind_pattern(std::size_t at, NodeId value) {
        const std::size_t close = partner(at);
        const bool is_list = is_sign(tokens_[at], "[");
        std::uint32_t index = 0;
        int depth = 0;
        std::string_view member;
        bool is_default = false;
        for (std::size_t i = at + 1; i < close; ++i) {
            const ScriptToken& token = tokens_[i];
            depth += turn(token);
            if (depth > 0) {
                continue;
            }
            if (is_sign(token, ",")) {
                ++index;
                member = {};
                is_default = false;
            } else if (is_sign(token, "=")) {
                is_default = true;
            } else if (token.kind == ScriptTokenKind::Name && !is_default) {
                if (!is_list && is_sign(tokens_[i + 1], ":")) {
                    member = text(token);
                    ++i;
                    continue;
                }
                bind_part(token, is_list, index, member, value);
            }
        }
    }

    void bind_part(
        const ScriptToken& token,
        bool is_list,
        std::uint32_t index,
        std::string_view member,
        NodeId value
    ) {
        Binding binding{.name = text(token), .node = value, .index = index};
        binding.kind = is_list ? BindingKind::Part : BindingKind::Member;
        binding.member = member.empty() ? binding.name : member;
        bind(binding);
    }

    // : type, before what follows a declared name.
    void annotation() {
        take_sign("?");
        if (take_sign(":")) {
            skip_type("=");
        }
    }

    // A type, up to `stop`, a comma, a closing bracket or, for a body, an opening
    // brace.
    void skip_type(std::string_view stop) {
        bool has_any = false;
        int angles = 0;
        while (!is_end()) {
            const bool is_open = turn(here()) > 0;
            if (angles == 0 &&
                (is_sign(stop) || is_sign(";") || is_sign(",") || turn(here()) < 0)) {
                return;
            }
            const bool is_name_of_next = has_any && here().is_on_new_line && angles == 0 &&
                                         here().kind == ScriptTokenKind::Name;
            if (is_name_of_next || (angles == 0 && (is_word("of") || is_word("in")))) {
                return;
            }
            if (is_sign("{") && has_any && stop == "{") {
                return;
            }
            if (is_open) {
                skip_brackets();
            } else {
                angles += is_sign("<") ? 1 : 0;
                angles -= is_sign(">") && angles > 0 ? 1 : 0;
                const bool goes_on = is_sign("|") || is_sign("&") || is_sign("=>") || is_sign("<");
                step();
                if (goes_on) {
                    has_any = false;
                    continue;
                }
            }
            has_any = true;
        }
    }

    NodeId function() {
        const std::size_t offset = here().offset;
        step();
        take_sign("*");
        std::string_view name;
        if (here().kind == ScriptTokenKind::Name) {
            name = text(here());
            step();
        }
        return function_rest(offset, name);
    }

    // From the parameters on.
    NodeId function_rest(std::size_t offset, std::string_view name) {
        const NodeId node = make(NodeKind::Function, offset, name);
        if (!name.empty()) {
            bind({.name = name, .kind = BindingKind::Definition, .node = node});
        }
        enter(ScopeKind::Function, node);
        if (is_sign("<")) {
            while (!is_end() && !is_sign("(")) {
                step();
            }
        }
        if (is_sign("(")) {
            parameters(node);
        }
        if (take_sign(":")) {
            skip_type("{");
        }
        if (is_sign("{")) {
            body();
        }
        leave();
        return node;
    }

    void body() {
        if (depth_ > kMaxScriptDepth) {
            skip_brackets();
            return;
        }
        ++depth_;
        block();
        --depth_;
    }

    void parameters(NodeId node) {
        const std::size_t close = partner(at_);
        step();
        std::uint32_t index = 0;
        while (at_ < close) {
            while (is_word("public") || is_word("private") || is_word("readonly") ||
                   is_word("protected")) {
                step();
            }
            const bool is_rest = take_sign("...");
            const ScriptToken first = here();
            const std::size_t pattern = at_;
            const bool is_pattern = is_sign("{") || is_sign("[");
            if (is_pattern) {
                pattern_defaults();
            } else {
                step();
            }
            annotation();
            const NodeId value = take_sign("=") ? expression() : kNoNode;
            const std::string_view name = is_pattern || is_rest ? "*" : text(first);
            const NodeId parameter = make(NodeKind::Param, first.offset, name, {value});
            syntax_.append(node, parameter);
            if (is_pattern && value != kNoNode) {
                bind_pattern(pattern, value);
            } else if (first.kind == ScriptTokenKind::Name) {
                bind(
                    {.name = text(first),
                     .kind = BindingKind::Parameter,
                     .node = node,
                     .index = index}
                );
            }
            ++index;
            if (!take_sign(",")) {
                at_ = std::max(at_, close);
            }
        }
        at_ = close;
        take_sign(")");
    }

    // { model = "id", ...rest }: names with the defaults that stand in the
    // pattern.
    void pattern_defaults() {
        const std::size_t close = partner(at_);
        step();
        while (at_ < close) {
            if (here().kind == ScriptTokenKind::Name && is_sign(ahead(1), "=")) {
                const std::string_view name = text(here());
                step();
                step();
                assign_name(name, expression());
            } else {
                step();
            }
        }
        at_ = close;
        step();
    }

    void return_statement() {
        const std::size_t offset = here().offset;
        step();
        if (!is_sign(";") && !is_sign("}") && !here().is_on_new_line) {
            const NodeId value = expression();
            const NodeId owner = syntax_.scopes[scope_].owner;
            if (owner != kNoNode && syntax_.at(owner).kind == NodeKind::Function) {
                syntax_.append(owner, make(NodeKind::Return, offset, {}, {value}));
            }
        }
        take_sign(";");
    }

    void for_statement() {
        step();
        take_word("await");
        if (!take_sign("(")) {
            return;
        }
        const bool is_declared = take_word("const") || take_word("let") || take_word("var");
        const std::size_t first = at_;
        const std::size_t behind = is_sign("{") || is_sign("[") ? partner(at_) + 1 : at_ + 1;
        const ScriptToken& word = tokens_[std::min(behind, tokens_.size() - 1)];
        if (is_declared && (text(word) == "of" || text(word) == "in")) {
            at_ = std::min(behind + 1, tokens_.size() - 1);
            bind_elements(first, expression());
        } else if (is_declared) {
            declarations();
        }
        until(")");
    }

    void bind_elements(std::size_t first, NodeId over) {
        if (over == kNoNode) {
            return;
        }
        if (tokens_[first].kind == ScriptTokenKind::Name) {
            bind({.name = text(tokens_[first]), .kind = BindingKind::Element, .node = over});
            return;
        }
        std::uint32_t index = 0;
        const std::size_t close = partner(first);
        for (std::size_t i = first + 1; i < close; ++i) {
            if (tokens_[i].kind == ScriptTokenKind::Name && is_sign(tokens_[first], "[")) {
                bind(
                    {.name = text(tokens_[i]),
                     .kind = BindingKind::ElementPart,
                     .node = over,
                     .index = index++}
                );
            }
        }
    }

    NodeId class_definition() {
        const std::size_t offset = here().offset;
        step();
        std::string_view name;
        if (here().kind == ScriptTokenKind::Name && !is_word("extends")) {
            name = text(here());
            step();
        }
        const NodeId node = make(NodeKind::Class, offset, name);
        if (!name.empty()) {
            bind({.name = name, .kind = BindingKind::Definition, .node = node});
        }
        if (is_sign("<")) {
            while (!is_end() && !is_sign("{") && !is_word("extends")) {
                step();
            }
        }
        if (take_word("extends")) {
            const NodeId base = postfix();
            syntax_.append(node, make(NodeKind::Base, offset, {}, {base}));
        }
        while (!is_end() && !is_sign("{")) {
            step();
        }
        enter(ScopeKind::Class, node);
        members();
        leave();
        return node;
    }

    void members() {
        static constexpr std::array<std::string_view, 10> kBefore = {
            "static",
            "async",
            "public",
            "private",
            "protected",
            "readonly",
            "get",
            "set",
            "declare",
            "override"};
        step();
        while (!is_end() && !is_sign("}")) {
            const bool is_before =
                here().kind == ScriptTokenKind::Name &&
                std::find(kBefore.begin(), kBefore.end(), text(here())) != kBefore.end() &&
                (ahead(1).kind == ScriptTokenKind::Name || is_sign(ahead(1), "*"));
            if (is_before || is_sign(";") || is_sign("*")) {
                step();
            } else if (is_sign("{")) {
                body(); // static { ... }
            } else if (is_sign("@")) {
                step();
                expression();
            } else {
                member();
            }
        }
        take_sign("}");
    }

    void member() {
        const ScriptToken name = here();
        if (is_sign("[")) {
            skip_brackets();
        } else {
            step();
        }
        if (is_sign("(") || is_sign("<")) {
            function_rest(name.offset, text(name));
            return;
        }
        take_sign("!");
        annotation();
        if (take_sign("=")) {
            assign_name(text(name), expression());
        }
        take_sign(";");
    }

    // enum X { A = "id" }
    void enumeration() {
        const std::size_t offset = here().offset;
        step();
        const std::string_view name = text(here());
        step();
        const NodeId node = make(NodeKind::Class, offset, name);
        bind({.name = name, .kind = BindingKind::Definition, .node = node});
        enter(ScopeKind::Class, node);
        if (take_sign("{")) {
            while (!is_end() && !is_sign("}")) {
                const ScriptToken member = here();
                step();
                if (take_sign("=")) {
                    assign_name(text(member), expression());
                }
                take_sign(",");
            }
            take_sign("}");
        }
        leave();
    }

    // Expressions

    NodeId expression_list() {
        NodeId node = expression();
        while (is_sign(",")) {
            step();
            node = expression();
        }
        return node;
    }

    NodeId expression() {
        if (depth_ > kMaxScriptDepth) {
            const NodeId unknown = make(NodeKind::Unknown, here().offset);
            step();
            return unknown;
        }
        ++depth_;
        const NodeId node = assignment();
        --depth_;
        return node;
    }

    NodeId assignment() {
        const std::size_t offset = here().offset;
        if (take_word("yield")) {
            take_sign("*");
        }
        const NodeId left = conditional();
        if (is_sign("=") || is_sign("?\?=") || is_sign("||=")) {
            step();
            const NodeId right = expression();
            assign(left, right);
            return right;
        }
        if (is_sign("+=") || is_sign("&&=")) {
            step();
            expression();
            return make(NodeKind::Unknown, offset);
        }
        return left;
    }

    void assign(NodeId target, NodeId value) {
        if (target == kNoNode || value == kNoNode) {
            return;
        }
        const Node node = syntax_.at(target);
        if (node.kind == NodeKind::Name) {
            assign_name(node.text, value);
        } else if (node.kind == NodeKind::Attribute) {
            syntax_.assigned.push_back({node.text, value});
            const Node& object = syntax_.at(node.first);
            for (ScopeId scope = scope_; object.text == "this" && scope != kNoScope;
                 scope = syntax_.scopes[scope].parent) {
                if (syntax_.scopes[scope].kind == ScopeKind::Class) {
                    syntax_.scopes[scope].bindings.push_back(
                        {.name = node.text, .kind = BindingKind::Value, .node = value}
                    );
                    return;
                }
            }
            syntax_.members.push_back({node.text, value});
        }
    }

    NodeId conditional() {
        const std::size_t offset = here().offset;
        const NodeId test = binary();
        if (!is_sign("?")) {
            return test;
        }
        step();
        const NodeId yes = expression();
        if (!take_sign(":")) {
            return yes;
        }
        return make(NodeKind::Either, offset, {}, {yes, expression()});
    }

    // + joins, || and ?? choose; strength matters little for what is read.
    NodeId binary() {
        NodeId left = sum();
        while (true) {
            const std::size_t offset = here().offset;
            if (is_sign("||") || is_sign("??")) {
                step();
                left = make(NodeKind::Either, offset, {}, {left, sum()});
            } else if (is_sign("&&")) {
                step();
                left = sum();
            } else if (is_comparison()) {
                step();
                sum();
                left = make(NodeKind::Unknown, offset);
            } else {
                return left;
            }
        }
    }

    [[nodiscard]] bool is_comparison() const {
        static constexpr std::array<std::string_view, 13> kSigns = {
            "===", "!==", "==", "!=", "<=", ">=", "<", ">", "&", "|", "^", "instanceof", "in"};
        const std::string_view sign = text(here());
        const bool is_here = std::find(kSigns.begin(), kSigns.end(), sign) != kSigns.end();
        return is_here && here().kind != ScriptTokenKind::String &&
               !(here().is_on_new_line && sign == "<");
    }

    NodeId sum() {
        NodeId left = unary();
        while (true) {
            const std::size_t offset = here().offset;
            if (is_sign("+")) {
                step();
                left = make(NodeKind::Join, offset, {}, {left, unary()});
            } else if (is_sign("-") || is_sign("*") || is_sign("/") || is_sign("%")) {
                step();
                unary();
                left = make(NodeKind::Unknown, offset);
            } else {
                return left;
            }
        }
    }

    NodeId unary() {
        static constexpr std::array<std::string_view, 4> kWords = {
            "typeof", "void", "delete", "await"};
        const std::size_t offset = here().offset;
        bool is_other = false;
        while (!is_end()) {
            const std::string_view word = text(here());
            const bool is_word_here = here().kind == ScriptTokenKind::Name &&
                                      std::find(kWords.begin(), kWords.end(), word) != kWords.end();
            const bool is_sign_here =
                is_sign("!") || is_sign("-") || is_sign("+") || is_sign("~") || is_sign("++");
            if (!is_word_here && !is_sign_here) {
                break;
            }
            is_other = is_other || word != "await";
            step();
        }
        const NodeId node = postfix();
        return is_other ? make(NodeKind::Unknown, offset) : node;
    }

    NodeId postfix() {
        NodeId node = atom();
        while (true) {
            const std::size_t offset = here().offset;
            if ((is_sign(".") || is_sign("?.")) && ahead(1).kind == ScriptTokenKind::Name) {
                step();
                node = make(NodeKind::Attribute, here().offset, text(here()), {node});
                step();
            } else if (is_sign("?.") && (is_sign(ahead(1), "(") || is_sign(ahead(1), "["))) {
                step();
            } else if (is_sign("(")) {
                node = call(node);
            } else if (is_sign("[") && !here().is_on_new_line) {
                step();
                const NodeId index = is_sign("]") ? kNoNode : expression();
                until("]");
                node = make(NodeKind::Subscript, offset, {}, {node, index});
            } else if (is_sign("<") && is_type_arguments()) {
                while (!is_sign("(")) {
                    step();
                }
            } else if (is_sign("!") && !here().is_on_new_line && !is_sign(ahead(1), "=")) {
                step();
            } else if (is_sign("++")) {
                step();
            } else if ((is_word("as") || is_word("satisfies")) && !here().is_on_new_line) {
                step();
                take_word("const");
                skip_type("=");
                return node;
            } else if (here().kind == ScriptTokenKind::Template && !here().is_on_new_line) {
                step(); // a tagged one
                node = make(NodeKind::Unknown, offset);
            } else {
                return node;
            }
        }
    }

    NodeId call(NodeId callee) {
        step();
        std::vector<NodeId> parts = {callee};
        while (!is_end() && !is_sign(")")) {
            const std::size_t before = at_;
            if (take_sign("...")) {
                parts.push_back(make(NodeKind::Star, here().offset, {}, {expression()}));
            } else {
                parts.push_back(expression());
            }
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign(")");
        const std::size_t begin = syntax_.at(callee).offset;
        const NodeId node = syntax_.add(NodeKind::Call, begin, scope_, {}, parts);
        syntax_.calls.push_back(node);
        return node;
    }

    // f<T>(x) rather than f < T
    [[nodiscard]] bool is_type_arguments() const {
        constexpr std::size_t kLongest = 40;
        int depth = 0;
        for (std::size_t i = at_; i < std::min(at_ + kLongest, tokens_.size() - 1); ++i) {
            const ScriptToken& token = tokens_[i];
            depth += is_sign(token, "<") ? 1 : 0;
            depth -= is_sign(token, ">") ? 1 : 0;
            if (depth == 0) {
                return is_sign(tokens_[i + 1], "(");
            }
            if (is_sign(token, ";") || is_sign(token, "(") || is_sign(token, "&&") ||
                is_sign(token, "||")) {
                return false;
            }
        }
        return false;
    }

    [[nodiscard]] std::string_view inside(const ScriptToken& token) const {
        return syntax_.source.substr(token.offset + 1, token.length - 2);
    }

    NodeId atom() {
        const ScriptToken token = here();
        switch (token.kind) {
        case ScriptTokenKind::Name:
            return name_atom(token);
        case ScriptTokenKind::Number:
            step();
            return make(NodeKind::Number, token.offset, text(token));
        case ScriptTokenKind::String:
            step();
            return literal(token.offset, inside(token));
        case ScriptTokenKind::Template:
            step();
            return template_text(token);
        case ScriptTokenKind::Sign:
            break;
        case ScriptTokenKind::End:
            return make(NodeKind::Unknown, token.offset);
        }
        if (is_sign("(")) {
            return round_brackets();
        }
        if (is_sign("[")) {
            return list();
        }
        if (is_sign("{")) {
            return is_object() ? object() : braced();
        }
        if (is_sign("<") && is_type_arguments()) { // <T>(x: T) => ...
            while (!is_sign("(")) {
                step();
            }
            return round_brackets();
        }
        if (is_sign("<") || is_sign("...")) {
            step();
        }
        return make(NodeKind::Unknown, token.offset);
    }

    NodeId literal(std::size_t offset, std::string_view inner) {
        if (inner.find('\\') != std::string_view::npos) {
            inner = syntax_.keep(decode_python(inner));
        }
        return make(NodeKind::String, offset, inner);
    }

    NodeId template_text(const ScriptToken& token) {
        std::vector<NodeId> pieces;
        std::size_t from = token.offset + 1;
        const std::size_t end = std::max<std::size_t>(from, token.offset + token.length - 1);
        for (std::size_t at = from; at < end;) {
            if (syntax_.source[at] == '\\') {
                at += 2;
            } else if (syntax_.source[at] == '$' && at + 1 < end && syntax_.source[at + 1] == '{') {
                if (at > from) {
                    pieces.push_back(literal(token.offset, syntax_.source.substr(from, at - from)));
                }
                const std::size_t stop = std::min(hole_end(syntax_.source, at + 2, end), end);
                NodeId node = kNoNode;
                if (depth_ <= kMaxScriptDepth) {
                    ScriptParser inner(syntax_, lex_javascript(syntax_.source, at + 2, stop));
                    node = inner.piece(scope_, depth_ + 1);
                }
                pieces.push_back(node == kNoNode ? make(NodeKind::Unknown, at) : node);
                at = stop + 1;
                from = at;
            } else {
                ++at;
            }
        }
        if (from < end) {
            pieces.push_back(literal(token.offset, syntax_.source.substr(from, end - from)));
        }
        if (pieces.size() == 1) {
            return pieces.front();
        }
        return syntax_.add(NodeKind::Format, token.offset, scope_, {}, pieces);
    }

    NodeId name_atom(const ScriptToken& token) {
        const std::string_view word = text(token);
        if (word == "function") {
            return function();
        }
        if (word == "class") {
            return class_definition();
        }
        if (word == "new") {
            step();
            return postfix();
        }
        if (word == "async" && (text(ahead(1)) == "function" || is_sign(ahead(1), "(") ||
                                is_sign(ahead(1), "<") || is_sign(ahead(2), "=>"))) {
            step();
            return atom();
        }
        if (is_sign(ahead(1), "=>")) {
            return short_arrow(token);
        }
        step();
        const bool is_constant =
            word == "null" || word == "undefined" || word == "true" || word == "false";
        return make(is_constant ? NodeKind::Constant : NodeKind::Name, token.offset, word);
    }

    // x => ...
    NodeId short_arrow(const ScriptToken& token) {
        const NodeId node = make(NodeKind::Function, token.offset);
        enter(ScopeKind::Function, node);
        const NodeId parameter = make(NodeKind::Param, token.offset, text(token));
        syntax_.append(node, parameter);
        bind({.name = text(token), .kind = BindingKind::Parameter, .node = node});
        step();
        arrow_body(node);
        leave();
        return node;
    }

    void arrow_body(NodeId node) {
        step(); // =>
        if (is_sign("{")) {
            body();
        } else {
            const std::size_t offset = here().offset;
            syntax_.append(node, make(NodeKind::Return, offset, {}, {expression()}));
        }
    }

    NodeId round_brackets() {
        const std::size_t offset = here().offset;
        if (is_arrow()) {
            const NodeId node = make(NodeKind::Function, offset);
            enter(ScopeKind::Function, node);
            parameters(node);
            if (take_sign(":")) {
                while (!is_end() && !is_sign("=>")) {
                    step();
                }
            }
            arrow_body(node);
            leave();
            return node;
        }
        step();
        const NodeId node = is_sign(")") ? make(NodeKind::List, offset) : expression_list();
        until(")");
        return node;
    }

    // The bracket here closes before => (perhaps with a type between).
    [[nodiscard]] bool is_arrow() const {
        constexpr std::size_t kLongestType = 30;
        const std::size_t close = partner(at_);
        std::size_t i = std::min(close + 1, tokens_.size() - 1);
        if (is_sign(tokens_[i], "=>")) {
            return true;
        }
        if (!is_sign(tokens_[i], ":")) {
            return false;
        }
        for (const std::size_t stop = std::min(i + kLongestType, tokens_.size() - 1); i < stop;
             ++i) {
            if (is_sign(tokens_[i], "=>")) {
                return true;
            }
            if (is_sign(tokens_[i], ";") || is_sign(tokens_[i], ",") || is_sign(tokens_[i], "(") ||
                is_sign(tokens_[i], "=") || is_sign(tokens_[i], ")")) {
                return false;
            }
        }
        return false;
    }

    NodeId list() {
        const std::size_t offset = here().offset;
        step();
        std::vector<NodeId> items;
        while (!is_end() && !is_sign("]")) {
            const std::size_t before = at_;
            if (take_sign("...")) {
                items.push_back(make(NodeKind::Star, here().offset, {}, {expression()}));
            } else if (!is_sign(",")) {
                items.push_back(expression());
            }
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign("]");
        return syntax_.add(NodeKind::List, offset, scope_, {}, items);
    }

    // An object rather than an expression in the braces of markup.
    [[nodiscard]] bool is_object() const {
        const ScriptToken& first = ahead(1);
        const ScriptToken& second = ahead(2);
        if (first.kind == ScriptTokenKind::Sign) {
            return is_sign(first, "}") || is_sign(first, "...") || is_sign(first, "[") ||
                   is_sign(first, "*");
        }
        if (is_sign(second, "(")) { // a method has a body
            const std::size_t behind =
                std::min(partner(std::min(at_ + 2, tokens_.size() - 1)) + 1, tokens_.size() - 1);
            return is_sign(tokens_[behind], "{") || is_sign(tokens_[behind], ":");
        }
        return is_sign(second, ":") || is_sign(second, ",") || is_sign(second, "}") ||
               is_sign(second, "=") ||
               (second.kind == ScriptTokenKind::Name && first.kind == ScriptTokenKind::Name);
    }

    NodeId braced() {
        step();
        const NodeId node = expression();
        until("}");
        return node;
    }

    NodeId object() {
        const std::size_t offset = here().offset;
        step();
        std::vector<NodeId> items;
        while (!is_end() && !is_sign("}")) {
            const std::size_t before = at_;
            if (take_sign("...")) {
                items.push_back(make(NodeKind::Star, here().offset, {}, {expression()}));
            } else if (const NodeId item = property(); item != kNoNode) {
                items.push_back(item);
            }
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign("}");
        return syntax_.add(NodeKind::Dict, offset, scope_, {}, items);
    }

    NodeId property() {
        while ((is_word("async") || is_word("get") || is_word("set")) &&
               ahead(1).kind == ScriptTokenKind::Name) {
            step();
        }
        take_sign("*");
        const ScriptToken key = here();
        if (is_sign("[")) {
            skip_brackets();
        } else {
            step();
        }
        const std::string_view name = key.kind == ScriptTokenKind::String ? inside(key)
                                      : key.kind == ScriptTokenKind::Name ? text(key)
                                                                          : std::string_view();
        if (is_sign("(")) {
            return make(
                NodeKind::Pair,
                key.offset,
                name,
                {make(NodeKind::String, key.offset, name), function_rest(key.offset, {})}
            );
        }
        if (take_sign(":")) {
            const NodeId value = expression();
            return make(
                NodeKind::Pair, key.offset, name, {make(NodeKind::String, key.offset, name), value}
            );
        }
        if (key.kind == ScriptTokenKind::Name) { // { model }
            const NodeId value = make(NodeKind::Name, key.offset, name);
            if (take_sign("=")) {
                expression();
            }
            return make(
                NodeKind::Pair, key.offset, name, {make(NodeKind::String, key.offset, name), value}
            );
        }
        return kNoNode;
    }

    Syntax& syntax_;
    std::vector<ScriptToken> tokens_;
    std::vector<std::uint32_t> partners_ = {};
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    ScopeId scope_ = 0;
};

} // namespace

Syntax parse_javascript(std::string_view source) {
    Syntax syntax;
    syntax.source = source;
    ScriptParser(syntax, lex_javascript(source, 0, source.size())).module();
    syntax.finish();
    return syntax;
}

} // namespace railhub::scan
