// SPDX-License-Identifier: Apache-2.0
// One call of the program with strings instead of a process.
#pragma once

#include "cli/run.h"
#include "tests/support/temp_dir.h"

#include <deque>
#include <string>
#include <vector>

namespace railhub::tests {

struct Outcome {
    cli::ExitCode code = cli::ExitCode::Done;
    std::string out;
    std::string err;
};

// A home folder of its own, no hub, no terminal.
class FakeShell {
  public:
    Outcome call(std::vector<std::string> words);

    TempDir home;
    cli::Environment environment = {{"HOME", home.path()}, {"HF_ENDPOINT", "http://127.0.0.1:1"}};
    std::deque<std::string> input; // lines of standard input
    bool in_is_tty = false;
};

} // namespace railhub::tests
