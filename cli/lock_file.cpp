// SPDX-License-Identifier: Apache-2.0
// The file on disk, and the resolvers around it.
#include "cli/lock_file.h"

#include "core/app/gather.h"
#include "core/app/make_bom.h"

#include <iterator>

namespace railhub::cli {

namespace {

// Whom a lock is compared with.
struct LockPeer {
    std::unique_ptr<app::LineageResolver> own;
    app::LineageResolver* resolver = nullptr; // null: nobody
};

util::Result<LockPeer> lock_peer(
    Shell& shell,
    const Args& args,
    const license::Catalogue& catalogue,
    app::LineageResolver& upstream
) {
    const bool is_offline = shell.config.is_offline;
    const std::string with = args.has("lock-against") ? args.text("lock-against")
                             : is_offline             ? "nothing"
                                                      : "hub";
    LockPeer peer;
    if (with == "hub") {
        if (is_offline) {
            return util::fail(
                util::Code::InvalidInput,
                "--lock-against hub and --offline exclude each other",
                "'cache' compares with what was pulled or asked for before"
            );
        }
        peer.resolver = &upstream;
    } else if (with == "cache") {
        app::FactsCache cache(
            shell.fs, util::join_path(shell.config.state_folder, "lineage"), catalogue.version()
        );
        peer.own = make_cache_resolver(
            shell.fs, shell.config.cache_folder, shell.config.endpoint, catalogue, std::move(cache)
        );
        peer.resolver = peer.own.get();
    }
    return peer;
}

} // namespace

std::vector<OptionSpec> lock_options() {
    return {
        {.name = "lock-against",
         .kind = OptionKind::Choice,
         .value = "WHOM",
         .help = "Compare railhub.lock with the hub, with what was pulled, or with nothing [hub, "
                 "offline nothing]",
         .choices = {"hub", "cache", "nothing"}},
        {.name = "no-lock", .kind = OptionKind::Switch, .help = "Do as if there were no lock"}};
}

std::string lock_path(const std::string& folder) {
    return folder == "." ? std::string(lock::kLockName) : util::join_path(folder, lock::kLockName);
}

util::Result<std::optional<lock::Lock>> read_lock(Shell& shell, const std::string& folder) {
    using Answer = std::optional<lock::Lock>;
    const std::string path = lock_path(folder);
    RAILHUB_TRY(const auto info, shell.fs.info(path));
    if (!info) {
        return Answer();
    }
    RAILHUB_TRY(const std::string text, util::read_file(shell.fs, path, lock::kMaxLockBytes));
    RAILHUB_TRY(lock::Lock read, lock::parse_lock(text).with_context("'" + path + "'"));
    return Answer(std::move(read));
}

util::Result<std::optional<lock::Lock>>
lock_in_force(Shell& shell, const Args& args, const std::string& folder) {
    if (folder.empty() || args.has("no-lock")) {
        return std::optional<lock::Lock>();
    }
    return read_lock(shell, folder);
}

std::string lock_endpoint(const Shell& shell) {
    return app::public_endpoint(shell.config.endpoint);
}

util::Result<report::Report> check_locked(
    Shell& shell,
    const Args& args,
    CheckTarget& target,
    const license::Catalogue& catalogue,
    const app::CheckOptions& options,
    const lock::Lock& lock
) {
    RAILHUB_TRY(const LockPeer peer, lock_peer(shell, args, catalogue, *target.resolver));
    app::LockResolver resolver(lock);
    RAILHUB_TRY(
        const origin::Facts facts, app::gather(shell.ctx, *target.source, options.kind, catalogue)
    );
    RAILHUB_TRY(
        app::JudgedFacts judged,
        app::judge_facts(shell.ctx, facts, *target.source, resolver, catalogue, options)
    );
    RAILHUB_TRY(
        std::vector<report::Finding> findings,
        app::check_lock(
            shell.ctx,
            {lock,
             resolver,
             judged.lineage,
             catalogue.version(),
             lock_endpoint(shell),
             peer.resolver}
        )
    );
    std::move(findings.begin(), findings.end(), std::back_inserter(judged.report.findings));
    judged.report.finish();
    return std::move(judged.report);
}

util::Result<app::ProjectChecked> check_project_locked(
    Shell& shell,
    const Args& args,
    ProjectTarget& target,
    const license::Catalogue& catalogue,
    const lock::Lock& lock
) {
    const std::unique_ptr<app::LineageResolver> upstream = std::move(target.upstream->resolver);
    RAILHUB_TRY(const LockPeer peer, lock_peer(shell, args, catalogue, *upstream));
    auto from_lock = std::make_unique<app::LockResolver>(lock);
    const app::LockResolver& asked = *from_lock;
    target.upstream->resolver = std::move(from_lock);
    target.options.more_findings = [&](const compliance::Lineage& lineage) {
        return app::check_lock(
            shell.ctx,
            {lock, asked, lineage, catalogue.version(), lock_endpoint(shell), peer.resolver}
        );
    };
    auto checked = run_project_check(shell, target, catalogue);
    target.options.more_findings = nullptr;
    return checked;
}

} // namespace railhub::cli
