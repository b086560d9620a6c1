// SPDX-License-Identifier: Apache-2.0
// Applying schema steps in order, each with its row in schema_version in the same transaction.
#include "core/db/migrate.h"

namespace railhub::db {

namespace {

constexpr std::string_view kVersionTable = "CREATE TABLE IF NOT EXISTS schema_version("
                                           "version INTEGER PRIMARY KEY,"
                                           "name TEXT NOT NULL,"
                                           "applied_ms INTEGER NOT NULL)";
constexpr std::string_view kSelectVersion = "SELECT coalesce(max(version), 0) FROM schema_version";
constexpr std::string_view kInsertVersion =
    "INSERT INTO schema_version(version, name, applied_ms) VALUES(?, ?, ?)";

util::Result<int> current_version(Transaction& tx) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectVersion));
    RAILHUB_TRY([[maybe_unused]] const bool found, rows.step());
    return static_cast<int>(rows.integer(0));
}

util::Result<> refuse_newer(int found, int known) {
    if (found <= known) {
        return {};
    }
    return util::fail(
        util::Code::Conflict,
        "database has schema version " + std::to_string(found) + ", this program knows up to " +
            std::to_string(known),
        "start the newer railhub that wrote it, or restore a backup made before that upgrade"
    );
}

util::Result<> apply(const util::Context& ctx, Transaction& tx, const Migration& step) {
    RAILHUB_TRY(tx.execute(step.sql));
    RAILHUB_TRY(auto insert, tx.prepare(kInsertVersion));
    insert.bind(step.version, step.name, util::to_millis(ctx.clock.now()));
    RAILHUB_TRY(insert.run());
    return {};
}

// One step in one transaction. The version is read inside it: another process may be migrating too.
util::Result<> advance(const util::Context& ctx, Database& database, const Migration& step) {
    RAILHUB_TRY(auto tx, database.begin_write(ctx));
    RAILHUB_TRY(const int found, current_version(*tx));
    if (found >= step.version) {
        return {};
    }
    RAILHUB_ASSERT(step.version == found + 1); // steps are numbered without gaps
    RAILHUB_TRY(apply(ctx, *tx, step).with_context("schema step '" + std::string(step.name) + "'"));
    return tx->commit();
}

} // namespace

util::Result<>
migrate(const util::Context& ctx, Database& database, std::span<const Migration> migrations) {
    {
        RAILHUB_TRY(auto tx, database.begin_write(ctx));
        RAILHUB_TRY(tx->execute(kVersionTable));
        RAILHUB_TRY(tx->commit());
    }
    const int known = migrations.empty() ? 0 : migrations.back().version;
    RAILHUB_TRY(const int found, schema_version(ctx, database));
    RAILHUB_TRY(refuse_newer(found, known));
    for (const Migration& step : migrations) {
        if (step.version > found) {
            RAILHUB_TRY(advance(ctx, database, step));
        }
    }
    return {};
}

util::Result<int> schema_version(const util::Context& ctx, Database& database) {
    RAILHUB_TRY(auto tx, database.begin_read(ctx));
    return current_version(*tx);
}

} // namespace railhub::db
