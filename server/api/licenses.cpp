// SPDX-License-Identifier: Apache-2.0
// License, lineage, verdict and obligations of a repo at a revision, and search by terms. Ancestors
// are seen with the rights of the caller: one that he may not read is one that is not there.
#include "core/app/hub_lineage.h"
#include "core/app/license_answers.h"
#include "core/app/license_index.h"
#include "core/app/license_search.h"
#include "core/app/repository_source.h"
#include "core/compliance/context.h"
#include "core/report/formats.h"
#include "core/util/text.h"
#include "server/api/handlers.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxFacts = 64;
constexpr std::size_t kMaxMatches = 1'000;

struct Subject {
    origin::Facts facts;
    app::CheckOptions options;
    std::unique_ptr<app::Source> source; // borrows the call's repository
};

// A repo without history.
class EmptySource final : public app::Source {
  public:
    explicit EmptySource(std::string label) : label_(std::move(label)) {}

    [[nodiscard]] std::string label() const override { return label_; }

    util::Result<std::vector<std::string>> files(const util::Context& /*ctx*/) override {
        return std::vector<std::string>{};
    }

    util::Result<std::optional<std::string>> read(
        const util::Context& /*ctx*/, const std::string& /*path*/, std::uint64_t /*max_bytes*/
    ) override {
        return std::optional<std::string>{};
    }

  private:
    std::string label_;
};

util::Result<std::pair<std::string, std::string>> name_and_value(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return util::fail(util::Code::InvalidInput, "'" + text + "' is not NAME=VALUE");
    }
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// ?use=serve&purpose=commercial&fact=mau_now=10&policy=nc-data-into-model=conflict
util::Result<> read_use(const http::Request& request, app::CheckOptions& options) {
    using compliance::Use;
    if (const std::string* use = request.query_value("use")) {
        if (*use != "internal" && *use != "serve" && *use != "distribute") {
            return util::fail(
                util::Code::InvalidInput,
                "unknown use '" + *use + "'",
                "it is internal, serve or distribute"
            );
        }
        options.use.delivery = *use == "internal" ? Use::Delivery::Internal
                               : *use == "serve"  ? Use::Delivery::Serve
                                                  : Use::Delivery::Distribute;
    }
    if (const std::string* purpose = request.query_value("purpose")) {
        if (*purpose != "commercial" && *purpose != "non-commercial") {
            return util::fail(
                util::Code::InvalidInput,
                "unknown purpose '" + *purpose + "'",
                "it is commercial or non-commercial"
            );
        }
        options.use.purpose =
            *purpose == "commercial" ? Use::Purpose::Commercial : Use::Purpose::NonCommercial;
    }
    const auto facts = request.query_values("fact");
    const auto policies = request.query_values("policy");
    if (facts.size() + policies.size() > kMaxFacts) {
        return util::fail(util::Code::InvalidInput, "too many facts in one request");
    }
    for (const std::string& text : facts) {
        RAILHUB_TRY(const auto fact, name_and_value(text));
        RAILHUB_TRY(compliance::set_fact(options.use, fact.first, std::string_view(fact.second)));
    }
    for (const std::string& text : policies) {
        RAILHUB_TRY(const auto row, name_and_value(text));
        RAILHUB_TRY(compliance::set_switch(options.policy, row.first, row.second));
    }
    return {};
}

bool asks_for_the_usual(const http::Request& request) {
    return std::all_of(request.query.begin(), request.query.end(), [](const auto& pair) {
        return pair.first != "use" && pair.first != "purpose" && !pair.first.starts_with("fact") &&
               !pair.first.starts_with("policy");
    });
}

util::Result<Subject> subject_of(Call& call) {
    const repo::RepoRecord& record = call.repo->record;
    Subject subject;
    subject.options.kind = record.id.kind;
    subject.options.id = record.id.full_name();
    RAILHUB_TRY(read_use(call.request, subject.options));
    const std::string* revision = call.request.query_value("revision");
    if (record.head.empty() && (revision == nullptr || revision->empty())) {
        subject.source = std::make_unique<EmptySource>(subject.options.id);
        return subject;
    }
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(
        const repo::Resolved at,
        revision_of(call, revision == nullptr || revision->empty() ? "HEAD" : *revision)
    );
    subject.options.revision = at.commit.hex();
    subject.source = app::make_repository_source(*call.repository, at.commit);
    RAILHUB_TRY(
        subject.facts,
        app::facts_at(
            call.ctx, *call.tx, call.deps().blobs, call.deps().licenses, record, at.commit
        )
    );
    return subject;
}

util::Result<app::JudgedFacts> judged(Call& call, const Subject& subject) {
    app::HubLineage resolver(*call.tx, call.deps().blobs, call.deps().licenses, call.who());
    return app::judge_facts(
        call.ctx, subject.facts, *subject.source, resolver, call.deps().licenses, subject.options
    );
}

util::Result<app::LineageView> view_for(Call& call) {
    RAILHUB_TRY(const Subject subject, subject_of(call));
    RAILHUB_TRY(app::JudgedFacts found, judged(call, subject));
    return app::view_of(std::move(found.lineage), subject.source->label(), call.deps().licenses);
}

