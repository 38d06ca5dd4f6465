#include "engine/jobs/wakeups.h"

#include <gmock/gmock.h>

namespace afterresume::jobs {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Everybody's messages, delivered when told to.
class Air {
public:
    void publish(const std::string& message) { messages.push_back(message); }
    void deliver() {
        for (const auto& message : std::exchange(messages, {})) {
            for (const auto& receiver : receivers) receiver(message);
        }
    }

    std::vector<std::string> messages;
    std::vector<broadcast::Receiver> receivers;
};

class Radio final : public broadcast::Broadcast {
public:
    explicit Radio(Air& air) : air_(air) {}
    void start(broadcast::Receiver receiver) override {
        air_.receivers.push_back(std::move(receiver));
    }
    void publish(std::string message) override { air_.publish(message); }
    bool connected() const override { return true; }

private:
    Air& air_;
};

struct Hearer {
    Hearer(boost::asio::io_context& io, Air& air)
        : radio(air), wakeups(io, radio, {{"ready", ready}, {"cancel", cancel}}) {
        ready.listen(this, [this](const auto& where) {
            ++ready_rings;
            if (where) spots.insert(*where);
        });
        cancel.listen(this, [this](const auto&) { ++cancel_rings; });
    }

    Doorbell ready;
    Doorbell cancel;
    Radio radio;
    Wakeups wakeups;
    int ready_rings = 0;
    int cancel_rings = 0;
    std::set<Spot> spots;
};

class WakeupsTest : public testing::Test {
protected:
    boost::asio::io_context io{1};
    Air air;
    Hearer here{io, air};
    Hearer there{io, air};
};

TEST_F(WakeupsTest, CarryARingToTheSameBellElsewhere) {
    here.cancel.ring();
    air.deliver();

    EXPECT_EQ(there.cancel_rings, 1);
    EXPECT_EQ(there.ready_rings, 0);
}

TEST_F(WakeupsTest, RingOnceHere) {
    here.ready.ring();
    air.deliver();
    air.deliver();

    EXPECT_EQ(here.ready_rings, 1);
    EXPECT_THAT(air.messages, SizeIs(0));
}

TEST_F(WakeupsTest, SendWhatRingsCloseTogetherAsOne) {
    for (int i = 0; i < 100; ++i) {
        here.ready.ring();
        here.cancel.ring();
    }
    auto at_once = air.messages.size();
    io.run();

    EXPECT_EQ(at_once, 1U);
    EXPECT_THAT(air.messages, SizeIs(2));
    air.deliver();
    EXPECT_EQ(there.ready_rings, 2);
    EXPECT_EQ(there.cancel_rings, 1);
}

TEST_F(WakeupsTest, TellWhereWhatIsReadyStands) {
    std::set<Spot> spots{{QueueName::ai, TenantId{7}}, {QueueName::documents, TenantId{1LL << 52}}};
    for (const auto& spot : spots) here.ready.ring(spot);
    here.ready.ring();
    io.run();
    air.deliver();

    EXPECT_EQ(there.spots, spots);
    EXPECT_EQ(there.ready_rings, 3);
}

TEST_F(WakeupsTest, StayShortHoweverManyTenantsHaveJobs) {
    for (std::int64_t tenant = 0; tenant < 1'000; ++tenant)
        here.ready.ring(Spot{QueueName::maintenance, TenantId{(1LL << 52) + tenant}});
    io.run();

    ASSERT_THAT(air.messages, SizeIs(2));
    EXPECT_LT(air.messages[1].size(), 8'000U);
    air.deliver();
    EXPECT_EQ(there.ready_rings, 102);
}

TEST_F(WakeupsTest, RingWithoutAPlaceThatTheyCannotRead) {
    air.publish("x ready:nowhere:7");
    air.publish("x ready:ai:");
    air.publish("x ready:");
    air.deliver();

    EXPECT_EQ(here.ready_rings, 3);
    EXPECT_THAT(here.spots, IsEmpty());
}

TEST_F(WakeupsTest, PassByWhatTheyDoNotKnow) {
    for (const auto* message : {"", "x", "x unknown", " ", "cancel"}) air.publish(message);
    air.deliver();

    EXPECT_EQ(here.ready_rings + here.cancel_rings, 0);
}

}  // namespace
}  // namespace afterresume::jobs
