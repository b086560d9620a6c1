// SPDX-License-Identifier: Apache-2.0
// Looks labels up among the records, then in the SPDX list, then takes them as names of their own.
#include "core/bom/licenses.h"

#include "core/license/fingerprint.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::bom {

namespace {

using license::Expression;
using license::Record;
using license::SimpleLicense;

constexpr std::string_view kRefPrefix = "LicenseRef-";
constexpr std::string_view kOnly = "-only";
constexpr std::size_t kMaxRefName = 96;

bool is_ref_char(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '.';
}

// The GNU licenses have an id for both; others take the sign.
void make_later(SimpleLicense& license) {
    if (license.id.ends_with(kOnly)) {
        license.id.replace(license.id.size() - kOnly.size(), kOnly.size(), "-or-later");
    } else {
        license.or_later = true;
    }
}

// "gpl-2.0+", not "openrail++".
bool is_later(std::string_view label) {
    return label.size() > 1 && label.ends_with('+') && !label.ends_with("++");
}

bool is_address(std::string_view text) {
    return text.starts_with("https://") || text.starts_with("http://");
}

} // namespace

std::string ref_name(std::string_view text) {
    std::string name;
    for (const char ch : text) {
        if (is_ref_char(ch)) {
            name += ch;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
        if (name.size() >= kMaxRefName) {
            break;
        }
    }
    while (name.ends_with('-')) {
        name.pop_back();
    }
    return name.empty() ? "unnamed" : name;
}

std::optional<Expression> all_of(std::vector<Expression> parts) {
    if (parts.empty()) {
        return std::nullopt;
    }
    if (parts.size() == 1) {
        return license::normalised(parts.front());
    }
    Expression all;
    all.kind = Expression::Kind::And;
    all.operands = std::move(parts);
    return license::normalised(all);
}

LicenseNames::LicenseNames(const license::Catalogue& catalogue) : catalogue_(catalogue) {
    for (const license::Reference& text : license::Fingerprints::built_in().references()) {
        if (!text.is_spdx || text.kind != license::ReferenceKind::License) {
            continue;
        }
        listed_.emplace(util::lower(text.id), text.id);
        for (const std::string& id : text.also) {
            listed_.emplace(util::lower(id), id);
        }
    }
}

Expression LicenseNames::leaf(std::string id) {
    Expression expression;
    expression.license.id = std::move(id);
    return expression;
}

Expression LicenseNames::custom_leaf(const std::string& name, std::string ref, std::string link) {
    const std::string wanted = ref;
    for (std::size_t i = 2;; ++i) {
        auto [at, is_new] = custom_.try_emplace(ref, CustomLicense{ref, name, link});
        if (is_new || at->second.name == name) {
            if (at->second.link.empty()) {
                at->second.link = std::move(link);
            }
            return leaf(std::move(ref));
        }
        ref = wanted + "-" + std::to_string(i);
    }
}

std::string LicenseNames::listed(const std::string& id) const {
    const auto found = listed_.find(util::lower(id));
    return found == listed_.end() ? std::string() : found->second;
}

LicenseTerms LicenseNames::simple(const std::string& label) {
    if (is_later(label)) {
        LicenseTerms terms = simple(label.substr(0, label.size() - 1));
        if (terms.expression) {
            terms.expression = license::normalised(*terms.expression); // "GPL-2.0" is "-only"
            make_later(terms.expression->license);
        }
        return terms;
    }
    // The list first: of its ids some are names of one record, such as those of GPL versions.
    if (std::string id = listed(label); !id.empty()) {
        return {leaf(std::move(id)), true};
    }
    const Record* record = catalogue_.find(label);
    if (record != nullptr && !record->spdx.empty()) {
        return {leaf(record->spdx), true};
    }
    if (record == nullptr) {
        const std::string_view name = label;
        const bool is_ref = name.starts_with(kRefPrefix);
        return {
            custom_leaf(
                label,
                std::string(kRefPrefix) + ref_name(is_ref ? name.substr(kRefPrefix.size()) : name),
                is_address(name) ? label : std::string()
            ),
            true};
    }
    if (record->id == "no-license") {
        return {};
    }
    const bool is_shared = !record->scancode.empty() && record->is_license();
    return {
        custom_leaf(
            record->name,
            std::string(kRefPrefix) +
                (is_shared ? "scancode-" + ref_name(record->scancode) : ref_name(record->id)),
            is_shared ? "https://scancode-licensedb.aboutcode.org/" + record->scancode + ".html"
                      : std::string()
        ),
        record->is_license()};
}

LicenseTerms LicenseNames::mapped(const Expression& expression) {
    if (expression.kind == Expression::Kind::License) {
        LicenseTerms one = simple(expression.license.id);
        if (one.expression) {
            one.expression->license.exception = expression.license.exception;
            if (expression.license.or_later) {
                make_later(one.expression->license);
            }
        }
        return one;
    }
    Expression all;
    all.kind = expression.kind;
    bool is_definite = true;
    for (const Expression& operand : expression.operands) {
        LicenseTerms part = mapped(operand);
        is_definite = is_definite && part.is_definite;
        if (part.expression) {
            all.operands.push_back(std::move(*part.expression));
        }
    }
    if (all.operands.size() < 2) {
        return all.operands.empty() ? LicenseTerms{}
                                    : LicenseTerms{std::move(all.operands.front()), false};
    }
    return {std::move(all), is_definite};
}

LicenseTerms LicenseNames::terms(const std::string& label) {
    const std::string text(util::trim(label));
    if (text.empty()) {
        return {};
    }
    if (catalogue_.find(text) == nullptr && listed(text).empty()) {
        const auto known = [this](std::string_view id) { return catalogue_.find(id) != nullptr; };
        const auto parsed = license::parse_expression(text, known);
        if (parsed.ok()) {
            return mapped(*parsed);
        }
    }
    return simple(text);
}

// `license: other` with a name of its own is a license like any; without one it says nothing.
LicenseTerms LicenseNames::other(const compliance::Node& node) {
    const std::string link = is_address(node.license_link) ? node.license_link : std::string();
    if (node.license_name.empty()) {
        return {
            custom_leaf(
                "terms of '" + node.id + "'",
                std::string(kRefPrefix) + ref_name("terms-of-" + node.id),
                link
            ),
            false};
    }
    const Record* record = catalogue_.find(node.license_name);
    if (record != nullptr || !listed(node.license_name).empty()) {
        return simple(node.license_name);
    }
    return {
        custom_leaf(node.license_name, std::string(kRefPrefix) + ref_name(node.license_name), link),
        true};
}

LicenseTerms LicenseNames::declared(const compliance::Node& node) {
    std::vector<Expression> parts;
    bool is_definite = !node.licenses.empty();
    for (const std::string& label : node.licenses) {
        const Record* record = catalogue_.find(label);
        LicenseTerms part = record != nullptr && record->id == "other" ? other(node) : terms(label);
        is_definite = is_definite && part.is_definite;
        if (part.expression) {
            parts.push_back(std::move(*part.expression));
        }
    }
    return {all_of(std::move(parts)), is_definite};
}

std::vector<CustomLicense> LicenseNames::custom() const {
    std::vector<CustomLicense> all;
    for (const auto& [ref, custom] : custom_) {
        all.push_back(custom);
    }
    return all;
}

} // namespace railhub::bom
