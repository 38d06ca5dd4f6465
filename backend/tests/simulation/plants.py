"""Mistakes that the simulations have to find: each is a change of the engine's own text, to be compiled in.

A plant is a sentence, a source below backend/src/engine, and what in it becomes what. Every text has to
stand there once; a plant that no longer fits the source is an error, not a mistake found.
"""

# In what one act does, for test_simulation.
PLANTS = {
    "a claim keeps the fence of the attempt before": ("jobs/claims.cpp", [
        ("worker_id = :worker, lease_seq = hot.lease_seq + 1,", "worker_id = :worker, lease_seq = hot.lease_seq,")]),
    "a claim does not count the attempt": ("jobs/claims.cpp", [
        ("lease_seq = lease_seq + 1, attempts = attempts + 1,", "lease_seq = lease_seq + 1,")]),
    "the highest number of priority goes first": ("jobs/claims.cpp", [
        ("ORDER BY run_at + priority * 300000", "ORDER BY run_at - priority * 300000")]),
    "a claim takes scheduled jobs before their time": ("jobs/claims.cpp", [
        ("AND run_at <= :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000 FOR UPDATE",
         "AND run_at <> :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000 FOR UPDATE")]),
    "a step is kept for whoever asks": ("jobs/claims.cpp", [
        ("WHERE id = :id AND lease_seq = :lease_seq AND worker_id", "WHERE id = :id AND lease_seq > 0 * :lease_seq AND worker_id")]),
    "a step is kept for a claim that was undone": ("jobs/claims.cpp", [
        ("AND worker_id = :worker AND NOT", "AND (worker_id = :worker OR TRUE) AND NOT")]),
    "a claim takes no notice of a tenant's limit": ("jobs/tenant_queue.cpp", [
        ("contender.max_running - contender.running AS room", "NULL::bigint AS room")]),
    "a paused queue is served": ("jobs/tenant_queue.cpp", [
        ("FROM json_each(:queues) AS given\n        WHERE NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = given.value AND job_queue.paused)",
         "FROM json_each(:queues) AS given")]),
    "jobs end by a stale fence": ("jobs/endings.cpp", [
        ("WHERE hot.id = ANY (ARRAY[given.id]) AND hot.lease_seq = given.lease_seq AND hot", "WHERE hot.id = ANY (ARRAY[given.id]) AND hot")]),
    "jobs end by a claim that was undone": ("jobs/endings.cpp", [
        ("AND hot.worker_id IS NOT DISTINCT FROM given.worker", "")]),
    "jobs go back by a claim that was undone": ("jobs/outcomes.cpp", [
        ("AND job_hot.lease_seq = given.lease_seq AND job_hot.worker_id = given.worker", "AND job_hot.lease_seq = given.lease_seq")]),
    "a job that was asked to stop succeeds": ("jobs/endings.cpp", [
        ("CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.status END AS status", "given.status AS status")]),
    "the place of an ended job stays taken": ("jobs/endings.cpp", [
        ("SET running = tq.running - held.jobs", "SET running = tq.running - 0 * held.jobs")]),
    "a job that never ran gives a place back": ("jobs/endings.cpp", [
        ("WHERE hot.state = 'running' AND (hot.cancel_requested", "WHERE (hot.cancel_requested")]),
    "an event skips a number": ("jobs/outcomes.cpp", [
        ("greatest(last.seq, hot.event_seq) + 1", "greatest(last.seq, hot.event_seq) + 2")]),
    "a job that is put back keeps its fence": ("jobs/outcomes.cpp", [
        ("worker_id = NULL, lease_seq = hot.lease_seq + 1,", "worker_id = NULL,")]),
    "a job that is handed back loses an attempt": ("jobs/outcomes.cpp", [
        ("back.counted == Counted::attempt ? 0 : 1", "back.counted == Counted::rescue ? 1 : 0")]),
    "rescues are not counted": ("jobs/outcomes.cpp", [
        ("back.counted == Counted::rescue ? 1 : 0", "back.counted == Counted::rescue ? 0 : 0")]),
    "a job comes back before the time that it was given": ("jobs/outcomes.cpp", [
        ("run_at = coalesce(given.run_at, job_hot.run_at)", "run_at = job_hot.run_at")]),
    "a job that was to stop is not ended when it comes back": ("jobs/endings.cpp", [
        ("for (const auto& back : returns) all", "for (const auto& back : std::vector<Return>{}) all")]),
    "a job past its deadline is rescued": ("jobs/rescue.cpp", [
        ("    if (orphan.late) {", "    if (orphan.late && orphan.rescues > 0) {")]),
    "a redrive begins with the first fence": ("jobs/control.cpp", [("job.lease_seq + 1,", "1,")]),
    "a redrive remembers the steps of before": ("jobs/control.cpp", [("generation = generation + 1", "generation = generation")]),
    "a child begins after the first of its parents": ("jobs/release.cpp", [
        ("    ), released AS (\n        UPDATE job_hot hot\n        SET unmet = hot.unmet - told.count,\n            state = CASE WHEN hot.unmet > told.count OR",
         "    ), released AS (\n        UPDATE job_hot hot\n        SET unmet = hot.unmet - told.count,\n            state = CASE WHEN")]),
    "a child fails where it should be cancelled": ("jobs/release.cpp", [
        ("if (child.on_failure == OnFailure::cancel) return", "if (child.on_failure == OnFailure::run) return")]),
    "a slot that was decided fires again": ("schedules/firing.cpp", [
        ("    if (known) co_return", "    if (known && known->by_hand) co_return")]),
    "a slot begins beside a job that goes on": ("schedules/firing.cpp", [
        ("if (schedule.overlap == Overlap::skip) co_return unfinished.empty();", "if (schedule.overlap == Overlap::skip) co_return true;")]),
    "an old job goes on beside the new one": ("schedules/firing.cpp", [
        ("for (const auto& job : unfinished) co_await jobs::cancel(tx, owner, job.id, cancels, now);", "")]),
    "whoever may not do it any more has it done": ("schedules/firing.cpp", [
        ("if (owner.may(types_.get(schedule.job_type).permission)) {", "if (owner.may(Permission::read)) {")]),
    "a slot that is over is made up for where it should be skipped": ("schedules/plan.cpp", [
        ("policy == Missed::skip && now - wanted.back() >= punctual", "policy == Missed::skip && now < wanted.back()")]),
    "all that was missed is made up for": ("schedules/plan.cpp", [
        ("policy == Missed::backfill ? most_backfilled : 1", "policy == Missed::backfill ? most_at_once : 1")]),
    "a schedule that is changed makes up for its old slots": ("schedules/service.cpp", [
        ("    if (schedule.cron != before.cron || schedule.time_zone", "    if (schedule.time_zone")]),
    "a key is free before its period is over": ("jobs/keys.cpp", [
        ("    if (row.until <= now) co_return", "    if (row.until <= now + std::chrono::seconds(30)) co_return")]),
    "a job that failed keeps others away for its period": ("jobs/keys.cpp", [
        ("auto counts = !job || std::ranges", "auto counts = true || std::ranges")]),
    "a job begins anew beside the one that has its key": ("jobs/control.cpp", [
        ("    if (!holder) co_return;\n", "    if (!holder || within_period) co_return;\n")]),
    "a second job of a key begins no sooner": ("jobs/queue.cpp", [
        ("return asked.run_at < holder.run_at ? std::optional(asked.run_at) : std::nullopt;", "return std::nullopt;")]),
    "what cannot be done in a batch spoils it": ("api/batch.cpp", [
        ("if (!is_of_item(error)) throw;", "throw;")]),
    "whoever waits for others goes on when they are called back": ("jobs/waiting.cpp", [
        ("SET state = CASE WHEN state = 'waiting' AND unmet = 0 THEN", "SET state = CASE WHEN state = 'waiting' THEN")]),
    "whoever waits for its time is forgotten": ("jobs/claims.cpp", [
        ("SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000))sql",
         "SELECT id FROM job_hot WHERE state = 'scheduled' AND run_at <= :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000))sql")]),
    "a job that begins anew waits for what it made before": ("jobs/edges.cpp", [
        ("(on_failure = 'resume'\n               OR NOT EXISTS", "(on_failure = 'never'\n               OR NOT EXISTS")]),
}

