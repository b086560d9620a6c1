// SPDX-License-Identifier: Apache-2.0
// Rows by section, in the order people would write them; and the check against them.
#include "core/project/keys.h"

#include "core/compliance/context.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::project {

namespace {

constexpr std::size_t kMaxItems = 10'000;
constexpr std::size_t kMaxText = std::size_t{64} << 10;
constexpr std::string_view kRoles =
    "runtime|training|evaluation|adapter|adapter-base|merge-source|teacher|component|conversion";

constexpr std::array kKeys = {
    Key{"",
        "extends",
        Shape::Text,
        Need::Optional,
        "A file this one rests on: a path, or `hub [datasets/]owner/name[@revision]`. The nearer "
        "file wins; lists add up."},
    Key{"", "project", Shape::Table, Need::Optional, "Who asks."},
    Key{"", "use", Shape::Table, Need::Optional, "What is done with the artifacts."},
    Key{"", "scan", Shape::Table, Need::Optional, "What discovery passes over."},
    Key{"", "artifacts", Shape::Tables, Need::Optional, "Artifacts discovery cannot see."},
    Key{"", "attestations", Shape::Tables, Need::Optional, "What the project carries and keeps."},
    Key{"", "policy", Shape::Table, Need::Optional, "Which licenses are fine, and how to judge."},
    Key{"", "waivers", Shape::Tables, Need::Optional, "Findings accepted for a while."},

    Key{"project",
        "name",
        Shape::Text,
        Need::Optional,
        "How findings call the project; part of their fingerprints."},
    Key{"project",
        "license",
        Shape::Text,
        Need::Optional,
        "License of the project: an id or an SPDX expression; `other` for own terms. When left "
        "out, the LICENSE file of the project speaks."},

    Key{"use",
        "delivery",
        Shape::Text,
        Need::Optional,
        "Nothing leaves the house, others use it remotely, or copies are passed on.",
        "internal|hosted|shipped"},
    Key{"use",
        "purposes",
        Shape::Texts,
        Need::Optional,
        "What it is for: ids of the table of purposes."},
    Key{"use",
        "audience",
        Shape::Texts,
        Need::Optional,
        "Who uses it: ids of the table of audiences."},
    Key{"use",
        "territory",
        Shape::TextOrTexts,
        Need::Optional,
        "Where it is used: ISO 3166 codes, or EU. Each is judged."},

    Key{"scan",
        "exclude",
        Shape::Texts,
        Need::Optional,
        "Paths to leave out, as globs: `legacy/*`."},
    Key{"scan",
        "skip",
        Shape::Texts,
        Need::Optional,
        "Parts of the project to leave out.",
        "tests|examples|docs"},
    Key{"scan",
        "ignore",
        Shape::Texts,
        Need::Optional,
        "Ids that are no artifacts, or not yours to judge."},

    Key{"artifacts", "id", Shape::Text, Need::Required, "`owner/name`."},
    Key{"artifacts",
        "kind",
        Shape::Text,
        Need::Optional,
        "What it is; model when left out.",
        "model|dataset"},
    Key{"artifacts",
        "revision",
        Shape::Text,
        Need::Optional,
        "Branch, tag or commit that is used."},
    Key{"artifacts",
        "role",
        Shape::Text,
        Need::Optional,
        "What is done with it; wins over what discovery guessed.",
        kRoles},

    Key{"attestations",
        "passes-on",
        Shape::Texts,
        Need::Optional,
        "Restriction sets that the project's own terms repeat; verified clause by clause in "
        "`file`."},
    Key{"attestations",
        "includes",
        Shape::Texts,
        Need::Optional,
        "Licenses whose text `file` is; verified."},
    Key{"attestations",
        "carries",
        Shape::Texts,
        Need::Optional,
        "Other things that travel along: `notice-file:llama2`, `display:Built with Llama`, "
        "`notice-of-restrictions`, `source`."},
    Key{"attestations",
        "keeps",
        Shape::Texts,
        Need::Optional,
        "Use restrictions (`medical.advice`) that are kept in ways no file shows; needs "
        "`signed-by` and `date`."},
    Key{"attestations",
        "file",
        Shape::Text,
        Need::Optional,
        "The file of the project that says so."},
    Key{"attestations",
        "passage",
        Shape::Text,
        Need::Optional,
        "Words that have to stand in `file`; blanks and line ends do not count."},
    Key{"attestations", "signed-by", Shape::Text, Need::Optional, "Who vouches for it."},
    Key{"attestations", "date", Shape::Date, Need::Optional, "When."},

    Key{"policy",
        "allow",
        Shape::Texts,
        Need::Optional,
        "Licenses that are fine: ids and `family:NAME`. When given, all others are findings."},
    Key{"policy",
        "allow-terms",
        Shape::Texts,
        Need::Optional,
        "Duties and limits that are fine: a license with no others is allowed too."},
    Key{"policy",
        "deny",
        Shape::Texts,
        Need::Optional,
        "Licenses that are not: ids, `family:NAME`, `term:NAME`."},
    Key{"policy",
        "severity",
        Shape::Table,
        Need::Optional,
        "`CODE = \"off|note|warning|error\"` for any code of docs/rules.md."},
    Key{"policy",
        "exceptions",
        Shape::Tables,
        Need::Optional,
        "Licenses that are fine for one artifact."},
    Key{"policy",
        "clarifications",
        Shape::Tables,
        Need::Optional,
        "Licenses of artifacts as a person read them."},

    Key{"policy.exceptions", "artifact", Shape::Text, Need::Required, "`owner/name`."},
    Key{"policy.exceptions", "allow", Shape::Texts, Need::Required, "As in `policy.allow`."},
    Key{"policy.exceptions", "reason", Shape::Text, Need::Required, "Why."},

    Key{"policy.clarifications", "artifact", Shape::Text, Need::Required, "`owner/name`."},
    Key{"policy.clarifications",
        "kind",
        Shape::Text,
        Need::Optional,
        "What it is; model when left out.",
        "model|dataset"},
    Key{"policy.clarifications",
        "license",
        Shape::Text,
        Need::Required,
        "The license: an id or an SPDX expression."},
    Key{"policy.clarifications",
        "sha256",
        Shape::Text,
        Need::Required,
        "SHA-256 of the license text it was read from; it holds for no other."},
    Key{"policy.clarifications",
        "file",
        Shape::Text,
        Need::Optional,
        "A copy of that text in the project, for artifacts that have none of their own."},
    Key{"policy.clarifications", "reason", Shape::Text, Need::Optional, "Why."},

    Key{"waivers",
        "finding",
        Shape::Text,
        Need::Optional,
        "Code of the finding: `R7`, `use.forbidden`."},
    Key{"waivers",
        "fingerprint",
        Shape::Text,
        Need::Optional,
        "Of that one finding, as the report gives it."},
    Key{"waivers",
        "artifact",
        Shape::Text,
        Need::Required,
        "The artifact whose terms are at stake; `.` for the project itself."},
    Key{"waivers",
        "revision",
        Shape::Text,
        Need::Optional,
        "Its commit; `unknown` where it has none. Required unless the artifact is `.`."},
    Key{"waivers",
        "license-sha256",
        Shape::Text,
        Need::Optional,
        "SHA-256 of its license text; `none` where it has none. Required unless the artifact is "
        "`.`."},
    Key{"waivers", "owner", Shape::Text, Need::Required, "Who answers for it."},
    Key{"waivers", "reason", Shape::Text, Need::Required, "Why it is acceptable."},
    Key{"waivers", "expires", Shape::Date, Need::Required, "The last day it holds."},
};

const Key* find_key(std::string_view section, std::string_view name) {
    for (const Key& key : kKeys) {
        if (key.section == section && key.name == name) {
            return &key;
        }
    }
    return nullptr;
}

std::string shown_section(std::string_view section) {
    return section.empty() ? "the file" : "[" + std::string(section) + "]";
}

std::string_view shape_word(Shape shape) {
    switch (shape) {
    case Shape::Text:
        return "text";
    case Shape::Texts:
        return "list of texts";
    case Shape::TextOrTexts:
        return "text, or list of texts";
    case Shape::Date:
        return "date";
    case Shape::Number:
        return "whole number";
    case Shape::Flag:
        return "true or false";
    case Shape::Table:
        return "table";
    case Shape::Tables:
        return "list of tables";
    }
    return "";
}

// How to write one, for hints.
std::string_view shape_example(Shape shape, bool is_nested) {
    switch (shape) {
    case Shape::Text:
        return "write it in quotes: \"...\"";
    case Shape::Texts:
    case Shape::TextOrTexts:
        return "write it as [\"...\", \"...\"]";
    case Shape::Date:
        return "write it as 2027-01-31";
    case Shape::Number:
        return "write digits without quotes";
    case Shape::Flag:
        return "write true or false";
    case Shape::Table:
        return is_nested ? "write its keys under [policy.NAME]" : "write its keys under [NAME]";
    case Shape::Tables:
        return "begin each entry with its name in double brackets: [[NAME]]";
    }
    return "";
}

class KeyCheck {
  public:
    std::vector<Mistake> run(const Document& document) {
        check_table("", document.root);
        return std::move(mistakes_);
    }

