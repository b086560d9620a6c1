// SPDX-License-Identifier: Apache-2.0
// R25: pairs of licenses about which there is settled knowledge, or a matrix that somebody keeps.
// Two licenses that meet in one work, or one that meets the declared label.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using license::CompatibilitySource;
using license::Fit;
using license::PairAnswer;
using license::Record;
using report::Severity;
using Choice = Policy::Compatibility;

constexpr std::string_view kBuiltIn = "known-pairs";
constexpr std::string_view kMatrix = "osadl";

struct Opinion {
    Fit fit = Fit::Check;
    const CompatibilitySource* source = nullptr;
    const PairAnswer* answer = nullptr;
};

std::optional<Opinion>
opinion_on(const CompatibilitySource* source, const Record& inbound, const Record& outbound) {
    const PairAnswer* answer =
        source != nullptr ? source->answer(inbound.id, outbound.id) : nullptr;
    if (answer == nullptr) {
        return std::nullopt;
    }
    return Opinion{answer->fit, source, answer};
}

// Two that meet as equals fit if either may go into the other.
std::optional<Opinion>
meeting_of(const CompatibilitySource* source, const Record& a, const Record& b) {
    const std::optional<Opinion> there = opinion_on(source, a, b);
    const std::optional<Opinion> back = opinion_on(source, b, a);
    if (!there || !back) {
        return there ? there : back;
    }
    if (there->fit == Fit::Yes || back->fit == Fit::Yes) {
        return there->fit == Fit::Yes ? there : back;
    }
    return there->fit == Fit::No ? there : back;
}

struct Pair {
    const Claim* claim;
    const Record* other;
    bool is_outbound; // `other` is the declared label
};

std::optional<Opinion> ask(const Case& subject, std::string_view source_id, const Pair& pair) {
    const CompatibilitySource* source = subject.knowledge.compatibility(source_id);
    return pair.is_outbound ? opinion_on(source, *pair.claim->license, *pair.other)
                            : meeting_of(source, *pair.claim->license, *pair.other);
}

bool is_in_one_work(const Claim& claim) {
    return binds(claim) && claim.ancestor->trace.way == Way::Work &&
           claim.ancestor->trace.part != Part::Beside;
}

std::vector<Pair> pairs_of(const Case& subject) {
    std::vector<Pair> pairs;
    Once once;
    std::vector<const Claim*> distinct;
    for (const Claim& claim : subject.claims) {
        if (is_in_one_work(claim) && once(claim.license->id + (claim.is_copy ? " copy" : ""))) {
            distinct.push_back(&claim);
        }
    }
    const std::vector<const Record*> labels = licenses_of(subject_of(subject), subject.knowledge);
    for (std::size_t i = 0; i < distinct.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (distinct[i]->license != distinct[k]->license) {
                pairs.push_back({distinct[i], distinct[k]->license, false});
            }
        }
        for (const Record* label : labels) {
            // Of copies another label is the business of R23.
            if (label != distinct[i]->license && !distinct[i]->is_copy) {
                pairs.push_back({distinct[i], label, true});
            }
        }
    }
    return pairs;
}

report::Finding
pair_finding(const Case& subject, const Pair& pair, const Opinion& opinion, Severity severity) {
    const std::string into = pair.is_outbound ? "' into '" : "' together with '";
    report::Finding finding = finding_of(
        subject,
        *pair.claim,
        "R25",
        severity,
        nullptr,
        "'" + pair.claim->license->id + into + pair.other->id +
            "': " + (opinion.fit == Fit::No ? "not in one work" : "it depends") +
            (opinion.answer->note.empty() ? "" : ", " + opinion.answer->note) +
            " (source: " + opinion.source->name + "; " + opinion.source->attribution + ")",
        "keep the two apart, or choose another of them"
    );
    finding.citations = {
        {pair.claim->license->id, ""},
        {pair.other->id, ""},
    };
    if (const std::size_t colon = opinion.answer->section.find(':'); colon != std::string::npos) {
        finding.citations.push_back(
            {opinion.answer->section.substr(0, colon), opinion.answer->section.substr(colon + 1)}
        );
    }
    return finding;
}

void judge_contested(
    const Case& subject, const Pair& pair, const Opinion& a, const Opinion& b, Findings& findings
) {
    report::Finding finding = finding_of(
        subject,
        *pair.claim,
        "R25",
        Severity::Warning,
        nullptr,
        "contested: '" + pair.claim->license->id + "' and '" + pair.other->id + "' in one work: " +
            a.source->name + " says " + std::string(fit_word(a.fit)) + ", " + b.source->name +
            " says " + std::string(fit_word(b.fit)) + " (" + b.source->attribution + ")",
        "let a person decide which source to follow (policy 'compatibility')"
    );
    finding.citations.push_back({pair.other->id, ""});
    findings.push_back(std::move(finding));
}

void judge_pair(const Case& subject, const Pair& pair, Findings& findings) {
    const Choice choice = subject.policy.compatibility;
    const auto built_in = choice == Choice::Osadl ? std::nullopt : ask(subject, kBuiltIn, pair);
    const auto matrix = choice == Choice::BuiltIn ? std::nullopt : ask(subject, kMatrix, pair);
    if (built_in && matrix && built_in->fit != matrix->fit) {
        judge_contested(subject, pair, *built_in, *matrix, findings);
        return;
    }
    const std::optional<Opinion>& opinion = built_in ? built_in : matrix;
    if (opinion && opinion->fit != Fit::Yes) {
        findings.push_back(pair_finding(
            subject, pair, *opinion, opinion->fit == Fit::No ? Severity::Error : Severity::Warning
        ));
    }
}

} // namespace

void known_pairs(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use)) {
        return;
    }
    for (const Pair& pair : pairs_of(subject)) {
        judge_pair(subject, pair, findings);
    }
}

} // namespace railhub::compliance::rule
