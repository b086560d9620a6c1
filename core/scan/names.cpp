// SPDX-License-Identifier: Apache-2.0
#include "core/scan/names.h"

#include "core/scan/characters.h"
#include "core/scan/commands.h"
#include "core/scan/role.h"
#include "core/scan/values.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr int kMaxLiteralDepth = 4;

template <std::size_t kSize>
bool is_among(const std::array<std::string_view, kSize>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_upper(char ch) {
    return ch >= 'A' && ch <= 'Z';
}

// "trainModel_id" -> train, model, id.
std::vector<std::string> words_of_name(std::string_view name) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) {
            words.push_back(util::lower(word));
        }
        word.clear();
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool was_lower =
            i > 0 && ((name[i - 1] >= 'a' && name[i - 1] <= 'z') || is_digit(name[i - 1]));
        if (!is_letter(name[i]) || (is_upper(name[i]) && was_lower)) {
            end_word();
        }
        if (is_letter(name[i])) {
            word += name[i];
        }
    }
    end_word();
    return words;
}

std::string_view word_of(const Unit& unit, NodeId id) {
    if (id == kNoNode) {
        return {};
    }
    const Node& node = unit.syntax.at(id);
    return node.kind == NodeKind::Name || node.kind == NodeKind::Attribute ? node.text
                                                                           : std::string_view();
}

std::string_view callee_of(Ref call) {
    return word_of(*call.unit, call.at().first);
}

// segmentation: PipelineModel = "owner/name": the type that is written for a parameter.
std::string_view written_type(const Unit& unit, const Node& parameter) {
    constexpr std::size_t kLongest = 80;
    const std::string_view after =
        std::string_view(unit.text).substr(parameter.offset).substr(0, kLongest);
    const std::size_t colon = after.find_first_not_of(" ", parameter.text.size());
    if (!after.starts_with(parameter.text) || colon == std::string_view::npos ||
        after[colon] != ':') {
        return {};
    }
    return util::trim(after.substr(colon + 1, after.find_first_of("=,)\n", colon) - colon - 1));
}

// A name such as models have: upper and lower case or digits, joined by dashes.
bool looks_like_model(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
    return slash != std::string_view::npos && name.find('-') != std::string_view::npos &&
           std::any_of(name.begin(), name.end(), is_upper) &&
           std::any_of(name.begin(), name.end(), is_digit);
}

// Functions around the hub's own go by their names: load_dataset_with_retry.
std::optional<ArtifactKind> kind_by_loader(Ref call, std::string_view word) {
    static constexpr std::array<std::string_view, 3> kLoaders = {
        "snapshot_download", "hf_hub_download", "from_pretrained"};
    if (word.find("load_dataset") != std::string_view::npos) {
        return ArtifactKind::Dataset;
    }
    const bool is_loader =
        std::any_of(kLoaders.begin(), kLoaders.end(), [&](std::string_view loader) {
            return word.find(loader) != std::string_view::npos;
        });
    if (!is_loader) {
        return std::nullopt;
    }
    const Ref type = argument(call, kNoIndex, "repo_type");
    const std::string_view text = type ? type.at().text : std::string_view();
    return text == "dataset" ? ArtifactKind::Dataset
           : text == "space" ? ArtifactKind::Space
                             : ArtifactKind::Model;
}

} // namespace

bool says_otherwise(const NameWords& words, std::string_view name) {
    const std::vector<std::string> parts = words_of_name(name);
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return words.out.contains(part);
    });
}

std::optional<ArtifactKind> kind_by_name(const NameWords& words, std::string_view name) {
    const std::vector<std::string> parts = words_of_name(name);
    std::optional<ArtifactKind> kind;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i + 1 < parts.size() && words.pairs.contains(parts[i] + ' ' + parts[i + 1])) {
            kind = kind.value_or(ArtifactKind::Model);
            ++i;
            continue;
        }
        if (words.out.contains(parts[i])) {
            return std::nullopt;
        }
        if (words.dataset.contains(parts[i])) {
            kind = ArtifactKind::Dataset;
        } else if (words.model.contains(parts[i])) {
            kind = kind.value_or(ArtifactKind::Model);
        }
    }
    return kind;
}

void NameReader::read(const Unit& unit) {
    skip_outputs(unit);
    for (NodeId id = 0; id < unit.syntax.nodes.size(); ++id) {
        see_node(unit, id);
    }
    for (const MemberValue& one : unit.syntax.assigned) {
        see_named(unit, one.name, one.value);
    }
    for (const NodeId call : unit.syntax.calls) {
        see_call({&unit, call});
    }
}

