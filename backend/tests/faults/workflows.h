// What the broken processes do: jobs whose calls are written down, outside of the database that is
// to be proved.
#pragma once

#include "core/embedded_file.h"
#include "engine/orchestration/workflow.h"
#include "faulty_database.h"

#include <chrono>
#include <string>
#include <vector>

namespace afterresume::faults {

// One row for each effect that was committed; nothing keeps a job from having two.
constexpr EmbeddedFile effects{"9000_faults.sql", R"sql(
-- engine: fault_effect, fault_end
CREATE TABLE fault_effect (
    job_id uuid NOT NULL,
    tenant_id bigint NOT NULL
);
CREATE TABLE fault_end (
    job_id uuid NOT NULL,
    generation integer NOT NULL
);
)sql"};
// One row for each outcome that was committed, written by the database whoever ends the job.
constexpr EmbeddedFile ends_on_postgres{"9001_ends.postgres.sql", R"sql(
CREATE FUNCTION note_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fault_end (job_id, generation) VALUES (NEW.id, NEW.generation);
    RETURN NULL;
END
$$;
CREATE TRIGGER job_ended AFTER UPDATE OF status ON job FOR EACH ROW
    WHEN (NEW.status IS NOT NULL) EXECUTE FUNCTION note_end();
)sql"};
constexpr EmbeddedFile ends_on_sqlite{"9001_ends.sqlite.sql", R"sql(
CREATE TRIGGER job_ended AFTER UPDATE OF status ON job WHEN NEW.status IS NOT NULL BEGIN
    INSERT INTO fault_end (job_id, generation) VALUES (NEW.id, NEW.generation);
END;
)sql"};

// Lines "WHAT TIME PROCESS JOB STEP LEASE_SEQ KEY" at the end of a file, each written by one system
// call, so that they outlive the process: `call` is a call that costs something, `kept` that the
// attempt which made it was told that its result is kept. TIME in seconds since 1970.
class Calls {
public:
    // An empty path writes nowhere.
    explicit Calls(const std::string& path);
    ~Calls();
    Calls(const Calls&) = delete;
    Calls& operator=(const Calls&) = delete;

    void write(
        std::string_view what, const jobs::Claimed& job, std::string_view step, std::string_view key
    ) const;

private:
    int file_ = -1;
};

// fault.effect: two steps with a call each, then an effect with the completion. fault.value: one
// such step, then a result that is written in a batch with others. fault.poison kills its process.
// Places on the way: claimed, before_call, after_call, kept. All but the unknown ones are added.
void add_workflows(
    orchestration::Workflows& workflows, const Calls& calls, Failpoint& failpoint,
    std::chrono::milliseconds call_time, const std::vector<std::string>& unknown
);

}  // namespace afterresume::faults
