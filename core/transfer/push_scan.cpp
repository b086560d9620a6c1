// SPDX-License-Identifier: Apache-2.0
// Walking a folder.
#include "core/transfer/push_scan.h"

#include "core/types/repo_path.h"
#include "core/util/text.h"

#include <algorithm>
#include <limits>

namespace railhub::transfer {

namespace {

constexpr std::size_t kMaxFiles = 1'000'000;

class RangeReader final : public util::Reader {
  public:
    RangeReader(std::unique_ptr<util::File> file, std::uint64_t begin, std::uint64_t end)
        : file_(std::move(file)), at_(begin), end_(end) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        const std::uint64_t room = std::min<std::uint64_t>(into.size(), end_ - at_);
        RAILHUB_TRY(
            const std::size_t count, file_->read_at(at_, into.first(static_cast<std::size_t>(room)))
        );
        at_ += count;
        return count;
    }

  private:
    std::unique_ptr<util::File> file_;
    std::uint64_t at_;
    std::uint64_t end_;
};

bool has_match(const std::vector<std::string>& globs, const std::string& path) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return util::glob_match(glob.ends_with('/') ? glob + "*" : glob, path);
    });
}

bool is_bookkeeping(const std::string& relative) {
    const auto slash = relative.rfind('/');
    const std::string name = slash == std::string::npos ? relative : relative.substr(slash + 1);
    return name == ".git" || relative == ".cache/huggingface" ||
           relative.ends_with("/.cache/huggingface");
}

class Scan {
  public:
    Scan(const util::Context& ctx, util::Fs& fs, const PushRequest& request)
        : ctx_(ctx), fs_(fs), request_(request) {}

    util::Result<std::vector<PushItem>> run() {
        RAILHUB_TRY(const auto info, fs_.info(request_.source));
        if (!info) {
            return util::fail(util::Code::NotFound, "no file or folder '" + request_.source + "'");
        }
        const bool is_folder =
            info->is_directory || (info->is_symlink && fs_.list(request_.source).ok());
        if (is_folder) {
            RAILHUB_TRY(visit(request_.source, ""));
        } else {
            RAILHUB_TRY(add_single(*info));
        }
        std::sort(items_.begin(), items_.end(), [](const PushItem& a, const PushItem& b) {
            return a.path < b.path;
        });
        return std::move(items_);
    }

  private:
    util::Result<> visit(const std::string& folder, const std::string& prefix) {
        RAILHUB_TRY(ctx_.check_stop());
        RAILHUB_TRY(const auto names, fs_.list(folder));
        for (const auto& name : names) {
            const std::string relative = prefix.empty() ? name : prefix + "/" + name;
            const std::string local = util::join_path(folder, name);
            RAILHUB_TRY(const auto info, fs_.info(local));
            if (!info || is_bookkeeping(relative)) {
                continue;
            }
            if (info->is_directory) {
                RAILHUB_TRY(visit(local, relative));
            } else if (info->is_symlink && fs_.list(local).ok()) {
                ctx_.log.warn("link to a folder is not followed", {{"path", local}});
            } else {
                RAILHUB_TRY(add(local, relative, *info));
            }
        }
        return {};
    }

    util::Result<>
    add(const std::string& local, const std::string& relative, const util::FileInfo& info) {
        const bool is_chosen = request_.include.empty() || has_match(request_.include, relative);
        if (!is_chosen || has_match(request_.exclude, relative)) {
            return {};
        }
        const std::string path =
            request_.path_in_repo.empty() ? relative : request_.path_in_repo + "/" + relative;
        return append(local, path, info);
    }

    util::Result<> add_single(const util::FileInfo& info) {
        const auto slash = request_.source.rfind('/');
        const std::string name =
            slash == std::string::npos ? request_.source : request_.source.substr(slash + 1);
        return append(
            request_.source, request_.path_in_repo.empty() ? name : request_.path_in_repo, info
        );
    }

    util::Result<>
    append(const std::string& local, const std::string& path, const util::FileInfo& info) {
        auto valid = types::RepoPath::parse(path);
        if (!valid.ok()) {
            return util::fail(
                util::Code::InvalidInput,
                "'" + local + "' cannot be pushed: " + valid.error().message,
                "rename it, or leave it out with --exclude"
            );
        }
        if (items_.size() >= kMaxFiles) {
            return util::fail(
                util::Code::TooLarge, "more than a million files in '" + request_.source + "'"
            );
        }
        PushItem item;
        item.local = local;
        item.path = path;
        item.stamp = {info.size, info.modified_ns, info.inode};
        if (info.is_symlink) { // the stamp of what it leads to
            RAILHUB_TRY(const auto file, fs_.open(local, util::OpenMode::Read));
            RAILHUB_TRY(item.stamp.size, file->size());
        }
        items_.push_back(std::move(item));
        return {};
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    const PushRequest& request_;
    std::vector<PushItem> items_;
};

} // namespace

util::Result<std::vector<PushItem>>
scan_source(const util::Context& ctx, util::Fs& fs, const PushRequest& request) {
    return Scan(ctx, fs, request).run();
}

util::Result<std::unique_ptr<util::Reader>> open_reader(util::Fs& fs, const std::string& path) {
    return open_reader(fs, path, 0, std::numeric_limits<std::uint64_t>::max());
}

util::Result<std::unique_ptr<util::Reader>>
open_reader(util::Fs& fs, const std::string& path, std::uint64_t begin, std::uint64_t end) {
    RAILHUB_TRY(auto file, fs.open(path, util::OpenMode::Read));
    return std::unique_ptr<util::Reader>(std::make_unique<RangeReader>(std::move(file), begin, end)
    );
}

} // namespace railhub::transfer