void NameReader::skip_outputs(const Unit& unit) {
    skipped_.clear();
    for (const NodeId call : unit.syntax.calls) {
        if (tables_.outputs.contains(callee_of({&unit, call}))) {
            for (NodeId arg = unit.syntax.at(call).first; arg != kNoNode;
                 arg = unit.syntax.at(arg).next) {
                skipped_.insert(arg);
            }
        }
    }
}

void NameReader::see_node(const Unit& unit, NodeId id) {
    constexpr std::size_t kShortestText = 12;
    const Node& node = unit.syntax.at(id);
    if (node.kind == NodeKind::Keyword || node.kind == NodeKind::Param) {
        const std::string_view type =
            node.kind == NodeKind::Param ? written_type(unit, node) : std::string_view();
        if (!skipped_.contains(id)) {
            const bool says_type = kind_by_name(tables_.names, type).has_value();
            see_named(unit, says_type ? type : node.text, node.first);
        }
    } else if (node.kind == NodeKind::Pair && !node.text.empty()) {
        see_named(unit, node.text, unit.syntax.child(id, 1));
        see_table(unit, node);
    } else if (node.kind == NodeKind::Dict) {
        see_dataset_options(unit, node);
    } else if (node.kind == NodeKind::Function) {
        see_returned(unit, node);
    } else if (node.kind == NodeKind::String && node.text.size() > kShortestText) {
        see_text(unit, node);
    }
}

// {"path": "owner/name", "split": "train"}: arguments of load_dataset, kept in a table.
void NameReader::see_dataset_options(const Unit& unit, const Node& dict) {
    NodeId path = kNoNode;
    bool is_dataset = false;
    for (NodeId item = dict.first; item != kNoNode; item = unit.syntax.at(item).next) {
        const Node& pair = unit.syntax.at(item);
        if (pair.kind == NodeKind::Pair) {
            path = pair.text == "path" ? unit.syntax.child(item, 1) : path;
            is_dataset = is_dataset || pair.text == "split" || pair.text == "revision";
        }
    }
    if (is_dataset && path != kNoNode) {
        see_literals(unit, "path", path, ArtifactKind::Dataset, 1);
    }
}

// {"owner/name": {"model": ..., "device": ...}}: a table by id.
void NameReader::see_table(const Unit& unit, const Node& pair) {
    const NodeId inner = unit.syntax.at(pair.first).next;
    if (pair.text.find('/') == std::string_view::npos || inner == kNoNode ||
        unit.syntax.at(inner).kind != NodeKind::Dict) {
        return;
    }
    for (NodeId item = unit.syntax.at(inner).first; item != kNoNode;
         item = unit.syntax.at(item).next) {
        const auto kind = kind_by_name(tables_.names, unit.syntax.at(item).text);
        if (kind) {
            see_literals(unit, unit.syntax.at(item).text, pair.first, *kind, 1);
            return;
        }
    }
}

// Addresses on the hub, and arguments of a command in one text.
void NameReader::see_text(const Unit& unit, const Node& node) {
    const bool has_blank = node.text.find(' ') != std::string_view::npos;
    if (is_file_address(node.text)) {
        Sighting sighting;
        sighting.place = unit.place(node.offset);
        sighting.text = node.text;
        sighting.part = unit.part;
        sighting.role = guess_role(unit, ArtifactKind::Model);
        sighting.found_by = "address";
        collector_.see(sighting);
    } else if (has_blank && node.text.starts_with("--") && node.text.find('/') != std::string_view::npos) {
        read_command_words(
            tables_, split_command(node.text, unit.place(node.offset)), unit.part, collector_
        );
    }
}

void NameReader::see_call(Ref call) {
    const std::string_view word = callee_of(call);
    if (word.empty() || tables_.outputs.contains(word)) {
        return;
    }
    if (word == "add_argument" || word == "option") {
        see_option(call);
    } else if (word == "parametrize") {
        see_parameters(call);
    } else {
        see_callee(call, word);
        see_added(call, word);
        see_source(call, word);
    }
}

// An option's default goes by the option's name.
void NameReader::see_option(Ref call) {
    const Ref name = argument(call, 0, {});
    const Ref value = argument(call, kNoIndex, "default");
    if (name && value && name.at().kind == NodeKind::String) {
        see_named(*call.unit, name.at().text, value.node);
    }
}

