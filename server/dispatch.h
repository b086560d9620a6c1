// SPDX-License-Identifier: Apache-2.0
// From a request to an answer: route, credentials, rights, handler, error reply. Rights are checked
// here and nowhere before, so that no route can forget them.
#pragma once

#include "server/http/router.h"
#include "server/routes.h"

namespace railhub::server {

// Immutable, safe from any thread.
class Dispatcher {
  public:
    // `table` is static data; `services` is borrowed.
    Dispatcher(Services& services, std::span<const Route> table);

    http::Response answer(http::Request& request) const;

  private:
    util::Result<http::Response> serve(Call& call, const ExpandedRoute& row) const;
    util::Result<> admit(Call& call, const ExpandedRoute& row) const;
    util::Result<> identify(Call& call) const;
    static util::Result<> admit_to_cas(Call& call, const ExpandedRoute& row);
    util::Result<http::Response>
    serve_unmatched(Call& call, const http::Router::Match& match) const;

    Services& services_;
    std::vector<ExpandedRoute> rows_;
    http::Router router_; // over rows_, in order
};

} // namespace railhub::server
