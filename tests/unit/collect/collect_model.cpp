// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/collect_model.h"

#include "core/storage/layout.h"

#include <algorithm>
#include <array>

namespace railhub::tests {

namespace {

constexpr int kChunks = 40;
constexpr std::int64_t kHour = std::int64_t{3600} * 1000;

app::CommitOperation put_small(const std::string& path, std::string text) {
    return app::NewContent{
        value(types::RepoPath::parse(path)),
        [text = std::move(text)]() -> util::Result<std::string> { return text; }};
}

} // namespace

CollectModel::CollectModel(unsigned seed) : random_(seed) {
    make_repo();
    make_repo();
}

int CollectModel::pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
}

CollectModel::Known* CollectModel::any_repo() {
    return repos_.empty()
               ? nullptr
               : &repos_[static_cast<std::size_t>(pick(static_cast<int>(repos_.size())))];
}

std::string CollectModel::any_branch(const Known& repo) {
    std::vector<std::string> branches;
    for (const auto& [name, oid] : repo.refs) {
        if (name.starts_with("refs/heads/")) {
            branches.push_back(name.substr(11));
        }
    }
    return branches.empty()
               ? "main"
               : branches[static_cast<std::size_t>(pick(static_cast<int>(branches.size())))];
}

ChunkList CollectModel::new_chunks(int most) {
    ChunkList chunks;
    for (int i = 1 + pick(most); i > 0; --i) {
        chunks.push_back(pick(kChunks));
    }
    return chunks;
}

ChunkList CollectModel::any_file() {
    if (files_.empty() || chance(40)) {
        files_.push_back(new_chunks(5));
    }
    return files_[static_cast<std::size_t>(pick(static_cast<int>(files_.size())))];
}

std::string CollectModel::any_path() {
    static constexpr std::array kPaths = {"a.bin", "b.bin", "d/c.bin", "d/e.bin", "f.bin"};
    return kPaths[static_cast<std::size_t>(pick(kPaths.size()))];
}

std::string CollectModel::step() {
    struct Step {
        int weight;
        const char* name;
        void (CollectModel::*act)();
    };

    static constexpr std::array kSteps = {
        Step{3, "make repo", &CollectModel::make_repo},
        Step{2, "remove repo", &CollectModel::remove_repo},
        Step{14, "upload loose", &CollectModel::upload_loose},
        Step{16, "upload packed", &CollectModel::upload_packed},
        Step{8, "ask", &CollectModel::ask},
        Step{4, "leave orphans", &CollectModel::leave_orphans},
        Step{2, "open session", &CollectModel::open_session},
        Step{22, "commit", &CollectModel::commit_files},
        Step{12, "refs", &CollectModel::change_refs},
        Step{4, "squash", &CollectModel::squash},
        Step{8, "mark", &CollectModel::mark},
        Step{10, "apply", &CollectModel::apply},
        Step{4, "collect", &CollectModel::collect_all},
        Step{3, "undelete", &CollectModel::undelete},
        Step{2, "empty trash", &CollectModel::empty_trash},
        Step{14, "wait", &CollectModel::wait}};
    int total = 0;
    for (const Step& step : kSteps) {
        total += step.weight;
    }
    int at = pick(total);
    for (const Step& step : kSteps) {
        at -= step.weight;
        if (at >= 0) {
            continue;
        }
        const bool is_killed = chance(15);
        if (is_killed) {
            const auto moment = chance(50) ? Life::Moment::Before : Life::Moment::After;
            world.life.end_at(static_cast<std::uint64_t>(1 + pick(6)), moment);
        }
        (this->*step.act)();
        const bool has_died = world.life.is_over();
        world.life.revive();
        if (has_died) {
            world.restart();
            read_repos();
        }
        return std::string(step.name) + (has_died ? " (killed)" : "");
    }
    return {};
}

// --- repos and refs ---

void CollectModel::make_repo() {
    app::RepoWish wish;
    // Sometimes the name of one that was deleted.
    wish.name = "r" + std::to_string(chance(30) ? pick(next_repo_ + 1) : next_repo_);
    ++next_repo_;
    const auto made = app::make_repo(world.ctx(), *world.deps, world.alice, wish);
    if (!made.ok()) {
        return;
    }
    const bool is_known = std::any_of(repos_.begin(), repos_.end(), [&](const Known& known) {
        return known.row == made->record.row;
    });
    if (!is_known) {
        repos_.push_back({wish.name, made->record.row, {}});
        read_refs(repos_.back());
    }
}

