// SPDX-License-Identifier: Apache-2.0
// A scan over the tags; the files are trusted, so anything odd is only skipped.
#include "tests/tools/fingerprint/spdx_markup.h"

#include "core/license/match.h"

#include <algorithm>

namespace railhub::tools {

namespace {

struct ByteRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::string attribute(std::string_view tag, std::string_view name) {
    const std::string key = std::string(name) + "=\"";
    const std::size_t at = tag.find(key);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = at + key.size();
    std::string value(tag.substr(begin, tag.find('"', begin) - begin));
    for (const auto& [from, to] :
         {std::pair{"&#34;", "\""}, {"&quot;", "\""}, {"&amp;", "&"}, {"&apos;", "'"}}) {
        for (std::size_t found = value.find(from); found != std::string::npos;
             found = value.find(from)) {
            value.replace(found, std::string_view(from).size(), to);
        }
    }
    return value;
}

// The content of the first element of this name; empty when there is none.
std::string_view element(std::string_view xml, std::string_view name) {
    const std::string open = "<" + std::string(name);
    std::size_t at = xml.find(open);
    while (at != std::string_view::npos && xml[at + open.size()] != '>' &&
           xml[at + open.size()] != ' ' && xml[at + open.size()] != '\n') {
        at = xml.find(open, at + 1);
    }
    const std::size_t end = xml.find("</" + std::string(name) + ">");
    if (at == std::string_view::npos || end == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = xml.find('>', at) + 1;
    return begin <= end ? xml.substr(begin, end - begin) : std::string_view();
}

bool is_loose_tag(std::string_view name) {
    return name == "alt" || name == "optional" || name == "titleText" || name == "copyrightText" ||
           name == "bullet";
}

class MarkupReader {
  public:
    MarkedUpText read(std::string_view xml) {
        std::size_t at = 0;
        while (at < xml.size()) {
            if (xml[at] != '<') {
                plain_ += xml[at++];
                continue;
            }
            const std::size_t end =
                xml.substr(at).starts_with("<!--") ? xml.find("-->", at) + 2 : xml.find('>', at);
            if (end == std::string_view::npos) {
                break;
            }
            take_tag(xml.substr(at + 1, end - at - 1));
            at = end + 1;
        }
        return finish();
    }

  private:
    void take_tag(std::string_view tag) {
        const bool closes = tag.starts_with("/");
        const bool is_empty = tag.ends_with("/");
        tag.remove_prefix(closes ? 1 : 0);
        const std::string_view name = tag.substr(0, tag.find_first_of(" \t\n/"));
        if (name != "alt" && name != "optional") {
            plain_ += '\n';
        } else if (attribute(tag, "spacing") != "none" && attribute(tag, "spacing") != "before") {
            plain_ += closes ? "" : " ";
        }
        if (!is_loose_tag(name)) {
            return;
        }
        if (is_empty) {
            loose_.push_back({plain_.size(), plain_.size()});
        } else if (!closes) {
            open_.push_back(plain_.size());
        } else if (!open_.empty()) {
            loose_.push_back({open_.back(), plain_.size()});
            open_.pop_back();
        }
    }

    MarkedUpText finish() {
        MarkedUpText out{license::normalize(plain_), {}};
        const auto word_at = [&](std::size_t byte) {
            const auto& words = out.words.words;
            const auto found = std::lower_bound(
                words.begin(),
                words.end(),
                byte,
                [](const license::Word& w, std::size_t b) { return w.begin < b; }
            );
            return static_cast<std::uint32_t>(found - words.begin());
        };
        std::vector<license::LooseSpan> spans;
        for (const ByteRange& range : loose_) {
            spans.push_back({word_at(range.begin), word_at(range.end)});
        }
        std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) {
            return a.begin < b.begin;
        });
        for (const license::LooseSpan& span : spans) {
            if (!out.loose.empty() && span.begin <= out.loose.back().end) {
                out.loose.back().end = std::max(out.loose.back().end, span.end);
            } else {
                out.loose.push_back(span);
            }
        }
        return out;
    }

    std::string plain_;
    std::vector<ByteRange> loose_;
    std::vector<std::size_t> open_;
};

// The word of `to` that word `at` of `from` is; searched towards `step` where it has none.
std::uint32_t
mapped(const license::Alignment& alignment, std::int64_t at, bool backwards, std::uint32_t size) {
    std::uint32_t best = backwards ? 0 : size;
    for (const license::Segment& segment : alignment.segments) {
        const std::int64_t begin = segment.text;
        const std::int64_t end = begin + segment.length;
        if (backwards && begin <= at) {
            const std::int64_t word = std::min(at, end - 1);
            best = segment.reference + static_cast<std::uint32_t>(word - begin) + 1;
        }
        if (!backwards && end > at) {
            return segment.reference +
                   static_cast<std::uint32_t>(std::max<std::int64_t>(0, at - begin));
        }
    }
    return best;
}

} // namespace

std::optional<SpdxEntry> read_spdx_xml(std::string_view xml) {
    SpdxEntry entry;
    entry.is_exception = xml.find("<exception") != std::string_view::npos;
    const std::size_t at = xml.find(entry.is_exception ? "<exception" : "<license ");
    const std::size_t fallback = xml.find("<license\n");
    const std::size_t open = std::min(at, fallback);
    if (open == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view tag = xml.substr(open, xml.find('>', open) - open);
    entry.id = attribute(tag, "licenseId");
    entry.name = attribute(tag, "name");
    entry.is_deprecated = !attribute(tag, "deprecatedVersion").empty();
    entry.replaced_by = std::string(element(xml, "obsoletedBy"));
    const std::string_view body = element(xml, "text");
    if (entry.id.empty() || body.empty()) {
        return std::nullopt;
    }
    entry.text = MarkupReader().read(body);
    if (const std::string_view notice = element(xml, "standardLicenseHeader"); !notice.empty()) {
        entry.notice = MarkupReader().read(notice);
    }
    return entry;
}

std::vector<license::LooseSpan>
project_loose(const MarkedUpText& from, const license::NormalText& to) {
    license::FingerprintBuilder builder;
    license::Reference reference;
    reference.id = "to";
    builder.add(reference, to);
    const auto prints = license::Fingerprints::parse(builder.bytes());
    license::AlignOptions options;
    options.min_share = 0;
    const auto found = license::align(*prints, prints->grams_of(from.words), options);
    std::vector<license::LooseSpan> out;
    if (found.empty() || found[0].matched * 2 < from.words.words.size()) {
        return out;
    }
    const auto size = static_cast<std::uint32_t>(to.words.size());
    for (const license::LooseSpan& span : from.loose) {
        const std::uint32_t begin = mapped(found[0], std::int64_t{span.begin} - 1, true, size);
        const std::uint32_t end = mapped(found[0], span.end, false, size);
        if (begin <= end && (out.empty() || begin >= out.back().end)) {
            out.push_back({begin, end});
        }
    }
    return out;
}

} // namespace railhub::tools
