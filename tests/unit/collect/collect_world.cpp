// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/collect_world.h"

#include "core/app/admin.h"
#include "core/db/sqlite.h"
#include "core/storage/layout.h"
#include "core/storage/memory_store.h"

namespace railhub::tests {

namespace {

constexpr std::uint64_t kPartSize = 300;

const license::Catalogue& catalogue() {
    static const license::Catalogue kBuiltIn = value(license::Catalogue::built_in());
    return kBuiltIn;
}

} // namespace

util::Bytes chunk_bytes(int number) {
    const std::size_t size = 60 + static_cast<std::size_t>(number * 37 % 200);
    util::Bytes bytes(size);
    FixedRandom(static_cast<std::uint64_t>(number) + 1000).fill(bytes);
    for (std::size_t i = 0; i < size / 2; ++i) { // so that it can be compressed
        bytes[i] = static_cast<std::uint8_t>(number);
    }
    return bytes;
}

util::Bytes file_bytes(const ChunkList& chunks) {
    util::Bytes bytes;
    for (const int chunk : chunks) {
        const util::Bytes more = chunk_bytes(chunk);
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    return bytes;
}

types::BlobRef ref_of(const ChunkList& chunks) {
    const util::Bytes bytes = file_bytes(chunks);
    return {util::sha256(bytes), bytes.size()};
}

std::vector<xet::Leaf> leaves_of(const ChunkList& chunks) {
    std::vector<xet::Leaf> leaves;
    for (const int chunk : chunks) {
        const util::Bytes bytes = chunk_bytes(chunk);
        leaves.push_back({xet::chunk_hash(bytes), bytes.size()});
    }
    return leaves;
}

CollectWorld::CollectWorld()
    : real_database(value(db::open_sqlite(ctx(), ":memory:"))),
      real_store(storage::make_memory_store()) {
    restart();
    value(app::add_user(ctx(), *deps, {.name = "alice", .email = "alice@example.org"}));
    auto tx = value(database->begin_read(ctx()));
    alice = value(access::identity_of(*tx, "alice"));
}

void CollectWorld::restart() {
    life.revive();
    deps.reset();
    uploads.reset();
    engine.reset();
    database = make_mortal_database(*real_database, life);
    store = make_mortal_store(*real_store, life);
    blobs = std::make_unique<storage::Blobs>(*store);
    engine = value(cas::Engine::open(ctx(), *database, *blobs));
    uploads = storage::make_local_uploads(disk, "/uploads", *blobs);
    deps = std::make_unique<app::Deps>(app::Deps{
        .database = *database,
        .blobs = *blobs,
        .engine = *engine,
        .uploads = *uploads,
        .random = random,
        .licenses = catalogue(),
        .quarantine_folder = folder.file("quarantine"),
        .license_gate = "off"});
}

util::Result<> CollectWorld::put_lfs(std::int64_t repo, const ChunkList& file) {
    const util::Bytes bytes = file_bytes(file);
    RAILHUB_TRY(const auto writer, blobs->begin(ctx(), bytes.size()));
    RAILHUB_TRY(writer->write(bytes));
    RAILHUB_TRY(const types::BlobRef blob, writer->commit(std::nullopt));
    return app::register_upload(ctx(), *deps, {repo, alice.user_id}, blob, leaves_of(file));
}

util::Result<> CollectWorld::put_parts(std::int64_t repo, const ChunkList& file) {
    const util::Bytes bytes = file_bytes(file);
    const types::BlobRef blob = ref_of(file);
    RAILHUB_TRY(const std::string session, uploads->open(ctx(), blob, kPartSize));
    std::vector<storage::UploadPart> parts;
    for (std::size_t at = 0; at < bytes.size(); at += kPartSize) {
        const std::size_t size = std::min<std::size_t>(kPartSize, bytes.size() - at);
        util::MemoryReader reader(util::ByteView(bytes).subspan(at, size));
        const auto number = static_cast<std::uint32_t>(parts.size() + 1);
        RAILHUB_TRY(auto etag, uploads->put_part(ctx(), session, number, reader));
        parts.push_back({number, std::move(etag)});
    }
    RAILHUB_TRY(uploads->complete(ctx(), session, parts));
    return app::register_upload(ctx(), *deps, {repo, alice.user_id}, blob, leaves_of(file));
}

util::Result<KnownXorb> CollectWorld::put_xorb(const ChunkList& chunks, xet::Scheme scheme) {
    xet::XorbBuilder builder;
    for (const int chunk : chunks) {
        const util::Bytes bytes = chunk_bytes(chunk);
        builder.add(bytes, xet::chunk_hash(bytes), scheme);
    }
    const auto built = builder.take();
    RAILHUB_TRY(const auto intake, engine->begin_xorb(ctx(), built.layout.hash));
    RAILHUB_TRY(intake->write(built.body));
    RAILHUB_TRY(intake->commit());
    return KnownXorb{built.layout.hash, chunks};
}

ChunkList CollectWorld::chunks_of(const std::vector<Piece>& pieces) {
    ChunkList chunks;
    for (const Piece& piece : pieces) {
        chunks.insert(
            chunks.end(),
            piece.xorb.chunks.begin() + static_cast<std::ptrdiff_t>(piece.first),
            piece.xorb.chunks.begin() + static_cast<std::ptrdiff_t>(piece.end)
        );
    }
    return chunks;
}

util::Result<> CollectWorld::put_shard(std::int64_t repo, const std::vector<Piece>& pieces) {
    const ChunkList all = chunks_of(pieces);
    xet::Shard shard;
    xet::ShardFile file;
    file.file = xet::file_hash(leaves_of(all));
    file.sha256 = ref_of(all).sha256;
    for (const Piece& piece : pieces) {
        xet::Term term;
        term.xorb = piece.xorb.hash;
        term.first = static_cast<std::uint32_t>(piece.first);
        term.end = static_cast<std::uint32_t>(piece.end);
        std::vector<xet::Hash> hashes;
        for (std::size_t i = piece.first; i < piece.end; ++i) {
            const util::Bytes bytes = chunk_bytes(piece.xorb.chunks[i]);
            term.unpacked += static_cast<std::uint32_t>(bytes.size());
            hashes.push_back(xet::chunk_hash(bytes));
        }
        file.terms.push_back(term);
        file.range_hashes.push_back(xet::range_hash(hashes));
    }
    shard.files.push_back(std::move(file));
    RAILHUB_TRY(engine->register_shard(ctx(), xet::write_shard(shard), {repo, alice.user_id}, {}));
    return {};
}

util::Result<std::vector<KnownXorb>> CollectWorld::ask(int chunk) {
    const auto visible = [](db::Transaction&, std::int64_t) -> util::Result<bool> { return true; };
    RAILHUB_TRY(
        const auto answer,
        engine->dedup_answer(ctx(), xet::chunk_hash(chunk_bytes(chunk)), visible, {})
    );
    std::vector<KnownXorb> xorbs;
    if (!answer) {
        return xorbs;
    }
    RAILHUB_TRY(const xet::Shard shard, xet::parse_shard(*answer));
    static const auto kNumbers = [] {
        std::map<xet::Hash, int> numbers;
        for (int i = 0; i < 64; ++i) {
            numbers.emplace(xet::chunk_hash(chunk_bytes(i)), i);
        }
        return numbers;
    }();
    for (const xet::ShardXorb& xorb : shard.xorbs) {
        KnownXorb known{xorb.xorb, {}};
        for (const xet::ShardChunk& one : xorb.chunks) {
            const auto number = kNumbers.find(one.hash);
            known.chunks.push_back(number != kNumbers.end() ? number->second : kHidden);
        }
        xorbs.push_back(std::move(known));
    }
    return xorbs;
}

repo::RepoRecord CollectWorld::make(const std::string& name) {
    app::RepoWish wish;
    wish.name = name;
    return value(app::make_repo(ctx(), *deps, alice, wish)).record;
}

std::string CollectWorld::record_tip(const std::string& name) {
    auto tx = value(database->begin_read(ctx()));
    return value(repo::find_repo(*tx, id_of(name)))->record.head;
}

types::RepoId CollectWorld::id_of(const std::string& name) const {
    return {types::RepoKind::Model, "alice", name};
}

util::Result<app::CommitAnswer> CollectWorld::commit(
    const std::string& name,
    std::vector<app::CommitOperation> operations,
    const std::string& revision
) {
    app::CommitWish wish;
    wish.repo = id_of(name);
    wish.revision = revision;
    wish.title = "change";
    wish.operations = std::move(operations);
    return app::publish(ctx(), *deps, alice, wish);
}

std::vector<repo::RepoRecord> CollectWorld::repos() {
    auto tx = value(database->begin_read(ctx()));
    repo::RepoFilter filter;
    filter.sees_all = true;
    return value(repo::list_repos(*tx, filter)).repos;
}

collect::Places CollectWorld::places() {
    return {*database, *blobs, *uploads};
}

collect::Plan CollectWorld::mark(std::chrono::milliseconds grace) {
    return value(collect::mark(ctx(), places(), {grace, collect::MarkOptions::Note::Yes}));
}

CollectWorld::History CollectWorld::history_of(const repo::RepoRecord& record) {
    History history;
    auto tx = value(real_database->begin_read(ctx()));
    auto repository = value(repo::Repository::open(ctx(), *tx, *blobs, record));
    std::vector<types::Oid> stack;
    for (const repo::Ref& ref : value(repository->refs())) {
        history.objects.insert(ref.target);
        stack.push_back(ref.peeled);
    }
    while (!stack.empty()) {
        const types::Oid oid = stack.back();
        stack.pop_back();
        history.objects.insert(oid);
        const repo::Commit commit = value(repository->commit(oid));
        for (const types::Oid& parent : commit.parents) {
            if (history.objects.count(parent) == 0) {
                stack.push_back(parent);
            }
        }
        history.objects.insert(commit.tree);
        repo::ListOptions options;
        options.depth = repo::ListOptions::Depth::Recursive;
        for (const repo::TreeEntry& entry : value(repository->list(oid, "", options)).entries) {
            history.objects.insert(entry.oid);
            if (entry.lfs) {
                history.files.insert(entry.lfs->sha256);
            }
        }
    }
    auto rows = value(tx->prepare(
        "SELECT oid, blob_sha256 FROM git_object WHERE repo = ? AND blob_sha256 IS NOT NULL"
    ));
    rows.bind(record.row);
    while (value(rows.step())) {
        if (history.objects.count(types::Oid::from(rows.blob(0))) != 0) {
            history.blobs.insert(util::Sha256::from(rows.blob(1)));
        }
    }
    return history;
}

void CollectWorld::check_complete(const repo::RepoRecord& record) {
    auto tx = value(real_database->begin_read(ctx()));
    auto repository = value(repo::Repository::open(ctx(), *tx, *blobs, record));
    std::vector<types::Oid> commits;
    {
        auto rows = value(tx->prepare("SELECT oid FROM git_commit WHERE repo = ?"));
        rows.bind(record.row);
        while (value(rows.step())) {
            commits.push_back(types::Oid::from(rows.blob(0)));
        }
    }
    for (const types::Oid& oid : commits) {
        INFO(record.id.name << " commit " << oid.hex());
        const repo::Commit commit = value(repository->commit(oid));
        for (const types::Oid& parent : commit.parents) {
            CHECK(value(repository->has_object(parent)));
        }
        repo::ListOptions options;
        options.depth = repo::ListOptions::Depth::Recursive;
        for (const repo::TreeEntry& entry : value(repository->list(oid, "", options)).entries) {
            CHECK(value(repository->has_object(entry.oid)));
            if (entry.lfs) {
                CHECK(value(repo::is_lfs_linked(*tx, record.row, entry.lfs->sha256)));
            }
        }
    }
}

std::set<std::string> CollectWorld::keys() {
    std::set<std::string> found;
    value(real_store->list(ctx(), {}, [&](const storage::ObjectInfo& info) {
        if (!info.key.starts_with(storage::kTrashPrefix)) {
            found.insert(info.key);
        }
        return util::Result<>();
    }));
    return found;
}

std::int64_t CollectWorld::count(const std::string& sql) {
    auto tx = value(real_database->begin_read(ctx()));
    auto rows = value(tx->prepare(sql));
    REQUIRE(value(rows.step()));
    return rows.integer(0);
}

std::vector<std::string> CollectWorld::column(const std::string& sql) {
    auto tx = value(real_database->begin_read(ctx()));
    auto rows = value(tx->prepare(sql));
    std::vector<std::string> found;
    while (value(rows.step())) {
        found.push_back(util::to_hex(rows.blob(0)));
    }
    return found;
}

std::string CollectWorld::problem_with(const util::Sha256& sha256) {
    const auto reader = blobs->open(ctx(), sha256);
    if (!reader.ok()) {
        return util::to_line(reader.error());
    }
    util::Bytes bytes((*reader)->size());
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got = (*reader)->read_at(filled, std::span(bytes).subspan(filled));
        if (!got.ok()) {
            return util::to_line(got.error());
        }
        if (*got == 0) {
            break;
        }
        filled += *got;
    }
    return util::sha256(bytes) == sha256 ? "" : "other bytes than it should have";
}

} // namespace railhub::tests
