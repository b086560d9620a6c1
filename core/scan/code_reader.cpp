// SPDX-License-Identifier: Apache-2.0
#include "core/scan/code_reader.h"

#include "core/scan/code_lexer.h"
#include "core/scan/names.h"
#include "core/scan/role.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kNone = CodeToken::kNoOne;
constexpr int kMaxClimb = 12;
constexpr int kLongestChain = 64;              // calls on one another, attributes
constexpr std::size_t kLongestStatement = 400; // tokens

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What keeps its argument as it is.
bool is_wrapper(std::string_view word) {
    static constexpr std::array<std::string_view, 34> kWords = {
        "from",     "Some",      "Ok",       "of",        "ofNullable", "asList", "listOf",
        "arrayOf",  "vec",       "List",     "Arrays",    "String",     "string", "Cow",
        "Borrowed", "to_string", "into",     "new",       "Just",       "Array",  "setOf",
        "Set",      "mapOf",     "Map",      "entry",     "Entry",      "pair",   "Pair",
        "std",      "String8",   "optional", "make_pair", "concat",     "c"};
    return is_one_of(kWords, word);
}

// Gives its argument where there is nothing else: model.unwrap_or_else(|| "owner/name").
bool is_fallback(std::string_view word) {
    static constexpr std::array<std::string_view, 12> kWords = {
        "unwrap_or",
        "unwrap_or_else",
        "map_or",
        "map_or_else",
        "or_else",
        "ok_or",
        "orElse",
        "orElseGet",
        "getOrElse",
        "Coalesce",
        "cond_or",
        "GetValueOrDefault"};
    return is_one_of(kWords, word);
}

bool is_import(std::string_view word) {
    static constexpr std::array<std::string_view, 8> kWords = {
        "import", "use", "using", "require", "include", "package", "require_relative", "load"};
    return is_one_of(kWords, word);
}

bool is_control(std::string_view word) {
    static constexpr std::array<std::string_view, 16> kWords = {
        "match",
        "switch",
        "if",
        "else",
        "when",
        "for",
        "while",
        "try",
        "case",
        "default",
        "loop",
        "unless",
        "do",
        "catch",
        "async",
        "unsafe"};
    return is_one_of(kWords, word);
}

bool is_function(std::string_view word) {
    static constexpr std::array<std::string_view, 5> kWords = {
        "fn", "func", "fun", "def", "function"};
    return is_one_of(kWords, word);
}

// Keys under which anything may stand.
bool is_general(std::string_view word) {
    static constexpr std::array<std::string_view, 32> kWords = {
        "str",        "s",          "text",          "res",
        "result",     "string",     "out",           "v",
        "id",         "name",       "path",          "repo",
        "repository", "default",    "default_value", "value",
        "uri",        "source",     "src",           "code",
        "hf",         "ref",        "key",           "slug",
        "url",        "identifier", "defaultValue",  "repo_id",
        "repoId",     "hf_repo",    "title",         "default_value_t"};
    return is_one_of(kWords, word);
}

class CodeReader {
  public:
    CodeReader(
        const Tables& tables,
        std::string_view path,
        std::string_view text,
        const PlaceOf& place_of,
        Collector& collector
    )
        : tables_(tables), path_(path), text_(text), place_of_(place_of), collector_(collector),
          tokens_(lex_code(text, code_family_of(path))) {
        static constexpr std::array<std::string_view, 5> kHub = {
            "hf_hub", "hf-hub", "huggingface", "HuggingFace", "hf.co/"};
        is_hub_file_ = std::any_of(kHub.begin(), kHub.end(), [&](std::string_view word) {
            return text.find(word) != std::string_view::npos;
        });
        static constexpr std::array<std::string_view, 6> kServices = {
            "openrouter.ai",
            "api.groq.com",
            "integrate.api.nvidia.com",
            "api.together.xyz",
            "api.fireworks.ai",
            "api.deepinfra.com"};
        is_service_file_ =
            !is_hub_file_ &&
            std::any_of(kServices.begin(), kServices.end(), [&](std::string_view host) {
                return text.find(host) != std::string_view::npos;
            });
    }

