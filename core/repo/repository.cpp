// SPDX-License-Identifier: Apache-2.0
// Reading: refs from rows, trees from the path index where it covers the commit, else by walking.
#include "core/repo/repository.h"

#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/stored_repository.h"
#include "core/repo/detail/tree_list.h"
#include "core/repo/refs.h"
#include "core/util/text.h"

namespace railhub::repo {

using types::Oid;
using util::Code;
using util::fail;

std::string Commit::title() const {
    return std::string(util::trim(std::string_view(message).substr(0, message.find('\n'))));
}

std::string Commit::body() const {
    const std::size_t end = message.find('\n');
    return end == std::string::npos
               ? std::string()
               : std::string(util::trim(std::string_view(message).substr(end)));
}

util::Result<std::unique_ptr<Repository>> Repository::open(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, const RepoRecord& record
) {
    RAILHUB_TRY(auto source, detail::ObjectSource::open(ctx, tx, blobs, record.row));
    return std::unique_ptr<Repository>(
        std::make_unique<detail::StoredRepository>(record, std::move(source))
    );
}

namespace detail {

namespace {

util::Error no_such_revision(std::string_view revision) {
    util::Error error = fail(Code::NotFound, "Invalid rev id: " + std::string(revision));
    error.reason = kReasonRevision;
    return error;
}

// First and last id with these hex digits in front.
std::pair<Oid, Oid> oid_range(std::string_view digits) {
    std::string first = util::lower(digits);
    std::string last = first;
    first.resize(2 * Oid::kSize, '0');
    last.resize(2 * Oid::kSize, 'f');
    const auto low = Oid::parse(first);
    const auto high = Oid::parse(last);
    RAILHUB_ASSERT(low.ok() && high.ok()); // callers checked the digits
    return {low.value(), high.value()};
}

} // namespace

util::Result<std::optional<Resolved>> StoredRepository::resolve_ref(std::string_view full_name) {
    RAILHUB_TRY(const auto found, ref(full_name));
    if (!found) {
        return std::optional<Resolved>();
    }
    return std::optional(Resolved{found->peeled, found->name});
}

util::Result<std::optional<Resolved>> StoredRepository::resolve_sha(std::string_view revision) {
    const Oid oid = oid_range(revision).first;
    RAILHUB_TRY(const auto header, source_.header(oid));
    if (!header) {
        return std::optional<Resolved>();
    }
    RAILHUB_TRY(const Peeled peeled, graph_.peel(oid));
    if (peeled.type != ObjectType::Commit) {
        return std::optional<Resolved>();
    }
    return std::optional(Resolved{peeled.oid, {}});
}

util::Result<std::optional<Resolved>> StoredRepository::resolve_short(std::string_view revision) {
    const auto range = oid_range(revision);
    RAILHUB_TRY(const auto oids, graph_.stored_between(range.first, range.second));
    if (oids.size() != 1) {
        return std::optional<Resolved>();
    }
    return std::optional(Resolved{oids.front(), {}});
}

util::Result<Resolved> StoredRepository::resolve(std::string_view revision) {
    std::optional<Resolved> found;
    const std::string name(revision);
    if (revision == "HEAD") {
        RAILHUB_TRY(found, resolve_ref(std::string(types::kHeads) + record_.default_branch));
    } else if (types::is_full_sha(revision)) {
        RAILHUB_TRY(found, resolve_sha(revision));
    } else if (revision.starts_with("refs/")) {
        RAILHUB_TRY(found, resolve_ref(revision));
    } else {
        RAILHUB_TRY(found, resolve_ref(std::string(types::kHeads) + name));
        if (!found) {
            RAILHUB_TRY(found, resolve_ref(std::string(types::kTags) + name));
        }
        if (!found && types::is_short_sha(revision)) {
            RAILHUB_TRY(found, resolve_short(revision));
        }
    }
    if (!found) {
        return no_such_revision(revision);
    }
    return std::move(*found);
}

util::Result<std::vector<Ref>> StoredRepository::refs() {
    RAILHUB_TRY(auto stored, list_refs(source_.tx(), source_.repo()));
    std::vector<Ref> refs;
    refs.reserve(stored.size());
    for (StoredRef& row : stored) {
        refs.push_back(std::move(row.ref));
    }
    return refs;
}

util::Result<std::optional<Ref>> StoredRepository::ref(std::string_view full_name) {
    RAILHUB_TRY(auto stored, find_ref(source_.tx(), source_.repo(), full_name));
    return stored ? std::optional(std::move(stored->ref)) : std::nullopt;
}

util::Result<Commit> StoredRepository::commit(const Oid& oid) {
    RAILHUB_TRY(const auto object, source_.find(oid));
    if (!object || object->type != ObjectType::Commit) {
        return no_such_revision(oid.hex());
    }
    return parse_commit(oid, object->text());
}

util::Result<LogPage>
StoredRepository::log(const Oid& from, std::uint64_t skip, std::size_t limit) {
    LogPage page;
    RAILHUB_TRY(page.total, graph_.reachable(from));
    if (skip >= page.total) {
        return page;
    }
    RAILHUB_TRY(const auto nodes, graph_.log(from, skip, limit));
    for (const CommitNode* const node : nodes) {
        RAILHUB_TRY(Commit commit_value, commit(node->oid));
        page.commits.push_back(std::move(commit_value));
    }
    return page;
}

util::Result<bool> StoredRepository::is_ancestor(const Oid& ancestor, const Oid& of) {
    return graph_.is_ancestor(ancestor, of);
}

util::Result<std::optional<TreeEntry>> StoredRepository::entry(
    const Oid& commit, const types::RepoPath& path, ListOptions::LastCommits last_commits
) {
    RAILHUB_TRY(const auto set, index_.find_set(commit));
    if (set) {
        return index_.entry(*set, path.text(), last_commits);
    }
    RAILHUB_TRY(const CommitNode* const node, graph_.node(commit));
    RAILHUB_TRY(const auto item, find_item(source_, node->tree, path.text()));
    if (!item) {
        return std::optional<TreeEntry>();
    }
    std::vector<TreeEntry> entries(1);
    RAILHUB_TRY(entries.front(), describe_entry(source_, path.text(), *item));
    if (last_commits == ListOptions::LastCommits::Include) {
        RAILHUB_TRY(add_last_commits(source_, graph_, commit, entries));
    }
    return std::optional(std::move(entries.front()));
}

util::Result<TreePage>
StoredRepository::list(const Oid& commit, std::string_view folder, const ListOptions& options) {
    RAILHUB_TRY(const auto set, index_.find_set(commit));
    if (set) {
        return index_.list(*set, folder, options);
    }
    RAILHUB_TRY(const CommitNode* const node, graph_.node(commit));
    RAILHUB_TRY(TreePage page, walk_tree(source_, node->tree, folder, options));
    if (options.last_commits == ListOptions::LastCommits::Include) {
        RAILHUB_TRY(add_last_commits(source_, graph_, commit, page.entries));
    }
    return page;
}

util::Result<Content> StoredRepository::raw(const Oid& blob) {
    RAILHUB_TRY(const auto header, source_.header(blob));
    if (!header || header->type != ObjectType::Blob) {
        return fail(Code::NotFound, "blob '" + blob.hex() + "' does not exist");
    }
    Content content;
    content.size = header->size;
    if (belongs_in_blob_store(ObjectType::Blob, header->size)) {
        RAILHUB_TRY(const auto packed, source_.packed(blob));
        RAILHUB_ASSERT(packed.blob.has_value());
        RAILHUB_TRY(content.reader, source_.blobs().open(source_.ctx(), *packed.blob));
        return content;
    }
    RAILHUB_TRY(const Object object, source_.read(blob, ObjectType::Blob));
    content.bytes = object.text();
    return content;
}

util::Result<Content> StoredRepository::content(const TreeEntry& entry) {
    if (!entry.lfs) {
        return raw(entry.oid);
    }
    Content content;
    content.size = entry.lfs->size;
    RAILHUB_TRY(content.reader, source_.blobs().open(source_.ctx(), entry.lfs->sha256));
    return content;
}

util::Result<std::optional<std::string>>
StoredRepository::text(const Oid& commit, std::string_view path, std::uint64_t max_bytes) {
    RAILHUB_TRY(const CommitNode* const node, graph_.node(commit));
    RAILHUB_TRY(const auto item, find_item(source_, node->tree, path));
    if (!item || !item->is_blob()) {
        return std::optional<std::string>();
    }
    RAILHUB_TRY(const auto header, source_.header(item->oid));
    if (header && header->size > max_bytes) {
        return fail(
            Code::TooLarge,
            "file '" + std::string(path) + "' has " + std::to_string(header->size) +
                " bytes, more than " + std::to_string(max_bytes)
        );
    }
    RAILHUB_TRY(const Object object, source_.read(item->oid, ObjectType::Blob));
    return std::optional(std::string(object.text()));
}

util::Result<bool> StoredRepository::has_object(const Oid& oid) {
    RAILHUB_TRY(const auto header, source_.header(oid));
    return header.has_value();
}

} // namespace detail

} // namespace railhub::repo
