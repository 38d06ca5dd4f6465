#include "engine/schedules/service.h"

#include "core/list_more.h"
#include "engine/schedules/cron.h"
#include "engine/schedules/firing.h"
#include "engine/schedules/sealed_payload.h"

#include <charconv>

namespace afterresume::schedules {

using sql::named;

namespace {

constexpr sql::Statement get_own{"schedules.get", R"sql(
    SELECT id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at, next_run_at, version,
           created_at, updated_at
    FROM schedule WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id)sql"};

std::optional<Timestamp> first_run(const Schedule& schedule, Timestamp now) {
    auto cron = Cron::parse(schedule.cron);
    auto next = next_time(cron, schedule.time_zone, now);
    return schedule.enabled ? next : std::nullopt;
}

}  // namespace

std::int64_t place_of(const std::optional<std::string>& cursor) {
    auto text = cursor.value_or("0");
    std::int64_t value = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size())
        throw Error(
            ErrorKind::invalid, "request.bad_cursor", "The cursor is not one that this list gave."
        );
    return value;
}

void Service::check_payload(const std::string& type_name, const JsonObject& payload) const {
    const auto* type = types_.find(type_name);
    if (type == nullptr || !type->schedulable) {
        std::string sentence = "No schedule can run this type of job.";
        Error error(ErrorKind::invalid, "schedule.not_schedulable", sentence);
        throw error.with_fields({{"/job_type", sentence}});
    }
    describe::Findings findings;
    type->schedulable(payload, "/payload", findings);
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
}

Task<Schedule> Service::create(sql::Tx& tx, Scope scope, CreateSchedule wanted) {
    static constexpr sql::Statement count{
        "schedules.count",
        "SELECT count(*) FROM schedule WHERE tenant_id = :tenant_id AND user_id = :user_id"
    };
    static constexpr sql::Statement insert{"schedules.insert", R"sql(
        INSERT INTO schedule (id, tenant_id, user_id, name, job_type, cron, time_zone, payload, enabled, missed, overlap,
                              next_run_at, version, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :name, :job_type, :cron, :time_zone, :payload, :enabled, :missed, :overlap,
                :next_run_at, :version, :created_at, :updated_at)
        ON CONFLICT (tenant_id, user_id, name) DO NOTHING)sql"};
    Schedule made;
    made.name = std::move(wanted.name);
    made.job_type = std::move(wanted.job_type);
    made.cron = std::move(wanted.cron);
    made.time_zone = wanted.time_zone.value_or(scope.time_zone());
    made.payload = wanted.payload.value_or(JsonObject{});
    made.enabled = wanted.enabled.value_or(true);
    made.missed = wanted.missed.value_or(Missed::once);
    made.overlap = wanted.overlap.value_or(Overlap::skip);
    made.created_at = made.updated_at = clock_.now();
    check_payload(made.job_type, made.payload);
    made.next_run_at = first_run(made, made.created_at);
    auto there = co_await tx.one<std::int64_t>(count, scope);
    if (there >= most_of_a_user)
        throw Error(
            ErrorKind::quota_exceeded, "schedule.too_many",
            fmt::format("One user has {} schedules at most.", most_of_a_user)
        );
    made.id = co_await tx.new_id<Schedule>();
    auto kept = sealed(types_.seal(), scope.tenant(), made);
    auto inserted = co_await tx.execute(insert, scope, kept);
    if (inserted == 0)
        throw Error(
            ErrorKind::conflict, "schedule.name_taken", "You have a schedule of this name already."
        );
    tx.after_commit([&bell = bell_] { bell.ring(); });
    co_return made;
}

Task<Schedule> Service::get(sql::Tx& tx, Scope scope, Id<Schedule> id) {
    auto found = co_await tx.find<Schedule>(get_own, scope, named("id", id));
    if (!found) throw Error::not_found("schedule");
    co_return opened(types_.seal(), scope.tenant(), std::move(*found));
}

Task<SchedulePage> Service::list(sql::Tx& tx, Scope scope, ListSchedules query) {
    static constexpr sql::Statement statement{"schedules.list", R"sql(
        SELECT id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at, next_run_at, version,
               created_at, updated_at
        FROM schedule WHERE tenant_id = :tenant_id AND user_id = :user_id AND id > :after
        ORDER BY id LIMIT :limit)sql"};
    auto rows = co_await tx.all<Schedule>(
        statement, scope, named("after", place_of(query.cursor)),
        named("limit", query.page_size + 1)
    );
    for (auto& row : rows) row = opened(types_.seal(), scope.tenant(), std::move(row));
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return SchedulePage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Schedule> Service::lock(sql::Tx& tx, Scope scope, Id<Schedule> id) {
    static constexpr sql::Statement statement{
        "schedules.lock", R"sql(
        SELECT id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at, next_run_at, version,
               created_at, updated_at
        FROM schedule WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id FOR UPDATE)sql"
    };
    auto found = co_await tx.find<Schedule>(statement, scope, named("id", id));
    if (!found) throw Error::not_found("schedule");
    co_return opened(types_.seal(), scope.tenant(), std::move(*found));
}

