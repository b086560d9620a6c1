-- SPDX-License-Identifier: Apache-2.0
-- Garbage collection: what is unreachable since when, the trash, jobs, the state of a check.

-- core/repo: moves with every change of the repo's refs or stored objects. `clean` is the value at
-- which all objects were seen reachable last; equal: nothing to look for.
CREATE TABLE repo_change (
    repo INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    clean INTEGER NOT NULL
);

-- core/repo: git objects that no ref reaches, and when a collection first saw it.
CREATE TABLE dead_object (
    repo INTEGER NOT NULL,
    oid BLOB NOT NULL,
    since_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX dead_object_by_oid ON dead_object (repo, oid);

-- core/repo: deleted repos. Their git objects stay in git_object under the same id, which no other
-- repo gets meanwhile; `trash` is null until the grace is over.
CREATE TABLE dead_repo (
    id INTEGER PRIMARY KEY,
    deleted_ms INTEGER NOT NULL,
    trash INTEGER,
    facts TEXT NOT NULL -- JSON: what the rows of repo and git_ref said
);
CREATE TABLE dead_link (
    repo INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL
);
CREATE UNIQUE INDEX dead_link_by_repo ON dead_link (repo, sha256);
CREATE INDEX dead_link_by_blob ON dead_link (sha256);

-- To ask "who needs this blob?" before it goes.
CREATE INDEX git_object_by_blob ON git_object (blob_sha256) WHERE blob_sha256 IS NOT NULL;

-- core/collect: one thing that was taken away, and its rows. An entry with an object is
-- condemned (state 1) until the object is moved, then in the trash (state 2).
CREATE TABLE trash (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,       -- history, repo, upload, file, segment, object
    subject TEXT NOT NULL,    -- public id of the repo, sha256, xorb hash
    repo TEXT NOT NULL,       -- models/acme/bert; empty: no single one
    state INTEGER NOT NULL,
    object_key TEXT NOT NULL, -- where the object was; empty: there is none
    trash_key TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    trashed_ms INTEGER NOT NULL,
    facts TEXT NOT NULL,      -- JSON: the columns of the row
    data BLOB NOT NULL        -- its last column
);
CREATE INDEX trash_by_subject ON trash (subject);
CREATE INDEX trash_by_time ON trash (trashed_ms, id);
CREATE INDEX trash_by_state ON trash (state, id);

CREATE TABLE trash_object (
    trash INTEGER NOT NULL REFERENCES trash (id),
    oid BLOB NOT NULL,
    type INTEGER NOT NULL,
    size INTEGER NOT NULL,
    blob_sha256 BLOB,
    data BLOB
);
CREATE INDEX trash_object_by_trash ON trash_object (trash);

CREATE TABLE trash_commit (
    trash INTEGER NOT NULL REFERENCES trash (id),
    oid BLOB NOT NULL,
    tree BLOB NOT NULL,
    seconds INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    reachable INTEGER NOT NULL,
    parents BLOB NOT NULL,
    title TEXT NOT NULL
);
CREATE INDEX trash_commit_by_trash ON trash_commit (trash);

CREATE TABLE trash_link (
    trash INTEGER NOT NULL REFERENCES trash (id),
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL
);
CREATE INDEX trash_link_by_trash ON trash_link (trash);

-- core/collect: objects that an operator took out of the trash are kept that long, whatever refers
-- to them.
CREATE TABLE kept_object (
    object_key TEXT PRIMARY KEY,
    until_ms INTEGER NOT NULL
);

-- core/app: background work. Whoever holds the lease does it; a lease that ran out is taken over.
CREATE TABLE job (
    name TEXT PRIMARY KEY,
    due_ms INTEGER NOT NULL,
    holder TEXT NOT NULL, -- empty: nobody
    lease_ms INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL -- JSON
);

-- core/app: a check that was interrupted goes on from here.
CREATE TABLE fsck_run (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL -- JSON
);
