// SPDX-License-Identifier: Apache-2.0
// Commits and refs (hub-api sections 6.3 and 6.4).
#include "core/app/people.h"
#include "core/util/text.h"
#include "server/api/handlers.h"
#include "server/api/json.h"

#include <map>

namespace railhub::server::api {

namespace {

constexpr std::size_t kDefaultCommits = 50;
constexpr std::size_t kMaxCommits = 1000;
constexpr std::size_t kMaxCommitPages = 10'000'000;
constexpr std::size_t kFirstCommitsSegment = 5; // /api/models/owner/name/commits/<here>

std::string html_escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        default:
            html += c;
        }
    }
    return html;
}

// Names of authors, each looked up once a page.
class Authors {
  public:
    explicit Authors(db::Transaction& tx) : tx_(tx) {}

    util::Result<std::string> name(const repo::Signature& signature) {
        const std::string key = signature.email + "\n" + signature.name;
        const auto row = names_.find(key);
        if (row != names_.end()) {
            return row->second;
        }
        RAILHUB_TRY(std::string name, app::author_name(tx_, signature));
        names_.emplace(key, name);
        return name;
    }

  private:
    db::Transaction& tx_;
    std::map<std::string, std::string> names_;
};

enum class Formatted : std::uint8_t { Omit, Include };

util::Result<util::Json>
commit_json(const repo::Commit& commit, Authors& authors, Formatted formatted) {
    RAILHUB_TRY(const std::string author, authors.name(commit.author));
    auto people = util::Json::array();
    people.push_back(util::Json::object({{"user", author}, {"avatar", ""}}));
    auto json = util::Json::object(
        {{"id", commit.oid.hex()},
         {"title", commit.title()},
         {"message", commit.body()},
         {"date", iso_date(commit.committer.seconds)},
         {"authors", std::move(people)}}
    );
    if (formatted == Formatted::Include) {
        json.set(
            "formatted",
            util::Json::object(
                {{"title", html_escaped(commit.title())}, {"message", html_escaped(commit.body())}}
            )
        );
    }
    return json;
}

util::Json ref_json(const repo::Ref& ref, std::string_view prefix) {
    return util::Json::object(
        {{"name", ref.name.substr(prefix.size())},
         {"ref", ref.name},
         {"targetCommit", ref.peeled.hex()}}
    );
}

} // namespace

Reply commits(Call& call) {
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto at, revision_and_path(call, kFirstCommitsSegment));
    const http::Request& request = call.request;
    RAILHUB_TRY(const std::size_t page, query_number(request, "p", 0, kMaxCommitPages));
    RAILHUB_TRY(std::size_t limit, query_number(request, "limit", kDefaultCommits, kMaxCommits));
    limit = limit == 0 ? kDefaultCommits : limit;
    RAILHUB_TRY(
        const repo::LogPage log, call.repository->log(at.revision.commit, page * limit, limit)
    );
    Formatted formatted = Formatted::Omit;
    for (const std::string& word : request.query_values("expand")) {
        formatted = word == "formatted" ? Formatted::Include : formatted;
    }
    Authors authors(*call.tx);
    auto body = util::Json::array();
    for (const repo::Commit& commit : log.commits) {
        RAILHUB_TRY(auto item, commit_json(commit, authors, formatted));
        body.push_back(std::move(item));
    }
    auto response = http::Response::json(200, body);
    response.header("X-Total-Count", std::to_string(log.total));
    if ((page + 1) * limit < log.total) {
        response.header(
            "Link",
            next_link(request, {{"p", std::to_string(page + 1)}, {"limit", std::to_string(limit)}})
        );
    }
    return response;
}

Reply refs(Call& call) {
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto all, call.repository->refs());

    struct Group {
        std::string_view key;
        std::string_view prefix;
        util::Json list = util::Json::array();
    };

    Group groups[] = {
        {"branches", types::kHeads},
        {"converts", "refs/convert/"},
        {"tags", types::kTags},
        {"pullRequests", "refs/pr/"}};
    for (const repo::Ref& ref : all) {
        for (Group& group : groups) {
            if (ref.name.starts_with(group.prefix)) {
                group.list.push_back(ref_json(ref, group.prefix));
            }
        }
    }
    auto body = util::Json::object();
    const bool with_pull_requests = call.request.query_flag("include_prs");
    for (Group& group : groups) {
        if (group.key != "pullRequests" || with_pull_requests) {
            body.set(group.key, std::move(group.list));
        }
    }
    return http::Response::json(200, body);
}

} // namespace railhub::server::api
