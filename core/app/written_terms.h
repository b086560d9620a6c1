// SPDX-License-Identifier: Apache-2.0
// What the terms that lie with an artifact really carry: license texts by fingerprint, upstream use
// restrictions clause by clause. What a card merely declares does not count beside them.
#pragma once

#include "core/app/source.h"
#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"
#include "core/report/report.h"

#include <vector>

namespace railhub::app {

// Reads LICENSE, USE_POLICY and their like in the root of `source`, and the prose of its README,
// and sets what the subject of the lineage carries accordingly. Which license texts the license
// files hold, the facts of the subject have said already. Where neither terms nor clauses are
// written, the lineage stays as it is. Findings: declared restrictions that the terms lack, and
// terms that cannot be read. Errors are those of `source`.
util::Result<std::vector<report::Finding>> apply_written_terms(
    const util::Context& ctx,
    Source& source,
    const license::Catalogue& catalogue,
    compliance::Lineage& lineage
);

} // namespace railhub::app
