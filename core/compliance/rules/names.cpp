// SPDX-License-Identifier: Apache-2.0
// R11: names, credits and disclaimers that a license asks of what is made from it. A declared name
// or page that contradicts them is a conflict; what is not stated is a duty.
#include "core/compliance/obligations.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using report::Severity;

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char ch : text) {
        const char small = ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch - 'A' + 'a') : ch;
        if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9')) {
            letters += small;
        }
    }
    return letters;
}

// "acme/Llama-3.1-x" -> "Llama-3.1-x"
std::string_view last_part(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

const license::Term* due_prefix(const Case& subject, const Claim& claim) {
    const license::Term* term = claim.license->obligation("name-prefix");
    return term != nullptr && !term->detail.empty() && is_due(subject, claim, *term) ? term
                                                                                     : nullptr;
}

void judge_name(
    const Case& subject, const Claim& claim, const license::Term& term, Findings& findings
) {
    const std::string& name = subject.use.declared_name;
    if (name.empty() || letters_of(last_part(name)).starts_with(letters_of(term.detail))) {
        return;
    }
    findings.push_back(finding_of(
        subject,
        claim,
        "R11",
        Severity::Error,
        &term,
        "'" + claim.license->id + "' asks for '" + term.detail +
            "' at the beginning of the name, and the name is '" + name + "'",
        "rename it so that it begins with '" + term.detail + "'"
    ));
}

// Only one word can stand at the beginning, unless one begins with the other.
void judge_two_names(const Case& subject, Findings& findings) {
    const Claim* first = nullptr;
    for (const Claim& claim : subject.claims) {
        const license::Term* term = claim.judged ? due_prefix(subject, claim) : nullptr;
        if (term == nullptr) {
            continue;
        }
        if (first == nullptr) {
            first = &claim;
            continue;
        }
        const license::Term& other = *first->license->obligation("name-prefix");
        const std::string a = letters_of(other.detail);
        const std::string b = letters_of(term->detail);
        if (!a.starts_with(b) && !b.starts_with(a)) {
            report::Finding finding = finding_of(
                subject,
                claim,
                "R16",
                Severity::Error,
                term,
                "'" + first->license->id + "' wants '" + other.detail + "' and '" +
                    claim.license->id + "' wants '" + term->detail +
                    "' at the beginning of one name",
                "leave one of the two out"
            );
            cite(finding, *first->license, &other);
            findings.push_back(std::move(finding));
            return;
        }
    }
}

void judge_disclaimer(const Case& subject, const Claim& claim, Findings& findings) {
    const license::Term* term = claim.license->obligation("derivative-disclaimer");
    const bool is_missing = term != nullptr && binds(claim) && is_due(subject, claim, *term) &&
                            !subject_of(subject).carries.empty() &&
                            !carries_any(subject, "display:") &&
                            !carries(subject, "derivative-disclaimer");
    if (is_missing) {
        findings.push_back(finding_of(
            subject,
            claim,
            "R11",
            Severity::Error,
            term,
            "'" + claim.license->id +
                "' asks for a disclaimer with each derivative, and none is on the page",
            "publish the disclaimer that the license words"
        ));
    }
}

} // namespace

void names(const Case& subject, Findings& findings) {
    if (!is_shared(subject.use)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!claim.judged) {
            continue;
        }
        const license::Term* prefix = due_prefix(subject, claim);
        if (prefix != nullptr && once(claim.license->id)) {
            judge_name(subject, claim, *prefix, findings);
        }
        if (once(
                claim.license->id + " disclaimer " +
                std::to_string(static_cast<int>(claim.treatment))
            )) {
            judge_disclaimer(subject, claim, findings);
        }
    }
    judge_two_names(subject, findings);
}

} // namespace railhub::compliance::rule
