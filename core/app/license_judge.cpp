// SPDX-License-Identifier: Apache-2.0
// Verdict and terms of one repo after the other. Lineages of the same shape have the same terms, so
// these are worked out once.
#include "core/app/build_lineage.h"
#include "core/app/hub_lineage.h"
#include "core/app/license_index.h"
#include "core/app/repository_source.h"
#include "core/compliance/evaluate.h"
#include "core/compliance/labels.h"
#include "core/report/formats.h"

#include <algorithm>
#include <set>

namespace railhub::app {

namespace {

using compliance::Lineage;
using compliance::Node;
using compliance::Use;

constexpr std::size_t kMaxMemo = 4'096;

// Somebody's own artifact, made from the subject: the question every term is an answer to.
Lineage built_on(const Lineage& lineage) {
    Lineage asked;
    asked.nodes.reserve(lineage.nodes.size() + 1);
    asked.nodes.emplace_back();
    asked.nodes.insert(asked.nodes.end(), lineage.nodes.begin(), lineage.nodes.end());
    const bool is_data = lineage.nodes.front().kind == compliance::ArtifactKind::Dataset;
    asked.edges.push_back(
        {0,
         1,
         is_data ? compliance::Role::Dataset : compliance::Role::BaseModel,
         is_data ? compliance::Activity::Train : compliance::Activity::Finetune,
         {},
         {}}
    );
    for (compliance::Edge edge : lineage.edges) {
        ++edge.from;
        ++edge.to;
        asked.edges.push_back(std::move(edge));
    }
    return asked;
}

bool is_allowed(const Lineage& lineage, const Use& use, const license::Catalogue& licenses) {
    return compliance::evaluate(lineage, use, {}, licenses).verdict() <=
           report::Verdict::OkWithObligations;
}

bool is_node_known(const Node& node, const license::Catalogue& licenses) {
    if (node.resolution != compliance::Resolution::Resolved || !node.problems.empty() ||
        !node.prose_license.empty()) {
        return false;
    }
    const auto labels = compliance::labels_of(node, licenses);
    return std::all_of(labels.begin(), labels.end(), [](const compliance::Label& label) {
        return label.record != nullptr && label.record->is_license();
    });
}

// What the terms depend on, and nothing else.
std::string shape_of(const Lineage& lineage) {
    using util::Json;
    Json shape = Json::array();
    for (const Node& node : lineage.nodes) {
        shape.push_back(Json::object(
            {{"k", compliance::kind_word(node.kind)},
             {"r", compliance::resolution_word(node.resolution)},
             {"l", Json::array_of(node.licenses)},
             {"n", node.license_name},
             {"m", static_cast<unsigned>(node.modality)},
             {"p", node.prose_license},
             {"e", node.expression},
             {"x", node.problems.size()},
             {"c", Json::array_of(node.carries)}}
        ));
    }
    for (const compliance::Edge& edge : lineage.edges) {
        shape.push_back(edge.from);
        shape.push_back(edge.to);
        shape.push_back(compliance::role_word(edge.role));
        shape.push_back(compliance::activity_word(edge.activity));
    }
    return shape.dump();
}

util::Result<> replace_list(
    db::Transaction& tx,
    std::int64_t row,
    std::string_view drop,
    std::string_view insert,
    const std::vector<std::string>& words
) {
    RAILHUB_TRY(auto clear, tx.prepare(drop));
    RAILHUB_TRY(clear.bind(row).run());
    for (const std::string& word : words) {
        RAILHUB_TRY(auto add, tx.prepare(insert));
        RAILHUB_TRY(add.bind(row, word).run());
    }
    return {};
}

util::Result<> store_verdict(
    db::Transaction& tx,
    const repo::RepoRecord& record,
    const std::string& knowledge,
    const report::Report& report,
    const Terms& terms
) {
    {
        RAILHUB_TRY(
            auto upsert,
            tx.prepare(
                "INSERT INTO license_verdict (repo, head, knowledge, verdict, is_known, "
                "allows_commerce, report) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repo) DO "
                "UPDATE SET head = excluded.head, knowledge = excluded.knowledge, verdict = "
                "excluded.verdict, is_known = excluded.is_known, allows_commerce = "
                "excluded.allows_commerce, report = excluded.report"
            )
        );
        upsert.bind(
            record.row,
            record.head,
            knowledge,
            report::verdict_word(report.verdict()),
            terms.is_known ? 1 : 0,
            terms.allows_commerce ? 1 : 0,
            report::to_json(report).dump()
        );
        RAILHUB_TRY(upsert.run());
    }
    RAILHUB_TRY(replace_list(
        tx,
        record.row,
        "DELETE FROM license_restriction WHERE repo = ?",
        "INSERT INTO license_restriction (repo, term) VALUES (?, ?)",
        terms.restrictions
    ));
    return replace_list(
        tx,
        record.row,
        "DELETE FROM license_outbound WHERE repo = ?",
        "INSERT INTO license_outbound (repo, license) VALUES (?, ?)",
        terms.outbound
    );
}

} // namespace

Terms terms_of(const Lineage& lineage, const license::Catalogue& licenses) {
    Terms terms;
    Lineage asked = built_on(lineage);
    std::set<std::string> restrictions;
    terms.is_known = true;
    for (const compliance::Ancestor& ancestor : compliance::ancestors(asked)) {
        const Node& node = asked.nodes[ancestor.node];
        if (ancestor.trace.way == compliance::Way::Remote) {
            continue;
        }
        terms.is_known = terms.is_known && is_node_known(node, licenses);
        for (const license::Restriction& one : compliance::restrictions_of(node, licenses)) {
            restrictions.insert(one.id);
        }
    }
    terms.restrictions = {restrictions.begin(), restrictions.end()};
    if (!terms.is_known) {
        return terms;
    }
    Use trade;
    trade.delivery = Use::Delivery::Internal;
    trade.purpose = Use::Purpose::Commercial;
    terms.allows_commerce = is_allowed(asked, trade, licenses);
    for (const license::Record& record : licenses.records()) {
        asked.nodes.front().licenses = {record.id};
        if (record.is_license() && is_allowed(asked, {}, licenses)) {
            terms.outbound.push_back(record.id);
        }
    }
    return terms;
}

const Terms& LicenseJudge::terms_for(const Lineage& lineage) {
    if (memo_.size() >= kMaxMemo) {
        memo_.clear();
    }
    std::string shape = shape_of(lineage);
    const auto found = memo_.find(shape);
    if (found != memo_.end()) {
        return found->second;
    }
    return memo_.emplace(std::move(shape), terms_of(lineage, deps_.licenses)).first->second;
}

util::Result<>
LicenseJudge::judge(const util::Context& ctx, db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(const auto record, repo::find_repo_row(tx, row));
    if (!record || record->head.empty()) {
        return {};
    }
    RAILHUB_TRY(const types::Oid head, types::Oid::parse(record->head));
    RAILHUB_TRY(
        const origin::Facts facts, facts_at(ctx, tx, deps_.blobs, deps_.licenses, *record, head)
    );
    RAILHUB_TRY(keep_tip(tx, *record, head, deps_.licenses, facts));
    const access::Identity stranger;
    HubLineage resolver(tx, deps_.blobs, deps_.licenses, stranger);
    CheckOptions options;
    options.kind = record->id.kind;
    options.id = record->id.full_name();
    options.revision = record->head;
    RAILHUB_TRY(auto repository, repo::Repository::open(ctx, tx, deps_.blobs, *record));
    const auto source = make_repository_source(*repository, head);
    RAILHUB_TRY(
        const JudgedFacts judged,
        judge_facts(ctx, facts, *source, resolver, deps_.licenses, options)
    );
    const Terms terms = facts.card_problem.empty() ? terms_for(judged.lineage) : Terms{};
    return store_verdict(tx, *record, deps_.licenses.version(), judged.report, terms);
}

util::Result<> LicenseJudge::mark_other_knowledge(const util::Context& ctx) {
    RAILHUB_TRY(auto tx, deps_.database.begin_write(ctx, db::Durability::Relaxed));
    {
        RAILHUB_TRY(
            auto mark,
            tx->prepare("INSERT INTO lineage_stale (repo, spreads) SELECT repo, 0 FROM "
                        "license_verdict WHERE knowledge <> ? ON CONFLICT (repo) DO NOTHING")
        );
        RAILHUB_TRY(mark.bind(deps_.licenses.version()).run());
    }
    // What was never judged, for whatever reason.
    RAILHUB_TRY(tx->execute(
        "INSERT INTO lineage_stale (repo, spreads) SELECT id, 0 FROM repo WHERE NOT EXISTS "
        "(SELECT 1 FROM license_verdict WHERE license_verdict.repo = repo.id) "
        "AND head IS NOT NULL ON CONFLICT (repo) DO NOTHING"
    ));
    RAILHUB_TRY(tx->commit());
    is_checked_ = true;
    return {};
}

util::Result<bool> LicenseJudge::judge_next(const util::Context& ctx) {
    RAILHUB_TRY(auto tx, deps_.database.begin_write(ctx, db::Durability::Relaxed));
    std::int64_t row = 0;
    bool spreads = false;
    {
        RAILHUB_TRY(
            auto next, tx->prepare("SELECT repo, spreads FROM lineage_stale ORDER BY repo LIMIT 1")
        );
        RAILHUB_TRY(const bool found, next.step());
        if (!found) {
            return false;
        }
        row = next.integer(0);
        spreads = next.integer(1) != 0;
    }
    if (spreads) {
        RAILHUB_TRY(const auto record, repo::find_repo_row(*tx, row));
        if (record) {
            RAILHUB_TRY(mark_with_descendants(*tx, *record, Marking::Whole));
        }
    }
    const auto judged = judge(ctx, *tx, row);
    if (!judged.ok()) {
        if (judged.error().code == util::Code::Cancelled) {
            return judged.error();
        }
        // What cannot be judged must not keep others waiting: its old verdict goes.
        ctx.log.warn(
            "cannot judge a repo", {{"row", row}, {"error", util::to_line(judged.error())}}
        );
        RAILHUB_TRY(auto drop, tx->prepare("DELETE FROM license_verdict WHERE repo = ?"));
        RAILHUB_TRY(drop.bind(row).run());
    }
    {
        RAILHUB_TRY(auto done, tx->prepare("DELETE FROM lineage_stale WHERE repo = ?"));
        RAILHUB_TRY(done.bind(row).run());
    }
    RAILHUB_TRY(tx->commit());
    return true;
}

util::Result<std::size_t> LicenseJudge::judge_some(const util::Context& ctx, std::size_t limit) {
    if (!is_checked_) {
        RAILHUB_TRY(mark_other_knowledge(ctx));
    }
    {
        RAILHUB_TRY(auto tx, deps_.database.begin_read(ctx));
        RAILHUB_TRY(auto any, tx->prepare("SELECT 1 FROM lineage_stale LIMIT 1"));
        RAILHUB_TRY(const bool found, any.step());
        if (!found) {
            return std::size_t{0};
        }
    }
    for (std::size_t i = 0; i < limit; ++i) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const bool more, judge_next(ctx));
        if (!more) {
            return i;
        }
    }
    return limit;
}

} // namespace railhub::app
