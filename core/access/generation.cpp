// SPDX-License-Identifier: Apache-2.0
// Reads the two counters and moves them; whoever changes something calls in the same transaction.
#include "core/access/generation.h"

namespace railhub::access {

util::Result<Generations> generations(db::Transaction& tx) {
    RAILHUB_TRY(auto row, tx.prepare("SELECT access, content FROM generation WHERE id = 1"));
    RAILHUB_TRY(const bool found, row.step());
    if (!found) {
        return util::fail(util::Code::Corrupt, "the table 'generation' is empty");
    }
    return Generations{row.integer(0), row.integer(1)};
}

util::Result<> move_access_generation(db::Transaction& tx) {
    RAILHUB_TRY(auto update, tx.prepare("UPDATE generation SET access = access + 1 WHERE id = 1"));
    RAILHUB_TRY(update.run());
    return {};
}

util::Result<> move_content_generation(db::Transaction& tx) {
    RAILHUB_TRY(
        auto update, tx.prepare("UPDATE generation SET content = content + 1 WHERE id = 1")
    );
    RAILHUB_TRY(update.run());
    return {};
}

} // namespace railhub::access
