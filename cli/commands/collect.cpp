// SPDX-License-Identifier: Apache-2.0
// railhub admin gc, trash, du, fsck: what is kept, what is not, and whether it is whole.
#include "cli/admin_hub.h"
#include "cli/commands.h"
#include "cli/shell.h"
#include "core/app/jobs.h"
#include "core/app/maintain.h"
#include "core/collect/apply.h"
#include "core/collect/mark.h"
#include "core/collect/trash.h"
#include "core/collect/usage.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

using util::Json;

constexpr std::uint64_t kMaxPlanBytes = std::uint64_t{512} << 20;
constexpr std::size_t kSharesShown = 20;
constexpr std::size_t kTrashPage = 500;
constexpr std::uint64_t kMostHours = 24 * 366;

std::string plural(std::uint64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

util::Result<std::chrono::milliseconds> hours_in(const Args& args, std::string_view name) {
    const std::uint64_t hours = args.number(name);
    if (hours > kMostHours) {
        return util::fail(
            util::Code::InvalidInput, "'--" + std::string(name) + "' is more than a year"
        );
    }
    return std::chrono::milliseconds(std::chrono::hours(static_cast<std::int64_t>(hours)));
}

// --- gc ---

std::string shares_text(
    const std::string& title,
    const std::string& nobody,
    const std::vector<collect::PlanShare>& shares
) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min(shares.size(), kSharesShown); ++i) {
        const auto& share = shares[i];
        rows.push_back(
            {"  " + (share.name.empty() ? nobody : share.name),
             util::human_bytes(share.bytes),
             plural(share.things, "thing", "things")}
        );
    }
    std::string text = rows.empty() ? "" : title + "\n" + align(rows);
    if (shares.size() > kSharesShown) {
        text += "  and " + std::to_string(shares.size() - kSharesShown) + " more\n";
    }
    return text;
}

std::string plan_text(const collect::Plan& plan) {
    if (plan.is_empty()) {
        return "nothing to collect\n";
    }
    std::uint64_t git_objects = 0;
    for (const auto& history : plan.histories) {
        git_objects += history.objects.size();
    }
    std::string text = "to collect: " + plural(git_objects, "git object", "git objects") + ", " +
                       plural(plan.repos.size(), "deleted repository", "deleted repositories") +
                       ", " + plural(plan.uploads.size(), "note", "notes") + " of uploads, " +
                       plural(plan.files.size(), "recipe", "recipes") + ", " +
                       plural(plan.segments.size(), "segment", "segments") + ", " +
                       plural(plan.objects.size(), "object", "objects") + "\n" +
                       util::human_bytes(plan.store_bytes()) + " in the store, " +
                       util::human_bytes(plan.database_bytes()) + " in the database\n";
    text +=
        shares_text("by repository:", "(several, or nobody knows)", collect::shares_by_repo(plan));
    text += shares_text("by owner:", "(several, or nobody knows)", collect::shares_by_owner(plan));
    return text;
}

Json applied_json(const collect::Applied& done) {
    return Json::object(
        {{"git_objects", done.git_objects},
         {"links", done.links},
         {"repos", done.repos},
         {"uploads", done.uploads},
         {"files", done.files},
         {"segments", done.segments},
         {"objects", done.objects},
         {"bytes", done.bytes},
         {"caches", done.caches},
         {"kept", done.kept}}
    );
}

std::string applied_text(const collect::Applied& done) {
    return "moved to the trash: " + plural(done.git_objects, "git object", "git objects") + ", " +
           plural(done.repos, "repository", "repositories") + ", " +
           plural(done.files, "recipe", "recipes") + ", " +
           plural(done.objects, "object", "objects") + " (" + util::human_bytes(done.bytes) + ")" +
           (done.kept > 0 ? "; kept, needed again: " + std::to_string(done.kept) : "") + "\n";
}

util::Result<ExitCode> write_plan(Shell& shell, const Args& args, const collect::Plan& plan) {
    const std::string path = args.text("plan");
    const Json json = collect::to_json(plan);
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(json.dump_pretty())));
    shell.print(
        Json::object(
            {{"plan", path},
             {"empty", plan.is_empty()},
             {"store_bytes", plan.store_bytes()},
             {"database_bytes", plan.database_bytes()}}
        ),
        plan_text(plan)
    );
    shell.terminal.say("next: railhub admin gc --apply " + path);
    return ExitCode::Done;
}

util::Result<> confirm_collection(Shell& shell, const Args& args, const collect::Plan& plan) {
    if (args.has("yes") || plan.is_empty()) {
        return {};
    }
    if (shell.terminal.in_is_tty()) {
        const auto answer =
            shell.terminal.ask("move all this to the trash? [y/N] ", Terminal::Echo::On);
        if (answer && (util::lower(*answer) == "y" || util::lower(*answer) == "yes")) {
            return {};
        }
    }
    return util::fail(
        util::Code::InvalidInput,
        "nothing is collected: nobody confirmed it",
        "pass --yes, or look first with --plan FILE"
    );
}

