// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/transfer/local_cas.h"

#include "core/util/text.h"

namespace railhub::tests {

namespace {

http::Response cas_error(int status, std::string_view text) {
    return http::Response::json(status, util::Json::object({{"error", text}}));
}

// "bytes=A-B".
std::pair<std::uint64_t, std::uint64_t> range_of(const http::Request& request) {
    const std::string range(request.headers.text("range"));
    const auto dash = range.find('-');
    return {
        *util::parse_decimal(range.substr(6, dash - 6)),
        *util::parse_decimal(range.substr(dash + 1)) + 1};
}

std::uint32_t start_of(const xet::XorbLayout& layout, std::uint32_t chunk) {
    return chunk == 0 ? 0 : layout.chunks[chunk - 1].uncompressed_end;
}

std::uint32_t byte_of(const xet::XorbLayout& layout, std::uint32_t chunk) {
    return chunk == 0 ? 0 : layout.chunks[chunk - 1].serialized_end;
}

util::Json span_json(std::uint64_t start, std::uint64_t end) {
    return util::Json::object({{"start", start}, {"end", end}});
}

} // namespace

LocalCas::LocalCas() : server([this](http::Request& request) { return answer(request); }) {}

std::string LocalCas::content_of(const std::string& path) {
    const std::lock_guard lock(mutex);
    const auto sha256 = committed.find(path);
    for (const auto& [hash, file] : files) {
        if (sha256 != committed.end() && file.sha256.hex() == sha256->second) {
            return file.bytes;
        }
    }
    return "not there";
}

http::Response LocalCas::answer(http::Request& request) {
    const bool is_cas = request.path.starts_with("/cas/");
    return is_cas ? answer_cas(request) : answer_hub(request);
}

http::Response LocalCas::answer_hub(http::Request& request) {
    const std::string& path = request.path;
    if (path.find("/xet-") != std::string::npos) {
        return give_token(request);
    }
    if (path.find("/preupload/") != std::string::npos) {
        return take_preupload(request);
    }
    if (path.ends_with("/objects/batch")) {
        return take_batch(request);
    }
    if (path.find("/commit/") != std::string::npos) {
        return take_commit(request);
    }
    if (path.find("/resolve/") != std::string::npos) {
        return give_file(request);
    }
    const std::lock_guard lock(mutex);
    if (path.find("/revision/") != std::string::npos) {
        return http::Response::json(
            200, util::Json::object({{"id", "ada/model"}, {"sha", commit}})
        );
    }
    if (path.find("/tree/") != std::string::npos) {
        return http::Response::json(200, tree_json());
    }
    return cas_error(404, "no such thing");
}

http::Response LocalCas::give_file(const http::Request& request) {
    ++plain_gets;
    std::string bytes = content_of(request.segments.back());
    const std::uint64_t size = bytes.size();
    if (request.headers.find("range") == nullptr) {
        return http::Response::text(200, std::move(bytes), "");
    }
    const auto [begin, end] = range_of(request);
    http::Response response = http::Response::text(
        206,
        bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
        ""
    );
    return std::move(response.header(
        "Content-Range",
        "bytes " + std::to_string(begin) + "-" + std::to_string(end - 1) + "/" +
            std::to_string(size)
    ));
}

util::Json LocalCas::tree_json() {
    util::Json list = util::Json::array();
    for (const auto& [path, sha256] : committed) {
        for (const auto& [hash, file] : files) {
            if (file.sha256.hex() == sha256) {
                list.push_back(util::Json::object(
                    {{"type", "file"},
                     {"path", path},
                     {"oid", std::string(40, 'a')},
                     {"size", file.bytes.size()},
                     {"xetHash", hash.text()},
                     {"lfs", util::Json::object({{"oid", sha256}, {"size", file.bytes.size()}})}}
                ));
            }
        }
    }
    return list;
}

http::Response LocalCas::give_token(const http::Request& request) {
    if (!has_xet) {
        return cas_error(404, "no xet here");
    }
    const std::lock_guard lock(mutex);
    const std::string token = "token" + std::to_string(tokens.size());
    tokens.insert(token);
    return http::Response::json(
        200,
        util::Json::object(
            {{"accessToken", token},
             {"exp", util::to_millis(FakeClock().now()) / 1000 + token_seconds},
             {"casUrl", request.base_url + "/cas"}}
        )
    );
}

http::Response LocalCas::take_preupload(http::Request& request) {
    const auto body = util::parse_json(*util::read_all(*request.body, 10'000'000));
    const std::lock_guard lock(mutex);
    util::Json list = util::Json::array();
    for (const auto& file : *body->find("files")->as_array()) {
        const std::string path = file.text("path");
        util::Json item = util::Json::object(
            {{"path", path},
             {"uploadMode", path.ends_with(".bin") ? "lfs" : "regular"},
             {"shouldIgnore", false}}
        );
        if (committed.contains(path)) {
            item.set("oid", committed[path]);
        }
        list.push_back(std::move(item));
    }
    return http::Response::json(
        200, util::Json::object({{"commitOid", commit}, {"files", std::move(list)}})
    );
}

http::Response LocalCas::take_batch(http::Request& request) {
    const auto body = util::parse_json(*util::read_all(*request.body, 10'000'000));
    const std::lock_guard lock(mutex);
    util::Json list = util::Json::array();
    for (const auto& object : *body->find("objects")->as_array()) {
        util::Json item = object;
        bool is_known = false;
        for (const auto& [hash, file] : files) {
            is_known = is_known || file.sha256.hex() == object.text("oid");
        }
        if (!is_known) {
            item.set(
                "actions",
                util::Json::object({{"upload", util::Json::object({{"href", "http://no.where/"}})}})
            );
        }
        list.push_back(std::move(item));
    }
    return http::Response::json(200, util::Json::object({{"objects", std::move(list)}}));
}

http::Response LocalCas::take_commit(http::Request& request) {
    const std::string body = *util::read_all(*request.body, 100'000'000);
    const std::lock_guard lock(mutex);
    commits.push_back(body);
    for (const auto line : util::split(body, '\n')) {
        const auto json = util::parse_json(line);
        if (json.ok() && json->text("key") == "lfsFile") {
            committed[json->find("value")->text("path")] = json->find("value")->text("oid");
        }
    }
    return http::Response::json(
        200, util::Json::object({{"commitOid", std::string(40, '2')}, {"commitUrl", "http://c"}})
    );
}

http::Response LocalCas::answer_cas(http::Request& request) {
    const auto& segments = request.segments; // cas, v1, xorbs, default, <hash>
    const auto hash = xet::Hash::parse(segments.back());
    if (segments[1] == "data" && hash.ok()) {
        return give_data(request, *hash);
    }
    const std::string authorization(request.headers.text("authorization"));
    {
        const std::lock_guard lock(mutex);
        const bool is_known = authorization.starts_with("Bearer ") &&
                              tokens.contains(authorization.substr(std::string("Bearer ").size()));
        if (!is_known || refused_tokens.fetch_sub(1) > 0) {
            return cas_error(401, "who are you");
        }
    }
    const bool is_v2 = segments[1] == "v2";
    if (is_v2 && !has_v2) {
        return cas_error(404, "no such route");
    }
    if (segments[2] == "shards") {
        return take_shard(request, is_v2);
    }
    if (!hash.ok()) {
        return cas_error(400, "no hash");
    }
    if (segments[2] == "xorbs") {
        return take_xorb(request, *hash);
    }
    if (segments[2] == "chunks") {
        return answer_chunk(*hash);
    }
    return segments[2] == "reconstructions" ? reconstruct(request, *hash, is_v2)
                                            : cas_error(404, "no such route");
}

http::Response LocalCas::take_xorb(http::Request& request, const xet::Hash& hash) {
    const std::string text = *util::read_all(*request.body, xet::kMaxXorbBytes);
    const util::ByteView body = util::as_bytes(text);
    const auto layout = xet::verify_xorb(body);
    if (!layout.ok() || layout->hash != hash || failing_xorbs.fetch_sub(1) > 0 ||
        xorbs_to_failure.fetch_sub(1) == 0) {
        return cas_error(400, "a bad xorb");
    }
    const std::lock_guard lock(mutex);
    xorb_bytes += body.size();
    xorbs[hash] = {util::Bytes(body.begin(), body.end()), *layout};
    return http::Response::json(200, util::Json::object({{"was_inserted", true}}));
}

http::Response LocalCas::take_shard(http::Request& request, bool is_v2) {
    const std::string text = *util::read_all(*request.body, xet::kMaxShardBytes);
    const auto shard = xet::parse_shard(util::as_bytes(text));
    const std::string problem = shard.ok() ? register_shard(*shard) : "no shard";
    if (is_v2) {
        const std::string last = problem.empty()
                                     ? R"({"type":"result","result":1})"
                                     : R"({"type":"error","message":")" + problem + R"("})";
        return http::Response::text(
            200,
            "{\"type\":\"validating\",\"verified\":0,\"total\":1}\n\n{\"type\":\"new\"}\n" + last +
                "\n",
            "application/x-ndjson"
        );
    }
    return problem.empty() ? http::Response::json(200, util::Json::object({{"result", 1}}))
                           : cas_error(400, problem);
}

std::string LocalCas::register_shard(const xet::Shard& shard) {
    const std::lock_guard lock(mutex);
    for (const auto& xorb : shard.xorbs) {
        if (!xorbs.contains(xorb.xorb)) {
            return "a xorb that was not sent";
        }
    }
    for (const auto& file : shard.files) {
        if (const std::string problem = register_file(file); !problem.empty()) {
            return problem;
        }
    }
    for (const auto& [hash, xorb] : xorbs) {
        old_xorbs_.insert(hash);
    }
    return {};
}

std::string LocalCas::register_file(const xet::ShardFile& claim) {
    File file{claim.terms, {}, *claim.sha256, {}};
    for (std::size_t i = 0; i < claim.terms.size(); ++i) {
        const xet::Term& term = claim.terms[i];
        const auto xorb = xorbs.find(term.xorb);
        if (xorb == xorbs.end() || (forgets_xorbs && old_xorbs_.contains(term.xorb))) {
            return "an unknown xorb";
        }
        const xet::XorbLayout& layout = xorb->second.layout;
        if (term.end > layout.chunks.size()) {
            return "chunks past the end";
        }
        std::vector<xet::Hash> hashes;
        xet::ChunkDecoder decoder;
        util::Bytes chunk;
        for (std::uint32_t k = term.first; k < term.end; ++k) {
            hashes.push_back(layout.chunks[k].hash);
            const util::ByteView body(xorb->second.body);
            static_cast<void>(
                xet::decode_record(decoder, body.subspan(byte_of(layout, k)), chunk).ok()
            );
            file.bytes += util::as_text(chunk);
            file.chunks.push_back({layout.chunks[k].hash, chunk.size()});
        }
        if (term.unpacked != start_of(layout, term.end) - start_of(layout, term.first)) {
            return "a wrong length";
        }
        if (xet::range_hash(hashes) != claim.range_hashes[i]) {
            return "a wrong range hash";
        }
    }
    if (xet::file_hash(file.chunks) != claim.file) {
        return "a wrong file hash";
    }
    if (util::sha256(util::as_bytes(file.bytes)) != file.sha256) {
        return "a wrong SHA-256";
    }
    files[claim.file] = std::move(file);
    return {};
}

http::Response LocalCas::answer_chunk(const xet::Hash& wanted) {
    ++questions;
    const std::lock_guard lock(mutex);
    for (const auto& [hash, xorb] : xorbs) {
        for (const auto& chunk : xorb.layout.chunks) {
            if (chunk.hash != wanted || !has_queries) {
                continue;
            }
            xet::ShardXorb told{hash, xorb.layout.uncompressed_size(), 0, {}};
            std::uint32_t at = 0;
            for (const auto& each : xorb.layout.chunks) {
                told.chunks.push_back({each.hash, at, each.uncompressed_end - at, false});
                at = each.uncompressed_end;
            }
            xet::DedupAnswer footer{{}, 1, 4'000'000'000};
            footer.key[0] = keys_answers ? 7 : 0;
            const util::Bytes bytes = xet::write_dedup_shard({told}, footer);
            return http::Response::text(200, std::string(util::as_text(bytes)), "");
        }
    }
    return cas_error(404, "unknown");
}

http::Response
LocalCas::reconstruct(const http::Request& request, const xet::Hash& hash, bool is_v2) {
    const std::lock_guard lock(mutex);
    const auto file = files.find(hash);
    if (file == files.end()) {
        return cas_error(404, "unknown");
    }
    const auto [begin, end] = range_of(request);
    if (begin >= file->second.bytes.size()) {
        return cas_error(416, "past the end");
    }
    util::Json terms = util::Json::array();
    util::Json by_xorb = util::Json::object();
    std::uint64_t at = 0;
    std::optional<std::uint64_t> skip;
    for (const xet::Term& term : file->second.terms) {
        const xet::XorbLayout& layout = xorbs[term.xorb].layout;
        xet::Term part{term.xorb, 0, term.first, term.first};
        for (std::uint32_t k = term.first; k < term.end; ++k) {
            const std::uint32_t size = start_of(layout, k + 1) - start_of(layout, k);
            if (at + size <= begin) {
                part.first = part.end = k + 1;
            } else if (at < end) {
                skip = skip.value_or(begin - std::min(begin, at));
                part.unpacked += size;
                part.end = k + 1;
            }
            at += size;
        }
        if (part.unpacked == 0) {
            continue;
        }
        terms.push_back(util::Json::object(
            {{"hash", part.xorb.text()},
             {"unpacked_length", part.unpacked},
             {"range", span_json(part.first, part.end)}}
        ));
        const std::string url = server.url() + "/cas/data/" + part.xorb.text();
        const util::Json bytes =
            span_json(byte_of(layout, part.first), byte_of(layout, part.end) - 1);
        const util::Json chunks = span_json(part.first, part.end);
        const util::Json item =
            is_v2 ? util::Json::object(
                        {{"url", url},
                         {"ranges",
                          util::Json(util::JsonArray{
                              util::Json::object({{"chunks", chunks}, {"bytes", bytes}})})}}
                    )
                  : util::Json::object({{"range", chunks}, {"url", url}, {"url_range", bytes}});
        util::Json* list = by_xorb.find(part.xorb.text());
        list = list != nullptr ? list : &by_xorb.set(part.xorb.text(), util::Json::array());
        list->push_back(item);
    }
    return http::Response::json(
        200,
        util::Json::object(
            {{"offset_into_first_range", skip.value_or(0)},
             {"terms", std::move(terms)},
             {is_v2 ? "xorbs" : "fetch_info", std::move(by_xorb)}}
        )
    );
}

http::Response LocalCas::give_data(const http::Request& request, const xet::Hash& hash) {
    ++data_gets;
    if (expired_addresses.fetch_sub(1) > 0) {
        return cas_error(403, "too late");
    }
    if (request.headers.find("authorization") != nullptr) {
        return cas_error(400, "a token where none belongs");
    }
    const std::lock_guard lock(mutex);
    const auto [begin, end] = range_of(request);
    const util::Bytes& body = xorbs[hash].body;
    std::string bytes(
        body.begin() + static_cast<std::ptrdiff_t>(begin),
        body.begin() + static_cast<std::ptrdiff_t>(end)
    );
    if (damaged_ranges.fetch_sub(1) > 0) {
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    }
    http::Response response = http::Response::text(206, std::move(bytes), "");
    return std::move(response.header(
        "Content-Range",
        "bytes " + std::to_string(begin) + "-" + std::to_string(end - 1) + "/" +
            std::to_string(body.size())
    ));
}

} // namespace railhub::tests
