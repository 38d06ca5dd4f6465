#include "features/sharing/testing.h"

#include "core/testing.h"
#include "infra/crypto/crypto.h"
#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::sharing {
namespace {

using namespace std::chrono_literals;
using auditing::Act;
using sql::named;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class Sharing : public SharingTest {
protected:
    std::string kept_hash() { return home->run(token_hash()).bytes; }
    Task<sql::Blob> token_hash() {
        static constexpr sql::Statement statement{
            "test.hash", "SELECT token_hash FROM share_link WHERE tenant_id = :tenant_id"
        };
        auto tx = home->database().begin(ada, sql::Access::read);
        co_return co_await tx->one<sql::Blob>(statement, ada);
    }
    std::string refusal(CreateShare wanted) {
        return code_of([&] { make(std::move(wanted)); });
    }
    void limit(std::int64_t links) {
        tenants::Limits own;
        own.share_links = links;
        home->run(limited({TenantId{1}, std::nullopt, own, UserId{7}, clock.now()}));
    }
    Task<void> limited(tenants::TenantLimits limits) {
        auto tx = home->database().begin_engine(sql::Access::write);
        quotas->set_limits(*tx, limits);
        co_await tx->commit();
        co_await quotas->look();
    }
    Task<void> make_at(CreateShare wanted, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await made(ada, std::move(wanted));
    }
    Task<std::int64_t> purged(Timestamp before) {
        auto tx = home->database().begin(ada, sql::Access::write);
        auto count = co_await links.purge_views(*tx, ada, before, 100);
        count += co_await links.purge(*tx, ada, before, 100);
        co_await tx->commit();
        co_return count;
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, Sharing, sql::both_databases(), sql::dialect_name);

TEST_P(Sharing, ShowsATokenOnceAndKeepsItsHash) {
    auto made = make(of(store_line("Sold a pump")));

    EXPECT_EQ(crypto::from_base64url(made.token).value_or("").size(), 32U);
    EXPECT_EQ(made.link, "https://example.org/s/" + made.token);
    EXPECT_EQ(kept_hash(), crypto::sha256(made.token));
    EXPECT_EQ(made.share.expires_at - made.share.created_at, 720h);
    EXPECT_EQ(made.share.contacts, Contacts::hidden);
}

TEST_P(Sharing, IsToldToTheAudit) {
    auto made = make(of(store_line("Sold a pump")));
    revoke(made.share.id);

    EXPECT_THAT(recorded(), ElementsAre(Act::share_revoked, Act::share_made));
}

TEST_P(Sharing, IsOfOnesOwnReportsAlone) {
    auto wanted = of(store_line("Sold a pump"));

    EXPECT_THROW(home->run(made(scope_of(22, 2), wanted)), Error);
    EXPECT_EQ(refusal(of(Id<reporting::Report>{424242})), "request.not_found");
}

TEST_P(Sharing, NeedsTheRightToShareWhenItIsDone) {
    static constexpr sql::Statement demote{
        "test.demote", "UPDATE membership SET role = 'read_only' WHERE tenant_id = :tenant_id"
    };
    auto wanted = of(store_line("Sold a pump"));
    execute(demote);

    EXPECT_EQ(refusal(wanted), "request.not_permitted");
    EXPECT_THAT(list().items, IsEmpty());
}

TEST_P(Sharing, EndsWithinAYear) {
    auto wanted = of(store_line("Sold a pump"));
    for (auto far : {-1ms, 0ms, std::chrono::milliseconds(367 * 24h)}) {
        wanted.expires_at = clock.now() + far;
        EXPECT_EQ(refusal(wanted), "request.invalid") << far.count();
    }
    wanted.expires_at = clock.now() + 366 * 24h;
    EXPECT_EQ(refusal(wanted), "none");
}

TEST_P(Sharing, ListsTheNewestFirstByPages) {
    auto wanted = of(store_line("Sold a pump"));
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 3; ++i) ids.push_back(make(wanted).share.id.value);

    auto first = list({2, std::nullopt});
    auto second = list({2, std::stoll(first.next_cursor.value_or("0"))});

    ASSERT_THAT(first.items, SizeIs(2));
    ASSERT_THAT(second.items, SizeIs(1));
    EXPECT_EQ(first.items[0].id.value, ids[2]);
    EXPECT_EQ(first.items[1].id.value, ids[1]);
    EXPECT_EQ(second.items[0].id.value, ids[0]);
    EXPECT_FALSE(second.next_cursor);
}

TEST_P(Sharing, IsChangedByItsMakerOneVersionAfterTheOther) {
    auto made = make(of(store_line("Sold a pump")));
    EditShare change;
    change.name = {true, "For the agency"};
    change.contacts.value = Contacts::shown;
    change.most_views = {true, 3};

    auto changed = edit(made.share.id, change, {1});

    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(changed.name, "For the agency");
    EXPECT_EQ(changed.contacts, Contacts::shown);
    EXPECT_EQ(changed.most_views, 3);
    EXPECT_EQ(changed.expires_at, made.share.expires_at);
    EXPECT_THROW(edit(made.share.id, change, {1}), Error);
    EXPECT_EQ(list().items.front().version, 2);
    EXPECT_THAT(recorded(), ElementsAre(Act::share_changed, Act::share_made));
}

TEST_P(Sharing, IsNotChangedOnceItWasRevoked) {
    auto made = make(of(store_line("Sold a pump")));
    revoke(made.share.id);
    EditShare change;
    change.expires_at.value = clock.now() + 24h;

    EXPECT_THROW(edit(made.share.id, change), Error);
    EXPECT_EQ(list().items.front().version, made.share.version + 1);
}

TEST_P(Sharing, CountsALinkAgainThatIsGivenMoreTime) {
    auto wanted = of(store_line("Sold a pump"));
    wanted.expires_at = clock.now() + 1h;
    limit(1);
    auto first = make(wanted);
    clock.advance(1h);
    wanted.expires_at = clock.now() + 1h;
    ASSERT_EQ(refusal(wanted), "none");
    EditShare change;
    change.expires_at.value = clock.now() + 2h;

    EXPECT_THROW(edit(first.share.id, change), tenants::QuotaExceeded);
    EXPECT_EQ(list().items.back().expires_at, first.share.expires_at);
}

TEST_P(Sharing, IsRevokedOnceAndStaysListed) {
    auto made = make(of(store_line("Sold a pump")));
    revoke(made.share.id);

    EXPECT_THROW(revoke(made.share.id), Error);
    ASSERT_THAT(list().items, SizeIs(1));
    EXPECT_TRUE(list().items.front().revoked_at);
}

TEST_P(Sharing, MakesNoLinkWhereItIsSwitchedOff) {
    auto wanted = of(store_line("Sold a pump"));
    is_off = true;

    EXPECT_EQ(refusal(wanted), "sharing.off");
    EXPECT_THAT(list().items, IsEmpty());
}

TEST_P(Sharing, GivesNoMoreLinksThanThereMayBeHoweverManyAreMadeAtOnce) {
    auto wanted = of(store_line("Sold a pump"));
    limit(10);

    auto ends = single_use::at_once(*home, [&](single_use::Barrier& barrier) {
        return make_at(wanted, barrier);
    });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", 10), Pair("tenants.quota_exceeded", single_use::many - 10))
    );
    EXPECT_THAT(list().items, SizeIs(10));
    EXPECT_THAT(recorded(), SizeIs(10));
}

TEST_P(Sharing, CountsNoLinkThatHasEnded) {
    auto wanted = of(store_line("Sold a pump"));
    limit(1);
    auto made = make(wanted);
    ASSERT_EQ(refusal(wanted), "tenants.quota_exceeded");

    revoke(made.share.id);

    EXPECT_EQ(refusal(wanted), "none");
}

TEST_P(Sharing, ForgetsLinksAndViewsOfLongAgo) {
    auto made = make(of(store_line("Sold a pump")));
    open(made.token);
    revoke(made.share.id);

    auto kept = home->run(purged(clock.now()));
    auto gone = home->run(purged(clock.now() + 1ms));

    EXPECT_EQ(kept, 0);
    EXPECT_EQ(gone, 2);
    EXPECT_THAT(list().items, IsEmpty());
}

}  // namespace
}  // namespace afterresume::sharing
