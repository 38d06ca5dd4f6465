#include "engine/api/batch.h"
#include "core/scope_mint.h"
#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Wanted {
    std::int64_t entry = 0;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (entry))

class BatchTest : public JobsTest {
protected:
    BatchTest() {
        types.add({.name = "c.asked", .requestable = payload_as<Wanted>()});
        types.add(
            {.name = "c.owned", .permission = Permission::own, .requestable = payload_as<Wanted>()}
        );
        types.add(
            {.name = "c.unique", .unique = Unique::while_queued, .requestable = payload_as<Wanted>()
            }
        );
    }

    static Scope a_member() {
        Identity identity;
        identity.tenant = TenantId{1};
        identity.user = UserId{12};
        identity.role = Role::member;
        return ScopeMint::mint(identity);
    }
    BatchResult batch(std::string_view body) { return run(batch_as(scratch->alice(), body)); }
    Task<BatchResult> batch_as(Scope scope, std::string_view body) {
        auto wanted = describe::parse<Batch>(body);
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto result = co_await run_batch(
            *tx, scope, {types, queue, doorbell, cancels, clock}, std::move(wanted)
        );
        co_await tx->commit();
        co_return result;
    }
    BatchResult batch_over(std::string_view op, std::vector<JobId> ids) {
        return batch(fmt::format(R"({{"op":"{}","ids":{}}})", op, describe::to_json(ids)));
    }
    static std::vector<std::int64_t> statuses(const BatchResult& result) {
        std::vector<std::int64_t> all;
        for (const auto& item : result.items) all.push_back(item.status);
        return all;
    }

    Doorbell cancels;
};

TEST_P(BatchTest, EnqueuesWhatIsGoodAndSaysWhatIsNot) {
    auto result = batch(R"({"op":"enqueue","items":[
        {"type":"c.asked","payload":{"entry":7}},
        {"type":"c.asked","payload":{"entry":"seven"}},
        {"type":"a.one","payload":{}},
        {"type":"c.nothing","payload":{}},
        {"type":"c.asked","payload":{"entry":8},"priority":9},
        {"type":"c.asked","payload":{"entry":9},"priority":0}
    ]})");

    EXPECT_THAT(statuses(result), ElementsAre(202, 422, 422, 422, 422, 202));
    EXPECT_EQ(result.succeeded, 2);
    EXPECT_EQ(result.failed, 4);
    EXPECT_THAT(result.items.at(1).error->fields, SizeIs(1));
    EXPECT_EQ(result.items.at(2).error->code, "job.not_requestable");
    auto made = job(*result.items.at(5).id);
    EXPECT_EQ(made.batch_id, result.batch_id);
    EXPECT_EQ(made.priority, 0);
    EXPECT_EQ(made.trigger, Trigger::api);
    EXPECT_THAT(listed({.batch_id = result.batch_id}).items, SizeIs(2));
    EXPECT_THAT(listed({.batch_id = Uuid::random()}).items, IsEmpty());
}

TEST_P(BatchTest, RefusesATypeThatItsCallerMayNotRun) {
    auto result = run(batch_as(
        a_member(), R"({"op":"enqueue","items":[{"type":"c.owned","payload":{"entry":1}}]})"
    ));

    EXPECT_THAT(statuses(result), ElementsAre(403));
}

TEST_P(BatchTest, GivesTheJobThatIsThereForAUniqueType) {
    auto result = batch(R"({"op":"enqueue","items":[
        {"type":"c.unique","payload":{"entry":1}},
        {"type":"c.unique","payload":{"entry":1}}
    ]})");

    EXPECT_THAT(statuses(result), ElementsAre(202, 200));
    EXPECT_EQ(result.items.at(0).id, result.items.at(1).id);
}

