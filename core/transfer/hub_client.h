// SPDX-License-Identifier: Apache-2.0
// HubClient: the calls of a Hub-compatible server, typed (hub-api sections 3 to 9). Works against
// any such endpoint; LFS hrefs and redirects may lead elsewhere.
#pragma once

#include "core/transfer/session.h"
#include "core/types/blob_ref.h"
#include "core/types/repo_id.h"

#include <map>
#include <span>

namespace railhub::transfer {

struct Membership {
    std::string org;
    std::string role;
};

struct WhoAmI {
    std::string name;
    std::string full_name;
    std::string email;
    std::string kind; // "user" or "org"
    std::vector<Membership> orgs;
    std::string token_name;
    std::string token_role; // "read", "write", "fineGrained" or empty
};

struct RepoInfo {
    std::string id; // "owner/name", canonical case
    std::string sha;
    bool is_private = false;
    std::string last_modified;
    std::string created_at;
    std::vector<std::string> tags;
    std::vector<std::string> files;
    util::Json card; // front matter, or null
};

struct RepoQuery {
    types::RepoKind kind = types::RepoKind::Model;
    std::string author;
    std::string search;
    std::size_t limit = 100;
};

struct RemoteEntry {
    std::string path; // from the root
    bool is_folder = false;
    std::string oid; // git object, 40 hex
    std::uint64_t size = 0;
    std::optional<util::Sha256> lfs; // content, when it is a large file
    std::string xet_hash = {};       // text form, of large files that a Xet server has, too

    // What the cache calls the blob: SHA-256 of large files, git object id of others.
    [[nodiscard]] std::string etag() const { return lfs ? lfs->hex() : oid; }
};

struct RemoteRef {
    std::string name; // short
    std::string ref;  // full
    std::string commit;
};

struct RemoteRefs {
    std::vector<RemoteRef> branches;
    std::vector<RemoteRef> tags;
};

struct RemoteCommit {
    std::string id;
    std::string title;
    std::string message;
    std::string date;
    std::vector<std::string> authors;
};

struct RemoteLog {
    std::vector<RemoteCommit> commits;
    std::optional<std::uint64_t> total;
};

struct FileHead {
    std::string commit;
    std::string etag; // unquoted
    std::uint64_t size = 0;
};

struct PreuploadFile {
    std::string path;
    std::uint64_t size = 0;
    std::string sample; // first bytes, at most 512
};

struct PreuploadAnswer {
    std::string path;
    bool is_lfs = false;
    bool is_ignored = false;
    std::string oid; // of the file there now, in the form of its mode; or empty
};

struct PreuploadReply {
    std::string tip; // commit of the branch, or empty
    std::vector<PreuploadAnswer> files;
};

struct LfsAction {
    std::string href;
    HttpHeaders headers;
    // Multipart: one URL per part, in order; empty for basic.
    std::uint64_t part_size = 0;
    std::vector<std::string> parts;
};

struct LfsObject {
    types::BlobRef blob;
    std::optional<LfsAction> upload; // nullopt: the hub has it
    std::optional<LfsAction> verify;
    std::string error; // of this object, or empty
};

struct LfsPart {
    std::uint32_t number = 0; // from 1
    std::string etag;
};

struct CommitReply {
    std::string oid;
    std::string url;
    std::string notes; // what the hub had to say ("hookOutput")
};

// The license gate said no: the report, as the hub printed it.
struct CommitAnswer {
    CommitReply reply;
    util::Json refusal; // null unless refused
};

// Safe from any thread. The session is borrowed.
class HubClient {
  public:
    explicit HubClient(const Session& session) : session_(session) {}

    util::Result<WhoAmI> whoami(const util::Context& ctx) const;

    enum class Visibility : std::uint8_t { Public, Private };
    // Returns the URL of the repo. AlreadyExists when taken.
    util::Result<std::string>
    create_repo(const util::Context& ctx, const types::RepoId& id, Visibility visibility) const;
    util::Result<> delete_repo(const util::Context& ctx, const types::RepoId& id) const;
    util::Result<std::vector<RepoInfo>>
    list_repos(const util::Context& ctx, const RepoQuery& query) const;
    // `revision` empty: the default branch.
    util::Result<RepoInfo>
    info(const util::Context& ctx, const types::RepoId& id, std::string_view revision = {}) const;

    enum class Depth : std::uint8_t { OneLevel, Recursive };
    // All pages; `folder` empty = root.
    util::Result<std::vector<RemoteEntry>> tree(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::string_view folder,
        Depth depth
    ) const;
    util::Result<std::vector<RemoteEntry>> paths_info(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        const std::vector<std::string>& paths
    ) const;
    util::Result<RemoteRefs> refs(const util::Context& ctx, const types::RepoId& id) const;
    util::Result<RemoteLog>
    log(const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::size_t limit) const;

    // `from` empty: the tip of the default branch.
    util::Result<> create_branch(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view name,
        std::string_view from
    ) const;
    util::Result<>
    delete_branch(const util::Context& ctx, const types::RepoId& id, std::string_view name) const;
    util::Result<> create_tag(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view name,
        std::string_view revision,
        std::string_view message
    ) const;
    util::Result<>
    delete_tag(const util::Context& ctx, const types::RepoId& id, std::string_view name) const;

    util::Result<FileHead> head(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::string_view path
    ) const;
    // Small files; TooLarge past max_bytes.
    util::Result<std::string> text(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::string_view path,
        std::uint64_t max_bytes
    ) const;
    // Bytes of a file from an offset on, fewer than asked at its end. The rest is not fetched, also
    // where a server sends it.
    util::Result<std::string> part(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::string_view path,
        std::uint64_t offset,
        std::size_t length
    ) const;
    // Where the bytes of a file are.
    [[nodiscard]] std::string
    file_url(const types::RepoId& id, std::string_view revision, std::string_view path) const;

    // Any number of files; asked in batches.
    util::Result<PreuploadReply> preupload(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view revision,
        std::span<const PreuploadFile> files
    ) const;
    // At most 256 objects a call is what hubs take; asked in batches.
    util::Result<std::vector<LfsObject>> lfs_upload_batch(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view branch,
        std::span<const types::BlobRef> blobs
    ) const;
    // A basic upload.
    util::Result<>
    put_object(const util::Context& ctx, const LfsAction& action, const HttpBody& body) const;
    // One part; returns its ETag.
    util::Result<std::string>
    put_part(const util::Context& ctx, const std::string& href, const HttpBody& body) const;
    util::Result<> complete_parts(
        const util::Context& ctx,
        const LfsAction& action,
        const types::BlobRef& blob,
        const std::vector<LfsPart>& parts
    ) const;
    util::Result<> verify_object(
        const util::Context& ctx, const LfsAction& action, const types::BlobRef& blob
    ) const;
    // `body` is the NDJSON of hub-api 7.4. Conflict when the branch is not at its parent any more.
    util::Result<CommitAnswer> commit(
        const util::Context& ctx,
        const types::RepoId& id,
        std::string_view branch,
        const HttpBody& body
    ) const;

    [[nodiscard]] const Session& session() const { return session_; }

  private:
    const Session& session_;
};

} // namespace railhub::transfer
