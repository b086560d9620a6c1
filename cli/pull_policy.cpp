// SPDX-License-Identifier: Apache-2.0
// A project of one artifact, judged as `railhub check` judges projects.
#include "cli/pull_policy.h"

#include "cli/knowledge.h"
#include "cli/project_source.h"
#include "cli/report_output.h"

#include <algorithm>

namespace railhub::cli {

namespace {

// What the file says of other artifacts is none of this one's business.
bool is_upkeep(const report::Finding& finding) {
    return finding.rule.starts_with("waiver.") || finding.rule == "policy.unused";
}

std::string file_name(const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);
}

// The declaration, with the wanted artifact in place of what code and file name.
project::Project
project_for(project::Project declared, const WantedRepo& wanted, const std::string& file) {
    project::DeclaredArtifact artifact;
    artifact.id.at.path = file;
    for (const project::DeclaredArtifact& known : declared.artifacts) {
        if (known.id.text == wanted.id.full_name()) {
            artifact = known; // its role counts
        }
    }
    artifact.id.text = wanted.id.full_name();
    artifact.kind = types::kind_word(wanted.id.kind);
    artifact.revision = wanted.commit;
    declared.artifacts = {std::move(artifact)};
    declared.scan.ignore.clear();
    declared.scan.exclude = {{"*", {}}};
    return declared;
}

util::Result<project::Project> read_policy(Shell& shell, const Args& args, CheckTarget& upstream) {
    const std::string path = args.text("policy");
    const auto policies = make_policy_source(
        upstream.connection ? &upstream.connection->hub : nullptr,
        shell.fs,
        util::join_path(shell.config.state_folder, "policies")
    );
    RAILHUB_TRY(
        project::Reading reading,
        project::read_project_file(
            shell.ctx, shell.fs, util::parent_path(path), file_name(path), policies.get()
        )
    );
    if (!reading.mistakes.empty()) {
        return project::to_error(path, reading.mistakes);
    }
    return std::move(reading.project);
}

} // namespace

OptionSpec policy_file_option() {
    return {
        .name = "policy",
        .value = "FILE",
        .help = "Only if the railhub.toml there allows it; asked before anything is fetched"};
}

util::Result<ExitCode> judge_pull(Shell& shell, const Args& args, const WantedRepo& wanted) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    ProjectTarget target;
    target.upstream = std::make_unique<CheckTarget>();
    RAILHUB_TRY(connect_target(shell, catalogue, *target.upstream));
    RAILHUB_TRY(project::Project declared, read_policy(shell, args, *target.upstream));
    target.project = project_for(std::move(declared), wanted, file_name(args.text("policy")));
    target.options.folder = util::parent_path(args.text("policy"));
    RAILHUB_TRY(target.options.today, date_of(shell, args));
    RAILHUB_TRY(
        app::ProjectChecked checked,
        app::check_project(
            shell.ctx,
            shell.fs,
            target.project,
            *target.upstream->resolver,
            catalogue,
            target.options
        )
    );
    report::Report& report = checked.report;
    const auto rest = std::remove_if(report.findings.begin(), report.findings.end(), is_upkeep);
    report.findings.erase(rest, report.findings.end());
    const std::string name = wanted.id.describe();
    if (report.verdict() < checked.policy.fail_on) {
        shell.terminal.say(
            "'" + args.text("policy") + "' allows " + name + ": " +
            std::string(report::verdict_word(report.verdict()))
        );
        return ExitCode::Done;
    }
    const auto source = app::make_folder_source(shell.fs, target.options.folder);
    const report::Verdict fail_on = checked.policy.fail_on;
    RAILHUB_TRY(
        const ExitCode code,
        deliver_report(shell, args, std::move(report), {*source, target.options.folder}, fail_on)
    );
    shell.terminal.complain(
        "refused:", "'" + args.text("policy") + "' does not allow " + name + "; nothing was fetched"
    );
    return code;
}

} // namespace railhub::cli
