// SPDX-License-Identifier: Apache-2.0
#include "core/scan/calls.h"

#include "core/scan/role.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

std::vector<std::string_view> words_of(std::string_view dotted) {
    return util::split(dotted, '.');
}

// The last parts of `dotted` fit the globs of `pattern`.
bool fits(std::string_view pattern, std::string_view dotted) {
    const auto wanted = words_of(pattern);
    const auto given = words_of(dotted);
    if (wanted.size() > given.size()) {
        return false;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!util::glob_match(wanted[i], given[given.size() - wanted.size() + i])) {
            return false;
        }
    }
    return true;
}

bool is_in_folder(std::string_view path, std::string_view folder) {
    for (const std::string_view part : util::split(path, '/')) {
        if (part == folder) {
            return true;
        }
    }
    return false;
}

std::string first_part(std::string_view dotted, Language language) {
    // Packages of JavaScript have slashes and dots of their own.
    return std::string(dotted.substr(0, dotted.find(language == Language::Python ? '.' : '\n')));
}

bool is_package(std::string_view dotted, std::string_view package, Language language) {
    if (language == Language::Python) {
        return first_part(dotted, language) == package;
    }
    // Also from an address:
    // https://cdn.example/npm/@huggingface/transformers@3.0.0
    const std::size_t at = dotted.find(package);
    const std::size_t end = at + package.size();
    const bool is_begin = at == 0 || (at != std::string_view::npos && dotted[at - 1] == '/');
    return is_begin &&
           (dotted.size() == end || dotted[end] == '.' || dotted[end] == '/' || dotted[end] == '@');
}

std::string short_name(const std::string& dotted) {
    const auto words = words_of(dotted);
    const std::size_t size = words.size();
    if (size < 2 || words[size - 2] == "?") {
        return std::string(words.back());
    }
    return std::string(words[size - 2]) + '.' + std::string(words[size - 1]);
}

std::string_view callee_word(Ref call) {
    const NodeId callee = call.at().first;
    if (callee == kNoNode) {
        return {};
    }
    const Node& node = call.unit->syntax.at(callee);
    return node.kind == NodeKind::Name || node.kind == NodeKind::Attribute ? node.text
                                                                           : std::string_view();
}

} // namespace

bool CallReader::imports_known_package(const Unit& unit) const {
    for (const Scope& scope : unit.syntax.scopes) {
        for (const Binding& binding : scope.bindings) {
            if (binding.kind != BindingKind::Import) {
                continue;
            }
            const std::string first = first_part(binding.module, Language::Python);
            if (tables_.packages.contains(first) || binding.module.starts_with("@huggingface/") ||
                binding.module.starts_with("@xenova/")) {
                return true;
            }
        }
    }
    return false;
}

void CallReader::read_calls(const Unit& unit) {
    // By index: following values may parse further files, never this one.
    for (const NodeId call : unit.syntax.calls) {
        read_call({&unit, call});
    }
}

void CallReader::read_call(Ref call) {
    const auto& rules =
        call.unit->language == Language::Python ? tables_.python : tables_.javascript;
    std::string word(callee_word(call));
    if (word.empty()) {
        return;
    }
    read_command(call, word);
    if (word == "partial" || word == "to_thread" || word == "submit" || word == "run_in_executor") {
        read_bound_call(call);
        return;
    }
    const Ref callee = call.with(call.at().first);
    const bool may_be_other_name = callee.at().kind == NodeKind::Name;
    if (!rules.contains(word) && !may_be_other_name) {
        return;
    }
    const std::vector<Name> names = values_.names(callee);
    if (may_be_other_name) {
        word.clear();
        for (const Name& name : names) {
            const std::string last(name.dotted.substr(name.dotted.rfind('.') + 1));
            word = rules.contains(last) ? last : word;
        }
        if (word.empty() || is_made_by_call(callee)) {
            return;
        }
    }
    if (word == "load") {
        read_pipeline_package(call, names);
    }
    const auto found = rules.find(word);
    if (found == rules.end()) {
        return;
    }
    for (const CallRule& rule : found->second) {
        if (match(call, rule, names)) {
            apply(call, rule, names.empty() ? word : names.front().dotted);
            return;
        }
    }
}