# In when a loop does what, for test_worker_simulation.
LOOPS = {
    "the heart beats once": ("workers/heartbeat.cpp", [
        ("pause = beaten ? options_.beat :", "pause = beaten ? std::chrono::hours(24) :")]),
    "a worker trusts itself for good": ("workers/heartbeat.cpp", [
        ("lease.renew(alone ? jobs::BootTime::max() : sent + options.lease - options.margin);",
         "lease.renew(jobs::BootTime::max());")]),
    "a worker trusts itself from when it was answered": ("workers/heartbeat.cpp", [
        ("renew(running ? *lease : *beat.successor, database, options, beat.sent);",
         "renew(running ? *lease : *beat.successor, database, options, jobs::boot_time_now() + options.margin);")]),
    "trust stands still while the machine sleeps": ("jobs/lease.cpp", [
        ("clock_gettime(CLOCK_BOOTTIME, &now);", "clock_gettime(CLOCK_MONOTONIC, &now);")]),
    "the dead are looked for once": ("workers/desk_loops.cpp", [
        ('co_await guarded(parts_.log, "the rescue", rescue());', 'co_await guarded(parts_.log, "the rescue", rescue());\n        break;')]),
    "a worker that is asked to stop hands nothing back": ("workers/desk_loops.cpp", [
        ("if (returns.empty()) co_return 0;", "if (returns.size() < 1'000'000) co_return 0;")]),
    "a worker waits until it is woken": ("workers/desk_loops.cpp", [
        ("co_await wait(lookout_.sleep(pause, Steady::now()));",
         "co_await wait(lookout_.sleep(pause, Steady::now()) + std::chrono::hours(24));")]),
    "what was claimed by a commit without an answer stays": ("workers/desk_lease.cpp", [
        ("if (strangers_.contains(job.id))", "if (strangers_.contains(Uuid{}))")]),
    "outcomes are forgotten when they cannot be written": ("workers/desk_turn.cpp", [
        ("outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());", "")]),
    "whoever does not believe a clock once believes none again": ("schedules/scheduler.cpp", [
        ("if (!believes(times.now)) co_return turn;",
         "if (stopping_ = !believes(times.now); stopping_) co_return turn;")]),
    "a scheduler sleeps on when its clock was wrong": ("schedules/scheduler.cpp", [
        ("if (!believes(times.now)) co_return turn;",
         "if (!believes(times.now)) co_return Turn{0, std::chrono::hours(24)};")]),
}


def all_of_them():
    """(the program that has to find it, the sentence, the source, its changes) of each."""
    for simulation, mistakes in {"test_simulation": PLANTS, "test_worker_simulation": LOOPS}.items():
        for sentence, (name, changes) in mistakes.items():
            yield simulation, sentence, name, changes
