// SPDX-License-Identifier: Apache-2.0
#include "core/scan/role.h"

#include "core/util/text.h"

namespace railhub::scan {

Role guess_role(const Unit& unit, ArtifactKind kind) {
    const std::string path = util::lower(unit.path);
    const bool is_evaluation =
        path.find("eval") != std::string::npos || path.find("benchmark") != std::string::npos;
    if (is_evaluation) {
        return Role::Evaluation;
    }
    const bool trains = path.find("train") != std::string::npos ||
                        path.find("finetun") != std::string::npos ||
                        unit.text.find("TrainingArguments") != std::string::npos ||
                        unit.text.find("Trainer(") != std::string::npos;
    if (trains) {
        return Role::Training;
    }
    if (path.find("convert") != std::string::npos || path.find("quantiz") != std::string::npos) {
        return kind == ArtifactKind::Model ? Role::Conversion : Role::Runtime;
    }
    return kind == ArtifactKind::Metric ? Role::Evaluation : Role::Runtime;
}

} // namespace railhub::scan
