// SPDX-License-Identifier: Apache-2.0
// Scan -> lineage of all artifacts -> findings part by part -> policy -> waivers.
#include "core/app/check_project.h"

#include "core/app/build_lineage.h"
#include "core/app/project_judge.h"
#include "core/app/project_resolver.h"
#include "core/app/project_terms.h"
#include "core/compliance/context.h"
#include "core/compliance/lineage.h"
#include "core/origin/read.h"
#include "core/project/allow.h"
#include "core/project/codes.h"
#include "core/project/waivers.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

namespace railhub::app {

namespace {

using compliance::ArtifactKind;
using compliance::Lineage;
using compliance::Node;
using types::RepoKind;

constexpr int kWaiverDays = 90; // what a stub proposes
constexpr std::string_view kUnnamed = "this project";

struct SkippedPart {
    std::string_view word;
    scan::Part part;
};

constexpr std::array kProjectParts = {
    SkippedPart{"tests", scan::Part::Test},
    SkippedPart{"examples", scan::Part::Example},
    SkippedPart{"docs", scan::Part::Documentation},
};

RepoKind repo_kind_of(ArtifactKind kind) {
    return kind == ArtifactKind::Dataset   ? RepoKind::Dataset
           : kind == ArtifactKind::Service ? RepoKind::Space
                                           : RepoKind::Model;
}

scan::ScanOptions scan_options(const project::Project& project, std::size_t threads) {
    scan::ScanOptions options;
    options.threads = threads;
    for (const SkippedPart& row : kProjectParts) {
        const bool is_skipped = std::any_of(
            project.scan.skip.begin(),
            project.scan.skip.end(),
            [&row](const project::Word& word) { return word.text == row.word; }
        );
        if (is_skipped) {
            options.skipped.push_back(row.part);
        }
    }
    return options;
}

class ProjectCheck {
  public:
    ProjectCheck(
        const util::Context& ctx,
        util::Fs& fs,
        const project::Project& project,
        const license::Catalogue& catalogue,
        const ProjectOptions& options
    )
        : ctx_(ctx), fs_(fs), project_(project), catalogue_(catalogue), options_(options),
          name_(project.name.empty() ? std::string(kUnnamed) : project.name.text) {}

    util::Result<ProjectChecked> run(LineageResolver& inner) {
        RAILHUB_TRY(settle_policy());
        RAILHUB_TRY(
            scan::Findings found,
            scan::scan(
                ctx_,
                fs_,
                scan::builtin_tables(),
                options_.folder,
                scan_options(project_, options_.threads)
            )
        );
        UsedArtifacts used = collect_used(project_, found);
        RAILHUB_TRY(
            ProjectTerms terms, read_project_terms(ctx_, fs_, options_.folder, project_, catalogue_)
        );
        ProjectResolver resolver(
            inner, fs_, options_.folder, project_.policy.clarifications, used.artifacts
        );
        RAILHUB_TRY(build(terms.facts, used.artifacts, resolver));
        describe(used.artifacts, resolver);
        take(std::move(terms.findings));
        take(std::move(used.findings));
        take(resolver.findings());
        note_parts(used.artifacts);
        RAILHUB_TRY(judge());
        if (options_.more_findings) {
            RAILHUB_TRY(auto more, options_.more_findings(out_.lineage));
            take(std::move(more));
        }
        finish();
        out_.notes = std::move(found.notes);
        std::move(used.notes.begin(), used.notes.end(), std::back_inserter(out_.notes));
        out_.unresolved = std::move(found.unresolved);
        return std::move(out_);
    }

  private:
    // --- what is declared ---

    [[nodiscard]] compliance::Use::Delivery delivery() const { return use_.delivery; }

    util::Result<> settle_policy() {
        for (const auto* rows : {&project_.policy.switches, &options_.switches}) {
            for (const project::Setting& row : *rows) {
                const std::string* text = row.value.as_string();
                RAILHUB_TRY(compliance::set_switch(
                    out_.policy, row.name, text != nullptr ? *text : row.value.dump()
                ));
            }
        }
        if (options_.fail_on) {
            out_.policy.fail_on = *options_.fail_on;
        }
        use_.delivery = project_.use.delivery.value_or(compliance::Use::Delivery::Distribute);
        for (const auto* rows : {&project_.use.facts, &options_.facts}) {
            for (const project::Setting& row : *rows) {
                const std::string* text = row.value.as_string();
                RAILHUB_TRY(
                    text != nullptr ? compliance::set_fact(use_, row.name, std::string_view(*text))
                                    : compliance::set_fact(use_, row.name, row.value)
                );
            }
        }
        return {};
    }