  private:
    void
    add(std::string_view code, std::string message, std::string hint, const report::Location& at) {
        mistakes_.push_back({std::string(code), std::move(message), std::move(hint), at});
    }

    void check_table(std::string_view section, const Value& table) {
        const std::vector<std::string> extra = extra_names(section);
        for (const Member& member : table.members) {
            if (const Key* key = find_key(section, member.key)) {
                check_value(*key, member);
            } else if (std::find(extra.begin(), extra.end(), member.key) == extra.end()) {
                unknown(section, extra, member);
            }
        }
        for (const Key& key : kKeys) {
            if (key.section == section && key.need == Need::Required &&
                table.find(key.name) == nullptr) {
                add("project.missing-key",
                    "[[" + std::string(section) + "]] has no '" + std::string(key.name) + "'",
                    std::string(shape_example(key.shape, false)),
                    table.at);
            }
        }
    }

    void
    unknown(std::string_view section, const std::vector<std::string>& extra, const Member& member) {
        std::vector<std::string> names = extra;
        std::string elsewhere;
        for (const Key& key : kKeys) {
            if (key.section == section) {
                names.emplace_back(key.name);
            } else if (key.name == member.key && key.shape != Shape::Table) {
                elsewhere = key.section;
            }
        }
        const std::string near = util::nearest(member.key, names);
        std::string hint;
        if (!near.empty()) {
            hint = "did you mean '" + near + "'?";
        } else if (!elsewhere.empty()) {
            hint = "'" + member.key + "' belongs in [" + elsewhere + "]";
        } else {
            std::sort(names.begin(), names.end());
            hint = shown_section(section) + " has: " + util::join(names, ", ");
        }
        add("project.unknown-key",
            "unknown key '" + member.key.substr(0, 64) + "' in " + shown_section(section),
            std::move(hint),
            member.at);
    }