void CollectModel::remove_repo() {
    if (repos_.size() < 2) {
        return;
    }
    const auto which = static_cast<std::ptrdiff_t>(pick(static_cast<int>(repos_.size())));
    const Known known = repos_[static_cast<std::size_t>(which)];
    const auto id = world.id_of(known.name);
    const auto done = app::remove_repo(world.ctx(), *world.deps, world.alice, id);
    if (done.ok()) {
        repos_.erase(repos_.begin() + which);
    }
}

void CollectModel::read_refs(Known& repo) {
    repo.refs.clear();
    auto tx = value(world.real_database->begin_read(world.ctx()));
    auto rows = value(tx->prepare("SELECT name, target FROM git_ref WHERE repo = ?"));
    rows.bind(repo.row);
    while (value(rows.step())) {
        repo.refs[std::string(rows.text(0))] = types::Oid::from(rows.blob(1));
    }
}

void CollectModel::read_repos() {
    repos_.clear();
    for (const repo::RepoRecord& record : world.repos()) {
        repos_.push_back({record.id.name, record.row, {}});
        read_refs(repos_.back());
    }
}

// Without a kill, and with nothing but garbage gone, it must work.
void CollectModel::after(Known& repo, const util::Result<>& done, const std::string& what) {
    if (!world.life.is_over()) {
        INFO(what << ": " << (done.ok() ? "" : util::to_line(done.error())));
        CHECK(done.ok());
    }
    read_refs(repo);
}

void CollectModel::commit_files() {
    Known* const repo = any_repo();
    if (repo == nullptr) {
        return;
    }
    std::vector<app::CommitOperation> operations;
    std::set<std::string> used;
    for (int i = 1 + pick(3); i > 0; --i) {
        const std::string path = any_path();
        if (!used.insert(path).second) {
            continue;
        }
        std::vector<types::BlobRef> mine; // what this repo may commit, for sure
        for (const Upload& upload : uploads_) {
            if (upload.repo == repo->row && now() - upload.at_ms < 24 * kHour) {
                mine.push_back(upload.blob);
            }
        }
        const int kind = pick(10);
        if (kind < 7 && !mine.empty()) {
            const auto& blob = mine[static_cast<std::size_t>(pick(static_cast<int>(mine.size())))];
            operations.emplace_back(app::NewLarge{
                value(types::RepoPath::parse(path)), blob.sha256, blob.size});
        } else if (kind < 9) {
            operations.push_back(put_small(path, "text " + std::to_string(pick(5)) + "\n"));
        } else {
            const std::string line = "line " + std::to_string(pick(3)) + "\n";
            std::string text;
            while (text.size() < (std::size_t{65} << 10)) {
                text += line;
            }
            operations.push_back(put_small(path, text)); // kept as a blob
        }
    }
    if (chance(30)) {
        operations.clear();
        operations.emplace_back(repo::DeletePath{
            value(types::RepoPath::parse(any_path())), repo::DeleteWhat::Either});
        static_cast<void>(world.commit(repo->name, operations, any_branch(*repo))); // may be absent
        read_refs(*repo);
        return;
    }
    app::CommitWish wish;
    wish.repo = world.id_of(repo->name);
    wish.revision = any_branch(*repo);
    wish.title = "change " + std::to_string(pick(1000));
    wish.operations = operations;
    wish.pull_request =
        chance(10) ? app::CommitWish::PullRequest::Open : app::CommitWish::PullRequest::No;
    const auto done = app::publish(world.ctx(), *world.deps, world.alice, wish);
    after(*repo, done.ok() ? util::Result<>() : util::Result<>(done.error()), "commit");
}

