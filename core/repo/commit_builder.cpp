// SPDX-License-Identifier: Apache-2.0
// File operations -> trees -> commit, all in the stage.
#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/object_check.h"
#include "core/repo/detail/tree_diff.h"
#include "core/repo/detail/tree_editor.h"
#include "core/repo/placement.h"
#include "core/repo/stage.h"
#include "core/types/lfs_pointer.h"
#include "core/util/text.h"

#include <set>

namespace railhub::repo {

namespace {

using detail::ObjectSource;
using detail::ObjectType;
using detail::TreeEditor;
using detail::TreeItem;
using types::Oid;
using util::Code;
using util::fail;

constexpr std::string_view kAttributesFile = ".gitattributes";
constexpr std::uint64_t kLargestAttributes = std::uint64_t{1} << 20;
constexpr std::string_view kLfsRule = " filter=lfs diff=lfs merge=lfs -text\n";

util::Error no_such_entry(const types::RepoPath& path) {
    util::Error error =
        fail(Code::NotFound, "A file with this name doesn't exist: '" + path.text() + "'");
    error.reason = kReasonEntry;
    return error;
}

// A pattern that matches this path alone: anchored, wildcards escaped, quoted where git would
// split.
std::string attribute_pattern(std::string_view path) {
    std::string pattern = "/";
    bool needs_quotes = false;
    for (const char c : path) {
        if (c == '*' || c == '?' || c == '[' || c == '\\') {
            pattern += '\\';
        }
        needs_quotes = needs_quotes || c == ' ' || c == '"';
        pattern += c;
    }
    if (!needs_quotes) {
        return pattern;
    }
    std::string quoted = "\"";
    for (const char c : pattern) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + "\"";
}

class CommitBuild {
  public:
    CommitBuild(const util::Context& ctx, Stage& stage, const std::optional<Oid>& root)
        : ctx_(ctx), stage_(stage), source_(stage.objects()), editor_(source_, root) {}

    util::Result<> apply(const FileOperation& operation) {
        RAILHUB_TRY(ctx_.check_stop());
        return std::visit([this](const auto& one) { return apply_one(one); }, operation);
    }

    util::Result<Oid> finish() {
        RAILHUB_TRY(cover_lfs_paths());
        return editor_.write();
    }

  private:
    util::Result<> put(const types::RepoPath& path, const Oid& blob, EntryKind kind) {
        if (kind == EntryKind::Directory || kind == EntryKind::Submodule) {
            return fail(Code::InvalidInput, "path '" + path.text() + "' must be a file");
        }
        if (util::equal_ignore_case(path.file_name(), ".gitmodules")) {
            if (kind == EntryKind::Symlink) {
                return fail(Code::InvalidInput, "path '" + path.text() + "' is a symbolic link");
            }
            RAILHUB_TRY(const auto object, source_.read(blob, ObjectType::Blob));
            RAILHUB_TRY(detail::check_gitmodules(blob, object.bytes));
        }
        return editor_.put(path.text(), TreeItem{detail::mode_of_kind(kind), blob});
    }

    util::Result<> apply_one(const PutFile& operation) {
        RAILHUB_TRY(const Oid blob, stage_.write_blob(util::as_bytes(operation.bytes)));
        return put(operation.path, blob, operation.kind);
    }

    util::Result<> apply_one(const PutBlob& operation) {
        RAILHUB_TRY(const auto header, source_.header(operation.blob));
        if (!header || header->type != ObjectType::Blob) {
            return fail(Code::InvalidInput, "blob '" + operation.blob.hex() + "' does not exist");
        }
        return put(operation.path, operation.blob, operation.kind);
    }

    util::Result<> apply_one(const PutLfs& operation) {
        const std::string pointer = types::encode_lfs_pointer(operation.blob);
        RAILHUB_TRY(const Oid blob, stage_.write_blob(util::as_bytes(pointer)));
        lfs_paths_.push_back(operation.path.text());
        return put(operation.path, blob, EntryKind::File);
    }

    util::Result<> apply_one(const CopyPath& operation) {
        RAILHUB_TRY(const Commit from, stage_.repository().commit(operation.from_commit));
        RAILHUB_TRY(const auto item, detail::find_item(source_, from.tree, operation.from.text()));
        if (!item) {
            return no_such_entry(operation.from);
        }
        return editor_.put(operation.path.text(), *item);
    }

