// SPDX-License-Identifier: Apache-2.0
// Detection -> SPDX expression.
#include "core/license/detect.h"
#include "core/license/mentions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace railhub::license {

namespace {

constexpr std::string_view kAddedTerms = "LicenseRef-railhub-added-terms";
constexpr std::string_view kAnyBsd = "LicenseRef-railhub-bsd"; // which one is not said
constexpr std::string_view kBsdName = "bsd";
constexpr std::string_view kUnknown = "LicenseRef-railhub-unknown-license";

// A LicenseRef may hold letters, digits, '.' and '-'.
std::string ref_part(std::string_view id) {
    std::string out;
    for (const char ch : id) {
        if (ch == '+') {
            out += "plus";
        } else {
            const bool fits = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                              (ch >= '0' && ch <= '9') || ch == '.' || ch == '-';
            out += fits ? ch : '-';
        }
    }
    return out;
}

struct Renamed {
    std::string_view id;
    std::string_view expression;
};

// Ids that SPDX gave up for expressions.
constexpr std::array kRenamed = {
    Renamed{"GPL-2.0-with-autoconf-exception", "GPL-2.0-only WITH Autoconf-exception-2.0"},
    Renamed{"GPL-2.0-with-bison-exception", "GPL-2.0-or-later WITH Bison-exception-2.2"},
    Renamed{"GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"},
    Renamed{"GPL-2.0-with-font-exception", "GPL-2.0-only WITH Font-exception-2.0"},
    Renamed{"GPL-2.0-with-GCC-exception", "GPL-2.0-or-later WITH GCC-exception-2.0"},
    Renamed{"GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0"},
    Renamed{"GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1"},
    Renamed{"BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"},
    Renamed{"BSD-2-Clause-NetBSD", "BSD-2-Clause"},
    Renamed{"StandardML-NJ", "SMLNJ"},
    Renamed{"bzip2-1.0.5", "bzip2-1.0.6"},
    Renamed{"eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0"},
    Renamed{"WXwindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1"},
    Renamed{"wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1"}};

std::string_view renamed(std::string_view id) {
    const auto* row = std::find_if(kRenamed.begin(), kRenamed.end(), [&](const Renamed& r) {
        return r.id == id;
    });
    return row == kRenamed.end() ? std::string_view() : row->expression;
}

bool is_alternatives(std::string_view part) {
    return part.find(" OR ") != std::string_view::npos;
}

// The licenses of "(A OR B)".
std::vector<std::string> choices_of(std::string_view part) {
    std::vector<std::string> out;
    if (part.starts_with("(") && part.ends_with(")")) {
        part = part.substr(1, part.size() - 2);
    }
    for (std::size_t at = 0; at <= part.size();) {
        const std::size_t end = std::min(part.find(" OR ", at), part.size());
        out.emplace_back(part.substr(at, end - at));
        at = end + 4;
    }
    return out;
}

// "LGPL-2.1-or-later" -> "LGPL"; empty for licenses that are none of GNU's.
std::string_view gnu_family(std::string_view id) {
    for (const std::string_view family : {"LGPL", "AGPL", "GPL", "GFDL"}) {
        if (id.starts_with(family) && id.size() > family.size() && id[family.size()] == '-') {
            return family;
        }
    }
    return {};
}

bool is_any_version(std::string_view id) {
    return id == "GPL-1.0-or-later" || id == "LGPL-2.0-or-later";
}

bool is_vague_for(std::string_view vague, std::string_view license) {
    return (vague == kAnyBsd && license.starts_with("BSD-")) ||
           (is_any_version(vague) && license != vague && gnu_family(license) == gnu_family(vague));
}

// The version that a GNU id names, without "-only" and "-or-later".
std::string_view without_reach(std::string_view id) {
    for (const std::string_view end : {"-only", "-or-later"}) {
        if (id.ends_with(end)) {
            return id.substr(0, id.size() - end.size());
        }
    }
    return id;
}

// Most exceptions are from a license of GNU.
bool goes_with(std::string_view exception, std::string_view license) {
    const bool is_of_apache = exception == "LLVM-exception" || exception == "Swift-exception";
    if (exception.find("LGPL") != std::string_view::npos) {
        return license.starts_with("LGPL-");
    }
    return is_of_apache ? license == "Apache-2.0" : license.find("GPL-") != std::string_view::npos;
}

std::string joined_choices(const std::vector<std::string>& choices) {
    std::string joined;
    for (const std::string& choice : choices) {
        joined += (joined.empty() ? "" : " OR ") + choice;
    }
    return joined;
}

// Parts joined with AND, each a license or a choice.
class ExpressionParts {
  public:
    void add(const std::string& part) {
        if (part.empty() || holds(part)) {
            return;
        }
        if (is_alternatives(part)) {
            const std::vector<std::string> choices = choices_of(part);
            if (offers(choices)) {
                return;
            }
            std::erase_if(parts_, [&](const std::string& other) {
                return std::find(choices.begin(), choices.end(), other) != choices.end();
            });
        }
        parts_.push_back(part);
    }

