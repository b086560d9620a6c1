// SPDX-License-Identifier: Apache-2.0
// Does one thing to a hub on the disk, for a driver that kills it at each system call (points.py):
//   crash_door FOLDER prepare          a hub with something to collect and something to keep
//   crash_door FOLDER xorb|shard|commit|refs
//   crash_door FOLDER verify WORD...   everything that was acknowledged with these words is there
// Each acknowledgement is a line on stdout, "ok WORD".
#include "core/app/admin.h"
#include "core/app/hub.h"
#include "core/app/large_files.h"
#include "core/app/locate.h"
#include "core/app/publish.h"
#include "core/app/refs.h"
#include "core/app/repos.h"
#include "core/xet/shard.h"
#include "core/xet/xorb.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace railhub {

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr const char* kUser = "ada";
constexpr const char* kRepo = "model";

[[noreturn]] void give_up(const util::Error& error) {
    std::cerr << util::to_line(error) << "\n";
    std::exit(3);
}

template <class T>
T must(util::Result<T> result) {
    if (!result.ok()) {
        give_up(result.error());
    }
    return std::move(result).value();
}

void must(const util::Result<>& result) {
    if (!result.ok()) {
        give_up(result.error());
    }
}

util::Bytes chunk_of(int number) {
    util::Bytes bytes(kChunkBytes);
    std::uint32_t state = static_cast<std::uint32_t>(number) * 2654435761U + 1;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bytes;
}

// Chunks [first, first + count).
struct Content {
    int first = 0;
    int count = 0;

    [[nodiscard]] util::Bytes bytes() const {
        util::Bytes all;
        for (int i = 0; i < count; ++i) {
            const util::Bytes chunk = chunk_of(first + i);
            all.insert(all.end(), chunk.begin(), chunk.end());
        }
        return all;
    }

    [[nodiscard]] types::BlobRef blob() const {
        const util::Bytes all = bytes();
        return {util::sha256(all), all.size()};
    }

    [[nodiscard]] std::vector<xet::Leaf> leaves() const {
        std::vector<xet::Leaf> list;
        for (int i = 0; i < count; ++i) {
            list.push_back({xet::chunk_hash(chunk_of(first + i)), kChunkBytes});
        }
        return list;
    }
};

class Door {
  public:
    explicit Door(const std::string& folder) {
        app::HubOptions options;
        options.folder = folder;
        options.absent = app::HubOptions::Absent::Create;
        hub_ = must(app::Hub::open(ctx_, options));
    }

    void prepare() {
        must(app::add_user(ctx_, deps(), {.name = kUser, .email = "ada@example.org"}));
        who();
        app::RepoWish wish;
        wish.name = kRepo;
        must(app::make_repo(ctx_, deps(), who_, wish));
        wish.name = "gone";
        must(app::make_repo(ctx_, deps(), who_, wish));
        send_xorb({100, 4});
        send_shard({100, 4}, {100, 2});
        put_loose({200, 20});
        commit(kRepo, "kept.bin", {100, 2});
        commit(kRepo, "loose.bin", {200, 20});
        send_xorb({300, 4});
        send_shard({300, 4}, {300, 4});
        put_loose({400, 3});
        commit(kRepo, "old.bin", {300, 4});
        commit(kRepo, "old2.bin", {400, 3});
        remove(kRepo, "old.bin");
        remove(kRepo, "old2.bin");
        must(app::squash_history(ctx_, deps(), who_, id(kRepo), {"main", "one"}));
        must(app::remove_repo(ctx_, deps(), who_, id("gone")));
    }

    void act(const std::string& what) {
        who();
        if (what == "xorb") {
            for (const Content& content : {Content{500, 2}, Content{510, 40}, Content{300, 4}}) {
                send_xorb(content);
                acknowledge("xorb-" + std::to_string(content.first));
            }
        } else if (what == "shard") {
            send_xorb({520, 3});
            send_shard({520, 3}, {520, 3});
            acknowledge("shard-520");
        } else if (what == "commit") {
            put_loose({530, 20});
            acknowledge("upload-530");
            commit(kRepo, "new.bin", {530, 20});
            acknowledge("commit-530");
        } else if (what == "refs") {
            must(app::make_branch(ctx_, deps(), who_, id(kRepo), {"side", "main"}));
            acknowledge("branch-side");
            must(app::squash_history(ctx_, deps(), who_, id(kRepo), {"main", "again"}));
            acknowledge("squash-main");
        }
    }

    void verify(const std::string& word) {
        who();
        const std::size_t dash = word.find('-');
        const std::string kind = word.substr(0, dash);
        const int number = std::atoi(word.c_str() + dash + 1);
        if (kind == "xorb") {
            check_xorb({number, number == 510 ? 40 : (number == 300 ? 4 : 2)});
        } else if (kind == "shard") {
            check_content({520, 3});
        } else if (kind == "upload" || kind == "commit") {
            check_content({530, 20});
        }
        if (kind == "commit") {
            check_entry("main", "new.bin");
        } else if (kind == "branch") {
            check_entry("side", "kept.bin");
        }
    }

    void verify_kept() {
        who();
        check_content({100, 2});
        check_content({200, 20});
        check_entry("main", "kept.bin");
        check_entry("main", "loose.bin");
    }

  private:
    app::Deps& deps() { return hub_->deps(); }

    static void acknowledge(const std::string& word) {
        std::printf("ok %s\n", word.c_str());
        std::fflush(stdout);
    }

