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

    util::Result<std::optional<std::string>> read_part(
        const util::Context& /*ctx*/,
        const std::string& path,
        std::uint64_t offset,
        std::size_t length
    ) override {
        using Answer = std::optional<std::string>;
        if (path != open_path_) {
            open_path_.clear();
            const auto parsed = types::RepoPath::parse(path);
            if (!parsed.ok()) {
                return Answer{};
            }
            RAILHUB_TRY(const auto entry, repository_.entry(commit_, *parsed));
            if (!entry || entry->kind == repo::EntryKind::Directory) {
                return Answer{};
            }
            auto content = repository_.content(*entry);
            if (!content.ok()) {
                // A large file that is lost keeps nobody from reading the others.
                const bool is_lost = content.error().code == util::Code::NotFound ||
                                     content.error().code == util::Code::Corrupt;
                return is_lost ? util::Result<Answer>(Answer{})
                               : util::Result<Answer>(std::move(content).error());
            }
            open_ = std::move(content).value();
            open_path_ = path;
        }
        if (!open_.reader) {
            return Answer(
                offset < open_.bytes.size() ? open_.bytes.substr(offset, length) : std::string()
            );
        }
        std::string bytes(length, '\0');
        const std::span<std::uint8_t> into(
            reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()
        );
        RAILHUB_TRY(const std::size_t got, open_.reader->read_at(offset, into));
        bytes.resize(got);
        return Answer(std::move(bytes));
    }

  private:
    repo::Repository& repository_;
    types::Oid commit_;
    std::string open_path_; // the file that was looked into last
    repo::Content open_;
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
