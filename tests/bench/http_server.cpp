// SPDX-License-Identifier: Apache-2.0
// The HTTP server alone, for benchmarks: a small answer, one file in three ways, a sink. Serves
// until it gets a signal; tests/bench/http.py drives it.
#include "core/util/clock.h"
#include "core/util/context.h"
#include "server/http/server.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace http = railhub::http;
namespace util = railhub::util;

namespace {

http::FileBody open_body(const std::string& path) {
    http::FileBody body;
    body.fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);

    struct stat info {};

    ::fstat(body.fd, &info);
    body.size = static_cast<std::uint64_t>(info.st_size);
    void* memory = ::mmap(nullptr, body.size, PROT_READ, MAP_SHARED, body.fd, 0);
    if (memory != MAP_FAILED) {
        body.mapped = {static_cast<const std::uint8_t*>(memory), body.size};
    }
    return body;
}

http::Response swallow(http::Request& request) {
    std::vector<std::uint8_t> block(std::size_t{1} << 20);
    std::uint64_t total = 0;
    while (true) {
        const auto count = request.body->read(block);
        if (!count || *count == 0) {
            return http::Response::text(count ? 200 : 400, std::to_string(total));
        }
        total += *count;
    }
}

http::Response answer(http::Request& request, const http::FileBody& file) {
    const std::string& name = request.segments.empty() ? std::string() : request.segments.front();
    http::Response response;
    response.header("ETag", "\"0123456789abcdef\"").header("X-Repo-Commit", std::string(40, 'a'));
    if (name == "small") {
        response.header("Content-Type", "application/json");
        response.body = std::string(300, 'x');
        return response;
    }
    http::FileBody body = file;
    if (name == "fd") {
        body.mapped = {};
    } else if (name == "read") {
        body.mapped = {};
        body.read_at = [fd = body.fd](
                           std::uint64_t at, std::span<std::uint8_t> into
                       ) -> util::Result<std::size_t> {
            return static_cast<std::size_t>(
                ::pread(fd, into.data(), into.size(), static_cast<off_t>(at))
            );
        };
        body.fd = -1;
    } else if (name == "sink") {
        return swallow(request);
    }
    response.body = std::move(body);
    return response;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: bench_http FILE [CERTIFICATE KEY]\n", stderr);
        return 2;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const http::FileBody file = open_body(argv[1]);
    util::NullLog log;
    util::NullProgress progress;
    util::SystemClock clock;
    http::ServerOptions options;
    options.tls_certificate = argc > 3 ? argv[2] : "";
    options.tls_key = argc > 3 ? argv[3] : "";
    auto server = http::start_server(
        util::Context{log, progress, clock},
        options,
        [&file](http::Request& request) { return answer(request, file); },
        {}
    );
    if (!server) {
        std::fprintf(stderr, "%s\n", util::to_line(server.error()).c_str());
        return 3;
    }
    std::printf("%d\n", (*server)->port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    (*server)->drain();
    return 0;
}
