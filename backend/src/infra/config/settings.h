// Every setting of the program, typed and described once: the loader, validate-env, .env.example
// and docs/configuration.md all read these declarations. A field is the environment variable of its
// name in capitals. They lie in parts, for a described type has 52 fields at most.
#pragma once

#include "infra/config/account_settings.h"
#include "infra/config/limit_settings.h"
#include "infra/config/mail_settings.h"
#include "infra/config/operation_settings.h"
#include "infra/config/security_settings.h"
#include "infra/config/server_settings.h"
#include "infra/config/store_settings.h"
#include "infra/config/work_settings.h"

namespace afterresume::config {

struct Settings : ServerSettings,
                  SecuritySettings,
                  AccountSettings,
                  StoreSettings,
                  LimitSettings,
                  MailSettings,
                  WorkSettings,
                  OperationSettings {};
BOOST_DESCRIBE_STRUCT(
    Settings,
    (ServerSettings, SecuritySettings, AccountSettings, StoreSettings, LimitSettings, MailSettings,
     WorkSettings, OperationSettings),
    ()
)

}  // namespace afterresume::config