    [[nodiscard]] std::vector<compliance::Use> uses_by_territory() const {
        std::vector<compliance::Use> all;
        for (const project::Word& territory : project_.use.territories) {
            all.push_back(use_);
            all.back().use_territory = territory.text;
        }
        if (all.empty()) {
            all.push_back(use_);
        }
        return all;
    }

    // --- the lineage ---

    util::Result<>
    build(origin::Facts facts, const std::vector<UsedArtifact>& used, ProjectResolver& resolver) {
        for (const UsedArtifact& artifact : used) {
            add_upstreams(facts, artifact);
        }
        CheckOptions options;
        options.max_ancestors = options_.max_artifacts;
        RAILHUB_TRY(out_.lineage, build_lineage(ctx_, facts, name_, resolver, options, catalogue_));
        return {};
    }

    // One for each way it is used.
    void add_upstreams(origin::Facts& facts, const UsedArtifact& artifact) const {
        std::set<std::pair<compliance::Role, compliance::Activity>> seen;
        const ArtifactKind kind = artifact.kind == RepoKind::Dataset ? ArtifactKind::Dataset
                                  : artifact.kind == RepoKind::Space ? ArtifactKind::Service
                                                                     : ArtifactKind::Model;
        for (const ProjectUse& use : artifact.uses) {
            const UseKind how = use_kind(use, kind, delivery());
            if (!seen.insert({how.role, how.activity}).second) {
                continue;
            }
            origin::UpstreamFact fact;
            fact.to = {
                origin::Reference::Place::Repo, artifact.kind, artifact.id, artifact.revision};
            fact.role = how.role;
            fact.activity = how.activity;
            fact.said = {
                compliance::Basis::Declared, use.at.path + ":" + std::to_string(use.at.line)};
            fact.location = use.at;
            facts.upstreams.push_back(std::move(fact));
        }
    }

    // artifacts[i] describes node i + 1; uses_[i] are the places behind node i.
    void describe(const std::vector<UsedArtifact>& used, const ProjectResolver& resolver) {
        const std::vector<Node>& nodes = out_.lineage.nodes;
        uses_.resize(nodes.size());
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            const Node& node = nodes[i];
            ProjectArtifact artifact;
            artifact.id = node.id;
            artifact.kind = node.kind;
            artifact.asked_as = node.names.empty() ? std::string() : node.names.front();
            artifact.revision = node.revision;
            artifact.license = compliance::declared_text(node);
            artifact.resolution = node.resolution;
            const KnownArtifact* known =
                resolver.known(repo_kind_of(node.kind), node.id, node.revision);
            if (known != nullptr) {
                artifact.license_sha256 = known->license_sha256;
                artifact.card_sha256 = known->card_sha256;
            }
            out_.artifacts.push_back(std::move(artifact));
        }
        for (const UsedArtifact& artifact : used) {
            give_uses(artifact, resolver);
        }
    }

    void give_uses(const UsedArtifact& artifact, const ProjectResolver& resolver) {
        const auto [id, revision] =
            resolver.answer_to({artifact.kind, artifact.id, artifact.revision});
        for (std::size_t i = 1; i < out_.lineage.nodes.size(); ++i) {
            const Node& node = out_.lineage.nodes[i];
            if (repo_kind_of(node.kind) != artifact.kind || node.id != origin::shown_text(id) ||
                node.revision != revision) {
                continue;
            }
            ProjectArtifact& described = out_.artifacts[i - 1];
            described.component = artifact.component;
            described.uses.insert(described.uses.end(), artifact.uses.begin(), artifact.uses.end());
            uses_[i] = described.uses;
            return;
        }
    }

    // --- findings ---

    void take(std::vector<report::Finding> findings) {
        std::move(findings.begin(), findings.end(), std::back_inserter(out_.report.findings));
    }

    void note_parts(const std::vector<UsedArtifact>& used) {
        for (const UsedArtifact& artifact : used) {
            if (artifact.component.empty()) {
                continue;
            }
            report::Finding finding = project::finding_of(
                "artifact.component",
                name_,
                "the " + artifact.component + " in '" + artifact.repo +
                    "' has a lineage of its own, of which the card of the whole may be silent"
            );
            finding.fix = "look up what it was made from, and add that to [[artifacts]]";
            finding.location = artifact.uses.front().at;
            out_.report.findings.push_back(std::move(finding));
        }
    }

