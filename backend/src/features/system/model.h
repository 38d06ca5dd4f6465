// What operators did. Values only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"

#include <optional>
#include <string>

namespace afterresume::system {

enum class Act : std::uint8_t {
    cancel_job,
    retry_job,
    run_schedule,
    pause_schedule,
    resume_schedule,
    switch_flag_on,
    switch_flag_off,
    set_limits,
    pause_queue,
    resume_queue,
    set_share,
    cancel_jobs,
    retry_jobs,
    read_audit,
    open_break_glass,
    end_break_glass,
    read_content,
};
BOOST_DESCRIBE_ENUM(
    Act, cancel_job, retry_job, run_schedule, pause_schedule, resume_schedule, switch_flag_on,
    switch_flag_off, set_limits, pause_queue, resume_queue, set_share, cancel_jobs, retry_jobs,
    read_audit, open_break_glass, end_break_glass, read_content
)

// maintenance: nobody is let in but operators. disable_sharing: no share link is made, and none
// leads anywhere.
enum class Flag : std::uint8_t { maintenance, disable_sharing };
BOOST_DESCRIBE_ENUM(Flag, maintenance, disable_sharing)

struct SwitchedFlag {
    Flag flag = Flag::maintenance;
    // Whose it is; of all without.
    std::optional<TenantId> tenant_id;
    bool on = false;
    UserId set_by;
    Timestamp set_at;
};
BOOST_DESCRIBE_STRUCT(SwitchedFlag, (), (flag, tenant_id, on, set_by, set_at))

struct OperatorAct {
    Uuid id;
    UserId operator_id;
    Act act = Act::cancel_job;
    // Whose it was, and its id.
    TenantId tenant_id;
    std::string subject;
    std::string address;
    std::string user_agent;
    Uuid correlation_id;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    OperatorAct, (),
    (id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at)
)

}  // namespace afterresume::system
