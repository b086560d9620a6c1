// SPDX-License-Identifier: Apache-2.0
#include "server/routes.h"

#include "server/api/handlers.h"

namespace railhub::server {

namespace {

using enum http::Method;
using enum Scope;
using enum ErrorStyle;

// A table is read by columns.
// clang-format off
constexpr Route kRoutes[] = {
    // --- the server itself
    {Get,    "/healthz",                                                "healthz",           Probe,   Api, &api::healthz,           "Is the process there"},
    {Get,    "/readyz",                                                 "readyz",            Probe,   Api, &api::readyz,            "Does it answer requests: 503 while the database does not"},

    // --- what clients ask silently
    {Head,   "/api/telemetry/{topic*}",                                 "telemetry",         Open,    Api, &api::telemetry,         "Counted by other hubs; answered and forgotten here"},
    {Get,    "/api/agent-harnesses",                                    "agent-harnesses",   Open,    Api, &api::agent_harnesses,   "No harnesses"},
    {Get,    "/api/spaces/templates",                                   "space-templates",   Open,    Api, &api::space_templates,   "No templates"},

    // --- who
    {Get,    "/api/whoami-v2",                                          "whoami",            User,    Api, &api::whoami,            "The caller, his organisations and his token"},
    {Get,    "/api/{kind}/{repo}/auth-check",                           "auth-check",        Read,    Api, &api::auth_check,        "May the caller read the repo"},
    {Get,    "/api/{kind}/{repo}/auth-check/write",                     "auth-check.write",  Write,   Api, &api::auth_check,        "May the caller write to the repo"},

    // --- repos
    {Post,   "/api/repos/create",                                       "repo.create",       User,    Api, &api::create_repo,       "Make a repo with its first commit; 409 with its URL when it is there"},
    {Delete, "/api/repos/delete",                                       "repo.delete",       Open,    Api, &api::delete_repo,       "Delete a repo"},
    {Post,   "/api/repos/move",                                         "repo.move",         User,    Api, &api::move_repo,         "Rename a repo; the old name leads to it"},
    {Put,    "/api/{kind}/{repo}/settings",                             "repo.settings",     Propose, Api, &api::repo_settings,     "Visibility and license gate of a repo"},
    {Get,    "/api/models",                                             "models.list",       Open,    Api, &api::list_models,       "Models by search, author, tags; pages by Link header"},
    {Get,    "/api/datasets",                                           "datasets.list",     Open,    Api, &api::list_datasets,     "The same for datasets"},
    {Get,    "/api/spaces",                                             "spaces.list",       Open,    Api, &api::list_spaces,       "Spaces: none are kept yet"},
    {Get,    "/api/{kind}/{repo}",                                      "repo.info",         Read,    Api, &api::info,              "The repo at its default branch: files, card, tags"},
    {Get,    "/api/{kind}/{repo}/revision/{rev*}",                      "repo.info.at",      Read,    Api, &api::info_at,           "The same at a revision"},

    // --- reading history
    {Get,    "/api/{kind}/{repo}/tree/{revision_and_path*}",            "tree",              Read,    Api, &api::tree,              "Entries of a folder, also recursively; pages by Link header"},
    {Post,   "/api/{kind}/{repo}/paths-info/{rev*}",                    "paths-info",        Read,    Api, &api::paths_info,        "Entries of given paths, as form or JSON"},
    {Get,    "/api/{kind}/{repo}/commits/{rev*}",                       "commits",           Read,    Api, &api::commits,           "The log from a revision, newest first"},
    {Get,    "/api/{kind}/{repo}/refs",                                 "refs",              Read,    Api, &api::refs,              "Branches, converts, tags, pull requests"},

    // --- writing history
    {Post,   "/api/{kind}/{repo}/branch/{ref*}",                        "branch.create",     Write,   Api, &api::create_branch,     "Make a branch"},
    {Delete, "/api/{kind}/{repo}/branch/{ref*}",                        "branch.delete",     Write,   Api, &api::delete_branch,     "Remove a branch, not the default one"},
    {Post,   "/api/{kind}/{repo}/tag/{ref*}",                           "tag.create",        Write,   Api, &api::create_tag,        "Tag a revision"},
    {Delete, "/api/{kind}/{repo}/tag/{ref*}",                           "tag.delete",        Write,   Api, &api::delete_tag,        "Remove a tag"},
    {Post,   "/api/{kind}/{repo}/super-squash/{ref*}",                  "super-squash",      Write,   Api, &api::super_squash,      "Make a branch one commit without parents"},
    {Post,   "/api/validate-yaml",                                      "validate-yaml",     Open,    Api, &api::validate_yaml,     "Is the metadata of a README.md well-formed"},
    {Post,   "/api/{kind}/{repo}/preupload/{rev*}",                     "preupload",         Propose, Api, &api::preupload,         "Which files of a commit go through LFS, which are ignored, which are there"},
    {Post,   "/api/{kind}/{repo}/commit/{rev*}",                        "commit",            Propose, Api, &api::commit,            "Apply file operations (JSON Lines) as one commit, or open a pull request with them"},
    {Post,   "/api/{kind}/{repo}/discussions/{number}/merge",           "pull-request.merge", Write,  Api, &api::merge_pull_request, "Merge a pull request into the default branch; the license gate judges the result"},

    // --- licenses
    {Get,    "/api/railhub/v1/{kind}/{repo}/license",                   "license",           Read,    Api, &api::repo_license,      "What every source says of the repo's license, at ?revision="},
    {Get,    "/api/railhub/v1/{kind}/{repo}/lineage",                   "lineage",           Read,    Api, &api::repo_lineage,      "What the repo was made from, as far as the caller may see; ?format=json, svg, mermaid, text"},
    {Get,    "/api/railhub/v1/{kind}/{repo}/verdict",                   "verdict",           Read,    Api, &api::repo_verdict,      "The report of a check; ?use=, ?purpose=, ?fact=NAME=VALUE, ?policy=SWITCH=VALUE"},
    {Get,    "/api/railhub/v1/{kind}/{repo}/obligations",               "obligations",       Read,    Api, &api::repo_obligations,  "What is owed, clauses to carry, a NOTICE text; queries as for the verdict"},
    {Get,    "/api/railhub/v1/{kind}/{repo}/bom",                       "bom",               Read,    Api, &api::repo_bom,          "Bill of materials; ?format=cyclonedx or spdx3, ?revision=, ?date="},
    {Get,    "/api/railhub/v1/search",                                  "license.search",    Open,    Api, &api::search_licenses,   "Repos by terms: ?kind=, ?allows=commercial-use, ?without=RESTRICTION, ?compatible-with=LICENSE, ?license=, ?verdict=; pages by Link header"},

    // --- bytes
    {Get,    "/{repo}/resolve/{revision_and_path*}",                    "resolve",           File,    Api, &api::resolve,           "Bytes of one file at a revision; LFS pointers are followed"},
    {Get,    "/{repo}/raw/{revision_and_path*}",                        "raw",               File,    Api, &api::raw,               "The file as git has it; of LFS files the pointer"},

    // --- Git LFS
    {Post,   "/{repo}/info/lfs/objects/batch",                          "lfs.batch",         Read,    Lfs, &api::lfs_batch,         "What to send or fetch where (basic and multipart)"},
    {Put,    "/{repo}/info/lfs/objects/{oid}",                          "lfs.put",           Signed,  Lfs, &api::lfs_put,           "Upload an object"},
    {Get,    "/{repo}/info/lfs/objects/{oid}",                          "lfs.get",           Signed,  Lfs, &api::lfs_get,           "Download an object, also in ranges"},
    {Put,    "/{repo}/info/lfs/objects/{oid}/parts",                    "lfs.part",          Signed,  Lfs, &api::lfs_put_part,      "Upload one part of an object"},
    {Post,   "/{repo}/info/lfs/objects/{oid}/complete",                 "lfs.complete",      Signed,  Lfs, &api::lfs_complete,      "Join the parts and check the whole"},
    {Post,   "/{repo}/info/lfs/objects/{oid}/verify",                   "lfs.verify",        Signed,  Lfs, &api::lfs_verify,        "Is the object stored with that size"},

    // --- Xet: tokens of the hub, then the CAS itself
    {Get,    "/api/{kind}/{repo}/xet-read-token/{rev*}",                "xet.token.read",    Read,    Api, &api::xet_read_token,    "A token to read the repo's large files over Xet"},
    {Get,    "/api/{kind}/{repo}/xet-write-token/{rev*}",               "xet.token.write",   Propose, Api, &api::xet_write_token,   "A token to upload over Xet; with create_pr=1 also for those who only read"},
    {Get,    "/cas/v2/reconstructions/{file}",                          "cas.file.v2",       XetRead, Api, &api::cas_reconstruct_v2, "Chunks that a file or a range of it is made of, and where they are"},
    {Get,    "/cas/v1/reconstructions/{file}",                          "cas.file.v1",       XetRead, Api, &api::cas_reconstruct_v1, "The same in the older shape"},
    {Get,    "/cas/v1/reconstructions",                                 "cas.files",         XetRead, Api, &api::cas_reconstruct_query, "The same for several whole files, named by file_id"},
    {Post,   "/cas/v1/reconstructions",                                 "cas.files.list",    XetRead, Api, &api::cas_reconstruct_list, "The same, named in a JSON list"},
    {Get,    "/cas/v2/file-chunk-hashes/{file}",                        "cas.file.edit",     XetRead, Api, &api::cas_edit_windows,  "What must be cut anew after an edit (X-Range-Dirty), and hashes of what stays"},
    {Head,   "/cas/v1/files/{file}",                                    "cas.file.size",     XetRead, Api, &api::cas_head_file,     "Size of a file"},
    {Post,   "/cas/v1/xorbs/default/{xorb}",                            "cas.xorb.put",      XetWrite, Api, &api::cas_put_xorb,     "Upload a xorb; every chunk is checked"},
    {Head,   "/cas/v1/xorbs/default/{xorb}",                            "cas.xorb.size",     XetRead, Api, &api::cas_head_xorb,     "Serialized size of a xorb"},
    {Post,   "/cas/v1/shards",                                          "cas.shard.v1",      XetWrite, Api, &api::cas_put_shard_v1, "Register files; each is read back and its SHA-256 computed"},
    {Post,   "/cas/v2/shards",                                          "cas.shard.v2",      XetWrite, Api, &api::cas_put_shard_v2, "The same, with progress as JSON Lines"},
    {Get,    "/cas/v1/chunks/default/{chunk}",                          "cas.chunk",         XetAny,  Api, &api::cas_chunk,         "Xorbs around a known chunk, of content that the caller may read, hashes keyed"},
    {Get,    "/cas/v1/chunks/default-merkledb/{chunk}",                 "cas.chunk.old",     XetAny,  Api, &api::cas_chunk,         "The same under the documented name"},
    {Get,    "/cas/v1/data/{xorb}",                                     "cas.data",          Sealed,  Api, &api::cas_data,          "Chunks of a xorb as a reconstruction names them"},
    {Post,   "/cas/v1/telemetry",                                       "cas.telemetry",     Probe,   Api, &api::cas_telemetry,     "Answered and forgotten"},

    // The paths of hf_xet up to 1.2, which had no version.
    {Get,    "/cas/reconstructions/{file}",                             "cas.file.v0",       XetRead, Api, &api::cas_reconstruct_v1, "As /cas/v1"},
    {Get,    "/cas/reconstructions",                                    "cas.files.v0",      XetRead, Api, &api::cas_reconstruct_query, "As /cas/v1"},
    {Head,   "/cas/files/{file}",                                       "cas.file.size.v0",  XetRead, Api, &api::cas_head_file,     "As /cas/v1"},
    {Post,   "/cas/xorbs/default/{xorb}",                               "cas.xorb.put.v0",   XetWrite, Api, &api::cas_put_xorb,     "As /cas/v1"},
    {Head,   "/cas/xorbs/default/{xorb}",                               "cas.xorb.size.v0",  XetRead, Api, &api::cas_head_xorb,     "As /cas/v1"},
    {Post,   "/cas/shards",                                             "cas.shard.v0",      XetWrite, Api, &api::cas_put_shard_v1, "As /cas/v1"},
    {Get,    "/cas/chunks/default/{chunk}",                             "cas.chunk.v0",      XetAny,  Api, &api::cas_chunk,         "As /cas/v1"},

    // --- git
    {Get,    "/{repo}/info/refs",                                       "git.refs",          Read,    Git, &api::git_info_refs,     "Refs and capabilities for git fetch and git push"},
    {Post,   "/{repo}/git-upload-pack",                                 "git.fetch",         Read,    Git, &api::git_upload_pack,   "git fetch and git clone, protocol versions 0 to 2"},
    {Post,   "/{repo}/git-receive-pack",                                "git.push",          Write,   Git, &api::git_receive_pack,  "git push: all of it or nothing"},
};
// clang-format on

constexpr std::string_view kRepoWord = "{repo}";
constexpr std::string_view kOwnerAndName = "{owner}/{name}";

void expand_one(const Route& route, std::vector<ExpandedRoute>& rows) {
    const std::size_t at = route.pattern.find(kRepoWord);
    if (at == std::string_view::npos) {
        rows.push_back({&route, std::nullopt, std::string(route.pattern)});
        return;
    }
    const std::string tail(route.pattern.substr(at + kRepoWord.size()));
    const std::string head(route.pattern.substr(0, at));
    if (head != "/") {
        rows.push_back({&route, std::nullopt, head + std::string(kOwnerAndName) + tail});
        return;
    }
    using types::RepoKind;
    for (const RepoKind kind : {RepoKind::Model, RepoKind::Dataset, RepoKind::Space}) {
        const std::string prefix(types::kind_web_prefix(kind));
        rows.push_back({&route, kind, head + prefix + std::string(kOwnerAndName) + tail});
    }
}

} // namespace

std::string_view scope_word(Scope scope) {
    switch (scope) {
    case Probe:
        return "anybody";
    case Open:
        return "anybody";
    case User:
        return "logged in";
    case Read:
    case File:
        return "may read the repo";
    case Propose:
        return "logged in, may read the repo; the rest depends on what is asked";
    case Write:
        return "may write to the repo";
    case Signed:
    case Sealed:
        return "signed link";
    case XetAny:
    case XetRead:
        return "Xet token";
    case XetWrite:
        return "Xet token to write";
    }
    return "";
}

bool is_xet(Scope scope) {
    return scope == XetAny || scope == XetRead || scope == XetWrite;
}

std::span<const Route> routes() {
    return kRoutes;
}

std::vector<ExpandedRoute> expand(std::span<const Route> table) {
    std::vector<ExpandedRoute> rows;
    for (const Route& route : table) {
        expand_one(route, rows);
    }
    return rows;
}

std::string routes_page() {
    std::string page = "# HTTP API\n\n"
                       "Printed from the table in `server/routes.cpp`. `{repo}` is `owner/name`; "
                       "paths that begin with it are "
                       "served for models,\nunder `/datasets/` for datasets and under `/spaces/` "
                       "for spaces. `{kind}` is `models`, "
                       "`datasets` or `spaces`. A name ending\nin `*` takes the rest of the path. "
                       "`HEAD` is served wherever `GET` is.\n\n"
                       "A repo that the caller may not read answers exactly like one that does not "
                       "exist: 401 to strangers, 404 to "
                       "users, both with\n`X-Error-Code: RepoNotFound`.\n\n"
                       "| method | path | who | what | name in log and metrics |\n| --- | --- | "
                       "--- | --- | --- |\n";
    for (const Route& route : kRoutes) {
        page += "| " + std::string(http::method_word(route.method)) + " | `" +
                std::string(route.pattern) + "` | " + std::string(scope_word(route.scope)) + " | " +
                std::string(route.sentence) + " | " + std::string(route.name) + " |\n";
    }
    return page;
}

} // namespace railhub::server
