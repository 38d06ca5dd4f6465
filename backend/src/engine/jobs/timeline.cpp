#include "engine/jobs/timeline.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

constexpr std::int64_t queued_seq = 1;
constexpr std::int64_t first_start_seq = 2;

EventView event_at(std::int64_t seq, Timestamp at, std::string message) {
    EventView event;
    event.seq = seq;
    event.timestamp = at;
    event.message = std::move(message);
    return event;
}

EventView queued(const Milestones& known) {
    auto event = event_at(queued_seq, known.created_at, "Queued");
    event.data = {{"event", "queued"}};
    return event;
}

EventView started(const Milestones& known) {
    auto event = event_at(first_start_seq, *known.started_at, "Started");
    event.source = Source::worker;
    event.data = {{"event", "started"}, {"attempt", 1}};
    return event;
}

std::int64_t finish_seq(const Milestones& known) {
    return std::max(known.last_stored, known.started_at ? first_start_seq : queued_seq) + 1;
}

EventView finished(const Milestones& known) {
    auto at = known.finished_at.value_or(known.created_at);
    auto event = event_at(finish_seq(known), at, "Finished");
    if (*known.status == Status::cancelled) {
        event.level = Level::warning;
        event.message = "Cancelled";
    } else if (*known.status == Status::failed) {
        event.level = Level::error;
        event.message = known.error ? "Failed: " + known.error->message : "Failed";
    }
    event.data = {{"event", "finished"}, {"status", std::string(describe::name_of(*known.status))}};
    return event;
}

// Event `seq`, when it is one that the rows tell.
std::optional<EventView> milestone(const Milestones& known, std::int64_t seq) {
    if (seq == queued_seq) return queued(known);
    if (seq == first_start_seq && known.started_at) return started(known);
    if (known.status && seq == finish_seq(known)) return finished(known);
    return std::nullopt;
}

}  // namespace

void append_event(sql::Tx& tx, TenantId tenant, const JobId& job, const NewEvent& event) {
    static constexpr sql::Statement statement{
        "jobs.append_event", R"sql(
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data, progress)
        SELECT :job_id, coalesce(max(last.seq), 1) + 1, :tenant_id, :at, :level, :source, :message, :data, :progress
        FROM (SELECT max(seq) AS seq FROM job_event WHERE job_id = :job_id AND tenant_id = :tenant_id
              UNION ALL
              SELECT event_seq FROM job_hot WHERE id = :job_id AND tenant_id = :tenant_id) AS last)sql"
    };
    tx.defer(
        statement, sql::named("job_id", job), sql::named("tenant_id", tenant),
        sql::named("at", event.at), sql::named("level", event.level),
        sql::named("source", event.source), sql::named("message", event.message),
        sql::named("data", event.data), sql::named("progress", event.progress)
    );
}

Task<std::optional<Milestones>> find_milestones(sql::Tx& tx, JobId id) {
    static constexpr sql::Statement statement{"jobs.find_milestones", R"sql(
        SELECT job.tenant_id, job.user_id, job.created_at, coalesce(hot.started_at, job.started_at) AS started_at,
               job.status, job.finished_at, job.error,
               coalesce((SELECT min(event.seq) FROM job_event event WHERE event.job_id = :id), 1) AS first_stored,
               coalesce((SELECT max(event.seq) FROM job_event event WHERE event.job_id = :id), 1) AS last_stored
        FROM job LEFT JOIN job_hot hot ON hot.id = job.id WHERE job.id = :id)sql"};
    return tx.find<Milestones>(statement, sql::named("id", id));
}

void write_down(sql::Tx& tx, const JobId& job, const Milestones& known) {
    static constexpr sql::Statement statement{"jobs.write_down", R"sql(
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
        VALUES (:job_id, :seq, :tenant_id, :timestamp, :level, :source, :message, :data))sql"};
    auto write = [&](const EventView& event) {
        tx.defer(
            statement, event, sql::named("job_id", job), sql::named("tenant_id", known.tenant_id)
        );
    };
    if (known.started_at && known.first_stored != first_start_seq) write(started(known));
    write(finished(known));
}

Task<Told> read_timeline(
    sql::Tx& tx, JobId id, Milestones known, std::int64_t after, std::int64_t limit
) {
    static constexpr sql::Statement stored{
        "jobs.list_events", R"sql(
        SELECT seq, at AS timestamp, level, source, message, data FROM job_event
        WHERE job_id = :id AND tenant_id = :tenant_id AND seq > :after ORDER BY seq LIMIT :limit)sql"
    };
    auto events = co_await tx.all<EventView>(
        stored, known, sql::named("id", id), sql::named("after", after), sql::named("limit", limit)
    );
    Told told;
    auto next = events.begin();
    // Ends at a gap: what is missing was not known yet when the rows were read.
    for (auto seq = std::max<std::int64_t>(after, 0) + 1;
         static_cast<std::int64_t>(told.events.size()) < limit; ++seq) {
        if (next != events.end() && next->seq == seq) {
            told.events.push_back(std::move(*next++));
        } else if (auto event = milestone(known, seq)) {
            told.events.push_back(std::move(*event));
        } else {
            break;
        }
    }
    auto last = told.events.empty() ? after : told.events.back().seq;
    told.over = known.status && last >= finish_seq(known);
    co_return told;
}

}  // namespace afterresume::jobs
