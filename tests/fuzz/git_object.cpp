// SPDX-License-Identifier: Apache-2.0
// Objects of any type: what passes the check is read without an error.
#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/object_check.h"
#include "core/repo/detail/tree.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace repo = railhub::repo::detail;
    using repo::ObjectType;
    if (size == 0) {
        return 0;
    }
    const auto type = static_cast<ObjectType>(1 + data[0] % 4);
    const railhub::util::ByteView bytes(data + 1, size - 1);
    const railhub::types::Oid oid;
    const auto commit = repo::parse_commit(oid, railhub::util::as_text(bytes));
    const auto tag = repo::parse_tag(oid, railhub::util::as_text(bytes));
    const auto tree = repo::parse_tree(oid, bytes);
    static_cast<void>(repo::check_gitmodules(oid, bytes));
    if (repo::check_object(oid, type, bytes).ok()) {
        RAILHUB_ASSERT(type != ObjectType::Commit || commit.ok());
        RAILHUB_ASSERT(type != ObjectType::Tag || tag.ok());
        RAILHUB_ASSERT(type != ObjectType::Tree || tree.ok());
    }
    return 0;
}
