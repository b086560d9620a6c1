// SPDX-License-Identifier: Apache-2.0
#include "core/scan/config.h"

#include "core/scan/document.h"
#include "core/scan/names.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
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
        Collector& collector,
        int depth = 0
    )
        : tables_(tables), entries_(entries), file_(file), place_of_(place_of),
          collector_(collector), depth_(depth) {
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
            if (entries_[i].is_key) {
                read_id_key(entries_[i]);
                continue;
            }
            read_key(entries_[i]);
            read_assignment(i);
            read_text(entries_[i]);
            read_embedded(entries_[i]);
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
               value.starts_with("{{") || value.find(':') != std::string_view::npos ||
               tables_.model_aliases.contains(value) || tables_.dataset_aliases.contains(value) ||
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
        KeyRule by_words;
        if (rule == nullptr && is_file_address(entry.value)) {
            by_words.is_strong = true;
            rule = &by_words;
        }
        if (rule == nullptr) {
            const auto kind = kind_by_keys(entry);
            if (!kind) {
                return;
            }
            by_words.kind = *kind;
            rule = &by_words;
        }
        if (!rule->is_strong && is_label(entry)) {
            return;
        }
        if (!rule->is_strong && is_written(key_of(entry, 0))) {
            return;
        }
        see(entry, *rule);
    }

    // Another key of the same table, near by.
    template <class Fits>
    [[nodiscard]] bool has_beside(const Entry& entry, Fits fits) const {
        constexpr std::ptrdiff_t kNear = 12;
        const std::ptrdiff_t at = &entry - entries_.data();
        const auto count = static_cast<std::ptrdiff_t>(entries_.size());
        for (const std::ptrdiff_t step : {-1, 1}) {
            for (std::ptrdiff_t i = at + step; i >= 0 && i < count && std::abs(i - at) <= kNear;
                 i += step) {
                const Entry& one = entries_[static_cast<std::size_t>(i)];
                const bool is_inside =
                    one.path.size() >= entry.path.size() &&
                    std::equal(entry.path.begin(), entry.path.end() - 1, one.path.begin());
                if (!is_inside || one.path.back() == entry.path.back()) {
                    break; // another table, or the next item of the list
                }
                if (one.path.size() == entry.path.size() && fits(one)) {
                    return true;
                }
            }
        }
        return false;
    }

    // {"name": "Light/fc", "url": "https://..."}: what people call it, where the same table says
    // from where it is loaded. {"repository": "acme/server", "tag": "latest"}: an image of a
    // container.
    [[nodiscard]] bool is_label(const Entry& entry) const {
        const std::string key = key_of(entry, 0);
        if (key == "name" || key == "title" || key == "label") {
            return has_beside(entry, [](const Entry& one) {
                return one.value.starts_with("http");
            });
        }
        if (key != "repository" && key != "repo") {
            return false;
        }
        const std::string parent = key_of(entry, 1);
        return parent == "image" || parent == "container" ||
               has_beside(entry, [](const Entry& one) {
                   const std::string other = util::lower(one.path.back());
                   return other == "tag" || other == "pullpolicy" || other == "imagepullpolicy" ||
                          other == "digest" || other == "registry";
               });
    }

    // hub_model_id, output_model: what the program makes.
    static bool is_written(std::string_view key) {
        static constexpr std::array<std::string_view, 5> kBeginnings = {
            "hub_", "push_", "output_", "save_", "upload_"};
        return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view begin) {
            return key.starts_with(begin);
        });
    }

    // What the key says by its words; a general one, what the tables it stands in say.
    [[nodiscard]] std::optional<ArtifactKind> kind_by_keys(const Entry& entry) const {
        static constexpr std::array<std::string_view, 10> kGeneral = {
            "id",
            "name",
            "path",
            "repo",
            "repository",
            "hf_id",
            "name_or_path",
            "src",
            "source",
            "uri"};
        constexpr std::size_t kHighest = 3;
        for (std::size_t above = 0; above <= kHighest && above < entry.path.size(); ++above) {
            const std::string& key = entry.path[entry.path.size() - 1 - above];
            if (const auto kind = kind_by_name(tables_.names, key); kind) {
                return kind;
            }
            const std::string low = util::lower(key);
            if (above == 0 && std::find(kGeneral.begin(), kGeneral.end(), low) == kGeneral.end()) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

    // dataset_mixer: {"owner/name": 0.5}
    void read_id_key(const Entry& entry) {
        const auto kind =
            entry.path.empty() ? std::nullopt : kind_by_name(tables_.names, entry.path.back());
        if (kind && !is_written(key_of(entry, 0))) {
            KeyRule rule;
            rule.kind = *kind;
            see(entry, rule);
        }
    }

    void see(const Entry& entry, const KeyRule& rule) {
        Sighting one;
        one.place = place_of_(entry.offset);
        one.text = plain(entry.value);
        one.kind = rule.kind;
        one.catalogue = !rule.catalogue.empty() ? rule.catalogue
                        : rule.takes_bare       ? "transformers"
                                                : "";
        one.evidence = rule.is_strong ? Evidence::Call : Evidence::Key;
        one.at_most = rule.is_strong ? Confidence::High : Confidence::Medium;
        one.role = file_.style == DocumentStyle::Card ? Role::Metadata : role_of(rule);
        one.part = file_.part;
        one.component = rule.component;
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
            parent.starts_with("env") || parent.ends_with("env") || parent == "args" ||
            parent == "variables" || (parent == "data" && keys_.contains("apiVersion")) ||
            parent == "extraenvvars" || (!entry.path.empty() && is_shouted(entry.path.back()));
        if (is_environment && !entry.path.empty()) {
            variable(entry.path.back(), entry.value, entry.offset);
        }
        if (key == "value" && index > 0 && key_of(entries_[index - 1], 0) == "name" &&
            entries_[index - 1].path.size() == entry.path.size()) {
            variable(entries_[index - 1].value, entry.value, entry.offset);
        }
    }

    // As variables of the environment are written: TASK_MODEL.
    static bool is_shouted(std::string_view key) {
        return key.size() > 3 && key.front() >= 'A' && key.front() <= 'Z' &&
               key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                   std::string_view::npos;
    }

    void variable(std::string_view name, std::string_view value, std::size_t offset) {
        read_variable(tables_, name, plain(value), place_of_(offset), file_.part, collector_);
    }

    // A word of the key: train_command, vllm_args.
    static bool says_command(std::string_view key) {
        static constexpr std::array<std::string_view, 15> kWords = {
            "cmd",
            "command",
            "commands",
            "args",
            "arguments",
            "run",
            "script",
            "scripts",
            "exec",
            "entrypoint",
            "start",
            "launch",
            "flags",
            "serve",
            "opts"};
        const auto words = util::split(key, '_');
        return std::any_of(words.begin(), words.end(), [](std::string_view word) {
            return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
        });
    }

    // A value that is JSON itself, as variables of the environment hold it.
    void read_embedded(const Entry& entry) {
        constexpr int kDeepest = 2;
        const std::size_t begin = entry.value.find_first_not_of(" \t\r\n");
        if (depth_ >= kDeepest || begin == std::string::npos ||
            entry.value.find('/') == std::string::npos ||
            (entry.value[begin] != '{' && entry.value[begin] != '[') ||
            entry.value.compare(begin, 2, "{{") == 0) {
            return;
        }
        std::vector<Entry> inner = read_json_entries(std::string_view(entry.value).substr(begin));
        for (Entry& one : inner) {
            one.path.insert(one.path.begin(), entry.path.begin(), entry.path.end());
        }
        const PlaceOf place_of = [&](std::size_t at) {
            return place_of_(entry.offset + begin + at);
        };
        ConfigReader(tables_, inner, file_, place_of, collector_, depth_ + 1).read();
    }

    // Commands in a text: command:, run:, script:.
    void read_text(const Entry& entry) {
        const bool is_command = says_command(key_of(entry, 0)) || entry.value.starts_with("--");
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
            if (entry.list == 0 || entry.is_key) {
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
    int depth_ = 0; // of documents in documents
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
