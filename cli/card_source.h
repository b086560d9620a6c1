// SPDX-License-Identifier: Apache-2.0
// Where a card is read from: a README file, a folder with one, or a repository on the hub.
#pragma once

#include "cli/repo_spec.h"
#include "cli/shell.h"

namespace railhub::cli {

struct CardText {
    std::string label; // file name or "owner/name@rev"
    std::string readme;
    types::RepoKind kind = types::RepoKind::Model;
};

OperandSpec card_operand();

// What the operand SOURCE names: something on disk wins over a repository of that name. NotFound
// when there is no README.
util::Result<CardText> read_card(Shell& shell, const Args& args);

} // namespace railhub::cli
