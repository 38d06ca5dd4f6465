// How much at once is answered. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

namespace afterresume::config {

struct LimitSettings {
    Rate rate_limit_user{50, 1, 200};
    Rate rate_limit_tenant{500, 1, 2000};
    Rate rate_limit_ip{20, 1, 100};
    Rate rate_limit_login{5, 60, 5};
};
BOOST_DESCRIBE_STRUCT(
    LimitSettings, (), (rate_limit_user, rate_limit_tenant, rate_limit_ip, rate_limit_login)
)

constexpr auto notes(LimitSettings*) {
    using namespace describe;
    using S = LimitSettings;
    return std::tuple{
        note(&S::rate_limit_user, "Requests of one user, as rate/unit:burst with unit s, m or h"),
        note(&S::rate_limit_tenant, "Requests of one tenant"),
        note(&S::rate_limit_ip, "Requests of one address without sign-in"),
        note(&S::rate_limit_login, "Sign-in attempts of one account from one address"),
    };
}

}  // namespace afterresume::config
