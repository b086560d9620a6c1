// SPDX-License-Identifier: Apache-2.0
// Repositories, trees, refs and commits over HTTP.
#include "core/transfer/hub_client.h"

#include "core/transfer/hub_json.h"
#include "core/util/text.h"
#include "core/util/url.h"

namespace railhub::transfer {

namespace {

constexpr int kMaxPages = 10'000;
constexpr std::size_t kMaxPathsPerCall = 1000;

// The URL of `Link: <URL>; rel="next"`, empty when there is none.
std::string next_link(std::string_view header) {
    for (const auto part : util::split(header, ',')) {
        const auto open = part.find('<');
        const auto close = part.find('>');
        const bool is_link = open != std::string_view::npos && close != std::string_view::npos;
        if (is_link && part.find("rel=\"next\"", close) != std::string_view::npos) {
            return std::string(part.substr(open + 1, close - open - 1));
        }
    }
    return {};
}

// Every element of a paged list; `take` returns false when it has enough.
util::Result<> visit_pages(
    const util::Context& ctx,
    const Session& session,
    std::string url,
    const std::function<bool(const util::Json&)>& take
) {
    for (int page = 0; page < kMaxPages && !url.empty(); ++page) {
        RAILHUB_TRY(
            const HttpResponse response,
            session.require(ctx, {.method = HttpMethod::Get, .url = url})
        );
        RAILHUB_TRY(const util::Json body, util::parse_json(response.body));
        if (!body.is_array()) {
            return util::fail(util::Code::Corrupt, "the hub answers '" + url + "' with no list");
        }
        for (const auto& item : *body.as_array()) {
            if (!take(item)) {
                return {};
            }
        }
        const std::string next = next_link(response.text("link"));
        if (next.empty()) {
            return {};
        }
        RAILHUB_TRY(url, resolve_location(url, next));
    }
    return {};
}

util::Json repo_body(const types::RepoId& id) {
    return util::Json::object(
        {{"name", id.name}, {"organization", id.owner}, {"type", types::kind_word(id.kind)}}
    );
}

// A sink for small bodies with a limit of the caller's.
class LimitedText final : public ResponseSink {
  public:
    explicit LimitedText(std::uint64_t limit) : limit_(limit) {}

    util::Result<> begin(const HttpResponse& /*head*/) override {
        text.clear();
        return {};
    }

    util::Result<> write(util::ByteView bytes) override {
        if (text.size() + bytes.size() > limit_) {
            return util::fail(
                util::Code::TooLarge, "the file has more than " + util::human_bytes(limit_)
            );
        }
        text.append(util::as_text(bytes));
        return {};
    }

    std::string text;

  private:
    std::uint64_t limit_;
};

// Takes `length` bytes and then ends the transfer.
class PartOfFile final : public ResponseSink {
  public:
    PartOfFile(std::uint64_t offset, std::size_t length) : offset_(offset), length_(length) {}

    util::Result<> begin(const HttpResponse& head) override {
        constexpr int kPartial = 206;
        text.clear();
        skip_ = head.status == kPartial ? 0 : offset_;
        return {};
    }

    util::Result<> write(util::ByteView bytes) override {
        std::string_view rest = util::as_text(bytes);
        const std::uint64_t skipped = std::min<std::uint64_t>(skip_, rest.size());
        rest.remove_prefix(skipped);
        skip_ -= skipped;
        const std::string_view wanted = rest.substr(0, length_ - text.size());
        text.append(wanted);
        is_cut = wanted.size() < rest.size();
        return is_cut ? util::Result<>(util::fail(util::Code::Cancelled, "the rest is not wanted"))
                      : util::Result<>();
    }

    std::string text;
    bool is_cut = false; // the answer went on

  private:
    std::uint64_t offset_;
    std::size_t length_;
    std::uint64_t skip_ = 0;
};

std::string unquoted_etag(std::string_view etag) {
    if (etag.starts_with("W/")) {
        etag.remove_prefix(2);
    }
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
        etag = etag.substr(1, etag.size() - 2);
    }
    return std::string(etag);
}

} // namespace

std::string api_path(const types::RepoId& id, std::string_view rest) {
    return "/api/" + std::string(types::kind_plural(id.kind)) + "/" +
           util::percent_encode(id.owner) + "/" + util::percent_encode(id.name) + std::string(rest);
}

std::string web_path(const types::RepoId& id) {
    return "/" + std::string(types::kind_web_prefix(id.kind)) + util::percent_encode(id.owner) +
           "/" + util::percent_encode(id.name);
}