    void read() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (tokens_[i].kind == CodeTokenKind::Text) {
                see(i);
            }
        }
    }

  private:
    enum class Verdict : std::uint8_t { Unknown, Yes, No };

    struct Meaning {
        Verdict verdict = Verdict::Unknown;
        ArtifactKind kind = ArtifactKind::Model;
        std::string_view name = {};
    };

    [[nodiscard]] bool is_word(std::size_t at) const {
        return at < tokens_.size() && tokens_[at].kind == CodeTokenKind::Word;
    }

    [[nodiscard]] bool is_sign(std::size_t at, std::string_view text) const {
        return at < tokens_.size() && tokens_[at].kind == CodeTokenKind::Sign &&
               tokens_[at].text == text;
    }

    // A line ends before the token and with it, in languages without ';', the statement.
    [[nodiscard]] bool begins_statement(std::size_t at) const {
        if (at == 0 || tokens_[at].kind == CodeTokenKind::Sign) {
            return false;
        }
        const CodeToken& before = tokens_[at - 1];
        const bool is_closed = before.kind != CodeTokenKind::Sign || before.text == ")" ||
                               before.text == "]" || before.text == "}";
        const std::size_t end = before.offset + before.text.size();
        return is_closed && before.text != "return" &&
               text_.substr(end, tokens_[at].offset - end).find('\n') != std::string_view::npos;
    }

    void see(std::size_t at) {
        constexpr std::size_t kLongest = 300;
        const std::string_view text = tokens_[at].text;
        if (text.size() < 3 || text.size() > kLongest || see_call(at)) {
            return;
        }
        if (is_file_address(text)) {
            add(at, text, ArtifactKind::Model, Evidence::Call, "address", {});
            return;
        }
        // "${model.id:owner/name}": a property and its default
        const std::size_t colon = text.find(':');
        if (text.starts_with("${") && text.ends_with('}') && colon != std::string_view::npos) {
            const auto kind = kind_by_name(tables_.names, text.substr(2, colon - 2));
            if (kind) {
                add(at,
                    text.substr(colon + 1, text.size() - colon - 2),
                    *kind,
                    Evidence::Key,
                    text.substr(2, colon - 2),
                    {});
            }
            return;
        }
        if (is_service_file_ ||
            !read_hub_id(tables_, text, ArtifactKind::Model, {}, Evidence::Key)) {
            return;
        }
        const Meaning meaning = meaning_of(at);
        if (meaning.verdict == Verdict::Yes) {
            add(at, text, meaning.kind, Evidence::Key, meaning.name, {});
        }
    }

    void
    add(std::size_t at,
        std::string_view text,
        ArtifactKind kind,
        Evidence evidence,
        std::string_view found_by,
        std::string_view revision,
        std::string_view catalogue = {}) {
        Sighting one;
        one.place = place_of_(tokens_[at].offset);
        one.text = text;
        one.kind = kind;
        one.catalogue = catalogue;
        one.evidence = evidence;
        one.at_most = evidence == Evidence::Call ? Confidence::High : Confidence::Medium;
        one.role = guess_role(path_, text_, kind);
        one.part = part_of(path_);
        one.found_by = found_by;
        one.revision = revision;
        collector_.see(one);
    }

    // A call of the tables. The text may stand in wrappers: String::from("owner/name").
    bool see_call(std::size_t at) {
        std::size_t inner = at;
        std::size_t parent = tokens_[at].parent;
        for (int depth = 0; depth < 3 && parent != kNone && is_sign(parent, "("); ++depth) {
            const std::size_t callee = callee_of(parent);
            if (callee == kNone) {
                return false;
            }
            const auto rules = tables_.code.find(std::string(tokens_[callee].text));
            if (rules != tables_.code.end()) {
                for (const CallRule& rule : rules->second) {
                    if (fits(rule, callee) && take(rule, at, parent, place_in(parent, inner))) {
                        return true;
                    }
                }
            }
            if (!is_wrapper(tokens_[callee].text)) {
                return false;
            }
            inner = start_of_path(callee);
            parent = tokens_[parent].parent;
        }
        return false;
    }

    [[nodiscard]] bool fits(const CallRule& rule, std::size_t callee) const {
        std::string dotted(tokens_[callee].text);
        if (callee >= 2 && (is_sign(callee - 1, "::") || is_sign(callee - 1, ".")) &&
            is_word(callee - 2)) {
            dotted = std::string(tokens_[callee - 2].text) + '.' + dotted;
        }
        const bool is_named =
            util::glob_match(rule.pattern, dotted) || rule.pattern == tokens_[callee].text;
        return is_named &&
               (rule.packages.empty() ||
                std::any_of(
                    rule.packages.begin(),
                    rule.packages.end(),
                    [&](const std::string& word) { return text_.find(word) != std::string::npos; }
                ));
    }

    bool take(const CallRule& rule, std::size_t at, std::size_t parent, std::size_t place) {
        for (const IdRule& id : rule.ids) {
            if (id.index != place) {
                continue;
            }
            const std::size_t end = tokens_[parent].partner;
            ArtifactKind kind = id.kind.value_or(ArtifactKind::Model);
            std::string_view revision;
            for (std::size_t i = parent + 1; i < end && i < tokens_.size(); ++i) {
                if (is_word(i) && is_sign(i - 1, "::") && !rule.kind_argument.empty()) {
                    kind = tokens_[i].text == "Dataset" ? ArtifactKind::Dataset
                           : tokens_[i].text == "Space" ? ArtifactKind::Space
                                                        : kind;
                }
                if (tokens_[i].kind == CodeTokenKind::Text && i > at &&
                    place_in(parent, i) == rule.revision_index) {
                    revision = tokens_[i].text;
                }
            }
            add(at, tokens_[at].text, kind, Evidence::Call, rule.pattern, revision, id.catalogue);
            return true;
        }
        return false;
    }

    // Which argument of the call a token belongs to.
    [[nodiscard]] std::size_t place_in(std::size_t parent, std::size_t at) const {
        std::size_t place = 0;
        for (std::size_t i = parent + 1; i < at && i - parent < kLongestStatement; ++i) {
            place += tokens_[i].parent == parent && is_sign(i, ",") ? 1 : 0;
        }
        return place;
    }

    // The word that is called by the bracket, or kNone: load(, Repo::new(, vec!(
    [[nodiscard]] std::size_t callee_of(std::size_t bracket) const {
        if (bracket == 0) {
            return kNone;
        }
        std::size_t at = bracket - 1;
        if (is_sign(at, "!") && at > 0) {
            --at;
        }
        if (is_sign(at, ">")) { // new List<String>(
            for (int i = 0; i < 8 && at > 0 && !is_sign(at, "<"); ++i) {
                --at;
            }
            at -= at > 0 ? 1 : 0;
        }
        return is_word(at) ? at : kNone;
    }

    // hf_hub in hf_hub::Repo::new
    [[nodiscard]] std::size_t start_of_path(std::size_t word) const {
        while (word >= 2 && (is_sign(word - 1, "::") || is_sign(word - 1, ".")) && is_word(word - 2)
        ) {
            word -= 2;
        }
        return word;
    }

    [[nodiscard]] Meaning by_name(std::string_view name) const {
        if (const auto kind = kind_by_name(tables_.names, name); kind) {
            return {Verdict::Yes, *kind, name};
        }
        const std::string low = util::lower(name);
        const bool is_repo =
            low.find("repo") != std::string::npos && low.find("report") == std::string::npos;
        if (is_hub_file_ && is_repo) {
            return {Verdict::Yes, ArtifactKind::Model, name};
        }
        return {is_general(name) ? Verdict::Unknown : Verdict::No, ArtifactKind::Model, name};
    }

    // Outwards from the text: what it is given to, which call or table it stands in, which
    // function.
    [[nodiscard]] Meaning meaning_of(std::size_t at) const {
        const std::size_t text = at;
        for (int climb = 0; climb < kMaxClimb; ++climb) {
            const std::size_t parent = tokens_[at].parent;
            const Meaning beside = look_back(at, parent == kNone ? 0 : parent + 1);
            if (beside.verdict != Verdict::Unknown) {
                return beside;
            }
            if (is_general(beside.name)) {
                if (const Meaning field = annotated(at); field.verdict != Verdict::Unknown) {
                    return field;
                }
            }
            if (parent == kNone) {
                break;
            }
            std::size_t next = parent;
            const Meaning around = is_sign(parent, "(")   ? in_call(parent, at, next)
                                   : is_sign(parent, "[") ? in_list(parent, next)
                                                          : in_block(parent, next);
            if (around.verdict != Verdict::Unknown) {
                return around;
            }
            at = next;
        }
        return {
            is_hub_file_ && looks_like_id(tokens_[text].text) ? Verdict::Yes : Verdict::No,
            ArtifactKind::Model,
            "id"};
    }

    // Nothing speaks for it but its looks, in a file that has to do with the hub.
    static bool looks_like_id(std::string_view text) {
        const std::string_view name = text.substr(text.find('/') + 1);
        return name.find_first_of("-.") != std::string_view::npos &&
               name.find_first_of("0123456789") != std::string_view::npos;
    }

    // Backwards in the statement: NAME = , NAME: , "name" =>
    [[nodiscard]] Meaning look_back(std::size_t at, std::size_t begin) const {
        static constexpr std::array<std::string_view, 9> kRejecting = {
            "==", "!=", "<=", ">=", "+", "%", "import", "use", "using"};
        Meaning out;
        for (std::size_t i = at; i > begin && at - i < kLongestStatement; --i) {
            const CodeToken& token = tokens_[i - 1];
            if (begins_statement(i)) {
                return out;
            }
            if (token.kind == CodeTokenKind::Sign && token.partner < i - 1) {
                if (token.text == "}") {
                    return out;
                }
                i = token.partner + 1; // behind brackets
                continue;
            }
            if (token.text == ";" || token.text == "," || token.text == "return") {
                return out;
            }
            if (is_one_of(kRejecting, token.text)) {
                return {Verdict::No};
            }
            const bool is_assignment =
                token.text == "=" || token.text == ":=" || token.text == "<-";
            if (token.kind == CodeTokenKind::Sign && is_assignment) {
                return by_name(assigned_name(i - 1, begin));
            }
            const bool is_arrow = token.text == "=>" || token.text == "->";
            if (token.kind == CodeTokenKind::Sign && (token.text == ":" || is_arrow) &&
                i - 1 > begin) {
                const CodeToken& key = tokens_[i - 2];
                const bool is_key = key.kind == CodeTokenKind::Text ||
                                    (key.kind == CodeTokenKind::Word && !is_arrow);
                if (is_key) {
                    out = by_name(key.text);
                    // A table's own keys may be anything; so may what stands before ':' in a
                    // choice.
                    const bool is_loose =
                        key.kind == CodeTokenKind::Text && out.verdict == Verdict::No;
                    out.verdict = is_loose ? Verdict::Unknown : out.verdict;
                }
                if (is_arrow || out.verdict == Verdict::Yes) {
                    return out;
                }
            }
        }
        return out;
    }

    // const NAME: &str =, String name =, let (name, other) =
    [[nodiscard]] std::string_view assigned_name(std::size_t equals, std::size_t begin) const {
        std::string_view last;
        std::string_view typed;
        for (std::size_t i = equals; i > begin && equals - i < kLongestStatement; --i) {
            const CodeToken& token = tokens_[i - 1];
            if (token.text == ";" || token.text == "," || token.text == "{" || token.text == "}" ||
                begins_statement(i)) {
                break;
            }
            if (is_sign(i - 1, ")") && token.partner < i - 1) {
                if (last.empty() && is_word(token.partner + 1)) {
                    last = tokens_[token.partner + 1].text;
                }
                i = token.partner + 1;
                continue;
            }
            if (is_word(i - 1)) {
                last = last.empty() ? token.text : last;
                typed = is_sign(i, ":") ? token.text : typed;
            }
        }
        return typed.empty() ? last : typed;
    }

    // #[arg(default_value = "owner/name")] model_id: String
    [[nodiscard]] Meaning annotated(std::size_t at) const {
        std::size_t bracket = tokens_[at].parent;
        while (bracket != kNone && !is_sign(bracket, "[")) {
            bracket = tokens_[bracket].parent;
        }
        if (bracket == kNone || bracket == 0 || !is_sign(bracket - 1, "#")) {
            return {};
        }
        std::size_t next = tokens_[bracket].partner + 1;
        for (int i = 0; i < kLongestChain && is_sign(next, "#") && is_sign(next + 1, "[") &&
                        tokens_[next + 1].partner > next;
             ++i) {
            next = tokens_[next + 1].partner + 1;
        }
        next += is_word(next) && tokens_[next].text == "pub" ? 1 : 0;
        return is_word(next) ? by_name(tokens_[next].text) : Meaning();
    }

    Meaning in_call(std::size_t parent, std::size_t at, std::size_t& next) const {
        const std::size_t callee = callee_of(parent);
        if (callee != kNone && is_import(tokens_[callee].text)) {
            return {Verdict::No};
        }
        // flag.String("model", "owner/name"): what stands before says it.
        for (std::size_t i = parent + 1; i < at && i - parent < kLongestStatement; ++i) {
            if (tokens_[i].parent == parent && tokens_[i].kind == CodeTokenKind::Text &&
                tokens_[i].text.find('/') == std::string_view::npos) {
                const auto kind = kind_by_name(tables_.names, tokens_[i].text);
                if (kind && tokens_[i].text.find(' ') == std::string_view::npos) {
                    return {Verdict::Yes, *kind, tokens_[i].text};
                }
            }
        }
        if (callee == kNone) {
            next = parent; // a tuple
            return {};
        }
        const std::string_view name = tokens_[callee].text;
        const bool is_constructor = name.front() >= 'A' && name.front() <= 'Z';
        if (is_fallback(name)) {
            next = callee;
            const std::string_view from =
                callee >= 2 && is_word(callee - 2) ? tokens_[callee - 2].text : std::string_view();
            const Meaning given = by_name(from);
            return given.verdict == Verdict::Yes ? given : Meaning();
        }
        if (is_wrapper(name) || is_control(name)) {
            next = start_of_path(callee);
            return is_control(name) ? Meaning{Verdict::No} : Meaning();
        }
        if (is_of_service(callee)) {
            return {Verdict::No};
        }
        Meaning out = by_name(name);
        if (out.verdict == Verdict::No && is_constructor) {
            out.verdict = Verdict::Unknown;
        }
        next = start_of_path(callee);
        // path("owner/name"), name("...") alone say nothing.
        return out.verdict == Verdict::Unknown && !is_constructor ? Meaning{Verdict::No} : out;
    }

    // WatsonxChatModel.builder().modelName("owner/name"): a chain that begins with a type says of
    // which service it is.
    [[nodiscard]] bool is_of_service(std::size_t word) const {
        std::size_t at = word;
        for (int i = 0; i < kLongestChain && at >= 2 && is_sign(at - 1, "."); ++i) {
            const std::size_t before = at - 2;
            if (is_sign(before, ")") && tokens_[before].partner < before) {
                const std::size_t callee = callee_of(tokens_[before].partner);
                if (callee == kNone || callee >= at) {
                    break;
                }
                at = callee;
            } else if (is_word(before)) {
                at = before;
            } else {
                break;
            }
        }
        const std::string_view root = tokens_[at].text;
        return at != word && root.front() >= 'A' && root.front() <= 'Z' &&
               says_otherwise(tables_.names, root);
    }

    Meaning in_list(std::size_t parent, std::size_t& next) const {
        const bool is_macro = parent >= 2 && is_sign(parent - 1, "!");
        if (parent > 0 && is_word(parent - 1) && !is_control(tokens_[parent - 1].text) &&
            tokens_[parent - 1].text != "return" && tokens_[parent - 1].text != "in") {
            return {Verdict::No}; // table["owner/name"]
        }
        next = is_macro ? parent - 2 : parent;
        return {};
    }

    // A literal with fields, a block of a choice, or the body of a function.
    Meaning in_block(std::size_t parent, std::size_t& next) const {
        next = parent;
        if (parent == 0) {
            return {};
        }
        const std::size_t begin = tokens_[parent].parent == kNone ? 0 : tokens_[parent].parent + 1;
        for (std::size_t i = parent; i > begin && parent - i < kLongestStatement; --i) {
            const CodeToken& token = tokens_[i - 1];
            if (token.kind == CodeTokenKind::Sign && token.text != "}" && token.partner < i - 1) {
                i = token.partner + 1;
                continue;
            }
            if (token.text == ";" || token.text == "," || token.text == "=" || token.text == "=>" ||
                token.text == ":=" || token.text == "return" ||
                (token.text == "}" && token.partner < i - 1)) {
                break;
            }
            if (is_word(i - 1) && is_function(token.text)) {
                std::size_t name = i;
                if (is_sign(name, "(") && tokens_[name].partner > name) {
                    name = tokens_[name].partner + 1; // Go's receiver
                }
                return is_word(name) ? named_body(tokens_[name].text) : Meaning{Verdict::No};
            }
            if (is_word(i - 1) && is_control(token.text)) {
                next = i - 1;
                return {};
            }
        }
        if (is_sign(parent - 1, ")") && tokens_[parent - 1].partner < parent) {
            const std::size_t callee = callee_of(tokens_[parent - 1].partner);
            return callee == kNone ? Meaning() : named_body(tokens_[callee].text);
        }
        // A literal's type, or a block's label: variable "model_id" {
        if (tokens_[parent - 1].kind != CodeTokenKind::Sign) {
            Meaning out = by_name(tokens_[parent - 1].text);
            out.verdict = out.verdict == Verdict::No ? Verdict::Unknown : out.verdict;
            return out;
        }
        return {};
    }

    // What a function gives or holds; one whose name says nothing leaves it open.
    [[nodiscard]] Meaning named_body(std::string_view name) const {
        Meaning out = by_name(name);
        out.verdict = out.verdict == Verdict::No ? Verdict::Unknown : out.verdict;
        return out;
    }

    const Tables& tables_;
    std::string path_;
    std::string_view text_;
    const PlaceOf& place_of_;
    Collector& collector_;
    std::vector<CodeToken> tokens_;
    bool is_hub_file_ = false;
    bool is_service_file_ = false; // names that a service gives its models
};

} // namespace

void read_code(
    const Tables& tables,
    std::string_view path,
    std::string_view text,
    const PlaceOf& place_of,
    Collector& collector
) {
    CodeReader(tables, path, text, place_of, collector).read();
}

} // namespace railhub::scan
