// SPDX-License-Identifier: Apache-2.0
// The first answer of both git services: refs and capabilities (gitprotocol-pack, gitprotocol-v2).
#pragma once

#include "core/repo/repository.h"
#include "core/repo/wire/pkt_line.h"

#include <string_view>

namespace railhub::repo::wire {

enum class Service : std::uint8_t { UploadPack, ReceivePack };
// The version a client asked for in its Git-Protocol header. Receive-pack knows V0 and V1.
enum class Version : std::uint8_t { V0, V1, V2 };

std::string_view service_word(Service service); // "git-upload-pack"
// "version=2" anywhere in a colon-separated list; anything unknown is V0.
Version parse_version(std::string_view git_protocol_header);

// The body of GET info/refs, the "# service" line included.
util::Result<>
advertise(Repository& repository, Service service, Version version, util::Writer& to);

// Capabilities of receive-pack and upload-pack (V0), space-separated.
std::string capabilities(Service service, std::string_view head_target);

} // namespace railhub::repo::wire
