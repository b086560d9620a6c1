// SPDX-License-Identifier: Apache-2.0
#include "core/scan/text_list.h"

#include "core/scan/names.h"
#include "core/scan/role.h"
#include "core/util/text.h"

namespace railhub::scan {

namespace {

constexpr std::string_view kSeparators = " \t\r,;|<>\"'()[]";

// The first word of a line that is an address or follows '=', '>' or a quote; prose has words
// before.
std::string_view address_in(std::string_view line) {
    const std::size_t at = line.find("http");
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view before = util::trim(line.substr(0, at));
    const bool is_value = before.empty() || before.back() == '=' || before.back() == '>' ||
                          before.back() == '"' || before.back() == ',' || before.back() == ':';
    const std::string_view rest = line.substr(at);
    return is_value ? rest.substr(0, rest.find_first_of(kSeparators)) : std::string_view();
}

std::string_view first_word(std::string_view line) {
    const std::size_t at = line.find_first_not_of(" \t-*");
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = line.substr(at);
    return rest.substr(0, rest.find_first_of(kSeparators));
}

} // namespace

void read_text_list(
    const Tables& tables,
    std::string_view path,
    std::string_view text,
    const PlaceOf& place_of,
    Collector& collector
) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const bool is_list =
        name.ends_with(".txt") || name.ends_with(".lst") || name.ends_with(".list");
    const auto kind =
        is_list ? kind_by_name(tables.names, name.substr(0, name.rfind('.'))) : std::nullopt;
    std::size_t begin = 0;
    for (const std::string_view line : util::split(text, '\n')) {
        const std::string_view address = address_in(line);
        const bool is_address = is_file_address(address);
        const std::string_view word = is_address ? address : kind ? first_word(line) : address;
        const std::string_view rest = util::trim(line);
        const bool is_comment =
            rest.starts_with('#') || rest.starts_with("//") || rest.starts_with("<!--");
        // Behind an id of a list stands nothing, or more columns.
        const std::size_t after =
            word.empty() ? 0 : std::size_t(word.data() - line.data()) + word.size();
        const std::string_view behind = util::trim(line.substr(std::min(after, line.size())));
        const bool is_item = is_address || behind.empty() || line[after] == ',' ||
                             line[after] == '\t' || line[after] == ';' || behind.front() == '#';
        if (!is_comment && is_item && (is_address || (kind && has_id_shape(word)))) {
            Sighting one;
            one.place = place_of(begin + std::size_t(word.data() - line.data()));
            one.text = word;
            one.kind = kind.value_or(ArtifactKind::Model);
            one.evidence = is_address ? Evidence::Call : Evidence::Key;
            one.at_most = is_address ? Confidence::High : Confidence::Medium;
            one.role = guess_role(path, {}, one.kind);
            one.part = part_of(path);
            one.found_by = is_address ? "address" : "list";
            collector.see(one);
        }
        begin += line.size() + 1;
    }
}

} // namespace railhub::scan
