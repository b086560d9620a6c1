// SPDX-License-Identifier: Apache-2.0
// HttpClient over libcurl.
#pragma once

#include "core/transfer/http_client.h"

#include <memory>

namespace railhub::transfer {

// Keeps idle handles, each with its open connections; a thread that sends one request after the
// other gets the same one back. Safe from any thread.
class CurlClient final : public HttpClient {
  public:
    CurlClient();
    ~CurlClient() override;
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    util::Result<HttpResponse>
    send(const util::Context& ctx, const HttpRequest& request, ResponseSink* sink) override;

  private:
    struct Pool;
    std::unique_ptr<Pool> pool_;
};

// "libcurl/7.88.1".
std::string curl_version_text();

} // namespace railhub::transfer
