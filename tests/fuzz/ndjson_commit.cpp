// SPDX-License-Identifier: Apache-2.0
// Commit bodies: nothing crashes, limits hold, and what was taken can be read back.
#include "server/api/commit_lines.h"
#include "tests/fuzz/fuzz.h"

namespace app = railhub::app;
namespace server = railhub::server;
namespace util = railhub::util;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto fs = util::make_posix_fs();
    util::SystemRandom random;
    server::api::Spool spool(*fs, random, "/tmp");
    util::MemoryReader body(util::ByteView(data, size));
    app::CommitWish wish;
    const server::api::CommitLimits limits{.regular_file = 4096, .operations = 64};
    const auto result = server::api::read_commit_lines(body, spool, limits, wish);
    RAILHUB_ASSERT(wish.operations.size() <= 2 * limits.operations);
    for (const app::CommitOperation& operation : wish.operations) {
        if (const auto* file = std::get_if<app::NewContent>(&operation);
            file != nullptr && result.ok()) {
            const auto bytes = file->bytes();
            RAILHUB_ASSERT(!bytes.ok() || bytes->size() <= limits.regular_file + 3);
        }
    }
    return 0;
}
