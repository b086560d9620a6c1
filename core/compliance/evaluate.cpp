// SPDX-License-Identifier: Apache-2.0
// Runs every rule of the table over one case and adds the obligations that are due; where labels
// leave a choice, takes the best of what upstream offers and the worst of what the subject offers.
#include "core/compliance/evaluate.h"

#include "core/compliance/choices.h"
#include "core/compliance/claims.h"
#include "core/compliance/obligations.h"
#include "core/util/text.h"

#include <algorithm>
#include <tuple>

namespace railhub::compliance {

namespace {

constexpr std::size_t kMaxProduct = 64; // combinations that are all tried
constexpr int kPasses = 2;              // rounds over the nodes where there are more

struct Question {
    const Lineage& lineage;
    const Use& use;
    const Policy& policy;
    const license::Catalogue& knowledge;
    const std::vector<Ancestor>& upstream;
};

// One answer, labels settled.
report::Report evaluate_settled(const Question& question, const Lineage& lineage) {
    Case subject{lineage, question.upstream, question.use, question.policy, question.knowledge, {}};
    subject.claims = claims_of(subject);
    report::Report report;
    for (const Rule& rule : rules()) {
        rule.apply(subject, report.findings);
    }
    report.obligations = obligations_of(subject);
    report.finish();
    return report;
}

// The verdict alone: nothing is sorted, and an error ends the search.
report::Verdict verdict_settled(const Question& question) {
    Case subject{
        question.lineage, question.upstream, question.use, question.policy, question.knowledge, {}};
    subject.claims = claims_of(subject);
    std::vector<report::Finding> findings;
    bool needs_human = false;
    for (const Rule& rule : rules()) {
        findings.clear();
        rule.apply(subject, findings);
        for (const report::Finding& finding : findings) {
            if (finding.severity == report::Severity::Error) {
                return report::Verdict::Conflict;
            }
            needs_human |= finding.severity == report::Severity::Warning;
        }
    }
    if (needs_human) {
        return report::Verdict::NeedsHuman;
    }
    return obligations_of(subject).empty() ? report::Verdict::Ok
                                           : report::Verdict::OkWithObligations;
}

struct Choice {
    std::size_t node;
    std::vector<LabelWay> ways;
    std::size_t taken = 0;
};

void settle(Lineage& lineage, const Choice& choice, std::size_t way) {
    lineage.nodes[choice.node].licenses = choice.ways[way];
}

// Every way the subject offers has to hold.
report::Report evaluate_offer(const Question& question, Lineage& lineage, const Choice* offer) {
    if (offer == nullptr) {
        return evaluate_settled(question, lineage);
    }
    report::Report all;
    for (std::size_t way = 0; way < offer->ways.size(); ++way) {
        settle(lineage, *offer, way);
        report::Report one = evaluate_settled(question, lineage);
        all.findings.insert(all.findings.end(), one.findings.begin(), one.findings.end());
        all.obligations.insert(
            all.obligations.end(), one.obligations.begin(), one.obligations.end()
        );
    }
    settle(lineage, *offer, 0);
    all.finish();
    return all;
}

auto badness(const report::Report& report) {
    return std::tuple(
        report.verdict(),
        report.count(report::Severity::Error),
        report.count(report::Severity::Warning),
        report.obligations.size()
    );
}

class Chooser {
  public:
    Chooser(
        const Question& question, Lineage lineage, std::vector<Choice> choices, const Choice* offer
    )
        : question_(question), lineage_(std::move(lineage)), choices_(std::move(choices)),
          offer_(offer) {
        for (const Choice& choice : choices_) {
            settle(lineage_, choice, 0);
        }
        best_ = evaluate_offer(question_, lineage_, offer_);
    }

    report::Report run() {
        std::size_t product = 1;
        for (const Choice& choice : choices_) {
            product = product > kMaxProduct ? product : product * choice.ways.size();
        }
        if (product <= kMaxProduct) {
            try_all(product);
        } else {
            for (int pass = 0; pass < kPasses; ++pass) {
                improve();
            }
        }
        note_choices();
        return std::move(best_);
    }

