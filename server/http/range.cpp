// SPDX-License-Identifier: Apache-2.0
// Own range logic: a wrong answer here is a corrupt download that nobody notices.
#include "server/http/range.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::http {

namespace {

std::string_view without_weak_mark(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

RangeChoice choose_suffix(std::uint64_t count, std::uint64_t size) {
    if (count == 0 || size == 0) {
        return {RangeChoice::Kind::Unsatisfiable, 0, 0};
    }
    const std::uint64_t length = std::min(count, size);
    return {RangeChoice::Kind::Part, size - length, length};
}

} // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t size) {
    const RangeChoice whole{RangeChoice::Kind::Whole, 0, size};
    const std::string_view text = util::trim(header);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos ||
        !util::equal_ignore_case(text.substr(0, equals), "bytes")) {
        return whole;
    }
    const std::string_view spec = util::trim(text.substr(equals + 1));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) {
        return whole;
    }
    // A comma ends up in one of the two numbers, so that several ranges count as malformed.
    const std::string_view first_text = spec.substr(0, dash);
    const std::string_view last_text = spec.substr(dash + 1);
    const auto first = util::parse_decimal(first_text);
    const auto last = util::parse_decimal(last_text);
    if (first_text.empty()) {
        return last ? choose_suffix(*last, size) : whole;
    }
    if (!first || (!last_text.empty() && !last) || (last && *last < *first)) {
        return whole;
    }
    if (*first >= size) {
        return {RangeChoice::Kind::Unsatisfiable, 0, 0};
    }
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    return {RangeChoice::Kind::Part, *first, end - *first + 1};
}

bool range_still_valid(
    std::string_view if_range, std::string_view etag, std::string_view last_modified
) {
    const std::string_view wanted = util::trim(if_range);
    if (wanted.empty()) {
        return true;
    }
    if (wanted.starts_with('"') || wanted.starts_with("W/")) {
        return !wanted.starts_with("W/") && wanted == etag;
    }
    return !last_modified.empty() && wanted == last_modified;
}

bool etag_in_list(std::string_view list, std::string_view etag) {
    if (util::trim(list) == "*") {
        return true;
    }
    if (etag.empty()) {
        return false;
    }
    for (const std::string_view entry : util::split(list, ',')) {
        if (without_weak_mark(util::trim(entry)) == without_weak_mark(etag)) {
            return true;
        }
    }
    return false;
}

} // namespace railhub::http
