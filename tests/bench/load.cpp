// SPDX-License-Identifier: Apache-2.0
// Load generator for one URL on loopback: keep-alive connections, one request in flight on each.
// The packaged ones wait for bodies that answers to HEAD do not have. Prints one JSON object. Fails
// when an answer is missing or has another status than expected: any 2xx or 3xx, or the one given.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    int fd = -1;
    std::string received;
    Clock::time_point asked;
};

struct Totals {
    std::string_view expected; // status; empty: any success
    std::vector<std::uint32_t> micros;
    std::uint64_t errors = 0;
};

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? fd
                                                                                           : -1;
}

// Bytes of the first answer in `text`, or 0 while it is incomplete.
std::size_t answer_size(const std::string& text, bool is_head) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) {
        return 0;
    }
    const std::size_t field = text.find("\r\nContent-Length: ");
    const bool has_body = !is_head && field < end;
    const std::size_t size = end + 4 + (has_body ? std::stoull(text.substr(field + 18, 20)) : 0);
    return text.size() >= size ? size : 0;
}

bool is_expected(std::string_view answer, std::string_view expected) {
    const std::string_view status = answer.substr(9, 3);
    return expected.empty() ? status[0] == '2' || status[0] == '3' : status == expected;
}

void ask(Client& client, const std::string& request) {
    client.asked = Clock::now();
    [[maybe_unused]] const ssize_t sent =
        ::send(client.fd, request.data(), request.size(), MSG_NOSIGNAL);
}

// False when the connection is of no more use.
bool on_readable(Client& client, const std::string& request, bool is_head, Totals& totals) {
    std::array<char, 65536> block;
    const ssize_t count = ::recv(client.fd, block.data(), block.size(), MSG_DONTWAIT);
    if (count <= 0) {
        return false;
    }
    client.received.append(block.data(), static_cast<std::size_t>(count));
    if (const std::size_t size = answer_size(client.received, is_head); size > 0) {
        const auto spent =
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - client.asked);
        totals.micros.push_back(static_cast<std::uint32_t>(spent.count()));
        totals.errors += is_expected(client.received, totals.expected) ? 0 : 1;
        client.received.erase(0, size);
        ask(client, request);
    }
    return true;
}

std::uint32_t percentile(std::vector<std::uint32_t>& values, std::size_t percent) {
    if (values.empty()) {
        return 0;
    }
    const auto nth =
        values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * percent / 100);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

} // namespace

int main(int argc, char** argv) {
    constexpr std::string_view kExpect = "--expect=";
    Totals totals;
    if (argc > 1 && std::string_view(argv[1]).substr(0, kExpect.size()) == kExpect) {
        totals.expected = std::string_view(argv[1]).substr(kExpect.size());
        ++argv;
        --argc;
    }
    if (argc < 6) {
        std::fputs(
            "usage: bench_load [--expect=STATUS] PORT CONNECTIONS SECONDS METHOD PATH "
            "[HEADER...]\n",
            stderr
        );
        return 2;
    }
    const std::string method = argv[4];
    std::string request =
        method + " " + argv[5] + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n";
    for (int i = 6; i < argc; ++i) {
        request.append(argv[i]).append("\r\n");
    }
    request += "\r\n";
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Client> clients(std::stoul(argv[2]));
    const auto start = Clock::now();
    for (std::size_t i = 0; i < clients.size(); ++i) {
        clients[i].fd = connect_to(static_cast<std::uint16_t>(std::stoul(argv[1])));
        if (clients[i].fd < 0) {
            std::fprintf(stderr, "nobody listens on port %s\n", argv[1]);
            return 1;
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event);
        ask(clients[i], request);
    }
    const auto end = start + std::chrono::duration<double>(std::stod(argv[3]));
    std::array<epoll_event, 256> events{};
    while (Clock::now() < end) {
        const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < count; ++i) {
            Client& client = clients[events[static_cast<std::size_t>(i)].data.u64];
            if (!on_readable(client, request, method == "HEAD", totals)) {
                ++totals.errors;
                ::close(client.fd);
            }
        }
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const auto requests = static_cast<double>(totals.micros.size());
    std::printf(
        "{\"requests\": %.0f, \"rate\": %.1f, \"p50_us\": %u, \"p99_us\": %u, \"errors\": %llu}\n",
        requests,
        requests / seconds,
        percentile(totals.micros, 50),
        percentile(totals.micros, 99),
        static_cast<unsigned long long>(totals.errors)
    );
    return totals.errors == 0 ? 0 : 1;
}
