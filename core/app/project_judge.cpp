// SPDX-License-Identifier: Apache-2.0
// Cuts a lineage at the project, evaluates each piece, and words the answers for a project.
#include "core/app/project_judge.h"

#include "core/compliance/evaluate.h"
#include "core/project/declared_use.h"

#include <algorithm>
#include <deque>

namespace railhub::app {

namespace {

using compliance::Edge;
using compliance::Lineage;
using compliance::Node;

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

// What hangs below some nodes, for many questions about one lineage.
class Cutter {
  public:
    explicit Cutter(const Lineage& whole) : whole_(whole), below_(whole.nodes.size()) {
        for (std::size_t i = 0; i < whole.edges.size(); ++i) {
            below_.at(whole.edges[i].from).push_back(i);
        }
    }

    // The node `root`, the edges `first` from it, and all that is upstream of those.
    [[nodiscard]] Lineage cut(std::size_t root, const std::vector<std::size_t>& first) const {
        Lineage out;
        std::vector<std::size_t> place(whole_.nodes.size(), kNowhere);
        std::deque<std::size_t> open;
        const auto put = [&](std::size_t node) {
            if (place[node] == kNowhere) {
                place[node] = out.nodes.size();
                out.nodes.push_back(whole_.nodes[node]);
                open.push_back(node);
            }
            return place[node];
        };
        const auto join = [&](std::size_t index) {
            Edge edge = whole_.edges[index];
            edge.from = put(edge.from);
            edge.to = put(edge.to);
            out.edges.push_back(std::move(edge));
        };
        put(root);
        open.clear();
        for (const std::size_t index : first) {
            join(index);
        }
        while (!open.empty()) {
            const std::size_t node = open.front();
            open.pop_front();
            for (const std::size_t index : below_[node]) {
                join(index);
            }
        }
        return out;
    }

    [[nodiscard]] const std::vector<std::size_t>& below(std::size_t node) const {
        return below_[node];
    }