util::Result<ExitCode>
apply_plan(Shell& shell, const collect::Places& places, const collect::Plan& plan) {
    RAILHUB_TRY(const collect::Applied done, collect::apply(shell.ctx, places, plan));
    shell.print(applied_json(done), applied_text(done));
    return ExitCode::Done;
}

util::Result<ExitCode> run_gc(Shell& shell, const Args& args) {
    if (args.has("plan") && args.has("apply")) {
        return util::fail(util::Code::InvalidInput, "'--plan' and '--apply' do not go together");
    }
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const collect::Places places = app::places_of(hub->deps());
    if (args.has("apply")) {
        RAILHUB_TRY(
            const std::string text, util::read_file(shell.fs, args.text("apply"), kMaxPlanBytes)
        );
        RAILHUB_TRY(const collect::Plan plan, collect::parse_plan(text));
        return apply_plan(shell, places, plan);
    }
    collect::MarkOptions options;
    RAILHUB_TRY(options.grace, hours_in(args, "grace-hours"));
    RAILHUB_TRY(const collect::Plan plan, collect::mark(shell.ctx, places, options));
    for (const std::string& repo : plan.skipped) {
        shell.terminal.warn("left alone, since its history is not whole: " + repo);
    }
    if (args.has("plan")) {
        return write_plan(shell, args, plan);
    }
    if (!shell.is_json()) {
        shell.terminal.print(plan_text(plan));
    }
    RAILHUB_TRY(confirm_collection(shell, args, plan));
    return apply_plan(shell, places, plan);
}

// --- trash ---

Json entry_json(const collect::TrashEntry& entry) {
    return Json::object(
        {{"id", entry.id},
         {"kind", entry.kind},
         {"subject", entry.subject},
         {"repo", entry.repo},
         {"bytes", entry.bytes},
         {"trashed", util::to_iso8601(util::from_millis(entry.trashed_ms))},
         {"detail", entry.detail}}
    );
}

util::Result<ExitCode> run_trash_list(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const collect::Places places = app::places_of(hub->deps());
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (std::int64_t after = 0;;) {
        RAILHUB_TRY(
            const collect::TrashPage page, collect::list_trash(shell.ctx, places, after, kTrashPage)
        );
        for (const auto& entry : page.entries) {
            after = entry.id;
            list.push_back(entry_json(entry));
            rows.push_back(
                {std::to_string(entry.id),
                 util::to_iso8601(util::from_millis(entry.trashed_ms)).substr(0, 16),
                 entry.kind,
                 util::human_bytes(entry.bytes),
                 entry.repo.empty() ? "-" : entry.repo,
                 entry.subject,
                 entry.detail}
            );
        }
        if (!page.has_more) {
            break;
        }
    }
    shell.print(list, rows.empty() ? "the trash is empty\n" : align(rows));
    return ExitCode::Done;
}

util::Result<ExitCode> run_trash_undelete(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    collect::UndeleteWish wish;
    wish.what = args.list("WHAT");
    RAILHUB_TRY(
        const collect::Undeleted done,
        collect::undelete(shell.ctx, app::places_of(hub->deps()), wish)
    );
    std::string text = "back from the trash: " + plural(done.entries, "entry", "entries") + ", " +
                       plural(done.objects, "object", "objects") + "\n";
    for (const std::string& repo : done.repos) {
        text += "repository " + repo + "\n";
    }
    for (const std::string& tip : done.tips) {
        text += "commit " + tip + "\n";
    }
    shell.print(
        Json::object(
            {{"entries", done.entries},
             {"objects", done.objects},
             {"repos", Json::array_of(done.repos)},
             {"tips", Json::array_of(done.tips)}}
        ),
        text
    );
    if (!done.tips.empty()) {
        shell.terminal.say(
            "no branch reaches these commits: make one there, for example\n"
            "  railhub branch create REPO restored --revision " +
            done.tips.front()
        );
    }
    return ExitCode::Done;
}

util::Result<ExitCode> run_trash_empty(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(const auto window, hours_in(args, "older-than-hours"));
    RAILHUB_TRY(
        const collect::Emptied done,
        collect::empty_trash(shell.ctx, app::places_of(hub->deps()), window)
    );
    shell.print(
        Json::object({{"entries", done.entries}, {"bytes", done.bytes}}),
        "deleted for good: " + plural(done.entries, "entry", "entries") + " (" +
            util::human_bytes(done.bytes) + ")\n"
    );
    return ExitCode::Done;
}

// --- du ---

Json usage_json(const collect::Usage& usage) {
    return Json::object(
        {{"name", usage.name},
         {"repos", usage.repos},
         {"logical", usage.logical},
         {"physical", usage.physical},
         {"freeable", usage.freeable}}
    );
}

std::vector<std::string> usage_row(const collect::Usage& usage, const std::string& name) {
    return {
        name,
        util::human_bytes(usage.logical),
        util::human_bytes(usage.physical),
        util::human_bytes(usage.freeable)};
}

