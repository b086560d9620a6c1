// SPDX-License-Identifier: Apache-2.0
// Reconstructions: which chunks of which xorbs a file is made of, and where to fetch them (xet
// specification, sections 5.1 to 5.3). Both versions say the same in other words.
#include "server/api/cas_files.h"
#include "server/api/handlers.h"
#include "server/api/xet_links.h"
#include "server/http/range.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxBatchFiles = 1000;

enum class Shape : std::uint8_t { V1, V2 };

// {"start":1,"end":2}
void append_span(std::string& text, std::uint64_t start, std::uint64_t end) {
    text.append("{\"start\":").append(std::to_string(start));
    text.append(",\"end\":").append(std::to_string(end)).append("}");
}

std::string terms_text(const std::vector<xet::Term>& terms) {
    std::string text = "[";
    for (const xet::Term& term : terms) {
        text.append(text.size() == 1 ? "" : ",").append("{\"hash\":\"").append(term.xorb.text());
        text.append("\",\"unpacked_length\":").append(std::to_string(term.unpacked));
        text.append(",\"range\":");
        append_span(text, term.first, term.end);
        text.append("}");
    }
    return text.append("]");
}

// Where to fetch what, by xorb. Written by hand: a file of a terabyte has ten thousands of terms.
class FetchPlan {
  public:
    explicit FetchPlan(const Call& call) : call_(call) {
        place_ = util::Json(cas_url(call.request) + "/v1/data/").dump();
        place_.pop_back(); // the quotes are closed behind the query, which has no escapes
        const std::int64_t now = util::to_millis(call.ctx.clock.now());
        expires_ms_ = now + call.services.limits.data_link_lifetime.count();
    }

    void add(const std::vector<cas::Fetch>& fetches) {
        for (const cas::Fetch& fetch : fetches) {
            const std::string xorb = fetch.segment.hash.text();
            auto& known = fetches_[xorb];
            const bool is_known = std::any_of(known.begin(), known.end(), [&](const auto& other) {
                return other.chunks == fetch.chunks && other.bytes == fetch.bytes;
            });
            if (!is_known) {
                known.push_back(fetch);
            }
        }
    }

    [[nodiscard]] std::string text(Shape shape) const {
        std::string text = "{";
        for (const auto& [xorb, list] : fetches_) {
            text.append(text.size() == 1 ? "\"" : ",\"").append(xorb).append("\":[");
            for (std::size_t i = 0; i < list.size(); ++i) {
                text.append(i == 0 ? "" : ",");
                shape == Shape::V2 ? append_v2(text, xorb, list[i])
                                   : append_v1(text, xorb, list[i]);
            }
            text.append("]");
        }
        return text.append("}");
    }

  private:
    // As a JSON string.
    void append_url(std::string& text, const std::string& xorb, const cas::Fetch& fetch) const {
        DataClaim claim;
        claim.xorb = xorb;
        claim.layout = fetch.segment.layout;
        claim.begin = fetch.bytes.begin;
        claim.end = fetch.bytes.end;
        claim.expires_ms = expires_ms_;
        text.append(place_).append(xorb);
        text.append(call_.services.data_links.query_of(claim)).append("\"");
    }

    // One range for each URL: clients then send no multi-range requests.
    void append_v2(std::string& text, const std::string& xorb, const cas::Fetch& fetch) const {
        text.append("{\"url\":");
        append_url(text, xorb, fetch);
        text.append(",\"ranges\":[{\"chunks\":");
        append_span(text, fetch.chunks.begin, fetch.chunks.end);
        text.append(",\"bytes\":");
        append_span(text, fetch.bytes.begin, fetch.bytes.end - 1);
        text.append("}]}");
    }

    void append_v1(std::string& text, const std::string& xorb, const cas::Fetch& fetch) const {
        text.append("{\"range\":");
        append_span(text, fetch.chunks.begin, fetch.chunks.end);
        text.append(",\"url\":");
        append_url(text, xorb, fetch);
        text.append(",\"url_range\":");
        append_span(text, fetch.bytes.begin, fetch.bytes.end - 1);
        text.append("}");
    }

    const Call& call_;
    std::string place_; // begins a JSON string
    std::int64_t expires_ms_ = 0;
    std::map<std::string, std::vector<cas::Fetch>> fetches_;
};

