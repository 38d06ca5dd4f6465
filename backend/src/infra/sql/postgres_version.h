// Which PostgreSQL servers the fences may stand on.
#pragma once

namespace afterresume::sql {

// `version` is what PQserverVersion tells. Throws Error(unavailable) "sql.version" for a server
// older than PostgreSQL 15, and for one of a release whose fences are broken: before 15.10, 16.6
// and 17.2 row-level security could be that of another role (CVE-2024-10976), and a role or a
// setting could be lost (CVE-2024-10978).
void require_supported(int version);

}  // namespace afterresume::sql
