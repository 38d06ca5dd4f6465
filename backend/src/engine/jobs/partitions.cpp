#include "engine/jobs/partitions.h"

#include "engine/jobs/id_time.h"

#include <fmt/format.h>

namespace afterresume::jobs {

using std::chrono::days;

namespace {

// Any number of the lock, as long as every version of the program takes the same. The time is short
// because whoever waits for a lock on these tables has everybody else wait behind it, and shorter
// than the server waits before it looks for deadlocks: none of the others is ever made to fail.
constexpr auto take_turn = "SET lock_timeout = '500ms'; SELECT pg_advisory_lock(4951706213409)";
constexpr sql::Statement hold_off{
    "jobs.hold_partitions", "SELECT pg_advisory_xact_lock_shared(4951706213409)"
};

struct Week {
    std::chrono::sys_days monday;

    static Week of(Timestamp time) {
        auto day = std::chrono::floor<days>(time);
        return {day - (std::chrono::weekday(day) - std::chrono::Monday)};
    }
    Week next() const { return {monday + days(7)}; }
    std::string name() const {
        auto text = LocalDate(monday).text();
        std::erase(text, '-');
        return text;
    }
    std::string from() const { return least_id(monday).text(); }
    std::string to() const { return least_id(next().monday).text(); }
};

bool is_true(sql::PostgresSession& owner, const std::string& sql) {
    return owner.rows(sql).front().front() == "t";
}

bool make(sql::PostgresSession& owner, const Week& week) {
    auto there = fmt::format("SELECT to_regclass('public.job_{}') IS NOT NULL", week.name());
    if (is_true(owner, there)) return false;
    auto taken = fmt::format(
        "SELECT EXISTS (SELECT FROM job_default WHERE id >= '{0}' AND id < '{1}') "
        "OR EXISTS (SELECT FROM job_event_default WHERE job_id >= '{0}' AND job_id < '{1}') "
        "OR EXISTS (SELECT FROM job_step_default WHERE job_id >= '{0}' AND job_id < '{1}')",
        week.from(), week.to()
    );
    if (is_true(owner, taken)) return false;
    owner.execute(fmt::format(
        "CREATE TABLE job_{0} PARTITION OF job FOR VALUES FROM ('{1}') TO ('{2}') WITH (fillfactor "
        "= 50); "
        "CREATE TABLE job_event_{0} PARTITION OF job_event FOR VALUES FROM ('{1}') TO ('{2}'); "
        "CREATE TABLE job_step_{0} PARTITION OF job_step FOR VALUES FROM ('{1}') TO ('{2}')",
        week.name(), week.from(), week.to()
    ));
    return true;
}

std::vector<Week> weeks_there(sql::PostgresSession& owner) {
    std::vector<Week> weeks;
    for (const auto& row : owner.rows("SELECT substr(c.relname, 5, 4) || '-' || substr(c.relname, "
                                      "9, 2) || '-' || substr(c.relname, 11, 2) "
                                      "FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                                      "WHERE i.inhparent = 'public.job'::regclass AND c.relname ~ "
                                      "'^job_[0-9]{8}$' ORDER BY c.relname")) {
        if (auto monday = LocalDate::parse(*row[0])) weeks.push_back({monday->day});
    }
    return weeks;
}

bool is_over(sql::PostgresSession& owner, const Week& week, Timestamp before) {
    auto needed = fmt::format(
        "SELECT EXISTS (SELECT FROM job_hot WHERE id >= '{1}' AND id < '{2}') "
        "OR EXISTS (SELECT FROM job_unresolved WHERE job_id >= '{1}' AND job_id < '{2}') "
        "OR EXISTS (SELECT FROM job_{0} WHERE status IS NULL OR finished_at >= '{3}')",
        week.name(), week.from(), week.to(), to_text(before)
    );
    return !is_true(owner, needed);
}

// Under the lock nobody writes to the week, and no ended job begins anew: what is over stays so.
bool drop_if_over(sql::PostgresSession& owner, const Week& week, Timestamp before) {
    if (!is_over(owner, week, before)) return false;
    owner.execute(fmt::format("BEGIN; LOCK TABLE ONLY job, ONLY job_{}", week.name()));
    auto over = is_over(owner, week, before);
    if (over) {
        owner.execute(fmt::format(
            "DELETE FROM job_edge WHERE parent_id >= '{1}' AND parent_id < '{2}'; "
            "DROP TABLE job_{0}, job_event_{0}, job_step_{0}",
            week.name(), week.from(), week.to()
        ));
    }
    owner.execute("COMMIT");
    return over;
}

std::int64_t remove_some(sql::PostgresSession& owner, Timestamp before) {
    auto rows = owner.rows(fmt::format(
        "WITH old AS ("
        "  SELECT id FROM job_default WHERE id < '{}' AND finished_at < '{}' "
        "    AND NOT EXISTS (SELECT FROM job_hot hot WHERE hot.id = job_default.id) "
        "    AND NOT EXISTS (SELECT FROM job_unresolved left_over WHERE left_over.job_id = "
        "job_default.id) "
        "  ORDER BY id LIMIT 1000"
        "), events AS (DELETE FROM job_event_default WHERE job_id IN (SELECT id FROM old)"
        "), steps AS (DELETE FROM job_step_default WHERE job_id IN (SELECT id FROM old)"
        "), edges AS (DELETE FROM job_edge WHERE parent_id IN (SELECT id FROM old)"
        "), gone AS (DELETE FROM job_default WHERE id IN (SELECT id FROM old) RETURNING 1) "
        "SELECT count(*) FROM gone",
        least_id(before).text(), to_text(before)
    ));
    return std::stoll(rows.front().front().value());
}

}  // namespace

std::vector<std::string> make_partitions(sql::PostgresSession& owner, Timestamp now) {
    owner.execute(take_turn);
    std::vector<std::string> made;
    auto week = Week::of(now);
    for (int ahead = 0; ahead <= weeks_ahead; ++ahead, week = week.next()) {
        if (make(owner, week)) made.push_back(week.name());
    }
    return made;
}

Dropped drop_partitions(sql::PostgresSession& owner, Timestamp before) {
    owner.execute(take_turn);
    Dropped dropped;
    for (const auto& week : weeks_there(owner)) {
        if (week.next().monday <= before && drop_if_over(owner, week, before))
            dropped.weeks.push_back(week.name());
    }
    while (auto removed = remove_some(owner, before)) dropped.jobs += removed;
    return dropped;
}

void hold_partitions(sql::Tx& tx) {
    if (tx.dialect() == sql::Dialect::postgres) tx.defer(hold_off);
}

}  // namespace afterresume::jobs
