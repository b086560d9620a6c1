// SPDX-License-Identifier: Apache-2.0
// The first to insert wins, so that several servers agree on one key.
#include "core/app/server_secret.h"

namespace railhub::app {

util::Result<util::Bytes>
server_secret(const util::Context& ctx, Deps& deps, std::string_view name) {
    util::Bytes fresh(32);
    deps.random.fill(fresh);
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(
        auto insert,
        tx->prepare("INSERT INTO server_secret (name, value) VALUES (?, ?) "
                    "ON CONFLICT (name) DO NOTHING")
    );
    RAILHUB_TRY(insert.bind(name, fresh).run());
    util::Bytes key;
    {
        RAILHUB_TRY(auto row, tx->prepare("SELECT value FROM server_secret WHERE name = ?"));
        RAILHUB_TRY([[maybe_unused]] const bool found, row.bind(name).step());
        const util::ByteView value = row.blob(0);
        key.assign(value.begin(), value.end());
    }
    RAILHUB_TRY(tx->commit());
    return key;
}

} // namespace railhub::app