    // `part` may be taken instead of `before`.
    void add_choice(const std::string& before, const std::string& part) {
        const auto at = std::find_if(parts_.begin(), parts_.end(), [&](const std::string& other) {
            const std::vector<std::string> choices = choices_of(other);
            return other == before ||
                   std::find(choices.begin(), choices.end(), before) != choices.end();
        });
        if (at == parts_.end()) {
            add(part);
            return;
        }
        std::vector<std::string> choices = choices_of(*at);
        for (const std::string& choice : choices_of(part)) {
            if (std::find(choices.begin(), choices.end(), choice) == choices.end()) {
                choices.push_back(choice);
            }
        }
        *at = joined_choices(choices);
    }

    // To the license that the exception goes with, alone or as one to choose. False when there is
    // none.
    bool attach(const std::string& exception) {
        const std::string with = " WITH " + exception;
        for (const std::string& part : parts_) {
            const std::vector<std::string> choices = choices_of(part);
            if (std::any_of(choices.begin(), choices.end(), [&](const std::string& choice) {
                    return choice.ends_with(with);
                })) {
                return true;
            }
        }
        for (const bool in_choice : {false, true}) {
            for (std::string& part : parts_) {
                if (is_alternatives(part) == in_choice && attach_to(part, exception)) {
                    return true;
                }
            }
        }
        return false;
    }

    [[nodiscard]] bool empty() const { return parts_.empty(); }

    // The license is stated, alone or as one to choose.
    [[nodiscard]] bool holds(const std::string& part) const {
        return std::any_of(parts_.begin(), parts_.end(), [&](const std::string& other) {
            const std::vector<std::string> choices = choices_of(other);
            return other == part ||
                   std::find(choices.begin(), choices.end(), part) != choices.end();
        });
    }

    // "(A OR GPL)" beside a text of GPL-2.0-only, "(A OR BSD)" beside BSD-2-Clause: one of the two
    // says what the other means.
    void refine_choices() {
        for (std::string& part : parts_) {
            if (!is_alternatives(part)) {
                continue;
            }
            std::string joined;
            for (std::string choice : choices_of(part)) {
                const auto meant =
                    std::find_if(parts_.begin(), parts_.end(), [&](const std::string& p) {
                        return !is_alternatives(p) && is_vague_for(choice, p);
                    });
                if (meant != parts_.end()) {
                    choice = std::exchange(*meant, std::string());
                }
                joined += (joined.empty() ? "" : " OR ") + choice;
            }
            part = joined;
        }
        std::erase(parts_, std::string());
        const auto is_vague = [&](const std::string& part) {
            return part == kAnyBsd &&
                   std::any_of(parts_.begin(), parts_.end(), [&](const std::string& p) {
                       return is_vague_for(part, p);
                   });
        };
        std::erase_if(parts_, is_vague);
    }

    // What a bare "BSD" or "GPL" means is stated.
    [[nodiscard]] bool says_what(const std::string& vague) const {
        return std::any_of(parts_.begin(), parts_.end(), [&](const std::string& part) {
            const std::vector<std::string> choices = choices_of(part);
            return std::any_of(choices.begin(), choices.end(), [&](const std::string& choice) {
                return is_vague_for(vague, choice);
            });
        });
    }

    // A bare "GPL" says less than what is there: a license of the family, or the same version.
    [[nodiscard]] bool says_more(const std::string& id) const {
        if (is_alternatives(id)) {
            const std::vector<std::string> choices = choices_of(id);
            return std::all_of(choices.begin(), choices.end(), [this](const std::string& choice) {
                return holds(choice) || says_what(choice);
            });
        }
        const std::string_view family = gnu_family(id);
        if (family.empty()) {
            return false;
        }
        for (const std::string& part : parts_) {
            for (const std::string& choice : choices_of(part)) {
                const std::string_view there = std::string_view(choice).substr(0, choice.find(' '));
                if ((is_any_version(id) && gnu_family(there) == family) ||
                    without_reach(there) == without_reach(id)) {
                    return true;
                }
            }
        }
        return false;
    }

    [[nodiscard]] std::string joined() const {
        std::string out;
        for (const std::string& part : parts_) {
            const bool choice = is_alternatives(part) && parts_.size() > 1;
            out += out.empty() ? "" : " AND ";
            out += choice && part.front() != '(' ? "(" + part + ")" : part;
        }
        return out;
    }

  private:
    static bool attach_to(std::string& part, const std::string& exception) {
        std::vector<std::string> choices = choices_of(part);
        for (std::string& choice : choices) {
            if (goes_with(exception, choice) && choice.find(' ') == std::string::npos) {
                choice += " WITH " + exception;
                part = joined_choices(choices);
                return true;
            }
        }
        return false;
    }

    // One of the choices that are stated holds all of these.
    [[nodiscard]] bool offers(const std::vector<std::string>& choices) const {
        return std::any_of(parts_.begin(), parts_.end(), [&](const std::string& part) {
            const std::vector<std::string> there = choices_of(part);
            return there.size() > 1 &&
                   std::all_of(choices.begin(), choices.end(), [&](const std::string& choice) {
                       return std::find(there.begin(), there.end(), choice) != there.end();
                   });
        });
    }

