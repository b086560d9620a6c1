// SPDX-License-Identifier: Apache-2.0
// A recursive descent over tokens, after the grammar of the Python language
// reference. One class, longer than the house likes, because statements and
// expressions need each other.
#include "core/scan/python_parser.h"

#include "core/scan/python_lexer.h"

#include <algorithm>
#include <array>
#include <optional>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxPythonDepth = 120;

// Binary operators by strength; 0 is none.
struct PythonOperator {
    std::string_view sign;
    int strength;
};

constexpr std::array<PythonOperator, 25> kPythonOperators = {{
    {"or", 1},  {"and", 2}, {"in", 4}, {"is", 4},  {"not", 4}, {"<", 4},  {">", 4},
    {"==", 4},  {"!=", 4},  {"<=", 4}, {">=", 4},  {"<>", 4},  {"|", 5},  {"^", 6},
    {"&", 7},   {"<<", 8},  {">>", 8}, {"+", 9},   {"-", 9},   {"*", 10}, {"/", 10},
    {"//", 10}, {"%", 10},  {"@", 10}, {"**", 12},
}};

class PythonParser {
  public:
    PythonParser(Syntax& syntax, std::vector<Token> tokens)
        : syntax_(syntax), tokens_(std::move(tokens)) {}

    void module() {
        syntax_.scopes.push_back({});
        while (!is_end()) {
            statement();
        }
    }

    // An expression alone, in scope `scope`, `depth` deep already.
    NodeId piece(ScopeId scope, std::size_t depth) {
        scope_ = scope;
        depth_ = depth;
        return is_end() ? kNoNode : expression_list();
    }

  private:
    // Tokens

    [[nodiscard]] const Token& here() const { return tokens_[at_]; }

    [[nodiscard]] const Token& ahead(std::size_t count) const {
        return tokens_[std::min(at_ + count, tokens_.size() - 1)];
    }

    [[nodiscard]] bool is_end() const { return here().kind == TokenKind::End; }

    [[nodiscard]] std::string_view text(const Token& token) const {
        return syntax_.source.substr(token.offset, token.length);
    }

    [[nodiscard]] bool is_sign(const Token& token, std::string_view sign) const {
        return token.kind == TokenKind::Operator && text(token) == sign;
    }

    [[nodiscard]] bool is_sign(std::string_view sign) const { return is_sign(here(), sign); }

    [[nodiscard]] bool is_word(std::string_view word) const {
        return here().kind == TokenKind::Name && text(here()) == word;
    }

    void step() { at_ += at_ + 1 < tokens_.size() ? 1 : 0; }

    bool take_sign(std::string_view sign) {
        if (!is_sign(sign)) {
            return false;
        }
        step();
        return true;
    }

    bool take_word(std::string_view word) {
        if (!is_word(word)) {
            return false;
        }
        step();
        return true;
    }

    [[nodiscard]] bool is_line_end() const {
        return here().kind == TokenKind::Newline || is_end() || here().kind == TokenKind::Dedent ||
               is_sign(";");
    }