util::Result<WhoAmI> HubClient::whoami(const util::Context& ctx) const {
    RAILHUB_TRY(const util::Json json, session_.json(ctx, HttpMethod::Get, "/api/whoami-v2"));
    return read_whoami(json);
}

util::Result<std::string> HubClient::create_repo(
    const util::Context& ctx, const types::RepoId& id, Visibility visibility
) const {
    util::Json body = repo_body(id);
    const bool is_private = visibility == Visibility::Private;
    body.set("private", is_private);
    body.set("visibility", is_private ? "private" : "public");
    RAILHUB_TRY(
        const util::Json json,
        session_.json(ctx, HttpMethod::Post, "/api/repos/create", body, Repeat::IfRefused)
    );
    return json.text("url");
}

util::Result<> HubClient::delete_repo(const util::Context& ctx, const types::RepoId& id) const {
    RAILHUB_TRY(session_.json(
        ctx, HttpMethod::Delete, "/api/repos/delete", repo_body(id), Repeat::IfRefused
    ));
    return {};
}

util::Result<std::vector<RepoInfo>>
HubClient::list_repos(const util::Context& ctx, const RepoQuery& query) const {
    std::string url = session_.url("/api/" + std::string(types::kind_plural(query.kind))) +
                      "?full=true&sort=lastModified&limit=" + std::to_string(query.limit);
    if (!query.author.empty()) {
        url += "&author=" + util::percent_encode(query.author);
    }
    if (!query.search.empty()) {
        url += "&search=" + util::percent_encode(query.search);
    }
    std::vector<RepoInfo> repos;
    RAILHUB_TRY(visit_pages(ctx, session_, url, [&](const util::Json& item) {
        repos.push_back(read_repo(item));
        return repos.size() < query.limit;
    }));
    return repos;
}

util::Result<RepoInfo> HubClient::info(
    const util::Context& ctx, const types::RepoId& id, std::string_view revision
) const {
    const std::string rest = revision.empty() ? "" : "/revision/" + util::percent_encode(revision);
    RAILHUB_TRY(const util::Json json, session_.json(ctx, HttpMethod::Get, api_path(id, rest)));
    return read_repo(json);
}

util::Result<std::vector<RemoteEntry>> HubClient::tree(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    std::string_view folder,
    Depth depth
) const {
    std::string path = api_path(id, "/tree/" + util::percent_encode(revision));
    if (!folder.empty()) {
        path += "/" + util::percent_encode(folder, "/");
    }
    path += depth == Depth::Recursive ? "?recursive=true" : "?recursive=false";
    std::vector<RemoteEntry> entries;
    util::Result<> bad;
    RAILHUB_TRY(visit_pages(ctx, session_, session_.url(path), [&](const util::Json& item) {
        auto entry = read_entry(item);
        if (!entry.ok()) {
            bad = std::move(entry).error();
            return false;
        }
        entries.push_back(std::move(entry).value());
        return true;
    }));
    RAILHUB_TRY(bad);
    return entries;
}

