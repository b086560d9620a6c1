// SPDX-License-Identifier: Apache-2.0
// LocalCas: a hub with a Xet server on loopback, in memory, that checks what it is given as the
// protocol demands, for tests of the client. One repository "ada/model", faults on request.
#pragma once

#include "core/xet/shard.h"
#include "core/xet/xorb.h"
#include "tests/unit/transfer/local_hub.h"

#include <set>

namespace railhub::tests {

class LocalCas {
  public:
    LocalCas();

    // What the hub has; take the lock of `mutex` while a server thread may be at work.
    struct Xorb {
        util::Bytes body;
        xet::XorbLayout layout;
    };

    struct File {
        std::vector<xet::Term> terms;
        std::vector<xet::Leaf> chunks;
        util::Sha256 sha256;
        std::string bytes;
    };

    std::mutex mutex; // guards all below
    std::map<xet::Hash, Xorb> xorbs;
    std::map<xet::Hash, File> files;
    std::map<std::string, std::string> committed; // path -> SHA-256 of large files
    std::vector<std::string> commits;             // bodies
    std::uint64_t xorb_bytes = 0;                 // received
    std::set<std::string> tokens;                 // handed out

    // The content of a file that was committed.
    std::string content_of(const std::string& path);

    std::string commit{LocalHub::kCommit}; // of the branch

    // Faults and ways.
    std::atomic<bool> has_xet{true};
    std::atomic<bool> has_v2{true};      // reconstructions and shards
    std::atomic<bool> has_queries{true}; // chunk queries
    std::atomic<bool> keys_answers{true};
    std::atomic<bool> forgets_xorbs{false}; // shards that name xorbs of earlier pushes are refused
    std::atomic<int> token_seconds{3600};
    std::atomic<int> refused_tokens{0};    // so many calls with a good token are 401
    std::atomic<int> expired_addresses{0}; // so many data GETs are 403
    std::atomic<int> damaged_ranges{0};    // so many data GETs have a wrong byte
    std::atomic<int> failing_xorbs{0};     // so many xorb uploads are 400
    std::atomic<int> xorbs_to_failure{-1}; // after so many one is 400
    std::atomic<int> questions{0};
    std::atomic<int> data_gets{0};
    std::atomic<int> plain_gets{0};

  private:
    http::Response answer(http::Request& request);
    http::Response answer_hub(http::Request& request);
    http::Response answer_cas(http::Request& request);
    http::Response give_token(const http::Request& request);
    http::Response take_preupload(http::Request& request);
    http::Response take_batch(http::Request& request);
    http::Response take_commit(http::Request& request);
    http::Response take_xorb(http::Request& request, const xet::Hash& hash);
    http::Response take_shard(http::Request& request, bool is_v2);
    std::string register_shard(const xet::Shard& shard);
    std::string register_file(const xet::ShardFile& file);
    http::Response answer_chunk(const xet::Hash& hash);
    http::Response reconstruct(const http::Request& request, const xet::Hash& file, bool is_v2);
    http::Response give_data(const http::Request& request, const xet::Hash& xorb);
    http::Response give_file(const http::Request& request);
    [[nodiscard]] util::Json tree_json();

    std::set<xet::Hash> old_xorbs_; // of shards before the last

  public:
    LocalServer server; // last: its threads use the rest
};

} // namespace railhub::tests
