// SPDX-License-Identifier: Apache-2.0
#include "core/scan/commands.h"

#include "core/scan/characters.h"
#include "core/scan/names.h"
#include "core/util/text.h"

#include <algorithm>
#include <map>

namespace railhub::scan {

namespace {

class CommandSplitter {
  public:
    CommandSplitter(std::string_view text, const PlaceOf& place_of)
        : text_(text), place_of_(place_of) {}

    std::vector<CommandWord> run() {
        while (at_ < text_.size()) {
            step();
        }
        flush();
        return std::move(words_);
    }

  private:
    void step() {
        const char ch = text_[at_];
        if (ch == '\\') {
            escape();
        } else if (ch == '\'' || ch == '"') {
            quoted(ch);
        } else if (ch == '#' && !has_word_) {
            while (at_ < text_.size() && text_[at_] != '\n') {
                ++at_;
            }
        } else if (ch == '<' && text_.compare(at_, 2, "<<") == 0 && is_shown()) {
            skip_shown();
        } else if (ch == '\n' || ch == ';' || ch == '|' || ch == '&') {
            flush();
            words_.push_back({{}, {}, true});
            ++at_;
        } else if (ch == ' ' || ch == '\t' || ch == '\r') {
            flush();
            ++at_;
        } else if (ch == '$') {
            dollar();
        } else {
            add(ch);
            ++at_;
        }
    }

    // cat <<EOF without a file: a text that is shown to people.
    [[nodiscard]] bool is_shown() const {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        const std::size_t begin = at_ == 0 ? 0 : text_.rfind('\n', at_ - 1) + 1;
        const std::string_view line = util::trim(text_.substr(begin, end - begin));
        return line.starts_with("cat ") && line.find('>') == std::string_view::npos &&
               line.find('|') == std::string_view::npos;
    }

    // On to the line that is the word behind <<.
    void skip_shown() {
        std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view word = util::trim(text_.substr(at_ + 2, end - at_ - 2));
        word.remove_prefix(word.starts_with('-') ? 1 : 0);
        if (word.size() > 1 && (word.front() == '\'' || word.front() == '"')) {
            word = word.substr(1, word.size() - 2);
        }
        while (end < text_.size()) {
            const std::size_t begin = end + 1;
            end = std::min(text_.find('\n', begin), text_.size());
            if (util::trim(text_.substr(begin, end - begin)) == word) {
                break;
            }
        }
        at_ = std::min(end, text_.size());
    }

    void add(char ch) {
        if (!has_word_) {
            begin_ = at_;
            has_word_ = true;
        }
        word_ += ch;
    }

    void open_word() {
        if (!has_word_) {
            begin_ = at_;
            has_word_ = true;
        }
    }

    void flush() {
        if (has_word_) {
            words_.push_back({std::move(word_), place_of_(begin_), false});
        }
        word_.clear();
        has_word_ = false;
    }

    void escape() {
        ++at_;
        if (at_ >= text_.size()) {
            return;
        }
        if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
            ++at_;
        }
        if (text_[at_] == '\n') {
            flush(); // the command goes on in the next line
        } else {
            add(text_[at_]);
        }
        ++at_;
    }

    void quoted(char quote) {
        const std::size_t close = text_.find(quote, at_ + 1);
        if (close == std::string_view::npos) {
            ++at_; // an apostrophe
            return;
        }
        const std::size_t begin = at_;
        open_word();
        begin_ = word_.empty() ? begin : begin_;
        ++at_;
        while (at_ < close) {
            if (text_[at_] == '$' && quote == '"') {
                dollar();
            } else {
                word_ += text_[at_++];
            }
        }
        at_ = std::max(at_, close) + 1;
    }

    // ${NAME:-default} and ${NAME-default}; else as written.
    void dollar() {
        open_word();
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '{') {
            word_ += text_[at_++];
            return;
        }
        const std::size_t close = text_.find('}', at_);
        if (close == std::string_view::npos) {
            word_ += text_[at_++];
            return;
        }
        const std::string_view inside = text_.substr(at_ + 2, close - at_ - 2);
        const std::size_t dash = inside.find('-');
        if (dash != std::string_view::npos) {
            word_ += inside.substr(dash + 1);
        } else {
            word_ += '$';
            word_ += inside;
        }
        at_ = close + 1;
    }

    std::string_view text_;
    const PlaceOf& place_of_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    bool has_word_ = false;
    std::string word_;
    std::vector<CommandWord> words_;
};

