// SPDX-License-Identifier: Apache-2.0
// The odb of one view: rows and staged memory behind one backend, each received pack behind its
// own.
#include "core/repo/detail/object_source.h"

#include "core/repo/detail/odb_backend.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

constexpr int kRowsPriority = 2;
constexpr int kPackPriority = 1;
// Past this, staged contents that are not tiny go to the blob store, so that a commit of many files
// does not grow memory.
constexpr std::size_t kStagedBudget = std::size_t{32} << 20;
constexpr std::size_t kTinyObject = 1024;

int collect_oid(const git_oid* oid, void* payload) {
    static_cast<std::vector<Oid>*>(payload)->push_back(from_git(*oid));
    return 0;
}

util::Result<std::vector<Oid>> oids_in_pack(const std::string& index_path) {
    GitOdb odb;
    int code = git_odb_new(util::Out(odb)); // the handle is set when the statement ends
    git_odb_backend* backend = nullptr;
    code = code != 0 ? code : git_odb_backend_one_pack(&backend, index_path.c_str());
    code = code != 0 ? code : git_odb_add_backend(odb.get(), backend, kPackPriority);
    if (code != 0) {
        return git_failure(Code::Io, "cannot open received pack");
    }
    std::vector<Oid> oids;
    if (git_odb_foreach(odb.get(), collect_oid, &oids) != 0) {
        return git_failure(Code::Io, "cannot list received pack");
    }
    std::sort(oids.begin(), oids.end());
    return oids;
}

} // namespace

struct ObjectSource::Odb {
    GitOdb handle;
};

ObjectSource::ObjectSource(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t repo
)
    : ctx_(ctx), tx_(tx), blobs_(blobs), repo_(repo), table_(tx, repo),
      odb_(std::make_unique<Odb>()) {}

ObjectSource::~ObjectSource() = default;

util::Result<std::unique_ptr<ObjectSource>> ObjectSource::open(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t repo
) {
    start_libgit2();
    std::unique_ptr<ObjectSource> source(new ObjectSource(ctx, tx, blobs, repo));
    if (git_odb_new(util::Out(source->odb_->handle)) != 0) {
        return git_failure(Code::Io, "cannot create object database");
    }
    git_odb_backend* const backend = make_odb_backend(source.get());
    if (git_odb_add_backend(source->odb_->handle.get(), backend, kRowsPriority) != 0) {
        backend->free(backend);
        return git_failure(Code::Io, "cannot open object database");
    }
    return source;
}

git_odb* ObjectSource::odb() {
    return odb_->handle.get();
}

util::Error ObjectSource::failure(int code, const Oid& oid) {
    if (auto noted = take_failure()) {
        noted->context.push_back("object '" + oid.hex() + "'");
        return std::move(*noted);
    }
    if (code == GIT_EMISMATCH) {
        return fail(Code::Corrupt, "object '" + oid.hex() + "' does not match its name");
    }
    return git_failure(Code::Corrupt, "cannot read object '" + oid.hex() + "'");
}

util::Result<std::optional<ObjectHeader>> ObjectSource::header(const Oid& oid) {
    RAILHUB_TRY(const auto own, own_header(oid));
    if (own || !is_staged(oid)) {
        return own;
    }
    if (borrowed_ != nullptr && borrowed_->is_staged(oid)) {
        return borrowed_->header(oid);
    }
    const git_oid id = to_git(oid);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    const int code = git_odb_read_header(&size, &type, odb(), &id);
    if (code != 0) {
        return failure(code, oid);
    }
    return std::optional(ObjectHeader{static_cast<ObjectType>(type), size});
}

util::Result<std::optional<Object>> ObjectSource::find(const Oid& oid) {
    if (borrowed_ != nullptr && borrowed_->is_staged(oid)) {
        return borrowed_->find(oid);
    }
    const git_oid id = to_git(oid);
    GitOdbObject handle;
    const int code = git_odb_read(util::Out(handle), odb(), &id);
    if (code == GIT_ENOTFOUND && !failure_) {
        return std::optional<Object>();
    }
    if (code != 0) {
        return failure(code, oid);
    }
    Object object;
    object.type = static_cast<ObjectType>(git_odb_object_type(handle.get()));
    object.bytes = util::ByteView(
        static_cast<const std::uint8_t*>(git_odb_object_data(handle.get())),
        git_odb_object_size(handle.get())
    );
    object.owner = std::shared_ptr<const void>(handle.release(), [](const void* object_handle) {
        git_odb_object_free(static_cast<git_odb_object*>(const_cast<void*>(object_handle)));
    });
    return std::optional<Object>(std::move(object));
}

