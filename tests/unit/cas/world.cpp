// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cas/world.h"

#include "core/db/sqlite.h"
#include "core/storage/layout.h"
#include "core/storage/local_store.h"
#include "core/storage/memory_store.h"
#include "core/xet/chunker.h"

#include <fstream>
#include <random>

namespace railhub::tests {

util::Bytes random_bytes(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    util::Bytes bytes(count);
    for (auto& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    return bytes;
}

util::Bytes number_bytes(std::uint32_t seed, std::size_t count) {
    util::Bytes bytes;
    bytes.reserve(count + 4);
    std::mt19937 random(seed);
    while (bytes.size() < count) {
        const std::uint32_t number = 0x3F800000U + (random() & 0xFFFF);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<std::uint8_t>(number >> shift));
        }
    }
    bytes.resize(count);
    return bytes;
}

std::vector<xet::Leaf> leaves_of(util::ByteView bytes) {
    std::vector<xet::Leaf> leaves;
    for (const std::uint32_t size : xet::chunk_sizes(bytes)) {
        leaves.push_back({xet::chunk_hash(bytes.first(size)), size});
        bytes = bytes.subspan(size);
    }
    return leaves;
}

namespace {

class Packer {
  public:
    explicit Packer(const PackOptions& options) : options_(options) {}

    void add_file(util::ByteView bytes) {
        xet::ShardFile file;
        file.sha256 = util::sha256(bytes);
        const auto leaves = leaves_of(bytes);
        file.file = xet::file_hash(leaves);
        for (const xet::Leaf& leaf : leaves) {
            if (builder_.chunk_count() == options_.chunks_per_xorb || !builder_.fits(leaf.size)) {
                close();
            }
            if (open_.empty() || open_.back().file != packed_.shard.files.size()) {
                const auto first = static_cast<std::uint32_t>(builder_.chunk_count());
                open_.push_back({packed_.shard.files.size(), file.terms.size()});
                file.terms.push_back({{}, 0, first, first});
                hashes_.emplace_back();
            }
            builder_.add(bytes.first(leaf.size), leaf.hash, options_.scheme);
            file.terms.back().unpacked += static_cast<std::uint32_t>(leaf.size);
            ++file.terms.back().end;
            hashes_.back().push_back(leaf.hash);
            bytes = bytes.subspan(leaf.size);
            file_ = &file;
        }
        file_ = nullptr;
        for (const auto& hashes : hashes_) {
            file.range_hashes.push_back(xet::range_hash(hashes));
        }
        hashes_.clear();
        packed_.shard.files.push_back(std::move(file));
    }

    Packed finish() {
        close();
        return std::move(packed_);
    }

  private:
    struct OpenTerm {
        std::size_t file = 0;
        std::size_t term = 0;
    };

    // The hash of a xorb is known when it is full.
    void close() {
        if (builder_.chunk_count() == 0) {
            return;
        }
        packed_.xorbs.push_back(builder_.take());
        const xet::XorbLayout& layout = packed_.xorbs.back().layout;
        for (const OpenTerm& open : open_) {
            xet::ShardFile& file =
                open.file < packed_.shard.files.size() ? packed_.shard.files[open.file] : *file_;
            file.terms[open.term].xorb = layout.hash;
        }
        open_.clear();
        xet::ShardXorb xorb{layout.hash, layout.uncompressed_size(), 0, {}};
        std::uint32_t begin = 0;
        for (const xet::XorbChunk& chunk : layout.chunks) {
            xorb.chunks.push_back({chunk.hash, begin, chunk.uncompressed_end - begin, false});
            begin = chunk.uncompressed_end;
        }
        packed_.shard.xorbs.push_back(std::move(xorb));
    }

    PackOptions options_;
    Packed packed_;
    xet::XorbBuilder builder_;
    std::vector<OpenTerm> open_;
    std::vector<std::vector<xet::Hash>> hashes_; // of the terms of the file being added
    xet::ShardFile* file_ = nullptr;             // the file being added
};

} // namespace

Packed pack(const std::vector<util::Bytes>& files, const PackOptions& options) {
    Packer packer(options);
    for (const util::Bytes& file : files) {
        packer.add_file(file);
    }
    return packer.finish();
}

CasWorld::CasWorld(Place place) : place_(place) {
    database = value(db::open_sqlite(ctx, folder.file("db")));
    reopen();
}

void CasWorld::reopen() {
    engine.reset();
    blobs.reset();
    if (place_ == Place::Disk) {
        store = value(storage::open_local_store(ctx, *fs, folder.file("store")));
    } else if (store == nullptr) {
        store = storage::make_memory_store();
    }
    blobs = std::make_unique<storage::Blobs>(*store);
    engine = value(cas::Engine::open(ctx, *database, *blobs));
}

util::Result<cas::XorbIntake::Inserted>
CasWorld::send(const xet::Hash& expected, util::ByteView body, std::size_t piece) {
    RAILHUB_TRY(const auto intake, engine->begin_xorb(ctx, expected));
    while (!body.empty()) {
        const std::size_t count = std::min(piece, body.size());
        RAILHUB_TRY(intake->write(body.first(count)));
        body = body.subspan(count);
    }
    return intake->commit();
}

util::Result<cas::ShardOutcome> CasWorld::send_shard(util::ByteView shard) {
    return engine->register_shard(ctx, shard, uploader, {});
}

cas::ShardOutcome CasWorld::upload(const Packed& packed) {
    for (const auto& xorb : packed.xorbs) {
        value(send(xorb.layout.hash, xorb.body));
    }
    return value(send_shard(packed.shard_bytes()));
}

cas::FileRecord CasWorld::put(util::ByteView bytes) {
    auto writer = value(blobs->begin(ctx, bytes.size()));
    value(writer->write(bytes));
    const auto blob = value(writer->commit(std::nullopt));
    return value(engine->register_blob(ctx, blob, leaves_of(bytes), std::nullopt));
}

util::Result<util::Bytes> CasWorld::read_all(storage::ObjectReader& reader) {
    util::Bytes bytes(reader.size());
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::size_t piece = std::min<std::size_t>(bytes.size() - filled, 300'000);
        RAILHUB_TRY(
            const std::size_t got,
            reader.read_at(filled, std::span<std::uint8_t>(bytes).subspan(filled, piece))
        );
        if (got == 0) {
            return util::fail(util::Code::Corrupt, "short");
        }
        filled += got;
    }
    return bytes;
}

util::Result<util::Bytes> CasWorld::read(const util::Sha256& sha256) {
    RAILHUB_TRY(const auto reader, blobs->open(ctx, sha256));
    return read_all(*reader);
}

cas::FileRecord CasWorld::file(const util::Sha256& sha256) {
    auto found = value(engine->find_file(*tx(), sha256));
    REQUIRE(found);
    return *found;
}

std::int64_t CasWorld::count(const std::string& table) {
    auto transaction = tx();
    auto rows = value(transaction->prepare("SELECT count(*) FROM " + table));
    REQUIRE(value(rows.step()));
    return rows.integer(0);
}

void CasWorld::damage(const std::string& key, std::size_t offset) {
    const storage::StoreLayout layout{folder.file("store")};
    std::fstream object(layout.object(key), std::ios::in | std::ios::out | std::ios::binary);
    REQUIRE(object.good());
    object.seekg(static_cast<std::streamoff>(offset));
    const int byte = object.get();
    object.seekp(static_cast<std::streamoff>(offset));
    object.put(static_cast<char>(byte ^ 0x10));
}

} // namespace railhub::tests
