// Where ada keeps something at the place of a route with an id, by what Program::furnish
// remembered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::contract {

inline bool has_id(std::string_view pattern) {
    return pattern.find("{id}") != std::string_view::npos;
}

// For instance {ada.entry} of /api/worklogs/{id}/.
inline std::optional<std::string> owned_by_ada(const std::string& pattern) {
    const std::vector<std::pair<std::string, std::string>> places{
        {"/api/worklogs/", "{ada.entry}"},         {"/api/skills/", "{ada.skill}"},
        {"/api/reports/", "{ada.report}"},         {"/api/jobs/", "{ada.job}"},
        {"/api/invitations/", "{ada.invitation}"}, {"/api/auth/sessions/", "{ada.session}"},
        {"/api/schedules/", "{ada.schedule}"},     {"/api/profile/work/", "{ada.work}"},
        {"/api/profile/", "{ada.work}"},           {"/system/jobs/", "{ada.job}"},
        {"/system/schedules/", "{ada.schedule}"},  {"/api/auth/tokens/", "{ada.token}"},
        {"/api/tenant/members/", "{ada.member}"},  {"/api/shares/", "{ada.share}"},
        {"/api/tenant/exports/", "{ada.export}"},  {"/api/admin/users/", "{ada}"},
        {"/api/admin/tenants/", "{ada.tenant}"},   {"/system/break-glass/", "{ada.glass}"},
    };
    for (const auto& [start, id] : places) {
        if (!pattern.starts_with(start)) continue;
        auto path = pattern;
        return path.replace(path.find("{id}"), 4, id);
    }
    return std::nullopt;
}

}  // namespace afterresume::contract
