// SPDX-License-Identifier: Apache-2.0
// HEAD of files and xorbs, and who may know of them.
#include "server/api/cas_files.h"

#include "server/api/handlers.h"

#include <algorithm>
#include <map>

namespace railhub::server::api {

namespace {

// The answer ends before the body, which is never read.
http::Response length_only(std::uint64_t size) {
    http::FileBody body;
    body.size = size;
    body.read_at = [](std::uint64_t, std::span<std::uint8_t>) -> util::Result<std::size_t> {
        return std::size_t{0};
    };
    http::Response response;
    response.body = std::move(body);
    response.header("Content-Type", "application/octet-stream");
    return response;
}

util::Result<bool> may_see(const Call& call, const types::BlobRef& blob) {
    const std::int64_t repo_row = call.repo->record.row;
    // What was uploaded and not committed is nothing that readers know of.
    return call.repo->permission >= access::Permission::Write
               ? app::may_link_own(*call.tx, repo_row, blob.sha256)
               : app::may_fetch(*call.tx, repo_row, blob.sha256);
}

} // namespace

util::Error unknown_content() {
    return util::fail(util::Code::NotFound, "Not found");
}

util::Result<xet::Hash> hash_param(const Call& call, std::string_view name) {
    auto hash = xet::Hash::parse(call.request.param(name));
    if (!hash.ok()) {
        return util::fail(util::Code::InvalidInput, "a hash has 64 hexadecimal digits");
    }
    return hash;
}

util::Result<cas::FileRecord> visible_file(const Call& call, const xet::Hash& hash) {
    if (hash.is_zero()) {
        return cas::FileRecord{0, hash, types::BlobRef{util::sha256({}), 0}};
    }
    RAILHUB_TRY(auto file, call.deps().engine.find_file(*call.tx, hash));
    if (!file) {
        return unknown_content();
    }
    RAILHUB_TRY(const bool may, may_see(call, file->blob));
    if (!may) {
        return unknown_content();
    }
    return std::move(*file);
}

util::Result<cas::SegmentRecord> visible_segment(const Call& call, const xet::Hash& hash) {
    cas::Engine& engine = call.deps().engine;
    RAILHUB_TRY(const auto segment, engine.find_segment(*call.tx, hash));
    if (!segment) {
        return unknown_content();
    }
    RAILHUB_TRY(const auto repos, engine.repos_of(*call.tx, *segment));
    if (std::find(repos.begin(), repos.end(), call.repo->record.row) == repos.end()) {
        return unknown_content();
    }
    return *segment;
}

cas::Visible readable_repos(SharedIdentity who) {
    auto known = std::make_shared<std::map<std::int64_t, bool>>();
    return [who = std::move(who),
            known](db::Transaction& tx, std::int64_t row) -> util::Result<bool> {
        const auto found = known->find(row);
        if (found != known->end()) {
            return found->second;
        }
        RAILHUB_TRY(const auto record, repo::find_repo_row(tx, row));
        const bool may = record && access::permission_on(*who, app::facts_of(*record)).has_value();
        known->emplace(row, may);
        return may;
    };
}

Reply cas_head_file(Call& call) {
    RAILHUB_TRY(const xet::Hash hash, hash_param(call, "file"));
    RAILHUB_TRY(const cas::FileRecord file, visible_file(call, hash));
    return length_only(file.blob.size);
}

Reply cas_head_xorb(Call& call) {
    RAILHUB_TRY(const xet::Hash hash, hash_param(call, "xorb"));
    RAILHUB_TRY(const cas::SegmentRecord segment, visible_segment(call, hash));
    return length_only(segment.stored);
}

} // namespace railhub::server::api
