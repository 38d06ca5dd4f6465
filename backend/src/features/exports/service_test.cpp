#include "features/exports/service.h"

#include "core/testing.h"
#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::exports {
namespace {

using std::chrono::hours;

class ExportService : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), embedded::migrations());
    }
    Service service(char key = 'k') {
        return Service({events, audit, tenants, clock}, {std::string(32, key)});
    }
    template <class Act>
    auto in_one(const Scope& scope, Act act) {
        return home->run(committed(scope, act));
    }
    template <class Act>
    auto committed(Scope scope, Act act) -> std::invoke_result_t<Act, sql::Tx&, const Scope&> {
        auto tx = home->database().begin(scope, sql::Access::write);
        auto pending = act(*tx, scope);
        auto value = co_await std::move(pending);
        co_await tx->commit();
        co_return value;
    }
    Id<Export> begin(const Scope& scope) {
        return in_one(scope, [&](sql::Tx& tx, const Scope& as) { return exports.begin(tx, as); });
    }
    Id<Export> make(const Scope& scope, std::vector<std::string> pieces) {
        auto id = begin(scope);
        std::int64_t number = 0;
        for (auto& piece : pieces) home->run(appended(scope, id, number++, piece));
        in_one(scope, [&](sql::Tx& tx, const Scope& as) { return exports.finish(tx, as, id); });
        return id;
    }
    Task<void> appended(Scope scope, Id<Export> id, std::int64_t number, std::string piece) {
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await exports.append(*tx, scope, id, number, std::move(piece));
        co_await tx->commit();
    }
    std::optional<std::string> piece(
        const Scope& scope, Id<Export> id, std::int64_t number, Service& with
    ) {
        return in_one(scope, [&](sql::Tx& tx, const Scope& as) {
            return with.piece(tx, as, id, number);
        });
    }
    std::vector<Export> listed(const Scope& scope) {
        auto list =
            in_one(scope, [&](sql::Tx& tx, const Scope& as) { return exports.list(tx, as, {}); });
        return list.items;
    }
    std::int64_t purge(const Scope& scope) {
        return in_one(scope, [&](sql::Tx& tx, const Scope& as) {
            return exports.purge(tx, as, 100);
        });
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    events::Events events{clock};
    auditing::Service audit{clock};
    tenants::Service tenants{audit, clock};
    Service exports = service();
    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, ExportService, sql::both_databases(), sql::dialect_name);

TEST_P(ExportService, GivesThePiecesInTheirOrderAndNothingPastTheLast) {
    auto id = make(home->alice(), {"{\"a\":", "1}"});

    EXPECT_EQ(piece(home->alice(), id, 0, exports), "{\"a\":");
    EXPECT_EQ(piece(home->alice(), id, 1, exports), "1}");
    EXPECT_EQ(piece(home->alice(), id, 2, exports), std::nullopt);
    EXPECT_EQ(listed(home->alice()).at(0).bytes, 7);
}

TEST_P(ExportService, ShowsNothingToAnotherTenant) {
    auto id = make(home->alice(), {"hers"});

    EXPECT_EQ(piece(home->bob(), id, 0, exports), std::nullopt);
    EXPECT_TRUE(listed(home->bob()).empty());
}

TEST_P(ExportService, IsUnreadableWithAnotherKey) {
    auto id = make(home->alice(), {"hers"});
    auto other = service('o');

    auto attempt = [&] { piece(home->alice(), id, 0, other); };

    EXPECT_THROW(attempt(), Error);
}

TEST_P(ExportService, IsForWhoOwnsTheTenantAtThatMoment) {
    auto id = make(home->alice(), {"hers"});
    const auditing::Origin origin{"192.0.2.7", "Laptop"};
    auto refusal = [&](auto act) { return code_of([&] { in_one(home->alice(), act); }); };
    auto ask = [&](sql::Tx& tx, const Scope& as) { return exports.ask(tx, as); };
    auto take = [&](sql::Tx& tx, const Scope& as) { return exports.take(tx, as, origin, id); };

    // Her token says owner; she is no member.
    EXPECT_EQ(refusal(ask), "request.not_permitted");
    EXPECT_EQ(refusal(take), "request.not_permitted");
}

TEST_P(ExportService, ShowsNoneThatIsNotFinished) {
    begin(home->alice());

    EXPECT_TRUE(listed(home->alice()).empty());
}

TEST_P(ExportService, ForgetsWhatExpiredAndWhatWasNeverFinished) {
    make(home->alice(), {"old", "older"});
    auto left = begin(home->alice());
    home->run(appended(home->alice(), left, 0, "half"));
    clock.advance(hours(1));
    EXPECT_EQ(purge(home->alice()), 0);
    clock.advance(kept_for);
    auto young = make(home->alice(), {"young"});

    EXPECT_EQ(purge(home->alice()), 3);
    EXPECT_EQ(purge(home->alice()), 0);
    EXPECT_EQ(piece(home->alice(), young, 0, exports), "young");
    EXPECT_EQ(listed(home->alice()).size(), 1U);
}

}  // namespace
}  // namespace afterresume::exports
