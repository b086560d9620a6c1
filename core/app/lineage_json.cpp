// SPDX-License-Identifier: Apache-2.0
// The form of schemas/lineage.v1.
#include "core/app/lineage_view.h"

namespace railhub::app {

namespace {

using compliance::Edge;
using compliance::LicenseClaim;
using compliance::Node;
using util::Json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json artifact_json(const Node& node) {
    Json claims = Json::array();
    for (const LicenseClaim& claim : node.claims) {
        claims.push_back(Json::object(
            {{"basis", compliance::basis_word(claim.basis)},
             {"license", claim.license},
             {"where", claim.where},
             {"note", text_or_null(claim.note)},
             {"whole", claim.is_whole}}
        ));
    }
    return Json::object(
        {{"id", node.id},
         {"kind", compliance::kind_word(node.kind)},
         {"revision", text_or_null(node.revision)},
         {"state", compliance::resolution_word(node.resolution)},
         {"licenses", Json::array_of(node.licenses)},
         {"license_name", text_or_null(node.license_name)},
         {"license_link", text_or_null(node.license_link)},
         {"claims", std::move(claims)},
         {"carries", Json::array_of(node.carries)},
         {"former_names", Json::array_of(node.names)},
         {"new_version", text_or_null(node.new_version)},
         {"problems", Json::array_of(node.problems)},
         {"notes", Json::array_of(node.notes)}}
    );
}

Json edge_json(const Edge& edge) {
    Json said = Json::array();
    for (const compliance::Statement& one : edge.said) {
        said.push_back(
            Json::object({{"basis", compliance::basis_word(one.basis)}, {"where", one.where}})
        );
    }
    return Json::object(
        {{"from", edge.from},
         {"to", edge.to},
         {"role", compliance::role_word(edge.role)},
         {"activity", compliance::activity_word(edge.activity)},
         {"said", std::move(said)}}
    );
}

} // namespace

Json to_json(const LineageView& view) {
    Json artifacts = Json::array();
    Json gaps = Json::array();
    for (std::size_t i = 0; i < view.lineage.nodes.size(); ++i) {
        const Node& node = view.lineage.nodes[i];
        artifacts.push_back(artifact_json(node));
        if (node.resolution != compliance::Resolution::Resolved) {
            gaps.push_back(Json::object({{"artifact", i}, {"message", gap_text(node)}}));
        }
    }
    Json edges = Json::array();
    for (const Edge& edge : view.lineage.edges) {
        edges.push_back(edge_json(edge));
    }
    Json conflicts = Json::array();
    for (const LineageConflict& conflict : view.conflicts) {
        conflicts.push_back(Json::object(
            {{"about", about_word(conflict.about)},
             {"artifact", conflict.node},
             {"message", conflict.message}}
        ));
    }
    Json cycles = Json::array();
    for (const auto& cycle : view.cycles) {
        cycles.push_back(Json::object({{"artifacts", Json::array_of(cycle)}}));
    }
    return Json::object(
        {{"format", "lineage/1"},
         {"subject", view.label},
         {"artifacts", std::move(artifacts)},
         {"edges", std::move(edges)},
         {"conflicts", std::move(conflicts)},
         {"cycles", std::move(cycles)},
         {"gaps", std::move(gaps)},
         {"knowledge", view.knowledge}}
    );
}

} // namespace railhub::app
