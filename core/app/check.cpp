// SPDX-License-Identifier: Apache-2.0
// Puts the parts together; what cannot be read or is unknown becomes a finding, not an error.
#include "core/app/check.h"

#include "core/app/build_lineage.h"
#include "core/app/gather.h"
#include "core/app/written_terms.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace railhub::app {

namespace {

constexpr const char* kReadmePath = "README.md";

struct GateWord {
    GateMode mode;
    std::string_view word;
};

constexpr std::array kGateWords = {
    GateWord{GateMode::Off, "off"},
    GateWord{GateMode::Warn, "warn"},
    GateWord{GateMode::Enforce, "enforce"},
    GateWord{GateMode::Strict, "strict"},
};

std::string name_of(const std::string& label, const CheckOptions& options) {
    return options.id.empty() ? label : options.id;
}

util::Error unreadable_card(const origin::Facts& facts) {
    return util::fail(util::Code::InvalidInput, facts.card_problem, facts.card_hint);
}

// What is in a repository is passed on under the name of the repository, unless another is stated.
compliance::Use named_use(const CheckOptions& options) {
    compliance::Use use = options.use;
    if (use.declared_name.empty()) {
        use.declared_name = options.id;
    }
    return use;
}

// A card that cannot be read hides what it was made from; letting it pass would be a way around the
// check.
report::Report unreadable(
    const std::string& label,
    const CheckOptions& options,
    const license::Catalogue& catalogue,
    const origin::Facts& facts
) {
    report::Report report;
    report.subject = label;
    report.knowledge = catalogue.description();
    report.lineage = {
        {name_of(label, options),
         std::string(types::kind_word(options.kind)),
         options.revision,
         "",
         ""}};
    report::Finding finding;
    finding.rule = "card.readable";
    finding.severity = report::Severity::Error;
    finding.subject = name_of(label, options);
    finding.message = facts.card_problem;
    finding.fix = facts.card_hint.empty() ? "correct README.md; 'railhub card lint' says where"
                                          : facts.card_hint;
    finding.location = report::Location{kReadmePath, 0, 0};
    report.findings.push_back(std::move(finding));
    return report;
}

// Names in `use_restrictions` that mean nothing carry nothing; say so.
void note_unknown_restrictions(
    const origin::Facts& facts,
    const license::Catalogue& catalogue,
    const std::string& subject,
    report::Report& report
) {
    constexpr std::size_t kMaxSaid = 20;
    constexpr std::string_view kRestriction = "use-restriction:";
    std::size_t said = 0;
    for (const std::string& carried : facts.carries) {
        const std::string name =
            carried.starts_with(kRestriction) ? carried.substr(kRestriction.size()) : std::string();
        const std::string id = name.substr(0, name.find('#'));
        if (name.empty() || catalogue.taxonomy().contains(id)) {
            continue;
        }
        if (++said > kMaxSaid) {
            return;
        }
        report::Finding finding;
        finding.rule = "card.use_restrictions";
        finding.severity = report::Severity::Warning;
        finding.subject = subject;
        finding.message = "'" + name + "' is neither a restriction set nor a use restriction";
        finding.fix = "use the id of a set or of the taxonomy; 'railhub license show' lists those "
                      "of a license";
        finding.location = facts.restrictions_at;
        report.findings.push_back(std::move(finding));
    }
}

// A file that should say what an artifact was made from, and cannot be read, hides it.
void note_hidden_origin(const compliance::Lineage& lineage, report::Report& report) {
    for (const compliance::Node& node : lineage.nodes) {
        for (const std::string& problem : node.problems) {
            report::Finding finding;
            finding.rule = "lineage.source";
            finding.severity = report::Severity::Warning;
            finding.subject = node.id;
            finding.message = "a file of '" + node.id +
                              "' that says what it was made from cannot be read: " + problem;
            finding.fix = "correct or remove the file; 'railhub lineage' shows what is known";
            report.findings.push_back(std::move(finding));
        }
    }
}

std::string gate_line(const report::Report& report) {
    std::string line = "license check: " + std::string(report::verdict_word(report.verdict()));
    if (!report.findings.empty()) {
        const report::Finding& worst = report.findings.front();
        line += " (" + worst.rule + ": " + worst.message + ")";
    }
    std::replace_if(
        line.begin(),
        line.end(),
        [](char ch) { return static_cast<unsigned char>(ch) < 0x20 || ch == 0x7F; },
        '?'
    );
    return line;
}

} // namespace

