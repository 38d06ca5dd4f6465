#include "features/accounts/model.h"

#include "core/text.h"
#include "features/accounts/schema.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace afterresume::accounts {

namespace {

constexpr std::size_t shortest = 10;

// Words around which most guessed passwords are built; what is left of a password without them must
// still be long.
constexpr std::array<std::string_view, 36> common_words{
    "password",   "passwort", "passw0rd",      "p@ssword", "p@ssw0rd", "qwerty",
    "qwertz",     "azerty",   "asdfgh",        "zxcvbn",   "letmein",  "welcome",
    "willkommen", "admin",    "administrator", "root",     "login",    "master",
    "monkey",     "dragon",   "sunshine",      "princess", "football", "baseball",
    "iloveyou",   "superman", "batman",        "trustno1", "starwars", "whatever",
    "changeme",   "default",  "secret",        "summer",   "winter",   "afterresume",
};

bool is_run(char a, char b) { return b == a || b == a + 1 || b == a - 1; }

// Characters that do not merely repeat or count on from the one before.
std::size_t unpredictable(std::string_view text) {
    if (text.empty()) return 0;
    std::size_t count = 1;
    for (std::size_t i = 1; i < text.size(); ++i) count += is_run(text[i - 1], text[i]) ? 0 : 1;
    return count;
}

void erase_all(std::string& text, std::string_view word) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
        text.erase(at, word.size());
}

}  // namespace

Me me_of(const Account& account, const tenants::TenantView& tenant, Role role) {
    Me me;
    me.id = account.id;
    me.email = account.email;
    me.display_name = account.display_name;
    me.time_zone = account.time_zone;
    me.locale = account.locale;
    me.email_verified = account.email_verified_at.has_value();
    me.is_staff = account.is_staff;
    me.tenant_id = tenant.id;
    me.tenant_name = tenant.name;
    me.role = role;
    return me;
}

Error wrong_credentials() {
    return Error(
        ErrorKind::unauthenticated, "accounts.wrong_credentials",
        "The address or the password is wrong."
    );
}

std::optional<std::string> weakness(const std::string& password, const std::string& email) {
    if (code_points(password) < shortest) return "must have at least 10 characters";
    if (password.size() > 1024) return "must have at most 1024 bytes";
    auto rest = fold_for_search(password);
    for (auto word : common_words) erase_all(rest, word);
    auto name = fold_for_search(email.substr(0, email.find('@')));
    if (name.size() >= 4) erase_all(rest, name);
    if (unpredictable(rest) < 6) return "is among the first that anyone would guess";
    return std::nullopt;
}

}  // namespace afterresume::accounts
