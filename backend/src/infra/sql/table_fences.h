// What is fenced otherwise than by a tenant_id alone, as comments in the migrations say it
// (migrations.h). Read by the fences of both databases.
#pragma once

#include <string>
#include <vector>

namespace afterresume::sql {

// People (`id` is the user), who belong to no tenant. A row shows to its own user, and to whoever
// acts for a tenant with which `membership` (tenant_id, user_id) links it; its own user alone
// writes it. Without membership: what a person has (`user_id`), in all tenants; nobody else sees
// it.
struct UserTable {
    std::string name;
    std::string membership;

    bool operator==(const UserTable&) const = default;
};

struct TableFences {
    // Tables that the engine reaches across tenants.
    std::vector<std::string> engine_tables;
    // Tables that only grow: no UPDATE or DELETE.
    std::vector<std::string> append_only_tables;
    std::vector<UserTable> user_tables;
};

}  // namespace afterresume::sql
