// SPDX-License-Identifier: Apache-2.0
// Checks the database, then the history of every repo, page by page, then the store.
#include "core/app/maintain.h"

#include "core/repo/fsck.h"
#include "core/repo/repository.h"
#include "core/storage/fsck.h"

namespace railhub::app {

namespace {

constexpr std::size_t kReposPerPage = 500;

class Fsck {
  public:
    Fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options)
        : ctx_(ctx), deps_(deps), options_(options) {}

    util::Result<FsckReport> run() {
        RAILHUB_TRY(check_database());
        RAILHUB_TRY(tx_, deps_.database.begin_read(ctx_));
        using types::RepoKind;
        for (const RepoKind kind : {RepoKind::Model, RepoKind::Dataset, RepoKind::Space}) {
            RAILHUB_TRY(check_repos(kind));
        }
        RAILHUB_TRY(check_store());
        return std::move(report_);
    }

  private:
    util::Result<> check_database() {
        RAILHUB_TRY(const auto lines, deps_.database.integrity_check(ctx_));
        for (const std::string& line : lines) {
            report_.problems.push_back("database: " + line);
        }
        return {};
    }

    util::Result<> check_repos(types::RepoKind kind) {
        repo::RepoFilter filter;
        filter.kind = kind;
        filter.sees_all = true;
        filter.sort = repo::RepoSort::Name;
        filter.limit = kReposPerPage;
        while (true) {
            RAILHUB_TRY(const repo::RepoPage page, repo::list_repos(*tx_, filter));
            for (const repo::RepoRecord& record : page.repos) {
                RAILHUB_TRY(ctx_.check_stop());
                RAILHUB_TRY(check_repo(record));
            }
            if (page.next_cursor.empty()) {
                return {};
            }
            filter.cursor = page.next_cursor;
        }
    }

    util::Result<> check_repo(const repo::RepoRecord& record) {
        ++report_.repos;
        const std::string name = record.id.describe();
        const auto note = [&](const repo::HistoryFault& fault) -> util::Result<> {
            report_.problems.push_back(name + ": " + fault.subject + ": " + fault.problem);
            return {};
        };
        RAILHUB_TRY(repo::check_history(ctx_, *tx_, deps_.blobs, record, note));
        RAILHUB_TRY(auto repository, repo::Repository::open(ctx_, *tx_, deps_.blobs, record));
        RAILHUB_TRY(const auto refs, repository->refs());
        report_.refs += refs.size();
        return {};
    }

    util::Result<> check_store() {
        const auto depth = options_.blobs == FsckOptions::Blobs::Hash
                               ? storage::FsckDepth::Data
                               : storage::FsckDepth::Structure;
        RAILHUB_TRY(const auto store, storage::fsck(ctx_, deps_.blobs, depth));
        report_.blobs = store.blobs;
        report_.blob_bytes = store.bytes;
        for (const std::string& line : store.findings) {
            report_.problems.push_back("object store: " + line);
        }
        return {};
    }

    const util::Context& ctx_;
    Deps& deps_;
    FsckOptions options_;
    FsckReport report_;
    std::unique_ptr<db::Transaction> tx_;
};

} // namespace

util::Result<FsckReport> fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options) {
    return Fsck(ctx, deps, options).run();
}

} // namespace railhub::app
