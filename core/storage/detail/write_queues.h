// SPDX-License-Identifier: Apache-2.0
// The three ways to keep writes in flight behind WriteQueue.
#pragma once

#include "core/storage/bulk_writer.h"

namespace railhub::storage::detail {

inline constexpr std::size_t kQueueDepth = 8;

// Null where io_uring is not permitted or not built in.
std::unique_ptr<WriteQueue> make_uring_queue(util::File& file);
std::unique_ptr<WriteQueue> make_thread_queue(util::File& file);
std::unique_ptr<WriteQueue> make_plain_queue(util::File& file);

} // namespace railhub::storage::detail
