// SPDX-License-Identifier: Apache-2.0
// Stage: new git objects on top of a Repository, invisible until apply_push. Two makers: the commit
// builder (objects in memory, large ones in the object store) and a received pack (quarantine).
#pragma once

#include "core/repo/repository.h"

#include <variant>

namespace railhub::repo {

// Bounds of a received pack; past them receive_pack answers TooLarge.
struct PackLimits {
    std::uint64_t max_bytes = std::uint64_t{4} << 30;
    std::uint64_t max_objects = 10'000'000;
    // Commits, trees, tags and whatever comes as a delta: they are held in memory one at a time.
    std::uint64_t max_object_bytes = std::uint64_t{64} << 20;
    // Blobs sent whole are streamed; the caller refuses large ones by name (visit_new_files).
    std::uint64_t max_blob_bytes = std::uint64_t{4} << 30;
};

// A received pack in a quarantine folder of its own, which goes with it. Streams in without a
// transaction, since pushes may be slow; a stage takes it over. One thread.
class IncomingPack {
  public:
    // Reads the stream to its end into a new folder below `quarantine_folder`, which is made when
    // absent. Structure, checksum and limits are checked on the way: InvalidInput or TooLarge.
    static util::Result<std::unique_ptr<IncomingPack>> receive(
        const util::Context& ctx,
        util::Reader& pack,
        const std::string& quarantine_folder,
        const PackLimits& limits
    );
    virtual ~IncomingPack() = default;
    // For Stage: resolves deltas, also against objects of `source`; the path of the index, empty
    // when the pack has no objects.
    virtual util::Result<std::string>
    finish(const util::Context& ctx, detail::ObjectSource& source) = 0;
};

// Reads see stored and staged objects.
class Stage {
  public:
    static util::Result<std::unique_ptr<Stage>> open(
        const util::Context& ctx,
        db::Transaction& tx,
        storage::Blobs& blobs,
        const RepoRecord& record
    );
    virtual ~Stage() = default;

    // The repo as it would look; resolve() and refs() still answer for what is stored.
    virtual Repository& repository() = 0;
    // Contents above 64 KiB go to the object store at once, others stay in memory (packed).
    virtual util::Result<types::Oid> write_blob(util::ByteView bytes) = 0;
    // Takes a pack over and checks every object (hash, and syntax as `git fsck --strict` does).
    // InvalidInput with the object's id and reason; the stage is of no use then.
    virtual util::Result<> adopt_pack(std::unique_ptr<IncomingPack> pack) = 0;
    // Both steps in one, where the stream cannot be slow.
    util::Result<> receive_pack(
        util::Reader& pack, const std::string& quarantine_folder, const PackLimits& limits
    );
    // All that `tips` reach is stored or staged; InvalidInput names the first object that is not.
    virtual util::Result<> check_connected(const std::vector<types::Oid>& tips) = 0;
    [[nodiscard]] virtual detail::ObjectSource& objects() = 0; // for this module
};

struct PutFile {
    types::RepoPath path;
    std::string bytes;
    EntryKind kind = EntryKind::File;
};

// A blob that Stage::write_blob made before: lets a caller feed large contents one at a time.
struct PutBlob {
    types::RepoPath path;
    types::Oid blob;
    EntryKind kind = EntryKind::File;
};

struct PutLfs {
    types::RepoPath path;
    types::BlobRef blob;
};

// Copies the entry (also an LFS pointer or a folder) from another path and commit of this repo.
struct CopyPath {
    types::RepoPath path;
    types::RepoPath from;
    types::Oid from_commit;
};

enum class DeleteWhat : std::uint8_t { File, Folder, Either };

// NotFound "A file with this name doesn't exist" when it is not there.
struct DeletePath {
    types::RepoPath path;
    DeleteWhat what = DeleteWhat::Either;
};

using FileOperation = std::variant<PutFile, PutBlob, PutLfs, CopyPath, DeletePath>;

struct CommitRequest {
    std::vector<types::Oid> parents; // empty: first commit
    std::optional<types::Oid> base;  // commit whose tree it begins with, if not the first parent's
    std::vector<FileOperation> operations; // applied in order
    Signature author;
    Signature committer;
    std::string message;
};

// Writes trees and the commit into the stage. New LFS paths that no .gitattributes rule covers get
// a rule in the same commit (hub-api 7.4).
util::Result<types::Oid>
build_commit(const util::Context& ctx, Stage& stage, const CommitRequest& request);

// A tag object in the stage.
util::Result<types::Oid> build_tag(
    Stage& stage,
    const types::Oid& target,
    std::string_view name,
    const Signature& tagger,
    std::string_view message
);

} // namespace railhub::repo