TEST_P(BatchTest, CancelsEachOfTheseOrSaysWhyNot) {
    auto waiting = enqueue({.type = "a.one"}).id;
    auto done = enqueue({.type = "a.unique"}).id;
    end(claim(worker, 1, {"a.unique"}).at(0));
    auto running = enqueue({.type = "a.unique"}).id;
    claim(worker, 1, {"a.unique"});

    auto result = batch_over("cancel", {running, Uuid::random(), waiting, done});

    EXPECT_THAT(statuses(result), ElementsAre(202, 404, 200, 409));
    EXPECT_EQ(result.items.at(0).id, running);
    EXPECT_EQ(job(waiting).status, Status::cancelled);
    EXPECT_THAT(told(running), ElementsAre("queued", "started", "cancel_requested"));
}

TEST_P(BatchTest, KnowsNoJobOfAnotherTenant) {
    auto foreign = enqueue({.type = "a.one"}).id;
    auto body = fmt::format(R"({{"op":"cancel","ids":["{}"]}})", foreign.text());

    auto result = run(batch_as(scratch->bob(), body));

    EXPECT_THAT(statuses(result), ElementsAre(404));
    EXPECT_EQ(job(foreign).status, Status::queued);
}

TEST_P(BatchTest, CancelsWhatAFilterFindsAThousandAtATime) {
    for (int i = 0; i < 1'003; ++i) enqueue({.type = "a.one"});
    auto other = enqueue({.type = "a.unique"}).id;

    auto first = batch(R"({"op":"cancel","filter":{"type":"a.one"}})");
    auto second = batch(R"({"op":"cancel","filter":{"type":"a.one"}})");

    EXPECT_EQ(first.succeeded, 1'000);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(second.succeeded, 3);
    EXPECT_FALSE(second.more);
    EXPECT_EQ(job(other).status, Status::queued);
}

TEST_P(BatchTest, TriesAgainWhatFailed) {
    auto failed = enqueue({.type = "a.one"}).id;
    end(claim(worker, 1).at(0), Status::failed);
    auto cancelled = enqueue({.type = "a.one"}).id;
    cancel(cancelled);

    auto result = batch(R"({"op":"retry","filter":{}})");

    EXPECT_THAT(statuses(result), ElementsAre(202));
    EXPECT_EQ(job(failed).status, Status::queued);
    EXPECT_EQ(job(cancelled).status, Status::cancelled);
}

TEST_P(BatchTest, FindsDeadLettersByTheirCodeAndQueue) {
    auto dead = enqueue({.type = "a.one"}).id;
    auto fence = claim(worker, 1).at(0).fence();
    Failure died{FailureKind::permanent, "job.worker_died", "It died too often."};
    run(end_all({Ending{fence, Status::failed, std::nullopt, died}}));
    auto failed = enqueue({.type = "a.one"}).id;
    end(claim(worker, 1).at(0), Status::failed);

    auto elsewhere =
        batch(R"({"op":"retry","filter":{"code":"job.worker_died","queue":"documents"}})");
    auto found = batch(R"({"op":"retry","filter":{"code":"job.worker_died","queue":"ai"}})");

    EXPECT_THAT(elsewhere.items, IsEmpty());
    ASSERT_THAT(found.items, SizeIs(1));
    EXPECT_EQ(found.items.at(0).id, dead);
    EXPECT_EQ(job(failed).status, Status::failed);
}

TEST_P(BatchTest, RefusesABodyThatItsOperationDoesNotTake) {
    for (const auto* body : {
             R"({"op":"enqueue"})",
             R"({"op":"enqueue","items":[]})",
             R"({"op":"enqueue","items":[{}],"ids":["0190b6e8-0000-7000-8000-000000000000"]})",
             R"({"op":"cancel"})",
             R"({"op":"cancel","ids":[],"filter":{}})",
             R"({"op":"cancel","ids":["0190b6e8-0000-7000-8000-000000000000"],"filter":{}})",
             R"({"op":"retry","items":[{}]})",
         }) {
        EXPECT_THROW(batch(body), Error) << body;
    }
}

INSTANTIATE_TEST_SUITE_P(Databases, BatchTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
