// SPDX-License-Identifier: Apache-2.0
// Rows of facts and names, and the marking of descendants.
#include "core/app/license_index.h"

#include "core/app/gather.h"
#include "core/app/repository_source.h"
#include "core/util/text.h"

#include <array>
#include <deque>
#include <limits>
#include <set>

namespace railhub::app {

namespace {

using types::RepoId;

// So many descendants are marked by a push; of more the judge marks them.
constexpr std::size_t kMarkedAtOnce = 1'000;
constexpr std::size_t kKeptCommits = 256;

enum class Spread : std::uint8_t { Done, Later };

util::Result<> mark_row(db::Transaction& tx, std::int64_t row, Spread spread) {
    const bool is_later = spread == Spread::Later;
    RAILHUB_TRY(
        auto insert,
        tx.prepare(
            is_later ? "INSERT INTO lineage_stale (repo, spreads) VALUES (?, 1) "
                       "ON CONFLICT (repo) DO UPDATE SET spreads = 1"
                     : "INSERT INTO lineage_stale (repo, spreads) VALUES (?, 0) "
                       "ON CONFLICT (repo) DO NOTHING"
        )
    );
    RAILHUB_TRY(insert.bind(row).run());
    return {};
}

util::Result<std::vector<std::int64_t>> rows_naming(
    db::Transaction& tx, std::string_view kind, std::string_view owner, std::string_view name
) {
    RAILHUB_TRY(
        auto select,
        tx.prepare("SELECT repo FROM lineage_name WHERE kind = ? AND owner_key = ? AND name_key = ?"
        )
    );
    select.bind(kind, owner, name);
    std::vector<std::int64_t> rows;
    while (true) {
        RAILHUB_TRY(const bool more, select.step());
        if (!more) {
            return rows;
        }
        rows.push_back(select.integer(0));
    }
}

// Repos that name this one by any of its names.
util::Result<std::vector<std::int64_t>> rows_made_from(db::Transaction& tx, std::int64_t row) {
    constexpr std::string_view kNames =
        "SELECT kind, owner_key, name_key FROM repo WHERE id = ? UNION "
        "SELECT kind, owner_key, name_key FROM repo_redirect WHERE repo = ?";
    RAILHUB_TRY(auto select, tx.prepare(kNames));
    select.bind(row, row);
    std::vector<std::int64_t> all;
    while (true) {
        RAILHUB_TRY(const bool more, select.step());
        if (!more) {
            return all;
        }
        RAILHUB_TRY(
            const auto rows, rows_naming(tx, select.text(0), select.text(1), select.text(2))
        );
        all.insert(all.end(), rows.begin(), rows.end());
    }
}

// Breadth first, each once. False when there are more than `most`.
util::Result<bool> mark_all_made_from(db::Transaction& tx, std::int64_t origin, std::size_t most) {
    std::set<std::int64_t> seen = {origin};
    std::deque<std::int64_t> queue = {origin};
    while (!queue.empty()) {
        RAILHUB_TRY(const auto rows, rows_made_from(tx, queue.front()));
        queue.pop_front();
        for (const std::int64_t row : rows) {
            if (!seen.insert(row).second) {
                continue;
            }
            if (seen.size() > most) {
                return false;
            }
            RAILHUB_TRY(mark_row(tx, row, Spread::Done));
            queue.push_back(row);
        }
    }
    return true;
}

util::Result<> run_for(db::Transaction& tx, std::string_view sql, std::int64_t row) {
    RAILHUB_TRY(auto statement, tx.prepare(sql));
    RAILHUB_TRY(statement.bind(row).run());
    return {};
}

util::Result<> keep_facts(
    db::Transaction& tx,
    std::int64_t row,
    const types::Oid& commit,
    const license::Catalogue& licenses,
    const origin::Facts& facts
) {
    {
        RAILHUB_TRY(
            auto upsert,
            tx.prepare("INSERT INTO artifact_facts (repo, oid, knowledge, facts) "
                       "VALUES (?, ?, ?, ?) ON CONFLICT (repo, oid) DO UPDATE SET "
                       "knowledge = excluded.knowledge, facts = excluded.facts")
        );
        upsert.bind(row, commit.view(), licenses.version(), origin::to_json(facts).dump());
        RAILHUB_TRY(upsert.run());
    }
    RAILHUB_TRY(
        auto oldest,
        tx.prepare("SELECT id FROM artifact_facts WHERE repo = ? ORDER BY id DESC LIMIT 1 OFFSET ?")
    );
    RAILHUB_TRY(const bool too_many, oldest.bind(row, kKeptCommits).step());
    if (!too_many) {
        return {};
    }
    RAILHUB_TRY(auto drop, tx.prepare("DELETE FROM artifact_facts WHERE repo = ? AND id <= ?"));
    RAILHUB_TRY(drop.bind(row, oldest.integer(0)).run());
    return {};
}

util::Result<> keep_names(db::Transaction& tx, std::int64_t row, const origin::Facts& facts) {
    RAILHUB_TRY(run_for(tx, "DELETE FROM lineage_name WHERE repo = ?", row));
    for (const origin::UpstreamFact& fact : facts.upstreams) {
        const auto id = RepoId::parse(fact.to.kind, fact.to.id);
        if (fact.to.place != origin::Reference::Place::Repo || !id.ok()) {
            continue;
        }
        RAILHUB_TRY(
            auto insert,
            tx.prepare("INSERT INTO lineage_name (repo, kind, owner_key, name_key) "
                       "VALUES (?, ?, ?, ?) ON CONFLICT (repo, kind, owner_key, name_key) "
                       "DO NOTHING")
        );
        insert.bind(row, types::kind_word(id->kind), util::lower(id->owner), util::lower(id->name));
        RAILHUB_TRY(insert.run());
    }
    return {};
}

} // namespace

util::Result<> keep_tip(
    db::Transaction& tx,
    const repo::RepoRecord& record,
    const types::Oid& tip,
    const license::Catalogue& licenses,
    const origin::Facts& facts
) {
    RAILHUB_TRY(keep_facts(tx, record.row, tip, licenses, facts));
    return keep_names(tx, record.row, facts);
}

util::Result<>
mark_with_descendants(db::Transaction& tx, const repo::RepoRecord& record, Marking marking) {
    const std::size_t most =
        marking == Marking::Bounded ? kMarkedAtOnce : std::numeric_limits<std::size_t>::max();
    RAILHUB_TRY(const bool is_complete, mark_all_made_from(tx, record.row, most));
    return mark_row(tx, record.row, is_complete ? Spread::Done : Spread::Later);
}

util::Result<> forget_licenses(db::Transaction& tx, const repo::RepoRecord& record) {
    RAILHUB_TRY(mark_with_descendants(tx, record, Marking::Whole));
    constexpr std::array<std::string_view, 6> kStatements = {
        "DELETE FROM artifact_facts WHERE repo = ?",
        "DELETE FROM lineage_name WHERE repo = ?",
        "DELETE FROM license_restriction WHERE repo = ?",
        "DELETE FROM license_outbound WHERE repo = ?",
        "DELETE FROM license_verdict WHERE repo = ?",
        "DELETE FROM lineage_stale WHERE repo = ?"};
    for (const std::string_view sql : kStatements) {
        RAILHUB_TRY(run_for(tx, sql, record.row));
    }
    return {};
}

util::Result<origin::Facts> facts_at(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const license::Catalogue& licenses,
    const repo::RepoRecord& record,
    const types::Oid& commit
) {
    {
        RAILHUB_TRY(
            auto select,
            tx.prepare(
                "SELECT facts FROM artifact_facts WHERE repo = ? AND oid = ? AND knowledge = ?"
            )
        );
        select.bind(record.row, commit.view(), licenses.version());
        RAILHUB_TRY(const bool found, select.step());
        if (found) {
            const auto json = util::parse_json(select.text(0));
            auto facts =
                json.ok() ? origin::parse_facts(*json) : util::Result<origin::Facts>(json.error());
            if (facts.ok()) {
                return facts;
            }
        }
    }
    RAILHUB_TRY(auto repository, repo::Repository::open(ctx, tx, blobs, record));
    const auto source = make_repository_source(*repository, commit);
    return gather(ctx, *source, record.id.kind, licenses);
}

util::Result<std::optional<util::Json>> kept_report(
    db::Transaction& tx, const license::Catalogue& licenses, const repo::RepoRecord& record
) {
    using Answer = std::optional<util::Json>;
    constexpr std::string_view kSelect =
        "SELECT report FROM license_verdict WHERE repo = ? AND head = ? AND knowledge = ? "
        "AND NOT EXISTS (SELECT 1 FROM lineage_stale WHERE lineage_stale.repo = "
        "license_verdict.repo) AND NOT EXISTS (SELECT 1 FROM lineage_stale WHERE spreads = 1)";
    RAILHUB_TRY(auto select, tx.prepare(kSelect));
    RAILHUB_TRY(const bool found, select.bind(record.row, record.head, licenses.version()).step());
    if (!found) {
        return Answer{};
    }
    auto report = util::parse_json(select.text(0));
    return report.ok() ? Answer(std::move(report).value()) : Answer{};
}

} // namespace railhub::app