util::Result<std::optional<Upstream>>
OfflineResolver::find(const util::Context& /*ctx*/, const UpstreamName& name) {
    return util::fail(util::Code::Unavailable, "cannot look up '" + name.id + "': offline");
}

util::Result<JudgedFacts> judge_facts(
    const util::Context& ctx,
    const origin::Facts& facts,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    JudgedFacts judged;
    judged.use = named_use(options);
    const std::string label = source.label();
    const std::string subject = name_of(label, options);
    if (!facts.card_problem.empty()) {
        judged.lineage.nodes.emplace_back();
        judged.lineage.nodes.front().id = subject;
        judged.lineage.nodes.front().resolution = compliance::Resolution::Unreadable;
        judged.report = unreadable(label, options, catalogue, facts);
        return judged;
    }
    RAILHUB_TRY(judged.lineage, build_lineage(ctx, facts, subject, resolver, options, catalogue));
    RAILHUB_TRY(
        std::vector<report::Finding> about_terms,
        apply_written_terms(ctx, source, catalogue, judged.lineage)
    );
    report::Report& report = judged.report;
    report = compliance::evaluate(judged.lineage, judged.use, options.policy, catalogue);
    report.subject = label;
    note_unknown_restrictions(facts, catalogue, subject, report);
    note_hidden_origin(judged.lineage, report);
    std::move(about_terms.begin(), about_terms.end(), std::back_inserter(report.findings));
    report.finish();
    return judged;
}

util::Result<report::Report> check(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    RAILHUB_TRY(const origin::Facts facts, gather(ctx, source, options.kind, catalogue));
    RAILHUB_TRY(JudgedFacts judged, judge_facts(ctx, facts, source, resolver, catalogue, options));
    return std::move(judged.report);
}

util::Result<JudgedFacts> check_in_full(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    RAILHUB_TRY(const origin::Facts facts, gather(ctx, source, options.kind, catalogue));
    if (!facts.card_problem.empty()) {
        return unreadable_card(facts);
    }
    return judge_facts(ctx, facts, source, resolver, catalogue, options);
}

util::Result<compliance::Lineage> lineage_of(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    RAILHUB_TRY(const origin::Facts facts, gather(ctx, source, options.kind, catalogue));
    if (!facts.card_problem.empty()) {
        return unreadable_card(facts);
    }
    return build_lineage(
        ctx, facts, name_of(source.label(), options), resolver, options, catalogue
    );
}

bool fails(const report::Report& report, const compliance::Policy& policy) {
    return report.verdict() >= policy.fail_on;
}

std::string_view gate_mode_word(GateMode mode) {
    return kGateWords.at(static_cast<std::size_t>(mode)).word;
}

std::optional<GateMode> parse_gate_mode(std::string_view word) {
    for (const GateWord& row : kGateWords) {
        if (row.word == word) {
            return row.mode;
        }
    }
    return std::nullopt;
}

util::Result<GateAnswer> gate(
    const util::Context& ctx,
    GateMode mode,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    GateAnswer answer;
    if (mode == GateMode::Off) {
        return answer;
    }
    CheckOptions asked = options;
    if (mode == GateMode::Strict) {
        asked.policy.fail_on = std::min(asked.policy.fail_on, report::Verdict::NeedsHuman);
    }
    RAILHUB_TRY(answer.report, check(ctx, source, resolver, catalogue, asked));
    if (!fails(answer.report, asked.policy)) {
        return answer;
    }
    using Decision = GateAnswer::Decision;
    answer.decision = mode == GateMode::Warn ? Decision::PassWithWarning : Decision::Refuse;
    answer.message = gate_line(answer.report);
    return answer;
}

} // namespace railhub::app
