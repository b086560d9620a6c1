// SPDX-License-Identifier: Apache-2.0
// Level-triggered epoll on the writing side: ready peers are served in turn until they are full.
#include "server/http/pump.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace railhub::http {

namespace {

constexpr std::size_t kPumpScratchBytes = std::size_t{256} * 1024;
constexpr std::size_t kTurnBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kLongestPumpTick{1'000};

} // namespace

Pump::Pump(util::Clock& clock, Counters& counters, std::chrono::milliseconds write_idle, Done done)
    : clock_(clock), counters_(counters), write_idle_(write_idle), done_(std::move(done)) {}

util::Result<std::unique_ptr<Pump>> Pump::open(
    util::Clock& clock, Counters& counters, std::chrono::milliseconds write_idle, Done done
) {
    std::unique_ptr<Pump> pump(new Pump(clock, counters, write_idle, std::move(done)));
    pump->epoll_ = util::FileHandle(::epoll_create1(EPOLL_CLOEXEC));
    pump->wake_ = util::FileHandle(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = pump->wake_.fd();
    if (::epoll_ctl(pump->epoll_.fd(), EPOLL_CTL_ADD, pump->wake_.fd(), &event) != 0) {
        return util::system_error("set up", "epoll", errno);
    }
    pump->thread_ = std::thread([raw = pump.get()] { raw->run(); });
    return pump;
}

Pump::~Pump() {
    stop();
}

void Pump::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Pump::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(wake_.fd(), &one, sizeof one);
}

void Pump::add(Connection& connection) {
    load_.fetch_add(1, std::memory_order_relaxed);
    Counters::add(counters_.pumping, 1);
    {
        const std::lock_guard lock(mutex_);
        added_.push_back(&connection);
    }
    wake();
}

void Pump::watch(int operation, const Transfer& transfer) const {
    epoll_event event{};
    event.events = transfer.waits_for == IoState::WantRead ? EPOLLIN : EPOLLOUT;
    event.data.fd = transfer.connection->transport->fd();
    ::epoll_ctl(epoll_.fd(), operation, event.data.fd, &event);
}

void Pump::take_new() {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const ssize_t count = ::read(wake_.fd(), &ignored, sizeof ignored);
    std::vector<Connection*> added;
    {
        const std::lock_guard lock(mutex_);
        added.swap(added_);
    }
    scratch_.resize(added.empty() ? scratch_.size() : kPumpScratchBytes);
    for (Connection* connection : added) {
        const Transfer transfer{connection, IoState::WantWrite, clock_.steady() + write_idle_};
        transfers_.emplace(connection->transport->fd(), transfer);
        watch(EPOLL_CTL_ADD, transfer);
    }
}

void Pump::finish(const Transfer& transfer, Outcome outcome) {
    Connection& connection = *transfer.connection;
    const int fd = connection.transport->fd();
    ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr);
    transfers_.erase(fd);
    load_.fetch_sub(1, std::memory_order_relaxed);
    counters_.pumping.fetch_sub(1, std::memory_order_relaxed);
    done_(connection, outcome);
}

void Pump::step(Transfer& transfer) {
    Connection& connection = *transfer.connection;
    RunningExchange& exchange = *connection.exchange;
    const IoStep step = exchange.outgoing.push(*connection.transport, scratch_, kTurnBytes);
    exchange.bytes_sent += step.bytes;
    Counters::add(counters_.bytes_sent, step.bytes);
    if (step.bytes > 0) {
        transfer.deadline = clock_.steady() + write_idle_;
    }
    if (exchange.outgoing.is_done() || step.state == IoState::Closed) {
        finish(
            Transfer(transfer), exchange.outgoing.is_done() ? Outcome::Complete : Outcome::Broken
        );
    } else if (step.state != transfer.waits_for) {
        transfer.waits_for = step.state;
        watch(EPOLL_CTL_MOD, transfer);
    }
}

void Pump::give_up_late() {
    const auto now = clock_.steady();
    std::vector<Transfer> late;
    for (const auto& [fd, transfer] : transfers_) {
        if (transfer.deadline <= now || stopping_) {
            late.push_back(transfer);
        }
    }
    for (const Transfer& transfer : late) {
        finish(transfer, Outcome::Broken);
    }
}

void Pump::run() {
    const int tick = static_cast<int>(
        std::min(write_idle_ / 4 + std::chrono::milliseconds(1), kLongestPumpTick).count()
    );
    std::array<epoll_event, 64> events{};
    auto next_look = clock_.steady();
    while (!stopping_) {
        const int timeout = transfers_.empty() ? -1 : tick;
        const int count =
            ::epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), timeout);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == wake_.fd()) {
                take_new();
            } else if (const auto found = transfers_.find(fd); found != transfers_.end()) {
                step(found->second);
            }
        }
        if (clock_.steady() >= next_look) {
            give_up_late();
            next_look = clock_.steady() + std::chrono::milliseconds(tick);
        }
    }
    take_new();
    give_up_late();
}

} // namespace railhub::http
