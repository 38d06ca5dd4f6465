// A folder of its own for the database of one life, migrated. Gone with it.
#pragma once

#include "infra/sql/sqlite.h"

namespace afterresume::lives {

class Home {
public:
    Home();
    ~Home();
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

    sql::SqliteOptions options() const;

private:
    std::filesystem::path folder_;
};

}  // namespace afterresume::lives