    util::Result<> apply_one(const DeletePath& operation) {
        RAILHUB_TRY(const auto item, editor_.find(operation.path.text()));
        const bool fits = item && (operation.what == DeleteWhat::Either ||
                                   item->is_folder() == (operation.what == DeleteWhat::Folder));
        if (!fits) {
            return no_such_entry(operation.path);
        }
        RAILHUB_TRY(editor_.remove(operation.path.text()));
        return {};
    }

    // Text of the attribute file in a folder; empty without.
    util::Result<std::string> attributes_in(std::string_view folder) {
        RAILHUB_TRY(const auto item, editor_.find(detail::join(folder, kAttributesFile)));
        if (!item || !item->is_blob()) {
            return std::string();
        }
        RAILHUB_TRY(const auto header, source_.header(item->oid));
        if (!header || header->size > kLargestAttributes) {
            return std::string();
        }
        RAILHUB_TRY(const auto object, source_.read(item->oid, ObjectType::Blob));
        return std::string(object.text());
    }

    // Adds the attribute files of the path's folders that are not in yet.
    util::Result<> add_attributes(
        std::string_view path, Attributes& attributes, std::set<std::string, std::less<>>& known
    ) {
        std::size_t end = 0;
        while (end != path.npos) {
            const std::string_view folder = path.substr(0, end);
            if (known.emplace(folder).second) {
                RAILHUB_TRY(const std::string text, attributes_in(folder));
                attributes.add(folder, text);
            }
            end = path.find('/', end == 0 ? 0 : end + 1);
        }
        return {};
    }

    // Else a clone would leave the pointer where the file should be.
    util::Result<> cover_lfs_paths() {
        Attributes attributes;
        std::set<std::string, std::less<>> known;
        std::string rules;
        for (const std::string& path : lfs_paths_) {
            RAILHUB_TRY(const auto item, editor_.find(path));
            RAILHUB_TRY(add_attributes(path, attributes, known));
            if (item && item->is_blob() && attributes.lfs(path) != Attributes::Lfs::Yes) {
                rules += attribute_pattern(path) + std::string(kLfsRule);
            }
        }
        if (rules.empty()) {
            return {};
        }
        RAILHUB_TRY(std::string text, attributes_in(""));
        if (!text.empty() && !text.ends_with('\n')) {
            text += '\n';
        }
        text += rules;
        RAILHUB_TRY(const Oid blob, stage_.write_blob(util::as_bytes(text)));
        return editor_.put(kAttributesFile, TreeItem{detail::kModeFile, blob});
    }

    const util::Context& ctx_;
    Stage& stage_;
    ObjectSource& source_;
    TreeEditor editor_;
    std::vector<std::string> lfs_paths_;
};

} // namespace

util::Result<Oid>
build_commit(const util::Context& ctx, Stage& stage, const CommitRequest& request) {
    std::optional<Oid> root;
    if (request.base || !request.parents.empty()) {
        const Oid& from = request.base ? *request.base : request.parents.front();
        RAILHUB_TRY(const Commit base, stage.repository().commit(from));
        root = base.tree;
    }
    CommitBuild build(ctx, stage, root);
    for (const FileOperation& operation : request.operations) {
        RAILHUB_TRY(build.apply(operation));
    }
    Commit commit;
    RAILHUB_TRY(commit.tree, build.finish());
    commit.parents = request.parents;
    commit.author = request.author;
    commit.committer = request.committer;
    commit.message = request.message;
    if (!commit.message.ends_with('\n')) {
        commit.message += '\n';
    }
    const std::string text = detail::format_commit(commit);
    return stage.objects().write(ObjectType::Commit, util::as_bytes(text));
}

util::Result<Oid> build_tag(
    Stage& stage,
    const Oid& target,
    std::string_view name,
    const Signature& tagger,
    std::string_view message
) {
    RAILHUB_TRY(const auto header, stage.objects().header(target));
    if (!header) {
        return fail(Code::NotFound, "object '" + target.hex() + "' does not exist");
    }
    detail::Tag tag{target, header->type, std::string(name), tagger, std::string(message)};
    if (!tag.message.ends_with('\n')) {
        tag.message += '\n';
    }
    const std::string text = detail::format_tag(tag);
    return stage.objects().write(ObjectType::Tag, util::as_bytes(text));
}

} // namespace railhub::repo