// nlp = spacy.load("..."); nlp("some words"): what was loaded is called, nothing is loaded.
bool CallReader::is_made_by_call(Ref callee) {
    const std::vector<Ref> ends = values_.ends(callee);
    return !ends.empty() && std::all_of(ends.begin(), ends.end(), [](Ref end) {
        return end.at().kind == NodeKind::Call;
    });
}

// import en_core_web_sm; en_core_web_sm.load(): a pipeline of spaCy that is a package.
void CallReader::read_pipeline_package(Ref call, const std::vector<Name>& names) {
    const auto catalogue = tables_.catalogues.find("spacy");
    for (const Name& name : names) {
        const std::string module = first_part(name.dotted, Language::Python);
        const bool is_pipeline =
            catalogue != tables_.catalogues.end() && name.dotted == module + ".load" &&
            std::any_of(
                catalogue->second.families.begin(),
                catalogue->second.families.end(),
                [&](const std::string& family) { return util::glob_match(family, module); }
            );
        if (is_pipeline) {
            Sighting sighting;
            sighting.place = call.unit->place(call.at().offset);
            sighting.text = module;
            sighting.catalogue = "spacy";
            sighting.part = call.unit->part;
            sighting.found_by = name.dotted;
            collector_.see(sighting);
            return;
        }
    }
}

// functools.partial(f, "id"), asyncio.to_thread(f, "id"): a call of f.
void CallReader::read_bound_call(Ref call) {
    std::size_t skip = 0;
    if (callee_word(call) == "run_in_executor") {
        skip = 1;
    }
    const Ref callee = argument(call, skip, {});
    if (!callee) {
        return;
    }
    for (const Name& name : values_.names(callee)) {
        const std::string last(name.dotted.substr(name.dotted.rfind('.') + 1));
        const auto rules = tables_.python.find(last);
        if (rules == tables_.python.end()) {
            continue;
        }
        for (const CallRule& rule : rules->second) {
            if (!match(call, rule, {name})) {
                continue;
            }
            CallRule moved = rule;
            for (IdRule& id : moved.ids) {
                id.index += id.index == kNoIndex ? 0 : skip + 1;
            }
            apply(call, moved, name.dotted);
            return;
        }
    }
}

