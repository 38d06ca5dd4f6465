#include "features/invitations/service.h"

#include "embedded/migrations.h"
#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::invitations {
namespace {

using single_use::Barrier;
using single_use::many;
using testing::ElementsAre;
using testing::Pair;

class InvitationService : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), embedded::migrations());
    }
    Task<Id<Invitation>> made() {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        auto made = co_await invitations.create_first(*tx, home->alice());
        co_await tx->commit();
        co_return made.invitation.id;
    }
    Task<void> redeem(Id<Invitation> id, Barrier& barrier) {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        co_await barrier.arrive();
        co_await invitations.redeem(*tx, home->alice(), origin, id, "someone@example.com");
        co_await tx->commit();
    }

    const auditing::Origin origin{"192.0.2.7", "Laptop"};
    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    auditing::Service audit{clock};
    mail::Postbox postbox;
    tenants::Service tenants{audit, clock};
    Service invitations{{clock, audit, tenants, postbox}, "http://localhost:8000"};
    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, InvitationService, sql::both_databases(), sql::dialect_name);

TEST_P(InvitationService, LetsExactlyOneOfManyInAtOnce) {
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto id = home->run(made());

        auto ends =
            single_use::at_once(*home, [&](Barrier& barrier) { return redeem(id, barrier); });

        ASSERT_THAT(ends, ElementsAre(Pair("done", 1), Pair("invitations.not_usable", many - 1)));
    }
}

}  // namespace
}  // namespace afterresume::invitations
