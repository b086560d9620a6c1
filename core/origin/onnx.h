// SPDX-License-Identifier: Apache-2.0
// Texts that tools write beside the network of an ONNX file (ModelProto.metadata_props), read
// without the network itself.
#pragma once

#include "core/origin/safetensors.h"

#include <map>
#include <string>

namespace railhub::origin {

// At most 1024 texts of at most 64 KiB each; none is fine. Memory is bounded, whatever the file
// says. InvalidInput when the outermost fields are none of a protocol buffer.
util::Result<std::map<std::string, std::string>>
read_onnx_texts(const ReadAt& read_at, std::uint64_t file_size);

} // namespace railhub::origin
