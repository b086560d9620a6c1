// SPDX-License-Identifier: Apache-2.0
// Manifest, texts and SPDX markup -> references.
#include "tests/tools/fingerprint/reference_texts.h"

#include "core/util/digest.h"
#include "core/util/json.h"
#include "tests/tools/fingerprint/spdx_markup.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace railhub::tools {

namespace {

using util::Result;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{8} << 20;
constexpr std::size_t kLeastNoticeWords = 12;

using SpdxEntries = std::map<std::string, SpdxEntry>;

std::string sha256_of(const std::string& text) {
    util::Sha256Hasher hasher;
    hasher.update(util::as_bytes(text));
    return hasher.finish().hex();
}

bool is_exception_id(std::string_view id) {
    return id.find("exception") != std::string_view::npos || id == "SHL-2.0" || id == "SHL-2.1" ||
           id == "GPL-CC-1.0" || id == "Linux-syscall-note" || id == "LLGPL";
}

Result<> read_spdx_folder(util::Fs& fs, const std::string& folder, SpdxEntries& entries) {
    RAILHUB_TRY(const std::vector<std::string> names, fs.list(folder));
    for (const std::string& name : names) {
        const std::string path = util::join_path(folder, name);
        if (name == "exceptions") {
            RAILHUB_TRY(read_spdx_folder(fs, path, entries));
        }
        if (!name.ends_with(".xml")) {
            continue;
        }
        RAILHUB_TRY(const std::string xml, util::read_file(fs, path, kMaxFileBytes));
        if (auto entry = read_spdx_xml(xml)) {
            std::string id = entry->id;
            entries.emplace(std::move(id), std::move(*entry));
        }
    }
    return {};
}

std::string source_line(const util::Json& item, const std::string& sha256) {
    std::string line = item.text("file");
    for (const std::string_view member :
         {"expected_id", "source_repo", "source_path", "source_commit"}) {
        line += '\t' + item.text(member, "-");
    }
    return line + '\t' + sha256 + '\n';
}

Result<ReferenceText> read_text(
    util::Fs& fs, const std::string& folder, const util::Json& item, const SpdxEntries& spdx
) {
    ReferenceText text;
    const std::string file = item.text("file");
    text.files = {file};
    RAILHUB_TRY(
        const std::string bytes, util::read_file(fs, util::join_path(folder, file), kMaxFileBytes)
    );
    const std::string sha256 = sha256_of(bytes);
    if (sha256 != item.text("sha256", sha256)) {
        return util::fail(
            util::Code::InvalidInput, "'" + file + "' is not the text that the manifest lists"
        );
    }
    text.words = license::normalize(bytes);
    text.source = source_line(item, sha256);
    text.is_spdx = item.text("kind") == "spdx";
    text.reference.id = item.text("expected_id");
    text.reference.is_spdx = text.is_spdx;
    text.reference.name = text.reference.id;
    text.reference.is_deprecated = file.find("depreciate_") != std::string::npos;
    const auto entry = spdx.find(text.reference.id);
    if (entry != spdx.end()) {
        text.reference.name = entry->second.name;
        text.reference.is_deprecated = text.reference.is_deprecated || entry->second.is_deprecated;
        text.replaced_by = entry->second.replaced_by;
        text.reference.loose = project_loose(entry->second.text, text.words);
    }
    if (text.is_spdx && is_exception_id(text.reference.id)) {
        text.reference.kind = license::ReferenceKind::Exception;
    }
    return text;
}

ReferenceText notice_of(const SpdxEntry& entry) {
    ReferenceText text;
    text.files = {entry.id + " (standard header)"};
    text.words = entry.notice->words;
    text.is_spdx = true;
    text.reference.id = entry.id;
    text.reference.is_spdx = true;
    text.reference.name = entry.name;
    text.reference.kind = license::ReferenceKind::Notice;
    text.reference.is_deprecated = entry.is_deprecated;
    text.replaced_by = entry.replaced_by;
    text.reference.loose = entry.notice->loose;
    text.source = text.files[0] + '\t' + entry.id + "\tspdx/license-list-XML\tsrc/" +
                  (entry.is_exception ? "exceptions/" : "") + entry.id + ".xml\t-\t-\n";
    return text;
}

// Which id leads: current before deprecated, the plain form before its variants, the shorter one.
auto rank_of(const ReferenceText& text) {
    const std::string& id = text.reference.id;
    const auto has = [&](std::string_view part) { return id.find(part) != std::string::npos; };
    const bool is_variant = has("or-later") || has("RFN") || has("invariants") ||
                            has("Combined-Work") || has("no-copyleft");
    const bool is_exception = text.reference.kind == license::ReferenceKind::Exception;
    return std::tuple(
        text.reference.is_deprecated, !text.is_spdx, is_variant, !is_exception, id.size(), id
    );
}

bool names(const license::Reference& reference, const std::string& id) {
    return reference.id == id ||
           std::find(reference.also.begin(), reference.also.end(), id) != reference.also.end();
}

void add_name(license::Reference& reference, const std::string& id) {
    if (!names(reference, id)) {
        reference.also.push_back(id);
    }
}

void rename_deprecated(std::vector<ReferenceText>& texts) {
    for (ReferenceText& old : texts) {
        if (!old.reference.is_deprecated || old.replaced_by.empty()) {
            continue;
        }
        const auto current =
            std::find_if(texts.begin(), texts.end(), [&](const ReferenceText& text) {
                return !text.reference.is_deprecated && text.reference.kind == old.reference.kind &&
                       names(text.reference, old.replaced_by);
            });
        if (current == texts.end()) {
            continue;
        }
        const license::Reference before = old.reference;
        old.reference.id = current->reference.id;
        old.reference.also = current->reference.also;
        for (license::Reference* both : {&old.reference, &current->reference}) {
            add_name(*both, before.id);
            for (const std::string& id : before.also) {
                add_name(*both, id);
            }
        }
    }
}

} // namespace

