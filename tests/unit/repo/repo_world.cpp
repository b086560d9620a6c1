// SPDX-License-Identifier: Apache-2.0
// Steps that many tests of history take.
#include "tests/unit/repo/repo_world.h"

#include "core/repo/detail/deflate.h"
#include "core/repo/detail/object_source.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/wait.h>

namespace railhub::repo::tests {

namespace {

namespace fs = std::filesystem;
using types::Oid;

// A loose object: zlib over "<type> <size>\0<content>".
void write_loose(const fs::path& folder, const Oid& id, const detail::Object& object) {
    std::string text(detail::type_word(object.type));
    text += ' ' + std::to_string(object.bytes.size()) + '\0';
    text += object.text();
    const std::string name = id.hex();
    fs::create_directories(folder / "objects" / name.substr(0, 2));
    write_text(
        folder / "objects" / name.substr(0, 2) / name.substr(2),
        detail::deflate(util::as_bytes(text))
    );
}

} // namespace

types::RepoPath path(std::string_view text) {
    return value(types::RepoPath::parse(text));
}

PutFile put(std::string_view path_text, std::string bytes) {
    return PutFile{path(path_text), std::move(bytes), EntryKind::File};
}

Signature person(std::int64_t seconds) {
    return {"Ada Example", "ada@example.org", seconds, 60};
}

Oid oid(std::string_view hex) {
    return value(Oid::parse(hex));
}

RepoWorld::RepoWorld() : objects(storage::make_memory_store()), blobs(*objects) {
    database = value(db::open_sqlite(ctx(), folder.file("hub.db")));
    FixedRandom random;
    auto tx = begin_write();
    NewRepo wanted;
    wanted.id = value(types::RepoId::parse(types::RepoKind::Model, "ada/model"));
    wanted.creator = "ada";
    row = value(create_repo(*tx, random, 1000, wanted)).row;
    value(tx->commit());
}

std::unique_ptr<db::Transaction> RepoWorld::begin_read() {
    return value(database->begin_read(ctx()));
}

std::unique_ptr<db::Transaction> RepoWorld::begin_write() {
    return value(database->begin_write(ctx()));
}

RepoRecord RepoWorld::record() {
    auto tx = begin_read();
    return value(find_repo_row(*tx, row)).value();
}

std::optional<Oid> RepoWorld::tip(const std::string& ref_name) {
    std::optional<Oid> found;
    read([&](Repository& repository) {
        const auto ref = value(repository.ref(ref_name));
        found = ref ? std::optional(ref->target) : std::nullopt;
    });
    return found;
}

void RepoWorld::read(const std::function<void(Repository&)>& use) {
    const RepoRecord repo_record = record();
    auto tx = begin_read();
    const auto repository = value(Repository::open(ctx(), *tx, blobs, repo_record));
    use(*repository);
}

util::Result<Oid>
RepoWorld::try_commit(const std::string& branch, std::vector<FileOperation> operations) {
    const RepoRecord repo_record = record();
    const std::string name = "refs/heads/" + branch;
    const auto from = tip(name);
    auto tx = begin_write();
    RAILHUB_TRY(auto stage, Stage::open(ctx(), *tx, blobs, repo_record));
    CommitRequest request;
    if (from) {
        request.parents.push_back(*from);
    }
    request.operations = std::move(operations);
    request.author = request.committer = person(now_seconds++);
    request.message = "Change number " + std::to_string(now_seconds);
    RAILHUB_TRY(const Oid made, build_commit(ctx(), *stage, request));
    PushRequest push;
    push.changes.push_back({name, from, made});
    push.actor = "ada";
    push.door = "api";
    push.now_ms = now_seconds * 1000;
    RAILHUB_TRY(apply_push(ctx(), *tx, blobs, repo_record, *stage, push));
    stage.reset();
    RAILHUB_TRY(tx->commit());
    return made;
}

Oid RepoWorld::commit(const std::string& branch, std::vector<FileOperation> operations) {
    return value(try_commit(branch, std::move(operations)));
}

util::Result<> RepoWorld::move_ref(const std::string& name, std::optional<Oid> to) {
    return push_pack({}, {{name, tip(name), to}});
}

util::Result<> RepoWorld::push_pack(std::string_view pack, const std::vector<RefChange>& changes) {
    const RepoRecord repo_record = record();
    std::unique_ptr<IncomingPack> incoming;
    if (!pack.empty()) {
        util::MemoryReader reader(pack);
        RAILHUB_TRY(incoming, IncomingPack::receive(ctx(), reader, folder.file("quarantine"), {}));
    }
    // Checked on a snapshot, applied later: as the server does.
    auto snapshot = begin_read();
    RAILHUB_TRY(auto stage, Stage::open(ctx(), *snapshot, blobs, repo_record));
    if (incoming) {
        RAILHUB_TRY(stage->adopt_pack(std::move(incoming)));
    }
    PushRequest push;
    push.changes = changes;
    push.actor = "ada";
    push.door = "git";
    push.now_ms = now_seconds * 1000;
    std::vector<Oid> tips;
    for (const RefChange& change : changes) {
        if (change.to) {
            tips.push_back(*change.to);
        }
    }
    RAILHUB_TRY(stage->check_connected(tips));
    auto tx = begin_write();
    RAILHUB_TRY(apply_push(ctx(), *tx, blobs, repo_record, *stage, push));
    stage.reset();
    return tx->commit();
}

std::string RepoWorld::export_to_git() {
    const fs::path target = folder.file("export" + std::to_string(exports_++) + ".git");
    run("git init -q --bare " + shell_quoted(target.string()));
    const RepoRecord repo_record = record();
    auto tx = begin_read();
    const auto source = value(detail::ObjectSource::open(ctx(), *tx, blobs, row));
    Oid last;
    last.bytes.fill(0xff);
    for (const Oid& id : value(source->stored_between(Oid(), last, 1'000'000))) {
        write_loose(target, id, value(source->find(id)).value());
    }
    const auto repository = value(Repository::open(ctx(), *tx, blobs, repo_record));
    for (const Ref& ref : value(repository->refs())) {
        fs::create_directories((target / ref.name).parent_path());
        write_text(target / ref.name, ref.target.hex() + "\n");
    }
    write_text(target / "HEAD", "ref: refs/heads/main\n");
    return target.string();
}

util::Result<> RepoWorld::push_from_git(const std::string& git_folder) {
    const std::string git = "git -C " + shell_quoted(git_folder) + " ";
    const std::string pack_file = folder.file("push.pack");
    std::string not_these;
    read([&](Repository& repository) {
        for (const Ref& ref : value(repository.refs())) {
            if (try_run(git + "cat-file -e " + ref.target.hex()).code == 0) {
                not_these += "^" + ref.target.hex() + "\n";
            }
        }
    });
    const std::string revisions = write_text(
        folder.file("revisions"), run(git + "for-each-ref --format='%(objectname)'") + not_these
    );
    run(git + "pack-objects -q --revs --stdout --thin < " + revisions + " > " + pack_file);
    std::vector<RefChange> changes;
    const std::string refs = run(git + "for-each-ref --format='%(objectname) %(refname)'");
    std::size_t at = 0;
    while (at < refs.size()) {
        const std::size_t end = refs.find('\n', at);
        const std::string line = refs.substr(at, end - at);
        const std::string name = line.substr(41);
        const auto from = tip(name);
        if (from != oid(line.substr(0, 40))) {
            changes.push_back({name, from, oid(line.substr(0, 40))});
        }
        at = end + 1;
    }
    return push_pack(read_text(pack_file), changes);
}

ShellResult try_run(const std::string& command) {
    const std::string whole = "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
                              "GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org "
                              "GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org; (" +
                              command + ") 2>&1";
    FILE* const pipe = ::popen(whole.c_str(), "r");
    REQUIRE(pipe != nullptr);
    ShellResult result;
    std::array<char, 65536> buffer{};
    while (true) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe);
        if (got == 0) {
            break;
        }
        result.output.append(buffer.data(), got);
    }
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

std::string run(const std::string& command) {
    ShellResult result = try_run(command);
    INFO(command << "\n" << result.output);
    REQUIRE(result.code == 0);
    return std::move(result.output);
}

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return out + "'";
}

std::string write_text(const std::string& file, std::string_view text) {
    std::ofstream(file, std::ios::binary)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
    return file;
}

std::string read_text(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace railhub::repo::tests