std::string_view base_name(std::string_view path) {
    return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
}

bool is_variable_name(std::string_view name) {
    return !name.empty() && is_word_start(name.front()) &&
           std::all_of(name.begin(), name.end(), is_word);
}

// Reads one command at a time; remembers what was assigned.
class CommandReader {
  public:
    CommandReader(const Tables& tables, Part part, Collector& collector)
        : tables_(tables), part_(part), collector_(collector) {}

    void read(const std::vector<CommandWord>& words) {
        std::vector<CommandWord> command;
        for (const CommandWord& word : words) {
            if (is_of_array(word)) {
                continue;
            }
            if (word.is_end) {
                read_one(command);
                command.clear();
            } else {
                command.push_back(known(word));
            }
        }
        read_one(command);
    }

  private:
    // NAME=( "one" "two" ): the elements go by the array's name. They may fill many lines.
    bool is_of_array(const CommandWord& word) {
        std::string_view text = word.text;
        const std::size_t open = text.find("=(");
        if (array_.empty()) {
            const std::string_view name = text.substr(0, open);
            if (open == std::string_view::npos || !is_variable_name(name)) {
                return false;
            }
            array_ = name;
            text.remove_prefix(open + 2);
        }
        const std::string name = array_;
        if (text.ends_with(')')) {
            text.remove_suffix(1);
            array_.clear();
        }
        if (!text.empty()) {
            read_variable(tables_, name, text, word.place, part_, collector_);
        }
        return true;
    }

    // $NAME where it was assigned before.
    CommandWord known(const CommandWord& word) {
        if (word.text.size() > 1 && word.text.front() == '$') {
            const auto found = variables_.find(word.text.substr(1));
            return found == variables_.end() ? word : found->second;
        }
        const std::size_t equals = word.text.find('=');
        if (equals == std::string::npos) {
            return word;
        }
        const std::string name = word.text.substr(0, equals);
        std::string value = word.text.substr(equals + 1);
        if (value.size() > 1 && value.front() == '$' && variables_.contains(value.substr(1))) {
            CommandWord out = variables_[value.substr(1)];
            out.text.insert(0, name + '=');
            return out;
        }
        if (is_variable_name(name)) {
            variables_[name] = {value, word.place, false};
            if (is_file_address(value)) {
                Sighting base;
                base.part = part_;
                base.found_by = "address";
                see({value, word.place, false}, {}, base);
            } else {
                read_variable(tables_, name, value, word.place, part_, collector_);
            }
        }
        return word;
    }

    void read_one(const std::vector<CommandWord>& words) {
        if (words.empty()) {
            return;
        }
        // ENV NAME value and ARG NAME value of a Dockerfile.
        if (words.size() >= 3 && words[0].text == "ENV" &&
            words[1].text.find('=') == std::string::npos) {
            read_variable(tables_, words[1].text, words[2].text, words[2].place, part_, collector_);
            variables_[words[1].text] = words[2];
        }
        // for MODEL in one two
        if (words.size() > 3 && words[0].text == "for" && words[2].text == "in") {
            for (std::size_t i = 3; i < words.size(); ++i) {
                read_variable(
                    tables_, words[1].text, words[i].text, words[i].place, part_, collector_
                );
            }
        }
        bool is_known = false;
        for (std::size_t i = 0; i < words.size() && !is_known; ++i) {
            const std::string_view name = base_name(words[i].text);
            const char first = name.empty() ? '\0' : name.front();
            for (const CommandRule& rule : tables_.commands) {
                const char wanted = rule.program.front();
                if ((wanted == first || wanted == '*') && begins(words, i, rule)) {
                    read_known(words, i + 1 + rule.words.size(), rule);
                    is_known = true;
                    break;
                }
            }
        }
        for (std::size_t i = 0; i < words.size(); ++i) {
            // wget https://.../owner/name/resolve/main/model.bin
            if (is_file_address(words[i].text)) {
                Sighting base;
                base.part = part_;
                base.found_by = "address";
                see(words[i], {}, base);
            }
            read_flag(
                words,
                i,
                tables_.flags,
                words.front().text,
                is_known ? Evidence::Call : Evidence::Key,
                {}
            );
        }
    }

    static bool
    begins(const std::vector<CommandWord>& words, std::size_t at, const CommandRule& rule) {
        if (!util::glob_match(rule.program, base_name(words[at].text)) ||
            at + rule.words.size() >= words.size()) {
            return false;
        }
        for (std::size_t i = 0; i < rule.words.size(); ++i) {
            if (!util::glob_match(rule.words[i], words[at + 1 + i].text)) {
                return false;
            }
        }
        return true;
    }

