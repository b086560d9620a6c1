// SPDX-License-Identifier: Apache-2.0
// TLS 1.2 and 1.3 over a non-blocking socket.
#pragma once

#include "server/http/transport.h"

#include <memory>
#include <string>

namespace railhub::http {

// Certificate, key and settings that all connections share. Immutable, safe from any thread.
class TlsContext {
  public:
    // PEM files; the certificate file may hold its chain.
    static util::Result<std::shared_ptr<const TlsContext>>
    open(const std::string& certificate, const std::string& key);
    virtual ~TlsContext() = default;

    // nullptr when there is no memory for it.
    [[nodiscard]] virtual std::unique_ptr<Transport> make_transport(util::FileHandle socket
    ) const = 0;
};

} // namespace railhub::http