Result<std::vector<ReferenceText>>
read_reference_texts(util::Fs& fs, const std::string& folder, const std::string& spdx_folder) {
    SpdxEntries spdx;
    if (!spdx_folder.empty()) {
        RAILHUB_TRY(read_spdx_folder(fs, spdx_folder, spdx));
    }
    RAILHUB_TRY(
        const std::string manifest,
        util::read_file(fs, util::join_path(folder, "MANIFEST.json"), kMaxFileBytes)
    );
    RAILHUB_TRY(const util::Json json, util::parse_json(manifest));
    const util::Json* items = json.find("texts");
    if (items == nullptr || !items->is_array()) {
        return util::fail(util::Code::InvalidInput, "the manifest has no list 'texts'");
    }
    std::vector<ReferenceText> texts;
    for (const util::Json& item : *items->as_array()) {
        RAILHUB_TRY(ReferenceText text, read_text(fs, folder, item, spdx));
        if (text.words.words.size() >= license::kGramWords) {
            texts.push_back(std::move(text));
        }
    }
    for (const auto& [id, entry] : spdx) {
        if (entry.notice && entry.notice->words.words.size() >= kLeastNoticeWords) {
            texts.push_back(notice_of(entry));
        }
    }
    return texts;
}

std::vector<ReferenceText> merge_equal(std::vector<ReferenceText> texts) {
    std::stable_sort(
        texts.begin(),
        texts.end(),
        [](const ReferenceText& a, const ReferenceText& b) { return rank_of(a) < rank_of(b); }
    );
    std::map<std::vector<std::uint64_t>, std::size_t> seen;
    std::vector<ReferenceText> merged;
    for (ReferenceText& text : texts) {
        std::vector<std::uint64_t> key;
        for (const license::Word& word : text.words.words) {
            key.push_back(word.hash);
        }
        const auto [found, is_new] = seen.try_emplace(std::move(key), merged.size());
        if (is_new) {
            merged.push_back(std::move(text));
            continue;
        }
        ReferenceText& first = merged[found->second];
        add_name(first.reference, text.reference.id);
        first.source += text.source;
        first.files.push_back(text.files[0]);
    }
    rename_deprecated(merged);
    return merged;
}

} // namespace railhub::tools
