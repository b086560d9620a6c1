// SPDX-License-Identifier: Apache-2.0
// Words for severities.
#include "core/report/finding.h"

namespace railhub::report {

std::string_view severity_word(Severity severity) {
    switch (severity) {
    case Severity::Note:
        return "note";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "";
}

} // namespace railhub::report
