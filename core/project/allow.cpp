// SPDX-License-Identifier: Apache-2.0
// Of an expression one allowed way to choose is enough.
#include "core/project/allow.h"

#include "core/compliance/choices.h"
#include "core/compliance/labels.h"
#include "core/project/codes.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::project {

namespace {

using compliance::Lineage;
using compliance::Node;
using license::Record;

constexpr std::string_view kFamilyPrefix = "family:";
constexpr std::string_view kTermPrefix = "term:";

bool has_term(const Record& record, std::string_view term) {
    return record.limit(term) != nullptr || record.obligation(term) != nullptr;
}

bool is_named(const Word& entry, const Record& record, const license::Catalogue& catalogue) {
    const std::string_view text = entry.text;
    if (text.starts_with(kFamilyPrefix)) {
        return record.family == text.substr(kFamilyPrefix.size());
    }
    if (text.starts_with(kTermPrefix)) {
        return has_term(record, text.substr(kTermPrefix.size()));
    }
    return catalogue.find(text) == &record;
}

bool is_in(
    const std::vector<Word>& list, const Record& record, const license::Catalogue& catalogue
) {
    return std::any_of(list.begin(), list.end(), [&](const Word& entry) {
        return is_named(entry, record, catalogue);
    });
}

// Nothing but what is listed, and at least licensed.
bool has_only(const std::vector<Word>& terms, const Record& record) {
    const auto listed = [&terms](const license::Term& term) {
        return std::any_of(terms.begin(), terms.end(), [&term](const Word& entry) {
            return entry.text == term.term;
        });
    };
    return !terms.empty() && record.is_license() &&
           std::all_of(record.obligations.begin(), record.obligations.end(), listed) &&
           std::all_of(record.limits.begin(), record.limits.end(), listed);
}

enum class Standing : std::uint8_t { Fine, NotListed, Denied };

class Judge {
  public:
    Judge(const PolicyRules& policy, const license::Catalogue& catalogue)
        : policy_(policy), catalogue_(catalogue) {}

    // The best of all ways to choose; `why` names the license that decided.
    [[nodiscard]] Standing judge(const Node& node, std::string& why) const {
        Standing best = Standing::Denied;
        std::string reason;
        for (const compliance::LabelWay& way : compliance::ways_to_choose(node, catalogue_)) {
            Node chosen = node;
            chosen.licenses = way;
            std::string decided;
            const Standing standing = judge_way(chosen, decided);
            if (reason.empty() || standing < best) {
                best = standing;
                reason = decided;
            }
        }
        why = reason;
        return best;
    }

  private:
    [[nodiscard]] Standing judge_way(const Node& node, std::string& why) const {
        Standing worst = Standing::Fine;
        for (const compliance::Label& label : compliance::labels_of(node, catalogue_)) {
            const Standing standing = judge_label(label);
            if (why.empty() || standing > worst) {
                why = label.record != nullptr ? label.record->id : label.text;
                worst = standing;
            }
        }
        return worst;
    }

    [[nodiscard]] Standing judge_label(const compliance::Label& label) const {
        const bool has_list = !policy_.allow.empty() || !policy_.allow_terms.empty();
        if (label.record == nullptr) {
            return has_list ? Standing::NotListed : Standing::Fine;
        }
        if (is_in(policy_.deny, *label.record, catalogue_)) {
            return Standing::Denied;
        }
        const bool is_fine = !has_list || is_in(policy_.allow, *label.record, catalogue_) ||
                             has_only(policy_.allow_terms, *label.record);
        return is_fine ? Standing::Fine : Standing::NotListed;
    }

