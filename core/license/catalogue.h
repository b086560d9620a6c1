// SPDX-License-Identifier: Apache-2.0
// Catalogue: all license records and restriction sets, built in or from a folder of the user's.
#pragma once

#include "core/license/license.h"
#include "core/license/restrictions.h"
#include "core/util/fs.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// One file of license data by its path below licenses/: "mit/license.json",
// "restrictions/taxonomy.json", "restrictions/sets/x.json", "vocabulary.json". Others are ignored.
struct DataFile {
    std::string path;
    std::string text;
};

// Immutable once built; share it as `const Catalogue&` or shared_ptr<const Catalogue>. Safe from
// any thread.
class Catalogue {
  public:
    // The data embedded in the binary. Fails only if the build embedded broken data.
    static util::Result<Catalogue> built_in();
    // The built-in data with `files` on top: a file at the same path replaces, others add. Errors
    // name the file.
    static util::Result<Catalogue> with_files(std::span<const DataFile> files);
    // Nothing but `files`.
    static util::Result<Catalogue> from_files(std::span<const DataFile> files);

    // By record id, hub key, SPDX id or alias, in this order; ASCII case does not matter. nullptr
    // when unknown. The pointer lives as long as the catalogue.
    [[nodiscard]] const Record* find(std::string_view name) const;

    // Ordered by id.
    [[nodiscard]] const std::vector<Record>& records() const { return records_; }

    [[nodiscard]] const RestrictionSet* restriction_set(std::string_view id) const;

    [[nodiscard]] const Taxonomy& taxonomy() const { return taxonomy_; }

    // What a vocabulary id ("include-license", "openrail") means; empty when unknown.
    [[nodiscard]] std::string_view meaning(std::string_view vocabulary_id) const;

    // First 12 hex digits of the SHA-256 over all data files: every verdict names it.
    [[nodiscard]] const std::string& version() const { return version_; }

  private:
    util::Result<> load(const std::map<std::string, std::string>& files);
    util::Result<> load_file(const std::string& path, const std::string& text);
    void index_names();
    util::Result<> check_references() const;

    std::vector<Record> records_;
    std::map<std::string, RestrictionSet, std::less<>> sets_;
    std::map<std::string, std::string, std::less<>> vocabulary_;
    std::map<std::string, std::size_t, std::less<>> names_; // lower case -> index into records_
    Taxonomy taxonomy_;
    std::string version_;
};

// The data files of a folder laid out like licenses/. Limits: 2,000 files, 1 MiB each.
util::Result<std::vector<DataFile>> read_data_folder(util::Fs& fs, const std::string& folder);

} // namespace railhub::license
