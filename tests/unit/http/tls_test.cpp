// SPDX-License-Identifier: Apache-2.0
// The same server behind TLS, with a certificate made on the spot.
#include "core/util/handle.h"
#include "tests/support/catch.h"
#include "tests/unit/http/live_server.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>

namespace railhub::tests {

namespace {

using Key = util::Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = util::Handle<X509, X509_free>;
using ClientContext = util::Handle<SSL_CTX, SSL_CTX_free>;
using ClientSession = util::Handle<SSL, SSL_free>;
using PemFile = util::Handle<std::FILE, std::fclose>;

// Self-signed, for an hour.
void make_certificate(const std::string& certificate_path, const std::string& key_path) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    const PemFile certificate_file(std::fopen(certificate_path.c_str(), "wb"));
    REQUIRE(PEM_write_X509(certificate_file.get(), certificate.get()) == 1);
    const PemFile key_file(std::fopen(key_path.c_str(), "wb"));
    REQUIRE(
        PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1
    );
}

class TlsPeer {
  public:
    explicit TlsPeer(std::uint16_t port, int max_version = TLS1_3_VERSION)
        : peer_(port), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_max_proto_version(context_.get(), max_version);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        session_.reset(SSL_new(context_.get()));
        SSL_set_fd(session_.get(), peer_.fd());
        is_connected_ = SSL_connect(session_.get()) == 1;
        ERR_clear_error();
    }

    [[nodiscard]] bool is_connected() const { return is_connected_; }

    void send(std::string_view text) {
        REQUIRE(
            SSL_write(session_.get(), text.data(), static_cast<int>(text.size())) ==
            static_cast<int>(text.size())
        );
    }

    // Reads until `count` bytes of body came behind the head.
    std::string receive(std::size_t count) {
        std::string text;
        std::string block(65536, '\0');
        while (text.find("\r\n\r\n") == std::string::npos ||
               text.size() < text.find("\r\n\r\n") + 4 + count) {
            const int got = SSL_read(session_.get(), block.data(), static_cast<int>(block.size()));
            if (got <= 0) {
                break;
            }
            text.append(block, 0, static_cast<std::size_t>(got));
        }
        return text.find("\r\n\r\n") == std::string::npos ? text
                                                          : text.substr(text.find("\r\n\r\n") + 4);
    }

  private:
    Peer peer_;
    ClientContext context_;
    ClientSession session_;
    bool is_connected_ = false;
};

struct TlsFiles {
    TlsFiles() { make_certificate(folder.file("cert.pem"), folder.file("key.pem")); }

    [[nodiscard]] http::ServerOptions options() const {
        http::ServerOptions options = patient_options();
        options.tls_certificate = folder.file("cert.pem");
        options.tls_key = folder.file("key.pem");
        return options;
    }

    TempDir folder;
};

} // namespace

TEST_CASE("TLS serves small answers, uploads, streams and files on one connection") {
    const TlsFiles files;
    LiveServer live(files.options());
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsPeer peer(live.port(), version);
        REQUIRE(peer.is_connected());
        peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(peer.receive(5) == "hello");
        const std::string body(300'000, 'b');
        peer.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n" + body);
        CHECK(peer.receive(6) == "300000");
        peer.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(peer.receive(22) == "4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n");
        for (const std::string path : {"/mapped", "/file", "/read-at"}) {
            peer.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
            CHECK((peer.receive(live.content().size()) == live.content()));
        }
        peer.send("GET /show HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK_THAT(peer.receive(50), ContainsSubstring("base_url=https://h\n"));
    }
    CHECK(live.server().stats().connections_total == 2);
}

TEST_CASE("requests that share a TLS record are all served") {
    const TlsFiles files;
    LiveServer live(files.options());
    TlsPeer peer(live.port());
    const std::string one = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";
    peer.send(one + "abc" + one + "def" + one + "ghi");
    std::string bodies;
    while (bodies.find("ghi") == std::string::npos) {
        const std::string more = peer.receive(3);
        REQUIRE_FALSE(more.empty());
        bodies += more;
    }
    CHECK_THAT(bodies, StartsWith("abc"));
}

TEST_CASE("silent and plain peers on a TLS port hold nothing up") {
    const TlsFiles files;
    http::ServerOptions options = files.options();
    options.header_deadline = std::chrono::milliseconds(1'000);
    LiveServer live(options);
    std::vector<std::unique_ptr<Peer>> silent;
    for (int i = 0; i < 20; ++i) {
        silent.push_back(std::make_unique<Peer>(live.port()));
    }
    Peer plain(live.port());
    plain.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    TlsPeer peer(live.port());
    REQUIRE(peer.is_connected());
    peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(peer.receive(5) == "hello");
    CHECK(plain.receive().status == 0);
    // They meet the deadline of the handshake.
    CHECK(eventually([&live] { return live.server().stats().connections_open == 1; }));
}

TEST_CASE("old versions of TLS are refused") {
    const TlsFiles files;
    LiveServer live(files.options());
    CHECK_FALSE(TlsPeer(live.port(), TLS1_1_VERSION).is_connected());
}

TEST_CASE("TLS that cannot be set up is an error at start") {
    const TlsFiles files;
    TestContext test;
    util::SystemClock clock;
    const util::Context ctx{test.log, test.progress, clock};
    http::ServerOptions options = files.options();
    options.tls_key = "";
    REQUIRE_ERROR(http::start_server(ctx, options, {}, {}), util::Code::InvalidInput);
    options.tls_key = files.folder.file("absent.pem");
    REQUIRE_ERROR(http::start_server(ctx, options, {}, {}), util::Code::InvalidInput);
    options = patient_options();
    options.address = "256.1.1.1";
    REQUIRE_ERROR(http::start_server(ctx, options, {}, {}), util::Code::InvalidInput);
}

} // namespace railhub::tests
