// SPDX-License-Identifier: Apache-2.0
// XetScene: a folder, a hub with Xet on loopback, and what pushes and pulls need.
#pragma once

#include "core/transfer/pull.h"
#include "core/transfer/push.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/transfer/local_cas.h"

namespace railhub::tests {

inline std::string random_text(std::size_t size, std::uint64_t seed) {
    FixedRandom random(seed);
    std::string text(size, '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text;
}

inline constexpr std::size_t kMegabyte = 1'000'000;

struct XetScene {
    LocalCas cas;
    TempDir dir;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    Client client{cas.server.url(), "hub-token"};
    std::unique_ptr<transfer::PushMemo> memo;
    transfer::PushRequest request{
        .id = {types::RepoKind::Model, "ada", "model"}, .source = dir.file("src"), .title = "T"};

    XetScene() { open_memo(); }

    // As the next program finds it.
    void open_memo() {
        auto opened = transfer::PushMemo::open(*fs, dir.file("memo.jsonl"));
        REQUIRE_OK(opened);
        memo = std::make_unique<transfer::PushMemo>(std::move(opened).value());
    }

    void write(const std::string& path, std::string_view text) {
        const std::string file = dir.file("src/" + path);
        REQUIRE_OK(fs->make_dirs(util::parent_path(file)));
        REQUIRE_OK(util::write_atomic(*fs, file, util::as_bytes(text)));
    }

    transfer::PushTools tools() { return {client.hub, *fs, *memo, client.random}; }

    util::Result<transfer::PushResult> try_push() {
        RAILHUB_TRY(auto plan, transfer::plan_push(client.ctx, tools(), request));
        return transfer::run_push(client.ctx, tools(), request, std::move(plan));
    }

    transfer::PushResult push() {
        auto result = try_push();
        REQUIRE_OK(result);
        return *result;
    }

    transfer::PullResult pull() {
        transfer::PullRequest wanted;
        wanted.id = request.id;
        wanted.cache_folder = dir.file("cache");
        wanted.download.piece_size = kMegabyte;
        const auto plan = transfer::plan_pull(client.ctx, client.hub, *fs, wanted);
        REQUIRE_OK(plan);
        const auto result =
            transfer::run_pull(client.ctx, client.hub, client.random, *fs, wanted, *plan);
        REQUIRE_OK(result);
        target = plan->target;
        return *result;
    }

    // Of the last pull.
    std::string pulled(const std::string& path) {
        const auto text = util::read_file(*fs, target + "/" + path, 1'000 * kMegabyte);
        return text.ok() ? *text : util::to_line(text.error());
    }

    // Bytes of xorbs the server took.
    std::uint64_t received() {
        const std::lock_guard lock(cas.mutex);
        return cas.xorb_bytes;
    }

    std::string target;
};

} // namespace railhub::tests
