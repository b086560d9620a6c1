// SPDX-License-Identifier: Apache-2.0
// XorbSender: planned xorbs -> the Xet server. On fast links chunks go as they are, straight from
// the files; on slow ones they are compressed first. Internal to core/transfer.
#pragma once

#include "core/transfer/cas_client.h"
#include "core/transfer/upload.h"
#include "core/transfer/xorb_packer.h"

#include <atomic>
#include <chrono>
#include <semaphore>

namespace railhub::transfer {

// Is it worth compressing, by what was measured so far? Safe from any thread.
class LinkMeter {
  public:
    // Links within this machine are never worth it.
    explicit LinkMeter(const std::string& url);

    // True until it is known that the link takes bytes faster than compression saves them.
    [[nodiscard]] bool is_worth_compressing();
    void note_encoded(std::uint64_t from, std::uint64_t to, std::chrono::duration<double> spent);
    void note_sent(
        std::uint64_t bytes,
        std::chrono::steady_clock::time_point begun,
        std::chrono::steady_clock::time_point ended
    );

  private:
    struct State {
        std::uint64_t encoded_from = 0;
        std::uint64_t encoded_to = 0;
        std::chrono::duration<double> encoding{0};
        std::uint64_t sent = 0;
        std::optional<std::chrono::steady_clock::time_point> first;
        std::chrono::steady_clock::time_point last{};
    };

    bool is_local_;
    util::Guarded<State> state_;
};

// Safe from any thread. All references are borrowed.
class XorbSender {
  public:
    // `files` are those that the pieces of plans number.
    XorbSender(
        const PushTools& tools,
        const CasClient& cas,
        std::span<const Upload> files,
        util::Task& task
    )
        : tools_(tools), cas_(cas), files_(files), task_(task), meter_(cas.url()) {}

    // Sends and remembers it. Conflict when a file changed since it was planned.
    util::Result<> send(const util::Context& ctx, const XorbPlan& plan);

    // Serialized bytes that the server took.
    [[nodiscard]] std::uint64_t sent_bytes() const { return sent_bytes_; }

  private:
    util::Result<> send_plain(const util::Context& ctx, const XorbPlan& plan);
    util::Result<> send_encoded(const util::Context& ctx, const XorbPlan& plan);
    util::Result<> put(const util::Context& ctx, const XorbPlan& plan, const HttpBody& body);
    util::Result<util::Bytes> encode(const util::Context& ctx, const XorbPlan& plan);
    // A refusal may come from a file that is no longer what it was.
    util::Result<> explain(const XorbPlan& plan, util::Result<> result) const;

    static constexpr std::ptrdiff_t kEncodedAtOnce = 2; // each up to 64 MiB, and room to grow

    const PushTools& tools_;
    const CasClient& cas_;
    std::span<const Upload> files_;
    util::Task& task_;
    LinkMeter meter_;
    std::counting_semaphore<> encoders_{kEncodedAtOnce};
    std::atomic<std::uint64_t> sent_bytes_{0};
};

} // namespace railhub::transfer