    util::Result<> judge() {
        const std::vector<compliance::Use> uses = uses_by_territory();
        std::set<std::string> unjudged;
        std::set<std::size_t> exceptions;
        for (const ProjectPart& part : parts_of(out_.lineage, uses_, delivery())) {
            RAILHUB_TRY(ctx_.check_stop());
            JudgedPart judged = judge_part(part, project_, uses, out_.policy, catalogue_);
            std::vector<report::Finding> listed =
                project::judge_allowed(part.lineage, project_.policy, catalogue_, exceptions);
            for (report::Finding& finding : listed) {
                finding.location =
                    part.uses.empty() ? std::nullopt : std::optional(part.uses.front()->at);
            }
            take(std::move(judged.findings));
            take(std::move(listed));
            std::move(
                judged.obligations.begin(),
                judged.obligations.end(),
                std::back_inserter(out_.report.obligations)
            );
            unjudged.merge(judged.unjudged);
        }
        note_no_purpose(unjudged);
        note_unused_exceptions(exceptions);
        take(project::check_policy_names(project_.policy, catalogue_));
        return {};
    }

    void note_no_purpose(const std::set<std::string>& licenses) {
        if (licenses.empty()) {
            return;
        }
        report::Finding finding = project::finding_of(
            "use.not-stated",
            name_,
            "the use restrictions of '" + util::join({licenses.begin(), licenses.end()}, "', '") +
                "' apply, and no purpose is declared to judge them by"
        );
        finding.fix = "state 'purposes' and 'audience' in [use] of railhub.toml; 'railhub init' "
                      "writes one";
        out_.report.findings.push_back(std::move(finding));
    }

    void note_unused_exceptions(const std::set<std::size_t>& used) {
        for (std::size_t i = 0; i < project_.policy.exceptions.size(); ++i) {
            if (used.contains(i)) {
                continue;
            }
            const project::Word& artifact = project_.policy.exceptions[i].artifact;
            report::Finding finding = project::finding_of(
                "policy.unused",
                "policy.exceptions: " + artifact.text,
                "the exception for '" + artifact.text + "' lets nothing pass"
            );
            finding.fix = "remove the [[policy.exceptions]] entry";
            finding.location = artifact.at;
            out_.report.findings.push_back(std::move(finding));
        }
    }

    // --- the report ---

    void finish() {
        report::Report& report = out_.report;
        report.subject = name_;
        report.knowledge = catalogue_.description();
        report.lineage = compliance::artifacts_of(out_.lineage);
        report.lineage.front().kind = std::string(compliance::kind_word(ArtifactKind::Code));
        show_uses();
        report.finish(); // doubles of several parts and territories go
        for (const project::SeverityRow& row : project_.policy.severities) {
            apply_severity(row);
        }
        for (report::Finding& finding : report.findings) {
            finding.waiver = project::waiver_stub(
                finding,
                state_of(project::artifact_of(finding)),
                project::plus_days(options_.today, kWaiverDays)
            );
        }
        project::apply_waivers(
            report,
            project_.waivers,
            [this](std::string_view id) { return state_of(id); },
            options_.today
        );
        report.finish();
    }

    // The picture has one entry for each node that is reached, in another order than the nodes.
    void show_uses() {
        for (const ProjectArtifact& artifact : out_.artifacts) {
            for (report::Artifact& shown : out_.report.lineage) {
                if (shown.id != artifact.id || shown.revision != artifact.revision ||
                    !shown.used_at.empty() || shown.kind != compliance::kind_word(artifact.kind)) {
                    continue;
                }
                for (const ProjectUse& use : artifact.uses) {
                    shown.used_at.push_back(use.at);
                }
                break;
            }
        }
    }

    void apply_severity(const project::SeverityRow& row) {
        std::vector<report::Finding>& findings = out_.report.findings;
        if (!row.severity) {
            std::erase_if(findings, [&row](const report::Finding& finding) {
                return finding.rule == row.rule.text;
            });
            return;
        }
        for (report::Finding& finding : findings) {
            if (finding.rule == row.rule.text) {
                finding.severity = *row.severity;
            }
        }
    }

