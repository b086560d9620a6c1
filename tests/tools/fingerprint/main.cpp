// SPDX-License-Identifier: Apache-2.0
// fingerprint_licenses TEXTS SPDX_XML LICENSES: makes LICENSES/fingerprints/ from a folder of texts
// with a MANIFEST.json and the XML of the SPDX license list ("-" for none). docs/license-record.md.
#include "core/util/json.h"
#include "tests/tools/fingerprint/clause_spans.h"
#include "tests/tools/fingerprint/reference_texts.h"

#include <algorithm>
#include <iostream>

namespace {

namespace license = railhub::license;
namespace tools = railhub::tools;
namespace util = railhub::util;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{8} << 20;

struct Folders {
    std::string texts;
    std::string spdx;
    std::string licenses;
};

util::Result<std::vector<std::string>>
sections_of(util::Fs& fs, const Folders& folders, const std::string& set) {
    const std::string path = folders.licenses + "/restrictions/sets/" + set + ".json";
    RAILHUB_TRY(const std::string text, util::read_file(fs, path, kMaxFileBytes));
    RAILHUB_TRY(const util::Json json, util::parse_json(text));
    std::vector<std::string> sections;
    if (const util::Json* clauses = json.find("clauses");
        clauses != nullptr && clauses->is_array()) {
        for (const util::Json& clause : *clauses->as_array()) {
            sections.push_back(clause.text("clause"));
        }
    }
    return sections;
}

// Adds the clauses of a set, and says how many of them were found.
util::Result<> add_clauses(
    util::Fs& fs,
    const Folders& folders,
    const tools::ClauseSource& source,
    const std::vector<tools::ReferenceText>& texts,
    license::FingerprintBuilder& builder
) {
    const auto text = std::find_if(texts.begin(), texts.end(), [&](const tools::ReferenceText& t) {
        return std::find(t.files.begin(), t.files.end(), source.file) != t.files.end();
    });
    if (text == texts.end()) {
        return util::fail(
            util::Code::NotFound, "no text '" + source.file + "' for set '" + source.set + "'"
        );
    }
    const auto sections = sections_of(fs, folders, source.set);
    if (!sections.ok()) {
        std::cout << source.set << ": no such set yet, skipped\n";
        return {};
    }
    // Of the text whose words the fingerprints hold.
    RAILHUB_TRY(
        const std::string bytes,
        util::read_file(fs, util::join_path(folders.texts, text->files[0]), kMaxFileBytes)
    );
    auto spans = tools::clause_spans(source, bytes, *sections);
    std::cout << source.set << ": " << spans.size() << " of " << sections->size() << " clauses\n";
    for (license::ClauseSpan& span : spans) {
        span.reference = static_cast<std::uint32_t>(text - texts.begin());
        builder.add_clause(std::move(span));
    }
    return {};
}

util::Result<> write_fingerprints(const Folders& folders) {
    const auto fs = util::make_posix_fs();
    RAILHUB_TRY(
        auto read,
        tools::read_reference_texts(*fs, folders.texts, folders.spdx == "-" ? "" : folders.spdx)
    );
    license::FingerprintBuilder builder;
    std::string sources = "# file\tid\trepository\tpath\tcommit\tsha256\n";
    std::size_t words = 0;
    const auto merged = tools::merge_equal(std::move(read));
    for (const tools::ReferenceText& text : merged) {
        builder.add(text.reference, text.words);
        sources += text.source;
        words += text.words.words.size();
    }
    const std::string out = util::join_path(folders.licenses, "fingerprints");
    RAILHUB_TRY(
        const std::string rows,
        util::read_file(*fs, util::join_path(out, "clause_texts.tsv"), kMaxFileBytes)
    );
    for (const tools::ClauseSource& source : tools::parse_clause_sources(rows)) {
        RAILHUB_TRY(add_clauses(*fs, folders, source, merged, builder));
    }
    const std::string bytes = builder.bytes();
    RAILHUB_TRY(util::write_atomic(*fs, util::join_path(out, "texts.rhfp"), util::as_bytes(bytes)));
    RAILHUB_TRY(
        util::write_atomic(*fs, util::join_path(out, "sources.tsv"), util::as_bytes(sources))
    );
    std::cout << merged.size() << " texts, " << words << " words, " << bytes.size() << " bytes\n";
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: fingerprint_licenses TEXTS SPDX_XML LICENSES\n";
        return 2;
    }
    const auto done = write_fingerprints({argv[1], argv[2], argv[3]});
    if (!done.ok()) {
        std::cerr << done.error().message << '\n';
        return 1;
    }
    return 0;
}
