// SPDX-License-Identifier: Apache-2.0
// Starts the server on a free port; the content it serves is made, not read.
#include "tests/unit/http/live_server.h"

#include "core/util/text.h"
#include "tests/support/catch.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace railhub::tests {

namespace {

constexpr int kPatienceMs = 8'000;
constexpr std::size_t kContentBytes = 8 * 1024 * 1024;

std::string made_content() {
    std::string content(kContentBytes, '\0');
    std::uint32_t state = 1;
    for (char& c : content) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>(state >> 24U);
    }
    return content;
}

// Made once: it takes longer than most tests.
const std::string& shared_content() {
    static const std::string content = made_content();
    return content;
}

std::string shown(const http::Request& request) {
    std::string text = "method=" + std::string(http::method_word(request.method)) +
                       "\npeer=" + request.peer + "\nbase_url=" + request.base_url +
                       "\ntarget=" + request.target + "\npath=" + request.path;
    for (const auto& segment : request.segments) {
        text += "\nsegment=" + segment;
    }
    for (const auto& [name, value] : request.query) {
        text += "\nquery=" + name + "=" + value;
    }
    for (const auto& [name, value] : request.headers.all()) {
        text += "\nheader=" + name + ":" + value;
    }
    return text + "\n";
}

http::Response counted(http::Request& request, std::uint64_t limit) {
    request.body->limit(limit);
    std::vector<std::uint8_t> block(64 * 1024);
    std::uint64_t total = 0;
    while (true) {
        const auto count = request.body->read(block);
        if (!count) {
            const bool is_large = count.error().code == util::Code::TooLarge;
            http::Response response =
                http::Response::text(is_large ? 413 : 400, util::to_line(count.error()));
            response.log_note = util::code_name(count.error().code);
            return response;
        }
        if (*count == 0) {
            return http::Response::text(200, std::to_string(total));
        }
        total += *count;
    }
}

http::Response echoed(http::Request& request) {
    const auto text = util::read_all(*request.body, 1 << 20);
    return text ? http::Response::text(200, *text)
                : http::Response::text(400, util::to_line(text.error()));
}

http::Response streamed(bool is_cut) {
    http::Response response;
    response.body = http::StreamBody{[is_cut](util::Writer& to) -> util::Result<> {
        RAILHUB_TRY(to.write(util::as_bytes("one ")));
        if (is_cut) {
            return util::fail(util::Code::Io, "gone");
        }
        return to.write(util::as_bytes("two"));
    }};
    return response;
}

} // namespace

http::ServerOptions patient_options() {
    http::ServerOptions options;
    options.workers = 4;
    options.drain = std::chrono::milliseconds(5'000);
    return options;
}

http::ServerOptions strict_options() {
    http::ServerOptions options = patient_options();
    options.header_deadline = std::chrono::milliseconds(300);
    options.body_idle = std::chrono::milliseconds(300);
    options.write_idle = std::chrono::milliseconds(300);
    return options;
}

std::string Answer::header(std::string_view name) const {
    for (const std::string_view line : util::split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos &&
            util::equal_ignore_case(line.substr(0, colon), name)) {
            return std::string(util::trim(line.substr(colon + 1)));
        }
    }
    return {};
}

Peer::Peer(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close();
    }
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    const timeval patience{kPatienceMs / 1000, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Peer::~Peer() {
    close();
}

void Peer::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
}

void Peer::read_slowly(int window) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
}

void Peer::end_sending() {
    ::shutdown(fd_, SHUT_WR);
}

bool Peer::send_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

Peer& Peer::send(std::string_view bytes) {
    send_all(bytes);
    return *this;
}

bool Peer::fill() {
    std::array<char, 65536> block;
    const ssize_t count = ::recv(fd_, block.data(), block.size(), 0);
    if (count > 0) {
        buffer_.append(block.data(), static_cast<std::size_t>(count));
    }
    return count > 0;
}

std::string Peer::receive_some(std::size_t count) {
    while (buffer_.size() < count && fill()) {
    }
    std::string some = buffer_.substr(0, count);
    buffer_.erase(0, some.size());
    return some;
}

bool Peer::is_closed() {
    std::array<char, 1> byte;
    return buffer_.empty() && ::recv(fd_, byte.data(), byte.size(), 0) <= 0;
}

