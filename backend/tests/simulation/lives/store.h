// The one database of all nodes: SQLite, whose statements are run by the thread that asks. One
// transaction writes at a time; whoever is silent in the middle of one for too long loses it.
#pragma once

#include "course.h"

#include "infra/sql/sqlite_connection.h"
#include "infra/sql/sqlite_request.h"

#include <memory>
#include <vector>

namespace afterresume::lives {

inline const sql::Reach of_engine{.tenant = {}, .user = {}, .engine = true};

class Store {
public:
    Store(Course& course, const sql::SqliteOptions& options);

    // A write transaction, as the database sees it.
    struct Session {
        nanoseconds spoke{0};
        bool over = false;
    };
    // Whether it may write now; asks again later where not.
    bool admits(Session& session);
    // The result of the last call. An error, and the commit, end the session.
    std::unique_ptr<sql::Result> write(
        Session& session, std::vector<sql::Call> calls, sql::Reach reach, bool commit
    );
    void drop(Session& session);
    std::unique_ptr<sql::Result> read(std::vector<sql::Call> calls, sql::Reach reach);

    // At once, past all nodes: what is so.
    template <class T, class... Sources>
    T truth(const sql::Statement& statement, const Sources&... sources) {
        auto result = read({sql::Call{statement, sql::arguments(sources...)}}, of_engine);
        return sql::rows_as<T>(*result).at(0);
    }

private:
    std::unique_ptr<sql::Result> run(
        sql::SqliteConnection& connection, std::vector<sql::Call>& calls, sql::Reach reach
    );

    Course& course_;
    sql::SqliteConnection writer_;
    sql::SqliteConnection reader_;
    Session* holder_ = nullptr;
};

}  // namespace afterresume::lives
