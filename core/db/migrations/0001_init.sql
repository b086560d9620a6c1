-- SPDX-License-Identifier: Apache-2.0
-- The first schema: the tables of every module, a section each, owned by the module named there.
--
-- SQL subset: INTEGER, REAL, TEXT, BLOB; ordinary tables; times in milliseconds since 1970, UTC;
-- digests as BLOB. A blob that can be large is the last column, so that the columns before it are
-- read without walking it. Never edited after a release: a change is a new file.

-- core/access: accounts, memberships, tokens ------------------------------------------------------

-- Users and organisations share one set of names; name_key and email_key are lower case.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email_key TEXT NOT NULL,
    email TEXT NOT NULL,
    is_org INTEGER NOT NULL,
    is_site_admin INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
);
CREATE INDEX account_by_email ON account (email_key);

CREATE TABLE membership (
    org INTEGER NOT NULL REFERENCES account (id),
    member INTEGER NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    PRIMARY KEY (org, member)
);
CREATE INDEX membership_by_member ON membership (member);

-- secret_hash is the SHA-256 of the token's text.
CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (id),
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    secret_hash BLOB NOT NULL UNIQUE,
    UNIQUE (account, display_name)
);

-- What a fine-grained token may do; an empty name stands for the whole namespace.
CREATE TABLE token_grant (
    token INTEGER NOT NULL REFERENCES token (id),
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    permission TEXT NOT NULL
);
CREATE INDEX token_grant_by_token ON token_grant (token);

-- One row: counters that move with accounts and tokens, and with repos and refs (generation.h).
CREATE TABLE generation (
    id INTEGER PRIMARY KEY,
    access INTEGER NOT NULL,
    content INTEGER NOT NULL
);
INSERT INTO generation (id, access, content) VALUES (1, 1, 1);

-- core/app: use cases -----------------------------------------------------------------------------

-- Keys of the server itself, made once: "signed-links".
CREATE TABLE server_secret (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

-- Large files that were uploaded to a repo and may be committed to it; until a commit links them,
-- this is the proof that somebody who may write there had the bytes.
CREATE TABLE lfs_upload (
    repo INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    account INTEGER NOT NULL,
    uploaded_ms INTEGER NOT NULL,
    PRIMARY KEY (repo, sha256)
);

-- Pull requests opened by a commit; numbers count from 1 in each repo.
CREATE TABLE discussion (
    repo INTEGER NOT NULL,
    num INTEGER NOT NULL,
    is_pull_request INTEGER NOT NULL,
    status TEXT NOT NULL,
    author INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (repo, num)
);

-- What lists and info pages say about the tip of the default branch, as JSON (app/summary.h).
CREATE TABLE repo_summary (
    repo INTEGER PRIMARY KEY,
    head TEXT NOT NULL,
    facts TEXT NOT NULL
);

-- core/repo: repositories, history, path index, audit

CREATE TABLE repo (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    owner_key TEXT NOT NULL, -- lower case
    name_key TEXT NOT NULL,
    is_private INTEGER NOT NULL,
    creator TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    default_branch TEXT NOT NULL,
    license_gate TEXT NOT NULL,
    head BLOB,         -- commit at the tip of default_branch
    card TEXT NOT NULL -- JSON, "null" without
);
CREATE UNIQUE INDEX repo_by_name ON repo (kind, owner_key, name_key);
CREATE INDEX repo_by_update ON repo (kind, updated_ms, id);
CREATE INDEX repo_by_creation ON repo (kind, created_ms, id);

CREATE TABLE repo_tag (
    repo INTEGER NOT NULL REFERENCES repo (id),
    tag TEXT NOT NULL
);
CREATE UNIQUE INDEX repo_tag_by_repo ON repo_tag (repo, tag);
CREATE INDEX repo_tag_by_tag ON repo_tag (tag, repo);

-- Names that repos had before.
CREATE TABLE repo_redirect (
    kind TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    repo INTEGER NOT NULL REFERENCES repo (id)
);
CREATE UNIQUE INDEX repo_redirect_by_name ON repo_redirect (kind, owner_key, name_key);
CREATE INDEX repo_redirect_by_repo ON repo_redirect (repo);

-- Every row is complete: all that its object refers to is stored too.
CREATE TABLE git_object (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL,
    oid BLOB NOT NULL,
    type INTEGER NOT NULL, -- as in packs: 1 commit, 2 tree, 3 blob, 4 tag
    size INTEGER NOT NULL,
    blob_sha256 BLOB,      -- content is in the blob store under this name
    data BLOB              -- else: zlib stream of the content
);
CREATE UNIQUE INDEX git_object_by_oid ON git_object (repo, oid);

-- What walks of history need of each stored commit.
CREATE TABLE git_commit (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL,
    oid BLOB NOT NULL,
    tree BLOB NOT NULL,
    seconds INTEGER NOT NULL,    -- committer time
    generation INTEGER NOT NULL, -- 1 + greatest of the parents
    reachable INTEGER NOT NULL,  -- commits reachable, itself included
    parents BLOB NOT NULL,       -- ids one after the other
    title TEXT NOT NULL          -- first line of the message, shortened
);
CREATE UNIQUE INDEX git_commit_by_oid ON git_commit (repo, oid);

-- The tree of one commit as paths. Branches with the same tip share one.
CREATE TABLE path_set (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repo (id),
    oid BLOB NOT NULL, -- the commit
    entries INTEGER NOT NULL
);
CREATE UNIQUE INDEX path_set_by_commit ON path_set (repo, oid);

CREATE TABLE path_entry (
    id INTEGER PRIMARY KEY,
    path_set INTEGER NOT NULL,
    path TEXT NOT NULL,
    parent TEXT NOT NULL,  -- folder; empty at the root
    mode INTEGER NOT NULL, -- as in trees
    oid BLOB NOT NULL,
    size INTEGER NOT NULL, -- of the git blob; 0 for folders
    lfs_sha256 BLOB,       -- when the blob is a pointer
    lfs_size INTEGER,
    last_commit BLOB NOT NULL
);
CREATE UNIQUE INDEX path_entry_by_path ON path_entry (path_set, path);
CREATE INDEX path_entry_by_parent ON path_entry (path_set, parent, path);

CREATE TABLE git_ref (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repo (id),
    name TEXT NOT NULL,
    target BLOB NOT NULL,
    peeled BLOB NOT NULL,
    path_set INTEGER REFERENCES path_set (id) -- of branches
);
CREATE UNIQUE INDEX git_ref_by_name ON git_ref (repo, name);
CREATE INDEX git_ref_by_path_set ON git_ref (path_set);

CREATE TABLE lfs_link (
    repo INTEGER NOT NULL REFERENCES repo (id),
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL
);
CREATE UNIQUE INDEX lfs_link_by_repo ON lfs_link (repo, sha256);
CREATE INDEX lfs_link_by_blob ON lfs_link (sha256, repo);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL -- JSON
);
CREATE INDEX audit_by_time ON audit (at_ms, id);
CREATE INDEX audit_by_subject ON audit (subject, id);
