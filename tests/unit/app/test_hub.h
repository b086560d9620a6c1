// SPDX-License-Identifier: Apache-2.0
// A hub in memory and a folder, without a server: users alice, bob and mallory, organisation acme
// (bob contributes).
#pragma once

#include "core/app/admin.h"
#include "core/app/hub.h"
#include "core/app/locate.h"
#include "core/app/publish.h"
#include "core/app/repos.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

namespace railhub::app {

struct TestHub {
    explicit TestHub(std::string license_gate = "off") {
        HubOptions options;
        options.folder = folder.file("hub");
        options.absent = HubOptions::Absent::Create;
        options.license_gate = std::move(license_gate);
        hub = tests::value(Hub::open(ctx, options));
        for (const char* name : {"alice", "bob", "mallory"}) {
            tests::value(
                add_user(ctx, deps(), {.name = name, .email = std::string(name) + "@example.org"})
            );
        }
        tests::value(add_org(ctx, deps(), {.name = "acme"}));
        tests::value(set_member(ctx, deps(), "acme", "bob", access::OrgRole::Contributor));
        alice = identity("alice");
        bob = identity("bob");
        mallory = identity("mallory");
    }

    Deps& deps() { return hub->deps(); }

    access::Identity identity(const std::string& user) {
        auto tx = read();
        return tests::value(access::identity_of(*tx, user));
    }

    std::unique_ptr<db::Transaction> read() {
        return tests::value(deps().database.begin_read(ctx));
    }

    repo::RepoRecord
    make(const access::Identity& who, const std::string& name, RepoWish wish = {}) {
        wish.name = name;
        return tests::value(make_repo(ctx, deps(), who, wish)).record;
    }

    repo::RepoRecord record(const std::string& full_name) {
        auto tx = read();
        auto found = tests::value(repo::find_repo(
            *tx, tests::value(types::RepoId::parse(types::RepoKind::Model, full_name))
        ));
        REQUIRE(found);
        return found->record;
    }

    util::Result<CommitAnswer> commit(
        const access::Identity& who,
        const std::string& full_name,
        std::vector<CommitOperation> operations,
        std::string parent = {}
    ) {
        CommitWish wish;
        wish.repo = tests::value(types::RepoId::parse(types::RepoKind::Model, full_name));
        wish.revision = "main";
        wish.title = "change";
        wish.parent = std::move(parent);
        wish.operations = std::move(operations);
        return publish(ctx, deps(), who, wish);
    }

    std::optional<std::string> text(
        const std::string& full_name, const std::string& path, const std::string& revision = "main"
    ) {
        auto tx = read();
        auto repository =
            tests::value(repo::Repository::open(ctx, *tx, deps().blobs, record(full_name)));
        const auto resolved = tests::value(resolve(*repository, revision));
        return tests::value(repository->text(resolved.commit, path, 1 << 20));
    }

    types::BlobRef store_blob(const std::string& bytes) {
        auto writer = tests::value(deps().blobs.begin(ctx, bytes.size()));
        tests::value(writer->write(util::as_bytes(bytes)));
        return tests::value(writer->commit(std::nullopt));
    }

    tests::TempDir folder;
    tests::TestContext context;
    util::Context ctx = context.context();
    std::unique_ptr<Hub> hub;
    access::Identity alice;
    access::Identity bob;
    access::Identity mallory;
};

inline types::RepoPath path_of(const std::string& text) {
    return tests::value(types::RepoPath::parse(text));
}

inline CommitOperation put(const std::string& path, std::string bytes) {
    return NewContent{
        path_of(path), [bytes = std::move(bytes)]() -> util::Result<std::string> { return bytes; }};
}

inline CommitOperation put_large(const std::string& path, const types::BlobRef& blob) {
    return NewLarge{path_of(path), blob.sha256, blob.size};
}

inline CommitOperation drop(const std::string& path) {
    return repo::DeletePath{path_of(path), repo::DeleteWhat::Either};
}

} // namespace railhub::app
