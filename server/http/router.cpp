// SPDX-License-Identifier: Apache-2.0
// The patterns are sorted once, most specific first, so that the first that fits is the answer.
#include "server/http/router.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::http {

Router::Segment Router::parse_segment(std::string_view text) {
    Segment segment;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        if (open != 0) {
            segment.pieces.push_back({text.substr(0, open), false});
            text.remove_prefix(std::min(open, text.size()));
            continue;
        }
        const std::size_t close = text.find('}');
        RAILHUB_ASSERT(close != std::string_view::npos);
        segment.pieces.push_back({text.substr(1, close - 1), true});
        text.remove_prefix(close + 1);
    }
    if (segment.pieces.size() > 1) {
        segment.kind = Kind::Mixed;
    } else if (!segment.pieces.empty() && segment.pieces.front().is_name) {
        std::string_view& name = segment.pieces.front().word;
        segment.kind = name.ends_with("**")  ? Kind::RestOrEmpty
                       : name.ends_with("*") ? Kind::Rest
                                             : Kind::Name;
        name = name.substr(0, name.find('*'));
    }
    return segment;
}

bool Router::is_more_specific(const Pattern& a, const Pattern& b) {
    const std::size_t common = std::min(a.segments.size(), b.segments.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (a.segments[i].kind != b.segments[i].kind) {
            return a.segments[i].kind < b.segments[i].kind;
        }
    }
    // Of "/a" and "/a/{rest**}" the one that ends is the more specific for the path "/a".
    if (a.segments.size() != b.segments.size()) {
        return a.segments.size() < b.segments.size();
    }
    // A row for HEAD goes before a row for GET that would also answer it.
    return a.method == Method::Head && b.method != Method::Head;
}

Router::Router(std::vector<Row> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string_view text = rows[i].pattern;
        RAILHUB_ASSERT(text.starts_with('/'));
        text.remove_prefix(1);
        Pattern pattern{rows[i].method, static_cast<int>(i), {}};
        if (!text.empty()) {
            for (const std::string_view part : util::split(text, '/')) {
                const bool is_closed =
                    !pattern.segments.empty() && pattern.segments.back().kind >= Kind::Rest;
                RAILHUB_ASSERT(!is_closed);
                pattern.segments.push_back(parse_segment(part));
            }
        }
        patterns_.push_back(std::move(pattern));
    }
    std::stable_sort(patterns_.begin(), patterns_.end(), is_more_specific);
}

bool Router::matches(const Segment& segment, std::string_view text, Params& params) {
    for (std::size_t i = 0; i < segment.pieces.size(); ++i) {
        const Piece& piece = segment.pieces[i];
        if (!piece.is_name) {
            if (!text.starts_with(piece.word)) {
                return false;
            }
            text.remove_prefix(piece.word.size());
            continue;
        }
        // A name reaches to the next literal: to its last occurrence when that ends the segment.
        std::size_t end = text.size();
        if (i + 2 == segment.pieces.size()) {
            const std::string_view suffix = segment.pieces[i + 1].word;
            if (!text.ends_with(suffix)) {
                return false;
            }
            end = text.size() - suffix.size();
        } else if (i + 1 < segment.pieces.size()) {
            end = text.find(segment.pieces[i + 1].word, 1);
        }
        if (end == 0 || end == std::string_view::npos) {
            return false;
        }
        params.emplace_back(piece.word, text.substr(0, end));
        text.remove_prefix(end);
    }
    return text.empty();
}

bool Router::matches(const Pattern& pattern, const std::vector<std::string>& path, Params& params) {
    for (std::size_t i = 0; i < pattern.segments.size(); ++i) {
        const Segment& segment = pattern.segments[i];
        if (segment.kind == Kind::Rest || segment.kind == Kind::RestOrEmpty) {
            if (segment.kind == Kind::Rest && i >= path.size()) {
                return false;
            }
            std::string rest;
            for (std::size_t k = i; k < path.size(); ++k) {
                rest += k == i ? "" : "/";
                rest += path[k];
            }
            params.emplace_back(segment.pieces.front().word, std::move(rest));
            return true;
        }
        if (i >= path.size() || !matches(segment, path[i], params)) {
            return false;
        }
    }
    return path.size() == pattern.segments.size();
}

Router::Match Router::match(Request& request) const {
    Match found;
    Params params;
    for (const Pattern& pattern : patterns_) {
        params.clear();
        if (!matches(pattern, request.segments, params)) {
            continue;
        }
        found.path_known = true;
        const bool is_head_of_get = request.method == Method::Head && pattern.method == Method::Get;
        if (pattern.method == request.method || is_head_of_get) {
            found.row = pattern.row;
            request.params = std::move(params);
            return found;
        }
    }
    return found;
}

} // namespace railhub::http
