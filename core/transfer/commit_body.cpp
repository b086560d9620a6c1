// SPDX-License-Identifier: Apache-2.0
// One line per operation.
#include "core/transfer/commit_body.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::uint64_t kMaxInline = std::uint64_t{100} << 20;

class CommitReader final : public util::Reader {
  public:
    CommitReader(util::Fs& fs, const PushRequest& request, const PushPlan& plan)
        : fs_(fs), request_(request), plan_(plan) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        if (at_ == line_.size()) {
            RAILHUB_TRY(line_, next_line());
            at_ = 0;
        }
        const std::size_t count = std::min(into.size(), line_.size() - at_);
        const auto bytes = util::as_bytes(line_).subspan(at_, count);
        std::copy(bytes.begin(), bytes.end(), into.begin());
        at_ += count;
        return count;
    }

  private:
    static std::string line_of(std::string_view key, util::Json value) {
        return util::Json::object({{"key", key}, {"value", std::move(value)}}).dump() + "\n";
    }

    // Empty at the end.
    util::Result<std::string> next_line() {
        if (!std::exchange(header_is_sent_, true)) {
            return header();
        }
        if (next_deletion_ < plan_.deletions.size()) {
            const std::string& path = plan_.deletions[next_deletion_++];
            return line_of("deletedFile", util::Json::object({{"path", path}}));
        }
        while (next_item_ < plan_.items.size()) {
            const PushItem& item = plan_.items[next_item_++];
            if (item.state == PushState::Inline) {
                return file_line(item);
            }
            if (item.state == PushState::Sent || item.state == PushState::Known) {
                return lfs_line(item);
            }
        }
        return std::string();
    }

    [[nodiscard]] std::string header() const {
        util::Json value =
            util::Json::object({{"summary", request_.title}, {"description", request_.description}}
            );
        const std::string& parent = request_.parent.empty() ? plan_.tip : request_.parent;
        if (!parent.empty()) {
            value.set("parentCommit", parent);
        }
        return line_of("header", std::move(value));
    }

    util::Result<std::string> file_line(const PushItem& item) {
        RAILHUB_TRY(const std::string content, util::read_file(fs_, item.local, kMaxInline));
        return line_of(
            "file",
            util::Json::object(
                {{"path", item.path},
                 {"content", util::to_base64(util::as_bytes(content))},
                 {"encoding", "base64"}}
            )
        );
    }

    static std::string lfs_line(const PushItem& item) {
        return line_of(
            "lfsFile",
            util::Json::object(
                {{"path", item.path},
                 {"algo", "sha256"},
                 {"oid", item.blob->sha256.hex()},
                 {"size", item.blob->size}}
            )
        );
    }

    util::Fs& fs_;
    const PushRequest& request_;
    const PushPlan& plan_;
    bool header_is_sent_ = false;
    std::size_t next_deletion_ = 0;
    std::size_t next_item_ = 0;
    std::string line_;
    std::size_t at_ = 0;
};

} // namespace

HttpBody commit_body(util::Fs& fs, const PushRequest& request, const PushPlan& plan) {
    return {
        [&fs, &request, &plan]() -> util::Result<std::unique_ptr<util::Reader>> {
            return std::unique_ptr<util::Reader>(std::make_unique<CommitReader>(fs, request, plan));
        },
        std::nullopt};
}

} // namespace railhub::transfer
