#include "engine/schedules/firing.h"

#include "core/scope_mint.h"
#include "engine/jobs/control.h"
#include "engine/jobs/steps.h"
#include "engine/schedules/plan.h"
#include "engine/schedules/sealed_payload.h"

#include <algorithm>

namespace afterresume::schedules {

using sql::named;

namespace {

constexpr sql::Statement insert_decision{"schedules.decide", R"sql(
    INSERT INTO schedule_run (schedule_id, slot, tenant_id, decided_at, outcome, slots, by_hand, reason, job_id)
    VALUES (:schedule_id, :slot, :tenant_id, :decided_at, :outcome, :slots, :by_hand, :reason, :job_id)
    ON CONFLICT (schedule_id, slot) DO NOTHING)sql"};

void write(sql::Tx& tx, TenantId tenant, Id<Schedule> id, const Decision& decision) {
    tx.defer(insert_decision, decision, named("tenant_id", tenant), named("schedule_id", id));
}

struct Unfinished {
    jobs::JobId id;
    bool begun = false;
};
BOOST_DESCRIBE_STRUCT(Unfinished, (), (id, begun))

// Of the last hundred that it began.
Task<std::vector<Unfinished>> list_unfinished(sql::Tx& tx, Scope owner, Id<Schedule> id) {
    static constexpr sql::Statement statement{"schedules.list_unfinished", R"sql(
        SELECT hot.id, hot.started_at IS NOT NULL AS begun
        FROM job_hot hot
        WHERE hot.tenant_id = :tenant_id AND hot.id IN (
            SELECT recent.job_id FROM (
                SELECT job_id FROM schedule_run
                WHERE schedule_id = :id AND tenant_id = :tenant_id AND job_id IS NOT NULL
                ORDER BY slot DESC LIMIT 100) recent)
        FOR UPDATE OF hot)sql"};
    return tx.all<Unfinished>(statement, owner, named("id", id));
}

// Whether a new job may begin beside those that have not ended.
Task<bool> makes_room(
    sql::Tx& tx, jobs::Doorbell& cancels, Scope owner, const Schedule& schedule, Timestamp now
) {
    if (schedule.overlap == Overlap::allow) co_return true;
    auto unfinished = co_await list_unfinished(tx, owner, schedule.id);
    if (schedule.overlap == Overlap::skip) co_return unfinished.empty();
    if (schedule.overlap == Overlap::queue_one)
        co_return std::ranges::all_of(unfinished, &Unfinished::begun);
    for (const auto& job : unfinished) co_await jobs::cancel(tx, owner, job.id, cancels, now);
    co_return true;
}

Task<std::optional<Decision>> find_decision(
    sql::Tx& tx, Scope owner, Id<Schedule> id, Timestamp slot
) {
    static constexpr sql::Statement statement{"schedules.find_decision", R"sql(
        SELECT slot, decided_at, outcome, slots, by_hand, reason, job_id FROM schedule_run
        WHERE schedule_id = :id AND tenant_id = :tenant_id AND slot = :slot)sql"};
    return tx.find<Decision>(statement, owner, named("id", id), named("slot", slot));
}

// The same for whoever fires it, so that two jobs of one slot can be told.
Uuid id_of(Id<Schedule> schedule, Timestamp slot) {
    auto hash = jobs::hash_of(
        fmt::format("schedule {} at {}", schedule.value, slot.time_since_epoch().count())
    );
    for (auto place : {8U, 13U, 18U, 23U}) hash.insert(place, "-");
    return Uuid::parse(hash).value();
}

}  // namespace

Task<Decision> fire(
    sql::Tx& tx, jobs::Queue& queue, jobs::Doorbell& cancels, Scope owner, Schedule schedule,
    Occasion occasion, Timestamp now
) {
    static constexpr sql::Statement touch{
        "schedules.touch", R"sql(
        UPDATE schedule SET last_run_at = :now, version = version + 1 WHERE id = :id AND tenant_id = :tenant_id)sql"
    };
    auto known = co_await find_decision(tx, owner, schedule.id, occasion.slot);
    if (known) co_return std::move(*known);
    Decision decision;
    decision.slot = occasion.slot;
    decision.by_hand = occasion.by_hand;
    decision.decided_at = now;
    decision.outcome = Outcome::skipped;
    auto room = co_await makes_room(tx, cancels, owner, schedule, now);
    if (room) {
        auto origin = jobs::origin_of(owner);
        if (!occasion.by_hand) {
            origin.trigger = jobs::Trigger::schedule;
            origin.correlation_id = id_of(schedule.id, occasion.slot);
        }
        jobs::NewJob job{schedule.job_type, describe::to_json(schedule.payload)};
        auto made = co_await queue.enqueue(tx, origin, std::move(job));
        decision.outcome = Outcome::fired;
        decision.job_id = made.id;
        tx.defer(touch, owner, named("id", schedule.id), named("now", now));
    }
    write(tx, owner.tenant(), schedule.id, decision);
    co_return decision;
}

