// SPDX-License-Identifier: Apache-2.0
// Weights in a code base: what the header of a GGUF, safetensors or ONNX file says of its license
// and of the models it was made from.
#pragma once

#include "core/scan/collect.h"
#include "core/util/fs.h"

namespace railhub::scan {

// Reads the header of `path` alone, within fixed limits; what it was made from goes to `collector`.
// `out` has its name and size already. Fails when the file cannot be read or its header is broken.
util::Result<>
read_weights_file(util::Fs& fs, const std::string& path, WeightsFile& out, Collector& collector);

} // namespace railhub::scan