void CollectModel::change_refs() {
    Known* const repo = any_repo();
    if (repo == nullptr) {
        return;
    }
    const auto ctx = world.ctx();
    const auto id = world.id_of(repo->name);
    const std::string name = "n" + std::to_string(pick(3));
    util::Result<> done;
    switch (pick(5)) {
    case 0: {
        app::BranchWish wish{name, any_branch(*repo)};
        wish.if_there = app::BranchWish::IfThere::Overwrite;
        done = app::make_branch(ctx, *world.deps, world.alice, id, wish);
        after(*repo, done, "branch");
        return;
    }
    case 1: {
        // From a commit that may be unreachable by now.
        const auto commits =
            world.column("SELECT oid FROM git_commit WHERE repo = " + std::to_string(repo->row));
        if (!commits.empty()) {
            app::BranchWish wish{
                name, commits[static_cast<std::size_t>(pick(static_cast<int>(commits.size())))]};
            wish.if_there = app::BranchWish::IfThere::Overwrite;
            after(*repo, app::make_branch(ctx, *world.deps, world.alice, id, wish), "revive");
        }
        return;
    }
    case 2:
        if (repo->refs.count("refs/heads/" + name) != 0) {
            after(*repo, app::remove_branch(ctx, *world.deps, world.alice, id, name), "unbranch");
        }
        return;
    case 3:
        if (repo->refs.count("refs/tags/" + name) == 0) {
            app::TagWish wish{name, any_branch(*repo), chance(50) ? "a tag" : ""};
            after(*repo, app::make_tag(ctx, *world.deps, world.alice, id, wish), "tag");
        }
        return;
    default:
        if (repo->refs.count("refs/tags/" + name) != 0) {
            after(*repo, app::remove_tag(ctx, *world.deps, world.alice, id, name), "untag");
        }
    }
}

void CollectModel::squash() {
    Known* const repo = any_repo();
    if (repo == nullptr) {
        return;
    }
    const app::SquashWish wish{any_branch(*repo), "squashed " + std::to_string(pick(1000))};
    const auto id = world.id_of(repo->name);
    const auto done = app::squash_history(world.ctx(), *world.deps, world.alice, id, wish);
    after(*repo, done.ok() ? util::Result<>() : util::Result<>(done.error()), "squash");
}

// --- doors ---

void CollectModel::note_upload(std::int64_t repo, const types::BlobRef& blob) {
    uploads_.push_back({repo, blob, now()});
}

void CollectModel::upload_loose() {
    Known* const repo = any_repo();
    if (repo == nullptr) {
        return;
    }
    const ChunkList file = any_file();
    const types::BlobRef blob = ref_of(file);
    if (chance(25)) { // the answer that nothing need be sent is a promise too
        auto tx = world.database->begin_read(world.ctx());
        if (tx.ok()) {
            const auto here = app::is_here(world.ctx(), *world.deps, **tx, repo->row, blob);
            if (here.ok() && *here && !world.life.is_over()) {
                note_upload(repo->row, blob);
                return;
            }
        }
    }
    const auto done =
        chance(30) ? world.put_parts(repo->row, file) : world.put_lfs(repo->row, file);
    if (done.ok()) {
        note_upload(repo->row, blob);
    } else {
        after(*repo, done, "upload");
    }
}

void CollectModel::upload_packed() {
    Known* const repo = any_repo();
    if (repo == nullptr) {
        return;
    }
    std::vector<CollectWorld::Piece> pieces;
    for (int i = 1 + pick(3); i > 0; --i) {
        std::erase_if(cached_, [&](const Cached& cached) {
            return now() - cached.at_ms >= 24 * kHour;
        });
        CollectWorld::Piece piece;
        if (!cached_.empty() && chance(55)) {
            piece.xorb =
                cached_[static_cast<std::size_t>(pick(static_cast<int>(cached_.size())))].xorb;
        } else {
            const auto scheme = chance(50) ? xet::Scheme::None : xet::Scheme::Lz4;
            auto sent = world.put_xorb(new_chunks(4), scheme);
            if (!sent.ok()) {
                after(*repo, sent.error(), "xorb");
                return;
            }
            piece.xorb = std::move(*sent);
            cached_.push_back({piece.xorb, now()});
        }
        const auto& chunks = piece.xorb.chunks;
        const int size = static_cast<int>(chunks.size());
        piece.first = static_cast<std::size_t>(chance(60) ? 0 : pick(size));
        while (piece.first < chunks.size() && chunks[piece.first] == kHidden) {
            ++piece.first;
        }
        piece.end = piece.first;
        do {
            ++piece.end;
        } while (piece.end < chunks.size() && chunks[piece.end] != kHidden && chance(60));
        if (piece.end > chunks.size()) {
            continue; // nothing in it is told
        }
        pieces.push_back(std::move(piece));
    }
    if (pieces.empty()) {
        return;
    }
    const auto done = world.put_shard(repo->row, pieces);
    const ChunkList file = CollectWorld::chunks_of(pieces);
    if (done.ok()) {
        files_.push_back(file);
        note_upload(repo->row, ref_of(file));
    } else {
        after(*repo, done, "shard"); // what a dedup answer named a day ago is still there
    }
}