void Service::store(sql::Tx& tx, const Scope& scope, Schedule& schedule) {
    static constexpr sql::Statement statement{"schedules.store", R"sql(
        UPDATE schedule
        SET name = :name, cron = :cron, time_zone = :time_zone, payload = :payload, enabled = :enabled, missed = :missed,
            overlap = :overlap, next_run_at = :next_run_at, version = :version, updated_at = :updated_at
        WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id)sql"};
    ++schedule.version;
    schedule.updated_at = clock_.now();
    tx.defer(statement, scope, sealed(types_.seal(), scope.tenant(), schedule));
    tx.after_commit([&bell = bell_] { bell.ring(); });
}

Task<Schedule> Service::edit(
    sql::Tx& tx, Scope scope, Id<Schedule> id, Match match, EditSchedule change
) {
    static constexpr sql::Statement named_so{"schedules.find_name", R"sql(
        SELECT id FROM schedule
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND name = :name AND id <> :id)sql"};
    auto schedule = co_await lock(tx, scope, id);
    match.require(schedule.version);
    auto before = schedule;
    change.name.apply_to(schedule.name);
    change.cron.apply_to(schedule.cron);
    change.time_zone.apply_to(schedule.time_zone);
    change.payload.apply_to(schedule.payload);
    change.enabled.apply_to(schedule.enabled);
    change.missed.apply_to(schedule.missed);
    change.overlap.apply_to(schedule.overlap);
    check_payload(schedule.job_type, schedule.payload);
    // Another rhythm begins now; what the old one left undecided is not made up for.
    if (schedule.cron != before.cron || schedule.time_zone != before.time_zone ||
        schedule.enabled != before.enabled)
        schedule.next_run_at = first_run(schedule, clock_.now());
    if (schedule.name != before.name) {
        auto other = co_await tx.find<std::int64_t>(
            named_so, scope, named("name", schedule.name), named("id", id)
        );
        if (other)
            throw Error(
                ErrorKind::conflict, "schedule.name_taken",
                "You have a schedule of this name already."
            );
    }
    store(tx, scope, schedule);
    co_return schedule;
}

Task<void> Service::remove(sql::Tx& tx, Scope scope, Id<Schedule> id, Match match) {
    static constexpr sql::Statement remove_runs{
        "schedules.remove_runs",
        "DELETE FROM schedule_run WHERE schedule_id = :id AND tenant_id = :tenant_id"
    };
    static constexpr sql::Statement remove{
        "schedules.remove",
        "DELETE FROM schedule WHERE id = :id AND tenant_id = :tenant_id AND user_id = :user_id"
    };
    auto schedule = co_await lock(tx, scope, id);
    match.require(schedule.version);
    tx.defer(remove_runs, scope, named("id", id));
    tx.defer(remove, scope, named("id", id));
}

Task<Schedule> Service::set_enabled(sql::Tx& tx, Scope scope, Id<Schedule> id, bool enabled) {
    auto schedule = co_await lock(tx, scope, id);
    if (schedule.enabled == enabled) co_return schedule;
    schedule.enabled = enabled;
    schedule.next_run_at = first_run(schedule, clock_.now());
    store(tx, scope, schedule);
    co_return schedule;
}

Task<Schedule> Service::pause(sql::Tx& tx, Scope scope, Id<Schedule> id) {
    return set_enabled(tx, std::move(scope), id, false);
}

Task<Schedule> Service::resume(sql::Tx& tx, Scope scope, Id<Schedule> id) {
    return set_enabled(tx, std::move(scope), id, true);
}

Task<Uuid> Service::run_now(sql::Tx& tx, Scope scope, Id<Schedule> id) {
    auto now = clock_.now();
    auto schedule = co_await lock(tx, scope, id);
    auto decision = co_await fire(tx, queue_, cancels_, scope, schedule, {now, true}, now);
    if (!decision.job_id)
        throw Error(
            ErrorKind::conflict, "schedule.still_running",
            "A job that this schedule began has not ended."
        );
    co_return *decision.job_id;
}

Task<DecisionPage> Service::history(
    sql::Tx& tx, Scope scope, Id<Schedule> id, ListSchedules query
) {
    static constexpr sql::Statement statement{"schedules.history", R"sql(
        SELECT slot, decided_at, outcome, slots, by_hand, reason, job_id FROM schedule_run
        WHERE schedule_id = :id AND tenant_id = :tenant_id AND slot < :before
        ORDER BY slot DESC LIMIT :limit)sql"};
    constexpr auto past_all = "9999-12-31T00:00:00Z";
    auto before = parse_timestamp(query.cursor.value_or(past_all));
    if (!before)
        throw Error(
            ErrorKind::invalid, "request.bad_cursor", "The cursor is not one that this list gave."
        );
    co_await get(tx, scope, id);
    auto rows = co_await tx.all<Decision>(
        statement, scope, named("id", id), named("before", *before),
        named("limit", query.page_size + 1)
    );
    auto page = cut_page(std::move(rows), query.page_size, [](const Decision& last) {
        return to_text(last.slot);
    });
    co_return DecisionPage{std::move(page.items), std::move(page.next_cursor)};
}

}  // namespace afterresume::schedules
