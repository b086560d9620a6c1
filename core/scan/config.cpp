// SPDX-License-Identifier: Apache-2.0
#include "core/scan/config.h"

#include "core/scan/calls.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::scan {

namespace {

class ConfigReader {
  public:
    ConfigReader(
        const Tables& tables,
        const std::vector<Entry>& entries,
        const DocumentFile& file,
        const PlaceOf& place_of,
        Collector& collector
    )
        : tables_(tables), entries_(entries), file_(file), place_of_(place_of),
          collector_(collector) {
        for (const Entry& entry : entries) {
            keys_.insert(entry.path.begin(), entry.path.end());
        }
        const std::string low = util::lower(file.path);
        is_training_ = low.find("train") != std::string::npos ||
                       low.find("finetun") != std::string::npos ||
                       low.find("sft") != std::string::npos ||
                       low.find("dpo") != std::string::npos || keys_.contains("learning_rate") ||
                       keys_.contains("num_train_epochs") || keys_.contains("num_epochs");
        is_evaluation_ =
            low.find("eval") != std::string::npos || low.find("tasks/") != std::string::npos;
    }

    void read() {
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            read_key(entries_[i]);
            read_assignment(i);
            read_text(entries_[i]);
        }
        read_lists();
    }

  private:
    [[nodiscard]] static std::string key_of(const Entry& entry, std::size_t above) {
        return entry.path.size() > above ? util::lower(entry.path[entry.path.size() - 1 - above])
                                         : std::string();
    }