  private:
    const Lineage& whole_;
    std::vector<std::vector<std::size_t>> below_;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// Rules speak to authors of models; a project has a railhub.toml in place of a card.
std::string project_fix(
    const report::Finding& finding, const std::string& name, const license::Catalogue& catalogue
) {
    const bool about_project = finding.chain.size() < 2;
    if (about_project && finding.rule == "R1") {
        return "state 'license' in [project] of railhub.toml";
    }
    const bool flows = finding.rule == "R3" || finding.rule == "R4" || finding.rule == "R5";
    const license::Record* record =
        finding.citations.empty() ? nullptr : catalogue.find(finding.citations.front().license);
    if (flows && record != nullptr) {
        std::string fix = "replace the artifact; or pass its terms on";
        if (!record->restriction_set.empty()) {
            fix += ": repeat the clauses in the terms of the project and attest it in railhub.toml "
                   "([[attestations]] with passes-on = [\"" +
                   record->restriction_set + "\"] and file)";
        }
        if (finding.rule == "R5") {
            fix += ", and ship the text of the agreement ([[attestations]] with includes = [\"" +
                   record->id + "\"] and file)";
        }
        return fix;
    }
    return replaced(
        finding.fix, "in the README.md of '" + name + "'", "as license in [project] of railhub.toml"
    );
}

// Notes of rules explain how each license works: `railhub license obligations` has them, and a
// project has too many artifacts to read them every time. A severity row brings them back.
bool is_wanted(const report::Finding& finding, const project::Project& project) {
    if (finding.severity != report::Severity::Note) {
        return true;
    }
    return std::any_of(
        project.policy.severities.begin(),
        project.policy.severities.end(),
        [&finding](const project::SeverityRow& row) { return row.rule.text == finding.rule; }
    );
}

// Of a model that was itself merged from several: the rules of a merge look at it alone.
std::vector<report::Finding> judge_merges(
    const Lineage& lineage,
    const std::vector<compliance::Use>& uses,
    const compliance::Policy& policy,
    const license::Catalogue& catalogue
) {
    std::vector<report::Finding> findings;
    const Cutter cutter(lineage);
    const std::vector<compliance::Ancestor> all = compliance::ancestors(lineage);
    std::set<std::size_t> seen;
    for (const compliance::Ancestor& ancestor : all) {
        const std::vector<std::size_t>& below = cutter.below(ancestor.node);
        const auto sources = std::count_if(below.begin(), below.end(), [&](std::size_t index) {
            return lineage.edges[index].role == compliance::Role::MergeSource ||
                   lineage.edges[index].role == compliance::Role::BaseModel;
        });
        if (sources < 2 || !seen.insert(ancestor.node).second) {
            continue;
        }
        Lineage own = cutter.cut(ancestor.node, below);
        for (Edge& edge : own.edges) {
            if (edge.from == 0 && edge.role == compliance::Role::BaseModel) {
                edge.role = compliance::Role::MergeSource;
                edge.activity = compliance::Activity::Merge;
            }
        }
        compliance::Use use = uses.front();
        use.delivery = compliance::Use::Delivery::Distribute; // its author passed it on
        const report::Report report = compliance::evaluate(own, use, policy, catalogue);
        std::vector<report::ChainLink> way = compliance::chain_of(lineage, all, ancestor);
        for (const report::Finding& finding : report.findings) {
            const bool is_merge = finding.rule == "R16" || finding.rule == "R25";
            if (is_merge && finding.severity != report::Severity::Note) {
                report::Finding one = finding;
                one.subject = lineage.nodes.front().id;
                one.chain = way;
                if (finding.chain.size() > 1) {
                    one.chain.insert(
                        one.chain.end(), finding.chain.begin() + 1, finding.chain.end()
                    );
                }
                findings.push_back(std::move(one));
            }
        }
    }
    return findings;
}

std::optional<report::Location> place_of(const ProjectPart& part) {
    return part.uses.empty() ? std::nullopt : std::optional(part.uses.front()->at);
}

} // namespace

std::vector<ProjectPart> parts_of(
    const Lineage& whole,
    const std::vector<std::vector<ProjectUse>>& uses,
    compliance::Use::Delivery delivery
) {
    const Cutter cutter(whole);
    std::vector<ProjectPart> parts;
    std::map<std::string, std::vector<std::size_t>> merges; // file -> edges
    const auto add = [&](const std::vector<std::size_t>& edges, const UseKind& kind) {
        ProjectPart part{cutter.cut(0, edges), kind, {}};
        for (const std::size_t index : edges) {
            const Node& node = whole.nodes[whole.edges[index].to];
            for (const ProjectUse& use : uses[whole.edges[index].to]) {
                if (use_kind(use, node.kind, delivery) == kind) {
                    part.uses.push_back(&use);
                }
            }
        }
        parts.push_back(std::move(part));
    };
    for (const std::size_t index : cutter.below(0)) {
        const Edge& edge = whole.edges[index];
        std::set<UseKind> kinds;
        for (const ProjectUse& use : uses[edge.to]) {
            const UseKind kind = use_kind(use, whole.nodes[edge.to].kind, delivery);
            if (kind.role != edge.role || kind.activity != edge.activity) {
                continue;
            }
            if (kind.role == compliance::Role::MergeSource) {
                std::vector<std::size_t>& sources = merges[use.at.path];
                if (std::find(sources.begin(), sources.end(), index) == sources.end()) {
                    sources.push_back(index);
                }
            } else if (kinds.insert(kind).second) {
                add({index}, kind);
            }
        }
    }
    for (const auto& [file, edges] : merges) {
        add(edges, {compliance::Role::MergeSource, compliance::Activity::Merge, false});
    }
    return parts;
}

JudgedPart judge_part(
    const ProjectPart& part,
    const project::Project& project,
    const std::vector<compliance::Use>& uses,
    const compliance::Policy& policy,
    const license::Catalogue& catalogue
) {
    JudgedPart judged;
    const std::string& name = part.lineage.nodes.front().id;
    for (compliance::Use use : uses) {
        if (part.kind.is_inside) {
            use.delivery = compliance::Use::Delivery::Internal;
        }
        report::Report report = compliance::evaluate(part.lineage, use, policy, catalogue);
        for (report::Finding& finding : report.findings) {
            // The license of the project is for its owner to know, not a conflict of licenses.
            if (finding.rule == "R1" && finding.chain.size() < 2) {
                finding.severity = std::min(finding.severity, report::Severity::Warning);
            }
            if (is_wanted(finding, project)) {
                finding.fix = project_fix(finding, name, catalogue);
                judged.findings.push_back(std::move(finding));
            }
        }
        judged.obligations.insert(
            judged.obligations.end(), report.obligations.begin(), report.obligations.end()
        );
    }
    for (report::Finding& finding : judge_merges(part.lineage, uses, policy, catalogue)) {
        judged.findings.push_back(std::move(finding));
    }
    if (!part.kind.is_inside) {
        project::UseJudged about_use = project::judge_use(
            part.lineage,
            project.use,
            project.attestations,
            catalogue,
            project::Purposes::built_in()
        );
        std::move(
            about_use.findings.begin(),
            about_use.findings.end(),
            std::back_inserter(judged.findings)
        );
        judged.unjudged = std::move(about_use.unjudged);
    }
    for (report::Finding& finding : judged.findings) {
        if (finding.chain.size() > 1) {
            finding.location = place_of(part);
        }
    }
    return judged;
}

} // namespace railhub::app