// @pytest.mark.parametrize("model_id, size", [("owner/name", 1), ...])
void NameReader::see_parameters(Ref call) {
    const Ref names = argument(call, 0, "argnames");
    const Ref rows = argument(call, 1, "argvalues");
    if (!names || !rows || names.at().kind != NodeKind::String ||
        rows.at().kind != NodeKind::List) {
        return;
    }
    const Syntax& syntax = call.unit->syntax;
    const auto columns = util::split(names.at().text, ',');
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const std::string_view name = util::trim(columns[column]);
        const auto kind = kind_by_name(tables_.names, name);
        for (NodeId row = kind ? rows.at().first : kNoNode; row != kNoNode;
             row = syntax.at(row).next) {
            const bool is_call = syntax.at(row).kind == NodeKind::Call; // pytest.param(...)
            const bool is_row = is_call || syntax.at(row).kind == NodeKind::List;
            const NodeId value = is_call  ? argument(call.with(row), column, {}).node
                                 : is_row ? syntax.child(row, column)
                                          : row;
            if (value != kNoNode && (is_row || columns.size() == 1)) {
                see_literals(*call.unit, name, value, *kind, 1);
            }
        }
    }
}

// load_model("owner/name"), TextEncoder("owner/name"). A call of an instance, tokenizer("to be/or
// not"), is something else.
void NameReader::see_callee(Ref call, std::string_view word) {
    static constexpr std::array<std::string_view, 16> kVerbs = {
        "load",
        "get",
        "create",
        "init",
        "initialize",
        "build",
        "make",
        "setup",
        "download",
        "fetch",
        "prepare",
        "import",
        "open",
        "pull",
        "cache",
        "use"};
    const Ref first = argument(call, 0, {});
    if (!first || skipped_.contains(first.node)) {
        return;
    }
    if (const auto kind = kind_by_loader(call, word); kind) {
        see_literals(*call.unit, word, first.node, *kind, 1);
        return;
    }
    // The last word says what is made: a TextGenerator is a generator.
    const std::vector<std::string> words = words_of_name(word);
    const bool is_loading =
        !words.empty() &&
        (is_upper(word.front()) || (words.size() > 1 && is_among(kVerbs, words.front())));
    const auto kind = is_loading ? kind_by_name(tables_.names, words.back()) : std::nullopt;
    if (kind && first.at().kind == NodeKind::String) {
        see_literals(*call.unit, word, first.node, *kind, 1);
    }
}

// chat_dataset(source="owner/name"), partial(chat_dataset, source="owner/name")
void NameReader::see_source(Ref call, std::string_view word) {
    const Ref first = argument(call, 0, {});
    const std::string_view maker =
        word == "partial" && first ? word_of(*call.unit, first.node) : word;
    for (const std::string_view key : {"source", "repo"}) {
        const Ref value = argument(call, kNoIndex, key);
        const auto kind = value ? kind_by_name(tables_.names, maker) : std::nullopt;
        if (kind && value.at().kind == NodeKind::String) {
            see_literals(*call.unit, maker, value.node, *kind, 1);
        }
    }
}

// models.append("owner/name"), MODELS.extend([...])
void NameReader::see_added(Ref call, std::string_view word) {
    static constexpr std::array<std::string_view, 8> kAdders = {
        "append", "extend", "add", "insert", "push", "unshift", "update", "concat"};
    const Node& callee = call.unit->syntax.at(call.at().first);
    if (callee.kind != NodeKind::Attribute || !is_among(kAdders, word)) {
        return;
    }
    const std::string_view name = word_of(*call.unit, callee.first);
    const auto kind = kind_by_name(tables_.names, name);
    for (NodeId arg = kind ? callee.next : kNoNode; arg != kNoNode;
         arg = call.unit->syntax.at(arg).next) {
        see_literals(*call.unit, name, arg, *kind, 1);
    }
}

// def model_id(self): return "owner/name"
void NameReader::see_returned(const Unit& unit, const Node& function) {
    const auto kind = kind_by_name(tables_.names, function.text);
    for (NodeId child = kind ? function.first : kNoNode; child != kNoNode;
         child = unit.syntax.at(child).next) {
        if (unit.syntax.at(child).kind == NodeKind::Return &&
            unit.syntax.at(child).first != kNoNode) {
            see_literals(unit, function.text, unit.syntax.at(child).first, *kind, 1);
        }
    }
}