    // Behind this statement; what is left of it is not read.
    void finish_line() {
        while (!is_line_end()) {
            step();
        }
        if (here().kind == TokenKind::Newline || is_sign(";")) {
            step();
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

    // Statements

    void statement() {
        if (depth_ > kMaxPythonDepth) {
            step();
            return;
        }
        const Token& first = here();
        if (first.kind == TokenKind::Newline || first.kind == TokenKind::Indent ||
            first.kind == TokenKind::Dedent || is_sign(";")) {
            step();
            return;
        }
        if (is_sign("@")) {
            step();
            decorators_.push_back(make(NodeKind::Decorator, first.offset, {}, {expression()}));
            finish_line();
            return;
        }
        if (first.kind == TokenKind::Name && keyword_statement(text(first))) {
            decorators_.clear();
            return;
        }
        decorators_.clear();
        expression_statement();
        // What is left fits no grammar (print "x", y): its calls count all the
        // same.
        while (!is_line_end()) {
            const std::size_t before = at_;
            expression();
            if (at_ == before) {
                step();
            }
        }
        finish_line();
    }

    // False: no such statement begins here, nothing was taken.
    bool keyword_statement(std::string_view word) {
        if (word == "async") {
            const std::string_view next = text(ahead(1));
            if (next != "def" && next != "for" && next != "with") {
                return false;
            }
            step();
            return keyword_statement(next);
        }
        if (word == "def") {
            function_statement();
        } else if (word == "class" && ahead(1).kind == TokenKind::Name) {
            class_statement();
        } else if (word == "import") {
            import_statement();
        } else if (word == "from") {
            from_statement();
        } else if (word == "return") {
            return_statement();
        } else if (word == "for") {
            for_statement();
        } else if (word == "with") {
            with_statement();
        } else if (word == "if" || word == "elif" || word == "while") {
            step();
            expression();
            suite();
        } else if (word == "else" || word == "try" || word == "finally") {
            step();
            suite();
        } else if (word == "except") {
            step();
            skip_to_colon();
            suite();
        } else if ((word == "match" || word == "case") && is_block_header()) {
            match_statement(word);
        } else if (word == "assert" || word == "raise" || word == "del") {
            step();
            if (!is_line_end()) {
                expression_list();
            }
            finish_line();
        } else if (word == "global" || word == "nonlocal" || word == "pass" || word == "break" || word == "continue") {
            finish_line();
        } else {
            return false;
        }
        return true;
    }

    // `match x:` rather than a variable called match.
    [[nodiscard]] bool is_block_header() const {
        if (is_sign(ahead(1), "=") || is_sign(ahead(1), ".") || is_sign(ahead(1), ":")) {
            return false;
        }
        std::size_t i = at_;
        while (tokens_[i].kind != TokenKind::Newline && tokens_[i].kind != TokenKind::End) {
            ++i;
        }
        return i > at_ && is_sign(tokens_[i - 1], ":");
    }

    void match_statement(std::string_view word) {
        step();
        if (word == "match") {
            expression_list();
        } else {
            skip_to_colon();
        }
        suite();
    }

    void skip_to_colon() {
        int depth = 0;
        while (!is_line_end() && !(depth == 0 && is_sign(":"))) {
            depth += is_sign("(") || is_sign("[") || is_sign("{") ? 1 : 0;
            depth -= is_sign(")") || is_sign("]") || is_sign("}") ? 1 : 0;
            step();
        }
    }

    // From the colon of a header to the end of what belongs to it.
    void suite() {
        skip_to_colon();
        take_sign(":");
        ++depth_;
        if (here().kind == TokenKind::Newline) {
            step();
            if (here().kind == TokenKind::Indent) {
                step();
                while (!is_end() && here().kind != TokenKind::Dedent) {
                    statement();
                }
                step();
            }
        } else {
            // Statements on the header's line; the newline is the last one's.
            bool is_more = true;
            while (is_more && !is_end() && here().kind != TokenKind::Dedent) {
                is_more = false;
                const std::size_t before = at_;
                statement();
                is_more = at_ > before && is_sign(tokens_[at_ - 1], ";");
            }
        }
        --depth_;
    }

    void function_statement() {
        const std::size_t offset = here().offset;
        step();
        const std::string_view name = text(here());
        step();
        const NodeId function = make(NodeKind::Function, offset, name);
        bind({.name = name, .kind = BindingKind::Definition, .node = function});
        for (const NodeId decorator : decorators_) {
            syntax_.append(function, decorator);
        }
        decorators_.clear();
        enter(ScopeKind::Function, function);
        if (is_sign("[")) { // type parameters
            skip_brackets();
        }
        if (take_sign("(")) {
            parameters(function, ")");
            take_sign(")");
        }
        suite();
        leave();
    }

    void skip_brackets() {
        int depth = 0;
        do {
            depth += is_sign("(") || is_sign("[") || is_sign("{") ? 1 : 0;
            depth -= is_sign(")") || is_sign("]") || is_sign("}") ? 1 : 0;
            step();
        } while (depth > 0 && !is_line_end());
    }

    void enter(ScopeKind kind, NodeId owner) {
        const auto id = static_cast<ScopeId>(syntax_.scopes.size());
        syntax_.scopes.push_back({.parent = scope_, .kind = kind, .owner = owner});
        syntax_.nodes[owner].extra = id;
        scope_ = id;
    }

    void leave() { scope_ = syntax_.scopes[scope_].parent; }

    // Defaults and annotations stand outside the function, its names inside.
    void parameters(NodeId function, std::string_view close) {
        std::uint32_t index = 0;
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign(close)) {
            const bool is_rest = is_sign("*") || is_sign("**");
            if (is_rest || is_sign("/")) {
                step();
            }
            if (here().kind == TokenKind::Name) {
                const Token& name = here();
                step();
                const ScopeId inside = scope_;
                scope_ = syntax_.scopes[inside].parent;
                const NodeId annotation = close == ")" && take_sign(":") ? expression() : kNoNode;
                const NodeId value = take_sign("=") ? expression() : kNoNode;
                scope_ = inside;
                const NodeId parameter =
                    make(NodeKind::Param, name.offset, is_rest ? "*" : text(name), {value});
                syntax_.nodes[parameter].extra = annotation;
                syntax_.append(function, parameter);
                bind(
                    {.name = text(name),
                     .kind = BindingKind::Parameter,
                     .node = function,
                     .index = index++}
                );
            }
            if (!take_sign(",") && !is_sign(close)) {
                if (is_sign("/") || is_sign("*") || is_sign("**")) {
                    continue;
                }
                step();
            }
        }
    }

    void class_statement() {
        const std::size_t offset = here().offset;
        step();
        const std::string_view name = text(here());
        step();
        const NodeId node = make(NodeKind::Class, offset, name);
        bind({.name = name, .kind = BindingKind::Definition, .node = node});
        for (const NodeId decorator : decorators_) {
            syntax_.append(node, decorator);
        }
        decorators_.clear();
        if (is_sign("[")) {
            skip_brackets();
        }
        if (take_sign("(")) {
            for (const NodeId base : arguments(")")) {
                if (syntax_.at(base).kind != NodeKind::Keyword) {
                    syntax_.append(node, make(NodeKind::Base, offset, {}, {base}));
                }
            }
        }
        enter(ScopeKind::Class, node);
        suite();
        leave();
    }

    [[nodiscard]] std::string_view dotted_name() {
        const std::size_t begin = here().offset;
        std::size_t end = begin;
        while (is_sign(".") || is_sign("...") ||
               (here().kind == TokenKind::Name && !is_word("import"))) {
            end = here().offset + here().length;
            const bool was_name = here().kind == TokenKind::Name;
            step();
            if (was_name && !is_sign(".")) {
                break;
            }
        }
        return syntax_.source.substr(begin, end - begin);
    }

    void import_statement() {
        step();
        do {
            const std::string_view module = dotted_name();
            std::string_view name = module.substr(0, module.find('.'));
            std::string_view target = name;
            if (take_word("as")) {
                name = text(here());
                target = module;
                step();
            }
            bind({.name = name, .kind = BindingKind::Import, .module = target});
        } while (take_sign(","));
        finish_line();
    }

    void from_statement() {
        step();
        const std::string_view module = dotted_name();
        if (!take_word("import")) {
            finish_line();
            return;
        }
        take_sign("(");
        do {
            const std::string_view member = text(here());
            if (here().kind != TokenKind::Name && !is_sign("*")) {
                break;
            }
            step();
            std::string_view name = member;
            if (take_word("as")) {
                name = text(here());
                step();
            }
            bind({.name = name, .kind = BindingKind::Import, .module = module, .member = member});
        } while (take_sign(","));
        finish_line();
    }

    void return_statement() {
        const std::size_t offset = here().offset;
        step();
        if (!is_line_end()) {
            const NodeId value = expression_list();
            const NodeId owner = syntax_.scopes[scope_].owner;
            if (owner != kNoNode && syntax_.at(owner).kind == NodeKind::Function) {
                syntax_.append(owner, make(NodeKind::Return, offset, {}, {value}));
            }
        }
        finish_line();
    }

    void for_statement() {
        step();
        const NodeId target = targets();
        take_word("in");
        const NodeId over = expression_list();
        bind_elements(target, over);
        suite();
    }

    // What stands before `in`: names, perhaps in tuples.
    NodeId targets() {
        const std::size_t offset = here().offset;
        std::vector<NodeId> parts;
        bool is_tuple = false;
        do {
            if (is_word("in") || is_sign("=")) {
                break;
            }
            take_sign("*");
            parts.push_back(postfix());
            is_tuple = is_tuple || is_sign(",");
        } while (take_sign(","));
        if (parts.size() == 1 && !is_tuple) {
            return parts.front();
        }
        return syntax_.add(NodeKind::List, offset, scope_, {}, parts);
    }

    void bind_elements(NodeId target, NodeId over) {
        if (target == kNoNode || over == kNoNode) {
            return;
        }
        const Node& node = syntax_.at(target);
        if (node.kind == NodeKind::Name) {
            bind({.name = node.text, .kind = BindingKind::Element, .node = over});
        } else if (node.kind == NodeKind::List) {
            std::uint32_t index = 0;
            for (NodeId part = node.first; part != kNoNode; part = syntax_.at(part).next) {
                if (syntax_.at(part).kind == NodeKind::Name) {
                    bind(
                        {.name = syntax_.at(part).text,
                         .kind = BindingKind::ElementPart,
                         .node = over,
                         .index = index}
                    );
                } else if (syntax_.at(part).kind == NodeKind::List) {
                    nested_element(part, over, index);
                }
                ++index;
            }
        }
    }

    // for i, (a, b) in enumerate(pairs): a and b are parts of the elements of
    // `pairs`.
    void nested_element(NodeId part, NodeId over, std::uint32_t index) {
        if (index == 1 && syntax_.at(over).kind == NodeKind::Call) {
            bind_elements(part, syntax_.child(over, 1));
        }
    }

    void with_statement() {
        step();
        const bool has_brackets = is_sign("(") && closes_before_colon();
        if (has_brackets) {
            step();
        }
        do {
            if (is_sign(")") || is_sign(":")) {
                break;
            }
            const NodeId value = expression();
            if (take_word("as")) {
                assign(targets_of_with(), value);
            }
        } while (take_sign(","));
        suite();
    }

    NodeId targets_of_with() { return postfix(); }

    // with (a as b, c as d): rather than with (a).b():
    [[nodiscard]] bool closes_before_colon() const {
        int depth = 0;
        for (std::size_t i = at_; i + 1 < tokens_.size(); ++i) {
            const Token& token = tokens_[i];
            if (token.kind == TokenKind::Newline) {
                return false;
            }
            depth += is_sign(token, "(") ? 1 : 0;
            depth -= is_sign(token, ")") ? 1 : 0;
            if (depth == 0) {
                return is_sign(tokens_[i + 1], ":");
            }
        }
        return false;
    }

    void expression_statement() {
        NodeId left = expression_list();
        if (left == kNoNode) {
            return;
        }
        if (is_sign(":")) { // annotation
            step();
            expression();
            if (!take_sign("=")) {
                return; // declared only
            }
            assign(left, expression_list());
            return;
        }
        std::vector<NodeId> to;
        while (is_sign("=")) {
            step();
            to.push_back(left);
            left = expression_list();
        }
        for (const NodeId target : to) {
            assign(target, left);
        }
        if (to.empty() && is_augmented()) {
            const bool is_plus = is_sign("+=");
            step();
            const NodeId more = expression_list();
            if (is_plus && syntax_.at(more).kind == NodeKind::List) {
                assign(left, more);
            }
        }
    }

    // name: type, without a value; the annotation is kept so that members can be
    // looked up.

    [[nodiscard]] bool is_augmented() const {
        const std::string_view sign = text(here());
        return here().kind == TokenKind::Operator && sign.size() >= 2 && sign.back() == '=' &&
               sign != "==" && sign != "!=" && sign != "<=" && sign != ">=";
    }

    void assign(NodeId target, NodeId value) {
        if (target == kNoNode || value == kNoNode) {
            return;
        }
        const Node node = syntax_.at(target);
        if (node.kind == NodeKind::Name) {
            bind({.name = node.text, .kind = BindingKind::Value, .node = value});
            syntax_.assigned.push_back({node.text, value});
        } else if (node.kind == NodeKind::List) {
            assign_parts(node, value);
        } else if (node.kind == NodeKind::Attribute) {
            assign_member(node, value);
        } else if (node.kind == NodeKind::Subscript) {
            const NodeId index = syntax_.child(target, 1);
            if (index != kNoNode && syntax_.at(index).kind == NodeKind::String) {
                syntax_.members.push_back({syntax_.at(index).text, value});
                syntax_.assigned.push_back({syntax_.at(index).text, value});
            }
        }
    }

    void assign_parts(const Node& target, NodeId value) {
        std::uint32_t index = 0;
        for (NodeId part = target.first; part != kNoNode; part = syntax_.at(part).next, ++index) {
            const Node& node = syntax_.at(part);
            if (syntax_.at(value).kind == NodeKind::List) {
                const NodeId one = syntax_.child(value, index);
                // The parts are told apart by place; a spread one would move them.
                if (one != kNoNode) {
                    assign_shared(part, one);
                }
            } else if (node.kind == NodeKind::Name) {
                bind({.name = node.text, .kind = BindingKind::Part, .node = value, .index = index});
            }
        }
    }

    void assign_shared(NodeId target, NodeId value) {
        const Node& node = syntax_.at(target);
        if (node.kind == NodeKind::Name || node.kind == NodeKind::Attribute) {
            assign(target, value);
        }
    }

    // self.x in a method is the class's x; any other one is remembered by its
    // name.
    void assign_member(const Node& target, NodeId value) {
        syntax_.assigned.push_back({target.text, value});
        const Node& object = syntax_.at(target.first);
        if (object.kind == NodeKind::Name && (object.text == "self" || object.text == "cls")) {
            for (ScopeId scope = scope_; scope != kNoScope; scope = syntax_.scopes[scope].parent) {
                if (syntax_.scopes[scope].kind == ScopeKind::Class) {
                    syntax_.scopes[scope].bindings.push_back(
                        {.name = target.text, .kind = BindingKind::Value, .node = value}
                    );
                    return;
                }
            }
        }
        syntax_.members.push_back({target.text, value});
    }

    // Expressions

    // a, b, c without brackets is a tuple.
    NodeId expression_list() {
        const std::size_t offset = here().offset;
        const NodeId first = expression();
        if (!is_sign(",")) {
            return first;
        }
        std::vector<NodeId> items = {first};
        while (take_sign(",")) {
            if (is_line_end() || is_sign("=") || is_sign(")") || is_sign("]") || is_sign("}") ||
                is_sign(":")) {
                break;
            }
            items.push_back(expression());
        }
        return syntax_.add(NodeKind::List, offset, scope_, {}, items);
    }

    NodeId expression() {
        if (depth_ > kMaxPythonDepth) {
            const NodeId unknown = make(NodeKind::Unknown, here().offset);
            step();
            return unknown;
        }
        ++depth_;
        const NodeId node = conditional();
        --depth_;
        return node;
    }

    NodeId conditional() {
        const std::size_t offset = here().offset;
        if (is_word("lambda")) {
            return lambda();
        }
        if (is_word("yield")) {
            step();
            take_word("from");
            return is_line_end() || is_sign(")") ? make(NodeKind::Constant, offset) : expression();
        }
        if (is_sign("*") || is_sign("**")) {
            step();
            return make(NodeKind::Star, offset, {}, {binary(5)});
        }
        NodeId value = binary(1);
        if (is_sign(":=")) {
            step();
            const NodeId right = expression();
            assign(value, right);
            return right;
        }
        if (take_word("if")) {
            binary(1);
            if (take_word("else")) {
                value = make(NodeKind::Either, offset, {}, {value, expression()});
            }
        }
        return value;
    }

    NodeId lambda() {
        const std::size_t offset = here().offset;
        step();
        const NodeId function = make(NodeKind::Function, offset);
        enter(ScopeKind::Function, function);
        parameters(function, ":");
        take_sign(":");
        syntax_.append(function, make(NodeKind::Return, offset, {}, {expression()}));
        leave();
        return function;
    }

    [[nodiscard]] int strength() const {
        if (here().kind != TokenKind::Operator && here().kind != TokenKind::Name) {
            return 0;
        }
        const std::string_view sign = text(here());
        const auto* found = std::find_if(
            kPythonOperators.begin(),
            kPythonOperators.end(),
            [&](const PythonOperator& row) { return row.sign == sign; }
        );
        return found == kPythonOperators.end() ? 0 : found->strength;
    }

    NodeId binary(int weakest) {
        NodeId left = unary();
        while (true) {
            const int level = strength();
            if (level == 0 || level < weakest || is_comprehension_in()) {
                return left;
            }
            const std::string_view sign = text(here());
            const std::size_t offset = here().offset;
            step();
            take_word("not"); // is not
            if (sign == "not") {
                take_word("in");
            }
            const NodeId right = binary(level + 1);
            left = combine(sign, offset, left, right);
        }
    }

    // `in` belongs to the `for` that is being read.
    [[nodiscard]] bool is_comprehension_in() const { return in_targets_ && is_word("in"); }

    NodeId combine(std::string_view sign, std::size_t offset, NodeId left, NodeId right) {
        if (sign == "+") {
            return make(NodeKind::Join, offset, {}, {left, right});
        }
        if (sign == "%") {
            return make(NodeKind::Percent, offset, {}, {left, right});
        }
        if (sign == "or") {
            return make(NodeKind::Either, offset, {}, {left, right});
        }
        if (sign == "and") {
            return right; // the left side, where it is the value, is empty or false
        }
        return make(NodeKind::Unknown, offset);
    }

    NodeId unary() {
        if (is_word("not") || is_sign("-") || is_sign("+") || is_sign("~")) {
            const std::size_t offset = here().offset;
            step();
            ++depth_;
            if (depth_ <= kMaxPythonDepth) {
                unary();
            }
            --depth_;
            return make(NodeKind::Unknown, offset);
        }
        if (is_word("await")) {
            step();
        }
        return postfix();
    }

    NodeId postfix() {
        NodeId node = atom();
        while (true) {
            const std::size_t offset = here().offset;
            if (is_sign(".") && ahead(1).kind == TokenKind::Name) {
                step();
                // Where the member stands is where a reader looks.
                node = make(NodeKind::Attribute, here().offset, text(here()), {node});
                step();
            } else if (is_sign("(")) {
                step();
                std::vector<NodeId> parts = {node};
                for (const NodeId argument : arguments(")")) {
                    parts.push_back(argument);
                }
                const std::size_t begin = syntax_.at(node).offset;
                node = syntax_.add(NodeKind::Call, begin, scope_, {}, parts);
                syntax_.calls.push_back(node);
            } else if (is_sign("[")) {
                step();
                const NodeId index = subscript();
                take_sign("]");
                node = make(NodeKind::Subscript, offset, {}, {node, index});
            } else {
                return node;
            }
        }
    }

    NodeId subscript() {
        const std::size_t offset = here().offset;
        NodeId node = make(NodeKind::Unknown, offset);
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign("]")) {
            if (is_sign(":") || is_sign(",")) {
                step();
                node = make(NodeKind::Unknown, offset);
                continue;
            }
            const std::size_t before = at_;
            node = expression_list();
            if (at_ == before) {
                step();
            }
        }
        return node;
    }

