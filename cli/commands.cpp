// SPDX-License-Identifier: Apache-2.0
// THE TABLE of commands.
#include "cli/commands.h"

namespace railhub::cli {

std::vector<Command> all_commands() {
    std::vector<Command> commands = {
        push_command(),
        pull_command(),
        ls_command(),
        log_command(),
        check_command(),
        lineage_command(),
        scan_command(),
        lock_command(),
        bom_command(),
        init_command(),
        repo_create_command(),
        repo_list_command(),
        repo_show_command(),
        repo_delete_command(),
        branch_list_command(),
        branch_create_command(),
        branch_delete_command(),
        tag_list_command(),
        tag_create_command(),
        tag_delete_command(),
        card_show_command(),
        card_lint_command(),
        license_list_command(),
        license_show_command(),
        license_detect_command(),
        license_attach_command(),
        license_carried_command(),
        license_diff_command(),
        license_coverage_command(),
        license_search_command(),
        license_suggest_command(),
        license_obligations_command(),
        license_compose_command(),
        explain_command(),
        login_command(),
        logout_command(),
        whoami_command(),
        serve_command(),
    };
    for (auto& command : admin_commands()) {
        commands.push_back(std::move(command));
    }
    commands.push_back(doctor_command());
    commands.push_back(help_command());
    commands.push_back(version_command());
    commands.push_back(completion_command());
    return commands;
}

} // namespace railhub::cli