    std::vector<std::string> parts_;
};

bool is_exception_alone(const LicenseMatch& match) {
    return match.is_exception && renamed(match.id).empty();
}

bool is_within_text(const Detection& detection, const LicenseMatch& mention) {
    return std::any_of(
        detection.matches.begin(),
        detection.matches.end(),
        [&](const LicenseMatch& match) {
            return match.kind == MatchKind::Text && match.place.begin <= mention.place.begin &&
                   mention.place.end <= match.place.end;
        }
    );
}

// More names than a file is under: a list of licenses.
bool is_list_of_names(const Detection& detection) {
    constexpr std::size_t kMostNames = 10;
    std::vector<std::string_view> names;
    for (const LicenseMatch& match : detection.matches) {
        const bool is_name = match.kind == MatchKind::Mention || match.kind == MatchKind::Tag;
        const bool is_new =
            is_name && std::find(names.begin(), names.end(), match.expression) == names.end();
        if (is_new) {
            names.emplace_back(match.expression);
        }
    }
    return names.size() > kMostNames;
}

// Mentions that are told nothing new by are left out.
bool counts(const Detection& detection, const LicenseMatch& match, bool is_list) {
    if (match.kind == MatchKind::Mention && !is_exception_alone(match)) {
        return !is_list && (match.is_choice || !is_within_text(detection, match));
    }
    return !is_exception_alone(match) && (match.kind != MatchKind::Tag || !is_list);
}

} // namespace

std::string own_reference(std::string_view id) {
    return "LicenseRef-railhub-" + ref_part(id);
}

std::string part_of(const LicenseMatch& match, const IdWriter& write) {
    if (!match.candidates.empty()) {
        return std::string(kUnknown);
    }
    if (match.fit == TextFit::Changed) {
        return own_reference("modified-" + match.id);
    }
    if (match.id.empty()) {
        return match.expression;
    }
    if (const std::string_view expression = renamed(match.id); !expression.empty()) {
        return std::string(expression);
    }
    const bool is_known = match.is_spdx || LicenseNames::built_in().is_spdx(match.id) ||
                          match.id.find("LicenseRef-") != std::string::npos;
    if (is_known || (match.kind == MatchKind::Tag && !LicenseNames::built_in().knows(match.id))) {
        return match.id;
    }
    return match.id == kBsdName ? std::string(kAnyBsd) : write(match.id);
}

std::string expression_of(const Detection& detection, const IdWriter& write) {
    ExpressionParts parts;
    const bool is_list = is_list_of_names(detection);
    std::vector<std::string> texts(detection.matches.size());
    for (const bool mentions : {false, true}) {
        for (std::size_t i = 0; i < detection.matches.size(); ++i) {
            const LicenseMatch& match = detection.matches[i];
            const std::string before = i > 0 ? texts[i - 1] : std::string();
            if (!counts(detection, match, is_list)) {
                texts[i] = before; // what comes next may be a choice beside that
                continue;
            }
            if ((match.kind == MatchKind::Mention) != mentions) {
                continue;
            }
            texts[i] = part_of(match, write);
            if (mentions && parts.says_more(texts[i])) {
                texts[i] = before.empty() ? texts[i] : before;
                continue;
            }
            if (match.is_choice && !before.empty()) {
                parts.add_choice(before, texts[i]);
            } else {
                parts.add(texts[i]);
            }
        }
    }
    parts.refine_choices();
    for (const LicenseMatch& match : detection.matches) {
        if (!is_exception_alone(match)) {
            continue;
        }
        const std::string exception = part_of(match, write);
        if (!parts.attach(exception) && match.kind != MatchKind::Mention) {
            parts.add(own_reference(exception));
        }
    }
    if (!detection.added_terms.empty()) {
        parts.add(std::string(parts.empty() ? kUnknown : kAddedTerms));
    }
    return parts.joined();
}

std::vector<std::string> expressions_of(const Detection& detection, const IdWriter& write) {
    std::vector<std::string> out;
    const bool is_list = is_list_of_names(detection);
    for (const LicenseMatch& match : detection.matches) {
        if (is_exception_alone(match)) {
            const std::string exception = part_of(match, write);
            const bool fits = !out.empty() && goes_with(exception, out.back()) &&
                              out.back().find(' ') == std::string::npos;
            if (fits) {
                out.back() += " WITH " + exception;
            } else if (match.kind != MatchKind::Mention) {
                out.push_back(own_reference(exception));
            }
            continue;
        }
        if (!counts(detection, match, is_list)) {
            continue;
        }
        std::string part = part_of(match, write);
        if (match.is_choice && !out.empty() && out.back() != part) {
            out.back() += " OR " + part;
        } else if (!part.empty()) {
            out.push_back(std::move(part));
        }
    }
    if (!detection.added_terms.empty()) {
        out.emplace_back(out.empty() ? kUnknown : kAddedTerms);
    }
    return out;
}

} // namespace railhub::license