bool CallReader::match(Ref call, const CallRule& rule, const std::vector<Name>& names) const {
    const Language language = call.unit->language;
    for (const Name& name : names) {
        if (!fits(rule.pattern, name.dotted)) {
            continue;
        }
        if (rule.packages.empty()) {
            return true;
        }
        const std::string first = first_part(name.dotted, language);
        // Only what was imported has a package; other names stand alone or behind
        // "?".
        const bool is_unknown = first == "?" || name.dotted.find('.') == std::string::npos;
        for (const std::string& package : rule.packages) {
            if (name.definition && is_in_folder(name.definition.unit->path, package)) {
                return true;
            }
            if (is_package(name.dotted, package, language)) {
                return true;
            }
            if (package == "?" && !name.definition && !rule.needs_package) {
                const bool is_instance = first == "?" || language == Language::JavaScript;
                if (is_unknown || is_instance) {
                    return true;
                }
            }
            if (is_unknown && !name.definition && language == Language::Python) {
                for (const Binding& star : call.unit->syntax.bindings(0, "*")) {
                    if (is_package(star.module, package, language)) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

// False where the call makes an untrained network: create_model("name", pretrained=False).
bool CallReader::loads(Ref call, const CallRule& rule) {
    if (rule.needs.empty()) {
        return true;
    }
    const Ref given = argument(call, rule.needs_index, rule.needs);
    if (!given) { // **options may say it
        for (NodeId arg = call.at().first; arg != kNoNode; arg = call.unit->syntax.at(arg).next) {
            if (call.unit->syntax.at(arg).kind == NodeKind::Star) {
                return true;
            }
        }
        return false;
    }
    return !(
        given.at().kind == NodeKind::Constant &&
        (given.at().text == "False" || given.at().text == "None")
    );
}

void CallReader::apply(Ref call, const CallRule& rule, const std::string& callee) {
    if (!loads(call, rule)) {
        return;
    }
    Sighting base;
    base.place = call.unit->place(call.at().offset);
    base.part = call.unit->part;
    base.found_by = short_name(callee);
    base.role = guess_role(*call.unit, ArtifactKind::Model);
    if (!rule.revision.empty()) {
        Ref given = argument(call, kNoIndex, rule.revision);
        if (!given && rule.revision_index != kNoIndex) {
            const Ref options = argument(call, rule.revision_index, {});
            const auto members =
                options ? values_.member_of(options, rule.revision) : std::vector<Ref>();
            given = members.empty() ? Ref{} : members.front();
        }
        if (given) {
            const auto texts = values_.texts(given);
            base.revision = texts.empty() ? std::string() : texts.front().text;
        }
    }
    if (!rule.kind_argument.empty()) {
        for (const Text& text : values_.texts(argument(call, kNoIndex, rule.kind_argument))) {
            base.kind = text.text == "dataset" ? ArtifactKind::Dataset
                        : text.text == "space" ? ArtifactKind::Space
                                               : base.kind;
        }
    }
    bool is_any = false;
    for (const IdRule& id : rule.ids) {
        is_any = apply_id(call, rule, id, base) || is_any;
    }
    if (!is_any && !rule.tasks.empty()) {
        apply_task(call, rule, base);
    }
}

// True when the argument was given.
bool CallReader::apply_id(Ref call, const CallRule& rule, const IdRule& id, const Sighting& base) {
    Sighting sighting = base;
    sighting.kind = id.kind.value_or(base.kind);
    sighting.catalogue = id.catalogue;
    sighting.component = id.component;
    sighting.role = id.role.value_or(guess_role(*call.unit, sighting.kind));
    Ref given;
    for (const std::string_view name : util::split(id.name, '|')) {
        given = given ? given : argument(call, id.index, name);
    }
    if (given && !id.path.empty()) {
        std::vector<Ref> members = {given};
        for (const std::string& key : id.path) {
            // { type: "dataset", name: "id" }
            for (const Ref member : key == "name" ? members : std::vector<Ref>()) {
                for (const Ref type : values_.member_of(member, "type")) {
                    const auto texts = values_.texts(type);
                    const std::string text = texts.empty() ? std::string() : texts.front().text;
                    sighting.kind = text == "dataset" ? ArtifactKind::Dataset
                                    : text == "space" ? ArtifactKind::Space
                                                      : sighting.kind;
                }
            }
            std::vector<Ref> next;
            for (const Ref member : members) {
                const auto found = values_.member_of(member, key);
                next.insert(next.end(), found.begin(), found.end());
            }
            members = std::move(next);
        }
        bool is_any = false;
        for (const Ref member : members) {
            is_any = see_texts(values_.texts(member), id, sighting) || is_any;
        }
        return is_any;
    }
    if (!given) {
        const bool has_default = !id.fallback.empty();
        if (has_default) {
            collector_.imply(sighting, {id.fallback, {}});
        }
        return has_default;
    }
    std::vector<Text> texts = values_.texts(given);
    if (!id.joined.empty()) {
        const auto tags = values_.texts(argument(call, id.joined_index, id.joined));
        std::vector<Text> whole;
        for (const Text& text : texts) {
            for (const Text& tag : tags) {
                whole.push_back({text.text + ':' + tag.text, text.origin, text.is_guessed});
            }
        }
        texts = whole.empty() ? texts : whole;
    }
    // A list of names: evaluate.combine(["a", "b"]).
    if (texts.empty()) {
        for (const Ref end : values_.ends(given)) {
            for (NodeId item = end.at().kind == NodeKind::List ? end.at().first : kNoNode;
                 item != kNoNode;
                 item = end.unit->syntax.at(item).next) {
                for (Text& text : values_.texts(end.with(item))) {
                    texts.push_back(std::move(text));
                }
            }
        }
    }
    if (texts.empty()) {
        const NodeKind kind = given.at().kind;
        const bool is_told = kind == NodeKind::Constant || kind == NodeKind::Unknown ||
                             kind == NodeKind::Number || kind == NodeKind::Function;
        if (!is_told && values_.ends(given).empty() && rule.ids.front().name == id.name) {
            collector_.unresolved(base.place, sighting.kind, base.found_by);
        }
        return kind != NodeKind::Constant;
    }
    see_texts(texts, id, sighting);
    return true;
}

bool CallReader::see_texts(const std::vector<Text>& texts, const IdRule&, Sighting sighting) {
    bool is_any = false;
    const Place call = sighting.place;
    for (const Text& text : texts) {
        sighting.text = text.text;
        sighting.place = text.origin ? text.origin.unit->place(text.origin.at().offset) : call;
        sighting.part = text.origin ? text.origin.unit->part : sighting.part;
        sighting.used_at = call;
        sighting.at_most = text.is_guessed ? Confidence::Medium : Confidence::High;
        // On the call's own line the id is the place; nothing is elsewhere.
        if (sighting.place.file == call.file && sighting.place.line == call.line &&
            sighting.place.cell == call.cell) {
            sighting.used_at = {};
        }
        is_any = collector_.see(sighting) || is_any;
    }
    return is_any;
}

void CallReader::apply_task(Ref call, const CallRule& rule, Sighting base) {
    const auto table = tables_.tasks.find(rule.tasks);
    if (table == tables_.tasks.end()) {
        return;
    }
    for (const Text& text : values_.texts(argument(call, 0, rule.task))) {
        std::string task = text.text;
        if (const auto alias = tables_.task_aliases.find(task);
            alias != tables_.task_aliases.end()) {
            task = alias->second;
        }
        task = task.starts_with("translation_") ? "translation" : task;
        if (const auto row = table->second.find(task); row != table->second.end()) {
            base.found_by = short_name(base.found_by) + " (" + text.text + ')';
            collector_.imply(base, row->second);
        }
    }
}

// subprocess.run(["vllm", "serve", "id"]), os.system("...").
void CallReader::read_command(Ref call, std::string_view callee) {
    static constexpr std::array<std::string_view, 11> kRunners = {
        "run",
        "Popen",
        "call",
        "check_call",
        "check_output",
        "system",
        "spawn",
        "exec",
        "execSync",
        "spawnSync",
        "create_subprocess_exec"};
    if (std::find(kRunners.begin(), kRunners.end(), callee) == kRunners.end()) {
        return;
    }
    const Ref first = argument(call, 0, "args");
    if (!first) {
        return;
    }
    std::vector<CommandWord> words;
    const auto add = [&](Ref piece) {
        const auto texts = values_.texts(piece);
        const std::string text = texts.size() == 1 ? texts.front().text : std::string();
        words.push_back({text, piece.unit->place(piece.at().offset)});
    };
    for (const Ref end : values_.ends(first)) {
        if (end.at().kind == NodeKind::List) {
            for (NodeId item = end.at().first; item != kNoNode;
                 item = end.unit->syntax.at(item).next) {
                add(end.with(item));
            }
        } else if (end.at().kind == NodeKind::String) {
            const Place place = end.unit->place(end.at().offset);
            for (CommandWord& word : split_command(end.at().text, place)) {
                words.push_back(std::move(word));
            }
        }
    }
    read_command_words(tables_, words, call.unit->part, collector_);
}

} // namespace railhub::scan
