// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/crashing.h"

namespace railhub::tests {

namespace {

util::Error dead() {
    return util::fail(util::Code::Io, "the process was killed");
}

class MortalWriter final : public storage::ObjectWriter {
  public:
    MortalWriter(std::unique_ptr<storage::ObjectWriter> writer, Life& life)
        : writer_(std::move(writer)), life_(life) {}

    util::Result<std::span<std::uint8_t>> buffer() override { return writer_->buffer(); }

    util::Result<> advance(std::size_t count) override { return writer_->advance(count); }

    util::Result<> publish(std::string_view key) override {
        return life_.step([&] { return writer_->publish(key); });
    }

    [[nodiscard]] std::uint64_t size() const override { return writer_->size(); }

  private:
    std::unique_ptr<storage::ObjectWriter> writer_;
    Life& life_;
};

class MortalStore final : public storage::ObjectStore {
  public:
    MortalStore(storage::ObjectStore& store, Life& life) : store_(store), life_(life) {}

    util::Result<std::unique_ptr<storage::ObjectWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint) override {
        RAILHUB_TRY(life_.check());
        RAILHUB_TRY(auto writer, store_.begin(ctx, size_hint));
        return std::unique_ptr<storage::ObjectWriter>(
            std::make_unique<MortalWriter>(std::move(writer), life_)
        );
    }

    util::Result<std::shared_ptr<storage::ObjectReader>>
    open(const util::Context& ctx, std::string_view key) override {
        RAILHUB_TRY(life_.check());
        return store_.open(ctx, key);
    }

    util::Result<std::optional<storage::ObjectInfo>>
    info(const util::Context& ctx, std::string_view key) override {
        RAILHUB_TRY(life_.check());
        return store_.info(ctx, key);
    }

    util::Result<> remove(const util::Context& ctx, std::string_view key) override {
        return life_.step([&] { return store_.remove(ctx, key); });
    }

    util::Result<>
    rename(const util::Context& ctx, std::string_view from, std::string_view to) override {
        return life_.step([&] { return store_.rename(ctx, from, to); });
    }

    util::Result<> list(
        const util::Context& ctx,
        std::string_view prefix,
        const std::function<util::Result<>(const storage::ObjectInfo&)>& visit
    ) override {
        RAILHUB_TRY(life_.check());
        return store_.list(ctx, prefix, visit);
    }

    util::Result<bool> adopt(const util::Context&, const std::string&, std::string_view) override {
        return false;
    }

    util::Result<std::vector<std::string>> check(const util::Context& ctx) override {
        return store_.check(ctx);
    }

  private:
    storage::ObjectStore& store_;
    Life& life_;
};

class MortalTransaction final : public db::Transaction {
  public:
    MortalTransaction(std::unique_ptr<db::Transaction> tx, Life& life)
        : tx_(std::move(tx)), life_(life) {}

    util::Result<db::Statement> prepare(std::string_view sql) override { return tx_->prepare(sql); }

    util::Result<> execute(std::string_view script) override { return tx_->execute(script); }

    util::Result<> commit() override {
        return life_.step([&] { return tx_->commit(); });
    }

    [[nodiscard]] std::int64_t last_insert_id() const override { return tx_->last_insert_id(); }

  private:
    std::unique_ptr<db::Transaction> tx_;
    Life& life_;
};

class MortalDatabase final : public db::Database {
  public:
    MortalDatabase(db::Database& database, Life& life) : database_(database), life_(life) {}

    util::Result<std::unique_ptr<db::Transaction>> begin_read(const util::Context& ctx) override {
        RAILHUB_TRY(life_.check());
        return database_.begin_read(ctx);
    }

    util::Result<std::unique_ptr<db::Transaction>>
    begin_write(const util::Context& ctx, db::Durability durability) override {
        RAILHUB_TRY(life_.check());
        RAILHUB_TRY(auto tx, database_.begin_write(ctx, durability));
        return std::unique_ptr<db::Transaction>(
            std::make_unique<MortalTransaction>(std::move(tx), life_)
        );
    }

    util::Result<std::vector<std::string>> integrity_check(const util::Context& ctx) override {
        return database_.integrity_check(ctx);
    }

  private:
    db::Database& database_;
    Life& life_;
};

} // namespace

void Life::end_at(std::uint64_t step, Moment moment) {
    end_ = steps_ + step;
    moment_ = moment;
}

void Life::revive() {
    over_ = false;
    end_ = 0;
}

util::Result<> Life::check() const {
    return over_ ? util::Result<>(dead()) : util::Result<>();
}

util::Result<> Life::step(const std::function<util::Result<>()>& act) {
    RAILHUB_TRY(check());
    ++steps_;
    if (steps_ != end_) {
        return act();
    }
    over_ = true;
    if (moment_ == Moment::After) {
        static_cast<void>(act());
    }
    return dead();
}

std::unique_ptr<storage::ObjectStore> make_mortal_store(storage::ObjectStore& store, Life& life) {
    return std::make_unique<MortalStore>(store, life);
}

std::unique_ptr<db::Database> make_mortal_database(db::Database& database, Life& life) {
    return std::make_unique<MortalDatabase>(database, life);
}

} // namespace railhub::tests
