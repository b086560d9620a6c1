// SPDX-License-Identifier: Apache-2.0
// Repository: read history, trees and files of one repo through libgit2 over the database; Stage:
// the same with new objects that nobody else sees until a push is applied.
#pragma once

#include "core/db/database.h"
#include "core/repo/repo_index.h"
#include "core/storage/blobs.h"
#include "core/types/oid.h"
#include "core/types/repo_path.h"
#include "core/types/revision.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace railhub::repo {

namespace detail {
class ObjectSource;
} // namespace detail

// Error::reason of NotFound: the revision is not there; the path is not there.
inline constexpr std::string_view kReasonRevision = "revision-not-found";
inline constexpr std::string_view kReasonEntry = "entry-not-found";

struct Signature {
    std::string name;
    std::string email;
    std::int64_t seconds = 0; // since 1970
    int offset_minutes = 0;
};

struct Commit {
    types::Oid oid;
    types::Oid tree;
    std::vector<types::Oid> parents;
    Signature author;
    Signature committer;
    std::string message;

    [[nodiscard]] std::string title() const; // first line
    [[nodiscard]] std::string body() const;  // the rest, trimmed
};

enum class EntryKind : std::uint8_t { File, Executable, Symlink, Directory, Submodule };

struct LastCommit {
    types::Oid oid;
    std::string title;
    std::int64_t seconds = 0;
};

struct TreeEntry {
    std::string path; // from the root
    EntryKind kind = EntryKind::File;
    types::Oid oid;         // git object
    std::uint64_t size = 0; // real size: of the LFS object where it is a pointer; 0 for folders
    std::uint64_t pointer_size = 0;        // size of the git blob when it is a pointer
    std::optional<types::BlobRef> lfs;     // set when the blob is an LFS pointer
    std::optional<LastCommit> last_commit; // when asked for
};

struct Ref {
    std::string name;  // full: refs/heads/main
    types::Oid target; // as stored (a tag object for annotated tags)
    types::Oid peeled; // the commit
};

struct Resolved {
    types::Oid commit;
    std::string ref; // full ref name when the revision named one, else empty
};

struct ListOptions {
    enum class Depth : std::uint8_t { OneLevel, Recursive };
    enum class LastCommits : std::uint8_t { Omit, Include };
    // Names: sizes and pointers may be left out, which saves reading every blob of a commit that no
    // path index covers, such as one on a stage.
    enum class Detail : std::uint8_t { Full, Names };
    Detail detail = Detail::Full;
    Depth depth = Depth::OneLevel;
    LastCommits last_commits = LastCommits::Omit;
    std::size_t limit = 1000;
    std::string after; // path of the last entry of the page before; empty = from the start
};

struct TreePage {
    std::vector<TreeEntry> entries; // by path; recursive listings include folders
    bool has_more = false;
};

struct LogPage {
    std::vector<Commit> commits; // newest first
    std::uint64_t total = 0;     // commits reachable
};

// Bytes of a file: small ones inline, large ones by reader.
struct Content {
    std::uint64_t size = 0;
    std::string bytes; // when reader is null
    std::shared_ptr<storage::ObjectReader>
        reader; // LFS objects, and git blobs kept in the object store
};

// A view of one repo inside one transaction, which must outlive it. One thread at a time.
class Repository {
  public:
    static util::Result<std::unique_ptr<Repository>> open(
        const util::Context& ctx,
        db::Transaction& tx,
        storage::Blobs& blobs,
        const RepoRecord& record
    );
    virtual ~Repository() = default;

    [[nodiscard]] virtual const RepoRecord& record() const = 0;

    // Order (hub-api 7.1): HEAD, 40-hex, refs/* exact, branch, tag, short sha. NotFound "Invalid
    // rev id: <rev>".
    virtual util::Result<Resolved> resolve(std::string_view revision) = 0;
    virtual util::Result<std::vector<Ref>> refs() = 0; // by name
    virtual util::Result<std::optional<Ref>> ref(std::string_view full_name) = 0;

    virtual util::Result<Commit> commit(const types::Oid& oid) = 0;
    virtual util::Result<LogPage>
    log(const types::Oid& from, std::uint64_t skip, std::size_t limit) = 0;
    virtual util::Result<bool> is_ancestor(const types::Oid& ancestor, const types::Oid& of) = 0;

    // nullopt when the path is not there. The root is not an entry.
    virtual util::Result<std::optional<TreeEntry>> entry(
        const types::Oid& commit,
        const types::RepoPath& path,
        ListOptions::LastCommits last_commits = ListOptions::LastCommits::Omit
    ) = 0;
    // folder empty = root. NotFound when it is no folder. Served from the path index when `commit`
    // is the tip of a branch, so that 100,000 entries and their last commits are cheap.
    virtual util::Result<TreePage>
    list(const types::Oid& commit, std::string_view folder, const ListOptions& options) = 0;

    // The blob as git has it (pointer text for LFS files).
    virtual util::Result<Content> raw(const types::Oid& blob) = 0;
    // The file a reader wants: LFS pointers are followed.
    virtual util::Result<Content> content(const TreeEntry& entry) = 0;
    // Small text such as README.md; nullopt when absent, TooLarge past max_bytes.
    virtual util::Result<std::optional<std::string>>
    text(const types::Oid& commit, std::string_view path, std::uint64_t max_bytes) = 0;

    // True when an object of this id is stored (also one that no ref reaches).
    virtual util::Result<bool> has_object(const types::Oid& oid) = 0;
    [[nodiscard]] virtual detail::ObjectSource& objects() = 0; // for this module
};

} // namespace railhub::repo
