// SPDX-License-Identifier: Apache-2.0
#include "core/scan/role.h"

#include "core/util/text.h"

namespace railhub::scan {

Role guess_role(const Unit& unit, ArtifactKind kind) {
    return guess_role(unit.path, unit.text, kind);
}

Role guess_role(std::string_view written_path, std::string_view text, ArtifactKind kind) {
    const std::string path = util::lower(written_path);
    const bool is_evaluation =
        path.find("eval") != std::string::npos || path.find("benchmark") != std::string::npos;
    if (is_evaluation) {
        return Role::Evaluation;
    }
    const bool trains = path.find("train") != std::string::npos ||
                        path.find("finetun") != std::string::npos ||
                        text.find("TrainingArguments") != std::string_view::npos ||
                        text.find("Trainer(") != std::string_view::npos;
    if (trains) {
        return Role::Training;
    }
    if (path.find("convert") != std::string::npos || path.find("quantiz") != std::string::npos) {
        return kind == ArtifactKind::Model ? Role::Conversion : Role::Runtime;
    }
    return kind == ArtifactKind::Metric ? Role::Evaluation : Role::Runtime;
}

} // namespace railhub::scan