    void check_value(const Key& key, const Member& member) {
        const Value& value = member.value;
        if (!fits(key.shape, value)) {
            const bool nested = key.section == "policy";
            add("project.wrong-kind",
                "'" + member.key + "' is " + std::string(shape_word(key.shape)) + ", not " +
                    std::string(kind_word(value.kind)),
                std::string(shape_example(key.shape, nested)),
                value.at);
            return;
        }
        if (value.items.size() > kMaxItems) {
            add("project.too-large",
                "'" + member.key + "' has more than 10,000 entries",
                "",
                value.at);
            return;
        }
        switch (key.shape) {
        case Shape::Table:
            if (key.name != "severity") {
                check_table(key.name, value);
            }
            break;
        case Shape::Tables:
            for (const Value& item : value.items) {
                check_table(section_of(key), item);
            }
            break;
        case Shape::Texts:
        case Shape::TextOrTexts:
            for (const Value& item : value.items) {
                check_text(key, item);
            }
            if (value.kind == Value::Kind::Text) {
                check_text(key, value);
            }
            break;
        case Shape::Text:
            check_text(key, value);
            break;
        case Shape::Date:
        case Shape::Number:
        case Shape::Flag:
            break;
        }
    }

    static std::string section_of(const Key& key) {
        return key.section.empty() ? std::string(key.name)
                                   : std::string(key.section) + "." + std::string(key.name);
    }

