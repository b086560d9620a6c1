// SPDX-License-Identifier: Apache-2.0
// git push: rights and rules per ref, then the checks over everything new, then one transaction.
#include "core/app/discussions.h"
#include "core/app/license_gate.h"
#include "core/app/publish.h"
#include "core/app/receive_checks.h"
#include "core/app/settle.h"
#include "core/report/formats.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::string_view kConverts = "refs/convert/";

class PushReview {
  public:
    PushReview(const util::Context& ctx, Deps& deps, const GitPush& push, repo::Stage& stage)
        : ctx_(ctx), deps_(deps), push_(push), stage_(stage) {}

    util::Result<PushOutcome> run() {
        for (const repo::RefChange& change : push_.changes) {
            RAILHUB_TRY(auto refusal, refusal_of(change));
            outcome_.refs.push_back({change.name, std::move(refusal)});
        }
        if (push_.atomic == GitPush::Atomic::Yes && !all_accepted()) {
            refuse_the_rest("atomic push failed");
        }
        if (accepted().empty()) {
            return std::move(outcome_);
        }
        RAILHUB_TRY(check_content());
        if (!accepted().empty()) {
            RAILHUB_TRY(apply());
        }
        return std::move(outcome_);
    }

  private:
    // --- per ref: empty = fine so far ---

    util::Result<std::string> refusal_of(const repo::RefChange& change) {
        if (!types::is_valid_ref_name(change.name)) {
            return std::string("funny refname");
        }
        RAILHUB_TRY(auto by_place, refusal_by_place(change));
        if (!by_place.empty()) {
            return by_place;
        }
        RAILHUB_TRY(const auto stored, stage_.repository().ref(change.name));
        const auto current = stored ? std::optional(stored->target) : std::nullopt;
        if (current != change.from) {
            return std::string("stale info: fetch first");
        }
        return refusal_by_history(change);
    }

    util::Result<std::string> refusal_by_place(const repo::RefChange& change) {
        const bool may_write = push_.permission >= access::Permission::Write;
        if (const auto number = pull_request_number(change.name)) {
            RAILHUB_TRY(const auto request, find_pull_request(push_.tx, push_.record.row, *number));
            const bool is_mine = request && request->author == push_.who.user_id &&
                                 may_propose(push_.who, push_.permission);
            if (!request) {
                return std::string("no such pull request");
            }
            return std::string(may_write || is_mine ? "" : "permission denied");
        }
        if (!change.name.starts_with(types::kHeads) && !change.name.starts_with(types::kTags) &&
            !change.name.starts_with(kConverts)) {
            return std::string("only branches and tags can be pushed");
        }
        return std::string(may_write ? "" : "permission denied");
    }

    util::Result<std::string> refusal_by_history(const repo::RefChange& change) {
        const bool is_default = change.name == default_ref(push_.record);
        if (!change.to) {
            return std::string(is_default ? "the default branch cannot be deleted" : "");
        }
        RAILHUB_TRY(const auto commit, commit_behind(*change.to));
        if (!commit) {
            return std::string("does not point to a commit");
        }
        if (!change.name.starts_with(types::kHeads)) {
            return std::string();
        }
        if (*commit != *change.to) {
            return std::string("a branch points to a commit");
        }
        if (!change.from || !is_default || push_.permission >= access::Permission::Admin) {
            return std::string();
        }
        RAILHUB_TRY(
            const bool is_forward, stage_.repository().is_ancestor(*change.from, *change.to)
        );
        return std::string(
            is_forward ? "" : "non-fast-forward: only admins may rewrite the default branch"
        );
    }

    // --- everything that is new ---

    util::Result<> check_content() {
        const std::vector<types::Oid> tips = new_tips();
        if (tips.empty()) {
            return {};
        }
        RAILHUB_TRY(auto lines, objections_to_push(ctx_, deps_, push_.tx, push_.who, stage_, tips));
        RAILHUB_TRY(add_card_objections(lines));
        if (!lines.empty()) {
            say(lines);
            refuse_the_rest("pre-receive hook declined");
            return {};
        }
        return check_licenses();
    }