    const project::ArtifactState* state_of(std::string_view id) {
        const auto found = states_.find(std::string(id));
        if (found != states_.end()) {
            return &found->second;
        }
        for (const ProjectArtifact& artifact : out_.artifacts) {
            if (util::equal_ignore_case(artifact.id, id)) {
                return &states_
                            .emplace(
                                std::string(id),
                                project::ArtifactState{artifact.revision, artifact.license_sha256}
                            )
                            .first->second;
            }
        }
        return nullptr;
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    const project::Project& project_;
    const license::Catalogue& catalogue_;
    const ProjectOptions& options_;
    std::string name_;
    compliance::Use use_;
    std::vector<std::vector<ProjectUse>> uses_; // by node
    std::map<std::string, project::ArtifactState> states_;
    ProjectChecked out_;
};

bool is_model_file(const std::string& name) {
    constexpr std::array<std::string_view, 5> kEndings = {
        ".safetensors", ".gguf", ".bin", ".onnx", ".pt"};
    constexpr std::array<std::string_view, 3> kNames = {
        "config.json", "adapter_config.json", "model_index.json"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
           std::any_of(kEndings.begin(), kEndings.end(), [&name](std::string_view ending) {
               return name.ends_with(ending);
           });
}

} // namespace

report::Report
report_of(const std::vector<project::Mistake>& mistakes, const license::Catalogue& catalogue) {
    report::Report report;
    report.subject = std::string(kProjectFile);
    report.knowledge = catalogue.description();
    report.lineage = {
        {std::string(kUnnamed),
         std::string(compliance::kind_word(ArtifactKind::Code)),
         "",
         "",
         ""}};
    for (const project::Mistake& mistake : mistakes) {
        report::Finding finding =
            project::finding_of(mistake.code, std::string(kProjectFile), mistake.message);
        finding.fix = mistake.hint;
        finding.location = mistake.at;
        report.findings.push_back(std::move(finding));
    }
    report.finish();
    return report;
}

util::Result<project::Project> load_project(
    const util::Context& ctx, util::Fs& fs, const std::string& folder, project::PolicySource* hub
) {
    const std::string path = util::join_path(folder, kProjectFile);
    RAILHUB_TRY(const auto info, fs.info(path));
    if (!info) {
        return project::Project();
    }
    RAILHUB_TRY(
        project::Reading reading,
        project::read_project_file(ctx, fs, folder, std::string(kProjectFile), hub)
    );
    if (!reading.mistakes.empty()) {
        return project::to_error(path, reading.mistakes);
    }
    return std::move(reading.project);
}

util::Result<ProjectChecked> check_project(
    const util::Context& ctx,
    util::Fs& fs,
    const project::Project& project,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const ProjectOptions& options
) {
    return ProjectCheck(ctx, fs, project, catalogue, options).run(resolver);
}

util::Result<bool> is_project(const util::Context& ctx, util::Fs& fs, const std::string& folder) {
    RAILHUB_TRY(const auto info, fs.info(folder));
    if (!info || (!info->is_directory && !info->is_symlink)) {
        return false;
    }
    RAILHUB_TRY(const std::vector<std::string> names, fs.list(folder));
    if (std::find(names.begin(), names.end(), kProjectFile) != names.end()) {
        return true;
    }
    if (std::any_of(names.begin(), names.end(), [](const std::string& name) {
            return is_model_file(name) || origin::is_recipe_file(name);
        })) {
        return false;
    }
    constexpr std::string_view kReadme = "README.md";
    if (std::find(names.begin(), names.end(), kReadme) != names.end()) {
        const auto text = util::read_file(fs, util::join_path(folder, kReadme), 8U << 20);
        if (!text.ok() || text->starts_with("---")) {
            return false; // a card, or what may be one
        }
    }
    // JSON, TOML and prose also lie beside data.
    constexpr std::array kCode = {
        scan::FileType::Python,
        scan::FileType::Notebook,
        scan::FileType::Script,
        scan::FileType::Yaml,
        scan::FileType::Shell,
        scan::FileType::PowerShell,
        scan::FileType::Batch,
        scan::FileType::Code,
        scan::FileType::Requirements,
        scan::FileType::Environment,
        scan::FileType::Modelfile};
    RAILHUB_TRY(const scan::Walked walked, scan::walk(ctx, fs, folder, {}));
    return std::any_of(walked.files.begin(), walked.files.end(), [&](const scan::WalkedFile& file) {
        return std::find(kCode.begin(), kCode.end(), file.type) != kCode.end();
    });
}

} // namespace railhub::app