Task<std::int64_t> forget_decisions(sql::Tx& tx, Timestamp before, std::int64_t most) {
    static constexpr sql::Statement statement{"schedules.forget", R"sql(
        DELETE FROM schedule_run WHERE (schedule_id, slot) IN (
            SELECT schedule_id, slot FROM schedule_run WHERE slot < :before LIMIT :most))sql"};
    return tx.execute(statement, named("before", before), named("most", most));
}

Firing::Firing(
    sql::Database& database, const jobs::JobTypes& types, jobs::Queue& queue,
    jobs::Doorbell& cancels, orchestration::Rights& rights, observability::Log& log
)
    : database_(database),
      types_(types),
      queue_(queue),
      cancels_(cancels),
      rights_(rights),
      log_(log) {
    std::vector<std::string> names;
    for (const auto* type : types.all()) names.push_back(type->name);
    names_.text = describe::to_json(names);
}

Task<Times> Firing::look(Timestamp host) {
    static constexpr sql::Statement statement{
        "schedules.look",
        R"sql(
        SELECT clock_timestamp() AS now, min(next_run_at) AS next FROM schedule
        WHERE enabled AND job_type IN (SELECT jsonb_array_elements_text(:types)))sql",
        R"sql(
        SELECT :host AS now, min(next_run_at) AS next FROM schedule
        WHERE enabled AND job_type IN (SELECT value FROM json_each(:types)))sql"
    };
    auto tx = database_.begin_engine(sql::Access::read);
    auto times = co_await tx->one<Times>(statement, named("host", host), named("types", names_));
    co_return times;
}

Task<bool> Firing::fire_one(Timestamp now) {
    static constexpr sql::Statement lock_due{
        "schedules.lock_due", R"sql(
        SELECT id, tenant_id, user_id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at,
               next_run_at, version, created_at, updated_at
        FROM schedule
        WHERE enabled AND next_run_at <= :now AND job_type IN (SELECT jsonb_array_elements_text(:types))
        ORDER BY next_run_at LIMIT 1 FOR UPDATE SKIP LOCKED)sql",
        R"sql(
        SELECT id, tenant_id, user_id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at,
               next_run_at, version, created_at, updated_at
        FROM schedule
        WHERE enabled AND next_run_at <= :now AND job_type IN (SELECT value FROM json_each(:types))
        ORDER BY next_run_at LIMIT 1)sql"
    };
    auto tx = database_.begin_engine(sql::Access::write);
    auto due =
        co_await tx->find<OwnedSchedule>(lock_due, named("now", now), named("types", names_));
    if (!due) {
        // It may have locked a row that another node fired meanwhile, and that is due again soon.
        co_await tx->rollback();
        co_return false;
    }
    co_await decide(*tx, std::move(*due), now);
    co_await tx->commit();
    co_return true;
}

Task<void> Firing::decide(sql::Tx& tx, OwnedSchedule schedule, Timestamp now) {
    static constexpr sql::Statement move_on{"schedules.move_on", R"sql(
        UPDATE schedule SET enabled = :enabled, next_run_at = :next_run_at, version = version + 1
        WHERE id = :id AND tenant_id = :tenant_id)sql"};
    auto slot = schedule.next_run_at.value();
    Plan what;
    try {
        static_cast<Schedule&>(schedule) = opened(types_.seal(), schedule.tenant_id, schedule);
        what = plan(Cron::parse(schedule.cron), schedule.time_zone, schedule.missed, slot, now);
    } catch (const Error& error) {
        log_.error(
            "schedules", "{} ({}) is paused: {} ({})", schedule.name, schedule.id.value,
            error.what(), error.code()
        );
        write(
            tx, schedule.tenant_id, schedule.id,
            {slot, now, Outcome::refused, 1, false, error.code(), std::nullopt}
        );
    }
    if (what.first_missed) {
        write(
            tx, schedule.tenant_id, schedule.id,
            {*what.first_missed, now, Outcome::missed, what.missed, false, std::nullopt,
             std::nullopt}
        );
        log_.warning("schedules", "{} missed {} times", schedule.name, what.missed);
    }
    if (what.fire) co_await fire_slot(tx, schedule, *what.fire, now);
    tx.defer(
        move_on, named("id", schedule.id), named("tenant_id", schedule.tenant_id),
        named("enabled", what.next.has_value()), named("next_run_at", what.next)
    );
}

Task<Decision> Firing::fire_slot(
    sql::Tx& tx, const OwnedSchedule& schedule, Timestamp slot, Timestamp now
) {
    auto identity = co_await rights_.find(schedule.tenant_id, schedule.user_id);
    if (identity) {
        auto owner = ScopeMint::mint(*identity);
        if (owner.may(types_.get(schedule.job_type).permission)) {
            auto decision =
                co_await fire(tx, queue_, cancels_, owner, schedule, {slot, false}, now);
            co_return decision;
        }
    }
    Decision refused{slot, now, Outcome::refused, 1, false, "schedule.permission_lost", {}};
    write(tx, schedule.tenant_id, schedule.id, refused);
    co_return refused;
}

}  // namespace afterresume::schedules
