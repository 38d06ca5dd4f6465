// Fingerprints of the program's keys, kept in the database, so that no process works on it with
// others: what such a one seals nobody else can open, and the passwords of the database's roles,
// which are made of SECRET_KEY, would become its own.
#pragma once

#include "infra/config/settings.h"

#include <string>

namespace afterresume::app {

// Which keys are taken although the database knows others.
struct NewKeys {
    bool secret = false;
    bool encryption = false;
};

// Throws Error(conflict): "app.another_key" for keys that the database does not know, neither the
// new ones nor a former one that is said, "app.new_key" where it does not know the new SECRET_KEY
// yet. The schema must be current.
void require_known_keys(const config::Settings& settings, const std::string& secret);
// The same for "app.another_key", but for those that are accepted; from then on the database knows
// the new ones, as it does the first it is given, and its roles have the passwords that follow.
void keep_keys(const config::Settings& settings, const std::string& secret, NewKeys accepted = {});

}  // namespace afterresume::app
