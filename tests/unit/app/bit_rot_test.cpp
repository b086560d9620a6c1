// SPDX-License-Identifier: Apache-2.0
// Bits flip on the disk: the check that reads all finds each, and nobody is given wrong bytes of a
// packed file. RAILHUB_ROT_FLIPS sets how many flips a file gets.
#include "core/app/jobs.h"
#include "core/app/large_files.h"
#include "core/app/maintain.h"
#include "core/collect/apply.h"
#include "core/collect/mark.h"
#include "core/xet/shard.h"
#include "core/xet/xorb.h"
#include "tests/unit/app/test_hub.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

namespace railhub::app {

namespace {

using tests::value;

struct RotHub : TestHub {
    std::mt19937 random{7};

    util::Bytes noise(std::size_t size, bool is_text) {
        util::Bytes bytes(size);
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(is_text ? 'a' + random() % 6 : random());
        }
        return bytes;
    }

    // One xorb of chunks, and the file that is all of it.
    types::BlobRef
    put_packed(std::int64_t repo, const std::vector<util::Bytes>& chunks, xet::Scheme scheme) {
        xet::XorbBuilder builder;
        std::vector<xet::Leaf> leaves;
        std::vector<xet::Hash> hashes;
        util::Bytes all;
        for (const util::Bytes& chunk : chunks) {
            builder.add(chunk, xet::chunk_hash(chunk), scheme);
            leaves.push_back({xet::chunk_hash(chunk), chunk.size()});
            hashes.push_back(leaves.back().hash);
            all.insert(all.end(), chunk.begin(), chunk.end());
        }
        const auto built = builder.take();
        const auto intake = value(deps().engine.begin_xorb(ctx, built.layout.hash));
        value(intake->write(built.body));
        value(intake->commit());
        xet::ShardFile file;
        file.file = xet::file_hash(leaves);
        file.sha256 = util::sha256(all);
        file.terms.push_back(
            {built.layout.hash,
             static_cast<std::uint32_t>(all.size()),
             0,
             static_cast<std::uint32_t>(chunks.size())}
        );
        file.range_hashes.push_back(xet::range_hash(hashes));
        xet::Shard shard;
        shard.files.push_back(std::move(file));
        const auto outcome = value(
            deps().engine.register_shard(ctx, xet::write_shard(shard), {repo, alice.user_id}, {})
        );
        return outcome.files.at(0);
    }

    // Empty, an error, or wrong bytes.
    std::string look_at(const types::BlobRef& blob) {
        const auto reader = deps().blobs.open(ctx, blob.sha256);
        if (!reader.ok()) {
            return "error";
        }
        util::Bytes bytes((*reader)->size());
        for (std::size_t at = 0; at < bytes.size();) {
            const auto got = (*reader)->read_at(at, std::span(bytes).subspan(at));
            if (!got.ok() || *got == 0) {
                return "error";
            }
            at += *got;
        }
        return util::sha256(bytes) == blob.sha256 ? "" : "wrong";
    }

    FsckReport check() {
        FsckOptions options;
        options.begin = FsckOptions::Begin::Anew;
        return value(fsck(ctx, deps(), options));
    }
};

void flip(const std::string& path, std::size_t at, std::uint8_t mask) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    REQUIRE(file);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ mask));
}

std::size_t flips_per_file() {
    const char* const text = std::getenv("RAILHUB_ROT_FLIPS");
    return text != nullptr ? std::strtoul(text, nullptr, 10) : 12;
}

} // namespace

TEST_CASE("each flipped bit of a stored file is found, and nobody reads wrong bytes of packed files"
) {
    RotHub t;
    const auto repo = t.make(t.alice, "rot");
    std::vector<types::BlobRef> packed;
    for (const auto scheme : {xet::Scheme::None, xet::Scheme::Lz4, xet::Scheme::Grouped}) {
        for (const bool is_text : {false, true}) {
            packed.push_back(
                t.put_packed(repo.row, {t.noise(9000, is_text), t.noise(20'000, is_text)}, scheme)
            );
        }
    }
    const util::Bytes loose = t.noise(50'000, false);
    const auto blob = t.store_blob(std::string(util::as_text(loose)));
    value(register_upload(t.ctx, t.deps(), {repo.row, t.alice.user_id}, blob, {}));
    const auto trashed = t.store_blob("to be collected");
    std::vector<CommitOperation> operations = {
        put_large("loose.bin", blob), put("large.txt", std::string(70'000, 'x'))};
    for (std::size_t i = 0; i < packed.size(); ++i) {
        operations.push_back(put_large("packed-" + std::to_string(i), packed[i]));
    }
    REQUIRE_OK(t.commit(t.alice, "alice/rot", std::move(operations)));
    { // as a pack kept for clones: its last bytes are the checksum
        util::Bytes pack = t.noise(3000, false);
        const util::Sha1 checksum = util::sha1(pack);
        pack.insert(pack.end(), checksum.bytes.begin(), checksum.bytes.end());
        const auto writer = value(t.deps().blobs.objects().begin(t.ctx, pack.size()));
        value(writer->write(pack));
        value(writer->publish("packs/" + repo.public_id + "/wants"));
    }
    collect::MarkOptions now;
    now.grace =
        std::chrono::milliseconds(-std::int64_t{40} * 365 * 24 * 3600 * 1000); // the disk's clock
    collect::Plan plan = value(collect::mark(t.ctx, places_of(t.deps()), now));
    std::erase_if(plan.objects, [&](const auto& item) {
        return item.key.find(trashed.sha256.hex()) == std::string::npos;
    });
    collect::Plan only;
    only.cutoff_ms = plan.cutoff_ms;
    only.objects = plan.objects;
    CHECK(value(collect::apply(t.ctx, places_of(t.deps()), only)).objects == 1);
    REQUIRE(t.check().problems.empty());

    const std::string objects = t.folder.file("hub") + "/objects/objects";
    std::map<std::string, int> seen;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(objects)) {
        if (!entry.is_regular_file()) {
            continue;
        }
        const std::string path = entry.path().string();
        const std::string kind = path.substr(objects.size() + 1, 5);
        const auto size = static_cast<std::size_t>(entry.file_size());
        for (std::size_t i = 0; i < flips_per_file(); ++i) {
            const std::size_t at = i == 0 ? 0 : (i == 1 ? size - 1 : t.random() % size);
            const auto mask = static_cast<std::uint8_t>(1U << t.random() % 8);
            INFO(path << " byte " << at << " mask " << int{mask});
            std::filesystem::copy_file(
                path, t.folder.file("copy"), std::filesystem::copy_options::overwrite_existing
            );
            flip(path, at, mask);
            const auto report = t.check();
            CHECK(report.problems.size() + report.mended.size() >= 1);
            for (const auto& one : packed) {
                CHECK(t.look_at(one) != "wrong");
            }
            if (std::filesystem::exists(path)) {
                flip(path, at, mask);
            } else { // a damaged pack is deleted
                std::filesystem::copy_file(t.folder.file("copy"), path);
            }
            ++seen[kind];
        }
    }
    CHECK(seen.size() == 4); // blobs, xorbs, packs, trash
    CHECK(t.check().problems.empty());
}

} // namespace railhub::app