void CollectModel::ask() {
    const auto answer = world.ask(pick(kChunks));
    if (!answer.ok()) {
        return;
    }
    for (const KnownXorb& xorb : *answer) {
        cached_.push_back({xorb, now()});
    }
}

// As after a kill between the object and the row, and as a client that went away.
void CollectModel::leave_orphans() {
    if (chance(50)) {
        const util::Bytes bytes = file_bytes(any_file());
        const auto writer = world.blobs->begin(world.ctx(), bytes.size());
        if (writer.ok() && (*writer)->write(bytes).ok()) {
            static_cast<void>((*writer)->commit(std::nullopt));
        }
        return;
    }
    const auto sent = world.put_xorb(new_chunks(4), xet::Scheme::None);
    if (sent.ok()) {
        cached_.push_back({*sent, now()});
    }
}

void CollectModel::open_session() {
    static_cast<void>(world.uploads->open(world.ctx(), ref_of(any_file()), 300));
}

// --- the collector ---

void CollectModel::mark() {
    auto plan =
        collect::mark(world.ctx(), world.places(), {kGrace, collect::MarkOptions::Note::Yes});
    if (plan.ok()) {
        CHECK(plan->skipped.empty());
        plans_.push_back(std::move(*plan));
    }
}

void CollectModel::apply() {
    if (plans_.empty()) {
        return;
    }
    const auto& plan = plans_[static_cast<std::size_t>(pick(static_cast<int>(plans_.size())))];
    const auto done = collect::apply(world.ctx(), world.places(), plan);
    if (!world.life.is_over()) {
        INFO((done.ok() ? std::string() : util::to_line(done.error())));
        CHECK(done.ok());
    }
}

void CollectModel::collect_all() {
    mark();
    if (!plans_.empty()) {
        static_cast<void>(collect::apply(world.ctx(), world.places(), plans_.back()));
    }
}

void CollectModel::undelete() {
    const auto page = collect::list_trash(world.ctx(), world.places(), 0, 1000);
    if (!page.ok() || page->entries.empty()) {
        return;
    }
    const auto& entry =
        page->entries[static_cast<std::size_t>(pick(static_cast<int>(page->entries.size())))];
    collect::UndeleteWish wish;
    wish.what = {chance(50) || entry.repo.empty() ? std::to_string(entry.id) : entry.repo};
    static_cast<void>(collect::undelete(world.ctx(), world.places(), wish)
    ); // the name may be taken
    if (!world.life.is_over()) {
        read_repos();
    }
}

void CollectModel::empty_trash() {
    static_cast<void>(collect::empty_trash(world.ctx(), world.places(), std::chrono::hours(24 * 7))
    );
}

void CollectModel::wait() {
    world.context.clock.advance(std::chrono::hours(1 + pick(chance(30) ? 72 : 12)));
}

// --- what must hold ---

void CollectModel::check_kept() {
    std::set<std::int64_t> rows;
    for (const repo::RepoRecord& record : world.repos()) {
        rows.insert(record.row);
        world.check_complete(record);
        const auto history = world.history_of(record); // fails where an object is missing
        for (const auto& files : {history.files, history.blobs}) {
            for (const util::Sha256& sha256 : files) {
                INFO(record.id.name << " needs " << sha256.hex());
                CHECK(world.problem_with(sha256).empty());
            }
        }
    }
    for (const Known& known : repos_) {
        CHECK(rows.count(known.row) == 1);
        Known now_there = known;
        read_refs(now_there);
        CHECK(now_there.refs == known.refs);
    }
    for (const Upload& upload : uploads_) {
        if (now() - upload.at_ms < 24 * kHour && rows.count(upload.repo) != 0) {
            INFO("uploaded " << upload.blob.sha256.hex());
            CHECK(world.problem_with(upload.blob.sha256).empty());
        }
    }
    // Every recipe is whole.
    CHECK(
        world.count("SELECT COUNT(*) FROM cas_file_segment AS u LEFT JOIN cas_segment AS s "
                    "ON s.id = u.segment WHERE s.id IS NULL") == 0
    );
}

