#include "features/accounts/api_staff.h"

#include "features/auditing/api.h"

namespace afterresume::accounts {

namespace {

// Secure on http://localhost, too, where browsers take it all the same.
std::string set_cookie(std::string_view value, std::string_view more = "") {
    return fmt::format(
        "{}={}; Path=/; Secure; HttpOnly; SameSite=Strict{}", staff_cookie, value, more
    );
}

}  // namespace

http::Routes StaffApi::routes() {
    using http::Transaction;
    return {
        post(
            "/system/auth/login/", "Sign an operator's page in, by a cookie", http::anybody,
            &StaffApi::log_in
        )
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie()
            .for_staff(),
        post(
            "/system/auth/mfa/", "Finish signing an operator's page in by a second factor",
            http::anybody, &StaffApi::log_in_by_code
        )
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie()
            .for_staff(),
        get("/system/auth/me/", "Who you are as an operator, and the CSRF token of your page",
            Permission::read, &StaffApi::me)
            .in(Transaction::none)
            .for_staff(),
        post("/system/auth/logout/", "End this session", Permission::read, &StaffApi::log_out)
            .in(Transaction::none)
            .for_staff(),
        post(
            "/system/accounts/reset-second-factor/",
            "Switch the second factor of somebody off who has lost it", Permission::write,
            &StaffApi::reset_second_factor
        )
            .in(Transaction::none)
            .only_in_person()
            .for_staff(),
    };
}

Task<http::WithCookie<StaffLoginAnswer>> StaffApi::log_in(http::Call& call, Login login) {
    auto step = co_await parts_.staff_sign_in.log_in(
        std::move(login), auditing::origin_of(call), call.correlation()
    );
    if (step.grant) co_return co_await let_in(call, std::move(*step.grant));
    http::WithCookie<StaffLoginAnswer> out;
    out.answer.mfa_required = true;
    out.answer.mfa_token = std::move(step.mfa_token);
    out.answer.expires_in = step.mfa_seconds;
    co_return out;
}

Task<http::WithCookie<StaffLoginAnswer>> StaffApi::log_in_by_code(
    http::Call& call, LoginCode login
) {
    auto grant = co_await parts_.staff_sign_in.log_in(
        std::move(login), auditing::origin_of(call), call.correlation()
    );
    co_return co_await let_in(call, std::move(grant));
}

Task<http::WithCookie<StaffLoginAnswer>> StaffApi::let_in(http::Call& call, StaffGrant grant) {
    co_await end_former(call);
    http::WithCookie<StaffLoginAnswer> out;
    out.cookie = set_cookie(grant.cookie);
    out.answer.expires_in = grant.seconds;
    out.answer.csrf_token = std::move(grant.body.csrf_token);
    out.answer.user = std::move(grant.body.user);
    co_return out;
}

// Whosever session the browser had: nobody has its cookie any more.
Task<void> StaffApi::end_former(http::Call& call) {
    auto former = std::string(call.request().cookie(staff_cookie));
    if (former.empty()) co_return;
    auto scope = co_await parts_.staff_sign_in.find(std::move(former), call.correlation());
    if (!scope) co_return;
    co_await parts_.sign_in.log_out(
        *scope, Id<Session>{scope->session()}, auditing::origin_of(call)
    );
}

Task<StaffSession> StaffApi::me(http::Call& call) {
    auto tx = call.database().begin(call.scope(), sql::Access::read);
    auto account = co_await parts_.accounts.find(*tx, call.scope().user());
    if (!account) throw Error::not_found("account");
    auto tenant = co_await parts_.tenants.get(*tx, call.scope());
    StaffSession out;
    out.user = me_of(*account, tenant, call.scope().role());
    out.csrf_token = parts_.staff_sign_in.csrf_token(call.scope());
    co_return out;
}

Task<http::NoContent> StaffApi::reset_second_factor(http::Call& call, ResetSecondFactor wanted) {
    co_await parts_.credentials.reset_second_factor(
        std::move(wanted.email), call.scope(), auditing::origin_of(call)
    );
    co_return http::NoContent{};
}

Task<http::WithCookie<http::NoContent>> StaffApi::log_out(http::Call& call) {
    co_await parts_.sign_in.log_out(
        call.scope(), Id<Session>{call.scope().session()}, auditing::origin_of(call)
    );
    co_return http::WithCookie{http::NoContent{}, set_cookie("", "; Max-Age=0")};
}

}  // namespace afterresume::accounts
