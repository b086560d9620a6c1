// SPDX-License-Identifier: Apache-2.0
// What use cases need, built once in main and passed down.
#pragma once

#include "core/cas/engine.h"
#include "core/db/database.h"
#include "core/license/catalogue.h"
#include "core/storage/blobs.h"
#include "core/storage/uploads.h"
#include "core/util/context.h"
#include "core/util/random.h"

#include <string>

namespace railhub::app {

// References outlive every use case. Safe from any thread.
struct Deps {
    db::Database& database;
    storage::Blobs& blobs;
    cas::Engine& engine;
    storage::Uploads& uploads;
    util::Random& random;
    const license::Catalogue& licenses;
    std::string quarantine_folder; // for received packs
    std::string license_gate;      // server default: "off", "warn", "enforce"
};

} // namespace railhub::app