util::Json match_json(const app::LicenseFound& found) {
    return util::Json::object(
        {{"id", found.record.id.full_name()},
         {"kind", types::kind_word(found.record.id.kind)},
         {"revision", found.record.head},
         {"private", found.record.is_private},
         {"verdict", found.verdict},
         {"allows_commercial_use", found.allows_commerce},
         {"restrictions", util::Json::array_of(found.restrictions)}}
    );
}

// Several values, each perhaps a list with commas.
std::vector<std::string> words_of(const http::Request& request, std::string_view name) {
    std::vector<std::string> words;
    for (const std::string& value : request.query_values(name)) {
        for (const std::string_view word : util::split(value, ',')) {
            if (!util::trim(word).empty()) {
                words.emplace_back(util::trim(word));
            }
        }
    }
    return words;
}

util::Result<app::LicenseQuery> license_query(const http::Request& request) {
    app::LicenseQuery query;
    if (const std::string* kind = request.query_value("kind")) {
        RAILHUB_TRY(query.kind, types::parse_kind(*kind));
    }
    query.allows = words_of(request, "allows");
    query.without = words_of(request, "without");
    query.outbound = words_of(request, "compatible-with");
    query.licenses = words_of(request, "license");
    query.verdicts = words_of(request, "verdict");
    RAILHUB_TRY(query.limit, query_number(request, "limit", 100, kMaxMatches));
    query.limit = std::max<std::size_t>(query.limit, 1);
    if (const std::string* cursor = request.query_value("cursor")) {
        const auto after = util::parse_decimal(*cursor);
        if (!after || *after > std::uint64_t{1} << 62U) {
            return util::fail(util::Code::InvalidInput, "the cursor is none of ours");
        }
        query.after = static_cast<std::int64_t>(*after);
    }
    return query;
}

} // namespace

Reply repo_license(Call& call) {
    RAILHUB_TRY(const app::LineageView view, view_for(call));
    return http::Response::json(200, app::license_json(view));
}

Reply repo_lineage(Call& call) {
    const std::string* format = call.request.query_value("format");
    RAILHUB_TRY(const app::LineageView view, view_for(call));
    if (format == nullptr || *format == "json") {
        return http::Response::json(200, app::to_json(view));
    }
    if (*format == "svg") {
        auto response = http::Response::text(200, app::svg_text(view), "image/svg+xml");
        // Names in it are foreign: nothing in it may run or load.
        response.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        response.header("X-Content-Type-Options", "nosniff");
        return response;
    }
    if (*format == "mermaid") {
        return http::Response::text(200, app::mermaid_text(view));
    }
    if (*format == "text") {
        return http::Response::text(200, app::tree_text(view));
    }
    return util::fail(
        util::Code::InvalidInput,
        "unknown format '" + *format + "'",
        "it is json, svg, mermaid or text"
    );
}

Reply repo_verdict(Call& call) {
    const bool is_tip = call.request.query_value("revision") == nullptr;
    if (call.who().is_anonymous() && is_tip && asks_for_the_usual(call.request)) {
        RAILHUB_TRY(
            const auto kept, app::kept_report(*call.tx, call.deps().licenses, call.repo->record)
        );
        if (kept) {
            return http::Response::json(200, *kept);
        }
    }
    RAILHUB_TRY(const Subject subject, subject_of(call));
    RAILHUB_TRY(const app::JudgedFacts found, judged(call, subject));
    return http::Response::json(200, report::to_json(found.report));
}

Reply repo_obligations(Call& call) {
    RAILHUB_TRY(const Subject subject, subject_of(call));
    RAILHUB_TRY(const app::JudgedFacts found, judged(call, subject));
    const compliance::Use& use = found.use;
    const compliance::Policy& policy = subject.options.policy;
    const license::Catalogue& licenses = call.deps().licenses;
    return http::Response::json(
        200,
        app::obligations_json(
            found.report,
            compliance::clauses_to_carry(found.lineage, use, policy, licenses),
            compliance::notice_text(found.lineage, use, policy, licenses)
        )
    );
}

Reply search_licenses(Call& call) {
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(const app::LicenseQuery query, license_query(call.request));
    RAILHUB_TRY(
        const app::LicenseMatches matches,
        app::search_licenses(
            call.ctx, *call.tx, call.deps().blobs, call.deps().licenses, call.who(), query
        )
    );
    util::Json list = util::Json::array();
    for (const app::LicenseFound& found : matches.repos) {
        list.push_back(match_json(found));
    }
    auto response = http::Response::json(
        200,
        util::Json::object(
            {{"format", "license-search/1"},
             {"repos", std::move(list)},
             {"knowledge", call.deps().licenses.description()}}
        )
    );
    if (matches.next > 0) {
        response.header(
            "Link", next_link(call.request, {{"cursor", std::to_string(matches.next)}})
        );
    }
    return response;
}

} // namespace railhub::server::api
