#include "features/accounts/api.h"

#include "features/auditing/api.h"

namespace afterresume::accounts {

http::Routes Api::routes() {
    auto all = signing_up();
    for (auto& route : signing_in()) all.push_back(std::move(route));
    for (auto& route : belonging()) all.push_back(std::move(route));
    return all;
}

http::Routes Api::belonging() {
    using http::Transaction;
    return {
        post("/api/tenants/", "Make another tenant", Permission::read, &Api::create_tenant)
            .in(Transaction::late)
            .only_in_person(),
        // Whoever has the cookie may, as with a refresh, which it is.
        post(
            "/api/tenants/switch/", "Get an access token for another of your tenants",
            http::anybody, &Api::switch_tenant
        )
            .in(Transaction::none)
            .taking_or_giving_a_cookie(),
        post(
            "/api/invitations/accept/", "Join the tenant of an invitation", Permission::read,
            &Api::accept_invitation
        )
            .in(Transaction::late)
            .against_guessing()
            .only_in_person(),
    };
}

http::Routes Api::signing_up() {
    using http::Transaction;
    return {
        post("/api/auth/signup/", "Sign up, usually by invitation", http::anybody, &Api::sign_up)
            .or_answering<MailComesFirst>(
                "Open to all and with a mail server, whoever has the address: signup/confirm/ "
                "takes the code of the mail"
            )
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie(),
        post(
            "/api/auth/signup/confirm/",
            "Finish a sign-up that was answered 202, by the code of its mail and its password",
            http::anybody, &Api::confirm
        )
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie(),
    };
}

http::Routes Api::signing_in() {
    using http::Transaction;
    return {
        post("/api/auth/login/", "Sign in with address and password", http::anybody, &Api::log_in)
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie(),
        post(
            "/api/auth/mfa/", "Finish signing in by a second factor", http::anybody,
            &Api::log_in_by_code
        )
            .in(Transaction::none)
            .against_guessing()
            .taking_or_giving_a_cookie(),
        post(
            "/api/auth/token/refresh/", "Get a new access token by the refresh cookie",
            http::anybody, &Api::refresh
        )
            .in(Transaction::none)
            .taking_or_giving_a_cookie(),
        post("/api/auth/logout/", "End this session", Permission::read, &Api::log_out)
            .in(Transaction::none)
            .only_in_person(),
        get("/api/auth/me/", "Who you are here", Permission::read, &Api::me),
        patch(
            "/api/auth/me/", "Change your name, headline, time zone, language or start of the week",
            Permission::read, &Api::change_me
        )
            .only_in_person(),
        get("/api/auth/sessions/", "Where you are signed in, newest first", Permission::read,
            &Api::sessions)
            .only_in_person(),
        remove("/api/auth/sessions/{id}/", "Sign a device out", Permission::read, &Api::end_session)
            .in(Transaction::none)
            .only_in_person(),
    };
}

std::string Api::cookie(const std::string& value, std::int64_t seconds) const {
    return fmt::format(
        "{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie_name(), value, seconds,
        secure_ ? "; Secure" : ""
    );
}

std::string Api::cookie(const Grant& grant) const {
    return cookie(grant.refresh_token, lifetime_of(Door::everybody).count());
}

http::WithCookie<http::Created<SignedIn>> Api::settled(Grant grant) const {
    return {http::created(std::move(grant.body), "/api/auth/me/"), cookie(grant)};
}

Task<SignedUp> Api::sign_up(http::Call& call, SignUp wanted) {
    auto grant = co_await parts_.sign_in.sign_up(
        std::move(wanted), auditing::origin_of(call), call.correlation()
    );
    SignedUp out;
    if (grant) out.at_once = settled(std::move(*grant));
    co_return out;
}

Task<http::WithCookie<http::Created<SignedIn>>> Api::confirm(
    http::Call& call, ConfirmSignUp wanted
) {
    co_return settled(co_await parts_.sign_in.confirm(
        std::move(wanted), auditing::origin_of(call), call.correlation()
    ));
}

Task<http::WithCookie<LoginAnswer>> Api::log_in(http::Call& call, Login login) {
    auto step = co_await parts_.sign_in.log_in(
        std::move(login), auditing::origin_of(call), call.correlation()
    );
    http::WithCookie<LoginAnswer> out;
    if (step.grant) {
        out.cookie = cookie(*step.grant);
        auto& body = step.grant->body;
        out.answer.access_token = std::move(body.access_token);
        out.answer.token_type = std::move(body.token_type);
        out.answer.expires_in = body.expires_in;
        out.answer.user = std::move(body.user);
    } else {
        out.answer.mfa_required = true;
        out.answer.mfa_token = std::move(step.mfa_token);
        out.answer.expires_in = step.mfa_seconds;
    }
    co_return out;
}

Task<http::WithCookie<SignedIn>> Api::log_in_by_code(http::Call& call, LoginCode login) {
    auto grant = co_await parts_.sign_in.log_in(
        std::move(login), auditing::origin_of(call), call.correlation()
    );
    co_return http::WithCookie{std::move(grant.body), cookie(grant)};
}

Task<http::WithCookie<SignedIn>> Api::grant_for(http::Call& call, std::optional<TenantId> tenant) {
    auto token = call.request().cookie(cookie_name());
    auto grant = co_await parts_.sign_in.refresh(
        std::string(token), tenant, auditing::origin_of(call), call.correlation()
    );
    co_return http::WithCookie{std::move(grant.body), cookie(grant)};
}

Task<http::WithCookie<SignedIn>> Api::refresh(http::Call& call, Refresh wanted) {
    co_return co_await grant_for(call, wanted.tenant_id);
}

Task<http::WithCookie<SignedIn>> Api::switch_tenant(http::Call& call, SwitchTenant wanted) {
    co_return co_await grant_for(call, wanted.tenant_id);
}

Task<http::Created<tenants::OwnTenant>> Api::create_tenant(http::Call& call, CreateTenant wanted) {
    auto inside = co_await parts_.sign_in.in_new_tenant(call.scope());
    co_await call.begin(inside);
    auto tenant = co_await parts_.sign_in.create_tenant(
        call.tx(), inside, std::move(wanted.name), auditing::origin_of(call)
    );
    co_return http::created(std::move(tenant), "/api/tenant/");
}

Task<tenants::OwnTenant> Api::accept_invitation(http::Call& call, AcceptInvitation wanted) {
    auto invited = co_await parts_.sign_in.find_invited(call.scope(), std::move(wanted.code));
    co_await call.begin(invited.inside);
    co_return co_await parts_.sign_in.accept_invitation(
        call.tx(), invited, auditing::origin_of(call)
    );
}

Task<http::WithCookie<http::NoContent>> Api::log_out(http::Call& call) {
    co_await parts_.sign_in.log_out(
        call.scope(), Id<Session>{call.scope().session()}, auditing::origin_of(call)
    );
    co_return http::WithCookie{http::NoContent{}, cookie("", 0)};
}

Task<http::Versioned<Me>> Api::present(sql::Tx& tx, Scope scope) {
    auto account = co_await parts_.accounts.find(tx, scope.user());
    if (!account) throw Error::not_found("account");
    auto tenant = co_await parts_.tenants.get(tx, scope);
    co_return http::Versioned<Me>{me_of(*account, tenant, scope.role()), account->version};
}

Task<http::Versioned<Me>> Api::me(http::Call& call) {
    co_return co_await present(call.tx(), call.scope());
}

Task<http::Versioned<Me>> Api::change_me(http::Call& call, ChangeMe change) {
    auto match = call.match();
    auto account = co_await parts_.accounts.find_for_change(call.tx(), call.scope().user());
    if (!account) throw Error::not_found("account");
    match.require(account->version);
    change.display_name.apply_to(account->display_name);
    change.headline.apply_to(account->headline);
    change.time_zone.apply_to(account->time_zone);
    change.locale.apply_to(account->locale);
    change.week_start.apply_to(account->week_start);
    account->version += 1;
    co_await parts_.accounts.update(call.tx(), *account, parts_.clock.now());
    co_return co_await present(call.tx(), call.scope());
}

Task<SessionPage> Api::sessions(http::Call& call, ListMore query) {
    auto rows = co_await parts_.accounts.open_sessions(
        call.tx(), call.scope(), parts_.clock.now(), query.cursor.value_or(INT64_MAX),
        query.page_size + 1
    );
    auto open = cut_by_id(std::move(rows), query.page_size);
    SessionPage out{{}, std::move(open.next_cursor)};
    for (auto& one : open.items) {
        out.items.push_back(
            {one.id, one.user_agent, one.address, one.created_at, one.last_used_at,
             one.id.value == call.scope().session(), one.version}
        );
    }
    co_return out;
}

Task<http::NoContent> Api::end_session(http::Call& call, Id<Session> id) {
    co_await parts_.sign_in.log_out(call.scope(), id, auditing::origin_of(call), call.match());
    co_return http::NoContent{};
}

}  // namespace afterresume::accounts
