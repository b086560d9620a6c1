// SPDX-License-Identifier: Apache-2.0
// THE TABLE of commands. To add one: commands/<verb>.{cpp,md}, its function below, a row in
// commands.cpp.
#pragma once

#include "cli/command.h"

#include <vector>

namespace railhub::cli {

// In the order of the overview. Rows without a function are groups that bring options.
std::vector<Command> all_commands();

std::vector<Command> admin_commands();
// gc, trash, du, fsck: part of admin_commands().
std::vector<Command> collect_commands();
Command bom_command();
Command branch_create_command();
Command branch_delete_command();
Command branch_list_command();
Command card_lint_command();
Command card_show_command();
Command check_command();
Command scan_command();
Command completion_command();
Command doctor_command();
Command explain_command();
Command help_command();
Command init_command();
Command license_attach_command();
Command license_carried_command();
Command license_compose_command();
Command license_coverage_command();
Command license_detect_command();
Command license_diff_command();
Command license_list_command();
Command license_obligations_command();
Command license_search_command();
Command license_show_command();
Command license_suggest_command();
Command lineage_command();
Command lock_command();
Command log_command();
Command login_command();
Command logout_command();
Command ls_command();
Command pull_command();
Command push_command();
Command repo_create_command();
Command repo_delete_command();
Command repo_list_command();
Command repo_show_command();
Command serve_command();
Command tag_create_command();
Command tag_delete_command();
Command tag_list_command();
Command version_command();
Command whoami_command();

} // namespace railhub::cli
