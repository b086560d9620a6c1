// SPDX-License-Identifier: Apache-2.0
// Commit and tag objects: values to and from bytes. Reading is lenient (what is stored was checked
// on its way in); texts come out as valid UTF-8.
#pragma once

#include "core/repo/detail/object.h"
#include "core/repo/repository.h"

#include <string>

namespace railhub::repo::detail {

util::Result<Commit> parse_commit(const types::Oid& oid, std::string_view text);
// Names and e-mail addresses lose what git does not allow in them (<, >, newline, NUL).
std::string format_commit(const Commit& commit);

struct Tag {
    types::Oid target;
    ObjectType target_type = ObjectType::Commit;
    std::string name;
    Signature tagger;
    std::string message;
};

util::Result<Tag> parse_tag(const types::Oid& oid, std::string_view text);
std::string format_tag(const Tag& tag);

// First line of a message as lists show it: valid UTF-8, at most 300 bytes.
std::string short_title(std::string_view message);

// Offset such as "+0130" from minutes.
std::string format_offset(int minutes);

} // namespace railhub::repo::detail
