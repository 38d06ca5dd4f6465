#include "engine/schedules/operation.h"
#include "engine/schedules/testing.h"

namespace afterresume::schedules {
namespace {

using testing::SizeIs;

class OperationTest : public SchedulesTest {
protected:
    Page<OperatedSchedule> list(std::optional<std::string> cursor, std::int64_t page_size) {
        return run(list_as_operator(std::move(cursor), page_size));
    }
    Task<Page<OperatedSchedule>> list_as_operator(
        std::optional<std::string> cursor, std::int64_t page_size
    ) {
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto page = co_await operation.list(*tx, std::move(cursor), page_size);
        co_return page;
    }
    Uuid run_now(Id<Schedule> id) { return run(run_as_operator(id)); }
    Task<Uuid> run_as_operator(Id<Schedule> id) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto made = co_await operation.run_now(*tx, co_await operation.get(*tx, id));
        co_await tx->commit();
        co_return made;
    }

    Operation operation{service, rights};
};

TEST_P(OperationTest, ListsTheSchedulesOfAllTenantsPageByPage) {
    auto of_ada = create_as(ada(), every_quarter());
    auto of_bob = create_as(bob(), every_quarter());

    auto first = list(std::nullopt, 1);
    auto second = list(first.next_cursor, 1);

    ASSERT_THAT(first.items, SizeIs(1));
    EXPECT_EQ(first.items.at(0).id, of_ada.id);
    EXPECT_EQ(first.items.at(0).tenant_id, ada().tenant());
    ASSERT_THAT(second.items, SizeIs(1));
    EXPECT_EQ(second.items.at(0).id, of_bob.id);
    EXPECT_FALSE(second.next_cursor);
}

TEST_P(OperationTest, RunsAScheduleForItsOwner) {
    auto schedule = create_as(ada(), every_quarter());

    auto made = run_now(schedule.id);

    EXPECT_EQ(job(made).type, "a.one");
    EXPECT_TRUE(history(schedule.id).at(0).by_hand);
}

TEST_P(OperationTest, RunsNothingForAnOwnerWhoHasLeft) {
    auto schedule = create_as(ada(), every_quarter());
    rights.roles.erase(ada().user().value);

    EXPECT_THROW(run_now(schedule.id), Error);
    EXPECT_EQ(jobs_made(), 0U);
}

TEST_P(OperationTest, KnowsNoScheduleThatThereIsNot) {
    EXPECT_THROW(run_now(Id<Schedule>{4711}), Error);
}

INSTANTIATE_TEST_SUITE_P(Databases, OperationTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::schedules