Answer Peer::receive(Body body) {
    Answer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return answer;
        }
    }
    answer.head = receive_some(end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    if (body == Body::None || answer.status == 204 || answer.status == 304 || answer.status < 200) {
        answer.is_whole = true;
    } else if (answer.header("transfer-encoding") == "chunked") {
        while (true) {
            while ((end = buffer_.find("\r\n")) == std::string::npos && fill()) {
            }
            const std::size_t size =
                end == std::string::npos ? 0 : std::stoul(buffer_, nullptr, 16);
            const std::string chunk =
                receive_some(end == std::string::npos ? 0 : end + 2 + size + 2);
            answer.is_whole = size == 0 && chunk.ends_with("\r\n\r\n");
            if (size == 0) {
                break;
            }
            answer.body += chunk.substr(end + 2, size);
        }
    } else if (const std::string length = answer.header("content-length"); !length.empty()) {
        answer.body = receive_some(std::stoul(length));
        answer.is_whole = answer.body.size() == std::stoul(length);
    } else {
        while (fill()) {
        }
        answer.body = std::exchange(buffer_, {});
        answer.is_whole = true;
    }
    return answer;
}

LiveServer::LiveServer(http::ServerOptions options) : content_(shared_content()) {
    content_fd_ = ::open(folder_.file("content").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(
        ::write(content_fd_, content_.data(), content_.size()) ==
        static_cast<ssize_t>(content_.size())
    );
    const util::Context ctx{context.log, context.progress, clock_};
    auto started = http::start_server(
        ctx,
        options,
        [this](http::Request& request) { return handle(request); },
        [this](const http::Exchange& exchange) {
            const std::lock_guard lock(mutex_);
            seen_.push_back(
                {exchange.status,
                 exchange.bytes_sent,
                 exchange.request.path,
                 std::string(exchange.note)}
            );
            changed_.notify_all();
        }
    );
    REQUIRE_OK(started);
    server_ = std::move(*started);
}

LiveServer::~LiveServer() {
    release();
    server_.reset();
    ::close(content_fd_);
}

void LiveServer::release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
}

void LiveServer::wait() {
    ++waiting_;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [this] { return released_; });
    --waiting_;
}

std::vector<Seen> LiveServer::seen(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&] {
        return seen_.size() >= count;
    });
    return seen_;
}

Answer LiveServer::ask(std::string_view request) const {
    Peer peer(server_->port());
    peer.send(request);
    return peer.receive(request.starts_with("HEAD ") ? Peer::Body::None : Peer::Body::Expected);
}

http::FileBody LiveServer::file_body() const {
    http::FileBody body;
    body.size = content_.size();
    return body;
}

http::Response LiveServer::handle(http::Request& request) {
    const std::string name = request.segments.empty() ? "" : request.segments.front();
    http::Response response;
    response.header("ETag", "\"tag\"");
    if (name == "hello") {
        return http::Response::text(200, "hello");
    }
    if (name == "show") {
        return http::Response::text(200, shown(request));
    }
    if (name == "echo") {
        return echoed(request);
    }
    if (name == "count" || name == "limit") {
        return counted(request, name == "limit" ? 1000 : 1ULL << 40U);
    }
    if (name == "deny") {
        return http::Response::text(401, "denied");
    }
    if (name == "stream" || name == "cut") {
        return streamed(name == "cut");
    }
    if (name == "fail") {
        response.body = http::StreamBody{[](util::Writer&) -> util::Result<> {
            return util::fail(util::Code::Io, "secret reason");
        }};
        return response;
    }
    if (name == "throw") {
        throw std::runtime_error("secret reason");
    }
    if (name == "inject") {
        return http::Response::text(200, "x")
            .header("X-A", "1\r\nX-B: 2")
            .header("X-C: y\r\nX-D", "3")
            .header("X-E", "caf\xC3\xA9 \xE2\x82\xAC");
    }
    if (name == "wait") {
        wait();
        return http::Response::text(200, "waited");
    }
    http::FileBody body = file_body();
    if (name == "file") {
        body.fd = content_fd_;
    } else if (name == "mapped") {
        body.mapped = util::as_bytes(content_);
    } else if (name == "read-at") {
        body.read_at =
            [this](std::uint64_t at, std::span<std::uint8_t> into) -> util::Result<std::size_t> {
            const std::size_t count = std::min<std::size_t>(into.size(), 100'000);
            return content_.copy(
                reinterpret_cast<char*>(into.data()), count, static_cast<std::size_t>(at)
            );
        };
    } else if (name == "short") {
        body.fd = content_fd_;
        body.size += 1000;
    } else if (name == "empty") {
        body.size = 0;
    } else {
        return http::Response::text(404, "no such route");
    }
    response.body = std::move(body);
    return response;
}

bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < kPatienceMs / 10; ++i) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

} // namespace railhub::tests
