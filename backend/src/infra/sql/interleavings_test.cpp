// Random interleavings of transactions of many tenants, who share few connections: by statements
// that name no tenant each reaches its own rows alone, whoever had the connection before and
// however that ended (S-04).
#include "core/scope_mint.h"
#include "infra/sql/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <random>

namespace afterresume::sql {

namespace {

constexpr auto schema =
    "CREATE TABLE note (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);";

constexpr Statement insert{
    .name = "note.insert",
    .text = "INSERT INTO note (id, tenant_id, text) VALUES (:id, :tenant, :text)"
};
constexpr Statement rename_all{.name = "note.rename", .text = "UPDATE note SET text = :text"};
constexpr Statement remove_all{.name = "note.delete", .text = "DELETE FROM note"};
constexpr Statement texts{.name = "note.texts", .text = "SELECT text FROM note ORDER BY id"};

// Twice as many as write at the same time on PostgreSQL.
constexpr std::int64_t tenants = 12;

// INTERLEAVINGS; 100 when it is not set.
int interleavings() {
    const auto* wanted = std::getenv("INTERLEAVINGS");
    return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 100;
}

Scope owner_of(std::int64_t tenant) {
    Identity identity;
    identity.tenant = TenantId{tenant};
    identity.user = UserId{tenant};
    identity.role = Role::owner;
    return ScopeMint::mint(identity);
}

// A tenant with what it has committed, and what it does next.
class Tenancy {
public:
    Tenancy(Database& database, std::int64_t number)
        : database_(database),
          scope_(owner_of(number)),
          number_(number),
          chance_(static_cast<std::uint64_t>(number)) {}

    Task<void> act(int& ended) {
        auto kind = chance_() % 50;
        if (kind == 0) {
            co_await trespass();
        } else if (kind < 15) {
            co_await look();
        } else {
            co_await change();
        }
        ++ended;
    }
    Task<void> check(int& ended) {
        auto tx = database_.begin(scope_, Access::read);
        auto seen = co_await tx->all<std::string>(texts);
        EXPECT_EQ(seen, kept_) << "of tenant " << number_;
        ++ended;
    }

private:
    Task<void> let_others_go() {
        for (auto turns = chance_() % 4; turns > 0; --turns)
            co_await boost::asio::post(boost::asio::use_awaitable);
    }
    std::string text() { return fmt::format("{} of tenant {}", chance_() % 1'000, number_); }

    Task<void> look() {
        auto known = chance_() % 4 != 0;
        auto tx =
            known ? database_.begin(scope_, Access::read) : database_.begin_anonymous(Access::read);
        for (int times = 0; times < 2; ++times) {
            co_await let_others_go();
            auto seen = co_await tx->all<std::string>(texts);
            EXPECT_EQ(seen, known ? kept_ : std::vector<std::string>());
        }
    }

    Task<void> change() {
        auto tx = database_.begin(scope_, Access::write);
        auto rows = kept_;
        for (auto steps = 1 + chance_() % 4; steps > 0; --steps) {
            co_await let_others_go();
            co_await take_step(*tx, rows);
        }
        co_await let_others_go();
        // What is neither is rolled back in the background.
        auto end = chance_() % 4;
        if (end == 0) co_await tx->rollback();
        if (end < 2) co_return;
        co_await tx->commit();
        kept_ = std::move(rows);
    }

    Task<void> take_step(Tx& tx, std::vector<std::string>& rows) {
        auto step = chance_() % 8;
        auto said = text();
        if (step < 4) {
            tx.defer(insert, id(), named("tenant", number_), named("text", said));
            rows.push_back(said);
        } else if (step == 4) {
            auto changed = co_await tx.execute(rename_all, named("text", said));
            EXPECT_EQ(static_cast<std::size_t>(changed), rows.size());
            rows.assign(rows.size(), said);
        } else if (step == 5) {
            auto removed = co_await tx.execute(remove_all);
            EXPECT_EQ(static_cast<std::size_t>(removed), rows.size());
            rows.clear();
        } else {
            auto seen = co_await tx.all<std::string>(texts);
            EXPECT_EQ(seen, rows);
        }
    }

    // Leaves a connection in a transaction that has failed.
    Task<void> trespass() {
        auto tx = database_.begin(scope_, Access::write);
        auto other = number_ % tenants + 1;
        auto refused = false;
        try {
            co_await tx->execute(insert, id(), named("tenant", other), named("text", text()));
        } catch (const Error&) {
            refused = true;
        }
        EXPECT_TRUE(refused);
        if (chance_() % 2 == 0) co_await tx->rollback();
    }

    Named id() { return named("id", ++made_ * tenants + number_); }

    Database& database_;
    Scope scope_;
    std::int64_t number_;
    std::mt19937_64 chance_;
    std::int64_t made_ = 0;
    std::vector<std::string> kept_;
};

Task<void> until(const int& done, int all) {
    while (done < all) co_await boost::asio::post(boost::asio::use_awaitable);
}

class Interleavings : public OnBothDatabases {};

TEST_P(Interleavings, OfManyTenantsShowNobodyWhatIsAnothers) {
    ScratchDatabase scratch(GetParam(), schema);
    std::vector<Tenancy> all;
    for (std::int64_t number = 1; number <= tenants; ++number)
        all.emplace_back(scratch.database(), number);
    auto together = [&](auto begin) {
        int ended = 0;
        for (auto& one : all)
            boost::asio::co_spawn(scratch.io(), begin(one, ended), boost::asio::detached);
        scratch.run(until(ended, static_cast<int>(tenants)));
    };

    for (int number = 0; number < interleavings() && !HasFailure(); ++number) {
        together([](Tenancy& one, int& ended) { return one.act(ended); });
        together([](Tenancy& one, int& ended) { return one.check(ended); });
    }
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Databases, Interleavings, both_databases(), dialect_name);

}  // namespace afterresume::sql
