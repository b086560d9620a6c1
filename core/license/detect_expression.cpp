// SPDX-License-Identifier: Apache-2.0
// Detection -> SPDX expression.
#include "core/license/detect.h"

#include <algorithm>

namespace railhub::license {

namespace {

constexpr std::string_view kAddedTerms = "LicenseRef-railhub-added-terms";
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

class ExpressionParts {
  public:
    void add(std::string part) {
        if (!part.empty() && std::find(parts_.begin(), parts_.end(), part) == parts_.end()) {
            parts_.push_back(std::move(part));
        }
    }

    // The GNU license that an exception goes with, else the last license.
    void attach(const std::string& exception) {
        const auto is_gnu = [](const std::string& part) {
            return part.find("GPL-") != std::string::npos &&
                   part.find(" WITH ") == std::string::npos;
        };
        const auto host = std::find_if(parts_.begin(), parts_.end(), is_gnu);
        if (host != parts_.end()) {
            *host += " WITH " + exception;
        } else {
            add(own_reference(exception));
        }
    }

    [[nodiscard]] bool empty() const { return parts_.empty(); }

    [[nodiscard]] std::string joined() const {
        std::string out;
        for (const std::string& part : parts_) {
            const bool choice = part.find(" OR ") != std::string::npos && parts_.size() > 1;
            out += out.empty() ? "" : " AND ";
            out += choice && part.front() != '(' ? "(" + part + ")" : part;
        }
        return out;
    }

  private:
    std::vector<std::string> parts_;
};

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
    return match.is_spdx || match.kind == MatchKind::Tag ? match.id : write(match.id);
}

} // namespace

std::string own_reference(std::string_view id) {
    return "LicenseRef-railhub-" + ref_part(id);
}

std::string expression_of(const Detection& detection, const IdWriter& write) {
    ExpressionParts parts;
    for (const LicenseMatch& match : detection.matches) {
        if (match.kind != MatchKind::Mention && !match.is_exception) {
            parts.add(part_of(match, write));
        }
    }
    if (parts.empty()) {
        for (const LicenseMatch& match : detection.matches) {
            if (match.kind == MatchKind::Mention) {
                parts.add(part_of(match, write));
            }
        }
    }
    for (const LicenseMatch& match : detection.matches) {
        if (match.is_exception) {
            parts.attach(part_of(match, write));
        }
    }
    if (!detection.added_terms.empty()) {
        parts.add(std::string(parts.empty() ? kUnknown : kAddedTerms));
    }
    return parts.joined();
}

} // namespace railhub::license
