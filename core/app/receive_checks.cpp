// SPDX-License-Identifier: Apache-2.0
// Inspects what changed between two trees and collects offences by kind, a few files named each.
#include "core/app/receive_checks.h"

#include "core/app/locate.h"
#include "core/card/validate.h"
#include "core/repo/placement.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::app {

namespace {

constexpr std::size_t kSampleBytes = 8000;
constexpr std::size_t kMaxNamed = 20; // files named in a message
constexpr std::uint64_t kMaxCardBytes = std::uint64_t{4} << 20;

constexpr std::string_view kLfsHint =
    "Track them with Git LFS: git lfs track \"<pattern>\", or git lfs migrate import "
    "--include=\"<pattern>\" for files that are committed already.";

// One reason to refuse and the files it is about.
struct Offence {
    std::string_view sentence;
    std::string_view hint;
    std::vector<std::string> files = {};
};

enum OffenceKind : std::uint8_t { kTooLarge, kBinary, kNoObject, kBadPath, kOffenceKinds };

class Inspection {
  public:
    Inspection(Deps& deps, db::Transaction& tx, const access::Identity& who, repo::Stage& stage)
        : deps_(deps), tx_(tx), who_(who), stage_(stage) {}

    util::Result<> look_at(const util::Context& ctx, const repo::NewFile& file) {
        RAILHUB_TRY(ctx.check_stop());
        const auto path = types::RepoPath::parse(file.path);
        if (!path.ok()) {
            add(kBadPath, file.path);
            return {};
        }
        folders_.insert(std::string(path->folder()));
        if (file.lfs) {
            return look_at_pointer(ctx, file);
        }
        if (file.size > repo::kLfsThreshold) {
            add(kTooLarge, file.path);
            return {};
        }
        return look_at_bytes(file);
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const Offence& offence : offences_) {
            if (offence.files.empty()) {
                continue;
            }
            lines.emplace_back(offence.sentence);
            lines.emplace_back("Offending files:");
            const std::size_t named = std::min(offence.files.size(), kMaxNamed);
            for (std::size_t i = 0; i < named; ++i) {
                lines.push_back("  - " + offence.files[i]);
            }
            if (offence.files.size() > named) {
                lines.push_back("  and " + std::to_string(offence.files.size() - named) + " more");
            }
            if (!offence.hint.empty()) {
                lines.emplace_back(offence.hint);
            }
        }
        return lines;
    }

    [[nodiscard]] const std::set<std::string>& folders() const { return folders_; }

  private:
    void add(OffenceKind kind, const std::string& path) {
        offences_[static_cast<std::size_t>(kind)].files.push_back(path);
    }

    util::Result<> look_at_pointer(const util::Context& ctx, const repo::NewFile& file) {
        RAILHUB_TRY(
            const bool is_ours,
            may_link(tx_, who_, stage_.repository().record().row, file.lfs->sha256)
        );
        RAILHUB_TRY(const auto size, deps_.blobs.size(ctx, file.lfs->sha256));
        if (!is_ours || !size || *size != file.lfs->size) {
            add(kNoObject, file.path);
        }
        return {};
    }

    util::Result<> look_at_bytes(const repo::NewFile& file) {
        RAILHUB_TRY(const repo::Content content, stage_.repository().raw(file.oid));
        std::array<std::uint8_t, kSampleBytes> sample{};
        std::size_t count = 0;
        if (content.reader) {
            RAILHUB_TRY(count, content.reader->read_at(0, sample));
        } else {
            count = std::min(sample.size(), content.bytes.size());
            std::copy_n(content.bytes.begin(), count, sample.begin());
        }
        if (repo::looks_binary(util::ByteView(sample).first(count))) {
            add(kBinary, file.path);
        }
        return {};
    }

    Deps& deps_;
    db::Transaction& tx_;
    const access::Identity& who_;
    repo::Stage& stage_;
    std::set<std::string> folders_; // that got new or changed files
    std::array<Offence, kOffenceKinds> offences_ = {
        {{"Your push was rejected because it contains files larger than 10 MiB.", kLfsHint},
         {"Your push was rejected because it contains binary files.", kLfsHint},
         {"Your push was rejected because it contains LFS pointers to files that were not "
          "uploaded.",
          "Upload them with: git lfs push --all <remote>"},
         {"Your push was rejected because it contains paths that are not allowed.", ""}}};
};

util::Result<bool>
is_overfull(repo::Repository& repository, const types::Oid& tip, const std::string& folder) {
    repo::ListOptions options;
    options.limit = kMaxFilesPerFolder + 1;
    const auto page = repository.list(tip, folder, options);
    if (!page.ok()) {
        // Gone again at the tip.
        return page.error().code == util::Code::NotFound ? util::Result<bool>(false)
                                                         : util::Result<bool>(page.error());
    }
    return page->entries.size() > kMaxFilesPerFolder;
}

util::Result<> add_overfull_folders(
    const util::Context& ctx,
    repo::Repository& repository,
    const std::vector<types::Oid>& tips,
    const std::set<std::string>& folders,
    std::vector<std::string>& lines
) {
    for (const types::Oid& tip : tips) {
        // A tip may be a tag of a commit, and even of something else, which has no folders.
        const auto named = repository.resolve(tip.hex());
        if (!named.ok()) {
            if (named.error().code == util::Code::NotFound) {
                continue;
            }
            return named.error();
        }
        for (const std::string& folder : folders) {
            RAILHUB_TRY(ctx.check_stop());
            RAILHUB_TRY(const bool overfull, is_overfull(repository, named->commit, folder));
            if (overfull) {
                lines.push_back(
                    "Your push was rejected because the folder '" + folder + "' has more than " +
                    std::to_string(kMaxFilesPerFolder) + " entries."
                );
                return {};
            }
        }
    }
    return {};
}

util::Result<std::optional<types::Oid>>
card_blob(repo::Repository& repository, const std::optional<types::Oid>& commit) {
    if (!commit) {
        return std::optional<types::Oid>{};
    }
    RAILHUB_TRY(const auto path, types::RepoPath::parse("README.md"));
    RAILHUB_TRY(const auto entry, repository.entry(*commit, path));
    return entry ? std::optional(entry->oid) : std::nullopt;
}

} // namespace

util::Result<std::vector<std::string>> objections_to_push(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const access::Identity& who,
    repo::Stage& stage,
    const std::vector<types::Oid>& tips
) {
    Inspection inspection(deps, tx, who, stage);
    RAILHUB_TRY(repo::visit_new_files(ctx, stage, tips, [&](const repo::NewFile& file) {
        return inspection.look_at(ctx, file);
    }));
    auto lines = inspection.lines();
    RAILHUB_TRY(add_overfull_folders(ctx, stage.repository(), tips, inspection.folders(), lines));
    return lines;
}

util::Result<std::vector<std::string>> objections_to_card(
    repo::Repository& repository, const types::Oid& commit, const std::optional<types::Oid>& before
) {
    std::vector<std::string> lines;
    RAILHUB_TRY(const auto now, card_blob(repository, commit));
    RAILHUB_TRY(const auto then, card_blob(repository, before));
    if (!now || now == then) {
        return lines;
    }
    const auto readme = repository.text(commit, "README.md", kMaxCardBytes);
    if (!readme.ok()) {
        if (readme.error().code != util::Code::TooLarge) {
            return readme.error();
        }
        lines.emplace_back("README.md is too large");
        return lines;
    }
    const card::Validation found =
        card::validate(readme->value_or(""), repository.record().id.kind);
    for (const card::Problem& problem : found.errors) {
        lines.push_back(problem.message);
    }
    return lines;
}

} // namespace railhub::app
