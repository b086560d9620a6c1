// SPDX-License-Identifier: Apache-2.0
// Spool: bytes of a request that must wait until all of it was read. A little stays in memory, the
// rest goes to a file without a name, which is gone with the spool or the process.
#pragma once

#include "core/util/fs.h"
#include "core/util/random.h"

#include <memory>
#include <string>

namespace railhub::server::api {

// One thread at a time.
class Spool {
  public:
    // `folder` must exist when more than a mebibyte is kept. References are borrowed.
    Spool(util::Fs& fs, util::Random& random, std::string folder)
        : fs_(fs), random_(random), folder_(std::move(folder)) {}

    [[nodiscard]] std::uint64_t size() const { return flushed_ + memory_.size(); }

    util::Result<> append(std::string_view bytes);
    // Precondition: offset + length <= size().
    util::Result<std::string> read(std::uint64_t offset, std::uint64_t length);

  private:
    util::Result<> flush();

    util::Fs& fs_;
    util::Random& random_;
    std::string folder_;
    std::string memory_; // what comes after flushed_ bytes of the file
    std::uint64_t flushed_ = 0;
    std::unique_ptr<util::File> file_;
};

} // namespace railhub::server::api