    util::Result<> add_card_objections(std::vector<std::string>& lines) {
        for (const repo::RefChange& change : accepted()) {
            if (!change.to || !change.name.starts_with(types::kHeads)) {
                continue;
            }
            RAILHUB_TRY(
                const auto problems,
                objections_to_card(stage_.repository(), *change.to, change.from)
            );
            if (!problems.empty()) {
                lines.push_back(
                    "Your push was rejected because the metadata in README.md is not valid (" +
                    change.name + "):"
                );
            }
            for (const std::string& problem : problems) {
                lines.push_back("  - " + problem);
            }
        }
        return {};
    }

    // Each new tip is judged, tags too; one refusal refuses the push.
    util::Result<> check_licenses() {
        for (const repo::RefChange& change : accepted()) {
            if (!change.to) {
                continue;
            }
            RAILHUB_TRY(const auto commit, commit_behind(*change.to));
            RAILHUB_TRY(
                const GateAnswer answer,
                pass_gate(ctx_, deps_, push_.tx, push_.who, stage_.repository(), *commit)
            );
            if (answer.decision == GateAnswer::Decision::Pass) {
                continue;
            }
            say({change.name + ": " + answer.message});
            say_text(report::render_text(answer.report));
            if (answer.decision == GateAnswer::Decision::Refuse) {
                refuse_the_rest("license check failed");
                return {};
            }
        }
        return {};
    }

    // --- the end ---

    util::Result<> apply() {
        repo::PushRequest request;
        request.changes = accepted();
        request.actor = push_.who.user;
        request.door = "git";
        const auto applied = settle(ctx_, deps_, push_.record, stage_, std::move(request));
        if (applied.ok()) {
            return {};
        }
        if (applied.error().code != util::Code::Conflict) {
            return applied.error();
        }
        refuse_the_rest("stale info: fetch first");
        return {};
    }

    // --- small things ---

    [[nodiscard]] bool all_accepted() const {
        return std::all_of(outcome_.refs.begin(), outcome_.refs.end(), [](const RefOutcome& ref) {
            return ref.refusal.empty();
        });
    }

    [[nodiscard]] std::vector<repo::RefChange> accepted() const {
        std::vector<repo::RefChange> changes;
        for (std::size_t i = 0; i < outcome_.refs.size(); ++i) {
            if (outcome_.refs[i].refusal.empty()) {
                changes.push_back(push_.changes[i]);
            }
        }
        return changes;
    }

    [[nodiscard]] std::vector<types::Oid> new_tips() const {
        std::vector<types::Oid> tips;
        for (const repo::RefChange& change : accepted()) {
            if (change.to) {
                tips.push_back(*change.to);
            }
        }
        return tips;
    }

    // The commit that an object leads to through tags, stored or staged.
    util::Result<std::optional<types::Oid>> commit_behind(const types::Oid& oid) {
        const auto resolved = stage_.repository().resolve(oid.hex());
        if (!resolved.ok()) {
            return resolved.error().code == util::Code::NotFound
                       ? util::Result<std::optional<types::Oid>>(std::nullopt)
                       : util::Result<std::optional<types::Oid>>(resolved.error());
        }
        return std::optional(resolved->commit);
    }

    void refuse_the_rest(const std::string& reason) {
        for (RefOutcome& ref : outcome_.refs) {
            if (ref.refusal.empty()) {
                ref.refusal = reason;
            }
        }
    }

    void say(const std::vector<std::string>& lines) {
        outcome_.messages.insert(outcome_.messages.end(), lines.begin(), lines.end());
    }

    void say_text(std::string_view text) {
        for (const std::string_view line : util::split(text, '\n')) {
            outcome_.messages.emplace_back(line);
        }
    }

    const util::Context& ctx_;
    Deps& deps_;
    const GitPush& push_;
    repo::Stage& stage_;
    PushOutcome outcome_;
};

} // namespace

util::Result<PushOutcome>
accept_push(const util::Context& ctx, Deps& deps, const GitPush& push, repo::Stage& stage) {
    return PushReview(ctx, deps, push, stage).run();
}

} // namespace railhub::app
