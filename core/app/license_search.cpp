// SPDX-License-Identifier: Apache-2.0
// Walks the judged repos in pages and looks at the terms of each; what the caller may not read is
// as if it were not there.
#include "core/app/license_search.h"

#include "core/app/hub_lineage.h"
#include "core/app/license_index.h"
#include "core/app/locate.h"
#include "core/app/repository_source.h"
#include "core/report/report.h"
#include "core/util/text.h"

#include <algorithm>
#include <set>

namespace railhub::app {

namespace {

constexpr std::string_view kCommercialUse = "commercial-use";
constexpr std::size_t kMaxTerms = 32;
constexpr std::size_t kScanPage = 512;
constexpr std::size_t kMaxScanned = 20'000; // in one request; the cursor leads on

struct Candidate {
    std::int64_t row = 0;
    std::string verdict;
    bool is_known = false;
    bool allows_commerce = false;
};

// "medical" is the family of "medical.advice".
bool is_in_family(std::string_view term, std::string_view family) {
    return term == family ||
           (term.size() > family.size() && term.starts_with(family) && term[family.size()] == '.');
}

util::Result<> check_restriction(const license::Catalogue& licenses, const std::string& word) {
    return licenses.taxonomy().contains(word)
               ? util::Result<>()
               : util::fail(
                     util::Code::InvalidInput,
                     "unknown use restriction '" + word + "'",
                     "'railhub license show' lists those of a license, such as 'medical.advice'; "
                     "'medical' is the family"
                 );
}

util::Result<std::string> license_id(const license::Catalogue& licenses, const std::string& word) {
    const license::Record* record = licenses.find(word);
    return record != nullptr ? util::Result<std::string>(record->id)
                             : util::fail(
                                   util::Code::InvalidInput,
                                   "unknown license '" + word + "'",
                                   "'railhub license list' shows those known here"
                               );
}

class LicenseSearch {
  public:
    LicenseSearch(
        const util::Context& ctx,
        db::Transaction& tx,
        storage::Blobs& blobs,
        const license::Catalogue& licenses,
        const access::Identity& who,
        const LicenseQuery& query
    )
        : ctx_(ctx), tx_(tx), blobs_(blobs), licenses_(licenses), who_(who), query_(query) {}

    util::Result<LicenseMatches> run() {
        RAILHUB_TRY(check_words());
        std::int64_t at = query_.after;
        std::size_t scanned = 0;
        while (true) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const auto page, candidates(at));
            for (const Candidate& candidate : page) {
                at = candidate.row;
                RAILHUB_TRY(consider(candidate));
                if (matches_.repos.size() >= query_.limit || ++scanned >= kMaxScanned) {
                    matches_.next = at;
                    return std::move(matches_);
                }
            }
            if (page.size() < kScanPage) {
                return std::move(matches_);
            }
        }
    }

  private:
    util::Result<> check_words() {
        for (const auto* list :
             {&query_.allows,
              &query_.without,
              &query_.outbound,
              &query_.licenses,
              &query_.verdicts}) {
            if (list->size() > kMaxTerms) {
                return util::fail(util::Code::InvalidInput, "too many terms in one search");
            }
        }
        for (const std::string& word : query_.allows) {
            if (word != kCommercialUse) {
                return util::fail(
                    util::Code::InvalidInput,
                    "unknown permission '" + word + "'",
                    "it is '" + std::string(kCommercialUse) + "'"
                );
            }
        }
        for (const std::string& word : query_.without) {
            RAILHUB_TRY(check_restriction(licenses_, word));
        }
        for (const std::string& word : query_.outbound) {
            RAILHUB_TRY(std::string id, license_id(licenses_, word));
            outbound_.push_back(std::move(id));
        }
        for (const std::string& word : query_.licenses) {
            RAILHUB_TRY(std::string id, license_id(licenses_, word));
            labels_.insert(std::move(id));
        }
        for (const std::string& word : query_.verdicts) {
            if (!report::parse_verdict(word)) {
                return util::fail(util::Code::InvalidInput, "unknown verdict '" + word + "'");
            }
        }
        return {};
    }

    util::Result<std::vector<Candidate>> candidates(std::int64_t after) {
        constexpr std::string_view kSelectJudged =
            "SELECT license_verdict.repo, verdict, is_known, allows_commerce "
            "FROM license_verdict JOIN repo ON repo.id = license_verdict.repo "
            "WHERE license_verdict.repo > ? AND repo.kind = ? AND license_verdict.knowledge = ? "
            "AND NOT EXISTS (SELECT 1 FROM lineage_stale "
            "WHERE lineage_stale.repo = license_verdict.repo) "
            "ORDER BY license_verdict.repo LIMIT ?";
        RAILHUB_TRY(auto select, tx_.prepare(kSelectJudged));
        select.bind(after, types::kind_word(query_.kind), licenses_.version(), kScanPage);
        std::vector<Candidate> page;
        while (true) {
            RAILHUB_TRY(const bool more, select.step());
            if (!more) {
                return page;
            }
            page.push_back(
                {select.integer(0),
                 std::string(select.text(1)),
                 select.integer(2) != 0,
                 select.integer(3) != 0}
            );
        }
    }