util::Result<ExitCode> run_du(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(
        const collect::UsageReport report, collect::measure(shell.ctx, app::places_of(hub->deps()))
    );
    const std::string by = args.text("by");
    std::vector<collect::Usage> shown;
    if (by == "repo") {
        shown = report.repos;
    } else if (by == "owner") {
        shown = report.owners;
    }
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows = {{"", "logical", "physical", "freeable"}};
    for (const auto& usage : shown) {
        list.push_back(usage_json(usage));
        rows.push_back(usage_row(usage, usage.name));
    }
    rows.push_back(
        usage_row(report.server, plural(report.server.repos, "repository", "repositories"))
    );
    Json server = usage_json(report.server);
    server.set("trash", report.trash);
    server.set("caches", report.caches);
    shell.print(
        Json::object({{"by", by}, {"list", std::move(list)}, {"server", std::move(server)}}),
        align(rows) + "of the physical bytes " + util::human_bytes(report.trash) +
            " are in the trash, " + util::human_bytes(report.caches) +
            " are packs kept for clones\n"
    );
    return ExitCode::Done;
}

// --- fsck ---

std::string fsck_text(const app::FsckReport& report) {
    std::string text;
    for (const auto& line : report.problems) {
        text += line + "\n";
    }
    for (const auto& line : report.mended) {
        text += "mended: " + line + "\n";
    }
    if (report.orphans > 0) {
        text += plural(report.orphans, "object", "objects") +
                " of the store that nothing needs; railhub admin gc collects them\n";
    }
    const auto count = [](std::uint64_t number, const std::string& what) {
        return std::to_string(number) + " " + what;
    };
    return text + count(report.repos, "repositories, ") + count(report.refs, "refs, ") +
           count(report.blobs, "large files, ") + count(report.xorbs, "xorbs (") +
           util::human_bytes(report.blob_bytes) + "), " + count(report.recipes, "recipes: ") +
           (report.problems.empty() ? "clean" : count(report.problems.size(), "problems")) + "\n";
}

util::Result<ExitCode> run_fsck(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    app::FsckOptions options;
    using Blobs = app::FsckOptions::Blobs;
    using Begin = app::FsckOptions::Begin;
    options.blobs = args.has("read-data") ? Blobs::Hash : Blobs::Presence;
    options.begin = args.has("restart") ? Begin::Anew : Begin::Continue;
    RAILHUB_TRY(const app::FsckReport report, app::fsck(shell.ctx, hub->deps(), options));
    if (report.is_continued) {
        shell.terminal.say("went on with a check that was interrupted; --restart begins anew");
    }
    shell.print(
        Json::object(
            {{"clean", report.problems.empty()},
             {"problems", Json::array_of(report.problems)},
             {"mended", Json::array_of(report.mended)},
             {"repos", report.repos},
             {"refs", report.refs},
             {"blobs", report.blobs},
             {"xorbs", report.xorbs},
             {"blob_bytes", report.blob_bytes},
             {"segments", report.segments},
             {"recipes", report.recipes},
             {"trashed", report.trashed},
             {"orphans", report.orphans}}
        ),
        fsck_text(report)
    );
    return report.problems.empty() ? ExitCode::Done : ExitCode::Findings;
}

OptionSpec hours_option(std::string name, std::string help, std::string fallback) {
    return {
        .name = std::move(name),
        .kind = OptionKind::Number,
        .value = "N",
        .help = std::move(help),
        .fallback = std::move(fallback)};
}

Command gc_command() {
    Command gc = admin_row("gc", "Collect what nothing refers to any more", run_gc);
    gc.options = {
        {.name = "plan", .value = "FILE", .help = "Only write down what would go"},
        {.name = "apply", .value = "FILE", .help = "Do what is written there"},
        {.name = "yes", .letter = 'y', .kind = OptionKind::Switch, .help = "Do not ask"},
        hours_option("grace-hours", "Leave alone what was used in the last N hours", "48")};
    return gc;
}

} // namespace

std::vector<Command> collect_commands() {
    Command undelete =
        admin_row("trash undelete", "Take something out of the trash", run_trash_undelete);
    undelete.operands = {
        {"WHAT",
         Need::OneOrMore,
         "Number of an entry, SHA-256 of a file, or a repository as models/acme/bert"}};
    Command empty = admin_row("trash empty", "Delete old trash for good", run_trash_empty);
    empty.options = {hours_option("older-than-hours", "What is there for N hours", "168")};
    Command du = admin_row("du", "Show what takes how much space", run_du);
    du.options = {
        {.name = "by",
         .kind = OptionKind::Choice,
         .value = "WHAT",
         .help = "A line for each",
         .fallback = "repo",
         .choices = {"repo", "owner", "server"}}};
    Command fsck = admin_row("fsck", "Check that everything is there and whole", run_fsck);
    fsck.options = {
        {.name = "read-data",
         .kind = OptionKind::Switch,
         .help = "Also read and hash every object"},
        {.name = "restart",
         .kind = OptionKind::Switch,
         .help = "Do not go on with a check that was interrupted"}};
    return {
        gc_command(),
        admin_row("trash list", "List what was collected", run_trash_list),
        undelete,
        empty,
        du,
        fsck};
}

} // namespace railhub::cli