    void who() {
        const auto tx = must(deps().database.begin_read(ctx_));
        who_ = must(access::identity_of(*tx, kUser));
    }

    static types::RepoId id(const std::string& name) {
        return {types::RepoKind::Model, kUser, name};
    }

    std::int64_t row(const std::string& name) {
        const auto tx = must(deps().database.begin_read(ctx_));
        return must(repo::find_repo(*tx, id(name)))->record.row;
    }

    static xet::XorbBuilder::Built build(const Content& content) {
        xet::XorbBuilder builder;
        for (int i = 0; i < content.count; ++i) {
            const util::Bytes chunk = chunk_of(content.first + i);
            builder.add(chunk, xet::chunk_hash(chunk), xet::Scheme::Lz4);
        }
        return builder.take();
    }

    void send_xorb(const Content& content) {
        const auto built = build(content);
        const auto intake = must(deps().engine.begin_xorb(ctx_, built.layout.hash));
        must(intake->write(built.body));
        must(intake->commit());
    }

    void send_shard(const Content& xorb, const Content& file) {
        xet::ShardFile entry;
        entry.file = xet::file_hash(file.leaves());
        entry.sha256 = file.blob().sha256;
        xet::Term term;
        term.xorb = build(xorb).layout.hash;
        term.first = static_cast<std::uint32_t>(file.first - xorb.first);
        term.end = term.first + static_cast<std::uint32_t>(file.count);
        term.unpacked = static_cast<std::uint32_t>(file.count * kChunkBytes);
        std::vector<xet::Hash> hashes;
        for (const xet::Leaf& leaf : file.leaves()) {
            hashes.push_back(leaf.hash);
        }
        entry.terms.push_back(term);
        entry.range_hashes.push_back(xet::range_hash(hashes));
        xet::Shard shard;
        shard.files.push_back(std::move(entry));
        must(deps().engine.register_shard(
            ctx_, xet::write_shard(shard), {row(kRepo), who_.user_id}, {}
        ));
    }

    void put_loose(const Content& content) {
        const util::Bytes bytes = content.bytes();
        const auto writer = must(deps().blobs.begin(ctx_, bytes.size()));
        must(writer->write(bytes));
        const auto blob = must(writer->commit(std::nullopt));
        must(app::register_upload(ctx_, deps(), {row(kRepo), who_.user_id}, blob, content.leaves())
        );
    }

    void publish(const std::string& repo, app::CommitOperation operation) {
        app::CommitWish wish;
        wish.repo = id(repo);
        wish.revision = "main";
        wish.title = "change";
        wish.operations.push_back(std::move(operation));
        must(app::publish(ctx_, deps(), who_, wish));
    }

    void commit(const std::string& repo, const std::string& path, const Content& content) {
        const types::BlobRef blob = content.blob();
        publish(repo, app::NewLarge{must(types::RepoPath::parse(path)), blob.sha256, blob.size});
    }

    void remove(const std::string& repo, const std::string& path) {
        publish(
            repo, repo::DeletePath{must(types::RepoPath::parse(path)), repo::DeleteWhat::Either}
        );
    }

    static void require(bool holds, const std::string& what) {
        if (!holds) {
            std::cerr << "lost: " << what << "\n";
            std::exit(1);
        }
    }

    void check_xorb(const Content& content) {
        const auto hash = build(content).layout.hash;
        const auto tx = must(deps().database.begin_read(ctx_));
        const auto segment = must(deps().engine.find_segment(*tx, hash));
        require(segment.has_value(), "xorb " + hash.text());
        must(deps().engine.segment_reader(ctx_, hash, segment->layout));
    }

    void check_content(const Content& content) {
        const types::BlobRef blob = content.blob();
        const auto reader = must(deps().blobs.open(ctx_, blob.sha256));
        util::Bytes bytes(reader->size());
        std::size_t filled = 0;
        while (filled < bytes.size()) {
            const std::size_t got = must(reader->read_at(filled, std::span(bytes).subspan(filled)));
            require(got > 0, "end of a file");
            filled += got;
        }
        require(util::sha256(bytes) == blob.sha256, "bytes of a file");
    }

    void check_entry(const std::string& revision, const std::string& path) {
        const auto tx = must(deps().database.begin_read(ctx_));
        const auto found = must(repo::find_repo(*tx, id(kRepo)));
        const auto repository =
            must(repo::Repository::open(ctx_, *tx, deps().blobs, found->record));
        const auto resolved = must(repository->resolve(revision));
        const auto entry =
            must(repository->entry(resolved.commit, must(types::RepoPath::parse(path))));
        require(entry.has_value(), "file " + path);
    }

    std::unique_ptr<util::LogSink> log_ =
        util::make_fd_log(2, util::LogFormat::KeyValue, util::LogLevel::Warn);
    util::NullProgress progress_;
    util::SystemClock clock_;
    util::Context ctx_{*log_, progress_, clock_};
    std::unique_ptr<app::Hub> hub_;
    access::Identity who_;
};

} // namespace

} // namespace railhub

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "crash_door FOLDER prepare|xorb|shard|commit|refs|verify\n";
        return 2;
    }
    railhub::Door door(argv[1]);
    const std::string what = argv[2];
    if (what == "prepare") {
        door.prepare();
    } else if (what == "verify") {
        door.verify_kept();
        for (int i = 3; i < argc; ++i) {
            door.verify(argv[i]);
        }
    } else {
        door.act(what);
    }
    return 0;
}
