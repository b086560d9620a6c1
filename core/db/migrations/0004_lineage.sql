-- SPDX-License-Identifier: Apache-2.0
-- Lineage and license verdicts of repos. All of it can be computed anew from the repos themselves.

-- core/app: what the files of a commit say of license and origin (core/origin/facts.h), read with
-- that version of the license data. Of each repo the newest are kept.
CREATE TABLE artifact_facts (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repo (id),
    oid BLOB NOT NULL, -- the commit
    knowledge TEXT NOT NULL,
    facts TEXT NOT NULL -- JSON
);
CREATE UNIQUE INDEX artifact_facts_by_commit ON artifact_facts (repo, oid);

-- core/app: names of upstreams in the facts of the default branch's tip.
CREATE TABLE lineage_name (
    repo INTEGER NOT NULL REFERENCES repo (id),
    kind TEXT NOT NULL,
    owner_key TEXT NOT NULL, -- lower case
    name_key TEXT NOT NULL
);
CREATE UNIQUE INDEX lineage_name_by_repo ON lineage_name (repo, kind, owner_key, name_key);
CREATE INDEX lineage_name_by_name ON lineage_name (kind, owner_key, name_key, repo);

-- core/app: the tip of the default branch, judged as a stranger sees its ancestors.
CREATE TABLE license_verdict (
    repo INTEGER PRIMARY KEY REFERENCES repo (id),
    head TEXT NOT NULL,
    knowledge TEXT NOT NULL,
    verdict TEXT NOT NULL,
    is_known INTEGER NOT NULL,       -- all terms of the lineage are known
    allows_commerce INTEGER NOT NULL,
    report TEXT NOT NULL             -- JSON, schemas/check-report.v1
);

-- core/app: use restrictions that come along, and licenses that what is made from it may have.
CREATE TABLE license_restriction (
    repo INTEGER NOT NULL REFERENCES repo (id),
    term TEXT NOT NULL
);
CREATE UNIQUE INDEX license_restriction_by_repo ON license_restriction (repo, term);
CREATE TABLE license_outbound (
    repo INTEGER NOT NULL REFERENCES repo (id),
    license TEXT NOT NULL
);
CREATE UNIQUE INDEX license_outbound_by_repo ON license_outbound (repo, license);

-- core/app: repos to be judged (again). spreads: and all that was made from them, not yet marked.
CREATE TABLE lineage_stale (
    repo INTEGER PRIMARY KEY,
    spreads INTEGER NOT NULL
);
INSERT INTO lineage_stale (repo, spreads) SELECT id, 0 FROM repo;
