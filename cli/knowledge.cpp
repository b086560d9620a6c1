// SPDX-License-Identifier: Apache-2.0
// Loading license data.
#include "cli/knowledge.h"

#include "core/util/text.h"

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

util::Result<const license::Record*>
find_license(const license::Catalogue& catalogue, const std::string& name) {
    if (const license::Record* record = catalogue.find(name)) {
        return record;
    }
    std::vector<std::string> ids;
    for (const auto& known : catalogue.records()) {
        ids.push_back(known.id);
    }
    const std::string near = util::nearest(name, ids);
    return util::fail(
        util::Code::NotFound,
        "no license '" + name + "' is known",
        near.empty() ? "'railhub license list' shows them" : "did you mean '" + near + "'?"
    );
}

} // namespace railhub::cli
