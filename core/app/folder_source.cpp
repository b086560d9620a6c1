// SPDX-License-Identifier: Apache-2.0
// A folder on disk as a Source: lists and reads within limits.
#include "core/app/source.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kMaxFolderFiles = 200'000;
constexpr std::size_t kMaxNesting = 64;

class FolderSource final : public Source {
  public:
    FolderSource(util::Fs& fs, std::string folder) : fs_(fs), folder_(std::move(folder)) {}

    [[nodiscard]] std::string label() const override { return folder_; }

    util::Result<std::vector<std::string>> files(const util::Context& ctx) override {
        std::vector<std::string> found;
        RAILHUB_TRY(walk(ctx, "", 0, found));
        std::sort(found.begin(), found.end());
        return found;
    }

    util::Result<std::optional<std::string>>
    read(const util::Context& /*ctx*/, const std::string& path, std::uint64_t max_bytes) override {
        using Answer = std::optional<std::string>;
        auto text = util::read_file(fs_, util::join_path(folder_, path), max_bytes);
        if (text.ok()) {
            return Answer(std::move(text).value());
        }
        if (text.error().code != util::Code::NotFound) {
            return std::move(text).error();
        }
        // No such file is an answer, no such folder a mistake.
        RAILHUB_TRY(const std::optional<util::FileInfo> folder, fs_.info(folder_));
        if (!folder) {
            return util::fail(
                util::Code::NotFound,
                "no folder '" + folder_ + "'",
                "name a folder, or a repository as owner/name"
            );
        }
        return Answer{};
    }

    util::Result<std::optional<std::string>> read_part(
        const util::Context& /*ctx*/,
        const std::string& path,
        std::uint64_t offset,
        std::size_t length
    ) override {
        using Answer = std::optional<std::string>;
        auto file = fs_.open(util::join_path(folder_, path), util::OpenMode::Read);
        if (!file.ok()) {
            return file.error().code == util::Code::NotFound ? util::Result<Answer>(Answer{})
                                                             : std::move(file).error();
        }
        std::string bytes(length, '\0');
        const std::span<std::uint8_t> into(
            reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()
        );
        RAILHUB_TRY(const std::size_t got, (*file)->read_at(offset, into));
        bytes.resize(got);
        return Answer(std::move(bytes));
    }

  private:
    util::Result<> walk(
        const util::Context& ctx,
        const std::string& below,
        std::size_t depth,
        std::vector<std::string>& found
    ) {
        RAILHUB_TRY(ctx.check_stop());
        const std::string folder = below.empty() ? folder_ : util::join_path(folder_, below);
        RAILHUB_TRY(const std::vector<std::string> names, fs_.list(folder));
        for (const std::string& name : names) {
            if (name.starts_with(".")) {
                continue;
            }
            std::string path = below.empty() ? name : below + "/" + name;
            RAILHUB_TRY(
                const std::optional<util::FileInfo> info, fs_.info(util::join_path(folder_, path))
            );
            if (!info) {
                continue; // gone since it was listed
            }
            if (info->is_directory) {
                if (depth < kMaxNesting) {
                    RAILHUB_TRY(walk(ctx, path, depth + 1, found));
                }
                continue;
            }
            if (found.size() >= kMaxFolderFiles) {
                return util::fail(
                    util::Code::TooLarge,
                    "more than " + std::to_string(kMaxFolderFiles) + " files in '" + folder_ + "'",
                    "name the folder of one model or dataset"
                );
            }
            found.push_back(std::move(path));
        }
        return {};
    }

    util::Fs& fs_;
    std::string folder_;
};

} // namespace

util::Result<std::optional<std::string>> Source::read_part(
    const util::Context& /*ctx*/,
    const std::string& /*path*/,
    std::uint64_t /*offset*/,
    std::size_t /*length*/
) {
    return std::optional<std::string>{};
}

std::unique_ptr<Source> make_folder_source(util::Fs& fs, std::string folder) {
    return std::make_unique<FolderSource>(fs, std::move(folder));
}

} // namespace railhub::app
