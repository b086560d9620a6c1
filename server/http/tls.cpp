// SPDX-License-Identifier: Apache-2.0
// One SSL per connection; its buffers are given back while it is idle.
#include "server/http/tls.h"

#include "core/util/handle.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace railhub::http {

namespace {

using SslContext = util::Handle<SSL_CTX, SSL_CTX_free>;
using SslSession = util::Handle<SSL, SSL_free>;

constexpr std::size_t kRecordBytes = std::size_t{16} * 1024;
constexpr std::string_view kHttp11 = "\x08http/1.1";

util::Error tls_error(const std::string& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return util::fail(util::Code::InvalidInput, what + ": " + text.data());
}

int choose_protocol(
    SSL* /*ssl*/,
    const unsigned char** out,
    unsigned char* out_length,
    const unsigned char* offered,
    unsigned int offered_length,
    void* /*arg*/
) {
    unsigned char* chosen = nullptr;
    const auto* ours = reinterpret_cast<const unsigned char*>(kHttp11.data());
    const int code = SSL_select_next_proto(
        &chosen, out_length, ours, static_cast<unsigned>(kHttp11.size()), offered, offered_length
    );
    *out = chosen;
    return code == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

class TlsTransport final : public Transport {
  public:
    TlsTransport(util::FileHandle socket, SslSession session)
        : Transport(std::move(socket)), ssl_(std::move(session)) {}

    [[nodiscard]] bool needs_handshake() const override { return !is_open_; }

    IoStep handshake() override {
        ERR_clear_error();
        const int code = SSL_accept(ssl_.get());
        is_open_ = code == 1;
        return is_open_ ? IoStep{} : failed(code);
    }

    IoStep recv(std::span<std::uint8_t> into) override {
        ERR_clear_error();
        std::size_t count = 0;
        const int code = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
        return code == 1 ? IoStep{count, IoState::Done} : failed(code);
    }

    IoStep send(std::span<const util::ByteView> parts, More more) override;

    IoStep send_file(int /*file*/, std::uint64_t /*offset*/, std::size_t /*count*/) override {
        return {0, IoState::Closed};
    }

    [[nodiscard]] bool can_send_file() const override { return false; }

    [[nodiscard]] bool has_buffered() const override { return SSL_pending(ssl_.get()) > 0; }

    void end_sending() override {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }

  private:
    IoStep failed(int code) {
        const int reason = SSL_get_error(ssl_.get(), code);
        ERR_clear_error();
        if (reason == SSL_ERROR_WANT_READ) {
            return {0, IoState::WantRead};
        }
        return {0, reason == SSL_ERROR_WANT_WRITE ? IoState::WantWrite : IoState::Closed};
    }

    SslSession ssl_;
    bool is_open_ = false;
};

// One record at most, gathered from the parts, so that small answers are one packet and a repeated
// call after "wait" offers the same record.
IoStep TlsTransport::send(std::span<const util::ByteView> parts, More /*more*/) {
    std::array<std::uint8_t, kRecordBytes> gathered;
    std::size_t length = 0;
    const std::uint8_t* data = gathered.data();
    for (const util::ByteView part : parts) {
        if (length == 0 && part.size() >= kRecordBytes) {
            data = part.data();
            length = kRecordBytes;
        }
        if (length == kRecordBytes) {
            break;
        }
        const std::size_t count = std::min(part.size(), kRecordBytes - length);
        std::copy_n(part.begin(), count, gathered.begin() + static_cast<std::ptrdiff_t>(length));
        length += count;
    }
    if (length == 0) {
        return {};
    }
    ERR_clear_error();
    std::size_t count = 0;
    const int code = SSL_write_ex(ssl_.get(), data, length, &count);
    return code == 1 ? IoStep{count, IoState::Done} : failed(code);
}

class OpenTlsContext final : public TlsContext {
  public:
    explicit OpenTlsContext(SslContext context) : context_(std::move(context)) {}

    [[nodiscard]] std::unique_ptr<Transport> make_transport(util::FileHandle socket
    ) const override {
        SslSession session(SSL_new(context_.get()));
        if (session == nullptr || SSL_set_fd(session.get(), socket.fd()) != 1) {
            ERR_clear_error();
            return nullptr;
        }
        SSL_set_accept_state(session.get());
        return std::make_unique<TlsTransport>(std::move(socket), std::move(session));
    }

  private:
    SslContext context_;
};

} // namespace

util::Result<std::shared_ptr<const TlsContext>>
TlsContext::open(const std::string& certificate, const std::string& key) {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (context == nullptr) {
        return tls_error("cannot set up TLS");
    }
    SSL_CTX* raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_options(
        raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
    );
    SSL_CTX_set_mode(
        raw,
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
            SSL_MODE_RELEASE_BUFFERS
    );
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF); // tickets do the same without memory
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(raw, certificate.c_str()) != 1) {
        return tls_error("cannot use TLS certificate '" + certificate + "'");
    }
    if (SSL_CTX_use_PrivateKey_file(raw, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(raw) != 1) {
        return tls_error("cannot use TLS key '" + key + "'");
    }
    return std::shared_ptr<const TlsContext>(std::make_shared<OpenTlsContext>(std::move(context)));
}

} // namespace railhub::http
