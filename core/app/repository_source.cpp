// SPDX-License-Identifier: Apache-2.0
// Lists and reads files of one commit, page by page and within limits.
#include "core/app/repository_source.h"

namespace railhub::app {

namespace {

constexpr std::size_t kEntriesPerPage = 10'000;

class RepositorySource final : public Source {
  public:
    RepositorySource(repo::Repository& repository, const types::Oid& commit)
        : repository_(repository), commit_(commit) {}

    [[nodiscard]] std::string label() const override {
        return repository_.record().id.full_name() + " at " + commit_.hex().substr(0, 7);
    }

    util::Result<std::vector<std::string>> files(const util::Context& ctx) override {
        RAILHUB_TRY(
            auto entries, all_files(ctx, repository_, commit_, repo::ListOptions::Detail::Names)
        );
        std::vector<std::string> paths;
        paths.reserve(entries.size());
        for (repo::TreeEntry& entry : entries) {
            paths.push_back(std::move(entry.path));
        }
        return paths;
    }

    util::Result<std::optional<std::string>>
    read(const util::Context& /*ctx*/, const std::string& path, std::uint64_t max_bytes) override {
        return repository_.text(commit_, path, max_bytes);
    }

  private:
    repo::Repository& repository_;
    types::Oid commit_;
};

} // namespace

std::unique_ptr<Source>
make_repository_source(repo::Repository& repository, const types::Oid& commit) {
    return std::make_unique<RepositorySource>(repository, commit);
}

util::Result<std::vector<repo::TreeEntry>> all_files(
    const util::Context& ctx,
    repo::Repository& repository,
    const types::Oid& commit,
    repo::ListOptions::Detail detail
) {
    repo::ListOptions options;
    options.depth = repo::ListOptions::Depth::Recursive;
    options.limit = kEntriesPerPage;
    options.detail = detail;
    std::vector<repo::TreeEntry> files;
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(repo::TreePage page, repository.list(commit, "", options));
        if (!page.entries.empty()) {
            options.after = page.entries.back().path;
        }
        for (repo::TreeEntry& entry : page.entries) {
            if (entry.kind != repo::EntryKind::Directory) {
                files.push_back(std::move(entry));
            }
        }
        if (files.size() > kMaxListedFiles) {
            return util::fail(
                util::Code::TooLarge,
                repository.record().id.describe() + " has more than " +
                    std::to_string(kMaxListedFiles) + " files"
            );
        }
        if (!page.has_more) {
            return files;
        }
    }
}

} // namespace railhub::app
