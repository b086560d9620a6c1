// SPDX-License-Identifier: Apache-2.0
// railhub check
#include "core/app/check.h"

#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/facts.h"
#include "cli/knowledge.h"
#include "cli/lock_file.h"
#include "cli/project_source.h"
#include "cli/repo_spec.h"
#include "cli/report_output.h"
#include "core/compliance/case_file.h"
#include "core/report/formats.h"

namespace railhub::cli {

namespace {

util::Json case_json(const compliance::WorkedCase& worked, const compliance::CaseResult& result) {
    return util::Json::object(
        {{"id", worked.id},
         {"title", worked.title},
         {"passed", result.has_passed},
         {"verdict",
          worked.problem.empty() ? util::Json(report::verdict_word(result.report.verdict()))
                                 : util::Json()},
         {"expected",
          worked.problem.empty() ? util::Json(report::verdict_word(worked.expect.verdict))
                                 : util::Json()},
         {"differences", util::Json::array_of(result.differences)},
         {"notes", util::Json::array_of(worked.notes)},
         {"report", worked.problem.empty() ? report::to_json(result.report) : util::Json()}}
    );
}

// Runs a file of worked cases in place of a check.
util::Result<ExitCode>
run_cases(Shell& shell, const Args& args, const license::Catalogue& catalogue) {
    constexpr std::uint64_t kMaxCaseFile = std::uint64_t{64} << 20;
    const std::string path = args.text("cases");
    RAILHUB_TRY(const std::string text, util::read_file(shell.fs, path, kMaxCaseFile));
    RAILHUB_TRY(const util::Json json, util::parse_json(text).with_context("'" + path + "'"));
    RAILHUB_TRY(const auto cases, compliance::parse_cases(json).with_context("'" + path + "'"));
    util::Json list = util::Json::array();
    std::string lines;
    std::size_t passed = 0;
    for (const compliance::WorkedCase& worked : cases) {
        RAILHUB_TRY(shell.ctx.check_stop());
        const compliance::CaseResult result = compliance::run_case(worked, catalogue);
        passed += result.has_passed ? 1 : 0;
        lines += (result.has_passed ? "pass  " : "FAIL  ") + worked.id +
                 (worked.title.empty() ? "" : "  " + worked.title) + "\n";
        for (const std::string& difference : result.differences) {
            lines += "      " + difference + "\n";
        }
        list.push_back(case_json(worked, result));
    }
    lines += std::to_string(passed) + " of " + std::to_string(cases.size()) + " cases pass, with " +
             catalogue.description() + "\n";
    shell.print(
        util::Json::object(
            {{"format", "case-results/1"},
             {"count", cases.size()},
             {"passed", passed},
             {"failed", cases.size() - passed},
             {"cases", std::move(list)},
             {"knowledge", catalogue.description()}}
        ),
        lines
    );
    return passed == cases.size() ? ExitCode::Done : ExitCode::Findings;
}

// What a code base uses. Mistakes in its railhub.toml show where findings do, and nothing is
// judged.
util::Result<ExitCode> run_check_of_project(
    Shell& shell, const Args& args, const license::Catalogue& catalogue, const std::string& folder
) {
    RAILHUB_TRY(const auto target, open_project(shell, args, catalogue, folder, Mistakes::Keep));
    const CheckedPlace place{*target->source, folder};
    if (!target->mistakes.empty()) {
        RAILHUB_TRY(deliver_report(
            shell,
            args,
            app::report_of(target->mistakes, catalogue),
            place,
            report::Verdict::Conflict
        ));
        return ExitCode::Failed;
    }
    RAILHUB_TRY(const auto lock, lock_in_force(shell, args, folder));
    RAILHUB_TRY(
        app::ProjectChecked checked,
        lock ? check_project_locked(shell, args, *target, catalogue, *lock)
             : run_project_check(shell, *target, catalogue)
    );
    return deliver_report(
        shell, args, std::move(checked.report), place, fail_on_of(args, checked.policy.fail_on)
    );
}

util::Result<ExitCode> run_check(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    if (args.has("cases")) {
        return run_cases(shell, args, catalogue);
    }
    RAILHUB_TRY(const auto project, project_folder(shell, args));
    if (project) {
        return run_check_of_project(shell, args, catalogue, *project);
    }
    RAILHUB_TRY(const auto target, open_check_target(shell, args, catalogue));
    app::CheckOptions options = options_for(shell, *target);
    RAILHUB_TRY(read_facts(args, options));
    options.policy.fail_on = fail_on_of(args, options.policy.fail_on);
    RAILHUB_TRY(const auto lock, lock_in_force(shell, args, target->folder));
    RAILHUB_TRY(
        report::Report report,
        lock ? check_locked(shell, args, *target, catalogue, options, *lock)
             : app::check(shell.ctx, *target->source, *target->resolver, catalogue, options)
    );
    return deliver_report(
        shell, args, std::move(report), {*target->source, target->folder}, options.policy.fail_on
    );
}

} // namespace

Command check_command() {
    std::vector<OptionSpec> options = {
        type_option(),
        revision_option("Branch, tag or commit [main]"),
        {.name = "cases",
         .value = "FILE",
         .help = "Run worked cases of this file instead, and say which pass"},
        fail_on_option()};
    for (OptionSpec& option : report_options()) {
        options.push_back(std::move(option));
    }
    options.push_back(date_option());
    for (OptionSpec& option : lock_options()) {
        options.push_back(std::move(option));
    }
    options.push_back(overrides_option());
    for (OptionSpec& option : fact_options()) {
        options.push_back(std::move(option));
    }
    options.push_back(licenses_option());
    return {
        .name = "check",
        .group = "Everyday",
        .summary = "Check a folder or repository against the licenses of its lineage",
        .page = "check",
        .options = std::move(options),
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_check};
}

} // namespace railhub::cli
