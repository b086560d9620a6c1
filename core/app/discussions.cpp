// SPDX-License-Identifier: Apache-2.0
// Numbers pull requests per repo and keeps their rows.
#include "core/app/discussions.h"

#include "core/util/text.h"

namespace railhub::app {

namespace {

constexpr std::string_view kPullRequests = "refs/pr/";

util::Result<std::int64_t> next_number(db::Transaction& tx, std::int64_t repo_row) {
    RAILHUB_TRY(
        auto row, tx.prepare("SELECT COALESCE(MAX(num), 0) + 1 FROM discussion WHERE repo = ?")
    );
    RAILHUB_TRY([[maybe_unused]] const bool found, row.bind(repo_row).step());
    return row.integer(0);
}

} // namespace

std::string pull_request_ref(std::int64_t number) {
    return std::string(kPullRequests) + std::to_string(number);
}

std::optional<std::int64_t> pull_request_number(std::string_view ref) {
    if (!ref.starts_with(kPullRequests)) {
        return std::nullopt;
    }
    const auto number = util::parse_decimal(ref.substr(kPullRequests.size()));
    if (!number || *number == 0 || *number > 1'000'000'000) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*number);
}

util::Result<std::int64_t>
open_pull_request(db::Transaction& tx, std::int64_t repo_row, const PullRequest& request) {
    RAILHUB_TRY(const std::int64_t number, next_number(tx, repo_row));
    RAILHUB_TRY(
        auto insert,
        tx.prepare(
            "INSERT INTO discussion (repo, num, is_pull_request, status, author, created_ms, "
            "title, description) VALUES (?, ?, 1, ?, ?, ?, ?, ?)"
        )
    );
    insert.bind(repo_row, number, request.status, request.author, request.created_ms);
    RAILHUB_TRY(insert.bind(request.title, request.description).run());
    return number;
}

util::Result<std::optional<PullRequest>>
find_pull_request(db::Transaction& tx, std::int64_t repo_row, std::int64_t number) {
    RAILHUB_TRY(
        auto row,
        tx.prepare("SELECT status, author, created_ms, title, description FROM discussion "
                   "WHERE repo = ? AND num = ? AND is_pull_request = 1")
    );
    RAILHUB_TRY(const bool found, row.bind(repo_row, number).step());
    if (!found) {
        return std::optional<PullRequest>{};
    }
    PullRequest request;
    request.number = number;
    request.status = row.text(0);
    request.author = row.integer(1);
    request.created_ms = row.integer(2);
    request.title = row.text(3);
    request.description = row.text(4);
    return std::optional(std::move(request));
}

util::Result<> set_status(
    db::Transaction& tx, std::int64_t repo_row, std::int64_t number, std::string_view status
) {
    RAILHUB_TRY(
        auto update, tx.prepare("UPDATE discussion SET status = ? WHERE repo = ? AND num = ?")
    );
    RAILHUB_TRY(update.bind(status, repo_row, number).run());
    return {};
}

bool may_propose(const access::Identity& who, access::Permission permission) {
    if (who.is_anonymous()) {
        return false;
    }
    const bool can_write = permission >= access::Permission::Write;
    return can_write || !who.token || who.token->role == access::TokenRole::Write;
}

} // namespace railhub::app
