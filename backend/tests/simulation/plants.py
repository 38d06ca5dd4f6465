"""Mistakes that the simulation has to find: each is a change of the engine's own text, to be compiled in.

A plant is a sentence, a source below backend/src/engine/jobs, and what in it becomes what. Every text has to
stand there once; a plant that no longer fits the source is an error, not a mistake found.
"""

PLANTS = {
    "a claim keeps the fence of the attempt before": ("claims.cpp", [
        ("worker_id = :worker, lease_seq = hot.lease_seq + 1,", "worker_id = :worker, lease_seq = hot.lease_seq,")]),
    "a claim does not count the attempt": ("claims.cpp", [
        ("lease_seq = lease_seq + 1, attempts = attempts + 1,", "lease_seq = lease_seq + 1,")]),
    "the highest number of priority goes first": ("claims.cpp", [
        ("ORDER BY run_at + priority * 300000", "ORDER BY run_at - priority * 300000")]),
    "a claim takes scheduled jobs before their time": ("claims.cpp", [
        ("AND run_at <= :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000 FOR UPDATE",
         "AND run_at <> :now AND run_at >= :since\n            ORDER BY run_at LIMIT 1000 FOR UPDATE")]),
    "a step is kept for whoever asks": ("claims.cpp", [
        ("WHERE id = :id AND lease_seq = :lease_seq AND worker_id", "WHERE id = :id AND lease_seq > 0 * :lease_seq AND worker_id")]),
    "a step is kept for a claim that was undone": ("claims.cpp", [
        ("AND worker_id = :worker AND NOT", "AND (worker_id = :worker OR TRUE) AND NOT")]),
    "a claim takes no notice of a tenant's limit": ("tenant_queue.cpp", [
        ("contender.max_running - contender.running AS room", "NULL::bigint AS room")]),
    "a paused queue is served": ("tenant_queue.cpp", [
        ("FROM json_each(:queues) AS given\n        WHERE NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = given.value AND job_queue.paused)",
         "FROM json_each(:queues) AS given")]),
    "jobs end by a stale fence": ("endings.cpp", [
        ("WHERE hot.id = ANY (ARRAY[given.id]) AND hot.lease_seq = given.lease_seq AND hot", "WHERE hot.id = ANY (ARRAY[given.id]) AND hot")]),
    "jobs end by a claim that was undone": ("endings.cpp", [
        ("AND hot.worker_id IS NOT DISTINCT FROM given.worker", "")]),
    "jobs go back by a claim that was undone": ("outcomes.cpp", [
        ("AND job_hot.lease_seq = given.lease_seq AND job_hot.worker_id = given.worker", "AND job_hot.lease_seq = given.lease_seq")]),
    "a job that was asked to stop succeeds": ("endings.cpp", [
        ("CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.status END AS status", "given.status AS status")]),
    "the place of an ended job stays taken": ("endings.cpp", [
        ("SET running = tq.running - held.jobs", "SET running = tq.running - 0 * held.jobs")]),
    "a job that never ran gives a place back": ("endings.cpp", [
        ("WHERE hot.state = 'running' AND (hot.cancel_requested", "WHERE (hot.cancel_requested")]),
    "an event skips a number": ("outcomes.cpp", [
        ("greatest(last.seq, hot.event_seq) + 1", "greatest(last.seq, hot.event_seq) + 2")]),
    "a job that is put back keeps its fence": ("outcomes.cpp", [
        ("worker_id = NULL, lease_seq = hot.lease_seq + 1,", "worker_id = NULL,")]),
    "a job that is handed back loses an attempt": ("outcomes.cpp", [
        ("back.counted == Counted::attempt ? 0 : 1", "back.counted == Counted::rescue ? 1 : 0")]),
    "rescues are not counted": ("outcomes.cpp", [
        ("back.counted == Counted::rescue ? 1 : 0", "back.counted == Counted::rescue ? 0 : 0")]),
    "a job comes back before the time that it was given": ("outcomes.cpp", [
        ("run_at = coalesce(given.run_at, job_hot.run_at)", "run_at = job_hot.run_at")]),
    "a job that was to stop is not ended when it comes back": ("endings.cpp", [
        ("for (const auto& back : returns) all", "for (const auto& back : std::vector<Return>{}) all")]),
    "a job past its deadline is rescued": ("rescue.cpp", [
        ("    if (orphan.late) {", "    if (orphan.late && orphan.rescues > 0) {")]),
    "a redrive begins with the first fence": ("control.cpp", [("job.lease_seq + 1,", "1,")]),
    "a redrive remembers the steps of before": ("control.cpp", [("generation = generation + 1", "generation = generation")]),
    "a child begins after the first of its parents": ("release.cpp", [
        ("    ), released AS (\n        UPDATE job_hot hot\n        SET unmet = hot.unmet - told.count,\n            state = CASE WHEN hot.unmet > told.count OR",
         "    ), released AS (\n        UPDATE job_hot hot\n        SET unmet = hot.unmet - told.count,\n            state = CASE WHEN")]),
    "a child fails where it should be cancelled": ("release.cpp", [
        ("if (child.on_failure == OnFailure::cancel) return", "if (child.on_failure == OnFailure::run) return")]),
}