    void
    read_known(const std::vector<CommandWord>& words, std::size_t from, const CommandRule& rule) {
        Sighting base;
        base.part = part_;
        base.found_by = rule.program.substr(0, rule.program.find('*'));
        for (const std::string& word : rule.words) {
            base.found_by += word == "-m" ? "" : ' ' + word;
        }
        for (std::size_t i = from; i + 1 < words.size(); ++i) {
            if (!rule.revision.empty() && words[i].text == rule.revision) {
                base.revision = words[i + 1].text;
            }
            if (!rule.kind_flag.empty() && words[i].text == rule.kind_flag) {
                base.kind = words[i + 1].text == "dataset" ? ArtifactKind::Dataset
                            : words[i + 1].text == "space" ? ArtifactKind::Space
                                                           : ArtifactKind::Model;
            }
            if (words[i].text == "--repo-type=dataset") {
                base.kind = ArtifactKind::Dataset;
            }
        }
        std::size_t place = 0;
        for (std::size_t i = from; i < words.size(); ++i) {
            if (words[i].text.starts_with('-')) {
                read_flag(words, i, rule.flags, base.found_by, Evidence::Call, base.revision);
                // Most flags take a value; one that does not is followed by another
                // flag.
                const bool is_known =
                    words[i].text == rule.revision || words[i].text == rule.kind_flag ||
                    words[i].text == "--local-dir" || words[i].text == "--include" ||
                    words[i].text == "--cache-dir" || words[i].text == "--token";
                const bool has_value =
                    words[i].text.find('=') == std::string::npos && i + 1 < words.size() &&
                    !words[i + 1].text.starts_with('-') && (place > 0 || is_known);
                i += has_value ? 1 : 0;
                continue;
            }
            for (const IdRule& operand : rule.operands) {
                if (operand.index == place) {
                    see(words[i], operand, base);
                }
            }
            ++place;
        }
    }

    void see(const CommandWord& word, const IdRule& rule, Sighting sighting) {
        sighting.place = word.place;
        sighting.text = word.text;
        sighting.kind = rule.kind.value_or(sighting.kind);
        sighting.role = rule.role.value_or(sighting.role);
        sighting.catalogue = rule.catalogue;
        collector_.see(sighting);
    }

    void read_flag(
        const std::vector<CommandWord>& words,
        std::size_t at,
        const std::vector<IdRule>& flags,
        const std::string& program,
        Evidence evidence,
        const std::string& revision
    ) {
        const std::string_view text = words[at].text;
        if (!text.starts_with('-')) {
            return;
        }
        const std::string_view name = text.substr(0, text.find('='));
        const auto rule = std::find_if(flags.begin(), flags.end(), [&](const IdRule& one) {
            return util::glob_match(one.name, name);
        });
        IdRule by_name;
        if (rule == flags.end()) {
            // A flag of any program says by its words what its value is.
            by_name.kind =
                &flags == &tables_.flags ? kind_by_name(tables_.names, name) : std::nullopt;
            if (!by_name.kind) {
                return;
            }
        }
        CommandWord value = words[at];
        if (name.size() < text.size()) {
            value.text = text.substr(name.size() + 1);
        } else if (at + 1 < words.size()) {
            value = words[at + 1];
        } else {
            return;
        }
        Sighting sighting;
        sighting.part = part_;
        sighting.evidence = rule == flags.end() ? Evidence::Key : evidence;
        sighting.revision = revision;
        sighting.found_by = program.starts_with('-')
                                ? std::string(name)
                                : std::string(base_name(program)) + ' ' + std::string(name);
        if (value.text.starts_with('$') && variables_.contains(value.text.substr(1))) {
            value = variables_[value.text.substr(1)];
        }
        const IdRule& said = rule == flags.end() ? by_name : *rule;
        if (said.catalogue == "pairs") {
            see(value, said, sighting);
            return;
        }
        // --models one,two
        for (const std::string_view part : util::split(value.text, ',')) {
            see({std::string(part), value.place, false}, said, sighting);
        }
    }

    const Tables& tables_;
    Part part_;
    Collector& collector_;
    std::map<std::string, CommandWord, std::less<>> variables_;
    std::string array_; // the one that is being read; empty: none
};