    // Behind the opening bracket; takes the closing one.
    std::vector<NodeId> arguments(std::string_view close) {
        std::vector<NodeId> out;
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign(close)) {
            const std::size_t before = at_;
            if (here().kind == TokenKind::Name && is_sign(ahead(1), "=")) {
                const Token& name = here();
                step();
                step();
                const NodeId value = expression();
                out.push_back(make(NodeKind::Keyword, name.offset, text(name), {value}));
            } else {
                const NodeId value = expression();
                out.push_back(is_word("for") || is_word("async") ? comprehension(value) : value);
            }
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign(close);
        return out;
    }

    NodeId comprehension(NodeId element) {
        const std::size_t offset = syntax_.at(element).offset;
        while (is_word("for") || is_word("async") || is_word("if")) {
            take_word("async");
            if (take_word("for")) {
                in_targets_ = true;
                const NodeId target = targets();
                in_targets_ = false;
                take_word("in");
                bind_elements(target, binary(1));
            } else {
                step();
                binary(1);
            }
        }
        return make(NodeKind::List, offset, {}, {element});
    }

    NodeId atom() {
        const Token token = here();
        switch (token.kind) {
        case TokenKind::Name:
            return name_atom(token);
        case TokenKind::Number:
            step();
            return make(NodeKind::Number, token.offset, text(token));
        case TokenKind::String:
            return strings();
        case TokenKind::Operator:
            break;
        case TokenKind::Newline:
        case TokenKind::Indent:
        case TokenKind::Dedent:
        case TokenKind::End:
            return make(NodeKind::Unknown, token.offset);
        }
        if (take_sign("(")) {
            return round_brackets(token.offset);
        }
        if (take_sign("[")) {
            return listed(token.offset, "]");
        }
        if (take_sign("{")) {
            return curly(token.offset);
        }
        if (is_sign("...") || is_sign("`") || is_sign("$") || is_sign("?") || is_sign("!")) {
            step();
        }
        return make(NodeKind::Unknown, token.offset);
    }