    const PolicyRules& policy_;
    const license::Catalogue& catalogue_;
};

bool is_called(const Node& node, const std::string& id) {
    return util::equal_ignore_case(node.id, id) ||
           std::any_of(node.names.begin(), node.names.end(), [&id](const std::string& name) {
               return util::equal_ignore_case(name, id);
           });
}

// Does an exception for this artifact let the license pass?
bool is_excepted(
    const Node& node,
    const PolicyRules& policy,
    const license::Catalogue& catalogue,
    std::set<std::size_t>& used
) {
    for (std::size_t i = 0; i < policy.exceptions.size(); ++i) {
        const Exception& exception = policy.exceptions[i];
        if (!is_called(node, exception.artifact.text)) {
            continue;
        }
        PolicyRules only;
        only.allow = exception.allow;
        std::string why;
        if (Judge(only, catalogue).judge(node, why) == Standing::Fine) {
            used.insert(i);
            return true;
        }
    }
    return false;
}

report::Finding finding_for(
    const Lineage& lineage,
    const std::vector<compliance::Ancestor>& all,
    const compliance::Ancestor& ancestor,
    Standing standing,
    const std::string& why
) {
    const Node& node = lineage.nodes[ancestor.node];
    const bool is_denied = standing == Standing::Denied;
    const bool has_none = node.licenses.empty();
    report::Finding finding = finding_of(
        is_denied ? "allow.denied" : "allow.not-listed",
        lineage.nodes.front().id,
        has_none ? "'" + node.id + "' states no license, and only listed ones are allowed"
                 : "'" + node.id + "' is under '" + why + "', which the policy " +
                       (is_denied ? "denies" : "does not allow")
    );
    finding.fix = "replace the artifact, or add a [[policy.exceptions]] for '" + node.id +
                  "' with a reason" +
                  (is_denied || has_none ? "" : "; or add '" + why + "' to 'policy.allow'");
    finding.chain = compliance::chain_of(lineage, all, ancestor);
    if (!has_none) {
        finding.citations.push_back({why, ""});
    }
    return finding;
}

} // namespace

std::vector<report::Finding> judge_allowed(
    const Lineage& lineage,
    const PolicyRules& policy,
    const license::Catalogue& catalogue,
    std::set<std::size_t>& used
) {
    std::vector<report::Finding> findings;
    if (policy.allow.empty() && policy.allow_terms.empty() && policy.deny.empty()) {
        return findings;
    }
    const std::vector<compliance::Ancestor> all = compliance::ancestors(lineage);
    std::set<std::size_t> seen;
    for (const compliance::Ancestor& ancestor : all) {
        const Node& node = lineage.nodes[ancestor.node];
        if (node.resolution != compliance::Resolution::Resolved ||
            ancestor.trace.way == compliance::Way::Remote || !seen.insert(ancestor.node).second) {
            continue;
        }
        std::string why;
        const Standing standing = Judge(policy, catalogue).judge(node, why);
        if (standing != Standing::Fine && !is_excepted(node, policy, catalogue, used)) {
            findings.push_back(finding_for(lineage, all, ancestor, standing, why));
        }
    }
    return findings;
}

std::vector<report::Finding>
check_policy_names(const PolicyRules& policy, const license::Catalogue& catalogue) {
    std::vector<std::string> ids;
    std::set<std::string> families;
    for (const Record& record : catalogue.records()) {
        ids.push_back(record.id);
        families.insert(record.family);
    }
    std::vector<report::Finding> findings;
    const auto check = [&](const Word& entry) {
        const std::string& text = entry.text;
        const bool is_family = text.starts_with(kFamilyPrefix);
        const bool is_term = text.starts_with(kTermPrefix);
        const bool is_known = is_family ? families.contains(text.substr(kFamilyPrefix.size()))
                              : is_term
                                  ? !catalogue.meaning(text.substr(kTermPrefix.size())).empty()
                                  : catalogue.find(text) != nullptr;
        if (is_known) {
            return;
        }
        report::Finding finding = finding_of(
            "policy.unknown-license",
            "policy",
            "the policy names '" + text + "', which is not in the catalogue"
        );
        const std::string near = is_family || is_term ? "" : util::nearest(text, ids);
        finding.fix =
            near.empty() ? "'railhub license list' has the ids" : "did you mean '" + near + "'?";
        finding.location = entry.at;
        findings.push_back(std::move(finding));
    };
    for (const std::vector<Word>* list : {&policy.allow, &policy.deny}) {
        std::for_each(list->begin(), list->end(), check);
    }
    for (const Word& term : policy.allow_terms) {
        check({std::string(kTermPrefix) + term.text, term.at});
    }
    for (const Exception& exception : policy.exceptions) {
        std::for_each(exception.allow.begin(), exception.allow.end(), check);
    }
    return findings;
}

} // namespace railhub::project
