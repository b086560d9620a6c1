// SPDX-License-Identifier: Apache-2.0
#include "server/api/commit_lines.h"

#include "core/util/text.h"
#include "server/api/json.h"
#include "server/api/json_lines.h"

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxMember = std::size_t{1} << 20; // anything but a file's content

// A content as it came, in the spool.
struct SpooledText {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct LineValue {
    util::Json members = util::Json::object();
    std::optional<SpooledText> content;
    bool is_there = false;
};

class CommitReader {
  public:
    CommitReader(
        util::Reader& body, Spool& spool, const CommitLimits& limits, app::CommitWish& wish
    )
        : lines_(body), spool_(spool), limits_(limits), wish_(wish) {}

    util::Result<> run() {
        bool has_header = false;
        while (true) {
            RAILHUB_TRY(const bool more, lines_.next_line());
            if (!more) {
                break;
            }
            LineValue value;
            RAILHUB_TRY(const std::string key, read_line(value));
            if (has_header == (key == "header")) {
                return lines_.error(has_header ? "a second header" : "the first line is no header");
            }
            RAILHUB_TRY(has_header ? add_operation(key, value) : take_header(value));
            has_header = true;
        }
        return has_header ? util::Result<>() : lines_.error("the commit has no header");
    }

  private:
    util::Result<std::string> read_line(LineValue& value) {
        using Position = JsonLines::Position;
        RAILHUB_TRY(lines_.begin_object());
        std::string kind;
        std::string member;
        for (auto position = Position::First;; position = Position::Later) {
            RAILHUB_TRY(const bool more, lines_.next_member(position, member));
            if (!more) {
                break;
            }
            if (member == "value") {
                RAILHUB_TRY(read_value(value));
            } else {
                RAILHUB_TRY(const util::Json json, lines_.value(kMaxMember));
                kind = member == "key" && json.is_string() ? *json.as_string() : kind;
            }
        }
        RAILHUB_TRY(lines_.end_line());
        if (kind.empty() || !value.is_there) {
            return lines_.error("an operation needs 'key' and 'value'");
        }
        return kind;
    }

    util::Result<> read_value(LineValue& value) {
        using Position = JsonLines::Position;
        if (value.is_there) {
            return lines_.error("'value' occurs twice");
        }
        value.is_there = true;
        RAILHUB_TRY(lines_.begin_object());
        std::string member;
        for (auto position = Position::First;; position = Position::Later) {
            RAILHUB_TRY(const bool more, lines_.next_member(position, member));
            if (!more) {
                return {};
            }
            if (member == "content") {
                RAILHUB_TRY(spool_content(value));
                continue;
            }
            RAILHUB_TRY(auto json, lines_.value(kMaxMember));
            value.members.set(member, std::move(json));
        }
    }

    util::Result<> spool_content(LineValue& value) {
        if (value.content) {
            return lines_.error("'content' occurs twice");
        }
        SpooledText text{spool_.size(), 0};
        // Base64 is the longest form.
        const std::uint64_t most = limits_.regular_file / 3 * 4 + 4;
        RAILHUB_TRY(lines_.stream_string([&](std::string_view piece) -> util::Result<> {
            text.length += piece.size();
            if (text.length > most) {
                return too_large();
            }
            return spool_.append(piece);
        }));
        value.content = text;
        return {};
    }

    [[nodiscard]] util::Error too_large() const {
        return util::fail(
            util::Code::TooLarge,
            lines_.error("a file is larger than " + util::human_bytes(limits_.regular_file))
                .message,
            "upload large files through LFS"
        );
    }

    util::Result<> take_header(const LineValue& value) {
        RAILHUB_TRY(wish_.title, text_member(value.members, "summary"));
        RAILHUB_TRY(wish_.description, text_member(value.members, "description"));
        RAILHUB_TRY(wish_.parent, text_member(value.members, "parentCommit"));
        return {};
    }

    util::Result<> add_operation(const std::string& key, const LineValue& value) {
        using Add = util::Result<> (CommitReader::*)(const LineValue&);

        struct Row {
            std::string_view key;
            Add add;
        };

        constexpr Row kRows[] = {
            {"file", &CommitReader::add_file},
            {"lfsFile", &CommitReader::add_large},
            {"copyFile", &CommitReader::add_copy},
            {"deletedFile", &CommitReader::add_deleted_file},
            {"deletedFolder", &CommitReader::add_deleted_folder},
            {"deletedEntry", &CommitReader::add_deleted_file},
        };
        if (wish_.operations.size() >= limits_.operations) {
            return util::fail(
                util::Code::TooLarge,
                "more than " + std::to_string(limits_.operations) + " operations in one commit",
                "split it into several commits"
            );
        }
        for (const Row& row : kRows) {
            if (row.key == key) {
                return (this->*row.add)(value);
            }
        }
        return lines_.error("unknown operation '" + key.substr(0, 40) + "'");
    }

