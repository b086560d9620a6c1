// SPDX-License-Identifier: Apache-2.0
// railhub license search
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/repo_spec.h"
#include "core/util/text.h"
#include "core/util/url.h"

#include <array>

namespace railhub::cli {

namespace {

// Options that are query parameters of the hub's search.
constexpr std::array<std::string_view, 5> kSearchTerms = {
    "allows", "without", "compatible-with", "license", "verdict"};

std::string search_path(const Args& args) {
    std::string path = "/api/railhub/v1/search?kind=" + util::percent_encode(args.text("type")) +
                       "&limit=" + std::to_string(args.number("limit"));
    for (const std::string_view term : kSearchTerms) {
        for (const std::string& word : args.list(term)) {
            path += "&" + std::string(term) + "=" + util::percent_encode(word);
        }
    }
    return path;
}

util::Result<ExitCode> run_license_search(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(
        const util::Json answer,
        connection->session.json(shell.ctx, transfer::HttpMethod::Get, search_path(args))
    );
    const util::Json* repos = answer.find("repos");
    const util::JsonArray* items = repos != nullptr ? repos->as_array() : nullptr;
    if (items == nullptr) {
        return util::fail(
            util::Code::Corrupt,
            "the hub '" + shell.config.endpoint + "' answers a search with no list",
            "is it a Railhub server?"
        );
    }
    std::vector<std::vector<std::string>> rows = {
        {"repo", "verdict", "commercial", "restrictions"}};
    for (const util::Json& item : *items) {
        const util::Json* terms = item.find("restrictions");
        const std::size_t count =
            terms != nullptr && terms->is_array() ? terms->as_array()->size() : 0;
        rows.push_back(
            {item.text("id"),
             item.text("verdict"),
             item.flag("allows_commercial_use") ? "yes" : "no",
             std::to_string(count)}
        );
    }
    shell.print(answer, items->empty() ? "no repository fits\n" : align(rows));
    return ExitCode::Done;
}

} // namespace

Command license_search_command() {
    return {
        .name = "license search",
        .group = "Licenses",
        .summary = "Find repositories by what their licenses allow",
        .page = "license_search",
        .options =
            {{.name = "type",
              .kind = OptionKind::Choice,
              .value = "TYPE",
              .help = "Kind of repository",
              .fallback = "model",
              .choices = {"model", "dataset"}},
             {.name = "allows",
              .kind = OptionKind::List,
              .value = "WHAT",
              .help = "A permission of the whole lineage: commercial-use"},
             {.name = "without",
              .kind = OptionKind::List,
              .value = "RESTRICTION",
              .help = "A use restriction, or a family of them, that must not come along"},
             {.name = "compatible-with",
              .kind = OptionKind::List,
              .value = "LICENSE",
              .help = "What is made from it may have this license"},
             {.name = "license",
              .kind = OptionKind::List,
              .value = "LICENSE",
              .help = "Its own label is one of these"},
             {.name = "verdict",
              .kind = OptionKind::List,
              .value = "VERDICT",
              .help = "Its verdict is one of these"},
             {.name = "limit",
              .kind = OptionKind::Number,
              .value = "N",
              .help = "At most so many",
              .fallback = "100"}},
        .run = run_license_search};
}

} // namespace railhub::cli
