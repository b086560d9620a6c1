// SPDX-License-Identifier: Apache-2.0
// Node by node; what the work upstream brings along is gathered over the edges that pass work on.
#include "core/bom/build.h"

#include "core/bom/card_facts.h"
#include "core/bom/licenses.h"
#include "core/compliance/labels.h"
#include "core/util/version.h"

#include <algorithm>
#include <set>

namespace railhub::bom {

namespace {

using compliance::ArtifactKind;
using compliance::Lineage;
using compliance::Node;
using compliance::Resolution;
using license::Expression;

constexpr std::string_view kCarriedSet = "use-restrictions:";
constexpr std::string_view kCarriedId = "use-restriction:";

Kind kind_of(ArtifactKind kind) {
    switch (kind) {
    case ArtifactKind::Model:
        return Kind::Model;
    case ArtifactKind::Dataset:
        return Kind::Dataset;
    case ArtifactKind::Code:
        return Kind::Code;
    case ArtifactKind::Service:
        return Kind::Service;
    }
    return Kind::Model;
}

std::string_view web_prefix(Kind kind) {
    return kind == Kind::Dataset ? "datasets/" : kind == Kind::Service ? "spaces/" : "";
}

class Builder {
  public:
    Builder(
        const Lineage& lineage, const license::Catalogue& catalogue, const BuildOptions& options
    )
        : lineage_(lineage), catalogue_(catalogue), options_(options), names_(catalogue),
          above_(lineage.nodes.size()) {
        for (const compliance::Edge& edge : lineage.edges) {
            if (compliance::passes_work(lineage, edge)) {
                above_[edge.from].push_back(edge.to);
            }
        }
        for (const Node& node : lineage.nodes) {
            terms_.push_back(names_.declared(node));
        }
    }

    Bom run() {
        Bom bom;
        bom.knowledge = catalogue_.description();
        bom.tool_version = std::string(util::kVersion);
        bom.endpoint = options_.endpoint;
        bom.created = options_.created;
        for (std::size_t i = 0; i < lineage_.nodes.size(); ++i) {
            bom.components.push_back(component(i));
        }
        for (const compliance::Edge& edge : lineage_.edges) {
            Relation relation;
            relation.from = edge.from;
            relation.to = edge.to;
            relation.role = edge.role;
            relation.activity = edge.activity;
            relation.passes_work = compliance::passes_work(lineage_, edge);
            for (const compliance::Statement& one : edge.said) {
                relation.said.push_back(plain_text(one.where));
            }
            bom.relations.push_back(std::move(relation));
        }
        bom.licenses = names_.custom();
        return bom;
    }

  private:
    Component component(std::size_t index) {
        const Node& node = lineage_.nodes[index];
        Component made;
        made.kind = index == 0 ? options_.subject : kind_of(node.kind);
        made.id = plain_text(index == 0 && !options_.name.empty() ? options_.name : node.id);
        made.revision = plain_text(node.revision);
        made.resolution = node.resolution;
        made.url = url_of(index, made);
        made.ref = ref_of(made);
        if (terms_[index].expression) {
            made.declared = license::to_text(*terms_[index].expression);
        }
        const std::vector<std::size_t> work = work_of(index);
        conclude(work, made);
        add_found(node, made);
        add_restrictions(work, made);
        return made;
    }

    std::string url_of(std::size_t index, const Component& made) const {
        const bool is_there =
            index == 0 ? options_.is_on_hub
                       : made.resolution == Resolution::Resolved && !made.revision.empty();
        if (!is_there || options_.endpoint.empty() || made.kind == Kind::Project) {
            return {};
        }
        std::string url = options_.endpoint + "/" + std::string(web_prefix(made.kind)) + made.id;
        return made.revision.empty() ? url : url + "/tree/" + made.revision;
    }

    // Unique: two artifacts of one name that were both not found stay two.
    std::string ref_of(const Component& made) {
        std::string ref = std::string(kind_word(made.kind)) + ":" + made.id;
        if (!made.revision.empty()) {
            ref += "@" + made.revision;
        }
        std::string unique = ref;
        for (std::size_t i = 2; !refs_.insert(unique).second; ++i) {
            unique = ref + "#" + std::to_string(i);
        }
        return unique;
    }