  private:
    void try_all(std::size_t product) {
        std::vector<std::size_t> taken(choices_.size(), 0);
        for (std::size_t number = 1; number < product; ++number) {
            std::size_t rest = number;
            for (std::size_t i = 0; i < choices_.size(); ++i) {
                taken[i] = rest % choices_[i].ways.size();
                rest /= choices_[i].ways.size();
                settle(lineage_, choices_[i], taken[i]);
            }
            if (take_if_better()) {
                for (std::size_t i = 0; i < choices_.size(); ++i) {
                    choices_[i].taken = taken[i];
                }
            }
        }
    }

    // One choice after the other, the rest as it is.
    void improve() {
        for (Choice& choice : choices_) {
            for (std::size_t way = 0; way < choice.ways.size(); ++way) {
                settle(lineage_, choice, way);
                if (way != choice.taken && take_if_better()) {
                    choice.taken = way;
                }
            }
            settle(lineage_, choice, choice.taken);
        }
    }

    bool take_if_better() {
        report::Report next = evaluate_offer(question_, lineage_, offer_);
        if (badness(next) < badness(best_)) {
            best_ = std::move(next);
            return true;
        }
        return false;
    }

    void note_choices() {
        for (const Choice& choice : choices_) {
            const Node& node = lineage_.nodes[choice.node];
            report::Finding finding;
            finding.rule = "R1";
            finding.subject = node.id;
            finding.message = "of '" + node.expression + "' of '" + node.id + "', '" +
                              util::join(choice.ways[choice.taken], " AND ") + "' is taken";
            for (const std::string& label : choice.ways[choice.taken]) {
                if (const license::Record* record = question_.knowledge.find(label)) {
                    finding.citations.push_back({record->id, ""});
                }
            }
            best_.findings.push_back(std::move(finding));
        }
    }

    const Question& question_;
    Lineage lineage_;
    std::vector<Choice> choices_;
    const Choice* offer_;
    report::Report best_;
};

report::Report evaluate_choices(const Question& question) {
    Lineage lineage = question.lineage;
    std::vector<Choice> choices;
    std::optional<Choice> offer;
    for (std::size_t i = 0; i < lineage.nodes.size(); ++i) {
        std::vector<LabelWay> ways = ways_to_choose(lineage.nodes[i], question.knowledge);
        if (ways.size() == 1 && ways.front() == lineage.nodes[i].licenses) {
            continue;
        }
        lineage.nodes[i].expression = util::join(lineage.nodes[i].licenses, ", ");
        lineage.nodes[i].licenses = ways.front();
        if (i == 0) {
            offer = Choice{i, std::move(ways)};
        } else if (ways.size() > 1) {
            choices.push_back({i, std::move(ways)});
        }
    }
    return Chooser(question, std::move(lineage), std::move(choices), offer ? &*offer : nullptr)
        .run();
}

} // namespace

report::Report evaluate(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const std::vector<Ancestor> upstream = ancestors(lineage);
    report::Report report = evaluate_choices(Question{lineage, use, policy, knowledge, upstream});
    report.subject = lineage.nodes.front().id;
    report.knowledge = knowledge.description();
    report.lineage = artifacts_of(lineage);
    report.finish();
    return report;
}

report::Verdict verdict_of(
    const Lineage& lineage,
    const std::vector<Ancestor>& upstream,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const Question question{lineage, use, policy, knowledge, upstream};
    const bool is_settled =
        std::all_of(lineage.nodes.begin(), lineage.nodes.end(), [&](const Node& node) {
            const std::vector<LabelWay> ways = ways_to_choose(node, knowledge);
            return ways.size() == 1 && ways.front() == node.licenses;
        });
    return is_settled ? verdict_settled(question) : evaluate_choices(question).verdict();
}

} // namespace railhub::compliance