util::Error past_end() {
    util::Error error = util::fail(util::Code::InvalidInput, "the range begins past the end");
    error.reason = cas::kRangePastEnd;
    return error;
}

// nullopt: all of it.
util::Result<std::optional<cas::Span>>
wanted_span(const http::Request& request, std::uint64_t size) {
    const auto choice = http::choose_range(request.headers.text("Range"), size);
    switch (choice.kind) {
    case http::RangeChoice::Kind::Whole:
        return std::optional<cas::Span>{};
    case http::RangeChoice::Kind::Part:
        return std::optional(cas::Span{choice.offset, choice.offset + choice.length});
    case http::RangeChoice::Kind::Unsatisfiable:
        break;
    }
    return past_end();
}

util::Result<cas::Reconstruction> reconstruction_of(
    const Call& call, const cas::FileRecord& file, const std::optional<cas::Span>& span
) {
    if (file.hash.is_zero()) {
        return cas::Reconstruction{};
    }
    return call.deps().engine.reconstruct(call.ctx, *call.tx, file, span);
}

http::Response json_text(std::string body) {
    auto response = http::Response::text(200, std::move(body), "application/json");
    response.header("Cache-Control", "no-store");
    return response;
}

Reply reconstruct(const Call& call, Shape shape) {
    RAILHUB_TRY(const xet::Hash hash, hash_param(call, "file"));
    RAILHUB_TRY(const cas::FileRecord file, visible_file(call, hash));
    RAILHUB_TRY(const auto span, wanted_span(call.request, file.blob.size));
    RAILHUB_TRY(const cas::Reconstruction found, reconstruction_of(call, file, span));
    FetchPlan plan(call);
    plan.add(found.fetches);
    const std::string_view key = shape == Shape::V2 ? "xorbs" : "fetch_info";
    return json_text(
        "{\"offset_into_first_range\":" + std::to_string(found.offset_into_first) + ",\"terms\":" +
        terms_text(found.terms) + ",\"" + std::string(key) + "\":" + plan.text(shape) + "}"
    );
}

Reply reconstruct_all(const Call& call, const std::vector<std::string>& names) {
    if (names.size() > kMaxBatchFiles) {
        return util::fail(
            util::Code::TooLarge, "more than " + std::to_string(kMaxBatchFiles) + " files at once"
        );
    }
    FetchPlan plan(call);
    std::string files;
    for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
        const auto hash = xet::Hash::parse(name);
        if (!hash.ok()) {
            return util::fail(util::Code::InvalidInput, "a hash has 64 hexadecimal digits");
        }
        RAILHUB_TRY(const cas::FileRecord file, visible_file(call, *hash));
        RAILHUB_TRY(const auto found, reconstruction_of(call, file, std::nullopt));
        plan.add(found.fetches);
        files += (files.empty() ? "\"" : ",\"") + hash->text() + "\":" + terms_text(found.terms);
    }
    return json_text("{\"files\":{" + files + "},\"fetch_info\":" + plan.text(Shape::V1) + "}");
}

// [{"prefix":"default","hash":"..."}, ...]
util::Result<std::vector<std::string>> names_of_body(Call& call) {
    RAILHUB_TRY(const std::string text, body_text(call, call.services.limits.json_body));
    RAILHUB_TRY(const util::Json body, util::parse_json(text));
    const util::JsonArray* items = body.as_array();
    if (items == nullptr) {
        return util::fail(util::Code::InvalidInput, "the body is no list of files");
    }
    std::vector<std::string> names;
    for (const util::Json& item : *items) {
        names.push_back(item.text("hash"));
    }
    return names;
}

} // namespace

Reply cas_reconstruct_v2(Call& call) {
    return reconstruct(call, Shape::V2);
}

Reply cas_reconstruct_v1(Call& call) {
    return reconstruct(call, Shape::V1);
}

Reply cas_reconstruct_query(Call& call) {
    return reconstruct_all(call, call.request.query_values("file_id"));
}

Reply cas_reconstruct_list(Call& call) {
    RAILHUB_TRY(const auto names, names_of_body(call));
    RAILHUB_TRY(begin_snapshot(call));
    return reconstruct_all(call, names);
}

} // namespace railhub::server::api
