// Numbers of the one id sequence, which grants them in blocks as large as its increment; fetched
// before the last one is used up.
#pragma once

#include "infra/sql/postgres_pipeline.h"

#include <deque>

namespace afterresume::sql {

class PostgresIds : public std::enable_shared_from_this<PostgresIds> {
public:
    // `fetch` takes the number of blocks as $1 and returns `first` and `size` of each.
    PostgresIds(std::shared_ptr<PostgresPipeline> pipeline, ParsedStatementPointer fetch);
    // Those who wait share one fetch. Errors as of any statement.
    Task<std::int64_t> next();

private:
    struct Block {
        std::int64_t next = 0;
        std::int64_t end = 0;
    };
    struct Granted {
        std::int64_t id = 0;
        std::exception_ptr error;
    };

    std::optional<std::int64_t> grant();
    void fetch();
    void fetched(Outcome outcome);

    std::shared_ptr<PostgresPipeline> pipeline_;
    ParsedStatementPointer fetch_;
    std::deque<Block> blocks_;
    std::int64_t left_ = 0;
    bool fetching_ = false;
    std::deque<std::function<void(Granted)>> waiting_;
};

}  // namespace afterresume::sql
