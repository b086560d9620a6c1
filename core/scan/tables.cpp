// SPDX-License-Identifier: Apache-2.0
// The embedded tables are ours: a mistake in them is a bug, and a test reads
// them.
#include "core/scan/tables.h"

#include "core/scan/data/data.h"
#include "core/util/assert.h"
#include "core/util/json.h"
#include "core/util/text.h"

#include <array>

namespace railhub::scan {

namespace {

using util::Json;
using util::JsonArray;

const JsonArray& list_of(const Json& json, std::string_view key) {
    static const JsonArray kNone;
    const Json* found = json.find(key);
    return found != nullptr && found->is_array() ? *found->as_array() : kNone;
}

std::vector<std::string> texts_of(const Json& json, std::string_view key) {
    std::vector<std::string> out;
    for (const Json& item : list_of(json, key)) {
        out.push_back(*item.as_string());
    }
    return out;
}

std::set<std::string, std::less<>> set_of(const Json& json, std::string_view key) {
    const auto texts = texts_of(json, key);
    return {texts.begin(), texts.end()};
}

template <class Map>
void read_map(const Json* json, Map& into) {
    if (json != nullptr && json->as_object() != nullptr) {
        for (const auto& [name, value] : *json->as_object()) {
            into[name] = *value.as_string();
        }
    }
}

std::vector<std::string> split_bar(const std::string& text) {
    std::vector<std::string> out;
    for (const auto part : util::split(text, '|')) {
        out.emplace_back(part);
    }
    return out;
}

std::optional<ArtifactKind> read_kind(const Json& json) {
    const std::string text = json.text("kind");
    for (const auto kind :
         {ArtifactKind::Model, ArtifactKind::Dataset, ArtifactKind::Space, ArtifactKind::Metric}) {
        if (text == name_of(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

std::optional<Role> read_role(const Json& json) {
    constexpr int kRoles = static_cast<int>(Role::Metadata) + 1;
    const std::string text = json.text("role");
    for (int i = 0; i < kRoles; ++i) {
        if (text == name_of(static_cast<Role>(i))) {
            return static_cast<Role>(i);
        }
    }
    RAILHUB_ASSERT(text.empty());
    return std::nullopt;
}

IdRule read_id(const Json& json) {
    IdRule rule;
    rule.name = json.text("name");
    rule.index = json.number("index", kNoIndex);
    rule.kind = read_kind(json);
    rule.role = read_role(json);
    rule.component = json.flag("elements") ? "elements" : json.text("component");
    rule.catalogue = json.text("catalogue");
    rule.fallback = json.text("default");
    rule.path = texts_of(json, "path");
    rule.joined = json.text("joined");
    rule.joined_index = json.number("joined_index", kNoIndex);
    return rule;
}

std::vector<IdRule> read_ids(const Json& json, std::string_view key) {
    std::vector<IdRule> out;
    for (const Json& item : list_of(json, key)) {
        out.push_back(read_id(item));
    }
    return out;
}

using CallRules = std::unordered_map<std::string, std::vector<CallRule>>;

void add_call(CallRules& into, const Json& json, const std::string& pattern) {
    CallRule rule;
    rule.pattern = pattern;
    rule.packages = texts_of(json, "packages");
    rule.needs_package = json.flag("sure");
    rule.ids = read_ids(json, "ids");
    rule.revision = json.text("revision");
    rule.revision_index = json.number("revision_index", kNoIndex);
    rule.task = json.text("task");
    rule.tasks = json.text("tasks");
    rule.kind_argument = json.text("kind");
    rule.needs = json.text("needs");
    rule.needs_index = json.number("needs_index", kNoIndex);
    into[pattern.substr(pattern.rfind('.') + 1)].push_back(std::move(rule));
}

void read_calls(CallRules& into, const Json& json) {
    for (const Json& row : list_of(json, "rows")) {
        const auto words = texts_of(row, "words");
        for (const std::string& pattern : texts_of(row, "calls")) {
            if (words.empty()) {
                add_call(into, row, pattern);
            }
            // "Client.*" stands for each of the words.
            for (const std::string& word : words) {
                add_call(into, row, pattern.substr(0, pattern.size() - 1) + word);
            }
        }
    }
}

void read_python(Tables& tables, const Json& json) {
    read_calls(tables.python, json);
    tables.outputs.merge(set_of(json, "outputs"));
    tables.packages = set_of(json, "packages");
    for (const auto& [name, value] : *json.find("values")->as_object()) {
        auto& rules = tables.value_calls[name];
        for (const Json& item : *value.as_array()) {
            rules.push_back(read_id(item));
        }
    }
}

void read_javascript(Tables& tables, const Json& json) {
    read_calls(tables.javascript, json);
    tables.outputs.merge(set_of(json, "outputs"));
}

void read_code_calls(Tables& tables, const Json& json) {
    read_calls(tables.code, json);
}

void read_tasks(Tables& tables, const Json& json) {
    read_map(json.find("aliases"), tables.task_aliases);
    for (const auto& [library, tasks] : *json.find("tasks")->as_object()) {
        for (const auto& [task, value] : *tasks.as_object()) {
            tables.tasks[library][task] = {value.text("id"), value.text("revision")};
        }
    }
}

void read_aliases(Tables& tables, const Json& json) {
    read_map(json.find("models"), tables.model_aliases);
    read_map(json.find("datasets"), tables.dataset_aliases);
    tables.dataset_builders = set_of(json, "builders");
}

void read_catalogues(Tables& tables, const Json& json) {
    for (const auto& [name, value] : *json.find("catalogues")->as_object()) {
        Catalogue one;
        one.prefix = value.text("prefix");
        read_map(value.find("names"), one.names);
        one.families = texts_of(value, "families");
        one.source = value.text("source", one.source);
        one.takes_unknown = value.flag("unknown");
        one.is_strict = value.flag("strict");
        one.takes_tag = value.flag("tags");
        tables.catalogues.emplace(name, std::move(one));
    }
}

void read_keys(Tables& tables, const Json& json) {
    for (const Json& item : list_of(json, "keys")) {
        KeyRule rule;
        rule.patterns = split_bar(item.text("key"));
        rule.kind = read_kind(item).value_or(ArtifactKind::Model);
        rule.role = read_role(item);
        rule.component = item.text("component");
        rule.catalogue = item.text("catalogue");
        rule.parent = item.text("parent");
        rule.sibling = item.text("sibling");
        rule.unless = item.text("unless");
        rule.takes_bare = item.flag("bare");
        rule.is_strong = item.flag("strong");
        tables.keys.push_back(std::move(rule));
    }
    const Json& names = *json.find("names");
    tables.names.model = set_of(names, "model");
    tables.names.dataset = set_of(names, "dataset");
    tables.names.pairs = set_of(names, "pairs");
    tables.names.out = set_of(names, "out");
    tables.local_words = set_of(json, "local_words");
    tables.evidence = texts_of(json, "evidence");
    tables.provider_prefixes = texts_of(json, "providers");
    tables.stripped_prefixes = texts_of(json, "stripped");
}

void read_commands(Tables& tables, const Json& json) {
    for (const Json& item : list_of(json, "commands")) {
        CommandRule rule;
        rule.program = item.text("program");
        rule.words = texts_of(item, "words");
        rule.operands = read_ids(item, "operands");
        rule.flags = read_ids(item, "flags");
        rule.revision = item.text("revision");
        rule.kind_flag = item.text("kind");
        tables.commands.push_back(std::move(rule));
    }
    tables.flags = read_ids(json, "flags");
    tables.variables = set_of(json, "variables");
}

struct TableFile {
    std::string_view path;
    void (*read)(Tables& tables, const Json& json);
};

constexpr std::array<TableFile, 8> kTableFiles = {{
    {"aliases.json", read_aliases},
    {"catalogues.json", read_catalogues},
    {"code_calls.json", read_code_calls},
    {"commands.json", read_commands},
    {"javascript_calls.json", read_javascript},
    {"keys.json", read_keys},
    {"python_calls.json", read_python},
    {"tasks.json", read_tasks},
}};

Tables read_tables() {
    Tables tables;
    for (const util::EmbeddedFile& file : scan_data::files()) {
        const auto json = util::parse_json(file.text);
        RAILHUB_ASSERT(json.ok());
        for (const TableFile& row : kTableFiles) {
            if (row.path == file.path) {
                row.read(tables, *json);
            }
        }
    }
    return tables;
}

} // namespace

const Tables& builtin_tables() {
    static const Tables kTables = read_tables();
    return kTables;
}

} // namespace railhub::scan
