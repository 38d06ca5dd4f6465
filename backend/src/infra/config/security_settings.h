// Keys, and what is proven by them. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <string>
#include <vector>

namespace afterresume::config {

struct SecuritySettings {
    bool staff_mfa_required = false;
    std::string secret_key;
    std::vector<std::string> secret_key_previous;
    std::string service_to_service_secret;
    std::vector<std::string> service_to_service_secret_previous;
    bool skip_service_auth = false;
    std::string encryption_key;
    std::vector<std::string> encryption_keys_previous;
};
BOOST_DESCRIBE_STRUCT(
    SecuritySettings, (),
    (staff_mfa_required, secret_key, secret_key_previous, service_to_service_secret,
     service_to_service_secret_previous, skip_service_auth, encryption_key,
     encryption_keys_previous)
)

constexpr auto notes(SecuritySettings*) {
    using namespace describe;
    using S = SecuritySettings;
    return std::tuple{
        note(
            &S::staff_mfa_required,
            "Whether operators are let into /system by a second factor alone; without one there is "
            "nothing there for them"
        ),
        note(
            &S::secret_key,
            "Signs tokens; at least 32 characters. Made on first start and kept in DATA_DIR "
            "outside production",
            secret{}
        ),
        note(
            &S::secret_key_previous,
            "Former SECRET_KEYs, comma separated: what they signed is still taken", secret{}
        ),
        note(
            &S::service_to_service_secret,
            "Common with the page's server, at least 32 characters, not SECRET_KEY: page sessions "
            "reach the API only with its X-Service-Token. Off when empty",
            secret{}
        ),
        note(
            &S::service_to_service_secret_previous,
            "Former SERVICE_TO_SERVICE_SECRETs, comma separated: tokens of them are still taken",
            secret{}
        ),
        note(
            &S::skip_service_auth,
            "Whether page sessions reach the API without the page's server; production wants this "
            "or the secret said"
        ),
        note(
            &S::encryption_key, "Wraps data keys; derived from SECRET_KEY outside production",
            secret{}
        ),
        note(
            &S::encryption_keys_previous,
            "Former ENCRYPTION_KEYs, comma separated: what they sealed stays readable", secret{}
        ),
    };
}

}  // namespace afterresume::config
