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
