// What is set once for the SQLite library of the whole process, before its first use.
#pragma once

namespace afterresume::sql {

// May be called by any thread, any number of times.
void set_up_sqlite();

}  // namespace afterresume::sql
