// SPDX-License-Identifier: Apache-2.0
// gitignore(5): the last matching pattern decides, and nothing comes back from an ignored folder.
#include "core/repo/detail/wildmatch.h"
#include "core/repo/placement.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::repo {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// Without a CR at the end, and without blanks at the end that no backslash holds.
std::string_view without_tail(std::string_view line) {
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    std::size_t end = 0; // behind the last byte that stays
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size()) {
            ++i;
            end = i + 1;
        } else if (line[i] != ' ') {
            end = i + 1;
        }
    }
    return line.substr(0, end);
}

} // namespace

void IgnoreRules::add(std::string_view folder, std::string_view text) {
    text.remove_prefix(text.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0);
    for (const std::string_view raw : util::split(text, '\n')) {
        std::string_view line = raw.starts_with('#') ? std::string_view() : without_tail(raw);
        Rule rule;
        rule.folder = folder;
        rule.is_negated = line.starts_with('!');
        line.remove_prefix(rule.is_negated ? 1 : 0);
        rule.is_for_folders = line.ends_with('/');
        line.remove_suffix(rule.is_for_folders ? 1 : 0);
        if (line.empty()) {
            continue;
        }
        rule.pattern = line;
        const auto place = std::upper_bound(
            rules_.begin(),
            rules_.end(),
            folder.size(),
            [](std::size_t size, const Rule& other) { return size < other.folder.size(); }
        );
        rules_.insert(place, std::move(rule));
    }
}

IgnoreRules::Verdict IgnoreRules::judge(std::string_view path, EntryKind kind) const {
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->is_for_folders && kind != EntryKind::Directory) {
            continue;
        }
        if (detail::path_pattern_matches(rule->folder, rule->pattern, path)) {
            return rule->is_negated ? Verdict::Kept : Verdict::Ignored;
        }
    }
    return Verdict::None;
}

bool IgnoreRules::ignores(std::string_view path) const {
    for (std::size_t slash = path.find('/'); slash != path.npos;
         slash = path.find('/', slash + 1)) {
        if (judge(path.substr(0, slash), EntryKind::Directory) == Verdict::Ignored) {
            return true;
        }
    }
    return judge(path, EntryKind::File) == Verdict::Ignored;
}

} // namespace railhub::repo