util::Result<std::vector<RemoteEntry>> HubClient::paths_info(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    const std::vector<std::string>& paths
) const {
    std::vector<RemoteEntry> entries;
    for (std::size_t at = 0; at < paths.size(); at += kMaxPathsPerCall) {
        const std::size_t count = std::min(kMaxPathsPerCall, paths.size() - at);
        const std::span<const std::string> some(paths.data() + at, count);
        const util::Json body =
            util::Json::object({{"paths", util::Json::array_of(some)}, {"expand", false}});
        RAILHUB_TRY(
            const util::Json reply,
            session_.json(
                ctx,
                HttpMethod::Post,
                api_path(id, "/paths-info/" + util::percent_encode(revision)),
                body
            )
        );
        const util::JsonArray* items = reply.as_array();
        for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
            RAILHUB_TRY(RemoteEntry entry, read_entry((*items)[i]));
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

util::Result<RemoteRefs> HubClient::refs(const util::Context& ctx, const types::RepoId& id) const {
    RAILHUB_TRY(const util::Json json, session_.json(ctx, HttpMethod::Get, api_path(id, "/refs")));
    return RemoteRefs{read_refs(json.find("branches")), read_refs(json.find("tags"))};
}

util::Result<RemoteLog> HubClient::log(
    const util::Context& ctx, const types::RepoId& id, std::string_view revision, std::size_t limit
) const {
    const std::string path = api_path(
        id,
        "/commits/" + util::percent_encode(revision) +
            "?p=0&limit=" + std::to_string(std::min<std::size_t>(limit, 1000))
    );
    RemoteLog log;
    RAILHUB_TRY(visit_pages(ctx, session_, session_.url(path), [&](const util::Json& item) {
        log.commits.push_back(read_commit(item));
        return log.commits.size() < limit;
    }));
    return log;
}

util::Result<> HubClient::create_branch(
    const util::Context& ctx, const types::RepoId& id, std::string_view name, std::string_view from
) const {
    util::Json body = util::Json::object();
    if (!from.empty()) {
        body.set("startingPoint", from);
    }
    RAILHUB_TRY(session_.json(
        ctx,
        HttpMethod::Post,
        api_path(id, "/branch/" + util::percent_encode(name)),
        body,
        Repeat::IfRefused
    ));
    return {};
}

util::Result<> HubClient::delete_branch(
    const util::Context& ctx, const types::RepoId& id, std::string_view name
) const {
    RAILHUB_TRY(session_.json(
        ctx,
        HttpMethod::Delete,
        api_path(id, "/branch/" + util::percent_encode(name)),
        {},
        Repeat::IfRefused
    ));
    return {};
}

util::Result<> HubClient::create_tag(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view name,
    std::string_view revision,
    std::string_view message
) const {
    util::Json body = util::Json::object({{"tag", name}});
    if (!message.empty()) {
        body.set("message", message);
    }
    RAILHUB_TRY(session_.json(
        ctx,
        HttpMethod::Post,
        api_path(id, "/tag/" + util::percent_encode(revision)),
        body,
        Repeat::IfRefused
    ));
    return {};
}

util::Result<> HubClient::delete_tag(
    const util::Context& ctx, const types::RepoId& id, std::string_view name
) const {
    RAILHUB_TRY(session_.json(
        ctx,
        HttpMethod::Delete,
        api_path(id, "/tag/" + util::percent_encode(name)),
        {},
        Repeat::IfRefused
    ));
    return {};
}

std::string HubClient::file_url(
    const types::RepoId& id, std::string_view revision, std::string_view path
) const {
    return session_.url(
        web_path(id) + "/resolve/" + util::percent_encode(revision) + "/" +
        util::percent_encode(path, "/")
    );
}

util::Result<FileHead> HubClient::head(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    std::string_view path
) const {
    HttpRequest request{.method = HttpMethod::Head, .url = file_url(id, revision, path)};
    request.headers.emplace_back("Accept-Encoding", "identity");
    const HttpRequest copy = request;
    // Not followed to another host: the answer that names it has the headers (hub-api 8.2).
    RAILHUB_TRY(const HttpResponse response, session_.send_here(ctx, std::move(request)));
    if (!response.is_success() && !response.is_redirect()) {
        return error_of(response, copy);
    }
    FileHead head;
    head.commit = std::string(response.text("x-repo-commit"));
    const std::string_view linked = response.text("x-linked-etag");
    head.etag = unquoted_etag(linked.empty() ? response.text("etag") : linked);
    const std::string_view linked_size = response.text("x-linked-size");
    head.size =
        util::parse_decimal(linked_size.empty() ? response.text("content-length") : linked_size)
            .value_or(0);
    if (head.commit.empty() || head.etag.empty()) {
        return util::fail(
            util::Code::Corrupt,
            "the hub gives no commit or ETag for '" + std::string(path) + "'",
            "is '" + session_.endpoint() + "' a Hub-compatible server?"
        );
    }
    return head;
}

util::Result<std::string> HubClient::part(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    std::string_view path,
    std::uint64_t offset,
    std::size_t length
) const {
    constexpr int kRangeNotSatisfiable = 416;
    if (length == 0) {
        return std::string();
    }
    PartOfFile sink(offset, length);
    HttpRequest request{.method = HttpMethod::Get, .url = file_url(id, revision, path)};
    request.headers.emplace_back(
        "Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + length - 1)
    );
    request.headers.emplace_back("Accept-Encoding", "identity");
    const HttpRequest copy = request;
    const auto response = session_.send(ctx, std::move(request), &sink);
    if (!response.ok()) {
        return sink.is_cut ? util::Result<std::string>(std::move(sink.text))
                           : util::Result<std::string>(response.error());
    }
    if (response->status == kRangeNotSatisfiable) {
        return std::string();
    }
    return response->is_success() ? util::Result<std::string>(std::move(sink.text))
                                  : util::Result<std::string>(error_of(*response, copy));
}

util::Result<std::string> HubClient::text(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    std::string_view path,
    std::uint64_t max_bytes
) const {
    LimitedText sink(max_bytes);
    RAILHUB_TRY(session_.require(
        ctx, {.method = HttpMethod::Get, .url = file_url(id, revision, path)}, &sink
    ));
    return std::move(sink.text);
}

} // namespace railhub::transfer
