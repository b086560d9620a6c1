// SPDX-License-Identifier: Apache-2.0
// Baseline and changes first, on paths as the source knows them; then the paths as the user sees
// them, and the forms.
#include "cli/report_output.h"

#include "cli/rule_pages.h"
#include "core/app/excerpts.h"
#include "core/repo/changed_files.h"
#include "core/report/baseline.h"
#include "core/report/formats.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMaxBaseline = std::uint64_t{64} << 20;

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const auto& format : report::formats()) {
        names.emplace_back(format.name);
    }
    return names;
}

Style style_of(report::Emphasis emphasis) {
    switch (emphasis) {
    case report::Emphasis::Error:
        return Style::Red;
    case report::Emphasis::Warning:
        return Style::Yellow;
    case report::Emphasis::Good:
        return Style::Green;
    case report::Emphasis::Note:
        return Style::Dim;
    case report::Emphasis::Heading:
        return Style::Bold;
    case report::Emphasis::Marker:
        return Style::Red;
    }
    return Style::Plain;
}

// A form of the report and the file it goes to.
struct ReportFile {
    const report::Format* format = nullptr;
    std::string path;
};

util::Result<ReportFile> parse_report_file(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const report::Format* format = report::find_format(name);
    if (equals == std::string::npos || equals + 1 == text.size() || format == nullptr) {
        return util::fail(
            util::Code::InvalidInput,
            "'--report " + text + "' is not FORMAT=FILE",
            "for example '--report sarif=railhub.sarif'; formats: " +
                util::join(format_names(), ", ")
        );
    }
    return ReportFile{format, text.substr(equals + 1)};
}

util::Result<> write_report(Shell& shell, const std::string& path, const std::string& text) {
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(text))
                    .with_context("cannot write the report"));
    shell.terminal.say("wrote '" + path + "'");
    return {};
}

util::Result<> apply_baselines(Shell& shell, const Args& args, report::Report& report) {
    if (args.has("write-baseline")) {
        const util::Json json = report::to_json(report);
        RAILHUB_TRY(write_report(shell, args.text("write-baseline"), json.dump_pretty()));
        RAILHUB_TRY(const report::Baseline all, report::Baseline::parse(json));
        all.apply(report);
    }
    if (args.has("baseline")) {
        const std::string path = args.text("baseline");
        RAILHUB_TRY(const std::string text, util::read_file(shell.fs, path, kMaxBaseline));
        RAILHUB_TRY(const util::Json json, util::parse_json(text).with_context("'" + path + "'"));
        RAILHUB_TRY(
            const report::Baseline known,
            report::Baseline::parse(json).with_context("'" + path + "'")
        );
        known.apply(report);
    }
    return {};
}

util::Result<> apply_changes(const Args& args, const CheckedPlace& place, report::Report& report) {
    if (!args.has("changed-since")) {
        return {};
    }
    if (place.folder.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "'--changed-since' compares a folder with its git history, and this is a repository of "
            "the hub",
            "check the folder of a clone"
        );
    }
    RAILHUB_TRY(
        const std::set<std::string> paths,
        repo::changed_files(place.folder, args.text("changed-since"))
    );
    report::keep_changed(report, paths);
    return {};
}

// Paths as they are seen from the working folder, where the user named one below it: that is what
// editors and code hosts follow.
void show_from_here(const std::string& folder, report::Report& report) {
    std::string prefix;
    for (const std::string_view part : util::split(folder, '/')) {
        if (!part.empty() && part != ".") {
            prefix.append(prefix.empty() ? "" : "/").append(part);
        }
    }
    if (prefix.empty() || folder.starts_with('/') || prefix.starts_with("..")) {
        return;
    }
    const auto seen = [&prefix](std::string& path) { path = util::join_path(prefix, path); };
    for (report::Finding& finding : report.findings) {
        if (finding.location) {
            seen(finding.location->path);
        }
    }
    for (report::Waived& waived : report.waived) {
        if (waived.finding.location) {
            seen(waived.finding.location->path);
        }
    }
    for (report::SourceLine& line : report.sources) {
        seen(line.path);
    }
}

util::Result<> write_forms(
    Shell& shell,
    const Args& args,
    const report::Report& report,
    const std::vector<ReportFile>& files,
    report::Verdict fail_on
) {
    report::RenderOptions options;
    options.explain = args.has("explain") ? report::Explain::Yes : report::Explain::No;
    options.fail_on = fail_on;
    for (const ReportFile& file : files) {
        RAILHUB_TRY(write_report(shell, file.path, file.format->render(report, options)));
    }
    const std::string name = args.has("format") ? args.text("format")
                             : shell.is_json()  ? "json"
                                                : "text";
    const report::Format* format = report::find_format(name);
    RAILHUB_ASSERT(format != nullptr); // one of the option's choices
    if (args.has("output")) {
        return write_report(shell, args.text("output"), format->render(report, options));
    }
    options.paint = [&shell](report::Emphasis emphasis, std::string_view text) {
        return shell.terminal.styled(style_of(emphasis), text);
    };
    shell.terminal.print(format->render(report, options));
    return {};
}

} // namespace

std::vector<OptionSpec> report_options() {
    return {
        {.name = "format",
         .kind = OptionKind::Choice,
         .value = "NAME",
         .help = "Form of the report",
         .choices = format_names()},
        {.name = "output", .value = "FILE", .help = "Write the report there, not to stdout"},
        {.name = "report",
         .kind = OptionKind::List,
         .value = "FORMAT=FILE",
         .help = "Write a report in that form to a file, besides"},
        {.name = "baseline",
         .value = "FILE",
         .help = "Only findings that this JSON report does not have"},
        {.name = "write-baseline",
         .value = "FILE",
         .help = "Write the findings of now as a baseline; they are then known"},
        {.name = "changed-since",
         .value = "REV",
         .help = "Only findings in files that git says have changed since"},
        {.name = "explain",
         .kind = OptionKind::Switch,
         .help = "Each finding with the page of its rule"}};
}

OptionSpec fail_on_option() {
    return {
        .name = "fail-on",
        .kind = OptionKind::Choice,
        .value = "VERDICT",
        .help = "Exit with 1 at this verdict or worse",
        .fallback = "conflict",
        .choices = {"ok-with-obligations", "needs-human", "conflict"}};
}

report::Verdict fail_on_of(const Args& args, report::Verdict fallback) {
    if (!args.has("fail-on")) {
        return fallback;
    }
    const auto fail_on = report::parse_verdict(args.text("fail-on"));
    RAILHUB_ASSERT(fail_on.has_value()); // one of the option's choices
    return *fail_on;
}

util::Result<ExitCode> deliver_report(
    Shell& shell,
    const Args& args,
    report::Report report,
    const CheckedPlace& place,
    report::Verdict fail_on
) {
    std::vector<ReportFile> files;
    for (const std::string& text : args.list("report")) {
        RAILHUB_TRY(ReportFile file, parse_report_file(text));
        files.push_back(std::move(file));
    }
    RAILHUB_TRY(apply_baselines(shell, args, report));
    RAILHUB_TRY(apply_changes(args, place, report));
    app::add_excerpts(shell.ctx, place.source, report);
    add_rule_texts(report);
    show_from_here(place.folder, report);
    RAILHUB_TRY(write_forms(shell, args, report, files, fail_on));
    return report.verdict() >= fail_on ? ExitCode::Findings : ExitCode::Done;
}

} // namespace railhub::cli
