// SPDX-License-Identifier: Apache-2.0
// THE TABLE of exit codes, and the mapping from error codes to them.
#include "cli/exit_code.h"

#include "core/util/assert.h"

namespace railhub::cli {

namespace {

constexpr ExitCodeRow kExitCodes[] = {
    {ExitCode::Done, "done"},
    {ExitCode::Findings, "findings at or above the threshold"},
    {ExitCode::Usage, "wrong usage or input"},
    {ExitCode::Failed, "could not do it (disk, network, configuration)"},
    {ExitCode::NotAllowed, "not allowed"},
    {ExitCode::NotFound, "not found"},
    {ExitCode::Bug, "a bug in railhub"},
    {ExitCode::Interrupted, "interrupted"},
};

} // namespace

ExitCode exit_code_of(util::Code code) {
    switch (code) {
    case util::Code::InvalidInput:
        return ExitCode::Usage;
    case util::Code::NotFound:
        return ExitCode::NotFound;
    case util::Code::Unauthenticated:
    case util::Code::PermissionDenied:
        return ExitCode::NotAllowed;
    case util::Code::AlreadyExists:
    case util::Code::Conflict:
    case util::Code::TooLarge:
    case util::Code::Corrupt:
    case util::Code::Unavailable:
    case util::Code::Io:
        return ExitCode::Failed;
    case util::Code::Cancelled:
        return ExitCode::Interrupted;
    }
    RAILHUB_ASSERT(false);
}

std::span<const ExitCodeRow> exit_codes() {
    return kExitCodes;
}

} // namespace railhub::cli
