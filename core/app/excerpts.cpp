// SPDX-License-Identifier: Apache-2.0
// Each file is read once.
#include "core/app/excerpts.h"

#include "core/util/text.h"

#include <map>
#include <set>

namespace railhub::app {

namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMaxFiles = 500;
constexpr std::size_t kMaxLineBytes = 16U << 10U;

std::map<std::string, std::set<std::uint32_t>> wanted_lines(const report::Report& report) {
    std::map<std::string, std::set<std::uint32_t>> wanted;
    for (const report::Finding& finding : report.findings) {
        const auto& place = finding.location;
        if (place && place->line > 0 &&
            (wanted.size() < kMaxFiles || wanted.contains(place->path))) {
            wanted[place->path].insert(place->line);
        }
    }
    return wanted;
}

} // namespace

void add_excerpts(const util::Context& ctx, Source& source, report::Report& report) {
    for (const auto& [path, numbers] : wanted_lines(report)) {
        if (path.ends_with(".ipynb")) {
            continue; // lines of notebooks count within a cell
        }
        const auto text = source.read(ctx, path, kMaxFileBytes);
        if (!text.ok() || !text->has_value()) {
            continue;
        }
        const std::vector<std::string_view> lines = util::split(**text, '\n');
        for (const std::uint32_t number : numbers) {
            if (number > lines.size()) {
                break;
            }
            std::string_view line = lines[number - 1];
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            report.sources.push_back({path, number, std::string(line.substr(0, kMaxLineBytes))});
        }
    }
}

} // namespace railhub::app
