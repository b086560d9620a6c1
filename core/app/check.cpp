// SPDX-License-Identifier: Apache-2.0
// Puts the parts together; what cannot be read or is unknown becomes a finding, not an error.
#include "core/app/check.h"

#include "core/app/build_lineage.h"
#include "core/app/written_terms.h"
#include "core/card/card.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace railhub::app {

namespace {

constexpr const char* kReadmePath = "README.md";
constexpr std::uint64_t kMaxReadme = std::uint64_t{8} << 20;

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

std::string name_of(const Source& source, const CheckOptions& options) {
    return options.id.empty() ? source.label() : options.id;
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
    const Source& source,
    const CheckOptions& options,
    const license::Catalogue& catalogue,
    const util::Error& error
) {
    report::Report report;
    report.subject = source.label();
    report.knowledge = catalogue.description();
    report.lineage = {
        {name_of(source, options),
         std::string(types::kind_word(options.kind)),
         options.revision,
         "",
         ""}};
    report::Finding finding;
    finding.rule = "card.readable";
    finding.severity = report::Severity::Error;
    finding.subject = name_of(source, options);
    finding.message = error.message;
    finding.fix =
        error.hint.empty() ? "correct README.md; 'railhub card lint' says where" : error.hint;
    finding.location = report::Location{kReadmePath, 0, 0};
    report.findings.push_back(std::move(finding));
    return report;
}

// Names in `use_restrictions` that mean nothing carry nothing; say so.
void note_unknown_restrictions(
    const card::Card& card,
    const license::Catalogue& catalogue,
    const std::string& subject,
    report::Report& report
) {
    constexpr std::size_t kMaxSaid = 20;
    std::size_t said = 0;
    for (const std::string& name : card.use_restrictions) {
        const std::string id = name.substr(0, name.find('#'));
        if (catalogue.restriction_set(name) != nullptr || catalogue.taxonomy().contains(id)) {
            continue;
        }
        if (++said > kMaxSaid) {
            return;
        }
        const card::Position at = card.position("use_restrictions");
        report::Finding finding;
        finding.rule = "card.use_restrictions";
        finding.severity = report::Severity::Warning;
        finding.subject = subject;
        finding.message = "'" + name + "' is neither a restriction set nor a use restriction";
        finding.fix = "use the id of a set or of the taxonomy; 'railhub license show' lists those "
                      "of a license";
        finding.location = report::Location{kReadmePath, at.line, at.column};
        report.findings.push_back(std::move(finding));
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

util::Result<std::optional<UpstreamCard>> OfflineResolver::card_of(
    const util::Context& /*ctx*/, types::RepoKind /*kind*/, const std::string& id
) {
    return util::fail(util::Code::Unavailable, "cannot look up '" + id + "': offline");
}

util::Result<report::Report> check(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    auto readme = source.read(ctx, kReadmePath, kMaxReadme);
    if (!readme.ok()) {
        if (readme.error().code != util::Code::TooLarge) {
            return std::move(readme).error();
        }
        return unreadable(source, options, catalogue, readme.error());
    }
    const auto card = card::parse(readme->value_or(""));
    if (!card.ok()) {
        return unreadable(source, options, catalogue, card.error());
    }
    RAILHUB_TRY(const std::vector<std::string> files, source.files(ctx));
    const std::string subject = name_of(source, options);
    RAILHUB_TRY(
        compliance::Lineage lineage,
        build_lineage(ctx, *card, files, subject, resolver, options, catalogue)
    );
    RAILHUB_TRY(
        std::vector<report::Finding> about_terms,
        apply_written_terms(ctx, source, catalogue, lineage)
    );
    report::Report report =
        compliance::evaluate(lineage, named_use(options), options.policy, catalogue);
    report.subject = source.label();
    note_unknown_restrictions(*card, catalogue, subject, report);
    std::move(about_terms.begin(), about_terms.end(), std::back_inserter(report.findings));
    report.finish();
    return report;
}

util::Result<compliance::Lineage> lineage_of(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
) {
    RAILHUB_TRY(const auto readme, source.read(ctx, kReadmePath, kMaxReadme));
    RAILHUB_TRY(const card::Card card, card::parse(readme.value_or("")));
    RAILHUB_TRY(const std::vector<std::string> files, source.files(ctx));
    return build_lineage(ctx, card, files, name_of(source, options), resolver, options, catalogue);
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