    util::Result<types::RepoPath> path_of(const LineValue& value, std::string_view member) {
        RAILHUB_TRY(const std::string text, text_member(value.members, member));
        auto path = types::RepoPath::parse(text);
        if (!path.ok()) {
            return app::with_reason(std::move(path).error(), app::kUnprocessable);
        }
        return path;
    }

    // A rename: what was under the old path goes.
    util::Result<> drop_old_path(const LineValue& value, const types::RepoPath& path) {
        if (value.members.text("oldPath").empty()) {
            return {};
        }
        RAILHUB_TRY(auto old_path, path_of(value, "oldPath"));
        if (old_path != path) {
            wish_.operations.emplace_back(repo::DeletePath{
                std::move(old_path), repo::DeleteWhat::File});
        }
        return {};
    }

    util::Result<> add_file(const LineValue& value) {
        RAILHUB_TRY(auto path, path_of(value, "path"));
        RAILHUB_TRY(const std::string encoding, text_member(value.members, "encoding"));
        const bool is_base64 = encoding == "base64";
        if (!value.content) {
            return lines_.error("a file has no content");
        }
        if (!is_base64 && !encoding.empty() && encoding != "utf-8" && encoding != "utf8") {
            return lines_.error("unknown encoding '" + encoding.substr(0, 40) + "'");
        }
        if (!is_base64 && value.content->length > limits_.regular_file) {
            return too_large();
        }
        RAILHUB_TRY(drop_old_path(value, path));
        const auto bytes = [&spool = spool_, text = *value.content, is_base64, name = path.text()](
                           ) -> util::Result<std::string> {
            RAILHUB_TRY(std::string raw, spool.read(text.offset, text.length));
            if (!is_base64 && !util::is_valid_utf8(raw)) {
                return util::fail(
                    util::Code::InvalidInput, "the content of '" + name + "' is not UTF-8"
                );
            }
            if (!is_base64) {
                return raw;
            }
            auto decoded = util::from_base64(raw);
            if (!decoded.ok()) {
                return util::fail(
                    util::Code::InvalidInput, "the content of '" + name + "' is not base64"
                );
            }
            return std::string(util::as_text(*decoded));
        };
        wish_.operations.emplace_back(app::NewContent{std::move(path), bytes});
        return {};
    }

    util::Result<> add_large(const LineValue& value) {
        RAILHUB_TRY(auto path, path_of(value, "path"));
        RAILHUB_TRY(const std::string algorithm, text_member(value.members, "algo"));
        if (!algorithm.empty() && algorithm != "sha256") {
            return lines_.error("unknown hash '" + algorithm.substr(0, 40) + "'");
        }
        const auto sha256 = util::Sha256::parse(value.members.text("oid"));
        if (!sha256.ok()) {
            return lines_.error("'oid' is no SHA-256 in lower-case hex");
        }
        std::optional<std::uint64_t> size;
        if (const util::Json* member = value.members.find("size");
            member != nullptr && !member->is_null()) {
            size = member->as_uint();
            if (!size) {
                return lines_.error("'size' is no size");
            }
        }
        RAILHUB_TRY(drop_old_path(value, path));
        wish_.operations.emplace_back(app::NewLarge{std::move(path), *sha256, size});
        return {};
    }

    util::Result<> add_copy(const LineValue& value) {
        RAILHUB_TRY(auto path, path_of(value, "path"));
        RAILHUB_TRY(auto from, path_of(value, "srcPath"));
        RAILHUB_TRY(std::string revision, text_member(value.members, "srcRevision"));
        wish_.operations.emplace_back(app::CopyFrom{
            std::move(path), std::move(from), std::move(revision)});
        return {};
    }

    util::Result<> add_deletion(const LineValue& value, repo::DeleteWhat what) {
        RAILHUB_TRY(std::string text, text_member(value.members, "path"));
        while (text.ends_with('/')) {
            text.pop_back();
        }
        auto path = types::RepoPath::parse(text);
        if (!path.ok()) {
            return app::with_reason(std::move(path).error(), app::kUnprocessable);
        }
        wish_.operations.emplace_back(repo::DeletePath{std::move(path).value(), what});
        return {};
    }

    util::Result<> add_deleted_file(const LineValue& value) {
        return add_deletion(value, repo::DeleteWhat::Either);
    }

    util::Result<> add_deleted_folder(const LineValue& value) {
        return add_deletion(value, repo::DeleteWhat::Folder);
    }

    JsonLines lines_;
    Spool& spool_;
    const CommitLimits& limits_;
    app::CommitWish& wish_;
};

} // namespace

util::Result<> read_commit_lines(
    util::Reader& body, Spool& spool, const CommitLimits& limits, app::CommitWish& wish
) {
    // The reader holds a buffer of 64 KiB: not for the stack of a worker.
    return std::make_unique<CommitReader>(body, spool, limits, wish)->run();
}

} // namespace railhub::server::api