    [[nodiscard]] bool passes(const Candidate& candidate) const {
        const bool asks_terms =
            !query_.allows.empty() || !query_.without.empty() || !outbound_.empty();
        return (candidate.is_known || !asks_terms) &&
               (candidate.allows_commerce || query_.allows.empty()) &&
               is_listed(query_.verdicts, candidate.verdict);
    }

    util::Result<> consider(const Candidate& candidate) {
        if (!candidate.is_known && !who_.is_anonymous() && looked_at_ < kMostLookedAt) {
            return look_again(candidate.row);
        }
        if (!passes(candidate)) {
            return {};
        }
        RAILHUB_TRY(const bool fits, fits_outbound(candidate.row));
        if (!fits) {
            return {};
        }
        RAILHUB_TRY(auto restrictions, restrictions_of(candidate.row));
        if (is_restricted(restrictions)) {
            return {};
        }
        RAILHUB_TRY(auto record, repo::find_repo_row(tx_, candidate.row));
        if (record && access::permission_on(who_, facts_of(*record)) && has_label(*record)) {
            matches_.repos.push_back(
                {std::move(*record),
                 candidate.verdict,
                 candidate.allows_commerce,
                 std::move(restrictions)}
            );
        }
        return {};
    }

    // With the eyes of the caller, who may see ancestors that a stranger does not.
    util::Result<> look_again(std::int64_t row) {
        RAILHUB_TRY(auto record, repo::find_repo_row(tx_, row));
        if (!record || record->head.empty() || !access::permission_on(who_, facts_of(*record)) ||
            !has_label(*record)) {
            return {};
        }
        ++looked_at_;
        RAILHUB_TRY(const JudgedFacts judged, judged_by_caller(*record));
        Terms terms = terms_of(judged.lineage, licenses_);
        const std::string verdict(report::verdict_word(judged.report.verdict()));
        const bool fits_all =
            std::all_of(outbound_.begin(), outbound_.end(), [&](const std::string& id) {
                return std::binary_search(terms.outbound.begin(), terms.outbound.end(), id);
            });
        if (passes({row, verdict, terms.is_known, terms.allows_commerce}) && fits_all &&
            !is_restricted(terms.restrictions)) {
            matches_.repos.push_back(
                {std::move(*record), verdict, terms.allows_commerce, std::move(terms.restrictions)}
            );
        }
        return {};
    }

    util::Result<JudgedFacts> judged_by_caller(const repo::RepoRecord& record) {
        RAILHUB_TRY(const types::Oid head, types::Oid::parse(record.head));
        RAILHUB_TRY(
            const origin::Facts facts, facts_at(ctx_, tx_, blobs_, licenses_, record, head)
        );
        RAILHUB_TRY(auto repository, repo::Repository::open(ctx_, tx_, blobs_, record));
        const auto source = make_repository_source(*repository, head);
        HubLineage resolver(tx_, blobs_, licenses_, who_);
        CheckOptions options;
        options.kind = record.id.kind;
        options.id = record.id.full_name();
        options.revision = record.head;
        return judge_facts(ctx_, facts, *source, resolver, licenses_, options);
    }

    static bool is_listed(const std::vector<std::string>& words, const std::string& word) {
        return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
    }

    util::Result<bool> fits_outbound(std::int64_t row) {
        for (const std::string& id : outbound_) {
            RAILHUB_TRY(
                auto select,
                tx_.prepare("SELECT 1 FROM license_outbound WHERE repo = ? AND license = ?")
            );
            RAILHUB_TRY(const bool found, select.bind(row, id).step());
            if (!found) {
                return false;
            }
        }
        return true;
    }

    util::Result<std::vector<std::string>> restrictions_of(std::int64_t row) {
        RAILHUB_TRY(
            auto select,
            tx_.prepare("SELECT term FROM license_restriction WHERE repo = ? ORDER BY term")
        );
        select.bind(row);
        std::vector<std::string> terms;
        while (true) {
            RAILHUB_TRY(const bool more, select.step());
            if (!more) {
                return terms;
            }
            terms.emplace_back(select.text(0));
        }
    }

    [[nodiscard]] bool is_restricted(const std::vector<std::string>& terms) const {
        return std::any_of(query_.without.begin(), query_.without.end(), [&](const auto& word) {
            return std::any_of(terms.begin(), terms.end(), [&word](const std::string& term) {
                return is_in_family(term, word);
            });
        });
    }

    [[nodiscard]] bool has_label(const repo::RepoRecord& record) const {
        if (labels_.empty()) {
            return true;
        }
        constexpr std::string_view kTag = "license:";
        return std::any_of(record.tags.begin(), record.tags.end(), [&](const std::string& tag) {
            const license::Record* label =
                tag.starts_with(kTag) ? licenses_.find(tag.substr(kTag.size())) : nullptr;
            return label != nullptr && labels_.contains(label->id);
        });
    }

    const util::Context& ctx_;
    db::Transaction& tx_;
    storage::Blobs& blobs_;
    const license::Catalogue& licenses_;
    const access::Identity& who_;
    const LicenseQuery& query_;
    std::vector<std::string> outbound_;
    std::set<std::string> labels_;
    std::size_t looked_at_ = 0;
    LicenseMatches matches_;
};

} // namespace

util::Result<LicenseMatches> search_licenses(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const license::Catalogue& licenses,
    const access::Identity& who,
    const LicenseQuery& query
) {
    return LicenseSearch(ctx, tx, blobs, licenses, who, query).run();
}

} // namespace railhub::app
