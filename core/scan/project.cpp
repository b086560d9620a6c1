// SPDX-License-Identifier: Apache-2.0
#include "core/scan/project.h"

#include "core/util/fs.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string under(std::string_view folder, std::string_view name) {
    return folder.empty() ? std::string(name) : std::string(folder) + '/' + std::string(name);
}

// "a/b/../c" -> "a/c"; empty when it leaves the root.
std::string plain_path(std::string_view path) {
    std::vector<std::string> parts;
    for (const std::string_view part : util::split(path, '/')) {
        if (part == "..") {
            if (parts.empty()) {
                return {};
            }
            parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.emplace_back(part);
        }
    }
    return util::join(parts, "/");
}

std::string_view last_name(const Syntax& syntax, NodeId callee) {
    const Node& node = syntax.at(callee);
    return node.kind == NodeKind::Name || node.kind == NodeKind::Attribute ? node.text
                                                                           : std::string_view();
}

NodeId keyword_of(const Syntax& syntax, NodeId call, std::string_view name) {
    for (NodeId arg = syntax.at(call).first; arg != kNoNode; arg = syntax.at(arg).next) {
        if (syntax.at(arg).kind == NodeKind::Keyword && syntax.at(arg).text == name) {
            return syntax.at(arg).first;
        }
    }
    return kNoNode;
}

// --model-name -> model_name
std::string option_name(std::string_view written) {
    while (written.starts_with('-')) {
        written.remove_prefix(1);
    }
    std::string out(written.substr(0, written.find(' ')));
    std::replace(out.begin(), out.end(), '-', '_');
    return out;
}

} // namespace

void Project::add(std::unique_ptr<Unit> unit) {
    const Unit* raw = unit.get();
    if (by_path_.emplace(unit->path, std::move(unit)).second) {
        units_.push_back(raw);
    }
}

bool Project::has_path(std::string_view path) const {
    const auto found = std::lower_bound(paths_.begin(), paths_.end(), path);
    if (found == paths_.end()) {
        return false;
    }
    if (*found == path) {
        return true;
    }
    const std::string folder = std::string(path) + '/';
    const auto inside = std::lower_bound(paths_.begin(), paths_.end(), folder);
    return inside != paths_.end() && inside->starts_with(folder);
}

const Unit* Project::unit_at(const std::string& path) {
    if (const auto known = by_path_.find(path); known != by_path_.end()) {
        return known->second.get();
    }
    if (!std::binary_search(paths_.begin(), paths_.end(), path)) {
        return nullptr;
    }
    auto unit = load_(path);
    const Unit* raw = unit.get();
    by_path_.emplace(path, std::move(unit));
    if (raw != nullptr) {
        units_.push_back(raw);
    }
    return raw;
}

const Unit* Project::first_of(const std::string& stem, Language language) {
    static constexpr std::array<std::string_view, 2> kPython = {".py", "/__init__.py"};
    static constexpr std::array<std::string_view, 9> kScript = {
        "", ".ts", ".tsx", ".js", ".mjs", ".jsx", "/index.ts", "/index.js", ".svelte"};
    const auto try_all = [&](const auto& endings) -> const Unit* {
        for (const std::string_view ending : endings) {
            if (const Unit* unit = unit_at(stem + std::string(ending)); unit != nullptr) {
                return unit;
            }
        }
        return nullptr;
    };
    return language == Language::Python ? try_all(kPython) : try_all(kScript);
}

const Unit* Project::module(const Unit& from, std::string_view module) {
    std::string key(folder_of(from.path));
    key += from.language == Language::Python ? '\n' : '\t';
    key += module;
    const auto known = modules_.find(key);
    if (known != modules_.end()) {
        return known->second;
    }
    const Unit* found = find_module(from, module);
    modules_.emplace(std::move(key), found);
    return found;
}

const Unit* Project::find_module(const Unit& from, std::string_view module) {
    return from.language == Language::Python ? python_module(from, module)
                                             : javascript_module(from, module);
}

const Unit* Project::python_module(const Unit& from, std::string_view module) {
    std::string_view folder = folder_of(from.path);
    const bool is_relative = module.starts_with('.');
    if (is_relative) {
        module.remove_prefix(1);
        while (module.starts_with('.')) {
            module.remove_prefix(1);
            folder = folder_of(folder);
        }
    }
    std::string path(module);
    std::replace(path.begin(), path.end(), '.', '/');
    if (is_relative) {
        return first_of(path.empty() ? std::string(folder) : under(folder, path), from.language);
    }
    while (true) {
        if (const Unit* unit = first_of(under(folder, path), from.language); unit != nullptr) {
            return unit;
        }
        if (folder.empty()) {
            return first_of("src/" + path, from.language);
        }
        folder = folder_of(folder);
    }
}