bool is_spacy_package(std::string_view name) {
    return name.size() > 6 && name[2] == '_' &&
           (name.ends_with("_sm") || name.ends_with("_md") || name.ends_with("_lg") ||
            name.ends_with("_trf")) &&
           std::count(name.begin(), name.end(), '_') >= 3;
}

Sighting
spacy_sighting(std::string_view name, std::string_view version, const Place& place, Part part) {
    Sighting out;
    out.place = place;
    out.text = name;
    out.part = part;
    out.revision = version;
    out.catalogue = "spacy";
    out.found_by = "requirement";
    return out;
}

} // namespace

std::vector<CommandWord> split_command(std::string_view text, const PlaceOf& place_of) {
    return CommandSplitter(text, place_of).run();
}

std::vector<CommandWord> split_command(std::string_view text, const Place& place) {
    return split_command(text, [&](std::size_t) { return place; });
}

void read_command_words(
    const Tables& tables, const std::vector<CommandWord>& words, Part part, Collector& collector
) {
    CommandReader(tables, part, collector).read(words);
}

void read_variable(
    const Tables& tables,
    std::string_view name,
    std::string_view value,
    const Place& place,
    Part part,
    Collector& collector
) {
    const auto kind = kind_by_name(tables.names, name);
    const bool is_known = tables.variables.contains(name);
    if (!kind && !is_known) {
        return;
    }
    Sighting sighting;
    sighting.place = place;
    sighting.text = value;
    sighting.kind = kind.value_or(ArtifactKind::Model);
    sighting.part = part;
    sighting.evidence = Evidence::Key;
    sighting.found_by = name;
    sighting.catalogue = is_known ? "transformers" : "";
    collector.see(sighting);
}

void read_requirements(
    std::string_view text, const PlaceOf& place_of, Part part, Collector& collector
) {
    constexpr std::string_view kReleases = "spacy-models/releases/download/";
    for (std::size_t at = text.find(kReleases); at != std::string_view::npos;
         at = text.find(kReleases, at + 1)) {
        const std::size_t begin = at + kReleases.size();
        const std::string_view tail =
            text.substr(begin, text.find_first_of("/ \n\"'", begin) - begin);
        const std::size_t dash = tail.rfind('-');
        if (dash != std::string_view::npos && is_spacy_package(tail.substr(0, dash))) {
            Sighting one =
                spacy_sighting(tail.substr(0, dash), tail.substr(dash + 1), place_of(begin), part);
            one.is_release = true;
            one.found_by = "spacy-models release";
            collector.see(one);
        }
    }
    std::size_t begin = 0;
    for (const std::string_view line : util::split(text, '\n')) {
        const std::size_t first = line.find_first_not_of(" \t-\"'");
        if (first != std::string_view::npos &&
            line.find("spacy-models/") == std::string_view::npos) {
            const std::string_view rest = line.substr(first);
            std::string name(rest.substr(0, rest.find_first_of("=<>~!@ ;[\"'\r,")));
            std::replace(name.begin(), name.end(), '-', '_');
            if (is_spacy_package(name)) {
                const std::size_t equals = rest.find("==");
                const std::string_view version =
                    equals == std::string_view::npos
                        ? std::string_view()
                        : rest.substr(
                              equals + 2, rest.find_first_of(" ;\"'\r,", equals + 2) - equals - 2
                          );
                collector.see(spacy_sighting(name, version, place_of(begin + first), part));
            }
        }
        begin += line.size() + 1;
    }
}

void read_modelfile(
    std::string_view text, const PlaceOf& place_of, Part part, Collector& collector
) {
    std::size_t begin = 0;
    for (const std::string_view line : util::split(text, '\n')) {
        const std::size_t blank = line.find(' ');
        const std::string word = util::lower(line.substr(0, blank));
        if (blank != std::string_view::npos && (word == "from" || word == "adapter")) {
            const std::string_view value = util::trim(line.substr(blank));
            const bool is_file = value.find('/') != std::string_view::npos &&
                                 (value.ends_with(".gguf") || value.ends_with(".bin") ||
                                  value.ends_with(".safetensors"));
            if (!is_file && !value.ends_with(".gguf")) {
                Sighting one;
                one.place = place_of(begin + line.find(value));
                one.text = value;
                one.part = part;
                one.catalogue = "ollama";
                one.role = word == "from" ? Role::Runtime : Role::Adapter;
                one.found_by = word == "from" ? "FROM" : "ADAPTER";
                collector.see(one);
            }
        }
        begin += line.size() + 1;
    }
}

} // namespace railhub::scan