void NameReader::see_named(const Unit& unit, std::string_view name, NodeId value) {
    if (value == kNoNode) {
        return;
    }
    if (const auto kind = kind_by_name(tables_.names, name); kind) {
        see_literals(unit, name, value, *kind, 0);
        return;
    }
    // path = path or "owner/name": what is taken where the caller says nothing.
    const Node& node = unit.syntax.at(value);
    const bool is_general = name == "path" || name == "name" || name == "repo";
    const bool is_default = node.kind == NodeKind::Either || node.kind == NodeKind::Call ||
                            (node.kind == NodeKind::String && looks_like_model(node.text));
    if (is_general && is_default) {
        see_literals(unit, name, value, ArtifactKind::Model, 0);
    }
}

// os.getenv("X", "id"), Object.freeze({...}), frozenset([...]): the texts are the value's.
bool NameReader::is_transparent(const Unit& unit, NodeId call) const {
    const std::string_view word = word_of(unit, unit.syntax.at(call).first);
    if (tables_.value_calls.contains(std::string(word)) || word == "get" || word == "pop") {
        const NodeId first = unit.syntax.child(call, 1);
        const std::string_view key =
            first == kNoNode ? std::string_view() : unit.syntax.at(first).text;
        // os.getenv("OUTPUT_MODEL", ...)
        return key.find('/') != std::string_view::npos || !says_otherwise(tables_.names, key);
    }
    // embeddings = model.encode([...]) are made of its texts, not named by them.
    static constexpr std::array<std::string_view, 7> kCollections = {
        "set", "frozenset", "list", "tuple", "dict", "array", "chain"};
    if (word.empty() || !(is_upper(word.front()) || is_among(kCollections, word))) {
        return false;
    }
    for (NodeId arg = unit.syntax.child(call, 1); arg != kNoNode; arg = unit.syntax.at(arg).next) {
        const NodeKind kind = unit.syntax.at(arg).kind;
        if (kind != NodeKind::List && kind != NodeKind::Dict) {
            return false;
        }
    }
    return true;
}

// Texts that stand in the expression itself.
void NameReader::see_literals(
    const Unit& unit, std::string_view name, NodeId value, ArtifactKind kind, int depth
) {
    const Node& node = unit.syntax.at(value);
    if (node.kind == NodeKind::String) {
        Sighting sighting;
        sighting.place = unit.place(node.offset);
        sighting.text = node.text;
        sighting.kind = kind;
        sighting.evidence = Evidence::Key;
        sighting.at_most = Confidence::Medium;
        sighting.role = guess_role(unit, kind);
        sighting.part = unit.part;
        sighting.found_by = name;
        collector_.see(sighting);
        return;
    }
    const bool is_call = node.kind == NodeKind::Call;
    const bool is_transparent_call = is_call && is_transparent(unit, value);
    const bool goes_on = is_call || node.kind == NodeKind::Either || node.kind == NodeKind::List ||
                         node.kind == NodeKind::Dict || node.kind == NodeKind::Star;
    if (!goes_on || depth > kMaxLiteralDepth) {
        return;
    }
    for (NodeId child = node.first; child != kNoNode; child = unit.syntax.at(child).next) {
        const Node& one = unit.syntax.at(child);
        if (one.kind == NodeKind::Pair) {
            see_pair(unit, name, child, kind, depth);
        } else if (one.kind == NodeKind::Keyword) {
            // ask("Which model?", default="owner/name")
            if (one.text == "default" || one.text == "value") {
                see_literals(unit, name, one.first, kind, depth + 1);
            }
        } else if (!is_call || is_transparent_call) {
            see_literals(unit, name, child, kind, depth + 1);
        }
    }
}

// A key that says something else decides for itself.
void NameReader::see_pair(
    const Unit& unit, std::string_view name, NodeId pair, ArtifactKind kind, int depth
) {
    const Node& one = unit.syntax.at(pair);
    const bool is_plain = one.text.empty() || !kind_by_name(tables_.names, one.text);
    bool is_out = false;
    for (const auto part : util::split(one.text, '_')) {
        is_out = is_out || tables_.names.out.contains(util::lower(part));
    }
    if (is_plain && !is_out) {
        see_literals(unit, name, unit.syntax.child(pair, 1), kind, depth + 1);
    }
    if (depth <= 1 && unit.syntax.at(one.first).kind == NodeKind::String) {
        see_literals(unit, name, one.first, kind, depth + 1);
    }
}

} // namespace railhub::scan
