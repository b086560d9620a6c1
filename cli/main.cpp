// SPDX-License-Identifier: Apache-2.0
// The program: the only place that sees the environment and the signals.
#include "cli/run.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <stop_token>
#include <thread>
#include <unistd.h>

namespace {

railhub::cli::Environment read_environment() {
    railhub::cli::Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (const auto equals = text.find('='); equals != std::string::npos) {
            environment[text.substr(0, equals)] = text.substr(equals + 1);
        }
    }
    return environment;
}

// Signals that ask to stop are waited for by one thread: the first asks everybody to stop in good
// order, the second ends the process at once. SIGUSR2 ends the thread itself.
class SignalWatch {
  public:
    SignalWatch() {
        sigemptyset(&signals_);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) {
            sigaddset(&signals_, number);
        }
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        thread_ = std::thread([this] { watch(); });
    }

    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    ~SignalWatch() {
        pthread_kill(thread_.native_handle(), SIGUSR2);
        thread_.join();
    }

    [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

  private:
    void watch() {
        int number = 0;
        while (sigwait(&signals_, &number) == 0 && number != SIGUSR2) {
            if (stop_.stop_requested()) {
                ::_exit(static_cast<int>(railhub::cli::ExitCode::Interrupted));
            }
            stop_.request_stop();
        }
    }

    sigset_t signals_{};
    std::stop_source stop_;
    std::thread thread_;
};

int run_program(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    std::optional<SignalWatch> signals;
    railhub::cli::Invocation invocation;
    invocation.words.assign(argv + 1, argv + argc);
    invocation.environment = read_environment();
    invocation.terminal = railhub::cli::process_terminal();
    invocation.watch_signals = [&signals] { return signals.emplace().token(); };
    return static_cast<int>(railhub::cli::run(std::move(invocation)));
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run_program(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(
            stderr,
            "error: unexpected: %s\nhint: this is a bug in railhub; please report it with the "
            "command line\n",
            error.what()
        );
    } catch (...) {
        std::fprintf(
            stderr,
            "error: unexpected exception\nhint: this is a bug in railhub; please report it with "
            "the command line\n"
        );
    }
    return static_cast<int>(railhub::cli::ExitCode::Bug);
}
