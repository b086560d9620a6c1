// SPDX-License-Identifier: Apache-2.0
// The bill of materials of a repo at a revision. Ancestors are seen with the rights of the caller.
#include "core/app/hub_lineage.h"
#include "core/app/make_bom.h"
#include "core/app/repository_source.h"
#include "core/bom/formats.h"
#include "core/util/text.h"
#include "server/api/handlers.h"

namespace railhub::server::api {

namespace {

// Hashes that the hub has: of large files the content's, of others git's.
util::Result<std::vector<bom::File>> stored_files(Call& call, const types::Oid& commit) {
    RAILHUB_TRY(
        const auto entries,
        app::all_files(call.ctx, *call.repository, commit, repo::ListOptions::Detail::Full)
    );
    std::vector<bom::File> files;
    files.reserve(entries.size());
    for (const repo::TreeEntry& entry : entries) {
        bom::File file{entry.path, entry.size, {}, {}};
        if (entry.lfs) {
            file.sha256 = entry.lfs->sha256;
        } else {
            file.git_oid = entry.oid.hex();
        }
        files.push_back(std::move(file));
    }
    return files;
}

util::Result<const bom::Format*> format_of(const http::Request& request) {
    const std::string* name = request.query_value("format");
    const bom::Format* format = bom::find_format(name == nullptr ? "cyclonedx" : *name);
    if (format == nullptr) {
        return util::fail(
            util::Code::InvalidInput,
            "unknown format '" + *name + "'",
            "it is " + util::join(bom::format_names(), " or ")
        );
    }
    return format;
}

} // namespace

Reply repo_bom(Call& call) {
    RAILHUB_TRY(const bom::Format* format, format_of(call.request));
    RAILHUB_TRY(open_repository(call));
    const std::string* revision = call.request.query_value("revision");
    RAILHUB_TRY(
        const repo::Resolved at,
        revision_of(call, revision == nullptr || revision->empty() ? "HEAD" : *revision)
    );
    app::BomOptions options;
    const repo::RepoRecord& record = call.repo->record;
    options.check.kind = record.id.kind;
    options.check.id = record.id.full_name();
    options.check.revision = at.commit.hex();
    options.endpoint = app::public_endpoint(call.request.base_url);
    if (const std::string* date = call.request.query_value("date")) {
        options.created = bom::parse_timestamp(*date);
        if (!options.created) {
            return util::fail(
                util::Code::InvalidInput,
                "'" + *date + "' is no date",
                "write 2026-11-22 or 2026-11-22T21:35:00Z"
            );
        }
    } else {
        RAILHUB_TRY(const repo::Commit commit, call.repository->commit(at.commit));
        options.created = std::max<std::int64_t>(commit.committer.seconds, 0);
    }
    RAILHUB_TRY(options.listed, stored_files(call, at.commit));
    const auto source = app::make_repository_source(*call.repository, at.commit);
    app::HubLineage resolver(*call.tx, call.deps().blobs, call.deps().licenses, call.who());
    RAILHUB_TRY(
        const bom::Bom made,
        app::make_bom(call.ctx, *source, resolver, call.deps().licenses, options)
    );
    return http::Response::text(
        200, format->render(made).dump_pretty(), std::string(format->media_type)
    );
}

} // namespace railhub::server::api
