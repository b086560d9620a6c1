// SPDX-License-Identifier: Apache-2.0
// The handlers of server/routes.cpp, by file.
#pragma once

#include "server/call.h"

namespace railhub::server::api {

using Reply = util::Result<http::Response>;

// health.cpp
Reply healthz(Call& call);
Reply readyz(Call& call);

// stubs.cpp
Reply telemetry(Call& call);
Reply agent_harnesses(Call& call);
Reply space_templates(Call& call);

// whoami.cpp
Reply whoami(Call& call);
Reply auth_check(Call& call);

// repos.cpp
Reply create_repo(Call& call);
Reply delete_repo(Call& call);
Reply move_repo(Call& call);
Reply repo_settings(Call& call);

// info.cpp
Reply info(Call& call);
Reply info_at(Call& call);

// list.cpp
Reply list_models(Call& call);
Reply list_datasets(Call& call);
Reply list_spaces(Call& call);

// bom.cpp
Reply repo_bom(Call& call);
// licenses.cpp
Reply repo_license(Call& call);
Reply repo_lineage(Call& call);
Reply repo_verdict(Call& call);
Reply repo_obligations(Call& call);
Reply search_licenses(Call& call);

// tree.cpp
Reply tree(Call& call);
Reply paths_info(Call& call);

// history.cpp
Reply commits(Call& call);
Reply refs(Call& call);

// branches.cpp
Reply create_branch(Call& call);
Reply delete_branch(Call& call);
Reply create_tag(Call& call);
Reply delete_tag(Call& call);
Reply super_squash(Call& call);

// validate.cpp
Reply validate_yaml(Call& call);

// preupload.cpp
Reply preupload(Call& call);

// commit.cpp
Reply commit(Call& call);

// merge.cpp
Reply merge_pull_request(Call& call);

// resolve.cpp
Reply resolve(Call& call);
Reply raw(Call& call);

// lfs_batch.cpp
Reply lfs_batch(Call& call);
Reply lfs_verify(Call& call);

// lfs_transfer.cpp
Reply lfs_put(Call& call);
Reply lfs_get(Call& call);
Reply lfs_put_part(Call& call);
Reply lfs_complete(Call& call);

// git.cpp
Reply git_info_refs(Call& call);
Reply git_upload_pack(Call& call);
Reply git_receive_pack(Call& call);

// xet_tokens.cpp
Reply xet_read_token(Call& call);
Reply xet_write_token(Call& call);

// cas_files.cpp
Reply cas_head_file(Call& call);
Reply cas_head_xorb(Call& call);

// cas_reconstruct.cpp
Reply cas_reconstruct_v2(Call& call);
Reply cas_reconstruct_v1(Call& call);
Reply cas_reconstruct_query(Call& call);
Reply cas_reconstruct_list(Call& call);

// cas_edit.cpp
Reply cas_edit_windows(Call& call);

// cas_upload.cpp
Reply cas_put_xorb(Call& call);
Reply cas_put_shard_v1(Call& call);
Reply cas_put_shard_v2(Call& call);
Reply cas_telemetry(Call& call);

// cas_fetch.cpp
Reply cas_data(Call& call);
Reply cas_chunk(Call& call);

} // namespace railhub::server::api