    // The artifact itself and all work it was made from, nearest first.
    std::vector<std::size_t> work_of(std::size_t index) const {
        std::vector<std::size_t> found = {index};
        std::vector<bool> seen(lineage_.nodes.size());
        seen[index] = true;
        for (std::size_t at = 0; at < found.size(); ++at) {
            for (const std::size_t next : above_[found[at]]) {
                if (!seen[next]) {
                    seen[next] = true;
                    found.push_back(next);
                }
            }
        }
        return found;
    }

    std::string why_undecided(std::size_t index) const {
        const Node& node = lineage_.nodes[index];
        const std::string name = "'" + plain_text(node.id) + "'";
        if (node.resolution != Resolution::Resolved) {
            return name + " could not be read: " +
                   std::string(compliance::resolution_word(node.resolution));
        }
        if (!terms_[index].expression) {
            return name + " states no license";
        }
        if (!terms_[index].is_definite) {
            return name + " leaves open which license it means: " +
                   license::to_text(*terms_[index].expression);
        }
        if (!node.prose_license.empty()) {
            return name + " declares " + plain_text(compliance::declared_text(node)) +
                   ", and something in it says " + plain_text(node.prose_license);
        }
        return {};
    }

    void conclude(const std::vector<std::size_t>& work, Component& made) const {
        std::vector<Expression> parts;
        for (const std::size_t index : work) {
            made.undecided = why_undecided(index);
            if (!made.undecided.empty()) {
                return;
            }
            parts.push_back(*terms_[index].expression);
        }
        if (const auto all = all_of(std::move(parts))) {
            made.concluded = license::to_text(*all);
        }
    }

    void add_found(const Node& node, Component& made) {
        for (const compliance::LicenseClaim& claim : node.claims) {
            if (claim.basis == compliance::Basis::Declared ||
                claim.basis == compliance::Basis::Override || !claim.is_whole) {
                continue;
            }
            const LicenseTerms terms = names_.terms(claim.license);
            if (!terms.expression) {
                continue;
            }
            FoundLicense found{
                license::to_text(license::normalised(*terms.expression)), plain_text(claim.where)};
            if (std::find(made.found.begin(), made.found.end(), found) == made.found.end()) {
                made.found.push_back(std::move(found));
            }
        }
    }

    void add_restrictions(const std::vector<std::size_t>& work, Component& made) const {
        std::set<Restriction> all;
        for (const std::size_t index : work) {
            const Node& node = lineage_.nodes[index];
            for (const license::Record* record : compliance::licenses_of(node, catalogue_)) {
                add_set(record->restriction_set, record->id, all);
            }
            for (const std::string& carried : node.carries) {
                const std::string_view text = carried;
                if (text.starts_with(kCarriedSet)) {
                    add_set(carried.substr(kCarriedSet.size()), {}, all);
                } else if (text.starts_with(kCarriedId)) {
                    const std::string_view id = text.substr(kCarriedId.size());
                    const std::size_t mark = id.find('#');
                    add(std::string(id.substr(0, mark)),
                        mark == std::string_view::npos ? "" : std::string(id.substr(mark + 1)),
                        {},
                        {},
                        all);
                }
            }
        }
        made.restrictions.assign(all.begin(), all.end());
    }

    void add_set(const std::string& set_id, const std::string& license, std::set<Restriction>& all)
        const {
        const license::RestrictionSet* set = catalogue_.restriction_set(set_id);
        if (set == nullptr) {
            return;
        }
        for (const license::Clause& clause : set->clauses) {
            for (const license::Restriction& one : clause.restrictions) {
                add(one.id, one.variant, license, clause.section, all);
            }
        }
    }

    void
    add(const std::string& id,
        const std::string& variant,
        const std::string& license,
        const std::string& section,
        std::set<Restriction>& all) const {
        const std::string_view meaning = catalogue_.taxonomy().definition(id);
        if (!meaning.empty()) { // others are slips of a card, which `check` reports
            all.insert({id, variant, std::string(meaning), license, section});
        }
    }

    const Lineage& lineage_;
    const license::Catalogue& catalogue_;
    const BuildOptions& options_;
    LicenseNames names_;
    std::vector<std::vector<std::size_t>> above_; // by node: work it was made from
    std::vector<LicenseTerms> terms_;             // by node
    std::set<std::string> refs_;
};

} // namespace

Bom build(
    const Lineage& lineage, const license::Catalogue& catalogue, const BuildOptions& options
) {
    return Builder(lineage, catalogue, options).run();
}

} // namespace railhub::bom
