// The program's own preparing of statements, but what a statement says of the caller's tenant is
// taken out of it before: linked into a program that has the database's fence and no other. No
// shipped target knows this file.
#define to_positional to_positional_as_written
#include "infra/sql/statement.cpp"  // NOLINT(bugprone-suspicious-include)
#undef to_positional

#include <regex>

namespace afterresume::sql {

namespace {

// "job.tenant_id = :tenant_id" among conditions. What a statement writes into that column stays.
std::string without_tenant_filter(std::string_view text) {
    static const std::regex filter(R"(\b(?:[a-z_]+\.)?tenant_id = :tenant_id\b)");
    return std::regex_replace(std::string(text), filter, "TRUE");
}

}  // namespace

Positional to_positional(std::string_view text, Dialect dialect);
Positional to_positional(std::string_view text, Dialect dialect) {
    return to_positional_as_written(without_tenant_filter(text), dialect);
}

}  // namespace afterresume::sql