    NodeId name_atom(const Token& token) {
        const std::string_view word = text(token);
        if (word == "if" || word == "else" || word == "for" || word == "in" || word == "as" ||
            word == "import") {
            return make(NodeKind::Unknown, token.offset); // not ours to take
        }
        step();
        const bool is_constant = word == "None" || word == "True" || word == "False";
        return make(is_constant ? NodeKind::Constant : NodeKind::Name, token.offset, word);
    }

    NodeId round_brackets(std::size_t offset) {
        if (take_sign(")")) {
            return make(NodeKind::List, offset);
        }
        const NodeId first = expression();
        if (is_word("for") || is_word("async")) {
            const NodeId node = comprehension(first);
            take_sign(")");
            return node;
        }
        if (!is_sign(",")) {
            skip_until(")");
            return first;
        }
        step();
        return listed_from(first, offset, ")");
    }

    void skip_until(std::string_view close) {
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign(close)) {
            const std::size_t before = at_;
            expression();
            if (at_ == before) {
                step();
            }
        }
        take_sign(close);
    }

    NodeId listed(std::size_t offset, std::string_view close) {
        if (take_sign(close)) {
            return make(NodeKind::List, offset);
        }
        const NodeId first = expression();
        if (is_word("for") || is_word("async")) {
            const NodeId node = comprehension(first);
            take_sign(close);
            return node;
        }
        take_sign(",");
        return listed_from(first, offset, close);
    }

    NodeId listed_from(NodeId first, std::size_t offset, std::string_view close) {
        std::vector<NodeId> items = {first};
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign(close)) {
            const std::size_t before = at_;
            items.push_back(expression());
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign(close);
        return syntax_.add(NodeKind::List, offset, scope_, {}, items);
    }

    NodeId curly(std::size_t offset) {
        std::vector<NodeId> items;
        bool is_dict = is_sign("}");
        while (!is_end() && here().kind != TokenKind::Newline && !is_sign("}")) {
            const std::size_t before = at_;
            is_dict = is_dict || is_sign("**");
            NodeId item = expression();
            if (take_sign(":")) {
                is_dict = true;
                const NodeId value = expression();
                const Node& key = syntax_.at(item);
                item = make(
                    NodeKind::Pair,
                    key.offset,
                    key.kind == NodeKind::String ? key.text : std::string_view(),
                    {item, value}
                );
            }
            if (is_word("for") || is_word("async")) {
                comprehension(item);
            }
            items.push_back(item);
            take_sign(",");
            if (at_ == before) {
                step();
            }
        }
        take_sign("}");
        return syntax_.add(is_dict ? NodeKind::Dict : NodeKind::List, offset, scope_, {}, items);
    }

    // Neighbouring literals are one string.
    NodeId strings() {
        std::vector<NodeId> pieces;
        const std::size_t offset = here().offset;
        while (here().kind == TokenKind::String) {
            const Token token = here();
            step();
            pieces.push_back(token.is_format ? format(token) : plain(token));
        }
        if (pieces.size() == 1) {
            return pieces.front();
        }
        return syntax_.add(NodeKind::Format, offset, scope_, {}, pieces);
    }

    NodeId plain(const Token& token) { return literal(token, token.inner, token.inner_length); }

    NodeId literal(const Token& token, std::size_t begin, std::size_t length) {
        std::string_view inner = syntax_.source.substr(begin, length);
        if (!token.is_raw && inner.find('\\') != std::string_view::npos) {
            inner = syntax_.keep(decode_python(inner));
        }
        return make(NodeKind::String, token.offset, inner);
    }

    NodeId format(const Token& token) {
        std::vector<NodeId> pieces;
        const std::size_t end = token.inner + token.inner_length;
        std::size_t from = token.inner;
        std::size_t at = from;
        while (at < end) {
            const char ch = syntax_.source[at];
            const bool is_doubled = at + 1 < end && syntax_.source[at + 1] == ch;
            if ((ch == '{' || ch == '}') && is_doubled) {
                at += 2;
            } else if (ch == '{') {
                if (at > from) {
                    pieces.push_back(literal(token, from, at - from));
                }
                at = hole(at + 1, end, pieces);
                from = at;
            } else {
                ++at;
            }
        }
        if (end > from) {
            pieces.push_back(literal(token, from, end - from));
        }
        return syntax_.add(NodeKind::Format, token.offset, scope_, {}, pieces);
    }

    // An expression in braces; returns where the text goes on.
    std::size_t hole(std::size_t begin, std::size_t end, std::vector<NodeId>& pieces) {
        std::size_t at = begin;
        std::size_t stop = std::string_view::npos; // of the expression, before ! or :
        int depth = 0;
        for (; at < end; ++at) {
            const char ch = syntax_.source[at];
            depth += ch == '{' || ch == '(' || ch == '[' ? 1 : 0;
            if (ch == '}' && depth == 0) {
                break;
            }
            depth -= ch == '}' || ch == ')' || ch == ']' ? 1 : 0;
            const bool is_mark =
                ch == ':' || (ch == '!' && at + 1 < end && syntax_.source[at + 1] != '=');
            if (is_mark && depth == 0 && stop == std::string_view::npos) {
                stop = at;
            }
        }
        NodeId node = kNoNode;
        if (depth_ <= kMaxPythonDepth) {
            PythonParser inner(
                syntax_, lex_python_piece(syntax_.source, begin, std::min(stop, at))
            );
            node = inner.piece(scope_, depth_ + 1);
        }
        pieces.push_back(node == kNoNode ? make(NodeKind::Unknown, begin) : node);
        return std::min(at + 1, end);
    }

    Syntax& syntax_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    ScopeId scope_ = 0;
    bool in_targets_ = false;
    std::vector<NodeId> decorators_;
};

} // namespace

Syntax parse_python(std::string_view source) {
    Syntax syntax;
    syntax.source = source;
    PythonParser(syntax, lex_python(source)).module();
    syntax.finish();
    return syntax;
}

} // namespace railhub::scan
