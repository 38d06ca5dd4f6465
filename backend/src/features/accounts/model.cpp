#include "features/accounts/model.h"

#include "features/accounts/schema.h"

namespace afterresume::accounts {

Me me_of(const Account& account, const tenants::TenantView& tenant, Role role) {
    Me me;
    me.id = account.id;
    me.email = account.email;
    me.display_name = account.display_name;
    me.headline = account.headline;
    me.time_zone = account.time_zone;
    me.locale = account.locale;
    me.week_start = account.week_start;
    me.email_verified = account.email_verified_at.has_value();
    me.is_staff = account.is_staff;
    me.may_operate = account.may_operate;
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

Error not_signed_in() {
    return Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "Sign in to do this.");
}

Error address_taken() {
    return Error(
        ErrorKind::conflict, "accounts.address_taken",
        "There is an account with this address already."
    );
}

}  // namespace afterresume::accounts
