// SPDX-License-Identifier: Apache-2.0
// The way of one exchange. Every path through it ends in finish(), end() or close(), once.
#include "server/http/service.h"

#include "server/http/intake.h"

#include <algorithm>
#include <array>
#include <exception>
#include <sys/socket.h>
#include <utility>

namespace railhub::http {

namespace {

// A worker sends this much itself; more is for a pump.
constexpr std::size_t kWorkerBytes = std::size_t{256} * 1024;
constexpr std::size_t kWorkerScratch = std::size_t{32} * 1024;

// The date of the present second, printed once a second and thread.
std::string_view date_now(util::Clock& clock) {
    thread_local std::int64_t second = -1;
    thread_local std::string text;
    const util::TimePoint now = clock.now();
    if (util::to_millis(now) / 1000 != second) {
        second = util::to_millis(now) / 1000;
        text = http_date(now);
    }
    return text;
}

// Makes close() send a reset: the peer must not take a cut answer for a whole one.
void reset_on_close(int fd) {
    const linger now{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

// Sends each write at once as one chunk (or bare, for HTTP/1.0); the head goes with the first.
class ChunkWriter final : public util::Writer {
  public:
    ChunkWriter(Stream& stream, const Reply& reply)
        : stream_(stream), head_(reply.stream_head), is_chunked_(reply.is_chunked) {}

    util::Result<> write(util::ByteView bytes) override {
        if (bytes.empty()) {
            return {};
        }
        std::array<char, 20> size{};
        const int length =
            is_chunked_ ? std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size()) : 0;
        return send(
            std::string_view(size.data(), static_cast<std::size_t>(length)),
            bytes,
            is_chunked_ ? "\r\n" : ""
        );
    }

    util::Result<> finish() { return send(is_chunked_ ? "0\r\n\r\n" : "", {}, ""); }

    [[nodiscard]] bool has_begun() const { return has_begun_; }

    [[nodiscard]] std::uint64_t sent() const { return sent_; }

  private:
    util::Result<> send(std::string_view before, util::ByteView bytes, std::string_view behind) {
        std::array parts{
            has_begun_ ? util::ByteView{} : util::as_bytes(head_),
            util::as_bytes(before),
            bytes,
            util::as_bytes(behind)};
        for (const util::ByteView part : parts) {
            sent_ += part.size();
        }
        has_begun_ = true;
        return stream_.write(parts);
    }

    Stream& stream_;
    std::string_view head_;
    bool is_chunked_;
    bool has_begun_ = false;
    std::uint64_t sent_ = 0;
};

} // namespace

void Service::connect(Reactor& reactor, std::vector<Pump*> pumps, std::string own_authority) {
    reactor_ = &reactor;
    pumps_ = std::move(pumps);
    own_authority_ = std::move(own_authority);
}

void Service::shake_hands(Connection& connection) {
    const IoStep step = connection.transport->handshake();
    if (step.state == IoState::Done) {
        next(connection);
    } else if (step.state == IoState::Closed) {
        Counters::add(deps_.counters.rejected_total, 1);
        reactor_->close(connection);
    } else {
        reactor_->park(connection, Phase::Handshake, step.state);
    }
}

std::string Service::request_id(const Headers& headers) {
    const std::string_view given = client_request_id(headers);
    return given.empty() ? util::random_hex(random_, 16) : std::string(given);
}

ReplyFrame Service::frame_for(const RunningExchange& exchange, Protocol protocol) {
    return {protocol, exchange.persistence, date_now(deps_.ctx.clock)};
}

void Service::serve(Connection& connection) {
    connection.exchange = std::make_unique<RunningExchange>();
    RunningExchange& exchange = *connection.exchange;
    exchange.start = deps_.ctx.clock.steady();
    exchange.request.peer = connection.peer;
    if (connection.refusal) {
        refuse(connection, *connection.refusal);
        return;
    }
    run_exchange(connection);
}

// A request that no handler saw: answer, log and close.
void Service::refuse(Connection& connection, const Refusal& refusal) {
    Counters::add(deps_.counters.rejected_total, 1);
    if (connection.transport->needs_handshake()) {
        reactor_->close(connection);
        return;
    }
    RunningExchange& exchange = *connection.exchange;
    exchange.persistence = Persistence::Close;
    exchange.note = "refused";
    if (exchange.request.request_id.empty()) {
        exchange.request.request_id = request_id(exchange.request.headers);
    }
    Response response = error_response(refusal.status, refusal.message);
    if (refusal.status == 503) {
        response.header("Retry-After", "1");
    }
    send(
        connection,
        make_reply(exchange.request, std::move(response), frame_for(exchange, Protocol::Http11))
    );
}

Response Service::call_handler(Request& request) {
    try {
        return deps_.handler(request);
    } catch (const std::exception& error) {
        deps_.ctx.log.error(
            "handler failed", {{"request_id", request.request_id}, {"error", error.what()}}
        );
    } catch (...) {
        deps_.ctx.log.error("handler failed", {{"request_id", request.request_id}});
    }
    Response response = error_response(500, "internal error");
    response.log_note = "exception";
    return response;
}

void Service::run_exchange(Connection& connection) {
    RunningExchange& exchange = *connection.exchange;
    const ServerOptions& options = deps_.options;
    Head head;
    const std::string_view bytes = connection.input.text().substr(0, connection.head_size);
    const HeadLimits limits{options.max_header_bytes, options.max_header_lines};
    auto refusal = parse_head(bytes, limits, head);
    connection.input.drop(std::exchange(connection.head_size, 0));
    exchange.request.method = head.method;
    exchange.request.request_id = request_id(head.headers);
    if (!refusal) {
        const std::string_view scheme = options.tls_certificate.empty() ? "http" : "https";
        const Surroundings around{
            connection.peer,
            scheme,
            own_authority_,
            options.path_prefix,
            options.external_url,
            options.trust_forwarded};
        refusal = fill_request(head, around, exchange.request);
    }
    if (!refusal && head.content_length > options.max_body_bytes) {
        refusal = Refusal{413, "request body is too large"};
    }
    if (refusal) {
        refuse(connection, *refusal);
        return;
    }
    Counters::add(deps_.counters.requests_total, 1);
    ++connection.served;
    const StreamDeps stream_deps{
        deps_.workers, deps_.counters, deps_.ctx.clock, options.body_idle, options.write_idle};
    Stream stream(*connection.transport, stream_deps);
    RequestBody body(head, stream, connection.input, options.max_body_bytes);
    exchange.request.body = &body;
    Response response = call_handler(exchange.request);
    exchange.note = response.log_note;
    const bool can_go_on = body.settle() && head.keep_alive && !draining_;
    exchange.request.body = nullptr;
    exchange.persistence = can_go_on ? Persistence::KeepAlive : Persistence::Close;
    const Protocol protocol = head.is_http10 ? Protocol::Http10 : Protocol::Http11;
    Reply reply = make_reply(exchange.request, std::move(response), frame_for(exchange, protocol));
    if (reply.produce) {
        send_stream(connection, stream, reply);
    } else {
        send(connection, std::move(reply));
    }
}

void Service::send(Connection& connection, Reply reply) {
    RunningExchange& exchange = *connection.exchange;
    exchange.status = reply.status;
    exchange.persistence = reply.persistence;
    exchange.outgoing = std::move(reply.outgoing);
    std::array<std::uint8_t, kWorkerScratch> scratch;
    const IoStep step = exchange.outgoing.push(*connection.transport, scratch, kWorkerBytes);
    exchange.bytes_sent += step.bytes;
    Counters::add(deps_.counters.bytes_sent, step.bytes);
    if (exchange.outgoing.is_done()) {
        finish(connection, Outcome::Complete);
    } else if (step.state == IoState::Closed) {
        finish(connection, Outcome::Broken);
    } else {
        const auto less = [](const Pump* a, const Pump* b) { return a->load() < b->load(); };
        (*std::min_element(pumps_.begin(), pumps_.end(), less))->add(connection);
    }
}

void Service::send_stream(Connection& connection, Stream& stream, Reply& reply) {
    RunningExchange& exchange = *connection.exchange;
    exchange.status = reply.status;
    exchange.persistence = reply.persistence;
    ChunkWriter writer(stream, reply);
    util::Result<> result;
    try {
        result = reply.produce(writer);
    } catch (const std::exception& error) {
        result = util::fail(util::Code::Io, error.what());
    }
    if (!result && !writer.has_begun()) {
        deps_.ctx.log.error(
            "answer failed",
            {{"request_id", exchange.request.request_id}, {"error", util::to_line(result.error())}}
        );
        exchange.note = "failed";
        exchange.persistence = Persistence::Close;
        Response failed = error_response(500, "internal error");
        send(
            connection,
            make_reply(exchange.request, std::move(failed), frame_for(exchange, Protocol::Http11))
        );
        return;
    }
    if (result) {
        result = writer.finish();
    }
    exchange.bytes_sent += writer.sent();
    if (!result) {
        exchange.note = util::to_line(result.error());
    }
    finish(connection, result ? Outcome::Complete : Outcome::Broken);
}

void Service::finish(Connection& connection, Outcome outcome) {
    const std::unique_ptr<RunningExchange> exchange = std::move(connection.exchange);
    const auto spent = deps_.ctx.clock.steady() - exchange->start;
    if (deps_.observer) {
        const std::string_view note = outcome == Outcome::Broken && exchange->note.empty()
                                          ? std::string_view("cut")
                                          : std::string_view(exchange->note);
        deps_.observer(Exchange{
            exchange->request,
            exchange->status,
            exchange->bytes_sent,
            std::chrono::duration_cast<std::chrono::microseconds>(spent),
            note,
        });
    }
    if (outcome == Outcome::Broken) {
        reset_on_close(connection.transport->fd());
        reactor_->close(connection);
    } else if (exchange->persistence == Persistence::Close) {
        reactor_->end(connection);
    } else {
        next(connection);
    }
}

// Another request may be here already: in the buffer, or inside TLS.
void Service::next(Connection& connection) {
    while (!reactor_->find_head(connection)) {
        if (!connection.transport->has_buffered()) {
            reactor_->park(connection, connection.input.is_empty() ? Phase::Idle : Phase::Head);
            return;
        }
        std::array<std::uint8_t, 4096> block;
        const IoStep step = connection.transport->recv(block);
        if (step.state == IoState::Closed) {
            reactor_->close(connection);
            return;
        }
        if (step.state != IoState::Done) {
            reactor_->park(
                connection, connection.input.is_empty() ? Phase::Idle : Phase::Head, step.state
            );
            return;
        }
        connection.input.append(util::ByteView(block).first(step.bytes));
    }
    deps_.workers.submit([this, &connection] { serve(connection); });
}

} // namespace railhub::http
