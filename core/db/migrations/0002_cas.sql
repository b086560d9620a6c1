-- SPDX-License-Identifier: Apache-2.0
-- core/cas: recipes over segments, and what is found by chunk hash.

-- A run of chunks, at most 64 MiB uncompressed.
CREATE TABLE cas_segment (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,           -- the xorb hash, raw
    encoding INTEGER NOT NULL,    -- 1: extent of the loose blob `blob`, 2: object of the store, as received
    blob BLOB,                    -- sha256, encoding 1 only
    blob_offset INTEGER NOT NULL, -- where it begins in the blob
    chunk_count INTEGER NOT NULL,
    unpacked INTEGER NOT NULL,    -- uncompressed bytes
    stored INTEGER NOT NULL,      -- bytes of the serialized form
    layout INTEGER NOT NULL,      -- generation of the serialized form
    used_ms INTEGER NOT NULL,     -- uploaded, or named in a dedup answer, last
    chunks BLOB NOT NULL          -- core/cas/layouts.h
);
CREATE UNIQUE INDEX cas_segment_by_hash ON cas_segment (hash);
CREATE INDEX cas_segment_by_blob ON cas_segment (blob);

-- A file whose bytes are here and were hashed here.
CREATE TABLE cas_file (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,   -- xet file hash, raw
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    terms BLOB NOT NULL -- n times: i64 segment, u32 first chunk, u32 end chunk, u32 uncompressed bytes
);
CREATE UNIQUE INDEX cas_file_by_hash ON cas_file (hash);
CREATE INDEX cas_file_by_sha256 ON cas_file (sha256);

CREATE TABLE cas_file_segment (
    file INTEGER NOT NULL REFERENCES cas_file (id),
    segment INTEGER NOT NULL REFERENCES cas_segment (id)
);
CREATE UNIQUE INDEX cas_file_segment_by_file ON cas_file_segment (file, segment);
CREATE INDEX cas_file_segment_by_segment ON cas_file_segment (segment, file);

-- Chunks that a client may ask for: the first of each file, and one in 1,024.
CREATE TABLE cas_chunk (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    segment INTEGER NOT NULL REFERENCES cas_segment (id)
);
CREATE UNIQUE INDEX cas_chunk_by_hash ON cas_chunk (hash, segment);
CREATE INDEX cas_chunk_by_segment ON cas_chunk (segment);

-- Who sent a xorb or was told of it, and so may refer to it whoever else has it.
CREATE TABLE cas_known_segment (
    segment INTEGER NOT NULL REFERENCES cas_segment (id) ON DELETE CASCADE,
    account INTEGER NOT NULL
);
CREATE UNIQUE INDEX cas_known_segment_by_segment ON cas_known_segment (segment, account);

-- Who received a content, whatever the repo.
CREATE INDEX lfs_upload_by_blob ON lfs_upload (sha256, repo);