    static bool fits_any(const std::string& globs, const std::string& text) {
        for (const std::string_view glob : util::split(globs, '|')) {
            if (util::glob_match(glob, text)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool has_sibling(const std::string& wanted) const {
        for (const std::string_view key : util::split(wanted, '|')) {
            if (keys_.contains(key)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] const KeyRule* rule_for(const Entry& entry) const {
        const std::string key = key_of(entry, 0);
        const std::string parent = key_of(entry, 1);
        for (const KeyRule& rule : tables_.keys) {
            const bool is_key = std::any_of(
                rule.patterns.begin(),
                rule.patterns.end(),
                [&](const std::string& pattern) { return util::glob_match(pattern, key); }
            );
            if (is_key && (rule.parent.empty() || fits_any(rule.parent, parent)) &&
                (rule.sibling.empty() || has_sibling(rule.sibling)) &&
                (rule.unless.empty() || !has_sibling(rule.unless))) {
                return &rule;
            }
        }
        return nullptr;
    }

    // The cheap question first: most values are numbers, words and switches.
    [[nodiscard]] bool may_be_id(std::string_view value) const {
        static constexpr std::array<std::string_view, 5> kSizes = {
            "_sm", "_md", "_lg", "_xl", "_trf"}; // spaCy's pipelines
        return value.find('/') != std::string_view::npos || value.starts_with('$') ||
               value.starts_with("{{") || tables_.model_aliases.contains(value) ||
               tables_.dataset_aliases.contains(value) ||
               std::any_of(kSizes.begin(), kSizes.end(), [&](std::string_view size) {
                   return value.ends_with(size);
               });
    }

    // The default in ${NAME:-default}, ${oc.env:NAME,default} and {{ x | default
    // "id" }}.
    static std::string_view plain(std::string_view value) {
        if (value.starts_with("${") && value.ends_with('}')) {
            const std::size_t dash = value.find(":-");
            const std::size_t comma = value.find(',');
            const std::size_t from = dash != std::string_view::npos ? dash + 2 : comma + 1;
            return from == 0 ? value : util::trim(value.substr(from, value.size() - 1 - from));
        }
        if (value.starts_with("{{") && value.find("default") != std::string_view::npos) {
            const std::size_t open = value.find('"');
            const std::size_t close = value.rfind('"');
            return close > open ? value.substr(open + 1, close - open - 1) : value;
        }
        return value;
    }

    [[nodiscard]] Role role_of(const KeyRule& rule) const {
        if (rule.role) {
            const bool is_default = *rule.role == Role::Training && is_evaluation_ && !is_training_;
            return is_default ? Role::Evaluation : *rule.role;
        }
        return is_training_ ? Role::Training : is_evaluation_ ? Role::Evaluation : Role::Runtime;
    }

    void read_key(const Entry& entry) {
        if (entry.path.empty() || entry.value.size() > 300 || !may_be_id(entry.value)) {
            return;
        }
        const KeyRule* rule = rule_for(entry);
        if (rule == nullptr) {
            return;
        }
        Sighting one;
        one.place = place_of_(entry.offset);
        one.text = plain(entry.value);
        one.kind = rule->kind;
        one.catalogue = !rule->catalogue.empty() ? rule->catalogue
                        : rule->takes_bare       ? "transformers"
                                                 : "";
        one.evidence = rule->is_strong ? Evidence::Call : Evidence::Key;
        one.at_most = rule->is_strong ? Confidence::High : Confidence::Medium;
        one.role = file_.style == DocumentStyle::Card ? Role::Metadata : role_of(*rule);
        one.part = file_.part;
        one.component = rule->component;
        one.found_by = util::join(entry.path, ".");
        one.revision = revision_beside(entry);
        collector_.see(one);
    }

    // "revision" in the same table.
    [[nodiscard]] std::string revision_beside(const Entry& entry) const {
        static constexpr std::array<std::string_view, 4> kNames = {
            "revision", "model_revision", "model_commit", "commit_hash"};
        for (const Entry& other : entries_) {
            if (other.path.size() == entry.path.size() && !other.path.empty() &&
                std::equal(other.path.begin(), other.path.end() - 1, entry.path.begin()) &&
                std::find(kNames.begin(), kNames.end(), util::lower(other.path.back())) !=
                    kNames.end() &&
                other.value != "null" && other.value != "main") {
                return other.value;
            }
        }
        return {};
    }

    // NAME=value items, NAME: value below env, and name/value pairs of a pod.
    void read_assignment(std::size_t index) {
        const Entry& entry = entries_[index];
        const std::string key = key_of(entry, 0);
        const std::size_t equals = entry.value.find('=');
        if (entry.list != 0 && equals != std::string::npos &&
            entry.value.find(' ') == std::string::npos) {
            variable(entry.value.substr(0, equals), entry.value.substr(equals + 1), entry.offset);
        }
        const std::string parent = key_of(entry, 1);
        const bool is_environment =
            parent == "env" || parent == "environment" || parent == "environ" || parent == "args" ||
            parent == "variables" || parent == "env_vars" ||
            (parent == "data" && keys_.contains("apiVersion")) || parent == "extraenvvars";
        if (is_environment && !entry.path.empty()) {
            variable(entry.path.back(), entry.value, entry.offset);
        }
        if (key == "value" && index > 0 && key_of(entries_[index - 1], 0) == "name" &&
            entries_[index - 1].path.size() == entry.path.size()) {
            variable(entries_[index - 1].value, entry.value, entry.offset);
        }
    }

    void variable(std::string_view name, std::string_view value, std::size_t offset) {
        read_variable(tables_, name, plain(value), place_of_(offset), file_.part, collector_);
    }

    // Commands in a text: command:, run:, script:.
    void read_text(const Entry& entry) {
        static constexpr std::array<std::string_view, 10> kKeys = {
            "command",
            "run",
            "script",
            "cmd",
            "entrypoint",
            "args",
            "before_script",
            "commands",
            "launch_command",
            "start"};
        const std::string key = key_of(entry, 0);
        const bool is_command = std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
        if (!is_command || entry.value.find(' ') == std::string::npos) {
            return;
        }
        // A folded text is one command; its lines are its words.
        std::string text = entry.value;
        const std::string_view line = util::trim(text);
        if (line.starts_with('-')) {
            std::replace(text.begin(), text.end(), '\n', ' ');
        }
        const auto words =
            split_command(text, [&](std::size_t at) { return place_of_(entry.offset + at); });
        read_command_words(tables_, words, file_.part, collector_);
    }

    // ["--model", "id"]: the items of a list are words of one command.
    void read_lists() {
        std::vector<CommandWord> words;
        std::uint32_t list = 0;
        const auto flush = [&] {
            if (words.size() > 1 || (words.size() == 1 && words.front().text.starts_with("--"))) {
                read_command_words(tables_, words, file_.part, collector_);
            }
            words.clear();
        };
        for (const Entry& entry : entries_) {
            if (entry.list == 0) {
                continue;
            }
            if (entry.list != list) {
                flush();
                list = entry.list;
            }
            // Items with blanks are commands themselves (scripts of a pipeline).
            if (entry.value.find(' ') == std::string::npos) {
                words.push_back({entry.value, place_of_(entry.offset), false});
            } else if (!entry.path.empty()) {
                for (CommandWord& word : split_command(entry.value, place_of_(entry.offset))) {
                    words.push_back(std::move(word));
                }
                words.push_back({{}, {}, true});
            }
        }
        flush();
    }

    const Tables& tables_;
    const std::vector<Entry>& entries_;
    const DocumentFile& file_;
    const PlaceOf& place_of_;
    Collector& collector_;
    std::set<std::string, std::less<>> keys_;
    bool is_training_ = false;
    bool is_evaluation_ = false;
};

} // namespace

void read_config(
    const Tables& tables,
    const std::vector<Entry>& entries,
    const DocumentFile& file,
    const PlaceOf& place_of,
    Collector& collector
) {
    ConfigReader(tables, entries, file, place_of, collector).read();
}

} // namespace railhub::scan
