// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include "core/app/admin.h"
#include "core/app/hub.h"
#include "core/app/server_secret.h"
#include "server/config.h"
#include "server/dispatch.h"
#include "server/janitor.h"
#include "server/license_indexer.h"
#include "server/running_hub.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace railhub::server {

namespace {

// Signals that end the server, blocked in every thread and waited for in this one.
class EndSignals {
  public:
    EndSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    int wait() {
        int received = 0;
        sigwait(&set_, &received);
        return received;
    }

  private:
    sigset_t set_{};
};

std::string first_start_text(const std::string& url, const access::NewToken& token) {
    return "\nFirst start. The admin token, shown this once:\n\n"
           "    " +
           token.secret +
           "\n\n"
           "Next, in another terminal:\n\n"
           "    export HF_ENDPOINT=" +
           url + " HF_TOKEN=" + token.secret +
           "\n"
           "    hf upload admin/my-model ./my-model\n"
           "    git clone " +
           url + "/admin/my-model\n\n";
}

util::Result<> say(util::Writer& out, const std::string& text) {
    return out.write(util::as_bytes(text));
}

} // namespace

std::span<const util::Setting> serve_settings() {
    return settings_table();
}

util::Result<int> serve(const ServeOptions& options) {
    EndSignals signals;
    RAILHUB_TRY(const ServerConfig config, make_config(options.sources));
    const auto log = util::make_fd_log(STDERR_FILENO, config.log_format, config.log_level);
    util::NullProgress progress;
    util::SystemClock clock;
    std::stop_source stop;
    const util::Context ctx{*log, progress, clock, stop.get_token()};
    app::HubOptions hub_options;
    hub_options.folder = config.data_folder;
    hub_options.role = app::HubOptions::Role::Server;
    hub_options.absent = app::HubOptions::Absent::Create;
    hub_options.license_gate = config.license_gate;
    RAILHUB_TRY(const auto hub, app::Hub::open(ctx, hub_options));
    RAILHUB_TRY(const auto first_token, app::ensure_first_admin(ctx, hub->deps()));
    RAILHUB_TRY(const auto running, RunningHub::start(ctx, hub->deps(), config));
    Janitor janitor(ctx, hub->deps(), config.jobs);
    LicenseIndexer indexer(ctx, hub->deps());
    const std::string url = running->url();
    if (first_token) {
        RAILHUB_TRY(say(options.out, first_start_text(url, *first_token)));
    }
    RAILHUB_TRY(say(options.out, "listening on " + url + "\n"));
    log->info("started", {{"url", url}, {"data", config.data_folder}});
    signals.wait();
    log->info("draining");
    running->drain();
    stop.request_stop();
    log->info("stopped");
    return 0;
}

} // namespace railhub::server
