// SPDX-License-Identifier: Apache-2.0
// Callbacks that libgit2 calls: errors are noted at the source and become a code; nothing is thrown
// through C.
#include "core/repo/detail/odb_backend.h"

#include <new>

namespace railhub::repo::detail {

namespace {

using types::Oid;

struct RowsBackend : git_odb_backend {
    ObjectSource* source = nullptr;
};

ObjectSource* source_of(git_odb_backend* backend) {
    return static_cast<RowsBackend*>(backend)->source;
}

int noted(ObjectSource* source, util::Error error) {
    git_error_set_str(GIT_ERROR_ODB, error.message.c_str());
    source->note_failure(std::move(error));
    return GIT_ERROR;
}

int read_header_callback(
    size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid
) {
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return GIT_ENOTFOUND;
    }
    auto header = source->own_header(from_git(*oid));
    if (!header.ok()) {
        return noted(source, std::move(header).error());
    }
    if (!header.value()) {
        return GIT_ENOTFOUND;
    }
    *size = (*header)->size;
    *type = to_git((*header)->type);
    return GIT_OK;
}

int read_callback(
    void** data, size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid
) {
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return GIT_ENOTFOUND;
    }
    auto packed = source->own_packed(from_git(*oid));
    if (!packed.ok()) {
        return noted(source, std::move(packed).error());
    }
    if (!packed.value()) {
        return GIT_ENOTFOUND;
    }
    void* memory = nullptr;
    const Allocate allocate = [&](std::size_t bytes) {
        // One byte more: libgit2 parses some objects as C strings.
        memory = git_odb_backend_data_alloc(backend, bytes + 1);
        if (memory != nullptr) {
            static_cast<std::uint8_t*>(memory)[bytes] = 0;
        }
        return static_cast<std::uint8_t*>(memory);
    };
    auto done = unpack_object(source->ctx(), source->blobs(), **packed, allocate);
    if (!done.ok()) {
        git_odb_backend_data_free(backend, memory);
        return noted(source, std::move(done).error());
    }
    *data = memory;
    *size = (*packed)->size;
    *type = to_git((*packed)->type);
    return GIT_OK;
}

int exists_callback(git_odb_backend* backend, const git_oid* oid) {
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return 0;
    }
    auto header = source->own_header(from_git(*oid));
    if (!header.ok()) {
        noted(source, std::move(header).error());
        return 0; // the only other answer there is
    }
    return header->has_value() ? 1 : 0;
}

// The ids that begin with the first `hex_digits` of `oid`.
struct PrefixRange {
    Oid first;
    Oid last;
};

PrefixRange range_of(const git_oid& oid, std::size_t hex_digits) {
    PrefixRange range;
    for (std::size_t digit = 0; digit < 2 * Oid::kSize; ++digit) {
        const bool is_high = digit % 2 == 0;
        const std::uint8_t byte = oid.id[digit / 2];
        const int mask = is_high ? 0xf0 : 0x0f;
        const bool is_given = digit < hex_digits;
        std::uint8_t& low = range.first.bytes.at(digit / 2);
        std::uint8_t& high = range.last.bytes.at(digit / 2);
        low = static_cast<std::uint8_t>(low | (is_given ? byte & mask : 0));
        high = static_cast<std::uint8_t>(high | (is_given ? byte & mask : mask));
    }
    return range;
}

int exists_prefix_callback(
    git_oid* found, git_odb_backend* backend, const git_oid* oid, size_t hex_digits
) {
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return GIT_ENOTFOUND;
    }
    const PrefixRange range = range_of(*oid, hex_digits);
    auto oids = source->own_between(range.first, range.last, 2);
    if (!oids.ok()) {
        return noted(source, std::move(oids).error());
    }
    if (oids->empty()) {
        return GIT_ENOTFOUND;
    }
    if (oids->size() > 1) {
        return GIT_EAMBIGUOUS;
    }
    *found = to_git(oids->front());
    return GIT_OK;
}

int read_prefix_callback(
    git_oid* found,
    void** data,
    size_t* size,
    git_object_t* type,
    git_odb_backend* backend,
    const git_oid* oid,
    size_t hex_digits
) {
    const int code = exists_prefix_callback(found, backend, oid, hex_digits);
    return code == GIT_OK ? read_callback(data, size, type, backend, found) : code;
}

int foreach_callback(git_odb_backend* backend, git_odb_foreach_cb visit, void* payload) {
    constexpr std::size_t kPage = 1000;
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return GIT_OK;
    }
    PrefixRange range = range_of(git_oid{}, 0);
    while (true) {
        auto oids = source->own_between(range.first, range.last, kPage);
        if (!oids.ok()) {
            return noted(source, std::move(oids).error());
        }
        for (const Oid& oid : oids.value()) {
            if (oid == range.first && oid != Oid()) {
                continue; // the last one of the page before
            }
            const git_oid id = to_git(oid);
            if (const int code = visit(&id, payload); code != 0) {
                return code;
            }
        }
        if (oids->size() < kPage) {
            return GIT_OK;
        }
        range.first = oids->back();
    }
}

int write_callback(
    git_odb_backend* backend, const git_oid*, const void* data, size_t size, git_object_t type
) {
    ObjectSource* const source = source_of(backend);
    if (source == nullptr) {
        return GIT_ERROR;
    }
    const util::ByteView bytes(static_cast<const std::uint8_t*>(data), size);
    auto written = source->write(static_cast<ObjectType>(type), bytes);
    return written.ok() ? GIT_OK : noted(source, std::move(written).error());
}

void free_callback(git_odb_backend* backend) {
    delete static_cast<RowsBackend*>(backend); // libgit2 owns it and asks for its end
}

} // namespace

git_odb_backend* make_odb_backend(ObjectSource* source) {
    auto backend = std::make_unique<RowsBackend>();
    RAILHUB_ASSERT(git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION) == 0);
    backend->source = source;
    backend->read = read_callback;
    backend->read_prefix = read_prefix_callback;
    backend->read_header = read_header_callback;
    backend->write = write_callback;
    backend->exists = exists_callback;
    backend->exists_prefix = exists_prefix_callback;
    backend->foreach = foreach_callback;
    backend->free = free_callback;
    return backend.release();
}

void set_source(git_odb_backend* backend, ObjectSource* source) {
    static_cast<RowsBackend*>(backend)->source = source;
}

} // namespace railhub::repo::detail
