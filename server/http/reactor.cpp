// SPDX-License-Identifier: Apache-2.0
// epoll, one shot per wait: a connection has exactly one owner at a time. Deadlines are looked at a
// few times within the shortest of them, by a walk over the table.
#include "server/http/reactor.h"

#include "server/http/socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace railhub::http {

namespace {

constexpr std::size_t kScratchBytes = std::size_t{16} * 1024;
constexpr int kEventsPerWait = 256;
constexpr int kAcceptsPerEvent = 256;
constexpr std::size_t kEvictedAtOnce = 64;
constexpr std::chrono::milliseconds kEndingTime{3'000};
constexpr std::chrono::milliseconds kLongestTick{2'500};
constexpr std::chrono::milliseconds kShortestTick{10};

std::chrono::milliseconds sweep_tick(const ServerOptions& options) {
    const auto shortest = std::min({options.header_deadline, options.keep_alive, kEndingTime});
    return std::clamp(shortest / 4, kShortestTick, kLongestTick);
}

util::FileHandle open_spare() {
    return util::FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool watch(int epoll, int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

} // namespace

Reactor::Reactor(const ServerOptions& options, util::Clock& clock, Counters& counters, Hooks hooks)
    : options_(options), clock_(clock), counters_(counters), hooks_(std::move(hooks)),
      scratch_(kScratchBytes) {}

util::Result<std::unique_ptr<Reactor>> Reactor::open(
    const ServerOptions& options,
    util::Clock& clock,
    Counters& counters,
    util::FileHandle listener,
    Hooks hooks
) {
    std::unique_ptr<Reactor> reactor(new Reactor(options, clock, counters, std::move(hooks)));
    reactor->listener_ = std::move(listener);
    reactor->spare_ = open_spare();
    reactor->epoll_ = util::FileHandle(::epoll_create1(EPOLL_CLOEXEC));
    reactor->wake_ = util::FileHandle(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const int epoll = reactor->epoll_.fd();
    if (epoll < 0 || !reactor->wake_.is_open() || !watch(epoll, reactor->wake_.fd(), EPOLLIN) ||
        !watch(epoll, reactor->listener_.fd(), EPOLLIN)) {
        return util::system_error("set up", "epoll", errno);
    }
    return reactor;
}

Reactor::~Reactor() {
    stop();
}

void Reactor::start() {
    thread_ = std::thread([this] { run(); });
}

void Reactor::wake() const {
    const std::uint64_t one = 1;
    // A full counter means that the wake-up is on its way already.
    [[maybe_unused]] const ssize_t ignored = ::write(wake_.fd(), &one, sizeof one);
}

int Reactor::next_timeout() {
    const std::lock_guard lock(mutex_);
    return live_ == 0 ? -1 : static_cast<int>(sweep_tick(options_).count());
}

void Reactor::run() {
    std::array<epoll_event, kEventsPerWait> events{};
    while (!stopping_) {
        const int count = ::epoll_wait(epoll_.fd(), events.data(), kEventsPerWait, next_timeout());
        for (int i = 0; i < count; ++i) {
            on_event(events[static_cast<std::size_t>(i)].data.fd);
        }
        if (clock_.steady() >= next_sweep_) {
            sweep();
            next_sweep_ = clock_.steady() + sweep_tick(options_);
        }
    }
}

void Reactor::on_event(int fd) {
    if (fd == wake_.fd()) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const ssize_t count = ::read(fd, &ignored, sizeof ignored);
        if (draining_) {
            listener_.close();
            close_idle();
        }
        return;
    }
    if (listener_.is_open() && fd == listener_.fd()) {
        accept_all();
        return;
    }
    Phase phase = Phase::Busy;
    Connection* connection = take(fd, phase);
    if (connection == nullptr) {
        return;
    }
    if (phase == Phase::Handshake) {
        hooks_.shake_hands(*connection);
    } else if (phase == Phase::Ending) {
        throw_away(*connection);
    } else {
        read_head(*connection, phase);
    }
}

// The connection of a descriptor if it is parked; it is then the caller's.
Connection* Reactor::take(int fd, Phase& phase) {
    const std::lock_guard lock(mutex_);
    const auto index = static_cast<std::size_t>(fd);
    if (index >= table_.size() || table_[index] == nullptr || table_[index]->phase == Phase::Busy) {
        return nullptr;
    }
    phase = std::exchange(table_[index]->phase, Phase::Busy);
    return table_[index].get();
}

void Reactor::accept_all() {
    for (int i = 0; i < kAcceptsPerEvent; ++i) {
        std::string peer;
        util::FileHandle socket = accept_socket(listener_.fd(), peer);
        if (!socket.is_open() && (errno == EMFILE || errno == ENFILE) && spare_.is_open()) {
            // No descriptor left: take the peer off the queue all the same, or epoll would spin.
            spare_.close();
            accept_socket(listener_.fd(), peer).close();
            spare_ = open_spare();
            Counters::add(counters_.rejected_total, 1);
            evict_idle();
            continue;
        }
        if (!socket.is_open()) {
            return;
        }
        adopt(std::move(socket), std::move(peer));
    }
}

void Reactor::adopt(util::FileHandle socket, std::string peer) {
    auto owned = std::make_unique<Connection>();
    owned->transport = hooks_.welcome(std::move(socket));
    if (owned->transport == nullptr) {
        return;
    }
    owned->peer = std::move(peer);
    owned->deadline = clock_.steady() + options_.header_deadline;
    Connection& connection = *owned;
    const int fd = connection.transport->fd();
    bool is_full = false;
    {
        const std::lock_guard lock(mutex_);
        const auto index = static_cast<std::size_t>(fd);
        table_.resize(std::max(table_.size(), index + 1));
        table_[index] = std::move(owned);
        ++live_;
        is_full = live_ > options_.max_connections;
        epoll_event event{};
        event.data.fd = fd;
        ::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event);
    }
    Counters::add(counters_.connections_total, 1);
    Counters::add(counters_.connections_open, 1);
    if (is_full) {
        turn_away(connection);
        return;
    }
    const Phase first = connection.transport->needs_handshake() ? Phase::Handshake : Phase::Idle;
    park_until(connection, first, IoState::WantRead, connection.deadline);
}

// Idle ones make room for the next to come; this one is asked to come back.
void Reactor::turn_away(Connection& connection) {
    evict_idle();
    connection.refusal = Refusal{503, "too many connections"};
    hooks_.serve(connection);
}

bool Reactor::find_head(Connection& connection) const {
    // An empty line before a request is tolerated (RFC 9112 section 2.2).
    while (connection.scanned == 0 && connection.input.text().starts_with("\r\n")) {
        connection.input.drop(2);
    }
    const std::string_view text = connection.input.text();
    if (const auto end = find_head_end(text, connection.scanned)) {
        connection.head_size = *end;
        connection.scanned = 0;
        return true;
    }
    if (text.size() > options_.max_header_bytes) {
        const bool has_line = text.find('\n') != std::string_view::npos;
        connection.refusal = has_line ? Refusal{431, "request head is too large"}
                                      : Refusal{414, "request target is too long"};
        return true;
    }
    return false;
}

void Reactor::read_head(Connection& connection, Phase phase) {
    do {
        const IoStep step = connection.transport->recv(scratch_);
        if (step.state == IoState::Closed) {
            close(connection);
            return;
        }
        if (step.state != IoState::Done) {
            park_until(connection, phase, step.state, connection.deadline);
            return;
        }
        Counters::add(counters_.bytes_received, step.bytes);
        if (phase == Phase::Idle) {
            connection.deadline = clock_.steady() + options_.header_deadline;
            phase = Phase::Head;
        }
        connection.input.append(util::ByteView(scratch_).first(step.bytes));
        if (find_head(connection)) {
            hooks_.serve(connection);
            return;
        }
    } while (connection.transport->has_buffered());
    park_until(connection, phase, IoState::WantRead, connection.deadline);
}

void Reactor::throw_away(Connection& connection) {
    // Past TLS: what comes is not wanted, so it need not be decrypted.
    for (int i = 0; i < 16; ++i) {
        const ssize_t count =
            ::recv(connection.transport->fd(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
            close(connection);
            return;
        }
        if (count < 0) {
            break;
        }
    }
    park_until(connection, Phase::Ending, IoState::WantRead, connection.deadline);
}

void Reactor::park(Connection& connection, Phase phase, IoState wanted) {
    const auto now = clock_.steady();
    if (phase == Phase::Idle) {
        const auto time = connection.served == 0 ? options_.header_deadline : options_.keep_alive;
        connection.deadline = now + time;
        connection.input.release();
    } else if (phase == Phase::Head) {
        connection.deadline = now + options_.header_deadline;
        connection.input.release();
    } else if (phase == Phase::Ending) {
        connection.deadline = now + kEndingTime;
    }
    park_until(connection, phase, wanted, connection.deadline);
}

void Reactor::park_until(
    Connection& connection,
    Phase phase,
    IoState wanted,
    std::chrono::steady_clock::time_point deadline
) {
    {
        const std::lock_guard lock(mutex_);
        if (phase != Phase::Idle || !draining_) {
            const int fd = connection.transport->fd();
            connection.phase = phase;
            connection.deadline = deadline;
            epoll_event event{};
            event.events = EPOLLONESHOT | (wanted == IoState::WantWrite ? EPOLLOUT : EPOLLIN);
            event.data.fd = fd;
            ::epoll_ctl(epoll_.fd(), EPOLL_CTL_MOD, fd, &event);
            return;
        }
    }
    close(connection);
}

void Reactor::remove(Connection& connection) {
    std::unique_ptr<Connection> owned;
    const std::lock_guard lock(mutex_);
    owned = std::move(table_[static_cast<std::size_t>(connection.transport->fd())]);
    if (--live_ == 0) {
        empty_.notify_all();
    }
}

void Reactor::close(Connection& connection) {
    counters_.connections_open.fetch_sub(1, std::memory_order_relaxed);
    remove(connection);
}

void Reactor::end(Connection& connection) {
    connection.transport->end_sending();
    park(connection, Phase::Ending);
}

// Descriptors of parked connections that `choose` wants.
std::vector<int> Reactor::parked(const std::function<bool(const Connection&)>& choose) {
    std::vector<int> chosen;
    const std::lock_guard lock(mutex_);
    for (const auto& connection : table_) {
        if (connection != nullptr && connection->phase != Phase::Busy && choose(*connection)) {
            chosen.push_back(connection->transport->fd());
        }
    }
    return chosen;
}

void Reactor::sweep() {
    const auto now = clock_.steady();
    for (const int fd : parked([now](const Connection& c) { return c.deadline <= now; })) {
        Phase phase = Phase::Busy;
        if (Connection* connection = take(fd, phase)) {
            expire(*connection, phase);
        }
    }
}

void Reactor::expire(Connection& connection, Phase phase) {
    if (phase != Phase::Head) {
        close(connection);
        return;
    }
    connection.refusal = Refusal{408, "the request head did not come in time"};
    hooks_.serve(connection);
}

// The idle connections that would end soonest.
void Reactor::evict_idle() {
    std::vector<std::pair<std::chrono::steady_clock::time_point, int>> idle;
    parked([&idle](const Connection& c) {
        if (c.phase == Phase::Idle) {
            idle.emplace_back(c.deadline, c.transport->fd());
        }
        return false;
    });
    const auto count = std::min(idle.size(), kEvictedAtOnce);
    const auto middle = idle.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(idle.begin(), middle, idle.end());
    for (auto it = idle.begin(); it != middle; ++it) {
        Phase phase = Phase::Busy;
        if (Connection* connection = take(it->second, phase)) {
            close(*connection);
        }
    }
}

// A request may have come in the meantime: reading finds it, and parking closes the others.
void Reactor::close_idle() {
    for (const int fd : parked([](const Connection& c) {
             return c.phase == Phase::Idle || c.phase == Phase::Handshake;
         })) {
        Phase phase = Phase::Busy;
        if (Connection* connection = take(fd, phase)) {
            phase == Phase::Idle ? read_head(*connection, phase) : close(*connection);
        }
    }
}

void Reactor::drain() {
    {
        const std::lock_guard lock(mutex_);
        draining_ = true;
    }
    wake();
}

bool Reactor::wait_empty(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, time, [this] { return live_ == 0; });
}

void Reactor::cut_all() {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : table_) {
        if (connection != nullptr) {
            ::shutdown(connection->transport->fd(), SHUT_RDWR);
        }
    }
}

void Reactor::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) {
        thread_.join();
    }
}

} // namespace railhub::http