void CollectModel::check_exact() {
    plans_.clear();
    value(world.uploads->sweep(world.ctx(), std::chrono::hours(0)));
    for (int round = 0; round < 4; ++round) { // seen dead, then old; then what hung on it
        world.context.clock.advance(kGrace + std::chrono::hours(1));
        const auto plan = world.mark(kGrace);
        value(collect::apply(world.ctx(), world.places(), plan));
    }
    CHECK(world.mark(kGrace).is_empty());
    std::set<std::string> objects;
    std::set<util::Sha256> files;
    std::set<std::string> links;
    for (const repo::RepoRecord& record : world.repos()) {
        const auto history = world.history_of(record);
        for (const types::Oid& oid : history.objects) {
            objects.insert(std::to_string(record.row) + " " + oid.hex());
        }
        for (const util::Sha256& sha256 : history.files) {
            links.insert(std::to_string(record.row) + " " + sha256.hex());
        }
        files.insert(history.files.begin(), history.files.end());
        files.insert(history.blobs.begin(), history.blobs.end());
    }
    std::set<std::string> stored;
    std::set<std::string> linked;
    std::set<std::string> allowed;
    {
        auto tx = value(world.real_database->begin_read(world.ctx()));
        auto rows = value(tx->prepare("SELECT repo, oid FROM git_object WHERE repo IN "
                                      "(SELECT id FROM repo)"));
        while (value(rows.step())) {
            stored.insert(std::to_string(rows.integer(0)) + " " + util::to_hex(rows.blob(1)));
        }
        auto link_rows = value(tx->prepare("SELECT repo, sha256 FROM lfs_link"));
        while (value(link_rows.step())) {
            linked.insert(
                std::to_string(link_rows.integer(0)) + " " + util::to_hex(link_rows.blob(1))
            );
        }
        auto recipes =
            value(tx->prepare("SELECT f.sha256, s.encoding, s.hash, s.blob FROM cas_segment AS s "
                              "LEFT JOIN cas_file_segment AS u ON u.segment = s.id "
                              "LEFT JOIN cas_file AS f ON f.id = u.file"));
        while (value(recipes.step())) {
            REQUIRE_FALSE(recipes.is_null(0)); // a segment that no recipe uses
            INFO("recipe of " << util::to_hex(recipes.blob(0)));
            CHECK(files.count(util::Sha256::from(recipes.blob(0))) == 1);
            if (recipes.integer(1) == 1) {
                allowed.insert(storage::blob_key(util::Sha256::from(recipes.blob(3))));
            } else {
                xet::Hash hash;
                std::copy_n(recipes.blob(2).begin(), 32, hash.bytes.begin());
                allowed.insert(storage::xorb_key(hash));
            }
        }
    }
    CHECK(stored == objects);
    CHECK(linked == links);
    CHECK(world.count("SELECT COUNT(*) FROM lfs_upload") == 0);
    CHECK(
        world.count("SELECT COUNT(*) FROM cas_chunk WHERE segment NOT IN "
                    "(SELECT id FROM cas_segment)") == 0
    );
    for (const util::Sha256& sha256 : files) {
        allowed.insert(storage::blob_key(sha256)); // where there is a loose one
    }
    const std::set<std::string> keys = world.keys();
    std::vector<std::string> too_much;
    std::set_difference(
        keys.begin(), keys.end(), allowed.begin(), allowed.end(), std::back_inserter(too_much)
    );
    CHECK(too_much == std::vector<std::string>());
    check_kept();
    // And the trash can be emptied whole.
    value(collect::empty_trash(world.ctx(), world.places(), std::chrono::hours(0)));
    CHECK(
        world.count("SELECT (SELECT COUNT(*) FROM trash) + (SELECT COUNT(*) FROM trash_object) + "
                    "(SELECT COUNT(*) FROM trash_commit) + (SELECT COUNT(*) FROM trash_link) + "
                    "(SELECT COUNT(*) FROM dead_repo) + (SELECT COUNT(*) FROM dead_link)") == 0
    );
    std::size_t in_trash = 0;
    value(world.real_store->list(world.ctx(), "trash/", [&](const storage::ObjectInfo&) {
        ++in_trash;
        return util::Result<>();
    }));
    CHECK(in_trash == 0);
    CHECK(world.keys() == keys);
}

} // namespace railhub::tests