util::Result<Object> ObjectSource::read(const Oid& oid, ObjectType type) {
    RAILHUB_TRY(auto object, find(oid));
    if (!object) {
        return fail(Code::Corrupt, "object '" + oid.hex() + "' is missing");
    }
    if (object->type != type) {
        return fail(
            Code::Corrupt,
            "object '" + oid.hex() + "' is a " + std::string(type_word(object->type)) + ", not a " +
                std::string(type_word(type))
        );
    }
    return std::move(*object);
}

util::Result<PackedObject> ObjectSource::packed(const Oid& oid) {
    RAILHUB_TRY(auto own, own_packed(oid));
    if (own) {
        return std::move(*own);
    }
    if (borrowed_ != nullptr && borrowed_->is_staged(oid)) {
        return borrowed_->packed(oid);
    }
    RAILHUB_TRY(const auto object, find(oid));
    if (!object) {
        return fail(Code::Corrupt, "object '" + oid.hex() + "' is missing");
    }
    return pack_object(ctx_, blobs_, object->type, object->bytes);
}

util::Result<> ObjectSource::store(const Oid& oid) {
    const ObjectSource& holder = borrowed_ != nullptr ? *borrowed_ : *this;
    const auto staged = holder.staged_.find(oid);
    if (staged != holder.staged_.end()) {
        return table_.insert(oid, staged->second);
    }
    RAILHUB_TRY(const PackedObject object, packed(oid));
    return table_.insert(oid, object);
}

util::Result<Oid> ObjectSource::write(ObjectType type, util::ByteView bytes) {
    git_oid id;
    if (git_odb_hash(&id, bytes.data(), bytes.size(), to_git(type)) != 0) {
        return git_failure(Code::InvalidInput, "cannot hash object");
    }
    const Oid oid = from_git(id);
    RAILHUB_TRY(const auto present, header(oid));
    if (present) {
        return oid;
    }
    PackedObject packed;
    if (staged_bytes_ > kStagedBudget && bytes.size() > kTinyObject) {
        RAILHUB_TRY(auto writer, blobs_.begin(ctx_, bytes.size()));
        RAILHUB_TRY(writer->write(bytes));
        RAILHUB_TRY(const types::BlobRef blob, writer->commit(std::nullopt));
        packed = PackedObject{type, bytes.size(), blob.sha256, {}};
    } else {
        RAILHUB_TRY(packed, pack_object(ctx_, blobs_, type, bytes));
    }
    staged_bytes_ += packed.deflated.size();
    staged_.emplace(oid, std::move(packed));
    return oid;
}

util::Result<> ObjectSource::add_pack(const std::string& index_path) {
    RAILHUB_TRY(const auto oids, oids_in_pack(index_path));
    git_odb_backend* backend = nullptr;
    if (git_odb_backend_one_pack(&backend, index_path.c_str()) != 0 ||
        git_odb_add_backend(odb(), backend, kPackPriority) != 0) {
        return git_failure(Code::Io, "cannot open received pack");
    }
    std::vector<Oid> all;
    all.reserve(received_.size() + oids.size());
    std::merge(
        received_.begin(), received_.end(), oids.begin(), oids.end(), std::back_inserter(all)
    );
    all.erase(std::unique(all.begin(), all.end()), all.end());
    received_ = std::move(all);
    return {};
}

bool ObjectSource::is_staged(const Oid& oid) const {
    return staged_.contains(oid) || std::binary_search(received_.begin(), received_.end(), oid) ||
           (borrowed_ != nullptr && borrowed_->is_staged(oid));
}

util::Result<std::optional<ObjectHeader>> ObjectSource::own_header(const Oid& oid) {
    const auto staged = staged_.find(oid);
    if (staged != staged_.end()) {
        return std::optional(ObjectHeader{staged->second.type, staged->second.size});
    }
    return table_.header(oid);
}

util::Result<std::optional<PackedObject>> ObjectSource::own_packed(const Oid& oid) {
    const auto staged = staged_.find(oid);
    if (staged != staged_.end()) {
        return std::optional<PackedObject>(staged->second);
    }
    return table_.find(oid);
}

util::Result<std::vector<Oid>>
ObjectSource::own_between(const Oid& first, const Oid& last, std::size_t limit) {
    RAILHUB_TRY(auto oids, table_.between(first, last, limit));
    const std::size_t stored = oids.size();
    for (const auto& [oid, packed] : staged_) {
        if (oid >= first && oid <= last) {
            oids.push_back(oid);
        }
    }
    if (oids.size() > stored) {
        std::sort(oids.begin(), oids.end());
        oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
        oids.resize(std::min(oids.size(), limit));
    }
    return oids;
}

} // namespace railhub::repo::detail
