// SPDX-License-Identifier: Apache-2.0
// Loading license data.
#include "cli/knowledge.h"

namespace railhub::cli {

OptionSpec licenses_option() {
    return {
        .name = "licenses",
        .value = "FOLDER",
        .help = "License data of your own, on top of the built-in records"};
}

util::Result<license::Catalogue> load_catalogue(Shell& shell, const Args& args) {
    if (!args.has("licenses")) {
        return license::Catalogue::built_in();
    }
    RAILHUB_TRY(const auto files, license::read_data_folder(shell.fs, args.text("licenses")));
    return license::Catalogue::with_files(files);
}

} // namespace railhub::cli