const Unit* Project::javascript_module(const Unit& from, std::string_view module) {
    if (!module.starts_with('.') && !module.starts_with("@/") && !module.starts_with("~/")) {
        return nullptr; // a package
    }
    if (module.starts_with('.')) {
        std::string path = plain_path(under(folder_of(from.path), module));
        if (const Unit* unit = first_of(path, from.language); unit != nullptr) {
            return unit;
        }
        // import "./x.js" of what is written in x.ts
        if (path.ends_with(".js")) {
            path.resize(path.size() - 3);
            return first_of(path, from.language);
        }
        return nullptr;
    }
    const std::string path(module.substr(2));
    for (std::string_view folder = folder_of(from.path);; folder = folder_of(folder)) {
        for (const std::string& base : {under(folder, path), under(folder, "src/" + path)}) {
            if (const Unit* unit = first_of(base, from.language); unit != nullptr) {
                return unit;
            }
        }
        if (folder.empty()) {
            return nullptr;
        }
    }
}

const Unit* Project::submodule(const Unit& from, std::string_view module, std::string_view member) {
    if (from.language != Language::Python) {
        return nullptr;
    }
    std::string name(module);
    if (!name.ends_with('.')) {
        name += '.';
    }
    return this->module(from, name + std::string(member));
}

std::vector<Ref> Project::calls_of(std::string_view name) {
    index();
    const auto found = calls_.find(name);
    return found == calls_.end() ? std::vector<Ref>() : found->second;
}

std::vector<Ref> Project::definitions_of(std::string_view name) {
    index();
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? std::vector<Ref>() : found->second;
}

std::vector<Ref> Project::derived_from(std::string_view name) {
    index();
    const auto found = derived_.find(name);
    return found == derived_.end() ? std::vector<Ref>() : found->second;
}

std::vector<Ref> Project::fields_of(std::string_view name) {
    index();
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::vector<Ref>() : found->second;
}

std::vector<Ref> Project::options_of(std::string_view name) {
    index();
    const auto found = options_.find(std::string(name));
    return found == options_.end() ? std::vector<Ref>() : found->second;
}

void Project::index() {
    for (; indexed_ < units_.size(); ++indexed_) {
        index_unit(*units_[indexed_]);
    }
}

void Project::index_unit(const Unit& unit) {
    const Syntax& syntax = unit.syntax;
    for (const NodeId call : syntax.calls) {
        index_call(unit, call);
    }
    for (const Scope& scope : syntax.scopes) {
        for (const Binding& binding : scope.bindings) {
            if (binding.kind == BindingKind::Definition) {
                definitions_[binding.name].push_back({&unit, binding.node});
                index_bases({&unit, binding.node});
            }
            if (scope.kind == ScopeKind::Class && binding.kind == BindingKind::Value) {
                fields_[binding.name].push_back({&unit, binding.node});
            }
            // import x as y: calls of y are calls of x.
            if (binding.kind == BindingKind::Import && !binding.member.empty() &&
                binding.member != binding.name) {
                for (const NodeId call : syntax.calls) {
                    if (last_name(syntax, syntax.at(call).first) == binding.name) {
                        calls_[binding.member].push_back({&unit, call});
                    }
                }
            }
        }
    }
    for (const MemberValue& member : syntax.members) {
        fields_[member.name].push_back({&unit, member.value});
    }
}

void Project::index_bases(Ref definition) {
    const Syntax& syntax = definition.unit->syntax;
    for (NodeId child = definition.at().first; child != kNoNode; child = syntax.at(child).next) {
        const Node& node = syntax.at(child);
        if (node.kind == NodeKind::Base && node.first != kNoNode) {
            derived_[last_name(syntax, node.first)].push_back(definition);
        }
    }
}

void Project::index_call(const Unit& unit, NodeId call) {
    const std::string_view callee = last_name(unit.syntax, unit.syntax.at(call).first);
    if (callee.empty()) {
        return;
    }
    calls_[callee].push_back({&unit, call});
    index_option(unit, call, callee);
}

// argparse and what is like it; absl's DEFINE_string("name", default).
void Project::index_option(const Unit& unit, NodeId call, std::string_view callee) {
    const Syntax& syntax = unit.syntax;
    if (callee == "set_defaults") {
        for (NodeId arg = syntax.at(call).first; arg != kNoNode; arg = syntax.at(arg).next) {
            if (syntax.at(arg).kind == NodeKind::Keyword) {
                options_[std::string(syntax.at(arg).text)].push_back({&unit, syntax.at(arg).first});
            }
        }
        return;
    }
    const bool is_flag = callee.starts_with("DEFINE_");
    if (callee != "add_argument" && callee != "option" && !is_flag) {
        return;
    }
    NodeId value = keyword_of(syntax, call, "default");
    if (value == kNoNode && is_flag) {
        value = syntax.child(call, 2);
    }
    if (value == kNoNode) {
        return;
    }
    if (const NodeId dest = keyword_of(syntax, call, "dest");
        dest != kNoNode && syntax.at(dest).kind == NodeKind::String) {
        options_[std::string(syntax.at(dest).text)].push_back({&unit, value});
    }
    for (NodeId arg = syntax.child(call, 1); arg != kNoNode; arg = syntax.at(arg).next) {
        if (syntax.at(arg).kind == NodeKind::String) {
            options_[option_name(syntax.at(arg).text)].push_back({&unit, value});
            if (is_flag) {
                break;
            }
        }
    }
}

} // namespace railhub::scan
