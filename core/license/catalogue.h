// SPDX-License-Identifier: Apache-2.0
// Catalogue: all license records and restriction sets, built in or from a folder of the user's.
#pragma once

#include "core/license/compatibility.h"
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
// "restrictions/taxonomy.json", "restrictions/sets/x.json", "compatibility/x.json",
// "vocabulary.json". Others are ignored.
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

    // By record id, hub key, SPDX id, alias or ScanCode key (also as LicenseRef-scancode-KEY), in
    // this order; ASCII case does not matter. Failing that, blanks for hyphens and the words
    // "license" and "the" are forgiven where only one record fits. nullptr when unknown. The
    // pointer lives as long as the catalogue.
    [[nodiscard]] const Record* find(std::string_view name) const;

    // Ordered by id.
    [[nodiscard]] const std::vector<Record>& records() const { return records_; }

    [[nodiscard]] const RestrictionSet* restriction_set(std::string_view id) const;

    // nullptr when there is none of that id.
    [[nodiscard]] const CompatibilitySource* compatibility(std::string_view id) const;
    // Ids of the compatibility sources, in order.
    [[nodiscard]] std::vector<std::string> compatibility_ids() const;

    // Ids of restriction sets, in order.
    [[nodiscard]] std::vector<std::string> restriction_set_ids() const;

    [[nodiscard]] const Taxonomy& taxonomy() const { return taxonomy_; }

    // What a vocabulary id ("include-license", "openrail") means; empty when unknown.
    [[nodiscard]] std::string_view meaning(std::string_view vocabulary_id) const;

    // First 12 hex digits of the SHA-256 over all data files: every verdict names it.
    [[nodiscard]] const std::string& version() const { return version_; }

    // Files of the user's that replace built-in ones ("mit/license.json"), and those that add.
    [[nodiscard]] const std::vector<std::string>& replaced() const { return replaced_; }

    [[nodiscard]] const std::vector<std::string>& added() const { return added_; }

    // For reports: "license data 1a2b3c4d5e6f", and with data of the user's also "with 1 own file:
    // mit/license.json (replaces)".
    [[nodiscard]] std::string description() const;

  private:
    // Path -> text; the built-in data is read where it lies.
    using Files = std::map<std::string_view, std::string_view>;

    util::Result<> load(const Files& files);
    util::Result<> load_file(std::string_view path, std::string_view text);
    static std::string version_of(const Files& files);
    void index_names();
    void index_forgiving_names();
    util::Result<> check_references() const;

    std::vector<Record> records_;
    std::map<std::string, RestrictionSet, std::less<>> sets_;
    std::map<std::string, std::string, std::less<>> vocabulary_;
    std::map<std::string, std::size_t, std::less<>> names_; // lower case -> index into records_
    std::map<std::string, std::size_t, std::less<>> folded_names_; // forgiving form -> index
    std::map<std::string, CompatibilitySource, std::less<>> compatibility_;
    Taxonomy taxonomy_;
    std::string version_;
    std::vector<std::string> replaced_;
    std::vector<std::string> added_;
};

// The data files of a folder laid out like licenses/. Limits: 2,000 files, 1 MiB each.
util::Result<std::vector<DataFile>> read_data_folder(util::Fs& fs, const std::string& folder);

} // namespace railhub::license
