// SPDX-License-Identifier: Apache-2.0
// zlib streams, as rows of git_object and entries of packs hold them.
#pragma once

#include "core/util/io.h"

#include <memory>
#include <span>
#include <string>

namespace railhub::repo::detail {

std::string deflate(util::ByteView bytes);

// Fills `into` exactly; Corrupt when the stream is damaged or has another length.
util::Result<> inflate(util::ByteView deflated, std::span<std::uint8_t> into);

// Compresses what is written and passes it on; finish() ends the stream. One thread.
class DeflateWriter final : public util::Writer {
  public:
    explicit DeflateWriter(util::Writer& to);
    ~DeflateWriter() override;

    util::Result<> write(util::ByteView bytes) override;
    util::Result<> finish();

  private:
    struct State;
    util::Result<> run(util::ByteView bytes, int flush);

    util::Writer& to_;
    std::unique_ptr<State> state_;
};

// Inflates a stream whose end is not known beforehand, piece by piece. One thread.
class Inflater {
  public:
    Inflater();
    ~Inflater();

    struct Step {
        std::size_t taken = 0; // of the input
        std::size_t given = 0; // into the output
        bool at_end = false;
    };

    // InvalidInput when the stream is damaged.
    util::Result<Step> step(util::ByteView input, std::span<std::uint8_t> output);
    void restart();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace railhub::repo::detail