    static bool fits(Shape shape, const Value& value) {
        const auto all = [&value](Value::Kind kind) {
            return value.kind == Value::Kind::Array &&
                   std::all_of(value.items.begin(), value.items.end(), [kind](const Value& item) {
                       return item.kind == kind;
                   });
        };
        switch (shape) {
        case Shape::Text:
            return value.kind == Value::Kind::Text;
        case Shape::Texts:
            return all(Value::Kind::Text);
        case Shape::TextOrTexts:
            return value.kind == Value::Kind::Text || all(Value::Kind::Text);
        case Shape::Date:
            return value.kind == Value::Kind::Date ||
                   (value.kind == Value::Kind::Text && parse_date(value.text));
        case Shape::Number:
            return value.kind == Value::Kind::Number;
        case Shape::Flag:
            return value.kind == Value::Kind::Flag;
        case Shape::Table:
            return value.kind == Value::Kind::Table;
        case Shape::Tables:
            return all(Value::Kind::Table);
        }
        return false;
    }

    void check_text(const Key& key, const Value& value) {
        if (util::trim(value.text).empty()) {
            add("project.bad-value", "'" + std::string(key.name) + "' is empty", "", value.at);
            return;
        }
        if (value.text.size() > kMaxText) {
            add("project.too-large",
                "'" + std::string(key.name) + "' is longer than 64 KiB",
                "",
                value.at);
            return;
        }
        if (key.choices.empty()) {
            return;
        }
        std::vector<std::string> words;
        for (const std::string_view word : util::split(key.choices, '|')) {
            words.emplace_back(word);
        }
        if (std::find(words.begin(), words.end(), value.text) != words.end()) {
            return;
        }
        const std::string near = util::nearest(value.text, words);
        add("project.bad-value",
            "'" + std::string(key.name) + "' cannot be '" + value.text.substr(0, 64) + "'",
            near.empty() ? "it is one of: " + util::join(words, ", ")
                         : "did you mean '" + near + "'?",
            value.at);
    }

    std::vector<Mistake> mistakes_;
};

std::string hyphenated(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

void append_row(
    std::string& page, const std::string& name, const std::string& form, std::string_view meaning
) {
    page += "| `" + name + "` | " + form + " | " + std::string(meaning) + " |\n";
}

std::string form_of(const Key& key) {
    if (key.choices.empty()) {
        return std::string(shape_word(key.shape));
    }
    std::string out;
    for (const std::string_view word : util::split(key.choices, '|')) {
        out += (out.empty() ? "`" : ", `") + std::string(word) + "`";
    }
    return out;
}

} // namespace

std::span<const Key> keys() {
    return kKeys;
}

std::vector<std::string> extra_names(std::string_view section) {
    std::vector<std::string> names;
    if (section == "use") {
        for (const compliance::Fact& fact : compliance::facts()) {
            // Keys of [use] say these two.
            if (fact.name != "hosted" && fact.name != "use_territory") {
                names.push_back(hyphenated(fact.name));
            }
        }
    } else if (section == "policy") {
        for (const compliance::Switch& row : compliance::switches()) {
            names.emplace_back(row.name);
        }
    }
    return names;
}

std::vector<Mistake> check_keys(const Document& document) {
    return KeyCheck().run(document);
}

std::string keys_page() {
    std::string page;
    std::string_view section = "?";
    for (const Key& key : kKeys) {
        if (key.section != section) {
            section = key.section;
            const bool is_list = section == "artifacts" || section == "attestations" ||
                                 section == "waivers" || section.starts_with("policy.");
            page += section.empty() ? std::string("### The file\n")
                                    : "\n### `" + std::string(is_list ? "[[" : "[") +
                                          std::string(section) + (is_list ? "]]" : "]") + "`\n";
            page += "\n| key | form | meaning |\n| --- | --- | --- |\n";
            if (section == "use") {
                for (const compliance::Fact& fact : compliance::facts()) {
                    if (fact.name != "hosted" && fact.name != "use_territory") {
                        append_row(
                            page, hyphenated(fact.name), std::string(fact.form), fact.meaning
                        );
                    }
                }
            } else if (section == "policy") {
                for (const compliance::Switch& row : compliance::switches()) {
                    std::string values;
                    for (const std::string_view value : row.values) {
                        values += (values.empty() ? "`" : ", `") + std::string(value) + "`";
                    }
                    append_row(page, std::string(row.name), values, row.meaning);
                }
            }
        }
        append_row(
            page,
            std::string(key.name),
            form_of(key) + (key.need == Need::Required ? ", required" : ""),
            key.meaning
        );
    }
    return page;
}

} // namespace railhub::project
